//! A party that is larger than a tour takes asks the workshop; the workshop answers with an offer.
//!
//! An offer is a held booking: it keeps the seats until its deadline, with the guest's contact and
//! the agreed price in it. So accepting is confirming, and cannot fail for want of seats. An offer
//! that nobody takes runs out like every hold; the host may make another.
//!
//! ```text
//! new ──offer──► offered ──accept──► accepted
//!  │ ▲             │ └──until passes──► lapsed ──offer──► offered
//!  │ └─its slot was cancelled
//!  ├──decline (host)──► declined ──offer──► offered
//!  └──withdraw (guest)──► withdrawn
//! ```

mod answer;
mod ask;
mod follow;
mod offer;

use chrono::{DateTime, NaiveDate, Utc};
use subtle::ConstantTimeEq;

pub use answer::{Accept, Decline, accept, decline, withdraw};
pub use ask::{Ask, Wish, WishField, ask};
pub(super) use follow::{claim, finish_offer, slot_cancelled};
pub use offer::{Offer, OfferField, Terms, offer};

use super::error::BookingError;
use super::query::{self, Detail};
use crate::accounts::Forbidden;
use crate::schedule::ScheduleError;
use crate::store::{Conn, StoreError, Tx};
use crate::{BookingId, EnquiryId, Locale, OptionId, TourId, WorkshopId, params, stored_enum};

stored_enum! {
    pub enum EnquiryState {
        /// The workshop has to answer.
        New = "new",
        /// A booking is held for the group until [`Enquiry::offer_until`].
        Offered = "offered",
        /// The offered booking was confirmed.
        Accepted = "accepted",
        /// The workshop can't take the group.
        Declined = "declined",
        /// The guest wants nothing any more.
        Withdrawn = "withdrawn",
        /// The offer ran out.
        Lapsed = "lapsed",
    }
}

impl EnquiryState {
    /// Whether the host may make an offer, be it another one.
    pub const fn takes_offer(self) -> bool {
        !matches!(self, EnquiryState::Accepted | EnquiryState::Withdrawn)
    }

    /// Whether something is still to come of it.
    pub const fn is_open(self) -> bool {
        matches!(self, EnquiryState::New | EnquiryState::Offered | EnquiryState::Lapsed)
    }
}

/// What a group asked, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Enquiry {
    pub id: EnquiryId,
    pub tour_id: TourId,
    /// The option that the guest has in mind.
    pub option_id: Option<OptionId>,
    pub workshop_id: WorkshopId,
    /// What the link in the mail carries.
    pub secret: String,
    pub state: EnquiryState,
    pub locale: Locale,
    pub name: String,
    pub email: String,
    pub phone: String,
    /// School, company or club; may be empty.
    pub organisation: String,
    pub people: i32,
    pub wished_date: NaiveDate,
    pub message: String,
    /// The host's words, with the last offer or the refusal.
    pub reply: String,
    /// The last offer.
    pub booking_id: Option<BookingId>,
    pub offer_until: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
}

#[derive(Debug, thiserror::Error)]
pub enum EnquiryError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error(transparent)]
    Booking(#[from] BookingError),
    #[error(transparent)]
    Schedule(#[from] ScheduleError),
    #[error("there is no such enquiry")]
    Unknown,
    #[error("an enquiry that is {0} does not allow this")]
    State(EnquiryState),
    #[error("these parts of the offer are missing or wrong: {0:?}")]
    Offer(Vec<OfferField>),
    #[error("the host's words are missing or too long")]
    Words,
}

pub async fn by_id(conn: &mut Conn, id: EnquiryId) -> Result<Option<Enquiry>, StoreError> {
    conn.fetch_optional("SELECT * FROM enquiry WHERE id = $1", params![id]).await
}

/// The enquiry that a link opens: its id and its secret must both be right.
pub async fn by_secret(
    conn: &mut Conn,
    id: EnquiryId,
    secret: &str,
) -> Result<Option<Enquiry>, StoreError> {
    let enquiry = by_id(conn, id).await?;
    Ok(enquiry.filter(|enquiry| enquiry.secret.as_bytes().ct_eq(secret.as_bytes()).into()))
}

/// The enquiry whose last offer the booking is.
pub async fn of_booking(
    conn: &mut Conn,
    booking: BookingId,
) -> Result<Option<Enquiry>, StoreError> {
    conn.fetch_optional("SELECT * FROM enquiry WHERE booking_id = $1", params![booking]).await
}

/// Enquiries shown in a host's list.
const LISTED: i64 = 200;

/// What a workshop was asked: what waits for its answer first, then the newest.
pub async fn of_workshop(
    conn: &mut Conn,
    workshop: WorkshopId,
) -> Result<Vec<Enquiry>, StoreError> {
    conn.fetch_all(
        "SELECT * FROM enquiry WHERE workshop_id = $1 \
         ORDER BY CASE WHEN state = 'new' THEN 0 ELSE 1 END, created_at DESC, id LIMIT $2",
        params![workshop, LISTED],
    )
    .await
}

/// How many groups wait for the workshop's answer.
pub async fn waiting(conn: &mut Conn, workshop: WorkshopId) -> Result<i64, StoreError> {
    let (n,): (i64,) = conn
        .fetch_one(
            "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM enquiry \
             WHERE workshop_id = $1 AND state = 'new'",
            params![workshop],
        )
        .await?;
    Ok(n)
}

/// The last offer with its slot.
pub async fn offer_of(conn: &mut Conn, enquiry: &Enquiry) -> Result<Option<Detail>, StoreError> {
    match enquiry.booking_id {
        Some(id) => query::detail(conn, id).await,
        None => Ok(None),
    }
}

/// Longest words kept of either side, in characters.
const MAX_WORDS: usize = 2_000;

/// Writes what may change of an enquiry; where somebody else did since it was read, the whole
/// write is tried again.
async fn update(tx: &mut Tx, enquiry: &mut Enquiry) -> Result<(), EnquiryError> {
    let changed = tx
        .execute(
            "UPDATE enquiry SET state = $3, reply = $4, booking_id = $5, offer_until = $6, \
             version = version + 1 WHERE id = $1 AND version = $2",
            params![
                enquiry.id,
                enquiry.version,
                enquiry.state,
                enquiry.reply,
                enquiry.booking_id,
                enquiry.offer_until,
            ],
        )
        .await?;
    if changed == 0 {
        tx.try_again();
        return Err(EnquiryError::Booking(BookingError::Changed));
    }
    enquiry.version += 1;
    Ok(())
}
