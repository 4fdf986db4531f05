//! Pages of those who run the platform.

pub mod audit;
mod audit_words;
pub mod credentials;
pub mod events;
pub mod frame;
pub mod outbox;
pub mod overview;
pub mod passes;
pub mod privacy;
pub mod reviews;
pub mod routes;
pub mod stories;
pub mod trade;
pub mod villages;
