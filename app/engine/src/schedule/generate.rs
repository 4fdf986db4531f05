//! Slots follow from the opening rules, for a rolling horizon.
//!
//! What the rules want is compared with what is there: missing slots are added, empty ones that
//! no rule wants any more go away. Slots with bookings, and those that a host made or changed by
//! hand, stay as they are.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use sqlx::AssertSqlSafe;

use super::model::{Closure, Opening, Rule, Slot, SlotOrigin, SlotStatus};
use super::{rules, slots};
use crate::catalogue::Catalogue;
use crate::clock::{local_date, venue_instant};
use crate::event::{self, Days, Effect, EventOpening};
use crate::store::{Bind, Conn, Param, Store, StoreError, TimeOfDay, Tx, placeholders};
use crate::{OptionId, SlotId, TourId, WorkshopId, params};
use crate::{busy, guide, resource};

/// Days ahead for which slots exist.
pub const HORIZON_DAYS: i64 = 180;

/// Rows of one INSERT. Ten values each stay far below what either database binds at once.
const BATCH: usize = 400;

/// Departures that an opening names between two days, inclusive, outside the closures; in order.
pub fn expand(
    opening: &Opening,
    closures: &[&Closure],
    from: NaiveDate,
    to: NaiveDate,
) -> Vec<(NaiveDate, TimeOfDay)> {
    let mut all = departures(opening, |date| opening.opens_on(*date), from, to);
    all.retain(|(date, time)| !closures.iter().any(|closure| closure.shuts(*date, *time)));
    all
}

/// Each time of an opening on each day that is open.
fn departures(
    opening: &Opening,
    opens: impl Fn(&NaiveDate) -> bool,
    from: NaiveDate,
    to: NaiveDate,
) -> Vec<(NaiveDate, TimeOfDay)> {
    let mut times = opening.times.0.clone();
    times.sort_unstable();
    times.dedup();
    from.iter_days()
        .take_while(|date| *date <= to)
        .filter(opens)
        .flat_map(|date| times.iter().map(move |time| (date, *time)))
        .collect()
}

/// A slot as the rules want it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    pub option_id: OptionId,
    pub tour_id: TourId,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub closes_at: DateTime<Utc>,
    pub local_date: NaiveDate,
    pub capacity: i32,
    pub guide: String,
}

pub(super) type Wishes = BTreeMap<(OptionId, DateTime<Utc>), Wanted>;

/// All that a workshop's rules want after an instant, up to a day. Where two rules of an option
/// name the same departure, the older one counts.
pub(super) fn wishes(
    catalogue: &Catalogue,
    (rules, closures, days): (&[Rule], &[Closure], &Days),
    after: DateTime<Utc>,
    to: NaiveDate,
) -> Wishes {
    let from = local_date(after);
    let mut wishes = Wishes::new();
    // Lunar days are worked out once for each closure, not once for each rule.
    let closed: Vec<(&Closure, BTreeSet<NaiveDate>)> = closures
        .iter()
        .map(|closure| {
            let days = from.iter_days().take_while(|date| *date <= to);
            (closure, days.filter(|date| closure.rule.covers(*date)).collect())
        })
        .collect();
    // So are the days of events.
    let effects: BTreeMap<NaiveDate, Effect> =
        from.iter_days().take_while(|date| *date <= to).map(|date| (date, days.of(date))).collect();
    let effect = |date: NaiveDate| effects.get(&date).copied().unwrap_or(Effect::NONE);
    for rule in rules {
        let Some((tour, option)) = catalogue.option(rule.option_id) else { continue };
        // Runs of a course are planned by hand.
        if !option.active || tour.course.is_some() {
            continue;
        }
        let shut = |date: &NaiveDate, time: TimeOfDay| {
            closed.iter().any(|(closure, days)| {
                closure.concerns(tour.id)
                    && days.contains(date)
                    && closure.hours.is_none_or(|hours| hours.contains(time))
            })
        };
        let opens = |date: &NaiveDate| match effect(*date).opening {
            EventOpening::Usual => rule.opening.opens_on(*date),
            EventOpening::Daily => rule.opening.holds_on(*date),
            EventOpening::Closed => false,
        };
        for (date, time) in departures(&rule.opening, opens, from, to) {
            let Some(starts_at) = venue_instant(date, time.time()) else { continue };
            if starts_at <= after || shut(&date, time) {
                continue;
            }
            wishes.entry((option.id, starts_at)).or_insert_with(|| Wanted {
                option_id: option.id,
                tour_id: tour.id,
                starts_at,
                ends_at: starts_at + TimeDelta::minutes(i64::from(option.duration_minutes)),
                closes_at: starts_at - TimeDelta::hours(i64::from(tour.lead_time_hours)),
                local_date: date,
                capacity: effect(date).seats(rule.opening.capacity),
                guide: rule.opening.guide.clone(),
            });
        }
    }
    wishes
}

/// How the slots differ from what the rules want.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    pub add: Vec<Wanted>,
    /// Empty slots that stay, with other seats or hours.
    pub change: Vec<(SlotId, Wanted)>,
    /// Empty slots that no rule wants.
    pub remove: Vec<SlotId>,
    /// Slots with bookings that get other seats, never fewer than are taken, or another guide.
    pub adjust: Vec<(SlotId, Wanted)>,
    /// Slots with bookings that no rule wants, or wants with fewer seats than are taken.
    pub hit: Vec<Slot>,
    /// Of these, the ones that no rule wants.
    pub unwanted: BTreeSet<SlotId>,
}

/// `chosen` are slots whose guide somebody chose: rules name no other.
pub(super) fn plan(mut wishes: Wishes, existing: Vec<Slot>, chosen: &BTreeSet<SlotId>) -> Plan {
    let mut plan = Plan::default();
    for slot in existing {
        let mut wish = wishes.remove(&(slot.option_id, slot.starts_at));
        if let Some(wish) = wish.as_mut().filter(|_| chosen.contains(&slot.id)) {
            wish.guide.clone_from(&slot.guide);
        }
        if slot.origin == SlotOrigin::Host || slot.status == SlotStatus::Cancelled {
            continue;
        }
        let booked = slot.taken > 0;
        match wish {
            // It was closed to others when the rules let go of it.
            None if booked && slot.status == SlotStatus::Closed => {}
            None if booked => {
                plan.unwanted.insert(slot.id);
                plan.hit.push(slot);
            }
            None if slot.status == SlotStatus::Open => plan.remove.push(slot.id),
            Some(wish) if booked && wish.capacity < slot.taken - slot.overbooked => {
                plan.hit.push(slot);
            }
            Some(wish)
                if booked
                    && (slot.status == SlotStatus::Closed
                        || (wish.capacity, &wish.guide) != (slot.capacity, &slot.guide)) =>
            {
                plan.adjust.push((slot.id, wish));
            }
            Some(wish) if !booked && (slot.status != SlotStatus::Open || differs(&slot, &wish)) => {
                plan.change.push((slot.id, wish));
            }
            None | Some(_) => {}
        }
    }
    plan.add = wishes.into_values().collect();
    plan
}

fn differs(slot: &Slot, wish: &Wanted) -> bool {
    slot.capacity != wish.capacity
        || slot.ends_at != wish.ends_at
        || slot.closes_at != wish.closes_at
        || slot.guide != wish.guide
}

/// Slots of a workshop that start after an instant, up to a day; cancelled ones too.
pub(super) async fn existing(
    conn: &mut Conn,
    workshop: WorkshopId,
    after: DateTime<Utc>,
    to: NaiveDate,
) -> Result<Vec<Slot>, StoreError> {
    let slots = slots::of_workshop(conn, workshop, local_date(after), to).await?;
    Ok(slots.into_iter().filter(|slot| slot.starts_at > after).collect())
}

/// What was done to the slots.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Generated {
    pub added: u64,
    pub changed: u64,
    pub removed: u64,
}

/// Makes the slots of all workshops in one transaction; see [`generate_workshop`].
pub async fn generate(
    tx: &mut Tx,
    catalogue: &Catalogue,
    horizon_days: i64,
) -> Result<Generated, StoreError> {
    let mut sum = Generated::default();
    for workshop in &catalogue.workshops {
        let done = generate_workshop(tx, catalogue, workshop.id, horizon_days).await?;
        sum.added += done.added;
        sum.changed += done.changed;
        sum.removed += done.removed;
    }
    Ok(sum)
}

/// Brings a workshop's slots in line with its rules. Doing it twice changes nothing.
pub async fn generate_workshop(
    tx: &mut Tx,
    catalogue: &Catalogue,
    workshop: WorkshopId,
    horizon_days: i64,
) -> Result<Generated, StoreError> {
    let after = tx.now();
    generate_after(tx, catalogue, workshop, after, horizon_days).await
}

/// The same for slots after another instant than now: the demo fills the whole of today.
pub(crate) async fn generate_after(
    tx: &mut Tx,
    catalogue: &Catalogue,
    workshop: WorkshopId,
    after: DateTime<Utc>,
    horizon_days: i64,
) -> Result<Generated, StoreError> {
    let plan = plan_now(tx, catalogue, workshop, after, horizon_days).await?;
    apply(tx, workshop, plan).await
}

/// How a workshop's slots differ from what its rules and the events of its village want.
pub(super) async fn plan_now(
    conn: &mut Conn,
    catalogue: &Catalogue,
    workshop: WorkshopId,
    after: DateTime<Utc>,
    horizon_days: i64,
) -> Result<Plan, StoreError> {
    let to = local_date(after) + TimeDelta::days(horizon_days);
    let days = event::days_of(conn, workshop).await?;
    plan_for(conn, catalogue, workshop, &days, (after, to)).await
}

/// The same under other events.
pub(super) async fn plan_for(
    conn: &mut Conn,
    catalogue: &Catalogue,
    workshop: WorkshopId,
    days: &Days,
    (after, to): (DateTime<Utc>, NaiveDate),
) -> Result<Plan, StoreError> {
    let rules = rules::rules_of(conn, workshop).await?;
    let closures = rules::closures_of(conn, workshop).await?;
    let wishes = wishes(catalogue, (&rules, &closures, days), after, to);
    let existing = existing(conn, workshop, after, to).await?;
    let chosen = guide::chosen_of_workshop(conn, workshop, after).await?;
    Ok(plan(wishes, existing, &chosen))
}

/// The daily work of a server: each workshop in a short transaction of its own.
pub async fn generate_daily(
    store: &Store,
    catalogue: &std::sync::Arc<Catalogue>,
) -> Result<Generated, StoreError> {
    let mut sum = Generated::default();
    for workshop in &catalogue.workshops {
        let command = (std::sync::Arc::clone(catalogue), workshop.id);
        let done = store
            .write("generate slots", command, |tx, (catalogue, workshop)| {
                Box::pin(
                    async move { generate_workshop(tx, &catalogue, workshop, HORIZON_DAYS).await },
                )
            })
            .await?;
        sum.added += done.added;
        sum.changed += done.changed;
        sum.removed += done.removed;
    }
    Ok(sum)
}

/// The guests of a slot that the rules want no more, or with fewer seats, come as agreed. What no rule
/// wants takes nobody else until one wants it again; with other seats it is the host's from now on.
pub(super) async fn keep_hit(tx: &mut Tx, slot: SlotId, unwanted: bool) -> Result<(), StoreError> {
    let sql = if unwanted {
        "UPDATE slot SET status = 'closed' WHERE id = $1"
    } else {
        "UPDATE slot SET origin = 'host' WHERE id = $1"
    };
    tx.execute_one(sql, params![slot]).await
}

/// Carries out a plan, its hits excepted. Every statement asks again whether the slot is still
/// empty: a booking may have come in since it was read.
pub(super) async fn apply(
    tx: &mut Tx,
    workshop: WorkshopId,
    plan: Plan,
) -> Result<Generated, StoreError> {
    let mut done = Generated::default();
    for batch in plan.remove.chunks(BATCH) {
        done.removed += remove(tx, batch).await?;
    }
    for (id, wish) in plan.change {
        done.changed += tx
            .execute(
                "UPDATE slot SET status = 'open', capacity = $2, ends_at = $3, closes_at = $4, \
                 guide = $5, room = NULL WHERE id = $1 AND taken = 0 AND origin = 'rule' \
                 AND status <> 'cancelled'",
                params![id, wish.capacity, wish.ends_at, wish.closes_at, wish.guide],
            )
            .await?;
    }
    for (id, wish) in plan.adjust {
        done.changed += tx
            .execute(
                "UPDATE slot SET status = 'open', capacity = $2, guide = $3, room = NULL \
                 WHERE id = $1 AND origin = 'rule' AND status <> 'cancelled' AND taken <= $2 + overbooked",
                params![id, wish.capacity, wish.guide],
            )
            .await?;
    }
    for batch in plan.add.chunks(BATCH) {
        done.added += insert(tx, workshop, batch).await?;
    }
    done.changed += event::reprice(tx, workshop).await?;
    done.changed += busy::mark(tx, workshop).await?;
    resource::fit_new(tx, workshop).await?;
    guide::heed(tx, workshop).await?;
    Ok(done)
}

/// Deletes empty slots; one that somebody once booked or waits for is closed instead.
async fn remove(tx: &mut Tx, ids: &[SlotId]) -> Result<u64, StoreError> {
    guide::let_go_empty(tx, ids).await?;
    let list = placeholders(1, ids.len());
    let values: Vec<Param> = ids.iter().map(Bind::bind).collect();
    let delete = format!(
        "DELETE FROM slot WHERE id IN ({list}) AND taken = 0 AND origin = 'rule' \
         AND NOT EXISTS (SELECT 1 FROM booking WHERE booking.slot_id = slot.id) \
         AND NOT EXISTS (SELECT 1 FROM waitlist WHERE waitlist.slot_id = slot.id)"
    );
    let deleted = tx.execute(AssertSqlSafe(delete), values.clone()).await?;
    let close = format!(
        "UPDATE slot SET status = 'closed' WHERE id IN ({list}) AND taken = 0 \
         AND origin = 'rule' AND status = 'open'"
    );
    let closed = tx.execute(AssertSqlSafe(close), values).await?;
    Ok(deleted + closed)
}

async fn insert(tx: &mut Tx, workshop: WorkshopId, rows: &[Wanted]) -> Result<u64, StoreError> {
    const COLUMNS: usize = 9;
    // $1 is the workshop, the same in every row.
    let mut sql = String::from(
        "INSERT INTO slot (workshop_id, id, option_id, tour_id, starts_at, ends_at, closes_at, \
         local_date, capacity, guide, taken, overbooked, status, origin, note, run_state) VALUES ",
    );
    let mut values = params![workshop];
    for (at, wish) in rows.iter().enumerate() {
        let comma = if at == 0 { "" } else { ", " };
        let list = placeholders(2 + at * COLUMNS, COLUMNS);
        // Writing to a String cannot fail.
        let _ = write!(sql, "{comma}($1, {list}, 0, 0, 'open', 'rule', '', 'undecided')");
        values.extend(params![
            SlotId::new(tx.now()),
            wish.option_id,
            wish.tour_id,
            wish.starts_at,
            wish.ends_at,
            wish.closes_at,
            wish.local_date,
            wish.capacity,
            wish.guide,
        ]);
    }
    sql.push_str(" ON CONFLICT (option_id, starts_at) DO NOTHING");
    tx.execute(AssertSqlSafe(sql), values).await
}
