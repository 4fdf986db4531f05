//! The way home: asked for, paid, packed, posted, arrived, forgotten.

use super::delivery::{ParcelState, Pays, TrackData, TrackInput};
use super::*;
use crate::both_dbs;
use crate::catalogue::CatalogueCache;
use crate::payment::{
    self, AccountData, AccountInput, AccountOf, AddAccount, BankAccount, Finding, IncomingTransfer,
    TakeIn, Teller,
};

impl House {
    async fn account(&self) -> BankAccount {
        let data = AccountData::parse(&AccountInput {
            bank: "970436".into(),
            number: "0123456789".into(),
            holder: "TRAN VAN LAM".into(),
        })
        .unwrap();
        let of = AccountOf::Workshop(self.scene.workshop);
        let add = AddAccount { actor: self.scene.owner.clone(), of, data };
        self.store().write("add", add, |tx, c| Box::pin(payment::add_account(tx, c))).await.unwrap()
    }

    async fn pays(&self, account: &BankAccount, code: &str, amount: i64) -> Finding {
        let id = Uuid::now_v7().to_string();
        let told = IncomingTransfer {
            teller: Teller::Sepay,
            teller_id: id.clone(),
            accounts: vec![],
            amount: Dong(amount),
            message: format!("CT {} gui hang", code.to_lowercase()),
            reference: id.clone(),
            payer: String::new(),
            at: self.store().now(),
            raw: String::new(),
        };
        let take = TakeIn {
            catalogue: CatalogueCache::new(self.store().clone()).get().await.unwrap(),
            account: account.id,
            transfers: vec![told],
            actor: Actor::System,
        };
        let store = self.store();
        store.write("take", take, |tx, c| Box::pin(payment::take_in(tx, c))).await.unwrap();
        let mut conn = store.read().await.unwrap();
        let lists = payment::reconciliation(&mut conn, &self.scene.owner, self.scene.workshop);
        let lists = lists.await.unwrap();
        let row = lists.open.iter().chain(&lists.settled).find(|row| row.transfer.reference == id);
        row.unwrap().transfer.finding
    }

    /// What the workshop's account holds and is owed, of adjustments.
    async fn adjusted(&self) -> i64 {
        let mut conn = self.store().read().await.unwrap();
        let (sum,): (i64,) = conn
            .fetch_one(
                "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM ledger_line \
                 WHERE side = 'adjusted'",
                vec![],
            )
            .await
            .unwrap();
        sum
    }
}

fn ems() -> ParcelDeed {
    let input = TrackInput { carrier: "ems".into(), tracking: "ee 123 456 789 vn".into() };
    ParcelDeed::Post(TrackData::parse(&input).unwrap())
}

both_dbs! {
    async fn a_parcel_is_paid_posted_and_forgotten(store) {
        let house = House::new(&store, 100).await;
        let account = house.account().await;
        let (_, pieces) = house.made(2).await;
        let parcel = house.wishes(&pieces[0], &to_paris("transfer")).await.unwrap();
        // 1,200 g to the rest of the world.
        assert_eq!((parcel.cost, parcel.grams), (Dong(1_350_000), 1_200));
        let code = parcel.pay_code.clone().unwrap().to_string();
        assert!(code.starts_with("LP"), "{code}");
        let again = house.wishes(&pieces[0], &to_paris("cash")).await.unwrap();
        assert_eq!((again.id, again.pay_code), (parcel.id, None));
        let parcel = house.wishes(&pieces[0], &to_paris("transfer")).await.unwrap();
        let code = parcel.pay_code.clone().unwrap().to_string();
        assert_eq!(house.pays(&account, &code, 1_000_000).await, Finding::Part);
        let mut moved = to_paris("transfer");
        moved.address.country = "JP".into();
        moved.address.postcode = "1500001".into();
        assert!(house.wishes(&pieces[0], &moved).await.is_err(), "it is paid for France");
        assert_eq!(house.pays(&account, &code, 350_000).await, Finding::Paid);
        assert_eq!(house.pays(&account, &code, 350_000).await, Finding::Twice);
        assert_eq!(house.adjusted().await, 1_700_000);

        assert!(matches!(house.handles(parcel.id, ParcelDeed::Pack).await, Err(CraftError::NotReady)));
        house.finishes(&pieces).await;
        assert!(matches!(house.handles(parcel.id, ems()).await, Err(CraftError::Parcel(_))));
        house.handles(parcel.id, ParcelDeed::Pack).await.unwrap();
        house.handles(parcel.id, ems()).await.unwrap();
        assert_eq!(house.scene.letters(Letter::PiecePosted).await, 1);
        let now = house.parcel(parcel.id).await;
        assert_eq!(now.tracking, "EE123456789VN");
        assert!(now.track_url().unwrap().ends_with("EE123456789VN"));
        assert!(house.all(&pieces).await.iter().all(|it| it.state == PieceState::Posted));
        // Nobody says that it arrived.
        store.clock().advance(TimeDelta::days(61));
        house.works().await;
        assert!(house.all(&pieces).await.iter().all(|it| it.state == PieceState::Handed));
        assert!(house.parcel(parcel.id).await.address.is_some());
        store.clock().advance(TimeDelta::days(91));
        house.works().await;
        let gone = house.parcel(parcel.id).await;
        assert!(gone.address.is_none() && gone.recipient.name.is_empty() && gone.cleared_at.is_some());
        assert_eq!(gone.cost, Dong(1_350_000), "the books stay");
    }

    async fn the_rest_follows_free_of_charge(store) {
        let house = House::new(&store, 100).await;
        let (_, pieces) = house.made(2).await;
        let home = delivery::WishInput {
            address: delivery::AddressInput {
                phone: "0912345678".into(),
                country: "VN".into(),
                street: "12 phố Huế".into(),
                ward: "phường Hai Bà Trưng".into(),
                province: "ha-noi".into(),
                ..delivery::AddressInput::default()
            },
            ..to_paris("cash")
        };
        let parcel = house.wishes(&pieces[0], &home).await.unwrap();
        assert_eq!((parcel.cost, parcel.pays), (Dong(35_000), Pays::Cash));
        house.handles(parcel.id, ParcelDeed::Cash).await.unwrap();
        assert!(house.handles(parcel.id, ParcelDeed::Cash).await.is_err(), "once");
        assert_eq!(house.adjusted().await, 35_000);
        house.finishes(&pieces[..1]).await;
        let rest = house.handles(parcel.id, ParcelDeed::Pack).await.unwrap().unwrap();
        let rest = house.parcel(rest).await;
        assert_eq!((rest.cost, rest.pays, rest.what.as_str()), (Dong::ZERO, Pays::Free, "LN-2"));
        assert_eq!(rest.address, parcel.address);
        assert_eq!(house.again(&pieces[1]).await.parcel_id, Some(rest.id));
        // What cracks leaves its parcel; empty it is called off.
        let lose_it = Lose {
            actor: house.scene.staff.clone(),
            piece: pieces[1].id,
            outcome: Outcome::Cracked,
            photo: None,
            note: String::new(),
        };
        store.write("lose", lose_it, |tx, c| Box::pin(lose(tx, c))).await.unwrap();
        assert_eq!(house.parcel(rest.id).await.state, ParcelState::Cancelled);
    }

    async fn collected_pieces_need_no_parcel(store) {
        let house = House::new(&store, 100).await;
        let (_, pieces) = house.made(2).await;
        let collect = delivery::WishInput { way: "collect".into(), ..delivery::WishInput::default() };
        let parcel = house.wishes(&pieces[0], &collect).await.unwrap();
        assert!(house.moves(&pieces, Deed::Collect).await.is_err(), "not ready");
        house.finishes(&pieces).await;
        assert_eq!(house.scene.letters(Letter::PieceReady).await, 1);
        house.moves(&pieces, Deed::Collect).await.unwrap();
        assert_eq!(house.parcel(parcel.id).await.state, ParcelState::Arrived);
        assert!(house.wishes(&pieces[0], &collect).await.is_err(), "there is nothing left");
    }
}
