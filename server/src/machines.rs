//! Addresses for machines: those that watch the server, and those that tell of money.

use app::context::App;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};

use crate::hooks;

pub fn router() -> Router<App> {
    Router::new().route("/health", get(health)).route("/hooks/bank/{token}", post(hooks::bank))
}

/// 200 while the database answers, 503 when it does not.
async fn health(State(app): State<App>) -> (StatusCode, &'static str) {
    let answer = async {
        let mut conn = app.store.read().await?;
        conn.fetch_one::<(i64,)>("SELECT CAST(1 AS BIGINT) AS one", vec![]).await
    };
    match answer.await {
        Ok(_) => (StatusCode::OK, "ok\n"),
        Err(error) => {
            tracing::error!(?error, "the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
        }
    }
}
