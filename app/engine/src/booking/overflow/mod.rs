//! When a departure is full: the same craft at a sister workshop of the co-op, at about the same
//! time.
//!
//! Guests who find a departure full are shown what the sisters have ([`suggest`]), in the order
//! that the co-op's [`Rule`] names; whoever books there is noted with where they came from
//! ([`hold_from`]). A host passes a party on, or a part of it ([`pass_on`]): seats are kept at the
//! sister by a held booking, as with an offer to a group, and the guest is asked by a letter.
//! Nothing changes for the guest before they accept; then the booking itself moves, with its code,
//! its link and its calendar entry.
//!
//! ```text
//! offered ──accept──► taken
//!    │ │ └─decline──► declined
//!    │ └─until passes──► lapsed
//!    └─the host takes it back, or the booking changes──► withdrawn
//! ```

mod ask;
mod decide;
mod given;
mod rule;
mod suggest;

use chrono::{DateTime, Utc};
use subtle::ConstantTimeEq;

pub use ask::{PassOn, Withdraw, pass_on, withdraw};
pub use decide::{Accept, accept, decline};
pub(super) use decide::{finish_offer, let_go};
pub use given::{Balance, balance, hold_from, origin_of};
pub use rule::{Ordering, Rule, SaveRule, order, rule_of, save_rule};
pub(super) use suggest::for_party;
pub use suggest::{Sister, choices, suggest};

use super::error::BookingError;
use crate::accounts::Forbidden;
use crate::store::{Conn, StoreError};
use crate::{BookingId, CoopId, OverflowId, SlotId, WorkshopId, params, stored_enum};

stored_enum! {
    /// How guests came from one workshop to the other.
    pub enum Way { Found = "found", Passed = "passed", Shared = "shared" }
}

stored_enum! {
    pub enum OverflowState {
        /// The guest is asked until [`Overflow::until`].
        Offered = "offered",
        Taken = "taken",
        Declined = "declined",
        Lapsed = "lapsed",
        /// The host took it back, or the booking changed meanwhile.
        Withdrawn = "withdrawn",
    }
}

/// Guests who go to another workshop, or are asked to.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Overflow {
    pub id: OverflowId,
    pub coop_id: CoopId,
    pub way: Way,
    pub state: OverflowState,
    pub from_workshop_id: WorkshopId,
    pub from_slot_id: SlotId,
    pub to_workshop_id: WorkshopId,
    pub to_slot_id: SlotId,
    /// The booking that is passed on or shared.
    pub booking_id: Option<BookingId>,
    /// At the sister workshop.
    pub to_booking_id: BookingId,
    pub secret: String,
    pub words: String,
    pub until: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub decided_at: Option<DateTime<Utc>>,
}

#[derive(Debug, thiserror::Error)]
pub enum OverflowError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error(transparent)]
    Booking(#[from] BookingError),
    #[error("there is no such offer, booking or departure")]
    Unknown,
    #[error("the workshops do not work in one co-op")]
    NotSisters,
    #[error("the guest is being asked already")]
    Asked,
    /// Its money is in this workshop's books.
    #[error("the guest has paid this workshop already")]
    Paid,
    #[error("the guest gave no address to be asked at")]
    NoEmail,
    #[error("there is not enough time left to ask the guest")]
    TooLate,
    #[error("an offer that is {0} does not allow this")]
    State(OverflowState),
    #[error("these parts of the rule are not as they must be: {0:?}")]
    Rule(Vec<RuleField>),
    #[error("the words to the guest are too long")]
    Words,
}

/// A part of the rule that is not as it must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleField {
    Window,
}

pub async fn by_id(conn: &mut Conn, id: OverflowId) -> Result<Option<Overflow>, StoreError> {
    conn.fetch_optional("SELECT * FROM overflow WHERE id = $1", params![id]).await
}

/// The offer that a link opens: its id and its secret must both be right.
pub async fn by_secret(
    conn: &mut Conn,
    id: OverflowId,
    secret: &str,
) -> Result<Option<Overflow>, StoreError> {
    let found = by_id(conn, id).await?;
    Ok(found.filter(|found| found.secret.as_bytes().ct_eq(secret.as_bytes()).into()))
}

/// What the guest of a booking is being asked.
pub async fn open_of(conn: &mut Conn, booking: BookingId) -> Result<Option<Overflow>, StoreError> {
    conn.fetch_optional(
        "SELECT * FROM overflow WHERE booking_id = $1 AND state = 'offered'",
        params![booking],
    )
    .await
}

/// What was asked of the guest of a booking last, or shared of it.
pub async fn last_of(conn: &mut Conn, booking: BookingId) -> Result<Option<Overflow>, StoreError> {
    conn.fetch_optional(
        "SELECT * FROM overflow WHERE booking_id = $1 ORDER BY created_at DESC, id DESC LIMIT 1",
        params![booking],
    )
    .await
}
