//! What time a report is about: whole months, so that two reports don't tell a single day by their difference.

use chrono::{Datelike, Days, Months, NaiveDate};

use crate::stored_enum;

stored_enum! {
    /// The stretches that a reader chooses from.
    pub enum Span {
        Month = "month",
        Quarter = "quarter",
        Half = "half",
        Year = "year",
        LastMonth = "last_month",
        LastQuarter = "last_quarter",
        LastHalf = "last_half",
        LastYear = "last_year",
        /// From one month to another.
        Between = "between",
    }
}

/// Months of the longest report.
pub const MOST_MONTHS: u32 = 60;

/// From the first day of a month to the last day of one, or to today where it is still running.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    pub first: NaiveDate,
    pub last: NaiveDate,
    /// The last day that is counted: `last`, or today.
    pub until: NaiveDate,
    months: u32,
}

/// What is wrong with two months that were typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WrongPeriod {
    From,
    To,
    /// The second is before the first.
    Order,
    TooLong,
    /// It has not begun.
    Future,
}

fn month_of(date: NaiveDate) -> NaiveDate {
    date.with_day(1).unwrap_or(date)
}

fn later(date: NaiveDate, months: u32) -> NaiveDate {
    date.checked_add_months(Months::new(months)).unwrap_or(date)
}

fn earlier(date: NaiveDate, months: u32) -> NaiveDate {
    date.checked_sub_months(Months::new(months)).unwrap_or(date)
}

/// "2026-11" as the first day of the month.
fn read_month(text: &str) -> Option<NaiveDate> {
    let date = NaiveDate::parse_from_str(&format!("{}-01", text.trim()), "%Y-%m-%d").ok()?;
    (2000..=2200).contains(&date.year()).then_some(date)
}

impl Period {
    fn starting(first: NaiveDate, months: u32, today: NaiveDate) -> Self {
        let last = later(first, months).pred_opt().unwrap_or(first);
        Self { first, last, until: last.min(today), months }
    }

    /// The stretch around today, or the one before it.
    fn around(months: u32, back: bool, today: NaiveDate) -> Self {
        let into = (today.month0() % months) + if back { months } else { 0 };
        Self::starting(earlier(month_of(today), into), months, today)
    }

    /// What a reader chose; `from` and `to` are months ("2026-01") and only matter between them.
    pub fn read(span: Span, from: &str, to: &str, today: NaiveDate) -> Result<Self, WrongPeriod> {
        let around = |months, back| Ok(Self::around(months, back, today));
        match span {
            Span::Month => around(1, false),
            Span::Quarter => around(3, false),
            Span::Half => around(6, false),
            Span::Year => around(12, false),
            Span::LastMonth => around(1, true),
            Span::LastQuarter => around(3, true),
            Span::LastHalf => around(6, true),
            Span::LastYear => around(12, true),
            Span::Between => {
                let from = read_month(from).ok_or(WrongPeriod::From)?;
                let to = read_month(to).ok_or(WrongPeriod::To)?;
                let number = |date: NaiveDate| date.year() * 12 + date.month0().cast_signed();
                let months = u32::try_from(number(to) - number(from) + 1).unwrap_or(0);
                match months {
                    0 => Err(WrongPeriod::Order),
                    _ if from > today => Err(WrongPeriod::Future),
                    _ if months > MOST_MONTHS => Err(WrongPeriod::TooLong),
                    _ => Ok(Self::starting(from, months, today)),
                }
            }
        }
    }

    /// Whether it goes on after today.
    pub fn runs(&self) -> bool {
        self.until < self.last
    }

    /// The same stretch so many months before: of one that runs, as much of it as has passed.
    fn back(&self, months: u32) -> Self {
        let first = earlier(self.first, months);
        let last = later(first, self.months).pred_opt().unwrap_or(first);
        let until = if self.runs() {
            // The 31st of a running month is the last of a shorter one.
            earlier(self.until, months).min(last)
        } else {
            last
        };
        Self { first, last, until, months: self.months }
    }

    /// The stretch just before.
    pub fn before(&self) -> Self {
        self.back(self.months)
    }

    pub fn year_before(&self) -> Self {
        self.back(12)
    }

    /// The first days of its months.
    pub fn months(&self) -> impl Iterator<Item = NaiveDate> + use<> {
        let first = self.first;
        (0..self.months).map(move |ahead| later(first, ahead))
    }

    pub fn month_of(date: NaiveDate) -> NaiveDate {
        month_of(date)
    }

    /// The last year that was over when it ended, or is over now: of which there are figures of jobs.
    pub fn full_year(&self) -> i32 {
        let next = self.until.checked_add_days(Days::new(1)).unwrap_or(self.until);
        next.year() - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn span(span: Span) -> (String, String) {
        let period = Period::read(span, "", "", on("2026-11-18")).unwrap();
        (period.first.to_string(), period.last.to_string())
    }

    #[test]
    fn stretches_lie_around_today() {
        let is = |of, first: &str, last: &str| {
            assert_eq!(span(of), (first.to_owned(), last.to_owned()), "{of}");
        };
        is(Span::Month, "2026-11-01", "2026-11-30");
        is(Span::Quarter, "2026-10-01", "2026-12-31");
        is(Span::Half, "2026-07-01", "2026-12-31");
        is(Span::Year, "2026-01-01", "2026-12-31");
        is(Span::LastMonth, "2026-10-01", "2026-10-31");
        is(Span::LastQuarter, "2026-07-01", "2026-09-30");
        is(Span::LastHalf, "2026-01-01", "2026-06-30");
        is(Span::LastYear, "2025-01-01", "2025-12-31");
    }

    #[test]
    fn like_is_compared_with_like() {
        let today = on("2026-03-31");
        let running = Period::read(Span::Month, "", "", today).unwrap();
        assert!(!running.runs(), "its last day counts whole");
        let running = Period::read(Span::Quarter, "", "", on("2026-05-31")).unwrap();
        assert_eq!(running.until, on("2026-05-31"));
        let before = running.before();
        assert_eq!((before.first, before.until), (on("2026-01-01"), on("2026-02-28")));
        let year = running.year_before();
        assert_eq!((year.first, year.until), (on("2025-04-01"), on("2025-05-31")));
        let over = Period::read(Span::LastMonth, "", "", today).unwrap();
        assert_eq!((over.first, over.until), (on("2026-02-01"), on("2026-02-28")));
        assert_eq!(over.before().until, on("2026-01-31"));
        assert_eq!(over.full_year(), 2025);
        assert_eq!(Period::read(Span::LastYear, "", "", today).unwrap().full_year(), 2025);
    }

    #[test]
    fn months_that_were_typed_are_read_or_refused() {
        let read = |from, to| Period::read(Span::Between, from, to, on("2026-11-18"));
        let two = read("2026-01", "2026-02").unwrap();
        assert_eq!((two.first, two.last), (on("2026-01-01"), on("2026-02-28")));
        assert_eq!(two.months().count(), 2);
        assert_eq!(two.before().first, on("2025-11-01"));
        assert_eq!(read("", "2026-02"), Err(WrongPeriod::From));
        assert_eq!(read("2026-02", "soon"), Err(WrongPeriod::To));
        assert_eq!(read("2026-02", "2026-01"), Err(WrongPeriod::Order));
        assert_eq!(read("2027-02", "2027-03"), Err(WrongPeriod::Future));
        assert_eq!(read("2010-02", "2026-01"), Err(WrongPeriod::TooLong));
    }
}
