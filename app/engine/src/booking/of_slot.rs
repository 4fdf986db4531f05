//! What happens to all bookings of a slot at once.

use super::cancel::{CancelByHost, cancel_by_host};
use super::error::BookingError;
use super::letters::{self, To};
use super::model::Booking;
use super::model::{Event, StateKind};
use super::{enquiry, query, store, waitlist};
use crate::accounts::Actor;
use crate::mail::{Letter, outbox};
use crate::store::{StoreError, Tx};
use crate::{SlotId, params};

/// Ends the bookings that can still be cancelled; answers how many. Who waits for a seat, or has
/// an offer that is still open, is told too.
pub(crate) async fn cancel_of_slot(
    tx: &mut Tx,
    actor: &Actor,
    slot: SlotId,
    reason: &str,
) -> Result<usize, BookingError> {
    waitlist::dissolve(tx, slot, reason).await?;
    let mut ended = 0;
    for booking in query::of_slot(tx, slot).await? {
        if booking.state.kind().allows(Event::Cancel) {
            let cancel = CancelByHost {
                actor: actor.clone(),
                booking: booking.id,
                reason: reason.to_owned(),
            };
            let was_offered = booking.state.kind() == StateKind::Held;
            let booking = cancel_by_host(tx, cancel).await?;
            if was_offered && let Some(enquiry) = enquiry::of_booking(tx, booking.id).await? {
                enquiry::slot_cancelled(tx, &enquiry, reason).await?;
            }
            ended += 1;
        }
    }
    Ok(ended)
}

/// The slot has another time: the guests' calendars hear of it. On another day the reminder is
/// due anew.
pub(crate) async fn follow_slot(
    tx: &mut Tx,
    slot: SlotId,
    other_day: bool,
) -> Result<(), BookingError> {
    for mut booking in query::of_slot(tx, slot).await? {
        if booking.state.kind() == StateKind::Confirmed {
            booking.sequence += 1;
            store::update(tx, &mut booking).await?;
            outbox::to_guest(tx, &booking, Letter::Change).await?;
        }
    }
    if other_day {
        tx.execute("UPDATE booking SET reminded_at = NULL WHERE slot_id = $1", params![slot])
            .await?;
    }
    Ok(())
}

/// One session of a run changed: the participants' calendars and those who booked hear of it, also
/// while the course is going on.
pub(crate) async fn tell_of_session(
    tx: &mut Tx,
    slot: SlotId,
    payload: &serde_json::Value,
) -> Result<(), BookingError> {
    for mut booking in query::of_slot(tx, slot).await? {
        if matches!(booking.state.kind(), StateKind::Confirmed | StateKind::CheckedIn) {
            booking.sequence += 1;
            store::update(tx, &mut booking).await?;
            let letter = Letter::SessionChange;
            let key = format!("{letter}:{}:{}", booking.id, booking.version);
            post(tx, &booking, letter, key, payload.clone()).await?;
        }
    }
    Ok(())
}

/// A certificate was issued to a participant of the booking.
pub(crate) async fn tell_of_certificate(
    tx: &mut Tx,
    booking: &Booking,
    code: &str,
    payload: serde_json::Value,
) -> Result<(), BookingError> {
    let letter = Letter::Certificate;
    post(tx, booking, letter, format!("{letter}:{code}"), payload).await?;
    Ok(())
}

async fn post(
    tx: &mut Tx,
    booking: &Booking,
    letter: Letter,
    key: String,
    payload: serde_json::Value,
) -> Result<(), StoreError> {
    let to = To { email: &booking.email, name: &booking.name, locale: booking.locale };
    let about = (Some(booking.id), Some(booking.workshop_id));
    letters::to_person(tx, to, letter, key, payload, about).await?;
    Ok(())
}

/// One letter to each guest whose booking of the slot counts.
pub(crate) async fn write_to_guests_of(
    tx: &mut Tx,
    slot: SlotId,
    letter: Letter,
) -> Result<(), BookingError> {
    for booking in query::of_slot(tx, slot).await? {
        if booking.state.kind() == StateKind::Confirmed {
            outbox::to_guest(tx, &booking, letter).await?;
        }
    }
    Ok(())
}
