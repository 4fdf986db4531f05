//! The letter about a webhook that nobody could reach for days.

use serde_json::json;

use super::model::Webhook;
use crate::mail::Letter;
use crate::mail::outbox::{self, Envelope};
use crate::reseller;
use crate::store::{StoreError, Tx};

/// To the workshop whose it is, or to the travel company.
pub(super) async fn failing(tx: &mut Tx, webhook: &Webhook) -> Result<(), StoreError> {
    let letter = Letter::WebhookFailing;
    // One letter for each time that it is paused.
    let event_key = format!("{letter}:{}:{}", webhook.id, tx.now().timestamp_micros());
    let payload = json!({ "webhook_id": webhook.id });
    let Some(contract) = webhook.contract_id else {
        return outbox::to_workshop(tx, webhook.workshop_id, letter, event_key, payload).await;
    };
    let company = reseller::company(tx, contract).await?;
    let envelope = Envelope {
        event_key,
        letter,
        recipient: company.email,
        recipient_name: company.name,
        locale: company.locale,
        payload,
        booking_id: None,
        workshop_id: Some(webhook.workshop_id),
    };
    outbox::post(tx, envelope).await?;
    Ok(())
}
