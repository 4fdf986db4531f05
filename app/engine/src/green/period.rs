//! For which time a figure holds: a month, a quarter or a year.

use std::fmt;

use chrono::{Datelike, Months, NaiveDate};

use super::measure::Measure;
use crate::stored_enum;

stored_enum! {
    pub enum Span { Month = "month", Quarter = "quarter", Year = "year" }
}

/// Of each span, how many may be entered now: figures are of the last year or so.
const MONTHS: u32 = 13;
const QUARTERS: u32 = 6;
const YEARS: u32 = 3;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, sqlx::FromRow)]
pub struct Period {
    pub span: Span,
    #[sqlx(rename = "first_date")]
    pub first: NaiveDate,
}

impl Span {
    pub const fn months(self) -> u32 {
        match self {
            Span::Month => 1,
            Span::Quarter => 3,
            Span::Year => 12,
        }
    }
}

/// Figures alone: no sign, no space.
fn number(text: &str) -> Option<u32> {
    let sound = !text.is_empty() && text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| sound)
}

fn day(year: i32, month: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, 1)
}

impl Period {
    /// The stretch of this length around a day.
    pub fn around(span: Span, today: NaiveDate) -> Self {
        let month = today.month0() / span.months() * span.months() + 1;
        Self { span, first: day(today.year(), month).unwrap_or(today) }
    }

    /// So many stretches of the same length before.
    #[must_use]
    pub fn back(self, times: u32) -> Self {
        let months = Months::new(self.span.months().saturating_mul(times));
        Self { first: self.first.checked_sub_months(months).unwrap_or(self.first), ..self }
    }

    pub fn last(&self) -> NaiveDate {
        let next = self.first.checked_add_months(Months::new(self.span.months()));
        next.and_then(|next| next.pred_opt()).unwrap_or(self.first)
    }

    pub fn quarter(&self) -> u32 {
        self.first.month0() / 3 + 1
    }

    /// As [`fmt::Display`] writes it.
    pub fn parse(text: &str) -> Option<Self> {
        let (year, rest) = match text.split_once('-') {
            Some((year, rest)) => (year, Some(rest)),
            None => (text, None),
        };
        let year = number(year).filter(|_| year.len() == 4)?;
        let (span, month) = match rest {
            None => (Span::Year, 1),
            Some(rest) => match rest.strip_prefix('q') {
                Some(quarter) => {
                    let quarter = number(quarter).filter(|n| (1..=4).contains(n))?;
                    (Span::Quarter, quarter * 3 - 2)
                }
                None => (Span::Month, number(rest)?),
            },
        };
        let year = i32::try_from(year).ok()?;
        Some(Self { span, first: day(year, month)? })
    }

    /// Those for which a measure may be entered today, the latest first: of a number when they are over, of
    /// what is done when they have begun.
    pub fn open(measure: Measure, today: NaiveDate) -> Vec<Self> {
        // A number's running stretch is left out, for one more of the past.
        let late = u32::from(measure.is_number());
        let lists = [(Span::Month, MONTHS), (Span::Quarter, QUARTERS), (Span::Year, YEARS)];
        let all = lists.into_iter().flat_map(|(span, count)| {
            let running = Self::around(span, today);
            (late..count + late).map(move |times| running.back(times))
        });
        all.collect()
    }

    /// The one that a form begins with: the last month that is over, or this year.
    pub fn usual(measure: Measure, today: NaiveDate) -> Self {
        if measure.is_number() {
            Self::around(Span::Month, today).back(1)
        } else {
            Self::around(Span::Year, today)
        }
    }
}

/// "2026-10", "2026-q3", "2026": in forms and in the audit.
impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let year = self.first.year();
        match self.span {
            Span::Month => write!(f, "{year:04}-{:02}", self.first.month()),
            Span::Quarter => write!(f, "{year:04}-q{}", self.quarter()),
            Span::Year => write!(f, "{year:04}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn on(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn names(measure: Measure, today: &str) -> Vec<String> {
        Period::open(measure, on(today)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_period_has_one_name() {
        for (text, first, last) in [
            ("2026-10", "2026-10-01", "2026-10-31"),
            ("2028-02", "2028-02-01", "2028-02-29"),
            ("2026-q4", "2026-10-01", "2026-12-31"),
            ("2026", "2026-01-01", "2026-12-31"),
        ] {
            let period = Period::parse(text).unwrap();
            assert_eq!((period.first, period.last()), (on(first), on(last)));
            assert_eq!(period.to_string(), text);
        }
        let none =
            ["", "26", "2026-13", "2026-q5", "2026-q", "2026-", "+202", "2026-+1", "2026-10-01"];
        for text in none {
            assert_eq!(Period::parse(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_wait_for_the_end_and_deeds_do_not() {
        let numbers = names(Measure::ClayReclaimed, "2026-12-31");
        assert_eq!(numbers.first().unwrap(), "2026-11");
        assert!(
            numbers.contains(&"2026-q3".to_owned()) && !numbers.contains(&"2026-q4".to_owned())
        );
        assert!(numbers.contains(&"2025".to_owned()) && !numbers.contains(&"2026".to_owned()));
        assert_eq!(numbers.len(), 22);
        assert!(names(Measure::ClayReclaimed, "2027-01-01").contains(&"2026".to_owned()));
        let deeds = names(Measure::PlasticFree, "2026-01-01");
        assert_eq!((deeds.first().unwrap().as_str(), deeds.len()), ("2026-01", 22));
        assert!(deeds.contains(&"2026".to_owned()) && deeds.contains(&"2026-q1".to_owned()));
    }

    proptest! {
        #[test]
        fn what_a_form_offers_is_read_again(days in 0_u64..20_000, at in 0..Measure::ALL.len()) {
            let today = on("2020-01-01") + chrono::Days::new(days);
            let measure = Measure::ALL[at];
            let open = Period::open(measure, today);
            prop_assert!(open.contains(&Period::usual(measure, today)));
            for period in open {
                prop_assert_eq!(Period::parse(&period.to_string()), Some(period));
                prop_assert!(period.first <= today && period.first <= period.last());
            }
        }
    }
}
