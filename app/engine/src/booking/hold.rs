//! Keeping seats while the guest fills in the form.

use std::sync::Arc;

use chrono::TimeDelta;

use super::change::{ChangeParty, change_party};
use super::error::BookingError;
use super::model::{AnswerMap, Booking, Source, State, StateKind};
use super::party::Party;
use super::{expire, query, store, waitlist};
use crate::accounts::{Actor, Seller};
use crate::catalogue::{Catalogue, Policy, Sharing};
use crate::price;
use crate::reseller::{self, allotment};
use crate::schedule::{NoSeats, Slot, SlotStatus, slots};
use crate::store::Tx;
use crate::{BookingId, Locale, PassBookingId, SlotId, UnitId};

/// A guest wants these seats.
#[derive(Debug, Clone)]
pub struct Hold {
    /// The catalogue whose prices the guest saw.
    pub catalogue: Arc<Catalogue>,
    pub slot: SlotId,
    pub wanted: Vec<(UnitId, u32)>,
    /// They say that they live in Việt Nam; asked where it makes a difference.
    pub residents: bool,
    pub locale: Locale,
    /// Made with the form; the same key gives the same booking.
    pub form_key: String,
    pub minutes: i64,
}

/// Takes the seats and answers a held booking. The same form sent again gives the same booking;
/// with another party (the guest went back and corrected it) the hold follows.
pub async fn hold(tx: &mut Tx, command: Hold) -> Result<Booking, BookingError> {
    hold_as(tx, command, Terms::Usual).await
}

/// On what terms seats are kept.
enum Terms<'a> {
    Usual,
    Pass(OfPass),
    Contract(&'a Seller, &'a reseller::Terms),
}

/// The pass of which a booking is to be a leg.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OfPass {
    pub booking: PassBookingId,
    pub percent_off: u8,
}

/// The same at the prices of a pass.
pub(crate) async fn hold_leg(
    tx: &mut Tx,
    command: Hold,
    pass: OfPass,
) -> Result<Booking, BookingError> {
    hold_as(tx, command, Terms::Pass(pass)).await
}

/// The same for a travel company, at its net prices and out of the seats that are kept for it.
pub(crate) async fn hold_resold(
    tx: &mut Tx,
    command: Hold,
    seller: &Seller,
    terms: &reseller::Terms,
) -> Result<Booking, BookingError> {
    hold_as(tx, command, Terms::Contract(seller, terms)).await
}

async fn hold_as(tx: &mut Tx, command: Hold, terms: Terms<'_>) -> Result<Booking, BookingError> {
    if let Some(booking) = query::by_form_key(tx, &command.form_key).await? {
        return match terms {
            Terms::Usual | Terms::Pass(_) => hold_again(tx, booking, command).await,
            // What a company asked for under the same name it compares itself.
            Terms::Contract(..) => Ok(booking),
        };
    }
    let slot = slots::find(tx, command.slot).await?.ok_or(NoSeats::Unknown)?;
    let (tour, option) = store::sold(&command.catalogue, &slot, tx.now())?;
    let option = option.for_residents(command.residents);
    if !tour.published || !option.active || tour.by_application() {
        return Err(BookingError::NotOnSale);
    }
    let party = match terms {
        Terms::Usual => Party::new(tour, &option, &command.wanted)?,
        Terms::Pass(pass) => Party::new(tour, &option, &command.wanted)?.less(pass.percent_off),
        Terms::Contract(_, terms) => Party::new(tour, &terms.net(&option), &command.wanted)?,
    };
    let whole = tour.sharing == Sharing::Private;
    let actor = match terms {
        Terms::Usual | Terms::Pass(_) => Actor::Guest,
        Terms::Contract(seller, _) => Actor::Reseller(seller.clone()),
    };
    let (slot, seats) = match take_for(tx, &actor, slot.id, party.seats(), whole, false).await {
        Ok(taken) => (taken.slot, taken.seats),
        // Perhaps it was this very form, sent twice at once, that took the last seats.
        Err(error @ BookingError::Seats(_)) => {
            return query::by_form_key(tx, &command.form_key).await?.ok_or(error);
        }
        Err(error) => return Err(error),
    };
    let until = tx.now() + TimeDelta::minutes(command.minutes);
    let promise = Promise { party, policy: tour.policy };
    let mut booking =
        new_booking(tx, &slot, promise, seats, Source::Web, command.locale, State::Held { until });
    match terms {
        Terms::Usual => {}
        Terms::Pass(pass) => booking.pass_booking_id = Some(pass.booking),
        Terms::Contract(seller, _) => {
            booking.source = Source::Reseller;
            booking.contract_id = Some(seller.contract);
            booking.test = seller.test;
        }
    }
    if store::insert(tx, &mut booking, &command.form_key).await? {
        return Ok(booking);
    }
    slots::release_seats(tx, slot.id, booking.kept_seats()).await?;
    query::by_form_key(tx, &command.form_key).await?.ok_or(BookingError::Unknown)
}

async fn hold_again(tx: &mut Tx, booking: Booking, command: Hold) -> Result<Booking, BookingError> {
    let same = booking.party.is_wish(&command.wanted)
        && booking.party.is_of_residents() == command.residents;
    if booking.state.kind() != StateKind::Held || same {
        return Ok(booking);
    }
    let change = ChangeParty {
        catalogue: command.catalogue,
        actor: Actor::Guest,
        booking: booking.id,
        wanted: command.wanted,
        residents: Some(command.residents),
        over: false,
    };
    change_party(tx, change).await
}

/// Takes seats; where none are left, first frees those of holds that ran out, so that nobody
/// is refused because a worker is a few seconds late. Who waits in line for them comes first.
pub(super) async fn take(
    tx: &mut Tx,
    slot: SlotId,
    seats: i32,
    whole: bool,
) -> Result<(Slot, i32), BookingError> {
    take_beside(tx, slot, seats, whole, 0).await
}

/// The same; `own` of the seats are kept for whoever takes them.
async fn take_beside(
    tx: &mut Tx,
    slot: SlotId,
    seats: i32,
    whole: bool,
    own: i32,
) -> Result<(Slot, i32), BookingError> {
    match slots::take_seats_kept(tx, slot, seats, whole, own).await? {
        Err(full @ NoSeats::Full { .. }) => {
            let released = allotment::release_slot(tx, slot).await?;
            if expire::expire_slot(tx, slot).await? == 0 && !released {
                return Err(full.into());
            }
            waitlist::offer_seats(tx, slot).await?;
            Ok(slots::take_seats_kept(tx, slot, seats, whole, own).await??)
        }
        taken => Ok(taken?),
    }
}

/// Seats that somebody took.
pub(super) struct Taken {
    pub slot: Slot,
    pub seats: i32,
    /// Those of them that are over the capacity.
    pub beyond: i32,
}

/// Takes seats for whoever acts: a guest within the rules, a host also after the cut-off, in a
/// closed slot and, knowing it (`over`), beyond the capacity.
pub(super) async fn take_for(
    tx: &mut Tx,
    actor: &Actor,
    slot: SlotId,
    seats: i32,
    whole: bool,
    over: bool,
) -> Result<Taken, BookingError> {
    match actor {
        Actor::Guest => {
            let (slot, seats) = take(tx, slot, seats, whole).await?;
            return Ok(Taken { slot, seats, beyond: 0 });
        }
        Actor::Reseller(seller) if seller.test => {
            let slot = would_take(tx, slot, seats, whole).await?;
            return Ok(Taken { slot, seats: 0, beyond: 0 });
        }
        Actor::Reseller(seller) => {
            let own =
                if whole { 0 } else { allotment::draw(tx, seller.contract, slot, seats).await? };
            let taken = take_beside(tx, slot, seats, whole, own).await;
            if taken.is_err() {
                allotment::put_back(tx, seller.contract, slot, own).await?;
            }
            let (slot, seats) = taken?;
            return Ok(Taken { slot, seats, beyond: 0 });
        }
        Actor::Person(_) | Actor::System => {}
    }
    let taken = match slots::take_seats_as_host(tx, slot, seats, whole, false).await? {
        Err(NoSeats::Full { .. }) => {
            expire::expire_slot(tx, slot).await?;
            slots::take_seats_as_host(tx, slot, seats, whole, over).await?
        }
        taken => taken,
    };
    let (slot, seats, beyond) = taken?;
    Ok(Taken { slot, seats, beyond })
}

/// Whether the seats could be had, for who only tries.
async fn would_take(
    tx: &mut Tx,
    slot: SlotId,
    seats: i32,
    whole: bool,
) -> Result<Slot, BookingError> {
    let slot = slots::find(tx, slot).await?.ok_or(NoSeats::Unknown)?;
    let now = tx.now();
    if slot.status != SlotStatus::Open || slot.closes_at <= now {
        return Err(NoSeats::Closed.into());
    }
    let sharing = if whole { Sharing::Private } else { Sharing::Shared };
    match slot.left_for(sharing, now) {
        left if left < seats => Err(NoSeats::Full { left }.into()),
        _ => Ok(slot),
    }
}

/// What a booking keeps whatever becomes of its tour: the prices in its party, and the policy.
pub(super) struct Promise {
    pub party: Party,
    pub policy: Policy,
}

pub(super) fn new_booking(
    tx: &mut Tx,
    slot: &Slot,
    promise: Promise,
    seats: i32,
    source: Source,
    locale: Locale,
    state: State,
) -> Booking {
    Booking {
        id: BookingId::new(tx.now()),
        code: tx.draw_code(store::CODE_LENGTH),
        secret: tx.draw_token(),
        slot_id: slot.id,
        option_id: slot.option_id,
        tour_id: slot.tour_id,
        workshop_id: slot.workshop_id,
        pass_booking_id: None,
        contract_id: None,
        test: false,
        confirmed_at: match state {
            State::Confirmed { at } => Some(at),
            _ => None,
        },
        state,
        source,
        locale,
        name: String::new(),
        email: String::new(),
        phone: String::new(),
        notes: String::new(),
        host_notes: String::new(),
        people: promise.party.people(),
        total: promise.party.total(),
        party: promise.party,
        extras: price::Taken::default(),
        promo: None,
        policy: promise.policy,
        seats,
        over_capacity: 0,
        answers: AnswerMap::default(),
        waiver_at: None,
        attendance_at: None,
        sequence: 0,
        version: 1,
        created_at: tx.now(),
    }
}
