//! Pages of the people who run workshops.

pub mod account;
pub mod add_slot;
pub mod bad_day;
pub mod booking;
pub mod calendars;
mod changes;
pub mod choose;
pub mod coop;
pub mod courses;
pub mod credentials;
pub mod day;
pub mod embed;
pub mod enquiries;
pub mod enquiry;
mod enquiry_form;
pub mod events;
pub mod feed;
mod fields;
<<<<<<< HEAD
pub mod figures;
||||||| 90b5aa3
=======
pub mod firings;
>>>>>>> piece
pub mod frame;
pub mod guest;
pub mod guides;
mod hours;
mod links;
pub mod lots;
pub mod money;
pub mod month;
pub mod more;
pub mod offline;
pub mod parcels;
mod party;
pub mod pass;
pub mod passes;
pub mod people;
pub mod photos;
pub mod pieces;
pub mod question;
pub mod resellers;
pub mod resources;
pub mod reviews;
pub mod routes;
pub mod scan;
pub mod schedule;
pub mod settings;
pub mod sheet;
pub mod sign_in;
pub mod slot;
pub mod tours;
pub mod views;
pub mod trade;
pub mod webhooks;
mod week;
pub mod words;
