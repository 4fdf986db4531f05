//! What webhooks are decided by, without a database: signatures, pauses, which event a change is, what
//! becomes of two that wait, which headers may be sent.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use hmac::{Hmac, KeyInit, Mac};
use reqwest::header::{HeaderName, HeaderValue};
use serde_json::{Map, Value, json};
use sha2::Sha256;

use super::model::{Event, Headers};
use crate::SlotId;
use crate::booking::StateKind;
use crate::hex::hex;
use crate::payment::Secret;

/// The header that proves who sends: `t=<unix seconds>,v1=<hex>`, HMAC-SHA256 of time, point and body.
pub const SIGNATURE: &str = "langnghe-signature";
/// The header that names the event.
pub const EVENT: &str = "langnghe-event";
/// The header with the id of the message, the same for each try.
pub const DELIVERY: &str = "langnghe-delivery";

/// Tries of one message.
pub const MAX_ATTEMPTS: i32 = 8;
/// Pauses after the first, second … failed try: 22 hours in all.
const PAUSES: [TimeDelta; 7] = [
    TimeDelta::seconds(30),
    TimeDelta::minutes(2),
    TimeDelta::minutes(10),
    TimeDelta::hours(1),
    TimeDelta::hours(3),
    TimeDelta::hours(6),
    TimeDelta::hours(12),
];
/// Most that is added to a pause, in thousandths of it, so that what failed together is not tried
/// together for ever.
pub const JITTER: i32 = 200;
/// After so long without a success a webhook is paused.
pub const PATIENCE: TimeDelta = TimeDelta::days(3);

/// The signature of a body sent at an instant.
pub fn signature(secret: &Secret, at: DateTime<Utc>, body: &[u8]) -> String {
    let time = at.timestamp().to_string();
    // A key of any length is one.
    let Ok(mut mac) = <Hmac<Sha256> as KeyInit>::new_from_slice(secret.reveal().as_bytes()) else {
        return format!("t={time},v1=");
    };
    mac.update(time.as_bytes());
    mac.update(b".");
    mac.update(body);
    format!("t={time},v1={}", hex(&mac.finalize().into_bytes()))
}

/// Until the next try after so many failed ones, lengthened by `jitter` thousandths; None: given up.
pub fn pause(failed: i32, jitter: i32) -> Option<TimeDelta> {
    if failed >= MAX_ATTEMPTS {
        return None;
    }
    let nth = usize::try_from(failed.max(1) - 1).unwrap_or_default();
    let pause = *PAUSES.get(nth)?;
    let more = pause.num_milliseconds() * i64::from(jitter.clamp(0, JITTER)) / 1000;
    Some(pause + TimeDelta::milliseconds(more))
}

/// Whether an answer's code says that the message arrived. Redirects are not followed: what was signed
/// for one address goes to no other.
pub const fn arrived(status: u16) -> bool {
    status >= 200 && status < 300
}

const fn counts(state: StateKind) -> bool {
    matches!(state, StateKind::Confirmed | StateKind::CheckedIn | StateKind::NoShow)
}

/// Which event it is for a workshop that a booking, last seen in one state (None: never), is in another
/// now, or changed within its state. `confirmed`: whether it ever counted. Holds and requests for
/// money are no business of others until they count.
pub fn event_of(before: Option<StateKind>, now: StateKind, confirmed: bool) -> Option<Event> {
    let counted = before.is_some_and(counts);
    match now {
        StateKind::Confirmed if !counted => Some(Event::BookingConfirmed),
        StateKind::CheckedIn if before != Some(StateKind::CheckedIn) => {
            Some(Event::BookingCheckedIn)
        }
        StateKind::Confirmed | StateKind::CheckedIn | StateKind::NoShow => {
            Some(Event::BookingChanged)
        }
        // Confirmed and cancelled between two looks: only the end is told.
        StateKind::Cancelled if counted || (confirmed && before != Some(StateKind::Cancelled)) => {
            Some(Event::BookingCancelled)
        }
        StateKind::Expired if counted => Some(Event::BookingCancelled),
        StateKind::AwaitingPayment if counted => Some(Event::BookingChanged),
        _ => None,
    }
}

/// What is told of two events of one subject of which the first still waits: the newer, except that
/// nobody is told of a change to what they never heard of.
pub const fn merged(waiting: Event, newer: Event) -> Event {
    match (waiting, newer) {
        (Event::BookingConfirmed, Event::BookingChanged) => Event::BookingConfirmed,
        _ => newer,
    }
}

/// Departures of an option that changed: their days, and which one if it is a single one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    pub first: NaiveDate,
    pub last: NaiveDate,
    pub slot: Option<SlotId>,
}

impl Days {
    pub const fn of(date: NaiveDate, slot: SlotId) -> Self {
        Self { first: date, last: date, slot: Some(slot) }
    }

    /// Both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            first: self.first.min(other.first),
            last: self.last.max(other.last),
            slot: self.slot.filter(|slot| Some(*slot) == other.slot),
        }
    }

    /// As far as it lies within days, either of which may be open.
    pub fn within(self, first: NaiveDate, last: Option<NaiveDate>) -> Option<Self> {
        let first = self.first.max(first);
        let last = last.map_or(self.last, |last| self.last.min(last));
        (first <= last).then_some(Self { first, last, ..self })
    }
}

/// What a message says.
#[derive(Debug, Clone)]
pub struct Message<'a> {
    pub id: &'a str,
    pub event: Event,
    pub created_at: DateTime<Utc>,
    /// Id and address of the workshop.
    pub workshop: (&'a str, &'a str),
    pub webhook: &'a str,
    pub days: Option<Days>,
    /// Ids, codes, and under `links` pages of the site without its address.
    pub data: Value,
}

/// The body as it goes over the wire: ids and codes, nothing of a guest. Whoever may read more asks.
pub fn body(message: Message<'_>, base_url: &str) -> Value {
    let Message { id, event, created_at, workshop, webhook, days, mut data } = message;
    let at = created_at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    if let Some(links) = data.get_mut("links").and_then(Value::as_object_mut) {
        for link in links.values_mut() {
            *link = json!(format!("{base_url}{}", link.as_str().unwrap_or_default()));
        }
    }
    let octo = Event::OCTO.contains(&event);
    if let (Some(days), Some(fields)) = (days, data.as_object_mut()) {
        if octo {
            fields.insert("localDateStart".into(), json!(days.first));
            fields.insert("localDateEnd".into(), json!(days.last));
        } else {
            fields.insert("from".into(), json!(days.first));
            fields.insert("to".into(), json!(days.last));
            fields.insert("departure".into(), json!(days.slot));
        }
    }
    if octo {
        return json!({
            "id": id,
            "subscriptionId": webhook,
            "notificationType": event,
            "utcCreatedAt": at,
            "data": data,
        });
    }
    let (workshop, slug) = workshop;
    json!({
        "id": id,
        "event": event,
        "createdAt": at,
        "workshop": { "id": workshop, "slug": slug },
        "data": data,
    })
}

/// Most headers of a subscriber, and longest value of one.
const MAX_HEADERS: usize = 20;
const MAX_VALUE: usize = 2_000;
/// What belongs to the connection or to the message, not to the subscriber.
const RESERVED: [&str; 16] = [
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "expect",
    "forwarded",
    "host",
    "http2-settings",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "via",
    "accept-encoding",
];

/// A subscriber's own headers; None where one of them can't be sent, or must not be.
pub fn headers(asked: &Map<String, Value>) -> Option<Headers> {
    if asked.len() > MAX_HEADERS {
        return None;
    }
    let mut headers = Headers::default();
    for (name, value) in asked {
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        let value = value.as_str().filter(|value| value.len() <= MAX_VALUE)?;
        HeaderValue::from_str(value).ok()?.to_str().ok()?;
        let taken = RESERVED.contains(&name.as_str())
            || ["proxy-", "langnghe-", "x-forwarded-"]
                .iter()
                .any(|of| name.as_str().starts_with(of));
        if taken || headers.0.insert(name.as_str().to_owned(), value.to_owned()).is_some() {
            return None;
        }
    }
    Some(headers)
}
