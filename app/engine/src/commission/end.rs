//! Either side ends: before the deposit for nothing, after it by the terms of the offer.

use serde_json::json;

use super::entry::{self, By, Mark, New};
use super::error::{CommissionError, Field};
use super::model::{Commission, asks, go, lock};
use super::money::money_of;
use super::news::{News, Told, to_customer, to_host};
use super::read::words_of;
use super::state::{EndedBy, State, Step};
use crate::accounts::{Actor, audit};
use crate::clock::local_date;
use crate::craft::delivery::{self, ParcelState};
use crate::ledger::{self, CommissionEvent, CommissionMoved};
use crate::store::Tx;
use crate::{CommissionId, Dong};

#[derive(Debug, Clone)]
pub struct End {
    /// The customer, proven by the commission's secret, or an owner.
    pub actor: Actor,
    pub commission: CommissionId,
    /// Words to the other side; a workshop gives some.
    pub reason: String,
}

/// Ends it. Where the workshop does, all that was paid is due back; where the customer does after the
/// deposit, all but what the offer keeps.
pub async fn end(tx: &mut Tx, command: End) -> Result<Commission, CommissionError> {
    let End { actor, commission, reason } = command;
    let mut commission = lock(tx, commission).await?;
    let by = if actor == Actor::Guest {
        EndedBy::Customer
    } else {
        actor.must_own(commission.workshop_id)?;
        EndedBy::Workshop
    };
    if !commission.kind().allows(Step::End) {
        return Err(CommissionError::State(commission.kind()));
    }
    let mut wrongs = Vec::new();
    let reason = words_of(&reason, Field::Reason, by == EndedBy::Workshop, &mut wrongs);
    if !wrongs.is_empty() {
        return Err(CommissionError::Fields(wrongs));
    }
    let (offer, money) = money_of(tx, &commission).await?;
    let bound = by == EndedBy::Customer && commission.kind().begun();
    let kept = offer.filter(|_| bound).map_or(Dong::ZERO, |offer| offer.kept_of(money.held));
    let ended = State::Ended { by, kept, reason: reason.clone() };
    go(tx, &mut commission, Step::End, ended).await?;
    asks(tx, &mut commission, false).await?;
    call_off(tx, &commission).await?;
    let whose = if by == EndedBy::Customer { By::Customer } else { By::Workshop };
    let new = New { words: &reason, ..New::plain(Mark::Ended, whose) };
    entry::write(tx, &commission, new).await?;
    if kept > Dong::ZERO {
        let stays = CommissionMoved {
            event: CommissionEvent::Kept,
            workshop: commission.workshop_id,
            amount: kept,
            on_date: local_date(tx.now()),
            method: None,
            code: commission.code.to_string(),
            actor: &actor,
            note: "",
            event_key: format!("commission_kept:{}", commission.id),
        };
        ledger::commission_moved(tx, stays).await?;
    }
    to_customer(tx, &commission, Told::of(News::Ended)).await?;
    if by == EndedBy::Customer {
        to_host(tx, &commission, Told::of(News::Ended)).await?;
    }
    let detail = json!({ "amount": kept });
    let workshop = Some(commission.workshop_id);
    audit::record(tx, &actor, "commission.end", commission.id, workshop, detail).await?;
    Ok(commission)
}

/// Nothing is posted any more; what was paid for the post is shown as owed with its parcel.
async fn call_off(tx: &mut Tx, commission: &Commission) -> Result<(), CommissionError> {
    let Some(id) = commission.parcel_id else { return Ok(()) };
    let Some(parcel) = delivery::parcel(tx, id).await? else { return Ok(()) };
    if parcel.state == ParcelState::Open {
        // Nothing is in it: it is called off.
        delivery::weigh(tx, id, parcel.what, 0).await?;
    }
    Ok(())
}
