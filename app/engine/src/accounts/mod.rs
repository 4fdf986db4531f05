//! People who run workshops: who they are, what they may do, how they sign in.

mod actor;
pub mod audit;
mod link;
mod password;
mod people;
pub mod session;
pub mod team;
mod village;

pub use actor::{Actor, Forbidden, Person, Role, Seller};
pub use link::{LinkError, RequestLink, UseLink, link_opens, request_link, use_link};
pub use password::{MIN_PASSWORD, hash_password, hash_password_aside, password_matches};
pub use people::*;
pub(crate) use village::invite_to_village;

#[cfg(test)]
mod tests;
