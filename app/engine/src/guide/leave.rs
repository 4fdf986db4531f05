//! Days off: what the host notes, and what a guide asks for.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde_json::json;

use super::edit::{led_in, lose};
use super::error::{GuideError, GuideField};
use super::read;
use crate::accounts::{Actor, audit};
use crate::clock::{local_date, venue_instant};
use crate::resource::{self, Stretch, Use};
use crate::store::{Conn, StoreError, Tx};
use crate::{LeaveId, ResourceId, columns, params, stored_enum};

/// Longest leave.
const LONGEST: TimeDelta = TimeDelta::days(366);
/// Requests of one guide that may wait for an answer.
const MAX_ASKED: usize = 10;
const MAX_NOTE: usize = 500;

stored_enum! {
    pub enum LeaveState { Asked = "asked", Granted = "granted", Refused = "refused" }
}

/// Days off that a guide asked for.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Leave {
    pub id: LeaveId,
    pub resource_id: ResourceId,
    pub from_date: NaiveDate,
    pub to_date: NaiveDate,
    pub note: String,
    pub state: LeaveState,
    pub asked_at: DateTime<Utc>,
}

/// From the first midnight to the last.
fn whole_days(from: NaiveDate, to: NaiveDate, now: DateTime<Utc>) -> Result<Stretch, GuideError> {
    let wrong = || GuideError::Fields(vec![GuideField::Dates]);
    let at = |date| venue_instant(date, NaiveTime::MIN);
    let end = to.checked_add_days(Days::new(1)).ok_or_else(wrong)?;
    let stretch = at(from).zip(at(end)).map(|(from, to)| Stretch { from, to }).ok_or_else(wrong)?;
    let right =
        stretch.from < stretch.to && now < stretch.to && stretch.to - stretch.from <= LONGEST;
    if right { Ok(stretch) } else { Err(wrong()) }
}

/// A guide does not work on these days, inclusive.
#[derive(Debug, Clone)]
pub struct DayOff {
    pub actor: Actor,
    pub guide: ResourceId,
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub note: String,
    /// The host knows that departures lose their guide.
    pub force: bool,
}

/// Notes it. Departures that the guide leads then are answered first, and with `force` left
/// without a guide.
pub async fn day_off(tx: &mut Tx, command: DayOff) -> Result<Use, GuideError> {
    let DayOff { actor, guide, from, to, note, force } = command;
    let guide = read::find(tx, guide).await?.ok_or(GuideError::Unknown)?;
    let owner = guide.resource.owner().ok_or(GuideError::Unknown)?;
    owner.must_share(tx, &actor).await?;
    let stretch = whole_days(from, to, tx.now())?;
    resource::lock(tx, guide.resource.pool_id).await?;
    let led = led_in(tx, &guide, stretch).await?;
    lose(tx, &guide, led, force).await?;
    let upkeep = resource::Upkeep { actor, resource: guide.id(), stretch, amount: 1, note, force };
    Ok(resource::block(tx, upkeep).await?.0)
}

/// Days off of a guide that are not over.
pub async fn days_off(
    conn: &mut Conn,
    guide: ResourceId,
    now: DateTime<Utc>,
) -> Result<Vec<Use>, StoreError> {
    conn.fetch_all(
        "SELECT * FROM resource_use WHERE resource_id = $1 AND purpose = 'upkeep' \
         AND calendar_id IS NULL AND ends_at > $2 ORDER BY starts_at, id",
        params![guide, now],
    )
    .await
}

/// By the guide's own link.
#[derive(Debug, Clone)]
pub struct AskLeave {
    pub token: String,
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub note: String,
}

/// Asks for days off. Asking for the same days again changes nothing.
pub async fn ask_leave(tx: &mut Tx, command: AskLeave) -> Result<Leave, GuideError> {
    let AskLeave { token, from, to, note } = command;
    let guide = read::by_token(tx, &token).await?.ok_or(GuideError::Unknown)?;
    whole_days(from, to, tx.now())?;
    let now = tx.now();
    let asked = leave_asked(tx, guide.id(), now).await?;
    if let Some(same) = asked
        .iter()
        .find(|it| it.state == LeaveState::Asked && (it.from_date, it.to_date) == (from, to))
    {
        return Ok(same.clone());
    }
    if asked.iter().filter(|it| it.state == LeaveState::Asked).count() >= MAX_ASKED {
        return Err(GuideError::TooMany(MAX_ASKED));
    }
    let leave = Leave {
        id: LeaveId::new(tx.now()),
        resource_id: guide.id(),
        from_date: from,
        to_date: to,
        note: note.trim().chars().take(MAX_NOTE).collect(),
        state: LeaveState::Asked,
        asked_at: tx.now(),
    };
    tx.insert(
        "guide_leave",
        columns! {
            id: leave.id,
            resource_id: leave.resource_id,
            from_date: leave.from_date,
            to_date: leave.to_date,
            note: leave.note,
            state: leave.state,
            asked_at: leave.asked_at,
        },
    )
    .await?;
    Ok(leave)
}

/// What a guide asked for days that are not over, answered or not; first days first.
pub async fn leave_asked(
    conn: &mut Conn,
    guide: ResourceId,
    now: DateTime<Utc>,
) -> Result<Vec<Leave>, StoreError> {
    conn.fetch_all(
        "SELECT * FROM guide_leave WHERE resource_id = $1 AND to_date >= $2 \
         ORDER BY from_date, id",
        params![guide, local_date(now)],
    )
    .await
}

#[derive(Debug, Clone)]
pub struct AnswerLeave {
    pub actor: Actor,
    pub leave: LeaveId,
    pub grant: bool,
    /// The host knows that departures lose their guide.
    pub force: bool,
}

/// Grants the days, which are then days off, or refuses them.
pub async fn answer_leave(tx: &mut Tx, command: AnswerLeave) -> Result<Leave, GuideError> {
    let AnswerLeave { actor, leave, grant, force } = command;
    let found: Option<Leave> =
        tx.fetch_optional("SELECT * FROM guide_leave WHERE id = $1", params![leave]).await?;
    let mut leave = found.ok_or(GuideError::Unknown)?;
    let guide = read::find(tx, leave.resource_id).await?.ok_or(GuideError::Unknown)?;
    let owner = guide.resource.owner().ok_or(GuideError::Unknown)?;
    owner.must_share(tx, &actor).await?;
    let state = if grant { LeaveState::Granted } else { LeaveState::Refused };
    // Only one of two answers counts.
    let answered = tx
        .execute(
            "UPDATE guide_leave SET state = $2 WHERE id = $1 AND state = 'asked'",
            params![leave.id, state],
        )
        .await?;
    if answered == 0 {
        return Err(GuideError::Unknown);
    }
    leave.state = state;
    if grant {
        let (from, to, note) = (leave.from_date, leave.to_date, leave.note.clone());
        let guide = guide.id();
        day_off(tx, DayOff { actor, guide, from, to, note, force }).await?;
    } else {
        let detail = json!({ "from": leave.from_date, "to": leave.to_date });
        let workshop = guide.resource.workshop_id;
        audit::record(tx, &actor, "guide.refuse_leave", guide.id(), workshop, detail).await?;
    }
    Ok(leave)
}
