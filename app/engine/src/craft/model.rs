//! A piece, and the party that made it with others.

use chrono::{DateTime, NaiveDate, Utc};

use super::making::{Step, StepKind, StepList};
use super::step::Standing;
use crate::store::{Conn, StoreError};
use crate::{
    BookingId, FiringId, OptionId, ParcelId, PieceId, PiecePartyId, PiecePhotoId, RecordId, SlotId,
    WorkshopId, params, stored_enum,
};

stored_enum! {
    /// Where a piece stands.
    pub enum PieceState {
        /// A step of its making is under way.
        Making = "making",
        /// Done, and still at the workshop.
        Ready = "ready",
        Cracked = "cracked",
        Lost = "lost",
        Posted = "posted",
        /// With its guest.
        Handed = "handed",
    }
}

impl PieceState {
    /// Whether the workshop has it and it is whole.
    pub const fn in_house(self) -> bool {
        matches!(self, PieceState::Making | PieceState::Ready)
    }

    /// Whether it did not come through.
    pub const fn is_broken(self) -> bool {
        matches!(self, PieceState::Cracked | PieceState::Lost)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Piece {
    pub id: PieceId,
    pub party_id: PiecePartyId,
    pub workshop_id: WorkshopId,
    pub slot_id: SlotId,
    pub option_id: OptionId,
    pub number: i32,
    /// "BT-142", as it is written on the clay.
    pub label: String,
    /// Behind its QR code.
    pub code: String,
    /// Whose it is, or what.
    pub name: String,
    pub litres: i32,
    pub grams: i32,
    pub steps: StepList,
    /// Steps that are done.
    pub done: i32,
    pub state: PieceState,
    /// When the step that is under way began.
    pub since: DateTime<Utc>,
    pub promised_on: Option<NaiveDate>,
    pub replaces: Option<PieceId>,
    pub firing_id: Option<FiringId>,
    pub parcel_id: Option<ParcelId>,
    pub photo_id: Option<PiecePhotoId>,
    /// What vouches for it.
    pub record_id: Option<RecordId>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
}

impl Piece {
    pub fn standing(&self) -> Standing {
        Standing {
            state: self.state,
            done: usize::try_from(self.done).unwrap_or(0),
            of: self.steps.0.len(),
            loaded: self.firing_id.is_some(),
        }
    }

    /// The steps that are not done; the first of them is under way.
    pub fn left(&self) -> &[Step] {
        self.steps.0.get(self.standing().done..).unwrap_or_default()
    }

    /// The step that is under way.
    pub fn current(&self) -> Option<Step> {
        (self.state == PieceState::Making).then(|| self.left().first().copied()).flatten()
    }

    /// The firing for which it may be put into a load: the step that is under way, or the one after a
    /// drying that the host sees is over.
    pub fn next_firing(&self) -> Option<StepKind> {
        if self.state != PieceState::Making {
            return None;
        }
        match self.left() {
            [now, ..] if now.load => Some(now.kind),
            [now, next, ..] if now.kind == StepKind::Drying && next.load => Some(next.kind),
            _ => None,
        }
    }

    /// Which of its loads the next one is; the first is 0.
    pub fn nth_load(&self) -> usize {
        let done = self.steps.0.iter().take(self.standing().done);
        done.filter(|step| step.load).count()
    }
}

/// All that one booking's party made.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct PieceParty {
    pub id: PiecePartyId,
    pub workshop_id: WorkshopId,
    pub booking_id: BookingId,
    /// Whoever has the link with it chooses, and says where things go.
    pub secret: String,
    pub created_at: DateTime<Utc>,
}

pub(super) async fn piece(conn: &mut Conn, id: PieceId) -> Result<Option<Piece>, StoreError> {
    conn.fetch_optional("SELECT * FROM piece WHERE id = $1", params![id]).await
}
