//! Why something about a product's record could not be done.

use crate::accounts::Forbidden;
use crate::catalogue::photos::PhotoError;
use crate::store::StoreError;

/// A field of a form about lots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    Title,
    Quantity,
    Unit,
    MadeFrom,
    MadeTo,
    /// Of a row.
    Material(usize),
    Origin(usize),
    Makers,
    Consent,
    Certificate,
    /// What a step, a remark, a correction … says.
    Words,
    Date,
    /// Which entry is corrected.
    Of,
    Name,
    Reason,
}

/// What is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    Missing,
    TooLong {
        max: usize,
    },
    TooMany {
        max: usize,
    },
    Number,
    Date,
    /// A day that has not come yet.
    Future,
    /// The last day lies before the first.
    Before,
    Choice,
    /// Names are published with consent alone.
    Consent,
}

pub type Wrongs = Vec<(Field, Wrong)>;

#[derive(Debug, thiserror::Error)]
pub enum ProvenanceError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error("there is no such record or entry")]
    Unknown,
    #[error("the record was withdrawn: nothing is added to it")]
    Withdrawn,
    #[error("these fields are missing or malformed: {0:?}")]
    Fields(Wrongs),
    #[error(transparent)]
    Photo(#[from] PhotoError),
    #[error("the key {0} signs, and it stands in a configuration that is not this one")]
    KeyElsewhere(String),
    #[error("the key {0} was retired, and does not come back")]
    KeyRetired(String),
    #[error("the key {0} is in use already")]
    SameKey(String),
    #[error("canonical JSON could not be written: {0}")]
    Canonical(String),
}
