//! Looking at the line: one entry by its link, its place, and all that wait for a slot.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use subtle::ConstantTimeEq;

use super::{Entry, EntryState, deadline};
use crate::schedule::{SlotStatus, slots};
use crate::store::{Conn, StoreError};
use crate::{SlotId, WaitlistId, params};

pub async fn by_id(conn: &mut Conn, id: WaitlistId) -> Result<Option<Entry>, StoreError> {
    conn.fetch_optional("SELECT * FROM waitlist WHERE id = $1", params![id]).await
}

pub(super) async fn by_form_key(conn: &mut Conn, key: &str) -> Result<Option<Entry>, StoreError> {
    conn.fetch_optional("SELECT * FROM waitlist WHERE form_key = $1", params![*key]).await
}

/// The entry that a link opens: its id and its secret must both be right.
pub async fn by_secret(
    conn: &mut Conn,
    id: WaitlistId,
    secret: &str,
) -> Result<Option<Entry>, StoreError> {
    let entry = by_id(conn, id).await?;
    Ok(entry.filter(|entry| entry.secret.as_bytes().ct_eq(secret.as_bytes()).into()))
}

/// How many in the line come before this one, itself included: 1 is next. None when it no
/// longer waits.
pub async fn position(conn: &mut Conn, entry: &Entry) -> Result<Option<i64>, StoreError> {
    if entry.state != EntryState::Waiting {
        return Ok(None);
    }
    let (ahead,): (i64,) = conn
        .fetch_one(
            "SELECT CAST(COUNT(*) AS BIGINT) AS ahead FROM waitlist WHERE slot_id = $1 \
             AND state = 'waiting' AND (created_at < $2 OR (created_at = $2 AND id < $3))",
            params![entry.slot_id, entry.created_at, entry.id],
        )
        .await?;
    Ok(Some(ahead + 1))
}

/// Why an entry has no seats yet, for the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// Seats were offered; the guest has until then.
    Offered { until: DateTime<Utc> },
    /// It needs more seats than are left.
    TooFewSeats { needs: i32, left: i32 },
    /// The slot takes no bookings.
    Closed,
    /// Less than an hour to the cut-off: nothing is offered any more.
    TooLate,
    /// Seats are there; the offer goes out within a minute.
    Next,
}

/// How many parties wait for each of these slots; none of a slot that nobody waits for.
pub async fn counts(conn: &mut Conn, slots: &[SlotId]) -> Result<HashMap<SlotId, i64>, StoreError> {
    let sql = |list: &str| {
        format!(
            "SELECT slot_id, CAST(COUNT(*) AS BIGINT) FROM waitlist WHERE slot_id IN ({list}) \
             AND state IN ('waiting', 'offered') GROUP BY slot_id"
        )
    };
    let rows: Vec<(SlotId, i64)> = conn.fetch_among(slots, sql).await?;
    Ok(rows.into_iter().collect())
}

/// The line of a slot in its order, and why each is not served.
pub async fn waiting_for(
    conn: &mut Conn,
    slot: SlotId,
    now: DateTime<Utc>,
) -> Result<Vec<(Entry, Wait)>, StoreError> {
    let Some(slot) = slots::find(conn, slot).await? else {
        return Ok(Vec::new());
    };
    let line: Vec<Entry> = conn
        .fetch_all(
            "SELECT * FROM waitlist WHERE slot_id = $1 AND state IN ('waiting', 'offered') \
             ORDER BY created_at, id",
            params![slot.id],
        )
        .await?;
    let left = slot.left(now);
    let reason = |entry: &Entry| match entry.offer_until {
        Some(until) if entry.state == EntryState::Offered => Wait::Offered { until },
        _ if slot.status != SlotStatus::Open || slot.busy => Wait::Closed,
        _ if deadline(&slot, now).is_none() => Wait::TooLate,
        _ if entry.seats > left => Wait::TooFewSeats { needs: entry.seats, left },
        _ => Wait::Next,
    };
    Ok(line.into_iter().map(|entry| (reason(&entry), entry)).map(|(why, e)| (e, why)).collect())
}
