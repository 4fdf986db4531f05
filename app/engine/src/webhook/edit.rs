//! What an owner does about the webhooks of a workshop.

use serde_json::json;

use super::error::WebhookError;
use super::model::{Event, Events, Headers, Webhook, WebhookState};
use super::queue::{self, News};
use super::{baseline, deliver, read};
use crate::accounts::{Actor, audit};
use crate::payment::Secret;
use crate::store::{StoreError, Tx};
use crate::{ContractId, DeliveryId, WebhookId, WorkshopId, columns, params, stored_enum};

/// Webhooks of one workshop, or of one company under one contract.
pub const MAX_WEBHOOKS: usize = 10;

pub(super) fn draw_secret(tx: &mut Tx) -> Secret {
    Secret::new(format!("langnghe_whsec_{}", tx.draw_token()))
}

/// A new one as its row.
pub(super) struct Fresh {
    pub workshop: WorkshopId,
    pub contract: Option<ContractId>,
    pub test: bool,
    pub url: String,
    pub events: Events,
    pub headers: Headers,
}

pub(super) async fn insert(tx: &mut Tx, fresh: Fresh) -> Result<NewWebhook, StoreError> {
    baseline::begin(tx, fresh.workshop).await?;
    let secret = draw_secret(tx);
    let id = WebhookId::new(tx.now());
    let row = columns! {
        id: id,
        workshop_id: fresh.workshop,
        contract_id: fresh.contract,
        test: fresh.test,
        url: fresh.url,
        events: fresh.events,
        headers: fresh.headers,
        secret: *secret.reveal(),
        state: WebhookState::Active,
        created_at: tx.now(),
    };
    tx.insert("webhook", row).await?;
    Ok(NewWebhook { id, secret })
}

/// Takes it off, with its log.
pub(super) async fn remove(tx: &mut Tx, webhook: &Webhook) -> Result<(), StoreError> {
    baseline::lock(tx).await?;
    tx.execute("DELETE FROM webhook_delivery WHERE webhook_id = $1", params![webhook.id]).await?;
    tx.execute("DELETE FROM webhook WHERE id = $1", params![webhook.id]).await?;
    baseline::end(tx, webhook.workshop_id).await
}

/// An owner wants a system to be told.
#[derive(Debug, Clone)]
pub struct Add {
    pub actor: Actor,
    pub workshop: WorkshopId,
    /// As [`crate::outside::Outside::address`] took it.
    pub url: String,
    pub events: Vec<Event>,
}

/// The secret is shown this once.
#[derive(Debug, Clone)]
pub struct NewWebhook {
    pub id: WebhookId,
    pub secret: Secret,
}

/// Adds it; it is told of what changes from now on.
pub async fn add(tx: &mut Tx, command: Add) -> Result<NewWebhook, WebhookError> {
    let Add { actor, workshop, url, events } = command;
    actor.must_own(workshop)?;
    let events = chosen(&events)?;
    let others = read::own(tx, workshop).await?;
    if others.len() >= MAX_WEBHOOKS {
        return Err(WebhookError::TooMany(MAX_WEBHOOKS));
    }
    if others.iter().any(|other| other.url == url) {
        return Err(WebhookError::Twice);
    }
    let fresh =
        Fresh { workshop, contract: None, test: false, url, events, headers: Headers::default() };
    let made = insert(tx, fresh).await?;
    let webhook = read::find(tx, &actor, made.id).await?;
    record(tx, &actor, "webhook.add", &webhook).await?;
    Ok(made)
}

fn chosen(events: &[Event]) -> Result<Events, WebhookError> {
    let events = Events::chosen(events, &Event::OWN);
    if events.0.is_empty() { Err(WebhookError::NoEvents) } else { Ok(events) }
}

/// The audit names the server alone: the address may be a secret.
pub(super) async fn record(
    tx: &mut Tx,
    actor: &Actor,
    verb: &'static str,
    webhook: &Webhook,
) -> Result<(), StoreError> {
    let detail = json!({ "name": webhook.host() });
    audit::record(tx, actor, verb, webhook.id, Some(webhook.workshop_id), detail).await
}

/// Another address, or other events.
#[derive(Debug, Clone)]
pub struct Edit {
    pub actor: Actor,
    pub webhook: WebhookId,
    pub url: String,
    pub events: Vec<Event>,
}

pub async fn edit(tx: &mut Tx, command: Edit) -> Result<(), WebhookError> {
    let Edit { actor, webhook, url, events } = command;
    let before = read::find(tx, &actor, webhook).await?;
    let events = chosen(&events)?;
    let others = read::own(tx, before.workshop_id).await?;
    if others.iter().any(|other| other.url == url && other.id != before.id) {
        return Err(WebhookError::Twice);
    }
    tx.execute_one(
        "UPDATE webhook SET url = $2, events = $3 WHERE id = $1",
        params![webhook, url, events],
    )
    .await?;
    let after = read::find(tx, &actor, webhook).await?;
    record(tx, &actor, "webhook.edit", &after).await?;
    Ok(())
}

stored_enum! {
    pub enum Change {
        /// Nothing is sent or kept for it until it is resumed.
        Pause = "pause",
        Resume = "resume",
        Remove = "remove",
    }
}

#[derive(Debug, Clone)]
pub struct ChangeWebhook {
    pub actor: Actor,
    pub webhook: WebhookId,
    pub change: Change,
}

pub async fn change(tx: &mut Tx, command: ChangeWebhook) -> Result<(), WebhookError> {
    let ChangeWebhook { actor, webhook, change } = command;
    let webhook = read::find(tx, &actor, webhook).await?;
    let verb = match change {
        Change::Pause => {
            tx.execute_one(
                "UPDATE webhook SET state = 'paused' WHERE id = $1",
                params![webhook.id],
            )
            .await?;
            deliver::drop_waiting(tx, webhook.id).await?;
            "webhook.pause"
        }
        Change::Resume => {
            resume(tx, webhook.id).await?;
            "webhook.resume"
        }
        Change::Remove => {
            remove(tx, &webhook).await?;
            "webhook.remove"
        }
    };
    record(tx, &actor, verb, &webhook).await?;
    Ok(())
}

pub(super) async fn resume(tx: &mut Tx, id: WebhookId) -> Result<(), StoreError> {
    tx.execute_one(
        "UPDATE webhook SET state = 'active', failing_since = NULL WHERE id = $1",
        params![id],
    )
    .await
}

#[derive(Debug, Clone)]
pub struct Renew {
    pub actor: Actor,
    pub webhook: WebhookId,
}

/// Another secret; the old one signs nothing from now on.
pub async fn renew(tx: &mut Tx, command: Renew) -> Result<NewWebhook, WebhookError> {
    let webhook = read::find(tx, &command.actor, command.webhook).await?;
    let secret = draw_secret(tx);
    tx.execute_one(
        "UPDATE webhook SET secret = $2 WHERE id = $1",
        params![webhook.id, *secret.reveal()],
    )
    .await?;
    record(tx, &command.actor, "webhook.renew", &webhook).await?;
    Ok(NewWebhook { id: webhook.id, secret })
}

/// An owner wants to see whether messages arrive.
#[derive(Debug, Clone)]
pub struct Try {
    pub actor: Actor,
    pub webhook: WebhookId,
}

/// Puts a message in the queue that is about nothing.
pub async fn send_test(tx: &mut Tx, command: Try) -> Result<DeliveryId, WebhookError> {
    let webhook = active(tx, &command.actor, command.webhook).await?;
    let event = Event::Test;
    let news = News { event, subject: webhook.id.into(), days: None, data: json!({}) };
    let id = queue::post(tx, webhook.id, news).await?;
    record(tx, &command.actor, "webhook.test", &webhook).await?;
    Ok(id)
}

async fn active(tx: &mut Tx, actor: &Actor, id: WebhookId) -> Result<Webhook, WebhookError> {
    let webhook = read::find(tx, actor, id).await?;
    if webhook.state == WebhookState::Active { Ok(webhook) } else { Err(WebhookError::Paused) }
}

#[derive(Debug, Clone)]
pub struct Resend {
    pub actor: Actor,
    pub delivery: DeliveryId,
}

/// Sends a message again that arrived, was given up or was dropped, with the same id and, if need be,
/// as many tries as a new one.
pub async fn resend(tx: &mut Tx, command: Resend) -> Result<WebhookId, WebhookError> {
    let found: Option<(WebhookId,)> = tx
        .fetch_optional(
            "SELECT webhook_id FROM webhook_delivery WHERE id = $1",
            params![command.delivery],
        )
        .await?;
    let (webhook,) = found.ok_or(WebhookError::Unknown)?;
    let webhook = active(tx, &command.actor, webhook).await?;
    let again = tx
        .execute(
            "UPDATE webhook_delivery SET state = 'queued', due_at = $2, spent = attempts, \
             leased_until = NULL WHERE id = $1 AND state <> 'queued'",
            params![command.delivery, tx.now()],
        )
        .await?;
    if again == 1 {
        record(tx, &command.actor, "webhook.resend", &webhook).await?;
    } else {
        // It waits already: it need not wait longer, unless it is being sent this moment.
        tx.execute(
            "UPDATE webhook_delivery SET due_at = $2 WHERE id = $1 AND state = 'queued' \
             AND (leased_until IS NULL OR leased_until <= $2)",
            params![command.delivery, tx.now()],
        )
        .await?;
    }
    Ok(webhook.id)
}
