//! Why something about partners could not be done.

use crate::Locale;
use crate::accounts::Forbidden;
use crate::coop::CoopError;
use crate::store::StoreError;

/// A field of a form of this part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    Kind,
    Name,
    City,
    Web,
    Since,
    Contact,
    Email,
    Language,
    Title(Locale),
    About(Locale),
    Licence,
    LicenceWords(Locale),
    SharedWith,
    Partner,
    Picture,
    Tours,
    Asked(Locale),
    Allowance(Locale),
    First,
    Last,
    Places,
    Themes(Locale),
    Conditions(Locale),
    Languages,
    Organisation,
    Topic,
    Words,
    Decision,
    Date,
    Hours,
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
    Email,
    /// No address of a web site.
    Web,
    /// Not a date, or one out of the time that makes sense.
    Date,
    /// The last day is before the first.
    Order,
    /// A whole number between the two.
    Number {
        min: i32,
        max: i32,
    },
    /// Hours of a day, such as 7 or 7.5.
    Hours,
}

pub type Wrongs = Vec<(Field, Wrong)>;

#[derive(Debug, thiserror::Error)]
pub enum PartnerError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error("there is no such partner, design, placement or applicant")]
    Unknown,
    #[error("these fields are missing or malformed: {0:?}")]
    Fields(Wrongs),
    #[error("somebody changed it meanwhile")]
    Changed,
    #[error("it is not in a state for this")]
    State,
    #[error("the placement or the workshop takes no applications now")]
    Closed,
    #[error("who has this address has applied already and waits for the answer")]
    Twice,
    #[error("too many applications came from this address")]
    TooMany,
    #[error("all places are taken")]
    Full,
}

impl From<CoopError> for PartnerError {
    fn from(error: CoopError) -> Self {
        match error {
            CoopError::Store(error) => error.into(),
            CoopError::Forbidden(error) => error.into(),
            // Nothing else is asked of a co-op here.
            _ => PartnerError::Unknown,
        }
    }
}

impl From<Wrongs> for PartnerError {
    fn from(wrongs: Wrongs) -> Self {
        PartnerError::Fields(wrongs)
    }
}
