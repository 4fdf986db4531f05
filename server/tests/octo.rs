//! The real binary, asked by the systems of travel companies.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops where something is missing")]

#[path = "octo/desk.rs"]
mod desk;
#[path = "octo/notifications.rs"]
mod notifications;
#[path = "octo/schema.rs"]
mod schema;
#[path = "octo/story.rs"]
mod story;
