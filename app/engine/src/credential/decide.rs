//! What the office decides about a claim, and giving a credential up.

use serde_json::json;

use super::details::Details;
use super::enter::rewrite;
use super::error::{CredentialError, Field, Wrong};
use super::letters;
use super::model::{Credential, CredentialState};
use super::read::{by_id, rows};
use super::rights::must_hold;
use super::rule::Until;
use crate::accounts::{Actor, audit};
use crate::catalogue::{self, edit::written};
use crate::clock::local_date;
use crate::store::{StoreError, Tx};
use crate::{CoopId, CredentialId, WorkshopId, columns, params};

/// Longest reason, in characters.
const MAX_REASON: usize = 500;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    Verify,
    /// With the reason, which the holder reads.
    Refuse(String),
    /// What was verified, or claimed, is taken off.
    Withdraw(String),
}

#[derive(Debug, Clone)]
pub struct Decide {
    pub actor: Actor,
    pub credential: CredentialId,
    /// What the office has seen: it does not decide about what was changed since.
    pub version: i32,
    pub decision: Decision,
}

/// The office decides; the holder gets a letter.
pub async fn decide(tx: &mut Tx, command: Decide) -> Result<(), CredentialError> {
    let Decide { actor, credential, version, decision } = command;
    actor.must_administer()?;
    let it = by_id(tx, credential).await?.ok_or(CredentialError::Unknown)?;
    if it.version != version {
        return Err(CredentialError::Changed);
    }
    let waits = it.state == CredentialState::Claimed;
    let (verb, state, reason) = match decision {
        Decision::Verify if waits => {
            let today = local_date(tx.now());
            match Details::of(&it).term() {
                Until::Unknown => return Err(CredentialError::Incomplete),
                Until::Day(day) if day < today => return Err(CredentialError::Expired),
                Until::Day(_) | Until::ForGood => {}
            }
            ("credential.verify", CredentialState::Verified, String::new())
        }
        Decision::Refuse(reason) if waits => {
            ("credential.refuse", CredentialState::Refused, because(&reason)?)
        }
        Decision::Withdraw(reason) if waits || it.state == CredentialState::Verified => {
            ("credential.withdraw", CredentialState::Withdrawn, because(&reason)?)
        }
        _ => return Err(CredentialError::State),
    };
    finish(tx, &actor, verb, &it, state, &reason).await?;
    letters::decided(tx, &it, state).await?;
    Ok(())
}

fn because(reason: &str) -> Result<String, CredentialError> {
    let reason = written(reason);
    let wrong = if reason.is_empty() {
        Wrong::Missing
    } else if reason.chars().count() > MAX_REASON {
        Wrong::TooLong { max: MAX_REASON }
    } else {
        return Ok(reason);
    };
    Err(CredentialError::Fields(vec![(Field::Reason, wrong)]))
}

async fn finish(
    tx: &mut Tx,
    actor: &Actor,
    verb: &'static str,
    it: &Credential,
    state: CredentialState,
    reason: &str,
) -> Result<(), CredentialError> {
    let now = tx.now();
    rewrite(tx, it, columns! { state: state, reason: *reason, decided_at: now }).await?;
    let detail = json!({ "kind": it.kind.word(), "name": it.subject, "reason": reason });
    audit::record(tx, actor, verb, it.id, it.workshop_id, detail).await?;
    Ok(())
}

#[derive(Debug, Clone)]
pub struct GiveUp {
    pub actor: Actor,
    pub credential: CredentialId,
    pub reason: String,
}

/// The holder takes back what they claimed or have; who owns a mark takes back a licence.
pub async fn give_up(tx: &mut Tx, command: GiveUp) -> Result<(), CredentialError> {
    let GiveUp { actor, credential, reason } = command;
    let it = by_id(tx, credential).await?.ok_or(CredentialError::Unknown)?;
    must_hold(tx, &actor, &it).await?;
    if it.state == CredentialState::Withdrawn {
        return Err(CredentialError::State);
    }
    let reason = because(&reason)?;
    finish(tx, &actor, "credential.withdraw", &it, CredentialState::Withdrawn, &reason).await
}

/// A workshop left a co-op: its licences of the co-op's collective marks end with it.
pub(crate) async fn left_coop(
    tx: &mut Tx,
    coop: CoopId,
    workshop: WorkshopId,
) -> Result<(), StoreError> {
    let licences = rows(
        tx,
        "WHERE credential.workshop_id = $1 AND credential.kind = 'mark_licence' \
         AND credential.state IN ('claimed', 'verified') AND mark.coop_id = $2 \
         AND mark.kind = 'collective_mark' ORDER BY credential.id",
        params![workshop, coop],
    )
    .await?;
    if licences.is_empty() {
        return Ok(());
    }
    for licence in &licences {
        // Words for whoever reads the list; a letter tells of the leaving already.
        let reason = "Xưởng không còn là thành viên.";
        let row = columns! {
            state: CredentialState::Withdrawn,
            reason: *reason,
            version: licence.version + 1,
            decided_at: tx.now(),
        };
        tx.update_one("credential", row, columns! { id: licence.id }).await?;
        let detail = json!({ "kind": licence.kind.word(), "reason": reason });
        let (verb, house) = ("credential.withdraw", Some(workshop));
        audit::record(tx, &Actor::System, verb, licence.id, house, detail).await?;
    }
    catalogue::touch(tx).await
}
