//! What may be wrong with what was written, and why a story could not be changed.

use crate::Locale;
use crate::accounts::Forbidden;
use crate::catalogue::photos::PhotoError;
use crate::coop::CoopError;
use crate::store::StoreError;

/// A field of the editors of chapters and artisans.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChapterField {
    Kind,
    Heading(Locale),
    Body(Locale),
    /// The steps as a whole, and the one with this number, from 0.
    Steps,
    Step(usize, StepPart),
    Terms,
    Term(usize, TermPart),
    /// Of an artisan.
    Name,
    Title(Locale),
    Born,
    Since,
    LearnedFrom(Locale),
    Words(Locale),
    Quote(Locale),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepPart {
    Text(Locale),
    Art,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TermPart {
    Word,
    English,
    Meaning(Locale),
}

#[derive(Debug, thiserror::Error)]
pub enum StoryError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error("there is no such chapter, artisan or picture")]
    Unknown,
    #[error("there are as many as there may be")]
    TooMany,
    #[error("the artisan has not agreed to be shown")]
    NoConsent,
    #[error(transparent)]
    Photo(#[from] PhotoError),
}

impl From<CoopError> for StoryError {
    fn from(error: CoopError) -> Self {
        match error {
            CoopError::Store(error) => StoryError::Store(error),
            CoopError::Forbidden(error) => StoryError::Forbidden(error),
            _ => StoryError::Unknown,
        }
    }
}
