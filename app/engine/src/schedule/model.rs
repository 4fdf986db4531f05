//! Opening rules, closures and slots as the business names them.

use chrono::{DateTime, Datelike, NaiveDate, Utc, Weekday};
use serde::{Deserialize, Serialize};

use super::day_rule::DayRule;
use super::lunar;
use crate::catalogue::{PriceLevel, Sharing};
use crate::store::TimeOfDay;
use crate::{
    ClosureId, Localized, OptionId, RuleId, SlotId, TourId, WorkshopId, json_column, stored_enum,
};

/// Days of the week, as "mon" … "sun".
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Weekdays(pub Vec<Weekday>);

/// Days of each lunar month (1–30); a month of 29 days has no 30th.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LunarDays(pub Vec<u8>);

/// Starting times at the venue.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Times(pub Vec<TimeOfDay>);

json_column!(Weekdays, LunarDays, Times);

/// A part of each year, "03-01" to "10-31", inclusive; may wrap over New Year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Season {
    from: (u32, u32),
    to: (u32, u32),
}

impl Season {
    /// None when one of the two is missing or no month-day.
    pub fn parse(from: Option<&str>, to: Option<&str>) -> Option<Self> {
        Some(Self { from: month_day(from?)?, to: month_day(to?)? })
    }

    pub fn contains(self, date: NaiveDate) -> bool {
        let day = (date.month(), date.day());
        if self.from <= self.to {
            self.from <= day && day <= self.to
        } else {
            self.from <= day || day <= self.to
        }
    }

    /// "03-01" and "10-31".
    pub fn words(self) -> (String, String) {
        let word = |(month, day): (u32, u32)| format!("{month:02}-{day:02}");
        (word(self.from), word(self.to))
    }
}

fn month_day(text: &str) -> Option<(u32, u32)> {
    let (month, day) = text.trim().split_once('-')?;
    let (month, day) = (month.parse().ok()?, day.parse().ok()?);
    // A leap year, so that 02-29 is a day.
    NaiveDate::from_ymd_opt(2024, month, day).map(|_| (month, day))
}

/// What an opening rule says.
#[derive(Debug, Clone, PartialEq)]
pub struct Opening {
    /// Open on these days of the week …
    pub weekdays: Weekdays,
    /// … and on these days of each lunar month.
    pub lunar_days: LunarDays,
    pub times: Times,
    pub season: Option<Season>,
    pub valid_from: Option<NaiveDate>,
    pub valid_to: Option<NaiveDate>,
    pub capacity: i32,
    /// Name of the guide; empty when it does not matter.
    pub guide: String,
}

impl Opening {
    pub fn opens_on(&self, date: NaiveDate) -> bool {
        let named = self.weekdays.0.contains(&date.weekday())
            || lunar::monthly_days_contain(&self.lunar_days.0, date);
        named && self.holds_on(date)
    }

    /// Whether the rule holds at all that day, whichever day of the week it is.
    pub fn holds_on(&self, date: NaiveDate) -> bool {
        self.season.is_none_or(|season| season.contains(date))
            && self.valid_from.is_none_or(|from| from <= date)
            && self.valid_to.is_none_or(|to| date <= to)
    }
}

/// An opening rule of an option.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    pub id: RuleId,
    pub option_id: OptionId,
    pub workshop_id: WorkshopId,
    pub opening: Opening,
}

/// A part of a day: starts from one time up to, but not at, another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    pub from: TimeOfDay,
    pub to: TimeOfDay,
}

impl Hours {
    pub fn contains(self, time: TimeOfDay) -> bool {
        self.from <= time && time < self.to
    }
}

/// Days, or hours of days, at which a workshop or one of its tours takes nobody.
#[derive(Debug, Clone, PartialEq)]
pub struct Closure {
    pub id: ClosureId,
    pub workshop_id: WorkshopId,
    pub tour_id: Option<TourId>,
    pub reason: Localized,
    pub rule: DayRule,
    /// The whole day when None.
    pub hours: Option<Hours>,
    /// When it was last saved.
    pub saved_at: DateTime<Utc>,
}

impl Closure {
    /// Whether a visit that starts then is closed out.
    pub fn shuts(&self, date: NaiveDate, time: TimeOfDay) -> bool {
        self.hours.is_none_or(|hours| hours.contains(time)) && self.rule.covers(date)
    }

    /// Whether it closes this tour: its own, or all of the workshop.
    pub fn concerns(&self, tour: TourId) -> bool {
        self.tour_id.is_none_or(|only| only == tour)
    }
}

stored_enum! {
    /// Whether a slot takes bookings. A cancelled one never opens again: its guests were told.
    pub enum SlotStatus { Open = "open", Closed = "closed", Cancelled = "cancelled" }
}

stored_enum! {
    /// Slots of a rule follow the rule; what the host made or changed by hand stays as it is.
    pub enum SlotOrigin {
        Rule = "rule",
        Host = "host",
        /// Made for the offer to a group, and closed to others from birth; once nobody has seats
        /// in it, no calendar shows it any more.
        Offer = "offer",
    }
}

stored_enum! {
    /// Whether a slot below its minimum runs: not decided, the host was asked, the host asked the
    /// guests (who may move or cancel without loss), or it runs.
    pub enum RunState {
        Undecided = "undecided",
        Asked = "asked",
        GuestsAsked = "guests_asked",
        Runs = "runs",
    }
}

/// One departure of one option.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Slot {
    pub id: SlotId,
    pub option_id: OptionId,
    pub tour_id: TourId,
    pub workshop_id: WorkshopId,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    /// Guests can book until then (start minus lead time).
    pub closes_at: DateTime<Utc>,
    /// The venue's date of the start.
    pub local_date: NaiveDate,
    pub capacity: i32,
    pub taken: i32,
    /// Seats that the host knowingly added beyond the capacity.
    pub overbooked: i32,
    pub status: SlotStatus,
    pub origin: SlotOrigin,
    pub guide: String,
    pub note: String,
    pub run_state: RunState,
    /// The venue's date of the last session of a course's run; None for a visit.
    pub last_date: Option<NaiveDate>,
    /// Seats that are kept for travel companies and not sold yet.
    pub allotted: i32,
    /// How many come, as resources count them.
    pub heads: i32,
    /// How many more its resources have room for; None when it needs nothing.
    pub room: Option<i32>,
    /// What its seats cost, as an event of the village has it.
    #[sqlx(rename = "price_percent")]
    pub price_level: PriceLevel,
    /// A calendar of others takes its time (see [`crate::busy`]): guests can't book it.
    pub busy: bool,
}

impl Slot {
    /// Whether it is a run of a course, of several sessions.
    pub const fn is_run(&self) -> bool {
        self.last_date.is_some()
    }

    /// Whether guests may book now, seats or not.
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        self.status == SlotStatus::Open && !self.busy && now < self.closes_at
    }

    /// Seats left to book, as far as what those on them need is free too; 0 when closed,
    /// cancelled, busy or past its cut-off.
    pub fn left(&self, now: DateTime<Utc>) -> i32 {
        if self.is_open(now) { self.free() } else { 0 }
    }

    /// Free seats for which there are resources too, also when nobody may book them any more.
    pub fn free(&self) -> i32 {
        self.free_beside(0)
    }

    /// The same for somebody for whom so many of its seats are kept.
    pub fn free_beside(&self, own: i32) -> i32 {
        let seats = (self.capacity - self.taken - self.allotted + own).max(0);
        self.room.map_or(seats, |room| seats.min(room))
    }

    /// Seats left for a party that shares the slot, or has it to itself: then it must be empty.
    pub fn left_for(&self, sharing: Sharing, now: DateTime<Utc>) -> i32 {
        match sharing {
            Sharing::Private if self.taken > 0 || self.allotted > 0 => 0,
            Sharing::Private | Sharing::Shared => self.left(now),
        }
    }

    pub fn is_over(&self, now: DateTime<Utc>) -> bool {
        self.ends_at <= now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_season_may_wrap_over_new_year() {
        let date = |m, d| NaiveDate::from_ymd_opt(2026, m, d).unwrap();
        let winter = Season::parse(Some("11-15"), Some("02-10")).unwrap();
        assert!(winter.contains(date(12, 31)) && winter.contains(date(2, 10)));
        assert!(!winter.contains(date(2, 11)) && !winter.contains(date(11, 14)));
        assert_eq!(Season::parse(Some("13-01"), Some("02-10")), None);
    }
}
