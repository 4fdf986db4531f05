//! Why guides could not be changed or assigned.

use super::duty::Hindrance;
use crate::accounts::Forbidden;
use crate::booking::checkin::CheckInError;
use crate::coop::CoopError;
use crate::resource::{ResourceError, ResourceField};
use crate::schedule::Slot;
use crate::store::StoreError;

/// A field that is not as it must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GuideField {
    Name,
    /// Another guide of the same people has this name.
    NameTaken,
    Languages,
    Phone,
    Email,
    Travel,
    Hours,
    /// The end is before the beginning, past, or the whole is longer than a year.
    Dates,
}

#[derive(Debug, thiserror::Error)]
pub enum GuideError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error(transparent)]
    CheckIn(#[from] CheckInError),
    #[error("there is no such guide, departure or day off")]
    Unknown,
    #[error("these fields are missing or malformed: {0:?}")]
    Fields(Vec<GuideField>),
    #[error("the departure is over or cancelled")]
    Over,
    #[error("the guide can't lead it: {0:?}")]
    Hindered(Hindrance),
    /// The guide leads these departures at the time.
    #[error("{} departure(s) would be without this guide", .0.len())]
    Leads(Vec<Slot>),
    #[error("{0} requests wait for an answer already")]
    TooMany(usize),
}

impl From<ResourceError> for GuideError {
    fn from(error: ResourceError) -> Self {
        match error {
            ResourceError::Store(error) | ResourceError::Coop(CoopError::Store(error)) => {
                GuideError::Store(error)
            }
            ResourceError::Forbidden(error) => GuideError::Forbidden(error),
            ResourceError::Coop(_) => GuideError::Forbidden(Forbidden),
            ResourceError::Short(short) => {
                GuideError::Leads(short.into_iter().map(|it| it.slot).collect())
            }
            ResourceError::Fields(fields) => {
                let fields = fields.into_iter().map(|field| match field {
                    ResourceField::Hours => GuideField::Hours,
                    ResourceField::Time => GuideField::Dates,
                    _ => GuideField::Name,
                });
                GuideError::Fields(fields.collect())
            }
            _ => GuideError::Unknown,
        }
    }
}
