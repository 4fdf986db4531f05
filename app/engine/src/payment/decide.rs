//! What people decide about money: whose a transfer is, that it went back, that nothing is to be
//! done, that somebody has paid.

use std::sync::Arc;

use chrono::{Days, NaiveDate};
use serde_json::json;

use super::account::{self, AccountOf, BankAccount};
use super::card;
use super::commission::{self as made_to_order, for_commission};
use super::error::{Field, PaymentError, Wrong, Wrongs};
use super::receive::{Finding, GivenBack, Receipt, give_back, known, receive};
use super::transfer::{
    For, Transfer, TransferState, for_card, for_order, for_parcel, found, transfer,
};
use crate::accounts::{Actor, audit};
use crate::booking::{Booking, query};
use crate::catalogue::Catalogue;
use crate::clock::local_date;
use crate::commission;
use crate::craft::delivery;
use crate::giftcard;
use crate::ledger::Method;
use crate::shop;
use crate::store::{Columns, Conn, Tx};
use crate::{BookingId, Dong, TransferId, WorkshopId, columns, coop, params};

/// Longest reason or note, in characters.
const MAX_NOTE: usize = 300;
/// Days back for which money may still be entered by hand.
const BACK_DAYS: u64 = 62;
/// Largest amount that is no slip of the finger.
const MAX_AMOUNT: Dong = Dong(1_000_000_000);

/// A transfer that waits, if the actor keeps its account.
async fn waiting(tx: &mut Tx, actor: &Actor, id: TransferId) -> Result<Transfer, PaymentError> {
    let transfer = transfer(tx, id).await?.ok_or(PaymentError::Unknown)?;
    account::kept(tx, actor, transfer.account_id).await?;
    if transfer.state != TransferState::Open {
        return Err(PaymentError::Decided);
    }
    Ok(transfer)
}

#[derive(Debug, Clone)]
pub struct Assign {
    pub catalogue: Arc<Catalogue>,
    pub actor: Actor,
    pub transfer: TransferId,
    /// A booking's code, as somebody typed or tapped it.
    pub code: String,
}

/// Says whose an unrecognised transfer is: a booking's, a card's, a parcel's, a commission's or an
/// order's; it then does what it would have done by itself.
pub async fn assign(tx: &mut Tx, command: Assign) -> Result<Finding, PaymentError> {
    let Assign { catalogue, actor, transfer, code } = command;
    let transfer = waiting(tx, &actor, transfer).await?;
    let taken = transfer.booking_id.is_some()
        || transfer.card_id.is_some()
        || transfer.parcel_id.is_some()
        || transfer.commission_id.is_some()
        || transfer.order_id.is_some();
    if taken {
        return Err(PaymentError::Decided);
    }
    let account = account::by_id(tx, transfer.account_id).await?.ok_or(PaymentError::Unknown)?;
    let no_booking = || PaymentError::Fields(vec![(Field::Booking, Wrong::NoBooking)]);
    let code: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    let code = code.to_ascii_uppercase();
    let on_date = local_date(transfer.at).min(local_date(tx.now()));
    if let Some(parcel) = delivery::by_any_code(tx, &code).await? {
        if !fits(tx, &account, parcel.workshop_id).await? {
            return Err(no_booking());
        }
        mine(tx, &actor, transfer.id, columns! { parcel_id: parcel.id }).await?;
        let sum = (transfer.id, transfer.amount, on_date);
        return for_parcel(tx, &actor, &account, &parcel, sum).await;
    }
    if let Some(commission) = commission::by_any_code(tx, &code).await? {
        if !fits(tx, &account, commission.workshop_id).await? {
            return Err(no_booking());
        }
        mine(tx, &actor, transfer.id, columns! { commission_id: commission.id }).await?;
        let sum = (transfer.id, transfer.amount, on_date);
        return for_commission(tx, &actor, &account, &commission, sum).await;
    }
    if let Some(order) = shop::by_code(tx, &code).await? {
        let fits = match order.coop_id {
            Some(coop) => account.of() == Some(AccountOf::Coop(coop)),
            None => fits(tx, &account, order.workshop_id).await?,
        };
        if !fits {
            return Err(no_booking());
        }
        mine(tx, &actor, transfer.id, columns! { order_id: order.id }).await?;
        let sum = (transfer.id, transfer.amount, on_date);
        return for_order(tx, &actor, &account, &order, sum).await;
    }
    let Some(booking) = query::by_code(tx, &code).await? else {
        let card = giftcard::by_any_code(tx, &code).await?.ok_or_else(no_booking)?;
        let bought = card.pay_code.is_some();
        if !bought || !fits(tx, &account, card.workshop_id).await? {
            return Err(no_booking());
        }
        mine(tx, &actor, transfer.id, columns! { card_id: card.id }).await?;
        let sum = (transfer.id, transfer.amount, on_date);
        return for_card(tx, &actor, &account, &card, sum).await;
    };
    if !fits(tx, &account, booking.workshop_id).await? {
        return Err(no_booking());
    }
    mine(tx, &actor, transfer.id, columns! { booking_id: booking.id }).await?;
    let receipt = Receipt {
        catalogue: &catalogue,
        booking: booking.id,
        amount: transfer.amount,
        method: Method::Transfer,
        account: Some(transfer.account_id),
        transfer: Some(transfer.id),
        card: None,
        on_date,
        actor: &actor,
        note: "",
        event: format!("transfer:{}", transfer.id),
    };
    let (finding, _) = receive(tx, receipt).await?;
    found(tx, transfer.id, finding, For::Booking(booking.id)).await?;
    Ok(finding)
}

/// Whether guests of a workshop may have paid into the account.
async fn fits(
    conn: &mut Conn,
    account: &BankAccount,
    of: WorkshopId,
) -> Result<bool, PaymentError> {
    Ok(match account.of() {
        Some(AccountOf::Workshop(workshop)) => workshop == of,
        Some(AccountOf::Coop(id)) => {
            coop::of_workshop(conn, of).await?.is_some_and(|coop| coop.id == id)
        }
        None => false,
    })
}

/// Whoever comes first has the transfer.
async fn mine(
    tx: &mut Tx,
    actor: &Actor,
    transfer: TransferId,
    of: Columns,
) -> Result<(), PaymentError> {
    let mine = columns! { decided_by: actor.label(), decided_at: tx.now() };
    let open = columns! { id: transfer, state: TransferState::Open };
    match tx.update("transfer", mine.and(of), open).await? {
        0 => Err(PaymentError::Decided),
        _ => Ok(()),
    }
}

#[derive(Debug, Clone)]
pub struct Ignore {
    pub actor: Actor,
    pub transfer: TransferId,
    /// Why nothing is to be done.
    pub reason: String,
}

/// Nothing is to be done about a transfer: it was the owner's own money, or what it has done is right
/// as it is.
pub async fn ignore(tx: &mut Tx, command: Ignore) -> Result<(), PaymentError> {
    let Ignore { actor, transfer, reason } = command;
    let transfer = waiting(tx, &actor, transfer).await?;
    let mut wrongs = Vec::new();
    let note = note_of(&reason, true, &mut wrongs);
    if !wrongs.is_empty() {
        return Err(PaymentError::Fields(wrongs));
    }
    settle(tx, &actor, &transfer, TransferState::Ignored, &note, None).await
}

#[derive(Debug, Clone)]
pub struct SendBack {
    pub actor: Actor,
    pub transfer: TransferId,
    /// When it went back, 2026-12-01.
    pub date: String,
    pub note: String,
}

/// A transfer went back whole. What was taken for a booking or a card is noted there as paid back.
pub async fn send_back(tx: &mut Tx, command: SendBack) -> Result<(), PaymentError> {
    let SendBack { actor, transfer, date, note } = command;
    let transfer = waiting(tx, &actor, transfer).await?;
    let mut wrongs = Vec::new();
    let on_date = date_of(&date, local_date(tx.now()), &mut wrongs);
    let note = note_of(&note, false, &mut wrongs);
    let Some(on_date) = on_date.filter(|_| wrongs.is_empty()) else {
        return Err(PaymentError::Fields(wrongs));
    };
    if let Some(booking) = transfer.booking_id {
        let booking = query::by_id(tx, booking).await?.ok_or(PaymentError::Unknown)?;
        let back = GivenBack {
            booking: &booking,
            amount: transfer.amount,
            method: Method::Transfer,
            account: Some(transfer.account_id),
            card: None,
            on_date,
            actor: &actor,
            note: &note,
            event: format!("returned:{}", transfer.id),
        };
        give_back(tx, back).await?;
    }
    if let Some(id) = transfer.card_id {
        card::send_back(tx, &actor, &transfer, id, on_date, &note).await?;
    }
    if let Some(id) = transfer.commission_id {
        made_to_order::send_back(tx, &actor, &transfer, id, on_date, &note).await?;
    }
    if let Some(parcel) = transfer.parcel_id {
        let account = account::by_id(tx, transfer.account_id).await?;
        let back = delivery::ParcelPaid {
            actor: &actor,
            parcel,
            amount: transfer.amount,
            coop: account.and_then(|account| account.coop_id),
            on_date,
            event: format!("returned:{}", transfer.id),
        };
        delivery::give_back(tx, back).await?;
    }
    if let Some(order) = transfer.order_id {
        let back = shop::OrderBack {
            actor: &actor,
            order,
            amount: transfer.amount,
            method: Method::Transfer,
            account: Some(transfer.account_id),
            on_date,
            note: &note,
            event: format!("returned:{}", transfer.id),
        };
        shop::give_back(tx, back).await?;
    }
    settle(tx, &actor, &transfer, TransferState::Returned, &note, Some(on_date)).await
}

async fn settle(
    tx: &mut Tx,
    actor: &Actor,
    transfer: &Transfer,
    state: TransferState,
    note: &str,
    on_date: Option<NaiveDate>,
) -> Result<(), PaymentError> {
    let row = columns! {
        state: state,
        decided_by: actor.label(),
        decided_at: tx.now(),
        note: *note,
        returned_on: on_date,
    };
    tx.update_one("transfer", row, columns! { id: transfer.id }).await?;
    let detail = json!({ "amount": transfer.amount, "state": state, "note": note });
    let account = account::by_id(tx, transfer.account_id).await?;
    let workshop = account.and_then(|account| account.workshop_id);
    audit::record(tx, actor, "payment.decide", transfer.id, workshop, detail).await?;
    Ok(())
}

/// An amount with its day and words, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SumInput {
    pub amount: String,
    pub date: String,
    /// "cash", "transfer" or "other".
    pub method: String,
    pub note: String,
}

/// The same, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SumData {
    pub amount: Dong,
    pub on_date: NaiveDate,
    pub method: Method,
    pub note: String,
}

impl SumData {
    /// `today` at the venue; `why` says whether a note must be given.
    pub fn parse(input: &SumInput, today: NaiveDate, why: bool) -> Result<SumData, PaymentError> {
        let mut wrongs = Vec::new();
        let amount = input.amount.parse().ok().filter(|sum| (Dong(1)..=MAX_AMOUNT).contains(sum));
        if amount.is_none() {
            wrongs.push((Field::Amount, Wrong::Amount));
        }
        let on_date = date_of(&input.date, today, &mut wrongs);
        let note = note_of(&input.note, why, &mut wrongs);
        let method = Method::by_hand(&input.method).unwrap_or(Method::Transfer);
        match (amount, on_date) {
            (Some(amount), Some(on_date)) if wrongs.is_empty() => {
                Ok(SumData { amount, on_date, method, note })
            }
            _ => Err(PaymentError::Fields(wrongs)),
        }
    }
}

fn date_of(text: &str, today: NaiveDate, wrongs: &mut Wrongs) -> Option<NaiveDate> {
    let first = today - Days::new(BACK_DAYS);
    let date = NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").ok();
    let date = date.filter(|date| (first..=today).contains(date));
    if date.is_none() {
        wrongs.push((Field::Date, Wrong::Date));
    }
    date
}

fn note_of(text: &str, must: bool, wrongs: &mut Wrongs) -> String {
    let text = text.trim();
    if must && text.is_empty() {
        wrongs.push((Field::Note, Wrong::Missing));
    } else if text.chars().count() > MAX_NOTE {
        wrongs.push((Field::Note, Wrong::TooLong { max: MAX_NOTE }));
    }
    text.to_owned()
}

/// A booking whose workshop's money the actor answers for.
pub(super) async fn owned(
    conn: &mut Conn,
    actor: &Actor,
    id: BookingId,
) -> Result<Booking, PaymentError> {
    let booking = query::by_id(conn, id).await?.ok_or(PaymentError::Unknown)?;
    actor.must_own(booking.workshop_id)?;
    Ok(booking)
}

#[derive(Debug, Clone)]
pub struct MarkPaid {
    pub catalogue: Arc<Catalogue>,
    pub actor: Actor,
    pub booking: BookingId,
    pub sum: SumData,
    /// Made with the form: the same form sent again is the same payment.
    pub form_key: String,
}

/// An owner says that a guest has paid, in cash or where no service watches. Who, when and why is in
/// the audit. Money marked as a transfer counts as on the account into which the guest was asked to
/// pay.
pub async fn mark_paid(tx: &mut Tx, command: MarkPaid) -> Result<(), PaymentError> {
    let MarkPaid { catalogue, actor, booking, sum, form_key } = command;
    let booking = owned(tx, &actor, booking).await?;
    let event = format!("by_hand:{form_key}");
    if known(tx, &event).await? {
        return Ok(());
    }
    let account = account_for(tx, &booking, sum.method).await?;
    let receipt = Receipt {
        catalogue: &catalogue,
        booking: booking.id,
        amount: sum.amount,
        method: sum.method,
        account,
        transfer: None,
        card: None,
        on_date: sum.on_date,
        actor: &actor,
        note: &sum.note,
        event,
    };
    receive(tx, receipt).await?;
    Ok(())
}

#[derive(Debug, Clone)]
pub struct Refund {
    pub actor: Actor,
    pub booking: BookingId,
    pub sum: SumData,
    pub form_key: String,
}

/// An owner says that a guest got money back.
pub async fn refund(tx: &mut Tx, command: Refund) -> Result<(), PaymentError> {
    let Refund { actor, booking, sum, form_key } = command;
    let booking = owned(tx, &actor, booking).await?;
    let account = account_for(tx, &booking, sum.method).await?;
    let back = GivenBack {
        booking: &booking,
        amount: sum.amount,
        method: sum.method,
        account,
        card: None,
        on_date: sum.on_date,
        actor: &actor,
        note: &sum.note,
        event: format!("refund:{form_key}"),
    };
    give_back(tx, back).await.map(|_| ())
}

/// The account through which money of a booking moves by transfer: the one that has it already.
async fn account_for(
    conn: &mut Conn,
    booking: &Booking,
    method: Method,
) -> Result<Option<crate::BankAccountId>, PaymentError> {
    if method != Method::Transfer {
        return Ok(None);
    }
    let found: Option<(crate::BankAccountId,)> = conn
        .fetch_optional("SELECT account_id FROM payment WHERE booking_id = $1", params![booking.id])
        .await?;
    Ok(found.map(|(account,)| account))
}
