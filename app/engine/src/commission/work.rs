//! The work itself: milestones with photographs, and the day on which all is made.

use serde_json::json;

use super::entry::{self, By, Mark, New};
use super::error::{CommissionError, Field};
use super::model::{Commission, asks, go, lock};
use super::news::{News, Told, to_customer};
use super::photo::few;
use super::read::words_of;
use super::state::{State, StateKind, Step};
use crate::CommissionId;
use crate::accounts::{Actor, audit};
use crate::craft::PhotoData;
use crate::store::Tx;

/// What is shown of the work.
#[derive(Debug, Clone)]
pub struct Show {
    pub actor: Actor,
    pub commission: CommissionId,
    /// All pieces are made.
    pub ready: bool,
    pub words: String,
    pub photos: Vec<PhotoData>,
    pub form_key: String,
}

/// Writes a milestone down and to the customer. With the last one the commission is ready, and the
/// rest is to be paid.
pub async fn show(tx: &mut Tx, command: Show) -> Result<Commission, CommissionError> {
    let Show { actor, commission, ready, words, photos, form_key } = command;
    let mut commission = lock(tx, commission).await?;
    actor.must_serve(commission.workshop_id)?;
    if entry::known(tx, &form_key).await? {
        return Ok(commission);
    }
    if commission.kind() != StateKind::Making {
        return Err(CommissionError::State(commission.kind()));
    }
    let mut wrongs = Vec::new();
    // A photograph says enough.
    let words = words_of(&words, Field::Words, photos.is_empty() && !ready, &mut wrongs);
    if !wrongs.is_empty() {
        return Err(CommissionError::Fields(wrongs));
    }
    few(&photos)?;
    let (mark, news) = if ready {
        go(tx, &mut commission, Step::Finish, State::Ready).await?;
        (Mark::Ready, News::Ready)
    } else {
        (Mark::Milestone, News::Milestone)
    };
    let new = New {
        words: &words,
        photos: &photos,
        form_key: &form_key,
        ..New::plain(mark, By::Workshop)
    };
    let entry = entry::write(tx, &commission, new).await?;
    asks(tx, &mut commission, false).await?;
    to_customer(tx, &commission, Told::entry(news, entry)).await?;
    let workshop = Some(commission.workshop_id);
    let verb = if ready { "commission.ready" } else { "commission.milestone" };
    audit::record(tx, &actor, verb, commission.id, workshop, json!({})).await?;
    Ok(commission)
}
