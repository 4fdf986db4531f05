//! What visits have of resources follows from who comes, in the transaction that changes it.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::AssertSqlSafe;

use super::model::{Need, ResourceKind, Stretch, Timing, Use};
use super::plan::{self, Planned, Unmet, Visit};
use super::pool::{self, Pool};
use crate::schedule::Slot;
use crate::store::{Bind, StoreError, Tx};
use crate::{OptionId, PoolId, ResourceId, SlotId, params};

/// Gives a slot what those who come need, after their number or its time changed; all or nothing:
/// what is not free is answered, and nothing is written. Then tells the slots around, whose
/// resources became fewer or more, how many they have room for.
///
/// `pool` is what [`pool::enter`] locked; without one the slot needs nothing.
pub(crate) async fn settle(
    tx: &mut Tx,
    pool: Option<PoolId>,
    slot: &Slot,
) -> Result<Result<(), ResourceKind>, StoreError> {
    let Some(pool) = pool else { return Ok(Ok(())) };
    let pool = Pool::load(tx, pool).await?;
    let current = pool::uses_of_slot(tx, slot.id).await?;
    let needs = &leader_first(pool.needs_of(slot.option_id), &current);
    let visit = visit_of(slot, tx.now());
    let uses = pool.uses(tx, reach(needs, visit)).await?;
    let kept: Vec<Planned> =
        current.iter().filter_map(Use::planned).filter(|it| !is_led(needs, &current, it)).collect();
    let (planned, unmet) = plan::plan(needs, &pool.load_of(&uses), visit, &kept);
    // Whoever leaves makes nothing worse, whatever broke meanwhile.
    let all: Vec<Planned> = current.iter().filter_map(Use::planned).collect();
    let worse = |it: &Unmet| all.iter().all(|had| had.need != it.need || had.amount < it.amount);
    let had: Vec<_> = gaps_of(tx, slot.id).await?;
    let new = unmet.iter().find(|it| {
        worse(it) && !had.iter().any(|(need, amount)| *need == it.need && it.amount <= *amount)
    });
    if let Some(new) = new {
        return Ok(Err(kind_of(&pool, needs, new)));
    }
    write_gaps(tx, slot.id, &unmet).await?;
    let mut changed = pool::write_uses(tx, slot.id, &current, &planned).await?;
    changed.extend(planned.iter().map(|it| (it.resource, it.stretch)));
    let mut ranges = ranges(&pool, &changed);
    let own = Stretch { from: slot.starts_at, to: slot.starts_at };
    ranges
        .entry(slot.option_id)
        .and_modify(|range| *range = Stretch::around([*range, own]).unwrap_or(own))
        .or_insert(own);
    refresh_rooms(tx, &pool, &ranges).await?;
    Ok(Ok(()))
}

/// Whoever leads the visit is the first choice of a need that they can meet.
fn leader_first(needs: &[Need], current: &[Use]) -> Vec<Need> {
    let mut needs = needs.to_vec();
    if let Some(leader) = leader(current) {
        for need in &mut needs {
            need.choices.sort_by_key(|choice| *choice != leader);
        }
    }
    needs
}

fn leader(current: &[Use]) -> Option<ResourceId> {
    current.iter().find(|it| it.need_id.is_none()).map(|it| it.resource_id)
}

/// Whether a need keeps somebody else busy although the leader could meet it.
fn is_led(needs: &[Need], current: &[Use], had: &Planned) -> bool {
    leader(current).is_some_and(|leader| {
        leader != had.resource
            && needs.iter().any(|need| need.id == had.need && need.choices.contains(&leader))
    })
}

/// After somebody was assigned to a visit or taken off it: visits that need one of the guides are
/// planned anew.
pub(crate) async fn lead_changed(tx: &mut Tx, pool: PoolId) -> Result<(), StoreError> {
    let (needed,): (i64,) = tx
        .fetch_one(
            "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM option_need_choice \
             JOIN guide ON guide.resource_id = option_need_choice.resource_id \
             JOIN resource ON resource.id = guide.resource_id WHERE resource.pool_id = $1",
            params![pool],
        )
        .await?;
    if needed > 0 {
        rebuild(tx, pool).await?;
    }
    Ok(())
}

pub(super) fn kind_of(pool: &Pool, needs: &[Need], unmet: &Unmet) -> ResourceKind {
    let need = needs.iter().find(|need| need.id == unmet.need);
    let resource = need.and_then(|need| need.choices.first()).and_then(|id| pool.resource(*id));
    resource.map_or(ResourceKind::Tool, |resource| resource.kind)
}

pub(super) const fn visit_of(slot: &Slot, now: DateTime<Utc>) -> Visit {
    let Slot { id, starts_at, ends_at, heads, .. } = *slot;
    Visit { slot: id, starts_at, ends_at, heads, now }
}

/// The time in which a visit may want anything, generously.
pub(super) fn reach(needs: &[Need], visit: Visit) -> Stretch {
    let days = needs.iter().map(|need| match need.timing {
        Timing::During { .. } => 1,
        Timing::After { to_day, .. } => i64::from(to_day) + 2,
    });
    let ahead = TimeDelta::days(days.max().unwrap_or(1));
    Stretch { from: visit.starts_at - TimeDelta::days(1), to: visit.ends_at + ahead }
}

/// Tells the slots around what changed how many they have room for now.
pub(super) async fn refresh_around(
    tx: &mut Tx,
    pool: &Pool,
    changed: &[(ResourceId, Stretch)],
) -> Result<(), StoreError> {
    refresh_rooms(tx, pool, &ranges(pool, changed)).await
}

/// Options whose visits may want what changed, and when such visits start.
fn ranges(pool: &Pool, changed: &[(ResourceId, Stretch)]) -> BTreeMap<OptionId, Stretch> {
    let mut ranges: BTreeMap<OptionId, Stretch> = BTreeMap::new();
    for (id, stretch) in changed {
        for need in pool.needs.values().flatten().filter(|need| need.choices.contains(id)) {
            let range = starts_that_want(need, *stretch);
            ranges
                .entry(need.option_id)
                .and_modify(|all| *all = Stretch::around([*all, range]).unwrap_or(range))
                .or_insert(range);
        }
    }
    ranges
}

/// Visits that start in this range may want a resource in that stretch; with a day to spare for
/// setting up, cleaning and long visits.
fn starts_that_want(need: &Need, stretch: Stretch) -> Stretch {
    let day = TimeDelta::days(1);
    let before = match need.timing {
        Timing::During { .. } => day,
        Timing::After { to_day, .. } => TimeDelta::days(i64::from(to_day)) + day + day,
    };
    Stretch { from: stretch.from - before, to: stretch.to + day }
}

/// Works out anew how many the slots of these options, starting in these ranges, have room for.
pub(super) async fn refresh_rooms(
    tx: &mut Tx,
    pool: &Pool,
    ranges: &BTreeMap<OptionId, Stretch>,
) -> Result<(), StoreError> {
    let mut values = params![tx.now()];
    let mut clauses = Vec::with_capacity(ranges.len());
    for (option, range) in ranges {
        let at = values.len() + 1;
        values.extend([option.bind(), range.from.bind(), range.to.bind()]);
        clauses.push(format!(
            "(option_id = ${at} AND starts_at BETWEEN ${} AND ${})",
            at + 1,
            at + 2
        ));
    }
    if clauses.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "SELECT * FROM slot WHERE status <> 'cancelled' AND closes_at > $1 AND ({}) ORDER BY id",
        clauses.join(" OR ")
    );
    let slots = tx.fetch_all(AssertSqlSafe(sql), values).await?;
    write_rooms(tx, pool, slots).await
}

/// Rooms of these slots; only those that changed are written, in one order for everybody.
pub(super) async fn write_rooms(
    tx: &mut Tx,
    pool: &Pool,
    slots: Vec<Slot>,
) -> Result<(), StoreError> {
    let now = tx.now();
    let within = slots.iter().map(|slot| reach(pool.needs_of(slot.option_id), visit_of(slot, now)));
    let Some(within) = Stretch::around(within) else { return Ok(()) };
    let uses = pool.uses(tx, within).await?;
    let load = pool.load_of(&uses);
    for slot in slots {
        let needs = pool.needs_of(slot.option_id);
        let room = (!needs.is_empty()).then(|| {
            let kept: Vec<Planned> = uses
                .iter()
                .filter(|it| it.slot_id == Some(slot.id))
                .filter_map(Use::planned)
                .collect();
            plan::room(needs, &load, visit_of(&slot, now), &kept, slot.capacity)
        });
        if room != slot.room {
            tx.execute("UPDATE slot SET room = $2 WHERE id = $1", params![slot.id, room]).await?;
        }
    }
    Ok(())
}

/// Tells new and changed slots of a workshop (those that don't know it) how many they have room for.
pub(crate) async fn fit_new(tx: &mut Tx, workshop: crate::WorkshopId) -> Result<(), StoreError> {
    const UNKNOWN: &str = "FROM slot JOIN tour_option ON tour_option.id = slot.option_id \
                           WHERE slot.workshop_id = $1 AND slot.room IS NULL \
                           AND tour_option.pool_id IS NOT NULL AND slot.closes_at > $2 \
                           AND slot.status <> 'cancelled'";
    let now = tx.now();
    let sql = format!("SELECT DISTINCT tour_option.pool_id {UNKNOWN} ORDER BY tour_option.pool_id");
    let pools: Vec<(PoolId,)> = tx.fetch_all(AssertSqlSafe(sql), params![workshop, now]).await?;
    for (id,) in pools {
        pool::lock(tx, id).await?;
        let pool = Pool::load(tx, id).await?;
        let sql = format!("SELECT slot.* {UNKNOWN} AND tour_option.pool_id = $3 ORDER BY slot.id");
        let slots = tx.fetch_all(AssertSqlSafe(sql), params![workshop, now, id]).await?;
        write_rooms(tx, &pool, slots).await?;
    }
    Ok(())
}

/// A visit that lost something it needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Short {
    pub slot: Slot,
    pub unmet: Vec<Unmet>,
}

/// Plans every booked visit of a pool anew after the resources themselves changed: what still
/// fits stays, the rest moves to another resource or firing, and what finds no place is kept as a
/// gap. Answers the visits that have a gap more than before. The nearest visits keep theirs first: they are the hardest to move.
pub(super) async fn rebuild(tx: &mut Tx, id: PoolId) -> Result<Vec<Short>, StoreError> {
    let pool = Pool::load(tx, id).await?;
    let now = tx.now();
    let slots: Vec<Slot> = tx
        .fetch_all(
            "SELECT slot.* FROM slot JOIN tour_option ON tour_option.id = slot.option_id \
             WHERE tour_option.pool_id = $1 AND slot.heads > 0 AND (slot.ends_at > $2 OR EXISTS \
             (SELECT 1 FROM resource_use WHERE resource_use.slot_id = slot.id \
             AND resource_use.ends_at > $2) OR EXISTS (SELECT 1 FROM resource_gap \
             WHERE resource_gap.slot_id = slot.id)) ORDER BY slot.starts_at, slot.id",
            params![id, now],
        )
        .await?;
    let spans = slots.iter().map(|slot| reach(pool.needs_of(slot.option_id), visit_of(slot, now)));
    let uses = match Stretch::around(spans) {
        Some(within) => pool.uses(tx, within).await?,
        None => Vec::new(),
    };
    // What is no need of a visit stands, whoever leads one included; needs come one after the other.
    let others: Vec<Use> = uses.iter().filter(|it| it.need_id.is_none()).cloned().collect();
    let mut load = pool.load_of(&others);
    let mut left: Vec<(Slot, Vec<Use>)> = Vec::new();
    for slot in slots {
        let current: Vec<Use> =
            uses.iter().filter(|it| it.slot_id == Some(slot.id)).cloned().collect();
        left.push((slot, current));
    }
    let mut plans = keep_what_fits(&pool, &mut load, &left, now);
    let mut short = Vec::new();
    for (slot, current) in left {
        let kept = plans.remove(&slot.id).unwrap_or_default();
        let needs = &leader_first(pool.needs_of(slot.option_id), &current);
        load.remove(slot.id);
        let (planned, unmet) = plan::plan(needs, &load, visit_of(&slot, now), &kept);
        for it in &planned {
            load.add(it.resource, it.occupied(slot.id));
        }
        for it in current.iter().filter(|it| it.need_id.is_none()) {
            let (stretch, amount, slot) = (it.stretch(), it.amount, it.slot_id);
            load.add(it.resource_id, plan::Occupied { stretch, amount, slot });
        }
        pool::write_uses(tx, slot.id, &current, &planned).await?;
        let had = gaps_of(tx, slot.id).await?;
        write_gaps(tx, slot.id, &unmet).await?;
        let new =
            |it: &Unmet| !had.iter().any(|(need, amount)| *need == it.need && it.amount <= *amount);
        if unmet.iter().any(new) {
            short.push(Short { slot, unmet });
        }
    }
    let all: Vec<Slot> = tx
        .fetch_all(
            "SELECT slot.* FROM slot JOIN tour_option ON tour_option.id = slot.option_id \
             WHERE tour_option.pool_id = $1 AND slot.closes_at > $2 \
             AND slot.status <> 'cancelled' ORDER BY slot.id",
            params![id, now],
        )
        .await?;
    write_rooms(tx, &pool, all).await?;
    Ok(short)
}

/// Puts back into the load what each visit has and may keep, the nearest visit first, so that
/// nobody's new place is somebody else's old one.
fn keep_what_fits(
    pool: &Pool,
    load: &mut plan::Load<'_>,
    visits: &[(Slot, Vec<Use>)],
    now: DateTime<Utc>,
) -> BTreeMap<SlotId, Vec<Planned>> {
    let mut plans = BTreeMap::new();
    for (slot, current) in visits {
        let visit = visit_of(slot, now);
        let mut kept = Vec::new();
        for had in current.iter().filter_map(Use::planned) {
            let need = pool.needs_of(slot.option_id).iter().find(|need| need.id == had.need);
            let Some(need) = need else { continue };
            if is_led(pool.needs_of(slot.option_id), current, &had) {
                continue;
            }
            let same = plan::plan(std::slice::from_ref(need), load, visit, &[had]).0;
            if let Some(it) =
                same.into_iter().find(|it| it.stretch == had.stretch && it.resource == had.resource)
            {
                load.add(it.resource, it.occupied(slot.id));
                kept.push(it);
            }
        }
        plans.insert(slot.id, kept);
    }
    plans
}

async fn gaps_of(tx: &mut Tx, slot: SlotId) -> Result<Vec<(crate::NeedId, i32)>, StoreError> {
    tx.fetch_all("SELECT need_id, amount FROM resource_gap WHERE slot_id = $1", params![slot]).await
}

async fn write_gaps(tx: &mut Tx, slot: SlotId, unmet: &[Unmet]) -> Result<(), StoreError> {
    let had = gaps_of(tx, slot).await?;
    for (need, _) in had.iter().filter(|(need, _)| !unmet.iter().any(|it| it.need == *need)) {
        tx.execute_one(
            "DELETE FROM resource_gap WHERE slot_id = $1 AND need_id = $2",
            params![slot, *need],
        )
        .await?;
    }
    for it in unmet {
        tx.execute_one(
            "INSERT INTO resource_gap (slot_id, need_id, amount, since) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (slot_id, need_id) DO UPDATE SET amount = excluded.amount",
            params![slot, it.need, it.amount, tx.now()],
        )
        .await?;
    }
    Ok(())
}
