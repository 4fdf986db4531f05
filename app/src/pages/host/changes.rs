//! The forms that change a booking: who comes, when, or not at all.

use engine::Locale;
use engine::booking::Booking;
use engine::catalogue::{Tour, TourOption};
use engine::schedule::Slot;
use leptos::prelude::*;

use crate::api::form::{Form, Problems};
use crate::pages::visitor::extras;
use crate::t::host as t;
use crate::ui::field::{Checkbox, Hidden, TextField};
use crate::ui::format;
use crate::ui::icon::icon;

/// What was typed into the form that could not be carried out is there again.
pub fn forms(
    locale: Locale,
    page: &str,
    booking: &Booking,
    (tour, option): (&Tour, &TourOption),
    others: &[Slot],
    form: &Form,
) -> impl IntoView + use<> {
    let again = |act: &str| form.text("act") == act;
    view! {
        <details class="fold" open=again("party")><summary>{icon("people")}{t::change_party(locale)}</summary>
            {party(locale, page, booking, option, form)}
        </details>
        {extras(locale, page, booking, tour, form)}
        <details class="fold" open=again("move")><summary>{icon("moved")}{t::move_booking(locale)}</summary>
            {moving(locale, page, booking, others, form)}
        </details>
        <details class="fold fold-danger" open=again("cancel")>
            <summary>{icon("close")}{t::cancel_booking(locale)}</summary>
            <form class="fold-body" method="post" action=page.to_owned()>
                <Hidden name="act" value="cancel"/>
                <p>{t::cancel_refund(locale)}</p>
                <TextField locale name="reason" label=t::reason(locale) value=form.text("reason").to_owned()/>
                <button class="btn btn-danger">{t::cancel_and_tell(locale)}</button>
            </form>
        </details>
    }
}

/// What they have with the visit, where the tour offers anything.
fn extras(
    locale: Locale,
    page: &str,
    booking: &Booking,
    tour: &Tour,
    form: &Form,
) -> Option<impl IntoView + use<>> {
    let again = form.text("act") == "extras";
    let typed = if again { form.clone() } else { Form::of_pairs(extras::kept(booking).collect()) };
    let alone = booking.contract_id.is_none();
    let fields = extras::fields(locale, tour, booking.people, &typed, &Problems::default())
        .filter(|_| alone);
    fields.map(|fields| {
        view! {
            <details class="fold" open=again><summary>{icon("plus")}{crate::t::price::extras(locale)}</summary>
                <form class="fold-body" method="post" action=page.to_owned()>
                    <Hidden name="act" value="extras"/>
                    {fields}
                    <button class="btn btn-primary">{t::change_and_tell(locale)}</button>
                </form>
            </details>
        }
    })
}

fn party(
    locale: Locale,
    page: &str,
    booking: &Booking,
    option: &TourOption,
    form: &Form,
) -> impl IntoView + use<> {
    let again = form.text("act") == "party";
    let group = booking.party.lines().iter().filter(|line| line.group.is_some());
    let units: Vec<_> = option
        .units
        .iter()
        .filter(|unit| unit.active || booking.party.quantity(unit.id) > 0)
        .map(|unit| (unit.id, format::unit(locale, unit)))
        .chain(group.map(|line| (line.unit_id, crate::t::enquiry::of_group(locale).to_owned())))
        .map(|(id, label)| {
            let name = format!("unit.{id}");
            let value = if again {
                form.text(&name).to_owned()
            } else {
                booking.party.quantity(id).to_string()
            };
            view! { <TextField locale name label kind="number" inputmode="numeric" min="0" value/> }
        })
        .collect();
    view! {
        <form class="fold-body" method="post" action=page.to_owned()>
            <Hidden name="act" value="party"/>
            <div class="field-row">{units}</div>
            <Checkbox name="over" label=t::over_knowingly(locale) checked=again && form.has("over")/>
            <button class="btn btn-primary">{t::change_and_tell(locale)}</button>
        </form>
    }
}

fn moving(locale: Locale, page: &str, booking: &Booking, others: &[Slot], form: &Form) -> AnyView {
    let slots: Vec<_> = others
        .iter()
        .map(|other| {
            let day = format::day(locale, other.local_date);
            let when = format::day_at(locale, day, other.starts_at);
            let left = other.free();
            let state = if left >= booking.party.seats().max(1) { "open" } else { "full" };
            let value = other.id.to_string();
            let checked = form.text("slot") == value;
            view! {
                <li><label class="slot" data-state=state>
                    <input type="radio" name="slot" value=value required checked=checked/>
                    <span class="slot-time">{when}</span>
                    <span class="slot-left">{format::seats_left(locale, left)}</span>
                </label></li>
            }
        })
        .collect();
    if slots.is_empty() {
        return view! { <p class="fold-body">{t::no_other_slots(locale)}</p> }.into_any();
    }
    let over = form.text("act") == "move" && form.has("over");
    view! {
        <form class="fold-body" method="post" action=page.to_owned()>
            <Hidden name="act" value="move"/>
            <ul class="slot-list">{slots}</ul>
            <label class="check"><input type="checkbox" name="over" checked=over/><span>{t::over_knowingly(locale)}</span></label>
            <button class="btn btn-primary">{t::move_and_tell(locale)}</button>
        </form>
    }
    .into_any()
}
