//! A photograph of a piece, in one of its widths. It never changes under its address.

use axum::extract::{Path, State};
use axum::response::Response;
use engine::{ProductPhotoId, shop};

use crate::context::App;
use crate::error::PageError;
use crate::pages::visitor::photo::{FOREVER, jpeg};

pub async fn file(
    State(app): State<App>,
    Path((id, width)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let id: ProductPhotoId = id.parse().map_err(|_| PageError::NotFound)?;
    let width: i32 = width.parse().map_err(|_| PageError::NotFound)?;
    let mut conn = app.store.read().await?;
    let found = shop::photo_file(&mut conn, id, width).await?;
    drop(conn);
    jpeg(found, FOREVER)
}
