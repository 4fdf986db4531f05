//! The house names a partner, changes what it says of it, or parts.

use chrono::NaiveDate;
use serde_json::json;

use super::error::{Field, PartnerError, Wrongs};
use super::keeper::Keeper;
use super::letters;
use super::model::{Partner, PartnerKind, PartnerState, by_id, partner};
use super::read::Reader;
use crate::accounts::{Actor, audit};
use crate::email::Email;
use crate::store::Tx;
use crate::{Locale, PartnerId, columns, params};

const MAX_NAME: usize = 120;
const MAX_CITY: usize = 80;

/// A partner as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PartnerInput {
    pub kind: String,
    pub name: String,
    pub city: String,
    pub web: String,
    pub since: String,
    pub contact: String,
    pub email: String,
    /// In which it is written to.
    pub language: String,
}

impl PartnerInput {
    /// What the editor begins with.
    pub fn of(partner: &Partner) -> Self {
        Self {
            kind: partner.kind.to_string(),
            name: partner.name.clone(),
            city: partner.city.clone(),
            web: partner.web.clone(),
            since: partner.since.to_string(),
            contact: partner.contact.clone(),
            email: partner.email.clone(),
            language: partner.locale.to_string(),
        }
    }
}

/// The same, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartnerData {
    kind: PartnerKind,
    name: String,
    city: String,
    web: String,
    since: NaiveDate,
    contact: String,
    email: Email,
    locale: Locale,
}

impl PartnerData {
    pub fn parse(input: &PartnerInput, today: NaiveDate) -> Result<Self, Wrongs> {
        let mut reader = Reader::default();
        let kind = reader.choice(Field::Kind, PartnerKind::parse(&input.kind));
        let name = reader.line(Field::Name, &input.name, MAX_NAME);
        let city = reader.line(Field::City, &input.city, MAX_CITY);
        let web = reader.web(&input.web);
        let oldest = NaiveDate::from_ymd_opt(1900, 1, 1).unwrap_or(NaiveDate::MIN);
        let since = reader.date(Field::Since, &input.since, (oldest, today));
        let contact = reader.line(Field::Contact, &input.contact, MAX_NAME);
        let email = reader.email(&input.email);
        let locale = reader.choice(Field::Language, Locale::parse(&input.language));
        let all = || Some((kind?, since?, email?, locale?));
        let data = all().map(|(kind, since, email, locale)| PartnerData {
            kind,
            name,
            city,
            web,
            since,
            contact,
            email,
            locale,
        });
        reader.finish(data)
    }
}

#[derive(Debug, Clone)]
pub struct AskPartner {
    pub actor: Actor,
    pub keeper: Keeper,
    pub data: PartnerData,
    /// The same form is one partner.
    pub form_key: String,
}

/// Names a partner and writes to it; it is shown once it agrees.
pub async fn ask(tx: &mut Tx, command: AskPartner) -> Result<PartnerId, PartnerError> {
    let AskPartner { actor, keeper, data, form_key } = command;
    keeper.must_keep(tx, &actor).await?;
    let row = columns! {
        id: PartnerId::new(tx.now()),
        form_key: form_key,
        workshop_id: keeper.workshop(),
        coop_id: keeper.coop(),
        kind: data.kind,
        name: data.name,
        city: data.city,
        web: data.web,
        since: data.since,
        contact: data.contact,
        email: data.email.as_str(),
        locale: data.locale,
        state: PartnerState::Asked,
        secret: tx.draw_token(),
        version: 1_i32,
        created_at: tx.now(),
    };
    let new = tx.insert_if_new("partner", row).await?;
    let made: Option<Partner> =
        tx.fetch_optional("SELECT * FROM partner WHERE form_key = $1", params![form_key]).await?;
    // A key that is somebody else's makes nothing and tells nothing.
    let made =
        made.filter(|made| made.workshop_id == keeper.workshop() && made.coop_id == keeper.coop());
    let made = made.ok_or(PartnerError::Unknown)?;
    if new {
        letters::asked(tx, &made).await?;
        let detail = json!({ "kind": made.kind });
        audit::record(tx, &actor, "partner.ask", made.id, keeper.workshop(), detail).await?;
    }
    Ok(made.id)
}

#[derive(Debug, Clone)]
pub struct ChangePartner {
    pub actor: Actor,
    pub partner: PartnerId,
    /// As the editor read it.
    pub version: i32,
    pub data: PartnerData,
}

/// Changes what is said of a partner, who is asked anew: nothing is shown that it has not agreed to. The
/// link of before opens nothing any more.
pub async fn change(tx: &mut Tx, command: ChangePartner) -> Result<(), PartnerError> {
    let ChangePartner { actor, partner: id, version, data } = command;
    let before = partner(tx, &actor, id).await?;
    let row = columns! {
        kind: data.kind,
        name: data.name,
        city: data.city,
        web: data.web,
        since: data.since,
        contact: data.contact,
        email: data.email.as_str(),
        locale: data.locale,
        state: PartnerState::Asked,
        secret: tx.draw_token(),
        version: version + 1,
    };
    if tx.update("partner", row, columns! { id: id, version: version }).await? == 0 {
        return Err(PartnerError::Changed);
    }
    let now = by_id(tx, id).await?.ok_or(PartnerError::Unknown)?;
    letters::asked(tx, &now).await?;
    audit::record(tx, &actor, "partner.change", id, before.workshop_id, json!({})).await?;
    Ok(())
}

#[derive(Debug, Clone)]
pub struct EndPartner {
    pub actor: Actor,
    pub partner: PartnerId,
}

/// The house parts from it. Designs that are in use stay, with their designer's name and share.
pub async fn end(tx: &mut Tx, command: EndPartner) -> Result<(), PartnerError> {
    let EndPartner { actor, partner: id } = command;
    let before = partner(tx, &actor, id).await?;
    match before.state {
        PartnerState::Ended | PartnerState::Declined => return Ok(()),
        PartnerState::Asked | PartnerState::Agreed => {}
    }
    parted(tx, &before, PartnerState::Ended).await?;
    audit::record(tx, &actor, "partner.end", id, before.workshop_id, json!({})).await?;
    Ok(())
}

/// Nobody writes to it any more, so its contact is forgotten.
pub(super) async fn parted(
    tx: &mut Tx,
    before: &Partner,
    state: PartnerState,
) -> Result<(), PartnerError> {
    let row = columns! {
        state: state,
        contact: *"",
        email: *"",
        answered_at: tx.now(),
        version: before.version + 1,
    };
    if tx.update("partner", row, columns! { id: before.id, version: before.version }).await? == 0 {
        return Err(PartnerError::Changed);
    }
    Ok(())
}
