//! Every đồng is in the ledger: received = used + paid back + still held, of each booking.

use chrono::TimeDelta;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;
use crate::booking::StateKind;
use crate::booking::checkin::{CheckIn, check_in};
use crate::store::StoreError;
use crate::{BookingId, both_dbs};

#[derive(Debug, Clone)]
enum Deed {
    Book {
        adults: u32,
    },
    /// In tenths of what is asked.
    Pay {
        of: usize,
        tenths: i64,
    },
    Cancel(usize),
    Arrive(usize),
    PayBack {
        of: usize,
        tenths: i64,
    },
    Wait(i64),
    Work,
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        4 => (1_u32..4).prop_map(|adults| Deed::Book { adults }),
        6 => (0_usize..5, 1_i64..15).prop_map(|(of, tenths)| Deed::Pay { of, tenths }),
        2 => (0_usize..5).prop_map(Deed::Cancel),
        2 => (0_usize..5).prop_map(Deed::Arrive),
        2 => (0_usize..5, 1_i64..12).prop_map(|(of, tenths)| Deed::PayBack { of, tenths }),
        3 => (1_i64..40).prop_map(Deed::Wait),
        3 => Just(Deed::Work),
    ]
}

/// Held, used and paid back of a booking, as the ledger has it.
async fn traced(store: &Store, booking: BookingId) -> (i64, i64, i64, i64) {
    let sum = |kinds: &'static str| async move {
        let mut conn = store.read().await.unwrap();
        let sql = format!(
            "SELECT CAST(COALESCE(SUM(line.amount), 0) AS BIGINT) FROM ledger_line line \
             JOIN ledger_entry entry ON entry.id = line.entry_id \
             WHERE entry.booking_id = $1 AND line.side = 'prepaid' AND entry.kind IN ({kinds})"
        );
        let (sum,): (i64,) =
            conn.fetch_one(sqlx::AssertSqlSafe(sql), params![booking]).await.unwrap();
        sum
    };
    let held = sum("'prepayment', 'refund', 'visit', 'kept', 'correction'").await;
    (
        sum("'prepayment'").await,
        -sum("'visit', 'kept', 'correction'").await,
        -sum("'refund'").await,
        held,
    )
}

async fn work(store: &Store) {
    let done = store
        .write("enter", (), |tx, ()| Box::pin(async move { crate::ledger::enter_due(tx).await }));
    done.await.unwrap();
}

async fn holds(store: &Store, percent: i32, deeds: Vec<Deed>) {
    let till = Till::new(store, percent).await;
    let mut bookings: Vec<Booking> = Vec::new();
    for (at, deed) in deeds.into_iter().enumerate() {
        match deed {
            Deed::Book { adults } => {
                // The hours pass by whole ones: no two departures begin together.
                let minutes = i64::try_from(at).unwrap();
                let ahead = TimeDelta::hours(60) + TimeDelta::minutes(minutes);
                let slot = till.scene.add_slot(ahead).await;
                bookings.push(till.scene.booked(slot, adults).await.unwrap());
            }
            Deed::Pay { of, tenths } => {
                if let Some(booking) = bookings.get(of) {
                    let amount = (booking.total.0 * tenths / 10).max(1);
                    let code = till.code(booking).await;
                    till.take(vec![till.told(&format!("{at}"), amount, &code)]).await;
                }
            }
            Deed::Cancel(of) => {
                if let Some(booking) = bookings.get(of) {
                    let _ = till.cancel(booking).await;
                }
            }
            Deed::Arrive(of) => {
                if let Some(booking) = bookings.get(of) {
                    let arrive = CheckIn {
                        actor: till.scene.staff.clone(),
                        booking: booking.id,
                        arrived: 1,
                        at: None,
                    };
                    let _ = store.write("in", arrive, |tx, c| Box::pin(check_in(tx, c))).await;
                }
            }
            Deed::PayBack { of, tenths } => {
                if let Some(booking) = bookings.get(of) {
                    let amount = (booking.total.0 * tenths / 10).max(1);
                    let _ = till.pay_back(booking, amount).await;
                }
            }
            Deed::Wait(hours) => {
                store.clock().advance(TimeDelta::hours(hours));
                till.expire().await;
            }
            Deed::Work => work(store).await,
        }
    }
    store.clock().advance(TimeDelta::hours(64));
    till.expire().await;
    for _ in 0..3 {
        work(store).await;
    }
    for booking in &bookings {
        let (received, used, back, held) = traced(store, booking.id).await;
        assert_eq!(received, used + back + held);
        let (money, reckoning) = till.money(booking).await;
        assert_eq!(received, (money.received + money.late).0);
        assert_eq!(back, money.refunded.0);
        assert_eq!(held, money.net().0 - used);
        let now = till.scene.again(booking).await;
        let (earned, open) = match now.state.kind() {
            StateKind::CheckedIn => (now.total.min(money.net()).0, true),
            StateKind::Cancelled | StateKind::NoShow => (reckoning.kept.0, true),
            StateKind::Expired => (0, true),
            // Nobody marked whether they came: the money waits.
            _ => (0, false),
        };
        assert_eq!(used, earned, "{:?} {money:?}", now.state);
        if open {
            assert_eq!(held, reckoning.due.0, "{:?} {money:?}", now.state);
        }
    }
    let mut conn = store.read().await.unwrap();
    let sums: Vec<(i64,)> = conn
        .fetch_all("SELECT CAST(SUM(amount) AS BIGINT) FROM ledger_line GROUP BY entry_id", vec![])
        .await
        .unwrap();
    assert!(sums.iter().all(|(sum,)| *sum == 0), "an entry does not balance");
}

both_dbs! {
    async fn every_dong_is_traced(store) {
        let stories = (1_i32..=100, proptest::collection::vec(deed(), 6..26));
        let config = Config { cases: 24, failure_persistence: None, ..Config::default() };
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

    async fn what_a_late_canceller_loses_is_shared_like_a_visit(store) {
        let till = Till::new(&store, 100).await;
        let booking = till.booked().await;
        let code = till.code(&booking).await;
        till.pays("1", 600_000, &code).await;
        store.clock().advance(TimeDelta::days(1));
        till.cancel(&booking).await.unwrap();
        work(&store).await;
        assert_eq!(traced(&store, booking.id).await, (600_000, 300_000, 0, 300_000));
        till.pay_back(&booking, 300_000).await.unwrap();
        work(&store).await;
        assert_eq!(traced(&store, booking.id).await, (600_000, 300_000, 300_000, 0));
        let mut conn = store.read().await.unwrap();
        let (share,): (i64,) = conn
            .fetch_one(
                "SELECT CAST(COALESCE(SUM(line.amount), 0) AS BIGINT) FROM ledger_line line \
                 JOIN ledger_entry entry ON entry.id = line.entry_id \
                 WHERE entry.booking_id = $1 AND entry.kind = 'kept' AND line.side = 'share'",
                params![booking.id],
            )
            .await
            .map_err(|error: StoreError| error)
            .unwrap();
        assert_eq!(share, 300_000);
    }
}
