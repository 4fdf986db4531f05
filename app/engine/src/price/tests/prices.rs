//! One ticket's price.

use chrono::{NaiveDate, TimeDelta, Weekday};
use proptest::prelude::*;

use crate::price::{
    Change, PriceLevel, PriceRule, PriceRules, RuleInput, RuleList, Sale, When, Why, reckon,
};
use crate::schedule::{LunarDays, Weekdays};
use crate::{Dong, Locale, Localized};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn rule(when: When, change: Change) -> PriceRule {
    let name = Localized { vi: "Cuối tuần".into(), en: "Weekend".into() };
    PriceRule { name: if when.is_of_day() { name } else { Localized::default() }, when, change }
}

fn weekend(percent: i32) -> PriceRule {
    let days = Weekdays(vec![Weekday::Sat, Weekday::Sun]);
    rule(When::Weekdays { days }, Change::Percent(percent))
}

fn sale(rules: Vec<PriceRule>) -> Sale {
    Sale {
        // A Saturday; 27/10 of the lunar year.
        day: day("2026-12-05"),
        booked_on: day("2026-11-24"),
        level: PriceLevel::USUAL,
        rules: PriceRules(rules),
        residents: false,
    }
}

#[test]
fn each_reason_is_told_with_what_it_came_to() {
    let rules = vec![
        weekend(10),
        rule(When::Early { days: 7 }, Change::Percent(-5)),
        rule(When::Group { people: 8 }, Change::Each(Dong(-30_000))),
    ];
    let priced = reckon(Dong(250_000), &sale(rules), 9);
    let told: Vec<(String, i64)> =
        priced.steps.iter().map(|step| (step.words(Locale::Vi), step.each.0)).collect();
    let step = |words: &str, each| (words.to_owned(), each);
    assert_eq!(
        told,
        [
            step("Cuối tuần +10%", 25_000),
            // 12.500 is rounded up to whole thousands, as the price is.
            step("Đặt trước 7 ngày −5%", -12_000),
            step("Đoàn từ 8 người", -30_000),
        ]
    );
    assert_eq!(priced.price, Dong(233_000));
    assert_eq!(priced.steps[0].words(Locale::En), "Weekend +10%");
}

#[test]
fn the_highest_step_that_was_reached_applies() {
    let early = |days, percent| rule(When::Early { days }, Change::Percent(percent));
    let group = |people, percent| rule(When::Group { people }, Change::Percent(percent));
    let rules = vec![early(7, -5), early(30, -20), early(10, -10), group(20, -15), group(10, -10)];
    let whys = |people| -> Vec<Why> {
        let priced = reckon(Dong(100_000), &sale(rules.clone()), people);
        priced.steps.into_iter().map(|step| step.why).collect()
    };
    assert_eq!(whys(9), [Why::Early { days: 10 }]);
    assert_eq!(whys(10), [Why::Early { days: 10 }, Why::Group { people: 10 }]);
    assert_eq!(whys(60), [Why::Early { days: 10 }, Why::Group { people: 20 }]);
}

#[test]
fn days_are_named_by_week_season_date_and_moon() {
    let on = |when: When, date: &str| {
        let mut sale = sale(vec![rule(when, Change::Percent(50))]);
        sale.day = day(date);
        reckon(Dong(100_000), &sale, 1).price == Dong(150_000)
    };
    let season = When::Season { from: "12-15".into(), to: "01-10".into() };
    assert!(on(season.clone(), "2026-12-15") && on(season.clone(), "2027-01-10"));
    assert!(!on(season, "2027-01-11"));
    let dates = When::Dates { from: day("2026-12-05"), to: day("2026-12-06") };
    assert!(on(dates.clone(), "2026-12-06") && !on(dates, "2027-12-05"));
    // Tết is 6 February 2027.
    let tet = When::LunarRange { from: "23/12".parse().unwrap(), to: "6/1".parse().unwrap() };
    assert!(on(tet.clone(), "2027-02-06") && on(tet.clone(), "2027-02-11"));
    assert!(!on(tet, "2027-02-12"));
    let full_moon = When::LunarDays { days: LunarDays(vec![1, 15]) };
    assert!(on(full_moon.clone(), "2027-02-06") && !on(full_moon, "2027-02-07"));
}

#[test]
fn residents_pay_less_only_when_they_say_so() {
    let mut sale = sale(vec![rule(When::Residents, Change::Percent(-20))]);
    assert_eq!(reckon(Dong(200_000), &sale, 2).price, Dong(200_000));
    sale.residents = true;
    assert_eq!(reckon(Dong(200_000), &sale, 2).price, Dong(160_000));
}

#[test]
fn nobody_may_be_charged_more_for_where_they_live() {
    let typed = |way: &str| {
        RuleList::parse(&[RuleInput {
            when: "residents".into(),
            way: way.into(),
            by: "percent".into(),
            much: "20".into(),
            ..RuleInput::default()
        }])
    };
    assert!(typed("less").is_ok());
    assert!(typed("more").is_err());
}

#[test]
fn what_was_saved_is_typed_again_unchanged() {
    let rules = vec![
        weekend(15),
        rule(When::Season { from: "06-01".into(), to: "08-31".into() }, Change::Percent(-10)),
        rule(
            When::Dates { from: day("2027-04-30"), to: day("2027-05-03") },
            Change::Each(Dong(50_000)),
        ),
        rule(
            When::LunarRange { from: "23/12".parse().unwrap(), to: "15/1".parse().unwrap() },
            Change::Percent(20),
        ),
        rule(When::LunarDays { days: LunarDays(vec![1, 15]) }, Change::Percent(5)),
        rule(When::Early { days: 14 }, Change::Percent(-5)),
        rule(When::Group { people: 10 }, Change::Each(Dong(-40_000))),
        rule(When::Residents, Change::Percent(-15)),
    ];
    let typed: Vec<RuleInput> = rules.iter().map(RuleInput::of).collect();
    let read = RuleList::parse(&typed).unwrap();
    let before = PriceRules(rules);
    let json = serde_json::to_string(&before).unwrap();
    assert_eq!(serde_json::from_str::<PriceRules>(&json).unwrap(), before);
    assert_eq!(read, RuleList::parse(&typed).unwrap());
    assert_eq!(format!("{read:?}"), format!("RuleList({before:?})"));
}

fn any_rule() -> impl Strategy<Value = PriceRule> {
    let change = prop_oneof![
        (-90..=200_i32).prop_map(Change::Percent),
        (-2_000_000..2_000_000_i64).prop_map(|amount| Change::Each(Dong(amount))),
    ];
    let when = prop_oneof![
        Just(When::Weekdays { days: Weekdays(vec![Weekday::Sat]) }),
        Just(When::Season { from: "11-15".into(), to: "02-01".into() }),
        Just(When::LunarDays { days: LunarDays(vec![1, 15, 27]) }),
        (1..60_i32).prop_map(|days| When::Early { days }),
        (2..30_i32).prop_map(|people| When::Group { people }),
        Just(When::Residents),
    ];
    (when, change).prop_map(|(when, change)| rule(when, change))
}

proptest! {
    #[test]
    fn the_steps_add_up_and_nothing_costs_less_than_nothing(
        usual in 0..5_000_i64,
        rules in prop::collection::vec(any_rule(), 0..7),
        (ahead, days, people, percent, residents) in
            (0..90_i64, 0..60_i64, 1..40_i32, 50..=200_i32, any::<bool>()),
    ) {
        let usual = Dong(usual * 500);
        let booked_on = day("2026-11-24") + TimeDelta::days(days);
        let level = PriceLevel::new(percent).unwrap();
        let day = booked_on + TimeDelta::days(ahead);
        let sale = Sale { day, booked_on, level, rules: PriceRules(rules), residents };
        let priced = reckon(usual, &sale, people);
        let steps: Dong = priced.steps.iter().map(|step| step.each).sum();
        prop_assert_eq!(priced.usual + steps, priced.price);
        prop_assert!(priced.price >= Dong::ZERO);
        prop_assert!(priced.steps.iter().all(|step| step.each != Dong::ZERO));
        prop_assert!(usual > Dong::ZERO || priced.price == Dong::ZERO, "free is free");
        // Each reason once.
        let kinds: Vec<_> = priced.steps.iter().map(|step| std::mem::discriminant(&step.why)).collect();
        let days = kinds.iter().filter(|kind| {
            **kind == std::mem::discriminant(&Why::Day { name: Localized::default() })
        });
        prop_assert!(days.count() <= 3);
        prop_assert_eq!(reckon(usual, &sale, people), priced, "the same again");
    }

    #[test]
    fn who_comes_earlier_or_with_more_never_pays_more_where_steps_only_lower(
        usual in 20..5_000_i64,
        steps in prop::collection::vec((1..40_i32, 1..30_i32), 1..5),
        (ahead, people) in (0..60_i64, 1..40_i32),
    ) {
        // Tiers as hosts write them: the higher the step, the larger the saving.
        let mut steps = steps;
        steps.sort_unstable();
        let mut percents: Vec<i32> = steps.iter().map(|(_, percent)| *percent).collect();
        percents.sort_unstable();
        let tiers = steps.iter().zip(percents);
        let rules: Vec<PriceRule> = tiers
            .flat_map(|((at, _), percent)| {
                let change = Change::Percent(-percent);
                [rule(When::Early { days: *at }, change), rule(When::Group { people: *at + 1 }, change)]
            })
            .collect();
        let price = |ahead: i64, people| {
            let mut sale = sale(rules.clone());
            sale.booked_on = sale.day - TimeDelta::days(ahead);
            reckon(Dong(usual * 1_000), &sale, people).price
        };
        prop_assert!(price(ahead + 1, people) <= price(ahead, people));
        prop_assert!(price(ahead, people + 1) <= price(ahead, people));
    }
}
