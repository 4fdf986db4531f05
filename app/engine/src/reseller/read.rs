//! Reading contracts and what was sold under them.

use chrono::NaiveDate;
use uuid::Uuid;

use super::resale;
use super::{Reseller, ResellerError, Sold, Terms, sell, terms};
use crate::accounts::{Actor, Seller};
use crate::booking::query;
use crate::schedule::slots;
use crate::store::{Conn, StoreError};
use crate::{BookingId, ContractId, SlotId, TourId, WorkshopId, params};

/// A contract with both sides of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    pub reseller: Reseller,
    pub terms: Terms,
}

impl Agreement {
    /// The company as it acts under the contract, by one of its people.
    pub(crate) fn seller(&self, person: crate::PersonId) -> Seller {
        Seller {
            reseller: self.reseller.id,
            name: self.reseller.name.clone(),
            email: self.reseller.email.clone(),
            locale: self.reseller.locale,
            contract: self.terms.contract.id,
            workshop: self.terms.contract.workshop_id,
            person: Some(person),
            test: false,
        }
    }
}

async fn whole(conn: &mut Conn, contract: ContractId) -> Result<Agreement, StoreError> {
    let terms = terms(conn, contract).await?;
    let reseller: Reseller = conn
        .fetch_one("SELECT * FROM reseller WHERE id = $1", params![terms.contract.reseller_id])
        .await?;
    Ok(Agreement { reseller, terms })
}

/// Contracts of a workshop, those that hold first; for those who serve it.
pub async fn agreements_of(
    conn: &mut Conn,
    actor: &Actor,
    workshop: WorkshopId,
) -> Result<Vec<Agreement>, ResellerError> {
    actor.must_serve(workshop)?;
    let ids: Vec<(ContractId,)> = conn
        .fetch_all(
            "SELECT reseller_contract.id FROM reseller_contract \
             JOIN reseller ON reseller.id = reseller_contract.reseller_id \
             WHERE reseller_contract.workshop_id = $1 \
             ORDER BY CASE WHEN reseller_contract.ended_at IS NULL THEN 0 ELSE 1 END, \
             reseller.name, reseller_contract.id",
            params![workshop],
        )
        .await?;
    let mut all = Vec::with_capacity(ids.len());
    for (id,) in ids {
        all.push(whole(conn, id).await?);
    }
    Ok(all)
}

/// One contract, for those who serve its workshop.
pub async fn agreement(
    conn: &mut Conn,
    actor: &Actor,
    contract: ContractId,
) -> Result<Agreement, ResellerError> {
    let known: Option<(WorkshopId,)> = conn
        .fetch_optional(
            "SELECT workshop_id FROM reseller_contract WHERE id = $1",
            params![contract],
        )
        .await?;
    let (workshop,) = known.ok_or(ResellerError::Unknown)?;
    actor.must_serve(workshop)?;
    Ok(whole(conn, contract).await?)
}

/// The contracts that a person sells under, ended ones last; empty for anybody else.
pub async fn contracts_of(
    conn: &mut Conn,
    actor: &Actor,
) -> Result<Vec<(Seller, Agreement)>, StoreError> {
    let Actor::Person(person) = actor else { return Ok(Vec::new()) };
    let ids: Vec<(ContractId,)> = conn
        .fetch_all(
            "SELECT reseller_contract.id FROM reseller_contract JOIN reseller_person \
             ON reseller_person.reseller_id = reseller_contract.reseller_id \
             JOIN workshop ON workshop.id = reseller_contract.workshop_id \
             WHERE reseller_person.person_id = $1 \
             ORDER BY CASE WHEN reseller_contract.ended_at IS NULL THEN 0 ELSE 1 END, \
             workshop.name, reseller_contract.id",
            params![person.id],
        )
        .await?;
    let mut all = Vec::with_capacity(ids.len());
    for (id,) in ids {
        let agreement = whole(conn, id).await?;
        all.push((agreement.seller(person.id), agreement));
    }
    Ok(all)
}

/// The person as the seller under one contract.
pub async fn seller_of(
    conn: &mut Conn,
    actor: &Actor,
    contract: ContractId,
) -> Result<(Seller, Agreement), ResellerError> {
    let all = contracts_of(conn, actor).await?;
    let found = all.into_iter().find(|(seller, _)| seller.contract == contract);
    found.ok_or(ResellerError::Unknown)
}

/// The seller's booking under a uuid.
pub async fn by_uuid(
    conn: &mut Conn,
    seller: &Seller,
    uuid: Uuid,
) -> Result<Option<Sold>, ResellerError> {
    sell::load(conn, seller, uuid).await
}

/// Which of its bookings a company asks for; all that is set must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ask {
    pub reference: Option<String>,
    /// The booking's code.
    pub code: Option<String>,
    /// Days of the visit, inclusive.
    pub days: Option<(NaiveDate, NaiveDate)>,
    pub tour: Option<TourId>,
    pub option: Option<crate::OptionId>,
}

/// Most bookings that are answered at once.
const MOST: i64 = 1_000;

/// The seller's bookings, by visit; a test key sees those that try alone.
pub async fn list(conn: &mut Conn, seller: &Seller, ask: &Ask) -> Result<Vec<Sold>, StoreError> {
    let (from, to) = ask.days.unzip();
    let ids: Vec<(BookingId,)> = conn
        .fetch_all(
            "SELECT booking.id FROM booking JOIN resale ON resale.booking_id = booking.id \
             JOIN slot ON slot.id = booking.slot_id WHERE booking.contract_id = $1 \
             AND ($2 IS NULL OR resale.reference = $2) AND ($3 IS NULL OR booking.code = $3) \
             AND ($4 IS NULL OR slot.local_date >= $4) AND ($5 IS NULL OR slot.local_date <= $5) \
             AND ($6 IS NULL OR booking.tour_id = $6) AND ($7 IS NULL OR booking.option_id = $7) \
             AND (booking.test OR NOT $8) ORDER BY slot.starts_at, booking.id LIMIT $9",
            params![
                seller.contract,
                ask.reference,
                ask.code,
                from,
                to,
                ask.tour,
                ask.option,
                seller.test,
                MOST
            ],
        )
        .await?;
    bookings(conn, ids).await
}

/// What a contract sold for these days, tries aside; who asks has been asked who they are.
pub async fn sold(
    conn: &mut Conn,
    actor: &Actor,
    contract: ContractId,
    days: (NaiveDate, NaiveDate),
) -> Result<Vec<Sold>, ResellerError> {
    agreement(conn, actor, contract).await?;
    Ok(of_days(conn, contract, days.0, days.1).await?)
}

pub(super) async fn of_days(
    conn: &mut Conn,
    contract: ContractId,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<Sold>, StoreError> {
    let ids: Vec<(BookingId,)> = conn
        .fetch_all(
            "SELECT booking.id FROM booking JOIN slot ON slot.id = booking.slot_id \
             WHERE booking.contract_id = $1 AND NOT booking.test \
             AND slot.local_date BETWEEN $2 AND $3 ORDER BY slot.starts_at, booking.id",
            params![contract, from, to],
        )
        .await?;
    bookings(conn, ids).await
}

async fn bookings(conn: &mut Conn, ids: Vec<(BookingId,)>) -> Result<Vec<Sold>, StoreError> {
    let ids: Vec<BookingId> = ids.into_iter().map(|(id,)| id).collect();
    let mut bookings = query::by_ids(conn, &ids).await?;
    let mut resales = resale::of_bookings(conn, &ids).await?;
    let mut of: Vec<SlotId> = bookings.values().map(|booking| booking.slot_id).collect();
    of.sort_unstable();
    of.dedup();
    let slots = slots::by_ids(conn, &of).await?;
    let sold = |id: &BookingId| {
        let booking = bookings.remove(id)?;
        let slot = slots.get(&booking.slot_id)?.clone();
        Some(Sold { booking, slot, resale: resales.remove(id)? })
    };
    Ok(ids.iter().filter_map(sold).collect())
}

/// The company behind a booking.
pub async fn company(conn: &mut Conn, contract: ContractId) -> Result<Reseller, StoreError> {
    conn.fetch_one(
        "SELECT reseller.* FROM reseller JOIN reseller_contract \
         ON reseller_contract.reseller_id = reseller.id WHERE reseller_contract.id = $1",
        params![contract],
    )
    .await
}
