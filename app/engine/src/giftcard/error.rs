//! Why something about a gift card could not be done.

use crate::Dong;
use crate::accounts::Forbidden;
use crate::booking::BookingError;
use crate::ledger::LedgerError;
use crate::payment::PaymentError;
use crate::store::StoreError;

/// A field of a form about gift cards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    Value,
    /// Another value than those offered.
    Own,
    Name,
    Email,
    RecipientName,
    RecipientEmail,
    Words,
    Reason,
    Offered,
    Months,
    Amount,
}

/// What is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    Missing,
    TooLong {
        max: usize,
    },
    Choice,
    Email,
    Amount,
    Between {
        least: Dong,
        most: Dong,
    },
    Above {
        most: Dong,
    },
    Months,
    /// No value to offer, or too many.
    Offered,
}

pub type Wrongs = Vec<(Field, Wrong)>;

/// Why a card does not pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// No card of this workshop has the code.
    Unknown,
    /// It is another workshop's.
    Elsewhere,
    NotPaid,
    Empty,
    Expired,
    Blocked,
    Cancelled,
    /// Nothing of the booking's price is open.
    NothingOpen,
}

#[derive(Debug, thiserror::Error)]
pub enum CardError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error("there is no such card")]
    Unknown,
    #[error("the workshop sells no gift cards")]
    NotOnSale,
    #[error("these fields are missing or malformed: {0:?}")]
    Fields(Wrongs),
    #[error("the card does not pay: {0:?}")]
    Refused(Refused),
    #[error("the card is not in a state for this")]
    State,
    #[error(transparent)]
    Booking(BookingError),
    #[error(transparent)]
    Payment(PaymentError),
}

impl From<BookingError> for CardError {
    fn from(error: BookingError) -> Self {
        match error {
            BookingError::Store(error) => error.into(),
            BookingError::Forbidden(error) => error.into(),
            error => CardError::Booking(error),
        }
    }
}

impl From<PaymentError> for CardError {
    fn from(error: PaymentError) -> Self {
        match error {
            PaymentError::Store(error) => error.into(),
            PaymentError::Forbidden(error) => error.into(),
            PaymentError::Booking(error) => error.into(),
            error => CardError::Payment(error),
        }
    }
}

impl From<LedgerError> for CardError {
    fn from(error: LedgerError) -> Self {
        PaymentError::from(error).into()
    }
}

impl From<Refused> for CardError {
    fn from(refused: Refused) -> Self {
        CardError::Refused(refused)
    }
}
