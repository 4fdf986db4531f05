//! Every đồng of cards is in the ledger, whatever happens: sold = used + run out + paid back + still
//! on cards.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;
use crate::booking::checkin::{CheckIn, check_in};
use crate::both_dbs;

#[derive(Debug, Clone)]
enum Deed {
    Order(i64),
    Give(i64),
    /// In tenths of the value.
    Pay {
        of: usize,
        tenths: i64,
    },
    Book {
        adults: u32,
    },
    Spend {
        booking: usize,
        card: usize,
    },
    Cancel(usize),
    Arrive(usize),
    CancelCard(usize),
    PayBack {
        of: usize,
        tenths: i64,
    },
    Wait(i64),
    Work,
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        3 => (1_i64..8).prop_map(|n| Deed::Order(n * 100_000)),
        1 => (1_i64..5).prop_map(|n| Deed::Give(n * 100_000)),
        5 => (0_usize..4, prop_oneof![3 => Just(10_i64), 1 => 1_i64..15])
            .prop_map(|(of, tenths)| Deed::Pay { of, tenths }),
        4 => (1_u32..3).prop_map(|adults| Deed::Book { adults }),
        6 => (0_usize..4, 0_usize..4).prop_map(|(booking, card)| Deed::Spend { booking, card }),
        2 => (0_usize..4).prop_map(Deed::Cancel),
        1 => (0_usize..4).prop_map(Deed::Arrive),
        1 => (0_usize..4).prop_map(Deed::CancelCard),
        2 => (0_usize..4, 1_i64..12).prop_map(|(of, tenths)| Deed::PayBack { of, tenths }),
        2 => (1_i64..60).prop_map(Deed::Wait),
        1 => Just(Deed::Wait(24 * 370)),
        2 => Just(Deed::Work),
    ]
}

async fn lives(
    shop: &Shop,
    at: usize,
    deed: Deed,
    cards: &mut Vec<GiftCard>,
    booked: &mut Vec<Booking>,
) {
    let store = shop.store();
    match deed {
        Deed::Order(value) => cards.push(shop.orders(value).await),
        Deed::Give(value) => cards.push(shop.given(value).await),
        Deed::Pay { of, tenths } => {
            if let Some(card) = cards.get(of).filter(|card| card.pay_code.is_some()) {
                shop.pays(card, (card.value.0 * tenths / 10).max(1)).await;
            }
        }
        Deed::Book { adults } => {
            let minutes = i64::try_from(at).unwrap();
            let slot =
                shop.scene.add_slot(TimeDelta::hours(60) + TimeDelta::minutes(minutes)).await;
            booked.push(shop.scene.booked(slot, adults).await.unwrap());
        }
        Deed::Spend { booking, card } => {
            if let Some((booking, card)) = booked.get(booking).zip(cards.get(card)) {
                let _ = shop.spends(booking, card).await;
            }
        }
        Deed::Cancel(of) => {
            if let Some(booking) = booked.get(of) {
                let cancel = CancelByGuest { booking: booking.id, reason: String::new() };
                let _ =
                    store.write("cancel", cancel, |tx, c| Box::pin(cancel_by_guest(tx, c))).await;
            }
        }
        Deed::Arrive(of) => {
            if let Some(booking) = booked.get(of) {
                let actor = shop.scene.staff.clone();
                let arrive = CheckIn { actor, booking: booking.id, arrived: 1, at: None };
                let _ = store.write("in", arrive, |tx, c| Box::pin(check_in(tx, c))).await;
            }
        }
        Deed::CancelCard(of) => {
            if let Some(card) = cards.get(of) {
                let _ = shop.controls(card, super::super::Deed::Cancel).await;
            }
        }
        Deed::PayBack { of, tenths } => {
            if let Some(card) = cards.get(of) {
                let _ = shop.pays_back(card, (card.value.0 * tenths / 10).max(1)).await;
            }
        }
        Deed::Wait(hours) => store.clock().advance(TimeDelta::hours(hours)),
        Deed::Work => shop.works().await,
    }
}

async fn holds(store: &Store, percent: i32, deeds: Vec<Deed>) {
    let shop = Shop::new(store, percent).await;
    let (mut cards, mut booked) = (Vec::new(), Vec::new());
    for (at, deed) in deeds.into_iter().enumerate() {
        lives(&shop, at, deed, &mut cards, &mut booked).await;
    }
    for _ in 0..3 {
        shop.works().await;
    }
    let mut conn = store.read().await.unwrap();
    // Those of earlier stories too: time passes for all of them.
    let all: Vec<GiftCard> = conn.fetch_all("SELECT * FROM gift_card", vec![]).await.unwrap();
    drop(conn);
    assert!(all.len() >= cards.len());
    let mut owed = Dong::ZERO;
    for card in &all {
        let mut conn = store.read().await.unwrap();
        let held = paid_for(&mut conn, card.id).await.unwrap();
        let moves = moves_of(&mut conn, card.id).await.unwrap();
        let uses = uses_of(&mut conn, card.id).await.unwrap();
        drop(conn);
        let expired: Dong = moves
            .iter()
            .filter(|moved| moved.kind == CardMoveKind::Expired)
            .map(|moved| moved.amount)
            .sum();
        let used = uses.iter().fold(Dong::ZERO, |sum, one| match one.kind {
            payment::MoveKind::Received => sum + one.amount,
            payment::MoveKind::Refunded => sum - one.amount,
        });
        assert_eq!(card.value, card.remaining + used + expired, "{card:?}");
        if card.origin == Origin::Bought {
            owed += held - used - expired;
        }
    }
    assert_eq!(shop.owed().await, owed.0, "what is owed is what is on cards");
    for booking in &booked {
        let (money, _) = shop.money(booking).await;
        assert!(money.net() >= Dong::ZERO);
    }
    let mut conn = store.read().await.unwrap();
    let sums: Vec<(i64,)> = conn
        .fetch_all("SELECT CAST(SUM(amount) AS BIGINT) FROM ledger_line GROUP BY entry_id", vec![])
        .await
        .unwrap();
    assert!(sums.iter().all(|(sum,)| *sum == 0), "an entry does not balance");
    // Of each booking: received = used + paid back + still held, in the guests' account.
    for booking in &booked {
        let (held,): (i64,) = conn
            .fetch_one(
                "SELECT CAST(COALESCE(SUM(line.amount), 0) AS BIGINT) FROM ledger_line line \
                 JOIN ledger_entry entry ON entry.id = line.entry_id \
                 JOIN ledger_party party ON party.id = line.party_id \
                 WHERE entry.booking_id = $1 AND party.kind = 'guests'",
                params![booking.id],
            )
            .await
            .unwrap();
        let money = payment::money_of(&mut conn, booking.id).await.unwrap();
        assert!(held >= 0 && held <= money.net().0, "{held} {money:?}");
    }
}

both_dbs! {
    async fn every_dong_of_a_card_is_traced(store) {
        let stories =
            (prop_oneof![Just(0_i32), 1_i32..=100], proptest::collection::vec(deed(), 8..30));
        let config = Config { cases: 20, failure_persistence: None, ..Config::default() };
        let mut runner = TestRunner::new(config);
        let handle = tokio::runtime::Handle::current();
        tokio::task::block_in_place(|| {
            runner.run(&stories, |(percent, deeds)| {
                handle.block_on(holds(&store, percent, deeds));
                Ok(())
            })
        })
        .unwrap();
    }
}
