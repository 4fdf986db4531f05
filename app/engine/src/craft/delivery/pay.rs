//! The post is paid: in cash, or by a transfer that carries the parcel's code. It is income of the
//! workshop, entered when the money comes.

use chrono::NaiveDate;

use super::error::ParcelError;
use super::make::lock;
use super::model::{Parcel, ParcelState, Pays, awaited, by_code};
use crate::accounts::Actor;
use crate::clock::local_date;
use crate::ledger::{self, Method, PostagePaid};
use crate::payment::{self, BankAccount, Finding, PaymentCode, PaymentError};
use crate::store::{Conn, StoreError, Tx};
use crate::{BankAccountId, CoopId, Dong, ParcelId, columns};

/// The text in the QR code of what is still to pay; None where nothing is.
pub fn pay_text(parcel: &Parcel, account: &BankAccount) -> Option<String> {
    let code = parcel.pay_code.as_ref()?;
    let open = parcel.open();
    (open > Dong::ZERO).then(|| payment::pay_text(code, account, open)).flatten()
}

/// A transfer for a parcel.
#[derive(Debug)]
pub(crate) struct ParcelPaid<'a> {
    pub actor: &'a Actor,
    pub parcel: ParcelId,
    pub amount: Dong,
    /// Whose account it came into, where it is a co-op's.
    pub coop: Option<CoopId>,
    pub on_date: NaiveDate,
    /// Names the event.
    pub event: String,
}

/// Takes a transfer in. What is too much, or for a parcel that was called off, waits for a person.
pub(crate) async fn receive(tx: &mut Tx, paid: ParcelPaid<'_>) -> Result<Finding, PaymentError> {
    take(tx, paid).await.map_err(of_parcel)
}

async fn take(tx: &mut Tx, paid: ParcelPaid<'_>) -> Result<Finding, ParcelError> {
    let parcel = lock(tx, paid.parcel).await?;
    let sum = parcel.paid + paid.amount;
    let finding = match parcel.state {
        ParcelState::Cancelled => Finding::Cancelled,
        _ if parcel.pays != Pays::Transfer || parcel.paid >= parcel.cost => Finding::Twice,
        _ if sum < parcel.cost => Finding::Part,
        _ if sum > parcel.cost => Finding::Over,
        _ => Finding::Paid,
    };
    write(tx, &parcel, paid.amount, Method::Transfer, &paid).await?;
    Ok(finding)
}

/// The recipient paid at the workshop.
pub(crate) async fn take_cash(tx: &mut Tx, actor: &Actor, id: ParcelId) -> Result<(), ParcelError> {
    let parcel = lock(tx, id).await?;
    let open = parcel.open();
    if open <= Dong::ZERO || parcel.state == ParcelState::Cancelled {
        return Err(ParcelError::State);
    }
    let paid = ParcelPaid {
        actor,
        parcel: id,
        amount: open,
        coop: None,
        on_date: local_date(tx.now()),
        event: format!("parcel_cash:{id}:{}", parcel.version),
    };
    write(tx, &parcel, open, Method::Cash, &paid).await
}

/// A transfer went back to whoever sent it.
pub(crate) async fn give_back(tx: &mut Tx, back: ParcelPaid<'_>) -> Result<(), PaymentError> {
    let parcel = lock(tx, back.parcel).await.map_err(of_parcel)?;
    let amount = Dong::ZERO - back.amount.min(parcel.paid);
    write(tx, &parcel, amount, Method::Transfer, &back).await.map_err(of_parcel)
}

/// The only writer of what a parcel's post has brought in.
async fn write(
    tx: &mut Tx,
    parcel: &Parcel,
    amount: Dong,
    method: Method,
    paid: &ParcelPaid<'_>,
) -> Result<(), ParcelError> {
    let row = columns! { paid: parcel.paid + amount, paid_at: Some(tx.now()) };
    tx.update_one("parcel", row, columns! { id: parcel.id }).await?;
    let entry = PostagePaid {
        workshop: parcel.workshop_id,
        coop: paid.coop,
        amount,
        on_date: paid.on_date,
        code: parcel.pay_code.as_ref().map(ToString::to_string).unwrap_or_default(),
        what: parcel.what.clone(),
        method,
        actor: paid.actor,
        event_key: paid.event.clone(),
    };
    ledger::postage_paid(tx, entry).await?;
    Ok(())
}

fn of_parcel(error: ParcelError) -> PaymentError {
    match error {
        ParcelError::Store(error) => error.into(),
        ParcelError::Forbidden(error) => error.into(),
        ParcelError::Ledger(error) => error.into(),
        _ => PaymentError::Unknown,
    }
}

/// The parcel whose code stands in a transfer into this account.
pub(crate) async fn by_pay_code(
    conn: &mut Conn,
    account: BankAccountId,
    code: &PaymentCode,
) -> Result<Option<Parcel>, StoreError> {
    let parcel = by_code(conn, code).await?;
    Ok(parcel.filter(|parcel| parcel.account_id == Some(account)))
}

/// A parcel by the code that somebody typed.
pub(crate) async fn by_any_code(
    conn: &mut Conn,
    typed: &str,
) -> Result<Option<Parcel>, StoreError> {
    match typed.parse::<PaymentCode>() {
        Ok(code) => by_code(conn, &code).await,
        Err(_) => Ok(None),
    }
}

/// Parcels for which money is waited for on an account.
pub(crate) async fn unpaid(
    conn: &mut Conn,
    account: BankAccountId,
    most: i64,
) -> Result<Vec<Parcel>, StoreError> {
    awaited(conn, account, most).await
}
