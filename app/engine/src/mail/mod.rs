//! Letters: written to the outbox in the transaction of the event they tell of, rendered and
//! sent afterwards, at least once, with retries.

pub mod ics;
mod letter;
pub mod outbox;

pub use letter::Letter;
