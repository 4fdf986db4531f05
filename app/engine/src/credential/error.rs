//! Why something about a credential could not be done.

use super::paper::PaperError;
use crate::accounts::Forbidden;
use crate::coop::CoopError;
use crate::store::StoreError;

/// A field of a form about credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// Whose it is.
    Seat,
    /// A product of the workshop, or one of its tours.
    Of,
    Subject,
    Owner,
    Mark,
    Stars,
    Level,
    Number,
    Decision,
    Issuer,
    Year,
    FiledOn,
    IssuedOn,
    Renewals,
    Until,
    Papers,
    Reason,
}

/// What is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    Missing,
    /// In characters.
    TooLong {
        max: usize,
    },
    Choice,
    /// Not a date, in the future, or too long ago.
    Date,
    /// Not a year, in the future, or too long ago.
    Year,
    Number {
        min: i32,
        max: i32,
    },
    /// Before the day from which it is valid.
    BeforeFrom,
    /// Granted before it was filed.
    BeforeFiled,
    /// No authority of this level grants so many stars.
    Level,
    /// The workshop is no member of the co-op whose mark it is.
    NoMember,
}

pub type Wrongs = Vec<(Field, Wrong)>;

#[derive(Debug, thiserror::Error)]
pub enum CredentialError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error("there is no such credential or paper")]
    Unknown,
    #[error("these fields are missing or malformed: {0:?}")]
    Fields(Wrongs),
    #[error(transparent)]
    Paper(#[from] PaperError),
    #[error("somebody changed it meanwhile")]
    Changed,
    #[error("it is not in a state for this")]
    State,
    #[error("details are missing that its validity follows from")]
    Incomplete,
    #[error("its last day is over")]
    Expired,
}

impl From<CoopError> for CredentialError {
    fn from(error: CoopError) -> Self {
        match error {
            CoopError::Store(error) => error.into(),
            CoopError::Forbidden(error) => error.into(),
            _ => CredentialError::Unknown,
        }
    }
}
