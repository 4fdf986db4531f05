//! The guest chooses, or the deadline does.

use std::sync::Arc;

use serde_json::json;

use super::super::change::{Move, reschedule};
use super::super::error::BookingError;
use super::super::model::{Booking, EndedBy, StateKind};
use super::super::overflow::{self, Overflow, OverflowError, PassOn};
use super::super::{cancel, query};
use super::{Case, CaseState, Disruption, close, find, open_case};
use crate::accounts::{Actor, audit};
use crate::catalogue::Catalogue;
use crate::schedule::{NoSeats, slots};
use crate::store::{StoreError, Tx};
use crate::{BookingId, SlotId, params};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Another departure, one of those that the page shows.
    Go(SlotId),
    /// All of the money back.
    Refund,
}

/// The guest's choice; or the host's, who has the guest on the telephone.
#[derive(Debug, Clone)]
pub struct Choose {
    pub catalogue: Arc<Catalogue>,
    pub actor: Actor,
    pub booking: BookingId,
    pub choice: Choice,
}

/// Does what was chosen, and tells everybody by the usual letters. A departure that filled up
/// meanwhile is refused, and the question stays open.
pub async fn choose(tx: &mut Tx, command: Choose) -> Result<Booking, BookingError> {
    let Choose { catalogue, actor, booking, choice } = command;
    let (booking, case, disruption) = question(tx, &actor, booking).await?;
    noted(tx, &actor, &booking, if choice == Choice::Refund { "refund" } else { "move" }).await?;
    match choice {
        Choice::Refund => refund(tx, &case, &disruption, booking, &actor).await,
        Choice::Go(to) => {
            let slot = slots::find(tx, booking.slot_id).await?.ok_or(BookingError::Unknown)?;
            let (scope, now) = (disruption.scope(), tx.now());
            let ways = find::ways(tx, &catalogue, &booking, &slot, scope, now).await?;
            if !ways.iter().any(|way| way.id == to) {
                return Err(NoSeats::Full { left: 0 }.into());
            }
            close(tx, case.id, CaseState::Moved).await?;
            // The workshop called it off: neither cut-off nor policy stand in the guest's way.
            let step =
                Move { catalogue, actor: Actor::System, booking: booking.id, to, over: false };
            reschedule(tx, step).await
        }
    }
}

/// What is still asked about a booking, of whoever may answer.
async fn question(
    tx: &mut Tx,
    actor: &Actor,
    booking: BookingId,
) -> Result<(Booking, Case, Disruption), BookingError> {
    let booking = query::by_id(tx, booking).await?.ok_or(BookingError::Unknown)?;
    if *actor != Actor::Guest {
        actor.must_serve(booking.workshop_id)?;
    }
    let Some((case, disruption)) = open_case(tx, booking.id).await? else {
        return Err(BookingError::State(booking.state.kind()));
    };
    if booking.state.kind() != StateKind::Confirmed || case.slot_id != booking.slot_id {
        return Err(BookingError::Changed);
    }
    if case.until <= tx.now() {
        return Err(BookingError::TooLate);
    }
    Ok((booking, case, disruption))
}

/// The host chose for the guest: that is written down.
async fn noted(
    tx: &mut Tx,
    actor: &Actor,
    booking: &Booking,
    choice: &'static str,
) -> Result<(), StoreError> {
    if *actor == Actor::Guest {
        return Ok(());
    }
    let workshop = Some(booking.workshop_id);
    let detail = json!({ "choice": choice });
    audit::record(tx, actor, "disruption.choose", &booking.code, workshop, detail).await
}

/// A sister workshop takes the party.
#[derive(Debug, Clone)]
pub struct GoToSister {
    pub catalogue: Arc<Catalogue>,
    pub actor: Actor,
    pub booking: BookingId,
    /// One of the sisters' departures that the page shows.
    pub to: SlotId,
}

/// Keeps seats at the sister workshop for the guest, who says yes there to its price and its
/// questions; the host, who has heard the guest's yes, moves the booking at once. Until the guest
/// accepts, the question stays open, and another choice gives the seats back.
pub async fn go_to_sister(tx: &mut Tx, command: GoToSister) -> Result<Overflow, OverflowError> {
    let GoToSister { catalogue, actor, booking, to } = command;
    let (booking, case, disruption) = question(tx, &actor, booking).await?;
    let now = tx.now();
    let slot = slots::find(tx, booking.slot_id).await?.ok_or(OverflowError::Unknown)?;
    let sisters = find::sisters(tx, &catalogue, &booking, &slot, now).await?;
    if let Some(open) = overflow::open_of(tx, booking.id).await? {
        if open.to_slot_id == to {
            return Ok(open);
        }
        overflow::let_go(tx, booking.id).await?;
    }
    if !sisters.iter().any(|sister| sister.slot.id == to) {
        return Err(BookingError::from(NoSeats::Full { left: 0 }).into());
    }
    noted(tx, &actor, &booking, "sister").await?;
    let step = PassOn {
        catalogue,
        // The bad day opens the way that otherwise only owners may offer.
        actor: Actor::System,
        booking: booking.id,
        to,
        wanted: Vec::new(),
        words: disruption.words,
        hours: (case.until - now).num_hours(),
        agreed: actor != Actor::Guest,
    };
    overflow::pass_on(tx, step).await
}

async fn refund(
    tx: &mut Tx,
    case: &Case,
    disruption: &Disruption,
    booking: Booking,
    actor: &Actor,
) -> Result<Booking, BookingError> {
    close(tx, case.id, CaseState::Refunded).await?;
    cancel::end(tx, booking, actor, EndedBy::Host, disruption.words.clone(), 100).await
}

/// Cases that one transaction may end.
const BATCH: i64 = 100;

/// Gives the money back to those who have not chosen in time. Answers how many.
pub async fn lapse_due(tx: &mut Tx) -> Result<usize, BookingError> {
    let now = tx.now();
    let due: Vec<Case> = tx
        .fetch_all(
            "SELECT * FROM disruption_case WHERE state = 'asked' AND until <= $1 \
             ORDER BY until, id LIMIT $2",
            params![now, BATCH],
        )
        .await?;
    let count = due.len();
    for case in due {
        let Some((_, disruption)) = open_case(tx, case.booking_id).await? else { continue };
        let booking = query::by_id(tx, case.booking_id).await?.ok_or(BookingError::Unknown)?;
        if booking.state.kind() != StateKind::Confirmed || booking.slot_id != case.slot_id {
            close(tx, case.id, CaseState::Moved).await?;
            continue;
        }
        close(tx, case.id, CaseState::Lapsed).await?;
        let words = disruption.words;
        cancel::end(tx, booking, &Actor::System, EndedBy::Host, words, 100).await?;
    }
    Ok(count)
}
