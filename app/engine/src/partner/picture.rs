//! Pictures of designs. They are made as the catalogue's photographs are, and kept apart from them: no
//! gallery of a workshop or a tour shows them.

use crate::catalogue::photos::Prepared;
use crate::store::{Conn, StoreError, Tx};
use crate::{PhotoId, columns, params};

/// Keeps the copies under a new id, so that nobody is shown an old picture under an address that is kept.
pub(super) async fn keep(tx: &mut Tx, picture: &Prepared) -> Result<PhotoId, StoreError> {
    let id = PhotoId::new(tx.now());
    for copy in &picture.copies {
        let row = columns! { picture_id: id, width: copy.width, content: copy.jpeg };
        tx.insert("design_file", row).await?;
    }
    Ok(id)
}

pub(super) async fn forget(tx: &mut Tx, picture: PhotoId) -> Result<(), StoreError> {
    tx.execute("DELETE FROM design_file WHERE picture_id = $1", params![picture]).await?;
    Ok(())
}

/// The copy with at least this width, or the largest; always a JPEG.
pub async fn picture_file(
    conn: &mut Conn,
    picture: PhotoId,
    width: i32,
) -> Result<Option<Vec<u8>>, StoreError> {
    let found: Option<(Vec<u8>,)> = conn
        .fetch_optional(
            "SELECT content FROM design_file WHERE picture_id = $1 \
             ORDER BY CASE WHEN width >= $2 THEN 0 ELSE 1 END, ABS(width - $2) LIMIT 1",
            params![picture, width],
        )
        .await?;
    Ok(found.map(|(content,)| content))
}
