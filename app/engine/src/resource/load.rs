//! Kilns for what visitors made: when they can be fired, and what a load takes of one.
//!
//! A load is own work without a quota. Where the visit of its pieces has kept room in a firing, the
//! load takes that room over: a litre is never counted for the visit and for its pieces at once.

use chrono::{DateTime, Days, TimeDelta, Utc};

use super::error::ResourceError;
use super::model::{Purpose, Resource, ResourceKind, Stretch, Timing, Use};
use super::plan::{Load, Occupied};
use super::pool::{self, Pool};
use super::settle;
use crate::clock::local_date;
use crate::store::{Conn, StoreError, Tx};
use crate::{FiringId, NeedId, OptionId, ResourceId, SlotId, UseId, WorkshopId, columns, params};

/// A firing that a kiln could do: one span of its hours.
#[derive(Debug, Clone)]
pub struct Chance {
    pub kiln: Resource,
    pub stretch: Stretch,
    /// Litres that nobody has.
    pub free: i32,
    /// Who has the others.
    pub uses: Vec<Use>,
}

/// The firings of the kilns that a workshop may use, its co-op's among them, soonest first.
pub async fn chances(
    conn: &mut Conn,
    workshop: WorkshopId,
    now: DateTime<Utc>,
    days: u64,
) -> Result<Vec<Chance>, StoreError> {
    let usable = super::usable_by(conn, workshop).await?;
    let mut chances = Vec::new();
    for kiln in usable.into_iter().filter(|it| it.kind == ResourceKind::Kiln && it.active) {
        let ahead = TimeDelta::days(i64::try_from(days).unwrap_or(0) + 2);
        let uses: Vec<Use> = conn
            .fetch_all(
                "SELECT * FROM resource_use WHERE resource_id = $1 AND ends_at > $2 \
                 AND starts_at < $3 ORDER BY starts_at, id",
                params![kiln.id, now, now + ahead],
            )
            .await?;
        let load = loaded(&kiln, &uses);
        let today = local_date(now);
        let spans = (0..=days)
            .filter_map(|day| today.checked_add_days(Days::new(day)))
            .flat_map(|date| kiln.hours.on(date))
            .filter(|span| span.from > now);
        for stretch in spans {
            let free = load.free(kiln.id, stretch, None).max(0);
            let uses = uses.iter().filter(|it| it.stretch().overlaps(stretch)).cloned().collect();
            chances.push(Chance { kiln: kiln.clone(), stretch, free, uses });
        }
    }
    chances.sort_by_key(|chance| (chance.stretch, chance.kiln.id));
    Ok(chances)
}

fn loaded<'a>(kiln: &'a Resource, uses: &[Use]) -> Load<'a> {
    let mut load = Load::new([kiln]);
    for it in uses {
        let occupied = Occupied { stretch: it.stretch(), amount: it.amount, slot: it.slot_id };
        load.add(it.resource_id, occupied);
    }
    load
}

/// What a load takes.
#[derive(Debug, Clone)]
pub(crate) struct LoadUse {
    pub firing: FiringId,
    pub workshop: WorkshopId,
    pub kiln: ResourceId,
    pub stretch: Stretch,
    pub litres: i32,
    /// Visits of its pieces, each with the firing of its making that this is (the first is 0).
    pub visits: Vec<(SlotId, usize)>,
    pub note: String,
}

/// Takes the room for a load, or changes how much it has. The kiln's pool is locked from here on.
pub(crate) async fn put_load(tx: &mut Tx, wanted: LoadUse) -> Result<(), ResourceError> {
    let LoadUse { firing, workshop, kiln, stretch, litres, visits, note } = wanted;
    let usable = super::usable_by(tx, workshop).await?;
    let fits = |it: &Resource| it.id == kiln && it.active && it.kind == ResourceKind::Kiln;
    let kiln = usable.into_iter().find(fits).ok_or(ResourceError::Unknown)?;
    if !kiln.hours.cover(stretch) {
        return Err(ResourceError::Shut);
    }
    pool::lock(tx, kiln.pool_id).await?;
    let pool = Pool::load(tx, kiln.pool_id).await?;
    let mut changed = vec![(kiln.id, stretch)];
    for (slot, nth) in visits {
        changed.extend(take_over(tx, &pool, slot, nth).await?);
    }
    let uses = pool.uses(tx, stretch).await?;
    let others: Vec<Use> = uses.iter().filter(|it| it.firing_id != Some(firing)).cloned().collect();
    let free = pool.load_of(&others).free(kiln.id, stretch, None);
    if free < litres {
        return Err(ResourceError::Taken { free: free.max(0) });
    }
    let mine = uses.iter().find(|it| it.firing_id == Some(firing));
    if let Some(mine) = mine {
        let row = columns! { amount: litres, note: note };
        tx.update_one("resource_use", row, columns! { id: mine.id }).await?;
    } else {
        let row = columns! {
            id: UseId::new(tx.now()),
            resource_id: kiln.id,
            starts_at: stretch.from,
            ends_at: stretch.to,
            amount: litres,
            purpose: Purpose::Own,
            workshop_id: workshop,
            note: note,
            firing_id: firing,
            created_at: tx.now(),
        };
        tx.insert("resource_use", row).await?;
    }
    settle::refresh_around(tx, &pool, &changed).await?;
    Ok(())
}

/// The room that a visit had kept for this firing of its pieces; once the visit is over, because
/// until then who comes decides how much that is.
async fn take_over(
    tx: &mut Tx,
    pool: &Pool,
    slot: SlotId,
    nth: usize,
) -> Result<Option<(ResourceId, Stretch)>, StoreError> {
    let now = tx.now();
    let found: Option<(OptionId,)> = tx
        .fetch_optional(
            "SELECT option_id FROM slot WHERE id = $1 AND ends_at <= $2",
            params![slot, now],
        )
        .await?;
    let Some((option,)) = found else { return Ok(None) };
    let Some(need) = nth_firing(pool, option, nth) else { return Ok(None) };
    let kept: Option<Use> = tx
        .fetch_optional(
            "SELECT * FROM resource_use WHERE slot_id = $1 AND need_id = $2",
            params![slot, need],
        )
        .await?;
    let gap = "DELETE FROM resource_gap WHERE slot_id = $1 AND need_id = $2";
    tx.execute(gap, params![slot, need]).await?;
    let Some(kept) = kept.filter(|kept| kept.ends_at > now) else { return Ok(None) };
    tx.execute_one("DELETE FROM resource_use WHERE id = $1", params![kept.id]).await?;
    Ok(Some((kept.resource_id, kept.stretch())))
}

/// The need of an option that is its pieces' first, second … firing.
fn nth_firing(pool: &Pool, option: OptionId, nth: usize) -> Option<NeedId> {
    let kiln = |id: &ResourceId| {
        pool.resource(*id).is_some_and(|resource| resource.kind == ResourceKind::Kiln)
    };
    let mut firings: Vec<(i32, i32, NeedId)> = pool
        .needs_of(option)
        .iter()
        .filter(|need| need.choices.iter().any(kiln))
        .filter_map(|need| match need.timing {
            Timing::After { from_day, to_day } => Some((from_day, to_day, need.id)),
            Timing::During { .. } => None,
        })
        .collect();
    firings.sort_unstable();
    firings.get(nth).map(|(.., need)| *need)
}

/// Gives back what a load had; whoever was short of it gets it.
pub(crate) async fn drop_load(
    tx: &mut Tx,
    kiln: ResourceId,
    firing: FiringId,
) -> Result<(), ResourceError> {
    let kiln = super::find(tx, kiln).await?.ok_or(ResourceError::Unknown)?;
    pool::lock(tx, kiln.pool_id).await?;
    tx.execute("DELETE FROM resource_use WHERE firing_id = $1", params![firing]).await?;
    settle::rebuild(tx, kiln.pool_id).await?;
    Ok(())
}
