//! The arithmetic of shares.

use proptest::prelude::*;

use crate::Dong;
use crate::ledger::{How, PartyKind, RuleInput, Share, ShareInput, Shares, Wrong, divide, percent};

fn dong(amounts: &[i64]) -> Vec<Dong> {
    amounts.iter().copied().map(Dong).collect()
}

#[test]
fn a_usual_rule_gives_what_one_expects() {
    let hows =
        [How::Visit(Dong(100_000)), How::Percent(1_000), How::Person(Dong(5_000)), How::Rest];
    assert_eq!(divide(Dong(900_000), 3, &hows), dong(&[100_000, 90_000, 15_000, 695_000]));
}

#[test]
fn thirds_add_up_and_the_odd_dong_goes_to_the_largest_fraction() {
    let third = How::Percent(3_333);
    assert_eq!(divide(Dong(100), 1, &[third, third, How::Rest]), dong(&[33, 33, 34]));
    assert_eq!(divide(Dong(10_001), 1, &[How::Percent(5_000), How::Rest]), dong(&[5_001, 5_000]));
    assert_eq!(divide(Dong(1), 1, &[How::Rest, How::Percent(6_000)]), dong(&[0, 1]));
}

#[test]
fn where_there_is_too_little_the_first_are_served_first() {
    let hows =
        [How::Visit(Dong(200_000)), How::Percent(5_000), How::Visit(Dong(50_000)), How::Rest];
    assert_eq!(divide(Dong(300_000), 1, &hows), dong(&[200_000, 100_000, 0, 0]));
    assert_eq!(divide(Dong(150_000), 1, &hows), dong(&[150_000, 0, 0, 0]));
    assert_eq!(divide(Dong(0), 4, &hows), dong(&[0, 0, 0, 0]));
    assert_eq!(divide(Dong(-5), 4, &hows), dong(&[0, 0, 0, 0]));
    assert_eq!(divide(Dong(100), 4, &[]), dong(&[]));
}

fn how() -> impl Strategy<Value = How> {
    prop_oneof![
        (0_i64..2_000_000).prop_map(|amount| How::Visit(Dong(amount))),
        (0_i64..300_000).prop_map(|amount| How::Person(Dong(amount))),
        (0_u32..=10_000).prop_map(How::Percent),
        Just(How::Rest),
    ]
}

proptest! {
    #[test]
    fn shares_always_add_up_and_never_fall_below_nothing(
        total in prop_oneof![0_i64..5_000_000, Just(i64::MAX), -100_i64..0],
        people in 0_u32..60,
        hows in proptest::collection::vec(how(), 1..8),
    ) {
        let amounts = divide(Dong(total), people, &hows);
        prop_assert_eq!(amounts.len(), hows.len());
        prop_assert!(amounts.iter().all(|amount| *amount >= Dong::ZERO));
        let sum: i128 = amounts.iter().map(|amount| i128::from(amount.0)).sum();
        prop_assert_eq!(sum, i128::from(total.max(0)));
    }

    #[test]
    fn parts_are_within_a_dong_of_their_exact_value_and_fixed_ones_exact(
        total in 0_i64..50_000_000,
        people in 1_u32..40,
        fixed in 0_i64..100_000,
        parts in proptest::collection::vec(0_u32..3_000, 1..4),
    ) {
        let mut hows = vec![How::Person(Dong(fixed))];
        hows.extend(parts.iter().copied().map(How::Percent));
        hows.push(How::Rest);
        let amounts = divide(Dong(total), people, &hows);
        let due = i128::from(fixed) * i128::from(people);
        let asked = due * 10_000
            + parts.iter().map(|part| i128::from(total) * i128::from(*part)).sum::<i128>();
        prop_assume!(asked <= i128::from(total) * 10_000);
        prop_assert_eq!(i128::from(amounts[0].0), due);
        for (part, amount) in parts.iter().zip(&amounts[1..]) {
            let exact = i128::from(total) * i128::from(*part);
            prop_assert!((i128::from(amount.0) * 10_000 - exact).abs() < 10_000);
        }
    }

    #[test]
    fn a_later_share_never_takes_from_an_earlier_fixed_one(
        total in 0_i64..1_000_000,
        first in 0_i64..1_000_000,
        hows in proptest::collection::vec(how(), 0..6),
    ) {
        let mut all = vec![How::Visit(Dong(first))];
        all.extend(hows.into_iter().filter(|how| *how != How::Rest));
        all.push(How::Rest);
        prop_assert_eq!(divide(Dong(total), 7, &all)[0], Dong(first.min(total)));
    }
}

fn row(to: PartyKind, how: &str, value: &str) -> ShareInput {
    let name = if to == PartyKind::Reseller { "Du lịch Sen" } else { "" };
    ShareInput { to: to.to_string(), name: name.into(), how: how.into(), value: value.into() }
}

fn typed(rows: Vec<ShareInput>) -> RuleInput {
    RuleInput { valid_from: "2026-12-05".into(), shares: rows }
}

#[test]
fn shares_are_read_as_people_type_them() {
    let rows = vec![
        row(PartyKind::Guide, "person", "50k"),
        row(PartyKind::Reseller, "percent", " 12,5 % "),
        row(PartyKind::CoopFund, "percent", "5"),
        row(PartyKind::VillageFund, "none", "7"),
        row(PartyKind::Workshop, "rest", ""),
    ];
    let draft = typed(rows.clone()).parse().unwrap();
    let shares = draft.shares.unwrap();
    let hows: Vec<How> = shares.iter().map(|share| share.how).collect();
    let fifty = How::Person(Dong(50_000));
    assert_eq!(hows, [fifty, How::Percent(1_250), How::Percent(500), How::Rest]);
    let again = RuleInput::rows(&shares, |amount| amount.0.to_string());
    assert_eq!(again[1].value, "12,5");
    assert_eq!(typed(again).shares().unwrap(), shares);
    let json = serde_json::to_string(&shares).unwrap();
    assert!(
        json.contains(r#"{"to":"reseller","name":"Du lịch Sen","how":"percent","value":1250}"#)
    );
    assert_eq!(serde_json::from_str::<Shares>(&json).unwrap(), shares);
    assert!(serde_json::from_str::<Shares>("[]").is_err());
    assert_eq!(
        [percent(1_250, '.'), percent(5, '.'), percent(10_000, '.')],
        ["12.5", "0.05", "100"]
    );
}

#[test]
fn shares_that_do_not_divide_are_refused() {
    let rest = row(PartyKind::Workshop, "rest", "");
    let first = |rows: Vec<ShareInput>| typed(rows).parse().unwrap_err()[0].1;
    assert_eq!(first(vec![]), Wrong::OneRest);
    assert_eq!(first(vec![rest.clone(), row(PartyKind::CoopFund, "rest", "")]), Wrong::OneRest);
    assert_eq!(first(vec![rest.clone(), rest.clone()]), Wrong::OneRest);
    let guide = |how, value| row(PartyKind::Guide, how, value);
    for value in ["", "0", "100,5", "1,234", "-3", "5 5", "x"] {
        assert_eq!(first(vec![guide("percent", value), rest.clone()]), Wrong::Percent, "{value}");
    }
    for value in ["", "0", "1.5", "-3", "9999999999"] {
        assert_eq!(first(vec![guide("visit", value), rest.clone()]), Wrong::Amount, "{value}");
    }
    assert_eq!(first(vec![guide("half", "1"), rest.clone()]), Wrong::Choice);
    let much =
        vec![guide("percent", "60"), row(PartyKind::CoopFund, "percent", "41"), rest.clone()];
    assert_eq!(first(much), Wrong::OverHundred);
    let twice = vec![guide("percent", "6"), guide("visit", "10000"), rest.clone()];
    assert_eq!(first(twice), Wrong::Twice);
    let nameless = ShareInput { name: " ".into(), ..row(PartyKind::Reseller, "percent", "6") };
    assert_eq!(first(vec![nameless, rest.clone()]), Wrong::Missing);
    let mut undated = typed(vec![rest]);
    undated.valid_from = "5/12".into();
    assert_eq!(undated.parse().unwrap_err()[0].1, Wrong::Date);
}

#[test]
fn everything_is_the_workshops_where_nobody_made_a_rule() {
    let shares = Shares::all_to_the_workshop();
    let all: Vec<(&Share, Dong)> = shares.of(Dong(350_000), 2);
    assert_eq!((all.len(), all[0].0.to, all[0].1), (1, PartyKind::Workshop, Dong(350_000)));
}
