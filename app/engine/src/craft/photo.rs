//! Photographs of pieces. They are made as those of the catalogue are, and kept apart from them: they
//! are somebody's, and no page of the catalogue shows them.

use std::sync::Arc;

use crate::catalogue::photos::{Copies, Prepared};
use crate::provenance::photos::Size;
use crate::store::{Conn, StoreError, Tx};
use crate::{PiecePhotoId, WorkshopId, columns, params};

const FILES: Copies = Copies { table: "piece_photo_file", picture: "photo_id" };

/// A photograph ready to be kept.
pub type PhotoData = Arc<Prepared>;

pub(super) async fn keep(
    tx: &mut Tx,
    workshop: WorkshopId,
    photo: &Prepared,
) -> Result<PiecePhotoId, StoreError> {
    let id = PiecePhotoId::new(tx.now());
    let row = columns! {
        id: id,
        workshop_id: workshop,
        width: photo.width,
        height: photo.height,
        created_at: tx.now(),
    };
    tx.insert("piece_photo", row).await?;
    FILES.keep(tx, id, photo).await?;
    Ok(id)
}

/// The copy with at least this width, or the largest.
pub async fn photo_file(
    conn: &mut Conn,
    photo: PiecePhotoId,
    width: i32,
) -> Result<Option<Vec<u8>>, StoreError> {
    FILES.nearest(conn, photo, width).await
}

/// Widest copy that a record shows, pixels.
const RECORDED: i32 = 960;

/// The copy that a piece's record shows, by its hash.
pub(super) async fn copied(
    conn: &mut Conn,
    photo: PiecePhotoId,
) -> Result<Option<(Size, Vec<u8>)>, StoreError> {
    let found: Option<(i32, i32, i32, Vec<u8>)> = conn
        .fetch_optional(
            "SELECT piece_photo.width, piece_photo.height, piece_photo_file.width AS kept, \
             piece_photo_file.content FROM piece_photo \
             JOIN piece_photo_file ON piece_photo_file.photo_id = piece_photo.id \
             WHERE piece_photo.id = $1 \
             ORDER BY CASE WHEN piece_photo_file.width <= $2 THEN 0 ELSE 1 END, \
             ABS(piece_photo_file.width - $2) LIMIT 1",
            params![photo, RECORDED],
        )
        .await?;
    Ok(found.map(|(full, height, width, content)| {
        let height = i64::from(height) * i64::from(width) / i64::from(full.max(1));
        (Size { width, height: i32::try_from(height).unwrap_or(1).max(1) }, content)
    }))
}
