//! Notifications of OCTO: what a travel company's system does about its subscriptions.

use super::edit::{self, Fresh, MAX_WEBHOOKS, NewWebhook};
use super::error::WebhookError;
use super::model::{Event, Events, Headers, Webhook};
use super::read;
use crate::accounts::{Actor, Seller};
use crate::store::Tx;
use crate::{WebhookId, params};

#[derive(Debug, Clone)]
pub struct Subscribe {
    pub seller: Seller,
    /// As [`crate::outside::Outside::address`] took it.
    pub url: String,
    pub events: Vec<Event>,
    /// As [`super::rule::headers`] took them.
    pub headers: Headers,
}

fn chosen(events: &[Event]) -> Result<Events, WebhookError> {
    let events = Events::chosen(events, &Event::OCTO);
    if events.0.is_empty() { Err(WebhookError::NoEvents) } else { Ok(events) }
}

/// Subscribes; the company's system is told of what changes from now on.
pub async fn subscribe(
    tx: &mut Tx,
    command: Subscribe,
) -> Result<(Webhook, NewWebhook), WebhookError> {
    let Subscribe { seller, url, events, headers } = command;
    let events = chosen(&events)?;
    if read::of_contract(tx, &Seller { test: false, ..seller.clone() }).await?.len() >= MAX_WEBHOOKS
    {
        return Err(WebhookError::TooMany(MAX_WEBHOOKS));
    }
    let fresh = Fresh {
        workshop: seller.workshop,
        contract: Some(seller.contract),
        test: seller.test,
        url,
        events,
        headers,
    };
    let made = edit::insert(tx, fresh).await?;
    let webhook = find(tx, &seller, made.id).await?;
    edit::record(tx, &Actor::Reseller(seller), "webhook.add", &webhook).await?;
    Ok((webhook, made))
}

async fn find(tx: &mut Tx, seller: &Seller, id: WebhookId) -> Result<Webhook, WebhookError> {
    let mut all = read::of_contract(tx, seller).await?.into_iter();
    all.find(|webhook| webhook.id == id).ok_or(WebhookError::Unknown)
}

/// What is None stays as it is.
#[derive(Debug, Clone)]
pub struct Resubscribe {
    pub seller: Seller,
    pub webhook: WebhookId,
    pub url: Option<String>,
    pub events: Option<Vec<Event>>,
    pub headers: Option<Headers>,
}

/// Changes a subscription. One that was paused because nobody could reach it is sent to again.
pub async fn resubscribe(tx: &mut Tx, command: Resubscribe) -> Result<Webhook, WebhookError> {
    let Resubscribe { seller, webhook, url, events, headers } = command;
    let before = find(tx, &seller, webhook).await?;
    let events = match events {
        Some(events) => chosen(&events)?,
        None => before.events,
    };
    tx.execute_one(
        "UPDATE webhook SET url = $2, events = $3, headers = $4 WHERE id = $1",
        params![webhook, url.unwrap_or(before.url), events, headers.unwrap_or(before.headers)],
    )
    .await?;
    edit::resume(tx, webhook).await?;
    let after = find(tx, &seller, webhook).await?;
    edit::record(tx, &Actor::Reseller(seller), "webhook.edit", &after).await?;
    Ok(after)
}

#[derive(Debug, Clone)]
pub struct Unsubscribe {
    pub seller: Seller,
    pub webhook: WebhookId,
}

/// Ends a subscription; answers it as it was.
pub async fn unsubscribe(tx: &mut Tx, command: Unsubscribe) -> Result<Webhook, WebhookError> {
    let webhook = find(tx, &command.seller, command.webhook).await?;
    edit::remove(tx, &webhook).await?;
    edit::record(tx, &Actor::Reseller(command.seller), "webhook.remove", &webhook).await?;
    Ok(webhook)
}
