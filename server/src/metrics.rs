//! Numbers for whoever watches the server, in Prometheus' text format, at an address of their own.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use engine::booking;
use engine::mail;
use engine::store::{Store, StoreError};
use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use subtle::ConstantTimeEq;
use tokio_util::sync::CancellationToken;

use crate::config::Metrics;
use crate::say::say;

/// Seconds; a page takes about a millisecond, a booking's commit a few.
const SECONDS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.0, 10.0];

/// Which part of the site a route belongs to: few enough to draw a line for each.
pub fn class(route: &str) -> &'static str {
    if !route.starts_with('/') {
        return "unknown";
    }
    let route = route.strip_prefix("/{locale}").unwrap_or(route);
    match route.split('/').nth(1).unwrap_or_default() {
        "pkg" | "favicon.ico" | "sw.js" | "photos" => "files",
        "book" | "booking" | "pass" | "waitlist" | "enquiry" | "companions" | "find" => "booking",
        "host" | "cal" => "host",
        "sign-in" | "sign-out" | "account" => "account",
        "office" | "mailbox" => "office",
        "health" => "machines",
        _ => "catalogue",
    }
}

pub fn answered(route: &str, method: &str, status: u16, took: Duration) {
    let class = class(route);
    // Whatever a client calls its method.
    let method = if matches!(method, "GET" | "POST" | "HEAD") { method } else { "other" };
    counter!(
        "langnghe_requests_total",
        "class" => class, "method" => method.to_owned(), "status" => status.to_string()
    )
    .increment(1);
    histogram!("langnghe_request_seconds", "class" => class).record(took);
}

/// A worker's round; `now` in seconds since 1970.
pub fn worked(worker: &'static str, now: i64, well: bool) {
    if well {
        #[expect(clippy::cast_precision_loss, reason = "seconds, far below 2^52")]
        gauge!("langnghe_worker_last_success_seconds", "worker" => worker).set(now as f64);
    } else {
        counter!("langnghe_worker_failures_total", "worker" => worker).increment(1);
    }
}

/// Begins to count, and serves the numbers until `stop`.
pub async fn serve(
    config: &Metrics,
    store: Store,
    stop: CancellationToken,
) -> Result<(), Box<dyn std::error::Error>> {
    let Some(address) = config.listen else {
        // Without a recorder, counting costs nothing.
        return Ok(());
    };
    let matcher = Matcher::Full("langnghe_request_seconds".to_owned());
    let recorder =
        PrometheusBuilder::new().set_buckets_for_metric(matcher, &SECONDS)?.install_recorder()?;
    describe();
    let listener = tokio::net::TcpListener::bind(address)
        .await
        .map_err(|error| format!("metrics: {address} cannot be listened on: {error}"))?;
    say!("Metrics are at http://{}/metrics", listener.local_addr()?);
    let token = config.token.as_ref().map(|token| token.0.clone());
    let desk = Arc::new(Desk { recorder, store, token });
    tokio::spawn(tend(Arc::clone(&desk), stop.clone()));
    let routes = Router::new().route("/metrics", get(answer)).with_state(desk);
    tokio::spawn(async move {
        let served = axum::serve(listener, routes).with_graceful_shutdown(stop.cancelled_owned());
        if let Err(error) = served.await {
            tracing::error!(%error, "the metrics are served no more");
        }
    });
    Ok(())
}

struct Desk {
    recorder: PrometheusHandle,
    store: Store,
    token: Option<String>,
}

/// Folds what was recorded into its buckets also while nobody asks, so that it does not pile up.
async fn tend(desk: Arc<Desk>, stop: CancellationToken) {
    while stop.run_until_cancelled(tokio::time::sleep(Duration::from_secs(5))).await.is_some() {
        desk.recorder.run_upkeep();
    }
}

async fn answer(State(desk): State<Arc<Desk>>, headers: HeaderMap) -> Response {
    if let Some(token) = &desk.token {
        let given = headers.get(header::AUTHORIZATION).and_then(|given| given.to_str().ok());
        let given = given.and_then(|given| given.strip_prefix("Bearer ")).unwrap_or_default();
        if !bool::from(given.as_bytes().ct_eq(token.as_bytes())) {
            return StatusCode::UNAUTHORIZED.into_response();
        }
    }
    if let Err(error) = look(&desk.store).await {
        tracing::error!(?error, "the metrics of the database could not be read");
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    (kind, desk.recorder.render()).into_response()
}

/// What stands in the database, read when it is asked for.
#[expect(clippy::cast_precision_loss, reason = "counts, far below 2^52")]
async fn look(store: &Store) -> Result<(), StoreError> {
    let mut conn = store.read().await?;
    let depth = mail::depth(&mut conn).await?;
    let held = booking::held(&mut conn).await?;
    drop(conn);
    let late = depth.due_since.map_or(0, |due| (store.now() - due).num_seconds().max(0));
    gauge!("langnghe_outbox_letters", "state" => "queued").set(depth.queued as f64);
    gauge!("langnghe_outbox_letters", "state" => "dead").set(depth.dead as f64);
    gauge!("langnghe_outbox_late_seconds").set(late as f64);
    gauge!("langnghe_holds").set(held as f64);
    counter!("langnghe_commits_total").absolute(store.version());
    Ok(())
}

fn describe() {
    describe_counter!("langnghe_requests_total", "Requests by part of the site and status.");
    describe_histogram!("langnghe_request_seconds", "Time until a request was answered.");
    describe_gauge!("langnghe_outbox_letters", "Letters that wait or were given up.");
    describe_gauge!("langnghe_outbox_late_seconds", "How long the oldest waiting letter is due.");
    describe_gauge!("langnghe_holds", "Bookings that keep seats and are not confirmed.");
    describe_counter!("langnghe_commits_total", "Transactions committed since the start.");
    describe_gauge!("langnghe_worker_last_success_seconds", "When a worker last went well.");
    describe_counter!("langnghe_worker_failures_total", "Rounds of a worker that failed.");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_fall_into_few_classes() {
        assert_eq!(class("/{locale}"), "catalogue");
        assert_eq!(class("/{locale}/tours/{slug}"), "catalogue");
        assert_eq!(class("/{locale}/booking/{code}/{secret}/review"), "booking");
        assert_eq!(class("/{locale}/host/{workshop}"), "host");
        assert_eq!(class("/pkg/{*path}"), "files");
        assert_eq!(class("(none)"), "unknown");
    }
}
