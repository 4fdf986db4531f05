//! Why a calendar could not be added or changed.

use crate::accounts::Forbidden;
use crate::outside::Failure;
use crate::resource::ResourceError;
use crate::store::StoreError;

/// A field of the form that is not as it must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BusyField {
    Name,
    Address,
    Tour,
}

#[derive(Debug, thiserror::Error)]
pub enum BusyError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error("there is no such calendar, workshop, guide or resource")]
    Unknown,
    #[error("these fields are missing or malformed: {0:?}")]
    Fields(Vec<BusyField>),
    #[error("there are {0} calendars already")]
    TooMany(usize),
    #[error("the calendar is there already")]
    Twice,
    /// It could not be read.
    #[error("the calendar can't be read: {0}")]
    Failed(Failure),
}

impl From<ResourceError> for BusyError {
    fn from(error: ResourceError) -> Self {
        match error {
            ResourceError::Store(error) => error.into(),
            ResourceError::Forbidden(forbidden) => forbidden.into(),
            _ => BusyError::Unknown,
        }
    }
}
