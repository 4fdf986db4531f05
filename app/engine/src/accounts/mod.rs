//! People who run workshops: who they are, what they may do, how they sign in.

mod actor;
pub mod audit;
mod people;

pub use actor::{Actor, Forbidden, Person, Role};
pub use people::*;
