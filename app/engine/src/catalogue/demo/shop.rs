//! The demo's shelves and orders: an order in every state, made by the verbs that buyers, the bank and
//! hosts use.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

use super::DemoError;
use super::payment::tell;
use crate::accounts::Actor;
use crate::catalogue::Catalogue;
use crate::coop;
use crate::craft::delivery::{AddressInput, TrackData, TrackInput};
use crate::ledger::Method;
use crate::payment;
use crate::provenance::{self, RecordKind};
use crate::shop::{
    self, Deed, Handle, Order, Place, PlaceData, PlaceInput, Product, ProductData, ProductInput,
    Publish, Put, Save, SaveSalesPart, Withdraw,
};
use crate::store::Tx;
use crate::{Locale, Localized};

const FILE: (&str, &str) = ("shop.toml", include_str!("../../../demo/shop.toml"));

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ShopFile {
    parts: Vec<PartEntry>,
    pieces: Vec<PieceEntry>,
    orders: Vec<OrderEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PartEntry {
    coop: String,
    percent: u32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PieceEntry {
    workshop: String,
    drawing: String,
    title: Localized,
    about: Localized,
    materials: Localized,
    size: String,
    price: i64,
    grams: i32,
    stock: i32,
    #[serde(default)]
    one_off: bool,
    #[serde(default)]
    shelf: bool,
    #[serde(default)]
    place: String,
    /// Of the workshop's latest lot.
    #[serde(default)]
    lot: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OrderEntry {
    name: String,
    email: String,
    lines: Vec<LineEntry>,
    way: String,
    pays: String,
    until: Until,
    /// Hours before now.
    ago: i64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LineEntry {
    piece: String,
    quantity: i32,
}

/// How far an order is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Until {
    Awaiting,
    Open,
    Ready,
    Packed,
    Posted,
    Done,
    Withdrawn,
    Returned,
    Cancelled,
    Expired,
}

fn broken(reason: impl std::fmt::Display) -> DemoError {
    DemoError::File { file: FILE.0, reason: reason.to_string() }
}

pub(super) async fn make(tx: &mut Tx, catalogue: &Arc<Catalogue>) -> Result<(), DemoError> {
    let file: ShopFile = toml::from_str(FILE.1).map_err(broken)?;
    let now = tx.now();
    let long_ago = now - TimeDelta::days(20);
    tx.turn(long_ago);
    for part in &file.parts {
        let coop = coop::by_slug(tx, &part.coop).await?;
        let coop = coop.ok_or_else(|| broken(format!("no co-op {}", part.coop)))?.id;
        let percent = part.percent.to_string();
        let save = SaveSalesPart { actor: Actor::System, coop, percent };
        shop::save_sales_part(tx, save).await.map_err(broken)?;
    }
    let mut pieces = HashMap::new();
    for (at, entry) in file.pieces.iter().enumerate() {
        let minutes = TimeDelta::minutes(i64::try_from(at).unwrap_or(0));
        tx.turn(long_ago + minutes);
        let product = piece(tx, catalogue, at, entry).await?;
        pieces.insert(entry.drawing.clone(), product);
    }
    let mut orders: Vec<(usize, &OrderEntry)> = file.orders.iter().enumerate().collect();
    orders.sort_by_key(|(_, entry)| std::cmp::Reverse(entry.ago));
    for (at, entry) in orders {
        let story = Story { catalogue, now, at, entry };
        Box::pin(story.tell(tx, &pieces)).await?;
    }
    tx.turn(now);
    // Nobody is written to who does not exist.
    tx.execute("DELETE FROM outbox WHERE kind NOT IN ('sign_in', 'invitation')", vec![]).await?;
    Ok(())
}

async fn piece(
    tx: &mut Tx,
    catalogue: &Catalogue,
    at: usize,
    entry: &PieceEntry,
) -> Result<Product, DemoError> {
    let house = |slug: &str| {
        let found = catalogue.workshop_by_slug(slug);
        found.map(|house| house.id).ok_or_else(|| broken(format!("no workshop {slug}")))
    };
    let workshop = house(&entry.workshop)?;
    let place =
        if entry.place.is_empty() { String::new() } else { house(&entry.place)?.to_string() };
    let lot = if entry.lot {
        let records = provenance::of_workshop(tx, workshop, RecordKind::Lot).await?;
        let live = records.into_iter().find(provenance::Record::is_live);
        live.map(|record| record.code).unwrap_or_default()
    } else {
        String::new()
    };
    let input = ProductInput {
        title: entry.title.clone(),
        about: entry.about.clone(),
        materials: entry.materials.clone(),
        size: entry.size.clone(),
        price: entry.price.to_string(),
        grams: entry.grams.to_string(),
        one_off: entry.one_off,
        stock: entry.stock.to_string(),
        shelf: entry.shelf,
        place,
        lot,
    };
    let save = Save {
        actor: Actor::System,
        workshop,
        product: None,
        data: ProductData::parse(&input).map_err(broken)?,
        form_key: format!("demo-shop-{at}"),
        illustration: entry.drawing.clone(),
    };
    let product = shop::save_product(tx, save).await.map_err(broken)?;
    let publish = Publish { actor: Actor::System, product: product.id, published: true };
    shop::publish(tx, publish).await.map_err(broken)?;
    Ok(product)
}

struct Story<'a> {
    catalogue: &'a Arc<Catalogue>,
    now: DateTime<Utc>,
    at: usize,
    entry: &'a OrderEntry,
}

impl Story<'_> {
    /// So many hours after the order.
    fn later(&self, tx: &mut Tx, hours: i64) {
        let then = self.now - TimeDelta::hours(self.entry.ago) + TimeDelta::hours(hours);
        tx.turn(then.min(self.now));
    }

    async fn tell(&self, tx: &mut Tx, pieces: &HashMap<String, Product>) -> Result<(), DemoError> {
        self.later(tx, 0);
        let order = self.order(tx, pieces).await?;
        let until = self.entry.until;
        match until {
            Until::Awaiting => return Ok(()),
            Until::Cancelled => {
                self.later(tx, 2);
                let command = (order.id, "Mua nhầm".to_owned());
                return shop::cancel(tx, command).await.map_err(broken);
            }
            Until::Expired => {
                self.later(tx, 26);
                return shop::work(tx).await.map(drop).map_err(broken);
            }
            _ => {}
        }
        if order.account_id.is_some() {
            self.later(tx, 1);
            self.pays(tx, &order).await?;
        }
        if until == Until::Open {
            return Ok(());
        }
        self.later(tx, 4);
        self.does(tx, &order, Deed::Pack).await?;
        match until {
            Until::Ready | Until::Packed => return Ok(()),
            Until::Posted => {
                self.later(tx, 8);
                let track =
                    TrackInput { carrier: "vnpost".into(), tracking: "EE274190338VN".into() };
                let track = TrackData::parse(&track).map_err(broken)?;
                return self.does(tx, &order, Deed::Post(track)).await;
            }
            _ => {}
        }
        self.later(tx, 30);
        self.does(tx, &order, Deed::HandOver(Some(Method::Cash))).await?;
        if matches!(until, Until::Withdrawn | Until::Returned) {
            self.later(tx, 60);
            let reason = "Kích thước nhỏ hơn trang giới thiệu.".to_owned();
            shop::withdraw(tx, Withdraw { order: order.id, reason }).await.map_err(broken)?;
        }
        if until == Until::Returned {
            self.later(tx, 90);
            self.does(tx, &order, Deed::Return).await?;
        }
        Ok(())
    }

    async fn order(
        &self,
        tx: &mut Tx,
        pieces: &HashMap<String, Product>,
    ) -> Result<Order, DemoError> {
        let mut basket = None;
        let mut seller = None;
        for line in &self.entry.lines {
            let found = pieces.get(&line.piece);
            let found = found.ok_or_else(|| broken(format!("no piece {}", line.piece)))?;
            let put = Put {
                secret: basket.as_ref().map(|basket: &shop::Basket| basket.secret.clone()),
                product: found.id,
                quantity: line.quantity,
                more: true,
            };
            basket = Some(shop::put(tx, put).await.map_err(broken)?);
            seller = Some(found.seller());
        }
        let (Some(basket), Some(seller)) = (basket, seller) else {
            return Err(broken("an order without lines"));
        };
        let input = PlaceInput {
            name: self.entry.name.clone(),
            email: self.entry.email.clone(),
            note: String::new(),
            way: self.entry.way.clone(),
            pays: self.entry.pays.clone(),
            address: AddressInput {
                phone: "0912 345 678".into(),
                country: "VN".into(),
                street: "12 ngõ 5 phố Huế".into(),
                ward: "phường Hai Bà Trưng".into(),
                province: "ha-noi".into(),
                ..AddressInput::default()
            },
            recipient: String::new(),
        };
        let place = Place {
            basket: basket.id,
            seller,
            data: PlaceData::parse(&input).map_err(broken)?,
            locale: Locale::Vi,
            form_key: format!("demo-order-{}", self.at),
        };
        shop::place(tx, place).await.map_err(broken)
    }

    /// The bank tells of the buyer's transfer.
    async fn pays(&self, tx: &mut Tx, order: &Order) -> Result<(), DemoError> {
        let Some(account) = order.account_id else { return Ok(()) };
        let account = payment::account_by_id(tx, account).await?;
        let account = account.ok_or_else(|| broken("no account"))?;
        let words = format!("MBVCB.{}.{}.CT tu 0044", 551_200 + self.at, order.code);
        let id = format!("demo-order-{}", self.at);
        let into = (account.id, account.number.as_str());
        tell(tx, self.catalogue, into, &id, (order.total(), words)).await
    }

    async fn does(&self, tx: &mut Tx, order: &Order, deed: Deed) -> Result<(), DemoError> {
        let handle = Handle { actor: Actor::System, order: order.id, deed };
        shop::handle(tx, handle).await.map_err(broken)
    }
}
