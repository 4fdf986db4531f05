//! Who came from where: noted when it happens, reckoned when fairness is asked for.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::super::error::BookingError;
use super::super::hold::{Hold, hold};
use super::super::model::{Booking, StateKind};
use super::{Overflow, OverflowState, Way};
use crate::catalogue::Sharing;
use crate::coop;
use crate::schedule::slots;
use crate::store::{Columns, Conn, StoreError, Tx};
use crate::{BookingId, CoopId, OverflowId, SlotId, WorkshopId, columns, params};

/// [`hold`], by a guest who came from a full departure of a sister workshop. Where that is not so
/// (any more), it is a booking like any other.
pub async fn hold_from(
    tx: &mut Tx,
    (command, from): (Hold, Option<SlotId>),
) -> Result<Booking, BookingError> {
    let catalogue = std::sync::Arc::clone(&command.catalogue);
    let booking = hold(tx, command).await?;
    let Some(from) = from else { return Ok(booking) };
    if booking.state.kind() != StateKind::Held || origin_of(tx, booking.id).await?.is_some() {
        return Ok(booking);
    }
    let Some(full) = slots::find(tx, from).await? else { return Ok(booking) };
    let sharing = catalogue.tour(full.tour_id).map_or(Sharing::Shared, |tour| tour.sharing);
    let left = full.left_for(sharing, tx.now());
    let Some(coop) = together(tx, full.workshop_id, booking.workshop_id).await? else {
        return Ok(booking);
    };
    if left >= booking.party.seats() {
        return Ok(booking);
    }
    let noted = Overflow {
        id: OverflowId::new(tx.now()),
        coop_id: coop,
        way: Way::Found,
        state: OverflowState::Taken,
        from_workshop_id: full.workshop_id,
        from_slot_id: full.id,
        to_workshop_id: booking.workshop_id,
        to_slot_id: booking.slot_id,
        booking_id: None,
        to_booking_id: booking.id,
        secret: String::new(),
        words: String::new(),
        until: None,
        created_at: tx.now(),
        decided_at: Some(tx.now()),
    };
    tx.insert("overflow", row(&noted)).await?;
    Ok(booking)
}

/// The co-op in which two different workshops work together now.
pub(super) async fn together(
    conn: &mut Conn,
    one: WorkshopId,
    other: WorkshopId,
) -> Result<Option<CoopId>, StoreError> {
    if one == other {
        return Ok(None);
    }
    let mine = coop::membership_of(conn, one).await?;
    let theirs = coop::membership_of(conn, other).await?;
    Ok(mine.zip(theirs).filter(|(a, b)| a.coop_id == b.coop_id).map(|(a, _)| a.coop_id))
}

pub(super) fn row(overflow: &Overflow) -> Columns {
    columns! {
        id: overflow.id,
        coop_id: overflow.coop_id,
        way: overflow.way,
        state: overflow.state,
        from_workshop_id: overflow.from_workshop_id,
        from_slot_id: overflow.from_slot_id,
        to_workshop_id: overflow.to_workshop_id,
        to_slot_id: overflow.to_slot_id,
        booking_id: overflow.booking_id,
        to_booking_id: overflow.to_booking_id,
        secret: overflow.secret,
        words: overflow.words,
        until: overflow.until,
        created_at: overflow.created_at,
        decided_at: overflow.decided_at,
    }
}

/// From where the guests of a booking came, if they came from a sister workshop.
pub async fn origin_of(
    conn: &mut Conn,
    booking: BookingId,
) -> Result<Option<Overflow>, StoreError> {
    conn.fetch_optional(
        "SELECT * FROM overflow WHERE to_booking_id = $1 AND state = 'taken' \
         ORDER BY created_at DESC, id DESC LIMIT 1",
        params![booking],
    )
    .await
}

/// People that a workshop sent to its sisters, and got from them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Balance {
    pub sent: i64,
    pub received: i64,
}

/// Only visits that count: confirmed, and neither cancelled nor run out since.
const COUNTED: &str = "SELECT overflow.from_workshop_id, overflow.to_workshop_id, \
    CAST(SUM(booking.people) AS BIGINT) FROM overflow \
    JOIN booking ON booking.id = overflow.to_booking_id \
    WHERE overflow.coop_id = $1 AND overflow.state = 'taken' AND overflow.created_at >= $2 \
    AND booking.state IN ('confirmed', 'checked_in', 'no_show') \
    GROUP BY overflow.from_workshop_id, overflow.to_workshop_id";

/// Who sent and who got how many people since an instant; who did neither is not named.
pub async fn balance(
    conn: &mut Conn,
    coop: CoopId,
    since: DateTime<Utc>,
) -> Result<HashMap<WorkshopId, Balance>, StoreError> {
    let rows: Vec<(WorkshopId, WorkshopId, i64)> =
        conn.fetch_all(COUNTED, params![coop, since]).await?;
    let mut all: HashMap<WorkshopId, Balance> = HashMap::new();
    for (from, to, people) in rows {
        all.entry(from).or_default().sent += people;
        all.entry(to).or_default().received += people;
    }
    Ok(all)
}

pub(super) async fn received(
    conn: &mut Conn,
    coop: CoopId,
    since: DateTime<Utc>,
) -> Result<HashMap<WorkshopId, i64>, StoreError> {
    let all = balance(conn, coop, since).await?;
    Ok(all.into_iter().map(|(workshop, balance)| (workshop, balance.received)).collect())
}
