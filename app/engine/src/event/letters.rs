//! Letters to the workshops that an event concerns.

use serde_json::json;

use super::model::Event;
use crate::mail::{Letter, outbox};
use crate::store::{StoreError, Tx};
use crate::{WorkshopId, stored_enum};

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
    let letter = Letter::EventNews;
    let key = format!("{letter}:{}:{}:{workshop}", event.id, event.version);
    let payload = json!({ "event_id": event.id, "event": news });
    outbox::to_workshop(tx, workshop, letter, key, payload).await
}
