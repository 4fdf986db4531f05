//! When a pass can be done: the days, and the departures that make each.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::booked::Booked;
use super::offer::{Offer, Place, ways};
use super::plan::{self, Departure};
use crate::booking::{Booking, PartyError};
use crate::catalogue::{Catalogue, Sharing, UnitKind};
use crate::clock::local_date;
use crate::schedule::{Slot, SlotStatus, slots};
use crate::store::{Conn, StoreError};
use crate::{OptionId, SlotId, TourId};

/// Departures that make a day, one of each stop.
pub type Itinerary = Vec<Slot>;

/// A day on which a pass can be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    pub date: NaiveDate,
    /// Shortest days first.
    pub ways: Vec<Itinerary>,
}

/// What is looked for at one stop.
struct Want {
    tour: TourId,
    option: OptionId,
    sharing: Sharing,
    seats: i32,
    /// Where the guest has seats already.
    has: Option<SlotId>,
}

/// The days from `from` on which a party can do a pass, among the next so many; why no stop
/// takes such a party.
pub async fn days(
    conn: &mut Conn,
    offer: &Offer<'_>,
    wish: &[(UnitKind, u32)],
    (from, count): (NaiveDate, u64),
    now: DateTime<Utc>,
) -> Result<Result<Vec<Day>, PartyError>, StoreError> {
    let parties = match offer.parties(wish) {
        Ok(parties) => parties,
        Err(error) => return Ok(Err(error)),
    };
    let wants: Vec<Want> = offer
        .places
        .iter()
        .zip(&parties)
        .map(|(place, party)| Want {
            tour: place.tour.id,
            option: place.option.id,
            sharing: place.tour.sharing,
            seats: party.seats().max(1),
            has: None,
        })
        .collect();
    Ok(Ok(combine(conn, &wants, &offer.ways(), (from, count), now).await?))
}

/// The days to which a booked pass can move, the one it has among them.
pub async fn ways_to_move(
    conn: &mut Conn,
    catalogue: &Catalogue,
    booked: &Booked,
    count: u64,
    now: DateTime<Utc>,
) -> Result<Vec<Day>, StoreError> {
    let live: Vec<&Booking> = booked.live().map(|leg| &leg.booking).collect();
    let places: Option<Vec<Place<'_>>> =
        live.iter().map(|leg| Place::of(catalogue, leg.option_id)).collect();
    let Some(places) = places.filter(|places| !places.is_empty()) else { return Ok(Vec::new()) };
    let wants: Vec<Want> = places
        .iter()
        .zip(&live)
        .map(|(place, leg)| Want {
            tour: place.tour.id,
            option: place.option.id,
            sharing: place.tour.sharing,
            seats: leg.party.seats().max(1),
            has: Some(leg.slot_id),
        })
        .collect();
    combine(conn, &wants, &ways(&places), (local_date(now), count), now).await
}

async fn combine(
    conn: &mut Conn,
    wants: &[Want],
    ways: &[i64],
    (from, count): (NaiveDate, u64),
    now: DateTime<Utc>,
) -> Result<Vec<Day>, StoreError> {
    let to = from + Days::new(count);
    let mut all: HashMap<SlotId, Slot> = HashMap::new();
    let mut offered: BTreeMap<NaiveDate, Vec<Vec<Departure>>> = BTreeMap::new();
    for (at, want) in wants.iter().enumerate() {
        for slot in slots::of_tour(conn, want.tour, from, to).await? {
            let room = slot.left_for(want.sharing, now) >= want.seats;
            let theirs = want.has == Some(slot.id) && slot.starts_at > now;
            if slot.option_id != want.option || slot.is_run() || !(room || theirs) {
                continue;
            }
            let day = offered.entry(slot.local_date).or_insert_with(|| vec![vec![]; wants.len()]);
            if let Some(stop) = day.get_mut(at) {
                stop.push(Departure::from(&slot));
            }
            all.insert(slot.id, slot);
        }
    }
    let days = offered.into_iter().filter_map(|(date, stops)| {
        let found = plan::chains(&stops, ways).into_iter().map(|chain| {
            chain.iter().filter_map(|departure| all.get(&departure.slot).cloned()).collect()
        });
        let ways: Vec<Itinerary> = found.collect();
        (!ways.is_empty()).then_some(Day { date, ways })
    });
    Ok(days.collect())
}

/// Departures as a day of these options, if they are one: of one date, in order, with time for
/// the way.
pub async fn itinerary(
    conn: &mut Conn,
    places: &[Place<'_>],
    ids: &[SlotId],
) -> Result<Option<Itinerary>, StoreError> {
    if ids.len() != places.len() {
        return Ok(None);
    }
    let mut found: Itinerary = Vec::new();
    for (id, place) in ids.iter().zip(places) {
        match slots::find(conn, *id).await? {
            Some(slot)
                if slot.option_id == place.option.id && slot.status != SlotStatus::Cancelled =>
            {
                found.push(slot);
            }
            _ => return Ok(None),
        }
    }
    let one_day = found.windows(2).all(|pair| match pair {
        [before, next] => before.local_date == next.local_date,
        _ => true,
    });
    let chain: Vec<Departure> = found.iter().map(Departure::from).collect();
    Ok((one_day && plan::keeps_the_way(&chain, &ways(places))).then_some(found))
}
