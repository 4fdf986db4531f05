//! Keeping seats while the guest fills in the form.

use std::sync::Arc;

use chrono::TimeDelta;

use super::error::BookingError;
use super::model::{AnswerMap, Booking, Source, State};
use super::party::Party;
use super::{expire, query, store};
use crate::catalogue::{Catalogue, Sharing};
use crate::schedule::{NoSeats, Slot, slots};
use crate::store::Tx;
use crate::{BookingId, Locale, SlotId, UnitId};

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

/// Takes the seats and answers a held booking.
pub async fn hold(tx: &mut Tx, command: Hold) -> Result<Booking, BookingError> {
    if let Some(booking) = query::by_form_key(tx, &command.form_key).await? {
        return Ok(booking);
    }
    let slot = slots::find(tx, command.slot).await?.ok_or(NoSeats::Unknown)?;
    let (tour, option) = command.catalogue.option(slot.option_id).ok_or(BookingError::NotOnSale)?;
    if !tour.published || !option.active {
        return Err(BookingError::NotOnSale);
    }
    let party = Party::new(tour, option, &command.wanted)?;
    let whole = tour.sharing == Sharing::Private;
    let (slot, seats) = take(tx, &slot, party.seats(), whole).await?;
    let until = tx.now() + TimeDelta::minutes(command.minutes);
    let booking =
        new_booking(tx, &slot, party, seats, Source::Web, command.locale, State::Held { until });
    store::insert(tx, &booking, &command.form_key).await?;
    Ok(booking)
}

/// Takes seats; where none are left, first frees those of holds that ran out, so that nobody
/// is refused because a worker is a few seconds late.
pub(super) async fn take(
    tx: &mut Tx,
    slot: &Slot,
    seats: i32,
    whole: bool,
) -> Result<(Slot, i32), BookingError> {
    match slots::take_seats(tx, slot.id, seats, whole).await? {
        Err(NoSeats::Full { .. }) => {
            expire::expire_slot(tx, slot.id).await?;
            Ok(slots::take_seats(tx, slot.id, seats, whole).await??)
        }
        taken => Ok(taken?),
    }
}

pub(super) fn new_booking(
    tx: &mut Tx,
    slot: &Slot,
    party: Party,
    seats: i32,
    source: Source,
    locale: Locale,
    state: State,
) -> Booking {
    Booking {
        id: BookingId::new(tx.now()),
        code: tx.draw_code(6),
        secret: tx.draw_token(),
        slot_id: slot.id,
        option_id: slot.option_id,
        tour_id: slot.tour_id,
        workshop_id: slot.workshop_id,
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
        people: party.people(),
        total: party.total(),
        party,
        seats,
        over_capacity: 0,
        answers: AnswerMap::default(),
        waiver_at: None,
        sequence: 0,
        version: 1,
        created_at: tx.now(),
    }
}
