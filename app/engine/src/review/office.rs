//! The office decides what was reported, and what asks to be shown again.

use std::collections::HashMap;

use serde_json::json;

use super::error::ReviewError;
use super::model::{Decision, Ground, Question, Review, ReviewState};
use super::read::{by_id, by_ids};
use super::write::replace;
use crate::accounts::{Actor, audit};
use crate::booking::query;
use crate::mail::Letter;
use crate::mail::outbox::{self, Envelope};
use crate::store::{Conn, StoreError, Tx};
use crate::{ReportId, ReviewId, columns, params};

/// Rows of the queue.
const MOST: i64 = 200;

/// A question and the review that it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub question: Question,
    pub review: Review,
}

/// What waits for a decision, the longest waiting first; `decided`: what was decided last.
pub async fn queue(
    conn: &mut Conn,
    actor: &Actor,
    decided: bool,
) -> Result<Vec<Asked>, ReviewError> {
    actor.must_administer()?;
    let sql = if decided {
        "SELECT id, review_id, kind, reason, words, decision, decided_at, created_at \
         FROM review_report WHERE decided_at IS NOT NULL ORDER BY decided_at DESC, id LIMIT $1"
    } else {
        "SELECT id, review_id, kind, reason, words, decision, decided_at, created_at \
         FROM review_report WHERE decided_at IS NULL ORDER BY created_at, id LIMIT $1"
    };
    let questions: Vec<Question> = conn.fetch_all(sql, params![MOST]).await?;
    let ids: Vec<ReviewId> = questions.iter().map(|question| question.review_id).collect();
    let reviews: HashMap<ReviewId, Review> = by_ids(conn, &ids).await?;
    let with = |question: Question| {
        let review = reviews.get(&question.review_id).cloned()?;
        Some(Asked { question, review })
    };
    Ok(questions.into_iter().filter_map(with).collect())
}

/// How many questions wait.
pub async fn waiting(conn: &mut Conn) -> Result<i64, StoreError> {
    let sql = "SELECT CAST(COUNT(*) AS BIGINT) FROM review_report WHERE decided_at IS NULL";
    let (count,): (i64,) = conn.fetch_one(sql, vec![]).await?;
    Ok(count)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Show,
    Hide(Ground),
}

#[derive(Debug, Clone)]
pub struct Decide {
    pub actor: Actor,
    pub question: ReportId,
    pub verdict: Verdict,
}

/// Decides a question. The author is told of what changes for them, with the reason.
pub async fn decide(tx: &mut Tx, command: Decide) -> Result<Review, ReviewError> {
    let Decide { actor, question, verdict } = command;
    actor.must_administer()?;
    let decision = match verdict {
        Verdict::Show => Decision::Shown,
        Verdict::Hide(_) => Decision::Hidden,
    };
    let row = columns! {
        decision: decision,
        decided_by: actor.label(),
        decided_at: Some(tx.now()),
    };
    let open: Option<(ReviewId,)> = tx
        .fetch_optional(
            "SELECT review_id FROM review_report WHERE id = $1 AND decided_at IS NULL",
            params![question],
        )
        .await?;
    let (review,) = open.ok_or(ReviewError::Decided)?;
    let review = by_id(tx, review).await?.ok_or(ReviewError::Unknown)?;
    if review.state == ReviewState::Withdrawn {
        return Err(ReviewError::Decided);
    }
    // Of two who decide at once, the second finds the review changed and then the question closed.
    tx.update("review_report", row, columns! { id: question }).await?;
    let (state, hidden_for) = match verdict {
        Verdict::Show => (ReviewState::Shown, None),
        Verdict::Hide(ground) => (ReviewState::Hidden, Some(ground)),
    };
    let row = columns! { state: state, hidden_for: hidden_for, version: review.version + 1 };
    replace(tx, &review, row).await?;
    let event = match (review.state, state) {
        (ReviewState::Shown, ReviewState::Hidden) => Some("hidden"),
        (ReviewState::Hidden, ReviewState::Hidden) => Some("stays"),
        (ReviewState::Hidden, ReviewState::Shown) => Some("shown"),
        _ => None,
    };
    if let Some(event) = event {
        tell(tx, &review, question, event).await?;
    }
    let verb = match verdict {
        Verdict::Show => "review.show",
        Verdict::Hide(_) => "review.hide",
    };
    let detail = json!({ "ground": hidden_for });
    audit::record(tx, &actor, verb, review.id, Some(review.workshop_id), detail).await?;
    by_id(tx, review.id).await?.ok_or(ReviewError::Unknown)
}

/// Writes to the author, who may have left no address.
async fn tell(
    tx: &mut Tx,
    review: &Review,
    question: ReportId,
    event: &'static str,
) -> Result<(), StoreError> {
    let Some(booking) = query::by_id(tx, review.booking_id).await? else { return Ok(()) };
    if booking.email.is_empty() {
        return Ok(());
    }
    let letter = Letter::ReviewDecided;
    let envelope = Envelope {
        event_key: format!("{letter}:{question}"),
        letter,
        recipient: booking.email.clone(),
        recipient_name: booking.name.clone(),
        locale: booking.locale,
        payload: json!({ "review_id": review.id, "event": event }),
        booking_id: Some(booking.id),
        workshop_id: Some(booking.workshop_id),
    };
    outbox::post(tx, envelope).await?;
    Ok(())
}
