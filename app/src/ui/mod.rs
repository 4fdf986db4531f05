//! Small parts that pages share.

pub mod card;
pub mod certificate;
pub mod colour;
pub mod coop;
pub mod day_rule;
pub mod event;
pub mod field;
pub mod footer;
pub mod format;
pub mod gift_card;
pub mod header;
pub mod icon;
pub mod layout;
pub mod look;
pub mod map;
pub mod money;
pub mod notice;
pub mod participants;
pub mod party;
pub mod picture;
pub mod price;
pub mod prose;
pub mod seo;
pub mod sessions;
pub mod steps;
pub mod summary;
