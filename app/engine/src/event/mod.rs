//! Events of a village: festivals, market days, a week of silk. On their days departures may cost
//! more or less, have other seats, take place although the week has none, or not at all.
//!
//! An event of the office concerns every workshop of its village, one of a co-op its members; a
//! workshop may stay out of any. Slots follow from rules, closures and events alike (see
//! [`crate::schedule`]), so an event that is published, changed or withdrawn brings them in line in
//! the same transaction. Nobody who booked before notices.

mod days;
mod edit;
mod error;
mod letters;
mod model;
mod read;

pub use days::{Days, Effect};
pub(crate) use days::{days_of, reprice};
pub use edit::{Publish, SaveEvent, StayOut, preview, publish, save, stay_out};
pub use error::EventError;
pub use letters::News;
pub use model::{CAPACITY_RANGE, DayInput, Event, EventData, EventInput, EventOpening};
pub use read::{
    Concerned, YEAR, by_id, by_slug, concerned, of_author, of_workshop, published, stays_out,
    upcoming,
};

#[cfg(test)]
mod tests;
