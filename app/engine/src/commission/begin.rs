//! The customer accepts; with the deposit the work begins.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use super::entry::{self, By, Mark, New};
use super::error::CommissionError;
use super::model::{Commission, asks, go, lock};
use super::money::money_of;
use super::news::{News, Told, to_customer, to_host};
use super::state::{State, StateKind, Step};
use crate::accounts::{Actor, audit};
use crate::store::Tx;
use crate::{CommissionId, CommissionOfferId, Dong, columns, payment};

/// For how long the deposit is waited for, and how long before the end of it is reminded of.
const PAY_DAYS: TimeDelta = TimeDelta::days(7);
const REMIND: TimeDelta = TimeDelta::days(2);

/// The customer takes the offer. They have shown the commission's secret.
#[derive(Debug, Clone)]
pub struct Accept {
    pub commission: CommissionId,
    /// The offer that they saw: a newer one is not accepted by a page that was left open.
    pub offer: CommissionOfferId,
}

/// Accepts it, and asks for the deposit; where the offer asks for none, or the money is there, the work
/// begins at once. Accepting twice is accepting once.
pub async fn accept(tx: &mut Tx, command: Accept) -> Result<Commission, CommissionError> {
    let mut commission = lock(tx, command.commission).await?;
    let (offer, _) = money_of(tx, &commission).await?;
    let offer = offer.filter(|offer| offer.id == command.offer);
    let offer = offer.ok_or(CommissionError::State(commission.kind()))?;
    if commission.kind().under_way() {
        return Ok(commission);
    }
    let open = commission.state.until().is_some_and(|until| tx.now() < until);
    if commission.kind() != StateKind::Offered || !open {
        return Err(CommissionError::State(commission.kind()));
    }
    let until = tx.now() + PAY_DAYS;
    go(tx, &mut commission, Step::Accept, State::Accepted { until }).await?;
    let account = payment::of_workshop(tx, commission.workshop_id).await?;
    commission.account_id = account.map(|account| account.id);
    let row = columns! { account_id: commission.account_id, remind_at: Some(until - REMIND) };
    tx.update_one("commission", row, columns! { id: commission.id }).await?;
    asks(tx, &mut commission, false).await?;
    let new = New { offer: Some(offer.id), ..New::plain(Mark::Accepted, By::Customer) };
    entry::write(tx, &commission, new).await?;
    if if_paid(tx, &mut commission).await? {
        // What had come too late for an earlier offer counts now.
        payment::count_of_commission(tx, commission.id).await?;
    }
    to_customer(tx, &commission, Told::of(News::Accepted)).await?;
    to_host(tx, &commission, Told::of(News::Accepted)).await?;
    let workshop = Some(commission.workshop_id);
    let detail = json!({ "amount": offer.price });
    audit::record(tx, &Actor::Guest, "commission.accept", commission.id, workshop, detail).await?;
    Ok(commission)
}

/// Begins where nothing of the deposit is missing any more; tells whether it did.
pub(super) async fn if_paid(
    tx: &mut Tx,
    commission: &mut Commission,
) -> Result<bool, CommissionError> {
    if commission.kind() != StateKind::Accepted {
        return Ok(false);
    }
    let (_, money) = money_of(tx, commission).await?;
    if money.now > Dong::ZERO {
        return Ok(false);
    }
    go(tx, commission, Step::Begin, State::Making).await?;
    Ok(true)
}

/// When an offer that may be accepted on a day for the last time runs out: as the day ends.
pub(super) fn end_of(day: chrono::NaiveDate) -> Option<DateTime<Utc>> {
    let next = day.succ_opt()?;
    crate::clock::venue_instant(next, chrono::NaiveTime::MIN)
}
