//! Every đồng of orders is in the ledger, whatever happens: received less paid back = sold + still held.

use chrono::TimeDelta;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;
use crate::clock::local_date;
use crate::ledger::Method;
use crate::payment::{SumData, SumInput};
use crate::{both_dbs, params};

#[derive(Debug, Clone)]
enum Act {
    Order {
        quantity: i32,
        transfer: bool,
    },
    /// In tenths of the price.
    Pay {
        of: usize,
        tenths: i64,
    },
    Cancel(usize),
    Pack(usize),
    HandOver(usize),
    Withdraw(usize),
    Return(usize),
    PayBack {
        of: usize,
        tenths: i64,
    },
    Wait(i64),
    Work,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (1_i32..4, any::<bool>()).prop_map(|(quantity, transfer)| Act::Order { quantity, transfer }),
        5 => (0_usize..4, prop_oneof![3 => Just(10_i64), 1 => 1_i64..15])
            .prop_map(|(of, tenths)| Act::Pay { of, tenths }),
        1 => (0_usize..4).prop_map(Act::Cancel),
        2 => (0_usize..4).prop_map(Act::Pack),
        3 => (0_usize..4).prop_map(Act::HandOver),
        2 => (0_usize..4).prop_map(Act::Withdraw),
        2 => (0_usize..4).prop_map(Act::Return),
        2 => (0_usize..4, 1_i64..12).prop_map(|(of, tenths)| Act::PayBack { of, tenths }),
        2 => (1_i64..60).prop_map(Act::Wait),
        1 => Just(Act::Work),
    ]
}

async fn lives(house: &House, piece: &Product, act: Act, orders: &mut Vec<Order>) {
    let store = house.store();
    match act {
        Act::Order { quantity, transfer } => {
            let pays = if transfer { "transfer" } else { "counter" };
            orders.extend(house.orders(piece, quantity, ("collect", pays)).await.ok());
        }
        Act::Pay { of, tenths } => {
            if let Some(order) = orders.get(of).filter(|order| order.account_id.is_some()) {
                house.pays(order, (order.total().0 * tenths / 10).max(1)).await;
            }
        }
        Act::Cancel(of) => {
            if let Some(order) = orders.get(of) {
                let _ = house.cancels(order).await;
            }
        }
        Act::Pack(of) => {
            if let Some(order) = orders.get(of) {
                let _ = house.does(order, Deed::Pack).await;
            }
        }
        Act::HandOver(of) => {
            if let Some(order) = orders.get(of) {
                let _ = house.does(order, Deed::HandOver(Some(Method::Cash))).await;
            }
        }
        Act::Withdraw(of) => {
            if let Some(order) = orders.get(of) {
                let _ = house.withdraws(order).await;
            }
        }
        Act::Return(of) => {
            if let Some(order) = orders.get(of) {
                let _ = house.does(order, Deed::Return).await;
            }
        }
        Act::PayBack { of, tenths } => {
            if let Some(order) = orders.get(of) {
                let today = local_date(store.now());
                let input = SumInput {
                    amount: (order.total().0 * tenths / 10).max(1).to_string(),
                    date: today.to_string(),
                    method: "transfer".into(),
                    note: String::new(),
                };
                let back = Back {
                    actor: house.scene.owner.clone(),
                    order: order.id,
                    sum: SumData::parse(&input, today, false).unwrap(),
                    form_key: Uuid::now_v7().to_string(),
                };
                let _ = store.write("back", back, |tx, c| Box::pin(pay_back(tx, c))).await;
            }
        }
        Act::Wait(hours) => store.clock().advance(TimeDelta::hours(hours)),
        Act::Work => house.works().await,
    }
}

async fn holds(store: &Store, acts: Vec<Act>) {
    let house = House::new(store).await;
    let piece = house.piece(187_333, 6).await;
    let mut orders = Vec::new();
    for act in acts {
        lives(&house, &piece, act, &mut orders).await;
    }
    let mut taken = 0;
    for order in &orders {
        let order = house.order_again(order).await;
        let held = house.held(&order).await;
        let mut conn = store.read().await.unwrap();
        let has = lines(&mut conn, order.id).await.unwrap();
        taken +=
            if order.state.keeps() { has.iter().map(|it| it.quantity).sum::<i32>() } else { 0 };
        let mut sum = async |sql: &'static str| {
            let code = order.code.as_str().to_owned();
            conn.fetch_one::<(i64,)>(sql, params![code]).await.unwrap().0
        };
        let guests =
            sum("SELECT CAST(COALESCE(SUM(line.amount), 0) AS BIGINT) AS n FROM ledger_line line \
             JOIN ledger_entry entry ON entry.id = line.entry_id \
             JOIN ledger_party party ON party.id = line.party_id \
             WHERE entry.code = $1 AND party.kind = 'guests'")
            .await;
        let sold =
            sum("SELECT CAST(COALESCE(SUM(line.amount), 0) AS BIGINT) AS n FROM ledger_line line \
             JOIN ledger_entry entry ON entry.id = line.entry_id \
             WHERE entry.code = $1 AND line.side = 'share'")
            .await;
        assert_eq!(guests + sold, held.0, "{order:?}");
        let gone =
            matches!(order.state, OrderState::Done | OrderState::Withdrawn | OrderState::Posted);
        assert_eq!(sold, if gone { order.total().0 } else { 0 }, "{order:?}");
        assert!(held >= Dong::ZERO);
    }
    assert_eq!(house.again(&piece).await.taken, taken);
    let mut conn = store.read().await.unwrap();
    let sums: Vec<(i64,)> = conn
        .fetch_all(
            "SELECT CAST(SUM(amount) AS BIGINT) AS n FROM ledger_line GROUP BY entry_id",
            vec![],
        )
        .await
        .unwrap();
    assert!(sums.iter().all(|(sum,)| *sum == 0), "an entry does not balance");
}

both_dbs! {
    async fn every_dong_of_an_order_is_traced(store) {
        let config = Config { cases: 16, failure_persistence: None, ..Config::default() };
        let mut runner = TestRunner::new(config);
        let handle = tokio::runtime::Handle::current();
        let stories = proptest::collection::vec(act(), 8..28);
        tokio::task::block_in_place(|| {
            runner.run(&stories, |acts| {
                handle.block_on(holds(&store, acts));
                Ok(())
            })
        })
        .unwrap();
    }

    async fn a_shared_shelf_pays_maker_and_co_op(store) {
        let house = House::new(&store).await;
        let coop = crate::CoopId::new(store.now());
        crate::booking::testing::run(
            &store,
            "INSERT INTO coop (id, slug, village_id, form, name, summary, story, founded_on, phone, \
             email, created_at) SELECT $1, $2, village_id, 'group', 'Tổ gốm', '{\"vi\":\"\",\"en\":\"\"}', \
             '{\"vi\":\"\",\"en\":\"\"}', NULL, '', '', $3 FROM workshop WHERE id = $4",
            params![coop, coop.to_string(), store.now(), house.scene.workshop],
        )
        .await;
        crate::booking::testing::run(
            &store,
            "INSERT INTO coop_member (id, coop_id, workshop_id, role, state, invited_at, joined_at) \
             VALUES ($1, $2, $3, 'manager', 'active', $4, $4)",
            params![crate::MemberId::new(store.now()), coop, house.scene.workshop, store.now()],
        )
        .await;
        let part = SaveSalesPart {
            actor: house.scene.owner.clone(),
            coop,
            percent: "10".into(),
        };
        store.write("part", part, |tx, c| Box::pin(save_sales_part(tx, c))).await.unwrap();
        store.clock().advance(TimeDelta::days(1));
        let save = Save {
            actor: house.scene.owner.clone(),
            workshop: house.scene.workshop,
            product: None,
            data: ProductData::parse(&ProductInput { shelf: true, ..House::input(200_000, 3) }).unwrap(),
            form_key: "shelf".into(),
            illustration: String::new(),
        };
        let piece = store.write("save", save, |tx, c| Box::pin(save_product(tx, c))).await.unwrap();
        assert_eq!(piece.seller(), Seller::Coop(coop));
        let show = Publish { actor: house.scene.owner.clone(), product: piece.id, published: true };
        store.write("show", show, |tx, c| Box::pin(publish(tx, c))).await.unwrap();
        // The co-op has no account: it is paid at the counter.
        let no = house.orders(&piece, 1, ("collect", "transfer")).await;
        assert!(matches!(no, Err(ShopError::Fields(_))));
        let order = house.orders(&piece, 1, ("collect", "counter")).await.unwrap();
        house.does(&order, Deed::HandOver(Some(Method::Cash))).await.unwrap();
        let mut conn = store.read().await.unwrap();
        let shares: Vec<(String, String, i64)> = conn
            .fetch_all(
                "SELECT party.kind, line.side, CAST(SUM(line.amount) AS BIGINT) AS n \
                 FROM ledger_line line JOIN ledger_party party ON party.id = line.party_id \
                 JOIN ledger_entry entry ON entry.id = line.entry_id WHERE entry.code = $1 \
                 GROUP BY party.kind, line.side ORDER BY party.kind, line.side",
                params![order.code.as_str().to_owned()],
            )
            .await
            .unwrap();
        let expected = [
            ("coop_fund", "share", 20_000),
            ("coop_fund", "takings", -200_000),
            ("guests", "prepaid", 0),
            ("workshop", "share", 180_000),
        ];
        let expected = expected.map(|(kind, side, sum)| (kind.to_owned(), side.to_owned(), sum));
        assert_eq!(shares, expected);
    }
}
