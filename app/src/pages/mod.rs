//! Pages, grouped by who uses them.

pub mod visitor;
