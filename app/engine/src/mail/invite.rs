//! The guest's calendar entry and invitation.

use chrono::{DateTime, Utc};

use super::ics::{self, Event, Feed, Method, Status};
use super::transport::MailSettings;
use crate::booking::{Booking, StateKind};
use crate::catalogue::Catalogue;
use crate::email::Email;
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
