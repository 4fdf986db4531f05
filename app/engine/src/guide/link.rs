//! The guide's own page: who comes, by a secret link and without an account.

use std::collections::HashMap;

use chrono::{NaiveDate, TimeDelta};
use serde_json::json;

use super::error::GuideError;
use super::model::Guide;
use super::read::{self, Duty, lead_of};
use crate::accounts::{Actor, audit};
use crate::booking::checkin::{self, Arrival, CheckIn};
use crate::booking::guests::{Guest, of_bookings};
use crate::booking::{Booking, StateKind, query};
use crate::store::{Conn, StoreError, Tx};
use crate::{BookingId, SlotId};

/// Days ahead that the page shows.
const AHEAD: TimeDelta = TimeDelta::days(30);

/// The path of a guide's page under the site's address.
pub fn link_path(token: &str) -> String {
    format!("/guide/{token}")
}

/// What a guide has to do from a day on, with who comes.
#[derive(Debug, Clone, Default)]
pub struct Coming {
    pub duties: Vec<Duty>,
    bookings: HashMap<SlotId, Vec<Booking>>,
    guests: HashMap<BookingId, Vec<Guest>>,
}

impl Coming {
    /// The parties of a departure, those who only hold seats left out.
    pub fn parties(&self, slot: SlotId) -> impl Iterator<Item = &Booking> {
        let all = self.bookings.get(&slot).map_or(&[][..], Vec::as_slice);
        all.iter()
            .filter(|it| !matches!(it.state.kind(), StateKind::Held | StateKind::AwaitingPayment))
    }

    /// The people of a party who are known by name.
    pub fn guests(&self, booking: BookingId) -> &[Guest] {
        self.guests.get(&booking).map_or(&[], Vec::as_slice)
    }

    pub fn people(&self, slot: SlotId) -> i32 {
        self.parties(slot).map(|it| it.people).sum()
    }
}

pub async fn coming(conn: &mut Conn, guide: &Guide, from: NaiveDate) -> Result<Coming, StoreError> {
    let duties = read::diary(conn, guide.id(), from, from + AHEAD).await?;
    let mut slots: Vec<SlotId> = duties.iter().map(|duty| duty.slot.id).collect();
    slots.sort_unstable();
    slots.dedup();
    let bookings = query::of_slots(conn, &slots).await?;
    let ids: Vec<BookingId> = bookings.values().flatten().map(|it| it.id).collect();
    let guests = of_bookings(conn, ids.into_iter()).await?;
    Ok(Coming { duties, bookings, guests })
}

/// So many of a party are there, says the guide who leads their visit.
#[derive(Debug, Clone)]
pub struct CheckInByGuide {
    pub token: String,
    pub booking: BookingId,
    pub arrived: i32,
}

/// Checks a party in, where the host lets guides do so.
pub async fn check_in(tx: &mut Tx, command: CheckInByGuide) -> Result<Arrival, GuideError> {
    let CheckInByGuide { token, booking, arrived } = command;
    let guide = read::by_token(tx, &token).await?.ok_or(GuideError::Unknown)?;
    let found = query::by_id(tx, booking).await?.ok_or(GuideError::Unknown)?;
    let lead = lead_of(tx, found.slot_id).await?;
    if !guide.may_check_in || lead.is_none_or(|lead| lead.resource_id != guide.id()) {
        return Err(GuideError::Unknown);
    }
    let mark = CheckIn { actor: Actor::System, booking, arrived, at: None };
    let arrival = checkin::check_in(tx, mark).await?;
    let detail = json!({ "guide": guide.name(), "arrived": arrived });
    let workshop = Some(found.workshop_id);
    audit::record(tx, &Actor::Guest, "guide.check_in", &found.code, workshop, detail).await?;
    Ok(arrival)
}
