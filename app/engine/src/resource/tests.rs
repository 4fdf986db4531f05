//! Resources are never promised twice and never lost.

mod machine;
mod plans;
pub(crate) mod stories;
