//! The one way by which anything happens to a piece, alone or with others. What is true of a piece's
//! history, and the record that vouches for it, hangs on [`take_all`] alone.

use serde_json::json;

use super::error::CraftError;
use super::making::StepKind;
use super::model::{Piece, PieceState};
use super::origin;
use crate::accounts::Actor;
use crate::store::Tx;
use crate::{FiringId, PiecePhotoId, PieceStepId, columns, stored_enum};

stored_enum! {
    /// What happens to a piece.
    pub enum Mark {
        Registered = "registered",
        /// A step of its making is done; after the last the piece is ready.
        Done = "done",
        /// The last step was not done, after all.
        Undone = "undone",
        /// Into a load of a kiln, and out of it before it was fired.
        Loaded = "loaded",
        Unloaded = "unloaded",
        Cracked = "cracked",
        Lost = "lost",
        /// Its guest chose what follows; the note says what.
        Chosen = "chosen",
        Packed = "packed",
        Unpacked = "unpacked",
        Posted = "posted",
        Arrived = "arrived",
        Collected = "collected",
        /// The promised day moved.
        Promised = "promised",
        /// A photograph or a word, and nothing else.
        Noted = "noted",
    }
}

/// What of a piece decides what may happen to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub state: PieceState,
    pub done: usize,
    pub of: usize,
    pub loaded: bool,
}

impl Standing {
    /// How it stands after that; None where it can't happen. The whole machine.
    pub fn after(self, mark: Mark) -> Option<Standing> {
        use PieceState as S;
        let Standing { state, done, of, loaded } = self;
        let to = |state| Some(Standing { state, loaded: false, ..self });
        match (mark, state) {
            // A piece that is taken home at once has no steps.
            (Mark::Registered, S::Making) if done == 0 => {
                to(if of == 0 { S::Handed } else { S::Making })
            }
            (Mark::Done, S::Making) if done < of => {
                let state = if done + 1 == of { S::Ready } else { S::Making };
                Some(Standing { state, done: done + 1, of, loaded: false })
            }
            (Mark::Undone, S::Making | S::Ready) if done > 0 && !loaded => {
                Some(Standing { state: S::Making, done: done - 1, of, loaded: false })
            }
            (Mark::Loaded, S::Making) if !loaded => Some(Standing { loaded: true, ..self }),
            (Mark::Unloaded, S::Making) if loaded => to(S::Making),
            (Mark::Cracked, S::Making | S::Ready) => to(S::Cracked),
            (Mark::Lost, S::Making | S::Ready) => to(S::Lost),
            (Mark::Chosen, S::Cracked | S::Lost)
            | (Mark::Packed | Mark::Unpacked, S::Ready)
            | (Mark::Promised, S::Making | S::Ready)
            | (Mark::Noted, _) => Some(self),
            (Mark::Posted, S::Ready) => to(S::Posted),
            (Mark::Arrived, S::Posted) | (Mark::Collected, S::Ready) => to(S::Handed),
            _ => None,
        }
    }
}

/// Something that happens to a piece.
#[derive(Debug, Clone)]
pub struct Happening<'a> {
    pub mark: Mark,
    pub actor: &'a Actor,
    pub photo: Option<PiecePhotoId>,
    pub note: &'a str,
    /// The load in which it happens.
    pub firing: Option<FiringId>,
}

impl<'a> Happening<'a> {
    pub const fn of(mark: Mark, actor: &'a Actor) -> Self {
        Happening { mark, actor, photo: None, note: "", firing: None }
    }
}

/// A piece to which something happens, and what its record is to be told of it.
pub(super) struct Taken<'a> {
    pub piece: &'a mut Piece,
    pub what: Happening<'a>,
    pub after: Standing,
    /// The step of its making that it is about.
    pub about: Option<StepKind>,
}

/// Takes a piece a step further and writes it down. Whoever saw an older piece is refused.
pub(super) async fn take(
    tx: &mut Tx,
    piece: &mut Piece,
    what: Happening<'_>,
) -> Result<(), CraftError> {
    take_all(tx, vec![(piece, what)]).await
}

/// The same for many, all or none: a load of a kiln is one. Their records are told in the same
/// transaction, together.
pub(super) async fn take_all<'a>(
    tx: &mut Tx,
    pieces: Vec<(&'a mut Piece, Happening<'a>)>,
) -> Result<(), CraftError> {
    let mut all = Vec::with_capacity(pieces.len());
    for (piece, what) in pieces {
        let before = piece.standing();
        let after = before.after(what.mark).ok_or(CraftError::State)?;
        let about = match what.mark {
            Mark::Undone => kind_at(piece, after.done),
            _ => kind_at(piece, before.done),
        };
        let moved = after.done != before.done || after.state != before.state;
        piece.state = after.state;
        piece.done = i32::try_from(after.done).unwrap_or(piece.done);
        piece.since = if moved { tx.now() } else { piece.since };
        piece.firing_id = if after.loaded { what.firing.or(piece.firing_id) } else { None };
        piece.photo_id = what.photo.or(piece.photo_id);
        all.push(Taken { piece, what, after, about });
    }
    let told = Box::pin(origin::tell(tx, &mut all)).await?;
    let (mut pieces, mut rows) = (Vec::with_capacity(all.len()), Vec::with_capacity(all.len()));
    for (Taken { piece, what, about, .. }, told) in all.into_iter().zip(told) {
        let row = columns! {
            state: piece.state,
            done: piece.done,
            since: piece.since,
            firing_id: piece.firing_id,
            photo_id: piece.photo_id,
            record_id: piece.record_id,
            version: piece.version + 1,
        };
        pieces.push((row, columns! { id: piece.id, version: piece.version }));
        piece.version += 1;
        rows.push(columns! {
            id: PieceStepId::new(tx.now()),
            piece_id: piece.id,
            at: tx.now(),
            version: piece.version,
            mark: what.mark,
            kind: about,
            who: what.actor.label(),
            photo_id: what.photo,
            firing_id: what.firing,
            note: *what.note,
            record_seq: told,
        });
    }
    let expected = u64::try_from(pieces.len()).unwrap_or(u64::MAX);
    if tx.update_all("piece", &pieces).await? != expected {
        return Err(CraftError::Changed);
    }
    Ok(tx.insert_all("piece_step", &rows).await?)
}

fn kind_at(piece: &Piece, at: usize) -> Option<StepKind> {
    piece.steps.0.get(at).map(|step| step.kind)
}

/// What the audit keeps of pieces that something was done to.
pub(super) fn told(pieces: &[Piece]) -> serde_json::Value {
    let labels: Vec<&str> = pieces.iter().map(|piece| piece.label.as_str()).collect();
    json!({ "pieces": labels.join(", ") })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Whatever is tried in whatever order: a piece is never more than done, is in a load only
        /// while it is made, and once it is with its guest nothing but words are added.
        #[test]
        fn any_story_of_a_piece_is_sound(of in 0_usize..6, marks in prop::collection::vec(0_usize..15, 0..60)) {
            let start = Standing { state: PieceState::Making, done: 0, of, loaded: false };
            let mut standing = start.after(Mark::Registered).unwrap();
            for mark in marks {
                let mark = Mark::ALL[mark];
                let Some(next) = standing.after(mark) else { continue };
                prop_assert!(next.done <= next.of);
                prop_assert!(!next.loaded || next.state == PieceState::Making);
                if next.state == PieceState::Ready {
                    prop_assert_eq!(next.done, next.of);
                }
                if standing.state == PieceState::Handed {
                    prop_assert_eq!(mark, Mark::Noted);
                }
                if standing.state.is_broken() {
                    prop_assert!(next.state.is_broken());
                }
                standing = next;
            }
        }
    }

    #[test]
    fn a_piece_goes_all_the_way() {
        let mut it = Standing { state: PieceState::Making, done: 0, of: 2, loaded: false };
        for mark in [Mark::Registered, Mark::Done, Mark::Loaded, Mark::Done, Mark::Packed] {
            it = it.after(mark).unwrap();
        }
        assert_eq!(it.state, PieceState::Ready);
        assert_eq!(
            it.after(Mark::Posted).unwrap().after(Mark::Arrived).unwrap().state,
            PieceState::Handed
        );
        assert_eq!(it.after(Mark::Done), None);
        assert_eq!(it.after(Mark::Arrived), None);
    }
}
