//! Guests' money before the visit: it comes in, and some of it goes back. Likewise that of gift cards:
//! paid for, it is owed to whoever holds the card; used, it is a guest's who paid beforehand; what runs
//! out is the workshop's. A voucher that was given costs the workshop when it is used.

use chrono::NaiveDate;

use super::book::{self, Amount, Draft, EntryKind, Method, Side};
use super::error::LedgerError;
use super::party::{self, PartyKey};
use crate::accounts::Actor;
use crate::booking::Booking;
use crate::store::{StoreError, Tx};
use crate::words::mail as words;
use crate::{BookingId, CoopId, Dong, Locale, WorkshopId, params};

/// Who has a booking's money before the guest does, and after it went back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Till {
    Workshop,
    /// The co-op on whose account it is.
    Coop(CoopId),
    /// Whoever holds the workshop's gift cards.
    Cards,
    /// A voucher: the workshop pays for its guest.
    Given,
}

impl Till {
    /// On which side of whose account its money stands.
    pub(super) const fn place(self, workshop: WorkshopId) -> (PartyKey, Side) {
        match self {
            Till::Workshop => (PartyKey::Workshop(workshop), Side::Takings),
            Till::Coop(coop) => (PartyKey::CoopFund(coop), Side::Takings),
            Till::Cards => (PartyKey::GiftCards(workshop), Side::Prepaid),
            Till::Given => (PartyKey::Workshop(workshop), Side::Adjusted),
        }
    }
}

/// Money of a booking that moved.
#[derive(Debug)]
pub(crate) struct Paid<'a> {
    pub booking: &'a Booking,
    pub amount: Dong,
    pub on_date: NaiveDate,
    pub method: Method,
    pub till: Till,
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
    let (till, side) = paid.till.place(workshop);
    let till = party::account(tx, &till).await?;
    let till = Amount { party_id: till, side, amount: Dong::ZERO - to_guest };
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

/// What happened to a card's money apart from its use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CardEvent {
    /// Into the workshop's till, or on the account of this co-op.
    Sold(Option<CoopId>),
    /// Paid back to its buyer from there.
    Returned(Option<CoopId>),
    /// Its time is over.
    Expired,
}

#[derive(Debug)]
pub(crate) struct CardMoved<'a> {
    pub event: CardEvent,
    pub workshop: WorkshopId,
    pub amount: Dong,
    pub on_date: NaiveDate,
    /// Enough of the card's code to know it by.
    pub code: String,
    pub actor: &'a Actor,
    pub note: &'a str,
    /// Names the event.
    pub event_key: String,
}

/// What somebody paid for the post, or was paid back (below 0).
#[derive(Debug)]
pub(crate) struct PostagePaid<'a> {
    pub workshop: WorkshopId,
    /// The co-op on whose account it is.
    pub coop: Option<CoopId>,
    pub amount: Dong,
    pub on_date: NaiveDate,
    pub code: String,
    /// What was posted.
    pub what: String,
    pub method: Method,
    pub actor: &'a Actor,
    pub event_key: String,
}

/// Enters it as what it is to the books: guests paid more than their visits cost, and all of it is
/// the workshop's, which pays the post. So it is an adjustment, and no rule shares it.
pub(crate) async fn postage_paid(tx: &mut Tx, paid: PostagePaid<'_>) -> Result<(), LedgerError> {
    let workshop = paid.workshop;
    let own = party::account(tx, &PartyKey::Workshop(workshop)).await?;
    let till = party::account(tx, &PartyKey::till(workshop, paid.coop)).await?;
    let sql = "SELECT locale FROM workshop WHERE id = $1";
    let (locale,): (Locale,) = tx.fetch_one(sql, params![workshop]).await?;
    let draft = Draft {
        event_key: paid.event_key,
        kind: EntryKind::Adjustment,
        workshop,
        on_date: paid.on_date,
        booking: None,
        tour: None,
        code: paid.code,
        people: 0,
        rule: None,
        corrects: None,
        reason: words::postage_reason(locale, &paid.what),
        method: Some(paid.method),
        actor: paid.actor.label(),
        lines: vec![
            Amount { party_id: till, side: Side::Takings, amount: Dong::ZERO - paid.amount },
            Amount { party_id: own, side: Side::Adjusted, amount: paid.amount },
        ],
    };
    book::post(tx, draft).await?;
    Ok(())
}

/// Enters money of a gift card that is no booking's.
pub(crate) async fn card_moved(tx: &mut Tx, moved: CardMoved<'_>) -> Result<(), LedgerError> {
    let workshop = moved.workshop;
    let till = |coop: Option<CoopId>| PartyKey::till(workshop, coop);
    let (kind, other, side, to_cards) = match moved.event {
        CardEvent::Sold(coop) => (EntryKind::CardSold, till(coop), Side::Takings, moved.amount),
        CardEvent::Returned(coop) => {
            (EntryKind::CardReturned, till(coop), Side::Takings, Dong::ZERO - moved.amount)
        }
        CardEvent::Expired => {
            let own = PartyKey::Workshop(workshop);
            (EntryKind::CardExpired, own, Side::Share, Dong::ZERO - moved.amount)
        }
    };
    let cards = party::account(tx, &PartyKey::GiftCards(workshop)).await?;
    let other = party::account(tx, &other).await?;
    let draft = Draft {
        event_key: moved.event_key,
        kind,
        workshop,
        on_date: moved.on_date,
        booking: None,
        tour: None,
        code: moved.code,
        people: 0,
        rule: None,
        corrects: None,
        reason: moved.note.to_owned(),
        method: (kind != EntryKind::CardExpired).then_some(Method::Transfer),
        actor: moved.actor.label(),
        lines: vec![
            Amount { party_id: other, side, amount: Dong::ZERO - to_cards },
            Amount { party_id: cards, side: Side::Prepaid, amount: to_cards },
        ],
    };
    book::post(tx, draft).await?;
    Ok(())
}
