//! Holds that ran out give their seats back: by a worker on time, and by whoever finds a slot
//! full before the worker came.

use chrono::{DateTime, Utc};

use super::error::BookingError;
use super::model::{Booking, State};
use super::store::{self, many};
use crate::schedule::slots;
use crate::store::{Conn, StoreError, Tx};
use crate::{SlotId, params};

/// Rows that one transaction may end, so that it stays short.
const BATCH: i64 = 200;

/// Ends holds and unpaid bookings whose time has passed; answers the slots that got seats back.
pub async fn expire_due(tx: &mut Tx) -> Result<Vec<SlotId>, BookingError> {
    let now = tx.now();
    let due = many(
        tx,
        "SELECT * FROM booking WHERE state IN ('held', 'awaiting_payment') AND until <= $1 \
         ORDER BY until, id LIMIT $2",
        params![now, BATCH],
    )
    .await?;
    end_all(tx, due).await
}

pub(super) async fn expire_slot(tx: &mut Tx, slot: SlotId) -> Result<Vec<SlotId>, BookingError> {
    let now = tx.now();
    let due = many(
        tx,
        "SELECT * FROM booking WHERE slot_id = $1 AND state IN ('held', 'awaiting_payment') \
         AND until <= $2 ORDER BY until, id",
        params![slot, now],
    )
    .await?;
    end_all(tx, due).await
}

async fn end_all(tx: &mut Tx, due: Vec<Booking>) -> Result<Vec<SlotId>, BookingError> {
    let mut freed = Vec::with_capacity(due.len());
    for mut booking in due {
        booking.state = State::Expired { at: tx.now() };
        match store::update(tx, &mut booking).await {
            Ok(()) => {
                slots::release_seats(tx, booking.slot_id, booking.seats, booking.over_capacity)
                    .await?;
                freed.push(booking.slot_id);
            }
            // Confirmed at this very moment: it is no longer ours to end.
            Err(BookingError::Changed) => {}
            Err(error) => return Err(error),
        }
    }
    freed.sort_unstable();
    freed.dedup();
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
