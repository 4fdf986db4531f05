//! The workshop answers who applied: invited, accepted or declined, in its words.

use serde_json::json;

use super::applicant::{Applicant, ApplicantState, applicant, by_id};
use super::error::{Field, PartnerError, Wrongs};
use super::letters;
use super::read::Reader;
use crate::accounts::{Actor, audit};
use crate::clock::local_date;
use crate::store::{StoreError, Tx};
use crate::{ApplicantId, PlacementId, columns, params};

const MAX_WORDS: usize = 2_000;

/// An answer that can be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    state: ApplicantState,
    words: String,
}

impl Decision {
    /// Words go with every answer: a letter without any says nothing kind.
    pub fn parse(state: &str, words: &str) -> Result<Self, Wrongs> {
        let mut reader = Reader::default();
        let answers = |state: &ApplicantState| {
            matches!(
                state,
                ApplicantState::Invited | ApplicantState::Accepted | ApplicantState::Declined
            )
        };
        let state = ApplicantState::parse(state).filter(answers);
        let state = reader.choice(Field::Decision, state);
        let words = reader.words(Field::Words, words, MAX_WORDS);
        let data = state.map(|state| Decision { state, words });
        reader.finish(data)
    }
}

#[derive(Debug, Clone)]
pub struct Decide {
    pub actor: Actor,
    pub applicant: ApplicantId,
    /// As the page showed it: two who answer at once can't both be right.
    pub version: i32,
    pub decision: Decision,
}

/// Answers by letter. What was said may be said otherwise later, but not to who withdrew; and nobody is
/// accepted for a place that another has.
pub async fn decide(tx: &mut Tx, command: Decide) -> Result<Applicant, PartnerError> {
    let Decide { actor, applicant: id, version, decision } = command;
    let before = applicant(tx, &actor, id).await?;
    if before.state == ApplicantState::Withdrawn || before.email.is_empty() {
        return Err(PartnerError::State);
    }
    if let Some(placement) = before.placement_id
        && decision.state == ApplicantState::Accepted
        && before.state != ApplicantState::Accepted
        && !has_place(tx, placement).await?
    {
        return Err(PartnerError::Full);
    }
    let row = columns! {
        state: decision.state,
        reply: decision.words,
        changed_on: local_date(tx.now()),
        version: version + 1,
    };
    if tx.update("applicant", row, columns! { id: id, version: version }).await? == 0 {
        return Err(PartnerError::Changed);
    }
    let now = by_id(tx, id).await?.ok_or(PartnerError::Unknown)?;
    letters::changed(tx, &now).await?;
    let detail = json!({ "state": now.state });
    let workshop = Some(now.workshop_id);
    audit::record(tx, &actor, "applicant.answer", id, workshop, detail).await?;
    Ok(now)
}

/// Whether a place is left; the placement's row is locked until the transaction ends.
async fn has_place(tx: &mut Tx, placement: PlacementId) -> Result<bool, StoreError> {
    let (places,): (i32,) = tx
        .fetch_one(
            "UPDATE placement SET places = places WHERE id = $1 RETURNING places",
            params![placement],
        )
        .await?;
    let (taken,): (i64,) = tx
        .fetch_one(
            "SELECT CAST(COUNT(*) AS BIGINT) FROM applicant WHERE placement_id = $1 \
             AND state = 'accepted'",
            params![placement],
        )
        .await?;
    Ok(taken < i64::from(places))
}
