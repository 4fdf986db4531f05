//! Guides follow their departures: when one moves, ends or names somebody else.

use std::collections::HashMap;

use sqlx::AssertSqlSafe;

use super::assign::{clear_uses, hindrance_now, name, put, take_away, write_uses};
use super::duty;
use super::letters::{self, News};
use super::model::{Guide, Lead, LeadOrigin};
use super::read::{self, around};
use crate::resource::{self, Stretch};
use crate::schedule::{Slot, SlotOrigin, SlotStatus};
use crate::store::{Bind, Param, StoreError, Tx};
use crate::{SlotId, WorkshopId, params};

/// Locks the pool of whoever leads a slot. Before the slot itself is locked, always.
pub(crate) async fn enter(tx: &mut Tx, slot: SlotId) -> Result<(), StoreError> {
    let Some(lead) = read::lead_of(tx, slot).await? else { return Ok(()) };
    let Some(guide) = read::find(tx, lead.resource_id).await? else { return Ok(()) };
    resource::lock(tx, guide.resource.pool_id).await
}

/// Locks the pool of a workshop that has guides, before a slot is locked whose guide may change.
pub(crate) async fn enter_workshop(tx: &mut Tx, workshop: WorkshopId) -> Result<(), StoreError> {
    if read::of_workshop(tx, workshop).await?.is_empty() {
        return Ok(());
    }
    let pool = resource::pool_of_workshop(tx, workshop).await?;
    resource::lock(tx, pool).await
}

/// After a slot's time or sessions changed: whoever leads it goes along, or is taken off it when
/// they can't. [`enter`] came first.
pub(crate) async fn follow(tx: &mut Tx, slot: &Slot) -> Result<(), StoreError> {
    let Some(lead) = read::lead_of(tx, slot.id).await? else { return Ok(()) };
    let Some(guide) = read::find(tx, lead.resource_id).await? else { return Ok(()) };
    let now = tx.now();
    let wanted = read::wanted(tx, slot, now).await?;
    let had = stretches_of(tx, slot.id).await?;
    if had == wanted.stretches {
        return Ok(());
    }
    // Told with the time at which the guide thinks that it is.
    let mut before = slot.clone();
    before.starts_at = had.first().map_or(slot.starts_at, |it| it.from);
    if hindrance_now(tx, &guide, &wanted).await?.is_some() {
        take_away(tx, slot.id).await?;
        name(tx, slot.id, "").await?;
        letters::tell(tx, &guide, &before, News::Off).await?;
    } else {
        letters::tell(tx, &guide, &before, News::Moved).await?;
        clear_uses(tx, slot.id).await?;
        write_uses(tx, slot, guide.id(), &wanted.stretches).await?;
    }
    resource::lead_changed(tx, guide.resource.pool_id).await
}

/// What a slot takes of its guide's time from now on.
async fn stretches_of(tx: &mut Tx, slot: SlotId) -> Result<Vec<Stretch>, StoreError> {
    let now = tx.now();
    let uses: Vec<resource::Use> = tx
        .fetch_all(
            "SELECT * FROM resource_use WHERE slot_id = $1 AND need_id IS NULL \
             AND ends_at > $2 ORDER BY starts_at",
            params![slot, now],
        )
        .await?;
    Ok(uses.iter().map(resource::Use::stretch).collect())
}

/// The departure does not take place, or takes nobody: whoever leads it is free. Its guide's name
/// stays, so that opening it again finds them.
pub(crate) async fn let_go(tx: &mut Tx, slot: &Slot) -> Result<(), StoreError> {
    let Some(guide) = take_away(tx, slot.id).await? else { return Ok(()) };
    letters::tell_off(tx, guide, slot).await?;
    if let Some(guide) = read::find(tx, guide).await? {
        resource::lead_changed(tx, guide.resource.pool_id).await?;
    }
    Ok(())
}

/// Before rules take back slots: whoever leads an empty one of them is free.
pub(crate) async fn let_go_empty(tx: &mut Tx, slots: &[SlotId]) -> Result<(), StoreError> {
    let list = crate::store::placeholders(1, slots.len());
    let values: Vec<Param> = slots.iter().map(Bind::bind).collect();
    let empty = format!(
        "slot_id IN (SELECT id FROM slot WHERE id IN ({list}) AND taken = 0 AND origin = 'rule')"
    );
    let uses = format!("DELETE FROM resource_use WHERE need_id IS NULL AND {empty}");
    tx.execute(AssertSqlSafe(uses), values.clone()).await?;
    tx.execute(AssertSqlSafe(format!("DELETE FROM guide_lead WHERE {empty}")), values).await?;
    Ok(())
}

/// Makes the guides that slots to come of a workshop name lead them, where they are free; where a
/// slot names somebody else than its guide, the guide is free again.
pub(crate) async fn heed(tx: &mut Tx, workshop: WorkshopId) -> Result<(), StoreError> {
    heed_some(tx, workshop, None).await
}

/// The same for one slot.
pub(crate) async fn heed_slot(tx: &mut Tx, slot: &Slot) -> Result<(), StoreError> {
    heed_some(tx, slot.workshop_id, Some(slot.id)).await
}

async fn heed_some(
    tx: &mut Tx,
    workshop: WorkshopId,
    only: Option<SlotId>,
) -> Result<(), StoreError> {
    let guides = read::of_workshop(tx, workshop).await?;
    if guides.is_empty() {
        return Ok(());
    }
    let pool = resource::pool_of_workshop(tx, workshop).await?;
    resource::lock(tx, pool).await?;
    let now = tx.now();
    let (which, id) = match only {
        Some(slot) => ("slot.id = $3", slot.bind()),
        None => ("$3 IS NULL", SlotId::null()),
    };
    let slots: Vec<Slot> = tx
        .fetch_all(
            AssertSqlSafe(format!(
                "SELECT slot.* FROM slot WHERE slot.workshop_id = $1 AND slot.ends_at > $2 \
                 AND (slot.guide <> '' OR EXISTS (SELECT 1 FROM guide_lead \
                 WHERE guide_lead.slot_id = slot.id)) AND {which} ORDER BY slot.starts_at, slot.id"
            )),
            vec![workshop.bind(), now.bind(), id],
        )
        .await?;
    let leads: Vec<Lead> = tx
        .fetch_all(
            "SELECT guide_lead.* FROM guide_lead JOIN slot ON slot.id = guide_lead.slot_id \
             WHERE slot.workshop_id = $1 AND slot.ends_at > $2",
            params![workshop, now],
        )
        .await?;
    let leads: HashMap<SlotId, Lead> = leads.into_iter().map(|lead| (lead.slot_id, lead)).collect();
    let uses = uses_of(tx, workshop).await?;
    let mut changed = false;
    let mut free: Vec<(Slot, &Guide)> = Vec::new();
    for slot in slots {
        let named = read::named_guide(&guides, &slot.guide);
        let lead = leads.get(&slot.id);
        let lost = slot.status == SlotStatus::Cancelled
            || (slot.status == SlotStatus::Closed && slot.taken == 0);
        match lead {
            Some(lead) if lost || named.map(Guide::id) != Some(lead.resource_id) => {
                take_away(tx, slot.id).await?;
                changed = true;
                // Rules change many at once; the guide's page and calendar show those.
                if only.is_some() {
                    letters::tell_off(tx, lead.resource_id, &slot).await?;
                }
            }
            Some(_) => {
                let time = Stretch { from: slot.starts_at, to: slot.ends_at };
                if uses.get(&slot.id) != Some(&vec![time]) {
                    follow(tx, &slot).await?;
                }
                continue;
            }
            None => {}
        }
        if let (false, Some(guide)) = (lost, named) {
            free.push((slot, guide));
        }
    }
    let led = put_all(tx, pool, free).await?;
    if let (Some(_), Some((slot, guide))) = (only, led.first()) {
        letters::tell(tx, guide, slot, News::Assigned).await?;
    }
    changed |= !led.is_empty();
    if changed {
        resource::lead_changed(tx, pool).await?;
    }
    Ok(())
}

/// What the led departures to come of a workshop take of their guides' time.
async fn uses_of(
    tx: &mut Tx,
    workshop: WorkshopId,
) -> Result<HashMap<SlotId, Vec<Stretch>>, StoreError> {
    let now = tx.now();
    let uses: Vec<resource::Use> = tx
        .fetch_all(
            "SELECT resource_use.* FROM resource_use JOIN slot ON slot.id = resource_use.slot_id \
             WHERE slot.workshop_id = $1 AND slot.ends_at > $2 AND resource_use.need_id IS NULL \
             ORDER BY resource_use.starts_at",
            params![workshop, now],
        )
        .await?;
    let mut by_slot: HashMap<SlotId, Vec<Stretch>> = HashMap::new();
    for it in uses {
        if let Some(slot) = it.slot_id {
            by_slot.entry(slot).or_default().push(it.stretch());
        }
    }
    Ok(by_slot)
}

/// First departures first; whoever is not free is left out. Answers who leads what now.
async fn put_all<'g>(
    tx: &mut Tx,
    pool: crate::PoolId,
    slots: Vec<(Slot, &'g Guide)>,
) -> Result<Vec<(Slot, &'g Guide)>, StoreError> {
    let mut all = Vec::with_capacity(slots.len());
    for (slot, guide) in slots {
        let now = tx.now();
        let wanted = read::wanted(tx, &slot, now).await?;
        all.push((slot, guide, wanted));
    }
    let Some(within) = Stretch::around(all.iter().filter_map(|(.., wanted)| around(wanted))) else {
        return Ok(Vec::new());
    };
    let mut tasks = read::tasks_of_pool(tx, pool, within).await?;
    let mut led = Vec::new();
    for (slot, guide, wanted) in all {
        let mine = tasks.entry(guide.id()).or_default();
        if duty::hindrance(guide, &wanted, mine).is_none() {
            let origin = match slot.origin {
                SlotOrigin::Rule => LeadOrigin::Rule,
                SlotOrigin::Host | SlotOrigin::Offer => LeadOrigin::Host,
            };
            mine.extend(put(tx, &slot, guide, origin, &wanted).await?);
            led.push((slot, guide));
        }
    }
    Ok(led)
}
