//! What time does to cards: unpaid ones lapse, and what is left of others when their last day is over is
//! the workshop's.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::error::CardError;
use super::model::{CardMoveKind, CardState};
use super::receive::{Moved, lock, write};
use crate::accounts::{Actor, audit};
use crate::clock::local_date;
use crate::store::{Conn, StoreError, Tx};
use crate::{Dong, GiftCardId, columns, params};

/// Cards that one transaction may end, so that it stays short.
const BATCH: i64 = 100;

const DUE: &str = "SELECT id FROM gift_card WHERE (state = 'awaiting' AND due_at <= $1) \
     OR (state IN ('active', 'blocked') AND valid_until < $2 AND remaining > 0) ORDER BY id LIMIT $3";

/// Whether [`expire_due`] has something to do.
pub async fn is_due(conn: &mut Conn, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let one: Option<(GiftCardId,)> =
        conn.fetch_optional(DUE, params![now, local_date(now), 1_i64]).await?;
    Ok(one.is_some())
}

/// Ends what is over; answers how many it looked at.
pub async fn expire_due(tx: &mut Tx) -> Result<usize, CardError> {
    let (now, today) = (tx.now(), local_date(tx.now()));
    let due: Vec<(GiftCardId,)> = tx.fetch_all(DUE, params![now, today, BATCH]).await?;
    for (id,) in &due {
        let card = lock(tx, *id).await?;
        let key = columns! { id: card.id };
        match card.state {
            CardState::Awaiting => {
                let row = columns! { state: CardState::Cancelled, lapsed: true };
                tx.update_one("gift_card", row, key).await?;
            }
            CardState::Active | CardState::Blocked
                if card.valid_until < today && card.remaining > Dong::ZERO =>
            {
                let row = columns! { state: CardState::Expired, remaining: Dong::ZERO };
                tx.update_one("gift_card", row, key).await?;
                let moved = Moved {
                    card: &card,
                    kind: CardMoveKind::Expired,
                    amount: card.remaining,
                    account: None,
                    coop: None,
                    transfer: None,
                    on_date: today,
                    actor: &Actor::System,
                    note: "",
                    event: format!("expired:{}:{}", card.id, card.version),
                };
                write(tx, moved).await?;
                let detail = json!({ "amount": card.remaining });
                let workshop = Some(card.workshop_id);
                let hint = card.hint();
                audit::record(tx, &Actor::System, "gift_card.expire", hint, workshop, detail)
                    .await?;
            }
            // Spent, paid or cancelled at this very moment.
            _ => {}
        }
    }
    Ok(due.len())
}
