//! The people of a party, as far as they are known: who each is, answers to the questions that the
//! tour asks of each guest, and the waiver that each accepted.
//!
//! The booker fills in what they know. Companions fill in their own by a link that opens nothing
//! else of the booking; each sees and changes only what they wrote themselves.

mod fill;
mod tally;

use std::collections::HashMap;

use base64::Engine as _;
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

pub use fill::{FillGuest, Form, RemoveGuest, Who, fill_guest, remove_guest};
pub use tally::{Count, tally};

use super::error::{BookingError, Field};
use super::model::{AnswerMap, Booking, StateKind};
use super::query;
use crate::catalogue::{QuestionScope, Tour};
use crate::schedule::Slot;
use crate::store::{Conn, StoreError};
use crate::{BookingId, GuestId, params};

/// One of a party.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Guest {
    pub id: GuestId,
    pub booking_id: BookingId,
    /// From 1 in the order in which they were filled in.
    pub position: i32,
    /// What the page carries on which a companion changes their answers again.
    pub form_key: String,
    pub name: String,
    pub answers: AnswerMap,
    /// When this guest accepted the waiver.
    pub waiver_at: Option<DateTime<Utc>>,
    /// Filled in by themselves, not by the booker.
    pub by_companion: bool,
    pub created_at: DateTime<Utc>,
    /// Year of birth, of a pupil on a teacher's list.
    pub born: Option<i32>,
}

#[derive(Debug, thiserror::Error)]
pub enum GuestError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("there is no such booking or guest")]
    Unknown,
    #[error("these fields are missing or malformed: {0:?}")]
    Fields(Vec<Field>),
    #[error("all {people} of the party are filled in")]
    Full { people: i32 },
    #[error("the visit is over, or will not take place")]
    Closed,
    #[error("the guest has attended sessions of the course")]
    Attended,
}

impl From<BookingError> for GuestError {
    fn from(error: BookingError) -> Self {
        match error {
            BookingError::Store(error) => GuestError::Store(error),
            _ => GuestError::Unknown,
        }
    }
}

/// Whether the tour wants to know something of each guest; a course keeps a list of all.
pub fn asks(tour: &Tour) -> bool {
    tour.course.is_some()
        || tour.waiver.is_some()
        || tour.questions.of(QuestionScope::Guest).next().is_some()
}

/// Whether guests can still be filled in: up to the end of the visit, for a waiver may be
/// accepted at the door.
pub fn is_open(booking: &Booking, slot: &Slot, now: DateTime<Utc>) -> bool {
    let expected = matches!(
        booking.state.kind(),
        StateKind::AwaitingPayment | StateKind::Confirmed | StateKind::CheckedIn
    );
    expected && !slot.is_over(now)
}

/// What the companions' link carries. It follows from the booking's secret, not the other way
/// round: whoever has it can't manage the booking.
pub fn token(booking: &Booking) -> String {
    let digest = Sha256::digest(format!("companions:{}", booking.secret));
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(digest)
}

/// The booking that a companions' link belongs to: code and token must both be right.
pub async fn by_token(
    conn: &mut Conn,
    code: &str,
    shown: &str,
) -> Result<Option<Booking>, StoreError> {
    let booking = query::by_code(conn, code).await?;
    Ok(booking.filter(|booking| token(booking).as_bytes().ct_eq(shown.as_bytes()).into()))
}

/// The guests of a booking that are filled in, in their order.
pub async fn of_booking(conn: &mut Conn, booking: BookingId) -> Result<Vec<Guest>, StoreError> {
    conn.fetch_all("SELECT * FROM guest WHERE booking_id = $1 ORDER BY position", params![booking])
        .await
}

/// The same of several bookings.
pub async fn of_bookings(
    conn: &mut Conn,
    bookings: impl Iterator<Item = BookingId>,
) -> Result<HashMap<BookingId, Vec<Guest>>, StoreError> {
    let mut found: HashMap<BookingId, Vec<Guest>> = HashMap::new();
    let bookings: Vec<BookingId> = bookings.collect();
    let sql =
        |list: &str| format!("SELECT * FROM guest WHERE booking_id IN ({list}) ORDER BY position");
    let guests: Vec<Guest> = conn.fetch_among(&bookings, sql).await?;
    for guest in guests {
        found.entry(guest.booking_id).or_default().push(guest);
    }
    Ok(found)
}

/// What a companion filled in, by the key of their form.
pub async fn by_key(
    conn: &mut Conn,
    booking: BookingId,
    key: &str,
) -> Result<Option<Guest>, StoreError> {
    conn.fetch_optional(
        "SELECT * FROM guest WHERE booking_id = $1 AND form_key = $2",
        params![booking, *key],
    )
    .await
}
