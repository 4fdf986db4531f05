//! An order's ways, from the basket to the end.

use chrono::TimeDelta;

use super::*;
use crate::both_dbs;
use crate::craft::delivery::{TrackData, TrackInput};
use crate::ledger::Method;
use crate::mail::Letter;

both_dbs! {
    async fn paid_packed_and_handed_over(store) {
        let house = House::new(&store).await;
        let piece = house.piece(180_000, 5).await;
        let order = house.orders(&piece, 2, ("collect", "transfer")).await.unwrap();
        assert_eq!((order.state, order.total()), (OrderState::Awaiting, Dong(360_000)));
        assert!(order.code.as_str().starts_with("LB"));
        assert_eq!(house.pays(&order, 100_000).await, Finding::Part);
        assert_eq!(house.pays(&order, 260_000).await, Finding::Paid);
        assert_eq!(house.order_again(&order).await.state, OrderState::Open);
        assert_eq!(house.pays(&order, 360_000).await, Finding::Twice);
        house.does(&order, Deed::Pack).await.unwrap();
        assert!(matches!(house.cancels(&order).await, Err(ShopError::State)), "it is packed");
        house.does(&order, Deed::HandOver(None)).await.unwrap();
        let done = house.order_again(&order).await;
        assert_eq!(done.state, OrderState::Done);
        assert_eq!(done.due_back(house.held(&order).await), Dong(360_000), "paid twice");
        let left = house.again(&piece).await;
        assert_eq!((left.stock, left.taken), (3, 0));
        // Ordered, paid, ready; the host hears of it once.
        assert_eq!(house.scene.letters(Letter::OrderNews).await, 3);
        assert_eq!(house.scene.letters(Letter::HostOrder).await, 1);
    }

    async fn what_is_posted_is_paid_and_given_back(store) {
        let house = House::new(&store).await;
        let piece = house.piece(180_000, 5).await;
        let order = house.orders(&piece, 1, ("post", "transfer")).await.unwrap();
        assert!(order.postage > Dong::ZERO && order.parcel_id.is_some());
        assert_eq!(house.pays(&order, order.total().0).await, Finding::Paid);
        house.does(&order, Deed::Pack).await.unwrap();
        let track = TrackInput { carrier: "vnpost".into(), tracking: "EE1VN".into() };
        house.does(&order, Deed::Post(TrackData::parse(&track).unwrap())).await.unwrap();
        house.withdraws(&order).await.unwrap();
        assert!(house.does(&order, Deed::Refuse(String::new())).await.is_err(), "say why");
        house.does(&order, Deed::Return).await.unwrap();
        let back = house.order_again(&order).await;
        assert_eq!(back.state, OrderState::Returned);
        assert_eq!(back.due_back(house.held(&order).await), order.total(), "the post too");
        assert_eq!(house.again(&piece).await.stock, 5);
    }

    async fn the_time_to_give_back_ends(store) {
        let house = House::new(&store).await;
        let piece = house.piece(180_000, 5).await;
        let order = house.orders(&piece, 1, ("collect", "counter")).await.unwrap();
        let no = house.does(&order, Deed::HandOver(None)).await;
        assert!(matches!(no, Err(ShopError::Fields(_))), "somebody must take the money");
        house.does(&order, Deed::HandOver(Some(Method::Cash))).await.unwrap();
        assert_eq!(house.held(&order).await, Dong(180_000));
        store.clock().advance(TimeDelta::days(31));
        assert!(matches!(house.withdraws(&order).await, Err(ShopError::TooLate)));
    }

    async fn what_nobody_pays_runs_out_and_may_be_taken_up_again(store) {
        let house = House::new(&store).await;
        let piece = house.piece(180_000, 1).await;
        let order = house.orders(&piece, 1, ("collect", "transfer")).await.unwrap();
        store.clock().advance(TimeDelta::hours(25));
        house.works().await;
        assert_eq!(house.order_again(&order).await.state, OrderState::Expired);
        assert_eq!(house.again(&piece).await.left(), 1);
        assert_eq!(house.pays(&order, 180_000).await, Finding::Retaken);
        assert_eq!(house.order_again(&order).await.state, OrderState::Open);
        house.cancels(&order).await.unwrap();
        let other = house.orders(&piece, 1, ("collect", "transfer")).await.unwrap();
        store.clock().advance(TimeDelta::hours(25));
        house.works().await;
        house.orders(&piece, 1, ("collect", "counter")).await.unwrap();
        assert_eq!(house.pays(&other, 180_000).await, Finding::Late, "somebody else has it");
        let other = house.order_again(&other).await;
        assert_eq!(other.due_back(house.held(&other).await), Dong(180_000));
    }

    async fn only_the_house_handles_its_orders(store) {
        let house = House::new(&store).await;
        let piece = house.piece(180_000, 1).await;
        let order = house.orders(&piece, 1, ("collect", "counter")).await.unwrap();
        let actor = house.scene.stranger.clone();
        let command = Handle { actor, order: order.id, deed: Deed::Pack };
        let done = store.write("handle", command, |tx, c| Box::pin(handle(tx, c))).await;
        assert!(matches!(done, Err(ShopError::Forbidden(_))));
    }
}
