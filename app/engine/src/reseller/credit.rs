//! What a company owes a workshop, and how much it may.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;

use super::keys::owned;
use super::{ContractRefuses, ResellerError, Terms};
use crate::accounts::{Actor, audit};
use crate::booking::{Booking, BookingError};
use crate::store::{Conn, StoreError, Tx};
use crate::{ContractId, Dong, ResellerPaymentId, columns, params};

/// What is due of bookings that keep seats, and of what was cancelled too late.
const DUE: &str = "SELECT CAST(COALESCE(SUM(CASE WHEN state = 'cancelled' \
     THEN total * (100 - refund_percent) / 100 ELSE total END), 0) AS BIGINT) AS due \
     FROM booking WHERE contract_id = $1 AND NOT test AND state <> 'expired'";

/// What a company owes: the net price of what it sold and did not pay. Less than nothing when it
/// paid ahead.
pub async fn owed(conn: &mut Conn, contract: ContractId) -> Result<Dong, StoreError> {
    let (due,): (Dong,) = conn.fetch_one(DUE, params![contract]).await?;
    let (paid,): (Dong,) = conn
        .fetch_one(
            "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) AS paid FROM reseller_payment \
             WHERE contract_id = $1",
            params![contract],
        )
        .await?;
    Ok(due - paid)
}

/// Before seats are taken on credit that has a limit: others of the company wait here, so that no
/// two of them use the same credit.
pub(super) async fn lock(tx: &mut Tx, terms: &Terms) -> Result<(), StoreError> {
    if terms.contract.credit_limit.is_some() {
        tx.execute_one(
            "UPDATE reseller_contract SET version = version + 1 WHERE id = $1",
            params![terms.contract.id],
        )
        .await?;
    }
    Ok(())
}

/// Refuses when the booking, as it was just written, goes beyond the limit.
pub(super) async fn must_allow(
    tx: &mut Tx,
    terms: &Terms,
    booking: &Booking,
) -> Result<(), BookingError> {
    let Some(limit) = terms.contract.credit_limit.filter(|_| !booking.test) else {
        return Ok(());
    };
    let owed = owed(tx, terms.contract.id).await?;
    if owed > limit { Err(ContractRefuses::Credit.into()) } else { Ok(()) }
}

/// Money that came in.
#[derive(Debug, Clone)]
pub struct Payment {
    pub actor: Actor,
    pub contract: ContractId,
    /// Less than nothing takes one back.
    pub amount: Dong,
    pub on_date: NaiveDate,
    pub note: String,
    /// The same form sent twice is one payment.
    pub form_key: String,
}

/// A payment as it was written down.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Paid {
    pub id: ResellerPaymentId,
    pub contract_id: ContractId,
    pub amount: Dong,
    pub on_date: NaiveDate,
    pub note: String,
    pub created_at: DateTime<Utc>,
}

const MAX_NOTE: usize = 200;

/// Writes a payment down; the company may sell so much more.
pub async fn record_payment(tx: &mut Tx, command: Payment) -> Result<(), ResellerError> {
    let workshop = owned(tx, &command.actor, command.contract).await?;
    let id = ResellerPaymentId::new(tx.now());
    let note: String = command.note.trim().chars().take(MAX_NOTE).collect();
    let row = columns! {
        id: id,
        contract_id: command.contract,
        form_key: command.form_key,
        amount: command.amount,
        on_date: command.on_date,
        note: note,
        created_at: tx.now(),
    };
    if !tx.insert_if_new("reseller_payment", row).await? {
        return Ok(());
    }
    let detail = json!({ "amount": command.amount, "contract": command.contract });
    audit::record(tx, &command.actor, "reseller.payment", id, Some(workshop), detail).await?;
    Ok(())
}

/// Payments of a contract, the newest first.
pub async fn payments(conn: &mut Conn, contract: ContractId) -> Result<Vec<Paid>, StoreError> {
    conn.fetch_all(
        "SELECT id, contract_id, amount, on_date, note, created_at FROM reseller_payment \
         WHERE contract_id = $1 ORDER BY on_date DESC, id DESC",
        params![contract],
    )
    .await
}
