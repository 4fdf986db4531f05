//! The register: every table and column that holds personal data, and what becomes of it.
//!
//! A new table with such columns gets its lines in [`TABLES`], in its place in the alphabet. What hangs on a guest names
//! its root and how its rows are found from it; the download and forgetting then need no code of their
//! own. Columns that only sound personal are in [`IMPERSONAL`]. A test compares both lists with the
//! tables that the migrations make.

mod list;

pub use list::{IMPERSONAL, TABLES};

/// A table with personal data. One may come twice, where its rows tell of two people.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    pub name: &'static str,
    pub of: Of,
    pub columns: &'static [Column],
    /// What else is set when its rows are emptied, in SQL.
    pub also: Option<&'static str>,
}

/// Whose data it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// A guest's, found by what they booked or bought, or by their address.
    Guests {
        root: Root,
        /// The id of a row.
        key: &'static str,
        /// The condition on its rows; `{}` are the ids of the root, or the address.
        rows: &'static str,
        ends: Ends,
    },
    /// Of people who have an account, or of businesses. Guests' pages don't show it.
    Others(Who),
}

/// What guests' rows hang on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Root {
    Booking,
    Pass,
    Enquiry,
    Waiting,
    /// Who asked for a placement or a study.
    Applicant,
    /// A gift card, as its buyer's.
    Bought,
    /// A gift card, as its recipient's.
    Received,
    /// What is made to order.
    Commission,
    /// An order of the shop.
    Ordered,
    /// An address, in lower case.
    Address,
}

/// What makes it be forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ends {
    /// Its guest's wish, or time ([`super::Retention`]).
    InTime,
    /// Its guest's wish alone: it is theirs to keep, or has a time of its own.
    WhenAsked,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// People of workshops and of the office.
    Staff,
    Guides,
    /// Workshops and co-ops: published, as the law on e-commerce wants it.
    Workshops,
    Companies,
    /// What other calendars call their entries.
    Calendars,
    /// Words that a host wrote to guests in general, or notes on the house's own work.
    HostsWords,
}

/// How a column is read for the download.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    Json,
    Number,
    Bool,
    Date,
    Instant,
}

/// What becomes of a column when its guest is forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Emptied.
    Blank,
    /// [`super::UNNAMED`] stands in its place.
    Unnamed,
    Null,
    /// JSON without anything in it.
    EmptyMap,
    /// The whole row is deleted.
    Row,
    /// Done by a verb of its module.
    ByVerb,
    Kept(Reason),
}

/// Why something stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The books need it: which visit, how many, how much. It names nobody.
    Books,
    /// Documents of the books are kept for ten years by law.
    Law,
    /// It says nothing of anybody by itself.
    Impersonal,
    /// While the account, the workshop or the contract is there.
    InUse,
    /// Published.
    Published,
    /// It goes by itself, soon.
    Expires,
}

#[derive(Debug, Clone, Copy)]
pub struct Column {
    pub name: &'static str,
    pub kind: Kind,
    pub fate: Fate,
    /// Whether its guest gets it in the download.
    pub exported: bool,
}
