//! Calendars to subscribe to: `/cal/…/<token>.ics`.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use engine::feeds::{self, Feed};

use crate::context::App;
use crate::error::PageError;

type File = Path<String>;

pub async fn workshop(
    State(app): State<App>,
    Path(file): File,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    serve(&app, Feed::Workshop, &file, &headers).await
}

pub async fn guide(
    State(app): State<App>,
    Path(file): File,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    serve(&app, Feed::Guide, &file, &headers).await
}

pub async fn resource(
    State(app): State<App>,
    Path(file): File,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    serve(&app, Feed::Resource, &file, &headers).await
}

pub async fn coop(
    State(app): State<App>,
    Path(file): File,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    serve(&app, Feed::Coop, &file, &headers).await
}

/// The calendar, or 304 to a reader that has it already.
async fn serve(
    app: &App,
    feed: Feed,
    file: &str,
    headers: &HeaderMap,
) -> Result<Response, PageError> {
    let token = file.strip_suffix(".ics").ok_or(PageError::NotFound)?;
    let mail = app.mail.clone().ok_or(PageError::NotFound)?;
    let catalogue = app.catalogue().await?;
    let now = app.store.now();
    let mut conn = app.store.read().await?;
    let text = feed.read(&mut conn, &catalogue, &mail, token, now).await?;
    drop(conn);
    let text = text.ok_or(PageError::NotFound)?;
    let tag = feeds::tag(&text);
    let known = headers.get(header::IF_NONE_MATCH).and_then(|known| known.to_str().ok());
    let known = known.is_some_and(|known| known.split(',').any(|each| same(each, &tag)));
    let tag = HeaderValue::from_str(&tag).map_err(|_| PageError::NotFound)?;
    let about = [
        (header::ETAG, tag),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache")),
        // The address is a secret: it must not travel on, nor be found.
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ];
    if known {
        return Ok((StatusCode::NOT_MODIFIED, about).into_response());
    }
    let kind = [(header::CONTENT_TYPE, "text/calendar; charset=utf-8")];
    Ok((about, kind, text).into_response())
}

/// Weak comparison (RFC 9110 section 13.1.2): proxies may mark a tag as weak.
fn same(each: &str, tag: &str) -> bool {
    let each = each.trim();
    each == "*" || each.trim_start_matches("W/") == tag
}
