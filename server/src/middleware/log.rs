//! One line in the log for each request, and an id that the line and the answer share.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

use crate::metrics;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

pub async fn line(request: Request, next: Next) -> Response {
    let id = uuid::Uuid::now_v7().simple().to_string();
    let method = request.method().clone();
    // The route's template, not the path: a path can carry a booking's secret.
    let route = request.extensions().get::<MatchedPath>().cloned();
    let begun = Instant::now();
    let mut response = next.run(request).await;
    let status = response.status().as_u16();
    let took = begun.elapsed();
    let ms = took.as_millis();
    let route = route.as_ref().map_or("(none)", MatchedPath::as_str);
    metrics::answered(route, method.as_str(), status, took);
    if status >= 500 {
        tracing::error!(%id, %method, route, status, ms);
    } else if route.starts_with("/pkg/") {
        tracing::debug!(%id, %method, route, status, ms);
    } else {
        tracing::info!(%id, %method, route, status, ms);
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}
