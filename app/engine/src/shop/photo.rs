//! Photographs of pieces, made as those of the catalogue are.

use std::sync::Arc;

use serde_json::json;

use super::error::ShopError;
use super::product::{ProductPhoto, photos_of, product};
use crate::accounts::{Actor, audit};
use crate::catalogue::photos::{Copies, PhotoError, Prepared};
use crate::store::{Conn, StoreError, Tx};
use crate::{Localized, ProductId, ProductPhotoId, columns, params};

const FILES: Copies = Copies { table: "shop_photo_file", picture: "photo_id" };

/// Photographs of one piece.
const MAX_PHOTOS: usize = 12;
/// Longest description, in characters.
const MAX_ALT: usize = 300;

#[derive(Debug, Clone)]
pub struct AddProductPhoto {
    pub actor: Actor,
    pub product: ProductId,
    pub photo: Arc<Prepared>,
}

/// Keeps a photograph, as the last one.
pub async fn add_photo(tx: &mut Tx, command: AddProductPhoto) -> Result<(), ShopError> {
    let AddProductPhoto { actor, product: of, photo } = command;
    let found = product(tx, of).await?.ok_or(ShopError::Unknown)?;
    actor.must_own(found.workshop_id)?;
    let others = photos_of(tx, &[of]).await?;
    if others.len() >= MAX_PHOTOS {
        return Err(PhotoError::TooMany.into());
    }
    let id = ProductPhotoId::new(tx.now());
    let row = columns! {
        id: id,
        product_id: of,
        position: others.last().map_or(1, |last| last.position + 1),
        alt: Localized::<String>::default(),
        width: photo.width,
        height: photo.height,
        created_at: tx.now(),
    };
    tx.insert("shop_photo", row).await?;
    FILES.keep(tx, id, &photo).await?;
    audit::record(tx, &actor, "shop.photo", of, Some(found.workshop_id), json!({})).await?;
    Ok(())
}

/// What is done with a photograph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PhotoDeed {
    Describe(Localized),
    /// Makes it the one that lists show.
    First,
    Delete,
}

#[derive(Debug, Clone)]
pub struct OnProductPhoto {
    pub actor: Actor,
    pub product: ProductId,
    pub photo: ProductPhotoId,
    pub deed: PhotoDeed,
}

pub async fn change_photo(tx: &mut Tx, command: OnProductPhoto) -> Result<(), ShopError> {
    let OnProductPhoto { actor, product: of, photo, deed } = command;
    let found = product(tx, of).await?.ok_or(ShopError::Unknown)?;
    actor.must_own(found.workshop_id)?;
    let all = photos_of(tx, &[of]).await?;
    let one = all.iter().find(|one| one.id == photo).ok_or(ShopError::Unknown)?;
    match deed {
        PhotoDeed::Describe(alt) => {
            let alt = Localized { vi: alt.vi.trim().to_owned(), en: alt.en.trim().to_owned() };
            if alt.vi.chars().count().max(alt.en.chars().count()) > MAX_ALT {
                return Err(PhotoError::AltTooLong.into());
            }
            tx.update_one("shop_photo", columns! { alt: alt }, columns! { id: photo }).await?;
        }
        PhotoDeed::First => {
            let before = all.iter().map(|one| one.position).min().unwrap_or(one.position) - 1;
            let row = columns! { position: before };
            tx.update_one("shop_photo", row, columns! { id: photo }).await?;
        }
        PhotoDeed::Delete => {
            tx.execute("DELETE FROM shop_photo_file WHERE photo_id = $1", params![photo]).await?;
            tx.execute("DELETE FROM shop_photo WHERE id = $1", params![photo]).await?;
        }
    }
    audit::record(tx, &actor, "shop.photo", of, Some(found.workshop_id), json!({})).await?;
    Ok(())
}

/// The copy with at least this width, or the largest.
pub async fn photo_file(
    conn: &mut Conn,
    photo: ProductPhotoId,
    width: i32,
) -> Result<Option<Vec<u8>>, StoreError> {
    FILES.nearest(conn, photo, width).await
}

/// The first photograph of each piece.
pub(super) fn firsts(photos: Vec<ProductPhoto>) -> Vec<ProductPhoto> {
    let mut first: Vec<ProductPhoto> = Vec::new();
    for photo in photos {
        if first.iter().all(|kept| kept.product_id != photo.product_id) {
            first.push(photo);
        }
    }
    first
}
