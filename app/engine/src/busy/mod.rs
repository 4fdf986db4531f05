//! Busy calendars: what workshops, guides and machines do elsewhere (Google, Airbnb and others), by
//! the address of an iCalendar file.
//!
//! [`read`] is the rule, without a database: which times a calendar is busy. A worker fetches what
//! is due ([`fetch_due`]); what came is kept as spans, and from these follow `slot.busy` (the slot
//! is not sold) and upkeep of resources, which have a pool and its lock. Bookings are never
//! touched: they are shown where they are hit. A calendar that can't be read keeps its spans, so
//! that no failure opens what was closed.

mod edit;
mod error;
mod fetch;
mod letters;
mod look;
mod mark;
mod model;
pub mod read;

pub use edit::{AddCalendar, Change, ChangeCalendar, LetPass, add, change, let_pass};
pub use error::{BusyError, BusyField};
pub use fetch::{News, fetch, fetch_due, take};
pub use look::{Seen, entries, find, hits, of_days, of_subject, of_workshop, stale_of_workshop};
pub(crate) use mark::mark;
pub use model::{BusyCalendar, STALE, Span, Subject, Who};

#[cfg(test)]
mod tests;
