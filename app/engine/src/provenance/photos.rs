//! Pictures of steps, kept by the hash that the chain holds.

use std::collections::HashMap;

use super::hash::{Print, sha256};
use crate::catalogue::photos::Prepared;
use crate::store::{Conn, StoreError, Tx};
use crate::{WorkshopId, columns, params};

/// Widest copy that is kept, pixels.
const WIDTH: i32 = 960;

/// What a page must know of a picture to leave room for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    pub width: i32,
    pub height: i32,
}

/// Keeps one copy of a photograph; the same bytes are kept once.
pub(super) async fn keep(
    tx: &mut Tx,
    workshop: WorkshopId,
    photo: &Prepared,
) -> Result<Print, StoreError> {
    let copies = &photo.copies;
    let copy = copies.iter().rev().find(|copy| copy.width <= WIDTH).or_else(|| copies.first());
    let copy = copy.ok_or_else(|| StoreError::Inconsistent {
        table: "provenance_photo",
        what: "a photograph without a copy".to_owned(),
    })?;
    let height = i64::from(photo.height) * i64::from(copy.width) / i64::from(photo.width.max(1));
    let size = Size { width: copy.width, height: i32::try_from(height).unwrap_or(1).max(1) };
    insert(tx, workshop, "image/jpeg", size, &copy.jpeg).await
}

pub(crate) async fn insert(
    tx: &mut Tx,
    workshop: WorkshopId,
    content_type: &str,
    size: Size,
    content: &[u8],
) -> Result<Print, StoreError> {
    let hash = sha256(&[content]);
    let row = columns! {
        hash: hash,
        workshop_id: workshop,
        content_type: *content_type,
        width: size.width,
        height: size.height,
        content: *content,
        created_at: tx.now(),
    };
    tx.insert_if_new("provenance_photo", row).await?;
    Ok(hash)
}

pub(super) async fn drop(
    tx: &mut Tx,
    workshop: WorkshopId,
    hash: &Print,
) -> Result<u64, StoreError> {
    tx.execute(
        "DELETE FROM provenance_photo WHERE hash = $1 AND workshop_id = $2",
        params![*hash, workshop],
    )
    .await
}

/// A workshop's pictures that are still there.
pub async fn sizes(
    conn: &mut Conn,
    workshop: WorkshopId,
    hashes: &[Print],
) -> Result<HashMap<Print, Size>, StoreError> {
    let mut sizes = HashMap::new();
    for hash in hashes {
        let found: Option<(i32, i32)> = conn
            .fetch_optional(
                "SELECT width, height FROM provenance_photo WHERE hash = $1 AND workshop_id = $2",
                params![*hash, workshop],
            )
            .await?;
        if let Some((width, height)) = found {
            sizes.insert(*hash, Size { width, height });
        }
    }
    Ok(sizes)
}

/// The bytes of a picture, with their type.
pub async fn file(conn: &mut Conn, hash: &Print) -> Result<Option<(String, Vec<u8>)>, StoreError> {
    conn.fetch_optional(
        "SELECT content_type, content FROM provenance_photo WHERE hash = $1 LIMIT 1",
        params![*hash],
    )
    .await
}
