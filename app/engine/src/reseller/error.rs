//! Why a travel company, or somebody who deals with one, is refused.

use crate::accounts::Forbidden;
use crate::booking::BookingError;
use crate::catalogue::edit::Wrongs;
use crate::store::StoreError;

/// What the contract says no to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ContractRefuses {
    #[error("the contract does not sell this tour")]
    Tour,
    #[error("the contract does not sell visits on that day")]
    Day,
    #[error("the contract has ended")]
    Ended,
    #[error("more would be owed than was agreed")]
    Credit,
}

#[derive(Debug, thiserror::Error)]
pub enum ResellerError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error(transparent)]
    Booking(#[from] BookingError),
    #[error("there is no such contract, key or booking")]
    Unknown,
    #[error("the uuid was used for another booking")]
    UuidUsed,
    #[error("these fields are missing or malformed: {0:?}")]
    Fields(Wrongs),
    #[error("the company has a contract with the workshop already")]
    Twice,
    #[error("seats are kept in shared departures alone")]
    Private,
}

impl From<ContractRefuses> for ResellerError {
    fn from(error: ContractRefuses) -> Self {
        ResellerError::Booking(error.into())
    }
}
