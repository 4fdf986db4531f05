//! Letters to guides, where they have an address.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::model::Guide;
use super::read;
use crate::mail::Letter;
use crate::mail::outbox::{self, Envelope};
use crate::schedule::Slot;
use crate::store::{StoreError, Tx};
use crate::{ResourceId, stored_enum};

stored_enum! {
    /// What a guide is told of a departure.
    pub enum News {
        Assigned = "assigned",
        Moved = "moved",
        /// Somebody else leads it, nobody does, or it does not take place.
        Off = "off",
    }
}

/// `slot` as it was before the news.
pub(super) async fn tell(
    tx: &mut Tx,
    guide: &Guide,
    slot: &Slot,
    news: News,
) -> Result<(), StoreError> {
    if guide.email.is_empty() {
        return Ok(());
    }
    let at: DateTime<Utc> = tx.now();
    let letter = Letter::GuideNews;
    let envelope = Envelope {
        event_key: format!("{letter}:{}:{}:{news}:{}", slot.id, guide.id(), at.timestamp_micros()),
        letter,
        recipient: guide.email.clone(),
        recipient_name: guide.name().to_owned(),
        locale: guide.locale,
        payload: json!({
            "guide_id": guide.id(), "slot_id": slot.id, "event": news, "from": slot.starts_at,
        }),
        booking_id: None,
        workshop_id: Some(slot.workshop_id),
    };
    outbox::post(tx, envelope).await?;
    Ok(())
}

pub(super) async fn tell_off(
    tx: &mut Tx,
    guide: ResourceId,
    slot: &Slot,
) -> Result<(), StoreError> {
    match read::find(tx, guide).await? {
        Some(guide) => tell(tx, &guide, slot, News::Off).await,
        None => Ok(()),
    }
}
