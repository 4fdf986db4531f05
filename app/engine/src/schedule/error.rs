//! Why the schedule could not be changed.

use super::model::Slot;
use super::slots::NoSeats;
use crate::accounts::Forbidden;
use crate::booking::BookingError;
use crate::store::StoreError;

/// A field of a rule or closure that is not as it must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleField {
    /// Neither weekdays nor days of the lunar month, or a lunar day outside 1 to 30.
    Days,
    Times,
    Capacity,
    /// The end is before the beginning.
    Dates,
    /// The closed hours end before they begin.
    Hours,
}

#[derive(Debug, thiserror::Error)]
pub enum ScheduleError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error(transparent)]
    Booking(#[from] BookingError),
    /// The resources of those who booked can't follow the slot.
    #[error(transparent)]
    Seats(#[from] NoSeats),
    #[error("there is no such slot, rule or closure")]
    Unknown,
    #[error("these fields are missing or malformed: {0:?}")]
    Fields(Vec<RuleField>),
    #[error("{} slot(s) with bookings would be hit", .0.len())]
    HitsBookings(Vec<Slot>),
    #[error("{taken} seat(s) are taken")]
    TooSmall { taken: i32 },
    #[error("the option has a slot at that time already")]
    Occupied,
    #[error("the time is in the past")]
    Past,
    #[error("a slot that was cancelled or is over stays as it is")]
    Final,
}
