//! What travel companies use: their own pages, and the documentation for their systems.

pub mod book;
pub mod booking;
pub mod desk;
pub mod docs;
pub mod home;
pub mod routes;
pub mod statement;
pub mod words;
