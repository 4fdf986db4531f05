//! Passes are booked whole or not at all, and their days leave time for the way.

mod consent;
mod plans;
mod stories;
