//! Who has a share of a visit's money.

use crate::store::{Conn, StoreError, Tx};
use crate::text::fold;
use crate::{CoopId, PartyId, VillageId, WorkshopId, columns, params, stored_enum};

stored_enum! {
    /// What kind of party gets a share.
    pub enum PartyKind {
        /// The one whose tour it is.
        Workshop = "workshop",
        /// Whoever the departure names as its guide.
        Guide = "guide",
        /// Whoever sold the visit: a booking or an enquiry in its name.
        Reseller = "reseller",
        /// Whoever drew a design that the tour uses.
        Designer = "designer",
        /// Of the co-op that the workshop is in.
        CoopFund = "coop_fund",
        /// Of the workshop's village.
        VillageFund = "village_fund",
        /// All guests of the workshop who paid beforehand; which of them, an entry's booking tells.
        /// No rule gives them a share.
        Guests = "guests",
        /// Whoever holds gift cards of the workshop that were paid for. No rule gives them a share.
        GiftCards = "gift_cards",
    }
}

/// What makes a party one and the same. Guides, resellers and designers are known by name, each workshop
/// its own: who leads tours for two workshops has an account with each.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum PartyKey {
    Workshop(WorkshopId),
    Guide(WorkshopId, String),
    Reseller(WorkshopId, String),
    Designer(WorkshopId, String),
    CoopFund(CoopId),
    VillageFund(VillageId),
    Guests(WorkshopId),
    GiftCards(WorkshopId),
}

impl PartyKind {
    /// What its account holds moves by bookings and cards, never by hand, and no rule shares with it.
    pub const fn by_itself(self) -> bool {
        matches!(self, PartyKind::Guests | PartyKind::GiftCards)
    }

    /// A share of it says whose it is by name.
    pub const fn named(self) -> bool {
        matches!(self, PartyKind::Reseller | PartyKind::Designer)
    }
}

impl PartyKey {
    /// Who a share of this kind is for wherever nobody leads, resells or designs: the house, the fund of
    /// its co-op, its village. None where there is nobody.
    pub(super) fn of_house(
        kind: PartyKind,
        workshop: WorkshopId,
        coop: Option<CoopId>,
        village: VillageId,
    ) -> Option<PartyKey> {
        match kind {
            PartyKind::Workshop => Some(PartyKey::Workshop(workshop)),
            PartyKind::CoopFund => coop.map(PartyKey::CoopFund),
            PartyKind::VillageFund => Some(PartyKey::VillageFund(village)),
            PartyKind::Guide
            | PartyKind::Reseller
            | PartyKind::Designer
            | PartyKind::Guests
            | PartyKind::GiftCards => None,
        }
    }

    /// In whose till money is: the workshop's own, or the co-op's on whose account it came.
    pub(super) fn till(workshop: WorkshopId, coop: Option<CoopId>) -> PartyKey {
        coop.map_or(PartyKey::Workshop(workshop), PartyKey::CoopFund)
    }

    pub const fn kind(&self) -> PartyKind {
        match self {
            PartyKey::Workshop(_) => PartyKind::Workshop,
            PartyKey::Guide(..) => PartyKind::Guide,
            PartyKey::Reseller(..) => PartyKind::Reseller,
            PartyKey::Designer(..) => PartyKind::Designer,
            PartyKey::CoopFund(_) => PartyKind::CoopFund,
            PartyKey::VillageFund(_) => PartyKind::VillageFund,
            PartyKey::Guests(_) => PartyKind::Guests,
            PartyKey::GiftCards(_) => PartyKind::GiftCards,
        }
    }

    fn text(&self) -> String {
        let kind = self.kind();
        match self {
            PartyKey::Workshop(id) | PartyKey::Guests(id) | PartyKey::GiftCards(id) => {
                format!("{kind}:{id}")
            }
            PartyKey::Guide(id, name)
            | PartyKey::Reseller(id, name)
            | PartyKey::Designer(id, name) => {
                format!("{kind}:{id}:{}", fold(name))
            }
            PartyKey::CoopFund(id) => format!("{kind}:{id}"),
            PartyKey::VillageFund(id) => format!("{kind}:{id}"),
        }
    }
}

/// A party with an account.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Party {
    pub id: PartyId,
    pub kind: PartyKind,
    /// Of a workshop, its guides, resellers, designers and guests.
    pub workshop_id: Option<WorkshopId>,
    pub coop_id: Option<CoopId>,
    pub village_id: Option<VillageId>,
    /// Of a guide, reseller or designer, as it was first written.
    pub name: String,
}

pub(super) async fn village_of(
    conn: &mut Conn,
    workshop: WorkshopId,
) -> Result<VillageId, StoreError> {
    let sql = "SELECT village_id FROM workshop WHERE id = $1";
    conn.fetch_one(sql, params![workshop]).await.map(|(village,): (VillageId,)| village)
}

/// The party's account, opened when it has none yet.
pub(super) async fn account(tx: &mut Tx, key: &PartyKey) -> Result<PartyId, StoreError> {
    let text = key.text();
    let find = "SELECT id FROM ledger_party WHERE party_key = $1";
    let found: Option<(PartyId,)> = tx.fetch_optional(find, params![text]).await?;
    if let Some((id,)) = found {
        return Ok(id);
    }
    let (workshop, coop, village, name) = match key {
        PartyKey::Workshop(id) | PartyKey::Guests(id) | PartyKey::GiftCards(id) => {
            (Some(*id), None, None, "")
        }
        PartyKey::Guide(id, name) | PartyKey::Reseller(id, name) | PartyKey::Designer(id, name) => {
            (Some(*id), None, None, name.trim())
        }
        PartyKey::CoopFund(id) => (None, Some(*id), None, ""),
        PartyKey::VillageFund(id) => (None, None, Some(*id), ""),
    };
    let columns = columns! {
        id: PartyId::new(tx.now()),
        kind: key.kind(),
        party_key: text,
        workshop_id: workshop,
        coop_id: coop,
        village_id: village,
        name: *name,
        created_at: tx.now(),
    };
    tx.insert_if_new("ledger_party", columns).await?;
    let (id,): (PartyId,) = tx.fetch_one(find, params![text]).await?;
    Ok(id)
}

pub async fn party(conn: &mut Conn, id: PartyId) -> Result<Option<Party>, StoreError> {
    conn.fetch_optional(
        "SELECT id, kind, workshop_id, coop_id, village_id, name FROM ledger_party WHERE id = $1",
        params![id],
    )
    .await
}

/// All who ever had something to do with a workshop's money, the workshop first.
pub async fn parties_of(conn: &mut Conn, workshop: WorkshopId) -> Result<Vec<Party>, StoreError> {
    let mut parties: Vec<Party> = conn
        .fetch_all(
            "SELECT id, kind, workshop_id, coop_id, village_id, name FROM ledger_party \
             WHERE workshop_id = $1 OR id IN (SELECT line.party_id FROM ledger_line line \
             JOIN ledger_entry entry ON entry.id = line.entry_id WHERE entry.workshop_id = $1) \
             ORDER BY name, id",
            params![workshop],
        )
        .await?;
    parties.sort_by_key(|party| PartyKind::ALL.iter().position(|kind| *kind == party.kind));
    Ok(parties)
}
