//! The few interactive parts. Everything here also works, plainer, before and without its script.

mod copy_link;
mod hold_clock;
mod party_counts;
mod pay_watch;

pub use copy_link::CopyLink;
pub use hold_clock::HoldClock;
pub use party_counts::{PartyCounts, PartyRow, PartyWords, Residents};
pub use pay_watch::PayWatch;
