//! Vietnamese.

use chrono::{Datelike, NaiveDate};

use super::{Writing, at, clock, day_first_span, day_month_year, day_then_month};

const WEEKDAYS: [&str; 7] =
    ["thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"];
/// At the beginning of a line.
const CAPITALS: [&str; 7] =
    ["Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật"];

fn weekday(names: &[&'static str; 7], date: NaiveDate) -> &'static str {
    at(names, date.weekday().num_days_from_monday())
}

pub(super) const WRITING: Writing = Writing {
    weekdays: WEEKDAYS,
    weekday_heads: ["T2", "T3", "T4", "T5", "T6", "T7", "CN"],
    date: |date| format!("{}, {}", weekday(&WEEKDAYS, date), date.format("%d/%m/%Y")),
    letter_date: |date| format!("{} {}", weekday(&CAPITALS, date), date.format("%-d/%-m/%Y")),
    plain_date: |date| date.format("%-d/%-m/%Y").to_string(),
    paper_date: |date| date.format("ngày %-d tháng %-m năm %Y").to_string(),
    day: |date| format!("{} {}", weekday(&WEEKDAYS, date), date.format("%-d/%-m")),
    column_date: day_month_year,
    day_month: day_then_month,
    span: day_first_span,
    month: |date| date.format("Tháng %-m, %Y").to_string(),
    month_brief: |date| date.format("T%-m").to_string(),
    lunar_day: day_then_month,
    time: clock,
    at: ", ",
    during: ", ",
    to: "–",
    time_first: true,
    thousands: '.',
    decimal: ',',
    myriad: None,
    percent: "%",
    comma: ", ",
    semicolon: "; ",
    colon: ": ",
    stop: ".",
    space: " ",
    remark: (" (", ")"),
    ages: Some(" "),
};
