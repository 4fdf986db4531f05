//! A guest who called: the form and the booking.

use std::sync::Arc;

use engine::booking::desk::{Caller, TakeCall, take_call};
use engine::booking::{BookingError, Field};
use engine::catalogue::TourOption;
use engine::{Locale, SlotId};
use leptos::prelude::*;

use crate::api::form::{Form, Problems, fresh_key};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::booking::wanted;
use crate::pages::host::frame::Desk;
use crate::pages::host::words;
use crate::t::host as t;
use crate::ui::field::{Checkbox, FieldError, FormKey, Hidden, Select, TextField};
use crate::ui::format;
use crate::ui::icon::icon;

/// "Book for a guest who called".
pub(super) async fn call(
    app: &App,
    visit: &Visit,
    desk: &Desk,
    slot: SlotId,
    form: &Form,
    problems: &mut Problems,
) -> Result<String, PageError> {
    let locale = visit.locale;
    let typed = |name| form.text(name);
    let caller = match Caller::parse(typed("name"), typed("phone"), typed("email"), typed("notes"))
    {
        Ok(caller) => caller,
        Err(wrong) => {
            for field in wrong {
                match field {
                    Field::Name => problems.add("name", t::error_name(locale)),
                    Field::Phone => problems.add("phone", t::error_phone(locale)),
                    Field::Email => problems.add("email", t::error_email(locale)),
                    _ => problems.add("notes", t::error_fields(locale)),
                }
            }
            return Ok(String::new());
        }
    };
    let command = TakeCall {
        catalogue: Arc::clone(&desk.catalogue),
        actor: visit.actor.clone(),
        slot,
        wanted: wanted(form),
        caller,
        locale: Locale::parse(form.text("language")).unwrap_or(locale),
        over: form.has("over"),
        form_key: form.key(),
    };
    let booked = app.store.write("take call", command, |tx, c| Box::pin(take_call(tx, c))).await;
    match booked {
        Ok(booking) => Ok(format!("?booked={}#b-{0}", booking.code)),
        Err(error) => {
            let field = if matches!(error, BookingError::Seats(_)) { "over" } else { "party" };
            problems.add(field, words::of_booking(locale, error)?);
            Ok(String::new())
        }
    }
}

pub(super) fn call_form(
    locale: Locale,
    page: &str,
    option: &TourOption,
    form: &Form,
    problems: &Problems,
) -> impl IntoView + use<> {
    let mine = form.text("act") == "call";
    let value = |name: &str| if mine { form.text(name).to_owned() } else { String::new() };
    let error = |name: &str| problems.of(name);
    let units: Vec<_> = option
        .open_units()
        .map(|unit| {
            let name = format!("unit.{}", unit.id);
            let value = if mine { form.text(&name).to_owned() } else { "0".to_owned() };
            view! { <TextField locale name label=format::unit(locale, unit) kind="number" inputmode="numeric" min="0" value/> }
        })
        .collect();
    let key = if mine { form.key() } else { fresh_key() };
    let language = if mine { form.text("language").to_owned() } else { "vi".to_owned() };
    let languages = Locale::ALL.map(|l| (l.code().to_owned(), l.native_name().to_owned())).to_vec();
    view! {
        <details class="fold" id="add" open=mine>
            <summary>{icon("phone")}{t::add_caller(locale)}</summary>
            <form class="fold-body" method="post" action=page.to_owned() novalidate>
                <Hidden name="act" value="call"/>
                <FormKey key/>
                <TextField locale name="name" label=t::name(locale) value=value("name") error=error("name")/>
                <div class="field-row">
                    <TextField locale name="phone" label=t::phone(locale) kind="tel" value=value("phone") error=error("phone") optional=true/>
                    <TextField locale name="email" label="Email" kind="email" value=value("email") error=error("email") optional=true/>
                    <Select locale name="language" label=t::language(locale) options=languages value=language/>
                </div>
                <div class="field-row" id="party">{units}</div>
                <FieldError id="party" text=error("party")/>
                <TextField locale name="notes" label=t::notes(locale) value=value("notes") error=error("notes") optional=true/>
                <Checkbox name="over" label=t::over_knowingly(locale) checked={mine && form.has("over")} error=error("over")/>
                <button class="btn btn-primary" type="submit">{t::book_caller(locale)}</button>
            </form>
        </details>
    }
}
