//! What there is: adding resources and changing them.

use serde_json::json;

use super::error::{ResourceError, ResourceField};
use super::model::{Owner, Resource, ResourceKind, WeekHours};
use super::{needs, pool, settle};
use crate::accounts::{Actor, Forbidden, audit};
use crate::store::{Conn, Tx};
use crate::{CoopId, Localized, PoolId, ResourceId, WorkshopId, columns, params};

/// Most of a resource: litres of the largest kiln.
const MOST: i32 = 10_000;
/// Longest name and note, in characters.
const MAX_NAME: usize = 80;
const MAX_NOTE: usize = 500;
/// Longest setting up or cleaning, in minutes.
const MAX_SETUP: i32 = 24 * 60;

/// What an owner says of a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceTexts {
    pub kind: ResourceKind,
    pub name: Localized,
    pub quantity: i32,
    pub setup_minutes: i32,
    pub cleanup_minutes: i32,
    pub hours: WeekHours,
    pub own_hours_week: Option<i32>,
    pub own_days_ahead: Option<i32>,
    pub note: String,
    pub active: bool,
}

impl ResourceTexts {
    fn checked(mut self) -> Result<Self, ResourceError> {
        let mut wrong = Vec::new();
        for text in [&mut self.name.vi, &mut self.name.en] {
            *text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        }
        let long = |text: &str| text.chars().count() > MAX_NAME;
        if self.name.vi.is_empty() || long(&self.name.vi) || long(&self.name.en) {
            wrong.push(ResourceField::Name);
        }
        if !(1..=MOST).contains(&self.quantity) {
            wrong.push(ResourceField::Quantity);
        }
        if !(0..=MAX_SETUP).contains(&self.setup_minutes) {
            wrong.push(ResourceField::Setup);
        }
        if !(0..=MAX_SETUP).contains(&self.cleanup_minutes) {
            wrong.push(ResourceField::Cleanup);
        }
        if self.hours.0.iter().any(|span| span.days.0.is_empty() || span.from == span.to) {
            wrong.push(ResourceField::Hours);
        }
        if self.own_hours_week.is_some_and(|hours| !(0..=168).contains(&hours)) {
            wrong.push(ResourceField::OwnHours);
        }
        if self.own_days_ahead.is_some_and(|days| !(0..=365).contains(&days)) {
            wrong.push(ResourceField::OwnDays);
        }
        self.note = self.note.trim().chars().take(MAX_NOTE).collect();
        if wrong.is_empty() { Ok(self) } else { Err(ResourceError::Fields(wrong)) }
    }

    fn columns(&self) -> crate::store::Columns {
        columns! {
            kind: self.kind,
            name: self.name,
            quantity: self.quantity,
            setup_minutes: self.setup_minutes,
            cleanup_minutes: self.cleanup_minutes,
            hours: self.hours,
            own_hours_week: self.own_hours_week,
            own_days_ahead: self.own_days_ahead,
            note: self.note,
            active: self.active,
        }
    }
}

impl Owner {
    /// May say what there is and who may use it.
    pub(crate) async fn must_rule(
        self,
        conn: &mut Conn,
        actor: &Actor,
    ) -> Result<(), ResourceError> {
        match self {
            Owner::Workshop(workshop) => actor.must_own(workshop)?,
            Owner::Coop(coop) => crate::coop::must_manage(conn, actor, coop).await?,
        }
        Ok(())
    }

    /// May see who uses it, and say that it is broken.
    pub(crate) async fn must_share(
        self,
        conn: &mut Conn,
        actor: &Actor,
    ) -> Result<(), ResourceError> {
        match self {
            Owner::Workshop(workshop) => actor.must_serve(workshop)?,
            Owner::Coop(coop) => {
                let members = crate::coop::members(conn, coop).await?;
                let serves = members.iter().any(|it| actor.must_serve(it.workshop_id).is_ok());
                if !serves {
                    return Err(Forbidden.into());
                }
            }
        }
        Ok(())
    }

    const fn ids(self) -> (Option<WorkshopId>, Option<CoopId>) {
        match self {
            Owner::Workshop(workshop) => (Some(workshop), None),
            Owner::Coop(coop) => (None, Some(coop)),
        }
    }

    async fn pool(self, conn: &mut Conn) -> Result<PoolId, ResourceError> {
        Ok(match self {
            Owner::Workshop(workshop) => needs::pool_of_workshop(conn, workshop).await?,
            Owner::Coop(coop) => PoolId::from(uuid::Uuid::from(coop)),
        })
    }
}

#[derive(Debug, Clone)]
pub struct AddResource {
    pub actor: Actor,
    pub owner: Owner,
    pub texts: ResourceTexts,
}

pub async fn add_resource(tx: &mut Tx, command: AddResource) -> Result<Resource, ResourceError> {
    let AddResource { actor, owner, texts } = command;
    owner.must_rule(tx, &actor).await?;
    let texts = texts.checked()?;
    let pool = owner.pool(tx).await?;
    pool::lock(tx, pool).await?;
    let id = ResourceId::new(tx.now());
    let (workshop_id, coop_id) = owner.ids();
    let row = columns! {
        id: id,
        pool_id: pool,
        workshop_id: workshop_id,
        coop_id: coop_id,
        created_at: tx.now(),
    };
    tx.insert("resource", row.and(texts.columns())).await?;
    let detail = json!({ "kind": texts.kind.word(), "quantity": texts.quantity });
    audit::record(tx, &actor, "resource.add", id, workshop_id, detail).await?;
    find(tx, id).await?.ok_or(ResourceError::Unknown)
}

#[derive(Debug, Clone)]
pub struct EditResource {
    pub actor: Actor,
    pub resource: ResourceId,
    pub texts: ResourceTexts,
    /// The owner knows that booked visits will be short of it.
    pub force: bool,
}

/// Changes a resource; visits that it takes something from move to others where they can. People
/// are changed as [guides](crate::guide::edit_guide).
pub async fn edit_resource(tx: &mut Tx, command: EditResource) -> Result<Resource, ResourceError> {
    if crate::guide::is_guide(tx, command.resource).await? {
        return Err(ResourceError::Unknown);
    }
    change(tx, command).await
}

/// The same for every resource.
pub(crate) async fn change(tx: &mut Tx, command: EditResource) -> Result<Resource, ResourceError> {
    let EditResource { actor, resource, texts, force } = command;
    let before = find(tx, resource).await?.ok_or(ResourceError::Unknown)?;
    let owner = before.owner().ok_or(ResourceError::Unknown)?;
    owner.must_rule(tx, &actor).await?;
    let texts = texts.checked()?;
    pool::lock(tx, before.pool_id).await?;
    tx.update_one("resource", texts.columns(), columns! { id: resource }).await?;
    let short = settle::rebuild(tx, before.pool_id).await?;
    if !short.is_empty() && !force {
        return Err(ResourceError::Short(short));
    }
    let detail =
        json!({ "quantity": texts.quantity, "active": texts.active, "short": short.len() });
    audit::record(tx, &actor, "resource.edit", resource, before.workshop_id, detail).await?;
    find(tx, resource).await?.ok_or(ResourceError::Unknown)
}

pub(crate) async fn find(
    conn: &mut Conn,
    id: ResourceId,
) -> Result<Option<Resource>, crate::store::StoreError> {
    conn.fetch_optional("SELECT * FROM resource WHERE id = $1", params![id]).await
}
