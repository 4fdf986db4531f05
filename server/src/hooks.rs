//! Where services that watch a bank account tell of incoming money.
//!
//! `POST /hooks/bank/{token}`: the token names the account and is unguessable, the proof in the
//! headers says that the service sends it. Answers, always as JSON:
//!
//! | code | meaning |
//! |---|---|
//! | 200 | taken in, or known already, or nothing to take in (money out, a trial) |
//! | 400 | proven, but not a message of this service |
//! | 401 | no proof, a wrong one, or one that is too old |
//! | 404 | no account has this token |
//! | 413 | longer than 64 KiB |
//! | 503 | the database did not take it: the service tries again |

use app::context::App;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Json, Response};
use engine::accounts::Actor;
use engine::payment::{self, Proof, TakeIn};
use serde_json::json;

/// Longest message, in bytes.
const BODY: usize = 64 * 1024;

pub async fn bank(
    State(app): State<App>,
    Path(token): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    match take(&app, &token, &headers, body).await {
        Ok(()) => (StatusCode::OK, Json(json!({ "success": true }))).into_response(),
        Err(status) => (status, Json(json!({ "success": false }))).into_response(),
    }
}

async fn take(app: &App, token: &str, headers: &HeaderMap, body: Body) -> Result<(), StatusCode> {
    let later = |error: &dyn std::fmt::Display| {
        tracing::error!(%error, "an incoming transfer was not taken in");
        StatusCode::SERVICE_UNAVAILABLE
    };
    let account = {
        let mut conn = app.store.read().await.map_err(|error| later(&error))?;
        payment::by_token(&mut conn, token).await.map_err(|error| later(&error))?
    };
    let account = account.ok_or(StatusCode::NOT_FOUND)?;
    // The very bytes that were sent: signatures are over them.
    let body = to_bytes(body, BODY).await.map_err(|_| StatusCode::PAYLOAD_TOO_LARGE)?;
    let said = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let proof = Proof {
        authorization: said(header::AUTHORIZATION.as_str()),
        sepay_time: said("x-sepay-timestamp"),
        sepay_signature: said("x-sepay-signature"),
        casso_token: said("secure-token"),
        casso_signature: said("x-casso-signature"),
    };
    let (provider, now) = (account.provider, app.store.now());
    if payment::authentic(provider, &account.secret, proof, &body, now).is_err() {
        tracing::warn!(account = %account.id, %provider, "a bank message without proof");
        return Err(StatusCode::UNAUTHORIZED);
    }
    let transfers = payment::read(provider, &body).map_err(|_| {
        tracing::warn!(account = %account.id, %provider, "a bank message that can't be read");
        StatusCode::BAD_REQUEST
    })?;
    if transfers.is_empty() {
        return Ok(());
    }
    let catalogue = app.catalogue().await.map_err(|error| later(&error))?;
    let command = TakeIn { catalogue, account: account.id, transfers, actor: Actor::System };
    let taken = app
        .store
        .write("take in", command, |tx, command| Box::pin(payment::take_in(tx, command)))
        .await
        .map_err(|error| later(&error))?;
    tracing::info!(account = %account.id, ?taken, "a bank message");
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path as File;

    use app::context::Settings;
    use axum::http::Request;
    use engine::both_dbs;
    use engine::payment::{
        AccountData, AccountInput, AccountOf, AddAccount, Provider, SetProvider,
    };
    use engine::store::Store;
    use tower::ServiceExt;

    use super::*;

    /// A workshop's account that SePay watches by key.
    async fn account(store: &Store) -> payment::BankAccount {
        let scene = engine::booking::testing::Scene::new(store).await;
        let data = AccountData::parse(&AccountInput {
            bank: "970436".into(),
            number: "0123456789".into(),
            holder: "LO BAU".into(),
        })
        .unwrap();
        let actor = scene.owner.clone();
        let of = AccountOf::Workshop(scene.workshop);
        let add = AddAccount { actor: actor.clone(), of, data };
        let added =
            store.write("add", add, |tx, c| Box::pin(payment::add_account(tx, c))).await.unwrap();
        let set = SetProvider {
            actor,
            account: added.id,
            provider: Provider::SepayKey,
            secret: Some("a-key-of-sepay".into()),
        };
        store.write("set", set, |tx, c| Box::pin(payment::set_provider(tx, c))).await.unwrap()
    }

    fn message(id: u32) -> String {
        json!({
            "id": id, "gateway": "Vietcombank", "transactionDate": "2026-12-01 09:15:00",
            "accountNumber": "0123456789", "code": null, "content": "ung ho", "transferType": "in",
            "transferAmount": 20_000, "accumulated": 1, "subAccount": null,
            "referenceCode": "FT1", "description": "",
        })
        .to_string()
    }

    both_dbs! {
        async fn a_message_is_taken_in_once_and_only_with_proof(store) {
            let account = account(&store).await;
            let settings = Settings {
                base_url: "http://localhost".into(),
                hold_minutes: 15,
                secure_cookies: false,
                mailbox: None::<&File>.map(File::to_owned),
            };
            let routes = crate::machines::router().with_state(App::new(store.clone(), settings));
            let post = |token: &str, key: &str, body: String| {
                let request = Request::post(format!("/hooks/bank/{token}"))
                    .header("authorization", format!("Apikey {key}"))
                    .header("content-type", "application/json")
                    .body(Body::from(body))
                    .unwrap();
                let routes = routes.clone();
                async move { routes.oneshot(request).await.unwrap().status().as_u16() }
            };
            let (token, key) = (account.token.as_str(), "a-key-of-sepay");
            assert_eq!(post(token, key, message(1)).await, 200);
            assert_eq!(post(token, key, message(1)).await, 200);
            assert_eq!(post(token, key, message(1).replace("\"in\"", "\"out\"")).await, 200);
            assert_eq!(post(token, "another-key", message(2)).await, 401);
            assert_eq!(post("nobody", key, message(2)).await, 404);
            assert_eq!(post(token, key, "{}".into()).await, 400);
            assert_eq!(post(token, key, "x".repeat(70_000)).await, 413);
            let mut conn = store.read().await.unwrap();
            let sql = "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM transfer";
            let (n,): (i64,) = conn.fetch_one(sql, vec![]).await.unwrap();
            assert_eq!(n, 1);
        }
    }
}
