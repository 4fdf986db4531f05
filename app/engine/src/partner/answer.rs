//! The partner's side: by the link in its letter.

use serde_json::json;

use super::ask::parted;
use super::error::PartnerError;
use super::letters;
use super::model::{Partner, PartnerState, by_id};
use crate::accounts::{Actor, audit};
use crate::store::Tx;
use crate::{PartnerId, columns};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartnerAnswer {
    Agree,
    Decline,
    /// What was agreed is over.
    End,
}

/// Whoever has the link answers.
#[derive(Debug, Clone, Copy)]
pub struct Answer {
    pub partner: PartnerId,
    pub answer: PartnerAnswer,
}

/// The same answer twice changes nothing and tells nobody.
pub async fn answer(tx: &mut Tx, command: Answer) -> Result<Partner, PartnerError> {
    let before = by_id(tx, command.partner).await?.ok_or(PartnerError::Unknown)?;
    let (state, verb) = match (command.answer, before.state) {
        (PartnerAnswer::Agree, PartnerState::Agreed)
        | (PartnerAnswer::Decline, PartnerState::Declined)
        | (PartnerAnswer::End, PartnerState::Ended) => return Ok(before),
        (PartnerAnswer::Agree, PartnerState::Asked) => (PartnerState::Agreed, "partner.agree"),
        (PartnerAnswer::Decline, PartnerState::Asked) => {
            (PartnerState::Declined, "partner.decline")
        }
        (PartnerAnswer::End, PartnerState::Agreed) => (PartnerState::Ended, "partner.part"),
        _ => return Err(PartnerError::State),
    };
    if state == PartnerState::Agreed {
        let row = columns! { state: state, answered_at: tx.now(), version: before.version + 1 };
        let key = columns! { id: before.id, version: before.version };
        if tx.update("partner", row, key).await? == 0 {
            return Err(PartnerError::Changed);
        }
    } else {
        parted(tx, &before, state).await?;
    }
    let now = by_id(tx, before.id).await?.ok_or(PartnerError::Unknown)?;
    letters::answered(tx, &now).await?;
    audit::record(tx, &Actor::Guest, verb, now.id, now.workshop_id, json!({})).await?;
    Ok(now)
}
