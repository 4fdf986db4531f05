//! What can be booked: villages, their workshops, the workshops' tours, options, unit types, prices.

mod cache;
pub mod demo;
pub mod edit;
pub(crate) mod load;
mod model;
pub mod photos;
mod price_level;
pub mod search;

pub use cache::CatalogueCache;
pub use model::*;
pub use price_level::PriceLevel;
