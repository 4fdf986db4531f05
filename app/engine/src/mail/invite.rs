//! Calendar entries: the guest's invitation and the workshop's feed.

use chrono::{DateTime, TimeDelta, Utc};

use super::ics::{self, AllDay, Event, Feed, Method, Status};
use super::transport::MailSettings;
use crate::booking::{Booking, StateKind, query};
use crate::catalogue::Catalogue;
use crate::clock::local_date;
use crate::email::Email;
use crate::schedule::{ClosureRule, Slot, SlotStatus, closures_of, slots};
use crate::store::{Conn, StoreError};
use crate::{Locale, WorkshopId, params};

/// The address where a guest manages a booking.
pub fn manage_url(settings: &MailSettings, booking: &Booking) -> String {
    format!("{}/{}/booking/{}/{}", settings.base_url, booking.locale, booking.code, booking.secret)
}

/// The guest's calendar entry; None when the tour is no longer in the catalogue.
pub fn event(
    settings: &MailSettings,
    catalogue: &Catalogue,
    booking: &Booking,
    slot: &Slot,
    now: DateTime<Utc>,
) -> Option<Event> {
    let locale = booking.locale;
    let (tour, workshop, _) = catalogue.place(booking.tour_id)?;
    let title = tour.title.text(locale);
    let url = manage_url(settings, booking);
    let cancelled = booking.state.kind() == StateKind::Cancelled;
    Some(Event {
        uid: booking.calendar_uid(settings.from.domain()),
        sequence: u32::try_from(booking.sequence).unwrap_or_default(),
        stamp: now,
        starts_at: slot.starts_at,
        ends_at: slot.ends_at,
        summary: format!("{title} — {}", booking.party.words(locale)),
        description: format!(
            "{}: {}\n{}: {}\n{}: {}\n{}\n{url}",
            crate::words::mail::code(locale),
            booking.code,
            crate::words::mail::workshop(locale),
            workshop.name,
            crate::words::mail::phone(locale),
            workshop.phone,
            tour.meeting_point.text(locale),
        ),
        location: format!("{}, {}", workshop.name, workshop.address.text(locale)),
        geo: Some((tour.meeting_lat, tour.meeting_lon)),
        url,
        status: if cancelled { Status::Cancelled } else { Status::Confirmed },
        alarm: Some((24 * 60, crate::words::mail::alarm(locale, title))),
        class_private: false,
        last_modified: now,
    })
}

/// The iTIP message for the booking as it is now: REQUEST, or CANCEL of a cancelled one. None
/// for a guest without an address.
pub fn itip(
    settings: &MailSettings,
    catalogue: &Catalogue,
    booking: &Booking,
    slot: &Slot,
    now: DateTime<Utc>,
) -> Option<(Method, String)> {
    let event = event(settings, catalogue, booking, slot, now)?;
    let attendee =
        ics::Party { name: booking.name.clone(), email: booking.email.parse::<Email>().ok()? };
    let organizer = ics::Party { name: settings.from_name.clone(), email: settings.from.clone() };
    let method = if event.status == Status::Cancelled { Method::Cancel } else { Method::Request };
    Some((method, ics::invite(method, &event, &organizer, &attendee)))
}

/// The file behind "add to calendar": the entry alone, nobody is invited.
pub fn download(
    settings: &MailSettings,
    catalogue: &Catalogue,
    booking: &Booking,
    slot: &Slot,
    now: DateTime<Utc>,
) -> Option<String> {
    let event = event(settings, catalogue, booking, slot, now)?;
    Some(ics::feed(&Feed { name: String::new(), events: vec![event], days: vec![] }))
}

/// The calendar that a workshop's people subscribe to by its secret token: departures of the
/// last 30 days and the next year with their guests, and closed days. None for a wrong token.
pub async fn feed_of_workshop(
    conn: &mut Conn,
    catalogue: &Catalogue,
    settings: &MailSettings,
    token: &str,
    now: DateTime<Utc>,
) -> Result<Option<String>, StoreError> {
    let found: Option<(WorkshopId, Locale)> = conn
        .fetch_optional("SELECT id, locale FROM workshop WHERE feed_token = $1", params![*token])
        .await?;
    let Some((id, locale)) = found else { return Ok(None) };
    let Some(workshop) = catalogue.workshop(id) else { return Ok(None) };
    let today = local_date(now);
    let (from, to) = (today - TimeDelta::days(30), today + TimeDelta::days(365));
    let domain = settings.from.domain();
    let mut events = Vec::new();
    for slot in slots::of_workshop(conn, id, from, to).await? {
        // Empty departures would hide the day's work under noise.
        if slot.status == SlotStatus::Cancelled || slot.taken == 0 {
            continue;
        }
        let bookings = query::of_slot(conn, slot.id).await?;
        let title = catalogue.tour(slot.tour_id).map_or("", |tour| tour.title.text(locale));
        let guests: Vec<String> = bookings
            .iter()
            .filter(|booking| booking.state.kind() != StateKind::Held)
            .map(|booking| {
                let who = booking.party.words(locale);
                format!("{} · {who} · {} · {}", booking.name, booking.phone, booking.code)
            })
            .collect();
        let changed = bookings.iter().map(|booking| booking.created_at).max();
        events.push(Event {
            uid: format!("slot-{}@{domain}", slot.id),
            sequence: 0,
            stamp: now,
            starts_at: slot.starts_at,
            ends_at: slot.ends_at,
            summary: format!("{title} ({}/{})", slot.taken, slot.capacity),
            description: guests.join("\n"),
            location: workshop.address.text(locale).to_owned(),
            geo: None,
            url: format!("{}/{locale}/host/{}/slots/{}", settings.base_url, workshop.slug, slot.id),
            status: Status::Confirmed,
            alarm: None,
            class_private: true,
            last_modified: changed.unwrap_or(slot.starts_at),
        });
    }
    let mut days = Vec::new();
    for closure in closures_of(conn, id).await? {
        let summary = closure.reason.text(locale).to_owned();
        let mut add = |first, last, uid: String| {
            // A closure has no time of change; its content is its identity.
            let last_modified =
                crate::clock::venue_instant(first, chrono::NaiveTime::MIN).unwrap_or_default();
            days.push(AllDay { uid, first, last, summary: summary.clone(), last_modified });
        };
        if let ClosureRule::Dates { from, to } = closure.rule {
            add(from, to, format!("closure-{}@{domain}", closure.id));
            continue;
        }
        for day in from.iter_days().take_while(|day| *day <= to) {
            if closure.rule.covers(day) {
                add(day, day, format!("closure-{}-{day}@{domain}", closure.id));
            }
        }
    }
    Ok(Some(ics::feed(&Feed { name: workshop.name.clone(), events, days })))
}
