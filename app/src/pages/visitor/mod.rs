//! What tourists see.

pub mod articles;
pub mod book;
pub mod booking;
pub mod cancel;
pub mod change;
pub mod companion;
pub mod coop;
pub mod details;
pub mod enquiry;
pub mod find;
pub mod guests;
pub mod home;
pub mod move_;
pub mod offer;
pub mod photo;
mod picker;
pub mod review;
mod search_form;
pub mod site_files;
pub mod tour;
pub mod tours;
pub mod village;
pub mod villages;
pub mod voucher;
pub mod waitlist;
pub mod workshop;
