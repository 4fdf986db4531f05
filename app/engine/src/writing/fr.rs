//! French: narrow spaces that do not break before high marks and within numbers.

use chrono::{Datelike, NaiveDate, Timelike};

use super::{Writing, at, day_first_span, day_month_year, day_then_month};

const WEEKDAYS: [&str; 7] =
    ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
const WEEKDAYS_BRIEF: [&str; 7] = ["lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."];
const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];
const MONTHS_BRIEF: [&str; 12] = [
    "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.",
    "déc.",
];
/// "1er" is the one ordinal among days.
fn number(date: NaiveDate) -> String {
    if date.day() == 1 { "1er".to_owned() } else { date.day().to_string() }
}

fn plain(date: NaiveDate) -> String {
    format!("{} {} {}", number(date), at(&MONTHS, date.month0()), date.year())
}

fn full(date: NaiveDate) -> String {
    format!("{} {}", at(&WEEKDAYS, date.weekday().num_days_from_monday()), plain(date))
}

fn day(date: NaiveDate) -> String {
    let weekday = at(&WEEKDAYS_BRIEF, date.weekday().num_days_from_monday());
    format!("{weekday} {} {}", number(date), at(&MONTHS_BRIEF, date.month0()))
}

pub(super) const WRITING: Writing = Writing {
    weekdays: WEEKDAYS,
    weekday_heads: ["lu", "ma", "me", "je", "ve", "sa", "di"],
    date: full,
    letter_date: full,
    plain_date: plain,
    paper_date: plain,
    day,
    column_date: day_month_year,
    day_month: day_then_month,
    span: day_first_span,
    month: |date| format!("{} {}", at(&MONTHS, date.month0()), date.year()),
    month_brief: |date| at(&MONTHS_BRIEF, date.month0()).to_owned(),
    lunar_day: day_then_month,
    time: |time| format!("{}\u{a0}h\u{a0}{:02}", time.hour(), time.minute()),
    at: " à ",
    during: ", ",
    to: " – ",
    time_first: false,
    thousands: '\u{202f}',
    decimal: ',',
    myriad: None,
    percent: "\u{a0}%",
    comma: ", ",
    semicolon: "\u{202f}; ",
    colon: "\u{a0}: ",
    stop: ".",
    space: " ",
    remark: (" (", ")"),
    ages: Some(", "),
};
