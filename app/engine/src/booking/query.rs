//! Finding bookings.

use subtle::ConstantTimeEq;

use super::model::Booking;
use super::store::{many, one};
use crate::store::{Conn, StoreError};
use crate::{BookingId, SlotId, params};

pub async fn by_id(conn: &mut Conn, id: BookingId) -> Result<Option<Booking>, StoreError> {
    one(conn, "SELECT * FROM booking WHERE id = $1", params![id]).await
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

/// Bookings of a slot that keep seats, in the order they were made.
pub async fn of_slot(conn: &mut Conn, slot: SlotId) -> Result<Vec<Booking>, StoreError> {
    many(
        conn,
        "SELECT * FROM booking WHERE slot_id = $1 AND state NOT IN ('cancelled', 'expired') \
         ORDER BY created_at, id",
        params![slot],
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
         ORDER BY slot.starts_at",
        params![*email, now],
    )
    .await
}
