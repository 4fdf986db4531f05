//! Departures of sister workshops that come close to a full one.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::super::party::Party;
use super::rule::{order, rule_of};
use crate::catalogue::{Catalogue, Sharing, Tour, TourOption, UnitKind};
use crate::clock::local_date;
use crate::coop;
use crate::distance::metres;
use crate::schedule::{Slot, slots};
use crate::store::{Conn, StoreError};
use crate::{Dong, UnitId, WorkshopId};

/// A departure of a sister workshop.
#[derive(Debug, Clone, PartialEq)]
pub struct Sister {
    pub slot: Slot,
    pub workshop: WorkshopId,
    /// The wish in the units of the sister's option.
    pub wanted: Vec<(UnitId, u32)>,
    /// How much later it begins; negative: earlier.
    pub later: TimeDelta,
    /// Metres from one meeting point to the other, as the crow flies.
    pub metres: f64,
    /// What the party pays more there; negative: less.
    pub dearer: i64,
}

/// A detour is longer than the crow's flight; and a walk of 4.5 km an hour.
const DETOUR: f64 = 1.3;
const METRES_A_MINUTE: f64 = 75.0;
/// Beyond so many minutes nobody walks.
const WALK: f64 = 45.0;

impl Sister {
    /// Minutes to walk from one to the other, where that is near enough.
    pub fn walk_minutes(&self) -> Option<i64> {
        let minutes = (self.metres * DETOUR / METRES_A_MINUTE).ceil().max(1.0);
        #[expect(clippy::cast_possible_truncation, reason = "at most WALK")]
        (minutes <= WALK).then_some(minutes as i64)
    }
}

/// At most so many are shown: one of each workshop, the first in the co-op's order first.
const SHOWN: usize = 3;

/// The co-op's sisters that could take the party instead of a departure; empty where the co-op
/// does not want it, or there is none. An empty wish stands for one guest.
pub async fn suggest(
    conn: &mut Conn,
    catalogue: &Catalogue,
    full: &Slot,
    wish: &[(UnitKind, u32)],
    now: DateTime<Utc>,
) -> Result<Vec<Sister>, StoreError> {
    let Some(member) = coop::membership_of(conn, full.workshop_id).await? else {
        return Ok(Vec::new());
    };
    let rule = rule_of(conn, member.coop_id).await?;
    if !rule.active {
        return Ok(Vec::new());
    }
    let window = TimeDelta::minutes(i64::from(rule.window_minutes));
    let near = near(conn, catalogue, full, (wish, Size::AsToldToGuests), window, now).await?;
    let order = order(conn, member.coop_id, &rule, now).await?;
    let mut best: HashMap<WorkshopId, Sister> = HashMap::new();
    for sister in near {
        if !order.contains(&sister.workshop) || (rule.equal_price && sister.dearer != 0) {
            continue;
        }
        let closer = best
            .get(&sister.workshop)
            .is_none_or(|there| distance(&sister, full) < distance(there, full));
        if closer {
            best.insert(sister.workshop, sister);
        }
    }
    let found = order.iter().filter_map(|workshop| best.remove(workshop));
    Ok(found.take(SHOWN).collect())
}

/// How far from the departure a host looks for another.
const HOSTS_WINDOW: TimeDelta = TimeDelta::hours(12);

/// Departures of sisters on about the same day that have any room at all, soonest first: what a
/// host may ask guests to come to.
pub async fn choices(
    conn: &mut Conn,
    catalogue: &Catalogue,
    slot: &Slot,
    now: DateTime<Utc>,
) -> Result<Vec<Sister>, StoreError> {
    near(conn, catalogue, slot, (&[], Size::Any), HOSTS_WINDOW, now).await
}

/// Departures of sisters on about the same day that have room for all of a party, soonest first.
pub(in super::super) async fn for_party(
    conn: &mut Conn,
    catalogue: &Catalogue,
    slot: &Slot,
    party: &Party,
    now: DateTime<Utc>,
) -> Result<Vec<Sister>, StoreError> {
    let wish: Vec<(UnitKind, u32)> =
        party.lines().iter().map(|line| (line.kind, line.quantity)).collect();
    let mut found = near(conn, catalogue, slot, (&wish, Size::Any), HOSTS_WINDOW, now).await?;
    found.retain(|sister| {
        let sharing = catalogue.tour(sister.slot.tour_id).map_or(Sharing::Shared, |it| it.sharing);
        sister.slot.left_for(sharing, now) >= party.seats().max(1)
    });
    Ok(found)
}

/// Whose limits a party keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Size {
    /// The smallest and the largest party of the tour.
    AsToldToGuests,
    Any,
}

/// How unlike the two departures are, in minutes.
fn distance(sister: &Sister, full: &Slot) -> i64 {
    let longer = (sister.slot.ends_at - sister.slot.starts_at) - (full.ends_at - full.starts_at);
    sister.later.num_minutes().abs() + longer.num_minutes().abs()
}

/// All departures of workshops of the same co-op and craft that begin within the window and have
/// room, soonest first.
async fn near(
    conn: &mut Conn,
    catalogue: &Catalogue,
    full: &Slot,
    (wish, size): (&[(UnitKind, u32)], Size),
    window: TimeDelta,
    now: DateTime<Utc>,
) -> Result<Vec<Sister>, StoreError> {
    let Some(member) = coop::membership_of(conn, full.workshop_id).await? else {
        return Ok(Vec::new());
    };
    let Some((tour, _, village)) = catalogue.place(full.tour_id) else { return Ok(Vec::new()) };
    if full.is_run() {
        // A course of weeks is not made good by another's that begins on the same day.
        return Ok(Vec::new());
    }
    let one = [(UnitKind::Adult, 1)];
    let wish = if wish.is_empty() { &one[..] } else { wish };
    let (first, last) = (full.starts_at - window, full.starts_at + window);
    let here = tour.option(full.option_id).and_then(|option| {
        let option = option.on(tour.sale_of(full, local_date(now)));
        of_option(tour, &option, (wish, size))
    });
    let price = here.map(|(party, _)| party.total());
    let mut found = Vec::new();
    for sister in coop::members(conn, member.coop_id).await? {
        let place = catalogue.workshop(sister.workshop_id);
        let home = place.and_then(|place| catalogue.village(place.village_id));
        if sister.workshop_id == full.workshop_id
            || home.is_none_or(|home| home.craft != village.craft)
        {
            continue;
        }
        let days = (local_date(first), local_date(last));
        for slot in slots::of_workshop(conn, sister.workshop_id, days.0, days.1).await? {
            let close = (first..=last).contains(&slot.starts_at);
            if close
                && let Some(sister) = fits(catalogue, (tour, full), slot, (wish, size, price), now)
            {
                found.push(sister);
            }
        }
    }
    found.sort_by_key(|sister| (sister.slot.starts_at, sister.slot.id));
    Ok(found)
}

/// The departure as a sister, if it is on sale and has room for the party.
fn fits(
    catalogue: &Catalogue,
    (from, full): (&Tour, &Slot),
    slot: Slot,
    (wish, size, price): (&[(UnitKind, u32)], Size, Option<Dong>),
    now: DateTime<Utc>,
) -> Option<Sister> {
    if !slot.is_open(now) || slot.is_run() {
        return None;
    }
    let (tour, option) = catalogue.sold_in(&slot, local_date(now))?;
    if !tour.published || !option.active {
        return None;
    }
    let (party, wanted) = of_option(tour, &option, (wish, size))?;
    if slot.left_for(tour.sharing, now) < party.seats().max(1) {
        return None;
    }
    Some(Sister {
        workshop: slot.workshop_id,
        wanted,
        later: slot.starts_at - full.starts_at,
        metres: metres((from.meeting_lat, from.meeting_lon), (tour.meeting_lat, tour.meeting_lon)),
        dearer: party.total().0 - price.map_or(party.total().0, |price| price.0),
        slot,
    })
}

/// The wish as a party of an option; None where the option has not such units, or not for so many.
fn of_option(
    tour: &Tour,
    option: &TourOption,
    (wish, size): (&[(UnitKind, u32)], Size),
) -> Option<(Party, Vec<(UnitId, u32)>)> {
    let wanted: Option<Vec<_>> = wish
        .iter()
        .map(|(kind, count)| {
            Some((option.open_units().find(|unit| unit.kind == *kind)?.id, *count))
        })
        .collect();
    let wanted = wanted?;
    let party = match size {
        Size::AsToldToGuests => Party::new(tour, option, &wanted),
        Size::Any => Party::of_any_size(option, &wanted),
    };
    let party = party.ok()?;
    Some((party, wanted))
}
