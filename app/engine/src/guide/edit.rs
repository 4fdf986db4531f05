//! Who guides: adding people, changing what is known of them, renewing their link.

use serde_json::json;
use sqlx::AssertSqlSafe;

use super::assign::{name, take_away};
use super::duty;
use super::error::{GuideError, GuideField};
use super::letters::{self, News};
use super::model::{Guide, Languages, folded};
use super::read;
use crate::accounts::{Actor, audit};
use crate::catalogue::Spoken;
use crate::email::Email;
use crate::phone::Phone;
use crate::resource::{self, Owner, ResourceKind, ResourceTexts, Stretch, WeekHours};
use crate::schedule::Slot;
use crate::store::{Conn, StoreError, Tx};
use crate::{Locale, Localized, ResourceId, columns, params};

/// Longest way between two workshops, in minutes.
const MAX_TRAVEL: i32 = 240;

/// What is known of a guide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuideTexts {
    pub name: String,
    pub languages: Vec<Spoken>,
    /// May be empty.
    pub phone: String,
    /// May be empty: then no letters are sent.
    pub email: String,
    pub locale: Locale,
    /// Minutes from one workshop to another.
    pub travel_minutes: i32,
    pub may_check_in: bool,
    /// None means always.
    pub hours: WeekHours,
    pub note: String,
    pub active: bool,
}

impl GuideTexts {
    fn checked(mut self) -> Result<Self, GuideError> {
        let mut wrong = Vec::new();
        self.name = self.name.split_whitespace().collect::<Vec<_>>().join(" ");
        if self.name.is_empty() || self.name.chars().count() > 80 {
            wrong.push(GuideField::Name);
        }
        if self.languages.is_empty() {
            wrong.push(GuideField::Languages);
        }
        if !self.phone.trim().is_empty() {
            match self.phone.parse::<Phone>() {
                Ok(phone) => phone.as_str().clone_into(&mut self.phone),
                Err(_) => wrong.push(GuideField::Phone),
            }
        }
        if !self.email.trim().is_empty() {
            match self.email.trim().parse::<Email>() {
                Ok(email) => email.as_str().clone_into(&mut self.email),
                Err(_) => wrong.push(GuideField::Email),
            }
        }
        if !(0..=MAX_TRAVEL).contains(&self.travel_minutes) {
            wrong.push(GuideField::Travel);
        }
        if self.hours.0.iter().any(|span| span.days.0.is_empty() || span.from == span.to) {
            wrong.push(GuideField::Hours);
        }
        if wrong.is_empty() { Ok(self) } else { Err(GuideError::Fields(wrong)) }
    }

    fn columns(&self) -> crate::store::Columns {
        columns! {
            languages: Languages(self.languages.clone()),
            phone: *self.phone.trim(),
            email: *self.email.trim(),
            locale: self.locale,
            travel_minutes: self.travel_minutes,
            may_check_in: self.may_check_in,
        }
    }

    fn resource(&self) -> ResourceTexts {
        ResourceTexts {
            kind: ResourceKind::Guide,
            name: Localized { vi: self.name.clone(), en: String::new() },
            quantity: 1,
            setup_minutes: 0,
            cleanup_minutes: 0,
            hours: self.hours.clone(),
            own_hours_week: None,
            own_days_ahead: None,
            note: self.note.clone(),
            active: self.active,
        }
    }
}

#[derive(Debug, Clone)]
pub struct AddGuide {
    pub actor: Actor,
    /// A workshop, or a co-op: then all its members may count on the guide.
    pub owner: Owner,
    pub texts: GuideTexts,
}

pub async fn add_guide(tx: &mut Tx, command: AddGuide) -> Result<Guide, GuideError> {
    let AddGuide { actor, owner, texts } = command;
    let texts = texts.checked()?;
    let add = resource::AddResource { actor, owner, texts: texts.resource() };
    let made = resource::add_resource(tx, add).await?;
    if named_in_pool(tx, &made, &texts.name).await? {
        return Err(GuideError::Fields(vec![GuideField::NameTaken]));
    }
    let id = columns! { resource_id: made.id, token: tx.draw_token() };
    tx.insert("guide", id.and(texts.columns())).await?;
    read::find(tx, made.id).await?.ok_or(GuideError::Unknown)
}

/// Whether another guide whom the same workshops may count on has this name: slots name guides.
async fn named_in_pool(
    conn: &mut Conn,
    resource: &resource::Resource,
    name: &str,
) -> Result<bool, StoreError> {
    let names: Vec<(Localized,)> = conn
        .fetch_all(
            "SELECT resource.name FROM guide JOIN resource ON resource.id = guide.resource_id \
             WHERE resource.pool_id = $1 AND resource.id <> $2",
            params![resource.pool_id, resource.id],
        )
        .await?;
    Ok(names.iter().any(|(other,)| folded(&other.vi) == folded(name)))
}

#[derive(Debug, Clone)]
pub struct EditGuide {
    pub actor: Actor,
    pub guide: ResourceId,
    pub texts: GuideTexts,
    /// The host knows that departures lose their guide.
    pub force: bool,
}

/// Changes a guide. Departures that they can't lead any more, by the new working times or because
/// they stop, are answered first, and with `force` left without a guide.
pub async fn edit_guide(tx: &mut Tx, command: EditGuide) -> Result<Guide, GuideError> {
    let EditGuide { actor, guide, texts, force } = command;
    let before = read::find(tx, guide).await?.ok_or(GuideError::Unknown)?;
    let texts = texts.checked()?;
    if named_in_pool(tx, &before.resource, &texts.name).await? {
        return Err(GuideError::Fields(vec![GuideField::NameTaken]));
    }
    let edit = resource::EditResource { actor, resource: guide, texts: texts.resource(), force };
    resource::change(tx, edit).await?;
    tx.update_one("guide", texts.columns(), columns! { resource_id: guide }).await?;
    let after = read::find(tx, guide).await?.ok_or(GuideError::Unknown)?;
    if after.name() != before.name() {
        rename(tx, &before, after.name()).await?;
    }
    let lost = hindered(tx, &after).await?;
    lose(tx, &after, lost, force).await?;
    Ok(after)
}

/// Departures to come, rules and plain names follow the guide's new name; the past keeps the old one.
async fn rename(tx: &mut Tx, before: &Guide, new: &str) -> Result<(), StoreError> {
    let led = "UPDATE slot SET guide = $2 WHERE ends_at > $3 AND id IN \
               (SELECT slot_id FROM guide_lead WHERE resource_id = $1)";
    let now = tx.now();
    tx.execute(led, params![before.id(), *new, now]).await?;
    let of_theirs = "guide = $2 AND (workshop_id = $3 OR workshop_id IN \
                     (SELECT workshop_id FROM coop_member WHERE coop_id = $4 AND state = 'active'))";
    let whose = &before.resource;
    for (table, more) in [("schedule_rule", ""), ("slot", "origin = 'rule' AND taken = 0 AND ")] {
        let sql = format!("UPDATE {table} SET guide = $1 WHERE {more}{of_theirs}");
        let values = params![*new, before.name().to_owned(), whose.workshop_id, whose.coop_id];
        tx.execute(AssertSqlSafe(sql), values).await?;
    }
    Ok(())
}

/// Departures to come that the guide leads and, as they are now, can't.
async fn hindered(tx: &mut Tx, guide: &Guide) -> Result<Vec<Slot>, StoreError> {
    let mut slots = led_from_now(tx, guide).await?;
    let mut lost = Vec::new();
    for slot in slots.drain(..) {
        let now = tx.now();
        let wanted = read::wanted(tx, &slot, now).await?;
        if duty::hindrance(guide, &wanted, &[]).is_some() {
            lost.push(slot);
        }
    }
    Ok(lost)
}

async fn led_from_now(tx: &mut Tx, guide: &Guide) -> Result<Vec<Slot>, StoreError> {
    let now = tx.now();
    tx.fetch_all(
        "SELECT slot.* FROM guide_lead JOIN slot ON slot.id = guide_lead.slot_id \
         WHERE guide_lead.resource_id = $1 AND slot.ends_at > $2 AND slot.status <> 'cancelled' \
         ORDER BY slot.starts_at, slot.id",
        params![guide.id(), now],
    )
    .await
}

/// Departures to come that the guide leads in a stretch of time.
pub(super) async fn led_in(
    tx: &mut Tx,
    guide: &Guide,
    stretch: Stretch,
) -> Result<Vec<Slot>, StoreError> {
    let mut led = Vec::new();
    for slot in led_from_now(tx, guide).await? {
        let now = tx.now();
        let wanted = read::wanted(tx, &slot, now).await?;
        if wanted.stretches.iter().any(|it| it.overlaps(stretch)) {
            led.push(slot);
        }
    }
    Ok(led)
}

/// Takes the guide off these departures, if the host knows of it.
pub(super) async fn lose(
    tx: &mut Tx,
    guide: &Guide,
    slots: Vec<Slot>,
    force: bool,
) -> Result<(), GuideError> {
    if slots.is_empty() {
        return Ok(());
    }
    if !force {
        return Err(GuideError::Leads(slots));
    }
    for slot in &slots {
        take_away(tx, slot.id).await?;
        name(tx, slot.id, "").await?;
        letters::tell(tx, guide, slot, News::Off).await?;
    }
    resource::lead_changed(tx, guide.resource.pool_id).await?;
    Ok(())
}

#[derive(Debug, Clone)]
pub struct RenewLink {
    pub actor: Actor,
    pub guide: ResourceId,
}

/// Another address for the guide's page and calendar; the old one is dead at once.
pub async fn renew_link(tx: &mut Tx, command: RenewLink) -> Result<String, GuideError> {
    let guide = read::find(tx, command.guide).await?.ok_or(GuideError::Unknown)?;
    let owner = guide.resource.owner().ok_or(GuideError::Unknown)?;
    owner.must_rule(tx, &command.actor).await?;
    let token = tx.draw_token();
    tx.update_one("guide", columns! { token: token }, columns! { resource_id: guide.id() }).await?;
    let workshop = guide.resource.workshop_id;
    audit::record(tx, &command.actor, "guide.renew", guide.id(), workshop, json!({})).await?;
    Ok(token)
}
