//! Webhooks, what they are told of, and the log of it.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::outside::Failure;
use crate::payment::Secret;
use crate::{ContractId, DeliveryId, SlotId, WebhookId, WorkshopId, json_column, stored_enum};

stored_enum! {
    /// What somebody is told of. The words are those that go over the wire.
    pub enum Event {
        BookingConfirmed = "booking.confirmed",
        BookingChanged = "booking.changed",
        BookingCancelled = "booking.cancelled",
        BookingCheckedIn = "booking.checked_in",
        /// Seats, times, prices or whether it takes guests.
        DepartureChanged = "departure.changed",
        TourChanged = "tour.changed",
        /// Somebody wants to see one.
        Test = "test",
        // Of OCTO, for travel companies.
        ProductUpdate = "PRODUCT_UPDATE",
        AvailabilityUpdate = "AVAILABILITY_UPDATE",
        BookingUpdate = "BOOKING_UPDATE",
    }
}

impl Event {
    /// Those that a workshop's webhook may choose, in the order of the page.
    pub const OWN: [Event; 6] = [
        Event::BookingConfirmed,
        Event::BookingChanged,
        Event::BookingCancelled,
        Event::BookingCheckedIn,
        Event::DepartureChanged,
        Event::TourChanged,
    ];
    /// Those that a travel company may choose.
    pub const OCTO: [Event; 3] =
        [Event::ProductUpdate, Event::AvailabilityUpdate, Event::BookingUpdate];
}

/// What a webhook is told of.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Events(pub Vec<Event>);

impl Events {
    /// Each of `allowed` that is among the chosen ones, once.
    pub fn chosen(chosen: &[Event], allowed: &[Event]) -> Self {
        Self(allowed.iter().copied().filter(|event| chosen.contains(event)).collect())
    }

    pub fn has(&self, event: Event) -> bool {
        self.0.contains(&event)
    }
}

/// Headers that a subscriber wants to be sent, by name; see [`super::rule::headers`].
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Headers(pub BTreeMap<String, String>);

/// They may hold a password.
impl std::fmt::Debug for Headers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.keys()).finish()
    }
}

json_column!(Events, Headers);

stored_enum! {
    pub enum WebhookState {
        Active = "active",
        Paused = "paused",
        /// Paused because it failed for days.
        Failing = "failing",
    }
}

/// A system that is told.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Webhook {
    pub id: WebhookId,
    pub workshop_id: WorkshopId,
    /// Of a travel company; None: the workshop's own.
    pub contract_id: Option<ContractId>,
    /// Made with a test key: it hears of bookings that are tests alone.
    pub test: bool,
    pub url: String,
    pub events: Events,
    pub headers: Headers,
    pub secret: Secret,
    pub state: WebhookState,
    /// Since its last success nothing but failures.
    pub failing_since: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

impl Webhook {
    /// The server's name; the rest of the address may be a secret.
    pub fn host(&self) -> String {
        let url = url::Url::parse(&self.url).ok();
        url.and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
    }
}

stored_enum! {
    pub enum DeliveryState {
        Queued = "queued",
        Delivered = "delivered",
        /// Given up after the last try.
        Dead = "dead",
        /// Something newer of the same subject went instead.
        Merged = "merged",
        /// The webhook was paused before it could go.
        Dropped = "dropped",
    }
}

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Delivery {
    pub id: DeliveryId,
    pub webhook_id: WebhookId,
    pub event: Event,
    pub state: DeliveryState,
    pub attempts: i32,
    /// When it is tried, or tried again, while it waits.
    pub due_at: DateTime<Utc>,
    pub tried_at: Option<DateTime<Utc>>,
    /// What the last try brought: the answer's code, or why there was none.
    pub status: Option<i32>,
    pub failure: Option<Failure>,
    /// The beginning of what was answered to a try that failed.
    pub answer: String,
    pub first_date: Option<NaiveDate>,
    pub last_date: Option<NaiveDate>,
    pub slot_id: Option<SlotId>,
    pub created_at: DateTime<Utc>,
}
