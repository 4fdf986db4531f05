//! Pieces are registered where they were made: in seconds, by number.

use serde_json::json;

use super::error::{CraftError, Field, Wrong, line_of, number_of};
use super::making::{LITRES, Making, StepList, making_of};
use super::model::{Piece, PieceParty, PieceState, piece};
use super::news::{News, What, calendar};
use super::photo::{PhotoData, keep};
use super::read::party_of_booking;
use super::step::{Happening, Mark, take_all};
use super::terms::numbers;
use crate::accounts::{Actor, audit};
use crate::booking::{Booking, StateKind, query};
use crate::clock::local_date;
use crate::store::{StoreError, Tx};
use crate::{BookingId, OptionId, PieceId, PiecePartyId, SlotId, WorkshopId, columns, params};

/// Pieces registered at once.
pub const MOST: usize = 60;
pub(super) const MAX_NAME: usize = 80;
/// Characters of a piece's code: 89 bits.
const CODE: usize = 18;

/// A piece as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PieceInput {
    pub name: String,
    /// Empty: as usual.
    pub litres: String,
}

/// The same, read.
#[derive(Debug, Clone, Default)]
pub struct NewPiece {
    pub name: String,
    pub litres: Option<i32>,
    pub photo: Option<PhotoData>,
}

impl NewPiece {
    pub fn parse_all(inputs: &[PieceInput]) -> Result<Vec<NewPiece>, CraftError> {
        let mut wrongs = Vec::new();
        let mut pieces = Vec::new();
        for (row, input) in inputs.iter().enumerate() {
            let name = line_of(&input.name, Field::Name(row), MAX_NAME, &mut wrongs);
            let litres = (!input.litres.trim().is_empty())
                .then(|| number_of(&input.litres, Field::PieceLitres(row), LITRES, &mut wrongs));
            pieces.push(NewPiece { name, litres, photo: None });
        }
        if inputs.is_empty() || inputs.len() > MOST {
            let max = i32::try_from(MOST).unwrap_or(i32::MAX);
            wrongs.push((Field::Count, Wrong::Number { min: 1, max }));
        }
        if wrongs.is_empty() { Ok(pieces) } else { Err(CraftError::Fields(wrongs)) }
    }
}

#[derive(Debug, Clone)]
pub struct Register {
    pub actor: Actor,
    pub booking: BookingId,
    pub pieces: Vec<NewPiece>,
    /// Made with the form: the same form sent again is the same pieces.
    pub form_key: String,
}

/// Writes down what a party made, once somebody of it is here, and promises a day.
pub async fn register(tx: &mut Tx, command: Register) -> Result<Vec<Piece>, CraftError> {
    let Register { actor, booking, pieces, form_key } = command;
    let booking = query::by_id(tx, booking).await?.ok_or(CraftError::Unknown)?;
    actor.must_serve(booking.workshop_id)?;
    let known: Vec<Piece> = tx
        .fetch_all(
            "SELECT * FROM piece WHERE form_key LIKE $1 ORDER BY number",
            params![format!("{form_key}:%")],
        )
        .await?;
    if !known.is_empty() {
        return Ok(known);
    }
    if booking.state.kind() != StateKind::CheckedIn {
        return Err(CraftError::NotHere);
    }
    let making = making_of(tx, booking.option_id).await?.ok_or(CraftError::NoMaking)?;
    if pieces.is_empty() || pieces.len() > MOST {
        let max = i32::try_from(MOST).unwrap_or(i32::MAX);
        return Err(CraftError::Fields(vec![(Field::Count, Wrong::Number { min: 1, max })]));
    }
    let party = party(tx, &booking).await?;
    let count = i32::try_from(pieces.len()).unwrap_or(0);
    let (prefix, first) = numbers(tx, booking.workshop_id, count).await?;
    let calendar = calendar(tx, booking.workshop_id).await?;
    let mut news = News::default();
    let (mut made, mut photos) = (Vec::new(), Vec::new());
    for ((at, new), number) in pieces.iter().enumerate().zip(first..) {
        let photo = match &new.photo {
            Some(photo) => Some(keep(tx, booking.workshop_id, photo).await?),
            None => None,
        };
        let row = Row {
            form_key: format!("{form_key}:{at}"),
            party: party.id,
            workshop: booking.workshop_id,
            slot: booking.slot_id,
            option: booking.option_id,
            name: &new.name,
            litres: new.litres.unwrap_or(making.litres),
            grams: making.grams,
            steps: steps_of(&making),
            replaces: None,
        };
        made.push(insert(tx, row, (&prefix, number)).await?);
        photos.push(photo);
    }
    let all = made.iter_mut().zip(photos).map(|(piece, photo)| {
        (piece, Happening { photo, ..Happening::of(Mark::Registered, &actor) })
    });
    take_all(tx, all.collect()).await?;
    for piece in &mut made {
        news.compare(tx, &calendar, piece).await?;
        news.add(piece, What::Registered);
    }
    if !making.at_once {
        news.send(tx).await?;
    }
    let detail = json!({ "pieces": made.len(), "code": booking.code });
    let workshop = Some(booking.workshop_id);
    audit::record(tx, &actor, "piece.register", booking.id, workshop, detail).await?;
    Ok(made)
}

fn steps_of(making: &Making) -> StepList {
    if making.at_once { StepList::default() } else { making.steps.clone() }
}

/// The party's link; made with its first piece.
async fn party(tx: &mut Tx, booking: &Booking) -> Result<PieceParty, CraftError> {
    let row = columns! {
        id: PiecePartyId::new(tx.now()),
        workshop_id: booking.workshop_id,
        booking_id: booking.id,
        secret: tx.draw_token(),
        created_at: tx.now(),
    };
    tx.insert_if_new("piece_party", row).await?;
    party_of_booking(tx, booking.id).await?.ok_or(CraftError::Unknown)
}

/// A piece before it has a number.
pub(super) struct Row<'a> {
    pub form_key: String,
    pub party: PiecePartyId,
    pub workshop: WorkshopId,
    pub slot: SlotId,
    pub option: OptionId,
    pub name: &'a str,
    pub litres: i32,
    pub grams: i32,
    pub steps: StepList,
    pub replaces: Option<PieceId>,
}

/// Writes the row; its first step is the caller's to take.
pub(super) async fn insert(
    tx: &mut Tx,
    row: Row<'_>,
    (prefix, number): (&str, i32),
) -> Result<Piece, StoreError> {
    let id = PieceId::new(tx.now());
    let code = tx.draw_code(CODE);
    let columns = columns! {
        id: id,
        form_key: row.form_key,
        party_id: row.party,
        workshop_id: row.workshop,
        slot_id: row.slot,
        option_id: row.option,
        number: number,
        label: *format!("{prefix}-{number}"),
        code: code,
        name: *row.name,
        litres: row.litres,
        grams: row.grams,
        steps: row.steps,
        done: 0_i32,
        state: PieceState::Making,
        since: tx.now(),
        looked_on: local_date(tx.now()),
        replaces: row.replaces,
        version: 0_i32,
        created_at: tx.now(),
    };
    tx.insert("piece", columns).await?;
    piece(tx, id).await?.ok_or_else(|| StoreError::Inconsistent {
        table: "piece",
        what: "a piece that was just written is not there".into(),
    })
}
