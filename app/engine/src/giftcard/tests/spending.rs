//! A card pays bookings, and has its money again.

use futures::future::join_all;

use super::*;
use crate::both_dbs;
use crate::mail::Letter;
use crate::payment::PaymentError;

both_dbs! {
    async fn a_card_pays_what_is_open_and_confirms(store) {
        let shop = Shop::new(&store, 30).await;
        let card = shop.bought(500_000).await;
        // 600,000 ₫, of which 180,000 ₫ beforehand.
        let booking = shop.scene.booked(shop.scene.slot, 2).await.unwrap();
        assert_eq!(booking.state.kind(), StateKind::AwaitingPayment);
        let spent = shop.spends(&booking, &card).await.unwrap();
        assert_eq!(spent, Spent { amount: Dong(500_000), left: Dong::ZERO });
        assert_eq!(shop.scene.again(&booking).await.state.kind(), StateKind::Confirmed);
        let (money, reckoning) = shop.money(&booking).await;
        assert_eq!((money.net(), reckoning.open), (Dong(500_000), Dong(100_000)));
        let today = local_date(store.now());
        assert_eq!(shop.again(&card).await.standing(today), Standing::UsedUp);
        assert_eq!(shop.owed().await, 0);
        assert_eq!(shop.scene.letters(Letter::GiftCardUsed).await, 1);
        assert_eq!(refused(shop.spends(&booking, &card).await), Refused::Empty);

        shop.cancels(&booking).await;
        let card = shop.again(&card).await;
        assert_eq!(card.standing(today), Standing::Active);
        assert_eq!(card.remaining, Dong(500_000));
        let (money, reckoning) = shop.money(&booking).await;
        assert_eq!((money.net(), reckoning.due), (Dong::ZERO, Dong::ZERO));
        assert_eq!(shop.owed().await, 500_000);
        assert_eq!(shop.scene.letters(Letter::GiftCardUsed).await, 2);
    }

    async fn confirming_with_a_card_is_all_or_nothing(store) {
        let shop = Shop::new(&store, 100).await;
        let card = shop.bought(600_000).await;
        let held = shop.scene.hold(shop.scene.slot, 2).await.unwrap();
        shop.scene.fill_in(&held, "hoa@example.com").await.unwrap();
        let with = |card: &GiftCard| ConfirmWithCard {
            catalogue: Arc::clone(&shop.scene.catalogue),
            booking: held.id,
            code: card.code.clone(),
        };
        shop.controls(&card, Deed::Block).await.unwrap();
        let blocked = with(&card);
        let no = store.write("with", blocked, |tx, c| Box::pin(confirm_with_card(tx, c))).await;
        assert_eq!(refused(no), Refused::Blocked);
        assert_eq!(shop.scene.again(&held).await.state.kind(), StateKind::Held);
        shop.controls(&card, Deed::Unblock).await.unwrap();
        for _ in 0..2 {
            let pressed = with(&card);
            let done =
                store.write("with", pressed, |tx, c| Box::pin(confirm_with_card(tx, c))).await;
            assert_eq!(done.unwrap().state.kind(), StateKind::Confirmed);
        }
        assert_eq!(shop.again(&card).await.remaining, Dong::ZERO);
        assert_eq!(shop.money(&held).await.0.net(), Dong(600_000));
    }

    async fn what_comes_back_goes_to_the_card_first(store) {
        let shop = Shop::new(&store, 100).await;
        let card = shop.bought(200_000).await;
        let booking = shop.scene.booked(shop.scene.slot, 2).await.unwrap();
        shop.spends(&booking, &card).await.unwrap();
        assert_eq!(shop.scene.again(&booking).await.state.kind(), StateKind::AwaitingPayment);
        let mut conn = store.read().await.unwrap();
        let asked = payment::of_booking(&mut conn, booking.id).await.unwrap().unwrap();
        let money = payment::money_of(&mut conn, booking.id).await.unwrap();
        drop(conn);
        assert_eq!(asked.open(money), Dong(400_000));
        let sum = SumData {
            amount: Dong(400_000),
            on_date: local_date(store.now()),
            method: crate::ledger::Method::Transfer,
            note: String::new(),
        };
        let mark = payment::MarkPaid {
            catalogue: Arc::clone(&shop.scene.catalogue),
            actor: shop.scene.owner.clone(),
            booking: booking.id,
            sum,
            form_key: "1".into(),
        };
        let marked = store.write("mark", mark, |tx, c| Box::pin(payment::mark_paid(tx, c))).await;
        marked.map_err(|error: PaymentError| error).unwrap();
        // A day before the visit half of it stays.
        store.clock().advance(TimeDelta::hours(26));
        shop.cancels(&booking).await;
        assert_eq!(shop.again(&card).await.remaining, Dong(200_000));
        let (_, reckoning) = shop.money(&booking).await;
        assert_eq!((reckoning.due, reckoning.kept), (Dong(100_000), Dong(300_000)));
    }

    async fn unpaid_bookings_and_smaller_parties_give_back(store) {
        let shop = Shop::new(&store, 100).await;
        let card = shop.bought(900_000).await;
        let booking = shop.scene.booked(shop.scene.slot, 3).await.unwrap();
        shop.spends(&booking, &card).await.unwrap();
        let change = crate::booking::ChangeParty {
            residents: None,
            catalogue: Arc::clone(&shop.scene.catalogue),
            actor: Actor::Guest,
            booking: booking.id,
            wanted: vec![(shop.scene.adult, 2)],
            over: false,
        };
        let changed = store.write("fewer", change, |tx, c| {
            Box::pin(crate::booking::change_party(tx, c))
        });
        changed.await.unwrap();
        assert_eq!(shop.again(&card).await.remaining, Dong(300_000));
        assert_eq!(shop.money(&booking).await.1.due, Dong::ZERO);

        let waits = shop.scene.booked(shop.scene.slot, 2).await.unwrap();
        shop.spends(&waits, &card).await.unwrap();
        assert_eq!(shop.again(&card).await.remaining, Dong::ZERO);
        store.clock().advance(TimeDelta::hours(5));
        shop.works().await;
        assert_eq!(shop.scene.again(&waits).await.state.kind(), StateKind::Expired);
        assert_eq!(shop.again(&card).await.remaining, Dong(300_000));
    }

    async fn two_bookings_never_spend_the_same_dong(store) {
        let shop = Shop::new(&store, 0).await;
        let card = shop.bought(1_000_000).await;
        let mut bookings = Vec::new();
        for _ in 0..10 {
            bookings.push(shop.scene.booked(shop.scene.slot, 1).await.unwrap());
        }
        let tasks: Vec<_> = bookings
            .iter()
            .map(|booking| {
                let spend_it = Spend {
                    catalogue: Arc::clone(&shop.scene.catalogue),
                    actor: Actor::Guest,
                    booking: booking.id,
                    code: card.code.clone(),
                    form_key: Uuid::now_v7().to_string(),
                };
                let store = store.clone();
                tokio::spawn(async move {
                    store.write("spend", spend_it, |tx, c| Box::pin(spend(tx, c))).await
                })
            })
            .collect();
        let mut spent = Dong::ZERO;
        for answer in join_all(tasks).await {
            match answer.unwrap() {
                Ok(one) => spent += one.amount,
                Err(CardError::Refused(Refused::Empty)) => {}
                Err(error) => panic!("{error:?}"),
            }
        }
        assert_eq!(spent, Dong(1_000_000));
        assert_eq!(shop.again(&card).await.remaining, Dong::ZERO);
        let mut held = Dong::ZERO;
        for booking in &bookings {
            let (money, reckoning) = shop.money(booking).await;
            assert_eq!(reckoning.due, Dong::ZERO);
            held += money.net();
        }
        assert_eq!(held, Dong(1_000_000));
        assert_eq!(shop.owed().await, 0);
    }

    async fn two_cards_never_pay_the_same_price(store) {
        let shop = Shop::new(&store, 0).await;
        let booking = shop.scene.booked(shop.scene.slot, 1).await.unwrap();
        let mut cards = Vec::new();
        for _ in 0..4 {
            cards.push(shop.given(250_000).await);
        }
        let tasks: Vec<_> = cards
            .iter()
            .map(|card| {
                let spend_it = Spend {
                    catalogue: Arc::clone(&shop.scene.catalogue),
                    actor: Actor::Guest,
                    booking: booking.id,
                    code: card.code.clone(),
                    form_key: Uuid::now_v7().to_string(),
                };
                let store = store.clone();
                tokio::spawn(async move {
                    store.write("spend", spend_it, |tx, c| Box::pin(spend(tx, c))).await
                })
            })
            .collect();
        for answer in join_all(tasks).await {
            match answer.unwrap() {
                Ok(_) | Err(CardError::Refused(Refused::NothingOpen)) => {}
                Err(error) => panic!("{error:?}"),
            }
        }
        let (money, reckoning) = shop.money(&booking).await;
        assert_eq!((money.net(), reckoning.due), (Dong(300_000), Dong::ZERO));
    }

    async fn a_card_is_honoured_where_and_while_it_holds(store) {
        let shop = Shop::new(&store, 0).await;
        let other = Shop::new(&store, 0).await;
        let card = shop.bought(500_000).await;
        let elsewhere = other.scene.booked(other.scene.slot, 1).await.unwrap();
        assert_eq!(refused(other.spends(&elsewhere, &card).await), Refused::Elsewhere);
        let unpaid = shop.orders(500_000).await;
        let booking = shop.scene.booked(shop.scene.slot, 1).await.unwrap();
        assert_eq!(refused(shop.spends(&booking, &unpaid).await), Refused::NotPaid);
        shop.spends(&booking, &card).await.unwrap();
        assert_eq!(refused(shop.spends(&booking, &card).await), Refused::NothingOpen);
        // Its time passes; what is left is the workshop's, once.
        store.clock().advance(TimeDelta::days(366));
        let late = shop.scene.add_slot(TimeDelta::days(3)).await;
        let late = shop.scene.booked(late, 1).await.unwrap();
        assert_eq!(refused(shop.spends(&late, &card).await), Refused::Expired);
        shop.works().await;
        shop.works().await;
        let card = shop.again(&card).await;
        assert_eq!((card.state, card.remaining), (CardState::Expired, Dong::ZERO));
        assert_eq!(shop.owed().await, 0);
    }

    async fn what_comes_back_to_an_expired_card_can_be_used(store) {
        let shop = Shop::new(&store, 0).await;
        let card = shop.bought(500_000).await;
        store.clock().advance(TimeDelta::days(360));
        let slot = shop.scene.add_slot(TimeDelta::days(20)).await;
        let booking = shop.scene.booked(slot, 1).await.unwrap();
        shop.spends(&booking, &card).await.unwrap();
        store.clock().advance(TimeDelta::days(10));
        shop.works().await;
        assert_eq!(shop.again(&card).await.state, CardState::Expired);
        shop.cancels(&booking).await;
        let card = shop.again(&card).await;
        let today = local_date(store.now());
        assert_eq!(card.left(today), Dong(300_000));
        assert_eq!(card.valid_until, today + chrono::Days::new(30));
        assert_eq!(shop.owed().await, 300_000);
    }

    async fn a_voucher_costs_the_workshop_when_it_is_used(store) {
        let shop = Shop::new(&store, 0).await;
        let card = shop.given(200_000).await;
        assert_eq!(shop.scene.letters(Letter::GiftCard).await, 1);
        assert_eq!(shop.owed().await, 0);
        let booking = shop.scene.booked(shop.scene.slot, 1).await.unwrap();
        shop.spends(&booking, &card).await.unwrap();
        let mut conn = store.read().await.unwrap();
        let (cost,): (i64,) = conn
            .fetch_one(
                "SELECT CAST(COALESCE(SUM(line.amount), 0) AS BIGINT) FROM ledger_line line \
                 JOIN ledger_party party ON party.id = line.party_id \
                 WHERE party.kind = 'workshop' AND line.side = 'adjusted'",
                vec![],
            )
            .await
            .unwrap();
        drop(conn);
        assert_eq!(cost, -200_000);
        shop.cancels(&booking).await;
        assert_eq!(shop.again(&card).await.remaining, Dong(200_000));
        let mut conn = store.read().await.unwrap();
        let sums = sums(&mut conn, &shop.scene.owner, shop.scene.workshop).await.unwrap();
        let expected = CardSums { given: Dong(200_000), left: Dong(200_000), ..CardSums::default() };
        assert_eq!(sums, expected);
        assert!(cards_of(&mut conn, &shop.scene.stranger, shop.scene.workshop).await.is_err());
    }
}
