//! A parcel: who gets it, what posting it costs, how far it is.

use chrono::{DateTime, Utc};

use super::address::Address;
use super::carrier::Carrier;
use super::rate::Zone;
use crate::accounts::{Actor, Forbidden};
use crate::payment::PaymentCode;
use crate::store::{Conn, StoreError};
use crate::{BankAccountId, Dong, ParcelId, WorkshopId, params, stored_enum};

stored_enum! {
    pub enum Way {
        /// The recipient comes for it.
        Collect = "collect",
        Post = "post",
    }
}

stored_enum! {
    /// Who pays the post.
    pub enum Pays {
        /// The workshop.
        Free = "free",
        /// The recipient, beforehand by transfer.
        Transfer = "transfer",
        /// The recipient, at the workshop.
        Cash = "cash",
        /// The recipient, to the carrier.
        Receiver = "receiver",
    }
}

stored_enum! {
    pub enum ParcelState {
        Open = "open",
        Packed = "packed",
        Posted = "posted",
        /// With its recipient, by post or collected.
        Arrived = "arrived",
        Cancelled = "cancelled",
    }
}

/// Who gets it, and how a carrier reaches them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recipient {
    pub name: String,
    /// In E.164 form; may be unknown where nothing is posted.
    pub phone: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parcel {
    pub id: ParcelId,
    pub workshop_id: WorkshopId,
    pub way: Way,
    /// What is in it, in the words of whoever sends it.
    pub what: String,
    pub recipient: Recipient,
    /// None where nothing is posted, and once it was forgotten.
    pub address: Option<Address>,
    pub zone: Option<Zone>,
    pub grams: i32,
    pub cost: Dong,
    pub pays: Pays,
    pub account_id: Option<BankAccountId>,
    pub pay_code: Option<PaymentCode>,
    pub paid: Dong,
    pub paid_at: Option<DateTime<Utc>>,
    pub state: ParcelState,
    /// An order of the shop is in it, which says what is done with it.
    pub of_order: bool,
    pub carrier: Option<Carrier>,
    pub tracking: String,
    pub packed_at: Option<DateTime<Utc>>,
    pub posted_at: Option<DateTime<Utc>>,
    pub arrived_at: Option<DateTime<Utc>>,
    pub cleared_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
}

impl Parcel {
    /// Whether nothing of the cost is left that the workshop should have by now.
    pub fn is_paid(&self) -> bool {
        match self.pays {
            Pays::Free | Pays::Receiver => true,
            Pays::Cash | Pays::Transfer => self.paid >= self.cost,
        }
    }

    /// Still to pay to the workshop.
    pub fn open(&self) -> Dong {
        if self.is_paid() { Dong::ZERO } else { self.cost - self.paid }
    }

    /// Paid, but not for anything any more.
    pub fn too_much(&self) -> Dong {
        let due = if self.state == ParcelState::Cancelled { Dong::ZERO } else { self.cost };
        (self.paid - due).max(Dong::ZERO)
    }

    /// Where the carrier shows its way.
    pub fn track_url(&self) -> Option<String> {
        self.carrier.and_then(|carrier| carrier.track_url(&self.tracking))
    }
}

#[derive(sqlx::FromRow)]
struct ParcelRow {
    id: ParcelId,
    workshop_id: WorkshopId,
    way: Way,
    what: String,
    recipient: String,
    phone: String,
    address: String,
    zone: Option<Zone>,
    grams: i32,
    cost: Dong,
    pays: Pays,
    account_id: Option<BankAccountId>,
    pay_code: Option<PaymentCode>,
    paid: Dong,
    paid_at: Option<DateTime<Utc>>,
    state: ParcelState,
    of_order: bool,
    carrier: Option<Carrier>,
    tracking: String,
    packed_at: Option<DateTime<Utc>>,
    posted_at: Option<DateTime<Utc>>,
    arrived_at: Option<DateTime<Utc>>,
    cleared_at: Option<DateTime<Utc>>,
    version: i32,
    created_at: DateTime<Utc>,
}

impl TryFrom<ParcelRow> for Parcel {
    type Error = StoreError;

    fn try_from(row: ParcelRow) -> Result<Parcel, StoreError> {
        let address = if row.address.is_empty() {
            None
        } else {
            let address = serde_json::from_str(&row.address);
            Some(address.map_err(|error| StoreError::Inconsistent {
                table: "parcel",
                what: error.to_string(),
            })?)
        };
        Ok(Parcel {
            id: row.id,
            workshop_id: row.workshop_id,
            way: row.way,
            what: row.what,
            recipient: Recipient { name: row.recipient, phone: row.phone },
            address,
            zone: row.zone,
            grams: row.grams,
            cost: row.cost,
            pays: row.pays,
            account_id: row.account_id,
            pay_code: row.pay_code,
            paid: row.paid,
            paid_at: row.paid_at,
            state: row.state,
            of_order: row.of_order,
            carrier: row.carrier,
            tracking: row.tracking,
            packed_at: row.packed_at,
            posted_at: row.posted_at,
            arrived_at: row.arrived_at,
            cleared_at: row.cleared_at,
            version: row.version,
            created_at: row.created_at,
        })
    }
}

fn all(rows: Vec<ParcelRow>) -> Result<Vec<Parcel>, StoreError> {
    rows.into_iter().map(Parcel::try_from).collect()
}

pub async fn parcel(conn: &mut Conn, id: ParcelId) -> Result<Option<Parcel>, StoreError> {
    let row: Option<ParcelRow> =
        conn.fetch_optional("SELECT * FROM parcel WHERE id = $1", params![id]).await?;
    row.map(Parcel::try_from).transpose()
}

pub async fn parcels_by_ids(conn: &mut Conn, ids: &[ParcelId]) -> Result<Vec<Parcel>, StoreError> {
    let rows: Vec<ParcelRow> = conn
        .fetch_among(ids, |marks| {
            format!("SELECT * FROM parcel WHERE id IN ({marks}) ORDER BY created_at, id")
        })
        .await?;
    all(rows)
}

pub(super) async fn by_code(
    conn: &mut Conn,
    code: &PaymentCode,
) -> Result<Option<Parcel>, StoreError> {
    let row: Option<ParcelRow> =
        conn.fetch_optional("SELECT * FROM parcel WHERE pay_code = $1", params![code]).await?;
    row.map(Parcel::try_from).transpose()
}

pub(super) async fn awaited(
    conn: &mut Conn,
    account: BankAccountId,
    most: i64,
) -> Result<Vec<Parcel>, StoreError> {
    let rows: Vec<ParcelRow> = conn
        .fetch_all(
            "SELECT * FROM parcel WHERE account_id = $1 AND pays = 'transfer' AND paid < cost \
             AND state <> 'cancelled' ORDER BY created_at DESC LIMIT $2",
            params![account, most],
        )
        .await?;
    all(rows)
}

/// Parcels of a workshop: those on which something is to be done first, then the latest.
pub async fn parcels_of(
    conn: &mut Conn,
    actor: &Actor,
    workshop: WorkshopId,
) -> Result<Result<Vec<Parcel>, StoreError>, Forbidden> {
    actor.must_serve(workshop)?;
    let rows = conn
        .fetch_all(
            "SELECT * FROM parcel WHERE workshop_id = $1 AND NOT of_order ORDER BY CASE state WHEN 'packed' THEN 0 \
             WHEN 'open' THEN 1 WHEN 'posted' THEN 2 ELSE 3 END, created_at DESC, id LIMIT 200",
            params![workshop],
        )
        .await;
    Ok(rows.and_then(all))
}
