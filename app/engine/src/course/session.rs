//! Moving and cancelling single sessions: everybody is told, and calendars follow.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::json;

use super::model::Session;
use super::plan::Planned;
use super::{CourseError, RunField, read};
use crate::accounts::{Actor, audit};
use crate::clock::local_date;
use crate::schedule::{Slot, SlotStatus, slots};
use crate::store::{Conn, StoreError, TimeOfDay, Tx};
use crate::{SessionId, SlotId, params};
use crate::{booking, guide};

/// Longest reason kept, in characters.
const MAX_REASON: usize = 500;

#[derive(Debug, Clone)]
pub struct MoveSession {
    pub actor: Actor,
    pub session: SessionId,
    pub date: NaiveDate,
    pub time: TimeOfDay,
    /// Minutes; as long as before when None.
    pub minutes: Option<i32>,
}

/// Another time for one session that has not begun.
pub async fn move_session(tx: &mut Tx, command: MoveSession) -> Result<Session, CourseError> {
    let (before, slot) = open(tx, &command.actor, command.session).await?;
    let usual = i32::try_from(before.minutes()).unwrap_or_default();
    let (date, time) = (command.date, command.time);
    let planned = Planned { date, time, minutes: command.minutes.unwrap_or(usual) };
    let wrong = |field| CourseError::Plan(vec![field]);
    let (starts_at, ends_at) = planned
        .instants()
        .filter(|(start, end)| tx.now() < *start && *start < *end)
        .ok_or_else(|| wrong(RunField::Session(0)))?;
    if (starts_at, ends_at) == (before.starts_at, before.ends_at) {
        return Ok(before);
    }
    let others = read::sessions_of(tx, slot.id).await?;
    let meets = |other: &Session| starts_at < other.ends_at && other.starts_at < ends_at;
    if others.iter().any(|other| other.id != before.id && other.is_live() && meets(other)) {
        return Err(wrong(RunField::Overlap(0)));
    }
    tx.execute_one(
        "UPDATE course_session SET starts_at = $2, ends_at = $3, local_date = $4 WHERE id = $1",
        params![before.id, starts_at, ends_at, date],
    )
    .await?;
    fit_slot(tx, &slot).await?;
    let payload = json!({
        "event": "moved", "session": before.id, "from": before.starts_at, "reason": "",
    });
    booking::tell_of_session(tx, slot.id, &payload).await?;
    let detail = json!({
        "session": before.position, "from": before.starts_at, "to": starts_at,
    });
    let workshop = Some(slot.workshop_id);
    audit::record(tx, &command.actor, "slot.move_session", slot.id, workshop, detail).await?;
    Ok(Session { starts_at, ends_at, local_date: date, ..before })
}

#[derive(Debug, Clone)]
pub struct CancelSession {
    pub actor: Actor,
    pub session: SessionId,
    /// The host's words to the participants.
    pub reason: String,
}

/// One session does not take place; the run goes on.
pub async fn cancel_session(tx: &mut Tx, command: CancelSession) -> Result<Session, CourseError> {
    let (before, slot) = open(tx, &command.actor, command.session).await?;
    let reason: String = command.reason.trim().chars().take(MAX_REASON).collect();
    if reason.is_empty() {
        return Err(CourseError::Reason);
    }
    let all = read::sessions_of(tx, slot.id).await?;
    if all.iter().filter(|session| session.is_live()).count() <= 1 {
        return Err(CourseError::LastSession);
    }
    tx.execute_one(
        "UPDATE course_session SET cancelled_at = $2, reason = $3 WHERE id = $1",
        params![before.id, tx.now(), reason.clone()],
    )
    .await?;
    fit_slot(tx, &slot).await?;
    let payload = json!({
        "event": "cancelled", "session": before.id, "from": before.starts_at, "reason": reason,
    });
    booking::tell_of_session(tx, slot.id, &payload).await?;
    let detail = json!({ "session": before.position, "at": before.starts_at, "reason": reason });
    let workshop = Some(slot.workshop_id);
    audit::record(tx, &command.actor, "slot.cancel_session", slot.id, workshop, detail).await?;
    Ok(Session { cancelled_at: Some(tx.now()), reason, ..before })
}

/// A session that can still be changed, with its run, if the actor serves the workshop.
async fn open(tx: &mut Tx, actor: &Actor, id: SessionId) -> Result<(Session, Slot), CourseError> {
    let session = read::session(tx, id).await?.ok_or(CourseError::Unknown)?;
    actor.must_serve(session.workshop_id)?;
    let slot = slots::find(tx, session.slot_id).await?.ok_or(CourseError::Unknown)?;
    let over = !session.is_live() || session.starts_at <= tx.now();
    if over || slot.status == SlotStatus::Cancelled {
        return Err(CourseError::Final);
    }
    Ok((session, slot))
}

/// The slot begins with the first session that takes place and ends with the last; bookings
/// close as long before the start as they did.
async fn fit_slot(tx: &mut Tx, slot: &Slot) -> Result<(), CourseError> {
    let mut live = read::sessions_of(tx, slot.id).await?;
    live.retain(Session::is_live);
    let first = live.first().ok_or(CourseError::LastSession)?;
    let last = live.iter().max_by_key(|session| session.ends_at).unwrap_or(first);
    let (taken,): (i64,) = tx
        .fetch_one(
            "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM slot WHERE option_id = $1 \
             AND starts_at = $2 AND id <> $3",
            params![slot.option_id, first.starts_at, slot.id],
        )
        .await?;
    if taken > 0 {
        return Err(CourseError::Occupied);
    }
    let closes_at = slot.closes_at + (first.starts_at - slot.starts_at);
    guide::enter(tx, slot.id).await?;
    tx.execute_one(
        "UPDATE slot SET starts_at = $2, ends_at = $3, closes_at = $4, local_date = $5, \
         last_date = $6 WHERE id = $1",
        params![
            slot.id,
            first.starts_at,
            last.ends_at,
            closes_at,
            first.local_date,
            last.local_date,
        ],
    )
    .await?;
    guide::follow(tx, slot).await?;
    crate::busy::mark(tx, slot.workshop_id).await?;
    Ok(())
}

/// Whether a slot is a run.
pub(crate) async fn is_run(conn: &mut Conn, slot: SlotId) -> Result<bool, StoreError> {
    let slot = slots::find(conn, slot).await?;
    Ok(slot.is_some_and(|slot| slot.is_run()))
}

/// The run as a whole begins at another time: its sessions move by as much.
pub(crate) async fn follow_move(
    tx: &mut Tx,
    slot: SlotId,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<(), StoreError> {
    let by: TimeDelta = to - from;
    let sessions = read::sessions_of(tx, slot).await?;
    let mut last = None;
    for session in &sessions {
        let starts_at = session.starts_at + by;
        let date = local_date(starts_at);
        tx.execute_one(
            "UPDATE course_session SET starts_at = $2, ends_at = $3, local_date = $4 WHERE id = $1",
            params![session.id, starts_at, session.ends_at + by, date],
        )
        .await?;
        if session.is_live() {
            last = last.max(Some(date));
        }
    }
    tx.execute_one("UPDATE slot SET last_date = $2 WHERE id = $1", params![slot, last]).await
}
