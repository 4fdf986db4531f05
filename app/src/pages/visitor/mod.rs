//! What tourists see.

pub mod articles;
pub mod home;
mod picker;
mod search_form;
pub mod site_files;
pub mod tour;
pub mod tours;
pub mod village;
pub mod villages;
pub mod workshop;
