//! Why something about a review could not be done.

use crate::accounts::Forbidden;
use crate::store::StoreError;

/// A field of a form about reviews.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    Stars,
    Words,
    Signed,
    Name,
    Language,
    Reply,
    Ground,
    Why,
}

/// What is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    Missing,
    TooShort {
        least: usize,
    },
    TooLong {
        most: usize,
    },
    Choice,
    /// A name has no digits and no address in it.
    Name,
}

pub type Wrongs = Vec<(Field, Wrong)>;

#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error("there is no such review")]
    Unknown,
    #[error("nobody of this booking came, or not yet")]
    NotCome,
    #[error("a travel company sold the visit")]
    Resold,
    #[error("the days in which it could be changed are over")]
    TooLate,
    #[error("it was taken back, for good")]
    Withdrawn,
    #[error("these fields are missing or malformed: {0:?}")]
    Fields(Wrongs),
    #[error("it was reported already")]
    Reported,
    #[error("it was decided already, or is not in a state for this")]
    Decided,
}
