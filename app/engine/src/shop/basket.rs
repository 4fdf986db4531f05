//! A basket: what a browser has picked, by seller. It keeps nothing for anybody.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, TimeDelta, Utc};

use super::error::ShopError;
use super::product::{Product, product, products};
use crate::store::{Conn, StoreError, Tx};
use crate::{BasketId, BookingId, CoopId, ProductId, WorkshopId, columns, params};

/// Most of one piece, and most pieces.
const MOST_EACH: i32 = 99;
const MOST: i64 = 50;
/// Days after which a basket that nobody touched is gone.
const KEPT: TimeDelta = TimeDelta::days(30);

/// Who sells a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Seller {
    Workshop(WorkshopId),
    Coop(CoopId),
}

impl fmt::Display for Seller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Seller::Workshop(id) => write!(f, "w-{id}"),
            Seller::Coop(id) => write!(f, "c-{id}"),
        }
    }
}

impl FromStr for Seller {
    type Err = ShopError;
    fn from_str(text: &str) -> Result<Self, ShopError> {
        let read = match text.split_once('-') {
            Some(("w", id)) => id.parse().ok().map(Seller::Workshop),
            Some(("c", id)) => id.parse().ok().map(Seller::Coop),
            _ => None,
        };
        read.ok_or(ShopError::Unknown)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Basket {
    pub id: BasketId,
    /// Whoever has it has the basket.
    pub secret: String,
    /// A visit at which things are collected.
    pub booking_id: Option<BookingId>,
    pub touched_at: DateTime<Utc>,
}

/// What lies in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BasketLine {
    pub product: Product,
    pub quantity: i32,
}

pub async fn basket_of(conn: &mut Conn, secret: &str) -> Result<Option<Basket>, StoreError> {
    conn.fetch_optional("SELECT * FROM shop_basket WHERE secret = $1", params![*secret]).await
}

/// What is in it that may still be ordered, first things first.
pub async fn lines_of(conn: &mut Conn, basket: BasketId) -> Result<Vec<BasketLine>, StoreError> {
    let rows: Vec<(ProductId, i32)> = conn
        .fetch_all(
            "SELECT product_id, quantity FROM shop_basket_line WHERE basket_id = $1 \
             ORDER BY added_at, product_id",
            params![basket],
        )
        .await?;
    let ids: Vec<ProductId> = rows.iter().map(|(id, _)| *id).collect();
    let mut all = products(conn, &ids).await?;
    all.retain(|product| product.published);
    let lines = rows.into_iter().filter_map(|(id, quantity)| {
        let product = all.iter().find(|product| product.id == id)?.clone();
        Some(BasketLine { product, quantity })
    });
    Ok(lines.collect())
}

#[derive(Debug, Clone)]
pub struct Put {
    /// None, or one that is gone: a new basket.
    pub secret: Option<String>,
    pub product: ProductId,
    pub quantity: i32,
    /// Besides what lies in it; otherwise so many in all, and none for 0.
    pub more: bool,
}

/// Puts something in, or changes how many; never more than there are. Answers the basket.
pub async fn put(tx: &mut Tx, command: Put) -> Result<Basket, ShopError> {
    let Put { secret, product: id, quantity, more } = command;
    let basket = opened(tx, secret).await?;
    let found = product(tx, id).await?.filter(|product| product.published);
    let found = found.ok_or(ShopError::Unknown)?;
    let key = columns! { basket_id: basket.id, product_id: id };
    let sql = "SELECT quantity FROM shop_basket_line WHERE basket_id = $1 AND product_id = $2";
    let before: Option<(i32,)> = tx.fetch_optional(sql, params![basket.id, id]).await?;
    let before = before.map(|(quantity,)| quantity);
    let wanted = if more { before.unwrap_or(0).saturating_add(quantity) } else { quantity };
    let wanted = wanted.clamp(0, MOST_EACH).min(found.left());
    if wanted == 0 && more {
        return Err(ShopError::SoldOut { title: found.title, left: 0 });
    }
    match (before, wanted) {
        (_, 0) => {
            let sql = "DELETE FROM shop_basket_line WHERE basket_id = $1 AND product_id = $2";
            tx.execute(sql, params![basket.id, id]).await?;
        }
        (Some(_), wanted) => {
            tx.update_one("shop_basket_line", columns! { quantity: wanted }, key).await?;
        }
        (None, wanted) => {
            let sql = "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM shop_basket_line \
                       WHERE basket_id = $1";
            let (count,): (i64,) = tx.fetch_one(sql, params![basket.id]).await?;
            if count < MOST {
                let row = key.and(columns! { quantity: wanted, added_at: tx.now() });
                tx.insert_if_new("shop_basket_line", row).await?;
            }
        }
    }
    Ok(basket)
}

/// The basket of a browser that comes from a booking: what it orders may be collected at the visit.
pub async fn with_booking(
    tx: &mut Tx,
    (secret, booking): (Option<String>, BookingId),
) -> Result<Basket, ShopError> {
    let basket = opened(tx, secret).await?;
    let row = columns! { booking_id: Some(booking) };
    tx.update_one("shop_basket", row, columns! { id: basket.id }).await?;
    Ok(Basket { booking_id: Some(booking), ..basket })
}

async fn opened(tx: &mut Tx, secret: Option<String>) -> Result<Basket, ShopError> {
    let found = match &secret {
        Some(secret) => basket_of(tx, secret).await?,
        None => None,
    };
    if let Some(basket) = found {
        let row = columns! { touched_at: tx.now() };
        tx.update_one("shop_basket", row, columns! { id: basket.id }).await?;
        return Ok(basket);
    }
    let secret = tx.draw_token();
    let basket =
        Basket { id: BasketId::new(tx.now()), secret, booking_id: None, touched_at: tx.now() };
    let row = columns! { id: basket.id, secret: basket.secret, touched_at: tx.now() };
    tx.insert("shop_basket", row).await?;
    Ok(basket)
}

/// What was ordered of a seller lies in the basket no more.
pub(super) async fn emptied(
    tx: &mut Tx,
    basket: BasketId,
    lines: &[BasketLine],
) -> Result<(), StoreError> {
    for line in lines {
        tx.execute(
            "DELETE FROM shop_basket_line WHERE basket_id = $1 AND product_id = $2",
            params![basket, line.product.id],
        )
        .await?;
    }
    Ok(())
}

/// Whether [`forget_baskets`] has something to do.
pub(super) async fn old_basket(conn: &mut Conn, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let sql = "SELECT id FROM shop_basket WHERE touched_at < $1 LIMIT 1";
    let old: Option<(BasketId,)> = conn.fetch_optional(sql, params![now - KEPT]).await?;
    Ok(old.is_some())
}

/// Baskets that nobody touched for long are thrown away; answers how many.
pub async fn forget_baskets(tx: &mut Tx) -> Result<usize, StoreError> {
    let before = tx.now() - KEPT;
    let old: Vec<(BasketId,)> = tx
        .fetch_all(
            "SELECT id FROM shop_basket WHERE touched_at < $1 ORDER BY touched_at LIMIT 100",
            params![before],
        )
        .await?;
    for (id,) in &old {
        tx.execute("DELETE FROM shop_basket_line WHERE basket_id = $1", params![*id]).await?;
        tx.execute("DELETE FROM shop_basket WHERE id = $1", params![*id]).await?;
    }
    Ok(old.len())
}
