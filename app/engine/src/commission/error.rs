//! Why something about a commission could not be done.

use super::state::StateKind;
use crate::accounts::Forbidden;
use crate::coop::CoopError;
use crate::craft::delivery::ParcelError;
use crate::ledger::LedgerError;
use crate::payment::PaymentError;
use crate::store::StoreError;
use crate::{Dong, Locale};

/// A field of a form about commissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    // The brief.
    What,
    Size,
    Colours,
    Pieces,
    WishedOn,
    Budget,
    Details,
    Name,
    Email,
    Phone,
    /// Pictures of any form.
    Photos,
    // Messages, offers, milestones, ends.
    Words,
    Price,
    Deposit,
    Kept,
    ReadyOn,
    ValidUntil,
    Grams,
    Reason,
    // What a workshop says of its commissions.
    About(Locale),
    // Money.
    Amount,
}

/// What is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    Missing,
    TooLong {
        max: usize,
    },
    /// Not a whole number within these.
    Number {
        min: i32,
        max: i32,
    },
    Amount,
    /// More than is due.
    Above {
        most: Dong,
    },
    /// No day, one that is past, or one too far away.
    Date,
    /// The offer must end before the piece is to be ready.
    AfterReady,
    Email,
    Phone,
    /// More pictures than are taken.
    TooMany {
        max: usize,
    },
}

pub type Wrongs = Vec<(Field, Wrong)>;

#[derive(Debug, thiserror::Error)]
pub enum CommissionError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error("there is no such commission")]
    Unknown,
    #[error("the workshop takes no commissions")]
    NotTaken,
    #[error("these fields are missing or malformed: {0:?}")]
    Fields(Wrongs),
    #[error("a commission that is {0} does not allow this")]
    State(StateKind),
    #[error("the customer has not paid all of it")]
    NotPaid,
    #[error("nobody has said where to post it")]
    NoAddress,
    #[error("the post is not paid")]
    PostNotPaid,
    #[error("the conversation is as long as it may be")]
    Full,
    #[error(transparent)]
    Parcel(ParcelError),
    #[error(transparent)]
    Payment(PaymentError),
}

impl From<ParcelError> for CommissionError {
    fn from(error: ParcelError) -> Self {
        match error {
            ParcelError::Store(error) => error.into(),
            ParcelError::Forbidden(error) => error.into(),
            error => CommissionError::Parcel(error),
        }
    }
}

impl From<PaymentError> for CommissionError {
    fn from(error: PaymentError) -> Self {
        match error {
            PaymentError::Store(error) => error.into(),
            PaymentError::Forbidden(error) => error.into(),
            error => CommissionError::Payment(error),
        }
    }
}

impl From<LedgerError> for CommissionError {
    fn from(error: LedgerError) -> Self {
        PaymentError::from(error).into()
    }
}

impl From<CoopError> for CommissionError {
    fn from(error: CoopError) -> Self {
        match error {
            CoopError::Store(error) => error.into(),
            CoopError::Forbidden(error) => error.into(),
            _ => CommissionError::Unknown,
        }
    }
}

impl From<CommissionError> for PaymentError {
    fn from(error: CommissionError) -> Self {
        match error {
            CommissionError::Store(error) => error.into(),
            CommissionError::Forbidden(error) => error.into(),
            CommissionError::Payment(error) => error,
            _ => PaymentError::Unknown,
        }
    }
}
