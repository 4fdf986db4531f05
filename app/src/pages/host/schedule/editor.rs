//! What the forms of a rule and of a closure have in common.

use std::str::FromStr;

use axum::http::StatusCode;
use engine::Locale;
use leptos::prelude::*;

use super::hits::Outlook;
use crate::api::form::{Form, Problems};
use crate::context::Visit;
use crate::error::PageError;
use crate::t::host;
use crate::t::schedule as t;
use crate::ui::field::Hidden;
use crate::ui::icon::icon;

/// Of which of the workshop's rules or closures the form is, as `?id=` says; None for a new one.
pub fn edited<Id: FromStr>(visit: &Visit) -> Result<Option<Id>, PageError> {
    let query = Form::of_query(&visit.query);
    if !query.has("id") {
        return Ok(None);
    }
    query.text("id").parse().map(Some).map_err(|_| PageError::NotFound)
}

/// The form asks to end what is there, rather than to save it.
pub fn ends(form: &Form) -> bool {
    form.text("act") == "end"
}

/// Ending sends no fields: what is there fills the form again, the host's words to guests kept.
pub fn refilled(kept: &Form, typed: &Form) -> Form {
    let again = [("act", "end"), ("reason", typed.text("reason"))];
    let pairs = kept.pairs().chain(again);
    Form::of_pairs(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
}

/// Conflict, where saving would hit bookings and the host has not said what becomes of them.
pub fn status(outlook: Option<&Outlook>, form: &Form, problems: &Problems) -> StatusCode {
    match outlook {
        _ if !problems.is_empty() => StatusCode::UNPROCESSABLE_ENTITY,
        Some(look) if !look.impact.hit.is_empty() && !form.has("preview") => StatusCode::CONFLICT,
        _ => StatusCode::OK,
    }
}

pub fn buttons(locale: Locale, back: &str) -> impl IntoView + use<> {
    view! {
        <div class="actions">
            <button class="btn btn-primary" name="save" value="1">{host::save(locale)}</button>
            <button class="btn" name="preview" value="1">{icon("eye")}{t::preview(locale)}</button>
            <a class="btn btn-quiet" href=back.to_owned()>{host::leave(locale)}</a>
        </div>
    }
}

pub fn end(action: &str, words: &'static str, hint: &'static str) -> impl IntoView + use<> {
    view! {
        <details class="fold fold-danger">
            <summary>{icon("trash")}{words}</summary>
            <form class="fold-body" method="post" action=action.to_owned()>
                <Hidden name="act" value="end"/>
                <p>{hint}</p>
                <button class="btn btn-danger">{words}</button>
            </form>
        </details>
    }
}
