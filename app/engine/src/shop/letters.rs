//! What an order's buyer and its seller are written.

use serde_json::{Value, json};

use super::order::Order;
use crate::mail::Letter;
use crate::mail::outbox::{self, Envelope};
use crate::store::{StoreError, Tx};
use crate::{Dong, stored_enum};

stored_enum! {
    /// What happened to an order.
    pub enum OrderEvent {
        Placed = "placed",
        Paid = "paid",
        /// To be collected from now on.
        Ready = "ready",
        Posted = "posted",
        Cancelled = "cancelled",
        Expired = "expired",
        Withdrawn = "withdrawn",
        /// The seller does not take it back.
        Refused = "refused",
        Returned = "returned",
        Refunded = "refunded",
    }
}

/// A letter to the buyer, once for each event at one time. `words` are the seller's.
pub(super) async fn to_buyer(
    tx: &mut Tx,
    order: &Order,
    event: OrderEvent,
    words: &str,
) -> Result<(), StoreError> {
    let payload = json!({ "order_id": order.id, "event": event, "words": words });
    post(tx, order, event, payload).await
}

/// How much went back.
pub(super) async fn refunded(tx: &mut Tx, order: &Order, amount: Dong) -> Result<(), StoreError> {
    let event = OrderEvent::Refunded;
    let payload = json!({ "order_id": order.id, "event": event, "amount": amount });
    post(tx, order, event, payload).await
}

async fn post(
    tx: &mut Tx,
    order: &Order,
    event: OrderEvent,
    payload: Value,
) -> Result<(), StoreError> {
    if order.email.is_empty() {
        return Ok(());
    }
    let letter = Letter::OrderNews;
    let envelope = Envelope {
        event_key: format!("{letter}:{}:{event}:{}", order.id, order.version),
        letter,
        recipient: order.email.clone(),
        recipient_name: order.name.clone(),
        locale: order.locale,
        payload,
        booking_id: None,
        workshop_id: Some(order.workshop_id),
    };
    outbox::post(tx, envelope).await?;
    Ok(())
}

/// A letter to the workshop that hands it over.
pub(super) async fn to_seller(
    tx: &mut Tx,
    order: &Order,
    event: OrderEvent,
) -> Result<(), StoreError> {
    let letter = Letter::HostOrder;
    let key = format!("{letter}:{}:{event}:{}", order.id, order.version);
    let payload = json!({ "order_id": order.id, "event": event });
    outbox::to_workshop(tx, order.workshop_id, letter, key, payload).await
}
