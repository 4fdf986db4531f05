//! What visitors make, from the wheel to the post.
//!
//! An option of a tour has a [`Making`]: the steps by which its pieces are finished, or that they are
//! taken home at once. At the workshop the pieces of a party are [registered](register()), each with
//! a number for the clay. From there on a piece goes through its steps by [`step`] and by nothing
//! else; what a step means to others follows beside it: a kiln's room ([`plan_load`] …), the
//! promised day ([`promise`]), a choice for the guest of a cracked one ([`choose`]), the way home
//! ([`delivery`], which knows nothing of pieces), and the record of where it comes from. What guests hear of it is gathered in one
//! transaction and is one letter for a party.

mod advance;
mod calendar;
pub mod delivery;
mod due;
mod error;
mod fire;
mod firing;
mod hand;
mod loss;
mod making;
mod material;
mod model;
mod news;
mod origin;
mod photo;
pub mod plan;
pub mod promise;
mod propose;
mod read;
mod register;
pub mod step;
mod terms;

#[cfg(test)]
pub(crate) mod tests;

pub use advance::{
    AddNote, Correct, CorrectData, CorrectInput, Deed, MovePieces, add_note, correct, move_pieces,
};
pub use due::{is_due, work};
pub use error::{CraftError, Field, Wrong, Wrongs};
pub use fire::{Fire, Fired, Outcome, fire};
pub use firing::{
    CancelLoad, ChangeLoad, Firing, FiringState, PlanLoad, cancel_load, change_load, firing,
    firings_of, pieces_of_firing, plan_load,
};
pub use hand::{
    HandleParcel, ParcelDeed, WishParcel, handle_parcel, owes, pieces_of_parcel, unwish, wish,
};
pub use loss::{Choice, Choose, Lose, Loss, choices_open, choose, lose, losses_of};
pub use making::{
    Making, MakingInput, SaveMaking, Step, StepInput, StepKind, StepList, making_of, makings_of,
    save_making,
};
pub use material::{MAX_MATERIALS, MaterialList};
pub use model::{Piece, PieceParty, PieceState};
pub use news::{PieceNews, What};
pub use photo::{PhotoData, photo_file};
pub use propose::{Planning, planning};
pub use read::{
    Counted, Found, StepRow, by_code, by_id, by_ids, by_number, by_record, counts_of_bookings,
    fired_in, history, in_house, made_for, party_of, party_of_booking, party_of_secret, pieces_of,
    records_of, underway,
};
pub use register::{NewPiece, PieceInput, Register, register};
pub use step::Mark;
pub use terms::{PieceTerms, SavePieceTerms, TermsInput, save_terms, terms_of};
