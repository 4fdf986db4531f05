use super::*;

fn on(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

/// What each language writes, in the order of `Locale::ALL`.
fn each(write: impl Fn(&Writing) -> String) -> [String; 6] {
    Locale::ALL.map(|locale| write(locale.writing()))
}

#[test]
fn dates_read_as_each_language_writes_them() {
    let saturday = on(2026, 12, 5);
    assert_eq!(
        each(|w| (w.date)(saturday)),
        [
            "thứ Bảy, 05/12/2026",
            "Sat 5 Dec 2026",
            "2026년 12월 5일 (토)",
            "2026年12月5日 周六",
            "2026年12月5日(土)",
            "samedi 5 décembre 2026",
        ]
    );
    assert_eq!(
        each(|w| (w.letter_date)(saturday)),
        [
            "Thứ Bảy 5/12/2026",
            "Saturday 5 December 2026",
            "2026년 12월 5일 (토)",
            "2026年12月5日 周六",
            "2026年12月5日(土)",
            "samedi 5 décembre 2026",
        ]
    );
    assert_eq!(
        each(|w| (w.day)(saturday)),
        [
            "thứ Bảy 5/12",
            "Sat 5 Dec",
            "12월 5일 (토)",
            "12月5日 周六",
            "12月5日(土)",
            "sam. 5 déc.",
        ]
    );
    assert_eq!(
        each(|w| (w.paper_date)(saturday)),
        [
            "ngày 5 tháng 12 năm 2026",
            "5 December 2026",
            "2026년 12월 5일",
            "2026年12月5日",
            "2026年12月5日",
            "5 décembre 2026",
        ]
    );
    assert_eq!(
        each(|w| (w.plain_date)(saturday)),
        [
            "5/12/2026",
            "5 December 2026",
            "2026년 12월 5일",
            "2026年12月5日",
            "2026年12月5日",
            "5 décembre 2026",
        ]
    );
    assert_eq!((Locale::Fr.writing().date)(on(2026, 12, 1)), "mardi 1er décembre 2026");
    assert_eq!(
        each(|w| (w.column_date)(saturday)),
        ["05/12/2026", "05/12/2026", "2026.12.05.", "2026/12/05", "2026/12/05", "05/12/2026"]
    );
}

#[test]
fn months_and_days_of_the_week_have_names() {
    let day = on(2026, 12, 6);
    assert_eq!(
        each(|w| (w.month)(day)),
        [
            "Tháng 12, 2026",
            "December 2026",
            "2026년 12월",
            "2026年12月",
            "2026年12月",
            "décembre 2026"
        ]
    );
    assert_eq!(each(|w| (w.month_brief)(day)), ["T12", "Dec", "12월", "12月", "12月", "déc."]);
    assert_eq!(
        each(|w| w.weekday(day).to_owned()),
        ["Chủ nhật", "Sun", "일요일", "周日", "日曜日", "dimanche"]
    );
    assert_eq!(each(|w| w.weekday_heads[5].to_owned()), ["T7", "Sa", "토", "六", "土", "sa"]);
    for month in 1..=12 {
        let names = each(|w| (w.month)(on(2026, month, 1)));
        assert!(names.iter().all(|name| name.contains("2026") && name.len() > 5), "{names:?}");
    }
}

#[test]
fn stretches_name_the_year_once() {
    let (from, to) = (on(2027, 2, 4), on(2027, 2, 11));
    assert_eq!(
        each(|w| (w.span)(from, to)),
        [
            "4/2–11/2/2027",
            "4/2–11/2/2027",
            "2027. 2. 4.~2. 11.",
            "2027年2月4日–2月11日",
            "2027年2月4日～2月11日",
            "4/2–11/2/2027",
        ]
    );
    for locale in Locale::ALL {
        let span = locale.writing().span;
        assert_eq!(span(from, from).matches("2027").count(), 1);
        assert_eq!(span(on(2026, 12, 30), to).matches("202").count(), 2);
    }
    assert_eq!(
        each(|w| (w.day_month)(28, 11)),
        ["28/11", "28/11", "11/28", "11/28", "11/28", "28/11"]
    );
    assert_eq!(
        each(|w| (w.lunar_day)(20, 10)),
        ["20/10", "20/10", "10월 20일", "10月20日", "10月20日", "20/10"]
    );
}

#[test]
fn times_stand_beside_their_day() {
    let at = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0).unwrap();
    let saturday = on(2026, 12, 5);
    assert_eq!(
        each(|w| w.day_at((w.date)(saturday), (w.time)(at(9, 0)))),
        [
            "thứ Bảy, 05/12/2026, 09:00",
            "Sat 5 Dec 2026, 09:00",
            "2026년 12월 5일 (토) 09:00",
            "2026年12月5日 周六 09:00",
            "2026年12月5日(土) 09:00",
            "samedi 5 décembre 2026 à 9\u{a0}h\u{a0}00",
        ]
    );
    assert_eq!(
        each(|w| w.day_during((w.day)(saturday), w.hours(at(9, 0), at(10, 30)))),
        [
            "thứ Bảy 5/12, 09:00–10:30",
            "Sat 5 Dec, 09:00–10:30",
            "12월 5일 (토) 09:00~10:30",
            "12月5日 周六 09:00–10:30",
            "12月5日(土) 09:00～10:30",
            "sam. 5 déc., 9\u{a0}h\u{a0}00 – 10\u{a0}h\u{a0}30",
        ]
    );
    assert_eq!(
        each(|w| w.moment((w.letter_date)(saturday), (w.time)(at(9, 5)))),
        [
            "09:05, Thứ Bảy 5/12/2026",
            "09:05, Saturday 5 December 2026",
            "2026년 12월 5일 (토) 09:05",
            "2026年12月5日 周六 09:05",
            "2026年12月5日(土) 09:05",
            "samedi 5 décembre 2026 à 9\u{a0}h\u{a0}05",
        ]
    );
}

#[test]
fn numbers_have_the_marks_of_the_language() {
    assert_eq!(
        each(|w| w.number(1_200_000)),
        [
            "1.200.000",
            "1,200,000",
            "1,200,000",
            "1,200,000",
            "1,200,000",
            "1\u{202f}200\u{202f}000",
        ]
    );
    assert_eq!(each(|w| w.number(-999)), ["−999"; 6].map(str::to_owned));
    assert_eq!(each(|w| w.decimal("3.2")), ["3,2", "3.2", "3.2", "3.2", "3.2", "3,2"]);
    assert_eq!(each(|w| w.percent("−10")), ["−10%", "−10%", "−10%", "−10%", "−10%", "−10\u{a0}%"]);
}

#[test]
fn labels_and_lists_have_the_marks_of_the_language() {
    assert_eq!(
        each(|w| w.labelled("A", w.commas(&["b", "c"]))),
        ["A: b, c", "A: b, c", "A: b, c", "A：b、c", "A：b、c", "A\u{a0}: b, c"]
    );
    assert_eq!(
        each(|w| w.sentences(&[format!("A{}", w.stop), format!("B{}", w.stop)])),
        ["A. B.", "A. B.", "A. B.", "A。B。", "A。B。", "A. B."]
    );
    assert_eq!(
        each(|w| w.remarked("A", w.semicolons(&["b", "c"]))),
        ["A (b; c)", "A (b; c)", "A(b; c)", "A（b；c）", "A（b；c）", "A (b\u{202f}; c)"]
    );
}
