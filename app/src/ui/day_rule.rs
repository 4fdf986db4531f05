//! Days that a rule names, in words: dates, stretches of the lunar year, days of the lunar month.

use chrono::NaiveDate;
use engine::Locale;
use engine::schedule::DayRule;
use engine::schedule::lunar::LunarDay;

use super::format;
use crate::t::schedule as t;

/// "Từ 28 tháng Chạp đến mồng 6 tháng Giêng"; "Thứ Bảy, 05/12/2026".
pub fn words(locale: Locale, rule: &DayRule) -> String {
    let days = match rule {
        DayRule::Dates { from, to } if from == to => format::date(locale, *from),
        DayRule::Dates { from, to } => {
            t::from_to(locale, format::date(locale, *from), format::date(locale, *to))
        }
        DayRule::LunarRange { from, to } if from == to => lunar_day(locale, *from),
        DayRule::LunarRange { from, to } => {
            t::from_to(locale, lunar_day(locale, *from), lunar_day(locale, *to))
        }
        DayRule::LunarDays(days) => lunar_days(locale, &days.0),
    };
    format::sentence(&days)
}

/// "ngày 4 và 10 âm lịch".
pub fn lunar_days(locale: Locale, days: &[u8]) -> String {
    let mut days = days.to_vec();
    days.sort_unstable();
    days.dedup();
    let names: Vec<String> = days.iter().map(ToString::to_string).collect();
    t::lunar_days(locale, format::list(locale, &names))
}

/// "mồng 6 tháng Giêng", "28 tháng Chạp"; "lunar 28/12".
fn lunar_day(locale: Locale, day: LunarDay) -> String {
    if locale != Locale::Vi {
        let day = (locale.writing().lunar_day)(day.day().into(), day.month().into());
        return crate::t::format::lunar(locale, day);
    }
    let month = match day.month() {
        1 => "Giêng".to_owned(),
        12 => "Chạp".to_owned(),
        month => month.to_string(),
    };
    let mark = if day.day() <= 10 { "mồng " } else { "" };
    format!("{mark}{} tháng {month}", day.day())
}

/// How often it is, and when next: "hằng năm theo âm lịch, lần tới 4/2–11/2/2027".
pub fn details(locale: Locale, rule: &DayRule, today: NaiveDate) -> String {
    let kind = match rule {
        DayRule::Dates { .. } => t::once(locale),
        DayRule::LunarRange { .. } => t::every_lunar_year(locale),
        DayRule::LunarDays(_) => t::every_lunar_month(locale),
    };
    match rule.next(today) {
        // A stretch under way is told from today on.
        Some((from, to)) => {
            format!(
                "{kind} · {}",
                t::next_time(locale, (locale.writing().span)(from.max(today), to))
            )
        }
        None => format!("{kind} · {}", t::past(locale)),
    }
}

/// The days, and of those that return how often and when next.
pub fn in_full(locale: Locale, rule: &DayRule, today: NaiveDate) -> String {
    let days = words(locale, rule);
    match rule {
        // Dates that are to come say all by themselves.
        DayRule::Dates { .. } if rule.next(today).is_some() => days,
        _ => format!("{days} · {}", details(locale, rule, today)),
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn tet_is_told_by_its_lunar_days_and_its_next_dates() {
        let rule =
            DayRule::LunarRange { from: "28/12".parse().unwrap(), to: "6/1".parse().unwrap() };
        let today = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
        assert_eq!(words(Locale::Vi, &rule), "28 tháng Chạp đến mồng 6 tháng Giêng");
        assert_eq!(
            details(Locale::Vi, &rule, today),
            "Hằng năm theo âm lịch · lần tới 4/2–11/2/2027"
        );
        let yesterday = today - TimeDelta::days(1);
        let once = DayRule::Dates { from: yesterday, to: yesterday };
        assert_eq!(details(Locale::En, &once, today), "Once · over");
    }
}
