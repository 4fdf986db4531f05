//! What surrounds every route, from the outside in: log line, panics, security headers, limits,
//! timeout, cross-site protection, pages kept for guests, compression.

mod client;
mod headers;
mod log;
mod pages;
pub mod rate;

use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use engine::store::Store;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;

use crate::config::Config;

/// Largest form, in bytes; a photo's route sets its own.
const BODY: usize = 1 << 20;

/// Photographs come from telephones over slow networks; they get this long.
const UPLOAD: Duration = Duration::from_mins(5);

/// Ends a request that takes too long.
async fn in_time(State(usual): State<Duration>, request: Request, next: Next) -> Response {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let upload = kind.is_some_and(|kind| kind.starts_with("multipart/form-data"));
    let limit = if upload { UPLOAD.max(usual) } else { usual };
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

pub fn around(routes: Router, config: &Config, store: &Store, https: bool) -> Router {
    let timeout = Duration::from_secs(config.request_timeout);
    // The last layer stands outermost.
    routes
        // Files of the site come compressed already; the layer leaves what has an encoding alone.
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(pages::Pages::new(store.clone()), pages::shelf))
        .layer(DefaultBodyLimit::max(BODY))
        .layer(CsrfLayer::new())
        .layer(from_fn_with_state(timeout, in_time))
        .layer(from_fn_with_state(rate::Buckets::new(config.limits), rate::limit))
        .layer(from_fn_with_state(client::Proxies::new(&config.trusted_proxies), client::find))
        .layer(CatchPanicLayer::new())
        .layer(from_fn_with_state(headers::Https(https), headers::add))
        .layer(from_fn(log::line))
}
