//! When a tour can be visited: opening rules, closures, and the slots that follow from them.

pub mod lunar;
mod model;
mod rules;
pub mod slots;

pub use model::*;
pub use rules::{closures_of, insert_closure, insert_rule, rules_of};
pub use slots::NoSeats;
