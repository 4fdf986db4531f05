//! Before something expires, whoever answers for it is told: three months, a month and a week before,
//! once each.

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::letters;
use super::model::Credential;
use super::read::{of_holder, rows};
use crate::clock::local_date;
use crate::store::{Conn, Param, StoreError, Tx};
use crate::{columns, params};

/// How many days before the last one, the nearest first.
const DAYS: [i32; 3] = [7, 30, 90];
/// Reminders that one transaction writes, so that it stays short.
const BATCH: i64 = 100;

/// Which reminder is to be sent of what ends in so many days: None where it was sent, or is not due.
pub(super) fn due(left: i64, reminded: Option<i32>) -> Option<i32> {
    let days = DAYS.into_iter().find(|days| left <= i64::from(*days))?;
    (left >= 0 && reminded.is_none_or(|last| last > days)).then_some(days)
}

const DUE: &str = "WHERE credential.state = 'verified' AND credential.valid_until >= $1 \
     AND ((credential.valid_until <= $2 AND credential.reminded IS NULL) \
     OR (credential.valid_until <= $3 AND credential.reminded > 30) \
     OR (credential.valid_until <= $4 AND credential.reminded > 7)) \
     ORDER BY credential.id LIMIT $5";

fn days_of(today: NaiveDate, most: i64) -> Vec<Param> {
    let [week, month, quarter] = DAYS.map(|days| today + Days::new(days.unsigned_abs().into()));
    params![today, quarter, month, week, most]
}

/// Whether [`remind_due`] has something to do.
pub async fn is_due(conn: &mut Conn, now: DateTime<Utc>) -> Result<bool, StoreError> {
    Ok(!rows(conn, DUE, days_of(local_date(now), 1)).await?.is_empty())
}

/// Writes the reminders that are due; answers about how many it decided.
pub async fn remind_due(tx: &mut Tx) -> Result<usize, StoreError> {
    let today = local_date(tx.now());
    let found = rows(tx, DUE, days_of(today, BATCH)).await?;
    for it in &found {
        let left = it.valid_until.map_or(-1, |until| (until - today).num_days());
        let Some(days) = due(left, it.reminded) else { continue };
        if !is_renewed(tx, it).await? {
            letters::expiring(tx, it, days).await?;
        }
        let row = columns! { reminded: days };
        tx.update_one("credential", row, columns! { id: it.id }).await?;
    }
    Ok(found.len())
}

/// Whether the same thing has a newer one, which lasts longer.
async fn is_renewed(tx: &mut Tx, it: &Credential) -> Result<bool, StoreError> {
    let Some(holder) = it.holder() else { return Ok(false) };
    let others = of_holder(tx, &holder).await?;
    Ok(others.iter().any(|other| {
        other.id != it.id
            && other.state == it.state
            && other.thing() == it.thing()
            && other.until().is_none_or(|until| Some(until) > it.until())
    }))
}
