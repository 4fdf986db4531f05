//! What surrounds every route, from the outside in: log line, panics, security headers, limits,
//! timeout, cross-site protection, compression.

mod client;
mod headers;
mod log;
mod rate;

use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::timeout::TimeoutLayer;

use crate::config::Config;

/// Largest form, in bytes; a photo's route sets its own.
const BODY: usize = 1 << 20;

pub fn around(routes: Router, config: &Config, https: bool) -> Router {
    let timeout = Duration::from_secs(config.request_timeout);
    // The last layer stands outermost.
    routes
        // Files of the site come compressed already; the layer leaves what has an encoding alone.
        .layer(CompressionLayer::new())
        .layer(DefaultBodyLimit::max(BODY))
        .layer(CsrfLayer::new())
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, timeout))
        .layer(from_fn_with_state(rate::Buckets::new(config.limits), rate::limit))
        .layer(from_fn_with_state(client::Proxies::new(&config.trusted_proxies), client::find))
        .layer(CatchPanicLayer::new())
        .layer(from_fn_with_state(headers::Https(https), headers::add))
        .layer(from_fn(log::line))
}
