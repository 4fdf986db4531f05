//! Small parts that pages share.

pub mod footer;
pub mod format;
pub mod header;
pub mod icon;
pub mod layout;
