//! What counts as told when somebody begins to listen: everything as it is then.

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::catalogue::{Tour, load};
use crate::hex::hex;
use crate::store::{StoreError, Tx};
use crate::{WorkshopId, params};

/// Whoever looks for changes, or adds or removes webhooks, does so one after the other.
pub(super) async fn lock(tx: &mut Tx) -> Result<(), StoreError> {
    tx.execute_one("UPDATE webhook_look SET looks = looks + 1 WHERE id = 1", params![]).await
}

/// Tells one state of a tour's page from another. Its place among the others is none of it.
pub(super) fn print(tour: &Tour) -> String {
    let mut fields = serde_json::to_value(tour).unwrap_or_default();
    if let Some(fields) = fields.as_object_mut() {
        for other in ["position", "search_text"] {
            fields.insert(other.into(), Value::Null);
        }
    }
    hex(&Sha256::digest(fields.to_string().as_bytes()))
}

pub(super) async fn note_tour(tx: &mut Tx, tour: &Tour, print: &str) -> Result<(), StoreError> {
    tx.execute_one(
        "INSERT INTO webhook_tour (tour_id, workshop_id, print, published) \
         VALUES ($1, $2, $3, $4) ON CONFLICT (tour_id) DO UPDATE \
         SET print = excluded.print, published = excluded.published",
        params![tour.id, tour.workshop_id, *print, tour.published],
    )
    .await
}

/// Before the first webhook of a workshop is written.
pub(super) async fn begin(tx: &mut Tx, workshop: WorkshopId) -> Result<(), StoreError> {
    lock(tx).await?;
    let known: Option<(WorkshopId,)> = tx
        .fetch_optional(
            "SELECT workshop_id FROM webhook WHERE workshop_id = $1 LIMIT 1",
            params![workshop],
        )
        .await?;
    if known.is_some() {
        return Ok(());
    }
    tx.execute(
        "INSERT INTO webhook_slot (slot_id, workshop_id, tour_id, option_id, local_date, \
         starts_at, ends_at, closes_at, capacity, taken, allotted, room, busy, status, \
         price_percent) SELECT id, workshop_id, tour_id, option_id, local_date, starts_at, \
         ends_at, closes_at, capacity, taken, allotted, room, busy, status, price_percent \
         FROM slot WHERE workshop_id = $1 AND ends_at > $2 ON CONFLICT (slot_id) DO NOTHING",
        params![workshop, tx.now()],
    )
    .await?;
    tx.execute(
        "INSERT INTO webhook_booking (booking_id, workshop_id, version, state, starts_at, \
         ends_at) SELECT booking.id, booking.workshop_id, booking.version, booking.state, \
         slot.starts_at, slot.ends_at FROM slot JOIN booking ON booking.slot_id = slot.id \
         WHERE slot.workshop_id = $1 AND slot.ends_at > $2 \
         AND (booking.confirmed_at IS NOT NULL OR booking.contract_id IS NOT NULL) \
         ON CONFLICT (booking_id) DO NOTHING",
        params![workshop, super::look::since(tx.now())],
    )
    .await?;
    let catalogue = load::load(tx).await?;
    for tour in catalogue.all_tours_of(workshop) {
        note_tour(tx, tour, &print(tour)).await?;
    }
    Ok(())
}

/// After a webhook is gone: where it was the last of its workshop, nothing more is compared.
pub(super) async fn end(tx: &mut Tx, workshop: WorkshopId) -> Result<(), StoreError> {
    for sql in [
        "DELETE FROM webhook_slot WHERE workshop_id = $1 \
         AND NOT EXISTS (SELECT 1 FROM webhook WHERE workshop_id = $1)",
        "DELETE FROM webhook_booking WHERE workshop_id = $1 \
         AND NOT EXISTS (SELECT 1 FROM webhook WHERE workshop_id = $1)",
        "DELETE FROM webhook_tour WHERE workshop_id = $1 \
         AND NOT EXISTS (SELECT 1 FROM webhook WHERE workshop_id = $1)",
    ] {
        tx.execute(sql, params![workshop]).await?;
    }
    Ok(())
}
