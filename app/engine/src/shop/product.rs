//! A piece on a shelf.

use chrono::{DateTime, Utc};

use crate::accounts::Actor;
use crate::catalogue::PHOTO_WIDTHS;
use crate::coop::{self, CoopError};
use crate::store::{Conn, StoreError};
use crate::{CoopId, Dong, Localized, ProductId, ProductPhotoId, RecordId, WorkshopId, params};

use super::basket::Seller;
use super::error::ShopError;

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Product {
    pub id: ProductId,
    pub slug: String,
    /// Who made it.
    pub workshop_id: WorkshopId,
    /// On whose shelf it is, where that is the co-op's.
    pub coop_id: Option<CoopId>,
    /// Where it stands.
    pub place_id: WorkshopId,
    pub title: Localized,
    /// Paragraphs are separated by blank lines.
    pub about: Localized,
    pub materials: Localized,
    pub size: String,
    pub illustration: String,
    pub price: Dong,
    pub grams: i32,
    pub one_off: bool,
    /// In the house.
    pub stock: i32,
    /// Of these, in orders that have not left it.
    pub taken: i32,
    pub published: bool,
    /// Where it comes from.
    pub record_id: Option<RecordId>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// How a piece stands, as people say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Draft,
    OnSale,
    SoldOut,
}

impl Product {
    /// How many can be had.
    pub fn left(&self) -> i32 {
        (self.stock - self.taken).max(0)
    }

    pub fn standing(&self) -> Standing {
        match (self.published, self.left()) {
            (false, _) => Standing::Draft,
            (true, 0) => Standing::SoldOut,
            (true, _) => Standing::OnSale,
        }
    }

    pub fn seller(&self) -> Seller {
        self.coop_id.map_or(Seller::Workshop(self.workshop_id), Seller::Coop)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ProductPhoto {
    pub id: ProductPhotoId,
    pub product_id: ProductId,
    pub position: i32,
    /// What it shows.
    pub alt: Localized,
    /// Of the largest copy, pixels.
    pub width: i32,
    pub height: i32,
}

impl ProductPhoto {
    pub fn widths(&self) -> impl Iterator<Item = i32> + use<> {
        let own = self.width;
        PHOTO_WIDTHS.into_iter().filter(move |width| *width < own).chain([own])
    }
}

pub async fn product(conn: &mut Conn, id: ProductId) -> Result<Option<Product>, StoreError> {
    conn.fetch_optional("SELECT * FROM shop_product WHERE id = $1", params![id]).await
}

pub async fn product_by_slug(conn: &mut Conn, slug: &str) -> Result<Option<Product>, StoreError> {
    conn.fetch_optional("SELECT * FROM shop_product WHERE slug = $1", params![*slug]).await
}

/// Several at once; those that are not there are left out.
pub async fn products(conn: &mut Conn, ids: &[ProductId]) -> Result<Vec<Product>, StoreError> {
    let sql = |list: &str| format!("SELECT * FROM shop_product WHERE id IN ({list})");
    conn.fetch_among(ids, sql).await
}

/// All pieces of a workshop for its people, the latest first.
pub async fn of_workshop(
    conn: &mut Conn,
    actor: &Actor,
    workshop: WorkshopId,
) -> Result<Vec<Product>, ShopError> {
    actor.must_serve(workshop)?;
    let all = conn
        .fetch_all(
            "SELECT * FROM shop_product WHERE workshop_id = $1 ORDER BY created_at DESC, id DESC",
            params![workshop],
        )
        .await?;
    Ok(all)
}

/// All pieces on a co-op's shelf for its members, by where they stand.
pub async fn of_coop(
    conn: &mut Conn,
    actor: &Actor,
    coop: CoopId,
) -> Result<Vec<Product>, CoopError> {
    coop::must_belong(conn, actor, coop).await?;
    let all = conn
        .fetch_all(
            "SELECT * FROM shop_product WHERE coop_id = $1 ORDER BY place_id, created_at DESC, id",
            params![coop],
        )
        .await?;
    Ok(all)
}

/// Addresses of all pieces that can be had, for search engines.
pub async fn slugs(conn: &mut Conn) -> Result<Vec<String>, StoreError> {
    let rows: Vec<(String,)> = conn
        .fetch_all(
            "SELECT slug FROM shop_product WHERE published AND taken < stock ORDER BY slug LIMIT 5000",
            vec![],
        )
        .await?;
    Ok(rows.into_iter().map(|(slug,)| slug).collect())
}

/// Other pieces of a workshop that can be had, the latest first.
pub async fn shown_of(
    conn: &mut Conn,
    workshop: WorkshopId,
    but: Option<ProductId>,
    most: i64,
) -> Result<Vec<Product>, StoreError> {
    let mut found: Vec<Product> = conn
        .fetch_all(
            "SELECT * FROM shop_product WHERE workshop_id = $1 AND published AND taken < stock \
             ORDER BY created_at DESC, id DESC LIMIT $2",
            params![workshop, most + i64::from(but.is_some())],
        )
        .await?;
    found.retain(|product| Some(product.id) != but);
    found.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    Ok(found)
}

/// Photographs of pieces, each piece's in order.
pub async fn photos_of(
    conn: &mut Conn,
    products: &[ProductId],
) -> Result<Vec<ProductPhoto>, StoreError> {
    let sql = |list: &str| {
        format!(
            "SELECT id, product_id, position, alt, width, height FROM shop_photo \
             WHERE product_id IN ({list}) ORDER BY product_id, position, id"
        )
    };
    conn.fetch_among(products, sql).await
}
