//! What a company does with its bookings: keep seats, confirm, change, give back. Each step is a
//! verb of every booking; what is added is the contract, and the company's own names for things.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::resale::{self, Resale, Retail, Ticket, Tickets, Traveller, wanted};
use super::{ResellerError, Terms, credit, terms};
use crate::SlotId;
use crate::accounts::{Actor, Seller};
use crate::booking::{
    self, Booking, BookingError, CancelResold, ChangeParty, Confirm, Hold, Labels, Move, State,
    StateKind,
};
use crate::catalogue::{Catalogue, Policy};
use crate::clock::local_date;
use crate::phone::Phone;
use crate::schedule::{NoSeats, Slot, slots};
use crate::store::{Conn, Tx};

/// A booking of a company, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sold {
    pub booking: Booking,
    pub slot: Slot,
    pub resale: Resale,
}

/// The last instant at which cancelling brings something back.
pub fn cancel_until(policy: Policy, starts_at: DateTime<Utc>) -> DateTime<Utc> {
    let notice = policy.steps().iter().map(|(hours, _)| *hours).min().unwrap_or(0);
    starts_at - TimeDelta::hours(notice)
}

impl Sold {
    /// Whether the company may change it, and cancel it without losing everything.
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        match self.booking.state {
            State::Held { .. } => !self.booking.ran_out(now),
            State::Confirmed { .. } => {
                now <= cancel_until(self.booking.policy, self.slot.starts_at)
            }
            _ => false,
        }
    }
}

/// The booking under a uuid, if the seller made it.
pub(super) async fn load(
    conn: &mut Conn,
    seller: &Seller,
    uuid: Uuid,
) -> Result<Option<Sold>, ResellerError> {
    let Some(resale) = resale::by_uuid(conn, seller.contract, uuid).await? else {
        return Ok(None);
    };
    let found = booking::query::detail(conn, resale.booking_id).await?;
    Ok(found.filter(|found| found.booking.test || !seller.test).map(|found| Sold {
        booking: found.booking,
        slot: found.slot,
        resale,
    }))
}

async fn must_load(tx: &mut Tx, seller: &Seller, uuid: Uuid) -> Result<Sold, ResellerError> {
    load(tx, seller, uuid).await?.ok_or(ResellerError::Unknown)
}

/// The seller as it acts on a booking: what was a test stays one, whatever the key.
fn acting(seller: &Seller, sold: &Sold) -> Seller {
    Seller { test: sold.booking.test, ..seller.clone() }
}

/// Whether a departure may be sold under the contract.
fn must_sell(terms: &Terms, catalogue: &Catalogue, slot: &Slot) -> Result<(), ResellerError> {
    let tour = catalogue.tour(slot.tour_id).ok_or(BookingError::NotOnSale)?;
    Ok(terms.must_sell(tour, slot.local_date)?)
}

/// A company wants seats.
#[derive(Debug, Clone)]
pub struct Reserve {
    pub catalogue: Arc<Catalogue>,
    pub seller: Seller,
    /// Chosen by the company; the same one again is the same booking.
    pub uuid: Uuid,
    /// Tells whether the same was asked for.
    pub request_hash: String,
    pub slot: SlotId,
    pub tickets: Vec<Ticket>,
    pub minutes: i64,
    pub notes: String,
    pub reference: String,
    pub contact: Traveller,
}

/// Most minutes for which seats are kept at one time.
pub const MOST_MINUTES: i64 = 120;
/// Usual minutes.
pub const USUAL_MINUTES: i64 = 30;

/// Keeps the seats.
pub async fn reserve(tx: &mut Tx, command: Reserve) -> Result<Sold, ResellerError> {
    let seller = &command.seller;
    if let Some(before) = resale::by_uuid(tx, seller.contract, command.uuid).await? {
        return again(tx, &command, &before).await;
    }
    let terms = terms(tx, seller.contract).await?;
    let slot = slots::find(tx, command.slot).await?.ok_or(BookingError::Seats(NoSeats::Unknown))?;
    must_sell(&terms, &command.catalogue, &slot)?;
    credit::lock(tx, &terms).await?;
    let hold = Hold {
        residents: false,
        catalogue: Arc::clone(&command.catalogue),
        slot: slot.id,
        wanted: wanted(&command.tickets),
        locale: seller.locale,
        form_key: format!("reseller:{}:{}", seller.contract, command.uuid),
        minutes: command.minutes.clamp(1, MOST_MINUTES),
    };
    let held = booking::hold_resold(tx, hold, seller, &terms).await?;
    // The same request, sent twice at once: the other one made the booking.
    if let Some(before) = resale::by_uuid(tx, seller.contract, command.uuid).await? {
        return again(tx, &command, &before).await;
    }
    credit::must_allow(tx, &terms, &held).await?;
    let mut resale = Resale {
        booking_id: held.id,
        contract_id: seller.contract,
        uuid: command.uuid,
        request_hash: command.request_hash.clone(),
        reference: command.reference,
        contact: command.contact,
        items: Tickets(command.tickets),
        retail: Retail::default(),
        updated_at: tx.now(),
    };
    if let Some((_, option)) = command.catalogue.sold_in(&slot, local_date(tx.now())) {
        resale.price(&option, true);
    }
    if !resale::insert(tx, &resale).await? {
        return Err(ResellerError::UuidUsed);
    }
    let booking = label(tx, seller, &held, &resale, Some(command.notes)).await?;
    let slot = slots::find(tx, slot.id).await?.ok_or(BookingError::Unknown)?;
    Ok(Sold { booking, slot, resale })
}

async fn again(tx: &mut Tx, command: &Reserve, before: &Resale) -> Result<Sold, ResellerError> {
    if before.request_hash != command.request_hash {
        return Err(ResellerError::UuidUsed);
    }
    load(tx, &command.seller, command.uuid).await?.ok_or(ResellerError::UuidUsed)
}

/// Writes into the booking who comes, in the words that the workshop reads. The company is written
/// to: what it tells its guests, in whose name and at which price, is its own affair.
async fn label(
    tx: &mut Tx,
    seller: &Seller,
    booking: &Booking,
    resale: &Resale,
    notes: Option<String>,
) -> Result<Booking, ResellerError> {
    let contact = &resale.contact;
    let traveller = contact.name();
    let name = match (traveller.as_str(), resale.reference.as_str()) {
        ("", "") => seller.name.clone(),
        ("", reference) => format!("{} {reference}", seller.name),
        _ => traveller,
    };
    let phone = contact.phone_number.as_deref().and_then(|phone| phone.parse::<Phone>().ok());
    let notes = notes.unwrap_or_else(|| booking.notes.clone());
    let labels = Labels {
        name: name.chars().take(MAX_NAME).collect(),
        email: seller.email.clone(),
        phone: phone.map(|phone| phone.to_string()).unwrap_or_default(),
        notes: notes.chars().take(MAX_NOTES).collect(),
        locale: seller.locale,
    };
    let actor = Actor::Reseller(seller.clone());
    let labelled = booking::label(tx, &actor, booking.id, labels).await?;
    let country = contact.country.as_deref().and_then(|code| code.parse().ok());
    booking::say_country(tx, booking.id, country).await?;
    Ok(labelled)
}

const MAX_NOTES: usize = 2_000;
const MAX_NAME: usize = 120;

/// A company wants the booking to count.
#[derive(Debug, Clone)]
pub struct Finish {
    pub catalogue: Arc<Catalogue>,
    pub seller: Seller,
    pub uuid: Uuid,
    pub contact: Traveller,
    pub reference: Option<String>,
    /// Who comes after all.
    pub tickets: Option<Vec<Ticket>>,
}

/// Confirms. A second time changes nothing; what ran out is gone.
pub async fn finish(tx: &mut Tx, command: Finish) -> Result<Sold, ResellerError> {
    let mut sold = must_load(tx, &command.seller, command.uuid).await?;
    let seller = &acting(&command.seller, &sold);
    if sold.booking.state.kind() == StateKind::Confirmed {
        return Ok(sold);
    }
    if sold.booking.ran_out(tx.now()) {
        return Err(BookingError::State(StateKind::Expired).into());
    }
    if let Some(tickets) = command.tickets {
        change_tickets(tx, &command.catalogue, seller, &mut sold, tickets).await?;
    }
    sold.resale.contact = std::mem::take(&mut sold.resale.contact).merged(command.contact);
    if let Some(reference) = command.reference {
        sold.resale.reference = reference;
    }
    sold.resale.updated_at = tx.now();
    resale::save(tx, &sold.resale).await?;
    label(tx, seller, &sold.booking, &sold.resale, None).await?;
    let confirm = Confirm { catalogue: command.catalogue, booking: sold.booking.id };
    let actor = Actor::Reseller(seller.clone());
    booking::confirm_resold(tx, confirm, &actor).await?;
    must_load(tx, seller, command.uuid).await
}

/// A company changes a booking; what is None stays.
#[derive(Debug, Clone)]
pub struct Update {
    pub catalogue: Arc<Catalogue>,
    pub seller: Seller,
    pub uuid: Uuid,
    /// Another departure, of another tour of the workshop even.
    pub slot: Option<SlotId>,
    pub tickets: Option<Vec<Ticket>>,
    pub minutes: Option<i64>,
    pub contact: Option<Traveller>,
    pub reference: Option<String>,
    pub notes: Option<String>,
}

/// Changes it, all or nothing: new seats are taken before the old ones go back.
pub async fn update(tx: &mut Tx, command: Update) -> Result<Sold, ResellerError> {
    let mut sold = must_load(tx, &command.seller, command.uuid).await?;
    let seller = &acting(&command.seller, &sold);
    if !sold.is_open(tx.now()) {
        return Err(match sold.booking.state {
            State::Confirmed { .. } => BookingError::TooLate,
            State::Held { .. } => BookingError::State(StateKind::Expired),
            _ => BookingError::State(sold.booking.state.kind()),
        }
        .into());
    }
    match command.slot.filter(|slot| *slot != sold.slot.id) {
        Some(to) => move_to(tx, &command.catalogue, seller, &mut sold, to, command.tickets).await?,
        None => {
            if let Some(tickets) = command.tickets {
                change_tickets(tx, &command.catalogue, seller, &mut sold, tickets).await?;
            }
        }
    }
    if let Some(minutes) = command.minutes
        && matches!(sold.booking.state, State::Held { .. })
    {
        let actor = Actor::Reseller(seller.clone());
        match booking::extend(tx, &actor, sold.booking.id, minutes.clamp(1, MOST_MINUTES)).await {
            // It is kept for longer already.
            Ok(_) | Err(BookingError::TooLate) => {}
            Err(error) => return Err(error.into()),
        }
    }
    if let Some(contact) = command.contact {
        sold.resale.contact = std::mem::take(&mut sold.resale.contact).merged(contact);
    }
    if let Some(reference) = command.reference {
        sold.resale.reference = reference;
    }
    sold.resale.updated_at = tx.now();
    resale::save(tx, &sold.resale).await?;
    label(tx, seller, &sold.booking, &sold.resale, command.notes).await?;
    must_load(tx, seller, command.uuid).await
}

async fn change_tickets(
    tx: &mut Tx,
    catalogue: &Arc<Catalogue>,
    seller: &Seller,
    sold: &mut Sold,
    tickets: Vec<Ticket>,
) -> Result<(), ResellerError> {
    let terms = terms(tx, seller.contract).await?;
    credit::lock(tx, &terms).await?;
    let change = ChangeParty {
        catalogue: Arc::clone(catalogue),
        actor: Actor::Reseller(seller.clone()),
        booking: sold.booking.id,
        wanted: wanted(&tickets),
        residents: None,
        over: false,
    };
    sold.booking = booking::change_party(tx, change).await?;
    credit::must_allow(tx, &terms, &sold.booking).await?;
    if let Some((_, option)) = catalogue.sold_in(&sold.slot, local_date(sold.booking.created_at)) {
        sold.resale.price(&option, false);
    }
    sold.resale.items = Tickets(tickets);
    Ok(())
}

async fn move_to(
    tx: &mut Tx,
    catalogue: &Arc<Catalogue>,
    seller: &Seller,
    sold: &mut Sold,
    to: SlotId,
    tickets: Option<Vec<Ticket>>,
) -> Result<(), ResellerError> {
    let terms = terms(tx, seller.contract).await?;
    let target = slots::find(tx, to).await?.ok_or(BookingError::Seats(NoSeats::Unknown))?;
    must_sell(&terms, catalogue, &target)?;
    credit::lock(tx, &terms).await?;
    let step = Move {
        catalogue: Arc::clone(catalogue),
        actor: Actor::Reseller(seller.clone()),
        booking: sold.booking.id,
        to,
        over: false,
    };
    let tickets = tickets.unwrap_or_else(|| sold.resale.items.0.clone());
    sold.booking = booking::rebook(tx, step, Some(&wanted(&tickets))).await?;
    credit::must_allow(tx, &terms, &sold.booking).await?;
    sold.slot = slots::find(tx, to).await?.ok_or(BookingError::Unknown)?;
    if let Some((_, option)) = catalogue.sold_in(&sold.slot, local_date(sold.booking.created_at)) {
        sold.resale.price(&option, true);
    }
    sold.resale.items = Tickets(tickets);
    Ok(())
}

/// A company needs more time.
#[derive(Debug, Clone)]
pub struct Extend {
    pub seller: Seller,
    pub uuid: Uuid,
    pub minutes: i64,
}

pub async fn extend(tx: &mut Tx, command: Extend) -> Result<Sold, ResellerError> {
    let seller = &command.seller;
    let mut sold = must_load(tx, seller, command.uuid).await?;
    let actor = Actor::Reseller(seller.clone());
    let minutes = command.minutes.clamp(1, MOST_MINUTES);
    booking::extend(tx, &actor, sold.booking.id, minutes).await?;
    sold.resale.updated_at = tx.now();
    resale::save(tx, &sold.resale).await?;
    must_load(tx, seller, command.uuid).await
}

/// A company gives a booking back.
#[derive(Debug, Clone)]
pub struct Cancel {
    pub seller: Seller,
    pub uuid: Uuid,
    pub reason: String,
    /// Also where nothing comes back any more.
    pub knowingly: bool,
}

/// Cancels; a second time changes nothing.
pub async fn cancel(tx: &mut Tx, command: Cancel) -> Result<Sold, ResellerError> {
    let sold = must_load(tx, &command.seller, command.uuid).await?;
    let end = CancelResold {
        seller: command.seller.clone(),
        booking: sold.booking.id,
        reason: command.reason,
        knowingly: command.knowingly,
    };
    booking::cancel_resold(tx, end).await?;
    must_load(tx, &command.seller, command.uuid).await
}
