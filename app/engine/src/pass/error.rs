//! Why a pass could not be written, booked or changed.

use crate::accounts::Forbidden;
use crate::booking::{BookingError, PartyError};
use crate::catalogue::edit::Wrongs;
use crate::coop::CoopError;
use crate::store::StoreError;

#[derive(Debug, thiserror::Error)]
pub enum PassError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error("there is no such pass")]
    Unknown,
    #[error("these fields are missing or malformed: {0:?}")]
    Fields(Wrongs),
    #[error("the pass is not on sale")]
    NotOnSale,
    #[error(transparent)]
    Party(#[from] PartyError),
    /// Another stop's departures, of several days, or without time for the way.
    #[error("these departures make no day")]
    NoChain,
    /// Of the stop with this number, from 0.
    #[error("stop {0}: {1}")]
    Leg(usize, BookingError),
    #[error("the day has begun or is over")]
    Begun,
    #[error("nothing of the pass is left")]
    Cancelled,
}

impl From<CoopError> for PassError {
    fn from(error: CoopError) -> Self {
        match error {
            CoopError::Store(error) => PassError::Store(error),
            CoopError::Forbidden(error) => PassError::Forbidden(error),
            _ => PassError::Unknown,
        }
    }
}
