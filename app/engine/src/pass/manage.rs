//! What a guest may do with a booked pass: all of it at once, in one transaction.

use std::sync::Arc;

use serde_json::json;

use super::booked::{Booked, Leg, by_id};
use super::days::itinerary;
use super::error::PassError;
use super::offer::Place;
use crate::accounts::{Actor, audit};
use crate::booking::{
    Booking, BookingError, CancelByGuest, ChangeParty, Move, Party, PartyError, StateKind,
    cancel_any, change_party_of_any, reschedule_any,
};
use crate::catalogue::{Catalogue, UnitKind};
use crate::store::Tx;
use crate::{PassBookingId, SlotId, UnitId, params};

/// The pass, its row locked: of two changes at once the second sees what the first made.
async fn lock(tx: &mut Tx, id: PassBookingId) -> Result<Booked, PassError> {
    let locked = tx
        .execute("UPDATE pass_booking SET version = version + 1 WHERE id = $1", params![id])
        .await?;
    if locked == 0 {
        return Err(PassError::Unknown);
    }
    by_id(tx, id).await?.ok_or(PassError::Unknown)
}

/// The legs that a guest may still move or change; none of the day may have begun.
fn open_legs(booked: &Booked) -> Result<Vec<&Leg>, PassError> {
    let live: Vec<&Leg> = booked.live().collect();
    if live.is_empty() {
        return Err(PassError::Cancelled);
    }
    let counts = |leg: &&Leg| leg.booking.state.kind() == StateKind::Confirmed;
    if live.iter().all(counts) { Ok(live) } else { Err(PassError::Begun) }
}

async fn note(tx: &mut Tx, booked: &Booked, verb: &'static str) -> Result<(), PassError> {
    let detail = json!({ "pass": booked.pass.slug });
    audit::record(tx, &Actor::Guest, verb, &booked.booking.code, None, detail).await?;
    Ok(())
}

#[derive(Debug, Clone)]
pub struct CancelPass {
    pub booking: PassBookingId,
    pub reason: String,
}

/// Cancels all that has not begun, each leg under its own policy. Cancelling twice changes nothing.
pub async fn cancel(tx: &mut Tx, command: CancelPass) -> Result<Booked, PassError> {
    let booked = lock(tx, command.booking).await?;
    let now = tx.now();
    if booked.live().next().is_none() {
        return Ok(booked);
    }
    let legs: Vec<&Booking> = booked.cancellable(now).map(|leg| &leg.booking).collect();
    if legs.is_empty() {
        return Err(PassError::Begun);
    }
    for (at, leg) in legs.into_iter().enumerate() {
        let end = CancelByGuest { booking: leg.id, reason: command.reason.clone() };
        cancel_any(tx, end).await.map_err(|error| PassError::Leg(at, error))?;
    }
    note(tx, &booked, "pass.cancel").await?;
    by_id(tx, command.booking).await?.ok_or(PassError::Unknown)
}

#[derive(Debug, Clone)]
pub struct MovePass {
    pub catalogue: Arc<Catalogue>,
    pub booking: PassBookingId,
    /// A departure for each leg that counts, in the order of the day.
    pub slots: Vec<SlotId>,
}

/// Moves the pass to another day or other times: every leg has its new seats before it gives the
/// old ones back, or nothing changes.
pub async fn reschedule(tx: &mut Tx, command: MovePass) -> Result<Booked, PassError> {
    let MovePass { catalogue, booking, slots } = command;
    let booked = lock(tx, booking).await?;
    let legs = open_legs(&booked)?;
    let places: Option<Vec<Place<'_>>> =
        legs.iter().map(|leg| Place::of(&catalogue, leg.booking.option_id)).collect();
    let places = places.ok_or(PassError::NotOnSale)?;
    let day = itinerary(tx, &places, &slots).await?.ok_or(PassError::NoChain)?;
    if day.iter().zip(&legs).all(|(slot, leg)| slot.id == leg.slot.id) {
        return Ok(booked);
    }
    for (at, (slot, leg)) in day.iter().zip(&legs).enumerate() {
        let step = Move {
            catalogue: Arc::clone(&catalogue),
            actor: Actor::Guest,
            booking: leg.booking.id,
            to: slot.id,
            over: false,
        };
        reschedule_any(tx, step).await.map_err(|error| PassError::Leg(at, error))?;
    }
    note(tx, &booked, "pass.move").await?;
    by_id(tx, booking).await?.ok_or(PassError::Unknown)
}

#[derive(Debug, Clone)]
pub struct ChangePassParty {
    pub catalogue: Arc<Catalogue>,
    pub booking: PassBookingId,
    pub party: Vec<(UnitKind, u32)>,
}

/// The same people at every stop.
pub async fn change_party(tx: &mut Tx, command: ChangePassParty) -> Result<Booked, PassError> {
    let ChangePassParty { catalogue, booking, party } = command;
    let booked = lock(tx, booking).await?;
    let mut changed = false;
    for (at, leg) in open_legs(&booked)?.into_iter().enumerate() {
        let place = Place::of(&catalogue, leg.booking.option_id).ok_or(PassError::NotOnSale)?;
        let wanted = wanted(&place, &leg.booking.party, &party)?;
        changed |= !leg.booking.party.is_wish(&wanted);
        let step = ChangeParty {
            residents: None,
            catalogue: Arc::clone(&catalogue),
            actor: Actor::Guest,
            booking: leg.booking.id,
            wanted,
            over: false,
        };
        change_party_of_any(tx, step).await.map_err(|error| match error {
            BookingError::Party(error) => PassError::Party(error),
            error => PassError::Leg(at, error),
        })?;
    }
    if changed {
        note(tx, &booked, "pass.change_party").await?;
    }
    by_id(tx, booking).await?.ok_or(PassError::Unknown)
}

/// The wish in the units of a leg: those it was booked in first, which may be off sale by now.
fn wanted(
    place: &Place<'_>,
    before: &Party,
    wish: &[(UnitKind, u32)],
) -> Result<Vec<(UnitId, u32)>, PartyError> {
    let mut wanted = Vec::new();
    for (kind, count) in wish.iter().filter(|(_, count)| *count > 0) {
        match before.lines().iter().find(|line| line.kind == *kind) {
            Some(line) => wanted.push((line.unit_id, *count)),
            None => wanted.extend(place.units(&[(*kind, *count)])?),
        }
    }
    Ok(wanted)
}
