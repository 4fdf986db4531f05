//! Full-day passes: several workshops on one day, one after the other.
//!
//! A pass names options in the order of the day, and each workshop agrees to be in it. A guest books
//! all stops or none: every leg is an ordinary [booking](crate::booking) that knows its pass, so
//! calendars, check-in, resources and the ledger need nothing new. [`plan`] is the rule that
//! departures follow each other with time for the way; it knows no database.
//!
//! A pass booking has no state of its own: what became of it is read from its legs. Its guest
//! changes it as a whole; hosts, and guests whom a bad day hit, deal with a leg as with any booking.

mod ask;
mod book;
mod booked;
mod days;
mod edit;
mod error;
mod manage;
mod model;
mod offer;
pub mod plan;
pub mod travel;

pub use ask::{Answer, Asked, answer, asked_of};
pub use book::{Book, book};
pub use booked::{Booked, Leg, Standing, by_id, by_secret, manage_path};
pub use days::{Day, Itinerary, days, itinerary, ways_to_move};
pub use edit::{
    Create, Edit, Input, MAX_PERCENT, MAX_STOPS, PassData, Publish, create, edit, publish,
};
pub use error::PassError;
pub use manage::{CancelPass, ChangePassParty, MovePass, cancel, change_party, reschedule};
pub use model::{Consent, Pass, PassBooking, Stop};
pub use offer::{Lack, Offer, Place, find, lacks, of_author, offer, on_sale, stops_of, through};

#[cfg(test)]
mod tests;
