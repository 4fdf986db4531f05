//! Why something about money could not be done.

use crate::Dong;
use crate::accounts::Forbidden;
use crate::booking::BookingError;
use crate::coop::CoopError;
use crate::ledger::LedgerError;
use crate::store::StoreError;

/// A field of a form about money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    Bank,
    Number,
    Holder,
    Secret,
    Amount,
    Date,
    Note,
    Booking,
    Company,
    TaxCode,
    Address,
}

/// What is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    Missing,
    TooLong {
        max: usize,
    },
    Choice,
    /// Not an account's number.
    Number,
    /// Too short, too long, or with spaces.
    Secret,
    Amount,
    /// More than there is.
    Above {
        most: Dong,
    },
    Date,
    /// No booking of this workshop has this code.
    NoBooking,
    TaxCode,
}

pub type Wrongs = Vec<(Field, Wrong)>;

#[derive(Debug, thiserror::Error)]
pub enum PaymentError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error("there is no such account, transfer or booking")]
    Unknown,
    #[error("these fields are missing or malformed: {0:?}")]
    Fields(Wrongs),
    #[error("somebody has decided about this transfer already")]
    Decided,
    #[error(transparent)]
    Booking(BookingError),
    #[error(transparent)]
    Ledger(LedgerError),
}

impl From<BookingError> for PaymentError {
    fn from(error: BookingError) -> Self {
        match error {
            BookingError::Store(error) => error.into(),
            BookingError::Forbidden(error) => error.into(),
            BookingError::Unknown => PaymentError::Unknown,
            error => PaymentError::Booking(error),
        }
    }
}

impl From<LedgerError> for PaymentError {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::Store(error) => error.into(),
            LedgerError::Forbidden(error) => error.into(),
            error => PaymentError::Ledger(error),
        }
    }
}

impl From<CoopError> for PaymentError {
    fn from(error: CoopError) -> Self {
        match error {
            CoopError::Store(error) => error.into(),
            CoopError::Forbidden(error) => error.into(),
            _ => PaymentError::Unknown,
        }
    }
}
