//! How each language writes dates, times, numbers and lists: a table a language.
//!
//! Pages and letters ask here; nothing else of the program knows that a Japanese date begins with its
//! year or that French puts a space before a colon.

mod en;
mod fr;
mod ja;
mod ko;
mod vi;
mod zh;

use std::fmt::Display;

use chrono::{Datelike, NaiveDate, NaiveTime};

use crate::Locale;

/// The manner of a language.
#[derive(Debug)]
pub struct Writing {
    /// From Monday on; inside a sentence: "thứ Hai", "Mon".
    pub weekdays: [&'static str; 7],
    /// Heads of a calendar's columns: "T2", "Mo".
    pub weekday_heads: [&'static str; 7],
    /// With the day of the week: "thứ Bảy, 28/11/2026", "Sat 28 Nov 2026".
    pub date: fn(NaiveDate) -> String,
    /// As letters write it: "Thứ Bảy 28/11/2026", "Saturday 28 November 2026".
    pub letter_date: fn(NaiveDate) -> String,
    /// Without the day of the week: "28/11/2026", "28 November 2026".
    pub plain_date: fn(NaiveDate) -> String,
    /// As papers write it: "ngày 28 tháng 11 năm 2026".
    pub paper_date: fn(NaiveDate) -> String,
    /// Without the year: "thứ Bảy 28/11", "Sat 28 Nov".
    pub day: fn(NaiveDate) -> String,
    /// In figures, all of one width, for columns that are read down: "28/11/2026".
    pub column_date: fn(NaiveDate) -> String,
    /// In figures, without the year: "28/11".
    pub day_month: fn(day: u32, month: u32) -> String,
    /// Of the first day to the last, in figures: "4/2–11/2/2027".
    pub span: fn(NaiveDate, NaiveDate) -> String,
    /// "Tháng 12, 2026"; "décembre 2026".
    pub month: fn(NaiveDate) -> String,
    /// The same where there is no room: "T12", "Dec".
    pub month_brief: fn(NaiveDate) -> String,
    /// A day of the lunar year without the word for it: "20/10".
    pub lunar_day: fn(day: u32, month: u32) -> String,
    /// "14:30".
    pub time: fn(NaiveTime) -> String,
    /// Between a day and its time: ", ", " à ".
    pub at: &'static str,
    /// Between a day and its hours: ", ".
    pub during: &'static str,
    /// Between two ends of figures: "–".
    pub to: &'static str,
    /// Where a letter names an instant, the time comes before the day.
    pub time_first: bool,
    /// Between groups of three digits.
    pub thousands: char,
    /// Before what is less than one.
    pub decimal: char,
    /// The word for ten thousand, where people count by it.
    pub myriad: Option<&'static str>,
    /// After a number.
    pub percent: &'static str,
    /// Between parts of a list.
    pub comma: &'static str,
    pub semicolon: &'static str,
    /// Between a label and what it is of.
    pub colon: &'static str,
    /// At the end of a sentence.
    pub stop: &'static str,
    /// Between one sentence and the next.
    pub space: &'static str,
    /// A remark after a name.
    pub remark: (&'static str, &'static str),
    /// Between the name of a kind of guest and its ages; none: as a remark.
    pub ages: Option<&'static str>,
}

impl Locale {
    /// How the language writes dates, times, numbers and lists.
    pub const fn writing(self) -> &'static Writing {
        match self {
            Locale::Vi => &vi::WRITING,
            Locale::En => &en::WRITING,
            Locale::Ko => &ko::WRITING,
            Locale::Zh => &zh::WRITING,
            Locale::Ja => &ja::WRITING,
            Locale::Fr => &fr::WRITING,
        }
    }
}

impl Writing {
    /// "thứ Bảy", "Sat".
    pub fn weekday(&self, date: NaiveDate) -> &'static str {
        at(&self.weekdays, date.weekday().num_days_from_monday())
    }

    /// A whole number with its groups of three: "1.250.000".
    pub fn number(&self, number: i64) -> String {
        let digits = number.unsigned_abs().to_string();
        let mut text = String::with_capacity(digits.len() * 2);
        if number < 0 {
            text.push('−');
        }
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                text.push(self.thousands);
            }
            text.push(digit);
        }
        text
    }

    /// What Rust writes with a point: "3.2" becomes "3,2".
    pub fn decimal(&self, number: &str) -> String {
        number.replace('.', &self.decimal.to_string())
    }

    /// "10%".
    pub fn percent(&self, number: impl Display) -> String {
        format!("{number}{}", self.percent)
    }

    /// "09:00–10:30".
    pub fn hours(&self, from: NaiveTime, to: NaiveTime) -> String {
        [(self.time)(from), (self.time)(to)].join(self.to)
    }

    /// From one end to the other where both are words: "thứ Bảy 5/12 – Chủ nhật 6/12".
    pub fn stretch(&self, from: impl Display, to: impl Display) -> String {
        let between = self.to.trim();
        format!("{from} {between} {to}")
    }

    /// A day with a time of it.
    pub fn day_at(&self, day: impl Display, time: impl Display) -> String {
        format!("{day}{}{time}", self.at)
    }

    /// A day with hours of it.
    pub fn day_during(&self, day: impl Display, hours: impl Display) -> String {
        format!("{day}{}{hours}", self.during)
    }

    /// An instant within a sentence: "09:00, Thứ Bảy 28/11/2026".
    pub fn moment(&self, day: impl Display, time: impl Display) -> String {
        if self.time_first { format!("{time}, {day}") } else { self.day_at(day, time) }
    }

    /// "Lò nung: 2 lít".
    pub fn labelled(&self, label: impl Display, value: impl Display) -> String {
        format!("{label}{}{value}", self.colon)
    }

    /// "a, b, c".
    pub fn commas(&self, parts: &[impl AsRef<str>]) -> String {
        join(parts, self.comma)
    }

    /// One sentence after another.
    pub fn sentences(&self, sentences: &[impl AsRef<str>]) -> String {
        join(sentences, self.space)
    }

    /// "a; b; c".
    pub fn semicolons(&self, parts: &[impl AsRef<str>]) -> String {
        join(parts, self.semicolon)
    }

    /// "Vé gia đình (4 người)".
    pub fn remarked(&self, name: impl Display, remark: impl Display) -> String {
        format!("{name}{}{remark}{}", self.remark.0, self.remark.1)
    }
}

fn join(parts: &[impl AsRef<str>], between: &str) -> String {
    parts.iter().map(AsRef::as_ref).collect::<Vec<&str>>().join(between)
}

/// One of a table's names, counted from 0.
fn at(names: &[&'static str], index: u32) -> &'static str {
    usize::try_from(index).ok().and_then(|index| names.get(index)).copied().unwrap_or_default()
}

/// "14:30".
fn clock(time: NaiveTime) -> String {
    time.format("%H:%M").to_string()
}

/// "28/11".
fn day_then_month(day: u32, month: u32) -> String {
    format!("{day}/{month}")
}

/// "11/28".
fn month_then_day(day: u32, month: u32) -> String {
    format!("{month}/{day}")
}

/// "28/11/2026".
fn day_month_year(date: NaiveDate) -> String {
    date.format("%d/%m/%Y").to_string()
}

/// "4/2–11/2/2027"; the year once where it is one.
fn day_first_span(from: NaiveDate, to: NaiveDate) -> String {
    let short = |date: NaiveDate| date.format("%-d/%-m/%Y").to_string();
    if from == to {
        short(from)
    } else if from.year() == to.year() {
        format!("{}–{}", from.format("%-d/%-m"), short(to))
    } else {
        format!("{}–{}", short(from), short(to))
    }
}

#[cfg(test)]
mod tests;
