//! Why a webhook could not be added or changed.

use crate::accounts::Forbidden;
use crate::store::StoreError;

#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error("there is no such webhook or delivery")]
    Unknown,
    #[error("it must be told of something")]
    NoEvents,
    #[error("there are {0} webhooks already")]
    TooMany(usize),
    #[error("this address is told already")]
    Twice,
    #[error("it is paused")]
    Paused,
}
