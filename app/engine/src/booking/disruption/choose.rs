//! The guest chooses, or the deadline does.

use std::sync::Arc;

use super::super::change::{Move, reschedule};
use super::super::error::BookingError;
use super::super::model::{Booking, EndedBy, StateKind};
use super::super::{cancel, query};
use super::{Case, CaseState, Disruption, close, find, open_case};
use crate::accounts::Actor;
use crate::catalogue::Catalogue;
use crate::schedule::{NoSeats, slots};
use crate::store::Tx;
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
    let booking = query::by_id(tx, booking).await?.ok_or(BookingError::Unknown)?;
    if actor != Actor::Guest {
        actor.must_serve(booking.workshop_id)?;
    }
    let Some((case, disruption)) = open_case(tx, booking.id).await? else {
        return Err(BookingError::State(booking.state.kind()));
    };
    let now = tx.now();
    if booking.state.kind() != StateKind::Confirmed || case.slot_id != booking.slot_id {
        return Err(BookingError::Changed);
    }
    if case.until <= now {
        return Err(BookingError::TooLate);
    }
    match choice {
        Choice::Refund => refund(tx, &case, &disruption, booking, &actor).await,
        Choice::Go(to) => {
            let slot = slots::find(tx, booking.slot_id).await?.ok_or(BookingError::Unknown)?;
            let scope = disruption.scope();
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
