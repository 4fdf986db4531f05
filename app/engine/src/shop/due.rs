//! What time does: unpaid and uncollected orders run out, parcels arrive, baskets are forgotten.

use chrono::{DateTime, Utc};

use super::basket::{forget_baskets, old_basket};
use super::deal::{end, finish, is_late};
use super::error::ShopError;
use super::letters::{self, OrderEvent};
use super::order::{OrderState, lock};
use crate::store::{Conn, StoreError, Tx};
use crate::{ShopOrderId, params};

/// Orders that one transaction may end, so that it stays short.
const BATCH: i64 = 100;

const LATE: &str = "SELECT id FROM shop_order WHERE state IN ('awaiting', 'open', 'packed') \
     AND due_at <= $1 ORDER BY due_at, id LIMIT $2";
const ARRIVED: &str = "SELECT shop_order.id FROM shop_order \
     JOIN parcel ON parcel.id = shop_order.parcel_id WHERE shop_order.state = 'posted' \
     AND parcel.state = 'arrived' ORDER BY shop_order.id LIMIT $1";

/// Whether [`work`] has an order to end.
pub async fn is_due(conn: &mut Conn, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let late: Option<(ShopOrderId,)> = conn.fetch_optional(LATE, params![now, 1_i64]).await?;
    let arrived: Option<(ShopOrderId,)> = conn.fetch_optional(ARRIVED, params![1_i64]).await?;
    Ok(late.is_some() || arrived.is_some() || old_basket(conn, now).await?)
}

/// Does some of it; answers how much.
pub async fn work(tx: &mut Tx) -> Result<usize, ShopError> {
    let now = tx.now();
    let late: Vec<(ShopOrderId,)> = tx.fetch_all(LATE, params![now, BATCH]).await?;
    for (id,) in &late {
        let order = lock(tx, *id).await?;
        // Paid or handed over at this very moment.
        if is_late(&order, now) {
            let order = end(tx, order, OrderState::Expired, "").await?;
            letters::to_buyer(tx, &order, OrderEvent::Expired, "").await?;
        }
    }
    let arrived: Vec<(ShopOrderId,)> = tx.fetch_all(ARRIVED, params![BATCH]).await?;
    for (id,) in &arrived {
        let order = lock(tx, *id).await?;
        if order.state == OrderState::Posted {
            finish(tx, &order).await?;
        }
    }
    Ok(late.len() + arrived.len() + forget_baskets(tx).await?)
}
