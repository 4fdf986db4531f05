//! An order by its secret link: where it is, calling it off, giving it back, where money goes back to.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::catalogue::Workshop;
use engine::clock::local_date;
use engine::craft::delivery::{self, Parcel};
use engine::payment::{AccountInput, MoveKind};
use engine::shop::{
    self, Line, Order, OrderMove, OrderState, OrderWay, PayByCard, Pays, SayRefundAccount, Withdraw,
};
use engine::{Dong, ShopOrderId};
use leptos::prelude::*;

use crate::api::form::{Form, Problems, fresh_key};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::visitor::booking::{private, see};
use crate::render::Page;
use crate::t::gift as tg;
use crate::t::parcel as tp;
use crate::t::payment as tpay;
use crate::t::shop as t;
use crate::ui::field::{ErrorSummary, FormKey, Hidden, Select, TextArea, TextField};
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::money::{self as ui_money, bank_choices};
use crate::ui::notice::{Notice, Tone};
use crate::ui::parcel as ui_parcel;
use crate::ui::shop::{self as ui, CARD};
use crate::ui::summary::moment;

/// The three parts of an order's link: language, id, secret.
pub type Link = Path<(String, String, String)>;

/// What its pages show.
pub(super) struct Shown {
    pub order: Order,
    pub lines: Vec<Line>,
    pub moves: Vec<OrderMove>,
    pub held: Dong,
    pub parcel: Option<Parcel>,
    pub house: Workshop,
}

/// Opens an order; a wrong secret is answered as if there were no such order.
pub(super) async fn open(app: &App, link: &Link) -> Result<Shown, PageError> {
    let Path((_, id, secret)) = link;
    let id: ShopOrderId = id.parse().map_err(|_| PageError::NotFound)?;
    let catalogue = app.catalogue().await?;
    let mut conn = app.store.read().await?;
    let order = shop::by_secret(&mut conn, id, secret).await?.ok_or(PageError::NotFound)?;
    let house = catalogue.workshop(order.workshop_id).ok_or(PageError::NotFound)?.clone();
    let lines = shop::lines(&mut conn, id).await?;
    let moves = shop::moves_of(&mut conn, id).await?;
    let held = shop::paid_for(&mut conn, id).await?;
    let parcel = match order.parcel_id {
        Some(parcel) => delivery::parcel(&mut conn, parcel).await?,
        None => None,
    };
    Ok(Shown { order, lines, moves, held, parcel, house })
}

pub async fn page(State(app): State<App>, visit: Visit, link: Link) -> Result<Response, PageError> {
    let shown = open(&app, &link).await?;
    Ok(answer(&app, &visit, shown, Form::default(), Problems::default()))
}

pub async fn act(
    State(app): State<App>,
    visit: Visit,
    link: Link,
    form: Form,
) -> Result<Response, PageError> {
    let shown = open(&app, &link).await?;
    let id = shown.order.id;
    let text = |name: &str| form.text(name).to_owned();
    let store = &app.store;
    let act = form.text("act");
    let done = match act {
        "cancel" => {
            let command = (id, text("reason"));
            store.write("cancel order", command, |tx, c| Box::pin(shop::cancel(tx, c))).await
        }
        "withdraw" => {
            let command = Withdraw { order: id, reason: text("reason") };
            store.write("withdraw order", command, |tx, c| Box::pin(shop::withdraw(tx, c))).await
        }
        "account" => {
            let input =
                AccountInput { bank: text("bank"), number: text("number"), holder: text("holder") };
            let say = SayRefundAccount { order: id, input };
            store
                .write("refund account", say, |tx, c| Box::pin(shop::say_refund_account(tx, c)))
                .await
        }
        _ => return Err(PageError::NotFound),
    };
    match done {
        Ok(()) => Ok(see(&ui::address(&visit, &shown.order, &format!("?done={act}")))),
        Err(error) => {
            let wrong = ui::problems(visit.locale, error)?;
            Ok(answer(&app, &visit, shown, form, wrong))
        }
    }
}

/// A gift card pays what is open. Its address is its own, because whoever guesses at cards is rationed.
pub async fn card(
    State(app): State<App>,
    visit: Visit,
    link: Link,
    form: Form,
) -> Result<Response, PageError> {
    let shown = open(&app, &link).await?;
    let Ok(code) = form.text(CARD).trim().parse() else {
        let mut wrong = Problems::default();
        wrong.add(CARD, tg::wrong_code(visit.locale));
        return Ok(answer(&app, &visit, shown, form, wrong));
    };
    let pay = PayByCard { order: shown.order.id, code, form_key: form.key() };
    match app.store.write("card for order", pay, |tx, c| Box::pin(shop::pay_by_card(tx, c))).await {
        Ok(_) => Ok(see(&ui::address(&visit, &shown.order, "?done=card"))),
        Err(error) => {
            let wrong = ui::problems(visit.locale, error)?;
            Ok(answer(&app, &visit, shown, form, wrong))
        }
    }
}

fn answer(app: &App, visit: &Visit, shown: Shown, form: Form, wrong: Problems) -> Response {
    let locale = visit.locale;
    let now = app.store.now();
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let title = t::order_of(locale, &shown.order.code);
    let inner = visit.clone();
    let page = Page::new(Head::private(title.clone())).status(status);
    private(page.render(visit, move || {
        let visit = &inner;
        let order = &shown.order;
        let news = match Form::of_query(&visit.query).text("done") {
            "placed" => Some(t::news_placed(locale)),
            "cancel" => Some(t::news_cancelled(locale)),
            "withdraw" => Some(t::news_withdrawn(locale)),
            "account" => Some(t::news_account(locale)),
            "card" => Some(t::news_card(locale)),
            _ => None,
        }
        .map(|words| view! { <Notice tone=Tone::Good title=words/> });
        let open = order.open(shown.held);
        let waits = (order.state == OrderState::Awaiting && open > Dong::ZERO).then(|| {
            let href = ui::address(visit, order, "/pay");
            view! { <p><a class="btn btn-primary" href=href>{icon("money")}{t::pay_now(locale, open.display(locale))}</a></p> }
        });
        let until = order.due_at.filter(|_| order.state.keeps()).map(|due| {
            view! { <p>{t::kept_until(locale, moment(locale, due))}</p> }
        });
        let counter = (order.pays == Pays::Counter && open > Dong::ZERO && order.state.keeps())
            .then(|| view! { <p>{t::pay_there(locale, open.display(locale))}</p> });
        let reply = (!order.reply.is_empty()).then(|| {
            let words = order.reply.clone();
            view! { <Notice tone=Tone::Info title=t::reply(locale)><p>{words}</p></Notice> }
        });
        let phone = shown.house.phone.clone();
        view! {
            <div class="wrap-narrow stack-l section-tight">
                <header class="page-head stack-s">
                    <p class="kicker">{shown.house.name.clone()}</p>
                    <h1>{title}</h1>
                    <p>{ui::badge(locale, order)}</p>
                </header>
                {news}
                <ErrorSummary locale problems=wrong.clone()/>
                {reply} {waits} {until} {counter}
                <section class="panel stack-s" aria-labelledby="what">
                    <h2 class="panel-title" id="what">{t::pieces(locale)}</h2>
                    {ui::lines(locale, order, &shown.lines)}
                </section>
                {way(visit, &shown)}
                {money(visit, &shown)}
                {gift_card(visit, &shown, &form, &wrong)}
                {account(visit, &shown, &form, &wrong)}
                {leave(visit, &shown, &form, &wrong, now)}
                <p class="small soft">
                    {t::help(locale)} " " <a href=format!("tel:{phone}")>{format::phone(&phone)}</a>
                </p>
            </div>
        }
    }))
}

/// Where it is collected, or how far the post is.
fn way(visit: &Visit, shown: &Shown) -> impl IntoView + use<> {
    let locale = visit.locale;
    let rows = if let (OrderWay::Post, Some(parcel)) = (shown.order.way, &shown.parcel) {
        let to = ui_parcel::written(parcel).map(|to| {
            view! { <div><dt>{tp::to(locale)}</dt><dd>{to}</dd></div> }
        });
        let tracking = parcel.carrier.map(|carrier| {
                let number = parcel.tracking.clone();
                let number = match parcel.track_url() {
                    Some(url) => view! { <a href=url rel="external noopener">{number}{icon("external")}</a> }.into_any(),
                    None => view! { {number} }.into_any(),
                };
                view! { <div><dt>{tp::tracking(locale)}</dt><dd>{ui_parcel::carrier(locale, carrier)} " " {number}</dd></div> }
            });
        view! { {to} {tracking} }.into_any()
    } else {
        let place = crate::ui::prose::own(&shown.house.address, locale);
        let name = shown.house.name.clone();
        view! { <div><dt>{t::collect_at(locale)}</dt><dd>{name} <br/> {place}</dd></div> }
            .into_any()
    };
    view! {
        <section class="panel" aria-labelledby="way-title">
            <h2 class="panel-title" id="way-title">{tp::way(locale)}</h2>
            <dl class="pairs">{rows}</dl>
        </section>
    }
}

/// What was paid and what went back.
fn money(visit: &Visit, shown: &Shown) -> Option<AnyView> {
    let locale = visit.locale;
    let items: Vec<_> = shown
        .moves
        .iter()
        .map(|one| {
            let amount = one.amount.display(locale);
            let words = match one.kind {
                MoveKind::Received => t::was_paid(locale, amount),
                MoveKind::Refunded => t::went_back(locale, amount),
            };
            (one.on_date, words)
        })
        .collect();
    ui_money::log(locale, "panel stack-s", ("money-title", t::money(locale)), items)
}

pub(super) fn gift_card(
    visit: &Visit,
    shown: &Shown,
    form: &Form,
    wrong: &Problems,
) -> Option<impl IntoView + use<>> {
    let locale = visit.locale;
    let order = &shown.order;
    // Cards are honoured by the workshop that sold them.
    if !order.state.keeps() || order.coop_id.is_some() || order.open(shown.held) == Dong::ZERO {
        return None;
    }
    let action = ui::address(visit, order, "/gift-card");
    let error = wrong.of(CARD);
    let open = !error.is_empty();
    Some(view! {
        <details class="fold" open=open>
            <summary>{tg::have_one(locale)}</summary>
            <form class="form fold-body" method="post" action=action novalidate>
                <FormKey key=fresh_key()/>
                <TextField locale name=CARD label=tg::code(locale) hint=tg::code_hint(locale)
                    autocomplete="off" maxlength=40 value=form.text(CARD).to_owned() error=error/>
                <div><button class="btn" type="submit">{tg::pay_with(locale)}</button></div>
            </form>
        </details>
    })
}

/// Where money goes back to, as long as some does.
fn account(
    visit: &Visit,
    shown: &Shown,
    form: &Form,
    wrong: &Problems,
) -> Option<impl IntoView + use<>> {
    let locale = visit.locale;
    let order = &shown.order;
    let due = order.due_back(shown.held);
    if due == Dong::ZERO && order.state != OrderState::Withdrawn {
        return None;
    }
    let mine = form.text("act") == "account";
    let value = |name: &str, known: &str| {
        if mine { form.text(name).to_owned() } else { known.to_owned() }
    };
    let lead = if due > Dong::ZERO {
        t::due_back(locale, due.display(locale))
    } else {
        t::account_lead(locale).to_owned()
    };
    let page = ui::address(visit, order, "");
    Some(view! {
        <form class="form panel" method="post" action=page novalidate>
            <h2 class="panel-title">{t::money_back(locale)}</h2>
            <p>{lead}</p>
            <Hidden name="act" value="account"/>
            <Select locale name="bank" label=tpay::bank(locale) options=bank_choices(locale)
                value=value("bank", &order.refund_bank) error=wrong.of("bank")/>
            <TextField locale name="number" label=tpay::number(locale) inputmode="numeric"
                value=value("number", &order.refund_number) error=wrong.of("number")/>
            <TextField locale name="holder" label=tpay::holder(locale)
                value=value("holder", &order.refund_holder) error=wrong.of("holder")/>
            <div><button class="btn">{t::save(locale)}</button></div>
        </form>
    })
}

/// Calling it off, or giving it back.
fn leave(
    visit: &Visit,
    shown: &Shown,
    form: &Form,
    wrong: &Problems,
    now: chrono::DateTime<chrono::Utc>,
) -> Option<AnyView> {
    let locale = visit.locale;
    let order = &shown.order;
    let page = ui::address(visit, order, "");
    let reason = form.text("reason").to_owned();
    let error = wrong.of("reason");
    let open = !error.is_empty();
    if order.may_cancel() {
        return Some(
            view! {
                <details class="fold">
                    <summary>{t::cancel(locale)}</summary>
                    <form class="form fold-body" method="post" action=page>
                        <p>{t::cancel_lead(locale)}</p>
                        <Hidden name="act" value="cancel"/>
                        <TextArea locale name="reason" label=t::reason(locale) rows=2 maxlength=500
                            optional=true value=reason error=error/>
                        <div><button class="btn btn-danger">{t::cancel_go(locale)}</button></div>
                    </form>
                </details>
            }
            .into_any(),
        );
    }
    let until = order.may_withdraw_until().filter(|until| *until >= now)?;
    let day = format::date(locale, local_date(until));
    Some(
        view! {
            <details class="fold" open=open>
                <summary>{t::withdraw(locale)}</summary>
                <form class="form fold-body" method="post" action=page novalidate>
                    <p>{t::withdraw_lead(locale, day)}</p>
                    <Hidden name="act" value="withdraw"/>
                    <TextArea locale name="reason" label=t::withdraw_reason(locale) rows=3 maxlength=500
                        value=reason error=error/>
                    <div><button class="btn">{t::withdraw_go(locale)}</button></div>
                </form>
            </details>
        }
        .into_any(),
    )
}
