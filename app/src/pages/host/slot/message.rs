//! Words to everybody who comes to a slot.

use engine::Locale;
use engine::SlotId;
use engine::booking::BookingError;
use engine::booking::desk::{MessageSlot, message_slot};
use leptos::prelude::*;

use crate::api::form::{Form, Problems, fresh_key};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::words;
use crate::t::host as t;
use crate::ui::field::{FormKey, Hidden, TextArea};
use crate::ui::icon::icon;

/// Sends it; answers what to add to the page's address.
pub(super) async fn send(
    app: &App,
    visit: &Visit,
    slot: SlotId,
    form: &Form,
    problems: &mut Problems,
) -> Result<String, PageError> {
    let (actor, text) = (visit.actor.clone(), form.text("text").to_owned());
    let command = MessageSlot { actor, slot, text, form_key: form.key() };
    let sent =
        app.store.write("message slot", command, |tx, c| Box::pin(message_slot(tx, c))).await;
    match sent {
        Ok(sent) => return Ok(format!("?sent={sent}")),
        Err(BookingError::Fields(_)) => problems.add("text", t::error_text(visit.locale)),
        Err(error) => problems.add("text", words::of_booking(visit.locale, error)?),
    }
    Ok(String::new())
}

pub(super) fn message_form(
    locale: Locale,
    page: &str,
    form: &Form,
    problems: &Problems,
    parties: i64,
) -> impl IntoView + use<> {
    let mine = form.text("act") == "message";
    let key = if mine { form.key() } else { fresh_key() };
    let (value, error) = (form.text("text").to_owned(), problems.of("text"));
    let page = page.to_owned();
    (parties > 0).then(|| {
        view! {
            <details class="fold" id="message" open=mine>
                <summary>{icon("message")}{t::message_all(locale)}</summary>
                <form class="fold-body" method="post" action=page novalidate>
                    <Hidden name="act" value="message"/>
                    <FormKey key/>
                    <TextArea locale name="text" label=t::message(locale) hint=t::message_hint(locale) value error/>
                    <button class="btn btn-primary" type="submit">{t::send(locale)}</button>
                </form>
            </details>
        }
    })
}
