//! Finding a tour: what is known of it comes from memory, what is free from one query.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use sqlx::AssertSqlSafe;

use super::model::{Catalogue, Craft, Sharing, Spoken, Tour, TourOption, UnitKind};
use crate::booking::Party;
use crate::clock::local_date;
use crate::credential::Asked;
use crate::price::{Sale, reckon};
use crate::schedule::Slot;
use crate::store::{Bind, Conn, StoreError, placeholders};
use crate::{Dong, OptionId, TourId, UnitId, params, stored_enum, text};

stored_enum! {
    pub enum Sort {
        Recommended = "recommended",
        Price = "price",
        Duration = "duration",
        Soonest = "soonest",
    }
}

/// Who wants to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guests {
    pub adults: u32,
    pub children: u32,
}

/// What a visitor looks for; everything left out matches.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    pub q: String,
    /// Slug of a village.
    pub village: Option<String>,
    pub craft: Option<Craft>,
    /// Days on which to come, inclusive.
    pub dates: Option<(NaiveDate, NaiveDate)>,
    pub party: Option<Guests>,
    /// Most that an adult pays.
    pub price_max: Option<Dong>,
    pub language: Option<Spoken>,
    /// Minutes.
    pub duration_max: Option<i32>,
    pub for_children: bool,
    pub rain_proof: bool,
    /// What the workshop or the tour is certified to be.
    pub credentials: Asked,
    pub sort: Option<Sort>,
}

/// A departure with room for the party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HitSlot {
    pub slot: Slot,
    pub left: i32,
    /// For the whole party, where one was named.
    pub price: Option<Dong>,
}

/// A tour that matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    pub tour: TourId,
    /// At most [`SLOTS`], soonest first; may be empty only when no date was asked for.
    pub slots: Vec<HitSlot>,
    /// Lowest price of the party, or of an adult.
    pub price: Option<Dong>,
}

/// Departures shown with each hit.
pub const SLOTS: usize = 3;

/// How far ahead departures are shown when no date was asked for.
const LOOK_AHEAD_DAYS: i64 = 21;

/// An option that suits, before its slots are known.
struct Candidate<'a> {
    tour: &'a Tour,
    option: &'a TourOption,
    /// Seats that the party takes; 1 when none was named.
    seats: i32,
    /// Who pays, in unit types of the option; nobody when no party was named.
    bill: Vec<(UnitId, u32)>,
    /// Of an adult, or the lowest where there is none, at usual prices.
    lowest: Dong,
}

impl Candidate<'_> {
    /// What the party pays at usual prices, or in a departure; None when none was named.
    fn price(&self, sale: Option<Sale>) -> Option<Dong> {
        if self.bill.is_empty() {
            return None;
        }
        let option = sale.map_or(Cow::Borrowed(self.option), |sale| self.option.on(sale));
        Party::of_any_size(&option, &self.bill).ok().map(|party| party.total())
    }

    /// What one who comes alone pays in a departure.
    fn lowest(&self, sale: &Sale) -> Dong {
        reckon(self.lowest, sale, 1).price
    }
}

/// Tours that match, in the order asked for. Availability is live: one query, whatever the filters.
pub async fn search(
    conn: &mut Conn,
    catalogue: &Catalogue,
    search: &Search,
    now: DateTime<Utc>,
) -> Result<Vec<Hit>, StoreError> {
    let today = local_date(now);
    let candidates = candidates(catalogue, search, today);
    if candidates.is_empty() {
        return Ok(Vec::new());
    }
    let (from, to) = search.dates.unwrap_or((today, today + TimeDelta::days(LOOK_AHEAD_DAYS)));
    let days = (from.max(today), to);
    let slots = free_slots(conn, &candidates, days, search.price_max.is_some(), now).await?;
    Ok(hits(catalogue, search, &candidates, slots, now))
}

fn candidates<'a>(
    catalogue: &'a Catalogue,
    search: &Search,
    today: NaiveDate,
) -> Vec<Candidate<'a>> {
    catalogue
        .published()
        .filter(|tour| tour_suits(catalogue, tour, search, today))
        .flat_map(|tour| tour.open_options().map(move |option| (tour, option)))
        .filter_map(|(tour, option)| candidate(tour, option, search))
        .collect()
}

fn tour_suits(catalogue: &Catalogue, tour: &Tour, search: &Search, today: NaiveDate) -> bool {
    let Some((_, _, village)) = catalogue.place(tour.id) else {
        return false;
    };
    text::matches(&tour.search_text, &search.q)
        && search.village.as_ref().is_none_or(|slug| village.slug == *slug)
        && search.craft.is_none_or(|craft| village.craft == craft)
        && search.language.is_none_or(|language| tour.languages.0.contains(&language))
        && (!search.for_children || tour.children)
        && (!search.rain_proof || tour.rain_proof())
        // Last, because it is the dearest to ask.
        && catalogue.credentials.has(tour.workshop_id, tour.id, &search.credentials, today)
}

fn candidate<'a>(tour: &'a Tour, option: &'a TourOption, search: &Search) -> Option<Candidate<'a>> {
    if search.duration_max.is_some_and(|most| option.duration_minutes > most) {
        return None;
    }
    let unit = |kind| option.open_units().find(move |unit| unit.kind == kind);
    let adult = unit(UnitKind::Adult).map(|unit| unit.price);
    let lowest = adult.or_else(|| option.open_units().map(|unit| unit.price).min())?;
    let Some(party) = search.party else {
        return Some(Candidate { tour, option, seats: 1, bill: Vec::new(), lowest });
    };
    let mut seats = 0;
    let mut bill = Vec::new();
    for (kind, quantity) in [(UnitKind::Adult, party.adults), (UnitKind::Child, party.children)] {
        if quantity > 0 {
            let unit = unit(kind)?;
            seats += unit.seats.checked_mul(i32::try_from(quantity).ok()?)?;
            bill.push((unit.id, quantity));
        }
    }
    let people = i32::try_from(party.adults.checked_add(party.children)?).ok()?;
    let most = match tour.sharing {
        Sharing::Shared => tour.max_party,
        Sharing::Private => tour.max_party.min(option.capacity),
    };
    (tour.min_party..=most).contains(&people).then_some(Candidate {
        tour,
        option,
        seats,
        bill,
        lowest,
    })
}

/// The first slots of each tour with room for the party: enough seats in a shared one, nobody in a
/// private one. Past cut-offs do not count. Where prices decide afterwards, the first of each option
/// at each price. Thousands may be free, of which a page shows a few: the database counts them off,
/// and no more than that are read.
async fn free_slots(
    conn: &mut Conn,
    candidates: &[Candidate<'_>],
    (from, to): (NaiveDate, NaiveDate),
    by_price: bool,
    now: DateTime<Utc>,
) -> Result<Vec<Slot>, StoreError> {
    let mut groups: BTreeMap<(bool, i32), Vec<OptionId>> = BTreeMap::new();
    for candidate in candidates {
        let private = candidate.tour.sharing == Sharing::Private;
        groups.entry((private, candidate.seats)).or_default().push(candidate.option.id);
    }
    let mut values = params![from, to, now];
    let mut rooms = String::new();
    for ((private, seats), options) in groups {
        let or = if rooms.is_empty() { "" } else { " OR " };
        let room = if private {
            "taken = 0 AND allotted = 0 AND capacity"
        } else {
            "capacity - taken - allotted"
        };
        values.push(seats.bind());
        let at = values.len();
        let list = placeholders(at + 1, options.len());
        values.extend(options.iter().map(Bind::bind));
        // Writing to a String cannot fail.
        let _ = write!(
            rooms,
            "{or}({room} >= ${at} AND (room IS NULL OR room >= ${at}) AND option_id IN ({list}))"
        );
    }
    let by_day = candidates.iter().any(|one| !one.tour.price_rules.0.is_empty());
    let apart = match (by_price, by_day) {
        (true, true) => "option_id, local_date",
        (true, false) => "option_id, price_percent",
        (false, _) => "tour_id",
    };
    // The COALESCE hides the options from SQLite's planner, which would go by their index, one after
    // another, where the index of dates finds all in a sixth of the time.
    let sql = format!(
        "SELECT * FROM slot WHERE id IN (SELECT id FROM (SELECT id, ROW_NUMBER() OVER \
         (PARTITION BY {apart} ORDER BY starts_at, id) AS nth FROM slot \
         WHERE local_date BETWEEN $1 AND $2 AND status = 'open' AND closes_at > $3 \
         AND busy = FALSE AND COALESCE(({rooms}), FALSE)) AS free WHERE nth <= {SLOTS}) ORDER BY starts_at, id"
    );
    conn.fetch_all(AssertSqlSafe(sql), values).await
}

fn hits(
    catalogue: &Catalogue,
    search: &Search,
    candidates: &[Candidate<'_>],
    slots: Vec<Slot>,
    now: DateTime<Utc>,
) -> Vec<Hit> {
    let by_option: HashMap<OptionId, &Candidate<'_>> =
        candidates.iter().map(|candidate| (candidate.option.id, candidate)).collect();
    let today = local_date(now);
    let mut of_tour: HashMap<TourId, Vec<HitSlot>> = HashMap::new();
    for slot in slots {
        let Some(candidate) = by_option.get(&slot.option_id) else { continue };
        let sale = candidate.tour.sale_of(&slot, today);
        if search.price_max.is_some_and(|most| candidate.lowest(&sale) > most) {
            continue;
        }
        let found = of_tour.entry(candidate.tour.id).or_default();
        if found.len() < SLOTS {
            let left = slot.left_for(candidate.tour.sharing, now);
            found.push(HitSlot { left, price: candidate.price(Some(sale)), slot });
        }
    }
    let mut hits: Vec<(Hit, i32)> = catalogue
        .published()
        .filter_map(|tour| {
            let mine = || candidates.iter().filter(|candidate| candidate.tour.id == tour.id);
            let duration = mine().map(|candidate| candidate.option.duration_minutes).min()?;
            let slots = of_tour.remove(&tour.id).unwrap_or_default();
            let dear = |most| mine().all(|candidate| candidate.lowest > most);
            if slots.is_empty() && (search.dates.is_some() || search.price_max.is_some_and(dear)) {
                return None;
            }
            let usual = || mine().filter_map(|candidate| candidate.price(None)).min();
            let price = slots.iter().filter_map(|found| found.price).min();
            let price = price.or_else(usual).or_else(|| tour.price_from());
            Some((Hit { tour: tour.id, slots, price }, duration))
        })
        .collect();
    // Stable sorts: equals stay in the catalogue's order.
    match search.sort.unwrap_or(Sort::Recommended) {
        Sort::Recommended => {}
        Sort::Price => hits.sort_by_key(|(hit, _)| hit.price),
        Sort::Duration => hits.sort_by_key(|(_, duration)| *duration),
        Sort::Soonest => hits.sort_by_key(|(hit, _)| {
            let first = hit.slots.first().map(|found| found.slot.starts_at);
            (first.is_none(), first)
        }),
    }
    hits.into_iter().map(|(hit, _)| hit).collect()
}
