//! Money of a commission comes, or goes back: the only writer of its moves.

use chrono::NaiveDate;
use serde_json::json;

use super::begin;
use super::entry::{self, By, Mark, New};
use super::error::{CommissionError, Field, Wrong};
use super::model::{Commission, Offer, by_id, lock};
use super::money::{MoveKind, Reckoning, money_of};
use super::news::{News, Told, to_customer, to_host};
use super::state::StateKind;
use crate::accounts::{Actor, audit};
use crate::ledger::{self, CommissionEvent, CommissionMoved, Method};
use crate::payment::{self, AccountData, AccountInput, Finding, PaymentError, SumData};
use crate::store::{Conn, StoreError, Tx};
use crate::{
    BankAccountId, CommissionId, CommissionMoveId, CoopId, Dong, TransferId, columns, params,
};

/// Money that came for a commission.
#[derive(Debug)]
pub(crate) struct Paid<'a> {
    pub actor: &'a Actor,
    pub commission: CommissionId,
    pub amount: Dong,
    pub method: Method,
    pub account: Option<BankAccountId>,
    /// Whose account it is, where it is a co-op's.
    pub coop: Option<CoopId>,
    pub transfer: Option<TransferId>,
    pub on_date: NaiveDate,
    pub note: &'a str,
    /// The same event is one move.
    pub event: String,
}

/// Takes the money in; with the deposit the work begins.
pub(crate) async fn receive(tx: &mut Tx, paid: Paid<'_>) -> Result<Finding, PaymentError> {
    take(tx, paid).await.map_err(PaymentError::from)
}

async fn take(tx: &mut Tx, paid: Paid<'_>) -> Result<Finding, CommissionError> {
    let mut commission = lock(tx, paid.commission).await?;
    let (offer, before) = money_of(tx, &commission).await?;
    let finding = found(&commission, offer.as_ref(), before, paid.amount);
    let moved = Moved {
        kind: MoveKind::Received,
        amount: paid.amount,
        method: paid.method,
        account: paid.account,
        coop: paid.coop,
        transfer: paid.transfer,
        on_date: paid.on_date,
        actor: paid.actor,
        note: paid.note,
        event: paid.event,
    };
    write(tx, &commission, moved).await?;
    let amount = Some(paid.amount);
    let new = New { amount, ..New::plain(Mark::Paid, By::System) };
    entry::write(tx, &commission, new).await?;
    let workshop = Some(commission.workshop_id);
    let detail = payment::told(paid.amount, finding);
    audit::record(tx, paid.actor, "commission.receive", commission.id, workshop, detail).await?;
    let told = Told { amount, ..Told::of(News::Paid) };
    to_customer(tx, &commission, told).await?;
    to_host(tx, &commission, told).await?;
    begin::if_paid(tx, &mut commission).await?;
    Ok(finding)
}

/// What money turns out to be.
fn found(
    commission: &Commission,
    offer: Option<&Offer>,
    before: Reckoning,
    amount: Dong,
) -> Finding {
    let price = offer.map_or(Dong::ZERO, |offer| offer.price);
    let sum = before.held + amount;
    match commission.kind() {
        StateKind::Accepted if amount < before.now => Finding::Part,
        StateKind::Accepted if sum <= price => Finding::Paid,
        StateKind::Making | StateKind::Ready if sum <= price => Finding::Rest,
        StateKind::Making | StateKind::Ready | StateKind::Posted | StateKind::Delivered
            if before.open == Dong::ZERO =>
        {
            Finding::Twice
        }
        StateKind::Accepted
        | StateKind::Making
        | StateKind::Ready
        | StateKind::Posted
        | StateKind::Delivered => Finding::Over,
        StateKind::Asked | StateKind::Offered | StateKind::Lapsed => Finding::Late,
        StateKind::Ended => Finding::Cancelled,
    }
}

/// Money that goes back to a customer.
#[derive(Debug)]
pub(crate) struct Back<'a> {
    pub actor: &'a Actor,
    pub commission: CommissionId,
    pub amount: Dong,
    pub method: Method,
    pub account: Option<BankAccountId>,
    pub coop: Option<CoopId>,
    pub on_date: NaiveDate,
    pub note: &'a str,
    pub event: String,
}

/// Notes it; never more than is due. The transfers that waited for it are done.
pub(crate) async fn give_back(tx: &mut Tx, back: Back<'_>) -> Result<(), PaymentError> {
    match send(tx, back).await {
        // The forms of payments have a field for it.
        Err(CommissionError::Fields(wrongs)) => {
            let most = wrongs.iter().find_map(|(_, wrong)| match wrong {
                Wrong::Above { most } => Some(*most),
                _ => None,
            });
            let wrong = payment::Wrong::Above { most: most.unwrap_or_default() };
            Err(PaymentError::Fields(vec![(payment::Field::Date, wrong)]))
        }
        done => done.map_err(PaymentError::from),
    }
}

async fn send(tx: &mut Tx, back: Back<'_>) -> Result<(), CommissionError> {
    let commission = lock(tx, back.commission).await?;
    if happened(tx, &back.event).await? {
        return Ok(());
    }
    let (_, money) = money_of(tx, &commission).await?;
    if back.amount > money.due {
        let wrong = Wrong::Above { most: money.due };
        return Err(CommissionError::Fields(vec![(Field::Amount, wrong)]));
    }
    let moved = Moved {
        kind: MoveKind::Returned,
        amount: back.amount,
        method: back.method,
        account: back.account,
        coop: back.coop,
        transfer: None,
        on_date: back.on_date,
        actor: back.actor,
        note: back.note,
        event: back.event,
    };
    write(tx, &commission, moved).await?;
    if back.amount == money.due {
        payment::settle_of_commission(tx, commission.id, back.actor, back.on_date).await?;
    }
    let amount = Some(back.amount);
    let new = New { amount, ..New::plain(Mark::Returned, By::of(back.actor)) };
    entry::write(tx, &commission, new).await?;
    to_customer(tx, &commission, Told { amount, ..Told::of(News::Returned) }).await?;
    let detail = json!({ "amount": back.amount, "on_date": back.on_date });
    let workshop = Some(commission.workshop_id);
    audit::record(tx, back.actor, "commission.pay_back", commission.id, workshop, detail).await?;
    Ok(())
}

/// Whether this event has been written down already.
async fn happened(conn: &mut Conn, event: &str) -> Result<bool, StoreError> {
    let known: Option<(CommissionMoveId,)> = conn
        .fetch_optional("SELECT id FROM commission_move WHERE event_key = $1", params![*event])
        .await?;
    Ok(known.is_some())
}

/// What moves.
struct Moved<'a> {
    kind: MoveKind,
    amount: Dong,
    method: Method,
    account: Option<BankAccountId>,
    coop: Option<CoopId>,
    transfer: Option<TransferId>,
    on_date: NaiveDate,
    actor: &'a Actor,
    note: &'a str,
    event: String,
}

/// The move and the ledger's entry.
async fn write(
    tx: &mut Tx,
    commission: &Commission,
    moved: Moved<'_>,
) -> Result<(), CommissionError> {
    let id = CommissionMoveId::new(tx.now());
    let row = columns! {
        id: id,
        event_key: moved.event,
        commission_id: commission.id,
        kind: moved.kind,
        amount: moved.amount,
        method: moved.method,
        account_id: moved.account,
        transfer_id: moved.transfer,
        on_date: moved.on_date,
        actor: moved.actor.label(),
        note: *moved.note,
        created_at: tx.now(),
    };
    tx.insert("commission_move", row).await?;
    let event = match moved.kind {
        MoveKind::Received => CommissionEvent::Paid(moved.coop),
        MoveKind::Returned => CommissionEvent::Returned(moved.coop),
    };
    let entered = CommissionMoved {
        event,
        workshop: commission.workshop_id,
        amount: moved.amount,
        on_date: moved.on_date,
        method: Some(moved.method),
        code: commission.code.to_string(),
        actor: moved.actor,
        note: moved.note,
        event_key: format!("commission:{id}"),
    };
    ledger::commission_moved(tx, entered).await?;
    Ok(())
}

/// A commission whose workshop's money the actor answers for.
async fn owned(
    conn: &mut Conn,
    actor: &Actor,
    id: CommissionId,
) -> Result<Commission, CommissionError> {
    let commission = by_id(conn, id).await?.ok_or(CommissionError::Unknown)?;
    actor.must_own(commission.workshop_id)?;
    Ok(commission)
}

/// The account through which money of a commission moves by transfer, and its co-op.
async fn account_for(
    conn: &mut Conn,
    commission: &Commission,
    method: Method,
) -> Result<(Option<BankAccountId>, Option<CoopId>), StoreError> {
    match commission.account_id.filter(|_| method == Method::Transfer) {
        Some(id) => {
            let account = payment::account_by_id(conn, id).await?;
            Ok((Some(id), account.and_then(|account| account.coop_id)))
        }
        None => Ok((None, None)),
    }
}

#[derive(Debug, Clone)]
pub struct MarkPaid {
    pub actor: Actor,
    pub commission: CommissionId,
    pub sum: SumData,
    /// Made with the form: the same form sent again is the same payment.
    pub form_key: String,
}

/// An owner says that the customer has paid, in cash or where no service watches.
pub async fn mark_paid(tx: &mut Tx, command: MarkPaid) -> Result<(), CommissionError> {
    let MarkPaid { actor, commission, sum, form_key } = command;
    let commission = owned(tx, &actor, commission).await?;
    let event = format!("by_hand:{form_key}");
    if happened(tx, &event).await? {
        return Ok(());
    }
    if !matches!(commission.kind(), StateKind::Accepted | StateKind::Making | StateKind::Ready) {
        return Err(CommissionError::State(commission.kind()));
    }
    let (_, money) = money_of(tx, &commission).await?;
    if sum.amount > money.open {
        let wrong = Wrong::Above { most: money.open };
        return Err(CommissionError::Fields(vec![(Field::Amount, wrong)]));
    }
    let (account, coop) = account_for(tx, &commission, sum.method).await?;
    let paid = Paid {
        actor: &actor,
        commission: commission.id,
        amount: sum.amount,
        method: sum.method,
        account,
        coop,
        transfer: None,
        on_date: sum.on_date,
        note: &sum.note,
        event,
    };
    take(tx, paid).await?;
    Ok(())
}

#[derive(Debug, Clone)]
pub struct PayBack {
    pub actor: Actor,
    pub commission: CommissionId,
    pub sum: SumData,
    pub form_key: String,
}

/// An owner says that the customer got money back.
pub async fn pay_back(tx: &mut Tx, command: PayBack) -> Result<(), CommissionError> {
    let PayBack { actor, commission, sum, form_key } = command;
    let commission = owned(tx, &actor, commission).await?;
    let (account, coop) = account_for(tx, &commission, sum.method).await?;
    let back = Back {
        actor: &actor,
        commission: commission.id,
        amount: sum.amount,
        method: sum.method,
        account,
        coop,
        on_date: sum.on_date,
        note: &sum.note,
        event: format!("commission_back:{form_key}"),
    };
    send(tx, back).await
}

/// Where a customer wants money back to. They have shown the commission's secret before.
#[derive(Debug, Clone)]
pub struct SayAccount {
    pub actor: Actor,
    pub commission: CommissionId,
    pub input: AccountInput,
}

pub async fn say_account(tx: &mut Tx, command: SayAccount) -> Result<(), CommissionError> {
    let SayAccount { actor, commission, input } = command;
    let commission = lock(tx, commission).await?;
    if actor != Actor::Guest {
        actor.must_own(commission.workshop_id)?;
    }
    let (bank, number, holder) = AccountData::parse(&input)?.parts();
    let row = columns! { refund_bank: bank, refund_number: number, refund_holder: holder };
    tx.update_one("commission", row, columns! { id: commission.id }).await?;
    let workshop = Some(commission.workshop_id);
    audit::record(tx, &actor, "commission.account", commission.id, workshop, json!({})).await?;
    Ok(())
}
