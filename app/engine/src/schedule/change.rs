//! Changing rules and closures: first what it would do, then doing it. Bookings are never hit
//! silently.

use std::sync::Arc;

use serde_json::json;

use chrono::TimeDelta;

use super::day_rule::DayRule;
use super::error::{RuleField, ScheduleError};
use super::generate::{self, Generated, HORIZON_DAYS, Plan};
use super::model::{Closure, Hours, Opening, Rule, Slot};
use super::rules;
use super::staff::{self, CancelSlot};
use crate::accounts::{Actor, audit};
use crate::catalogue::Catalogue;
use crate::clock::local_date;
use crate::event::{self, Days};
use crate::store::{Conn, StoreError, Tx};
use crate::{ClosureId, Localized, OptionId, RuleId, TourId, WorkshopId, params};

/// A change of a workshop's rules or closures. Without an id a new one is made.
#[derive(Debug, Clone, PartialEq)]
pub enum ScheduleChange {
    SaveRule {
        id: Option<RuleId>,
        option: OptionId,
        opening: Opening,
    },
    DeleteRule(RuleId),
    SaveClosure {
        id: Option<ClosureId>,
        tour: Option<TourId>,
        reason: Localized,
        rule: DayRule,
        /// The whole day when None.
        hours: Option<Hours>,
    },
    DeleteClosure(ClosureId),
}

/// What a change would do to the slots of the horizon.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Impact {
    pub slots_added: usize,
    pub slots_removed: usize,
    /// Slots that get other seats, hours or another guide; nobody's booking is touched by it.
    pub slots_changed: usize,
    /// Slots with bookings that the new rules do not want, or want with fewer seats than are taken.
    pub hit: Vec<Slot>,
    /// Of these, the ones that no rule wants.
    pub unwanted: usize,
}

/// What becomes of slots with bookings that the change would hit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum HitSlots {
    /// Nothing is changed; the host is shown them.
    #[default]
    Ask,
    /// Their guests come as agreed. Those that no rule wants take nobody else until one wants them
    /// again; the others are the host's from now on.
    Keep,
    /// Those that no rule wants are cancelled, and their guests told why.
    Cancel { reason: String },
}

impl Impact {
    fn of(plan: Plan) -> Self {
        Self {
            slots_added: plan.add.len(),
            slots_removed: plan.remove.len(),
            slots_changed: plan.change.len() + plan.adjust.len(),
            unwanted: plan.unwanted.len(),
            hit: plan.hit,
        }
    }
}

/// What other events of the village would do to a workshop's slots, without doing it.
pub(crate) async fn preview_days(
    conn: &mut Conn,
    catalogue: &Catalogue,
    workshop: WorkshopId,
    days: &Days,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<Impact, StoreError> {
    let to = local_date(now) + TimeDelta::days(HORIZON_DAYS);
    Ok(Impact::of(generate::plan_for(conn, catalogue, workshop, days, (now, to)).await?))
}

/// Brings a workshop's slots in line with the events of its village. Nobody who booked is touched:
/// such slots take nobody else where the events want no more seats.
pub(crate) async fn follow_events(
    tx: &mut Tx,
    catalogue: &Catalogue,
    workshop: WorkshopId,
) -> Result<Generated, StoreError> {
    let now = tx.now();
    let mut plan = generate::plan_now(tx, catalogue, workshop, now, HORIZON_DAYS).await?;
    for slot in std::mem::take(&mut plan.hit) {
        let unwanted = plan.unwanted.contains(&slot.id);
        if !unwanted {
            tx.execute(
                "UPDATE slot SET capacity = taken - overbooked WHERE id = $1 AND taken > overbooked",
                params![slot.id],
            )
            .await?;
        }
        generate::keep_hit(tx, slot.id, unwanted).await?;
    }
    generate::apply(tx, workshop, plan).await
}

#[derive(Debug, Clone)]
pub struct ChangeSchedule {
    pub catalogue: Arc<Catalogue>,
    pub actor: Actor,
    pub workshop: WorkshopId,
    pub change: ScheduleChange,
    pub hit_slots: HitSlots,
}

/// What the change would do, without doing it.
pub async fn preview_change(
    conn: &mut Conn,
    catalogue: &Catalogue,
    workshop: WorkshopId,
    change: &ScheduleChange,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<Impact, ScheduleError> {
    check(catalogue, workshop, change)?;
    let plan = plan_change(conn, catalogue, workshop, change, now).await?;
    Ok(Impact::of(plan))
}

/// Saves the change and brings the slots in line. Only for owners.
pub async fn change_schedule(
    tx: &mut Tx,
    command: ChangeSchedule,
) -> Result<Generated, ScheduleError> {
    let ChangeSchedule { catalogue, actor, workshop, change, hit_slots } = command;
    actor.must_own(workshop)?;
    check(&catalogue, workshop, &change)?;
    let now = tx.now();
    let mut plan = plan_change(tx, &catalogue, workshop, &change, now).await?;
    let hit = std::mem::take(&mut plan.hit);
    if !hit.is_empty() && hit_slots == HitSlots::Ask {
        return Err(ScheduleError::HitsBookings(hit));
    }
    for slot in &hit {
        let unwanted = plan.unwanted.contains(&slot.id);
        match &hit_slots {
            HitSlots::Cancel { reason } if unwanted => {
                let (actor, reason) = (actor.clone(), reason.clone());
                staff::cancel_slot(tx, CancelSlot { actor, slot: slot.id, reason }).await?;
            }
            HitSlots::Cancel { .. } | HitSlots::Keep | HitSlots::Ask => {
                generate::keep_hit(tx, slot.id, unwanted).await?;
            }
        }
    }
    let (verb, subject) = write(tx, workshop, &change).await?;
    let done = generate::apply(tx, workshop, plan).await?;
    let detail = json!({
        "added": done.added, "removed": done.removed, "changed": done.changed, "hit": hit.len(),
    });
    audit::record(tx, &actor, verb, subject, Some(workshop), detail).await?;
    Ok(done)
}

async fn plan_change(
    conn: &mut Conn,
    catalogue: &Catalogue,
    workshop: WorkshopId,
    change: &ScheduleChange,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<Plan, ScheduleError> {
    let mut rules = rules::rules_of(conn, workshop).await?;
    let mut closures = rules::closures_of(conn, workshop).await?;
    match change {
        ScheduleChange::SaveRule { id, option, opening } => {
            let new = |id| Rule {
                id,
                option_id: *option,
                workshop_id: workshop,
                opening: opening.clone(),
            };
            match id {
                Some(id) => *find(&mut rules, |rule| rule.id == *id)? = new(*id),
                None => rules.push(new(RuleId::new(now))),
            }
        }
        ScheduleChange::DeleteRule(id) => {
            find(&mut rules, |rule| rule.id == *id)?;
            rules.retain(|rule| rule.id != *id);
        }
        ScheduleChange::SaveClosure { id, tour, reason, rule, hours } => {
            let new = |id| Closure {
                id,
                workshop_id: workshop,
                tour_id: *tour,
                reason: reason.clone(),
                rule: rule.clone(),
                hours: *hours,
                saved_at: now,
            };
            match id {
                Some(id) => *find(&mut closures, |closure| closure.id == *id)? = new(*id),
                None => closures.push(new(ClosureId::new(now))),
            }
        }
        ScheduleChange::DeleteClosure(id) => {
            find(&mut closures, |closure| closure.id == *id)?;
            closures.retain(|closure| closure.id != *id);
        }
    }
    let to = local_date(now) + TimeDelta::days(HORIZON_DAYS);
    let days = event::days_of(conn, workshop).await?;
    let wishes = generate::wishes(catalogue, (&rules, &closures, &days), now, to);
    let existing = generate::existing(conn, workshop, now, to).await?;
    let chosen = crate::guide::chosen_of_workshop(conn, workshop, now).await?;
    Ok(generate::plan(wishes, existing, &chosen))
}

fn find<T>(list: &mut [T], is: impl Fn(&T) -> bool) -> Result<&mut T, ScheduleError> {
    list.iter_mut().find(|item| is(item)).ok_or(ScheduleError::Unknown)
}

/// Seats of the largest departure taken; more is a typing slip.
const MAX_CAPACITY: i32 = 1_000;

/// The fields are as they must be, and the option or tour is the workshop's own.
fn check(
    catalogue: &Catalogue,
    workshop: WorkshopId,
    change: &ScheduleChange,
) -> Result<(), ScheduleError> {
    let mut wrong = Vec::new();
    match change {
        ScheduleChange::SaveRule { option, opening, .. } => {
            let (tour, _) = catalogue.option(*option).ok_or(ScheduleError::Unknown)?;
            if tour.workshop_id != workshop || tour.course.is_some() {
                return Err(ScheduleError::Unknown);
            }
            let lunar = &opening.lunar_days.0;
            if (opening.weekdays.0.is_empty() && lunar.is_empty()) || !are_lunar(lunar) {
                wrong.push(RuleField::Days);
            }
            if opening.times.0.is_empty() {
                wrong.push(RuleField::Times);
            }
            if !(1..=MAX_CAPACITY).contains(&opening.capacity) {
                wrong.push(RuleField::Capacity);
            }
            if let (Some(from), Some(to)) = (opening.valid_from, opening.valid_to)
                && to < from
            {
                wrong.push(RuleField::Dates);
            }
        }
        ScheduleChange::SaveClosure { tour, rule, hours, .. } => {
            if let Some(tour) = tour
                && catalogue.tour(*tour).is_none_or(|tour| tour.workshop_id != workshop)
            {
                return Err(ScheduleError::Unknown);
            }
            if hours.is_some_and(|hours| hours.to <= hours.from) {
                wrong.push(RuleField::Hours);
            }
            if !rule.is_sound() {
                wrong.push(match rule {
                    DayRule::Dates { .. } | DayRule::LunarRange { .. } => RuleField::Dates,
                    DayRule::LunarDays(_) => RuleField::Days,
                });
            }
        }
        ScheduleChange::DeleteRule(_) | ScheduleChange::DeleteClosure(_) => {}
    }
    if wrong.is_empty() { Ok(()) } else { Err(ScheduleError::Fields(wrong)) }
}

fn are_lunar(days: &[u8]) -> bool {
    days.iter().all(|day| (1..=30).contains(day))
}

async fn write(
    tx: &mut Tx,
    workshop: WorkshopId,
    change: &ScheduleChange,
) -> Result<(&'static str, String), StoreError> {
    Ok(match change {
        ScheduleChange::SaveRule { id: Some(id), option, opening } => {
            rules::update_rule(tx, workshop, *id, *option, opening).await?;
            ("rule.save", id.to_string())
        }
        ScheduleChange::SaveRule { id: None, option, opening } => {
            let id = rules::insert_rule(tx, workshop, *option, opening).await?;
            ("rule.save", id.to_string())
        }
        ScheduleChange::DeleteRule(id) => {
            tx.execute_one(
                "DELETE FROM schedule_rule WHERE id = $1 AND workshop_id = $2",
                params![id, workshop],
            )
            .await?;
            ("rule.delete", id.to_string())
        }
        ScheduleChange::SaveClosure { id, tour, reason, rule, hours } => {
            if let Some(id) = id {
                delete_closure(tx, workshop, *id).await?;
            }
            let id = rules::insert_closure(tx, workshop, *tour, reason, rule, *hours).await?;
            ("closure.save", id.to_string())
        }
        ScheduleChange::DeleteClosure(id) => {
            delete_closure(tx, workshop, *id).await?;
            ("closure.delete", id.to_string())
        }
    })
}

async fn delete_closure(
    tx: &mut Tx,
    workshop: WorkshopId,
    id: ClosureId,
) -> Result<(), StoreError> {
    tx.execute_one("DELETE FROM closure WHERE id = $1 AND workshop_id = $2", params![id, workshop])
        .await
}
