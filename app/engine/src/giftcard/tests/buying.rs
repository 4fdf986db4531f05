//! Buying, paying, and what a host decides.

use super::*;
use crate::both_dbs;
use crate::mail::Letter;
use crate::payment::TransferState;

fn wrongs(input: &BuyInput) -> Vec<Field> {
    match BuyData::parse(input, &Terms::default()) {
        Err(CardError::Fields(wrongs)) => wrongs.into_iter().map(|(field, _)| field).collect(),
        Ok(_) => vec![],
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn what_is_wrong_is_named_by_field() {
    let good = BuyInput {
        value: "500000".into(),
        name: "Mai".into(),
        email: "mai@example.com".into(),
        ..BuyInput::default()
    };
    assert_eq!(wrongs(&good), []);
    assert_eq!(wrongs(&BuyInput::default()), [Field::Value, Field::Name, Field::Email]);
    let odd = BuyInput { value: "123".into(), ..good.clone() };
    assert_eq!(wrongs(&odd), [Field::Value]);
    for own in ["", "1", "49.999", "20.000.001"] {
        let odd = BuyInput { value: "own".into(), own: own.into(), ..good.clone() };
        assert_eq!(wrongs(&odd), [Field::Own], "{own}");
    }
    let long = BuyInput { recipient_email: "nobody".into(), words: "x".repeat(301), ..good };
    assert_eq!(wrongs(&long), [Field::RecipientEmail, Field::Words]);
}

both_dbs! {
    async fn a_card_is_valid_once_it_is_paid(store) {
        let shop = Shop::new(&store, 100).await;
        let order = shop.order(500_000);
        let twice = order.clone();
        let card = store.write("buy", order, |tx, c| Box::pin(buy(tx, c))).await.unwrap();
        let same = store.write("buy", twice, |tx, c| Box::pin(buy(tx, c))).await.unwrap();
        assert_eq!(card.id, same.id, "the same form is the same card");
        let today = local_date(store.now());
        assert_eq!(card.standing(today), Standing::Awaiting);
        assert_eq!(shop.scene.letters(Letter::GiftCardRequest).await, 1);

        assert_eq!(shop.pays(&card, 200_000).await, Finding::Part);
        assert_eq!(shop.again(&card).await.state, CardState::Awaiting);
        store.clock().advance(TimeDelta::days(1));
        assert_eq!(shop.pays(&card, 300_000).await, Finding::Paid);
        let card = shop.again(&card).await;
        let today = local_date(store.now());
        assert_eq!(card.standing(today), Standing::Active);
        assert_eq!(card.left(today), Dong(500_000));
        assert_eq!(card.valid_until, today + chrono::Months::new(12), "from when it is paid");
        assert_eq!(shop.scene.letters(Letter::GiftCardReceipt).await, 1);
        assert_eq!(shop.scene.letters(Letter::GiftCard).await, 1);
        assert_eq!(shop.owed().await, 500_000);

        assert_eq!(shop.pays(&card, 500_000).await, Finding::Twice);
        assert!(shop.pays_back(&card, 500_001).await.is_err());
        shop.pays_back(&card, 500_000).await.unwrap();
        assert_eq!(shop.owed().await, 500_000);
        let mut conn = store.read().await.unwrap();
        let lists = payment::reconciliation(&mut conn, &shop.scene.owner, shop.scene.workshop);
        let lists = lists.await.unwrap();
        assert!(lists.open.is_empty());
        let back = lists.settled.iter().filter(|row| row.transfer.state == TransferState::Returned);
        assert_eq!(back.count(), 1);
        assert!(lists.settled.iter().all(|row| row.card.as_ref().is_some_and(|it| it.id == card.id)));
    }

    async fn too_much_and_too_late_wait_for_a_person(store) {
        let shop = Shop::new(&store, 100).await;
        let card = shop.orders(500_000).await;
        assert_eq!(shop.pays(&card, 600_000).await, Finding::Over);
        let card = shop.again(&card).await;
        assert_eq!(card.state, CardState::Active);
        let mut conn = store.read().await.unwrap();
        assert_eq!(card.due(paid_for(&mut conn, card.id).await.unwrap()), Dong(100_000));
        drop(conn);
        shop.pays_back(&card, 100_000).await.unwrap();
        assert_eq!(shop.owed().await, 500_000);

        let late = shop.orders(300_000).await;
        let gone = shop.orders(300_000).await;
        store.clock().advance(TimeDelta::days(4));
        shop.works().await;
        assert_eq!(shop.again(&late).await.standing(local_date(store.now())), Standing::Cancelled);
        assert_eq!(shop.pays(&late, 300_000).await, Finding::Retaken);
        assert_eq!(shop.again(&late).await.state, CardState::Active);
        shop.sells(false).await;
        assert_eq!(shop.pays(&gone, 300_000).await, Finding::Late);
        assert_eq!(shop.again(&gone).await.state, CardState::Cancelled);
        shop.pays_back(&gone, 300_000).await.unwrap();
        assert_eq!(shop.owed().await, 800_000);
        let order = shop.order(500_000);
        let none = store.write("buy", order, |tx, c| Box::pin(buy(tx, c))).await;
        assert!(matches!(none, Err(CardError::NotOnSale)));
    }

    async fn an_unknown_transfer_is_assigned_to_a_card(store) {
        let shop = Shop::new(&store, 100).await;
        let card = shop.orders(345_000).await;
        let told = IncomingTransfer {
            teller: Teller::Sepay,
            teller_id: "1".into(),
            accounts: vec![],
            amount: Dong(345_000),
            message: "tien the".into(),
            reference: String::new(),
            payer: String::new(),
            at: store.now(),
            raw: String::new(),
        };
        let take = TakeIn {
            catalogue: Arc::clone(&shop.scene.catalogue),
            account: shop.account.id,
            transfers: vec![told],
            actor: Actor::System,
        };
        store.write("take", take, |tx, c| Box::pin(payment::take_in(tx, c))).await.unwrap();
        let mut conn = store.read().await.unwrap();
        let lists = payment::reconciliation(&mut conn, &shop.scene.owner, shop.scene.workshop);
        let lists = lists.await.unwrap();
        drop(conn);
        let Some((payment::Whose::Card(likely), payment::Likely::Amount)) = &lists.open[0].likely
        else { panic!("{:?}", lists.open) };
        assert_eq!(likely.id, card.id);
        let assign = |actor: &Actor| payment::Assign {
            catalogue: Arc::clone(&shop.scene.catalogue),
            actor: actor.clone(),
            transfer: lists.open[0].transfer.id,
            code: card.pay_code.as_ref().unwrap().to_string(),
        };
        let strange = assign(&shop.scene.stranger);
        let no = store.write("assign", strange, |tx, c| Box::pin(payment::assign(tx, c))).await;
        assert!(no.is_err());
        let mine = assign(&shop.scene.owner);
        let found = store.write("assign", mine, |tx, c| Box::pin(payment::assign(tx, c))).await;
        assert_eq!(found.unwrap(), Finding::Paid);
        assert_eq!(shop.again(&card).await.state, CardState::Active);
    }

    async fn an_owner_blocks_and_cancels(store) {
        let shop = Shop::new(&store, 100).await;
        let card = shop.bought(500_000).await;
        shop.controls(&card, Deed::Block).await.unwrap();
        assert!(matches!(shop.controls(&card, Deed::Block).await, Err(CardError::State)));
        let booking = shop.scene.booked(shop.scene.slot, 1).await.unwrap();
        assert_eq!(refused(shop.spends(&booking, &card).await), Refused::Blocked);
        shop.controls(&card, Deed::Unblock).await.unwrap();
        let spent = shop.spends(&booking, &card).await.unwrap();
        assert_eq!(spent, Spent { amount: Dong(300_000), left: Dong(200_000) });
        shop.controls(&card, Deed::Cancel).await.unwrap();
        let card = shop.again(&card).await;
        let mut conn = store.read().await.unwrap();
        assert_eq!(card.due(paid_for(&mut conn, card.id).await.unwrap()), Dong(200_000));
        drop(conn);
        // What comes back to a card that is off is its buyer's.
        shop.cancels(&booking).await;
        let card = shop.again(&card).await;
        assert_eq!((card.state, card.remaining), (CardState::Cancelled, Dong(500_000)));
        shop.pays_back(&card, 500_000).await.unwrap();
        assert_eq!(shop.owed().await, 0);
        let stranger = Control {
            actor: shop.scene.staff.clone(),
            card: card.id,
            deed: Deed::Block,
            reason: "x".into(),
        };
        let no = store.write("control", stranger, |tx, c| Box::pin(control(tx, c))).await;
        assert!(matches!(no, Err(CardError::Forbidden(_))));
    }
}
