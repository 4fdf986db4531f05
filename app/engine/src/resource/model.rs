//! Resources, what options need of them, and who has them when.

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::clock::{local_date, venue_instant};
use crate::schedule::Weekdays;
use crate::store::TimeOfDay;
use crate::{
    CalendarId, CoopId, FiringId, Localized, NeedId, OptionId, PoolId, ResourceId, SlotId, UseId,
    WorkshopId, json_column, stored_enum,
};

stored_enum! {
    pub enum ResourceKind {
        Kiln = "kiln",
        Wheel = "wheel",
        Loom = "loom",
        Room = "room",
        Guide = "guide",
        Vehicle = "vehicle",
        Tool = "tool",
    }
}

/// From one time of day to another on some days of the week; a span that ends at or before its
/// start ends on the next day (a firing over night).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    pub days: Weekdays,
    pub from: TimeOfDay,
    pub to: TimeOfDay,
}

/// When a resource can be used; no span at all means always.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WeekHours(pub Vec<Span>);

json_column!(WeekHours);

/// A stretch of time; the end is not part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stretch {
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
}

impl Stretch {
    pub fn overlaps(self, other: Self) -> bool {
        self.from < other.to && other.from < self.to
    }

    pub fn contains(self, other: Self) -> bool {
        self.from <= other.from && other.to <= self.to
    }

    pub fn minutes(self) -> i64 {
        (self.to - self.from).num_minutes()
    }

    fn reaching(self, other: Self) -> Self {
        Self { from: self.from.min(other.from), to: self.to.max(other.to) }
    }

    /// The shortest stretch that holds all of them.
    pub fn around(stretches: impl IntoIterator<Item = Self>) -> Option<Self> {
        stretches.into_iter().reduce(Self::reaching)
    }
}

impl WeekHours {
    /// The spans that begin on a date; the whole day when there are no hours.
    pub fn on(&self, date: NaiveDate) -> Vec<Stretch> {
        let at = |date: NaiveDate, time| venue_instant(date, time);
        let next = date + Days::new(1);
        if self.0.is_empty() {
            let midnight = chrono::NaiveTime::MIN;
            return at(date, midnight)
                .zip(at(next, midnight))
                .map(|(from, to)| Stretch { from, to })
                .into_iter()
                .collect();
        }
        let spans = self.0.iter().filter(|span| span.days.0.contains(&date.weekday()));
        let mut spans: Vec<Stretch> = spans
            .filter_map(|span| {
                let end = if span.to > span.from { date } else { next };
                Some(Stretch { from: at(date, span.from.time())?, to: at(end, span.to.time())? })
            })
            .collect();
        spans.sort_unstable();
        spans
    }

    /// Whether all of a stretch lies within one span.
    pub fn cover(&self, wanted: Stretch) -> bool {
        if self.0.is_empty() {
            return true;
        }
        let date = local_date(wanted.from);
        [date - Days::new(1), date]
            .into_iter()
            .flat_map(|date| self.on(date))
            .any(|span| span.contains(wanted))
    }
}

/// Who has a resource and says who may use it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Owner {
    Workshop(WorkshopId),
    Coop(CoopId),
}

/// Something that visits and own work share.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Resource {
    pub id: ResourceId,
    pub pool_id: PoolId,
    pub workshop_id: Option<WorkshopId>,
    pub coop_id: Option<CoopId>,
    pub kind: ResourceKind,
    pub name: Localized,
    /// Pieces, places, seats; litres of a kiln.
    pub quantity: i32,
    /// Minutes before and after each use during a visit.
    pub setup_minutes: i32,
    pub cleanup_minutes: i32,
    pub hours: WeekHours,
    /// Hours a week that each member may have it for own work; None: as many as are free.
    pub own_hours_week: Option<i32>,
    /// Days ahead that own work may be booked: visits come first until then.
    pub own_days_ahead: Option<i32>,
    pub note: String,
    pub active: bool,
}

impl Resource {
    /// None for a row that the database's check forbids.
    pub fn owner(&self) -> Option<Owner> {
        self.coop_id.map(Owner::Coop).or(self.workshop_id.map(Owner::Workshop))
    }

    /// A use together with its setting up and cleaning.
    pub fn occupied(&self, using: Stretch) -> Stretch {
        Stretch {
            from: using.from - TimeDelta::minutes(i64::from(self.setup_minutes)),
            to: using.to + TimeDelta::minutes(i64::from(self.cleanup_minutes)),
        }
    }
}

stored_enum! {
    /// Whether a need counts for each person or once for all who come at a time.
    pub enum Basis { Person = "person", Departure = "departure" }
}

/// When a need arises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timing {
    /// Minutes from the start of the visit.
    During { from: i32, to: i32 },
    /// In one span of the resource's hours (a firing) that begins so many days after the visit.
    After { from_day: i32, to_day: i32 },
}

/// What an option needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    pub id: NeedId,
    pub option_id: OptionId,
    pub basis: Basis,
    pub amount: i32,
    pub timing: Timing,
    /// Resources that can meet it, the preferred one first.
    pub choices: Vec<ResourceId>,
}

impl Need {
    /// How much so many people need; 0 when nobody comes.
    pub fn of(&self, heads: i32) -> i32 {
        match self.basis {
            Basis::Person => self.amount.saturating_mul(heads.max(0)),
            Basis::Departure if heads > 0 => self.amount,
            Basis::Departure => 0,
        }
    }
}

stored_enum! {
    /// Why somebody has a resource: for visitors, for a workshop's own work, or because it is
    /// being mended.
    pub enum Purpose { Visit = "visit", Own = "own", Upkeep = "upkeep" }
}

/// One taking of a resource.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Use {
    pub id: UseId,
    pub resource_id: ResourceId,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub amount: i32,
    pub purpose: Purpose,
    pub slot_id: Option<SlotId>,
    pub need_id: Option<NeedId>,
    pub workshop_id: Option<WorkshopId>,
    pub note: String,
    /// The calendar of others that says so (see [`crate::busy`]).
    pub calendar_id: Option<CalendarId>,
    /// The load of pieces that it is for (see [`crate::craft`]).
    pub firing_id: Option<FiringId>,
}

impl Use {
    pub const fn stretch(&self) -> Stretch {
        Stretch { from: self.starts_at, to: self.ends_at }
    }
}

#[cfg(test)]
mod tests {
    use chrono::Weekday;

    use super::*;

    fn hours(from: (u32, u32), to: (u32, u32)) -> WeekHours {
        let time = |(h, m)| TimeOfDay::new(h, m).unwrap();
        let days = Weekdays(vec![Weekday::Tue]);
        WeekHours(vec![Span { days, from: time(from), to: time(to) }])
    }

    fn stretch(day: u32, from: u32, to_day: u32, to: u32) -> Stretch {
        let at = |day, hour| {
            let date = NaiveDate::from_ymd_opt(2026, 12, day).unwrap();
            venue_instant(date, TimeOfDay::new(hour, 0).unwrap().time()).unwrap()
        };
        Stretch { from: at(day, from), to: at(to_day, to) }
    }

    // 1 December 2026 is a Tuesday.
    #[test]
    fn hours_cover_what_lies_within_one_span() {
        let day = hours((8, 0), (17, 0));
        assert!(day.cover(stretch(1, 8, 1, 17)));
        assert!(!day.cover(stretch(1, 7, 1, 9)) && !day.cover(stretch(2, 9, 2, 10)));
        assert!(WeekHours::default().cover(stretch(1, 23, 2, 4)));
    }

    #[test]
    fn a_span_over_night_ends_on_the_next_day() {
        let night = hours((18, 0), (6, 0));
        assert_eq!(night.on(NaiveDate::from_ymd_opt(2026, 12, 1).unwrap()), [stretch(1, 18, 2, 6)]);
        assert!(night.cover(stretch(2, 1, 2, 5)), "begun the evening before");
        assert!(!night.cover(stretch(1, 1, 1, 5)));
    }
}
