//! Stories of commissions, on both databases: from the brief to the door, and every other end.

mod money;
mod stories;

use std::sync::Arc;

use chrono::{Days, TimeDelta};
use uuid::Uuid;

use super::*;
use crate::accounts::Actor;
use crate::booking::testing::{Scene, run};
use crate::catalogue::photos::{Copy, Prepared};
use crate::clock::local_date;
use crate::craft::PhotoData;
use crate::craft::delivery::{AddressInput, Parcel, TrackData, TrackInput, WishData, WishInput};
use crate::payment::{
    self, AccountData, AccountInput, AccountOf, AddAccount, BankAccount, Finding, IncomingTransfer,
    SumData, SumInput, TakeIn, Teller,
};
use crate::store::Store;
use crate::{Dong, Locale, Localized, params};

/// A workshop that takes commissions, and an account into which its guests pay.
struct House {
    scene: Scene,
    account: BankAccount,
}

fn key() -> String {
    Uuid::now_v7().to_string()
}

fn photo() -> PhotoData {
    let copies = vec![Copy { width: 640, jpeg: vec![1, 2, 3] }];
    Arc::new(Prepared { width: 640, height: 480, copies })
}

fn brief() -> BriefInput {
    BriefInput {
        what: "Bộ ấm trà men ngọc".into(),
        size: "ấm 0,5 lít".into(),
        colours: "xanh ngọc".into(),
        pieces: "7".into(),
        budget: "2.000.000".into(),
        details: "Tặng mẹ tôi.".into(),
        name: "Lê Thị Mai".into(),
        email: "mai@example.com".into(),
        phone: "0912 345 678".into(),
        ..BriefInput::default()
    }
}

impl House {
    async fn new(store: &Store) -> House {
        let scene = Scene::new(store).await;
        let of = AccountOf::Workshop(scene.workshop);
        House::over(scene, of).await
    }

    /// Its guests pay into the account of a workshop or a co-op.
    async fn over(scene: Scene, of: AccountOf) -> House {
        let store = scene.store.clone();
        let data = AccountData::parse(&AccountInput {
            bank: "970436".into(),
            number: "0123456789".into(),
            holder: "TRAN VAN LAM".into(),
        })
        .unwrap();
        let add = AddAccount { actor: Actor::System, of, data };
        let account = store.write("add", add, |tx, c| Box::pin(payment::add_account(tx, c))).await;
        let account = account.unwrap();
        run(&store, "DELETE FROM workshop_account WHERE workshop_id = $1", params![scene.workshop])
            .await;
        run(
            &store,
            "INSERT INTO workshop_account (workshop_id, account_id) VALUES ($1, $2)",
            params![scene.workshop, account.id],
        )
        .await;
        let about = Localized { vi: "Đồ gốm theo ý bạn".into(), en: String::new() };
        let terms = Terms { taking: true, about, ..Terms::default() };
        let save = SaveTerms { actor: scene.owner.clone(), workshop: scene.workshop, terms };
        store.write("terms", save, |tx, c| Box::pin(save_terms(tx, c))).await.unwrap();
        House { scene, account }
    }

    fn store(&self) -> &Store {
        &self.scene.store
    }

    async fn asks(&self) -> Commission {
        let today = local_date(self.store().now());
        let order = Ask {
            workshop: self.scene.workshop,
            data: BriefData::parse(&brief(), today).unwrap(),
            photos: vec![photo(), photo()],
            locale: Locale::Vi,
            form_key: key(),
        };
        self.store().write("ask", order, |tx, c| Box::pin(ask(tx, c))).await.unwrap()
    }

    fn offer_input(&self, price: i64, deposit: i32, kept: i32) -> OfferInput {
        let today = local_date(self.store().now());
        OfferInput {
            price: price.to_string(),
            deposit: deposit.to_string(),
            kept: kept.to_string(),
            ready_on: (today + Days::new(40)).to_string(),
            valid_until: (today + Days::new(10)).to_string(),
            grams: "3000".into(),
            words: "Ba bản phác, bạn chọn nhé.".into(),
        }
    }

    async fn tries_offer(
        &self,
        commission: &Commission,
        actor: &Actor,
        (price, deposit, kept): (i64, i32, i32),
    ) -> Result<Commission, CommissionError> {
        let today = local_date(self.store().now());
        let command = MakeOffer {
            actor: actor.clone(),
            commission: commission.id,
            data: OfferData::parse(&self.offer_input(price, deposit, kept), today).unwrap(),
            photos: vec![photo()],
            form_key: key(),
        };
        self.store().write("offer", command, |tx, c| Box::pin(make_offer(tx, c))).await
    }

    async fn offers(&self, commission: &Commission, terms: (i64, i32, i32)) -> Offer {
        self.tries_offer(commission, &self.scene.owner, terms).await.unwrap();
        self.offer(commission).await
    }

    async fn offer(&self, commission: &Commission) -> Offer {
        let mut conn = self.store().read().await.unwrap();
        offer_of(&mut conn, commission.id).await.unwrap().unwrap()
    }

    async fn accepts(&self, commission: &Commission) -> Result<Commission, CommissionError> {
        let offer = self.offer(commission).await.id;
        let command = Accept { commission: commission.id, offer };
        self.store().write("accept", command, |tx, c| Box::pin(accept(tx, c))).await
    }

    /// Asked, offered for a million with a deposit of 40 per cent, of which half is kept; accepted.
    async fn accepted(&self) -> Commission {
        let commission = self.asks().await;
        self.offers(&commission, (1_000_000, 40, 50)).await;
        self.accepts(&commission).await.unwrap()
    }

    /// The bank tells of a transfer; what it was found to be.
    async fn pays(&self, commission: &Commission, amount: i64) -> Finding {
        let id = key();
        let told = IncomingTransfer {
            teller: Teller::Sepay,
            teller_id: id.clone(),
            accounts: vec![],
            amount: Dong(amount),
            message: format!("CT {} dat lam", commission.code.as_str().to_lowercase()),
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
        let found: (Finding,) = conn
            .fetch_one("SELECT finding FROM transfer WHERE reference = $1", params![id])
            .await
            .unwrap();
        found.0
    }

    async fn shows(
        &self,
        commission: &Commission,
        ready: bool,
    ) -> Result<Commission, CommissionError> {
        let command = Show {
            actor: self.scene.staff.clone(),
            commission: commission.id,
            ready,
            words: "Đã tráng men.".into(),
            photos: vec![photo()],
            form_key: key(),
        };
        self.store().write("show", command, |tx, c| Box::pin(show(tx, c))).await
    }

    async fn hands_on(
        &self,
        commission: &Commission,
        how: Leave,
    ) -> Result<Commission, CommissionError> {
        let command = HandOn { actor: self.scene.staff.clone(), commission: commission.id, how };
        self.store().write("hand on", command, |tx, c| Box::pin(hand_on(tx, c))).await
    }

    async fn wishes(&self, commission: &Commission) -> Result<Parcel, CommissionError> {
        let input = WishInput {
            way: "post".into(),
            recipient: "Lê Thị Mai".into(),
            address: AddressInput {
                phone: "0912345678".into(),
                country: "VN".into(),
                street: "12 phố Huế".into(),
                ward: "phường Hai Bà Trưng".into(),
                province: "ha-noi".into(),
                ..AddressInput::default()
            },
            pays: "receiver".into(),
        };
        let data = WishData::parse(&input).unwrap();
        let command =
            Wish { actor: Actor::Guest, commission: commission.id, data, form_key: key() };
        self.store().write("wish", command, |tx, c| Box::pin(wish(tx, c))).await
    }

    async fn ends(
        &self,
        commission: &Commission,
        actor: &Actor,
    ) -> Result<Commission, CommissionError> {
        let reason = "Không kịp nữa".to_owned();
        let command = End { actor: actor.clone(), commission: commission.id, reason };
        self.store().write("end", command, |tx, c| Box::pin(end(tx, c))).await
    }

    fn sum(&self, amount: i64, method: &str) -> SumData {
        let today = local_date(self.store().now());
        let input = SumInput {
            amount: amount.to_string(),
            date: today.to_string(),
            method: method.into(),
            note: String::new(),
        };
        SumData::parse(&input, today, false).unwrap()
    }

    async fn pays_back(&self, commission: &Commission, amount: i64) -> Result<(), CommissionError> {
        let back = PayBack {
            actor: self.scene.owner.clone(),
            commission: commission.id,
            sum: self.sum(amount, "transfer"),
            form_key: key(),
        };
        self.store().write("pay back", back, |tx, c| Box::pin(pay_back(tx, c))).await
    }

    /// What the worker does.
    async fn works(&self) -> usize {
        let done = self
            .store()
            .write("work", (), |tx, ()| Box::pin(async move { follow(tx).await }))
            .await;
        done.unwrap()
    }

    async fn again(&self, commission: &Commission) -> Commission {
        let mut conn = self.store().read().await.unwrap();
        by_id(&mut conn, commission.id).await.unwrap().unwrap()
    }

    async fn money(&self, commission: &Commission) -> Reckoning {
        let mut conn = self.store().read().await.unwrap();
        let commission = by_id(&mut conn, commission.id).await.unwrap().unwrap();
        money_of(&mut conn, &commission).await.unwrap().1
    }

    async fn marks(&self, commission: &Commission) -> Vec<Mark> {
        let mut conn = self.store().read().await.unwrap();
        let entries = entries_of(&mut conn, commission.id).await.unwrap();
        entries.into_iter().map(|entry| entry.mark).collect()
    }

    /// What stands in the account of a kind of party, on a side or on all.
    async fn books(&self, party: &str, side: &str) -> i64 {
        let mut conn = self.store().read().await.unwrap();
        let (sum,): (i64,) = conn
            .fetch_one(
                "SELECT CAST(COALESCE(SUM(line.amount), 0) AS BIGINT) FROM ledger_line line \
                 JOIN ledger_party party ON party.id = line.party_id \
                 WHERE party.kind = $1 AND ($2 = '' OR line.side = $2)",
                params![*party, *side],
            )
            .await
            .unwrap();
        sum
    }
}

fn track() -> TrackData {
    let input = TrackInput { carrier: "vnpost".into(), tracking: "EE123456789VN".into() };
    TrackData::parse(&input).unwrap()
}

fn fields<T: std::fmt::Debug>(answer: Result<T, CommissionError>) -> Vec<Field> {
    match answer {
        Err(CommissionError::Fields(wrongs)) => {
            wrongs.into_iter().map(|(field, _)| field).collect()
        }
        other => panic!("no fields are wrong: {other:?}"),
    }
}

/// Longer than anything is waited for.
const LONG: TimeDelta = TimeDelta::days(30);
