//! Incoming transfers: written down once whoever tells of them, matched to a booking by their words.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::account::{self, BankAccount};
use super::code::{PaymentCode, plain};
use super::commission::for_commission;
use super::error::PaymentError;
use super::provider::{IncomingTransfer, Teller};
use super::receive::{Finding, Receipt, receive};
use super::request;
use crate::accounts::Actor;
use crate::catalogue::Catalogue;
use crate::clock::local_date;
use crate::commission;
use crate::craft::delivery::{self, Parcel};
use crate::giftcard::{self, GiftCard};
use crate::ledger::Method;
use crate::shop::{self, Order};
use crate::store::{Conn, StoreError, Tx};
use crate::{
    BankAccountId, BookingId, CommissionId, Dong, GiftCardId, ParcelId, ShopOrderId, TransferId,
    columns, params, stored_enum,
};

stored_enum! {
    pub enum TransferState {
        /// A person has to decide.
        Open = "open",
        Done = "done",
        /// Sent back.
        Returned = "returned",
        /// Looked at, and nothing is to be done.
        Ignored = "ignored",
    }
}

/// Money that came into an account.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Transfer {
    pub id: TransferId,
    pub account_id: BankAccountId,
    #[sqlx(rename = "provider")]
    pub teller: Teller,
    pub amount: Dong,
    pub message: String,
    pub reference: String,
    pub payer: String,
    pub at: DateTime<Utc>,
    pub state: TransferState,
    pub finding: Finding,
    pub booking_id: Option<BookingId>,
    /// The card for which it was taken.
    pub card_id: Option<GiftCardId>,
    /// The parcel whose post it paid.
    pub parcel_id: Option<ParcelId>,
    /// The commission for which it was taken.
    pub commission_id: Option<CommissionId>,
    /// The order of the shop that it paid.
    pub order_id: Option<ShopOrderId>,
    pub decided_by: String,
    pub decided_at: Option<DateTime<Utc>>,
    pub note: String,
    pub returned_on: Option<NaiveDate>,
}

/// Transfers that somebody tells of.
#[derive(Debug, Clone)]
pub struct TakeIn {
    pub catalogue: Arc<Catalogue>,
    pub account: BankAccountId,
    pub transfers: Vec<IncomingTransfer>,
    /// The service (System), or whoever imports a statement.
    pub actor: Actor,
}

/// What became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TakenIn {
    /// Told before, by this teller or another.
    pub known: usize,
    pub matched: usize,
    /// Wait for a person.
    pub open: usize,
}

/// Writes down what is new and matches it. Whoever imports a statement must keep the account.
pub async fn take_in(tx: &mut Tx, command: TakeIn) -> Result<TakenIn, PaymentError> {
    let TakeIn { catalogue, account, transfers, actor } = command;
    let account = account::kept(tx, &actor, account).await?;
    let mut taken = TakenIn::default();
    for transfer in transfers {
        match take_one(tx, &catalogue, &account, &actor, transfer).await? {
            None => taken.known += 1,
            Some(finding) if finding.needs_eyes() => taken.open += 1,
            Some(_) => taken.matched += 1,
        }
    }
    Ok(taken)
}

async fn take_one(
    tx: &mut Tx,
    catalogue: &Arc<Catalogue>,
    account: &BankAccount,
    actor: &Actor,
    transfer: IncomingTransfer,
) -> Result<Option<Finding>, PaymentError> {
    if told_by_another(tx, account.id, &transfer).await? {
        return Ok(None);
    }
    let id = TransferId::new(tx.now());
    let row = columns! {
        id: id,
        account_id: account.id,
        provider: transfer.teller,
        provider_id: transfer.teller_id,
        also_id: *"",
        amount: transfer.amount,
        message: transfer.message,
        reference: transfer.reference,
        payer: transfer.payer,
        at: transfer.at,
        raw: transfer.raw,
        state: TransferState::Open,
        finding: Finding::Unknown,
        decided_by: *"",
        note: *"",
        created_at: tx.now(),
    };
    // The first to write it down has it: told twice at once it is one transfer.
    if !tx.insert_if_new("transfer", row).await? {
        return Ok(None);
    }
    let accounts = &transfer.accounts;
    if !accounts.is_empty() && !accounts.iter().any(|number| account.number.is(number)) {
        found(tx, id, Finding::OtherAccount, For::Nobody).await?;
        return Ok(Some(Finding::OtherAccount));
    }
    let mut bookings = Vec::new();
    let mut cards = Vec::new();
    let mut parcels = Vec::new();
    let mut commissions = Vec::new();
    let mut orders = Vec::new();
    for code in PaymentCode::all_in(&transfer.message) {
        bookings.extend(request::by_code(tx, account.id, &code).await?);
        cards.extend(giftcard::by_pay_code(tx, account.id, &code).await?);
        parcels.extend(delivery::by_pay_code(tx, account.id, &code).await?);
        commissions.extend(commission::by_pay_code(tx, account.id, &code).await?);
        orders.extend(shop::by_pay_code(tx, account.id, &code).await?);
    }
    let on_date = local_date(transfer.at).min(local_date(tx.now()));
    // Two of them in one message: which part is whose, only a person can say.
    let sum = (id, transfer.amount, on_date);
    let payment = match (&bookings[..], &cards[..], &parcels[..], &commissions[..], &orders[..]) {
        ([payment], [], [], [], []) => payment,
        ([], [card], [], [], []) => {
            return Ok(Some(for_card(tx, actor, account, card, sum).await?));
        }
        ([], [], [parcel], [], []) => {
            return Ok(Some(for_parcel(tx, actor, account, parcel, sum).await?));
        }
        ([], [], [], [commission], []) => {
            return Ok(Some(for_commission(tx, actor, account, commission, sum).await?));
        }
        ([], [], [], [], [order]) => {
            return Ok(Some(for_order(tx, actor, account, order, sum).await?));
        }
        _ => return Ok(Some(Finding::Unknown)),
    };
    let receipt = Receipt {
        catalogue,
        booking: payment.booking_id,
        amount: transfer.amount,
        method: Method::Transfer,
        account: Some(account.id),
        transfer: Some(id),
        card: None,
        on_date,
        actor,
        note: "",
        event: format!("transfer:{id}"),
    };
    let (finding, _) = receive(tx, receipt).await?;
    found(tx, id, finding, For::Booking(payment.booking_id)).await?;
    Ok(Some(finding))
}

/// A transfer pays for a card: it becomes valid, or the money waits for a person.
pub(super) async fn for_card(
    tx: &mut Tx,
    actor: &Actor,
    account: &BankAccount,
    card: &GiftCard,
    (id, amount, on_date): (TransferId, Dong, NaiveDate),
) -> Result<Finding, PaymentError> {
    let paid = giftcard::Paid {
        actor,
        card: card.id,
        amount,
        account: account.id,
        coop: account.coop_id,
        transfer: id,
        on_date,
        event: format!("transfer:{id}"),
    };
    let finding = giftcard::receive(tx, paid).await?;
    found(tx, id, finding, For::Card(card.id)).await?;
    Ok(finding)
}

/// A transfer pays the post of a parcel, or waits for a person.
pub(super) async fn for_parcel(
    tx: &mut Tx,
    actor: &Actor,
    account: &BankAccount,
    parcel: &Parcel,
    (id, amount, on_date): (TransferId, Dong, NaiveDate),
) -> Result<Finding, PaymentError> {
    let paid = delivery::ParcelPaid {
        actor,
        parcel: parcel.id,
        amount,
        coop: account.coop_id,
        on_date,
        event: format!("transfer:{id}"),
    };
    let finding = delivery::receive(tx, paid).await?;
    found(tx, id, finding, For::Parcel(parcel.id)).await?;
    Ok(finding)
}

/// A transfer pays for an order, or waits for a person.
pub(super) async fn for_order(
    tx: &mut Tx,
    actor: &Actor,
    account: &BankAccount,
    order: &Order,
    (id, amount, on_date): (TransferId, Dong, NaiveDate),
) -> Result<Finding, PaymentError> {
    let paid = shop::OrderPaid {
        actor,
        order: order.id,
        amount,
        account: account.id,
        transfer: id,
        on_date,
        event: format!("transfer:{id}"),
    };
    let finding = shop::receive(tx, paid).await?;
    found(tx, id, finding, For::Order(order.id)).await?;
    Ok(finding)
}

/// For what a transfer was taken.
#[derive(Debug, Clone, Copy)]
pub(super) enum For {
    Nobody,
    Booking(BookingId),
    Card(GiftCardId),
    Parcel(ParcelId),
    Commission(CommissionId),
    Order(ShopOrderId),
}

/// Notes what a transfer is.
pub(super) async fn found(
    tx: &mut Tx,
    id: TransferId,
    finding: Finding,
    of: For,
) -> Result<(), StoreError> {
    let state = if finding.needs_eyes() { TransferState::Open } else { TransferState::Done };
    let (mut booking, mut card, mut parcel, mut commission, mut order) =
        (None, None, None, None, None);
    match of {
        For::Nobody => {}
        For::Booking(id) => booking = Some(id),
        For::Card(id) => card = Some(id),
        For::Parcel(id) => parcel = Some(id),
        For::Commission(id) => commission = Some(id),
        For::Order(id) => order = Some(id),
    }
    let row = columns! {
        finding: finding,
        state: state,
        booking_id: booking,
        card_id: card,
        parcel_id: parcel,
        commission_id: commission,
        order_id: order,
    };
    tx.update_one("transfer", row, columns! { id: id }).await
}

#[derive(sqlx::FromRow)]
struct Same {
    id: TransferId,
    message: String,
    reference: String,
    at: DateTime<Utc>,
    also_id: String,
}

/// Whether a service has told of what a statement tells now, or the other way round: the same amount
/// with the same number of the bank, or on the same day with the same words. Each is recognised
/// once, so that of two equal transfers neither gets lost.
async fn told_by_another(
    tx: &mut Tx,
    account: BankAccountId,
    transfer: &IncomingTransfer,
) -> Result<bool, StoreError> {
    let (from, to) = (transfer.at - TimeDelta::days(2), transfer.at + TimeDelta::days(2));
    let others: Vec<Same> = tx
        .fetch_all(
            "SELECT id, message, reference, at, also_id FROM transfer WHERE account_id = $1 \
             AND amount = $2 AND provider <> $3 AND at BETWEEN $4 AND $5 ORDER BY at, id",
            params![account, transfer.amount, transfer.teller, from, to],
        )
        .await?;
    if others.iter().any(|other| other.also_id == transfer.teller_id) {
        return Ok(true);
    }
    let same = others.iter().find(|other| {
        let both = !other.reference.is_empty() && !transfer.reference.is_empty();
        let same = if both {
            other.reference.eq_ignore_ascii_case(&transfer.reference)
        } else {
            local_date(other.at) == local_date(transfer.at)
                && plain(&other.message) == plain(&transfer.message)
        };
        same && other.also_id.is_empty()
    });
    let Some(same) = same else { return Ok(false) };
    let row = columns! { also_id: transfer.teller_id };
    tx.update_one("transfer", row, columns! { id: same.id }).await?;
    Ok(true)
}

pub async fn transfer(conn: &mut Conn, id: TransferId) -> Result<Option<Transfer>, StoreError> {
    conn.fetch_optional("SELECT * FROM transfer WHERE id = $1", params![id]).await
}
