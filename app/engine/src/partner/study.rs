//! What a workshop says to researchers.

use serde_json::json;

use super::error::{Field, PartnerError, Wrong, Wrongs};
use super::read::Reader;
use crate::accounts::{Actor, audit};
use crate::catalogue::{Spoken, SpokenLanguages};
use crate::store::{Conn, StoreError, Tx};
use crate::{Localized, WorkshopId, params};

const MAX_WORDS: usize = 2_000;

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Study {
    pub workshop_id: WorkshopId,
    /// Researchers may ask.
    pub welcome: bool,
    pub themes: Localized,
    pub conditions: Localized,
    /// In which the house can talk about it.
    pub languages: SpokenLanguages,
}

/// As typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StudyInput {
    pub welcome: bool,
    pub themes: Localized,
    pub conditions: Localized,
    pub languages: Vec<String>,
}

impl StudyInput {
    /// What the editor begins with.
    pub fn of(study: &Study) -> Self {
        Self {
            welcome: study.welcome,
            themes: study.themes.clone(),
            conditions: study.conditions.clone(),
            languages: study
                .languages
                .0
                .iter()
                .map(|language| language.word().to_owned())
                .collect(),
        }
    }
}

/// The same, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StudyData {
    welcome: bool,
    themes: Localized,
    conditions: Localized,
    languages: SpokenLanguages,
}

impl StudyData {
    /// A house that welcomes nobody need not say more.
    pub fn parse(input: &StudyInput) -> Result<Self, Wrongs> {
        let mut reader = Reader::default();
        let themes = if input.welcome {
            reader.texts(Field::Themes, &input.themes, MAX_WORDS)
        } else {
            reader.optional_texts(Field::Themes, &input.themes, MAX_WORDS)
        };
        let conditions = reader.optional_texts(Field::Conditions, &input.conditions, MAX_WORDS);
        let named = |language: &&Spoken| input.languages.iter().any(|word| word == language.word());
        let languages: Vec<Spoken> = Spoken::ALL.iter().filter(named).copied().collect();
        if input.welcome && languages.is_empty() {
            reader.wrong(Field::Languages, Wrong::Missing);
        }
        let languages = SpokenLanguages(languages);
        reader.finish(Some(StudyData { welcome: input.welcome, themes, conditions, languages }))
    }
}

#[derive(Debug, Clone)]
pub struct SaveStudy {
    pub actor: Actor,
    pub workshop: WorkshopId,
    pub data: StudyData,
}

pub async fn save_study(tx: &mut Tx, command: SaveStudy) -> Result<(), PartnerError> {
    let SaveStudy { actor, workshop, data } = command;
    actor.must_own(workshop)?;
    tx.execute_one(
        "INSERT INTO study (workshop_id, welcome, themes, conditions, languages, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (workshop_id) DO UPDATE \
         SET welcome = excluded.welcome, themes = excluded.themes, \
         conditions = excluded.conditions, languages = excluded.languages, \
         updated_at = excluded.updated_at",
        params![workshop, data.welcome, data.themes, data.conditions, data.languages, tx.now()],
    )
    .await?;
    let detail = json!({ "welcome": data.welcome });
    audit::record(tx, &actor, "study.save", workshop, Some(workshop), detail).await?;
    Ok(())
}

pub async fn study_of(conn: &mut Conn, workshop: WorkshopId) -> Result<Option<Study>, StoreError> {
    conn.fetch_optional("SELECT * FROM study WHERE workshop_id = $1", params![workshop]).await
}

/// The workshops that welcome researchers, by name.
pub async fn open_to_studies(conn: &mut Conn) -> Result<Vec<Study>, StoreError> {
    conn.fetch_all(
        "SELECT study.* FROM study JOIN workshop ON workshop.id = study.workshop_id \
         WHERE study.welcome ORDER BY workshop.name, workshop.id",
        vec![],
    )
    .await
}
