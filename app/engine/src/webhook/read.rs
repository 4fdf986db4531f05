//! Webhooks and their log.

use super::error::WebhookError;
use super::model::{Delivery, Webhook};
use crate::accounts::{Actor, Seller};
use crate::store::{Conn, StoreError};
use crate::{WebhookId, WorkshopId, params};

/// A workshop's own, the oldest first; for its owners.
pub async fn of_workshop(
    conn: &mut Conn,
    actor: &Actor,
    workshop: WorkshopId,
) -> Result<Vec<Webhook>, WebhookError> {
    actor.must_own(workshop)?;
    Ok(own(conn, workshop).await?)
}

pub(super) async fn own(conn: &mut Conn, workshop: WorkshopId) -> Result<Vec<Webhook>, StoreError> {
    conn.fetch_all(
        "SELECT * FROM webhook WHERE workshop_id = $1 AND contract_id IS NULL ORDER BY id",
        params![workshop],
    )
    .await
}

/// One of a workshop's own, for its owners.
pub async fn find(conn: &mut Conn, actor: &Actor, id: WebhookId) -> Result<Webhook, WebhookError> {
    let found: Option<Webhook> = conn
        .fetch_optional("SELECT * FROM webhook WHERE id = $1 AND contract_id IS NULL", params![id])
        .await?;
    let found = found.ok_or(WebhookError::Unknown)?;
    actor.must_own(found.workshop_id)?;
    Ok(found)
}

/// Any webhook, for the letter about it.
pub(crate) async fn any(conn: &mut Conn, id: WebhookId) -> Result<Option<Webhook>, StoreError> {
    conn.fetch_optional("SELECT * FROM webhook WHERE id = $1", params![id]).await
}

/// What it was told, the newest first, at most `limit`; for the owners of its workshop.
pub async fn log(
    conn: &mut Conn,
    actor: &Actor,
    id: WebhookId,
    limit: i64,
) -> Result<Vec<Delivery>, WebhookError> {
    find(conn, actor, id).await?;
    let lines = conn
        .fetch_all(
            "SELECT id, webhook_id, event, state, attempts, due_at, tried_at, status, failure, \
             answer, first_date, last_date, slot_id, created_at FROM webhook_delivery \
             WHERE webhook_id = $1 ORDER BY id DESC LIMIT $2",
            params![id, limit],
        )
        .await?;
    Ok(lines)
}

/// Subscriptions of a travel company, the oldest first; a test key sees those made with one alone.
pub async fn of_contract(conn: &mut Conn, seller: &Seller) -> Result<Vec<Webhook>, StoreError> {
    conn.fetch_all(
        "SELECT * FROM webhook WHERE contract_id = $1 AND (test OR NOT $2) ORDER BY id",
        params![seller.contract, seller.test],
    )
    .await
}
