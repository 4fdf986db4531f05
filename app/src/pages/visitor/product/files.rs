//! For programs: a record, the public keys, checkpoints; and the bytes of pictures.

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use engine::provenance::{self, Print, checkpoint, export, keys, photos};

use crate::context::App;
use crate::error::PageError;
use crate::ui::provenance::refused;

/// A picture never changes under its hash; but it may be erased, so nobody keeps it for good.
const AN_HOUR: &str = "public, max-age=3600";

/// Anybody may check, also a page of somebody else's.
fn json(text: String, keep: &'static str) -> Response {
    let about = [
        (header::CONTENT_TYPE, "application/json; charset=utf-8"),
        (header::CACHE_CONTROL, keep),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    let robots = [("x-robots-tag", "noindex, nofollow")];
    (about, robots, text).into_response()
}

/// `/p/{code}.json`
pub async fn record(app: &App, typed: &str) -> Result<Response, PageError> {
    let code = provenance::code_in(typed).ok_or(PageError::NotFound)?;
    let mut conn = app.store.read().await?;
    let record = provenance::by_code(&mut conn, &code).await?.ok_or(PageError::NotFound)?;
    let export = export(&mut conn, &record).await.map_err(refused)?;
    drop(conn);
    Ok(json(export.text().map_err(refused)?, "no-cache"))
}

pub async fn public_keys(State(app): State<App>) -> Result<Response, PageError> {
    let mut conn = app.store.read().await?;
    let keys = keys::all(&mut conn).await?;
    drop(conn);
    Ok(json(serde_json::to_string(&keys).unwrap_or_default(), "no-cache"))
}

/// `/provenance/checkpoints/2026-12-01.json`, with its list.
pub async fn checkpoint(
    State(app): State<App>,
    Path(file): Path<String>,
) -> Result<Response, PageError> {
    let day = file.strip_suffix(".json").and_then(|day| day.parse().ok());
    let day = day.ok_or(PageError::NotFound)?;
    let mut conn = app.store.read().await?;
    let found = checkpoint::of_day(&mut conn, day).await?.ok_or(PageError::NotFound)?;
    drop(conn);
    Ok(json(serde_json::to_string(&found).unwrap_or_default(), "public, max-age=86400"))
}

pub async fn photo(
    State(app): State<App>,
    Path(hash): Path<String>,
) -> Result<Response, PageError> {
    let hash: Print = hash.parse().map_err(|_| PageError::NotFound)?;
    let mut conn = app.store.read().await?;
    let (kind, content) = photos::file(&mut conn, &hash).await?.ok_or(PageError::NotFound)?;
    drop(conn);
    let about = [
        (header::CACHE_CONTROL, AN_HOUR),
        // Nothing in a picture is ever run, whatever a browser takes it for; a drawing brings its own style.
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'; sandbox"),
    ];
    Ok((about, [(header::CONTENT_TYPE, kind)], content).into_response())
}
