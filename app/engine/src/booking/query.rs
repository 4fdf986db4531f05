//! Finding bookings.

use std::collections::HashMap;

use chrono::NaiveDate;
use subtle::ConstantTimeEq;

use super::model::Booking;
use super::store::{among, many, one};
use crate::schedule::{Slot, slots};
use crate::store::{Conn, StoreError};
use crate::{BookingId, PassBookingId, SlotId, WorkshopId, params};

pub async fn by_id(conn: &mut Conn, id: BookingId) -> Result<Option<Booking>, StoreError> {
    one(conn, "SELECT * FROM booking WHERE id = $1", params![id]).await
}

/// Several at once; those that are not there are left out.
pub async fn by_ids(
    conn: &mut Conn,
    ids: &[BookingId],
) -> Result<HashMap<BookingId, Booking>, StoreError> {
    let sql = |list: &str| format!("SELECT * FROM booking WHERE id IN ({list})");
    let found = among(conn, ids, sql).await?;
    Ok(found.into_iter().map(|booking| (booking.id, booking)).collect())
}

pub async fn by_code(conn: &mut Conn, code: &str) -> Result<Option<Booking>, StoreError> {
    one(conn, "SELECT * FROM booking WHERE code = $1", params![*code.trim().to_uppercase()]).await
}

pub async fn by_form_key(conn: &mut Conn, key: &str) -> Result<Option<Booking>, StoreError> {
    one(conn, "SELECT * FROM booking WHERE form_key = $1", params![*key]).await
}

/// The booking that a manage link opens: its code and its secret must both be right.
pub async fn by_secret(
    conn: &mut Conn,
    code: &str,
    secret: &str,
) -> Result<Option<Booking>, StoreError> {
    let booking = by_code(conn, code).await?;
    Ok(booking.filter(|booking| booking.secret.as_bytes().ct_eq(secret.as_bytes()).into()))
}

/// Bookings of a slot that keep seats, in the order they were made. None of those that read by
/// slots answers what only tries a connection.
pub async fn of_slot(conn: &mut Conn, slot: SlotId) -> Result<Vec<Booking>, StoreError> {
    many(
        conn,
        "SELECT * FROM booking WHERE slot_id = $1 AND state NOT IN ('cancelled', 'expired') \
         AND NOT test ORDER BY created_at, id",
        params![slot],
    )
    .await
}

/// The legs of a booked pass in the order of the day, those that were cancelled too.
pub async fn of_pass(conn: &mut Conn, pass: PassBookingId) -> Result<Vec<Booking>, StoreError> {
    many(
        conn,
        "SELECT booking.* FROM booking JOIN slot ON slot.id = booking.slot_id \
         WHERE booking.pass_booking_id = $1 ORDER BY slot.starts_at, booking.id",
        params![pass],
    )
    .await
}

/// Confirmed bookings of an address whose visit is still to come, soonest first.
pub async fn upcoming_of(
    conn: &mut Conn,
    email: &str,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<Vec<Booking>, StoreError> {
    many(
        conn,
        "SELECT booking.* FROM booking JOIN slot ON slot.id = booking.slot_id \
         WHERE booking.email = $1 AND booking.state = 'confirmed' AND slot.ends_at > $2 \
         AND booking.contract_id IS NULL \
         ORDER BY slot.starts_at",
        params![*email, now],
    )
    .await
}

/// Code of another confirmed booking that the same address has on a day.
pub async fn same_day_of(
    conn: &mut Conn,
    booking: &Booking,
    date: NaiveDate,
) -> Result<Option<String>, StoreError> {
    let found: Option<(String,)> = conn
        .fetch_optional(
            "SELECT booking.code FROM booking JOIN slot ON slot.id = booking.slot_id \
             WHERE booking.email = $1 AND booking.email <> '' AND booking.state = 'confirmed' \
             AND slot.local_date = $2 AND booking.id <> $3 ORDER BY slot.starts_at LIMIT 1",
            params![booking.email, date, booking.id],
        )
        .await?;
    Ok(found.map(|(code,)| code))
}

/// A booking with the slot it is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detail {
    pub booking: Booking,
    pub slot: Slot,
}

pub async fn detail(conn: &mut Conn, id: BookingId) -> Result<Option<Detail>, StoreError> {
    let Some(booking) = by_id(conn, id).await? else {
        return Ok(None);
    };
    let slot = slots::find(conn, booking.slot_id).await?;
    Ok(slot.map(|slot| Detail { booking, slot }))
}

/// Bookings of several slots that keep seats, by slot, in the order they were made.
pub async fn of_slots(
    conn: &mut Conn,
    slots: &[SlotId],
) -> Result<HashMap<SlotId, Vec<Booking>>, StoreError> {
    in_slots(conn, slots, "state NOT IN ('cancelled', 'expired')").await
}

/// Bookings of several slots that were confirmed and then cancelled, by slot.
pub async fn cancelled_of_slots(
    conn: &mut Conn,
    slots: &[SlotId],
) -> Result<HashMap<SlotId, Vec<Booking>>, StoreError> {
    in_slots(conn, slots, "state = 'cancelled' AND confirmed_at IS NOT NULL").await
}

async fn in_slots(
    conn: &mut Conn,
    slots: &[SlotId],
    condition: &'static str,
) -> Result<HashMap<SlotId, Vec<Booking>>, StoreError> {
    let mut found: HashMap<SlotId, Vec<Booking>> = HashMap::new();
    let sql = |list: &str| {
        format!(
            "SELECT * FROM booking WHERE slot_id IN ({list}) AND {condition} \
             AND NOT test ORDER BY created_at, id"
        )
    };
    for booking in among(conn, slots, sql).await? {
        found.entry(booking.slot_id).or_default().push(booking);
    }
    Ok(found)
}

/// A workshop's day: every slot by time, with the bookings that keep seats in it.
pub async fn of_workshop_day(
    conn: &mut Conn,
    workshop: WorkshopId,
    date: NaiveDate,
) -> Result<Vec<(Slot, Vec<Booking>)>, StoreError> {
    let slots = slots::of_workshop(conn, workshop, date, date).await?;
    let ids: Vec<SlotId> = slots.iter().map(|slot| slot.id).collect();
    let mut bookings = of_slots(conn, &ids).await?;
    Ok(slots
        .into_iter()
        .map(|slot| {
            let of_slot = bookings.remove(&slot.id).unwrap_or_default();
            (slot, of_slot)
        })
        .collect())
}
