//! When a tour can be visited: opening rules, closures, and the slots that follow from them.

pub mod availability;
mod change;
mod day_rule;
mod error;
mod generate;
pub mod lunar;
mod minimum;
mod model;
mod rules;
pub mod slots;
mod staff;

pub use change::{
    ChangeSchedule, HitSlots, Impact, ScheduleChange, change_schedule, preview_change,
};
pub(crate) use change::{follow_events, preview_days};
pub(crate) use day_rule::DayColumns;
pub use day_rule::DayRule;
pub use error::{RuleField, ScheduleError};
pub(crate) use generate::generate_after;
pub use generate::{Generated, HORIZON_DAYS, expand, generate, generate_daily, generate_workshop};
pub use minimum::{Decide, Decision, awaiting_decision, decide, decide_due};
pub use model::*;
pub(crate) use rules::follow_capacity;
pub use rules::{closures_of, insert_closure, insert_rule, rules_of};
pub use slots::NoSeats;
pub use staff::{
    AddSlot, CancelSlot, MoveSlot, NoteSlot, OnSlot, ResizeSlot, add_slot, cancel_slot, close_slot,
    move_slot, note_slot, reopen_slot, resize_slot,
};

#[cfg(test)]
mod tests;
