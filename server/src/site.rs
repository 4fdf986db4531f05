//! The site's files under `/pkg`: inside the release binary; from `target/site` in a debug build.

use std::collections::{BTreeMap, HashSet};
use std::sync::OnceLock;

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderMap, Response, StatusCode, header};
use axum::response::{IntoResponse, Redirect};
use axum::routing::get;
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "$SITE_FOLDER"]
#[allow_missing = true]
struct Files;

/// Names that carry their content's hash, and may be kept forever.
static HASHED: OnceLock<HashSet<String>> = OnceLock::new();

#[derive(Debug, thiserror::Error)]
#[error("the site's files are missing: run `cargo xtask build`")]
pub struct NotBuilt;

/// Reads the manifest and tells the pages the hashed names.
pub fn load() -> Result<(), NotBuilt> {
    let file = Files::get("manifest.json").ok_or(NotBuilt)?;
    let manifest: BTreeMap<String, String> =
        serde_json::from_slice(&file.data).map_err(|_| NotBuilt)?;
    let _ = HASHED.set(manifest.values().cloned().collect());
    app::assets::set_manifest(manifest);
    Ok(())
}

pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/pkg/{*path}", get(file)).route(
        "/favicon.ico",
        get(|| async { Redirect::permanent(&app::assets::url("favicon.svg")) }),
    )
}

async fn file(Path(path): Path<String>, headers: HeaderMap) -> impl IntoResponse {
    // Compressed siblings are an encoding of a file, not files by themselves.
    let plain = !has_ending(&path, "br") && !has_ending(&path, "gz");
    let Some(raw) = plain.then(|| Files::get(&format!("pkg/{path}"))).flatten() else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let encoding = accepted(&headers)
        .into_iter()
        .find_map(|(name, end)| Some((name, end, Files::get(&format!("pkg/{path}.{end}"))?)));
    // The hash of the plain content, marked with the encoding: each answer has its own tag.
    let hash = raw.metadata.sha256_hash();
    let hash = hash.iter().take(8).fold(0u64, |sum, byte| sum << 8 | u64::from(*byte));
    let tag = format!("\"{hash:016x}-{}\"", encoding.as_ref().map_or("raw", |found| found.1));
    let hashed = HASHED.get().is_some_and(|hashed| hashed.contains(&path));
    // Snippets have their crate's hash in their folder.
    let forever = hashed || path.starts_with("snippets/");
    let mut response = Response::builder()
        .header(header::CONTENT_TYPE, content_type(&path))
        .header(header::ETAG, &tag)
        .header(header::VARY, "accept-encoding")
        .header(
            header::CACHE_CONTROL,
            if forever { "public, max-age=31536000, immutable" } else { "no-cache" },
        );
    let known = headers.get(header::IF_NONE_MATCH).and_then(|tags| tags.to_str().ok()).is_some_and(
        |tags| tags.split(',').any(|given| given.trim() == tag || given.trim() == "*"),
    );
    if known {
        return response
            .status(StatusCode::NOT_MODIFIED)
            .body(Body::empty())
            .unwrap_or_default()
            .into_response();
    }
    let content = match encoding {
        Some((name, _, file)) => {
            response = response.header(header::CONTENT_ENCODING, name);
            file.data
        }
        None => raw.data,
    };
    response.body(Body::from(content)).unwrap_or_default().into_response()
}

fn has_ending(path: &str, end: &str) -> bool {
    std::path::Path::new(path).extension().is_some_and(|found| found == end)
}

/// Encodings that the client takes, the smallest first, with the ending of their files.
fn accepted(headers: &HeaderMap) -> Vec<(&'static str, &'static str)> {
    let offered = headers.get(header::ACCEPT_ENCODING).and_then(|text| text.to_str().ok());
    let takes = |name: &str| {
        offered.unwrap_or_default().split(',').any(|entry| {
            let (coding, weight) = entry.split_once(';').unwrap_or((entry, ""));
            let refused = matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000");
            coding.trim().eq_ignore_ascii_case(name) && !refused
        })
    };
    [("br", "br"), ("gzip", "gz")].into_iter().filter(|(name, _)| takes(name)).collect()
}

fn content_type(path: &str) -> &'static str {
    match std::path::Path::new(path).extension().and_then(|end| end.to_str()) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("webp") => "image/webp",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("json") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoding_is_taken_only_when_it_is_accepted() {
        let accepted = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, text.parse().unwrap());
            accepted(&headers).into_iter().map(|(name, _)| name).collect::<Vec<_>>()
        };
        assert_eq!(accepted("gzip, deflate, br"), ["br", "gzip"]);
        assert_eq!(accepted("br;q=0, gzip;q=0.5"), ["gzip"]);
        assert!(accepted("brotli").is_empty());
    }
}
