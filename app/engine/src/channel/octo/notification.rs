//! Subscriptions to notifications. What is sent to them is [`crate::webhook::rule::body`].

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::error::{OctoError, Why};
use crate::WebhookId;
use crate::payment::Secret;
use crate::webhook::{Events, Headers, Webhook, WebhookError};

/// A subscription as it is asked for, whole or in part.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AskSubscription {
    pub url: Option<String>,
    pub notification_types: Option<Vec<String>>,
    pub headers: Option<Map<String, Value>>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Subscription {
    pub id: WebhookId,
    pub url: String,
    pub notification_types: Events,
    pub headers: Headers,
    /// Ours, not the standard's: what signatures are made with, told when it was drawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}

impl Subscription {
    pub fn of(webhook: &Webhook, secret: Option<&Secret>) -> Self {
        Self {
            id: webhook.id,
            url: webhook.url.clone(),
            notification_types: webhook.events.clone(),
            headers: webhook.headers.clone(),
            secret: secret.map(|secret| secret.reveal().to_owned()),
        }
    }
}

/// What a verb about a subscription answers.
pub fn of_webhook(error: WebhookError) -> OctoError {
    match error {
        WebhookError::Store(error) => OctoError::Internal(error),
        WebhookError::Forbidden(_) => OctoError::Forbidden,
        WebhookError::NoEvents => OctoError::BadRequest(Why::NotificationTypes),
        WebhookError::TooMany(_) => OctoError::BadRequest(Why::ManySubscriptions),
        WebhookError::Unknown | WebhookError::Twice | WebhookError::Paused => {
            OctoError::BadRequest(Why::NoSubscription)
        }
    }
}
