//! Where products come from: records that anybody can check, and that nobody rewrites unnoticed.
//!
//! A record is a chain of entries. Each one's hash is SHA-256 over the canonical JSON (RFC 8785) of the
//! record's id, its number, the hash before, the instant, kind and body, and the platform's key signs it
//! (Ed25519). Entries are appended by [`append`] alone; what was wrong is put right by another entry. Once
//! a day a [`checkpoint`] binds the newest entries of all records together: whoever keeps one can prove
//! that the past was rewritten, also by the platform itself, which holds the key.
//!
//! What was known then stays: names of workshop, village and co-op, trademark and credentials are written
//! out. People's names are not. A maker who agreed to be named has in the chain the SHA-256 of a random
//! salt and the name; both stand beside it ([`erase`] deletes them), and without the salt nobody can try
//! names out. Pictures are in the chain by their hash, and can be erased too.
//!
//! Other modules keep records of their own things by the three verbs [`open`](open()), [`append`] and
//! [`withdraw`], in the transaction that changes the thing, or for many at once by [`open_all`] and
//! [`append_all`], as visitors' pieces do (`craft/origin.rs`). One that is put on the shelf, fired, and given
//! to whoever made it:
//!
//! ```ignore
//! let record = provenance::open(tx, NewRecord {
//!     workshop: piece.workshop_id,
//!     kind: RecordKind::Piece,
//!     title: piece.title.clone(),
//!     quantity: None,
//!     unit: Localized::default(),
//!     made_from: Some(piece.made_on),
//!     made_to: None,
//!     materials: vec![],
//!     // Visitors are not named unless they ask for it.
//!     makers: vec![],
//!     credentials: vec![],
//!     replaces: None,
//!     form_key: format!("piece:{}", piece.id),
//! }).await?;
//! let words = Localized { vi: "Nung ở 1.240 °C".into(), en: "Fired at 1,240 °C".into() };
//! let fired = Step { words, on: local_date(tx.now()), picture: None };
//! provenance::append(tx, record.id, Entry::Step(fired)).await?;
//! let words = Localized { vi: "Trao cho người làm ra".into(), en: "Given to its maker".into() };
//! let given = HandedOver { words, on: local_date(tx.now()) };
//! provenance::append(tx, record.id, Entry::HandedOver(given)).await?;
//! ```

mod book;
mod certificate;
mod chain;
pub mod checkpoint;
mod code;
mod entry;
mod error;
mod export;
mod hash;
mod host;
mod input;
pub mod keys;
mod merkle;
mod open;
pub mod photos;
mod record;
pub mod scans;
pub mod verify;

#[cfg(test)]
mod tests;

pub use book::{Appended, Withdraw, append, append_all, append_maker, withdraw};
pub use certificate::{InForce, certificates, in_force};
pub use chain::FORMAT;
pub use code::{code_in, spoken};
pub use entry::{
    CoopThen, Correction, Credential, Entry, EntryKind, HandedOver, Maker, Material, Opened, Photo,
    Picture, Place, Remark, Replaced, Step, Withdrawn,
};
pub use error::{Field, ProvenanceError, Wrong, Wrongs};
pub use export::{Export, ExportedEntry, ExportedName, Inclusion, export};
pub use hash::{Hex, Mark, NotHex, Print};
pub use host::{Add, Erase, Erased, OpenLot, add, erase, open_lot};
pub use input::{AddData, AddInput, AddKind, LotData, LotInput, MAX_MATERIALS};
pub use open::{NewRecord, open, open_all};
pub use record::{
    Line, Record, RecordKind, RecordState, by_code, by_id, by_ids, of_workshop, story,
};
