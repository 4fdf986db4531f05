//! What staff do to single slots. A slot touched by hand is the host's from then on: rules leave
//! it alone.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::json;

use super::error::ScheduleError;
use super::model::{Slot, SlotStatus};
use super::slots;
use crate::accounts::{Actor, audit};
use crate::booking;
use crate::catalogue::Catalogue;
use crate::clock::venue_instant;
use crate::store::{TimeOfDay, Tx};
use crate::{OptionId, SlotId, params};
use crate::{busy, course, event, guide, resource};

/// A departure that no rule names.
#[derive(Debug, Clone)]
pub struct AddSlot {
    pub catalogue: Arc<Catalogue>,
    pub actor: Actor,
    pub option: OptionId,
    pub date: NaiveDate,
    pub time: TimeOfDay,
    pub capacity: i32,
    pub guide: String,
}

pub async fn add_slot(tx: &mut Tx, command: AddSlot) -> Result<Slot, ScheduleError> {
    let (tour, option) = command.catalogue.option(command.option).ok_or(ScheduleError::Unknown)?;
    command.actor.must_serve(tour.workshop_id)?;
    if tour.course.is_some() {
        // A run has sessions: see [`crate::course::plan_run`].
        return Err(ScheduleError::Unknown);
    }
    if command.capacity < 1 {
        return Err(ScheduleError::TooSmall { taken: 1 });
    }
    let starts_at = future_instant(tx, command.date, command.time)?;
    let id = SlotId::new(tx.now());
    let slot: Option<Slot> = tx
        .fetch_optional(
            "INSERT INTO slot (id, option_id, tour_id, workshop_id, starts_at, ends_at, \
             closes_at, local_date, capacity, guide, taken, overbooked, status, origin, note, \
             run_state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, 0, 'open', 'host', '', \
             'undecided') ON CONFLICT (option_id, starts_at) DO NOTHING RETURNING *",
            params![
                id,
                option.id,
                tour.id,
                tour.workshop_id,
                starts_at,
                starts_at + TimeDelta::minutes(i64::from(option.duration_minutes)),
                starts_at - TimeDelta::hours(i64::from(tour.lead_time_hours)),
                command.date,
                command.capacity,
                command.guide.trim(),
            ],
        )
        .await?;
    let slot = slot.ok_or(ScheduleError::Occupied)?;
    event::reprice(tx, slot.workshop_id).await?;
    busy::mark(tx, slot.workshop_id).await?;
    resource::fit_new(tx, slot.workshop_id).await?;
    guide::heed_slot(tx, &slot).await?;
    record(tx, &command.actor, "slot.add", &slot, json!({ "capacity": slot.capacity })).await?;
    Ok(slot)
}

fn future_instant(
    tx: &Tx,
    date: NaiveDate,
    time: TimeOfDay,
) -> Result<DateTime<Utc>, ScheduleError> {
    let at = venue_instant(date, time.time()).ok_or(ScheduleError::Past)?;
    if at > tx.now() { Ok(at) } else { Err(ScheduleError::Past) }
}

/// A slot and who wants something of it.
#[derive(Debug, Clone)]
pub struct OnSlot {
    pub actor: Actor,
    pub slot: SlotId,
}

/// Takes no further bookings; those made stay.
pub async fn close_slot(tx: &mut Tx, command: OnSlot) -> Result<Slot, ScheduleError> {
    set_status(tx, &command, SlotStatus::Closed, "slot.close").await
}

/// Takes bookings again.
pub async fn reopen_slot(tx: &mut Tx, command: OnSlot) -> Result<Slot, ScheduleError> {
    set_status(tx, &command, SlotStatus::Open, "slot.reopen").await
}

async fn set_status(
    tx: &mut Tx,
    command: &OnSlot,
    status: SlotStatus,
    verb: &'static str,
) -> Result<Slot, ScheduleError> {
    let before = served(tx, &command.actor, command.slot).await?;
    guide::enter_workshop(tx, before.workshop_id).await?;
    let slot: Option<Slot> = tx
        .fetch_optional(
            "UPDATE slot SET status = $2, origin = 'host' WHERE id = $1 \
             AND status <> 'cancelled' RETURNING *",
            params![command.slot, status],
        )
        .await?;
    let slot = slot.ok_or(ScheduleError::Final)?;
    guide::heed_slot(tx, &slot).await?;
    record(tx, &command.actor, verb, &slot, json!({})).await?;
    Ok(slot)
}

#[derive(Debug, Clone)]
pub struct ResizeSlot {
    pub actor: Actor,
    pub slot: SlotId,
    pub capacity: i32,
}

/// Another number of seats, never under what is taken.
pub async fn resize_slot(tx: &mut Tx, command: ResizeSlot) -> Result<Slot, ScheduleError> {
    let before = served(tx, &command.actor, command.slot).await?;
    let pool = resource::enter(tx, command.slot).await?;
    let slot: Option<Slot> = tx
        .fetch_optional(
            "UPDATE slot SET capacity = $2, origin = 'host' WHERE id = $1 AND $2 >= 1 \
             AND status <> 'cancelled' AND taken <= $2 + overbooked RETURNING *",
            params![command.slot, command.capacity],
        )
        .await?;
    let Some(slot) = slot else {
        let now = slots::find(tx, command.slot).await?.ok_or(ScheduleError::Unknown)?;
        return Err(match now.status {
            SlotStatus::Cancelled => ScheduleError::Final,
            SlotStatus::Open | SlotStatus::Closed => {
                ScheduleError::TooSmall { taken: now.taken - now.overbooked }
            }
        });
    };
    slots::follow(tx, pool, &slot).await??;
    let detail = json!({ "from": before.capacity, "to": slot.capacity });
    record(tx, &command.actor, "slot.resize", &slot, detail).await?;
    Ok(slot)
}

#[derive(Debug, Clone)]
pub struct MoveSlot {
    pub catalogue: Arc<Catalogue>,
    pub actor: Actor,
    pub slot: SlotId,
    pub date: NaiveDate,
    pub time: TimeOfDay,
}

/// Another time: the bookings follow, and their guests are told. All sessions of a run move by as
/// much, while none has begun.
pub async fn move_slot(tx: &mut Tx, command: MoveSlot) -> Result<Slot, ScheduleError> {
    let before = served(tx, &command.actor, command.slot).await?;
    if before.status == SlotStatus::Cancelled || before.is_over(tx.now()) || begun(&before, tx) {
        return Err(ScheduleError::Final);
    }
    let starts_at = future_instant(tx, command.date, command.time)?;
    if starts_at == before.starts_at {
        return Ok(before);
    }
    let (tour, _) = command.catalogue.option(before.option_id).ok_or(ScheduleError::Unknown)?;
    let (other,): (i64,) = tx
        .fetch_one(
            "SELECT CAST(COUNT(*) AS BIGINT) FROM slot WHERE option_id = $1 AND starts_at = $2",
            params![before.option_id, starts_at],
        )
        .await?;
    if other > 0 {
        return Err(ScheduleError::Occupied);
    }
    let pool = resource::enter(tx, command.slot).await?;
    guide::enter(tx, command.slot).await?;
    let moved: Option<Slot> = tx
        .fetch_optional(
            "UPDATE slot SET starts_at = $2, ends_at = $3, closes_at = $4, local_date = $5, \
             origin = 'host', run_state = 'undecided' WHERE id = $1 AND status <> 'cancelled' \
             RETURNING *",
            params![
                command.slot,
                starts_at,
                starts_at + (before.ends_at - before.starts_at),
                starts_at - TimeDelta::hours(i64::from(tour.lead_time_hours)),
                command.date,
            ],
        )
        .await?;
    let slot = moved.ok_or(ScheduleError::Final)?;
    slots::follow(tx, pool, &slot).await??;
    if before.is_run() {
        course::follow_move(tx, slot.id, before.starts_at, slot.starts_at).await?;
    } else {
        leave_closed_behind(tx, &before).await?;
    }
    guide::follow(tx, &slot).await?;
    event::reprice(tx, slot.workshop_id).await?;
    busy::mark(tx, slot.workshop_id).await?;
    let slot = slots::find(tx, slot.id).await?.ok_or(ScheduleError::Unknown)?;
    booking::follow_slot(tx, slot.id, slot.local_date != before.local_date).await?;
    let detail = json!({ "from": before.starts_at, "to": slot.starts_at });
    record(tx, &command.actor, "slot.move", &slot, detail).await?;
    Ok(slot)
}

/// Whether a run has begun: then its sessions are moved or cancelled one by one.
fn begun(slot: &Slot, tx: &Tx) -> bool {
    slot.is_run() && slot.starts_at <= tx.now()
}

/// Keeps the old time closed, or the rule would open it again tomorrow.
async fn leave_closed_behind(tx: &mut Tx, before: &Slot) -> Result<(), ScheduleError> {
    tx.execute(
        "INSERT INTO slot (id, option_id, tour_id, workshop_id, starts_at, ends_at, closes_at, \
         local_date, capacity, guide, taken, overbooked, status, origin, note, run_state) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, 0, 'closed', 'host', '', 'undecided') \
         ON CONFLICT (option_id, starts_at) DO NOTHING",
        params![
            SlotId::new(tx.now()),
            before.option_id,
            before.tour_id,
            before.workshop_id,
            before.starts_at,
            before.ends_at,
            before.closes_at,
            before.local_date,
            before.capacity,
            before.guide,
        ],
    )
    .await?;
    Ok(())
}

#[derive(Debug, Clone)]
pub struct CancelSlot {
    pub actor: Actor,
    pub slot: SlotId,
    /// The host's words to the guests.
    pub reason: String,
}

/// Cancels a slot for good: every booking that has not begun ends with its money back, and every
/// guest is told why. Answers the slot and how many bookings ended.
pub async fn cancel_slot(tx: &mut Tx, command: CancelSlot) -> Result<(Slot, usize), ScheduleError> {
    let before = served(tx, &command.actor, command.slot).await?;
    if before.status == SlotStatus::Cancelled {
        return Ok((before, 0));
    }
    if before.is_over(tx.now()) || begun(&before, tx) {
        return Err(ScheduleError::Final);
    }
    guide::let_go(tx, &before).await?;
    // First the slot, so that nobody books while the bookings are being ended.
    tx.execute_one(
        "UPDATE slot SET status = 'cancelled', origin = 'host' WHERE id = $1",
        params![command.slot],
    )
    .await?;
    let ended = booking::cancel_of_slot(tx, &command.actor, command.slot, &command.reason).await?;
    let slot = slots::find(tx, command.slot).await?.ok_or(ScheduleError::Unknown)?;
    let detail = json!({ "reason": command.reason, "bookings": ended });
    record(tx, &command.actor, "slot.cancel", &slot, detail).await?;
    Ok((slot, ended))
}

#[derive(Debug, Clone)]
pub struct NoteSlot {
    pub actor: Actor,
    pub slot: SlotId,
    pub note: String,
    pub guide: String,
}

/// Longest note and guide's name kept, in characters.
const MAX_NOTE: usize = 2_000;
const MAX_GUIDE: usize = 120;

/// Words for the workshop's own eyes, and who guides.
pub async fn note_slot(tx: &mut Tx, command: NoteSlot) -> Result<Slot, ScheduleError> {
    let before = served(tx, &command.actor, command.slot).await?;
    guide::enter_workshop(tx, before.workshop_id).await?;
    let cut = |text: &str, most| text.trim().chars().take(most).collect::<String>();
    let slot: Slot = tx
        .fetch_one(
            "UPDATE slot SET note = $2, guide = $3, origin = 'host' WHERE id = $1 RETURNING *",
            params![command.slot, cut(&command.note, MAX_NOTE), cut(&command.guide, MAX_GUIDE)],
        )
        .await?;
    guide::heed_slot(tx, &slot).await?;
    record(tx, &command.actor, "slot.note", &slot, json!({})).await?;
    Ok(slot)
}

/// The slot, if the actor serves its workshop.
pub(super) async fn served(
    tx: &mut Tx,
    actor: &Actor,
    slot: SlotId,
) -> Result<Slot, ScheduleError> {
    let slot = slots::find(tx, slot).await?.ok_or(ScheduleError::Unknown)?;
    actor.must_serve(slot.workshop_id)?;
    Ok(slot)
}

pub(super) async fn record(
    tx: &mut Tx,
    actor: &Actor,
    verb: &'static str,
    slot: &Slot,
    detail: serde_json::Value,
) -> Result<(), ScheduleError> {
    audit::record(tx, actor, verb, slot.id, Some(slot.workshop_id), detail).await?;
    Ok(())
}
