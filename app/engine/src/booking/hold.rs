//! Keeping seats while the guest fills in the form.

use std::sync::Arc;

use chrono::TimeDelta;

use super::change::{ChangeParty, change_party};
use super::error::BookingError;
use super::model::{AnswerMap, Booking, Source, State, StateKind};
use super::party::Party;
use super::{expire, query, store, waitlist};
use crate::accounts::Actor;
use crate::catalogue::{Catalogue, Policy, Sharing};
use crate::schedule::{NoSeats, Slot, slots};
use crate::store::Tx;
use crate::{BookingId, Locale, PassBookingId, SlotId, UnitId};

/// A guest wants these seats.
#[derive(Debug, Clone)]
pub struct Hold {
    /// The catalogue whose prices the guest saw.
    pub catalogue: Arc<Catalogue>,
    pub slot: SlotId,
    pub wanted: Vec<(UnitId, u32)>,
    pub locale: Locale,
    /// Made with the form; the same key gives the same booking.
    pub form_key: String,
    pub minutes: i64,
}

/// Takes the seats and answers a held booking. The same form sent again gives the same booking;
/// with another party (the guest went back and corrected it) the hold follows.
pub async fn hold(tx: &mut Tx, command: Hold) -> Result<Booking, BookingError> {
    hold_as(tx, command, None).await
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
    hold_as(tx, command, Some(pass)).await
}

async fn hold_as(
    tx: &mut Tx,
    command: Hold,
    pass: Option<OfPass>,
) -> Result<Booking, BookingError> {
    if let Some(booking) = query::by_form_key(tx, &command.form_key).await? {
        return hold_again(tx, booking, command).await;
    }
    let slot = slots::find(tx, command.slot).await?.ok_or(NoSeats::Unknown)?;
    let (tour, option) = command.catalogue.sold_in(&slot).ok_or(BookingError::NotOnSale)?;
    if !tour.published || !option.active || tour.by_application() {
        return Err(BookingError::NotOnSale);
    }
    let party = Party::new(tour, &option, &command.wanted)?;
    let party = party.less(pass.map_or(0, |pass| pass.percent_off));
    let whole = tour.sharing == Sharing::Private;
    let (slot, seats) = match take(tx, slot.id, party.seats(), whole).await {
        Ok(taken) => taken,
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
    booking.pass_booking_id = pass.map(|pass| pass.booking);
    if store::insert(tx, &mut booking, &command.form_key).await? {
        return Ok(booking);
    }
    slots::release_seats(tx, slot.id, booking.kept_seats()).await?;
    query::by_form_key(tx, &command.form_key).await?.ok_or(BookingError::Unknown)
}

async fn hold_again(tx: &mut Tx, booking: Booking, command: Hold) -> Result<Booking, BookingError> {
    if booking.state.kind() != StateKind::Held || booking.party.is_wish(&command.wanted) {
        return Ok(booking);
    }
    let change = ChangeParty {
        catalogue: command.catalogue,
        actor: Actor::Guest,
        booking: booking.id,
        wanted: command.wanted,
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
    match slots::take_seats(tx, slot, seats, whole).await? {
        Err(full @ NoSeats::Full { .. }) => {
            if expire::expire_slot(tx, slot).await? == 0 {
                return Err(full.into());
            }
            waitlist::offer_seats(tx, slot).await?;
            Ok(slots::take_seats(tx, slot, seats, whole).await??)
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
    if *actor == Actor::Guest {
        let (slot, seats) = take(tx, slot, seats, whole).await?;
        return Ok(Taken { slot, seats, beyond: 0 });
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
