//! Pages of the people who run workshops.

pub mod account;
pub mod choose;
pub mod frame;
pub mod sign_in;
