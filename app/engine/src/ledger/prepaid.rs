//! Guests' money before the visit: it comes in, and some of it goes back.

use chrono::NaiveDate;

use super::book::{self, Amount, Draft, EntryKind, Method, Side};
use super::error::LedgerError;
use super::party::{self, PartyKey};
use crate::accounts::Actor;
use crate::booking::Booking;
use crate::store::{StoreError, Tx};
use crate::{BookingId, CoopId, Dong, params};

/// Money of a booking that moved.
#[derive(Debug)]
pub(crate) struct Paid<'a> {
    pub booking: &'a Booking,
    pub amount: Dong,
    pub on_date: NaiveDate,
    pub method: Method,
    /// The co-op on whose account it is; None: the workshop has it.
    pub coop: Option<CoopId>,
    pub actor: &'a Actor,
    pub note: &'a str,
    /// Names the event.
    pub event: String,
}

/// The guest paid beforehand: whoever has the money owes it to the guest.
pub(crate) async fn received(tx: &mut Tx, paid: Paid<'_>) -> Result<(), LedgerError> {
    let amount = paid.amount;
    moved(tx, paid, EntryKind::Prepayment, amount).await
}

/// The guest was paid back.
pub(crate) async fn refunded(tx: &mut Tx, paid: Paid<'_>) -> Result<(), LedgerError> {
    let amount = Dong::ZERO - paid.amount;
    moved(tx, paid, EntryKind::Refund, amount).await
}

async fn moved(
    tx: &mut Tx,
    paid: Paid<'_>,
    kind: EntryKind,
    to_guest: Dong,
) -> Result<(), LedgerError> {
    let workshop = paid.booking.workshop_id;
    let guests = party::account(tx, &PartyKey::Guests(workshop)).await?;
    let till = match paid.coop {
        Some(coop) => PartyKey::CoopFund(coop),
        None => PartyKey::Workshop(workshop),
    };
    let till = party::account(tx, &till).await?;
    let till = Amount { party_id: till, side: Side::Takings, amount: Dong::ZERO - to_guest };
    let guests = Amount { party_id: guests, side: Side::Prepaid, amount: to_guest };
    let draft = Draft {
        event_key: paid.event,
        kind,
        workshop,
        on_date: paid.on_date,
        booking: Some(paid.booking.id),
        tour: Some(paid.booking.tour_id),
        code: paid.booking.code.clone(),
        people: 0,
        rule: None,
        corrects: None,
        reason: paid.note.to_owned(),
        method: Some(paid.method),
        actor: paid.actor.label(),
        lines: vec![till, guests],
    };
    book::post(tx, draft).await?;
    look_again(tx, paid.booking.id).await?;
    Ok(())
}

/// A visit that is entered already uses up what has come since: its entry is compared again.
async fn look_again(tx: &mut Tx, booking: BookingId) -> Result<(), StoreError> {
    let sql = "UPDATE visit_entered SET booking_version = -1 WHERE booking_id = $1";
    tx.execute(sql, params![booking]).await.map(|_| ())
}
