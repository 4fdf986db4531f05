//! Stories of gift cards: paid, spent, come back, run out.

mod balance;
mod buying;
mod spending;

use std::sync::Arc;

use chrono::TimeDelta;
use uuid::Uuid;

use super::*;
use crate::accounts::Actor;
use crate::booking::testing::{Scene, run};
use crate::booking::{Booking, CancelByGuest, StateKind, cancel_by_guest};
use crate::catalogue::CatalogueCache;
use crate::clock::local_date;
use crate::payment::{
    self, AccountData, AccountInput, AccountOf, AddAccount, BankAccount, Finding, IncomingTransfer,
    SumData, SumInput, TakeIn, Teller,
};
use crate::store::Store;
use crate::{Dong, Locale, params};

/// A workshop with an account, which sells cards; its tour is paid beforehand by so many per cent.
struct Shop {
    scene: Scene,
    account: BankAccount,
}

impl Shop {
    async fn new(store: &Store, percent: i32) -> Shop {
        let mut scene = Scene::new(store).await;
        let data = AccountData::parse(&AccountInput {
            bank: "970436".into(),
            number: "0123456789".into(),
            holder: "TRAN VAN LAM".into(),
        })
        .unwrap();
        let of = AccountOf::Workshop(scene.workshop);
        let add = AddAccount { actor: scene.owner.clone(), of, data };
        let account =
            store.write("add", add, |tx, c| Box::pin(payment::add_account(tx, c))).await.unwrap();
        run(
            store,
            "UPDATE tour SET prepay_percent = $2, pay_minutes = 240 WHERE id = $1",
            params![scene.tour, percent],
        )
        .await;
        scene.catalogue = CatalogueCache::new(store.clone()).get().await.unwrap();
        let shop = Shop { scene, account };
        shop.sells(true).await;
        shop
    }

    fn store(&self) -> &Store {
        &self.scene.store
    }

    async fn sells(&self, selling: bool) {
        let terms = Terms { selling, ..Terms::default() };
        let actor = self.scene.owner.clone();
        let save = SaveTerms { actor, workshop: self.scene.workshop, terms };
        self.store().write("terms", save, |tx, c| Box::pin(save_terms(tx, c))).await.unwrap();
    }

    fn order(&self, value: i64) -> Buy {
        let input = BuyInput {
            value: "own".into(),
            own: value.to_string(),
            name: "Lê Thị Mai".into(),
            email: "mai@example.com".into(),
            recipient_name: "Bà Ngoại".into(),
            recipient_email: "ngoai@example.com".into(),
            words: "Chúc mừng sinh nhật!".into(),
        };
        Buy {
            workshop: self.scene.workshop,
            data: BuyData::parse(&input, &Terms::default()).unwrap(),
            locale: Locale::Vi,
            form_key: Uuid::now_v7().to_string(),
        }
    }

    async fn orders(&self, value: i64) -> GiftCard {
        let order = self.order(value);
        self.store().write("buy", order, |tx, c| Box::pin(buy(tx, c))).await.unwrap()
    }

    /// The bank tells of a transfer; what it was found to be.
    async fn pays(&self, card: &GiftCard, amount: i64) -> Finding {
        let code = card.pay_code.as_ref().unwrap().to_string();
        let id = Uuid::now_v7().to_string();
        let told = IncomingTransfer {
            teller: Teller::Sepay,
            teller_id: id.clone(),
            accounts: vec![],
            amount: Dong(amount),
            message: format!("CT {} qua tang", code.to_lowercase()),
            reference: id.clone(),
            payer: String::new(),
            at: self.store().now(),
            raw: String::new(),
        };
        let take = TakeIn {
            catalogue: Arc::clone(&self.scene.catalogue),
            account: self.account.id,
            transfers: vec![told],
            actor: Actor::System,
        };
        self.store().write("take", take, |tx, c| Box::pin(payment::take_in(tx, c))).await.unwrap();
        let mut conn = self.store().read().await.unwrap();
        let lists =
            payment::reconciliation(&mut conn, &self.scene.owner, self.scene.workshop).await;
        let lists = lists.unwrap();
        let row = lists.open.iter().chain(&lists.settled).find(|row| row.transfer.reference == id);
        row.expect("the transfer").transfer.finding
    }

    /// A card that is paid.
    async fn bought(&self, value: i64) -> GiftCard {
        let card = self.orders(value).await;
        assert_eq!(self.pays(&card, value).await, Finding::Paid);
        self.again(&card).await
    }

    async fn given(&self, value: i64) -> GiftCard {
        let input = GiveInput {
            value: value.to_string(),
            reason: "Bình nứt trong lò".into(),
            name: "Claire".into(),
            email: "claire@example.com".into(),
            words: String::new(),
        };
        let give_it = Give {
            actor: self.scene.owner.clone(),
            workshop: self.scene.workshop,
            data: GiveData::parse(&input).unwrap(),
            locale: Locale::En,
            form_key: Uuid::now_v7().to_string(),
        };
        self.store().write("give", give_it, |tx, c| Box::pin(give(tx, c))).await.unwrap()
    }

    async fn again(&self, card: &GiftCard) -> GiftCard {
        let mut conn = self.store().read().await.unwrap();
        by_id(&mut conn, card.id).await.unwrap().unwrap()
    }

    async fn spends(&self, booking: &Booking, card: &GiftCard) -> Result<Spent, CardError> {
        let spend_it = Spend {
            catalogue: Arc::clone(&self.scene.catalogue),
            actor: Actor::Guest,
            booking: booking.id,
            code: card.code.clone(),
            form_key: Uuid::now_v7().to_string(),
        };
        self.store().write("spend", spend_it, |tx, c| Box::pin(spend(tx, c))).await
    }

    async fn cancels(&self, booking: &Booking) {
        let cancel = CancelByGuest { booking: booking.id, reason: String::new() };
        let done = self.store().write("cancel", cancel, |tx, c| Box::pin(cancel_by_guest(tx, c)));
        done.await.unwrap();
    }

    async fn controls(&self, card: &GiftCard, deed: Deed) -> Result<(), CardError> {
        let actor = self.scene.owner.clone();
        let control_it = Control { actor, card: card.id, deed, reason: "mất thẻ".into() };
        self.store().write("control", control_it, |tx, c| Box::pin(control(tx, c))).await
    }

    async fn pays_back(&self, card: &GiftCard, amount: i64) -> Result<(), CardError> {
        let today = local_date(self.store().now());
        let input = SumInput {
            amount: amount.to_string(),
            date: today.to_string(),
            method: "transfer".into(),
            note: String::new(),
        };
        let back = PayBack {
            actor: self.scene.owner.clone(),
            card: card.id,
            sum: SumData::parse(&input, today, false).unwrap(),
            form_key: Uuid::now_v7().to_string(),
        };
        self.store().write("pay back", back, |tx, c| Box::pin(pay_back(tx, c))).await
    }

    /// What the workers do: bookings and cards run out, visits are entered.
    async fn works(&self) {
        let store = self.store();
        let done = store.write("holds", (), |tx, ()| {
            Box::pin(async move { crate::booking::expire_due(tx).await })
        });
        done.await.unwrap();
        let done = store.write("cards", (), |tx, ()| Box::pin(async move { expire_due(tx).await }));
        done.await.unwrap();
        let done = store.write("visits", (), |tx, ()| {
            Box::pin(async move { crate::ledger::enter_due(tx).await })
        });
        done.await.unwrap();
    }

    async fn money(&self, booking: &Booking) -> (payment::Money, payment::Reckoning) {
        let booking = self.scene.again(booking).await;
        let mut conn = self.store().read().await.unwrap();
        let money = payment::money_of(&mut conn, booking.id).await.unwrap();
        (money, payment::reckon(&booking, money))
    }

    /// What is owed to holders of cards, as the ledger has it.
    async fn owed(&self) -> i64 {
        let mut conn = self.store().read().await.unwrap();
        let (sum,): (i64,) = conn
            .fetch_one(
                "SELECT CAST(COALESCE(SUM(line.amount), 0) AS BIGINT) FROM ledger_line line \
                 JOIN ledger_party party ON party.id = line.party_id \
                 WHERE party.kind = 'gift_cards'",
                vec![],
            )
            .await
            .unwrap();
        sum
    }
}

fn refused<T: std::fmt::Debug>(answer: Result<T, CardError>) -> Refused {
    match answer {
        Err(CardError::Refused(refused)) => refused,
        other => panic!("not refused: {other:?}"),
    }
}
