//! Pictures of briefs, sketches and photographs of milestones. They are made as those of the catalogue
//! are, and kept apart from them: they are somebody's, and no page of the catalogue shows them.

use super::error::{CommissionError, Field, Wrong};
use super::model::Commission;
use crate::catalogue::photos::Copies;
use crate::craft::PhotoData;
use crate::store::{Conn, StoreError, Tx};
use crate::{CommissionEntryId, CommissionId, CommissionPhotoId, columns, params};

const FILES: Copies = Copies { table: "commission_photo_file", picture: "photo_id" };

/// Pictures that one form may carry.
pub const MAX_PHOTOS: usize = 3;

/// A picture as pages show it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Photo {
    pub id: CommissionPhotoId,
    pub entry_id: CommissionEntryId,
    pub width: i32,
    pub height: i32,
}

/// Refuses more than one form may carry.
pub(super) fn few(photos: &[PhotoData]) -> Result<(), CommissionError> {
    if photos.len() > MAX_PHOTOS {
        let wrong = Wrong::TooMany { max: MAX_PHOTOS };
        return Err(CommissionError::Fields(vec![(Field::Photos, wrong)]));
    }
    Ok(())
}

pub(super) async fn keep(
    tx: &mut Tx,
    commission: &Commission,
    entry: CommissionEntryId,
    photos: &[PhotoData],
) -> Result<(), StoreError> {
    for (position, photo) in (1_i32..).zip(photos) {
        let id = CommissionPhotoId::new(tx.now());
        let row = columns! {
            id: id,
            commission_id: commission.id,
            entry_id: entry,
            position: position,
            width: photo.width,
            height: photo.height,
            created_at: tx.now(),
        };
        tx.insert("commission_photo", row).await?;
        FILES.keep(tx, id, photo).await?;
    }
    Ok(())
}

/// All pictures of a commission that are still there, in the order of its entries.
pub async fn photos_of(conn: &mut Conn, id: CommissionId) -> Result<Vec<Photo>, StoreError> {
    conn.fetch_all(
        "SELECT photo.id, photo.entry_id, photo.width, photo.height FROM commission_photo photo \
         JOIN commission_entry entry ON entry.id = photo.entry_id \
         WHERE photo.commission_id = $1 AND EXISTS (SELECT 1 FROM commission_photo_file file \
         WHERE file.photo_id = photo.id) ORDER BY entry.position, photo.position",
        params![id],
    )
    .await
}

/// The pictures of one entry.
pub async fn photos_of_entry(
    conn: &mut Conn,
    entry: CommissionEntryId,
) -> Result<Vec<Photo>, StoreError> {
    conn.fetch_all(
        "SELECT photo.id, photo.entry_id, photo.width, photo.height FROM commission_photo photo \
         WHERE photo.entry_id = $1 AND EXISTS (SELECT 1 FROM commission_photo_file file \
         WHERE file.photo_id = photo.id) ORDER BY photo.position",
        params![entry],
    )
    .await
}

/// The copy with at least this width, or the largest.
pub async fn photo_file(
    conn: &mut Conn,
    photo: CommissionPhotoId,
    width: i32,
) -> Result<Option<Vec<u8>>, StoreError> {
    FILES.nearest(conn, photo, width).await
}
