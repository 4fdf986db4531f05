//! The worker that keeps the day list at hand when the network is gone.

use axum::http::header;
use axum::response::IntoResponse;

const SCRIPT: &str = include_str!("../../../assets/sw.js");

/// At the root, so that its scope is the whole site; never kept, so that a new one takes over.
pub async fn service_worker() -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, SCRIPT)
}
