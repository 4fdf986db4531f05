//! The money of one booking, and saying that its guest has paid.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::booking::{Booking, query};
use engine::clock::local_date;
use engine::giftcard::{self, Spend};
use engine::ledger::Method;
use engine::payment::{MarkPaid, SumData, SumInput, mark_paid};
use engine::privacy::What;
use engine::{Dong, Locale};
use leptos::prelude::*;

use super::names::{method, typed};
use super::{Books, subnav};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Tab, at, frame, see};
use crate::pages::host::views;
use crate::pages::visitor::gift::spend::{code_in, problem, says};
use crate::pages::visitor::paid::{Told, lines, load};
use crate::render::Page;
use crate::t::payment as t;
use crate::ui::field::{ErrorSummary, FormKey, Hidden, Radios, TextField};
use crate::ui::format;
use crate::ui::gift_card::CODE;
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::money::problems;
use crate::ui::notice::{Notice, Tone};

type At = Path<(String, String, String)>;

async fn open(
    app: &App,
    visit: &Visit,
    slug: &str,
    code: &str,
) -> Result<(Books, Booking, Told), PageError> {
    let books = Books::open(app, visit, slug).await?;
    let mut conn = app.store.read().await?;
    let booking = query::by_code(&mut conn, code).await?;
    let booking = booking.filter(|booking| booking.workshop_id == books.shop.id);
    let booking = booking.ok_or(PageError::NotFound)?;
    let told = load(&mut conn, &booking).await?;
    Ok((books, booking, told))
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, code)): At,
) -> Result<Response, PageError> {
    let (books, booking, told) = open(&app, &visit, &slug, &code).await?;
    views::note(&app, &visit, books.shop.id, What::Booking, booking.code.clone()).await?;
    Ok(answer(&visit, books, booking, told, None, Problems::default()))
}

pub async fn paid(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, code)): At,
    form: Form,
) -> Result<Response, PageError> {
    let (books, booking, told) = open(&app, &visit, &slug, &code).await?;
    if form.text("act") == "gift_card" {
        return by_card(&app, &visit, (books, booking, told), form).await;
    }
    let text = |name: &str| form.text(name).to_owned();
    let input = SumInput {
        amount: text("amount"),
        date: text("date"),
        method: text("method"),
        note: text("note"),
    };
    let done = match SumData::parse(&input, local_date(app.store.now()), true) {
        Ok(sum) => {
            let mark = MarkPaid {
                catalogue: app.catalogue().await?,
                actor: visit.actor.clone(),
                booking: booking.id,
                sum,
                form_key: form.key(),
            };
            app.store.write("mark paid", mark, |tx, c| Box::pin(mark_paid(tx, c))).await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => {
            let page = books.at(&visit, &format!("/bookings/{}", booking.code));
            Ok(see(&format!("{page}?done=1")))
        }
        Err(error) => {
            let wrong = problems(visit.locale, error)?;
            Ok(answer(&visit, books, booking, told, Some(form), wrong))
        }
    }
}

/// A guest at the counter shows a gift card.
async fn by_card(
    app: &App,
    visit: &Visit,
    (books, booking, told): (Books, Booking, Told),
    form: Form,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let wrong = match code_in(locale, &form) {
        None => crate::t::gift::wrong_missing(locale).to_owned(),
        Some(Err(error)) => error,
        Some(Ok(code)) => {
            let spend = Spend {
                catalogue: app.catalogue().await?,
                actor: visit.actor.clone(),
                booking: booking.id,
                code,
                form_key: form.key(),
            };
            match app
                .store
                .write("spend card", spend, |tx, c| Box::pin(giftcard::spend(tx, c)))
                .await
            {
                Ok(_) => {
                    let page = books.at(visit, &format!("/bookings/{}", booking.code));
                    return Ok(see(&format!("{page}?done=1")));
                }
                Err(error) => says(locale, error)?,
            }
        }
    };
    Ok(answer(visit, books, booking, told, Some(form), problem(wrong)))
}

fn answer(
    visit: &Visit,
    books: Books,
    booking: Booking,
    told: Told,
    form: Option<Form>,
    wrong: Problems,
) -> Response {
    let locale = visit.locale;
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let inner = visit.clone();
    let title = format!("{} · {}", t::booking_money(locale), booking.code);
    Page::new(Head::host(title)).status(status).render(visit, move || {
        let visit = &inner;
        let done = Form::of_query(&visit.query).has("done");
        let news = done.then(|| view! { <Notice tone=Tone::Good title=t::mark_news(locale)/> });
        // Of the two forms the one that came back keeps what was typed.
        let card_form = form.as_ref().filter(|form| form.text("act") == "gift_card");
        let form = form.as_ref().filter(|form| form.text("act") != "gift_card");
        let value = |name: &str, usual: String| {
            form.map_or(usual, |form| form.text(name).to_owned())
        };
        let amount = value("amount", typed(locale, told.open(&booking)));
        let date = value("date", books.today.to_string());
        let how = value("method", Method::Transfer.to_string());
        let note = value("note", String::new());
        let key = form.map_or_else(crate::api::form::fresh_key, Form::key);
        let card = (told.reckoning.open > Dong::ZERO && booking.contract_id.is_none())
            .then(|| card_field(locale, card_form, &wrong, books.at(visit, &format!("/bookings/{}", booking.code))));
        let methods = Method::BY_HAND
            .iter()
            .map(|each| (each.to_string(), format::sentence(method(locale, *each))))
            .collect();
        let code = told.payment.as_ref().map(|asked| {
            view! { <p class="soft">{t::text(locale)} {locale.writing().colon} <span class="code">{asked.code.to_string()}</span></p> }
        });
        let page = books.at(visit, &format!("/bookings/{}", booking.code));
        let desk = at(visit, &books.shop, &format!("/bookings/{}", booking.code));
        let name = format!("{} · {}", booking.code, booking.name);
        let body = view! {
            {breadcrumb(locale, vec![(desk, name)])}
            <h1>{t::booking_money(locale)} " " {booking.code.clone()}</h1>
            {subnav(visit, &books, None)}
            {news}
            <ErrorSummary locale problems=wrong.clone()/>
            <div class="panel stack-s">{lines(locale, &booking, &told)} {code}</div>
            {card}
            <form class="form panel" method="post" action=page novalidate>
                <h2 class="panel-title">{t::mark_paid(locale)}</h2>
                <FormKey key=key/>
                <div class="share-how">
                    <TextField locale name="amount" label=t::amount(locale) inputmode="numeric"
                        value=amount error=wrong.of("amount")/>
                    <TextField locale name="date" label=t::csv_date(locale) kind="date"
                        value=date error=wrong.of("date") max=books.today.to_string()/>
                </div>
                <Radios name="method" label=t::method(locale) options=methods value=how/>
                <TextField locale name="note" label=t::mark_why(locale) value=note error=wrong.of("note")/>
                <div><button class="btn btn-primary">{t::mark_go(locale)}</button></div>
            </form>
        };
        frame(visit, Some(&books.shop), Tab::Money, body)
    })
}

/// The field for a gift card's code.
fn card_field(
    locale: Locale,
    form: Option<&Form>,
    wrong: &Problems,
    page: String,
) -> impl IntoView + use<> {
    let key = form.map_or_else(crate::api::form::fresh_key, Form::key);
    let typed = form.map(|form| form.text(CODE).to_owned()).unwrap_or_default();
    view! {
        <form class="form panel" method="post" action=page novalidate>
            <h2 class="panel-title">{crate::t::gift::host_pay(locale)}</h2>
            <FormKey key=key/>
            <Hidden name="act" value="gift_card"/>
            <TextField locale name=CODE label=crate::t::gift::code(locale)
                hint=crate::t::gift::code_hint(locale) autocomplete="off" maxlength=40 value=typed
                error=wrong.of(CODE)/>
            <div><button class="btn">{crate::t::gift::pay_with(locale)}</button></div>
        </form>
    }
}
