//! Guides: who leads which departure, and who could.
//!
//! A guide is a [resource](crate::resource) of which there is one, of a workshop or of a co-op and
//! then of all its members. Leading takes the guide's time as a use of the resource, under the
//! pool's lock: nobody leads two departures at once. [`duty`] is the rule, without a database.
//!
//! `slot.guide` is the name that rules, letters and the ledger go by. It may name anybody; where
//! it names a guide, [`heed`](follow::heed) makes them lead if they are free.

mod assign;
pub mod duty;
mod edit;
mod error;
mod feed;
mod follow;
mod leave;
mod letters;
mod link;
mod model;
mod read;

pub use assign::{Assign, Unassign, assign, unassign};
pub use duty::{Hindrance, Task};
pub use edit::{AddGuide, EditGuide, GuideTexts, RenewLink, add_guide, edit_guide, renew_link};
pub use error::{GuideError, GuideField};
pub(crate) use feed::of_token as feed_of_token;
pub(crate) use follow::{enter, enter_workshop, follow, heed, heed_slot, let_go, let_go_empty};
pub use leave::{
    AnswerLeave, AskLeave, DayOff, Leave, LeaveState, answer_leave, ask_leave, day_off, days_off,
    leave_asked,
};
pub use link::{CheckInByGuide, Coming, check_in, coming, link_path};
pub use model::{Guide, Languages, Lead, LeadOrigin};
pub use read::{
    Candidate, Choice, Duty, Row, Week, by_token, choice, diary, find, leads, of_workshop, spoken,
    week,
};
pub(crate) use read::{chosen_of_workshop, is_guide};

#[cfg(test)]
mod tests;
