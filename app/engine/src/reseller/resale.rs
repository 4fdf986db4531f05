//! What a booking has besides when a company made it.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::catalogue::TourOption;
use crate::store::{Columns, Conn, StoreError, Tx};
use crate::{BookingId, ContractId, Dong, UnitId, columns, json_column, params};

/// Somebody who comes, or the one who booked for all, as far as the company tells.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Traveller {
    pub full_name: Option<String>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub email_address: Option<String>,
    pub phone_number: Option<String>,
    /// BCP 47, the one liked best first.
    pub locales: Vec<String>,
    pub postal_code: Option<String>,
    pub country: Option<String>,
    pub notes: Option<String>,
}

impl Traveller {
    /// The name in one line; may be empty.
    pub fn name(&self) -> String {
        let full = self.full_name.as_deref().unwrap_or_default().trim();
        if !full.is_empty() {
            return full.to_owned();
        }
        let parts = [&self.first_name, &self.last_name];
        parts.into_iter().flatten().map(|part| part.trim()).collect::<Vec<_>>().join(" ")
    }

    /// What is told anew replaces what was told before; the rest stays.
    #[must_use]
    pub fn merged(self, newer: Traveller) -> Traveller {
        Traveller {
            full_name: newer.full_name.or(self.full_name),
            first_name: newer.first_name.or(self.first_name),
            last_name: newer.last_name.or(self.last_name),
            email_address: newer.email_address.or(self.email_address),
            phone_number: newer.phone_number.or(self.phone_number),
            locales: if newer.locales.is_empty() { self.locales } else { newer.locales },
            postal_code: newer.postal_code.or(self.postal_code),
            country: newer.country.or(self.country),
            notes: newer.notes.or(self.notes),
        }
    }
}

/// One person's place, or one family's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    pub uuid: Uuid,
    pub unit: UnitId,
    pub reference: String,
    pub contact: Traveller,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tickets(pub Vec<Ticket>);

/// Prices to the guest, by unit type.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Retail(pub Vec<(UnitId, Dong)>);

json_column!(Traveller, Tickets, Retail);

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Resale {
    pub booking_id: BookingId,
    pub contract_id: ContractId,
    /// Chosen by the company.
    pub uuid: Uuid,
    /// Of what was asked for under it.
    pub(super) request_hash: String,
    /// The company's own number of the booking; may be empty.
    pub reference: String,
    pub contact: Traveller,
    pub items: Tickets,
    pub(super) retail: Retail,
    pub updated_at: DateTime<Utc>,
}

impl Resale {
    /// What the guest pays for one of a unit type, as it was when it was booked.
    pub fn retail_of(&self, unit: UnitId) -> Dong {
        self.retail.0.iter().find(|(id, _)| *id == unit).map_or(Dong::ZERO, |(_, price)| *price)
    }

    /// What the guests pay for all tickets.
    pub fn retail(&self) -> Dong {
        self.items.0.iter().map(|ticket| self.retail_of(ticket.unit)).sum()
    }

    /// Takes the prices of a day for the unit types that have none yet, or for all of them.
    pub(super) fn price(&mut self, option: &TourOption, anew: bool) {
        let mut prices = Vec::new();
        for unit in &option.units {
            let before = self.retail.0.iter().find(|(id, _)| *id == unit.id && !anew);
            prices.push((unit.id, before.map_or(unit.price, |(_, price)| *price)));
        }
        self.retail = Retail(prices);
    }

    fn row(&self) -> Columns {
        columns! {
            reference: self.reference,
            contact: self.contact,
            items: self.items,
            retail: self.retail,
            updated_at: self.updated_at,
        }
    }
}

/// False when the company used the uuid before.
pub(super) async fn insert(tx: &mut Tx, resale: &Resale) -> Result<bool, StoreError> {
    let fixed = columns! {
        booking_id: resale.booking_id,
        contract_id: resale.contract_id,
        uuid: resale.uuid,
        request_hash: resale.request_hash,
    };
    tx.insert_if_new("resale", fixed.and(resale.row())).await
}

pub(super) async fn save(tx: &mut Tx, resale: &Resale) -> Result<(), StoreError> {
    let key = columns! { booking_id: resale.booking_id };
    tx.update_one("resale", resale.row(), key).await
}

pub(super) async fn by_uuid(
    conn: &mut Conn,
    contract: ContractId,
    uuid: Uuid,
) -> Result<Option<Resale>, StoreError> {
    conn.fetch_optional(
        "SELECT * FROM resale WHERE contract_id = $1 AND uuid = $2",
        params![contract, uuid],
    )
    .await
}

pub(super) async fn of_bookings(
    conn: &mut Conn,
    bookings: &[BookingId],
) -> Result<HashMap<BookingId, Resale>, StoreError> {
    let sql = |list: &str| format!("SELECT * FROM resale WHERE booking_id IN ({list})");
    let found: Vec<Resale> = conn.fetch_among(bookings, sql).await?;
    Ok(found.into_iter().map(|resale| (resale.booking_id, resale)).collect())
}

/// So many of each unit type.
pub(super) fn wanted(tickets: &[Ticket]) -> Vec<(UnitId, u32)> {
    let mut wanted: Vec<(UnitId, u32)> = Vec::new();
    for ticket in tickets {
        match wanted.iter_mut().find(|(unit, _)| *unit == ticket.unit) {
            Some((_, quantity)) => *quantity += 1,
            None => wanted.push((ticket.unit, 1)),
        }
    }
    wanted
}

/// Takes out who a travel company said would come; tickets and prices stay for its statement.
pub(crate) async fn forget_traveller(tx: &mut Tx, booking: BookingId) -> Result<(), StoreError> {
    let sql = "SELECT * FROM resale WHERE booking_id = $1";
    let found: Option<Resale> = tx.fetch_optional(sql, params![booking]).await?;
    let Some(mut resale) = found else { return Ok(()) };
    resale.contact = Traveller::default();
    for ticket in &mut resale.items.0 {
        ticket.contact = Traveller::default();
    }
    let row = columns! { contact: resale.contact, items: resale.items };
    tx.update_one("resale", row, columns! { booking_id: booking }).await
}
