//! Time, injected: what runs in production asks the system, a test moves the hands itself.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, SubsecRound, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// The zone of every workshop. A visit has exactly one zone, the venue's; it is named here,
/// never written as an offset.
pub const VENUE_ZONE: Tz = chrono_tz::Asia::Ho_Chi_Minh;

/// A clock that can be shared between the store, the workers and a test.
#[derive(Debug, Clone)]
pub enum Clock {
    System,
    /// Stands still until [`Clock::advance`] moves it.
    Fixed(Arc<Mutex<DateTime<Utc>>>),
}

impl Clock {
    pub fn fixed(at: DateTime<Utc>) -> Self {
        Clock::Fixed(Arc::new(Mutex::new(at)))
    }

    /// The present instant, cut to microseconds: what PostgreSQL keeps, so that a value
    /// written and read back is the same on both databases.
    pub fn now(&self) -> DateTime<Utc> {
        match self {
            Clock::System => Utc::now().trunc_subsecs(6),
            Clock::Fixed(at) => *at.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Moves a fixed clock; the system's clock can't be moved.
    pub fn advance(&self, by: TimeDelta) {
        if let Clock::Fixed(at) = self {
            let mut at = at.lock().unwrap_or_else(PoisonError::into_inner);
            *at += by;
        }
    }
}

/// The venue's date at an instant.
pub fn local_date(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&VENUE_ZONE).date_naive()
}

/// The venue's wall-clock time at an instant.
pub fn local_time(at: DateTime<Utc>) -> NaiveTime {
    at.with_timezone(&VENUE_ZONE).time()
}

/// The instant at which the venue's clock shows this date and time. Vietnam has had no
/// daylight saving since 1975, so there is exactly one; a zone with gaps answers None in them.
pub fn venue_instant(date: NaiveDate, time: NaiveTime) -> Option<DateTime<Utc>> {
    VENUE_ZONE
        .from_local_datetime(&date.and_time(time))
        .earliest()
        .map(|local| local.with_timezone(&Utc))
}

/// Monday of the week in which the date lies (weeks begin on Monday, thứ Hai).
pub fn week_start(date: NaiveDate) -> NaiveDate {
    date - TimeDelta::days(i64::from(date.weekday().num_days_from_monday()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn venue_time_goes_there_and_back() {
        let date = NaiveDate::from_ymd_opt(2026, 12, 1).unwrap();
        let time = NaiveTime::from_hms_opt(9, 0, 0).unwrap();
        let at = venue_instant(date, time).unwrap();
        assert_eq!(at.to_rfc3339(), "2026-12-01T02:00:00+00:00");
        assert_eq!((local_date(at), local_time(at)), (date, time));
    }

    #[test]
    fn the_week_begins_on_monday() {
        let sunday = NaiveDate::from_ymd_opt(2026, 11, 29).unwrap();
        assert_eq!(week_start(sunday), NaiveDate::from_ymd_opt(2026, 11, 23).unwrap());
    }
}
