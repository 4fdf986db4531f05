//! Pages of the people who run workshops.

pub mod account;
pub mod add_slot;
pub mod booking;
pub mod choose;
pub mod day;
pub mod enquiries;
pub mod enquiry;
mod enquiry_form;
pub mod feed;
mod fields;
pub mod frame;
mod guest;
pub mod month;
pub mod more;
pub mod offline;
pub mod people;
pub mod photos;
pub mod routes;
pub mod scan;
pub mod schedule;
pub mod settings;
pub mod sheet;
pub mod sign_in;
pub mod slot;
pub mod tours;
pub mod week;
mod words;
