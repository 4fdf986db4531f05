//! Ending a booking before the visit.

use serde_json::json;

use super::disruption::{self, CaseState};
use super::error::BookingError;
use super::model::{Booking, EndedBy, Event, State, StateKind};
use super::{enquiry, letters, overflow, store, waitlist};
use crate::BookingId;
use crate::accounts::{Actor, Forbidden, Seller, audit};
use crate::catalogue::Policy;
use crate::mail::{Letter, outbox};
use crate::payment;
use crate::schedule::{RunState, Slot, slots};
use crate::store::{Conn, StoreError, Tx};

/// Per cent of the price that a guest gets back when cancelling now: all of it when the workshop
/// has asked whether the slot should run with so few.
pub fn refund_now(policy: Policy, slot: &Slot, now: chrono::DateTime<chrono::Utc>) -> u8 {
    if slot.run_state == RunState::GuestsAsked {
        return 100;
    }
    policy.refund_percent((slot.starts_at - now).num_hours())
}

/// The same for a booking: on a bad day of the workshop everything comes back.
pub async fn refund_of(
    conn: &mut Conn,
    booking: &Booking,
    slot: &Slot,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<u8, StoreError> {
    let bad_day = disruption::open_case(conn, booking.id).await?.is_some();
    Ok(if bad_day { 100 } else { refund_now(booking.policy, slot, now) })
}

#[derive(Debug, Clone)]
pub struct CancelByGuest {
    pub booking: BookingId,
    pub reason: String,
}

/// The guest cancels under the policy they booked with, up to the start of the slot. Cancelling twice
/// answers the cancelled booking unchanged.
pub async fn cancel_by_guest(tx: &mut Tx, command: CancelByGuest) -> Result<Booking, BookingError> {
    store::must_stand_alone(tx, &Actor::Guest, command.booking).await?;
    cancel_any(tx, command).await
}

/// The same for legs of passes too.
pub(crate) async fn cancel_any(
    tx: &mut Tx,
    command: CancelByGuest,
) -> Result<Booking, BookingError> {
    let booking = store::load(tx, &Actor::Guest, command.booking).await?;
    if booking.state.kind() == StateKind::Cancelled {
        return Ok(booking);
    }
    let slot = slots::find(tx, booking.slot_id).await?.ok_or(BookingError::Unknown)?;
    if slot.starts_at <= tx.now() {
        return Err(BookingError::TooLate);
    }
    // Whichever button is pressed.
    let now = tx.now();
    let refund_percent = refund_of(tx, &booking, &slot, now).await?;
    end(tx, booking, &Actor::Guest, EndedBy::Guest, command.reason, refund_percent).await
}

/// A travel company cancels for its guest, on the terms that it booked with. What only kept seats
/// costs nothing; of what counts it gives notice, or says that it knows that nothing comes back.
#[derive(Debug, Clone)]
pub struct CancelResold {
    pub seller: Seller,
    pub booking: BookingId,
    pub reason: String,
    pub knowingly: bool,
}

/// Cancelling twice answers the cancelled booking unchanged.
pub async fn cancel_resold(tx: &mut Tx, command: CancelResold) -> Result<Booking, BookingError> {
    let actor = Actor::Reseller(command.seller);
    let booking = store::load(tx, &actor, command.booking).await?;
    if booking.state.kind() == StateKind::Cancelled {
        return Ok(booking);
    }
    let slot = slots::find(tx, booking.slot_id).await?.ok_or(BookingError::Unknown)?;
    let now = tx.now();
    if booking.ran_out(now) {
        return Err(BookingError::State(StateKind::Expired));
    }
    let refund_percent = match booking.state {
        State::Held { .. } => 100,
        _ if slot.starts_at <= now => return Err(BookingError::TooLate),
        _ => refund_of(tx, &booking, &slot, now).await?,
    };
    if refund_percent == 0 && !command.knowingly {
        return Err(BookingError::TooLate);
    }
    end(tx, booking, &actor, EndedBy::Guest, command.reason, refund_percent).await
}

#[derive(Debug, Clone)]
pub struct CancelByHost {
    pub actor: Actor,
    pub booking: BookingId,
    pub reason: String,
}

/// The host (or a worker) cancels: the guest gets everything back.
pub async fn cancel_by_host(tx: &mut Tx, command: CancelByHost) -> Result<Booking, BookingError> {
    if command.actor.buys() {
        return Err(Forbidden.into());
    }
    let booking = store::load(tx, &command.actor, command.booking).await?;
    if booking.state.kind() == StateKind::Cancelled {
        return Ok(booking);
    }
    let by = match command.actor {
        Actor::System => EndedBy::System,
        Actor::Person(_) | Actor::Reseller(_) | Actor::Guest => EndedBy::Host,
    };
    end(tx, booking, &command.actor, by, command.reason, 100).await
}

/// Longest reason kept, in characters.
const MAX_REASON: usize = 500;

pub(super) async fn end(
    tx: &mut Tx,
    mut booking: Booking,
    actor: &Actor,
    by: EndedBy,
    reason: String,
    refund_percent: u8,
) -> Result<Booking, BookingError> {
    let was = booking.state.kind();
    if !was.allows(Event::Cancel) {
        return Err(BookingError::State(was));
    }
    let told = was == StateKind::Confirmed;
    let awaited = was == StateKind::AwaitingPayment;
    // What came of a sum that never was complete goes back whole: the booking did not count yet.
    let refund_percent = if awaited { 100 } else { refund_percent };
    if told {
        booking.sequence += 1;
    }
    let back = booking.kept_seats();
    booking.over_capacity = 0;
    let reason = reason.trim().chars().take(MAX_REASON).collect();
    booking.state = State::Cancelled { by, at: tx.now(), reason, refund_percent };
    store::update(tx, &mut booking).await?;
    slots::release_seats(tx, booking.slot_id, back).await?;
    payment::back_to_cards(tx, &booking).await?;
    if told {
        letters::announce_by(tx, actor, &booking, Letter::Cancellation, Letter::HostCancellation)
            .await?;
    } else if awaited {
        // The workshop has not heard of it before.
        outbox::to_guest(tx, &booking, Letter::Cancellation).await?;
    }
    audit::record(
        tx,
        actor,
        "booking.cancel",
        &booking.code,
        Some(booking.workshop_id),
        json!({ "refund_percent": refund_percent }),
    )
    .await?;
    disruption::answered(tx, booking.id, CaseState::Refunded).await?;
    waitlist::finish_offer(tx, &booking).await?;
    enquiry::finish_offer(tx, &booking).await?;
    overflow::finish_offer(tx, &booking).await?;
    if told {
        overflow::let_go(tx, booking.id).await?;
    }
    waitlist::offer_seats(tx, booking.slot_id).await?;
    Ok(booking)
}
