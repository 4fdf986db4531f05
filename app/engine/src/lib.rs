//! Everything the business knows, and nothing of the web.
//!
//! Each module is named after a part of the business and exposes a few verbs that take a
//! transaction, the actor and a command. `store` is the only module that knows which database runs.

pub mod accounts;
pub mod booking;
pub mod busy;
pub mod catalogue;
pub mod channel;
pub mod clock;
pub mod commission;
pub mod coop;
pub mod country;
pub mod course;
pub mod craft;
pub mod credential;
pub mod distance;
pub mod email;
pub mod event;
pub mod feeds;
pub mod giftcard;
pub mod green;
pub mod guide;
mod hex;
pub mod ids;
pub mod ledger;
pub mod locale;
pub mod mail;
pub mod money;
pub mod outside;
pub mod partner;
pub mod pass;
pub mod payment;
pub mod phone;
pub mod price;
pub mod privacy;
pub mod provenance;
pub mod qr;
pub mod report;
pub mod reseller;
pub mod resource;
pub mod review;
pub mod schedule;
pub mod shop;
pub mod store;
pub mod story;
pub mod text;
pub mod webhook;
pub mod writing;

pub use ids::*;
pub use locale::{InEach, Locale, Localized};
pub use money::Dong;

/// The words of emails, from `locales/`.
pub mod words {
    include!(concat!(env!("OUT_DIR"), "/words.rs"));
}
