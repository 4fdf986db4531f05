//! Letters to the workshops that an event concerns.

use serde_json::json;

use super::model::Event;
use crate::mail::Letter;
use crate::mail::outbox::{self, Envelope};
use crate::store::{StoreError, Tx};
use crate::{Locale, WorkshopId, params, stored_enum};

stored_enum! {
    /// What became of an event.
    pub enum News {
        Published = "published",
        Changed = "changed",
        Withdrawn = "withdrawn",
    }
}

pub(super) async fn tell(
    tx: &mut Tx,
    event: &Event,
    workshop: WorkshopId,
    news: News,
) -> Result<(), StoreError> {
    let (recipient, recipient_name, locale): (String, String, Locale) = tx
        .fetch_one("SELECT email, name, locale FROM workshop WHERE id = $1", params![workshop])
        .await?;
    if recipient.is_empty() {
        return Ok(());
    }
    let letter = Letter::EventNews;
    let envelope = Envelope {
        event_key: format!("{letter}:{}:{}:{workshop}", event.id, event.version),
        letter,
        recipient,
        recipient_name,
        locale,
        payload: json!({ "event_id": event.id, "event": news }),
        booking_id: None,
        workshop_id: Some(workshop),
    };
    outbox::post(tx, envelope).await?;
    Ok(())
}
