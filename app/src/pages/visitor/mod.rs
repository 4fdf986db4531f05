//! What tourists see.

pub mod home;
