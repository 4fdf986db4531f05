//! Slots: reading them, and the only statements that move their seats. With the seats move the
//! resources that those who sit on them need.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::model::{Slot, SlotStatus};
use crate::resource::{self, ResourceKind};
use crate::store::{Conn, StoreError, Tx};
use crate::{PoolId, SlotId, TourId, WorkshopId, params};

/// Seats could not be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoSeats {
    #[error("only {left} seat(s) are left")]
    Full { left: i32 },
    #[error("the slot takes no bookings any more")]
    Closed,
    #[error("there is no such slot")]
    Unknown,
    /// There are seats, but not enough of something that those on them need.
    #[error("no {} is free at that time", .0.word())]
    Busy(ResourceKind),
}

/// Seats as a booking has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seats {
    pub taken: i32,
    /// Those of them on which somebody sits: a private party has seats to spare.
    pub heads: i32,
    /// Those of them that the host added over the capacity.
    pub beyond: i32,
}

/// Takes seats if they are there; the database decides, so no two callers get the same seat.
///
/// `whole` wants the slot for one party: it must be empty, and all its seats are taken.
/// Answers the slot as it is afterwards and the seats taken.
pub(crate) async fn take_seats(
    tx: &mut Tx,
    id: SlotId,
    seats: i32,
    whole: bool,
) -> Result<Result<(Slot, i32), NoSeats>, StoreError> {
    take_seats_kept(tx, id, seats, whole, 0).await
}

/// The same for a travel company: `own` of the seats were kept for it, and are sold now. The seats
/// that are kept for others are taken as far as everybody else is concerned.
pub(crate) async fn take_seats_kept(
    tx: &mut Tx,
    id: SlotId,
    seats: i32,
    whole: bool,
    own: i32,
) -> Result<Result<(Slot, i32), NoSeats>, StoreError> {
    let now = tx.now();
    let pool = resource::enter(tx, id).await?;
    let slot: Option<Slot> = if whole {
        tx.fetch_optional(
            "UPDATE slot SET taken = capacity, heads = $1 WHERE id = $2 AND status = 'open' \
             AND busy = FALSE AND closes_at > $3 AND taken = 0 AND allotted = 0 AND $1 <= capacity \
             AND (room IS NULL OR $1 <= room) RETURNING *",
            params![seats, id, now],
        )
        .await?
    } else {
        tx.fetch_optional(
            "UPDATE slot SET taken = taken + $1, heads = heads + $1, allotted = allotted - $4 \
             WHERE id = $2 AND status = 'open' AND busy = FALSE AND closes_at > $3 \
             AND allotted >= $4 \
             AND taken + $1 <= capacity AND taken + $1 + allotted - $4 <= capacity \
             AND (room IS NULL OR $1 <= room) RETURNING *",
            params![seats, id, now, own],
        )
        .await?
    };
    if let Some(slot) = slot {
        let taken = if whole { slot.capacity } else { seats };
        let moved = Seats { taken, heads: seats, beyond: 0 };
        return Ok(equip(tx, pool, &slot, moved).await?.map(|()| (slot, taken)));
    }
    let Some(slot) = find(tx, id).await? else {
        return Ok(Err(NoSeats::Unknown));
    };
    if !slot.is_open(now) {
        return Ok(Err(NoSeats::Closed));
    }
    let left = if whole && slot.taken > 0 { 0 } else { slot.free_beside(own) };
    Ok(Err(NoSeats::Full { left }))
}

/// Takes seats for the host, who may do so after the cut-off, in a closed slot and, with
/// `over`, beyond the capacity. One statement, so that two phones never take the same seat.
///
/// `whole` takes all seats of an empty slot for one party; with `over` a party may be added to
/// a slot that another has to itself. Answers the slot afterwards, the seats taken, and how many
/// of them are beyond the capacity.
pub(crate) async fn take_seats_as_host(
    tx: &mut Tx,
    id: SlotId,
    seats: i32,
    whole: bool,
    over: bool,
) -> Result<Result<(Slot, i32, i32), NoSeats>, StoreError> {
    let pool = resource::enter(tx, id).await?;
    if whole {
        let slot: Option<Slot> = tx
            .fetch_optional(
                "UPDATE slot SET taken = CASE WHEN $1 > capacity THEN $1 ELSE capacity END, \
                 heads = heads + $1, overbooked = overbooked + CASE WHEN $1 > capacity THEN $1 - capacity ELSE 0 END \
                 WHERE id = $2 AND status <> 'cancelled' AND taken = 0 AND (allotted = 0 OR $3) \
                 AND ($3 OR $1 <= capacity) RETURNING *",
                params![seats, id, over],
            )
            .await?;
        if let Some(slot) = slot {
            let (taken, beyond) = (slot.taken, slot.taken - slot.capacity);
            let moved = Seats { taken, heads: seats, beyond };
            return Ok(equip(tx, pool, &slot, moved).await?.map(|()| (slot, taken, beyond)));
        }
    }
    if !whole || over {
        let slot: Option<Slot> = tx
            .fetch_optional(
                "UPDATE slot SET taken = taken + $1, heads = heads + $1, \
                 overbooked = overbooked + CASE \
                 WHEN taken >= capacity THEN $1 \
                 WHEN taken + $1 > capacity THEN taken + $1 - capacity ELSE 0 END \
                 WHERE id = $2 AND status <> 'cancelled' \
                 AND ($3 OR taken + $1 + allotted <= capacity) RETURNING *",
                params![seats, id, over],
            )
            .await?;
        if let Some(slot) = slot {
            let beyond = (slot.taken - slot.capacity).clamp(0, seats);
            let moved = Seats { taken: seats, heads: seats, beyond };
            return Ok(equip(tx, pool, &slot, moved).await?.map(|()| (slot, seats, beyond)));
        }
    }
    let Some(slot) = find(tx, id).await? else {
        return Ok(Err(NoSeats::Unknown));
    };
    if slot.status == SlotStatus::Cancelled {
        return Ok(Err(NoSeats::Closed));
    }
    let free = (slot.capacity - slot.taken - slot.allotted).max(0);
    let left = if whole && slot.taken > 0 { 0 } else { free };
    Ok(Err(NoSeats::Full { left }))
}

/// Takes the resources that those who came to a slot need; where they are not to be had, the
/// seats go back.
async fn equip(
    tx: &mut Tx,
    pool: Option<PoolId>,
    slot: &Slot,
    moved: Seats,
) -> Result<Result<(), NoSeats>, StoreError> {
    match resource::settle(tx, pool, slot).await? {
        Ok(()) => Ok(Ok(())),
        Err(kind) => {
            give_back(tx, slot.id, moved).await?;
            Ok(Err(NoSeats::Busy(kind)))
        }
    }
}

/// Gives seats back, and the resources of those who sat on them.
pub(crate) async fn release_seats(tx: &mut Tx, id: SlotId, seats: Seats) -> Result<(), StoreError> {
    let pool = resource::enter(tx, id).await?;
    let slot = give_back(tx, id, seats).await?;
    match resource::settle(tx, pool, &slot).await? {
        Ok(()) => Ok(()),
        Err(kind) => Err(StoreError::Inconsistent {
            table: "resource_use",
            what: format!("fewer people need more of a {}", kind.word()),
        }),
    }
}

async fn give_back(tx: &mut Tx, id: SlotId, moved: Seats) -> Result<Slot, StoreError> {
    tx.fetch_one(
        "UPDATE slot SET taken = taken - $1, heads = heads - $2, overbooked = overbooked - $3 \
         WHERE id = $4 RETURNING *",
        params![moved.taken, moved.heads, moved.beyond, id],
    )
    .await
}

/// More or fewer people on seats that a private party has anyway.
pub(crate) async fn recount(
    tx: &mut Tx,
    id: SlotId,
    more: i32,
) -> Result<Result<(), NoSeats>, StoreError> {
    let pool = resource::enter(tx, id).await?;
    let moved = Seats { taken: 0, heads: more, beyond: 0 };
    let slot: Slot = tx
        .fetch_one(
            "UPDATE slot SET heads = heads + $1 WHERE id = $2 RETURNING *",
            params![more, id],
        )
        .await?;
    equip(tx, pool, &slot, moved).await
}

/// After a slot's time or size changed: its resources follow, or nothing does.
pub(super) async fn follow(
    tx: &mut Tx,
    pool: Option<PoolId>,
    slot: &Slot,
) -> Result<Result<(), NoSeats>, StoreError> {
    Ok(resource::settle(tx, pool, slot).await?.map_err(NoSeats::Busy))
}

pub async fn find(conn: &mut Conn, id: SlotId) -> Result<Option<Slot>, StoreError> {
    conn.fetch_optional("SELECT * FROM slot WHERE id = $1", params![id]).await
}

/// Several at once; those that are not there are left out.
pub async fn by_ids(conn: &mut Conn, ids: &[SlotId]) -> Result<HashMap<SlotId, Slot>, StoreError> {
    let sql = |list: &str| format!("SELECT * FROM slot WHERE id IN ({list})");
    let found: Vec<Slot> = conn.fetch_among(ids, sql).await?;
    Ok(found.into_iter().map(|slot| (slot.id, slot)).collect())
}

/// Slots of a tour on these days, inclusive, that were not cancelled.
pub async fn of_tour(
    conn: &mut Conn,
    tour: TourId,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<Slot>, StoreError> {
    conn.fetch_all(
        "SELECT * FROM slot WHERE tour_id = $1 AND local_date BETWEEN $2 AND $3 \
         AND status <> 'cancelled' ORDER BY starts_at, id",
        params![tour, from, to],
    )
    .await
}

/// All slots of a workshop on these days, inclusive.
pub async fn of_workshop(
    conn: &mut Conn,
    workshop: WorkshopId,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<Slot>, StoreError> {
    conn.fetch_all(
        "SELECT * FROM slot WHERE workshop_id = $1 AND local_date BETWEEN $2 AND $3 \
         AND (origin <> 'offer' OR status <> 'closed' OR taken > 0) ORDER BY starts_at, id",
        params![workshop, from, to],
    )
    .await
}

/// Whether guests can still book a departure of the tour, now or later.
pub async fn any_ahead(
    conn: &mut Conn,
    tour: TourId,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let next: Option<(SlotId,)> = conn
        .fetch_optional(
            "SELECT id FROM slot WHERE tour_id = $1 AND status = 'open' AND busy = FALSE AND closes_at > $2 LIMIT 1",
            params![tour, now],
        )
        .await?;
    Ok(next.is_some())
}
