//! One tap moves one piece or many to the next step. And what is put right by hand.

use super::error::{CraftError, Field, Wrong, line_of, note_of, number_of};
use super::making::{GRAMS, LITRES};
use super::model::Piece;
use super::news::{News, calendar};
use super::photo::{PhotoData, keep};
use super::read::of_workshop;
use super::register::MAX_NAME;
use super::step::{Happening, Mark, take, take_all, told};
use crate::accounts::{Actor, audit};
use crate::store::Tx;
use crate::{PieceId, WorkshopId, columns};

/// What is done to pieces in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// The step that is under way is done.
    Next,
    /// The last one was not.
    Back,
    /// Handed over at the workshop.
    Collect,
}

impl Deed {
    const fn mark(self) -> Mark {
        match self {
            Deed::Next => Mark::Done,
            Deed::Back => Mark::Undone,
            Deed::Collect => Mark::Collected,
        }
    }
}

#[derive(Debug, Clone)]
pub struct MovePieces {
    pub actor: Actor,
    pub workshop: WorkshopId,
    pub pieces: Vec<PieceId>,
    pub deed: Deed,
}

/// Does it to all of them or to none. A piece that waits in a load goes on when the load is fired.
pub async fn move_pieces(tx: &mut Tx, command: MovePieces) -> Result<usize, CraftError> {
    let MovePieces { actor, workshop, pieces, deed } = command;
    actor.must_serve(workshop)?;
    if pieces.is_empty() {
        return Err(CraftError::Fields(vec![(Field::Pieces, Wrong::Missing)]));
    }
    let mut pieces = of_workshop(tx, workshop, &pieces).await?;
    if pieces.iter().any(|piece| piece.firing_id.is_some()) {
        return Err(CraftError::State);
    }
    let calendar = calendar(tx, workshop).await?;
    let mut news = News::default();
    let mark = deed.mark();
    let all = pieces.iter_mut().map(|piece| (piece, Happening::of(mark, &actor)));
    take_all(tx, all.collect()).await?;
    for piece in &mut pieces {
        match deed {
            Deed::Next => news.after(tx, &calendar, piece).await?,
            Deed::Back => news.compare(tx, &calendar, piece).await?,
            Deed::Collect => {}
        }
    }
    if deed == Deed::Collect {
        super::hand::collected(tx, &mut pieces).await?;
    }
    news.send(tx).await?;
    let verb = if deed == Deed::Collect { "piece.collect" } else { "piece.move" };
    audit::record(tx, &actor, verb, workshop, Some(workshop), told(&pieces)).await?;
    Ok(pieces.len())
}

/// What a person may put right, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CorrectInput {
    pub name: String,
    pub litres: String,
    pub grams: String,
}

/// The same, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorrectData {
    name: String,
    litres: i32,
    grams: i32,
}

impl CorrectData {
    pub fn parse(input: &CorrectInput) -> Result<CorrectData, CraftError> {
        let mut wrongs = Vec::new();
        let name = line_of(&input.name, Field::PieceName, MAX_NAME, &mut wrongs);
        let litres = number_of(&input.litres, Field::Litres, LITRES, &mut wrongs);
        let grams = number_of(&input.grams, Field::Grams, GRAMS, &mut wrongs);
        if wrongs.is_empty() {
            Ok(CorrectData { name, litres, grams })
        } else {
            Err(CraftError::Fields(wrongs))
        }
    }
}

#[derive(Debug, Clone)]
pub struct Correct {
    pub actor: Actor,
    pub piece: PieceId,
    pub data: CorrectData,
}

/// Name, size and weight of a piece. Its size stays while it is in a load, which has that much room.
pub async fn correct(tx: &mut Tx, command: Correct) -> Result<(), CraftError> {
    let Correct { actor, piece, data } = command;
    let piece = super::model::piece(tx, piece).await?.ok_or(CraftError::Unknown)?;
    actor.must_serve(piece.workshop_id)?;
    if piece.firing_id.is_some() && data.litres != piece.litres {
        return Err(CraftError::State);
    }
    let row = columns! {
        name: data.name,
        litres: data.litres,
        grams: data.grams,
        version: piece.version + 1,
    };
    let key = columns! { id: piece.id, version: piece.version };
    if tx.update("piece", row, key).await? == 0 {
        return Err(CraftError::Changed);
    }
    Ok(())
}

#[derive(Debug, Clone)]
pub struct AddNote {
    pub actor: Actor,
    pub piece: PieceId,
    pub photo: Option<PhotoData>,
    pub note: String,
}

/// A photograph of a piece, or a word on it. The guest sees both.
pub async fn add_note(tx: &mut Tx, command: AddNote) -> Result<Piece, CraftError> {
    let AddNote { actor, piece, photo, note } = command;
    let mut piece = super::model::piece(tx, piece).await?.ok_or(CraftError::Unknown)?;
    actor.must_serve(piece.workshop_id)?;
    let mut wrongs = Vec::new();
    let note = note_of(&note, &mut wrongs);
    if note.is_empty() && photo.is_none() {
        wrongs.push((Field::Note, Wrong::Missing));
    }
    if !wrongs.is_empty() {
        return Err(CraftError::Fields(wrongs));
    }
    let photo = match &photo {
        Some(photo) => Some(keep(tx, piece.workshop_id, photo).await?),
        None => None,
    };
    let what = Happening { photo, note: &note, ..Happening::of(Mark::Noted, &actor) };
    take(tx, &mut piece, what).await?;
    Ok(piece)
}
