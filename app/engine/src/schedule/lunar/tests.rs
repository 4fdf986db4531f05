use super::*;
use proptest::prelude::*;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn lunar(day: u8, month: u8, year: i32) -> LunarDate {
    LunarDate { year, month, leap: false, day }
}

fn lunar_day(text: &str) -> LunarDay {
    text.parse().unwrap()
}

fn days(from: &str, to: &str) -> impl Iterator<Item = NaiveDate> {
    let to = date(to);
    date(from).iter_days().take_while(move |day| *day <= to)
}

#[test]
fn tet_falls_on_the_known_days() {
    // 1985, 2007 and 2030 differ from China's.
    for (year, solar) in [
        (1985, "1985-01-21"),
        (2007, "2007-02-17"),
        (2024, "2024-02-10"),
        (2025, "2025-01-29"),
        (2026, "2026-02-17"),
        (2027, "2027-02-06"),
        (2028, "2028-01-26"),
        (2029, "2029-02-13"),
        (2030, "2030-02-02"),
        (2031, "2031-01-23"),
    ] {
        assert_eq!(LunarDate::from_solar(date(solar)), lunar(1, 1, year), "{solar}");
        assert_eq!(lunar(1, 1, year).to_solar(), Some(date(solar)));
        let eve = LunarDate::from_solar(date(solar).pred_opt().unwrap());
        assert_eq!((eve.month, eve.year), (12, year - 1), "the day before {solar}");
    }
}

#[test]
fn festivals_fall_on_the_known_days() {
    for (day, month, solar) in [
        (15, 1, ["2026-03-03", "2027-02-20", "2028-02-09"]),
        (15, 2, ["2026-04-02", "2027-03-22", "2028-03-10"]),
        (3, 3, ["2026-04-19", "2027-04-09", "2028-03-28"]),
        (10, 3, ["2026-04-26", "2027-04-16", "2028-04-04"]),
        (15, 4, ["2026-05-31", "2027-05-20", "2028-05-09"]),
        (5, 5, ["2026-06-19", "2027-06-09", "2028-05-28"]),
        (15, 7, ["2026-08-27", "2027-08-16", "2028-09-03"]),
        (15, 8, ["2026-09-25", "2027-09-15", "2028-10-03"]),
        (23, 12, ["2027-01-30", "2028-01-19", "2029-02-06"]),
    ] {
        for (year, solar) in (2026..).zip(solar) {
            assert_eq!(lunar(day, month, year).to_solar(), Some(date(solar)));
        }
    }
}

#[test]
fn leap_months_are_where_they_belong() {
    let leaps: Vec<(i32, u8)> = (2023..=2050)
        .flat_map(|year| (1..=12).map(move |month| (year, month)))
        .filter(|&(year, month)| month_length(year, month, true).is_some())
        .collect();
    assert_eq!(
        leaps,
        [
            (2023, 2),
            (2025, 6),
            (2028, 5),
            (2031, 3),
            (2033, 11),
            (2036, 6),
            (2039, 5),
            (2042, 2),
            (2044, 7),
            (2047, 5),
            (2050, 3),
        ]
    );
    let first = |year, month| LunarDate { year, month, leap: true, day: 1 }.to_solar();
    assert_eq!(first(2025, 6), Some(date("2025-07-25")));
    assert_eq!(first(2028, 5), Some(date("2028-06-23")));
}

/// The published code makes these two days day 0 of the next month.
#[test]
fn a_day_just_before_a_late_new_moon_is_the_thirtieth() {
    assert_eq!(LunarDate::from_solar(date("2054-05-07")), lunar(30, 3, 2054));
    assert_eq!(LunarDate::from_solar(date("2062-04-09")), lunar(30, 2, 2062));
}

#[test]
fn days_run_on_without_a_gap_and_come_back() {
    let mut before: Option<LunarDate> = None;
    for day in days("1900-01-01", "2199-12-31") {
        let now = LunarDate::from_solar(day);
        assert_eq!(now.to_solar(), Some(day), "{day} is {now:?}");
        if let Some(before) = before {
            let next_day = LunarDate { day: before.day + 1, ..before };
            let month_over = (29..=30).contains(&before.day) && now.day == 1;
            assert!(now == next_day || month_over, "{day}: {before:?} then {now:?}");
            if month_over {
                let same_name = (now.year, now.month) == (before.year, before.month);
                let next_month = i32::from(now.month) + 12 * now.year
                    == i32::from(before.month) + 12 * before.year + 1;
                assert!(if now.leap { same_name } else { next_month }, "{before:?} {now:?}");
            }
        }
        before = Some(now);
    }
}

/// Every day of 1950–2099 as another implementation (PyPI lunar-vn 1.4.0) has it;
/// tests/data/lunar-years.py wrote the file.
#[test]
fn agrees_with_another_implementation() {
    let years = include_str!("../../../tests/data/lunar-years.txt");
    let mut compared = 0;
    for (year, line) in (1949..).zip(years.lines()) {
        let [first, leap, lengths] = line.split(' ').collect::<Vec<_>>()[..] else {
            panic!("{line}");
        };
        let leap: u8 = leap.parse().unwrap();
        let mut day = date(first);
        let months = (1..=12).flat_map(|month| {
            let again = (month == leap).then_some((month, true));
            [(month, false)].into_iter().chain(again)
        });
        assert_eq!(lengths.len(), if leap == 0 { 12 } else { 13 });
        for ((month, leap), length) in months.zip(lengths.bytes()) {
            let length = if length == b'1' { 30 } else { 29 };
            assert_eq!(month_length(year, month, leap), Some(length), "{month}/{year}");
            for number in 1..=length {
                let expected = LunarDate { year, month, leap, day: number };
                assert_eq!(LunarDate::from_solar(day), expected, "{day}");
                day = day.succ_opt().unwrap();
                compared += 1;
            }
        }
    }
    assert_eq!(compared, (date("2100-02-09") - date("1949-01-29")).num_days());
}

#[test]
fn dates_that_do_not_exist_have_no_solar_day() {
    assert_eq!(lunar(30, 12, 2025).to_solar(), None, "Chạp Ất Tỵ has 29 days");
    assert_eq!(LunarDate { year: 2026, month: 5, leap: true, day: 1 }.to_solar(), None);
    assert_eq!(LunarDate { year: 2025, month: 5, leap: true, day: 1 }.to_solar(), None);
    for (day, month) in [(0, 1), (31, 1), (1, 0), (1, 13), (255, 255)] {
        assert_eq!(lunar(day, month, 2026).to_solar(), None, "{day}/{month}");
    }
    assert_eq!(month_length(2026, 0, false), None);
    assert_eq!(month_length(2025, 12, false), Some(29));
}

#[test]
fn names_and_labels() {
    assert_eq!(year_name(2026), "Bính Ngọ");
    assert_eq!(year_name(2027), "Đinh Mùi");
    assert_eq!(year_name(2023), "Quý Mão");
    assert_eq!(year_name(1984), "Giáp Tý");
    assert_eq!(year_name(-56), "Giáp Tý");
    assert_eq!(lunar(17, 2, 2026).label(), "17/2");
    assert_eq!(LunarDate::from_solar(date("2025-07-25")).label(), "1/6 nhuận");
}

#[test]
fn lunar_days_are_read_strictly() {
    assert_eq!(lunar_day(" 28 / 12 ").to_string(), "28/12");
    assert_eq!((lunar_day("9/8").day(), lunar_day("09/08").month()), (9, 8));
    assert!(lunar_day("30/1") < lunar_day("1/2"));
    for text in ["", "28", "28-12", "+1/2", "1/2/3", "１/2", "001/2", "a/b"] {
        assert_eq!(text.parse::<LunarDay>(), Err(LunarDayError::Malformed), "{text}");
    }
    assert_eq!("31/1".parse::<LunarDay>(), Err(LunarDayError::NoSuchDay));
    assert_eq!("0/1".parse::<LunarDay>(), Err(LunarDayError::NoSuchDay));
    assert_eq!("1/13".parse::<LunarDay>(), Err(LunarDayError::NoSuchMonth));
    let json = serde_json::to_string(&lunar_day("23/12")).unwrap();
    assert_eq!(json, "\"23/12\"");
    assert_eq!(serde_json::from_str::<LunarDay>(&json).unwrap(), lunar_day("23/12"));
    assert!(serde_json::from_str::<LunarDay>("\"23/13\"").is_err());
}

#[test]
fn a_yearly_stretch_runs_over_the_new_year() {
    let closed: Vec<NaiveDate> = days("2026-01-01", "2026-12-31")
        .filter(|&day| yearly_range_contains(lunar_day("27/12"), lunar_day("6/1"), day))
        .collect();
    // The Tết of 2026: 14 to 22 February, nine days.
    assert_eq!(closed, days("2026-02-14", "2026-02-22").collect::<Vec<_>>());
}

#[test]
fn a_yearly_stretch_skips_the_leap_month() {
    let closed: Vec<NaiveDate> = days("2025-01-01", "2025-12-31")
        .filter(|&day| yearly_range_contains(lunar_day("14/6"), lunar_day("16/6"), day))
        .collect();
    assert_eq!(closed, days("2025-07-08", "2025-07-10").collect::<Vec<_>>());
}

#[test]
fn day_thirty_of_a_yearly_stretch_is_the_last_of_the_month() {
    let eve = lunar_day("30/12");
    // Chạp of Ất Tỵ ends on the 29th, Chạp of Quý Mão (9 February 2024) on the 30th.
    for tet_eve in ["2026-02-16", "2024-02-09"] {
        let tet_eve = date(tet_eve);
        assert!(yearly_range_contains(eve, eve, tet_eve));
        assert!(!yearly_range_contains(eve, eve, tet_eve.pred_opt().unwrap()));
        assert!(!yearly_range_contains(eve, eve, tet_eve.succ_opt().unwrap()));
    }
    let upto_29 = lunar_day("29/12");
    assert!(yearly_range_contains(upto_29, upto_29, date("2026-02-16")));
    assert!(!yearly_range_contains(upto_29, upto_29, date("2024-02-09")));
}

#[test]
fn monthly_days_come_in_leap_months_and_pass_over_a_missing_thirtieth() {
    let between = |from, to, numbers: &[u8]| -> Vec<NaiveDate> {
        days(from, to).filter(|&day| monthly_days_contain(numbers, day)).collect()
    };
    assert_eq!(
        between("2025-06-25", "2025-08-22", &[1, 15]),
        ["2025-06-25", "2025-07-09", "2025-07-25", "2025-08-08"].map(date)
    );
    assert!(between("2026-01-19", "2026-02-16", &[30]).is_empty(), "Chạp Ất Tỵ has 29 days");
    assert!(between("2026-01-01", "2026-12-31", &[]).is_empty());
}

proptest! {
    #[test]
    fn any_day_has_a_lunar_date(day in NaiveDate::MIN.num_days_from_ce()..NaiveDate::MAX.num_days_from_ce()) {
        let day = NaiveDate::from_num_days_from_ce_opt(day).unwrap();
        let lunar = LunarDate::from_solar(day);
        prop_assert!((1..=12).contains(&lunar.month));
    }

    #[test]
    fn any_lunar_date_is_answered(
        year in -262_200..262_200, month in 0u8..15, leap: bool, day in 0u8..33
    ) {
        let solar = LunarDate { year, month, leap, day }.to_solar();
        prop_assert!(solar.is_none() || ((1..=12).contains(&month) && (1..=30).contains(&day)));
        prop_assert_eq!(LunarDate { year: i32::MAX, month, leap, day }.to_solar(), None);
        prop_assert!(year_name(year).contains(' '));
    }
}
