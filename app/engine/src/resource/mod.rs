//! Resources: the kilns, wheels, looms, rooms, guides and vehicles that visits need, of a workshop
//! or shared by a co-op. Whoever books gets them in the same transaction as the seats.
//!
//! [`plan`] is the rule, without a database. [`settle`](settle()) applies it to one slot, and keeps
//! with every slot how many more its resources have room for, so that a search asks for nothing else.

pub mod board;
mod by_calendar;
mod edit;
mod error;
mod feed;
mod load;
mod model;
mod needs;
pub mod plan;
mod pool;
mod settle;
mod take;

pub use edit::{AddResource, EditResource, ResourceTexts, add_resource, edit_resource};
pub use error::{ResourceError, ResourceField};
pub use load::{Chance, chances};
pub use model::*;
pub use needs::{NeedEntry, SetNeeds, needs_of_option, pool_of_workshop, set_needs, usable_by};
pub use pool::Pool;
pub use settle::Short;
pub use take::{Own, Upkeep, block, give_up, own_minutes, reserve_own, unblock};

pub(crate) use by_calendar::take_by_calendars;
pub(crate) use edit::{change, find};
pub(crate) use feed::{of_token as feed_of_token, uses as feed_uses};
pub(crate) use load::{LoadUse, drop_load, put_load};
pub(crate) use needs::{membership_changed, uses_of_others};
pub(crate) use pool::{enter, lock};
pub(crate) use settle::{fit_new, lead_changed, settle};

#[cfg(test)]
pub(crate) mod tests;
