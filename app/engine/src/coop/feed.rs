//! The calendar of a co-op to subscribe to: the departures of all members that somebody booked,
//! and who has which shared resource. No guest is named.

use chrono::{DateTime, Utc};

use super::model::Coop;
use super::read;
use crate::booking::query;
use crate::catalogue::{Catalogue, Workshop};
use crate::clock::local_date;
use crate::course;
use crate::feeds::{AHEAD, BEHIND};
use crate::mail::MailSettings;
use crate::mail::feed::{coming, last_changed, last_changes, of_session};
use crate::mail::ics::{self, Event};
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
    let event = |slot: &Slot| {
        let coming = coming(bookings.get(&slot.id).map(Vec::as_slice).unwrap_or_default());
        let people: i32 = coming.iter().map(|it| it.people).sum();
        let tour = catalogue.tour(slot.tour_id);
        let title = tour.map_or("", |tour| tour.title.text(LOCALE));
        let changed = last_changed(slot, &coming, &changes)?;
        let uid = format!("coop-{}@{}", slot.id, settings.from.domain());
        let summary = text::feed_visit(LOCALE, i64::from(people), title, &shop.name);
        Some(Event {
            location: shop.address.text(LOCALE).to_owned(),
            ..Event::in_feed(uid, changed, (slot.starts_at, slot.ends_at), summary)
        })
    };
    let mut events: Vec<Event> = taken.iter().filter_map(event).collect();
    events.extend(sessions.iter().filter_map(|(session, slot)| {
        let uid = format!("coop-session-{}@{}", session.id, settings.from.domain());
        Some(of_session(event(slot)?, uid, session, LOCALE))
    }));
    Ok(events)
}
