//! What becomes of an order: called off, packed, sent, handed over, given back.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::error::{Field, ShopError, Wrong, words_of};
use super::letters::{self, OrderEvent};
use super::order::{
    Line, Order, OrderState, OrderWay, by_id, lines, lock, must_answer, must_handle,
};
use super::pay::{Money, back_to_cards, paid_for, take};
use super::split::{enter_sale, take_back};
use super::stock;
use crate::accounts::{Actor, audit};
use crate::clock::local_date;
use crate::craft::delivery::{self, ParcelState, TrackData};
use crate::ledger::Method;
use crate::payment::MoveKind;
use crate::store::Tx;
use crate::{Dong, ShopOrderId, columns};

const MAX_REASON: usize = 500;

/// The buyer, who has shown the order's secret, calls it off; until it is packed. All that was paid is
/// due back.
pub async fn cancel(tx: &mut Tx, (id, reason): (ShopOrderId, String)) -> Result<(), ShopError> {
    let order = lock(tx, id).await?;
    if order.state == OrderState::Cancelled {
        return Ok(());
    }
    if !order.may_cancel() {
        return Err(ShopError::State);
    }
    let mut wrongs = Vec::new();
    let reason = words_of(&reason, Field::Reason, (MAX_REASON, false), &mut wrongs);
    if !wrongs.is_empty() {
        return Err(ShopError::Fields(wrongs));
    }
    // Nobody has begun anything for one that waits for its money.
    let told = order.state == OrderState::Open;
    let order = end(tx, order, OrderState::Cancelled, &reason).await?;
    letters::to_buyer(tx, &order, OrderEvent::Cancelled, "").await?;
    if told {
        letters::to_seller(tx, &order, OrderEvent::Cancelled).await?;
    }
    said(tx, &Actor::Guest, &order, "order.cancel", json!({ "reason": reason })).await
}

/// An order ends with its pieces still in the house: they can be had again, and what cards paid is back
/// on them.
pub(super) async fn end(
    tx: &mut Tx,
    order: Order,
    state: OrderState,
    reason: &str,
) -> Result<Order, ShopError> {
    let lines = lines(tx, order.id).await?;
    stock::give_back(tx, &lines).await?;
    if let Some(parcel) = order.parcel_id {
        let packed = delivery::parcel(tx, parcel).await?;
        if packed.is_some_and(|parcel| parcel.state == ParcelState::Packed) {
            delivery::unpack(tx, parcel).await?;
        }
        delivery::cancel(tx, parcel).await?;
    }
    let row = columns! {
        state: state,
        reason: *reason,
        due_at: None::<DateTime<Utc>>,
        ended_at: Some(tx.now()),
    };
    tx.update_one("shop_order", row, columns! { id: order.id }).await?;
    let order = by_id(tx, order.id).await?.ok_or(ShopError::Unknown)?;
    back_to_cards(tx, &order).await?;
    Ok(order)
}

/// The buyer gives it back.
#[derive(Debug, Clone)]
pub struct Withdraw {
    pub order: ShopOrderId,
    /// What was not as the page said.
    pub reason: String,
}

/// Says so, within the time for it; the seller answers.
pub async fn withdraw(tx: &mut Tx, command: Withdraw) -> Result<(), ShopError> {
    let Withdraw { order, reason } = command;
    let order = lock(tx, order).await?;
    let until = order.may_withdraw_until().ok_or(ShopError::State)?;
    if tx.now() > until {
        return Err(ShopError::TooLate);
    }
    let mut wrongs = Vec::new();
    let reason = words_of(&reason, Field::Reason, (MAX_REASON, true), &mut wrongs);
    if !wrongs.is_empty() {
        return Err(ShopError::Fields(wrongs));
    }
    let row = columns! {
        state: OrderState::Withdrawn,
        reason: reason,
        withdrawn_at: Some(tx.now()),
    };
    tx.update_one("shop_order", row, columns! { id: order.id }).await?;
    letters::to_buyer(tx, &order, OrderEvent::Withdrawn, "").await?;
    letters::to_seller(tx, &order, OrderEvent::Withdrawn).await?;
    said(tx, &Actor::Guest, &order, "order.withdraw", json!({ "reason": reason })).await
}

/// What whoever packs it does.
#[derive(Debug, Clone)]
pub enum Deed {
    /// Packed for the post, or ready to be collected.
    Pack,
    Unpack,
    /// Given to a carrier, with its number.
    Post(TrackData),
    /// The buyer has it.
    Arrive,
    /// Handed over at the counter; what is open is paid by then.
    HandOver(Option<Method>),
    /// It can't be delivered: all that was paid is due back.
    Cancel(String),
    /// What the buyer gave back is here again.
    Return,
    /// It is as the page said: the order stands.
    Refuse(String),
}

#[derive(Debug, Clone)]
pub struct Handle {
    pub actor: Actor,
    pub order: ShopOrderId,
    pub deed: Deed,
}

/// Does it. Done twice it is refused: somebody was quicker.
pub async fn handle(tx: &mut Tx, command: Handle) -> Result<(), ShopError> {
    let Handle { actor, order, deed } = command;
    let order = lock(tx, order).await?;
    must_handle(tx, &actor, &order).await?;
    let lines = lines(tx, order.id).await?;
    match deed {
        Deed::Pack => pack(tx, &actor, &order).await,
        Deed::Unpack => unpack(tx, &actor, &order).await,
        Deed::Post(track) => post(tx, &actor, &order, &lines, track).await,
        Deed::Arrive => {
            let parcel = order.parcel_id.filter(|_| order.state == OrderState::Posted);
            delivery::arrive(tx, parcel.ok_or(ShopError::State)?).await?;
            finish(tx, &order).await?;
            said(tx, &actor, &order, "order.arrive", json!({})).await
        }
        Deed::HandOver(method) => hand_over(tx, &actor, &order, &lines, method).await,
        Deed::Cancel(reason) => {
            if !order.state.keeps() {
                return Err(ShopError::State);
            }
            let reason = must_say(&reason, Field::Reason)?;
            let order = end(tx, order, OrderState::Cancelled, &reason).await?;
            letters::to_buyer(tx, &order, OrderEvent::Cancelled, &reason).await?;
            said(tx, &actor, &order, "order.cancel", json!({ "reason": reason })).await
        }
        Deed::Return => {
            must_answer(tx, &actor, &order).await?;
            returned(tx, &actor, &order, &lines).await
        }
        Deed::Refuse(words) => {
            must_answer(tx, &actor, &order).await?;
            if order.state != OrderState::Withdrawn {
                return Err(ShopError::State);
            }
            let words = must_say(&words, Field::Reply)?;
            let row = columns! {
                state: OrderState::Done,
                reply: words,
                ended_at: Some(order.ended_at.unwrap_or(tx.now())),
            };
            tx.update_one("shop_order", row, columns! { id: order.id }).await?;
            letters::to_buyer(tx, &order, OrderEvent::Refused, &words).await?;
            said(tx, &actor, &order, "order.refuse", json!({ "words": words })).await
        }
    }
}

fn must_say(text: &str, field: Field) -> Result<String, ShopError> {
    let mut wrongs = Vec::new();
    let words = words_of(text, field, (MAX_REASON, true), &mut wrongs);
    if wrongs.is_empty() { Ok(words) } else { Err(ShopError::Fields(wrongs)) }
}

async fn pack(tx: &mut Tx, actor: &Actor, order: &Order) -> Result<(), ShopError> {
    if order.state != OrderState::Open {
        return Err(ShopError::State);
    }
    if let Some(parcel) = order.parcel_id {
        delivery::pack(tx, parcel).await?;
    }
    let row = columns! { state: OrderState::Packed, packed_at: Some(tx.now()) };
    tx.update_one("shop_order", row, columns! { id: order.id }).await?;
    if order.way == OrderWay::Collect {
        letters::to_buyer(tx, order, OrderEvent::Ready, "").await?;
    }
    said(tx, actor, order, "order.pack", json!({})).await
}

async fn unpack(tx: &mut Tx, actor: &Actor, order: &Order) -> Result<(), ShopError> {
    if order.state != OrderState::Packed {
        return Err(ShopError::State);
    }
    if let Some(parcel) = order.parcel_id {
        delivery::unpack(tx, parcel).await?;
    }
    let row = columns! { state: OrderState::Open, packed_at: None::<DateTime<Utc>> };
    tx.update_one("shop_order", row, columns! { id: order.id }).await?;
    said(tx, actor, order, "order.unpack", json!({})).await
}

async fn post(
    tx: &mut Tx,
    actor: &Actor,
    order: &Order,
    lines: &[Line],
    track: TrackData,
) -> Result<(), ShopError> {
    let parcel = order.parcel_id.filter(|_| order.state == OrderState::Packed);
    let parcel = parcel.ok_or(ShopError::State)?;
    if order.open(paid_for(tx, order.id).await?) > Dong::ZERO {
        return Err(ShopError::NotPaid);
    }
    delivery::post(tx, parcel, track).await?;
    stock::send(tx, lines).await?;
    let row = columns! { state: OrderState::Posted, sent_at: Some(tx.now()) };
    tx.update_one("shop_order", row, columns! { id: order.id }).await?;
    enter_sale(tx, order, lines, local_date(tx.now()), actor).await?;
    letters::to_buyer(tx, order, OrderEvent::Posted, "").await?;
    said(tx, actor, order, "order.post", json!({})).await
}

async fn hand_over(
    tx: &mut Tx,
    actor: &Actor,
    order: &Order,
    lines: &[Line],
    method: Option<Method>,
) -> Result<(), ShopError> {
    let here = matches!(order.state, OrderState::Open | OrderState::Packed);
    if !here || order.way != OrderWay::Collect {
        return Err(ShopError::State);
    }
    let open = order.open(paid_for(tx, order.id).await?);
    if open > Dong::ZERO {
        let wrong = || ShopError::Fields(vec![(Field::Method, Wrong::Choice)]);
        let method = method.filter(|it| *it != Method::GiftCard).ok_or_else(wrong)?;
        let money = Money {
            kind: MoveKind::Received,
            amount: open,
            method,
            account: None,
            transfer: None,
            card: None,
            on_date: local_date(tx.now()),
            actor,
            note: "",
            event: format!("order_counter:{}:{}", order.id, order.version),
        };
        take(tx, order, money).await?;
    }
    stock::send(tx, lines).await?;
    let row = columns! { sent_at: Some(tx.now()) };
    tx.update_one("shop_order", row, columns! { id: order.id }).await?;
    finish(tx, order).await?;
    enter_sale(tx, order, lines, local_date(tx.now()), actor).await?;
    said(tx, actor, order, "order.hand_over", json!({ "amount": open })).await
}

/// It is with its buyer.
pub(super) async fn finish(tx: &mut Tx, order: &Order) -> Result<(), ShopError> {
    let row = columns! {
        state: OrderState::Done,
        due_at: None::<DateTime<Utc>>,
        ended_at: Some(tx.now()),
    };
    tx.update_one("shop_order", row, columns! { id: order.id }).await?;
    Ok(())
}

async fn returned(
    tx: &mut Tx,
    actor: &Actor,
    order: &Order,
    lines: &[Line],
) -> Result<(), ShopError> {
    if order.state != OrderState::Withdrawn {
        return Err(ShopError::State);
    }
    stock::put_back(tx, lines).await?;
    take_back(tx, order, lines, local_date(tx.now()), actor).await?;
    let row = columns! { state: OrderState::Returned, ended_at: Some(tx.now()) };
    tx.update_one("shop_order", row, columns! { id: order.id }).await?;
    let back = by_id(tx, order.id).await?.ok_or(ShopError::Unknown)?;
    back_to_cards(tx, &back).await?;
    letters::to_buyer(tx, &back, OrderEvent::Returned, "").await?;
    said(tx, actor, &back, "order.return", json!({})).await
}

async fn said(
    tx: &mut Tx,
    actor: &Actor,
    order: &Order,
    verb: &'static str,
    detail: serde_json::Value,
) -> Result<(), ShopError> {
    let workshop = Some(order.workshop_id);
    audit::record(tx, actor, verb, order.code.as_str(), workshop, detail).await?;
    Ok(())
}

/// Whether the time to pay or to collect is over.
pub(super) fn is_late(order: &Order, now: DateTime<Utc>) -> bool {
    order.state.keeps() && order.due_at.is_some_and(|due| due <= now)
}
