//! Whom a bad day hits, and where else each of them could go.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};

use super::super::error::BookingError;
use super::super::model::{Booking, StateKind};
use super::super::overflow::{self, Sister};
use super::super::query;
use super::Cause;
use crate::accounts::Actor;
use crate::catalogue::{Catalogue, Sharing, Weather};
use crate::clock::local_date;
use crate::schedule::{Slot, SlotStatus, slots};
use crate::store::{Conn, StoreError};
use crate::{SlotId, TourId, WorkshopId, params};

/// Which departures a bad day takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope {
    pub cause: Cause,
    /// Departures that start from then …
    pub from: DateTime<Utc>,
    /// … to before then.
    pub to: DateTime<Utc>,
    /// One tour alone.
    pub tour: Option<TourId>,
}

impl Scope {
    /// Whether it takes a departure of its workshop. What a broken machine takes is known by what
    /// is short of it, not by the time.
    pub fn covers(&self, catalogue: &Catalogue, slot: &Slot) -> bool {
        let weather = catalogue.tour(slot.tour_id).map(|tour| tour.weather);
        (self.from..self.to).contains(&slot.starts_at)
            && self.tour.is_none_or(|tour| tour == slot.tour_id)
            && match self.cause {
                Cause::Ill | Cause::Other => true,
                Cause::Weather => weather == Some(Weather::Outdoor),
                Cause::Broken => false,
            }
    }
}

/// A booking that is hit.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    pub booking: Booking,
    pub slot: Slot,
    /// Departures that could take the party instead, best first.
    pub ways: Vec<Slot>,
    /// Departures of sister workshops that could, soonest first.
    pub sisters: Vec<Sister>,
}

/// How far around the day another departure is looked for, and how many are offered.
const DAYS_BEFORE: i64 = 3;
const DAYS_AFTER: i64 = 14;
const OFFERED: usize = 4;

/// Everybody whom a bad day of a workshop would hit, soonest first.
pub async fn hits(
    conn: &mut Conn,
    catalogue: &Catalogue,
    actor: &Actor,
    workshop: WorkshopId,
    scope: Scope,
    now: DateTime<Utc>,
) -> Result<Vec<Hit>, BookingError> {
    actor.must_serve(workshop)?;
    let slots = hit_slots(conn, catalogue, workshop, scope, now).await?;
    let ids: Vec<SlotId> = slots.iter().map(|slot| slot.id).collect();
    let bookings = query::of_slots(conn, &ids).await?;
    let mut hits = Vec::new();
    for slot in slots {
        for booking in bookings.get(&slot.id).into_iter().flatten() {
            if booking.state.kind() == StateKind::Confirmed {
                let ways = ways(conn, catalogue, booking, &slot, scope, now).await?;
                let sisters = sisters(conn, catalogue, booking, &slot, now).await?;
                hits.push(Hit { booking: booking.clone(), slot: slot.clone(), ways, sisters });
            }
        }
    }
    Ok(hits)
}

/// The departures themselves, empty ones too, that have not begun.
pub(super) async fn hit_slots(
    conn: &mut Conn,
    catalogue: &Catalogue,
    workshop: WorkshopId,
    scope: Scope,
    now: DateTime<Utc>,
) -> Result<Vec<Slot>, StoreError> {
    if scope.cause == Cause::Broken {
        let short: Vec<Slot> = conn
            .fetch_all(
                "SELECT * FROM slot WHERE workshop_id = $1 AND starts_at > $2 AND heads > 0 \
                 AND id IN (SELECT slot_id FROM resource_gap) ORDER BY starts_at, id",
                params![workshop, now],
            )
            .await?;
        let wanted = |slot: &Slot| scope.tour.is_none_or(|tour| tour == slot.tour_id);
        return Ok(short.into_iter().filter(wanted).collect());
    }
    let days = (local_date(scope.from), local_date(scope.to));
    let all = slots::of_workshop(conn, workshop, days.0, days.1).await?;
    Ok(all
        .into_iter()
        .filter(|slot| slot.status != SlotStatus::Cancelled && slot.starts_at > now)
        .filter(|slot| scope.covers(catalogue, slot))
        .collect())
}

/// Where a party could go instead: departures of the same option with room that the bad day does
/// not take, the nearest in time first.
pub async fn ways(
    conn: &mut Conn,
    catalogue: &Catalogue,
    booking: &Booking,
    slot: &Slot,
    scope: Scope,
    now: DateTime<Utc>,
) -> Result<Vec<Slot>, StoreError> {
    let sharing = catalogue.tour(booking.tour_id).map_or(Sharing::Shared, |tour| tour.sharing);
    let (from, to) = (
        slot.local_date - TimeDelta::days(DAYS_BEFORE),
        slot.local_date + TimeDelta::days(DAYS_AFTER),
    );
    let mut ways = slots::of_tour(conn, booking.tour_id, from, to).await?;
    ways.retain(|way| {
        way.id != slot.id
            && way.option_id == booking.option_id
            && way.left_for(sharing, now) >= booking.party.seats().max(1)
            && !scope.covers(catalogue, way)
    });
    ways.sort_by_key(|way| ((way.starts_at - slot.starts_at).num_minutes().abs(), way.id));
    ways.truncate(OFFERED);
    Ok(ways)
}

/// Departures of sister workshops on about the same day with room for the party: one of each, the
/// nearest in time.
pub async fn sisters(
    conn: &mut Conn,
    catalogue: &Catalogue,
    booking: &Booking,
    slot: &Slot,
    now: DateTime<Utc>,
) -> Result<Vec<Sister>, StoreError> {
    let mut found = overflow::for_party(conn, catalogue, slot, &booking.party, now).await?;
    found.sort_by_key(|sister| (sister.later.num_minutes().abs(), sister.slot.id));
    let mut seen = HashSet::new();
    found.retain(|sister| seen.insert(sister.workshop));
    found.truncate(OFFERED);
    Ok(found)
}
