//! Credentials: OCOP stars, marks and who may use them, artisans' titles, what a village is recognised
//! as, and checks of the environment and of safety.
//!
//! What somebody says of themselves is a claim. It is shown to nobody until the office has seen the
//! papers and verified it, and stops being shown by itself on the day after its last one: whether it is
//! shown is asked of [`Credential::shows`] alone, by the day, so no worker has to hide anything. Changed
//! details are a new claim.
//!
//! How long each kind is valid, and by which law, is in [`rule`]. Whose a kind may be is in the types:
//! a [`Claim`] of a kind has the holder of that kind and no other, and a constraint of the table says
//! the same.
//!
//! Everybody who shows credentials asks [`shown`], or, with the catalogue at hand, its
//! [`Register`]; both answer what one pure function, [`shown_of`], makes of the rows.

mod claim;
mod decide;
mod details;
mod enter;
mod error;
mod holder;
mod kind;
mod letters;
mod list;
mod model;
mod paper;
mod read;
mod register;
mod remind;
mod rights;
pub mod rule;
mod show;
pub mod words;

#[cfg(test)]
mod tests;

pub use claim::{Claim, ClaimInput, MAX_NUMBER, MAX_SUBJECT, MarkOwner, OcopOf, Seat};
pub(crate) use decide::left_coop;
pub use decide::{Decide, Decision, GiveUp, decide, give_up};
pub use enter::{Change, Enter, change, enter};
pub use error::{CredentialError, Field, Wrong, Wrongs};
pub use holder::Holder;
pub use kind::{CheckKind, Kind, MarkKind, TitleKind, VillageKind};
pub use list::{Filter, House, for_workshop, register, waiting};
pub use model::{Credential, CredentialState, Level, Stars};
pub use paper::{
    AddPaper, MAX_BYTES, MAX_PAPERS, Paper, PaperError, PaperKind, RemovePaper, Upload, add_paper,
    content, papers_of, remove_paper,
};
pub(crate) use read::by_id;
pub(crate) use read::standing;
pub use read::{find, marks, of_holder};
pub use register::{Asked, Register};
pub use remind::{is_due, remind_due};
pub use show::{Shown, shown, shown_of};
