//! Rules and closures as sentences.

use chrono::{NaiveDate, TimeDelta, Weekday};
use engine::Locale;
use engine::schedule::{Closure, DayRule, Hours, Opening, expand};
use engine::store::TimeOfDay;

use crate::pages::host::fields::WEEK;
use crate::t::schedule as t;
use crate::ui::{day_rule, format, price};

/// "Thứ Ba đến Chủ nhật, 09:00 và 14:00".
pub fn opening(locale: Locale, opening: &Opening) -> String {
    let mut days = Vec::new();
    if !opening.weekdays.0.is_empty() {
        days.push(weekdays(locale, &opening.weekdays.0));
    }
    if !opening.lunar_days.0.is_empty() {
        days.push(day_rule::lunar_days(locale, &opening.lunar_days.0));
    }
    let mut times = opening.times.0.clone();
    times.sort_unstable();
    let times: Vec<String> = times.iter().map(|time| clock(locale, *time)).collect();
    let days = format::list(locale, &days);
    locale.writing().day_during(format::sentence(&days), format::list(locale, &times))
}

fn clock(locale: Locale, time: TimeOfDay) -> String {
    (locale.writing().time)(time.time())
}

/// Days of the week in words: a run of three and more by its ends.
fn weekdays(locale: Locale, days: &[Weekday]) -> String {
    let on: Vec<bool> = WEEK.iter().map(|day| days.contains(day)).collect();
    if on.iter().all(|on| *on) {
        return t::every_day(locale).to_owned();
    }
    let mut parts: Vec<String> = Vec::new();
    let mut at = 0;
    while at < WEEK.len() {
        let run = on.iter().skip(at).take_while(|on| **on).count();
        let named = WEEK.iter().skip(at).take(run).map(|day| format::weekday(locale, *day));
        let names: Vec<&str> = named.collect();
        match names.as_slice() {
            [first, _, .., last] => parts.push(t::from_to(locale, first, last)),
            few => parts.extend(few.iter().map(|name| (*name).to_owned())),
        }
        at += run.max(1);
    }
    format::list(locale, &parts)
}

/// Season, validity, seats and guide in one line.
pub fn opening_details(locale: Locale, opening: &Opening) -> String {
    let mut parts = Vec::new();
    match opening.season {
        Some(season) => {
            let (from, to) = season.words();
            let [from, to] = [from, to].map(|day| price::day_month(locale, &day));
            parts.push(t::season_words(locale, from, to));
        }
        None => parts.push(t::all_year(locale).to_owned()),
    }
    let date = |date: NaiveDate| format::date(locale, date);
    match (opening.valid_from, opening.valid_to) {
        (Some(from), Some(to)) => parts.push(t::between(locale, date(from), date(to))),
        (Some(from), None) => parts.push(t::from_date(locale, date(from))),
        (None, Some(to)) => parts.push(t::to_date(locale, date(to))),
        (None, None) => {}
    }
    parts.push(t::seats(locale, i64::from(opening.capacity)));
    if !opening.guide.is_empty() {
        parts.push(opening.guide.clone());
    }
    parts.join(" · ")
}

/// "11-15" as it is typed: "15/11".
pub fn day_month(text: &str) -> String {
    text.split_once('-').map_or_else(
        || text.to_owned(),
        |(month, day)| format!("{}/{}", day.trim_start_matches('0'), month.trim_start_matches('0')),
    )
}

/// Departures shown for a rule.
const NEXT: usize = 4;

/// The next departures that a rule yields, in words; what is closed is left out.
pub fn next_departures(
    locale: Locale,
    opening: &Opening,
    closures: &[&Closure],
    (today, now): (NaiveDate, TimeOfDay),
) -> String {
    let to = today + TimeDelta::days(engine::schedule::HORIZON_DAYS);
    let next: Vec<String> = expand(opening, closures, today, to)
        .into_iter()
        .filter(|(date, time)| *date > today || *time > now)
        .take(NEXT)
        .map(|(date, time)| format!("{} {}", format::day(locale, date), clock(locale, time)))
        .collect();
    if next.is_empty() {
        t::no_next(locale).to_owned()
    } else {
        t::next(locale, format::commas(locale, &next))
    }
}

/// "Từ 28 tháng Chạp đến mồng 6 tháng Giêng, 08:00–12:00".
pub fn closure(locale: Locale, rule: &DayRule, hours: Option<Hours>) -> String {
    let days = day_rule::words(locale, rule);
    let Some(hours) = hours else { return days };
    let [from, to] = [hours.from, hours.to].map(TimeOfDay::time);
    locale.writing().day_during(days, locale.writing().hours(from, to))
}

#[cfg(test)]
mod tests {
    use engine::schedule::{LunarDays, Season, Times, Weekdays};

    use super::*;

    fn rule(days: &[Weekday]) -> Opening {
        let time = |hour| TimeOfDay::new(hour, 0).unwrap();
        Opening {
            weekdays: Weekdays(days.to_vec()),
            lunar_days: LunarDays(vec![]),
            times: Times(vec![time(14), time(9)]),
            season: None,
            valid_from: None,
            valid_to: None,
            capacity: 8,
            guide: "cô Hạnh".into(),
        }
    }

    #[test]
    fn a_rule_reads_as_a_sentence() {
        let vi = |days: &[Weekday]| opening(Locale::Vi, &rule(days));
        assert_eq!(vi(&WEEK), "Mỗi ngày, 09:00 và 14:00");
        assert_eq!(vi(&WEEK[1..]), "Thứ Ba đến Chủ nhật, 09:00 và 14:00");
        assert_eq!(vi(&[Weekday::Sat, Weekday::Sun]), "Thứ Bảy và Chủ nhật, 09:00 và 14:00");
        assert_eq!(
            opening(Locale::En, &rule(&[Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Sat])),
            "Mon to Wed and Sat, 09:00 and 14:00"
        );
        let market = Opening { lunar_days: LunarDays(vec![10, 4]), ..rule(&[]) };
        assert_eq!(opening(Locale::Vi, &market), "Ngày 4 và 10 âm lịch, 09:00 và 14:00");
        let season = Season::parse(Some("11-15"), Some("02-10"));
        assert_eq!(
            opening_details(Locale::Vi, &Opening { season, ..rule(&WEEK) }),
            "Từ 15/11 đến 10/2 hằng năm · 8 chỗ · cô Hạnh"
        );
    }

    #[test]
    fn tet_is_named_by_its_lunar_days() {
        let rule =
            DayRule::LunarRange { from: "28/12".parse().unwrap(), to: "6/1".parse().unwrap() };
        let today = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
        assert_eq!(closure(Locale::Vi, &rule, None), "28 tháng Chạp đến mồng 6 tháng Giêng");
        let once =
            DayRule::Dates { from: today - TimeDelta::days(1), to: today - TimeDelta::days(1) };
        let hours =
            Hours { from: TimeOfDay::new(8, 0).unwrap(), to: TimeOfDay::new(12, 0).unwrap() };
        assert!(closure(Locale::Vi, &once, Some(hours)).ends_with("2026, 08:00–12:00"));
    }

    #[test]
    fn the_next_departures_leave_out_what_is_closed_and_what_has_begun() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
        let now = TimeOfDay::new(9, 30).unwrap();
        let words = next_departures(Locale::Vi, &rule(&WEEK), &[], (today, now));
        assert_eq!(
            words,
            "Buổi tới: thứ Ba 24/11 14:00, thứ Tư 25/11 09:00, thứ Tư 25/11 14:00, thứ Năm 26/11 09:00"
        );
    }
}
