//! A photograph of a piece, in one of its widths. Its id can't be guessed, and nothing lists it.

use axum::extract::{Path, State};
use axum::response::Response;
use engine::PiecePhotoId;
use engine::craft;

use crate::context::App;
use crate::error::PageError;
use crate::pages::visitor::photo::{FOREVER_THEIRS, jpeg};

pub async fn file(
    State(app): State<App>,
    Path((id, width)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let id: PiecePhotoId = id.parse().map_err(|_| PageError::NotFound)?;
    let width: i32 = width.parse().map_err(|_| PageError::NotFound)?;
    let mut conn = app.store.read().await?;
    let found = craft::photo_file(&mut conn, id, width).await?;
    drop(conn);
    jpeg(found, FOREVER_THEIRS)
}
