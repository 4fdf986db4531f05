//! Transfers that pay for what is made to order, and go back.

use chrono::NaiveDate;

use super::account::{self, BankAccount};
use super::error::PaymentError;
use super::receive::Finding;
use super::transfer::{For, Transfer, TransferState, found};
use crate::accounts::Actor;
use crate::commission::{self, Commission};
use crate::ledger::Method;
use crate::store::{StoreError, Tx};
use crate::{CommissionId, Dong, TransferId, columns};

/// A transfer pays for a commission: the work begins or goes on, or the money waits for a person.
pub(super) async fn for_commission(
    tx: &mut Tx,
    actor: &Actor,
    account: &BankAccount,
    commission: &Commission,
    (id, amount, on_date): (TransferId, Dong, NaiveDate),
) -> Result<Finding, PaymentError> {
    let paid = commission::Paid {
        actor,
        commission: commission.id,
        amount,
        method: Method::Transfer,
        account: Some(account.id),
        coop: account.coop_id,
        transfer: Some(id),
        on_date,
        note: "",
        event: format!("transfer:{id}"),
    };
    let finding = commission::receive(tx, paid).await?;
    found(tx, id, finding, For::Commission(commission.id)).await?;
    Ok(finding)
}

/// A transfer for a commission goes back whole.
pub(super) async fn send_back(
    tx: &mut Tx,
    actor: &Actor,
    transfer: &Transfer,
    commission: CommissionId,
    on_date: NaiveDate,
    note: &str,
) -> Result<(), PaymentError> {
    let account = account::by_id(tx, transfer.account_id).await?.ok_or(PaymentError::Unknown)?;
    let back = commission::Back {
        actor,
        commission,
        amount: transfer.amount,
        method: Method::Transfer,
        account: Some(account.id),
        coop: account.coop_id,
        on_date,
        note,
        event: format!("returned:{}", transfer.id),
    };
    commission::give_back(tx, back).await
}

/// All transfers of a commission that wait for a person are done: nothing is due any more.
pub(crate) async fn settle_of_commission(
    tx: &mut Tx,
    commission: CommissionId,
    actor: &Actor,
    on_date: NaiveDate,
) -> Result<(), StoreError> {
    let row = columns! {
        state: TransferState::Returned,
        decided_by: actor.label(),
        decided_at: tx.now(),
        returned_on: Some(on_date),
    };
    let open = columns! { commission_id: commission, state: TransferState::Open };
    tx.update("transfer", row, open).await?;
    Ok(())
}

/// What came too late for one offer counts for the next: nobody has to look at it any more.
pub(crate) async fn count_of_commission(
    tx: &mut Tx,
    commission: CommissionId,
) -> Result<(), StoreError> {
    let row = columns! {
        state: TransferState::Done,
        decided_by: Actor::System.label(),
        decided_at: tx.now(),
    };
    let open = columns! { commission_id: commission, state: TransferState::Open };
    tx.update("transfer", row, open).await?;
    Ok(())
}
