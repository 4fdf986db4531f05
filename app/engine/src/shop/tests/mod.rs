//! Stories of the shop: never oversold, paid, packed, handed over, given back, run out.

mod balance;
mod orders;
mod stock;

use std::sync::Arc;

use uuid::Uuid;

use super::*;
use crate::accounts::Actor;
use crate::booking::testing::Scene;
use crate::craft::delivery::AddressInput;
use crate::payment::{
    self, AccountData, AccountInput, AccountOf, AddAccount, BankAccount, Finding, IncomingTransfer,
    TakeIn, Teller,
};
use crate::store::Store;
use crate::{Dong, Locale, Localized};

/// A workshop with an account and a shelf.
pub(super) struct House {
    pub scene: Scene,
    pub account: BankAccount,
}

impl House {
    pub async fn new(store: &Store) -> House {
        let scene = Scene::new(store).await;
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
        House { scene, account }
    }

    pub fn store(&self) -> &Store {
        &self.scene.store
    }

    pub fn input(price: i64, stock: i32) -> ProductInput {
        let both = |text: &str| Localized { vi: text.to_owned(), en: String::new() };
        ProductInput {
            title: both("Bát men ngọc"),
            about: both("Vuốt tay."),
            materials: both("Đất sét"),
            size: "Ø 15 cm".into(),
            price: price.to_string(),
            grams: "400".into(),
            stock: stock.to_string(),
            ..ProductInput::default()
        }
    }

    pub async fn piece(&self, price: i64, stock: i32) -> Product {
        let save = Save {
            actor: self.scene.owner.clone(),
            workshop: self.scene.workshop,
            product: None,
            data: ProductData::parse(&House::input(price, stock)).unwrap(),
            form_key: Uuid::now_v7().to_string(),
            illustration: String::new(),
        };
        let store = self.store();
        let saved = store.write("save", save, |tx, c| Box::pin(save_product(tx, c))).await.unwrap();
        let actor = self.scene.owner.clone();
        let show = Publish { actor, product: saved.id, published: true };
        store.write("show", show, |tx, c| Box::pin(publish(tx, c))).await.unwrap();
        saved
    }

    pub async fn again(&self, product: &Product) -> Product {
        let mut conn = self.store().read().await.unwrap();
        super::product(&mut conn, product.id).await.unwrap().unwrap()
    }

    pub async fn order_again(&self, order: &Order) -> Order {
        let mut conn = self.store().read().await.unwrap();
        by_id(&mut conn, order.id).await.unwrap().unwrap()
    }

    pub async fn held(&self, order: &Order) -> Dong {
        let mut conn = self.store().read().await.unwrap();
        paid_for(&mut conn, order.id).await.unwrap()
    }

    pub async fn orders(
        &self,
        product: &Product,
        quantity: i32,
        (way, pays): (&str, &str),
    ) -> Result<Order, ShopError> {
        let put_in = Put { secret: None, product: product.id, quantity, more: true };
        let basket = self.store().write("put", put_in, |tx, c| Box::pin(put(tx, c))).await?;
        let input = PlaceInput {
            name: "Lê Thị Mai".into(),
            email: "mai@example.com".into(),
            note: String::new(),
            way: way.into(),
            pays: pays.into(),
            address: AddressInput {
                phone: "0912 345 678".into(),
                country: "VN".into(),
                street: "12 phố Huế".into(),
                ward: "phường Hai Bà Trưng".into(),
                province: "ha-noi".into(),
                ..AddressInput::default()
            },
            recipient: String::new(),
        };
        let order = Place {
            basket: basket.id,
            seller: product.seller(),
            data: PlaceData::parse(&input).unwrap(),
            locale: Locale::Vi,
            form_key: Uuid::now_v7().to_string(),
        };
        self.store().write("place", order, |tx, c| Box::pin(place(tx, c))).await
    }

    /// The bank tells of a transfer; what it was found to be.
    pub async fn pays(&self, order: &Order, amount: i64) -> Finding {
        let id = Uuid::now_v7().to_string();
        let told = IncomingTransfer {
            teller: Teller::Sepay,
            teller_id: id.clone(),
            accounts: vec![],
            amount: Dong(amount),
            message: format!("CT {} mua hang", order.code.as_str().to_lowercase()),
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

    pub async fn does(&self, order: &Order, deed: Deed) -> Result<(), ShopError> {
        let command = Handle { actor: self.scene.owner.clone(), order: order.id, deed };
        self.store().write("handle", command, |tx, c| Box::pin(handle(tx, c))).await
    }

    pub async fn cancels(&self, order: &Order) -> Result<(), ShopError> {
        let command = (order.id, String::new());
        self.store().write("cancel", command, |tx, c| Box::pin(cancel(tx, c))).await
    }

    pub async fn withdraws(&self, order: &Order) -> Result<(), ShopError> {
        let command = Withdraw { order: order.id, reason: "Nhỏ hơn lời tả".into() };
        self.store().write("withdraw", command, |tx, c| Box::pin(withdraw(tx, c))).await
    }

    pub async fn works(&self) {
        let done = self.store().write("work", (), |tx, ()| Box::pin(async move { work(tx).await }));
        done.await.unwrap();
    }
}
