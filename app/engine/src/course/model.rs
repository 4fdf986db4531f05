//! Sessions of a run.

use chrono::{DateTime, NaiveDate, Utc};

use crate::{BookingId, SessionId, SlotId, WorkshopId};

/// One meeting of a run.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Session {
    pub id: SessionId,
    pub slot_id: SlotId,
    pub workshop_id: WorkshopId,
    /// From 1, as planned; it stays when the session is moved.
    pub position: i32,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    /// The venue's date of the start.
    pub local_date: NaiveDate,
    pub cancelled_at: Option<DateTime<Utc>>,
    /// The host's words to the participants, with a cancellation.
    pub reason: String,
}

impl Session {
    /// Takes place, or has taken place.
    pub const fn is_live(&self) -> bool {
        self.cancelled_at.is_none()
    }

    pub fn minutes(&self) -> i64 {
        (self.ends_at - self.starts_at).num_minutes()
    }

    /// UID of the guest's calendar entry (RFC 5545). It names the place in the plan, so that a
    /// booking that moves to another run takes its entries along.
    pub fn calendar_uid(position: i32, booking: BookingId, domain: &str) -> String {
        format!("booking-{booking}-{position}@{domain}")
    }
}
