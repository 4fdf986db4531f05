//! What can be booked: villages, their workshops, the workshops' tours, options, unit types, prices.

mod cache;
pub mod demo;
pub mod edit;
pub(crate) mod load;
mod model;
pub mod photos;
mod sale;
pub mod search;

pub use crate::price::PriceLevel;
pub use cache::CatalogueCache;
pub(crate) use cache::touch;
pub use model::*;
