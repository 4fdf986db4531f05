//! Reading guides: who there is, what they lead, who could lead a departure.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use sqlx::AssertSqlSafe;

use super::duty::{self, Hindrance, Task, Wanted};
use super::error::GuideError;
use super::leave::{self, Leave, LeaveState};
use super::model::{Guide, Lead};
use crate::accounts::Actor;
use crate::booking::{Booking, query};
use crate::catalogue::Spoken;
use crate::clock::local_date;
use crate::course::{self, Session};
use crate::resource::{self, Purpose, Stretch, WeekHours};
use crate::schedule::Slot;
use crate::store::{Conn, StoreError};
use crate::{PoolId, ResourceId, SlotId, WorkshopId, params};

const GUIDES: &str = "SELECT resource.*, guide.languages, guide.phone, guide.email, guide.locale, \
                      guide.travel_minutes, guide.may_check_in, guide.token FROM guide \
                      JOIN resource ON resource.id = guide.resource_id";

/// The guides that a workshop may count on: its own and its co-op's, those put away too.
pub async fn of_workshop(conn: &mut Conn, workshop: WorkshopId) -> Result<Vec<Guide>, StoreError> {
    let sql = format!(
        "{GUIDES} WHERE resource.workshop_id = $1 OR resource.coop_id = (SELECT coop_id \
         FROM coop_member WHERE workshop_id = $1 AND state = 'active') \
         ORDER BY resource.created_at, resource.id"
    );
    conn.fetch_all(AssertSqlSafe(sql), params![workshop]).await
}

pub async fn find(conn: &mut Conn, id: ResourceId) -> Result<Option<Guide>, StoreError> {
    conn.fetch_optional(AssertSqlSafe(format!("{GUIDES} WHERE resource.id = $1")), params![id])
        .await
}

/// Whose link this is; None for a wrong or renewed one.
pub async fn by_token(conn: &mut Conn, token: &str) -> Result<Option<Guide>, StoreError> {
    let sql = format!("{GUIDES} WHERE guide.token = $1");
    conn.fetch_optional(AssertSqlSafe(sql), params![*token]).await
}

/// Whether a resource is somebody, whom [`edit_guide`](super::edit_guide) alone changes.
pub(crate) async fn is_guide(conn: &mut Conn, id: ResourceId) -> Result<bool, StoreError> {
    let found: Option<(ResourceId,)> = conn
        .fetch_optional("SELECT resource_id FROM guide WHERE resource_id = $1", params![id])
        .await?;
    Ok(found.is_some())
}

pub(super) async fn lead_of(conn: &mut Conn, slot: SlotId) -> Result<Option<Lead>, StoreError> {
    conn.fetch_optional("SELECT * FROM guide_lead WHERE slot_id = $1", params![slot]).await
}

/// Whether a guide leads a departure.
pub async fn leads(conn: &mut Conn, guide: ResourceId, slot: SlotId) -> Result<bool, StoreError> {
    Ok(lead_of(conn, slot).await?.is_some_and(|lead| lead.resource_id == guide))
}

/// Departures to come of a workshop whose guide somebody chose: rules leave that alone.
pub(crate) async fn chosen_of_workshop(
    conn: &mut Conn,
    workshop: WorkshopId,
    after: DateTime<Utc>,
) -> Result<BTreeSet<SlotId>, StoreError> {
    let rows: Vec<(SlotId,)> = conn
        .fetch_all(
            "SELECT guide_lead.slot_id FROM guide_lead JOIN slot ON slot.id = guide_lead.slot_id \
             WHERE slot.workshop_id = $1 AND slot.starts_at > $2 AND guide_lead.origin = 'host'",
            params![workshop, after],
        )
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// What takes the time of a pool's guides within a stretch, first ones first.
pub(super) async fn tasks_of_pool(
    conn: &mut Conn,
    pool: PoolId,
    within: Stretch,
) -> Result<HashMap<ResourceId, Vec<Task>>, StoreError> {
    #[derive(sqlx::FromRow)]
    struct Row {
        resource_id: ResourceId,
        #[sqlx(flatten)]
        task: Task,
    }
    let rows: Vec<Row> = conn
        .fetch_all(
            "SELECT resource_use.resource_id, resource_use.starts_at, resource_use.ends_at, \
             resource_use.purpose, resource_use.slot_id, \
             COALESCE(slot.workshop_id, resource_use.workshop_id) AS workshop_id \
             FROM resource_use JOIN resource ON resource.id = resource_use.resource_id \
             JOIN guide ON guide.resource_id = resource.id \
             LEFT JOIN slot ON slot.id = resource_use.slot_id \
             WHERE resource.pool_id = $1 AND resource_use.ends_at > $2 \
             AND resource_use.starts_at < $3 ORDER BY resource_use.starts_at, resource_use.id",
            params![pool, within.from, within.to],
        )
        .await?;
    let mut tasks: HashMap<ResourceId, Vec<Task>> = HashMap::new();
    for row in rows {
        tasks.entry(row.resource_id).or_default().push(row.task);
    }
    Ok(tasks)
}

/// When a departure takes place; sessions of a run that are over are left out.
pub(super) async fn wanted(
    conn: &mut Conn,
    slot: &Slot,
    now: DateTime<Utc>,
) -> Result<Wanted, StoreError> {
    let stretches = if slot.is_run() {
        let sessions = course::sessions_of(conn, slot.id).await?;
        let live = sessions.iter().filter(|it| it.is_live() && it.ends_at > now);
        live.map(|it| Stretch { from: it.starts_at, to: it.ends_at }).collect()
    } else {
        vec![Stretch { from: slot.starts_at, to: slot.ends_at }]
    };
    Ok(Wanted { slot: slot.id, workshop: slot.workshop_id, stretches })
}

/// The time in which other tasks may stand against it.
pub(super) fn around(wanted: &Wanted) -> Option<Stretch> {
    let day = TimeDelta::days(1);
    let all = Stretch::around(wanted.stretches.iter().copied())?;
    Some(Stretch { from: all.from - day, to: all.to + day })
}

/// Somebody who might lead a departure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub guide: Guide,
    pub hindrance: Option<Hindrance>,
    /// Languages of the guests that the guide does not speak.
    pub lacks: Vec<Spoken>,
}

/// Who leads a departure and who could.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    pub lead: Option<Lead>,
    /// Those who can first, among them those who speak the guests' languages first.
    pub candidates: Vec<Candidate>,
    /// Languages that the guests wrote in.
    pub spoken: Vec<Spoken>,
}

impl Choice {
    pub fn leading(&self) -> Option<&Candidate> {
        let lead = self.lead?;
        self.candidates.iter().find(|it| it.guide.id() == lead.resource_id)
    }
}

/// Languages that the guests wrote in, each once.
pub fn spoken<'a>(bookings: impl IntoIterator<Item = &'a Booking>) -> Vec<Spoken> {
    let mut spoken = Vec::new();
    for booking in bookings {
        if let Some(language) = Spoken::parse(&booking.locale.to_string())
            && !spoken.contains(&language)
        {
            spoken.push(language);
        }
    }
    spoken
}

/// All guides of the workshop with what stands against each.
pub async fn choice(
    conn: &mut Conn,
    actor: &Actor,
    slot: &Slot,
    now: DateTime<Utc>,
) -> Result<Choice, GuideError> {
    actor.must_serve(slot.workshop_id)?;
    let guides = of_workshop(conn, slot.workshop_id).await?;
    if guides.is_empty() {
        return Ok(Choice::default());
    }
    let pool = resource::pool_of_workshop(conn, slot.workshop_id).await?;
    let wanted = wanted(conn, slot, now).await?;
    let tasks = match around(&wanted) {
        Some(within) => tasks_of_pool(conn, pool, within).await?,
        None => HashMap::new(),
    };
    let spoken = spoken(&query::of_slot(conn, slot.id).await?);
    let lead = lead_of(conn, slot.id).await?;
    let mut candidates: Vec<Candidate> = guides
        .into_iter()
        .map(|guide| Candidate {
            hindrance: duty::hindrance(
                &guide,
                &wanted,
                tasks.get(&guide.id()).map_or(&[], Vec::as_slice),
            ),
            lacks: duty::lacking(&guide, &spoken),
            guide,
        })
        .collect();
    candidates.sort_by_key(|it| (it.hindrance.is_some(), it.lacks.len()));
    Ok(Choice { lead, candidates, spoken })
}

/// The guide whom a slot's text names, among those of its workshop.
pub(super) fn named_guide<'a>(guides: &'a [Guide], text: &str) -> Option<&'a Guide> {
    guides.iter().find(|guide| guide.is_named(text))
}

/// A visit, or one session of a run, that somebody leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    pub slot: Slot,
    pub session: Option<Session>,
}

impl Duty {
    pub fn stretch(&self) -> Stretch {
        let (from, to) = match &self.session {
            Some(session) => (session.starts_at, session.ends_at),
            None => (self.slot.starts_at, self.slot.ends_at),
        };
        Stretch { from, to }
    }

    pub fn date(&self) -> NaiveDate {
        local_date(self.stretch().from)
    }
}

/// What a guide leads on these days, inclusive; first ones first.
pub async fn diary(
    conn: &mut Conn,
    guide: ResourceId,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<Duty>, StoreError> {
    let slots: Vec<Slot> = conn
        .fetch_all(
            "SELECT slot.* FROM guide_lead JOIN slot ON slot.id = guide_lead.slot_id \
             WHERE guide_lead.resource_id = $1 AND slot.local_date <= $3 \
             AND COALESCE(slot.last_date, slot.local_date) >= $2 AND slot.status <> 'cancelled' \
             ORDER BY slot.starts_at, slot.id",
            params![guide, from, to],
        )
        .await?;
    let runs: Vec<SlotId> = slots.iter().filter(|it| it.is_run()).map(|it| it.id).collect();
    let mut sessions = course::sessions_of_slots(conn, &runs).await?;
    let mut duties = Vec::new();
    for slot in slots {
        if slot.is_run() {
            let live = sessions.remove(&slot.id).unwrap_or_default().into_iter();
            let live =
                live.filter(|it| it.is_live() && from <= it.local_date && it.local_date <= to);
            duties.extend(live.map(|it| Duty { slot: slot.clone(), session: Some(it) }));
        } else {
            duties.push(Duty { slot, session: None });
        }
    }
    duties.sort_by_key(|duty| (duty.stretch(), duty.slot.id));
    Ok(duties)
}

/// A guide's week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub guide: Guide,
    pub duties: Vec<Duty>,
    /// Days off and other work.
    pub away: Vec<Task>,
}

impl Row {
    pub fn minutes(&self) -> i64 {
        self.duties.iter().map(|duty| duty.stretch().minutes()).sum()
    }

    /// Whether the guide works on a day at all.
    pub fn works_on(&self, date: NaiveDate) -> bool {
        !self.guide.resource.hours.on(date).is_empty()
    }

    pub fn away_on(&self, date: NaiveDate) -> Option<&Task> {
        let day = WeekHours::default().on(date).first().copied()?;
        self.away.iter().find(|task| task.stretch().overlaps(day))
    }
}

/// Who leads what on some days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Week {
    pub dates: Vec<NaiveDate>,
    pub rows: Vec<Row>,
    /// Departures of the workshop with guests that none of its guides leads.
    pub unled: Vec<Slot>,
    /// Days off that guides ask for and nobody has answered.
    pub asked: Vec<(Guide, Leave)>,
}

/// Reads some days of the guides that a workshop may count on, for those who serve there.
pub async fn week(
    conn: &mut Conn,
    actor: &Actor,
    workshop: WorkshopId,
    (from, days): (NaiveDate, usize),
    now: DateTime<Utc>,
) -> Result<Week, GuideError> {
    actor.must_serve(workshop)?;
    let dates: Vec<NaiveDate> = from.iter_days().take(days).collect();
    let to = dates.last().copied().unwrap_or(from);
    let pool = resource::pool_of_workshop(conn, workshop).await?;
    let span = [from, to].map(|date| WeekHours::default().on(date)).concat();
    let mut tasks = match Stretch::around(span) {
        Some(within) => tasks_of_pool(conn, pool, within).await?,
        None => HashMap::new(),
    };
    let mut rows = Vec::new();
    for guide in of_workshop(conn, workshop).await? {
        let duties = diary(conn, guide.id(), from, to).await?;
        let mut away = tasks.remove(&guide.id()).unwrap_or_default();
        away.retain(|task| task.purpose != Purpose::Visit);
        rows.push(Row { guide, duties, away });
    }
    let unled = unled(conn, workshop, (from, to)).await?;
    let mut asked = Vec::new();
    for row in &rows {
        let leaves = leave::leave_asked(conn, row.guide.id(), now).await?;
        let waiting = leaves.into_iter().filter(|it| it.state == LeaveState::Asked);
        asked.extend(waiting.map(|it| (row.guide.clone(), it)));
    }
    Ok(Week { dates, rows, unled, asked })
}

/// Departures of some days with guests and without a guide: visits that begin then, and courses
/// that have a session then.
async fn unled(
    conn: &mut Conn,
    workshop: WorkshopId,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<Slot>, StoreError> {
    conn.fetch_all(
        "SELECT * FROM slot WHERE workshop_id = $1 AND taken > 0 AND status <> 'cancelled' \
         AND ((last_date IS NULL AND local_date BETWEEN $2 AND $3) OR id IN \
         (SELECT slot_id FROM course_session WHERE workshop_id = $1 AND cancelled_at IS NULL \
         AND local_date BETWEEN $2 AND $3)) \
         AND NOT EXISTS (SELECT 1 FROM guide_lead WHERE guide_lead.slot_id = slot.id) \
         ORDER BY starts_at, id",
        params![workshop, from, to],
    )
    .await
}
