//! Changing a booking: who comes, and when. Seats move in the same transaction.

use std::sync::Arc;

use serde_json::json;

use super::confirm::confirm_paid;
use super::disruption::{self, CaseState};
use super::error::BookingError;
use super::model::{Booking, Event, StateKind};
use super::party::{Party, PartyError};
use super::{hold, letters, overflow, store, waitlist};
use crate::accounts::{Actor, audit};
use crate::catalogue::{Catalogue, Sharing, TourOption};
use crate::mail::Letter;
use crate::payment;
use crate::schedule::slots::{self, Seats};
use crate::schedule::{NoSeats, RunState, Slot};
use crate::store::Tx;
use crate::{BookingId, SlotId, UnitId, params};

/// Another number of people for the same slot.
#[derive(Debug, Clone)]
pub struct ChangeParty {
    pub catalogue: Arc<Catalogue>,
    pub actor: Actor,
    pub booking: BookingId,
    pub wanted: Vec<(UnitId, u32)>,
    /// What guests say of themselves while seats are only kept; None: as before.
    pub residents: Option<bool>,
    /// The host knows that this goes beyond the capacity. Means nothing for a guest.
    pub over: bool,
}

/// Takes or gives back the difference of seats; prices follow [`Party::changed`].
pub async fn change_party(tx: &mut Tx, command: ChangeParty) -> Result<Booking, BookingError> {
    store::must_stand_alone(tx, &command.actor, command.booking).await?;
    change_party_of_any(tx, command).await
}

/// The same for legs of passes too.
pub(crate) async fn change_party_of_any(
    tx: &mut Tx,
    command: ChangeParty,
) -> Result<Booking, BookingError> {
    let mut booking = store::load_for(tx, &command.actor, command.booking, Event::Change).await?;
    let slot = open_slot(tx, &booking, &command.actor).await?;
    let (tour, option) = store::sold(&command.catalogue, &slot, booking.created_at)?;
    let option = store::priced_for(tx, &booking, option).await?;
    let afresh = command.residents.filter(|residents| {
        booking.state.kind() == StateKind::Held && *residents != booking.party.is_of_residents()
    });
    let party = match command.actor {
        Actor::Guest if let Some(residents) = afresh => {
            Party::new(tour, &option.for_residents(residents), &command.wanted)?
        }
        Actor::Guest | Actor::Reseller(_) => {
            Party::changed(tour, &option, &booking.party, &command.wanted)?
        }
        Actor::Person(_) | Actor::System => {
            Party::changed_to_any_size(&option, &booking.party, &command.wanted)?
        }
    };
    if booking.party.is_wish(&command.wanted) && afresh.is_none() {
        return Ok(booking);
    }
    let off = store::percent_off(tx, &booking).await?;
    let party = party.less_beside(&booking.party, off);
    let more = match tour.sharing {
        // Takes no seats, however many come.
        _ if booking.test => 0,
        Sharing::Shared => party.seats() - booking.seats,
        // A private slot is the party's whole, however many come.
        Sharing::Private => (party.seats() - booking.seats).max(0),
    };
    if more > 0 {
        let taken = hold::take_for(tx, &command.actor, slot.id, more, false, command.over).await?;
        booking.over_capacity += taken.beyond;
    } else if more < 0 {
        let beyond = booking.over_capacity.min(-more);
        let back = Seats { taken: -more, heads: -more, beyond };
        slots::release_seats(tx, slot.id, back).await?;
        booking.over_capacity -= beyond;
    }
    // A private party sits on more or fewer of the seats that it has.
    let heads = party.seats() - booking.party.seats() - more;
    if booking.test {
        hold::take_for(tx, &command.actor, slot.id, party.seats(), false, false).await?;
    } else if heads != 0 {
        slots::recount(tx, slot.id, heads).await??;
    }
    booking.seats += more;
    let detail = json!({
        "people_before": booking.people,
        "people": party.people(),
        "over_capacity": booking.over_capacity,
    });
    booking = booking.with_party(party, &tour.extras);
    let paid = payment::follow(tx, &mut booking, &slot).await?;
    let booking = finish(tx, booking, &command.actor, "booking.change_party", detail).await?;
    let booking = count_if(tx, &command.catalogue, booking, paid).await?;
    if more < 0 {
        waitlist::offer_seats(tx, slot.id).await?;
    }
    Ok(booking)
}

/// Another slot of the same tour.
#[derive(Debug, Clone)]
pub struct Move {
    pub catalogue: Arc<Catalogue>,
    pub actor: Actor,
    pub booking: BookingId,
    pub to: SlotId,
    /// The host knows that this goes beyond the capacity. Means nothing for a guest.
    pub over: bool,
}

/// Moves a booking: the new seats are taken before the old ones are given back, all or nothing.
pub async fn reschedule(tx: &mut Tx, command: Move) -> Result<Booking, BookingError> {
    store::must_stand_alone(tx, &command.actor, command.booking).await?;
    reschedule_any(tx, command).await
}

/// The same for legs of passes too.
pub(crate) async fn reschedule_any(tx: &mut Tx, command: Move) -> Result<Booking, BookingError> {
    rebook(tx, command, None).await
}

/// The same for a travel company, which may change who comes, and the tour, in one go.
pub(crate) async fn rebook(
    tx: &mut Tx,
    command: Move,
    wanted: Option<&[(UnitId, u32)]>,
) -> Result<Booking, BookingError> {
    let mut booking = store::load_for(tx, &command.actor, command.booking, Event::Change).await?;
    let before = booking.kept_seats();
    if command.to == booking.slot_id {
        return Ok(booking);
    }
    let left = open_slot(tx, &booking, &command.actor).await?;
    let target = slots::find(tx, command.to).await?.ok_or(NoSeats::Unknown)?;
    let other_tour = target.tour_id != booking.tour_id;
    if other_tour && wanted.is_none_or(|_| target.workshop_id != booking.workshop_id) {
        return Err(NoSeats::Unknown.into());
    }
    if target.is_over(tx.now()) {
        return Err(BookingError::TooLate);
    }
    let sold = |slot| store::sold(&command.catalogue, slot, booking.created_at);
    let (tour, option) = sold(&target)?;
    let other_price = !sold(&left).is_ok_and(|(_, before)| same_prices(&before, &option));
    let option = store::priced_for(tx, &booking, option).await?;
    let by_wish = command.actor.buys()
        && left.run_state != RunState::GuestsAsked
        && disruption::open_case(tx, booking.id).await?.is_none();
    if let Some(wanted) = wanted {
        booking.party = Party::new(tour, &option, wanted)?;
    } else if target.option_id != booking.option_id {
        let off = store::percent_off(tx, &booking).await?;
        booking.party = same_people(&option, &booking.party)?.less(off);
    } else if other_price {
        // Who moves by their own wish pays what the other day costs; whom a workshop moves, never more.
        let off = store::percent_off(tx, &booking).await?;
        booking.party = booking.party.repriced(&option, off, by_wish);
    }
    if by_wish {
        booking.keep_code_on(target.local_date);
    }
    booking.count();
    let whole = tour.sharing == Sharing::Private;
    let seats = booking.party.seats();
    let taken = hold::take_for(tx, &command.actor, target.id, seats, whole, command.over).await?;
    slots::release_seats(tx, booking.slot_id, before).await?;
    let from = booking.slot_id;
    booking.seats = taken.seats;
    booking.over_capacity = taken.beyond;
    booking.slot_id = taken.slot.id;
    booking.option_id = taken.slot.option_id;
    if other_tour {
        booking.tour_id = taken.slot.tour_id;
        booking.policy = tour.policy;
    }
    let detail = json!({ "from_slot": from, "over_capacity": booking.over_capacity });
    let paid = payment::follow(tx, &mut booking, &taken.slot).await?;
    let booking = finish(tx, booking, &command.actor, "booking.move", detail).await?;
    let booking = count_if(tx, &command.catalogue, booking, paid).await?;
    // The day before the new date is a day to remind of.
    disruption::answered(tx, booking.id, CaseState::Moved).await?;
    tx.execute_one("UPDATE booking SET reminded_at = NULL WHERE id = $1", params![booking.id])
        .await?;
    waitlist::offer_seats(tx, from).await?;
    Ok(booking)
}

/// Whether one who comes alone pays the same for each unit type.
fn same_prices(one: &TourOption, other: &TourOption) -> bool {
    let prices = |option: &TourOption| {
        option.open_units().map(|unit| (unit.id, unit.price)).collect::<Vec<_>>()
    };
    prices(one) == prices(other)
}

/// A booking that waited for money and has become cheaper may be paid by now.
pub(super) async fn count_if(
    tx: &mut Tx,
    catalogue: &Catalogue,
    booking: Booking,
    paid: bool,
) -> Result<Booking, BookingError> {
    if paid { confirm_paid(tx, catalogue, booking.id).await } else { Ok(booking) }
}

/// Writes the change, tells guest and host when the booking counts already.
pub(super) async fn finish(
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
    payment::back_to_cards(tx, &booking).await?;
    if told {
        letters::announce_by(tx, actor, &booking, Letter::Change, Letter::HostChange).await?;
        overflow::let_go(tx, booking.id).await?;
    }
    audit::record(tx, actor, verb, &booking.code, Some(booking.workshop_id), detail).await?;
    Ok(booking)
}

/// The booking's slot, if the actor may still change something about it.
pub(super) async fn open_slot(
    tx: &mut Tx,
    booking: &Booking,
    actor: &Actor,
) -> Result<Slot, BookingError> {
    let slot = slots::find(tx, booking.slot_id).await?.ok_or(BookingError::Unknown)?;
    // Guests asked about a slot below its minimum may still move away from it.
    let until =
        if slot.run_state == RunState::GuestsAsked { slot.starts_at } else { slot.closes_at };
    if actor.buys() && until <= tx.now() {
        return Err(BookingError::TooLate);
    }
    Ok(slot)
}

/// The same people at another option's prices; what was agreed with a group stays agreed.
pub(super) fn same_people(option: &TourOption, party: &Party) -> Result<Party, PartyError> {
    if party.is_group() {
        return Ok(party.clone());
    }
    let wanted: Option<Vec<_>> = party
        .lines()
        .iter()
        .map(|line| {
            let unit = option.open_units().find(|unit| unit.kind == line.kind)?;
            Some((unit.id, line.quantity))
        })
        .collect();
    // The party was let in once; the tour's limits are not asked again.
    Party::of_any_size(option, &wanted.ok_or(PartyError::UnknownUnit)?)
}
