//! What a party hears: gathered while a verb works, and sent as one letter for each party.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::calendar::Calendar;
use super::error::CraftError;
use super::making::StepKind;
use super::model::{Piece, PieceState};
use super::promise::{GRACE, likely, promise};
use super::step::{Happening, Mark, take};
use super::terms::terms_of;
use crate::accounts::Actor;
use crate::booking::query;
use crate::clock::local_date;
use crate::mail::Letter;
use crate::mail::outbox::{self, Envelope};
use crate::store::{Conn, Tx};
use crate::{PieceId, PiecePartyId, WorkshopId, columns};

/// What is new of a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    Cracked,
    Lost,
    Late,
    Ready,
    Posted,
    Fired,
    Registered,
}

impl What {
    /// The letter that carries it; where there is news of several kinds the first one's.
    const fn letter(self) -> Letter {
        match self {
            What::Cracked | What::Lost => Letter::PieceCracked,
            What::Late => Letter::PieceLate,
            What::Ready => Letter::PieceReady,
            What::Posted => Letter::PiecePosted,
            What::Fired => Letter::PieceFired,
            What::Registered => Letter::PieceRegistered,
        }
    }
}

/// A letter's payload.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PieceNews {
    pub party_id: PiecePartyId,
    pub pieces: Vec<(What, PieceId)>,
    /// Of pieces that were fired: in which of their firings.
    pub fired: Option<StepKind>,
}

/// The news of one verb.
#[derive(Debug, Default)]
pub(super) struct News {
    parties: BTreeMap<PiecePartyId, Vec<(What, PieceId)>>,
    fired: Option<StepKind>,
}

impl News {
    pub fn add(&mut self, piece: &Piece, what: What) {
        self.parties.entry(piece.party_id).or_default().push((what, piece.id));
    }

    pub fn in_firing(&mut self, kind: StepKind) {
        self.fired = Some(kind);
    }

    /// Looks at a piece after something was done to it: whether it is ready now, and whether its
    /// promise still holds.
    pub async fn after(
        &mut self,
        tx: &mut Tx,
        calendar: &Calendar,
        piece: &mut Piece,
    ) -> Result<(), CraftError> {
        if piece.state == PieceState::Ready {
            self.add(piece, What::Ready);
            return Ok(());
        }
        self.compare(tx, calendar, piece).await
    }

    /// Compares the promise of a piece that is made with what is likely: where it can't be kept, a
    /// later day is promised, once, and the guest is told.
    pub async fn compare(
        &mut self,
        tx: &mut Tx,
        calendar: &Calendar,
        piece: &mut Piece,
    ) -> Result<(), CraftError> {
        if piece.state != PieceState::Making {
            return Ok(());
        }
        let steps = calendar.to_go(piece);
        let since = local_date(piece.since);
        let (today, outlook) = (calendar.today, &calendar.outlook);
        let now = likely(&steps, since, today, outlook);
        let promised = match piece.promised_on {
            None => {
                let margin = terms_of(tx, piece.workshop_id).await?.margin_days;
                promise(&steps, since, today, outlook, margin)
            }
            Some(promised) if now > promised => {
                let later = promise(&steps, since, today, outlook, GRACE);
                let note = later.to_string();
                let what =
                    Happening { note: &note, ..Happening::of(Mark::Promised, &Actor::System) };
                take(tx, piece, what).await?;
                self.add(piece, What::Late);
                later
            }
            Some(promised) => promised,
        };
        piece.promised_on = Some(promised);
        let row = columns! { promised_on: piece.promised_on, looked_on: today };
        tx.update_one("piece", row, columns! { id: piece.id }).await?;
        Ok(())
    }

    /// Writes the letters; to nobody who gave no address.
    pub async fn send(self, tx: &mut Tx) -> Result<(), CraftError> {
        let News { parties, fired } = self;
        for (id, mut pieces) in parties {
            pieces.sort_unstable();
            pieces.dedup();
            let Some((first, _)) = pieces.first().copied() else { continue };
            let Some(party) = super::read::party_of(tx, id).await? else { continue };
            let Some(booking) = query::by_id(tx, party.booking_id).await? else { continue };
            // Of what a travel company sold the company's guest is written to all the same: the
            // pieces are theirs, and nothing of prices is in it.
            if booking.email.is_empty() {
                continue;
            }
            let letter = first.letter();
            let news = PieceNews { party_id: id, pieces, fired };
            let envelope = Envelope {
                event_key: format!("{letter}:{id}:{}", tx.now().timestamp_micros()),
                letter,
                recipient: booking.email.clone(),
                recipient_name: booking.name.clone(),
                locale: booking.locale,
                payload: serde_json::to_value(&news).unwrap_or_else(|_| json!({})),
                booking_id: Some(booking.id),
                workshop_id: Some(party.workshop_id),
            };
            outbox::post(tx, envelope).await?;
        }
        Ok(())
    }
}

/// The calendar by which promises of a workshop are compared now.
pub(super) async fn calendar(tx: &mut Tx, workshop: WorkshopId) -> Result<Calendar, CraftError> {
    let now = tx.now();
    let conn: &mut Conn = tx;
    Ok(Calendar::load(conn, workshop, now).await?)
}
