//! Pages, grouped by who uses them.

pub mod busy;
pub mod calendar_feed;
pub mod credential;
pub mod guide;
pub mod host;
pub mod mailbox;
pub mod office;
pub mod report;
pub mod reseller;
pub mod visitor;
