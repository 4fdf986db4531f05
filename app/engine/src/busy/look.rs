//! Reading calendars, what they say, and whom it hits.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

use super::error::BusyError;
use super::model::{BusyCalendar, STALE, Span, Subject, Who};
use crate::clock::venue_instant;
use crate::guide;
use crate::schedule::Slot;
use crate::store::{Conn, StoreError};
use crate::{CalendarId, TourId, WorkshopId, params};

pub async fn find(conn: &mut Conn, id: CalendarId) -> Result<Option<BusyCalendar>, StoreError> {
    conn.fetch_optional("SELECT * FROM busy_calendar WHERE id = $1", params![id]).await
}

/// Calendars of a workshop, a guide or a machine, in the order in which they were named.
pub async fn of_subject(
    conn: &mut Conn,
    subject: Subject,
) -> Result<Vec<BusyCalendar>, StoreError> {
    let (workshop, resource) = subject.ids();
    conn.fetch_all(
        "SELECT * FROM busy_calendar WHERE workshop_id = $1 OR resource_id = $2 \
         ORDER BY created_at, id",
        params![workshop, resource],
    )
    .await
}

/// A workshop's own calendars, for those who serve there.
pub async fn of_workshop(
    conn: &mut Conn,
    workshop: WorkshopId,
) -> Result<Vec<BusyCalendar>, StoreError> {
    of_subject(conn, Subject::Workshop(workshop)).await
}

/// What a calendar says from an instant on, first ones first.
pub(super) async fn spans(
    conn: &mut Conn,
    calendar: CalendarId,
    from: DateTime<Utc>,
) -> Result<Vec<Span>, StoreError> {
    conn.fetch_all(
        "SELECT * FROM busy_span WHERE calendar_id = $1 AND ends_at > $2 \
         ORDER BY starts_at, ends_at, uid, id",
        params![calendar, from],
    )
    .await
}

/// What is seen in a calendar, for those who may change it.
pub async fn entries(
    conn: &mut Conn,
    who: &Who,
    calendar: CalendarId,
    now: DateTime<Utc>,
) -> Result<(BusyCalendar, Vec<Span>), BusyError> {
    let calendar = find(conn, calendar).await?.ok_or(BusyError::Unknown)?;
    let subject = calendar.subject().ok_or(BusyError::Unknown)?;
    who.must_change(conn, subject).await?;
    let mut spans = spans(conn, calendar.id, now).await?;
    // What people do elsewhere is theirs; that they are busy is enough for the workshop.
    if let (Who::Actor(_), Some(resource)) = (who, calendar.resource_id)
        && guide::is_guide(conn, resource).await?
    {
        for span in &mut spans {
            span.summary.clear();
        }
    }
    Ok((calendar, spans))
}

/// A busy time and the calendar that says so.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Seen {
    #[sqlx(flatten)]
    pub span: Span,
    pub calendar: String,
    pub tour_id: Option<TourId>,
}

impl Seen {
    /// Whether any of it is on a day.
    pub fn covers(&self, date: NaiveDate) -> bool {
        let midnight = |date| venue_instant(date, NaiveTime::MIN).unwrap_or_default();
        self.span.starts_at < midnight(date + TimeDelta::days(1))
            && self.span.ends_at > midnight(date)
    }
}

/// The times that hinder a workshop on these days, inclusive; first ones first.
pub async fn of_days(
    conn: &mut Conn,
    workshop: WorkshopId,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<Seen>, StoreError> {
    let midnight = |date| venue_instant(date, NaiveTime::MIN).unwrap_or_default();
    conn.fetch_all(
        "SELECT busy_span.*, busy_calendar.name AS calendar, busy_calendar.tour_id FROM busy_span \
         JOIN busy_calendar ON busy_calendar.id = busy_span.calendar_id \
         WHERE busy_calendar.workshop_id = $1 AND busy_calendar.paused = FALSE \
         AND busy_span.blocks = TRUE AND busy_span.ends_at > $2 AND busy_span.starts_at < $3 \
         ORDER BY busy_span.starts_at, busy_span.ends_at, busy_span.id",
        params![workshop, midnight(from), midnight(to + TimeDelta::days(1))],
    )
    .await
}

/// Departures to come with guests that calendars of their workshop or guide hit; first ones first.
/// Of a machine the board tells it.
pub async fn hits(
    conn: &mut Conn,
    subject: Subject,
    now: DateTime<Utc>,
) -> Result<Vec<Slot>, StoreError> {
    match subject {
        Subject::Workshop(workshop) => {
            conn.fetch_all(
                "SELECT * FROM slot WHERE workshop_id = $1 AND busy = TRUE AND taken > 0 \
                 AND status <> 'cancelled' AND ends_at > $2 ORDER BY starts_at, id",
                params![workshop, now],
            )
            .await
        }
        Subject::Resource(resource) => {
            conn.fetch_all(
                "SELECT slot.* FROM slot JOIN guide_lead ON guide_lead.slot_id = slot.id \
                 WHERE guide_lead.resource_id = $1 AND slot.status <> 'cancelled' \
                 AND slot.heads > 0 AND slot.ends_at > $2 AND EXISTS (SELECT 1 FROM resource_use \
                 AS lead JOIN resource_use AS busy ON busy.resource_id = lead.resource_id \
                 WHERE lead.slot_id = slot.id AND lead.need_id IS NULL AND lead.resource_id = $1 \
                 AND busy.calendar_id IS NOT NULL AND busy.starts_at < lead.ends_at \
                 AND busy.ends_at > lead.starts_at) ORDER BY slot.starts_at, slot.id",
                params![resource, now],
            )
            .await
        }
    }
}

/// Calendars that a workshop counts on and nobody could read for long: its own, and those of its
/// and its co-op's guides and machines.
pub async fn stale_of_workshop(
    conn: &mut Conn,
    workshop: WorkshopId,
    now: DateTime<Utc>,
) -> Result<Vec<BusyCalendar>, StoreError> {
    conn.fetch_all(
        "SELECT * FROM busy_calendar WHERE paused = FALSE AND seen_at < $2 AND (workshop_id = $1 \
         OR resource_id IN (SELECT id FROM resource WHERE workshop_id = $1 OR coop_id = \
         (SELECT coop_id FROM coop_member WHERE workshop_id = $1 AND state = 'active'))) \
         ORDER BY created_at, id",
        params![workshop, now - STALE],
    )
    .await
}
