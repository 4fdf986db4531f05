//! Gift cards of a workshop: what was sold, given and used; each card; what is on sale.

pub mod give;
pub mod list;
pub mod one;
pub mod terms;
