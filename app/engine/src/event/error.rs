//! Why an event could not be changed.

use crate::accounts::Forbidden;
use crate::catalogue::edit::Wrongs;
use crate::coop::CoopError;
use crate::store::StoreError;

#[derive(Debug, thiserror::Error)]
pub enum EventError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error("there is no such event, village or workshop")]
    Unknown,
    #[error("these fields are missing or malformed: {0:?}")]
    Fields(Wrongs),
}

impl From<CoopError> for EventError {
    fn from(error: CoopError) -> Self {
        match error {
            CoopError::Store(error) => EventError::Store(error),
            CoopError::Forbidden(error) => EventError::Forbidden(error),
            _ => EventError::Unknown,
        }
    }
}
