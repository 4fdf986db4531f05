//! Holds that ran out give their seats back: by a worker on time, and by whoever finds a slot
//! full before the worker came.

use chrono::{DateTime, Utc};

use super::model::{Booking, State, StateKind};
use super::store::{self, many};
use super::{enquiry, overflow, waitlist};
use crate::mail::{Letter, outbox};
use crate::payment;
use crate::schedule::slots;
use crate::store::{Conn, StoreError, Tx};
use crate::{SlotId, params};

/// Rows that one transaction may end, so that it stays short.
pub const EXPIRE_BATCH: i64 = 200;

/// Ends holds and unpaid bookings whose time has passed, and offers their seats to those who
/// wait in line. Answers how many ended; a full batch ([`EXPIRE_BATCH`]) means there may be more.
pub async fn expire_due(tx: &mut Tx) -> Result<usize, StoreError> {
    let now = tx.now();
    let due = many(
        tx,
        "SELECT * FROM booking WHERE state IN ('held', 'awaiting_payment') AND until <= $1 \
         ORDER BY until, id LIMIT $2",
        params![now, EXPIRE_BATCH],
    )
    .await?;
    let ended = end_all(tx, due).await?;
    let mut freed = ended.clone();
    freed.sort_unstable();
    freed.dedup();
    for slot in freed {
        waitlist::offer_seats(tx, slot).await?;
    }
    Ok(ended.len())
}

/// Ends what has run out in one slot; answers how many bookings gave their seats back.
pub(super) async fn expire_slot(tx: &mut Tx, slot: SlotId) -> Result<usize, StoreError> {
    let now = tx.now();
    let due = many(
        tx,
        "SELECT * FROM booking WHERE slot_id = $1 AND state IN ('held', 'awaiting_payment') \
         AND until <= $2 ORDER BY until, id",
        params![slot, now],
    )
    .await?;
    Ok(end_all(tx, due).await?.len())
}

/// Answers the slot of each booking that ended here. One that changed at this very moment (it
/// was confirmed, say) is no longer ours to end.
async fn end_all(tx: &mut Tx, due: Vec<Booking>) -> Result<Vec<SlotId>, StoreError> {
    let mut freed = Vec::with_capacity(due.len());
    for mut booking in due {
        let unpaid = booking.state.kind() == StateKind::AwaitingPayment;
        let back = booking.kept_seats();
        booking.over_capacity = 0;
        booking.state = State::Expired { at: tx.now() };
        if store::update_unchanged(tx, &mut booking).await? {
            slots::release_seats(tx, booking.slot_id, back).await?;
            payment::back_to_cards(tx, &booking).await?;
            waitlist::finish_offer(tx, &booking).await?;
            enquiry::finish_offer(tx, &booking).await?;
            overflow::finish_offer(tx, &booking).await?;
            if unpaid {
                outbox::to_guest(tx, &booking, Letter::PaymentExpired).await?;
            }
            freed.push(booking.slot_id);
        }
    }
    Ok(freed)
}

/// When the next hold runs out, for a worker that wants to wake in time.
pub async fn next_expiry(conn: &mut Conn) -> Result<Option<DateTime<Utc>>, StoreError> {
    let next: Option<(DateTime<Utc>,)> = conn
        .fetch_optional(
            "SELECT until FROM booking WHERE state IN ('held', 'awaiting_payment') \
             ORDER BY until LIMIT 1",
            vec![],
        )
        .await?;
    Ok(next.map(|(until,)| until))
}

/// How many bookings keep seats without being confirmed.
pub async fn held(conn: &mut Conn) -> Result<i64, StoreError> {
    let (held,): (i64,) = conn
        .fetch_one(
            "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM booking \
             WHERE state IN ('held', 'awaiting_payment')",
            vec![],
        )
        .await?;
    Ok(held)
}
