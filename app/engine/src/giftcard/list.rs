//! A workshop's cards as its owner sees them.

use super::error::CardError;
use super::model::GiftCard;
use crate::accounts::Actor;
use crate::store::Conn;
use crate::{Dong, WorkshopId, params};

/// Rows of the list.
const MOST: i64 = 300;

/// Cards of a workshop, the latest first.
pub async fn cards_of(
    conn: &mut Conn,
    actor: &Actor,
    workshop: WorkshopId,
) -> Result<Vec<GiftCard>, CardError> {
    actor.must_own(workshop)?;
    let cards = conn
        .fetch_all(
            "SELECT * FROM gift_card WHERE workshop_id = $1 ORDER BY created_at DESC, id LIMIT $2",
            params![workshop, MOST],
        )
        .await?;
    Ok(cards)
}

/// What became of a workshop's cards in all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct CardSums {
    /// Paid for.
    pub sold: Dong,
    pub given: Dong,
    /// Spent, what came back left out.
    pub used: Dong,
    /// Still to be honoured.
    pub left: Dong,
    pub expired: Dong,
}

pub async fn sums(
    conn: &mut Conn,
    actor: &Actor,
    workshop: WorkshopId,
) -> Result<CardSums, CardError> {
    actor.must_own(workshop)?;
    let sums = conn
        .fetch_one(
            "SELECT CAST(COALESCE(SUM(CASE WHEN origin = 'bought' AND activated_at IS NOT NULL \
             THEN value ELSE 0 END), 0) AS BIGINT) AS sold, \
             CAST(COALESCE(SUM(CASE WHEN origin = 'given' THEN value ELSE 0 END), 0) AS BIGINT) \
             AS given, \
             CAST(COALESCE(SUM(CASE WHEN state IN ('active', 'blocked') THEN remaining ELSE 0 END), \
             0) AS BIGINT) AS \"left\", \
             CAST((SELECT COALESCE(SUM(CASE WHEN move.kind = 'received' THEN move.amount \
             ELSE -move.amount END), 0) FROM (SELECT kind, amount, card_id FROM payment_move \
             UNION ALL SELECT kind, amount, card_id FROM shop_move) move \
             JOIN gift_card used ON used.id = move.card_id WHERE used.workshop_id = $1) AS BIGINT) \
             AS used, \
             CAST((SELECT COALESCE(SUM(gone.amount), 0) FROM gift_card_move gone \
             JOIN gift_card ended ON ended.id = gone.card_id \
             WHERE ended.workshop_id = $1 AND gone.kind = 'expired') AS BIGINT) AS expired \
             FROM gift_card WHERE workshop_id = $1",
            params![workshop],
        )
        .await?;
    Ok(sums)
}
