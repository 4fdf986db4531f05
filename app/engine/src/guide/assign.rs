//! Assigning guides to departures, by hand.

use serde_json::json;

use super::duty::{self, Task, Wanted};
use super::error::GuideError;
use super::letters::{self, News};
use super::model::{Guide, LeadOrigin};
use super::read::{self, around};
use crate::accounts::{Actor, audit};
use crate::resource::{self, Purpose, Stretch};
use crate::schedule::{Slot, SlotStatus, slots};
use crate::store::{StoreError, Tx};
use crate::{PoolId, ResourceId, SlotId, UseId, columns, params};

#[derive(Debug, Clone)]
pub struct Assign {
    pub actor: Actor,
    pub slot: SlotId,
    pub guide: ResourceId,
}

/// Makes a guide lead a departure, instead of whoever did. What stands against it is answered and
/// nothing changes.
pub async fn assign(tx: &mut Tx, command: Assign) -> Result<Slot, GuideError> {
    let Assign { actor, slot, guide } = command;
    let (slot, pool) = locked(tx, &actor, slot).await?;
    if slot.status == SlotStatus::Cancelled || slot.is_over(tx.now()) {
        return Err(GuideError::Over);
    }
    let guides = read::of_workshop(tx, slot.workshop_id).await?;
    let guide = guides.into_iter().find(|it| it.id() == guide).ok_or(GuideError::Unknown)?;
    let now = tx.now();
    let wanted = read::wanted(tx, &slot, now).await?;
    if let Some(hindrance) = hindrance_now(tx, &guide, &wanted).await? {
        return Err(GuideError::Hindered(hindrance));
    }
    let had = read::lead_of(tx, slot.id).await?;
    if had.is_some_and(|lead| lead.resource_id == guide.id() && lead.origin == LeadOrigin::Host) {
        return Ok(slot);
    }
    if let Some(lead) = had.filter(|lead| lead.resource_id != guide.id()) {
        letters::tell_off(tx, lead.resource_id, &slot).await?;
    }
    put(tx, &slot, &guide, LeadOrigin::Host, &wanted).await?;
    if had.is_none_or(|lead| lead.resource_id != guide.id()) {
        letters::tell(tx, &guide, &slot, News::Assigned).await?;
    }
    resource::lead_changed(tx, pool).await?;
    let detail = json!({ "guide": guide.name() });
    audit::record(tx, &actor, "guide.assign", slot.id, Some(slot.workshop_id), detail).await?;
    slots::find(tx, slot.id).await?.ok_or(GuideError::Unknown)
}

#[derive(Debug, Clone)]
pub struct Unassign {
    pub actor: Actor,
    pub slot: SlotId,
}

/// Nobody leads the departure any more, as far as is known.
pub async fn unassign(tx: &mut Tx, command: Unassign) -> Result<Slot, GuideError> {
    let Unassign { actor, slot } = command;
    let (slot, pool) = locked(tx, &actor, slot).await?;
    if slot.is_over(tx.now()) {
        return Err(GuideError::Over);
    }
    let had = take_away(tx, slot.id).await?;
    if let Some(guide) = had {
        letters::tell_off(tx, guide, &slot).await?;
    }
    if had.is_some() || !slot.guide.is_empty() {
        name(tx, slot.id, "").await?;
        resource::lead_changed(tx, pool).await?;
        let detail = json!({ "guide": slot.guide });
        audit::record(tx, &actor, "guide.unassign", slot.id, Some(slot.workshop_id), detail)
            .await?;
    }
    slots::find(tx, slot.id).await?.ok_or(GuideError::Unknown)
}

/// The slot as it is once nobody else takes or gives back guides of its workshop.
async fn locked(tx: &mut Tx, actor: &Actor, id: SlotId) -> Result<(Slot, PoolId), GuideError> {
    let slot = slots::find(tx, id).await?.ok_or(GuideError::Unknown)?;
    actor.must_serve(slot.workshop_id)?;
    let pool = resource::pool_of_workshop(tx, slot.workshop_id).await?;
    resource::lock(tx, pool).await?;
    let slot = slots::find(tx, id).await?.ok_or(GuideError::Unknown)?;
    Ok((slot, pool))
}

pub(super) async fn hindrance_now(
    tx: &mut Tx,
    guide: &Guide,
    wanted: &Wanted,
) -> Result<Option<duty::Hindrance>, StoreError> {
    let Some(within) = around(wanted) else { return Ok(None) };
    let tasks = read::tasks_of_pool(tx, guide.resource.pool_id, within).await?;
    Ok(duty::hindrance(guide, wanted, tasks.get(&guide.id()).map_or(&[], Vec::as_slice)))
}

/// Writes that the guide leads the slot, whose pool is locked; answers what it takes of their time.
pub(super) async fn put(
    tx: &mut Tx,
    slot: &Slot,
    guide: &Guide,
    origin: LeadOrigin,
    wanted: &Wanted,
) -> Result<Vec<Task>, StoreError> {
    take_away(tx, slot.id).await?;
    tx.insert(
        "guide_lead",
        columns! { slot_id: slot.id, resource_id: guide.id(), origin: origin, since: tx.now() },
    )
    .await?;
    let tasks = write_uses(tx, slot, guide.id(), &wanted.stretches).await?;
    if slot.guide != guide.name() {
        name(tx, slot.id, guide.name()).await?;
    }
    Ok(tasks)
}

pub(super) async fn write_uses(
    tx: &mut Tx,
    slot: &Slot,
    guide: ResourceId,
    stretches: &[Stretch],
) -> Result<Vec<Task>, StoreError> {
    let mut tasks = Vec::with_capacity(stretches.len());
    for stretch in stretches {
        let use_ = columns! {
            id: UseId::new(tx.now()),
            resource_id: guide,
            starts_at: stretch.from,
            ends_at: stretch.to,
            amount: 1_i32,
            purpose: Purpose::Visit,
            slot_id: slot.id,
            note: *"",
            created_at: tx.now(),
        };
        tx.insert("resource_use", use_).await?;
        tasks.push(Task {
            starts_at: stretch.from,
            ends_at: stretch.to,
            purpose: Purpose::Visit,
            slot_id: Some(slot.id),
            workshop_id: Some(slot.workshop_id),
        });
    }
    Ok(tasks)
}

/// Gives back the time of whoever leads the slot; answers who it was. The name stays.
pub(super) async fn take_away(tx: &mut Tx, slot: SlotId) -> Result<Option<ResourceId>, StoreError> {
    let had = read::lead_of(tx, slot).await?;
    let Some(lead) = had else { return Ok(None) };
    clear_uses(tx, slot).await?;
    tx.execute_one("DELETE FROM guide_lead WHERE slot_id = $1", params![slot]).await?;
    Ok(Some(lead.resource_id))
}

pub(super) async fn clear_uses(tx: &mut Tx, slot: SlotId) -> Result<(), StoreError> {
    tx.execute("DELETE FROM resource_use WHERE slot_id = $1 AND need_id IS NULL", params![slot])
        .await?;
    Ok(())
}

pub(super) async fn name(tx: &mut Tx, slot: SlotId, guide: &str) -> Result<(), StoreError> {
    tx.execute_one("UPDATE slot SET guide = $2 WHERE id = $1", params![slot, *guide]).await
}
