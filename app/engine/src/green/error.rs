//! Why something about green measures could not be done.

use crate::Locale;
use crate::accounts::Forbidden;
use crate::store::StoreError;

/// A field of the form of a measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// Whether the figure is said or reckoned.
    Way,
    Value,
    Fuel,
    Done,
    WithinKm,
    Practice(Locale),
    Period,
    Known,
    Source(Locale),
    /// The kilns' energy in the period.
    Total,
    /// Pieces of the workshop's own that were fired along.
    Own,
    /// Guests that somebody counted besides.
    Counted,
}

/// What is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    Missing,
    Choice,
    TooLong {
        most: usize,
    },
    /// A number from nothing to so much, with at most two decimals.
    Number {
        most: i64,
    },
    /// A whole number between these.
    Whole {
        least: i64,
        most: i64,
    },
    /// Nothing came out of the kilns by which the energy could be divided.
    NoPieces,
    /// Nobody came in that time, as far as the program knows.
    NoGuests,
    /// More than came; these many the program counts as sharing already.
    MoreThanCame {
        came: i64,
        known: i64,
    },
}

pub type Wrongs = Vec<(Field, Wrong)>;

#[derive(Debug, thiserror::Error)]
pub enum GreenError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error("there is no such entry, or the measure is not of such a thing")]
    Unknown,
    #[error("these fields are missing or malformed: {0:?}")]
    Fields(Wrongs),
}
