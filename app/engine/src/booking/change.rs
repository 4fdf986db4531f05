//! Changing a booking: who comes, and when. Seats move in the same transaction.

use std::sync::Arc;

use serde_json::json;

use super::confirm::announce;
use super::error::BookingError;
use super::model::{Booking, Event, StateKind};
use super::party::Party;
use super::{hold, store};
use crate::accounts::{Actor, audit};
use crate::catalogue::{Catalogue, Sharing, Tour, TourOption};
use crate::mail::Letter;
use crate::schedule::{NoSeats, RunState, Slot, slots};
use crate::store::Tx;
use crate::{BookingId, SlotId, UnitId};

/// Another number of people for the same slot.
#[derive(Debug, Clone)]
pub struct ChangeParty {
    pub catalogue: Arc<Catalogue>,
    pub actor: Actor,
    pub booking: BookingId,
    pub wanted: Vec<(UnitId, u32)>,
}

/// Takes or gives back the difference of seats; prices follow [`Party::keeping_prices_of`].
pub async fn change_party(tx: &mut Tx, command: ChangeParty) -> Result<Booking, BookingError> {
    let mut booking = store::load_for(tx, command.booking, Event::Change).await?;
    if command.actor != Actor::Guest {
        command.actor.must_serve(booking.workshop_id)?;
    }
    let slot = open_slot(tx, &booking, &command.actor).await?;
    let (tour, option) =
        command.catalogue.option(booking.option_id).ok_or(BookingError::NotOnSale)?;
    let party = match command.actor {
        Actor::Guest => Party::new(tour, option, &command.wanted)?,
        Actor::Person(_) | Actor::System => Party::of_any_size(option, &command.wanted)?,
    }
    .keeping_prices_of(&booking.party);
    if party == booking.party {
        return Ok(booking);
    }
    if tour.sharing == Sharing::Shared {
        let more = party.seats() - booking.seats;
        if more > 0 {
            hold::take(tx, &slot, more, false).await?;
        } else if more < 0 {
            let beyond = booking.over_capacity.min(-more);
            slots::release_seats(tx, slot.id, -more, beyond).await?;
            booking.over_capacity -= beyond;
        }
        booking.seats = party.seats();
    } else if party.seats() > slot.capacity {
        return Err(NoSeats::Full { left: slot.capacity }.into());
    }
    let was = booking.people;
    booking.people = party.people();
    booking.total = party.total();
    booking.party = party;
    finish(tx, booking, &command.actor, "booking.change_party", json!({ "people_before": was }))
        .await
}

/// Another slot of the same tour.
#[derive(Debug, Clone)]
pub struct Move {
    pub catalogue: Arc<Catalogue>,
    pub actor: Actor,
    pub booking: BookingId,
    pub to: SlotId,
}

/// Moves a booking: the new seats are taken before the old ones are given back, all or nothing.
pub async fn reschedule(tx: &mut Tx, command: Move) -> Result<Booking, BookingError> {
    let mut booking = store::load_for(tx, command.booking, Event::Change).await?;
    if command.actor != Actor::Guest {
        command.actor.must_serve(booking.workshop_id)?;
    }
    open_slot(tx, &booking, &command.actor).await?;
    if command.to == booking.slot_id {
        return Ok(booking);
    }
    let target = slots::find(tx, command.to).await?.ok_or(NoSeats::Unknown)?;
    if target.tour_id != booking.tour_id {
        return Err(NoSeats::Unknown.into());
    }
    let (tour, option) =
        command.catalogue.option(target.option_id).ok_or(BookingError::NotOnSale)?;
    if target.option_id != booking.option_id {
        booking.party = same_party(tour, option, &booking.party)?;
        booking.people = booking.party.people();
        booking.total = booking.party.total();
    }
    let whole = tour.sharing == Sharing::Private;
    let (target, seats) = hold::take(tx, &target, booking.party.seats(), whole).await?;
    slots::release_seats(tx, booking.slot_id, booking.seats, booking.over_capacity).await?;
    let from = booking.slot_id;
    booking.seats = seats;
    booking.over_capacity = 0;
    booking.slot_id = target.id;
    booking.option_id = target.option_id;
    finish(tx, booking, &command.actor, "booking.move", json!({ "from_slot": from })).await
}

/// Writes the change, tells guest and host when the booking counts already.
async fn finish(
    tx: &mut Tx,
    mut booking: Booking,
    actor: &Actor,
    verb: &'static str,
    detail: serde_json::Value,
) -> Result<Booking, BookingError> {
    let told = booking.state.kind() == StateKind::Confirmed;
    if told {
        booking.sequence += 1;
    }
    store::update(tx, &mut booking).await?;
    if told {
        announce(tx, &booking, Letter::Change, Letter::HostChange).await?;
    }
    audit::record(tx, actor, verb, &booking.code, Some(booking.workshop_id), detail).await?;
    Ok(booking)
}

/// The booking's slot, if the actor may still change something about it.
async fn open_slot(tx: &mut Tx, booking: &Booking, actor: &Actor) -> Result<Slot, BookingError> {
    let slot = slots::find(tx, booking.slot_id).await?.ok_or(BookingError::Unknown)?;
    // Guests asked about a slot below its minimum may still move away from it.
    let until =
        if slot.run_state == RunState::GuestsAsked { slot.starts_at } else { slot.closes_at };
    if *actor == Actor::Guest && until <= tx.now() {
        return Err(BookingError::TooLate);
    }
    Ok(slot)
}

/// The same people at another option's prices.
fn same_party(tour: &Tour, option: &TourOption, party: &Party) -> Result<Party, BookingError> {
    let wanted: Option<Vec<_>> = party
        .lines()
        .iter()
        .map(|line| {
            let unit = option.open_units().find(|unit| unit.kind == line.kind)?;
            Some((unit.id, line.quantity))
        })
        .collect();
    let wanted = wanted.ok_or(super::party::PartyError::UnknownUnit)?;
    Ok(Party::new(tour, option, &wanted)?)
}
