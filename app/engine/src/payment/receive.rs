//! Money of a booking arrives, or goes back: the only two ways in which moves are written.

use std::sync::Arc;

use chrono::NaiveDate;
use serde_json::json;

use super::account;
use super::error::{Field, PaymentError, Wrong};
use super::money::{MoveKind, money_of, reckon};
use super::request;
use super::terms::beforehand;
use crate::accounts::{Actor, audit};
use crate::booking::{self, Booking, BookingError, StateKind, query};
use crate::catalogue::Catalogue;
use crate::giftcard::Origin;
use crate::ledger::{self, Method, Paid, Till};
use crate::mail::Letter;
use crate::mail::outbox::{self, Envelope};
use crate::store::{Conn, StoreError, Tx};
use crate::{
    BankAccountId, BookingId, CoopId, Dong, GiftCardId, MoveId, TransferId, columns, params,
    stored_enum,
};

stored_enum! {
    /// What a transfer turned out to be.
    pub enum Finding {
        /// What was asked: the booking counts.
        Paid = "paid",
        /// More than was asked.
        Over = "over",
        /// Some of what was asked; parts count together.
        Part = "part",
        /// What was left of the price.
        Rest = "rest",
        /// Too late, but there were seats still: the booking counts again.
        Retaken = "retaken",
        /// Too late, and the seats are gone.
        Late = "late",
        /// Once more for what is paid already.
        Twice = "twice",
        /// For a booking that was cancelled, or whose guest did not come.
        Cancelled = "cancelled",
        /// No booking was recognised.
        Unknown = "unknown",
        /// The teller names another account than this.
        OtherAccount = "other_account",
    }
}

impl Finding {
    /// Whether a person has to look at it.
    pub const fn needs_eyes(self) -> bool {
        !matches!(self, Finding::Paid | Finding::Part | Finding::Rest | Finding::Retaken)
    }
}

/// Money of a booking that came in.
#[derive(Debug)]
pub(super) struct Receipt<'a> {
    pub catalogue: &'a Arc<Catalogue>,
    pub booking: BookingId,
    pub amount: Dong,
    pub method: Method,
    pub account: Option<BankAccountId>,
    pub transfer: Option<TransferId>,
    /// The gift card whose money it is.
    pub card: Option<(GiftCardId, Origin)>,
    pub on_date: NaiveDate,
    pub actor: &'a Actor,
    pub note: &'a str,
    /// The same event is one move.
    pub event: String,
}

/// Takes the money in, makes the booking count when that is enough, writes the receipt.
pub(super) async fn receive(
    tx: &mut Tx,
    receipt: Receipt<'_>,
) -> Result<(Finding, MoveId), PaymentError> {
    let booking = query::by_id(tx, receipt.booking).await?.ok_or(PaymentError::Unknown)?;
    let before = money_of(tx, booking.id).await?;
    let asked = match request::of_booking(tx, booking.id).await? {
        Some(payment) => payment.amount,
        None => beforehand(booking.total, 100),
    };
    let paid = before.net() + receipt.amount;
    let open = reckon(&booking, before).open;
    let finding = match booking.state.kind() {
        StateKind::Held | StateKind::AwaitingPayment if paid < asked => Finding::Part,
        StateKind::Expired if paid < asked => Finding::Late,
        kind @ (StateKind::Held | StateKind::AwaitingPayment | StateKind::Expired) => {
            if !count(tx, receipt.catalogue, &booking).await? {
                Finding::Late
            } else if kind == StateKind::Expired {
                Finding::Retaken
            } else if paid > asked {
                Finding::Over
            } else {
                Finding::Paid
            }
        }
        StateKind::Confirmed | StateKind::CheckedIn if receipt.amount == open => Finding::Rest,
        StateKind::Confirmed | StateKind::CheckedIn => {
            let again = same_before(tx, booking.id, receipt.amount).await?;
            if receipt.amount < open && !again { Finding::Rest } else { Finding::Twice }
        }
        StateKind::Cancelled | StateKind::NoShow => Finding::Cancelled,
    };
    let late = matches!(finding, Finding::Late | Finding::Cancelled)
        // The seats are still kept: the guest only has to finish the form.
        && !matches!(booking.state.kind(), StateKind::Held | StateKind::AwaitingPayment);
    let sum = Sum {
        booking: &booking,
        kind: MoveKind::Received,
        amount: receipt.amount,
        method: receipt.method,
        account: receipt.account,
        transfer: receipt.transfer,
        card: receipt.card,
        late,
        on_date: receipt.on_date,
        actor: receipt.actor,
        note: receipt.note,
        event: receipt.event,
    };
    let moved = write(tx, sum).await?;
    let detail = json!({ "amount": receipt.amount, "finding": finding });
    let workshop = Some(booking.workshop_id);
    audit::record(tx, receipt.actor, "payment.receive", &booking.code, workshop, detail).await?;
    Ok((finding, moved))
}

/// Makes the booking count; false where it can't any more (no seats, too late, off). What the
/// database says ends the whole transaction.
async fn count(
    tx: &mut Tx,
    catalogue: &Arc<Catalogue>,
    booking: &Booking,
) -> Result<bool, PaymentError> {
    match booking::confirm_paid(tx, catalogue, booking.id).await {
        Ok(_) => Ok(true),
        Err(error @ (BookingError::Store(_) | BookingError::Changed)) => Err(error.into()),
        Err(_) => Ok(false),
    }
}

/// Whether the same amount came before for this booking.
async fn same_before(
    conn: &mut Conn,
    booking: BookingId,
    amount: Dong,
) -> Result<bool, StoreError> {
    let one: Option<(MoveId,)> = conn
        .fetch_optional(
            "SELECT id FROM payment_move WHERE booking_id = $1 AND amount = $2 \
             AND kind = 'received' LIMIT 1",
            params![booking, amount],
        )
        .await?;
    Ok(one.is_some())
}

/// Money that goes back to a booking's guest.
#[derive(Debug)]
pub(super) struct GivenBack<'a> {
    pub booking: &'a Booking,
    pub amount: Dong,
    pub method: Method,
    pub account: Option<BankAccountId>,
    /// The gift card that has it again.
    pub card: Option<(GiftCardId, Origin)>,
    pub on_date: NaiveDate,
    pub actor: &'a Actor,
    pub note: &'a str,
    pub event: String,
}

/// Notes money that went back; never more than is held. The transfers that waited for it are done.
/// None where the event is known already.
pub(super) async fn give_back(
    tx: &mut Tx,
    back: GivenBack<'_>,
) -> Result<Option<MoveId>, PaymentError> {
    let GivenBack { booking, amount, method, account, card, on_date, actor, note, event } = back;
    if known(tx, &event).await? {
        return Ok(None);
    }
    let held = money_of(tx, booking.id).await?.net();
    if amount > held {
        return Err(PaymentError::Fields(vec![(Field::Amount, Wrong::Above { most: held })]));
    }
    let sum = Sum {
        booking,
        kind: MoveKind::Refunded,
        amount,
        method,
        account,
        transfer: None,
        card,
        late: false,
        on_date,
        actor,
        note,
        event,
    };
    let moved = write(tx, sum).await?;
    let left = reckon(booking, money_of(tx, booking.id).await?).due;
    // What a card got back is no transfer's.
    if left == Dong::ZERO && card.is_none() {
        tx.execute(
            "UPDATE transfer SET state = 'returned', decided_by = $2, decided_at = $3, \
             returned_on = $4, note = $5 WHERE booking_id = $1 AND state = 'open'",
            params![booking.id, actor.label(), tx.now(), on_date, *note],
        )
        .await?;
    }
    let detail = json!({ "amount": amount, "on_date": on_date });
    let workshop = Some(booking.workshop_id);
    audit::record(tx, actor, "payment.refund", &booking.code, workshop, detail).await?;
    Ok(Some(moved))
}

/// Whether this event has been written down already.
pub(super) async fn known(conn: &mut Conn, event: &str) -> Result<bool, StoreError> {
    let found: Option<(MoveId,)> = conn
        .fetch_optional("SELECT id FROM payment_move WHERE event_key = $1", params![*event])
        .await?;
    Ok(found.is_some())
}

/// The sum that moves.
struct Sum<'a> {
    booking: &'a Booking,
    kind: MoveKind,
    amount: Dong,
    method: Method,
    account: Option<BankAccountId>,
    transfer: Option<TransferId>,
    card: Option<(GiftCardId, Origin)>,
    late: bool,
    on_date: NaiveDate,
    actor: &'a Actor,
    note: &'a str,
    event: String,
}

/// The move, the ledger's entry and the guest's letter.
async fn write(tx: &mut Tx, sum: Sum<'_>) -> Result<MoveId, PaymentError> {
    let id = MoveId::new(tx.now());
    let row = columns! {
        id: id,
        event_key: sum.event,
        booking_id: sum.booking.id,
        workshop_id: sum.booking.workshop_id,
        account_id: sum.account,
        transfer_id: sum.transfer,
        card_id: sum.card.map(|(card, _)| card),
        kind: sum.kind,
        amount: sum.amount,
        method: sum.method,
        late: sum.late,
        on_date: sum.on_date,
        actor: sum.actor.label(),
        note: *sum.note,
        created_at: tx.now(),
    };
    tx.insert("payment_move", row).await?;
    let till = match sum.card {
        Some((_, Origin::Bought)) => Till::Cards,
        Some((_, Origin::Given)) => Till::Given,
        None => coop_of(tx, sum.account).await?.map_or(Till::Workshop, Till::Coop),
    };
    let paid = Paid {
        booking: sum.booking,
        amount: sum.amount,
        on_date: sum.on_date,
        method: sum.method,
        till,
        actor: sum.actor,
        note: sum.note,
        event: format!("payment:{id}"),
    };
    let letter = match sum.kind {
        MoveKind::Received => {
            ledger::received(tx, paid).await?;
            Letter::PaymentReceived
        }
        MoveKind::Refunded => {
            ledger::refunded(tx, paid).await?;
            Letter::RefundMade
        }
    };
    let booking = sum.booking;
    if !booking.email.is_empty() {
        let envelope = Envelope {
            event_key: format!("{letter}:{id}"),
            letter,
            recipient: booking.email.clone(),
            recipient_name: booking.name.clone(),
            locale: booking.locale,
            payload: json!({ "move_id": id }),
            booking_id: Some(booking.id),
            workshop_id: Some(booking.workshop_id),
        };
        outbox::post(tx, envelope).await?;
    }
    Ok(id)
}

/// The co-op whose account it is.
pub(super) async fn coop_of(
    conn: &mut Conn,
    account: Option<BankAccountId>,
) -> Result<Option<CoopId>, StoreError> {
    let Some(id) = account else { return Ok(None) };
    Ok(account::by_id(conn, id).await?.and_then(|account| account.coop_id))
}
