//! English, with the day before the month as all of Asia's English does.

use super::{Writing, clock, day_first_span, day_month_year, day_then_month};

pub(super) const WRITING: Writing = Writing {
    weekdays: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    weekday_heads: ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"],
    date: |date| date.format("%a %-d %b %Y").to_string(),
    letter_date: |date| date.format("%A %-d %B %Y").to_string(),
    plain_date: |date| date.format("%-d %B %Y").to_string(),
    paper_date: |date| date.format("%-d %B %Y").to_string(),
    day: |date| date.format("%a %-d %b").to_string(),
    column_date: day_month_year,
    day_month: day_then_month,
    span: day_first_span,
    month: |date| date.format("%B %Y").to_string(),
    month_brief: |date| date.format("%b").to_string(),
    lunar_day: day_then_month,
    time: clock,
    at: ", ",
    during: ", ",
    to: "–",
    time_first: true,
    thousands: ',',
    decimal: '.',
    myriad: None,
    percent: "%",
    comma: ", ",
    semicolon: "; ",
    colon: ": ",
    stop: ".",
    remark: (" (", ")"),
    ages: Some(", "),
};
