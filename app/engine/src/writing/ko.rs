//! Korean.

use chrono::{Datelike, NaiveDate};

use super::{Writing, at, clock, month_then_day};

const BRIEF: [&str; 7] = ["월", "화", "수", "목", "금", "토", "일"];

fn with_weekday(text: impl std::fmt::Display, date: NaiveDate) -> String {
    format!("{text} ({})", at(&BRIEF, date.weekday().num_days_from_monday()))
}

fn plain(date: NaiveDate) -> String {
    date.format("%Y년 %-m월 %-d일").to_string()
}

fn full(date: NaiveDate) -> String {
    with_weekday(plain(date), date)
}

/// "2027. 2. 4.~2. 11."
fn span(from: NaiveDate, to: NaiveDate) -> String {
    let short = |date: NaiveDate| date.format("%Y. %-m. %-d.").to_string();
    if from == to {
        short(from)
    } else if from.year() == to.year() {
        format!("{}~{}", short(from), to.format("%-m. %-d."))
    } else {
        format!("{}~{}", short(from), short(to))
    }
}

pub(super) const WRITING: Writing = Writing {
    weekdays: ["월요일", "화요일", "수요일", "목요일", "금요일", "토요일", "일요일"],
    weekday_heads: BRIEF,
    date: full,
    letter_date: full,
    plain_date: plain,
    paper_date: plain,
    day: |date| with_weekday(date.format("%-m월 %-d일"), date),
    column_date: |date| date.format("%Y.%m.%d.").to_string(),
    day_month: month_then_day,
    span,
    month: |date| date.format("%Y년 %-m월").to_string(),
    month_brief: |date| date.format("%-m월").to_string(),
    lunar_day: |day, month| format!("{month}월 {day}일"),
    time: clock,
    at: " ",
    during: " ",
    to: "~",
    time_first: false,
    thousands: ',',
    decimal: '.',
    myriad: Some("만"),
    percent: "%",
    comma: ", ",
    semicolon: "; ",
    colon: ": ",
    stop: ".",
    space: " ",
    remark: ("(", ")"),
    ages: None,
};
