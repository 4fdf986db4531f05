//! Japanese.

use chrono::{Datelike, NaiveDate};

use super::{Writing, at, clock, month_then_day};

const BRIEF: [&str; 7] = ["月", "火", "水", "木", "金", "土", "日"];

fn with_weekday(text: impl std::fmt::Display, date: NaiveDate) -> String {
    format!("{text}({})", at(&BRIEF, date.weekday().num_days_from_monday()))
}

fn plain(date: NaiveDate) -> String {
    date.format("%Y年%-m月%-d日").to_string()
}

fn full(date: NaiveDate) -> String {
    with_weekday(plain(date), date)
}

/// "2027年2月4日～2月11日"
fn span(from: NaiveDate, to: NaiveDate) -> String {
    if from == to {
        plain(from)
    } else if from.year() == to.year() {
        format!("{}～{}", plain(from), to.format("%-m月%-d日"))
    } else {
        format!("{}～{}", plain(from), plain(to))
    }
}

pub(super) const WRITING: Writing = Writing {
    weekdays: ["月曜日", "火曜日", "水曜日", "木曜日", "金曜日", "土曜日", "日曜日"],
    weekday_heads: BRIEF,
    date: full,
    letter_date: full,
    plain_date: plain,
    paper_date: plain,
    day: |date| with_weekday(date.format("%-m月%-d日"), date),
    column_date: |date| date.format("%Y/%m/%d").to_string(),
    day_month: month_then_day,
    span,
    month: |date| date.format("%Y年%-m月").to_string(),
    month_brief: |date| date.format("%-m月").to_string(),
    lunar_day: |day, month| format!("{month}月{day}日"),
    time: clock,
    at: " ",
    during: " ",
    to: "～",
    time_first: false,
    thousands: ',',
    decimal: '.',
    myriad: Some("万"),
    percent: "%",
    comma: "、",
    semicolon: "；",
    colon: "：",
    stop: "。",
    space: "",
    remark: ("（", "）"),
    ages: None,
};
