//! The rule of the way, against all combinations there are.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

use crate::booking::testing::Scene;
use crate::booking::{Party, PartyLine};
use crate::catalogue::UnitKind;
use crate::pass::plan::{Departure, chains, keeps_the_way};
use crate::store::Kind;
use crate::store::testing::fresh;
use crate::{Dong, SlotId};

fn departure(from: i64, minutes: i64) -> Departure {
    let at = DateTime::<Utc>::UNIX_EPOCH + TimeDelta::minutes(from);
    Departure { slot: SlotId::new(at), starts_at: at, ends_at: at + TimeDelta::minutes(minutes) }
}

/// All chains that keep the way, tried one by one.
fn brute(stops: &[Vec<Departure>], ways: &[i64]) -> Vec<Vec<Departure>> {
    let mut all: Vec<Vec<Departure>> = vec![vec![]];
    for stop in stops {
        all = all
            .iter()
            .flat_map(|chain| stop.iter().map(|next| [chain.as_slice(), &[*next]].concat()))
            .collect();
    }
    all.retain(|chain| keeps_the_way(chain, ways));
    all
}

#[test]
fn the_shortest_day_comes_first() {
    let morning = [departure(0, 90), departure(60, 90)];
    let afternoon = [departure(200, 90), departure(300, 60)];
    let found = chains(&[morning.to_vec(), afternoon.to_vec()], &[30]);
    assert_eq!(found, [[morning[1], afternoon[0]], [morning[0], afternoon[0]]]);
    // Ten minutes are not enough for an hour's way.
    assert!(chains(&[vec![departure(0, 90)], vec![departure(100, 60)]], &[60]).is_empty());
    assert!(chains(&[], &[]).is_empty());
}

#[test]
fn a_long_visit_does_not_hide_the_last_stop() {
    // The one that begins first ends too late for the last stop.
    let stops = [
        vec![departure(0, 60)],
        vec![departure(70, 300), departure(90, 60)],
        vec![departure(200, 60)],
    ];
    assert_eq!(chains(&stops, &[10, 10]).len(), 1);
}

fn offered() -> impl Strategy<Value = Vec<Vec<Departure>>> {
    let stop = prop::collection::vec((0..600_i64, 10..200_i64), 0..6);
    prop::collection::vec(stop, 1..4).prop_map(|stops| {
        let stop = |stop: Vec<(i64, i64)>| stop.into_iter().map(|(at, n)| departure(at, n));
        stops.into_iter().map(|it| stop(it).collect()).collect()
    })
}

proptest! {
    /// What is offered keeps the way, and wherever a day can begin one that begins there is offered.
    #[test]
    fn plans_keep_the_way_and_miss_no_day(
        stops in offered(),
        ways in prop::collection::vec(0..120_i64, 3),
    ) {
        let found = chains(&stops, &ways);
        let all = brute(&stops, &ways);
        for chain in &found {
            prop_assert_eq!(chain.len(), stops.len());
            prop_assert!(keeps_the_way(chain, &ways));
            prop_assert!(all.contains(chain));
        }
        for start in &stops[0] {
            let begins = |chain: &&Vec<Departure>| chain[0].slot == start.slot;
            let best = all.iter().filter(begins).map(|chain| chain[chain.len() - 1].ends_at).min();
            let mine = found.iter().find(begins).map(|chain| chain[chain.len() - 1].ends_at);
            // And none that begins there ends sooner.
            prop_assert_eq!(best, mine);
        }
        let span = |chain: &Vec<Departure>| chain[chain.len() - 1].ends_at - chain[0].starts_at;
        prop_assert!(found.windows(2).all(|two| span(&two[0]) <= span(&two[1])));
    }

    /// What a page shows for one is what a party pays: each price is cut, never their sum.
    #[test]
    fn what_is_shown_is_what_is_charged(
        prices in prop::collection::vec((1..5_000_i64, 0..9_u32), 1..5),
        percent in 0..=50_u8,
    ) {
        let lines: Vec<PartyLine> = prices
            .iter()
            .map(|(price, quantity)| PartyLine {
                unit_id: crate::UnitId::new(DateTime::UNIX_EPOCH),
                kind: UnitKind::Adult,
                quantity: *quantity,
                price: Dong(price * 500),
                seats: 1,
                group: None,
                steps: Vec::new(),
            })
            .collect();
        let json = serde_json::to_string(&lines).unwrap();
        let party: Party = serde_json::from_str(&json).unwrap();
        let full = party.total();
        let less = party.less(percent);
        let shown: Dong = prices
            .iter()
            .map(|(price, quantity)| Dong(price * 500).less(percent).times(*quantity).unwrap())
            .sum();
        prop_assert_eq!(less.total(), shown);
        prop_assert!(less.total() <= full);
        prop_assert!(percent == 0 || less.lines().iter().all(|line| line.price.0 % 1_000 == 0));
    }
}

#[tokio::test]
async fn a_booked_price_is_not_cut_twice() {
    let store = fresh(Kind::Sqlite).await.unwrap();
    let scene = Scene::new(&store).await;
    let (_, option) = scene.catalogue.option(scene.option).unwrap();
    let before = Party::of_any_size(option, &[(scene.adult, 1)]).unwrap().less(10);
    assert_eq!(before.total(), Dong(270_000));
    let wish = [(scene.adult, 2), (scene.child, 1)];
    let after = Party::changed_to_any_size(option, &before, &wish).unwrap();
    let after = after.less_beside(&before, 10);
    assert_eq!(after.total(), Dong(2 * 270_000 + 180_000));
}
