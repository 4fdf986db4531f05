//! The calendar of a co-op to subscribe to: the departures of all members that somebody booked,
//! and who has which shared resource. No guest is named.

use chrono::{DateTime, Utc};

use super::model::Coop;
use super::read;
use crate::booking::{Booking, StateKind, query};
use crate::catalogue::{Catalogue, Workshop};
use crate::clock::local_date;
use crate::course;
use crate::feeds::{AHEAD, BEHIND};
use crate::mail::MailSettings;
use crate::mail::feed::last_changes;
use crate::mail::ics::{self, Event, Status};
use crate::resource::{self, Resource};
use crate::schedule::{Slot, SlotStatus, slots};
use crate::store::{Conn, StoreError};
use crate::words::mail as text;
use crate::{Locale, SlotId, WorkshopId, params};

/// A co-op has no language of its own.
const LOCALE: Locale = Locale::Vi;

/// The feed behind a token; None for a wrong one.
pub(crate) async fn of_token(
    conn: &mut Conn,
    catalogue: &Catalogue,
    settings: &MailSettings,
    token: &str,
    now: DateTime<Utc>,
) -> Result<Option<String>, StoreError> {
    let coop: Option<Coop> =
        conn.fetch_optional("SELECT * FROM coop WHERE feed_token = $1", params![*token]).await?;
    let Some(coop) = coop else { return Ok(None) };
    let mut events = Vec::new();
    for member in read::members(conn, coop.id).await? {
        if let Some(shop) = catalogue.workshop(member.workshop_id) {
            events.extend(departures(conn, (catalogue, settings), shop, now).await?);
        }
    }
    let shared: Vec<Resource> = conn
        .fetch_all(
            "SELECT * FROM resource WHERE coop_id = $1 AND kind <> 'guide' ORDER BY created_at, id",
            params![coop.id],
        )
        .await?;
    events.extend(resource::feed_uses(conn, (catalogue, settings), LOCALE, &shared, now).await?);
    Ok(Some(ics::feed(&ics::Feed { name: coop.name, events, days: Vec::new() })))
}

async fn departures(
    conn: &mut Conn,
    (catalogue, settings): (&Catalogue, &MailSettings),
    shop: &Workshop,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, StoreError> {
    let id: WorkshopId = shop.id;
    let today = local_date(now);
    let (from, to) = (today - BEHIND, today + AHEAD);
    let mut taken = slots::of_workshop(conn, id, from, to).await?;
    taken.retain(|it| it.status != SlotStatus::Cancelled && it.taken > 0 && !it.is_run());
    let sessions = course::days_of_workshop(conn, id, from, to).await?;
    let mut ids: Vec<SlotId> = taken.iter().map(|it| it.id).collect();
    ids.extend(sessions.iter().map(|(_, slot)| slot.id));
    ids.sort_unstable();
    ids.dedup();
    let bookings = query::of_slots(conn, &ids).await?;
    let changes = last_changes(conn, id).await?;
    let of = |subject: &str| changes.get(subject).copied();
    let event = |slot: &Slot| {
        let coming: Vec<&Booking> = bookings
            .get(&slot.id)
            .into_iter()
            .flatten()
            .filter(|it| it.state.kind() != StateKind::Held)
            .collect();
        let people: i32 = coming.iter().map(|it| it.people).sum();
        let tour = catalogue.tour(slot.tour_id);
        let title = tour.map_or("", |tour| tour.title.text(LOCALE));
        let changed = coming
            .iter()
            .flat_map(|it| [Some(it.created_at), it.confirmed_at, of(&it.code)])
            .chain([of(&slot.id.to_string())])
            .flatten()
            .max()?;
        Some(Event {
            uid: format!("coop-{}@{}", slot.id, settings.from.domain()),
            sequence: 0,
            stamp: changed,
            starts_at: slot.starts_at,
            ends_at: slot.ends_at,
            summary: text::feed_visit(LOCALE, i64::from(people), title, &shop.name),
            description: String::new(),
            location: shop.address.text(LOCALE).to_owned(),
            geo: None,
            url: String::new(),
            status: Status::Confirmed,
            alarm: None,
            class_private: true,
            last_modified: changed,
        })
    };
    let mut events: Vec<Event> = taken.iter().filter_map(event).collect();
    events.extend(sessions.iter().filter_map(|(session, slot)| {
        let run = event(slot)?;
        let number = text::session(LOCALE, i64::from(session.position));
        Some(Event {
            uid: format!("coop-session-{}@{}", session.id, settings.from.domain()),
            starts_at: session.starts_at,
            ends_at: session.ends_at,
            summary: format!("{} · {number}", run.summary),
            ..run
        })
    }));
    Ok(events)
}
