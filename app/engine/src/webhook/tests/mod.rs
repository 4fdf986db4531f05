//! From a change to a message that arrives, or does not.

mod decisions;
mod found;
mod sent;

use std::sync::Arc;

use serde_json::Value;

use super::*;
use crate::accounts::Actor;
use crate::booking::testing::Scene;
use crate::outside::Outside;
use crate::store::{Param, Store};
use crate::{WebhookId, params};

pub(super) const SITE: &str = "https://langnghe.example";

pub(super) fn outside() -> Outside {
    Outside::new(true, "test").unwrap()
}

pub(super) async fn added(scene: &Scene, url: &str, events: &[Event]) -> NewWebhook {
    let command = Add {
        actor: scene.owner.clone(),
        workshop: scene.workshop,
        url: url.into(),
        events: events.to_vec(),
    };
    scene.store.write("add", command, |tx, c| Box::pin(add(tx, c))).await.unwrap()
}

/// Looks until there is nothing more to see.
pub(super) async fn looked(store: &Store) -> usize {
    let mut done = 0;
    loop {
        let mut conn = store.read().await.unwrap();
        let due = is_due(&mut conn, store.now()).await.unwrap();
        drop(conn);
        let now = store.write("look", (), |tx, ()| Box::pin(look(tx))).await.unwrap();
        assert_eq!(due, now > 0, "what is due is found, and nothing else");
        if now == 0 {
            return done;
        }
        done += now;
    }
}

/// Events that wait for a webhook, with their data, in their order.
pub(super) async fn waiting(store: &Store, webhook: WebhookId) -> Vec<(Event, Value)> {
    let mut conn = store.read().await.unwrap();
    let rows: Vec<(Event, String)> = conn
        .fetch_all(
            "SELECT event, data FROM webhook_delivery WHERE webhook_id = $1 \
             AND state = 'queued' ORDER BY id",
            params![webhook],
        )
        .await
        .unwrap();
    rows.into_iter().map(|(event, data)| (event, serde_json::from_str(&data).unwrap())).collect()
}

/// What was found since the last time, in the order of the page; it waits no more.
pub(super) async fn news(store: &Store, webhook: WebhookId) -> Vec<Event> {
    looked(store).await;
    let mut events: Vec<Event> =
        waiting(store, webhook).await.into_iter().map(|(event, _)| event).collect();
    events.sort_by_key(|event| Event::ALL.iter().position(|known| known == event));
    run(store, "DELETE FROM webhook_delivery WHERE webhook_id = $1", params![webhook]).await;
    events
}

pub(super) async fn run(store: &Store, sql: &'static str, params: Vec<Param>) {
    crate::booking::testing::run(store, sql, params).await;
}

pub(super) async fn count(store: &Store, sql: &'static str) -> i64 {
    let (n,): (i64,) = store.read().await.unwrap().fetch_one(sql, vec![]).await.unwrap();
    n
}

pub(super) async fn lines(store: &Store, webhook: WebhookId) -> Vec<Delivery> {
    let mut conn = store.read().await.unwrap();
    log(&mut conn, &Actor::System, webhook, 50).await.unwrap()
}

pub(super) async fn hook(store: &Store, webhook: WebhookId) -> Webhook {
    let mut conn = store.read().await.unwrap();
    find(&mut conn, &Actor::System, webhook).await.unwrap()
}

/// Sends what is due.
pub(super) async fn sent(store: &Store) -> usize {
    deliver_due(store, &outside(), SITE, || false).await.unwrap()
}

pub(super) fn arc<T>(it: &Arc<T>) -> Arc<T> {
    Arc::clone(it)
}
