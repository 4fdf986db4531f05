//! What time does: offers and deposits run out, customers are reminded, parcels have arrived.

use chrono::{DateTime, Utc};

use super::entry::{self, By, Mark, New};
use super::error::CommissionError;
use super::home::{Arrive, arrive};
use super::model::{asks, go, lock};
use super::news::{News, Told, to_customer, to_host};
use super::state::{State, StateKind, Step};
use crate::accounts::Actor;
use crate::store::{Conn, StoreError, Tx};
use crate::{CommissionId, columns, params};

/// Commissions of which one transaction looks after, so that it stays short.
const BATCH: i64 = 100;

const OVER: &str = "SELECT id FROM commission WHERE state IN ('offered', 'accepted') \
     AND until <= $1 ORDER BY until, id LIMIT $2";
const REMIND: &str = "SELECT id FROM commission WHERE state = 'accepted' AND remind_at <= $1 \
     AND until > $1 ORDER BY remind_at, id LIMIT $2";
const ARRIVED: &str = "SELECT commission.id FROM commission \
     JOIN parcel ON parcel.id = commission.parcel_id WHERE commission.state = 'posted' \
     AND parcel.state = 'arrived' ORDER BY commission.id LIMIT $1";

async fn ids(
    conn: &mut Conn,
    sql: &'static str,
    params: Vec<crate::store::Param>,
) -> Result<Vec<CommissionId>, StoreError> {
    let rows: Vec<(CommissionId,)> = conn.fetch_all(sql, params).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Whether [`follow`] has something to do.
pub async fn is_due(conn: &mut Conn, now: DateTime<Utc>) -> Result<bool, StoreError> {
    Ok(!ids(conn, OVER, params![now, 1_i64]).await?.is_empty()
        || !ids(conn, REMIND, params![now, 1_i64]).await?.is_empty()
        || !ids(conn, ARRIVED, params![1_i64]).await?.is_empty())
}

/// Does it; answers of how many.
pub async fn follow(tx: &mut Tx) -> Result<usize, CommissionError> {
    let now = tx.now();
    let over = ids(tx, OVER, params![now, BATCH]).await?;
    for id in &over {
        lapse(tx, *id).await?;
    }
    let remind = ids(tx, REMIND, params![now, BATCH]).await?;
    for id in &remind {
        let commission = lock(tx, *id).await?;
        let done = columns! { remind_at: None::<DateTime<Utc>> };
        tx.update_one("commission", done, columns! { id: commission.id }).await?;
        to_customer(tx, &commission, Told::of(News::Reminder)).await?;
    }
    let arrived = ids(tx, ARRIVED, params![BATCH]).await?;
    for id in &arrived {
        arrive(tx, Arrive { actor: Actor::System, commission: *id }).await?;
    }
    Ok(over.len() + remind.len() + arrived.len())
}

/// The time of an offer, or that for the deposit, is over. What came of the deposit goes back.
async fn lapse(tx: &mut Tx, id: CommissionId) -> Result<(), CommissionError> {
    let mut commission = lock(tx, id).await?;
    let over = commission.state.until().is_some_and(|until| until <= tx.now());
    if !over || !matches!(commission.kind(), StateKind::Offered | StateKind::Accepted) {
        // Answered or paid at this very moment.
        return Ok(());
    }
    go(tx, &mut commission, Step::Lapse, State::Lapsed).await?;
    asks(tx, &mut commission, false).await?;
    entry::write(tx, &commission, New::plain(Mark::Lapsed, By::System)).await?;
    to_customer(tx, &commission, Told::of(News::Lapsed)).await?;
    to_host(tx, &commission, Told::of(News::Lapsed)).await?;
    Ok(())
}
