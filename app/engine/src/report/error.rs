//! Why something about reports could not be done.

use crate::accounts::{AccountError, Forbidden};
use crate::store::StoreError;

/// A field of a form of this part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    Workers,
    Artisans,
    Apprentices,
    Women,
    Seasonal,
    Name,
    Place,
    About,
    Kind,
    First,
    Last,
    RegisterUntil,
    Contracts,
    Orders,
}

/// What is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    Missing,
    TooLong {
        max: usize,
    },
    /// A whole number up to so much.
    Number {
        most: i32,
    },
    /// There are fewer people in all.
    MoreThanWorkers,
    Date,
    /// The last day is before the first.
    Order,
    /// Workshops could register after its end.
    AfterEnd,
    Choice,
}

pub type Wrongs = Vec<(Field, Wrong)>;

#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error(transparent)]
    Account(AccountError),
    #[error("there is no such village, event or person")]
    Unknown,
    #[error("these fields are missing or malformed: {0:?}")]
    Fields(Wrongs),
    /// Registration is over, or the event is not announced.
    #[error("workshops can't register for it now")]
    Closed,
    /// What came of it is asked of those who took part, once it has begun.
    #[error("nothing can have come of it yet")]
    TooEarly,
}

impl From<AccountError> for ReportError {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Store(error) => ReportError::Store(error),
            AccountError::Forbidden(error) => ReportError::Forbidden(error),
            error => ReportError::Account(error),
        }
    }
}
