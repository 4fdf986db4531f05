//! What went wrong and how things stand, in the host's words.

use chrono::NaiveDate;
use engine::Locale;
use engine::booking::checkin::CheckInError;
use engine::booking::{Booking, BookingError, EndedBy, PartyError, Source, State, StateKind};
use engine::catalogue::{QuestionKind, Tour, TourOption};
use engine::resource::ResourceKind;
use engine::schedule::{NoSeats, ScheduleError, Slot};

use super::resources;
use crate::error::PageError;
use crate::pages::visitor::{code, extras};
use crate::t::host as t;
use crate::t::resource;
use crate::t::state;
use crate::ui::format;
use crate::ui::summary::run_dates;

/// "2026-11-28" of a query or form.
pub fn date(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").ok()
}

/// The message for the host; an error that is none of theirs ends the request.
pub fn of_schedule(locale: Locale, error: ScheduleError) -> Result<String, PageError> {
    Ok(match error {
        ScheduleError::Store(error) => return Err(error.into()),
        ScheduleError::Forbidden(_) | ScheduleError::Unknown => return Err(PageError::NotFound),
        ScheduleError::Booking(error) => return of_booking(locale, error),
        ScheduleError::Seats(error) => return of_booking(locale, error.into()),
        ScheduleError::TooSmall { taken } => t::error_too_small(locale, taken),
        ScheduleError::Occupied => t::error_occupied(locale).to_owned(),
        ScheduleError::Past => t::error_past(locale).to_owned(),
        ScheduleError::Final => t::error_final(locale).to_owned(),
        ScheduleError::Fields(_) | ScheduleError::HitsBookings(_) => {
            t::error_fields(locale).to_owned()
        }
    })
}

/// "Giờ đó không còn đủ bàn xoay."
fn busy(locale: Locale, kind: ResourceKind) -> String {
    resource::busy(locale, resources::words::kind(locale, kind))
}

pub fn of_booking(locale: Locale, error: BookingError) -> Result<String, PageError> {
    Ok(match error {
        BookingError::Store(error) => return Err(error.into()),
        BookingError::Forbidden(_)
        | BookingError::Unknown
        | BookingError::Seats(NoSeats::Unknown) => return Err(PageError::NotFound),
        BookingError::Seats(NoSeats::Full { left }) => t::error_full(locale, i64::from(left)),
        BookingError::Seats(NoSeats::Busy(kind)) => busy(locale, kind),
        BookingError::Seats(NoSeats::Closed) => t::error_cancelled_slot(locale).to_owned(),
        BookingError::Party(PartyError::Empty) => t::error_nobody(locale).to_owned(),
        BookingError::Party(PartyError::NeedsAdult) => t::error_needs_adult(locale).to_owned(),
        BookingError::Party(_) => t::error_party(locale).to_owned(),
        BookingError::Fields(_) => t::error_fields(locale).to_owned(),
        BookingError::Extra(error) => extras::problem(locale, error).1,
        BookingError::Promo(error) => code::refusal(locale, &error),
        BookingError::State(state) => t::error_state(locale, state_word(locale, state)),
        BookingError::TooLate => t::error_too_late(locale).to_owned(),
        BookingError::Changed => t::error_changed(locale).to_owned(),
        BookingError::NotOnSale => t::error_not_on_sale(locale).to_owned(),
        // Said to guests alone.
        BookingError::OfPass => crate::t::pass::leg_alone(locale).to_owned(),
        BookingError::Resold => crate::t::reseller::resold(locale).to_owned(),
        BookingError::Contract(refusal) => {
            crate::pages::reseller::words::refusal(locale, refusal).to_owned()
        }
    })
}

pub fn of_check_in(locale: Locale, error: CheckInError) -> Result<String, PageError> {
    Ok(match error {
        CheckInError::Store(error) => return Err(error.into()),
        CheckInError::Forbidden(_) => return Err(PageError::NotFound),
        CheckInError::Booking(error) => return of_booking(locale, error),
        CheckInError::OtherDay(date) => t::error_other_day(locale, format::date(locale, date)),
        CheckInError::NotExpected(state) => t::error_state(locale, state_word(locale, state)),
        CheckInError::Count { of } => t::error_count(locale, of),
        CheckInError::NotBegun => t::error_not_begun(locale).to_owned(),
    })
}

/// Places that are kept but not booked: each offer with its name and deadline, and how many are
/// kept for guests who are filling in the form.
pub fn held(locale: Locale, bookings: &[Booking]) -> Vec<String> {
    let mut lines = Vec::new();
    let mut booking_now = 0;
    for booking in bookings {
        if let Some(offer) = offered(locale, booking) {
            lines.push(offer);
        } else if booking.state.kind() == StateKind::Held {
            booking_now += booking.seats;
        }
    }
    if booking_now > 0 {
        lines.push(t::held(locale, i64::from(booking_now)));
    }
    lines
}

/// Whom the places are offered to and until when, where the booking is an offer.
pub fn offered(locale: Locale, booking: &Booking) -> Option<String> {
    match (&booking.state, booking.source) {
        (State::Held { until }, Source::Enquiry | Source::Waitlist | Source::Overflow) => {
            let until = format::date_time(locale, *until);
            Some(t::offer_stands(locale, i64::from(booking.seats), &booking.name, until))
        }
        _ => None,
    }
}

/// "đã xác nhận", "cancelled".
pub fn state_word(locale: Locale, state: StateKind) -> &'static str {
    match state {
        StateKind::Held => state::held(locale),
        StateKind::AwaitingPayment => state::awaiting_payment(locale),
        StateKind::Confirmed => state::confirmed(locale),
        StateKind::CheckedIn => state::checked_in(locale),
        StateKind::NoShow => state::no_show(locale),
        StateKind::Cancelled => state::cancelled(locale),
        StateKind::Expired => state::expired(locale),
    }
}

/// The state with who ended it: "Khách hủy", "3 / 5 đã đến".
pub fn state(locale: Locale, state: &State, people: i32) -> String {
    match state {
        State::CheckedIn { arrived, .. } if *arrived < people => {
            t::arrived_of(locale, *arrived, people)
        }
        State::Cancelled { by: EndedBy::Guest, .. } => t::cancelled_by_guest(locale).to_owned(),
        State::Cancelled { by: EndedBy::Host, .. } => t::cancelled_by_host(locale).to_owned(),
        other => format::sentence(state_word(locale, other.kind())),
    }
}

/// Colour of a state's badge.
pub const fn tone(state: StateKind) -> &'static str {
    match state {
        StateKind::Confirmed | StateKind::CheckedIn => "celadon",
        StateKind::Held | StateKind::AwaitingPayment => "silk",
        StateKind::NoShow | StateKind::Cancelled | StateKind::Expired => "lacquer",
    }
}

pub fn source(locale: Locale, source: Source) -> &'static str {
    match source {
        Source::Web => t::source_web(locale),
        Source::Phone => t::source_phone(locale),
        Source::Enquiry => t::source_enquiry(locale),
        Source::Waitlist => t::source_waitlist(locale),
        Source::Overflow => t::source_overflow(locale),
        Source::Reseller => t::source_reseller(locale),
    }
}

/// A line of the log in words.
pub fn verb(locale: Locale, verb: &str) -> String {
    match verb {
        "booking.offer" => t::log_offer(locale).to_owned(),
        "booking.phone" => t::log_phone(locale).to_owned(),
        "booking.confirm" => t::log_confirm(locale).to_owned(),
        "booking.change_party" => t::log_party(locale).to_owned(),
        "booking.extras" => crate::t::audit::booking_extras(locale).to_owned(),
        "booking.move" => t::log_move(locale).to_owned(),
        "booking.cancel" => t::log_cancel(locale).to_owned(),
        "booking.pass_on" => t::log_pass_on(locale).to_owned(),
        "booking.passed" => t::log_passed(locale).to_owned(),
        "booking.check_in" => t::log_check_in(locale).to_owned(),
        "booking.no_show" => t::log_no_show(locale).to_owned(),
        "booking.undo_attendance" => t::log_undo(locale).to_owned(),
        "booking.attendance" => crate::t::course::log_attendance(locale).to_owned(),
        "booking.names" => crate::t::course::log_names(locale).to_owned(),
        "booking.await_payment" => crate::t::payment::log_await(locale).to_owned(),
        "payment.receive" => crate::t::payment::log_receive(locale).to_owned(),
        "payment.refund" => crate::t::payment::log_refund(locale).to_owned(),
        "payment.refund_account" => crate::t::payment::log_account(locale).to_owned(),
        "payment.invoice" => crate::t::payment::log_invoice(locale).to_owned(),
        "booking.note" => t::log_note(locale).to_owned(),
        other => other.to_owned(),
    }
}

/// Who did it: the guest, the workshop or the platform itself.
pub fn who(locale: Locale, actor: &str) -> &'static str {
    match actor {
        "guest" => t::by_guest(locale),
        "system" => t::by_system(locale),
        _ => t::by_host(locale),
    }
}

/// Answers to the tour's questions with their labels: ("Men", "Men ngọc").
pub fn answers(
    locale: Locale,
    tour: &Tour,
    answers: &engine::booking::AnswerMap,
) -> Vec<(String, String)> {
    answers
        .0
        .iter()
        .filter(|(_, value)| !value.trim().is_empty())
        .map(|(key, value)| {
            let question = tour.questions.0.iter().find(|question| question.key == *key);
            let label = question.map_or(key.as_str(), |question| question.label.text(locale));
            let choice = question
                .filter(|question| question.kind == QuestionKind::Choice)
                .and_then(|question| question.choices.iter().find(|choice| choice.value == *value));
            let value = choice.map_or(value.as_str(), |choice| choice.label.text(locale));
            (label.to_owned(), value.to_owned())
        })
        .collect()
}

/// "Men: Men ngọc"; "Bạn thuận tay nào? Tay trái".
pub fn said(locale: Locale, label: &str, value: &str) -> String {
    if label.ends_with(['?', '？']) {
        return format!("{label} {value}");
    }
    format::labelled(locale, label, value)
}

/// "Thứ Bảy 28/11, 09:00 · Bàn xoay, 60 phút".
pub fn slot_named(locale: Locale, slot: &Slot, option: &TourOption) -> String {
    format!(
        "{} · {}",
        format::day_at(
            locale,
            format::sentence(&format::day(locale, slot.local_date)),
            slot.starts_at
        ),
        option.title.text(locale)
    )
}

/// "Thứ Ba 24/11 09:00".
pub fn starts(locale: Locale, slot: &Slot) -> String {
    if slot.is_run() {
        return t::whole_course(locale, run_dates(locale, slot));
    }
    format!(
        "{} {}",
        format::sentence(&format::day(locale, slot.local_date)),
        format::time(locale, slot.starts_at)
    )
}
