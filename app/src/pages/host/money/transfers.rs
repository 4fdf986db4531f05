//! Incoming money: what waits for a person, with a likely booking and one tap to settle it; what was
//! settled.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::payment::{
    Assign, BankAccount, Finding, Ignore, Likely, PaymentError, Reconciliation, Row, SendBack,
    TransferState, Whose, assign, ignore, reconciliation, send_back, watched,
};
use engine::privacy::What;
use engine::{Locale, TransferId};
use leptos::prelude::*;

use super::{Books, Section, import, subnav};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Tab, frame, see};
use crate::pages::host::views;
use crate::render::Page;
use crate::t::payment as t;
use crate::ui::field::{ErrorSummary, Hidden};
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::money::{problems, refused};
use crate::ui::notice::{Notice, Tone};

type At = Path<(String, String)>;

/// What the page shows.
pub(super) struct Shown {
    pub books: Books,
    lists: Reconciliation,
    pub accounts: Vec<BankAccount>,
}

impl Shown {
    pub async fn load(app: &App, visit: &Visit, slug: &str) -> Result<Shown, PageError> {
        let books = Books::open(app, visit, slug).await?;
        let mut conn = app.store.read().await?;
        let shop = books.shop.id;
        let lists = reconciliation(&mut conn, &visit.actor, shop).await.map_err(refused)?;
        let accounts = watched(&mut conn, &visit.actor, shop).await.map_err(refused)?;
        Ok(Shown { books, lists, accounts })
    }
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let shown = Shown::load(&app, &visit, &slug).await?;
    views::note(&app, &visit, shown.books.shop.id, What::Export, "transfers").await?;
    Ok(answer(&visit, shown, Form::default(), Problems::default()))
}

pub async fn act(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
    form: Form,
) -> Result<Response, PageError> {
    let shown = Shown::load(&app, &visit, &slug).await?;
    let (actor, store) = (visit.actor.clone(), &app.store);
    let catalogue = app.catalogue().await?;
    let transfer = form.text("transfer").parse::<TransferId>();
    let transfer = transfer.map_err(|_| PageError::NotFound);
    let text = |name: &str| form.text(name).to_owned();
    let done: Result<&str, PaymentError> = match form.text("act") {
        "assign" => {
            let assign_it = Assign { catalogue, actor, transfer: transfer?, code: text("code") };
            let done = store.write("assign", assign_it, |tx, c| Box::pin(assign(tx, c))).await;
            done.map(|_| "assigned")
        }
        "returned" => {
            let back =
                SendBack { actor, transfer: transfer?, date: text("date"), note: text("note") };
            let done = store.write("send back", back, |tx, c| Box::pin(send_back(tx, c))).await;
            done.map(|()| "returned")
        }
        "ignore" => {
            let seen = Ignore { actor, transfer: transfer?, reason: text("note") };
            let done = store.write("ignore", seen, |tx, c| Box::pin(ignore(tx, c))).await;
            done.map(|()| "ignored")
        }
        _ => return Err(PageError::NotFound),
    };
    match done {
        Ok(news) => Ok(see(&format!("{}?done={news}", shown.books.at(&visit, "/transfers")))),
        Err(error) => {
            // One that is not there any more needs nobody's decision, either.
            let error = match error {
                PaymentError::Unknown => PaymentError::Decided,
                error => error,
            };
            let wrong = problems(visit.locale, error)?;
            Ok(answer(&visit, shown, form, wrong))
        }
    }
}

fn news(locale: Locale, query: &Form) -> Option<String> {
    if query.has("matched") {
        let count = |name: &str| query.text(name).chars().take(6).collect::<String>();
        return Some(t::import_done(locale, count("known"), count("matched"), count("open")));
    }
    Some(match query.text("done") {
        "assigned" => t::news_assigned(locale).to_owned(),
        "returned" => t::news_returned(locale).to_owned(),
        "ignored" => t::news_ignored(locale).to_owned(),
        _ => return None,
    })
}

pub(super) fn answer(visit: &Visit, shown: Shown, form: Form, wrong: Problems) -> Response {
    let locale = visit.locale;
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let inner = visit.clone();
    Page::new(Head::host(t::transfers(locale))).status(status).render(visit, move || {
        let visit = &inner;
        let books = &shown.books;
        let page = books.at(visit, "/transfers");
        let news = news(locale, &Form::of_query(&visit.query))
            .map(|words| view! { <Notice tone=Tone::Good title=words/> });
        let open: Vec<_> = shown
            .lists
            .open
            .iter()
            .map(|row| waiting(visit, &shown, &page, row, &form, &wrong).into_any())
            .collect();
        let open = if open.is_empty() {
            view! { <p class="empty">{t::transfers_none(locale)}</p> }.into_any()
        } else {
            view! { <div class="stack">{open}</div> }.into_any()
        };
        let body = view! {
            <header class="host-head"><h1>{t::transfers(locale)}</h1></header>
            {subnav(visit, books, Some(Section::Transfers))}
            {news}
            <ErrorSummary locale problems=wrong.clone()/>
            <p class="soft">{t::transfers_lead(locale)}</p>
            {open}
            {import::form(locale, &shown, &page, &form, &wrong)}
            {settled(visit, &shown)}
        };
        frame(visit, Some(&books.shop), Tab::Money, body)
    })
}

fn finding(locale: Locale, finding: Finding) -> (&'static str, &'static str) {
    match finding {
        Finding::Paid => ("celadon", t::finding_paid(locale)),
        Finding::Over => ("silk", t::finding_over(locale)),
        Finding::Part => ("silk", t::finding_part(locale)),
        Finding::Rest => ("celadon", t::finding_rest(locale)),
        Finding::Retaken => ("celadon", t::finding_retaken(locale)),
        Finding::Late => ("lacquer", t::finding_late(locale)),
        Finding::Twice => ("silk", t::finding_twice(locale)),
        Finding::Cancelled => ("lacquer", t::finding_cancelled(locale)),
        Finding::Unknown => ("terracotta", t::finding_unknown(locale)),
        Finding::OtherAccount => ("terracotta", t::finding_other_account(locale)),
    }
}

fn why(locale: Locale, finding: Finding) -> Option<&'static str> {
    Some(match finding {
        Finding::Over => t::why_over(locale),
        Finding::Late => t::why_late(locale),
        Finding::Twice => t::why_twice(locale),
        Finding::Cancelled => t::why_cancelled(locale),
        Finding::Unknown => t::why_unknown(locale),
        Finding::OtherAccount => t::why_other_account(locale),
        Finding::Paid | Finding::Part | Finding::Rest | Finding::Retaken => return None,
    })
}

/// Amount, time and words of a transfer.
fn told(visit: &Visit, shown: &Shown, row: &Row) -> impl IntoView + use<> {
    let locale = visit.locale;
    let transfer = &row.transfer;
    let (tone, words) = match (&row.card, transfer.finding) {
        (Some(_), Finding::Late) => ("lacquer", crate::t::gift::finding_late(locale)),
        (Some(_), Finding::Cancelled) => ("lacquer", crate::t::gift::finding_cancelled(locale)),
        (Some(_), Finding::Retaken) => ("celadon", crate::t::gift::finding_retaken(locale)),
        (None, Finding::Late | Finding::Cancelled) if row.commission.is_some() => {
            ("lacquer", crate::t::commission::finding_late(locale))
        }
        (_, other) => finding(locale, other),
    };
    let card = row.card.as_ref().map(|card| {
        let href = shown.books.at(visit, &format!("/gift-cards/{}", card.id));
        let words = crate::t::gift::card_of(locale, card.hint());
        let name = card.buyer_name.clone();
        // A card of another member of the co-op is its own business.
        let words = if card.workshop_id == shown.books.shop.id {
            view! { <a href=href>{words} " · " {name}</a> }.into_any()
        } else {
            view! { {words} }.into_any()
        };
        view! { <p>{words}</p> }
    });
    let parcel = row.parcel.as_ref().map(|parcel| {
        let words = crate::t::parcel::post_of(locale, &parcel.what);
        if parcel.workshop_id == shown.books.shop.id {
            let shop = &shown.books.shop;
            let href =
                crate::pages::host::frame::at(visit, shop, &format!("/parcels/{}", parcel.id));
            view! { <p><a href=href>{words}</a></p> }.into_any()
        } else {
            view! { <p>{words}</p> }.into_any()
        }
    });
    let made = row.commission.as_ref().map(|made| {
        let words = format!("{} · {}", made.code, made.brief.what);
        // One of another member of the co-op is its own business.
        if made.workshop_id == shown.books.shop.id {
            let shop = &shown.books.shop;
            let href =
                crate::pages::host::frame::at(visit, shop, &format!("/commissions/{}", made.id));
            view! { <p><a href=href>{words}</a></p> }.into_any()
        } else {
            view! { <p>{made.code.to_string()}</p> }.into_any()
        }
    });
    let order = row.order.as_ref().map(|order| {
        let words = crate::t::shop::order_of(locale, &order.code);
        let shop = &shown.books.shop;
        let href = crate::pages::host::frame::at(visit, shop, &format!("/orders/{}", order.code));
        view! { <p><a href=href>{words} " · " {order.name.clone()}</a></p> }
    });
    let booking = row.booking.as_ref().map(|booking| {
        let href = shown.books.at(visit, &format!("/bookings/{}", booking.code));
        view! { <p><a href=href>{booking.code.clone()} " · " {booking.name.clone()}</a></p> }
    });
    let payer = (!transfer.payer.is_empty())
        .then(|| view! { <p class="soft">{transfer.payer.clone()}</p> });
    view! {
        <div class="stack-s">
            <h3 class="entry-title">{transfer.amount.display(locale)}</h3>
            <p><span class="badge" data-tone=tone>{words}</span></p>
            <p class="entry-text transfer-words">{transfer.message.clone()}</p>
            {payer}
            <p class="soft small">
                <time datetime=transfer.at.to_rfc3339()>{format::date_time(locale, transfer.at)}</time>
                " · " {transfer.reference.clone()}
            </p>
            {booking}
            {card}
            {parcel}
            {made}
            {order}
        </div>
    }
}

fn waiting(
    visit: &Visit,
    shown: &Shown,
    page: &str,
    row: &Row,
    form: &Form,
    wrong: &Problems,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let id = row.transfer.id.to_string();
    let mine = form.text("transfer") == id;
    let error = |act: &str, name: &str| {
        if mine && form.text("act") == act { wrong.of(name) } else { String::new() }
    };
    let typed = |act: &str, name: &str| {
        if mine && form.text("act") == act { form.text(name).to_owned() } else { String::new() }
    };
    let likely = row.likely.as_ref().map(|(whose, why)| {
        let why = match why {
            Likely::Code => t::likely_code(locale),
            Likely::Amount => t::likely_amount(locale),
            Likely::Name => t::likely_name(locale),
        };
        let (code, name, amount, go) = match whose {
            Whose::Booking(booking) => {
                let (code, name) = (booking.code.clone(), booking.name.clone());
                (code, name, booking.total, t::assign(locale))
            }
            Whose::Card(card) => {
                let code = card.pay_code.as_ref().map(ToString::to_string).unwrap_or_default();
                let go = crate::t::gift::assign(locale);
                (code, card.buyer_name.clone(), card.value, go)
            }
            Whose::Parcel(parcel) => {
                let code = parcel.pay_code.as_ref().map(ToString::to_string).unwrap_or_default();
                let go = crate::t::parcel::assign(locale);
                (code, parcel.what.clone(), parcel.cost, go)
            }
            Whose::Commission(made) => {
                let go = crate::t::commission::assign(locale);
                (made.code.to_string(), made.name.clone(), row.transfer.amount, go)
            }
            Whose::Order(order) => {
                let go = crate::t::shop::assign(locale);
                (order.code.to_string(), order.name.clone(), order.total(), go)
            }
        };
        view! {
            <form class="cluster" method="post" action=page.to_owned()>
                <Hidden name="act" value="assign"/>
                <Hidden name="transfer" value=id.clone()/>
                <Hidden name="code" value=code.clone()/>
                <p>{code} " · " {name} " · " {amount.display(locale)}
                    " " <span class="soft">"(" {why} ")"</span></p>
                <button class="btn btn-small btn-primary">{go}</button>
            </form>
        }
    });
    let nobodys = row.booking.is_none()
        && row.card.is_none()
        && row.parcel.is_none()
        && row.commission.is_none()
        && row.order.is_none();
    let assign_by_code = nobodys.then(|| {
        let field = small(
            &id,
            "code",
            t::assign_code(locale),
            "text",
            typed("assign", "code"),
            error("assign", "code"),
        );
        view! {
            <form class="cluster" method="post" action=page.to_owned() novalidate>
                <Hidden name="act" value="assign"/>
                <Hidden name="transfer" value=id.clone()/>
                {field}
                <button class="btn btn-small">{t::assign_go(locale)}</button>
            </form>
        }
    });
    let today = shown.books.today.to_string();
    let date = match typed("returned", "date") {
        date if date.is_empty() => today,
        date => date,
    };
    let returned =
        small(&id, "date", t::sent_back_date(locale), "date", date, error("returned", "date"));
    let reason = small(
        &id,
        "note",
        t::ignore_why(locale),
        "text",
        typed("ignore", "note"),
        error("ignore", "note"),
    );
    let why = match &row.card {
        Some(_) => Some(crate::t::gift::why_transfer(locale)),
        None if row.parcel.is_some() => Some(crate::t::parcel::why_transfer(locale)),
        None if row.commission.is_some() => Some(crate::t::commission::why_transfer(locale)),
        None if row.order.is_some() => Some(crate::t::shop::why_transfer(locale)),
        None => why(locale, row.transfer.finding),
    };
    let why = why.map(|words| view! { <p>{words}</p> });
    view! {
        <section class="panel stack-s transfer" id=format!("t-{id}")>
            {told(visit, shown, row)}
            {why}
            {likely}
            {assign_by_code}
            <form class="cluster" method="post" action=page.to_owned() novalidate>
                <Hidden name="act" value="returned"/>
                <Hidden name="transfer" value=id.clone()/>
                {returned}
                <button class="btn btn-small">{t::sent_back(locale)}</button>
            </form>
            <form class="cluster" method="post" action=page.to_owned() novalidate>
                <Hidden name="act" value="ignore"/>
                <Hidden name="transfer" value=id.clone()/>
                {reason}
                <button class="btn btn-small">{t::ignore(locale)}</button>
            </form>
        </section>
    }
}

/// A field of one transfer's row: many rows, so ids are made of the transfer's.
fn small(
    row: &str,
    name: &'static str,
    label: &'static str,
    kind: &'static str,
    value: String,
    error: String,
) -> impl IntoView + use<> {
    let id = format!("{name}-{row}");
    let wrong = !error.is_empty();
    let described = wrong.then(|| format!("{id}-error"));
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input class="input" id=id.clone() name=name type=kind value=value
                aria-invalid=wrong.then_some("true") aria-describedby=described/>
            {wrong.then(|| view! {
                <p class="field-error" id=format!("{id}-error")>{icon("warning")}{error}</p>
            })}
        </div>
    }
}

fn settled(visit: &Visit, shown: &Shown) -> impl IntoView + use<> {
    let locale = visit.locale;
    let items: Vec<_> = shown
        .lists
        .settled
        .iter()
        .map(|row| {
            let state = match row.transfer.state {
                TransferState::Open => t::state_open(locale),
                TransferState::Done => t::state_done(locale),
                TransferState::Returned => t::state_returned(locale),
                TransferState::Ignored => t::state_ignored(locale),
            };
            let note = row.transfer.note.clone();
            view! {
                <li class="entry">
                    {told(visit, shown, row)}
                    <p class="soft">{state} " " {note}</p>
                </li>
            }
        })
        .collect();
    let items = if items.is_empty() {
        view! { <p class="empty">{t::transfers_settled_none(locale)}</p> }.into_any()
    } else {
        view! { <ul class="entry-list">{items}</ul> }.into_any()
    };
    view! {
        <section class="stack" aria-labelledby="settled">
            <h2 id="settled">{t::transfers_settled(locale)}</h2>
            {items}
        </section>
    }
}
