//! The calendar that a guide subscribes to: what they lead, and their days off.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, TimeDelta, Utc};

use super::link;
use super::model::Guide;
use super::read::{self, Duty};
use crate::booking::{Booking, StateKind, query};
use crate::catalogue::Catalogue;
use crate::clock::local_date;
use crate::feeds::{AHEAD, BEHIND};
use crate::mail::MailSettings;
use crate::mail::feed::last_changes;
use crate::mail::ics::{self, AllDay, Event, Feed, Status};
use crate::store::{Conn, StoreError};
use crate::words::mail as text;
use crate::{SlotId, UseId, WorkshopId, params};

/// The feed behind a guide's link; None for a wrong token. Its text depends on the data and the
/// day alone.
pub async fn of_token(
    conn: &mut Conn,
    catalogue: &Catalogue,
    settings: &MailSettings,
    token: &str,
    now: DateTime<Utc>,
) -> Result<Option<String>, StoreError> {
    let Some(guide) = read::by_token(conn, token).await? else { return Ok(None) };
    let today = local_date(now);
    let duties = read::diary(conn, guide.id(), today - BEHIND, today + AHEAD).await?;
    let slots: Vec<SlotId> = duties.iter().map(|duty| duty.slot.id).collect();
    let bookings = query::of_slots(conn, &slots).await?;
    let places: BTreeSet<WorkshopId> = duties.iter().map(|duty| duty.slot.workshop_id).collect();
    let mut changes = HashMap::new();
    for place in places {
        changes.extend(last_changes(conn, place).await?);
    }
    let since: Vec<(SlotId, DateTime<Utc>)> = conn
        .fetch_all(
            "SELECT slot_id, since FROM guide_lead WHERE resource_id = $1",
            params![guide.id()],
        )
        .await?;
    let since: HashMap<SlotId, DateTime<Utc>> = since.into_iter().collect();
    let scene = Scene { catalogue, settings, guide: &guide, changes, since };
    let none = Vec::new();
    let events = duties
        .iter()
        .filter_map(|duty| scene.event(duty, bookings.get(&duty.slot.id).unwrap_or(&none)))
        .collect();
    let off: Vec<Off> = conn
        .fetch_all(
            "SELECT id, starts_at, ends_at, created_at FROM resource_use WHERE resource_id = $1 \
             AND purpose = 'upkeep' AND calendar_id IS NULL AND ends_at > $2 ORDER BY starts_at, id",
            params![guide.id(), now - BEHIND],
        )
        .await?;
    let days = off
        .into_iter()
        .map(|off| AllDay {
            uid: format!("off-{}@{}", off.id, settings.from.domain()),
            first: local_date(off.starts_at),
            last: local_date(off.ends_at - TimeDelta::seconds(1)),
            summary: text::guide_day_off(guide.locale).to_owned(),
            last_modified: off.created_at,
        })
        .collect();
    Ok(Some(ics::feed(&Feed { name: guide.name().to_owned(), events, days })))
}

/// Days on which the guide does not work.
#[derive(sqlx::FromRow)]
struct Off {
    id: UseId,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    created_at: DateTime<Utc>,
}

struct Scene<'a> {
    catalogue: &'a Catalogue,
    settings: &'a MailSettings,
    guide: &'a Guide,
    changes: HashMap<String, DateTime<Utc>>,
    since: HashMap<SlotId, DateTime<Utc>>,
}

impl Scene<'_> {
    fn event(&self, duty: &Duty, bookings: &[Booking]) -> Option<Event> {
        let Scene { settings, guide, .. } = *self;
        let (locale, slot) = (guide.locale, &duty.slot);
        let (tour, _) = self.catalogue.option(slot.option_id)?;
        let workshop = self.catalogue.workshop(slot.workshop_id)?;
        let coming: Vec<&Booking> =
            bookings.iter().filter(|it| it.state.kind() != StateKind::Held).collect();
        let people: i32 = coming.iter().map(|it| it.people).sum();
        let mut lines: Vec<String> =
            coming.iter().map(|it| format!("{} · {}", it.name, it.party.words(locale))).collect();
        lines.push(format!("{} · {}", workshop.name, workshop.phone));
        let title = tour.title.text(locale);
        let of = |subject: &str| self.changes.get(subject).copied();
        let changed = coming
            .iter()
            .flat_map(|it| [Some(it.created_at), it.confirmed_at, of(&it.code)])
            .chain([of(&slot.id.to_string()), self.since.get(&slot.id).copied()])
            .flatten()
            .max()?;
        let stretch = duty.stretch();
        let uid = match &duty.session {
            Some(session) => format!("lead-session-{}@{}", session.id, settings.from.domain()),
            None => format!("lead-{}@{}", slot.id, settings.from.domain()),
        };
        let what = match &duty.session {
            Some(session) => {
                format!("{title} · {}", text::session(locale, i64::from(session.position)))
            }
            None => title.to_owned(),
        };
        Some(Event {
            uid,
            sequence: 0,
            stamp: changed,
            starts_at: stretch.from,
            ends_at: stretch.to,
            summary: text::guide_event(locale, i64::from(people), &what),
            description: lines.join("\n"),
            location: format!("{}, {}", workshop.name, workshop.address.text(locale)),
            geo: None,
            url: format!("{}{}", settings.base_url, link::link_path(&guide.token)),
            status: Status::Confirmed,
            alarm: None,
            class_private: true,
            last_modified: changed,
        })
    }
}
