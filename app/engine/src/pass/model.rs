//! Passes as they are stored.

use chrono::{DateTime, Utc};

use crate::{
    CoopId, Locale, Localized, OptionId, PassBookingId, PassId, PassStopId, WorkshopId, stored_enum,
};

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Pass {
    pub id: PassId,
    pub slug: String,
    /// Whose it is; None for the office's.
    pub coop_id: Option<CoopId>,
    pub title: Localized,
    pub summary: Localized,
    /// Paragraphs are separated by blank lines.
    pub description: Localized,
    /// Off each price.
    pub percent_off: i32,
    pub published: bool,
    pub created_at: DateTime<Utc>,
}

impl Pass {
    pub fn percent(&self) -> u8 {
        u8::try_from(self.percent_off).unwrap_or(0)
    }
}

stored_enum! {
    /// What a workshop says to being a stop.
    pub enum Consent { Asked = "asked", Agreed = "agreed", Declined = "declined" }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Stop {
    pub id: PassStopId,
    pub pass_id: PassId,
    /// In the order of the day, from 1.
    pub position: i32,
    pub option_id: OptionId,
    pub workshop_id: WorkshopId,
    pub consent: Consent,
}

/// A pass that a guest booked; its legs are bookings.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct PassBooking {
    pub id: PassBookingId,
    pub code: String,
    /// What the link in the mail carries; whoever has it may manage the pass.
    pub secret: String,
    pub pass_id: PassId,
    /// What was promised.
    pub percent_off: i32,
    pub locale: Locale,
    pub name: String,
    pub email: String,
    pub version: i32,
    pub created_at: DateTime<Utc>,
}
