//! What was paid for a booking, and what follows from it: how much is open, what goes back. All of it
//! is reckoned from the moves and the booking's state; nothing is kept that could be out of date.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};

use crate::booking::{Booking, State};
use crate::ledger::Method;
use crate::store::{Conn, StoreError};
use crate::{BankAccountId, BookingId, Dong, MoveId, TransferId, params, stored_enum};

stored_enum! {
    pub enum MoveKind { Received = "received", Refunded = "refunded" }
}

/// Money of a booking that came in or went back.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Move {
    pub id: MoveId,
    pub booking_id: BookingId,
    /// None: in cash, or into an account that is not kept here.
    pub account_id: Option<BankAccountId>,
    pub transfer_id: Option<TransferId>,
    pub kind: MoveKind,
    pub amount: Dong,
    pub method: Method,
    /// Came when the booking had ended.
    pub late: bool,
    pub on_date: NaiveDate,
    /// As the audit names it.
    pub actor: String,
    pub note: String,
    pub created_at: DateTime<Utc>,
}

/// The sums of a booking's moves.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Money {
    /// In time.
    pub received: Dong,
    /// When the booking had ended: all of it goes back.
    pub late: Dong,
    pub refunded: Dong,
}

impl Money {
    /// What is held now.
    pub fn net(self) -> Dong {
        self.received + self.late - self.refunded
    }

    /// Whether anything ever moved.
    pub fn any(self) -> bool {
        self != Money::default()
    }
}

/// What follows from a booking's money.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reckoning {
    /// Of the price, not paid yet.
    pub open: Dong,
    /// To be paid back, beyond what was paid back already.
    pub due: Dong,
    /// What stays with the workshop of a booking that ended, once what is due went back.
    pub kept: Dong,
}

/// The rule. A booking that counts is owed what was paid above its price. Of one that was cancelled,
/// the policy's part comes back of what was really paid for it, and all that was paid above the
/// price or after the end; of one whose guest did not come, only the latter. Of one that ran out
/// unpaid everything comes back.
pub fn reckon(booking: &Booking, money: Money) -> Reckoning {
    let all = money.received + money.late;
    // What may stay, before what went back by the host's kindness.
    let stays = match booking.state {
        State::Held { .. }
        | State::AwaitingPayment { .. }
        | State::Confirmed { .. }
        | State::CheckedIn { .. } => {
            let net = money.net();
            return Reckoning {
                open: (booking.total - net).max(Dong::ZERO),
                due: (net - booking.total).max(Dong::ZERO),
                kept: Dong::ZERO,
            };
        }
        State::NoShow => money.received.min(booking.total),
        State::Cancelled { refund_percent, .. } => {
            let paid = money.received.min(booking.total);
            paid - paid.percent(refund_percent)
        }
        State::Expired { .. } => Dong::ZERO,
    };
    let back = all - stays;
    Reckoning {
        open: Dong::ZERO,
        due: (back - money.refunded).max(Dong::ZERO),
        kept: (all - back.max(money.refunded)).max(Dong::ZERO),
    }
}

/// Of the price, still to be taken at the workshop: nothing of what a travel company sold, which pays
/// by its contract.
pub fn to_take(booking: &Booking, money: Money) -> Dong {
    if booking.contract_id.is_some() { Dong::ZERO } else { reckon(booking, money).open }
}

/// Columns of [`Money`], for a query that groups moves by booking.
pub(super) const SUMS: &str = "CAST(COALESCE(SUM(CASE WHEN move.kind = 'received' AND NOT move.late \
     THEN move.amount ELSE 0 END), 0) AS BIGINT) AS received, \
     CAST(COALESCE(SUM(CASE WHEN move.kind = 'received' AND move.late \
     THEN move.amount ELSE 0 END), 0) AS BIGINT) AS late, \
     CAST(COALESCE(SUM(CASE WHEN move.kind = 'refunded' \
     THEN move.amount ELSE 0 END), 0) AS BIGINT) AS refunded";

pub async fn money_of(conn: &mut Conn, booking: BookingId) -> Result<Money, StoreError> {
    let sql = format!("SELECT {SUMS} FROM payment_move move WHERE move.booking_id = $1");
    conn.fetch_one(sqlx::AssertSqlSafe(sql), params![booking]).await
}

/// The same of several bookings; those without any money are left out.
pub async fn money_of_all(
    conn: &mut Conn,
    bookings: &[BookingId],
) -> Result<HashMap<BookingId, Money>, StoreError> {
    let sql = |list: &str| {
        format!(
            "SELECT move.booking_id, {SUMS} FROM payment_move move \
             WHERE move.booking_id IN ({list}) GROUP BY move.booking_id"
        )
    };
    let rows: Vec<(BookingId, Dong, Dong, Dong)> = conn.fetch_among(bookings, sql).await?;
    let sums = |(id, received, late, refunded)| (id, Money { received, late, refunded });
    Ok(rows.into_iter().map(sums).collect())
}

/// A booking's moves, first things first.
pub async fn moves_of(conn: &mut Conn, booking: BookingId) -> Result<Vec<Move>, StoreError> {
    conn.fetch_all(
        "SELECT * FROM payment_move WHERE booking_id = $1 ORDER BY created_at, id",
        params![booking],
    )
    .await
}

/// One move, for its letter.
pub async fn move_by_id(conn: &mut Conn, id: MoveId) -> Result<Option<Move>, StoreError> {
    conn.fetch_optional("SELECT * FROM payment_move WHERE id = $1", params![id]).await
}
