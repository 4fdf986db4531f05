//! Pages of those who run the platform.

pub mod audit;
mod audit_words;
pub mod events;
pub mod frame;
pub mod outbox;
pub mod overview;
pub mod passes;
pub mod routes;
pub mod villages;
