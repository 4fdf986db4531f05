//! People of a workshop, shown with their consent.

use serde_json::json;

use super::chapter::{check_links, delete as delete_chapter, one_line};
use super::error::{ChapterField, StoryError};
use super::model::{Artisan, Subject};
use super::{read, rights};
use crate::accounts::{Actor, audit};
use crate::catalogue::edit::{Field, Reader, Wrong, Wrongs};
use crate::store::{Columns, StoreError, Tx};
use crate::{ArtisanId, Localized, WorkshopId, columns, params, text};

/// People of one workshop.
const MAX_ARTISANS: usize = 24;
/// Longest texts, in characters.
const NAME: usize = 120;
const TITLE: usize = 120;
const LEARNED: usize = 200;
const WORDS: usize = 8_000;
const QUOTE: usize = 300;
/// The oldest year that anybody living was born in, or began to work.
const FIRST_YEAR: i32 = 1900;
/// Children are not shown.
const LEAST_AGE: i32 = 16;

/// As typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ArtisanInput {
    pub name: String,
    pub title: Localized,
    pub born: String,
    pub since: String,
    pub learned_from: Localized,
    pub words: Localized,
    pub quote: Localized,
    /// The person agreed to be shown to everybody.
    pub consent: bool,
}

impl ArtisanInput {
    /// What the editor begins with.
    pub fn of(artisan: &Artisan) -> Self {
        let year = |year: Option<i32>| year.map_or_else(String::new, |year| year.to_string());
        Self {
            name: artisan.name.clone(),
            title: artisan.title.clone(),
            born: year(artisan.born_year),
            since: year(artisan.since_year),
            learned_from: artisan.learned_from.clone(),
            words: artisan.words.clone(),
            quote: artisan.quote.clone(),
            consent: artisan.consent_at.is_some(),
        }
    }
}

/// An artisan, as they can be saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArtisanData {
    name: String,
    title: Localized,
    born: Option<i32>,
    since: Option<i32>,
    learned_from: Localized,
    words: Localized,
    quote: Localized,
    consent: bool,
}

impl ArtisanData {
    pub fn parse(input: &ArtisanInput, this_year: i32) -> Result<ArtisanData, Wrongs> {
        let mut reader = Reader::default();
        let at = Field::Chapter;
        let name = reader.line(at(ChapterField::Name), &input.name, NAME);
        let title = reader.optional_texts(
            |locale| at(ChapterField::Title(locale)),
            &one_line(&input.title),
            TITLE,
        );
        let youngest = this_year - LEAST_AGE;
        let born =
            reader.optional_number(at(ChapterField::Born), &input.born, FIRST_YEAR, youngest);
        let since =
            reader.optional_number(at(ChapterField::Since), &input.since, FIRST_YEAR, this_year);
        if born.zip(since).is_some_and(|(born, since)| since < born) {
            reader.wrong(at(ChapterField::Since), Wrong::BelowOther);
        }
        let learned_from = reader.optional_texts(
            |locale| at(ChapterField::LearnedFrom(locale)),
            &one_line(&input.learned_from),
            LEARNED,
        );
        let words_field = |locale| at(ChapterField::Words(locale));
        let words = reader.texts(words_field, &input.words, WORDS);
        check_links(&mut reader, words_field, &words);
        let quote = reader.optional_texts(
            |locale| at(ChapterField::Quote(locale)),
            &one_line(&input.quote),
            QUOTE,
        );
        let consent = input.consent;
        reader.finish(ArtisanData { name, title, born, since, learned_from, words, quote, consent })
    }

    /// The artisan as the page would show them with these words, for a preview.
    pub fn shown_on(&self, artisan: &mut Artisan) {
        let data = self.clone();
        artisan.name = data.name;
        artisan.title = data.title;
        artisan.born_year = data.born;
        artisan.since_year = data.since;
        artisan.learned_from = data.learned_from;
        artisan.words = data.words;
        artisan.quote = data.quote;
    }

    fn columns(&self) -> Columns {
        columns! {
            name: self.name,
            title: self.title,
            born_year: self.born,
            since_year: self.since,
            learned_from: self.learned_from,
            words: self.words,
            quote: self.quote,
        }
    }
}

/// An artisan, new where no id is given. A new one is not shown yet.
#[derive(Debug, Clone)]
pub struct SaveArtisan {
    pub actor: Actor,
    pub id: Option<ArtisanId>,
    /// Of a new one; nobody is moved to another.
    pub workshop: WorkshopId,
    pub data: ArtisanData,
}

/// Saves an artisan; their address is made from the first name and stays. Consent that is taken
/// back hides them at once.
pub async fn save_artisan(tx: &mut Tx, command: SaveArtisan) -> Result<ArtisanId, StoryError> {
    let SaveArtisan { actor, id, workshop, data } = command;
    let before = match id {
        Some(id) => Some(read::artisan_by_id(tx, id).await?.ok_or(StoryError::Unknown)?),
        None => None,
    };
    let workshop = before.as_ref().map_or(workshop, |artisan| artisan.workshop_id);
    actor.must_own(workshop)?;
    let agreed = before.as_ref().and_then(|artisan| artisan.consent_at);
    let consent_at = data.consent.then(|| agreed.unwrap_or(tx.now()));
    let shown = before.as_ref().is_some_and(|artisan| artisan.published) && data.consent;
    let state = columns! { consent_at: consent_at, published: shown, updated_at: tx.now() };
    let row = data.columns().and(state);
    let id = if let Some(artisan) = before {
        tx.update_one("artisan", row, columns! { id: artisan.id }).await?;
        artisan.id
    } else {
        let others = read::artisans_of_workshop(tx, workshop, read::Seen::ByHosts).await?;
        if others.len() >= MAX_ARTISANS {
            return Err(StoryError::TooMany);
        }
        let id = ArtisanId::new(tx.now());
        let place = columns! {
            id: id,
            workshop_id: workshop,
            position: others.last().map_or(1, |last| last.position.saturating_add(1)),
            created_at: tx.now(),
        };
        let base = text::slug_or(&data.name, "artisan");
        tx.insert_with_slug("artisan", &base, place.and(row)).await?;
        id
    };
    let detail = json!({ "name": data.name, "consent": data.consent });
    audit::record(tx, &actor, "artisan.save", id, Some(workshop), detail).await?;
    Ok(id)
}

/// An artisan and who wants something of them.
#[derive(Debug, Clone)]
pub struct OnArtisan {
    pub actor: Actor,
    pub artisan: ArtisanId,
    pub change: ArtisanChange,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArtisanChange {
    /// Shows them to everybody; refused without consent.
    Publish,
    Withdraw,
    Earlier,
    Later,
    /// With their chapters and pictures: nothing of them is left but the lines of the audit.
    Delete,
}

pub async fn change_artisan(tx: &mut Tx, command: OnArtisan) -> Result<(), StoryError> {
    let OnArtisan { actor, artisan, change } = command;
    let workshop = rights::must_write(tx, &actor, Subject::Artisan(artisan)).await?;
    let found = read::artisan_by_id(tx, artisan).await?.ok_or(StoryError::Unknown)?;
    let verb = match change {
        ArtisanChange::Publish => {
            if found.consent_at.is_none() {
                return Err(StoryError::NoConsent);
            }
            publish(tx, artisan, true).await?;
            "artisan.publish"
        }
        ArtisanChange::Withdraw => {
            publish(tx, artisan, false).await?;
            "artisan.withdraw"
        }
        ArtisanChange::Earlier => {
            arrange(tx, &found, |at| at.saturating_sub(1)).await?;
            "artisan.move"
        }
        ArtisanChange::Later => {
            arrange(tx, &found, |at| at + 1).await?;
            "artisan.move"
        }
        ArtisanChange::Delete => {
            delete(tx, artisan).await?;
            "artisan.delete"
        }
    };
    let detail = match change {
        ArtisanChange::Delete => json!({}),
        _ => json!({ "name": found.name }),
    };
    audit::record(tx, &actor, verb, artisan, workshop, detail).await?;
    Ok(())
}

async fn publish(tx: &mut Tx, artisan: ArtisanId, published: bool) -> Result<(), StoreError> {
    let columns = columns! { published: published, updated_at: tx.now() };
    tx.update_one("artisan", columns, columns! { id: artisan }).await
}

async fn arrange(
    tx: &mut Tx,
    artisan: &Artisan,
    to: impl Fn(usize) -> usize,
) -> Result<(), StoryError> {
    let mut row = read::artisans_of_workshop(tx, artisan.workshop_id, read::Seen::ByHosts).await?;
    let at = row.iter().position(|other| other.id == artisan.id).ok_or(StoryError::Unknown)?;
    let moved = row.remove(at);
    let to = to(at).min(row.len());
    row.insert(to, moved);
    for (position, artisan) in (1i32..).zip(row) {
        tx.update_one("artisan", columns! { position: position }, columns! { id: artisan.id })
            .await?;
    }
    Ok(())
}

async fn delete(tx: &mut Tx, artisan: ArtisanId) -> Result<(), StoreError> {
    for chapter in read::chapters(tx, Subject::Artisan(artisan), read::Seen::ByHosts).await? {
        delete_chapter(tx, chapter.id).await?;
    }
    super::picture::delete_portrait(tx, artisan).await?;
    tx.execute_one("DELETE FROM artisan WHERE id = $1", params![artisan]).await
}
