//! Pictures of designs. They are made as the catalogue's photographs are, and kept apart from them: no
//! gallery of a workshop or a tour shows them.

use crate::catalogue::photos::{Copies, Prepared};
use crate::store::{Conn, StoreError, Tx};
use crate::{PhotoId, params};

const FILES: Copies = Copies { table: "design_file", picture: "picture_id" };

/// Keeps the copies under a new id, so that nobody is shown an old picture under an address that is kept.
pub(super) async fn keep(tx: &mut Tx, picture: &Prepared) -> Result<PhotoId, StoreError> {
    let id = PhotoId::new(tx.now());
    FILES.keep(tx, id, picture).await?;
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
    FILES.nearest(conn, picture, width).await
}
