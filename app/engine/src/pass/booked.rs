//! A booked pass with its legs.

use chrono::{DateTime, NaiveDate, Utc};
use subtle::ConstantTimeEq;

use super::model::{Pass, PassBooking};
use super::offer::{self, Place};
use crate::booking::{Booking, StateKind, query};
use crate::catalogue::Catalogue;
use crate::schedule::{Slot, slots};
use crate::store::{Conn, StoreError};
use crate::{Dong, PassBookingId, params};

/// One workshop of a booked day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leg {
    pub booking: Booking,
    pub slot: Slot,
}

impl Leg {
    /// Whether it counts still.
    pub fn is_live(&self) -> bool {
        self.booking.state.kind().holds_seats()
    }
}

/// What became of a pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// All of it is to come or has been.
    Whole,
    /// A workshop had to call off.
    Part,
    Cancelled,
}

/// A booked pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booked {
    pub booking: PassBooking,
    pub pass: Pass,
    /// In the order of the day, those that were cancelled too.
    pub legs: Vec<Leg>,
}

impl Booked {
    pub fn live(&self) -> impl Iterator<Item = &Leg> {
        self.legs.iter().filter(|leg| leg.is_live())
    }

    pub fn standing(&self) -> Standing {
        match self.live().count() {
            0 => Standing::Cancelled,
            live if live < self.legs.len() => Standing::Part,
            _ => Standing::Whole,
        }
    }

    /// What is paid for what takes place.
    pub fn total(&self) -> Dong {
        self.live().map(|leg| leg.booking.total).sum()
    }

    /// The day, or the first of several where a host moved a leg to another.
    pub fn date(&self) -> Option<NaiveDate> {
        self.live().next().or_else(|| self.legs.first()).map(|leg| leg.slot.local_date)
    }

    /// Whether the guest may still move it or say who comes: no leg has begun.
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        let open = |leg: &Leg| {
            leg.booking.state.kind() == StateKind::Confirmed && leg.slot.closes_at > now
        };
        self.live().next().is_some() && self.live().all(open)
    }

    /// Legs that the guest may still cancel.
    pub fn cancellable(&self, now: DateTime<Utc>) -> impl Iterator<Item = &Leg> {
        self.live().filter(move |leg| {
            leg.booking.state.kind() == StateKind::Confirmed && leg.slot.starts_at > now
        })
    }

    /// Minutes of way to each live leg from the one before; None where the catalogue lacks one.
    pub fn ways(&self, catalogue: &Catalogue) -> Vec<i64> {
        let places: Vec<Place<'_>> =
            self.live().filter_map(|leg| Place::of(catalogue, leg.booking.option_id)).collect();
        offer::ways(&places)
    }
}

/// The page where a guest manages a pass, without its language.
pub fn manage_path(booking: &PassBooking) -> String {
    format!("/pass/{}/{}", booking.code, booking.secret)
}

pub(super) async fn by_form_key(
    conn: &mut Conn,
    key: &str,
) -> Result<Option<PassBooking>, StoreError> {
    conn.fetch_optional("SELECT * FROM pass_booking WHERE form_key = $1", params![*key]).await
}

pub async fn by_id(conn: &mut Conn, id: PassBookingId) -> Result<Option<Booked>, StoreError> {
    let sql = "SELECT * FROM pass_booking WHERE id = $1";
    match conn.fetch_optional(sql, params![id]).await? {
        Some(booking) => with_legs(conn, booking).await,
        None => Ok(None),
    }
}

/// The pass that a manage link opens: its code and its secret must both be right.
pub async fn by_secret(
    conn: &mut Conn,
    code: &str,
    secret: &str,
) -> Result<Option<Booked>, StoreError> {
    let sql = "SELECT * FROM pass_booking WHERE code = $1";
    let found: Option<PassBooking> =
        conn.fetch_optional(sql, params![*code.trim().to_uppercase()]).await?;
    match found.filter(|found| found.secret.as_bytes().ct_eq(secret.as_bytes()).into()) {
        Some(booking) => with_legs(conn, booking).await,
        None => Ok(None),
    }
}

async fn with_legs(conn: &mut Conn, booking: PassBooking) -> Result<Option<Booked>, StoreError> {
    let Some(pass) = offer::find(conn, booking.pass_id).await? else { return Ok(None) };
    let mut legs = Vec::new();
    for leg in query::of_pass(conn, booking.id).await? {
        if let Some(slot) = slots::find(conn, leg.slot_id).await? {
            legs.push(Leg { booking: leg, slot });
        }
    }
    Ok(Some(Booked { booking, pass, legs }))
}
