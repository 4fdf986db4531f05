//! A host's photograph, in one of its widths.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use engine::PhotoId;
use engine::catalogue::photos;

use crate::context::App;
use crate::error::PageError;

/// A photograph never changes under its address, so browsers keep it for good.
pub const FOREVER: &str = "public, max-age=31536000, immutable";
/// Nor does a guest's; but no cache between keeps it.
pub const FOREVER_THEIRS: &str = "private, max-age=31536000, immutable";

pub async fn file(
    State(app): State<App>,
    Path((id, width)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let id: PhotoId = id.parse().map_err(|_| PageError::NotFound)?;
    let width: i32 = width.parse().map_err(|_| PageError::NotFound)?;
    let mut conn = app.store.read().await?;
    let found = photos::file(&mut conn, id, width).await?;
    drop(conn);
    let (kind, content) = found.ok_or(PageError::NotFound)?;
    let tag = format!("\"{id}-{width}\"");
    let kept = headers.get(header::IF_NONE_MATCH).and_then(|tags| tags.to_str().ok());
    let known = kept.is_some_and(|tags| {
        tags.split(',').map(str::trim).any(|given| given.trim_start_matches("W/") == tag)
    });
    let about = [
        (header::CACHE_CONTROL, FOREVER.to_owned()),
        (header::ETAG, tag),
        // Nothing in a picture is ever run, whatever a browser takes it for.
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
    ];
    if known {
        return Ok((StatusCode::NOT_MODIFIED, about).into_response());
    }
    Ok((about, [(header::CONTENT_TYPE, kind)], content).into_response())
}

/// A picture that is kept apart from the catalogue's, always a JPEG; `keep` is how caches treat it.
pub fn jpeg(content: Option<Vec<u8>>, keep: &'static str) -> Result<Response, PageError> {
    let content = content.ok_or(PageError::NotFound)?;
    let about = [
        (header::CONTENT_TYPE, "image/jpeg"),
        (header::CACHE_CONTROL, keep),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
    ];
    Ok((about, content).into_response())
}
