//! Partners, designs, placements and studies for visitors: schools, students, researchers, and whoever is
//! curious.

pub mod answer;
pub mod application;
mod apply;
pub mod designs;
pub mod placements;
pub mod studies;

use engine::partner::PartnerError;

use crate::error::PageError;

/// An error that is no matter of words on a page.
pub fn refused(error: PartnerError) -> PageError {
    match error {
        PartnerError::Store(error) => error.into(),
        PartnerError::TooMany => PageError::Busy,
        PartnerError::Changed | PartnerError::State => PageError::Invalid,
        _ => PageError::NotFound,
    }
}
