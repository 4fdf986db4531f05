//! The few interactive parts. Everything here also works, plainer, before and without its script.

mod countdown;

pub use countdown::Countdown;
