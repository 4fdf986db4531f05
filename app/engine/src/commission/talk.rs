//! Messages of either side.

use super::entry::{self, By, Mark, New};
use super::error::{CommissionError, Field};
use super::model::{Commission, asks, lock};
use super::news::{News, Told, to_customer, to_host};
use super::photo::few;
use super::read::words_of;
use crate::CommissionId;
use crate::accounts::Actor;
use crate::craft::PhotoData;
use crate::store::Tx;

#[derive(Debug, Clone)]
pub struct Say {
    /// The customer, proven by the commission's secret, or somebody of the workshop.
    pub actor: Actor,
    pub commission: CommissionId,
    pub words: String,
    pub photos: Vec<PhotoData>,
    /// Made with the form: the same form sent again is the same message.
    pub form_key: String,
}

/// Writes a message down and to the other side. An answer of the workshop ends the customer's waiting.
pub async fn say(tx: &mut Tx, command: Say) -> Result<Commission, CommissionError> {
    let Say { actor, commission, words, photos, form_key } = command;
    let mut commission = lock(tx, commission).await?;
    let by = By::of(&actor);
    if by != By::Customer {
        actor.must_serve(commission.workshop_id)?;
    }
    if entry::known(tx, &form_key).await? {
        return Ok(commission);
    }
    if commission.is_forgotten() {
        return Err(CommissionError::State(commission.kind()));
    }
    let mut wrongs = Vec::new();
    let words = words_of(&words, Field::Words, photos.is_empty(), &mut wrongs);
    if !wrongs.is_empty() {
        return Err(CommissionError::Fields(wrongs));
    }
    few(&photos)?;
    let new = New {
        words: &words,
        photos: &photos,
        form_key: &form_key,
        ..New::plain(Mark::Message, by)
    };
    let entry = entry::write(tx, &commission, new).await?;
    let told = Told::entry(News::Message, entry);
    if by == By::Customer {
        asks(tx, &mut commission, true).await?;
        to_host(tx, &commission, told).await?;
    } else {
        asks(tx, &mut commission, false).await?;
        to_customer(tx, &commission, told).await?;
    }
    Ok(commission)
}
