//! Which days: dates, a stretch of each lunar year, or days of each lunar month.

use chrono::{NaiveDate, TimeDelta};

use super::lunar::{self, LunarDay};
use super::model::LunarDays;
use crate::columns;
use crate::store::{Columns, StoreError};

/// Which days a closure or an event covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DayRule {
    /// These dates, inclusive.
    Dates { from: NaiveDate, to: NaiveDate },
    /// Every year from one lunar day to another, inclusive ("from 28/12 to 6/1").
    LunarRange { from: LunarDay, to: LunarDay },
    /// These days of each lunar month ("every 1st and 15th").
    LunarDays(LunarDays),
}

/// Longest yearly stretch, in lunar days: one that is longer was written the wrong way round.
const LONGEST_STRETCH: i32 = 180;

/// Within so many days each yearly stretch comes again, leap months included.
const LONGEST_YEAR: i64 = 385;

impl DayRule {
    pub fn covers(&self, date: NaiveDate) -> bool {
        match self {
            DayRule::Dates { from, to } => *from <= date && date <= *to,
            DayRule::LunarRange { from, to } => lunar::yearly_range_contains(*from, *to, date),
            DayRule::LunarDays(days) => lunar::monthly_days_contain(&days.0, date),
        }
    }

    /// The first and last day of the stretch that is under way on that day, or of the next;
    /// None when it never comes again.
    pub fn next(&self, date: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
        if let DayRule::Dates { from, to } = self {
            return (date <= *to).then_some((*from, *to));
        }
        let first = (0..=LONGEST_YEAR)
            .map(|ahead| date + TimeDelta::days(ahead))
            .find(|day| self.covers(*day))?;
        let run = |step: i64| {
            (0..=LONGEST_YEAR)
                .map(|days| first + TimeDelta::days(step * days))
                .take_while(|day| self.covers(*day))
                .last()
        };
        Some((run(-1)?, run(1)?))
    }

    /// Whether it names days at all: an end that is not before its beginning, days that a lunar
    /// month has. A yearly stretch may run over the new year, for half a year at most.
    pub fn is_sound(&self) -> bool {
        match self {
            DayRule::Dates { from, to } => from <= to,
            DayRule::LunarRange { from, to } => {
                let nth = |day: &LunarDay| i32::from(day.month()) * 30 + i32::from(day.day());
                (nth(to) - nth(from)).rem_euclid(360) < LONGEST_STRETCH
            }
            DayRule::LunarDays(days) => {
                !days.0.is_empty() && days.0.iter().all(|day| (1..=30).contains(day))
            }
        }
    }

    pub(crate) fn columns(&self) -> Columns {
        let (dates, lunar, days) = match self {
            DayRule::Dates { from, to } => (Some((*from, *to)), None, LunarDays::default()),
            DayRule::LunarRange { from, to } => {
                (None, Some((from.to_string(), to.to_string())), LunarDays::default())
            }
            DayRule::LunarDays(days) => (None, None, days.clone()),
        };
        columns! {
            dates_from: dates.map(|d| d.0),
            dates_to: dates.map(|d| d.1),
            lunar_from: lunar.as_ref().map(|l| &l.0),
            lunar_to: lunar.as_ref().map(|l| &l.1),
            lunar_days: days,
        }
    }
}

/// The rule as columns of a row.
#[derive(sqlx::FromRow)]
pub(crate) struct DayColumns {
    dates_from: Option<NaiveDate>,
    dates_to: Option<NaiveDate>,
    lunar_from: Option<String>,
    lunar_to: Option<String>,
    lunar_days: LunarDays,
}

impl DayColumns {
    /// The rule in a row of that table.
    pub(crate) fn read(self, table: &'static str) -> Result<DayRule, StoreError> {
        let parse = |text: &str| -> Result<LunarDay, StoreError> {
            text.parse().map_err(|_| StoreError::Inconsistent {
                table,
                what: format!("lunar day {text:?}"),
            })
        };
        Ok(match (self.dates_from, self.dates_to, self.lunar_from, self.lunar_to) {
            (Some(from), Some(to), _, _) => DayRule::Dates { from, to },
            (_, _, Some(from), Some(to)) => {
                DayRule::LunarRange { from: parse(&from)?, to: parse(&to)? }
            }
            _ => DayRule::LunarDays(self.lunar_days),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_yearly_stretch_is_found_before_during_and_after() {
        // 15/2 lunar: 2 April 2026, 22 March 2027.
        let rule = DayRule::LunarRange {
            from: LunarDay::new(14, 2).unwrap(),
            to: LunarDay::new(16, 2).unwrap(),
        };
        let of_2026 = Some((day("2026-04-01"), day("2026-04-03")));
        assert_eq!(rule.next(day("2026-01-01")), of_2026);
        assert_eq!(rule.next(day("2026-04-02")), of_2026);
        assert_eq!(rule.next(day("2026-04-04")), Some((day("2027-03-21"), day("2027-03-23"))));
    }

    #[test]
    fn a_yearly_stretch_the_wrong_way_round_is_none() {
        let stretch = |from: (u8, u8), to: (u8, u8)| DayRule::LunarRange {
            from: LunarDay::new(from.0, from.1).unwrap(),
            to: LunarDay::new(to.0, to.1).unwrap(),
        };
        assert!(stretch((28, 12), (6, 1)).is_sound(), "over the new year");
        assert!(stretch((15, 1), (15, 1)).is_sound());
        assert!(!stretch((15, 1), (10, 1)).is_sound());
        assert!(!stretch((6, 1), (28, 12)).is_sound());
    }

    #[test]
    fn dates_come_once_and_lunar_days_every_month() {
        let once = DayRule::Dates { from: day("2026-12-05"), to: day("2026-12-06") };
        assert_eq!(once.next(day("2026-12-06")), Some((day("2026-12-05"), day("2026-12-06"))));
        assert_eq!(once.next(day("2026-12-07")), None);
        let market = DayRule::LunarDays(LunarDays(vec![1, 15]));
        let (from, to) = market.next(day("2026-11-29")).unwrap();
        assert!(from == to && market.covers(from) && from >= day("2026-11-29"));
        assert!(!DayRule::LunarDays(LunarDays(vec![31])).is_sound());
    }
}
