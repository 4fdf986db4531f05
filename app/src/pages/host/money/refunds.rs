//! Money to pay back: how much, why, where to; marked once it is done.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::Locale;
use engine::booking::State as BookingState;
use engine::clock::local_date;
use engine::payment::{DueRefund, Refund, SumData, SumInput, refund, refunds_due};
use engine::privacy::What;
use leptos::prelude::*;

use super::csv::{self, Cell};
use super::names::typed;
use super::{Books, Section, subnav};
use crate::api::form::{Form, Problems, fresh_key};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Tab, frame, see};
use crate::pages::host::views;
use crate::render::Page;
use crate::t::payment as t;
use crate::ui::field::{ErrorSummary, FormKey, Hidden};
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::money::{problems, refused};
use crate::ui::notice::{Notice, Tone};

type At = Path<(String, String)>;

async fn load(app: &App, visit: &Visit, slug: &str) -> Result<(Books, Vec<DueRefund>), PageError> {
    let books = Books::open(app, visit, slug).await?;
    let mut conn = app.store.read().await?;
    let due = refunds_due(&mut conn, &visit.actor, books.shop.id).await.map_err(refused)?;
    Ok((books, due))
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let (books, due) = load(&app, &visit, &slug).await?;
    for one in &due {
        let code = one.booking.code.clone();
        views::note(&app, &visit, books.shop.id, What::Booking, code).await?;
    }
    Ok(answer(&visit, books, due, Form::default(), Problems::default()))
}

/// One refund was made.
pub async fn made(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
    form: Form,
) -> Result<Response, PageError> {
    let (books, due) = load(&app, &visit, &slug).await?;
    let back = format!("{}?done=1", books.at(&visit, "/refunds"));
    let Some(one) = due.iter().find(|one| one.booking.code == form.text("booking")) else {
        // Pressed twice: it is made.
        return Ok(see(&back));
    };
    let input = SumInput {
        amount: form.text("amount").to_owned(),
        date: form.text("date").to_owned(),
        method: "transfer".into(),
        note: String::new(),
    };
    let done = match SumData::parse(&input, local_date(app.store.now()), false) {
        Ok(sum) => {
            let refund_it = Refund {
                actor: visit.actor.clone(),
                booking: one.booking.id,
                sum,
                form_key: form.key(),
            };
            app.store.write("refund", refund_it, |tx, c| Box::pin(refund(tx, c))).await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Ok(see(&back)),
        Err(error) => {
            let wrong = problems(visit.locale, error)?;
            Ok(answer(&visit, books, due, form, wrong))
        }
    }
}

/// Why so much.
fn why(locale: Locale, one: &DueRefund) -> String {
    let over = one.money.received - one.booking.total;
    match &one.booking.state {
        BookingState::Cancelled { refund_percent, .. } => {
            let paid = one.money.received.display(locale);
            t::why_refund_policy(locale, paid, refund_percent)
        }
        BookingState::Expired { .. } => t::why_refund_expired(locale).to_owned(),
        BookingState::NoShow => t::why_refund_no_show(locale).to_owned(),
        _ => t::why_refund_over(locale, over.max(one.reckoning.due).display(locale)),
    }
}

fn answer(
    visit: &Visit,
    books: Books,
    due: Vec<DueRefund>,
    form: Form,
    wrong: Problems,
) -> Response {
    let locale = visit.locale;
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let inner = visit.clone();
    Page::new(Head::host(t::refunds(locale))).status(status).render(visit, move || {
        let visit = &inner;
        let done = Form::of_query(&visit.query).has("done");
        let news = done.then(|| view! { <Notice tone=Tone::Good title=t::refund_news(locale)/> });
        let items: Vec<_> =
            due.iter().map(|one| item(visit, &books, one, &form, &wrong).into_any()).collect();
        let list = if items.is_empty() {
            view! { <p class="empty">{t::refunds_none(locale)}</p> }.into_any()
        } else {
            let file = books.at(visit, "/refunds.csv");
            view! {
                <div class="stack">{items}</div>
                <p><a class="btn" href=file download="">{icon("download")}{t::refunds_file(locale)}</a></p>
            }
            .into_any()
        };
        let invoices = format!("{}?month={}", books.at(visit, "/invoices.csv"), books.month);
        let body = view! {
            <header class="host-head"><h1>{t::refunds(locale)}</h1></header>
            {subnav(visit, &books, Some(Section::Refunds))}
            {news}
            <ErrorSummary locale problems=wrong.clone()/>
            <p class="soft">{t::refunds_lead(locale)}</p>
            {list}
            <h2>{t::invoices(locale)}</h2>
            <p><a class="btn" href=invoices download="">{icon("download")}{t::invoices_file(locale)}</a></p>
        };
        frame(visit, Some(&books.shop), Tab::Money, body)
    })
}

fn item(
    visit: &Visit,
    books: &Books,
    one: &DueRefund,
    form: &Form,
    wrong: &Problems,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let code = one.booking.code.clone();
    let mine = form.text("booking") == code;
    let value = |name: &str, usual: String| {
        if mine { form.text(name).to_owned() } else { usual }
    };
    let to = one.to.as_ref().map_or_else(
        || t::refund_to_none(locale).to_owned(),
        |to| format!("{} · {} · {}", to.bank.name(), to.number.as_str(), to.holder),
    );
    let href = books.at(visit, &format!("/bookings/{code}"));
    let field = |name: &'static str, label: &'static str, kind: &'static str, value: String| {
        let id = format!("{name}-{code}");
        let error = if mine { wrong.of(name) } else { String::new() };
        let bad = !error.is_empty();
        view! {
            <div class="field">
                <label for=id.clone()>{label}</label>
                <input class="input input-short" id=id name=name type=kind value=value
                    aria-invalid=bad.then_some("true")/>
                {bad.then(|| view! { <p class="field-error" id=name>{icon("warning")}{error}</p> })}
            </div>
        }
    };
    let amount = value("amount", typed(locale, one.reckoning.due));
    let date = value("date", books.today.to_string());
    let key = if mine { form.key() } else { fresh_key() };
    view! {
        <section class="panel stack-s">
            <h2 class="entry-title">{one.reckoning.due.display(locale)}</h2>
            <p><a href=href>{code.clone()} " · " {one.booking.name.clone()}</a></p>
            <p class="entry-text">{why(locale, one)}</p>
            <p class="soft">{to}</p>
            <form class="cluster" method="post" action=books.at(visit, "/refunds") novalidate>
                <FormKey key=key/>
                <Hidden name="booking" value=code.clone()/>
                {field("amount", t::amount(locale), "text", amount)}
                {field("date", t::refund_date(locale), "date", date)}
                <button class="btn btn-primary btn-small">{t::refund_made(locale)}</button>
            </form>
        </section>
    }
}

/// What a bank's list of transfers needs, one row a refund.
pub async fn spreadsheet(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let (books, due) = load(&app, &visit, &slug).await?;
    views::note(&app, &visit, books.shop.id, What::Export, "refunds.csv").await?;
    let locale = visit.locale;
    let heads = [
        t::csv_code(locale),
        t::csv_guest(locale),
        t::csv_bank(locale),
        t::csv_bin(locale),
        t::csv_number(locale),
        t::csv_holder(locale),
        t::csv_amount(locale),
        t::csv_text(locale),
    ];
    let mut rows = vec![heads.map(|words| Cell::Text(words.to_owned())).to_vec()];
    for one in due {
        let to = one.to.as_ref();
        let words = |words: Option<&str>| Cell::Text(words.unwrap_or_default().to_owned());
        rows.push(vec![
            words(Some(&one.booking.code)),
            words(Some(&one.booking.name)),
            words(to.map(|to| to.bank.name())),
            words(to.map(|to| to.bank.as_str())),
            words(to.map(|to| to.number.as_str())),
            words(to.map(|to| to.holder.as_str())),
            Cell::Number(one.reckoning.due.0),
            Cell::Text(format!("Hoan tien {}", one.booking.code)),
        ]);
    }
    Ok(csv::file(&format!("{}-refunds-{}", books.shop.slug, books.today), &rows))
}
