//! The workshop's side: answering, reporting, and what is new to whom.

use serde_json::json;

use super::error::{Field, ReviewError, Wrong};
use super::model::{Ground, QuestionKind, Review, ReviewState};
use super::read::{by_id, questions_of};
use super::write::{ask, replace, words_of};
use crate::accounts::{Actor, Forbidden, audit};
use crate::store::Tx;
use crate::{ReviewId, WorkshopId, columns, params};

/// Characters of an answer, and of a report.
const MAX_REPLY: usize = 1_500;
const MAX_WHY: usize = 500;

/// The workshop answers a review, or changes its answer; an empty one takes it back.
#[derive(Debug, Clone)]
pub struct Answer {
    pub actor: Actor,
    pub workshop: WorkshopId,
    pub review: ReviewId,
    /// As it was typed.
    pub words: String,
}

pub async fn answer(tx: &mut Tx, command: Answer) -> Result<Review, ReviewError> {
    let Answer { actor, workshop, review, words } = command;
    actor.must_own(workshop)?;
    let review = of_workshop(tx, workshop, review).await?;
    let mut wrongs = Vec::new();
    let words = words_of(&words, Field::Reply, (0, MAX_REPLY), &mut wrongs);
    if words.is_empty() && review.reply.is_empty() {
        wrongs.push((Field::Reply, Wrong::Missing));
    }
    if !wrongs.is_empty() {
        return Err(ReviewError::Fields(wrongs));
    }
    if words == review.reply {
        return Ok(review);
    }
    let at = (!words.is_empty()).then(|| tx.now());
    let row = columns! { reply: words, replied_at: at, version: review.version + 1 };
    replace(tx, &review, row).await?;
    audit::record(tx, &actor, "review.answer", review.id, Some(workshop), json!({})).await?;
    by_id(tx, review.id).await?.ok_or(ReviewError::Unknown)
}

/// A review of this workshop that was not taken back.
async fn of_workshop(
    tx: &mut Tx,
    workshop: WorkshopId,
    review: ReviewId,
) -> Result<Review, ReviewError> {
    let review = by_id(tx, review).await?.filter(|review| review.workshop_id == workshop);
    review.filter(|review| review.state != ReviewState::Withdrawn).ok_or(ReviewError::Unknown)
}

/// The workshop thinks that a review breaks the rules.
#[derive(Debug, Clone)]
pub struct Report {
    pub actor: Actor,
    pub workshop: WorkshopId,
    pub review: ReviewId,
    /// As they were chosen and typed.
    pub ground: String,
    pub words: String,
}

/// Asks the office to hide a review. What it has decided to show is reported again only after
/// its author changed it.
pub async fn report(tx: &mut Tx, command: Report) -> Result<(), ReviewError> {
    let Report { actor, workshop, review, ground, words } = command;
    actor.must_own(workshop)?;
    let review = of_workshop(tx, workshop, review).await?;
    if review.state != ReviewState::Shown {
        return Err(ReviewError::Decided);
    }
    let mut wrongs = Vec::new();
    let ground = Ground::parse(&ground);
    if ground.is_none() {
        wrongs.push((Field::Ground, Wrong::Choice));
    }
    let words = words_of(&words, Field::Why, (1, MAX_WHY), &mut wrongs);
    if !wrongs.is_empty() {
        return Err(ReviewError::Fields(wrongs));
    }
    let asked = questions_of(tx, review.id).await?;
    if asked.iter().any(|asked| asked.decided_at.is_none_or(|at| at >= review.written_at())) {
        return Err(ReviewError::Reported);
    }
    if !ask(tx, (&review, &actor), QuestionKind::Report, ground, words).await? {
        return Err(ReviewError::Reported);
    }
    let detail = json!({ "ground": ground });
    audit::record(tx, &actor, "review.report", review.id, Some(workshop), detail).await?;
    Ok(())
}

/// Somebody of the workshop has read its reviews.
#[derive(Debug, Clone)]
pub struct MarkSeen {
    pub actor: Actor,
    pub workshop: WorkshopId,
}

pub async fn mark_seen(tx: &mut Tx, command: MarkSeen) -> Result<(), ReviewError> {
    command.actor.must_serve(command.workshop)?;
    let Actor::Person(person) = &command.actor else { return Err(Forbidden.into()) };
    tx.execute(
        "INSERT INTO review_seen (person_id, workshop_id, seen_at) VALUES ($1, $2, $3) \
         ON CONFLICT (person_id, workshop_id) DO UPDATE SET seen_at = $3",
        params![person.id, command.workshop, tx.now()],
    )
    .await?;
    Ok(())
}
