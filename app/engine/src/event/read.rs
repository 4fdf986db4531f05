//! Finding events.

use chrono::NaiveDate;

use super::model::{Event, EventRow};
use crate::coop::Author;
use crate::store::{Conn, StoreError};
use crate::{EventId, WorkshopId, params};

async fn many(
    conn: &mut Conn,
    sql: &'static str,
    params: Vec<crate::store::Param>,
) -> Result<Vec<Event>, StoreError> {
    let rows: Vec<EventRow> = conn.fetch_all(sql, params).await?;
    rows.into_iter().map(Event::try_from).collect()
}

pub async fn by_id(conn: &mut Conn, id: EventId) -> Result<Option<Event>, StoreError> {
    Ok(many(conn, "SELECT * FROM event WHERE id = $1", params![id]).await?.pop())
}

pub async fn by_slug(conn: &mut Conn, slug: &str) -> Result<Option<Event>, StoreError> {
    Ok(many(conn, "SELECT * FROM event WHERE slug = $1", params![*slug]).await?.pop())
}

/// All that count, oldest first.
pub async fn published(conn: &mut Conn) -> Result<Vec<Event>, StoreError> {
    many(conn, "SELECT * FROM event WHERE published ORDER BY created_at, id", vec![]).await
}

/// Those of a co-op, or of the office; newest first.
pub async fn of_author(conn: &mut Conn, author: Author) -> Result<Vec<Event>, StoreError> {
    match author {
        Author::Office => {
            let sql = "SELECT * FROM event WHERE coop_id IS NULL ORDER BY created_at DESC, id DESC";
            many(conn, sql, vec![]).await
        }
        Author::Coop(coop) => {
            let sql = "SELECT * FROM event WHERE coop_id = $1 ORDER BY created_at DESC, id DESC";
            many(conn, sql, params![coop]).await
        }
    }
}

/// Published events that concern a workshop, oldest first, whether it takes part or not.
pub async fn of_workshop(conn: &mut Conn, workshop: WorkshopId) -> Result<Vec<Event>, StoreError> {
    many(
        conn,
        "SELECT * FROM event WHERE published AND ((coop_id IS NULL AND village_id = \
         (SELECT village_id FROM workshop WHERE id = $1)) OR coop_id IN \
         (SELECT coop_id FROM coop_member WHERE workshop_id = $1 AND state = 'active')) \
         ORDER BY created_at, id",
        params![workshop],
    )
    .await
}

/// Events from which a workshop stays out.
pub async fn stays_out(conn: &mut Conn, workshop: WorkshopId) -> Result<Vec<EventId>, StoreError> {
    let rows: Vec<(EventId,)> = conn
        .fetch_all("SELECT event_id FROM event_opt_out WHERE workshop_id = $1", params![workshop])
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Published events in which a workshop takes part, oldest first.
pub(super) async fn in_force(
    conn: &mut Conn,
    workshop: WorkshopId,
) -> Result<Vec<Event>, StoreError> {
    let mut events = of_workshop(conn, workshop).await?;
    if !events.is_empty() {
        let out = stays_out(conn, workshop).await?;
        events.retain(|event| !out.contains(&event.id));
    }
    Ok(events)
}

/// A workshop that an event concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Concerned {
    pub workshop: WorkshopId,
    pub takes_part: bool,
}

/// The workshops that an event of this author in this village concerns, in the catalogue's order.
pub async fn concerned(conn: &mut Conn, event: &Event) -> Result<Vec<Concerned>, StoreError> {
    let houses: Vec<(WorkshopId,)> = match event.author {
        Author::Office => {
            conn.fetch_all(
                "SELECT id FROM workshop WHERE village_id = $1 ORDER BY name, id",
                params![event.village_id],
            )
            .await?
        }
        Author::Coop(coop) => {
            conn.fetch_all(
                "SELECT workshop.id FROM coop_member \
                 JOIN workshop ON workshop.id = coop_member.workshop_id \
                 WHERE coop_id = $1 AND state = 'active' ORDER BY workshop.name, workshop.id",
                params![coop],
            )
            .await?
        }
    };
    let out: Vec<(WorkshopId,)> = conn
        .fetch_all("SELECT workshop_id FROM event_opt_out WHERE event_id = $1", params![event.id])
        .await?;
    Ok(houses
        .into_iter()
        .map(|(workshop,)| Concerned { workshop, takes_part: !out.contains(&(workshop,)) })
        .collect())
}

/// Days ahead within which every yearly event comes once.
pub const YEAR: i64 = 370;

/// Published events that are under way or to come within so many days, soonest first, each with
/// the first and last day of the next time that it takes place.
pub async fn upcoming(
    conn: &mut Conn,
    today: NaiveDate,
    within_days: i64,
) -> Result<Vec<(Event, NaiveDate, NaiveDate)>, StoreError> {
    let events = many(conn, "SELECT * FROM event WHERE published ORDER BY id", vec![]).await?;
    let last = today + chrono::TimeDelta::days(within_days);
    let mut coming: Vec<_> = events
        .into_iter()
        .filter_map(|event| {
            let (from, to) = event.days.next(today)?;
            (from <= last).then_some((event, from, to))
        })
        .collect();
    coming.sort_by_key(|(_, from, to)| (*from, *to));
    Ok(coming)
}
