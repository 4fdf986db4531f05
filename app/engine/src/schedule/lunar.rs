//! The Vietnamese lunar calendar.
//!
//! The algorithm is Hồ Ngọc Đức's (<https://www.informatik.uni-leipzig.de/~duc/amlich/calrules_en.html>),
//! on the meridian 105° E: a month begins on the day of its new moon, the winter
//! solstice falls in month 11, and when thirteen months lie between two solstices
//! the first one without a principal solar term repeats the name of the month before.
//! Viet Nam reckons in UTC+7 and China in UTC+8, so the two calendars part in some years.
//!
//! The published code estimates which new moon precedes a day and is one too late on
//! 2054-05-07 and 2062-04-09, which then get day 0; here the estimate is corrected
//! until the moon is not after the day.
//!
//! Compared with other implementations for 1949–2099. The astronomical series are good
//! from about 1800 to 2200; further out a date still comes back, but may be wrong.

use std::f64::consts::PI;
use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

/// Hours east of Greenwich that the calendar is defined by, in days.
const MERIDIAN: f64 = 7.0 / 24.0;
/// Julian day number of the day before 0001-01-01, where chrono counts from.
const JULIAN_DAY_OF_CE: i64 = 1_721_425;
/// Instant of new moon number 0, as a Julian day.
const FIRST_NEW_MOON: f64 = 2_415_021.076_998_695;
/// Mean days from one new moon to the next.
const SYNODIC_MONTH: f64 = 29.530_588_853;

/// A day of the Vietnamese lunar calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LunarDate {
    /// The Gregorian year in which this lunar year began.
    pub year: i32,
    /// 1 (Giêng) to 12 (Chạp).
    pub month: u8,
    /// Whether this is the second month of that name (tháng nhuận).
    pub leap: bool,
    /// 1 to 30.
    pub day: u8,
}

impl LunarDate {
    /// The lunar date of a day in Viet Nam.
    pub fn from_solar(date: NaiveDate) -> LunarDate {
        let day = julian_day(date);
        let moon = moon_on_or_before(day);
        let mut cycle = Cycle::after_solstice_of(date.year());
        if moon < cycle.first {
            cycle = Cycle::after_solstice_of(date.year() - 1);
        }
        let (year, month, leap) = cycle.name(moon - cycle.first);
        let day = day - new_moon_day(moon) + 1;
        LunarDate { year, month, leap, day: u8::try_from(day).unwrap_or(u8::MAX) }
    }

    /// The solar day, or `None` when there is no such lunar date: a leap month the year
    /// does not have, or a day 30 in a month of 29.
    pub fn to_solar(self) -> Option<NaiveDate> {
        let (start, length) = month_span(self.year, self.month, self.leap)?;
        let day = i64::from(self.day);
        if day < 1 || day > length {
            return None;
        }
        let from_ce = start + day - 1 - JULIAN_DAY_OF_CE;
        NaiveDate::from_num_days_from_ce_opt(i32::try_from(from_ce).ok()?)
    }

    /// Day and month as a Vietnamese calendar shows them: `17/2`, `17/6 nhuận`.
    pub fn label(self) -> String {
        self.to_string()
    }
}

impl fmt::Display for LunarDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.day, self.month)?;
        if self.leap { f.write_str(" nhuận") } else { Ok(()) }
    }
}

/// Name of a lunar year in the sixty-year cycle: 2026 is "Bính Ngọ".
pub fn year_name(year: i32) -> String {
    const STEMS: [&str; 10] =
        ["Giáp", "Ất", "Bính", "Đinh", "Mậu", "Kỷ", "Canh", "Tân", "Nhâm", "Quý"];
    const BRANCHES: [&str; 12] =
        ["Tý", "Sửu", "Dần", "Mão", "Thìn", "Tỵ", "Ngọ", "Mùi", "Thân", "Dậu", "Tuất", "Hợi"];
    // Year 4 was Giáp Tý.
    let pick = |names: &[&'static str], cycle: i64| {
        let place = (i64::from(year) - 4).rem_euclid(cycle);
        usize::try_from(place).ok().and_then(|i| names.get(i).copied()).unwrap_or_default()
    };
    format!("{} {}", pick(&STEMS, 10), pick(&BRANCHES, 12))
}

/// Days in a lunar month, 29 or 30; `None` when the year has no such month.
pub fn month_length(year: i32, month: u8, leap: bool) -> Option<u8> {
    let (_, length) = month_span(year, month, leap)?;
    u8::try_from(length).ok()
}

/// A day of every lunar year, such as 28/12 (28 tháng Chạp).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LunarDay {
    month: u8,
    day: u8,
}

/// Why a text is not a lunar day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LunarDayError {
    #[error("a lunar day is written day/month, such as 28/12")]
    Malformed,
    #[error("a lunar month has days 1 to 30")]
    NoSuchDay,
    #[error("a lunar year has months 1 to 12")]
    NoSuchMonth,
}

impl LunarDay {
    pub fn new(day: u8, month: u8) -> Result<LunarDay, LunarDayError> {
        if !(1..=30).contains(&day) {
            return Err(LunarDayError::NoSuchDay);
        }
        if !(1..=12).contains(&month) {
            return Err(LunarDayError::NoSuchMonth);
        }
        Ok(LunarDay { month, day })
    }

    pub fn day(self) -> u8 {
        self.day
    }

    pub fn month(self) -> u8 {
        self.month
    }
}

impl FromStr for LunarDay {
    type Err = LunarDayError;

    fn from_str(text: &str) -> Result<LunarDay, LunarDayError> {
        let number = |part: &str| {
            let part = part.trim();
            let digits = (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
            digits.then(|| part.parse().ok()).flatten().ok_or(LunarDayError::Malformed)
        };
        let (day, month) = text.split_once('/').ok_or(LunarDayError::Malformed)?;
        LunarDay::new(number(day)?, number(month)?)
    }
}

impl fmt::Display for LunarDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.day, self.month)
    }
}

impl TryFrom<String> for LunarDay {
    type Error = LunarDayError;

    fn try_from(text: String) -> Result<LunarDay, LunarDayError> {
        text.parse()
    }
}

impl From<LunarDay> for String {
    fn from(day: LunarDay) -> String {
        day.to_string()
    }
}

/// Whether a day lies in a stretch that returns every lunar year, both ends included.
///
/// The stretch runs over the new year when `from` is later than `to` (23/12 to 6/1).
/// Day 30 stands for the last day of its month. Days of a leap month are never part of it:
/// a yearly custom is kept once, in the first month of the name.
pub fn yearly_range_contains(from: LunarDay, to: LunarDay, date: NaiveDate) -> bool {
    let lunar = LunarDate::from_solar(date);
    if lunar.leap {
        return false;
    }
    let within = |day: u8| {
        let day = LunarDay { month: lunar.month, day };
        if from <= to { from <= day && day <= to } else { from <= day || day <= to }
    };
    // The 29th that ends a short month also stands in for its 30th.
    let ends_short_month =
        lunar.day == 29 && month_length(lunar.year, lunar.month, false) == Some(29);
    within(lunar.day) || (ends_short_month && within(30))
}

/// Whether a day is one of the given days of the lunar month (the 1st and 15th, say).
///
/// Leap months count like any other. A month without a day 30 passes it over.
pub fn monthly_days_contain(days: &[u8], date: NaiveDate) -> bool {
    days.contains(&LunarDate::from_solar(date).day)
}

/// The months from one month 11 to the next.
struct Cycle {
    /// Gregorian year of the solstice in its month 11.
    solstice_year: i32,
    /// Number of the new moon that opens month 11.
    first: i64,
    /// Place of the leap month, month 11 being 0.
    leap: Option<i64>,
}

impl Cycle {
    fn after_solstice_of(year: i32) -> Cycle {
        let first = moon_of_solstice(year);
        let months = moon_of_solstice(year.saturating_add(1)) - first;
        let term = |place: i64| solar_term(new_moon_day(first + place));
        let leap = if months > 12 {
            (1..months).find(|&place| term(place) == term(place + 1))
        } else {
            None
        };
        Cycle { solstice_year: year, first, leap }
    }

    /// Year, month and leap mark of the month at a place.
    fn name(&self, place: i64) -> (i32, u8, bool) {
        let repeated = i64::from(self.leap.is_some_and(|leap| place >= leap));
        let from_month_11 = place - repeated;
        let month = (from_month_11 + 10).rem_euclid(12) + 1;
        let year = if from_month_11 < 2 {
            self.solstice_year
        } else {
            self.solstice_year.saturating_add(1)
        };
        (year, u8::try_from(month).unwrap_or_default(), self.leap == Some(place))
    }

    /// Place of a named month, if the cycle has it.
    fn place(&self, month: u8, leap: bool) -> Option<i64> {
        let from_month_11 = (i64::from(month) + 1) % 12;
        if leap {
            let place = from_month_11 + 1;
            return (self.leap == Some(place)).then_some(place);
        }
        let passed_leap = self.leap.is_some_and(|leap| from_month_11 >= leap);
        Some(from_month_11 + i64::from(passed_leap))
    }
}

/// First day of a lunar month as a Julian day number, and its length.
fn month_span(year: i32, month: u8, leap: bool) -> Option<(i64, i64)> {
    // The series behind the new moons are good for some millennia, not for geological ages.
    if !(-9_999..=9_999).contains(&year) {
        return None;
    }
    if !(1..=12).contains(&month) {
        return None;
    }
    let solstice_year = if month >= 11 { year } else { year - 1 };
    let cycle = Cycle::after_solstice_of(solstice_year);
    let moon = cycle.first + cycle.place(month, leap)?;
    let start = new_moon_day(moon);
    Some((start, new_moon_day(moon + 1) - start))
}

fn julian_day(date: NaiveDate) -> i64 {
    i64::from(date.num_days_from_ce()) + JULIAN_DAY_OF_CE
}

/// Number of the new moon that opens the month with a year's winter solstice.
fn moon_of_solstice(year: i32) -> i64 {
    // 31 December by the Gregorian rule, without the bounds of a date type.
    let years = i64::from(year);
    let last_day = years * 365 + years.div_euclid(4) - years.div_euclid(100)
        + years.div_euclid(400)
        + JULIAN_DAY_OF_CE;
    let moon = moon_on_or_before(last_day);
    // 9 is the solstice at 270°: passed before this month began, so it lies in the one before.
    if solar_term(new_moon_day(moon)) >= 9 { moon - 1 } else { moon }
}

/// Number of the last new moon on or before a Julian day number.
#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss)]
fn moon_on_or_before(day: i64) -> i64 {
    let mut moon = ((day as f64 - FIRST_NEW_MOON) / SYNODIC_MONTH).floor() as i64 + 1;
    while new_moon_day(moon) > day {
        moon -= 1;
    }
    moon
}

/// Julian day number, in Viet Nam, of the new moon with this number; 0 is that of 1900-01-01.
/// Meeus, Astronomical Formulae for Calculators, 1982, chapter 32.
#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss)]
fn new_moon_day(moon: i64) -> i64 {
    let k = moon as f64;
    let t = k / 1236.85;
    let (t2, t3) = (t * t, t * t * t);
    let sin = |degrees: f64| degrees.to_radians().sin();

    let mean = 2_415_020.759_33 + 29.530_588_68 * k + 0.000_117_8 * t2 - 0.000_000_155 * t3
        + 0.000_33 * sin(166.56 + 132.87 * t - 0.009_173 * t2);
    let sun = 359.2242 + 29.105_356_08 * k - 0.000_033_3 * t2 - 0.000_003_47 * t3;
    let moon = 306.0253 + 385.816_918_06 * k + 0.010_730_6 * t2 + 0.000_012_36 * t3;
    let node = 21.2964 + 390.670_506_46 * k - 0.001_652_8 * t2 - 0.000_002_39 * t3;
    let correction = (0.1734 - 0.000_393 * t) * sin(sun) + 0.0021 * sin(2.0 * sun)
        - 0.4068 * sin(moon)
        + 0.0161 * sin(2.0 * moon)
        - 0.0004 * sin(3.0 * moon)
        + 0.0104 * sin(2.0 * node)
        - 0.0051 * sin(sun + moon)
        - 0.0074 * sin(sun - moon)
        + 0.0004 * sin(2.0 * node + sun)
        - 0.0004 * sin(2.0 * node - sun)
        - 0.0006 * sin(2.0 * node + moon)
        + 0.0010 * sin(2.0 * node - moon)
        + 0.0005 * sin(2.0 * moon + sun);
    (mean + correction - delta_t(t) + 0.5 + MERIDIAN).floor() as i64
}

/// Dynamical minus universal time in days, `t` centuries after 1900.
fn delta_t(t: f64) -> f64 {
    // The polynomials run away outside the centuries they were fitted to.
    let t = t.clamp(-30.0, 30.0);
    let t2 = t * t;
    if t < -11.0 {
        0.001 + 0.000_839 * t + 0.000_226_1 * t2 - 0.000_008_45 * t2 * t - 0.000_000_081 * t2 * t2
    } else {
        -0.000_278 + 0.000_265 * t + 0.000_262 * t2
    }
}

/// Which twelfth of its yearly path the sun is in as a day begins in Viet Nam: 0 from the
/// spring equinox, 9 from the winter solstice. Meeus' low-precision solar longitude.
#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss)]
fn solar_term(julian_day: i64) -> i64 {
    let t = (julian_day as f64 - 0.5 - MERIDIAN - 2_451_545.0) / 36_525.0;
    let t2 = t * t;
    let anomaly =
        (357.529_10 + 35_999.050_30 * t - 0.000_155_9 * t2 - 0.000_000_48 * t * t2).to_radians();
    let mean = 280.466_45 + 36_000.769_83 * t + 0.000_303_2 * t2;
    let centre = (1.914_600 - 0.004_817 * t - 0.000_014 * t2) * anomaly.sin()
        + (0.019_993 - 0.000_101 * t) * (2.0 * anomaly).sin()
        + 0.000_290 * (3.0 * anomaly).sin();
    let longitude = (mean + centre).to_radians().rem_euclid(2.0 * PI);
    (longitude / PI * 6.0).floor() as i64
}

#[cfg(test)]
mod tests;
