//! A promo code on the review: typed, taken off, left again.

use axum::extract::State;
use axum::response::Response;
use engine::Locale;
use engine::booking::{self, BookingError, UseCode};
use engine::price::{Code, PromoError};
use leptos::prelude::*;

use super::booking::{Link, Opened, address, open, see, trouble};
use super::review;
use crate::api::form::Form;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::t::price as tp;
use crate::ui::field::TextField;
use crate::ui::format;
use crate::ui::icon::icon;

/// Why a code takes nothing off, in the visitor's words.
pub fn refusal(locale: Locale, error: &PromoError) -> String {
    match error {
        PromoError::Store(_) | PromoError::Unknown => tp::code_unknown(locale).to_owned(),
        PromoError::NotYet(from) => tp::code_not_yet(locale, format::date(locale, *from)),
        PromoError::Over => tp::code_over(locale).to_owned(),
        PromoError::Tour => tp::code_tour(locale).to_owned(),
        PromoError::Day => tp::code_day(locale).to_owned(),
        PromoError::People(least) => tp::code_people(locale, i64::from(*least)),
        PromoError::UsedUp => tp::code_used_up(locale).to_owned(),
    }
}

/// "Apply" and "leave".
pub async fn say(
    State(app): State<App>,
    visit: Visit,
    link: Link,
    form: Form,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let opened = open(&app, &link).await?;
    let id = opened.booking.id;
    let typed = form.text("code");
    let done = if form.has("drop") {
        app.store.write("drop code", id, |tx, id| Box::pin(booking::drop_code(tx, id))).await
    } else if let Ok(code) = typed.parse::<Code>() {
        let command = UseCode { booking: id, code };
        app.store.write("use code", command, |tx, c| Box::pin(booking::use_code(tx, c))).await
    } else {
        Err(PromoError::Unknown.into())
    };
    match done {
        Ok(booking) => Ok(see(&format!("{}#promo", address(&visit, &booking, "/review")))),
        // Confirmed meanwhile, or the clock ran out: the review knows.
        Err(BookingError::State(_)) => Ok(see(&address(&visit, &opened.booking, "/review"))),
        Err(error) => {
            let says = trouble(locale, error)?;
            review::with_code(&app, &visit, opened, (typed.to_owned(), says)).await
        }
    }
}

/// The field, or the code that is taken; `typed` comes back with what was wrong with it.
pub fn section(
    visit: &Visit,
    opened: &Opened,
    typed: Option<(String, String)>,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let action = format!("{}#promo", address(visit, &opened.booking, "/code"));
    let inside = if let Some(promo) = &opened.booking.promo {
        let words = tp::code_taken(locale, promo.code.to_string());
        view! {
            <p class="cluster">{icon("check")}<strong>{words}</strong></p>
            <div><button class="btn btn-small" name="drop" value="1">{tp::code_drop(locale)}</button></div>
        }
        .into_any()
    } else {
        let shown = typed.is_some();
        let (value, error) = typed.unwrap_or_default();
        view! {
            <details open=shown>
                <summary>{tp::code_ask(locale)}</summary>
                <div class="stack-s">
                    <TextField locale name="code" label=tp::code(locale) value error
                        autocomplete="off" maxlength=40 short=true/>
                    <div><button class="btn">{tp::code_apply(locale)}</button></div>
                </div>
            </details>
        }
        .into_any()
    };
    view! { <form class="panel" id="promo" method="post" action=action novalidate>{inside}</form> }
}
