//! Why something about a piece could not be done.

use super::delivery::ParcelError;
use crate::Dong;
use crate::accounts::Forbidden;
use crate::giftcard::CardError;
use crate::provenance::ProvenanceError;
use crate::resource::ResourceError;
use crate::store::StoreError;

/// A field of a form about pieces; rows are counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    Steps,
    Days(usize),
    /// The kind of a step, by row.
    Kind(usize),
    Litres,
    Grams,
    /// How many pieces.
    Count,
    Name(usize),
    PieceLitres(usize),
    PieceName,
    Note,
    Prefix,
    Margin,
    Voucher,
    /// Which pieces.
    Pieces,
    /// When which kiln is fired.
    Kiln,
    Choice,
    /// What pieces are made of, by row, and where that comes from.
    Material(usize),
    Origin(usize),
}

/// What is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    Missing,
    TooLong {
        max: usize,
    },
    Number {
        min: i32,
        max: i32,
    },
    Choice,
    Between {
        least: Dong,
        most: Dong,
    },
    /// Something else is fired there at another heat.
    OtherHeat,
    /// Two or three letters.
    Prefix,
    /// Two firings in a row need a step between them, and no making is without any step.
    Order,
}

pub type Wrongs = Vec<(Field, Wrong)>;

#[derive(Debug, thiserror::Error)]
pub enum CraftError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error("there is no such piece, load or party")]
    Unknown,
    #[error("these fields are missing or malformed: {0:?}")]
    Fields(Wrongs),
    #[error("nothing is made on this option")]
    NoMaking,
    #[error("nobody of the party is here")]
    NotHere,
    #[error("a piece is not in a state for this")]
    State,
    #[error("somebody else was quicker")]
    Changed,
    #[error("{label} can't go into this load")]
    NotForLoad { label: String },
    #[error("not all pieces of the parcel are ready")]
    NotReady,
    #[error(transparent)]
    Resource(ResourceError),
    #[error(transparent)]
    Card(CardError),
    #[error(transparent)]
    Parcel(ParcelError),
    #[error(transparent)]
    Provenance(ProvenanceError),
}

impl From<ResourceError> for CraftError {
    fn from(error: ResourceError) -> Self {
        match error {
            ResourceError::Store(error) => error.into(),
            ResourceError::Forbidden(error) => error.into(),
            error => CraftError::Resource(error),
        }
    }
}

impl From<CardError> for CraftError {
    fn from(error: CardError) -> Self {
        match error {
            CardError::Store(error) => error.into(),
            CardError::Forbidden(error) => error.into(),
            error => CraftError::Card(error),
        }
    }
}

impl From<ParcelError> for CraftError {
    fn from(error: ParcelError) -> Self {
        match error {
            ParcelError::Store(error) => error.into(),
            ParcelError::Forbidden(error) => error.into(),
            error => CraftError::Parcel(error),
        }
    }
}

impl From<ProvenanceError> for CraftError {
    fn from(error: ProvenanceError) -> Self {
        match error {
            ProvenanceError::Store(error) => error.into(),
            ProvenanceError::Forbidden(error) => error.into(),
            error => CraftError::Provenance(error),
        }
    }
}

/// A whole number within limits, as typed.
pub(super) fn number_of(
    text: &str,
    field: Field,
    (min, max): (i32, i32),
    wrongs: &mut Wrongs,
) -> i32 {
    let number = text.trim().parse().ok().filter(|number| (min..=max).contains(number));
    if number.is_none() {
        wrongs.push((field, Wrong::Number { min, max }));
    }
    number.unwrap_or(min)
}

/// One line, without needless spaces.
pub(super) fn line_of(text: &str, field: Field, max: usize, wrongs: &mut Wrongs) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() > max {
        wrongs.push((field, Wrong::TooLong { max }));
    }
    text
}

/// Several lines, as they were written.
pub(super) fn note_of(text: &str, wrongs: &mut Wrongs) -> String {
    const MAX: usize = 500;
    let text = text.replace("\r\n", "\n").trim().to_owned();
    if text.chars().count() > MAX {
        wrongs.push((Field::Note, Wrong::TooLong { max: MAX }));
    }
    text
}
