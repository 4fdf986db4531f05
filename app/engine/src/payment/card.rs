//! A booking's money that comes from gift cards, and goes back to them.

use std::sync::Arc;

use serde_json::json;

use super::error::PaymentError;
use super::money::{money_of, reckon};
use super::receive::{Finding, GivenBack, Receipt, give_back, known, receive};
use super::transfer::Transfer;
use super::{TransferState, account};
use crate::accounts::Actor;
use crate::booking::Booking;
use crate::catalogue::Catalogue;
use crate::clock::local_date;
use crate::giftcard::{self, GiftCard, Origin};
use crate::ledger::Method;
use crate::store::{Conn, StoreError, Tx};
use crate::{BookingId, Dong, GiftCardId, MoveId, ShopOrderId, columns, params};

/// A card pays so much of a booking; what the card has left was lessened before.
#[derive(Debug)]
pub(crate) struct ByCard<'a> {
    pub catalogue: &'a Arc<Catalogue>,
    pub booking: BookingId,
    pub card: &'a GiftCard,
    pub amount: Dong,
    pub actor: &'a Actor,
    pub event: String,
}

/// Takes a card's money for a booking, which counts when that is enough.
pub(crate) async fn pay_by_card(
    tx: &mut Tx,
    paid: ByCard<'_>,
) -> Result<(Finding, MoveId), PaymentError> {
    let note = paid.card.hint();
    let receipt = Receipt {
        catalogue: paid.catalogue,
        booking: paid.booking,
        amount: paid.amount,
        method: Method::GiftCard,
        account: None,
        transfer: None,
        card: Some((paid.card.id, paid.card.origin)),
        on_date: local_date(tx.now()),
        actor: paid.actor,
        note: &note,
        event: paid.event,
    };
    receive(tx, receipt).await
}

/// Whether an event has paid already.
pub(crate) async fn has_paid(conn: &mut Conn, event: &str) -> Result<bool, StoreError> {
    known(conn, event).await
}

/// What cards hold of a booking's price now: each with its part, the latest first.
async fn parts(
    conn: &mut Conn,
    booking: BookingId,
) -> Result<Vec<(GiftCardId, Origin, Dong)>, StoreError> {
    conn.fetch_all(
        "SELECT card.id, card.origin, CAST(SUM(CASE WHEN move.kind = 'received' THEN move.amount \
         ELSE -move.amount END) AS BIGINT) AS part FROM payment_move move \
         JOIN gift_card card ON card.id = move.card_id WHERE move.booking_id = $1 \
         GROUP BY card.id, card.origin HAVING SUM(CASE WHEN move.kind = 'received' \
         THEN move.amount ELSE -move.amount END) > 0 ORDER BY MAX(move.created_at) DESC, card.id",
        params![booking],
    )
    .await
}

/// How much of a booking's price was paid by cards and is not back on them.
pub async fn paid_by_cards(conn: &mut Conn, booking: BookingId) -> Result<Dong, StoreError> {
    Ok(parts(conn, booking).await?.into_iter().map(|(_, _, part)| part).sum())
}

/// What a booking that was cancelled, ran out or became cheaper owes goes back to its cards first,
/// at most what they paid; what is left of it a person pays back.
pub(crate) async fn back_to_cards(tx: &mut Tx, booking: &Booking) -> Result<(), StoreError> {
    for (card, origin, part) in parts(tx, booking.id).await? {
        let amount = reckon(booking, money_of(tx, booking.id).await?).due.min(part);
        if amount <= Dong::ZERO {
            break;
        }
        let back = GivenBack {
            booking,
            amount,
            method: Method::GiftCard,
            account: None,
            card: Some((card, origin)),
            on_date: local_date(tx.now()),
            actor: &Actor::System,
            note: "",
            event: format!("card_back:{}:{card}:{}", booking.id, booking.version),
        };
        if let Some(moved) = give_back(tx, back).await.map_err(broken)? {
            giftcard::restore(tx, card, amount, moved).await?;
        }
    }
    Ok(())
}

/// The amounts above are at most what is held, so that only the database can say no.
fn broken(error: PaymentError) -> StoreError {
    match error {
        PaymentError::Store(error) => error,
        other => StoreError::Abandoned(other.to_string()),
    }
}

/// A transfer for a card goes back whole.
pub(super) async fn send_back(
    tx: &mut Tx,
    actor: &Actor,
    transfer: &Transfer,
    card: GiftCardId,
    on_date: chrono::NaiveDate,
    note: &str,
) -> Result<(), PaymentError> {
    let account = account::by_id(tx, transfer.account_id).await?.ok_or(PaymentError::Unknown)?;
    let back = giftcard::Back {
        actor,
        card,
        amount: transfer.amount,
        account: Some(account.id),
        coop: account.coop_id,
        on_date,
        note,
        event: format!("returned:{}", transfer.id),
    };
    giftcard::give_back(tx, back).await
}

/// All transfers of a card that wait for a person are done: nothing is due any more.
pub(crate) async fn settle_of_card(
    tx: &mut Tx,
    card: GiftCardId,
    actor: &Actor,
    on_date: chrono::NaiveDate,
) -> Result<(), StoreError> {
    let row = columns! {
        state: TransferState::Returned,
        decided_by: actor.label(),
        decided_at: tx.now(),
        returned_on: Some(on_date),
    };
    tx.update("transfer", row, columns! { card_id: card, state: TransferState::Open }).await?;
    Ok(())
}

/// The same of an order.
pub(crate) async fn settle_of_order(
    tx: &mut Tx,
    order: ShopOrderId,
    actor: &Actor,
    on_date: chrono::NaiveDate,
) -> Result<(), StoreError> {
    let row = columns! {
        state: TransferState::Returned,
        decided_by: actor.label(),
        decided_at: tx.now(),
        returned_on: Some(on_date),
    };
    tx.update("transfer", row, columns! { order_id: order, state: TransferState::Open }).await?;
    Ok(())
}

/// What a transfer did for a card, in the audit's words.
pub(crate) fn told(amount: Dong, finding: Finding) -> serde_json::Value {
    json!({ "amount": amount, "finding": finding })
}
