//! A hold that ran out is taken again, with all that was typed.

use std::sync::Arc;

use chrono::TimeDelta;

use super::error::BookingError;
use super::model::{Booking, Source, State, StateKind};
use super::{hold, query, store, waitlist};
use crate::accounts::Actor;
use crate::catalogue::{Catalogue, Sharing};
use crate::schedule::{NoSeats, slots};
use crate::store::Tx;
use crate::{BookingId, SlotId};

#[derive(Debug, Clone)]
pub struct Renew {
    pub catalogue: Arc<Catalogue>,
    pub booking: BookingId,
    /// The same slot, or another one of the same option.
    pub slot: SlotId,
    pub minutes: i64,
}

/// Longest that a travel company keeps seats without a guest who takes them, counted from the hold.
const LONGEST: TimeDelta = TimeDelta::hours(24);

/// Keeps the seats of a travel company's hold for so many minutes from now, or from when they would
/// go back if that is sooner; a day in all at most, and never beyond the cut-off.
pub(crate) async fn extend(
    tx: &mut Tx,
    actor: &Actor,
    booking: BookingId,
    minutes: i64,
) -> Result<Booking, BookingError> {
    let mut booking = store::load(tx, actor, booking).await?;
    let State::Held { until } = booking.state else {
        return Err(BookingError::State(booking.state.kind()));
    };
    if booking.ran_out(tx.now()) {
        return Err(BookingError::State(StateKind::Expired));
    }
    let slot = slots::find(tx, booking.slot_id).await?.ok_or(BookingError::Unknown)?;
    let asked = tx.now() + TimeDelta::minutes(minutes);
    let longest = (booking.created_at + LONGEST).min(slot.closes_at);
    let asked = asked.min(longest);
    if asked <= until {
        return Err(BookingError::TooLate);
    }
    booking.state = State::Held { until: asked };
    store::update(tx, &mut booking).await?;
    Ok(booking)
}

/// Takes the seats of an expired booking again. A hold that has not run out is answered
/// unchanged: nobody keeps seats longer by asking twice.
pub async fn renew(tx: &mut Tx, command: Renew) -> Result<Booking, BookingError> {
    let mut booking = query::by_id(tx, command.booking).await?.ok_or(BookingError::Unknown)?;
    let now = tx.now();
    let until = now + TimeDelta::minutes(command.minutes);
    if matches!(booking.source, Source::Enquiry | Source::Reseller) {
        return Err(BookingError::State(booking.state.kind()));
    }
    match booking.state {
        State::Held { until } if now < until => return Ok(booking),
        // Ran out, but no worker came yet: the seats are still this booking's.
        State::Held { .. } if command.slot == booking.slot_id => {
            booking.state = State::Held { until };
            store::update(tx, &mut booking).await?;
            return Ok(booking);
        }
        State::Held { .. } => {
            slots::release_seats(tx, booking.slot_id, booking.kept_seats()).await?;
            waitlist::offer_seats(tx, booking.slot_id).await?;
        }
        State::Expired { .. } => {}
        _ => return Err(BookingError::State(booking.state.kind())),
    }
    let slot = slots::find(tx, command.slot).await?.ok_or(NoSeats::Unknown)?;
    if slot.option_id != booking.option_id {
        return Err(NoSeats::Unknown.into());
    }
    let (tour, option) = store::sold(&command.catalogue, &slot, booking.created_at)?;
    let option = option.for_residents(booking.party.is_of_residents());
    if !tour.published || !option.active {
        return Err(BookingError::NotOnSale);
    }
    let whole = tour.sharing == Sharing::Private;
    let (slot, seats) = hold::take(tx, slot.id, booking.party.seats(), whole).await?;
    if slot.id != booking.slot_id {
        booking.party = booking.party.repriced(&option, 0, true);
        booking.keep_code_on(slot.local_date);
        booking.count();
    }
    booking.slot_id = slot.id;
    booking.seats = seats;
    booking.over_capacity = 0;
    booking.state = State::Held { until };
    store::update(tx, &mut booking).await?;
    Ok(booking)
}
