//! Claiming a credential, and changing what was claimed.

use serde_json::json;

use super::claim::Claim;
use super::details::Details;
use super::error::CredentialError;
use super::model::{Credential, CredentialState};
use super::paper::{PaperError, Upload, keep};
use super::read::{by_form_key, by_id};
use super::rights::{Right, must_claim, must_hold};
use crate::accounts::{Actor, audit};
use crate::catalogue;
use crate::store::Tx;
use crate::{CredentialId, columns};

#[derive(Debug, Clone)]
pub struct Enter {
    pub actor: Actor,
    pub claim: Claim,
    pub papers: Vec<Upload>,
    /// Made with the form: the same form sent again is the same credential.
    pub form_key: String,
}

/// Claims a credential, which waits for the office. Who owns a mark licenses it on their own word; all
/// others bring a paper, but for the office, which may have seen it elsewhere.
pub async fn enter(tx: &mut Tx, command: Enter) -> Result<CredentialId, CredentialError> {
    let Enter { actor, claim, papers, form_key } = command;
    let right = must_claim(tx, &actor, &claim).await?;
    if let Some(before) = by_form_key(tx, &form_key).await? {
        must_hold(tx, &actor, &before).await?;
        return Ok(before.id);
    }
    let office = actor.must_administer().is_ok();
    if papers.is_empty() && right == Right::Claims && !office {
        return Err(PaperError::Missing.into());
    }
    let details = claim.details();
    let id = CredentialId::new(tx.now());
    let licensed = right == Right::Licenses;
    let state = if licensed { CredentialState::Verified } else { CredentialState::Claimed };
    let row = columns! {
        id: id,
        form_key: form_key,
        state: state,
        reason: *"",
        version: 0_i32,
        created_at: tx.now(),
        claimed_at: tx.now(),
        decided_at: licensed.then(|| tx.now()),
    };
    tx.insert("credential", row.and(details.columns())).await?;
    for paper in &papers {
        keep(tx, id, paper).await?;
    }
    let verb = if licensed { "credential.license" } else { "credential.enter" };
    let detail = told(&details);
    audit::record(tx, &actor, verb, id, details.workshop_id, detail).await?;
    if licensed {
        catalogue::touch(tx).await?;
    }
    Ok(id)
}

/// What the audit tells of the details.
fn told(details: &Details) -> serde_json::Value {
    json!({
        "kind": details.kind.word(),
        "name": details.subject,
        "number": details.number,
        "until": details.valid_until,
    })
}

#[derive(Debug, Clone)]
pub struct Change {
    pub actor: Actor,
    pub credential: CredentialId,
    pub claim: Claim,
}

/// Changes what is claimed; kind and holder stay. What was verified is a claim again, because nobody has
/// verified the new details. Nothing changed, nothing happens.
pub async fn change(tx: &mut Tx, command: Change) -> Result<(), CredentialError> {
    let Change { actor, credential, claim } = command;
    let it = by_id(tx, credential).await?.ok_or(CredentialError::Unknown)?;
    must_hold(tx, &actor, &it).await?;
    let right = must_claim(tx, &actor, &claim).await?;
    let (before, after) = (Details::of(&it), claim.details());
    let seat = |it: &Details| (it.kind, it.village_id, it.coop_id, it.workshop_id);
    if seat(&before) != seat(&after) {
        return Err(CredentialError::Unknown);
    }
    if it.state == CredentialState::Withdrawn {
        return Err(CredentialError::State);
    }
    if before == after {
        return Ok(());
    }
    let licensed = right == Right::Licenses;
    let state = if licensed { CredentialState::Verified } else { CredentialState::Claimed };
    rewrite(
        tx,
        &it,
        after.columns().and(columns! {
            state: state,
            reason: *"",
            reminded: None::<i32>,
            claimed_at: tx.now(),
            decided_at: licensed.then(|| tx.now()),
        }),
    )
    .await?;
    audit::record(tx, &actor, "credential.change", it.id, it.workshop_id, told(&after)).await?;
    Ok(())
}

/// Writes a row that nobody else changed since it was read, and has the catalogue read again: it, or a
/// licence of it, may be shown.
pub(super) async fn rewrite(
    tx: &mut Tx,
    it: &Credential,
    row: crate::store::Columns,
) -> Result<(), CredentialError> {
    let row = row.and(columns! { version: it.version + 1 });
    if tx.update("credential", row, columns! { id: it.id, version: it.version }).await? == 0 {
        return Err(CredentialError::Changed);
    }
    catalogue::touch(tx).await?;
    Ok(())
}
