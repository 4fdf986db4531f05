//! What travel companies use: the documentation of the interface for their systems.

pub mod docs;
pub mod words;
