//! Dates, times, counts and names as people of each language write them, in one place.
//!
//! Texts begin in lower case where the language allows, so that they can stand inside a sentence;
//! [`sentence`] makes the first letter large.

use std::fmt::Display;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc, Weekday};
use engine::catalogue::{
    Craft, LegalForm, Policy, Spoken, SpokenLanguages, Tour, TourOption, Unit, UnitKind,
};
use engine::clock::{local_date, local_time};
use engine::schedule::lunar::LunarDate;
use engine::{Dong, Locale};

use crate::t::format as words;

/// The text with its first letter large: "thứ Bảy" becomes "Thứ Bảy".
pub fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// "thứ Bảy", "Sat".
pub fn weekday(locale: Locale, day: Weekday) -> &'static str {
    of_week(&locale.writing().weekdays, day)
}

/// Head of a calendar's column: "T7", "Sa".
pub fn weekday_short(locale: Locale, day: Weekday) -> &'static str {
    of_week(&locale.writing().weekday_heads, day)
}

fn of_week(names: &[&'static str; 7], day: Weekday) -> &'static str {
    let at = usize::try_from(day.num_days_from_monday()).unwrap_or_default();
    names.get(at).copied().unwrap_or_default()
}

/// "thứ Bảy, 28/11/2026"; "Sat 28 Nov 2026".
pub fn date(locale: Locale, date: NaiveDate) -> String {
    (locale.writing().date)(date)
}

/// As papers write it: "ngày 28 tháng 11 năm 2026"; "28 November 2026".
pub fn date_of_paper(locale: Locale, date: NaiveDate) -> String {
    (locale.writing().paper_date)(date)
}

/// Without the year: "thứ Bảy 28/11"; "Sat 28 Nov".
pub fn day(locale: Locale, date: NaiveDate) -> String {
    (locale.writing().day)(date)
}

/// "28/11".
pub fn day_month(locale: Locale, date: NaiveDate) -> String {
    (locale.writing().day_month)(date.day(), date.month())
}

/// "Hôm nay", "Ngày mai", else the day without the year (with it when the year is another).
pub fn relative_day(locale: Locale, date: NaiveDate, today: NaiveDate) -> String {
    if date == today {
        words::today(locale).to_owned()
    } else if date == today + TimeDelta::days(1) {
        words::tomorrow(locale).to_owned()
    } else if date.year() == today.year() {
        sentence(&day(locale, date))
    } else {
        sentence(&self::date(locale, date))
    }
}

/// "Tháng 12, 2026"; "December 2026".
pub fn month(locale: Locale, date: NaiveDate) -> String {
    (locale.writing().month)(date)
}

/// Under a column of a chart: "T12"; "Dec".
pub fn month_short(locale: Locale, date: NaiveDate) -> String {
    (locale.writing().month_brief)(date)
}

/// A count with marks between thousands: "12.480"; "12,480".
pub fn number(locale: Locale, n: i64) -> String {
    locale.writing().number(n)
}

/// The venue's clock at an instant, as fields of forms take it: "14:30".
pub fn clock(at: DateTime<Utc>) -> String {
    local_time(at).format("%H:%M").to_string()
}

/// The same as people read it: "14:30"; "14 h 30" in French.
pub fn time(locale: Locale, at: DateTime<Utc>) -> String {
    (locale.writing().time)(local_time(at))
}

/// "09:00–10:30".
pub fn time_range(locale: Locale, from: DateTime<Utc>, to: DateTime<Utc>) -> String {
    locale.writing().hours(local_time(from), local_time(to))
}

/// Day and time of an instant at the venue: "thứ Bảy, 28/11/2026, 14:30".
pub fn date_time(locale: Locale, at: DateTime<Utc>) -> String {
    day_at(locale, date(locale, local_date(at)), at)
}

/// A day in whatever words, with the time of an instant: "Ngày mai, 14:30".
pub fn day_at(locale: Locale, day: impl Display, at: DateTime<Utc>) -> String {
    locale.writing().day_at(day, time(locale, at))
}

/// A day in whatever words, with hours: "Ngày mai, 09:00–10:30".
pub fn day_during(
    locale: Locale,
    day: impl Display,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> String {
    locale.writing().day_during(day, time_range(locale, from, to))
}

/// "Lò nung: 2 lít".
pub fn labelled(locale: Locale, label: impl Display, value: impl Display) -> String {
    locale.writing().labelled(label, value)
}

/// "a, b, c", without a word before the last.
pub fn commas(locale: Locale, parts: &[impl AsRef<str>]) -> String {
    locale.writing().commas(parts)
}

/// "a; b; c".
pub fn semicolons(locale: Locale, parts: &[impl AsRef<str>]) -> String {
    locale.writing().semicolons(parts)
}

/// "90 phút", "2 giờ 30 phút"; hours are used from two hours on.
pub fn duration(locale: Locale, minutes: i32) -> String {
    let (hours, rest) = (i64::from(minutes / 60), i64::from(minutes % 60));
    if minutes < 120 {
        words::minutes(locale, i64::from(minutes))
    } else if rest == 0 {
        words::hours(locale, hours)
    } else {
        words::hours_minutes(locale, words::hours(locale, hours), words::minutes(locale, rest))
    }
}

/// "60–90 phút" for options of different lengths, "90 phút" for one.
pub fn duration_range(locale: Locale, (shortest, longest): (i32, i32)) -> String {
    let to = locale.writing().to.trim();
    if shortest == longest {
        duration(locale, shortest)
    } else if longest < 120 {
        format!("{shortest}{to}{}", words::minutes(locale, i64::from(longest)))
    } else if shortest % 60 == 0 && longest % 60 == 0 && shortest >= 120 {
        format!("{}{to}{}", shortest / 60, words::hours(locale, i64::from(longest / 60)))
    } else {
        let [shortest, longest] = [shortest, longest].map(|minutes| duration(locale, minutes));
        locale.writing().stretch(shortest, longest)
    }
}

/// "20/10 âm lịch"; "lunar 20/10".
pub fn lunar(locale: Locale, date: NaiveDate) -> String {
    words::lunar(locale, lunar_day(locale, LunarDate::from_solar(date)))
}

/// For a calendar's cell: the day alone, with its month on the first and on the first cell shown.
pub fn lunar_brief(locale: Locale, date: NaiveDate, with_month: bool) -> String {
    let lunar = LunarDate::from_solar(date);
    if lunar.day != 1 && !with_month {
        return lunar.day.to_string();
    }
    let day = (locale.writing().day_month)(lunar.day.into(), lunar.month.into());
    leap(locale, day, lunar)
}

fn lunar_day(locale: Locale, lunar: LunarDate) -> String {
    leap(locale, (locale.writing().lunar_day)(lunar.day.into(), lunar.month.into()), lunar)
}

fn leap(locale: Locale, day: String, lunar: LunarDate) -> String {
    if lunar.leap { words::leap(locale, day) } else { day }
}

/// "3 người"; "1 person", "3 people".
pub fn people(locale: Locale, count: i32) -> String {
    words::people(locale, i64::from(count))
}

/// "còn 3 chỗ"; "3 places left".
pub fn seats_left(locale: Locale, count: i32) -> String {
    words::seats_left(locale, i64::from(count))
}

/// A party in words: "2 người lớn, 1 trẻ em".
pub fn party(locale: Locale, adults: i32, children: i32) -> String {
    let adults = words::adults(locale, i64::from(adults));
    if children == 0 {
        adults
    } else {
        commas(locale, &[adults, words::children(locale, i64::from(children))])
    }
}

/// "từ 250.000 ₫".
pub fn price_from(locale: Locale, price: Dong) -> String {
    words::price_from(locale, price.display(locale))
}

/// "tiếng Việt"; "Vietnamese".
pub fn spoken(locale: Locale, language: Spoken) -> &'static str {
    match language {
        Spoken::Vi => words::spoken_vi(locale),
        Spoken::En => words::spoken_en(locale),
        Spoken::Fr => words::spoken_fr(locale),
        Spoken::Ko => words::spoken_ko(locale),
        Spoken::Zh => words::spoken_zh(locale),
        Spoken::Ja => words::spoken_ja(locale),
    }
}

/// "Tiếng Việt, tiếng Anh và tiếng Pháp".
pub fn languages(locale: Locale, languages: &SpokenLanguages) -> String {
    let names: Vec<&str> = languages.0.iter().map(|language| spoken(locale, *language)).collect();
    sentence(&list(locale, &names))
}

/// "a, b và c"; "a, b and c".
pub fn list(locale: Locale, items: &[impl AsRef<str>]) -> String {
    match items {
        [] => String::new(),
        [only] => only.as_ref().to_owned(),
        [first @ .., last] => words::and(locale, commas(locale, first), last.as_ref()),
    }
}

/// "Trẻ em"; "Child".
pub fn unit_kind(locale: Locale, kind: UnitKind) -> &'static str {
    match kind {
        UnitKind::Adult => words::adult(locale),
        UnitKind::Child => words::child(locale),
        UnitKind::Student => words::student(locale),
        UnitKind::Senior => words::senior(locale),
        UnitKind::Infant => words::infant(locale),
        UnitKind::Family => words::family(locale),
    }
}

/// Ages of a unit: "5–11 tuổi", "từ 12 tuổi"; None when any age goes.
pub fn ages(locale: Locale, min: Option<i32>, max: Option<i32>) -> Option<String> {
    match (min.filter(|age| *age > 0), max) {
        (Some(min), Some(max)) => Some(words::ages_between(locale, min, max)),
        (Some(min), None) => Some(words::ages_from(locale, min)),
        (None, Some(max)) => Some(words::ages_to(locale, max)),
        (None, None) => None,
    }
}

/// What a unit type is besides its name: its ages, or how many people it is for.
pub fn unit_note(locale: Locale, unit: &Unit) -> Option<String> {
    if unit.kind == UnitKind::Family {
        return Some(words::family_seats(locale, i64::from(unit.seats)));
    }
    ages(locale, unit.min_age, unit.max_age)
}

/// "Trẻ em 5–11 tuổi"; "Child, aged 5–11".
pub fn unit(locale: Locale, unit: &Unit) -> String {
    let name = unit_kind(locale, unit.kind);
    let Some(note) = unit_note(locale, unit) else { return name.to_owned() };
    let writing = locale.writing();
    match writing.ages.filter(|_| unit.kind != UnitKind::Family) {
        Some(between) => format!("{name}{between}{note}"),
        None => writing.remarked(name, note),
    }
}

/// From which age a tour takes people: "Từ 6 tuổi", "Mọi lứa tuổi".
pub fn tour_ages(locale: Locale, tour: &Tour) -> String {
    let youngest = tour
        .open_options()
        .flat_map(TourOption::open_units)
        .map(|unit| unit.min_age.unwrap_or(0))
        .min()
        .unwrap_or(0);
    ages(locale, Some(youngest), None)
        .map_or_else(|| words::all_ages(locale).to_owned(), |ages| sentence(&ages))
}

/// "Hộ kinh doanh"; "Household business".
pub fn legal_form(locale: Locale, form: LegalForm) -> &'static str {
    match form {
        LegalForm::Household => words::form_household(locale),
        LegalForm::Cooperative => words::form_cooperative(locale),
        LegalForm::Company => words::form_company(locale),
    }
}

/// "Gốm sứ"; "Pottery".
pub fn craft(locale: Locale, craft: Craft) -> &'static str {
    match craft {
        Craft::Pottery => words::craft_pottery(locale),
        Craft::Silk => words::craft_silk(locale),
        Craft::Rattan => words::craft_rattan(locale),
        Craft::Lacquer => words::craft_lacquer(locale),
        Craft::Wood => words::craft_wood(locale),
        Craft::Hat => words::craft_hat(locale),
        Craft::Incense => words::craft_incense(locale),
        Craft::Inlay => words::craft_inlay(locale),
        Craft::Embroidery => words::craft_embroidery(locale),
        Craft::Fan => words::craft_fan(locale),
        Craft::Dragonfly => words::craft_dragonfly(locale),
        Craft::Puppet => words::craft_puppet(locale),
        Craft::GoldLeaf => words::craft_goldleaf(locale),
        Craft::Figurine => words::craft_figurine(locale),
    }
}

/// A notice in words: days from three days on, else hours.
pub fn notice(locale: Locale, hours: i64) -> String {
    if hours >= 72 && hours % 24 == 0 {
        words::days(locale, hours / 24)
    } else {
        words::hours(locale, hours)
    }
}

/// A step of a cancellation policy in words: when one cancels, and what is then due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyLine {
    pub when: String,
    pub due: String,
}

/// A policy in words, longest notice first.
pub fn policy_lines(locale: Locale, policy: Policy) -> Vec<PolicyLine> {
    let mut lines = Vec::new();
    let mut longer: Option<i64> = None;
    for (hours, percent) in policy.steps() {
        let when = longer.map_or_else(
            || words::cancel_before(locale, notice(locale, *hours)),
            |long| words::cancel_between(locale, notice(locale, long), notice(locale, *hours)),
        );
        let due = match percent {
            100 => words::cancel_free(locale).to_owned(),
            part => words::cancel_part(locale, 100 - part),
        };
        lines.push(PolicyLine { when, due });
        longer = Some(*hours);
    }
    if let Some(shortest) = longer {
        let when = words::cancel_under(locale, notice(locale, shortest));
        lines.push(PolicyLine { when, due: words::cancel_full(locale).to_owned() });
    }
    lines
}

/// The whole policy in one sentence.
pub fn policy_sentence(locale: Locale, policy: Policy) -> String {
    let lines: Vec<String> = policy_lines(locale, policy)
        .into_iter()
        .map(|line| labelled(locale, lower_first(&line.when), lower_first(&line.due)))
        .collect();
    format!("{}{}", sentence(&semicolons(locale, &lines)), locale.writing().stop)
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// A number as people in Viet Nam read it ("0912 345 601"); what is no number as it is stored.
pub fn phone(number: &str) -> String {
    engine::phone::readable(number, Locale::Vi)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn dates_read_as_each_language_writes_them() {
        let saturday = on(2026, 11, 28);
        assert_eq!(date(Locale::Vi, saturday), "thứ Bảy, 28/11/2026");
        assert_eq!(date(Locale::En, saturday), "Sat 28 Nov 2026");
        assert_eq!(day(Locale::Vi, on(2026, 12, 6)), "Chủ nhật 6/12");
        assert_eq!(day(Locale::En, on(2026, 12, 6)), "Sun 6 Dec");
        assert_eq!(month(Locale::Vi, saturday), "Tháng 11, 2026");
        assert_eq!(month(Locale::En, saturday), "November 2026");
    }

    #[test]
    fn thousands_have_marks() {
        let both = |n| [Locale::Vi, Locale::En].map(|locale| number(locale, n));
        assert_eq!(both(7), ["7", "7"]);
        assert_eq!(both(12_480), ["12.480", "12,480"]);
        assert_eq!(both(-1_000_000), ["−1.000.000", "−1,000,000"]);
    }

    #[test]
    fn near_days_have_names() {
        let today = on(2026, 12, 31);
        assert_eq!(relative_day(Locale::Vi, today, today), "Hôm nay");
        assert_eq!(relative_day(Locale::En, on(2027, 1, 1), today), "Tomorrow");
        assert_eq!(relative_day(Locale::Vi, on(2027, 1, 2), today), "Thứ Bảy, 02/01/2027");
        assert_eq!(relative_day(Locale::Vi, on(2026, 12, 5), on(2026, 12, 1)), "Thứ Bảy 5/12");
    }

    #[test]
    fn times_are_the_venues() {
        let at = DateTime::parse_from_rfc3339("2026-12-01T18:30:00Z").unwrap().to_utc();
        assert_eq!(clock(at), "01:30");
        assert_eq!(time(Locale::Vi, at), "01:30");
        assert_eq!(time(Locale::Fr, at), "1\u{a0}h\u{a0}30");
        assert_eq!(date_time(Locale::En, at), "Wed 2 Dec 2026, 01:30");
        assert_eq!(date_time(Locale::Ko, at), "2026년 12월 2일 (수) 01:30");
        assert_eq!(time_range(Locale::En, at, at + TimeDelta::minutes(90)), "01:30–03:00");
    }

    #[test]
    fn durations_turn_to_hours_from_two_on() {
        assert_eq!(duration(Locale::Vi, 90), "90 phút");
        assert_eq!(duration(Locale::Vi, 150), "2 giờ 30 phút");
        assert_eq!(duration(Locale::En, 120), "2 hours");
        assert_eq!(duration(Locale::En, 450), "7 hours 30 minutes");
        assert_eq!(duration_range(Locale::Vi, (60, 90)), "60–90 phút");
        assert_eq!(duration_range(Locale::En, (90, 90)), "90 minutes");
        assert_eq!(
            duration_range(Locale::En, (210, 450)),
            "3 hours 30 minutes – 7 hours 30 minutes"
        );
        assert_eq!(duration_range(Locale::En, (120, 180)), "2–3 hours");
        assert!(duration_range(Locale::Ko, (60, 90)).starts_with("60~90"));
    }

    #[test]
    fn lunar_days_name_their_month_where_it_begins() {
        assert_eq!(lunar(Locale::Vi, on(2026, 11, 28)), "20/10 âm lịch");
        assert_eq!(lunar(Locale::En, on(2027, 2, 6)), "lunar 1/1");
        assert_eq!(lunar_brief(Locale::Vi, on(2026, 11, 9), false), "1/10");
        assert_eq!(lunar_brief(Locale::Vi, on(2026, 11, 10), false), "2");
        assert_eq!(lunar_brief(Locale::Vi, on(2026, 11, 10), true), "2/10");
        assert_eq!(lunar(Locale::Vi, on(2025, 7, 25)), "1/6 nhuận âm lịch");
        assert!(lunar(Locale::Ja, on(2026, 11, 28)).contains("10月20日"));
        assert_eq!(lunar_brief(Locale::Ko, on(2026, 11, 28), true), "10/20");
    }

    #[test]
    fn counts_and_lists() {
        assert_eq!(people(Locale::En, 1), "1 person");
        assert_eq!(seats_left(Locale::Vi, 3), "còn 3 chỗ");
        assert_eq!(party(Locale::En, 2, 1), "2 adults, 1 child");
        assert_eq!(party(Locale::Vi, 2, 0), "2 người lớn");
        assert_eq!(price_from(Locale::Vi, Dong(250_000)), "từ 250.000\u{a0}₫");
        let spoken = SpokenLanguages(vec![Spoken::Vi, Spoken::En, Spoken::Fr]);
        assert_eq!(languages(Locale::Vi, &spoken), "Tiếng Việt, tiếng Anh và tiếng Pháp");
        assert_eq!(languages(Locale::En, &spoken), "Vietnamese, English and French");
    }

    #[test]
    fn ages_and_phones() {
        assert_eq!(ages(Locale::Vi, Some(5), Some(11)).as_deref(), Some("5–11 tuổi"));
        assert_eq!(ages(Locale::En, Some(12), None).as_deref(), Some("aged 12 and over"));
        assert_eq!(ages(Locale::En, Some(0), None), None);
        assert_eq!(phone("+84912345601"), "0912 345 601");
        assert_eq!(phone("ask at the gate"), "ask at the gate");
    }

    #[test]
    fn each_policy_says_its_steps() {
        let lines = policy_lines(Locale::Vi, Policy::Moderate);
        let words: Vec<(&str, &str)> =
            lines.iter().map(|line| (line.when.as_str(), line.due.as_str())).collect();
        assert_eq!(
            words,
            [
                ("Trước 3 ngày", "Hủy miễn phí"),
                ("Từ 24 giờ đến 3 ngày", "Thu 50% giá"),
                ("Dưới 24 giờ", "Thu đủ giá"),
            ]
        );
        assert_eq!(
            policy_sentence(Locale::En, Policy::Flexible),
            "Over 24 hours before: cancel free of charge; under 24 hours before: the full price is due."
        );
    }
}
