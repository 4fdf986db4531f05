//! Founding a co-op and saying what it is.

use chrono::NaiveDate;
use serde_json::json;

use super::{Coop, CoopError, CoopForm, MemberRole, MemberState, must_manage};
use crate::accounts::{Actor, audit};
use crate::catalogue;
use crate::catalogue::edit::{Field, Reader, Wrong, Wrongs};
use crate::email::Email;
use crate::phone::Phone;
use crate::resource;
use crate::store::{Columns, StoreError, Tx};
use crate::{CoopId, Localized, MemberId, VillageId, WorkshopId, columns, params, text};

const NAME: usize = 120;
const SUMMARY: usize = 400;
const STORY: usize = 8_000;
/// Craft guilds are old, dates typed into a browser are not older than this.
const FIRST_YEAR: (i32, u32, u32) = (1900, 1, 1);

/// As typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CoopInput {
    pub name: String,
    pub form: String,
    pub summary: Localized,
    pub story: Localized,
    /// "2024-03-15" or "15/3/2024"; may be empty.
    pub founded_on: String,
    pub phone: String,
    pub email: String,
}

impl CoopInput {
    /// What the editor begins with.
    pub fn of(coop: &Coop) -> Self {
        Self {
            name: coop.name.clone(),
            form: coop.form.word().to_owned(),
            summary: coop.summary.clone(),
            story: coop.story.clone(),
            founded_on: coop.founded_on.map(|date| date.to_string()).unwrap_or_default(),
            phone: coop.phone.clone(),
            email: coop.email.clone(),
        }
    }
}

/// What a co-op says of itself, as it can be saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoopData {
    name: String,
    form: CoopForm,
    summary: Localized,
    story: Localized,
    founded_on: Option<NaiveDate>,
    phone: Option<Phone>,
    email: Option<Email>,
}

impl CoopData {
    /// `today` at the venue: nothing was founded after it.
    pub fn parse(input: &CoopInput, today: NaiveDate) -> Result<CoopData, Wrongs> {
        let mut reader = Reader::default();
        let name = reader.line(Field::Name, &input.name, NAME);
        let form = reader.choice(Field::Form, CoopForm::parse(&input.form), CoopForm::Group);
        let summary = reader.texts(Field::Summary, &input.summary, SUMMARY);
        let story = reader.texts(Field::Story, &input.story, STORY);
        let first = NaiveDate::from_ymd_opt(FIRST_YEAR.0, FIRST_YEAR.1, FIRST_YEAR.2);
        let founded_on =
            reader.optional_date(Field::FoundedOn, &input.founded_on, (first, Some(today)));
        let phone = (!input.phone.trim().is_empty()).then(|| input.phone.parse());
        if matches!(phone, Some(Err(_))) {
            reader.wrong(Field::Phone, Wrong::Phone);
        }
        let email = (!input.email.trim().is_empty()).then(|| input.email.parse());
        if matches!(email, Some(Err(_))) {
            reader.wrong(Field::Email, Wrong::Email);
        }
        reader.finish(CoopData {
            name,
            form,
            summary,
            story,
            founded_on,
            phone: phone.and_then(Result::ok),
            email: email.and_then(Result::ok),
        })
    }

    fn columns(&self) -> Columns {
        columns! {
            name: self.name,
            form: self.form,
            summary: self.summary,
            story: self.story,
            founded_on: self.founded_on,
            phone: self.phone.as_ref().map_or("", Phone::as_str),
            email: self.email.as_ref().map_or("", Email::as_str),
        }
    }
}

#[derive(Debug, Clone)]
pub struct Found {
    pub actor: Actor,
    /// The first member, and its manager.
    pub workshop: WorkshopId,
    pub data: CoopData,
}

/// Founds a co-op with one workshop as its manager. Its address is made from the name and stays
/// when the name changes: letters and search engines know it.
pub async fn found(tx: &mut Tx, command: Found) -> Result<(CoopId, String), CoopError> {
    let Found { actor, workshop, data } = command;
    actor.must_own(workshop)?;
    let village: Option<(VillageId,)> = tx
        .fetch_optional("SELECT village_id FROM workshop WHERE id = $1", params![workshop])
        .await?;
    let (village,) = village.ok_or(CoopError::Unknown)?;
    let id = CoopId::new(tx.now());
    let place = columns! { id: id, village_id: village, created_at: tx.now() };
    let base = text::slug_or(&data.name, "coop");
    let slug = tx.insert_with_slug("coop", &base, place.and(data.columns())).await?;
    let membership = columns! {
        id: MemberId::new(tx.now()),
        coop_id: id,
        workshop_id: workshop,
        role: MemberRole::Manager,
        state: MemberState::Active,
        invited_at: tx.now(),
        joined_at: tx.now(),
    };
    tx.insert("coop_member", membership).await.map_err(in_another)?;
    resource::membership_changed(tx, workshop).await?;
    let detail = json!({ "slug": slug });
    audit::record(tx, &actor, "coop.found", id, Some(workshop), detail).await?;
    Ok((id, slug))
}

/// The database keeps a workshop in one co-op at a time.
pub(super) fn in_another(error: StoreError) -> CoopError {
    if error.broke_unique() { CoopError::InAnother } else { error.into() }
}

#[derive(Debug, Clone)]
pub struct Edit {
    pub actor: Actor,
    pub coop: CoopId,
    pub data: CoopData,
}

/// Changes what a co-op says of itself.
pub async fn edit(tx: &mut Tx, command: Edit) -> Result<(), CoopError> {
    let Edit { actor, coop, data } = command;
    must_manage(tx, &actor, coop).await?;
    if tx.update("coop", data.columns(), columns! { id: coop }).await? == 0 {
        return Err(CoopError::Unknown);
    }
    // Its name stands on the marks that it owns.
    catalogue::touch(tx).await?;
    audit::record(tx, &actor, "coop.edit", coop, None, json!({ "name": data.name })).await?;
    Ok(())
}
