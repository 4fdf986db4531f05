//! Calendars of others and what they say.

use chrono::{DateTime, TimeDelta, Utc};

use crate::accounts::Actor;
use crate::outside::{Failure, Known};
use crate::resource::Stretch;
use crate::{CalendarId, ResourceId, TourId, WorkshopId};

/// After so long without an answer a calendar is stale: its owner is warned.
pub const STALE: TimeDelta = TimeDelta::hours(24);

/// Whose time a calendar takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    Workshop(WorkshopId),
    /// A machine, a room, or a guide.
    Resource(ResourceId),
}

impl Subject {
    pub(super) const fn ids(self) -> (Option<WorkshopId>, Option<ResourceId>) {
        match self {
            Subject::Workshop(id) => (Some(id), None),
            Subject::Resource(id) => (None, Some(id)),
        }
    }
}

/// Who looks after calendars: somebody who is signed in, or a guide by their own link.
#[derive(Debug, Clone)]
pub enum Who {
    Actor(Actor),
    /// The token of the link.
    Guide(String),
}

/// A calendar of others.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct BusyCalendar {
    pub id: CalendarId,
    pub workshop_id: Option<WorkshopId>,
    pub resource_id: Option<ResourceId>,
    /// Of a workshop: only this tour stops for it.
    pub tour_id: Option<TourId>,
    pub name: String,
    /// A secret: whoever has it reads the calendar.
    pub url: String,
    /// It is not read and hinders nothing.
    pub paused: bool,
    #[sqlx(flatten)]
    pub known: Known,
    /// When it was last known how the calendar stands.
    pub seen_at: DateTime<Utc>,
    /// When all of it was last read.
    pub read_at: DateTime<Utc>,
    pub next_at: DateTime<Utc>,
    /// Calls in a row that came to nothing.
    pub failures: i32,
    pub failure: Option<Failure>,
    pub warned: bool,
    /// Events of our own feeds that came back.
    pub own_events: i32,
    /// Events that could not be understood.
    pub unread_events: i32,
}

impl BusyCalendar {
    /// None for a row that the database's check forbids.
    pub fn subject(&self) -> Option<Subject> {
        let workshop = self.workshop_id.map(Subject::Workshop);
        workshop.or(self.resource_id.map(Subject::Resource))
    }

    /// Whether so long nothing was heard of it that it can't be relied on.
    pub fn is_stale(&self, now: DateTime<Utc>) -> bool {
        !self.paused && now - self.seen_at > STALE
    }

    /// The server's name, which may be shown; the rest of the address is secret.
    pub fn host(&self) -> String {
        let url = url::Url::parse(&self.url).ok();
        url.and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
    }
}

/// A time at which a calendar is busy.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Span {
    /// The event's, the same for all its repetitions.
    pub uid: String,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    /// The calendar gave days, not times.
    pub all_day: bool,
    pub summary: String,
    /// False where the owner said that the event hinders nothing.
    pub blocks: bool,
}

impl Span {
    pub const fn stretch(&self) -> Stretch {
        Stretch { from: self.starts_at, to: self.ends_at }
    }
}
