//! A photograph of a piece, in one of its widths. Its id can't be guessed, and nothing lists it.

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use engine::PiecePhotoId;
use engine::craft;

use crate::context::App;
use crate::error::PageError;

pub async fn file(
    State(app): State<App>,
    Path((id, width)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let id: PiecePhotoId = id.parse().map_err(|_| PageError::NotFound)?;
    let width: i32 = width.parse().map_err(|_| PageError::NotFound)?;
    let mut conn = app.store.read().await?;
    let found = craft::photo_file(&mut conn, id, width).await?;
    drop(conn);
    let content = found.ok_or(PageError::NotFound)?;
    let about = [
        (header::CONTENT_TYPE, "image/jpeg"),
        // It never changes; it is its guest's, so that no cache between keeps it.
        (header::CACHE_CONTROL, "private, max-age=31536000, immutable"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
    ];
    Ok((about, content).into_response())
}
