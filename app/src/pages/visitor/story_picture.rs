//! A picture of a story, in one of its widths.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use engine::StoryPictureId;
use engine::accounts::Actor;
use engine::story::{StoryError, file as find};

use crate::context::{App, Visit};
use crate::error::PageError;

/// A picture never changes under its address.
const FOREVER: &str = "public, max-age=31536000, immutable";
/// Whoever does not want to be shown any more should not be seen for long.
const A_DAY: &str = "public, max-age=86400";
/// It may be a draft's.
const FOR_HOSTS: &str = "private, no-store";

pub async fn file(
    State(app): State<App>,
    visit: Visit,
    Path((id, width)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let id: StoryPictureId = id.parse().map_err(|_| PageError::NotFound)?;
    let width: i32 = width.parse().map_err(|_| PageError::NotFound)?;
    let mut conn = app.store.read().await?;
    let found = find(&mut conn, &visit.actor, id, width).await;
    drop(conn);
    let found = match found {
        Ok(found) => found.ok_or(PageError::NotFound)?,
        Err(StoryError::Store(error)) => return Err(error.into()),
        Err(_) => return Err(PageError::NotFound),
    };
    let tag = format!("\"{id}-{width}\"");
    let kept = headers.get(header::IF_NONE_MATCH).and_then(|tags| tags.to_str().ok());
    let known = kept.is_some_and(|tags| {
        tags.split(',').map(str::trim).any(|given| given.trim_start_matches("W/") == tag)
    });
    let keep = match (&visit.actor, found.portrait) {
        (Actor::Guest, false) => FOREVER,
        (Actor::Guest, true) => A_DAY,
        _ => FOR_HOSTS,
    };
    let about = [
        (header::CACHE_CONTROL, keep.to_owned()),
        (header::ETAG, tag),
        // Nothing in a picture is ever run, whatever a browser takes it for.
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
    ];
    if known {
        return Ok((StatusCode::NOT_MODIFIED, about).into_response());
    }
    Ok((about, [(header::CONTENT_TYPE, found.content_type)], found.content).into_response())
}
