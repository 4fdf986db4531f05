//! Green and circular: what a workshop measures of itself, and where each figure is from.
//!
//! The list of measures is closed ([`Measure`]), so that figures of several workshops mean the same. Each
//! entry says what was measured, for which time ([`Period`]), how it is known ([`Known`]) and by which source.
//! Nothing is added up to a score and nothing is a badge: visitors see values, and what they are from.
//!
//! Entries are added and taken back, never changed. Of each measure the newest is shown, by itself while it is
//! fresh and marked as not renewed for a while after; then it is gone from visitors' pages. That rule is
//! [`standing`], and nothing else decides it.
//!
//! Two figures the program reckons, where the workshop wishes: the energy of a piece from the kiln's meter
//! and the pieces that came out of it, and the guests who shared a vehicle from the visits that took
//! place ([`reckon`]). What went into it is kept with the entry ([`Basis`]) and shown.

mod amount;
mod enter;
mod error;
mod input;
mod measure;
mod model;
mod period;
mod read;
pub mod reckon;
mod rule;

#[cfg(test)]
mod tests;

pub use amount::Hundredths;
pub use enter::{Enter, Withdraw, enter, withdraw};
pub use error::{Field, GreenError, Wrong, Wrongs};
pub use input::{EntryData, EntryInput, MOST_WORDS};
pub use measure::{Fuel, Known, Measure, Unit};
pub use model::{Basis, Entry, Value};
pub use period::{Period, Span};
pub use read::{Kept, Line, history, of_tour, of_workshop, overview, side_by_side};
pub use rule::{FRESH_MONTHS, Point, SHOWN_MONTHS, Shown, Standing, newest, shown, standing};
