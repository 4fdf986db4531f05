//! Reviews: what guests who came say of their visit.
//!
//! Whoever has a booking that was checked in may say something of it once: stars and words, under the
//! first name, an initial or no name. They change it for [`EDIT_DAYS`] days and take it back at any
//! time, for good. Guests of travel companies can't: they have no link of ours, only the company's
//! voucher, and a link that is passed on by hand proves nothing. Bookings that try a connection
//! never can.
//!
//! The workshop answers once and may change its answer. It can't hide anything, nor does undoing a
//! check-in take a review away. What breaks the rules it reports, and the office decides: a review is
//! shown or hidden for one of [`Ground`]'s reasons, among which "it is bad" is none (Law on
//! E-commerce 122/2025/QH15). Its author is told why, may change it, and so asks again.
//!
//! Averages are never stored but reckoned from one index ([`ratings`]): they can't be wrong.

mod answer;
mod error;
mod language;
mod model;
mod office;
mod read;
mod write;

#[cfg(test)]
mod tests;

pub use answer::{Answer, MarkSeen, Report, answer, mark_seen, report};
pub use error::{Field, ReviewError, Wrong, Wrongs};
pub use language::Language;
pub use model::{Decision, Ground, Question, QuestionKind, Review, ReviewState, Signed};
pub use office::{Asked, Decide, Verdict, decide, queue, waiting};
pub use read::{
    ENOUGH, Filter, ForHost, Listed, PAGE, Rating, Scope, by_id, by_ids, for_host, languages,
    of_booking, rating, ratings, shown,
};
pub(crate) use write::erase;
pub use write::{
    EDIT_DAYS, MAX_NAME, MAX_WORDS, ReviewData, ReviewInput, Save, Standing, Withdraw, first_name,
    save, standing, withdraw,
};
