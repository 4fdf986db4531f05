//! The guest's calendar entry and invitation.

use chrono::{DateTime, Utc};

use super::ics::{self, Event, Feed, Method, Status};
use super::transport::MailSettings;
use crate::booking::{Booking, StateKind};
use crate::catalogue::Catalogue;
use crate::course::Session;
use crate::email::Email;
use crate::pass::{self, Booked, PassBooking};
use crate::schedule::Slot;

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
    let writing = locale.writing();
    let cancelled = booking.state.kind() == StateKind::Cancelled;
    Some(Event {
        uid: booking.calendar_uid(settings.from.domain()),
        sequence: u32::try_from(booking.sequence).unwrap_or_default(),
        stamp: now,
        starts_at: slot.starts_at,
        ends_at: slot.ends_at,
        summary: format!("{title} — {}", booking.party.words(locale)),
        description: [
            writing.labelled(crate::words::mail::code(locale), &booking.code),
            writing.labelled(crate::words::mail::workshop(locale), &workshop.name),
            writing.labelled(crate::words::mail::phone(locale), &workshop.phone),
            tour.meeting_point.text(locale).to_owned(),
            url.clone(),
        ]
        .join("\n"),
        location: format!("{}, {}", workshop.name, workshop.address.text(locale)),
        geo: Some((tour.meeting_lat, tour.meeting_lon)),
        url,
        status: if cancelled { Status::Cancelled } else { Status::Confirmed },
        alarm: Some((24 * 60, crate::words::mail::alarm(locale, title))),
        class_private: false,
        last_modified: now,
    })
}

/// The calendar entries of a course, one a session, by time: those that were cancelled too, so that
/// they leave the calendar. `most` is the number of sessions of the longest run of the course:
/// a booking that came from a longer run takes its further entries out.
pub fn session_events(
    settings: &MailSettings,
    catalogue: &Catalogue,
    booking: &Booking,
    slot: &Slot,
    sessions: &[Session],
    most: i32,
    now: DateTime<Utc>,
) -> Vec<Event> {
    let Some(whole) = event(settings, catalogue, booking, slot, now) else { return Vec::new() };
    let count = i64::try_from(sessions.len()).unwrap_or(i64::MAX);
    let domain = settings.from.domain();
    let words = crate::words::mail::session_of;
    let last = sessions.iter().map(|session| session.position).max().unwrap_or(0);
    let left_over = (last + 1..=most).filter(|_| booking.sequence > 0).map(|position| Event {
        uid: Session::calendar_uid(position, booking.id, domain),
        status: Status::Cancelled,
        ends_at: slot.starts_at,
        ..whole.clone()
    });
    let held = sessions.iter().map(|session| {
        let status = if session.is_live() { whole.status } else { Status::Cancelled };
        let number = words(booking.locale, i64::from(session.position), count);
        Event {
            uid: Session::calendar_uid(session.position, booking.id, domain),
            starts_at: session.starts_at,
            ends_at: session.ends_at,
            summary: format!("{} ({number})", whole.summary),
            status,
            ..whole.clone()
        }
    });
    held.chain(left_over).collect()
}

/// The page where a guest manages a pass.
pub fn manage_pass_url(settings: &MailSettings, booking: &PassBooking) -> String {
    format!("{}/{}{}", settings.base_url, booking.locale, pass::manage_path(booking))
}

/// The calendar entries of a pass: each leg's own, which a later letter about it changes.
pub fn pass_events(
    settings: &MailSettings,
    catalogue: &Catalogue,
    booked: &Booked,
    now: DateTime<Utc>,
) -> Vec<Event> {
    let url = manage_pass_url(settings, &booked.booking);
    let legs = booked.legs.iter().filter_map(|leg| {
        let event = event(settings, catalogue, &leg.booking, &leg.slot, now)?;
        let description = event.description.replace(&event.url, &url);
        Some(Event { description, url: url.clone(), ..event })
    });
    legs.collect()
}

/// The file behind "add to calendar" of a pass.
pub fn download_pass(
    settings: &MailSettings,
    catalogue: &Catalogue,
    booked: &Booked,
    now: DateTime<Utc>,
) -> String {
    let events = pass_events(settings, catalogue, booked, now);
    ics::feed(&Feed { name: String::new(), events, days: vec![] })
}

/// The sessions as an attachment; None for a guest without an address.
pub fn publish(
    settings: &MailSettings,
    booking: &Booking,
    events: &[Event],
) -> Option<(Method, String)> {
    booking.email.parse::<Email>().ok().filter(|_| !events.is_empty())?;
    let organizer = ics::Party { name: settings.from_name.clone(), email: settings.from.clone() };
    Some((Method::Publish, ics::publish(events, &organizer)))
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

/// The file behind "add to calendar": the entry alone (of a course, one a session), nobody is
/// invited.
pub fn download(
    settings: &MailSettings,
    catalogue: &Catalogue,
    booking: &Booking,
    slot: &Slot,
    sessions: &[Session],
    now: DateTime<Utc>,
) -> Option<String> {
    let events = if sessions.is_empty() {
        vec![event(settings, catalogue, booking, slot, now)?]
    } else {
        session_events(settings, catalogue, booking, slot, sessions, 0, now)
    };
    Some(ics::feed(&Feed { name: String::new(), events, days: vec![] }))
}
