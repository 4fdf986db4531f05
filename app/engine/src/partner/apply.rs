//! Applying, and taking it back.

use chrono::TimeDelta;
use serde_json::json;

use super::applicant::{Applicant, ApplicantKind, ApplicantState, by_id};
use super::error::{Field, PartnerError, Wrongs};
use super::read::Reader;
use super::{letters, placement, study};
use crate::accounts::{Actor, audit};
use crate::clock::local_date;
use crate::email::Email;
use crate::privacy::PRIVACY_VERSION;
use crate::store::{StoreError, Tx};
use crate::{ApplicantId, Locale, PlacementId, WorkshopId, columns, params};

const MAX_NAME: usize = 120;
const MAX_TOPIC: usize = 200;
const MAX_WORDS: usize = 2_000;
/// Applications that one address may send within a day; more is a program.
const MOST_A_DAY: i64 = 10;

/// What somebody typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ApplyInput {
    pub name: String,
    pub email: String,
    /// School or institute.
    pub organisation: String,
    /// Of a study.
    pub topic: String,
    pub words: String,
}

/// The same, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplyData {
    name: String,
    email: Email,
    organisation: String,
    topic: String,
    words: String,
}

impl ApplyData {
    pub fn parse(input: &ApplyInput, kind: ApplicantKind) -> Result<Self, Wrongs> {
        let mut reader = Reader::default();
        let name = reader.line(Field::Name, &input.name, MAX_NAME);
        let organisation = reader.line(Field::Organisation, &input.organisation, MAX_NAME);
        let email = reader.email(&input.email);
        let topic = match kind {
            ApplicantKind::Study => reader.line(Field::Topic, &input.topic, MAX_TOPIC),
            ApplicantKind::Placement => String::new(),
        };
        let words = reader.words(Field::Words, &input.words, MAX_WORDS);
        let data = email.map(|email| ApplyData { name, email, organisation, topic, words });
        reader.finish(data)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApplyTo {
    Placement(PlacementId),
    Study(WorkshopId),
}

#[derive(Debug, Clone)]
pub struct Apply {
    pub to: ApplyTo,
    pub data: ApplyData,
    pub locale: Locale,
    /// Made with the form; the same key is the same application.
    pub form_key: String,
}

/// Keeps the application and tells both sides.
pub async fn apply(tx: &mut Tx, command: Apply) -> Result<Applicant, PartnerError> {
    let Apply { to, data, locale, form_key } = command;
    // Answered before anything is asked: the first time may have taken the last place.
    if let Some(known) = by_form_key(tx, &form_key).await? {
        return Ok(known);
    }
    let today = local_date(tx.now());
    let (kind, workshop, placement) = match to {
        ApplyTo::Placement(id) => {
            let offered = placement::offered(tx, id).await?.ok_or(PartnerError::Unknown)?;
            if !offered.takes(today) {
                return Err(PartnerError::Closed);
            }
            (ApplicantKind::Placement, offered.placement.workshop_id, Some(id))
        }
        ApplyTo::Study(workshop) => {
            let study = study::study_of(tx, workshop).await?;
            study.filter(|study| study.welcome).ok_or(PartnerError::Closed)?;
            (ApplicantKind::Study, workshop, None)
        }
    };
    ration(tx, &data.email, (kind, workshop, placement)).await?;
    let row = columns! {
        id: ApplicantId::new(tx.now()),
        form_key: form_key,
        kind: kind,
        workshop_id: workshop,
        placement_id: placement,
        secret: tx.draw_token(),
        state: ApplicantState::New,
        locale: locale,
        name: data.name,
        email: data.email.as_str(),
        organisation: data.organisation,
        topic: data.topic,
        words: data.words,
        reply: *"",
        privacy_version: *PRIVACY_VERSION,
        changed_on: today,
        version: 1_i32,
        created_at: tx.now(),
    };
    let new = tx.insert_if_new("applicant", row).await?;
    let made = by_form_key(tx, &form_key).await?.ok_or(PartnerError::Unknown)?;
    if new {
        letters::applied(tx, &made).await?;
        let detail = json!({ "kind": kind });
        audit::record(tx, &Actor::Guest, "applicant.apply", made.id, Some(workshop), detail)
            .await?;
    }
    Ok(made)
}

async fn by_form_key(tx: &mut Tx, key: &str) -> Result<Option<Applicant>, StoreError> {
    tx.fetch_optional("SELECT * FROM applicant WHERE form_key = $1", params![*key]).await
}

/// One open application for the same thing, and so many a day.
async fn ration(
    tx: &mut Tx,
    email: &Email,
    (kind, workshop, placement): (ApplicantKind, WorkshopId, Option<PlacementId>),
) -> Result<(), PartnerError> {
    let address = email.as_str().to_lowercase();
    let since = tx.now() - TimeDelta::days(1);
    let (recent,): (i64,) = tx
        .fetch_one(
            "SELECT CAST(COUNT(*) AS BIGINT) FROM applicant WHERE LOWER(email) = $1 \
             AND created_at > $2",
            params![address, since],
        )
        .await?;
    if recent >= MOST_A_DAY {
        return Err(PartnerError::TooMany);
    }
    let open: Option<(ApplicantId,)> = tx
        .fetch_optional(
            "SELECT id FROM applicant WHERE LOWER(email) = $1 AND workshop_id = $2 AND kind = $3 \
             AND ($4 IS NULL OR placement_id = $4) AND state IN ('new', 'invited') LIMIT 1",
            params![address, workshop, kind, placement],
        )
        .await?;
    if open.is_some() { Err(PartnerError::Twice) } else { Ok(()) }
}

/// The applicant wants it no longer; the workshop is told, once.
pub async fn withdraw(tx: &mut Tx, id: ApplicantId) -> Result<Applicant, PartnerError> {
    let before = by_id(tx, id).await?.ok_or(PartnerError::Unknown)?;
    if before.state == ApplicantState::Withdrawn {
        return Ok(before);
    }
    if before.state == ApplicantState::Declined {
        return Err(PartnerError::State);
    }
    let row = columns! {
        state: ApplicantState::Withdrawn,
        changed_on: local_date(tx.now()),
        version: before.version + 1,
    };
    if tx.update("applicant", row, columns! { id: id, version: before.version }).await? == 0 {
        return Err(PartnerError::Changed);
    }
    let now = by_id(tx, id).await?.ok_or(PartnerError::Unknown)?;
    letters::changed(tx, &now).await?;
    let workshop = Some(now.workshop_id);
    audit::record(tx, &Actor::Guest, "applicant.withdraw", id, workshop, json!({})).await?;
    Ok(now)
}
