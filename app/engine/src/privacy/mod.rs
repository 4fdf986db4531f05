//! People's data: what is held, why and how long; what guests agreed to; how they get at their data
//! and have it forgotten; who saw it.
//!
//! [`register`] is the one list of the tables and columns that hold personal data. Everything else
//! here follows it: the download has the columns that it marks, forgetting empties them as it says,
//! the office's page shows it. A test compares it with the tables that the migrations make, so a new
//! column that looks personal can't be overlooked.
//!
//! A guest asks by address and is mailed a short-lived link (`link`). Behind it they see, download
//! (`export`) and delete (`erase`). What can't go yet is kept with its reason (`holding`): a visit to
//! come, money to be paid back. Past visits keep their numbers for the books, and nobody in them.
//!
//! The same is done by time (`retain`). Whoever of a workshop or the office opens something with guests'
//! data leaves a row a day (`views`).

mod consent;
mod erase;
mod error;
mod export;
mod find;
mod holding;
mod link;
pub mod register;
mod retain;
mod views;

#[cfg(test)]
mod tests;

pub(crate) use consent::record as record_consent;
pub use consent::{Consent, ConsentKind, Given, PRIVACY_VERSION, Subject, TERMS_VERSION};
pub use erase::{Erase, Erased, UNNAMED, erase};
pub use error::PrivacyError;
pub use export::{FORMAT, FORMAT_VERSION, export};
pub use find::{Found, find};
pub use holding::{Held, HeldKind, Kept, holdings};
pub use link::{AskLink, LINK_LIFE, address_of, ask_link};
pub use retain::{Done, Retention, Run, retain, runs};
pub use views::{Look, Role, Seen, What, list as views_of, look, names as viewers};
