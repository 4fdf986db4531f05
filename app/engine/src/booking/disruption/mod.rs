//! Bad days: a host falls ill, a kiln breaks, a storm comes. One action finds all bookings hit,
//! works out for each where else it could go, and asks the guests; they choose by the link of
//! their booking.
//!
//! Nothing is done to a booking before its guest chooses; who does not choose by the deadline gets
//! the money back. What a guest may choose is worked out anew at that moment, so nothing is kept
//! for people who may not want it, and nobody is promised a seat that is gone.
//!
//! ```text
//! asked ──another departure, a sister──► moved
//!   │ │ └─money back─────────► refunded
//!   │ └─deadline passes──────► lapsed (money back)
//!   └─the day turns out well─► kept
//! ```

mod choose;
mod find;
mod tell;

use chrono::{DateTime, Utc};

pub use choose::{Choice, Choose, GoToSister, choose, go_to_sister, lapse_due};
pub use find::{Hit, Scope, hits, sisters, ways};
pub use tell::{CallOff, Tell, call_off, tell};

use crate::store::{Conn, StoreError, Tx};
use crate::words::mail as text;
use crate::{
    BookingId, CaseId, DisruptionId, Locale, SlotId, TourId, WorkshopId, columns, params,
    stored_enum,
};

stored_enum! {
    /// Why departures can't run.
    pub enum Cause {
        Ill = "ill",
        /// A resource that booked departures need (see [`crate::resource`]).
        Broken = "broken",
        Weather = "weather",
        Other = "other",
    }
}

impl Cause {
    /// The sentence that guests read.
    pub fn to_guests(self, locale: Locale) -> &'static str {
        match self {
            Cause::Ill => text::disruption_ill(locale),
            Cause::Broken => text::disruption_broken(locale),
            Cause::Weather => text::disruption_weather(locale),
            Cause::Other => text::disruption_other(locale),
        }
    }
}

stored_enum! {
    /// What became of a booking.
    pub enum CaseState {
        Asked = "asked",
        Moved = "moved",
        Refunded = "refunded",
        /// The guest did not answer, and got the money back.
        Lapsed = "lapsed",
        /// The day turned out well.
        Kept = "kept",
    }
}

/// A bad day.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Disruption {
    pub id: DisruptionId,
    pub workshop_id: WorkshopId,
    pub cause: Cause,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub tour_id: Option<TourId>,
    /// The host's words to the guests.
    pub words: String,
    pub called_off_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

impl Disruption {
    pub const fn scope(&self) -> Scope {
        Scope { cause: self.cause, from: self.starts_at, to: self.ends_at, tour: self.tour_id }
    }
}

/// One booking that it hit.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Case {
    pub id: CaseId,
    pub disruption_id: DisruptionId,
    pub booking_id: BookingId,
    /// Where the booking was.
    pub slot_id: SlotId,
    pub state: CaseState,
    /// When the money goes back by itself.
    pub until: DateTime<Utc>,
    pub decided_at: Option<DateTime<Utc>>,
}

pub async fn by_id(conn: &mut Conn, id: DisruptionId) -> Result<Option<Disruption>, StoreError> {
    conn.fetch_optional("SELECT * FROM disruption WHERE id = $1", params![id]).await
}

/// A workshop's bad days, the latest first.
pub async fn of_workshop(
    conn: &mut Conn,
    workshop: WorkshopId,
    limit: i64,
) -> Result<Vec<Disruption>, StoreError> {
    conn.fetch_all(
        "SELECT * FROM disruption WHERE workshop_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2",
        params![workshop, limit],
    )
    .await
}

/// Those whom it hit, who must answer soonest first.
pub async fn cases(conn: &mut Conn, disruption: DisruptionId) -> Result<Vec<Case>, StoreError> {
    conn.fetch_all(
        "SELECT * FROM disruption_case WHERE disruption_id = $1 ORDER BY until, id",
        params![disruption],
    )
    .await
}

/// What a guest is asked now, if anything.
pub async fn open_case(
    conn: &mut Conn,
    booking: BookingId,
) -> Result<Option<(Case, Disruption)>, StoreError> {
    let case: Option<Case> = conn
        .fetch_optional(
            "SELECT * FROM disruption_case WHERE booking_id = $1 AND state = 'asked'",
            params![booking],
        )
        .await?;
    let Some(case) = case else { return Ok(None) };
    let disruption = by_id(conn, case.disruption_id).await?;
    Ok(disruption.map(|disruption| (case, disruption)))
}

/// Whether a guest ran out of time to choose.
pub async fn is_due(conn: &mut Conn, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let due: Option<(CaseId,)> = conn
        .fetch_optional(
            "SELECT id FROM disruption_case WHERE state = 'asked' AND until <= $1 LIMIT 1",
            params![now],
        )
        .await?;
    Ok(due.is_some())
}

/// Marks what became of a case that is still open.
pub(super) async fn close(tx: &mut Tx, case: CaseId, state: CaseState) -> Result<(), StoreError> {
    let now = tx.now();
    tx.update(
        "disruption_case",
        columns! { state: state, decided_at: now },
        columns! { id: case, state: CaseState::Asked },
    )
    .await?;
    Ok(())
}

/// The guest changed or cancelled the booking in the usual way: that answers the question.
pub(super) async fn answered(
    tx: &mut Tx,
    booking: BookingId,
    state: CaseState,
) -> Result<(), StoreError> {
    let now = tx.now();
    tx.update(
        "disruption_case",
        columns! { state: state, decided_at: now },
        columns! { booking_id: booking, state: CaseState::Asked },
    )
    .await?;
    Ok(())
}
