//! Small parts that pages share.

pub mod layout;
