//! Letters: written to the outbox in the transaction of the event they tell of, rendered and
//! sent afterwards, at least once, with retries.

mod about;
mod busy;
mod commission;
mod coop;
mod course;
mod credential;
pub mod deliver;
mod draft;
mod enquiry;
mod event;
pub mod feed;
mod giftcard;
mod guide;
pub mod ics;
pub mod invite;
mod letter;
pub mod mailbox;
mod message;
mod order;
pub mod outbox;
mod overflow;
mod partner;
mod pass;
mod payment;
mod piece;
mod privacy;
mod render;
mod reseller;
mod review;
mod transport;
mod webhook;
mod words;

pub use deliver::{deliver_due, depth, list, of_booking, resend};
pub use letter::Letter;
pub use render::Rendered;
pub use transport::{MailSettings, Route, SmtpSettings, Tls, Transport, TransportError};

#[cfg(test)]
mod tests;
