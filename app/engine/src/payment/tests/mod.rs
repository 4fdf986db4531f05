//! Stories of money: asked, paid, too much, too little, late, twice, back again.

mod books;
mod incoming;
mod request;

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::*;
use crate::accounts::Actor;
use crate::booking::testing::{Scene, run};
use crate::booking::{Booking, BookingError, CancelByGuest, cancel_by_guest};
use crate::catalogue::CatalogueCache;
use crate::clock::local_date;
use crate::store::Store;
use crate::{Dong, TransferId, params};

/// A workshop with an account that SePay watches, whose tour is paid beforehand.
struct Till {
    scene: Scene,
    account: BankAccount,
}

impl Till {
    /// So many per cent beforehand, within four hours.
    async fn new(store: &Store, percent: i32) -> Till {
        let scene = Scene::new(store).await;
        Till::over(scene, percent).await
    }

    async fn over(mut scene: Scene, percent: i32) -> Till {
        let store = scene.store.clone();
        let data = AccountData::parse(&AccountInput {
            bank: "970436".into(),
            number: "0123 456 789".into(),
            holder: "TRAN VAN LAM".into(),
        })
        .unwrap();
        let of = AccountOf::Workshop(scene.workshop);
        let add = AddAccount { actor: scene.owner.clone(), of, data };
        let account = store.write("add", add, |tx, c| Box::pin(add_account(tx, c))).await.unwrap();
        run(
            &store,
            "UPDATE tour SET prepay_percent = $2, pay_minutes = 240 WHERE id = $1",
            params![scene.tour, percent],
        )
        .await;
        scene.catalogue = CatalogueCache::new(store.clone()).get().await.unwrap();
        Till { scene, account }
    }

    fn now(&self) -> DateTime<Utc> {
        self.scene.store.now()
    }

    /// Two adults, 600,000 ₫ in all.
    async fn booked(&self) -> Booking {
        self.scene.booked(self.scene.slot, 2).await.unwrap()
    }

    async fn asked(&self, booking: &Booking) -> Payment {
        let mut conn = self.scene.store.read().await.unwrap();
        of_booking(&mut conn, booking.id).await.unwrap().expect("a payment")
    }

    async fn code(&self, booking: &Booking) -> String {
        self.asked(booking).await.code.to_string()
    }

    fn told(&self, id: &str, amount: i64, message: &str) -> IncomingTransfer {
        IncomingTransfer {
            teller: Teller::Sepay,
            teller_id: id.into(),
            accounts: vec!["0123456789".into()],
            amount: Dong(amount),
            message: message.into(),
            reference: format!("FT{id}"),
            payer: String::new(),
            at: self.now(),
            raw: "{}".into(),
        }
    }

    async fn take(&self, transfers: Vec<IncomingTransfer>) -> TakenIn {
        let take = TakeIn {
            catalogue: Arc::clone(&self.scene.catalogue),
            account: self.account.id,
            transfers,
            actor: Actor::System,
        };
        self.scene.store.write("take", take, |tx, c| Box::pin(take_in(tx, c))).await.unwrap()
    }

    /// One transfer, and what it was found to be.
    async fn pays(&self, id: &str, amount: i64, message: &str) -> Finding {
        self.take(vec![self.told(id, amount, message)]).await;
        let lists = self.lists().await;
        let reference = format!("FT{id}");
        let rows = lists.open.iter().chain(&lists.settled);
        let row = rows.into_iter().find(|row| row.transfer.reference == reference);
        row.expect("the transfer").transfer.finding
    }

    async fn lists(&self) -> Reconciliation {
        let mut conn = self.scene.store.read().await.unwrap();
        reconciliation(&mut conn, &self.scene.owner, self.scene.workshop).await.unwrap()
    }

    async fn only_open(&self) -> TransferId {
        let lists = self.lists().await;
        let [row] = lists.open.as_slice() else { panic!("one waits: {:?}", lists.open) };
        row.transfer.id
    }

    async fn money(&self, booking: &Booking) -> (Money, Reckoning) {
        let booking = self.scene.again(booking).await;
        let mut conn = self.scene.store.read().await.unwrap();
        let money = money_of(&mut conn, booking.id).await.unwrap();
        (money, reckon(&booking, money))
    }

    async fn due(&self) -> Vec<DueRefund> {
        let mut conn = self.scene.store.read().await.unwrap();
        refunds_due(&mut conn, &self.scene.owner, self.scene.workshop).await.unwrap()
    }

    fn sum(&self, amount: i64, note: &str) -> SumData {
        let input = SumInput {
            amount: amount.to_string(),
            date: local_date(self.now()).to_string(),
            method: "transfer".into(),
            note: note.into(),
        };
        SumData::parse(&input, local_date(self.now()), false).unwrap()
    }

    async fn pay_back(&self, booking: &Booking, amount: i64) -> Result<(), PaymentError> {
        let refund_it = Refund {
            actor: self.scene.owner.clone(),
            booking: booking.id,
            sum: self.sum(amount, ""),
            form_key: uuid::Uuid::now_v7().to_string(),
        };
        self.scene.store.write("refund", refund_it, |tx, c| Box::pin(refund(tx, c))).await
    }

    async fn cancel(&self, booking: &Booking) -> Result<Booking, BookingError> {
        let cancel = CancelByGuest { booking: booking.id, reason: String::new() };
        let store = &self.scene.store;
        store.write("cancel", cancel, |tx, c| Box::pin(cancel_by_guest(tx, c))).await
    }

    async fn expire(&self) {
        let store = &self.scene.store;
        let done = store.write("expire", (), |tx, ()| {
            Box::pin(async move { crate::booking::expire_due(tx).await })
        });
        done.await.unwrap();
    }
}
