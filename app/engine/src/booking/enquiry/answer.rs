//! Answers that are no offer: the guest accepts or withdraws, the host declines.

use std::sync::Arc;

use serde_json::json;

use super::super::confirm::{Confirm, confirm};
use super::super::model::Booking;
use super::ask::{to_guest, to_host};
use super::offer::take_back;
use super::{Enquiry, EnquiryError, EnquiryState, MAX_WORDS, by_id, update};
use crate::EnquiryId;
use crate::accounts::{Actor, audit};
use crate::catalogue::Catalogue;
use crate::mail::Letter;
use crate::store::Tx;

/// The guest takes the offer.
#[derive(Debug, Clone)]
pub struct Accept {
    pub catalogue: Arc<Catalogue>,
    pub enquiry: EnquiryId,
}

/// Confirms the offered booking; twice answers the confirmed one.
/// [`super::super::BookingError::Fields`] says what the guest must still fill in on the booking's
/// own page (a waiver, an answer).
pub async fn accept(tx: &mut Tx, command: Accept) -> Result<Booking, EnquiryError> {
    let enquiry = by_id(tx, command.enquiry).await?.ok_or(EnquiryError::Unknown)?;
    let offered = matches!(enquiry.state, EnquiryState::Offered | EnquiryState::Accepted);
    let booking = enquiry.booking_id.filter(|_| offered);
    let booking = booking.ok_or(EnquiryError::State(enquiry.state))?;
    Ok(confirm(tx, Confirm { catalogue: command.catalogue, booking }).await?)
}

/// The host can't take the group.
#[derive(Debug, Clone)]
pub struct Decline {
    pub actor: Actor,
    pub enquiry: EnquiryId,
    /// Words to the guest.
    pub words: String,
}

/// Tells the guest, in the host's words; an open offer ends. Declining twice tells once.
pub async fn decline(tx: &mut Tx, command: Decline) -> Result<Enquiry, EnquiryError> {
    let mut enquiry = by_id(tx, command.enquiry).await?.ok_or(EnquiryError::Unknown)?;
    command.actor.must_own(enquiry.workshop_id)?;
    if enquiry.state == EnquiryState::Declined {
        return Ok(enquiry);
    }
    if !enquiry.state.is_open() {
        return Err(EnquiryError::State(enquiry.state));
    }
    let words = command.words.trim();
    if words.is_empty() || words.chars().count() > MAX_WORDS {
        return Err(EnquiryError::Words);
    }
    take_back(tx, &mut enquiry, &command.actor).await?;
    enquiry.state = EnquiryState::Declined;
    enquiry.reply = words.to_owned();
    update(tx, &mut enquiry).await?;
    to_guest(tx, &enquiry, Letter::EnquiryDeclined).await?;
    let workshop = Some(enquiry.workshop_id);
    audit::record(tx, &command.actor, "enquiry.decline", enquiry.id, workshop, json!({})).await?;
    Ok(enquiry)
}

/// The guest does not want the offer, or asks no longer. The host is told.
pub async fn withdraw(tx: &mut Tx, enquiry: EnquiryId) -> Result<Enquiry, EnquiryError> {
    let mut enquiry = by_id(tx, enquiry).await?.ok_or(EnquiryError::Unknown)?;
    if enquiry.state == EnquiryState::Withdrawn {
        return Ok(enquiry);
    }
    if !enquiry.state.is_open() {
        return Err(EnquiryError::State(enquiry.state));
    }
    take_back(tx, &mut enquiry, &Actor::Guest).await?;
    enquiry.state = EnquiryState::Withdrawn;
    update(tx, &mut enquiry).await?;
    to_host(tx, &enquiry, "withdrawn").await?;
    let workshop = Some(enquiry.workshop_id);
    audit::record(tx, &Actor::Guest, "enquiry.withdraw", enquiry.id, workshop, json!({})).await?;
    Ok(enquiry)
}
