//! Seats that departures keep for one company until some days before.
//!
//! What is kept for all companies together is `slot.allotted`; everybody else sees those seats as
//! taken, by the same conditional statement that takes seats. Each part of it is a row here. Whoever
//! touches both takes the row first and the slot after it. What a company gives back by cancelling
//! is anybody's.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use serde_json::json;

use super::ResellerError;
use super::keys::{owned, owned_any};
use crate::accounts::{Actor, audit};
use crate::booking::waitlist;
use crate::catalogue::{Catalogue, Sharing};
use crate::clock::venue_instant;
use crate::store::{Conn, StoreError, Tx};
use crate::{AllotmentId, ContractId, OptionId, SlotId, columns, params};

/// So many seats of each departure of an option.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Allotment {
    pub id: AllotmentId,
    pub contract_id: ContractId,
    pub option_id: OptionId,
    pub seats: i32,
    /// On the morning of this many days before the visit, what is left is anybody's.
    pub release_days: i32,
    pub first_date: NaiveDate,
    pub last_date: NaiveDate,
    pub ended_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

/// A host keeps seats for a company.
#[derive(Debug, Clone)]
pub struct Allot {
    pub actor: Actor,
    pub catalogue: std::sync::Arc<Catalogue>,
    pub contract: ContractId,
    pub option: OptionId,
    pub seats: i32,
    pub release_days: i32,
    pub first_date: NaiveDate,
    pub last_date: NaiveDate,
}

/// Most seats and days before.
pub const MOST_SEATS: i32 = 200;
pub const MOST_DAYS: i32 = 180;

/// Keeps the seats, as far as they are free, in all departures that are there; those that come later
/// follow by [`keep_due`]. Answers in how many departures all of them are kept.
pub async fn allot(tx: &mut Tx, command: Allot) -> Result<usize, ResellerError> {
    let workshop = owned(tx, &command.actor, command.contract).await?;
    let (tour, _) = command.catalogue.option(command.option).ok_or(ResellerError::Unknown)?;
    if tour.workshop_id != workshop {
        return Err(ResellerError::Unknown);
    }
    if tour.sharing == Sharing::Private {
        return Err(ResellerError::Private);
    }
    let made = Allotment {
        id: AllotmentId::new(tx.now()),
        contract_id: command.contract,
        option_id: command.option,
        seats: command.seats.clamp(1, MOST_SEATS),
        release_days: command.release_days.clamp(0, MOST_DAYS),
        first_date: command.first_date,
        last_date: command.last_date.max(command.first_date),
        ended_at: None,
        created_at: tx.now(),
    };
    let row = columns! {
        id: made.id,
        contract_id: made.contract_id,
        option_id: made.option_id,
        seats: made.seats,
        release_days: made.release_days,
        first_date: made.first_date,
        last_date: made.last_date,
        created_at: made.created_at,
    };
    tx.insert("allotment", row).await?;
    let kept = keep_for(tx, &made).await?;
    let detail = json!({ "seats": made.seats, "release_days": made.release_days });
    audit::record(tx, &command.actor, "reseller.allot", made.id, Some(workshop), detail).await?;
    Ok(kept)
}

/// Early on the morning of the release day, so that whoever opens shop finds the seats.
fn release_at(date: NaiveDate, days: i32) -> DateTime<Utc> {
    let day = date - Days::new(u64::try_from(days).unwrap_or(0));
    venue_instant(day, NaiveTime::MIN).unwrap_or_default()
}

/// Keeps seats in departures of an allotment that keep none for it yet.
async fn keep_for(tx: &mut Tx, allotment: &Allotment) -> Result<usize, StoreError> {
    let now = tx.now();
    let slots: Vec<(SlotId, NaiveDate)> = tx
        .fetch_all(
            "SELECT slot.id, slot.local_date FROM slot WHERE slot.option_id = $1 \
             AND slot.local_date BETWEEN $2 AND $3 AND slot.status = 'open' \
             AND slot.closes_at > $4 AND slot.last_date IS NULL AND NOT EXISTS \
             (SELECT 1 FROM allotment_slot WHERE allotment_slot.slot_id = slot.id \
             AND allotment_slot.allotment_id = $5) ORDER BY slot.starts_at",
            params![
                allotment.option_id,
                allotment.first_date,
                allotment.last_date,
                now,
                allotment.id
            ],
        )
        .await?;
    let mut whole = 0;
    for (slot, date) in slots {
        let release_at = release_at(date, allotment.release_days);
        if release_at <= now {
            continue;
        }
        let mut kept = allotment.seats;
        // As many as are free: others were there first.
        while kept > 0 && !reserve(tx, slot, kept).await? {
            kept -= 1;
        }
        let row = columns! {
            allotment_id: allotment.id,
            slot_id: slot,
            kept: kept,
            release_at: release_at,
        };
        tx.insert("allotment_slot", row).await?;
        whole += usize::from(kept == allotment.seats);
    }
    Ok(whole)
}

async fn reserve(tx: &mut Tx, slot: SlotId, seats: i32) -> Result<bool, StoreError> {
    let kept = tx
        .execute(
            "UPDATE slot SET allotted = allotted + $1 WHERE id = $2 \
             AND taken + allotted + $1 <= capacity",
            params![seats, slot],
        )
        .await?;
    Ok(kept == 1)
}

#[derive(sqlx::FromRow)]
struct Part {
    allotment_id: AllotmentId,
    slot_id: SlotId,
    kept: i32,
}

/// Takes up to `seats` out of what the departure keeps for the company; answers how many. The
/// seats of the slot follow in the statement that takes them.
pub(crate) async fn draw(
    tx: &mut Tx,
    contract: ContractId,
    slot: SlotId,
    seats: i32,
) -> Result<i32, StoreError> {
    let now = tx.now();
    // Written at once: who draws from the same row waits here.
    let rows: Vec<Part> = tx
        .fetch_all(
            "UPDATE allotment_slot SET kept = kept WHERE slot_id = $1 AND kept > 0 \
             AND release_at > $2 AND allotment_id IN \
             (SELECT id FROM allotment WHERE contract_id = $3) \
             RETURNING allotment_id, slot_id, kept",
            params![slot, now, contract],
        )
        .await?;
    let mut drawn = 0;
    for row in rows {
        let part = row.kept.min(seats - drawn);
        set_kept(tx, &row, row.kept - part).await?;
        drawn += part;
    }
    Ok(drawn)
}

/// Undoes [`draw`] where the seats were not taken after all.
pub(crate) async fn put_back(
    tx: &mut Tx,
    contract: ContractId,
    slot: SlotId,
    seats: i32,
) -> Result<(), StoreError> {
    if seats == 0 {
        return Ok(());
    }
    let rows: Vec<Part> = tx
        .fetch_all(
            "SELECT allotment_id, slot_id, kept FROM allotment_slot WHERE slot_id = $1 \
             AND allotment_id IN (SELECT id FROM allotment WHERE contract_id = $2)",
            params![slot, contract],
        )
        .await?;
    match rows.first() {
        Some(row) => set_kept(tx, row, row.kept + seats).await,
        None => Ok(()),
    }
}

async fn set_kept(tx: &mut Tx, row: &Part, kept: i32) -> Result<(), StoreError> {
    tx.update_one(
        "allotment_slot",
        columns! { kept: kept },
        columns! { allotment_id: row.allotment_id, slot_id: row.slot_id },
    )
    .await
}

/// How many seats of a departure are kept for a company.
pub async fn kept(
    conn: &mut Conn,
    contract: ContractId,
    slot: SlotId,
    now: DateTime<Utc>,
) -> Result<i32, StoreError> {
    let (kept,): (i64,) = conn
        .fetch_one(
            "SELECT CAST(COALESCE(SUM(kept), 0) AS BIGINT) AS kept FROM allotment_slot \
             WHERE slot_id = $1 AND release_at > $2 AND allotment_id IN \
             (SELECT id FROM allotment WHERE contract_id = $3)",
            params![slot, now, contract],
        )
        .await?;
    Ok(i32::try_from(kept).unwrap_or(0))
}

/// The same for all departures of some days.
pub async fn kept_on(
    conn: &mut Conn,
    contract: ContractId,
    days: (NaiveDate, NaiveDate),
    now: DateTime<Utc>,
) -> Result<std::collections::HashMap<SlotId, i32>, StoreError> {
    let rows: Vec<(SlotId, i64)> = conn
        .fetch_all(
            "SELECT allotment_slot.slot_id, CAST(SUM(allotment_slot.kept) AS BIGINT) AS kept \
             FROM allotment_slot JOIN allotment ON allotment.id = allotment_slot.allotment_id \
             JOIN slot ON slot.id = allotment_slot.slot_id WHERE allotment.contract_id = $1 \
             AND slot.local_date BETWEEN $2 AND $3 AND allotment_slot.release_at > $4 \
             GROUP BY allotment_slot.slot_id",
            params![contract, days.0, days.1, now],
        )
        .await?;
    Ok(rows.into_iter().map(|(slot, kept)| (slot, i32::try_from(kept).unwrap_or(0))).collect())
}

/// Gives back what a departure should not keep any more; whether there was something.
pub(crate) async fn release_slot(tx: &mut Tx, slot: SlotId) -> Result<bool, StoreError> {
    let now = tx.now();
    let due: Vec<Part> = tx
        .fetch_all(
            "UPDATE allotment_slot SET kept = kept WHERE slot_id = $1 AND kept > 0 \
             AND release_at <= $2 RETURNING allotment_id, slot_id, kept",
            params![slot, now],
        )
        .await?;
    give_back(tx, &due).await?;
    Ok(!due.is_empty())
}

async fn give_back(tx: &mut Tx, rows: &[Part]) -> Result<(), StoreError> {
    for row in rows {
        set_kept(tx, row, 0).await?;
        tx.execute_one(
            "UPDATE slot SET allotted = allotted - $1 WHERE id = $2",
            params![row.kept, row.slot_id],
        )
        .await?;
    }
    Ok(())
}

/// Rows that one transaction may release, so that it stays short.
const BATCH: i64 = 200;

/// Releases what is due, for a worker, and offers it to those who wait; answers how much.
pub async fn release_due(tx: &mut Tx) -> Result<usize, StoreError> {
    let now = tx.now();
    let due: Vec<Part> = tx
        .fetch_all(
            "SELECT allotment_id, slot_id, kept FROM allotment_slot WHERE kept > 0 \
             AND release_at <= $1 ORDER BY release_at, slot_id LIMIT $2",
            params![now, BATCH],
        )
        .await?;
    let mut slots: Vec<SlotId> = due.iter().map(|row| row.slot_id).collect();
    slots.sort_unstable();
    slots.dedup();
    for slot in &slots {
        release_slot(tx, *slot).await?;
        waitlist::offer_seats(tx, *slot).await?;
    }
    Ok(due.len())
}

/// Whether [`release_due`] has something to do.
pub async fn is_due(conn: &mut Conn, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let one: Option<(SlotId,)> = conn
        .fetch_optional(
            "SELECT slot_id FROM allotment_slot WHERE kept > 0 AND release_at <= $1 LIMIT 1",
            params![now],
        )
        .await?;
    Ok(one.is_some())
}

/// Keeps seats in departures that came since, for a worker.
pub async fn keep_due(tx: &mut Tx) -> Result<usize, StoreError> {
    let now = tx.now();
    let all: Vec<Allotment> = tx
        .fetch_all(
            "SELECT * FROM allotment WHERE ended_at IS NULL AND last_date >= $1 ORDER BY id",
            params![crate::clock::local_date(now)],
        )
        .await?;
    let mut kept = 0;
    for allotment in &all {
        kept += keep_for(tx, allotment).await?;
    }
    Ok(kept)
}

/// A host keeps no more seats.
#[derive(Debug, Clone)]
pub struct EndAllotment {
    pub actor: Actor,
    pub allotment: AllotmentId,
}

/// What is not sold is anybody's from now on.
pub async fn end(tx: &mut Tx, command: EndAllotment) -> Result<(), ResellerError> {
    let found: Option<(ContractId,)> = tx
        .fetch_optional(
            "SELECT contract_id FROM allotment WHERE id = $1",
            params![command.allotment],
        )
        .await?;
    let (contract,) = found.ok_or(ResellerError::Unknown)?;
    let (workshop, _) = owned_any(tx, &command.actor, contract).await?;
    end_any(tx, command.allotment).await?;
    let workshop = Some(workshop);
    let detail = json!({});
    audit::record(
        tx,
        &command.actor,
        "reseller.end_allotment",
        command.allotment,
        workshop,
        detail,
    )
    .await?;
    Ok(())
}

pub(super) async fn end_any(tx: &mut Tx, allotment: AllotmentId) -> Result<(), StoreError> {
    let now = tx.now();
    tx.execute(
        "UPDATE allotment SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL",
        params![allotment, now],
    )
    .await?;
    let rows: Vec<Part> = tx
        .fetch_all(
            "UPDATE allotment_slot SET kept = kept WHERE allotment_id = $1 AND kept > 0 \
             RETURNING allotment_id, slot_id, kept",
            params![allotment],
        )
        .await?;
    give_back(tx, &rows).await?;
    for row in &rows {
        waitlist::offer_seats(tx, row.slot_id).await?;
    }
    Ok(())
}

/// Allotments of a contract that have not ended, by first day.
pub async fn of_contract(
    conn: &mut Conn,
    contract: ContractId,
) -> Result<Vec<Allotment>, StoreError> {
    conn.fetch_all(
        "SELECT * FROM allotment WHERE contract_id = $1 AND ended_at IS NULL \
         ORDER BY first_date, id",
        params![contract],
    )
    .await
}
