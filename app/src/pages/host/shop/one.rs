//! One order: what is in it, whose it is, and what is to be done next.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::Dong;
use engine::clock::local_date;
use engine::coop::{self, MemberRole};
use engine::craft::delivery::{self, Carrier, Parcel, TrackData, TrackInput};
use engine::ledger::Method;
use engine::payment::{SumData, SumInput};
use engine::privacy::What;
use engine::shop::{self, Back, Deed, Handle, Line, Order, OrderState, OrderWay};
use leptos::prelude::*;

use super::{Section, money_typed, subnav};
use crate::api::form::{Form, Problems, fresh_key};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Desk, Tab, at, frame, see};
use crate::pages::host::views;
use crate::render::Page;
use crate::t::parcel as tp;
use crate::t::payment as tpay;
use crate::t::shop as t;
use crate::ui::field::{ErrorSummary, FormKey, Hidden, Radios, Select, TextArea, TextField};
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::notice::{Notice, Tone};
use crate::ui::parcel as ui_parcel;
use crate::ui::shop as ui;

type At = Path<(String, String, String)>;

pub(super) struct Shown {
    pub desk: Desk,
    pub order: Order,
    pub lines: Vec<Line>,
    pub parcel: Option<Parcel>,
    pub held: Dong,
    /// Answers for the money: owners, or the co-op's managers.
    pub answers: bool,
    pub today: chrono::NaiveDate,
}

impl Shown {
    pub(super) async fn open(
        app: &App,
        visit: &Visit,
        slug: &str,
        code: &str,
    ) -> Result<Shown, PageError> {
        let desk = Desk::open(app, visit, slug).await?;
        let mut conn = app.store.read().await?;
        let order = shop::by_code(&mut conn, code).await?.ok_or(PageError::NotFound)?;
        shop::must_handle(&mut conn, &visit.actor, &order).await.map_err(ui::refused)?;
        // A manager finds the co-op's orders at the desk of any member's that is theirs.
        let standing = match order.coop_id {
            Some(coop) => {
                let ours = coop::of_workshop(&mut conn, desk.id()).await?;
                let ours = ours.is_some_and(|ours| ours.id == coop);
                if !ours && order.workshop_id != desk.id() {
                    return Err(PageError::NotFound);
                }
                coop::standing(&mut conn, &visit.actor, coop).await?
            }
            None if order.workshop_id != desk.id() => return Err(PageError::NotFound),
            None => None,
        };
        let lines = shop::lines(&mut conn, order.id).await?;
        let held = shop::paid_for(&mut conn, order.id).await?;
        let parcel = match order.parcel_id {
            Some(parcel) => delivery::parcel(&mut conn, parcel).await?,
            None => None,
        };
        let answers = match order.coop_id {
            Some(_) => standing == Some(MemberRole::Manager),
            None => desk.owner,
        };
        let today = local_date(app.store.now());
        Ok(Shown { desk, order, lines, parcel, held, answers, today })
    }

    fn at(&self, visit: &Visit) -> Result<String, PageError> {
        Ok(at(visit, self.desk.workshop()?, &format!("/orders/{}", self.order.code)))
    }
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, code)): At,
) -> Result<Response, PageError> {
    let shown = Shown::open(&app, &visit, &slug, &code).await?;
    views::note(&app, &visit, shown.desk.id(), What::Order, code).await?;
    answer(&visit, shown, Form::default(), Problems::default())
}

pub async fn act(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, code)): At,
    form: Form,
) -> Result<Response, PageError> {
    let shown = Shown::open(&app, &visit, &slug, &code).await?;
    let text = |name: &str| form.text(name).to_owned();
    let (actor, order, store) = (visit.actor.clone(), shown.order.id, &app.store);
    let deed = match form.text("act") {
        "pack" => Ok(Deed::Pack),
        "unpack" => Ok(Deed::Unpack),
        "arrive" => Ok(Deed::Arrive),
        "hand_over" => Ok(Deed::HandOver(Method::by_hand(form.text("method")))),
        "cancel" => Ok(Deed::Cancel(text("reason"))),
        "return" => Ok(Deed::Return),
        "refuse" => Ok(Deed::Refuse(text("reply"))),
        "post" => {
            let input = TrackInput { carrier: text("carrier"), tracking: text("tracking") };
            TrackData::parse(&input).map(Deed::Post)
        }
        "pay_back" => {
            let input = SumInput {
                amount: text("amount"),
                date: text("date"),
                method: text("method"),
                note: String::new(),
            };
            let done = match SumData::parse(&input, shown.today, false) {
                Ok(sum) => {
                    let back = Back { actor, order, sum, form_key: form.key() };
                    store.write("pay back", back, |tx, c| Box::pin(shop::pay_back(tx, c))).await
                }
                Err(error) => Err(error.into()),
            };
            return finish(&visit, shown, form, done);
        }
        _ => return Err(PageError::NotFound),
    };
    let done = match deed {
        Ok(deed) => {
            let command = Handle { actor, order, deed };
            store.write("handle order", command, |tx, c| Box::pin(shop::handle(tx, c))).await
        }
        Err(error) => Err(error.into()),
    };
    finish(&visit, shown, form, done)
}

fn finish(
    visit: &Visit,
    shown: Shown,
    form: Form,
    done: Result<(), shop::ShopError>,
) -> Result<Response, PageError> {
    match done {
        Ok(()) => Ok(see(&format!("{}?done=1", shown.at(visit)?))),
        Err(error) => {
            let wrong = ui::problems(visit.locale, error)?;
            answer(visit, shown, form, wrong)
        }
    }
}

fn answer(visit: &Visit, shown: Shown, form: Form, wrong: Problems) -> Result<Response, PageError> {
    let locale = visit.locale;
    let shop = shown.desk.workshop()?.clone();
    let page = shown.at(visit)?;
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let title = t::order_of(locale, &shown.order.code);
    let inner = visit.clone();
    Ok(Page::new(Head::host(title.clone())).status(status).render(visit, move || {
        let visit = &inner;
        let order = &shown.order;
        let done = Form::of_query(&visit.query).has("done") && wrong.is_empty();
        let news = done.then(|| view! { <Notice tone=Tone::Good title=t::saved(locale)/> });
        let back = vec![(at(visit, &shop, "/orders"), t::host_orders(locale).to_owned())];
        let body = view! {
            {breadcrumb(locale, back)}
            <header class="host-head"><div><h1>{title}</h1><p>{ui::badge(locale, order)}</p></div></header>
            {subnav(visit, &shown.desk, Section::Orders)}
            {news}
            <ErrorSummary locale problems=wrong.clone()/>
            <div class="split">
                <div class="stack">
                    <section class="panel stack-s" aria-labelledby="what">
                        <h2 class="panel-title" id="what">{t::pieces(locale)}</h2>
                        {ui::lines(locale, order, &shown.lines)}
                        {stands(visit, &shown)}
                    </section>
                    {buyer(visit, &shown)}
                    <p><a class="btn" href=format!("{page}/slip")>{icon("print")}{t::slip(locale)}</a></p>
                </div>
                <div class="stack">
                    {next(visit, &shown, &page, &form, &wrong)}
                    {pay_back(visit, &shown, &page, &form, &wrong)}
                    {call_off(visit, &shown, &page, &form, &wrong)}
                </div>
            </div>
        };
        frame(visit, Some(&shop), Tab::More, body)
    }))
}

/// Of a co-op's shelf: whose each piece is, and where it stands.
fn stands(visit: &Visit, shown: &Shown) -> Option<impl IntoView + use<>> {
    let locale = visit.locale;
    shown.order.coop_id?;
    let name = |id| shown.desk.catalogue.workshop(id).map(|it| it.name.clone()).unwrap_or_default();
    let items: Vec<_> = shown
        .lines
        .iter()
        .map(|line| {
            let (maker, place) = (name(line.workshop_id), name(line.place_id));
            let words = format::labelled(
                locale,
                line.title.text(locale),
                t::whose_where(locale, maker, place),
            );
            view! { <li>{words}</li> }
        })
        .collect();
    Some(view! { <ul class="small">{items}</ul> })
}

fn buyer(visit: &Visit, shown: &Shown) -> impl IntoView + use<> {
    let locale = visit.locale;
    let order = &shown.order;
    let pairs = |name: &'static str, value: String| {
        (!value.is_empty()).then(|| view! { <div><dt>{name}</dt><dd>{value}</dd></div> })
    };
    let phone = if order.phone.is_empty() { String::new() } else { format::phone(&order.phone) };
    let to = shown.parcel.as_ref().and_then(ui_parcel::written).map(|to| {
        view! { <div><dt>{tp::to(locale)}</dt><dd>{to}</dd></div> }
    });
    let due =
        order.due_at.filter(|_| order.state.keeps()).map(|due| format::date_time(locale, due));
    view! {
        <section class="panel" aria-labelledby="buyer">
            <h2 class="panel-title" id="buyer">{t::buyer(locale)}</h2>
            <dl class="pairs">
                {pairs(t::name(locale), order.name.clone())}
                {pairs(t::email(locale), order.email.clone())}
                {pairs(tp::phone(locale), phone)}
                {to}
                {pairs(t::note(locale), order.note.clone())}
                {pairs(t::paid(locale), shown.held.display(locale))}
                {pairs(t::kept_until_label(locale), due.unwrap_or_default())}
                {pairs(t::reason(locale), order.reason.clone())}
            </dl>
        </section>
    }
}

/// What is to be done next.
fn next(
    visit: &Visit,
    shown: &Shown,
    page: &str,
    form: &Form,
    wrong: &Problems,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let order = &shown.order;
    let button = |act: &'static str, class: &'static str, words: &'static str| {
        view! {
            <form method="post" action=page.to_owned()>
                <Hidden name="act" value=act/>
                <button class=class>{words}</button>
            </form>
        }
    };
    let open = order.open(shown.held);
    let hand_over = || {
        let methods: Vec<(String, String)> = [Method::Cash, Method::Transfer]
            .iter()
            .map(|method| {
                let words = match method {
                    Method::Cash => t::in_cash(locale),
                    _ => t::by_transfer(locale),
                };
                (method.word().to_owned(), words.to_owned())
            })
            .collect();
        let takes = (open > Dong::ZERO).then(|| {
            view! {
                <p>{t::takes(locale, open.display(locale))}</p>
                <Radios name="method" label=t::method(locale) options=methods
                    value=form.text("method").to_owned() error=wrong.of("method")/>
            }
        });
        view! {
            <form class="form" method="post" action=page.to_owned() novalidate>
                <Hidden name="act" value="hand_over"/>
                {takes}
                <div><button class="btn btn-primary">{t::hand_over(locale)}</button></div>
            </form>
        }
    };
    let step = match (order.state, order.way) {
        (OrderState::Awaiting, _) => view! { <p>{t::waits_money(locale)}</p> }.into_any(),
        (OrderState::Open, OrderWay::Post) => {
            button("pack", "btn btn-primary", t::packed(locale)).into_any()
        }
        (OrderState::Open, OrderWay::Collect) => view! {
            {button("pack", "btn", t::ready(locale))}
            {hand_over()}
        }
        .into_any(),
        (OrderState::Packed, OrderWay::Collect) => view! {
            {hand_over()}
            {button("unpack", "btn btn-quiet", t::unpack(locale))}
        }
        .into_any(),
        (OrderState::Packed, OrderWay::Post) => {
            let mut carriers = vec![(String::new(), tp::choose(locale).to_owned())];
            carriers.extend(
                Carrier::ALL
                    .iter()
                    .map(|it| (it.to_string(), ui_parcel::carrier(locale, *it).to_owned())),
            );
            view! {
                <form class="form" method="post" action=page.to_owned() novalidate>
                    <Hidden name="act" value="post"/>
                    <Select locale name="carrier" label=tp::carrier(locale) options=carriers
                        value=form.text("carrier").to_owned() error=wrong.of("carrier")/>
                    <TextField locale name="tracking" label=tp::tracking(locale)
                        value=form.text("tracking").to_owned() error=wrong.of("tracking")/>
                    <div><button class="btn btn-primary">{tp::post_go(locale)}</button></div>
                </form>
                {button("unpack", "btn btn-quiet", t::unpack(locale))}
            }
            .into_any()
        }
        (OrderState::Posted, _) => button("arrive", "btn", tp::arrive(locale)).into_any(),
        (OrderState::Withdrawn, _) if shown.answers => view! {
            <p>{t::withdrawn_lead(locale)}</p>
            {button("return", "btn btn-primary", t::came_back(locale))}
            <form class="form" method="post" action=page.to_owned() novalidate>
                <Hidden name="act" value="refuse"/>
                <TextArea locale name="reply" label=t::refuse_why(locale) rows=3 maxlength=500
                    value=form.text("reply").to_owned() error=wrong.of("reply")/>
                <div><button class="btn">{t::refuse(locale)}</button></div>
            </form>
        }
        .into_any(),
        (OrderState::Withdrawn, _) => view! { <p>{t::withdrawn_wait(locale)}</p> }.into_any(),
        _ => view! { <p class="soft">{t::nothing_to_do(locale)}</p> }.into_any(),
    };
    view! {
        <section class="panel stack" aria-labelledby="next-title">
            <h2 class="panel-title" id="next-title">{t::next(locale)}</h2>
            {step}
        </section>
    }
}

fn pay_back(
    visit: &Visit,
    shown: &Shown,
    page: &str,
    form: &Form,
    wrong: &Problems,
) -> Option<impl IntoView + use<>> {
    let locale = visit.locale;
    let due = shown.order.due_back(shown.held);
    if due == Dong::ZERO || !shown.answers {
        return None;
    }
    let mine = form.text("act") == "pay_back";
    let value = |name: &str, usual: String| {
        if mine { form.text(name).to_owned() } else { usual }
    };
    let order = &shown.order;
    let bank = order.refund_bank.parse::<engine::payment::BankBin>().ok();
    let bank = bank.as_ref().map(|bank| bank.name().to_owned()).unwrap_or_default();
    let to = if order.refund_number.is_empty() {
        tpay::refund_to_none(locale).to_owned()
    } else {
        format!("{bank} · {} · {}", order.refund_number, order.refund_holder)
    };
    let methods = vec![
        (Method::Transfer.word().to_owned(), t::by_transfer(locale).to_owned()),
        (Method::Cash.word().to_owned(), t::in_cash(locale).to_owned()),
    ];
    let amount = value("amount", money_typed(locale, due));
    let on = value("date", shown.today.to_string());
    let key = if mine { form.key() } else { fresh_key() };
    Some(view! {
        <form class="form panel" method="post" action=page.to_owned() novalidate>
            <h2 class="panel-title">{t::to_pay_back(locale, due.display(locale))}</h2>
            <p class="soft">{to}</p>
            <FormKey key=key/>
            <Hidden name="act" value="pay_back"/>
            <Radios name="method" label=t::method(locale) options=methods
                value=value("method", "transfer".to_owned()) error=wrong.of("method")/>
            <div class="field-row">
                <TextField locale name="amount" label=tpay::amount(locale) inputmode="numeric" short=true
                    value=amount error=wrong.of("amount")/>
                <TextField locale name="date" label=tpay::refund_date(locale) kind="date"
                    value=on error=wrong.of("date") max=shown.today.to_string()/>
            </div>
            <div><button class="btn btn-primary">{tpay::refund_made(locale)}</button></div>
        </form>
    })
}

/// It can't be delivered.
fn call_off(
    visit: &Visit,
    shown: &Shown,
    page: &str,
    form: &Form,
    wrong: &Problems,
) -> Option<impl IntoView + use<>> {
    let locale = visit.locale;
    if !shown.order.state.keeps() {
        return None;
    }
    let error = wrong.of("reason");
    let open = !error.is_empty();
    Some(view! {
        <details class="fold" open=open>
            <summary>{t::call_off(locale)}</summary>
            <form class="form fold-body" method="post" action=page.to_owned() novalidate>
                <Hidden name="act" value="cancel"/>
                <TextArea locale name="reason" label=t::call_off_why(locale) rows=2 maxlength=500
                    value=form.text("reason").to_owned() error=error/>
                <div><button class="btn btn-danger">{t::call_off(locale)}</button></div>
            </form>
        </details>
    })
}
