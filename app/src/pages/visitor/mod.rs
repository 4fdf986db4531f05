//! What tourists see.

pub mod articles;
pub mod bad_day;
pub mod book;
pub mod booking;
pub mod cancel;
pub mod certificate;
pub mod change;
pub mod code;
pub mod companion;
pub mod coop;
pub mod details;
pub mod embed;
pub mod enquiry;
pub mod events;
pub mod extras;
pub mod find;
pub mod gift;
pub mod guests;
pub mod home;
pub mod move_;
pub mod my_data;
pub mod offer;
pub mod paid;
pub mod pass;
pub mod passed;
pub mod pay;
pub mod photo;
mod picker;
<<<<<<< HEAD
pub mod product;
||||||| 90b5aa3
=======
pub mod pieces;
>>>>>>> piece
pub mod review;
pub mod reviews;
mod runs;
mod search_form;
pub mod sisters;
pub mod site_files;
mod studies;
pub mod tour;
pub mod tours;
pub mod village;
pub mod villages;
pub mod voucher;
pub mod waitlist;
pub mod workshop;
