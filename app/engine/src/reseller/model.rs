//! A company, and the contract by which it sells.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::ContractRefuses;
use crate::catalogue::{Tour, TourOption};
use crate::store::{Conn, StoreError};
use crate::{ContractId, Dong, Locale, ResellerId, TourId, UnitId, WorkshopId, params};

/// A travel company.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Reseller {
    pub id: ResellerId,
    pub name: String,
    /// Where letters about its bookings go.
    pub email: String,
    pub phone: String,
    pub tax_code: String,
    pub locale: Locale,
    pub created_at: DateTime<Utc>,
}

/// What a workshop and a company agreed on, the tours and net prices aside.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Contract {
    pub id: ContractId,
    pub reseller_id: ResellerId,
    pub workshop_id: WorkshopId,
    /// Off the price of a guest.
    pub percent_off: i32,
    /// Days of visits that may be sold, inclusive; None: until it is ended.
    pub valid_from: NaiveDate,
    pub valid_to: Option<NaiveDate>,
    /// Most that may be owed.
    pub credit_limit: Option<Dong>,
    pub ended_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
}

impl Contract {
    /// Whether it has not been ended.
    pub const fn holds(&self) -> bool {
        self.ended_at.is_none()
    }
}

/// The whole of a contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    pub contract: Contract,
    /// None named: all of the workshop's.
    pub tours: Vec<TourId>,
    /// Net prices that are agreed as such.
    pub prices: HashMap<UnitId, Dong>,
}

impl Terms {
    /// Whether the company may sell the tour. Courses are several sessions, which no channel of
    /// travel companies knows.
    pub fn sells(&self, tour: &Tour) -> bool {
        tour.published
            && tour.course.is_none()
            && tour.workshop_id == self.contract.workshop_id
            && (self.tours.is_empty() || self.tours.contains(&tour.id))
    }

    pub fn covers(&self, date: NaiveDate) -> bool {
        self.contract.valid_from <= date && self.contract.valid_to.is_none_or(|last| date <= last)
    }

    /// Whether a visit of a day may be sold now.
    pub fn must_sell(&self, tour: &Tour, date: NaiveDate) -> Result<(), ContractRefuses> {
        match () {
            () if self.contract.ended_at.is_some() => Err(ContractRefuses::Ended),
            () if !self.sells(tour) => Err(ContractRefuses::Tour),
            () if !self.covers(date) => Err(ContractRefuses::Day),
            () => Ok(()),
        }
    }

    /// The option at net prices: what is agreed as such, else so many per cent off, rounded down
    /// to whole thousands. Never more than a guest pays on that day.
    #[must_use]
    pub fn net(&self, option: &TourOption) -> TourOption {
        let off = u8::try_from(self.contract.percent_off).unwrap_or(0);
        let mut net = option.clone();
        net.fix(|unit| {
            let agreed = self.prices.get(&unit.id).copied();
            agreed.map_or(unit.price.less(off), |agreed| agreed.min(unit.price))
        });
        net
    }
}

/// The terms of a contract, ended or not.
pub async fn terms(conn: &mut Conn, id: ContractId) -> Result<Terms, StoreError> {
    let contract: Contract =
        conn.fetch_one("SELECT * FROM reseller_contract WHERE id = $1", params![id]).await?;
    let tours: Vec<(TourId,)> = conn
        .fetch_all(
            "SELECT tour_id FROM contract_tour WHERE contract_id = $1 ORDER BY tour_id",
            params![id],
        )
        .await?;
    let prices: Vec<(UnitId, Dong)> = conn
        .fetch_all("SELECT unit_id, net FROM contract_price WHERE contract_id = $1", params![id])
        .await?;
    Ok(Terms {
        contract,
        tours: tours.into_iter().map(|(tour,)| tour).collect(),
        prices: prices.into_iter().collect(),
    })
}
