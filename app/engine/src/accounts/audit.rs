//! Who did what, written in the transaction that did it.

use serde_json::Value;

use super::Actor;
use crate::store::{StoreError, Tx};
use crate::{AuditId, WorkshopId, params};

/// Writes one line: `verb` is the engine's verb ("booking.cancel"), `subject` the thing it touched.
pub async fn record(
    tx: &mut Tx,
    actor: &Actor,
    verb: &'static str,
    subject: impl std::fmt::Display,
    workshop: Option<WorkshopId>,
    detail: Value,
) -> Result<(), StoreError> {
    tx.execute_one(
        "INSERT INTO audit (id, at, actor, verb, subject, workshop_id, detail) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![
            AuditId::new(tx.now()),
            tx.now(),
            actor.label(),
            *verb,
            subject.to_string(),
            workshop,
            detail.to_string(),
        ],
    )
    .await
}
