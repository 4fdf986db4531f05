//! OCTO, the open standard by which travel companies' systems ask what is free and book it
//! (<https://docs.octo.travel>), with its capabilities pricing, content and
//! notifications.
//!
//! | OCTO | here |
//! |---|---|
//! | supplier | the workshop whose contract the key is of |
//! | product, option, unit | tour, option, unit type; their ids are slugs and kinds |
//! | availability | a slot; its id is its start at the venue |
//! | booking, unit item | a booking and each ticket of it |

mod ask;
mod content;
mod error;
mod map;
mod notification;
mod wire;

pub use ask::{
    AskAvailability, AskCalendar, AskCancel, AskConfirm, AskExtend, AskReserve, AskUnit, AskUpdate,
    Item, ItemError, fingerprint, tickets,
};
pub use error::{OctoError, Why, of_booking};
pub use map::{Capabilities, View, availability_id, start_of};
pub use notification::{AskSubscription, Subscription, of_webhook};
pub use wire::*;

#[cfg(test)]
mod tests;
