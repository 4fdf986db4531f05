//! Sending what is due, outside of any transaction.
//!
//! A worker leases a message by a conditional update, sends it and marks it; the number of the attempt
//! tells its mark from that of another worker, should it have been too slow. A process that dies
//! between sending and marking makes the message be sent once more, with the same id.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt, stream};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use super::error::WebhookError;
use super::letters;
use super::model::{Event, Headers, Webhook};
use super::queue::days;
use super::rule::{self, Message};
use crate::outside::{Failure, Outside};
use crate::payment::Secret;
use crate::store::{Conn, Store, StoreError, Tx};
use crate::{DeliveryId, SlotId, WebhookId, WorkshopId, params};

/// Longer than a call may take, so that no second worker takes the message meanwhile.
const LEASE: TimeDelta = TimeDelta::minutes(1);
/// Messages of one round, of one webhook among them, and webhooks that are called at one time.
const ROUND: i64 = 60;
const OF_ONE: i64 = 6;
const AT_ONCE: usize = 8;
/// The log goes back so far.
pub const LOG_DAYS: i64 = 30;
/// Of an answer so much is kept, in characters.
const MAX_ANSWER: usize = 300;

/// A message that is sent now.
#[derive(Debug, Clone, sqlx::FromRow)]
struct Parcel {
    id: DeliveryId,
    webhook_id: WebhookId,
    event: Event,
    first_date: Option<NaiveDate>,
    last_date: Option<NaiveDate>,
    slot_id: Option<SlotId>,
    data: String,
    attempts: i32,
    created_at: DateTime<Utc>,
    url: String,
    headers: Headers,
    secret: Secret,
    workshop_id: WorkshopId,
    workshop: String,
}

/// Sends what is due: each webhook its own in their order, several webhooks at one time. One that fails
/// is left until the next round, so that it holds up nobody. Answers how many it tried.
pub async fn deliver_due(
    store: &Store,
    outside: &Outside,
    base_url: &str,
    stop: impl Fn() -> bool + Send + Sync,
) -> Result<usize, WebhookError> {
    let mut conn = store.read().await?;
    let due = due(&mut conn, store.now()).await?;
    drop(conn);
    let mut lines: Vec<(WebhookId, Vec<DeliveryId>)> = Vec::new();
    for (webhook, id) in due {
        match lines.iter_mut().find(|(of, _)| *of == webhook) {
            Some((_, ids)) => ids.push(id),
            None => lines.push((webhook, vec![id])),
        }
    }
    let stop = &stop;
    let calls: Vec<BoxFuture<'_, Result<usize, WebhookError>>> = lines
        .into_iter()
        .map(|(_, ids)| {
            let line = async move {
                let mut tried = 0;
                for id in ids {
                    if stop() {
                        break;
                    }
                    // Where it is None another worker was quicker.
                    if let Some(arrived) = deliver_one(store, outside, base_url, id).await? {
                        tried += 1;
                        if !arrived {
                            break;
                        }
                    }
                }
                Ok(tried)
            };
            line.boxed()
        })
        .collect();
    let done: Vec<Result<usize, WebhookError>> =
        stream::iter(calls).buffer_unordered(AT_ONCE).collect().await;
    done.into_iter().sum()
}

async fn due(
    conn: &mut Conn,
    now: DateTime<Utc>,
) -> Result<Vec<(WebhookId, DeliveryId)>, StoreError> {
    conn.fetch_all(
        "SELECT webhook_id, id FROM (SELECT delivery.webhook_id, delivery.id, delivery.due_at, \
         ROW_NUMBER() OVER (PARTITION BY delivery.webhook_id \
         ORDER BY delivery.due_at, delivery.id) AS nth FROM webhook_delivery delivery \
         JOIN webhook ON webhook.id = delivery.webhook_id WHERE webhook.state = 'active' \
         AND delivery.state = 'queued' AND delivery.due_at <= $1 \
         AND (delivery.leased_until IS NULL OR delivery.leased_until <= $1)) AS due \
         WHERE nth <= $2 ORDER BY due_at, id LIMIT $3",
        params![now, OF_ONE, ROUND],
    )
    .await
}

/// Sends one message, if it is due and nobody else does; whether it arrived.
pub async fn deliver_one(
    store: &Store,
    outside: &Outside,
    base_url: &str,
    id: DeliveryId,
) -> Result<Option<bool>, WebhookError> {
    let leased = store
        .write("lease message", id, |tx, id| Box::pin(async move { lease(tx, id).await }))
        .await?;
    let Some(parcel) = leased else { return Ok(None) };
    let (headers, body) = wrap(&parcel, base_url, store.now());
    let outcome = outside.post(&parcel.url, headers, body).await;
    let arrived = matches!(outcome, Ok((status, _)) if rule::arrived(status));
    if !arrived {
        let host =
            url::Url::parse(&parcel.url).ok().and_then(|it| it.host_str().map(str::to_owned));
        tracing::info!(message = %id, ?host, attempt = parcel.attempts, "a webhook was not reached");
    }
    let marked = (id, parcel.webhook_id, parcel.attempts, outcome);
    store
        .write("mark message", marked, |tx, marked| Box::pin(async move { mark(tx, marked).await }))
        .await?;
    Ok(Some(arrived))
}

/// Headers and body of a message. The signature's time is that of the try, all else stays the same.
fn wrap(parcel: &Parcel, base_url: &str, now: DateTime<Utc>) -> (HeaderMap, Vec<u8>) {
    let (id, webhook) = (parcel.id.to_string(), parcel.webhook_id.to_string());
    let workshop = parcel.workshop_id.to_string();
    let message = Message {
        id: &id,
        event: parcel.event,
        created_at: parcel.created_at,
        workshop: (&workshop, &parcel.workshop),
        webhook: &webhook,
        days: days(parcel.first_date, parcel.last_date, parcel.slot_id),
        data: serde_json::from_str(&parcel.data).unwrap_or_default(),
    };
    let body = rule::body(message, base_url).to_string().into_bytes();
    let mut headers = HeaderMap::new();
    for (name, value) in &parcel.headers.0 {
        let name = HeaderName::from_bytes(name.as_bytes());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(value)) {
            headers.insert(name, value);
        }
    }
    let signature = rule::signature(&parcel.secret, now, &body);
    for (name, value) in [
        (rule::SIGNATURE, signature.as_str()),
        (rule::EVENT, parcel.event.word()),
        (rule::DELIVERY, &id),
    ] {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    (headers, body)
}

async fn lease(tx: &mut Tx, id: DeliveryId) -> Result<Option<Parcel>, WebhookError> {
    let now = tx.now();
    let won = tx
        .execute(
            "UPDATE webhook_delivery SET leased_until = $1, attempts = attempts + 1 \
             WHERE id = $2 AND state = 'queued' AND due_at <= $3 \
             AND (leased_until IS NULL OR leased_until <= $3) \
             AND webhook_id IN (SELECT id FROM webhook WHERE state = 'active')",
            params![now + LEASE, id, now],
        )
        .await?;
    if won == 0 {
        return Ok(None);
    }
    let parcel = tx
        .fetch_one(
            "SELECT delivery.id, delivery.webhook_id, delivery.event, delivery.first_date, \
             delivery.last_date, delivery.slot_id, delivery.data, delivery.attempts, \
             delivery.created_at, webhook.url, webhook.headers, webhook.secret, \
             webhook.workshop_id, workshop.slug AS workshop FROM webhook_delivery delivery \
             JOIN webhook ON webhook.id = delivery.webhook_id \
             JOIN workshop ON workshop.id = webhook.workshop_id WHERE delivery.id = $1",
            params![id],
        )
        .await?;
    Ok(Some(parcel))
}

type Marked = (DeliveryId, WebhookId, i32, Result<(u16, String), Failure>);

#[derive(sqlx::FromRow)]
struct Standing {
    subject_id: uuid::Uuid,
    spent: i32,
}

async fn mark(tx: &mut Tx, (id, webhook, attempt, outcome): Marked) -> Result<(), WebhookError> {
    let now = tx.now();
    let (status, failure, answer) = match outcome {
        Ok((status, said)) => (Some(i32::from(status)), None, said),
        Err(failure) => (None, Some(failure), String::new()),
    };
    let arrived =
        matches!(status, Some(status) if rule::arrived(u16::try_from(status).unwrap_or(0)));
    // Whoever was slower than the lease says nothing any more; neither does one whose webhook was paused
    // or removed meanwhile.
    let standing: Option<Standing> = tx
        .fetch_optional(
            "SELECT subject_id, spent FROM webhook_delivery \
             WHERE id = $1 AND state = 'queued' AND attempts = $2",
            params![id, attempt],
        )
        .await?;
    let Some(standing) = standing else { return Ok(()) };
    let newer: Option<(DeliveryId,)> = tx
        .fetch_optional(
            "SELECT id FROM webhook_delivery WHERE webhook_id = $1 AND subject_id = $2 \
             AND id > $3 LIMIT 1",
            params![webhook, standing.subject_id, id],
        )
        .await?;
    let jitter = tx.draw_number(rule::JITTER);
    let (state, due_at) = match rule::pause(attempt - standing.spent, jitter) {
        _ if arrived => ("delivered", now),
        // What somebody asked for once more goes on its own.
        _ if newer.is_some() && standing.spent == 0 => ("merged", now),
        Some(pause) => ("queued", now + pause),
        None => ("dead", now),
    };
    let answer: String =
        if arrived { String::new() } else { answer.chars().take(MAX_ANSWER).collect() };
    tx.execute(
        "UPDATE webhook_delivery SET state = $1, due_at = $2, leased_until = NULL, \
         tried_at = $3, status = $4, failure = $5, answer = $6 \
         WHERE id = $7 AND state = 'queued' AND attempts = $8",
        params![*state, due_at, now, status, failure, answer, id, attempt],
    )
    .await?;
    if arrived {
        tx.execute(
            "UPDATE webhook SET failing_since = NULL WHERE id = $1 AND failing_since IS NOT NULL",
            params![webhook],
        )
        .await?;
        return Ok(());
    }
    tx.execute(
        "UPDATE webhook SET failing_since = $2 WHERE id = $1 AND failing_since IS NULL",
        params![webhook, now],
    )
    .await?;
    give_up(tx, webhook).await
}

/// Pauses a webhook that nobody could reach for days, and tells its owner.
async fn give_up(tx: &mut Tx, id: WebhookId) -> Result<(), WebhookError> {
    let paused = tx
        .execute(
            "UPDATE webhook SET state = 'failing' WHERE id = $1 AND state = 'active' \
             AND failing_since <= $2",
            params![id, tx.now() - rule::PATIENCE],
        )
        .await?;
    if paused == 0 {
        return Ok(());
    }
    drop_waiting(tx, id).await?;
    let webhook: Webhook = tx.fetch_one("SELECT * FROM webhook WHERE id = $1", params![id]).await?;
    letters::failing(tx, &webhook).await?;
    Ok(())
}

/// What waits of a webhook that is paused does not go.
pub(super) async fn drop_waiting(tx: &mut Tx, id: WebhookId) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE webhook_delivery SET state = 'dropped', leased_until = NULL \
         WHERE webhook_id = $1 AND state = 'queued'",
        params![id],
    )
    .await?;
    Ok(())
}

/// Removes old lines of the log, and what was noted of visits long over; answers how many lines.
pub async fn clean_due(store: &Store) -> Result<usize, WebhookError> {
    let mut conn = store.read().await?;
    let (log, slots, bookings) = old(store.now());
    let found: Option<(i32,)> = conn
        .fetch_optional(
            "SELECT 1 AS n WHERE EXISTS (SELECT 1 FROM webhook_delivery \
             WHERE created_at < $1 AND state <> 'queued') \
             OR EXISTS (SELECT 1 FROM webhook_slot WHERE ends_at < $2) \
             OR EXISTS (SELECT 1 FROM webhook_booking WHERE ends_at < $3)",
            params![log, slots, bookings],
        )
        .await?;
    drop(conn);
    if found.is_none() {
        return Ok(0);
    }
    store.write("clean webhooks", (), |tx, ()| Box::pin(async move { clean(tx).await })).await
}

/// Before which instants lines of the log, notes of slots and of bookings are old.
fn old(now: DateTime<Utc>) -> (DateTime<Utc>, DateTime<Utc>, DateTime<Utc>) {
    let day = TimeDelta::days(1);
    (now - TimeDelta::days(LOG_DAYS), now - day, super::look::since(now) - day)
}

async fn clean(tx: &mut Tx) -> Result<usize, WebhookError> {
    let (log, slots, bookings) = old(tx.now());
    let lines = tx
        .execute(
            "DELETE FROM webhook_delivery WHERE created_at < $1 AND state <> 'queued'",
            params![log],
        )
        .await?;
    tx.execute("DELETE FROM webhook_slot WHERE ends_at < $1", params![slots]).await?;
    tx.execute("DELETE FROM webhook_booking WHERE ends_at < $1", params![bookings]).await?;
    Ok(usize::try_from(lines).unwrap_or(0))
}
