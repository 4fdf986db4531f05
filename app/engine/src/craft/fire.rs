//! A load was fired: what came out of the kiln.

use super::error::CraftError;
use super::firing::{FiringState, open, outcome_told, pieces_of_firing};
use super::loss::write_loss;
use super::model::Piece;
use super::news::{News, What, calendar};
use super::photo::{PhotoData, keep};
use super::step::{Happening, Mark, take_all};
use crate::accounts::{Actor, audit};
use crate::resource;
use crate::store::Tx;
use crate::{FiringId, PieceId, columns, stored_enum};

stored_enum! {
    pub enum Outcome { Whole = "whole", Cracked = "cracked", Lost = "lost" }
}

/// What became of one piece.
#[derive(Debug, Clone)]
pub struct Fired {
    pub piece: PieceId,
    pub outcome: Outcome,
    pub photo: Option<PhotoData>,
    pub note: String,
}

#[derive(Debug, Clone)]
pub struct Fire {
    pub actor: Actor,
    pub firing: FiringId,
    /// Of each piece of the load, no more and no fewer.
    pub pieces: Vec<Fired>,
}

/// Says what came out. Guests are told together: of what is whole, what is ready, what cracked.
pub async fn fire(tx: &mut Tx, command: Fire) -> Result<(), CraftError> {
    let Fire { actor, firing, pieces } = command;
    let firing = open(tx, &actor, firing).await?;
    let mut loaded = pieces_of_firing(tx, firing.id).await?;
    let told = |piece: &Piece| pieces.iter().find(|it| it.piece == piece.id);
    // Somebody put a piece in or took one out while the form was open.
    if loaded.len() != pieces.len() || loaded.iter().any(|piece| told(piece).is_none()) {
        return Err(CraftError::Changed);
    }
    let row = columns! { state: FiringState::Fired, fired_at: Some(tx.now()) };
    tx.update_one("firing", row, columns! { id: firing.id }).await?;
    // Fired before its time: nobody needs the kiln then.
    if firing.starts_at > tx.now() {
        resource::drop_load(tx, firing.resource_id, firing.id).await?;
    }
    let calendar = calendar(tx, firing.workshop_id).await?;
    let mut news = News::default();
    news.in_firing(firing.kind);
    let mut photos = Vec::with_capacity(loaded.len());
    for piece in &loaded {
        photos.push(match told(piece).and_then(|told| told.photo.as_ref()) {
            Some(photo) => Some(keep(tx, firing.workshop_id, photo).await?),
            None => None,
        });
    }
    let mut all = Vec::with_capacity(loaded.len());
    for (piece, photo) in loaded.iter_mut().zip(photos) {
        let Some(told) = pieces.iter().find(|it| it.piece == piece.id) else { continue };
        let mark = match told.outcome {
            Outcome::Whole => Mark::Done,
            Outcome::Cracked => Mark::Cracked,
            Outcome::Lost => Mark::Lost,
        };
        let (note, firing) = (told.note.trim(), Some(firing.id));
        all.push((piece, Happening { mark, actor: &actor, photo, note, firing }));
    }
    take_all(tx, all).await?;
    let (mut whole, mut broken) = (0, 0);
    for piece in &mut loaded {
        if piece.state.is_broken() {
            broken += 1;
            write_loss(tx, piece, &mut news).await?;
        } else {
            whole += 1;
            news.add(piece, What::Fired);
            news.after(tx, &calendar, piece).await?;
        }
    }
    news.send(tx).await?;
    let workshop = Some(firing.workshop_id);
    let detail = outcome_told(whole, broken);
    audit::record(tx, &actor, "firing.fire", firing.id, workshop, detail).await?;
    Ok(())
}
