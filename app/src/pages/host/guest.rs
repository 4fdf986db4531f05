//! A party in a host's list: who they are, what to know of them, and one tap to check them in.

use chrono::{DateTime, Utc};
use engine::booking::guests::Guest;
use engine::booking::{Booking, Source, State, StateKind};
use engine::catalogue::{Tour, Workshop};
use engine::schedule::{Slot, SlotStatus};
use engine::{Dong, Locale};
use leptos::prelude::*;

use super::frame::at;
use super::{party, words};
use crate::context::Visit;
use crate::t::host as t;
use crate::ui::field::Hidden;
use crate::ui::format;
use crate::ui::icon::icon;

/// Parties from this size on are counted in; smaller ones come together.
const COUNTED_FROM: i32 = 4;

/// Whether somebody is expected: a hold is not yet a guest.
pub fn is_guest(booking: &Booking) -> bool {
    matches!(booking.state.kind(), StateKind::Confirmed | StateKind::CheckedIn | StateKind::NoShow)
}

/// People of the party who are here.
pub const fn arrived(booking: &Booking) -> i32 {
    match booking.state {
        State::CheckedIn { arrived, .. } => arrived,
        _ => 0,
    }
}

/// A booking in a list, with the people of it that are filled in, and what it still has to pay.
#[derive(Debug, Clone, Copy)]
pub struct Listed<'b> {
    pub booking: &'b Booking,
    pub guests: &'b [Guest],
    pub open: Dong,
    /// Pieces that are registered, where something is made.
    pub pieces: Option<i64>,
}

/// "440.000 ₫ trả tại xưởng"; or that nothing is left to pay, or that a travel company pays.
pub fn owes(locale: Locale, booking: &Booking, open: Dong) -> String {
    if booking.contract_id.is_some() {
        return crate::t::reseller::company_pays(locale, booking.total.display(locale));
    }
    if open == Dong::ZERO && booking.total > Dong::ZERO {
        return t::paid_before(locale).to_owned();
    }
    t::pay_here(locale, open.display(locale))
}

pub fn row(
    visit: &Visit,
    shop: &Workshop,
    tour: &Tour,
    slot: &Slot,
    listed: Listed<'_>,
    back: &'static str,
    now: DateTime<Utc>,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let Listed { booking, guests, open, pieces } = listed;
    let page = at(visit, shop, &format!("/bookings/{}", booking.code));
    let state = match booking.state.kind() {
        StateKind::CheckedIn => Some("arrived"),
        StateKind::NoShow => Some("no-show"),
        _ => None,
    };
    let language =
        (booking.locale != locale).then(|| view! { <span>{booking.locale.native_name()}</span> });
    let phoned =
        (booking.source == Source::Phone).then(|| view! { <span>{t::source_phone(locale)}</span> });
    let over = (booking.over_capacity > 0).then(|| {
        view! { <span class="badge" data-tone="lacquer">{t::over_by(locale, i64::from(booking.over_capacity))}</span> }
    });
    let no_show = (booking.state == State::NoShow)
        .then(|| view! { <span class="badge">{t::no_show(locale)}</span> });
    let money = (booking.state != State::NoShow)
        .then(|| view! { <span>{owes(locale, booking, open)}</span> });
    let notes = notes(locale, tour, booking, guests);
    let notes = (!notes.is_empty()).then(|| view! { <p class="guest-note">{notes}</p> });
    let phone = (!booking.phone.is_empty()).then(|| {
        view! { <a href=format!("tel:{}", booking.phone)>{icon("phone")}{format::phone(&booking.phone)}</a> }
    });
    let begun = slot.starts_at <= now;
    let pieces = pieces.filter(|_| booking.state.kind() == StateKind::CheckedIn).map(|n| {
        view! { <a href=format!("{page}/pieces")>{icon("pot")}{crate::t::piece::of_party(locale, n)}</a> }
    });
    let absent = (booking.state.kind() == StateKind::Confirmed && begun)
        .then(|| quick_form(&page, "no_show", back, t::no_show(locale)));
    let undo = matches!(booking.state.kind(), StateKind::CheckedIn | StateKind::NoShow)
        .then(|| quick_form(&page, "undo", back, t::undo(locale)));
    view! {
        <li class="guest" id=format!("b-{}", booking.code) data-state=state data-code=booking.code.clone()>
            <div>
                <a class="guest-name" href=page.clone()>{booking.name.clone()}</a>
                <p class="guest-info">
                    <span>{booking.party.words(locale)}</span>
                    {language} {money} {phoned} {over} {no_show}
                </p>
            </div>
            {check_in_form(locale, &page, booking, back)}
            {notes}
            <div class="guest-links">{phone} {pieces} {absent} {undo}</div>
        </li>
    }
}

/// A party that had booked and cancelled: shown, so that nobody waits for them.
pub fn cancelled_row(visit: &Visit, shop: &Workshop, booking: &Booking) -> impl IntoView + use<> {
    let locale = visit.locale;
    let page = at(visit, shop, &format!("/bookings/{}", booking.code));
    view! {
        <li class="guest" data-state="cancelled">
            <div>
                <a class="guest-name" href=page>{booking.name.clone()}</a>
                <p class="guest-info">
                    <span>{booking.party.words(locale)}</span>
                    <span class="badge">{words::state(locale, &booking.state, booking.people)}</span>
                </p>
            </div>
        </li>
    }
}

/// A check-in of one tap, or of a count for a larger party. The day's script keeps the tap when
/// the network is gone.
pub fn check_in_form(
    locale: Locale,
    page: &str,
    booking: &Booking,
    back: &'static str,
) -> impl IntoView + use<> {
    let here = arrived(booking);
    let people = booking.people;
    let pressed = if here > 0 { "true" } else { "false" };
    let hidden = view! {
        <Hidden name="act" value="check_in"/>
        <Hidden name="back" value=back/>
    };
    if people >= COUNTED_FROM {
        let id = format!("arrived-{}", booking.code);
        let value = if here > 0 { here } else { people };
        return view! {
            <form class="checkin-part" method="post" action=page.to_owned() data-checkin=people>
                {hidden}
                <label for=id.clone()>{t::arrived(locale)}</label>
                <input class="input checkin-count" id=id name="arrived" type="number" inputmode="numeric"
                    min="1" max=people value=value required/>
                <span>{t::out_of(locale, people)}</span>
                <button class="checkin" aria-pressed=pressed>
                    {(here > 0).then(|| icon("check"))}
                    <span>{if here > 0 { t::arrived(locale) } else { t::check_in(locale) }}</span>
                </button>
            </form>
        }
        .into_any();
    }
    view! {
        <form method="post" action=page.to_owned() data-checkin=people>
            {hidden}
            <Hidden name="arrived" value=people.to_string()/>
            <button class="checkin" aria-pressed=pressed>
                {(here > 0).then(|| icon("check"))}
                <span>{if here > 0 { t::arrived(locale) } else { t::check_in(locale) }}</span>
            </button>
        </form>
    }
    .into_any()
}

fn quick_form(
    page: &str,
    act: &'static str,
    back: &'static str,
    words: &'static str,
) -> impl IntoView + use<> {
    view! {
        <form method="post" action=page.to_owned() data-checkin="0">
            <Hidden name="act" value=act/>
            <Hidden name="back" value=back/>
            <button class="link-button" type="submit">{words}</button>
        </form>
    }
}

/// Answers, the people of the party, the guest's words and the workshop's own, in one line.
pub fn notes(locale: Locale, tour: &Tour, booking: &Booking, guests: &[Guest]) -> String {
    let mut parts: Vec<String> = words::answers(locale, tour, &booking.answers)
        .into_iter()
        .map(|(label, value)| words::said(locale, &label, &value))
        .collect();
    if !booking.extras.is_empty() {
        parts.insert(0, booking.extras.words(locale));
    }
    if booking.party.is_of_residents() {
        parts.insert(0, crate::t::price::see_papers(locale).to_owned());
    }
    parts.extend(guests.iter().map(|guest| party::in_short(locale, tour, guest)));
    parts.extend([booking.notes.clone(), booking.host_notes.clone()]);
    parts.retain(|part| !part.trim().is_empty());
    parts.join(" · ")
}

/// Seats of a slot: a number for everybody and a bar for the eye.
pub fn seats(locale: Locale, slot: &Slot) -> impl IntoView + use<> {
    let most = slot.capacity.max(slot.taken);
    let text = t::seats_of(locale, slot.capacity, slot.taken);
    view! {
        <p class="seats">
            {format!("{}/{} ", slot.taken, slot.capacity)}
            <meter min="0" max=most low=(most / 2).max(1) high=(most - 1).max(1) optimum="0" value=slot.taken>
                {text}
            </meter>
        </p>
    }
}

/// "máy móc đủ cho 3 người nữa", where what they need runs out before the seats do.
pub fn room(locale: Locale, slot: &Slot) -> Option<String> {
    let scarce = slot.status != SlotStatus::Cancelled && slot.free() < slot.capacity - slot.taken;
    scarce.then(|| t::room_for(locale, i64::from(slot.free())))
}
