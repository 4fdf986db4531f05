//! Small parts that pages share.

pub mod field;
pub mod footer;
pub mod format;
pub mod header;
pub mod icon;
pub mod layout;
pub mod notice;
