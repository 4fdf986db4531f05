//! Why something could not be entered.

use crate::Dong;
use crate::accounts::Forbidden;
use crate::coop::CoopError;
use crate::store::StoreError;

/// A field of the forms about money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    ValidFrom,
    /// The list of shares as a whole.
    Shares,
    /// Name, kind or value of the share with this number, from 0.
    Name(usize),
    How(usize),
    Value(usize),
    From,
    To,
    Amount,
    Date,
    Method,
    Reason,
}

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    Missing,
    /// Not a day, or one before the first or after the last that is possible.
    Date,
    /// Not an amount in whole đồng above nothing.
    Amount,
    /// Not a part of a hundred with at most two decimals.
    Percent,
    /// The parts of a hundred are more than a hundred.
    OverHundred,
    /// None takes what is left, or more than one does.
    OneRest,
    /// None of the choices offered.
    Choice,
    /// The same as one before it.
    Twice,
    /// In characters.
    TooLong {
        max: usize,
    },
    /// More than the party is owed.
    Owed {
        left: Dong,
    },
}

/// All that is wrong, in the order of the page.
pub type Wrongs = Vec<(Field, Wrong)>;

#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error("there is no such tour, co-op, party or entry")]
    Unknown,
    #[error("these fields are missing or malformed: {0:?}")]
    Fields(Wrongs),
    #[error("this kind of entry follows from the visit and is not taken back by hand")]
    FollowsVisit,
    #[error("it was taken back already")]
    TakenBack,
    #[error("the lines of an entry add up to {0:?} instead of nothing")]
    Unbalanced(Dong),
}

impl From<CoopError> for LedgerError {
    fn from(error: CoopError) -> Self {
        match error {
            CoopError::Store(error) => error.into(),
            CoopError::Forbidden(error) => error.into(),
            // Nothing else is asked of a co-op here.
            _ => LedgerError::Unknown,
        }
    }
}
