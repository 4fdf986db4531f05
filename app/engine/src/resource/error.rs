//! Why resources could not be changed or taken.

use super::settle::Short;
use crate::accounts::Forbidden;
use crate::coop::CoopError;
use crate::store::StoreError;

/// A field that is not as it must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResourceField {
    Name,
    Quantity,
    Setup,
    Cleanup,
    /// A span without days, or that ends when it begins.
    Hours,
    OwnHours,
    OwnDays,
    /// The end is not after the beginning, is in the past, or the whole is longer than a year.
    Time,
    /// More than there is of the resource, or nothing.
    Amount,
    /// Row of a list of needs, counted from 0.
    Need(usize),
}

#[derive(Debug, thiserror::Error)]
pub enum ResourceError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error(transparent)]
    Coop(#[from] CoopError),
    #[error("there is no such resource, use or option")]
    Unknown,
    #[error("these fields are missing or malformed: {0:?}")]
    Fields(Vec<ResourceField>),
    /// Visits that are booked would lose what they need.
    #[error("{} booked visit(s) would be short of it", .0.len())]
    Short(Vec<Short>),
    #[error("only {free} of it are free at that time")]
    Taken { free: i32 },
    #[error("the resource can't be used at that time of the week")]
    Shut,
    #[error("own work may be booked {days} day(s) ahead at most")]
    TooEarly { days: i32 },
    #[error("{hours} hour(s) a week are the most for one member")]
    Quota { hours: i32 },
}
