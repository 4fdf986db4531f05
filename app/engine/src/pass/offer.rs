//! Reading passes: what they consist of, and whether they are on sale.

use std::borrow::Cow;
use std::collections::HashMap;

use chrono::NaiveDate;

use super::model::{Consent, Pass, Stop};
use super::travel;
use crate::booking::{Party, PartyError};
use crate::catalogue::{Catalogue, Tour, TourOption, UnitKind, Village, Workshop};
use crate::coop;
use crate::price::Sale;
use crate::schedule::Slot;
use crate::store::{Conn, StoreError};
use crate::{CoopId, Dong, PassId, TourId, UnitId, WorkshopId, params};

/// A stop with where it is.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    pub tour: &'a Tour,
    pub option: &'a TourOption,
    pub workshop: &'a Workshop,
    pub village: &'a Village,
}

impl<'a> Place<'a> {
    pub fn of(catalogue: &'a Catalogue, option: crate::OptionId) -> Option<Self> {
        let (tour, option) = catalogue.option(option)?;
        let (_, workshop, village) = catalogue.place(tour.id)?;
        Some(Self { tour, option, workshop, village })
    }

    /// Whether an option can be a stop at all: a course takes weeks, and places that are given
    /// to those who apply can't be promised.
    pub fn suits(&self) -> bool {
        self.tour.course.is_none() && !self.tour.by_application()
    }

    fn sells(&self, kind: UnitKind) -> bool {
        self.option.open_units().any(|unit| unit.kind == kind)
    }

    fn on_sale(&self) -> bool {
        self.tour.published && self.option.active && self.suits()
    }

    /// A wish in the units of this stop.
    pub fn units(&self, wish: &[(UnitKind, u32)]) -> Result<Vec<(UnitId, u32)>, PartyError> {
        wish.iter()
            .filter(|(_, count)| *count > 0)
            .map(|(kind, count)| {
                let unit = self.option.open_units().find(|unit| unit.kind == *kind);
                Ok((unit.ok_or(PartyError::UnknownUnit)?.id, *count))
            })
            .collect()
    }

    /// A wish as a party of this stop, at the pass's prices of a departure, or the usual ones.
    pub fn party(
        &self,
        wish: &[(UnitKind, u32)],
        sale: Option<Sale>,
        percent: u8,
    ) -> Result<Party, PartyError> {
        let option = sale.map_or(Cow::Borrowed(self.option), |sale| self.option.on(sale));
        Ok(Party::new(self.tour, &option, &self.units(wish)?)?.less(percent))
    }
}

/// A pass that guests can book.
#[derive(Debug, Clone)]
pub struct Offer<'a> {
    pub pass: Pass,
    pub places: Vec<Place<'a>>,
}

impl Offer<'_> {
    /// Who can come: whom every stop takes.
    pub fn kinds(&self) -> Vec<UnitKind> {
        kinds(&self.places)
    }

    /// Minutes from each stop to the next.
    pub fn ways(&self) -> Vec<i64> {
        ways(&self.places)
    }

    /// The parties of the stops at usual prices; why one of them does not take such a party.
    pub fn parties(&self, wish: &[(UnitKind, u32)]) -> Result<Vec<Party>, PartyError> {
        let percent = self.pass.percent();
        self.places.iter().map(|place| place.party(wish, None, percent)).collect()
    }

    /// The same at the prices of these departures, one of each stop.
    pub fn parties_in(
        &self,
        wish: &[(UnitKind, u32)],
        slots: &[Slot],
        booked_on: NaiveDate,
    ) -> Result<Vec<Party>, PartyError> {
        self.priced(wish, (slots, booked_on), self.pass.percent())
    }

    /// What a wish costs in these departures, and what it would stop by stop.
    pub fn totals(
        &self,
        wish: &[(UnitKind, u32)],
        slots: &[Slot],
        booked_on: NaiveDate,
    ) -> Result<(Dong, Dong), PartyError> {
        let sum = |percent| -> Result<Dong, PartyError> {
            Ok(self.priced(wish, (slots, booked_on), percent)?.iter().map(Party::total).sum())
        };
        Ok((sum(self.pass.percent())?, sum(0)?))
    }

    fn priced(
        &self,
        wish: &[(UnitKind, u32)],
        (slots, booked_on): (&[Slot], NaiveDate),
        percent: u8,
    ) -> Result<Vec<Party>, PartyError> {
        let stops = self.places.iter().zip(slots);
        let sold = stops.map(|(place, slot)| (place, place.tour.sale_of(slot, booked_on)));
        sold.map(|(place, sale)| place.party(wish, Some(sale), percent)).collect()
    }

    /// For one of a kind at all stops, and what it would be stop by stop.
    pub fn price_of(&self, kind: UnitKind) -> (Dong, Dong) {
        let units = self.places.iter().filter_map(|place| {
            let unit = place.option.open_units().find(|unit| unit.kind == kind)?;
            Some(unit.price)
        });
        let prices: Vec<Dong> = units.collect();
        let less = prices.iter().map(|price| price.less(self.pass.percent())).sum();
        (less, prices.into_iter().sum())
    }

    /// Of all visits and the ways between.
    pub fn minutes(&self) -> i64 {
        let visits = self.places.iter().map(|place| i64::from(place.option.duration_minutes));
        visits.sum::<i64>() + self.ways().iter().sum::<i64>()
    }
}

pub(super) fn ways(places: &[Place<'_>]) -> Vec<i64> {
    places
        .windows(2)
        .filter_map(|pair| match pair {
            [from, to] => Some(travel::between(from.tour, to.tour)),
            _ => None,
        })
        .collect()
}

fn kinds(places: &[Place<'_>]) -> Vec<UnitKind> {
    let all = UnitKind::ALL.iter().copied();
    all.filter(|kind| places.iter().all(|place| place.sells(*kind))).collect()
}

/// Why a pass is not on sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lack {
    Unpublished,
    /// One workshop is a visit.
    Stops,
    /// The workshop has not answered.
    Asked(WorkshopId),
    Declined(WorkshopId),
    /// It left the co-op whose pass this is.
    Left(WorkshopId),
    /// Its tour or option is not on sale, or a course.
    Gone(WorkshopId),
    /// The stops have no price for adults in common.
    Adults,
}

/// What keeps a pass from being sold; nothing for one on sale. `members` are those of its co-op.
pub fn lacks(
    catalogue: &Catalogue,
    pass: &Pass,
    stops: &[Stop],
    members: &[WorkshopId],
) -> Vec<Lack> {
    let mut lacks = Vec::new();
    if !pass.published {
        lacks.push(Lack::Unpublished);
    }
    if stops.len() < 2 {
        lacks.push(Lack::Stops);
    }
    let mut places = Vec::new();
    for stop in stops {
        let id = stop.workshop_id;
        match stop.consent {
            Consent::Asked => lacks.push(Lack::Asked(id)),
            Consent::Declined => lacks.push(Lack::Declined(id)),
            Consent::Agreed => {}
        }
        if pass.coop_id.is_some() && !members.contains(&id) {
            lacks.push(Lack::Left(id));
        }
        match Place::of(catalogue, stop.option_id).filter(Place::on_sale) {
            Some(place) => places.push(place),
            None => lacks.push(Lack::Gone(id)),
        }
    }
    if places.len() == stops.len() && !kinds(&places).contains(&UnitKind::Adult) {
        lacks.push(Lack::Adults);
    }
    lacks
}

pub async fn find(conn: &mut Conn, id: PassId) -> Result<Option<Pass>, StoreError> {
    conn.fetch_optional("SELECT * FROM pass WHERE id = $1", params![id]).await
}

/// The stops of a pass in the order of the day.
pub async fn stops_of(conn: &mut Conn, pass: PassId) -> Result<Vec<Stop>, StoreError> {
    conn.fetch_all("SELECT * FROM pass_stop WHERE pass_id = $1 ORDER BY position", params![pass])
        .await
}

/// Passes of a co-op, or the office's, the newest first.
pub async fn of_author(conn: &mut Conn, coop: Option<CoopId>) -> Result<Vec<Pass>, StoreError> {
    let Some(coop) = coop else {
        let sql = "SELECT * FROM pass WHERE coop_id IS NULL ORDER BY created_at DESC, id DESC";
        return conn.fetch_all(sql, vec![]).await;
    };
    let sql = "SELECT * FROM pass WHERE coop_id = $1 ORDER BY created_at DESC, id DESC";
    conn.fetch_all(sql, params![coop]).await
}

/// All passes that guests can book, the oldest first.
pub async fn on_sale<'a>(
    conn: &mut Conn,
    catalogue: &'a Catalogue,
) -> Result<Vec<Offer<'a>>, StoreError> {
    let sql = "SELECT * FROM pass WHERE published = $1 ORDER BY created_at, id";
    let passes: Vec<Pass> = conn.fetch_all(sql, params![true]).await?;
    if passes.is_empty() {
        return Ok(Vec::new());
    }
    let all: Vec<Stop> = conn
        .fetch_all(
            "SELECT pass_stop.* FROM pass_stop JOIN pass ON pass.id = pass_stop.pass_id \
             WHERE pass.published = $1 ORDER BY pass_stop.pass_id, pass_stop.position",
            params![true],
        )
        .await?;
    let mut stops: HashMap<PassId, Vec<Stop>> = HashMap::new();
    for stop in all {
        stops.entry(stop.pass_id).or_default().push(stop);
    }
    let mut members: HashMap<CoopId, Vec<WorkshopId>> = HashMap::new();
    for member in coop::memberships(conn).await? {
        members.entry(member.coop_id).or_default().push(member.workshop_id);
    }
    let offers = passes.into_iter().filter_map(|pass| {
        let stops = stops.remove(&pass.id)?;
        let members =
            pass.coop_id.and_then(|coop| members.get(&coop)).map_or(&[][..], Vec::as_slice);
        if !lacks(catalogue, &pass, &stops, members).is_empty() {
            return None;
        }
        let places = stops.iter().map(|stop| Place::of(catalogue, stop.option_id));
        Some(Offer { places: places.collect::<Option<Vec<_>>>()?, pass })
    });
    Ok(offers.collect())
}

/// A pass on sale, by its address.
pub async fn offer<'a>(
    conn: &mut Conn,
    catalogue: &'a Catalogue,
    slug: &str,
) -> Result<Option<Offer<'a>>, StoreError> {
    Ok(on_sale(conn, catalogue).await?.into_iter().find(|offer| offer.pass.slug == slug))
}

/// Passes on sale of which a tour is a stop.
pub fn through(offers: Vec<Offer<'_>>, tour: TourId) -> Vec<Offer<'_>> {
    let mut offers = offers;
    offers.retain(|offer| offer.places.iter().any(|place| place.tour.id == tour));
    offers
}
