//! A customer's money: what is to be paid, what came, what goes back. All of it is reckoned from the
//! moves, the offer and the state; nothing is kept that could be out of date.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::model::{Commission, Offer, awaited, offer_of};
use super::state::State;
use crate::ledger::Method;
use crate::store::{Conn, StoreError};
use crate::{BankAccountId, CommissionId, CommissionMoveId, Dong, params, stored_enum};

stored_enum! {
    pub enum MoveKind { Received = "received", Returned = "returned" }
}

/// Money of a commission that came in or went back.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Move {
    pub id: CommissionMoveId,
    pub commission_id: CommissionId,
    pub kind: MoveKind,
    pub amount: Dong,
    pub method: Method,
    pub on_date: NaiveDate,
    pub note: String,
    pub created_at: DateTime<Utc>,
}

/// What follows from a commission's money.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reckoning {
    /// What is held of the customer's money: received less returned.
    pub held: Dong,
    /// To be paid now: the deposit while it is waited for, the rest once all is made.
    pub now: Dong,
    /// Of the price, not paid yet.
    pub open: Dong,
    /// To be paid back.
    pub due: Dong,
}

/// The rule. Before anything was agreed, and after an offer lapsed, all that came is the customer's;
/// of one that was ended all but what the offer's terms keep. Otherwise the customer is owed what is
/// above the price.
pub fn reckon(state: &State, offer: Option<&Offer>, held: Dong) -> Reckoning {
    let price = offer.map_or(Dong::ZERO, |offer| offer.price);
    let deposit = offer.map_or(Dong::ZERO, Offer::deposit);
    let open = (price - held).max(Dong::ZERO);
    let over = (held - price).max(Dong::ZERO);
    let none = Reckoning { held, ..Reckoning::default() };
    match state {
        State::Asked | State::Lapsed => Reckoning { due: held.max(Dong::ZERO), ..none },
        // What came too late for an offer before waits for the answer to this one.
        State::Offered { .. } => Reckoning { open, ..none },
        State::Accepted { .. } => {
            Reckoning { now: (deposit - held).max(Dong::ZERO), open, due: over, ..none }
        }
        State::Ready => Reckoning { now: open, open, due: over, ..none },
        State::Making | State::Posted | State::Delivered => Reckoning { open, due: over, ..none },
        State::Ended { kept, .. } => Reckoning { due: (held - *kept).max(Dong::ZERO), ..none },
    }
}

/// What is held of the customer's money.
pub async fn held(conn: &mut Conn, id: CommissionId) -> Result<Dong, StoreError> {
    Ok(held_of_all(conn, &[id]).await?.remove(&id).unwrap_or_default())
}

/// The same of several; those without any money are left out.
pub(super) async fn held_of_all(
    conn: &mut Conn,
    ids: &[CommissionId],
) -> Result<HashMap<CommissionId, Dong>, StoreError> {
    let sql = |list: &str| {
        format!(
            "SELECT commission_id, CAST(SUM(CASE WHEN kind = 'received' THEN amount \
             ELSE -amount END) AS BIGINT) AS held FROM commission_move \
             WHERE commission_id IN ({list}) GROUP BY commission_id"
        )
    };
    let rows: Vec<(CommissionId, Dong)> = conn.fetch_among(ids, sql).await?;
    Ok(rows.into_iter().collect())
}

/// How a commission's money stands.
pub async fn money_of(
    conn: &mut Conn,
    commission: &Commission,
) -> Result<(Option<Offer>, Reckoning), StoreError> {
    let offer = offer_of(conn, commission.id).await?;
    let held = held(conn, commission.id).await?;
    let reckoning = reckon(&commission.state, offer.as_ref(), held);
    Ok((offer, reckoning))
}

/// A commission's moves, first things first.
pub async fn moves_of(conn: &mut Conn, id: CommissionId) -> Result<Vec<Move>, StoreError> {
    conn.fetch_all(
        "SELECT id, commission_id, kind, amount, method, on_date, note, created_at \
         FROM commission_move WHERE commission_id = $1 ORDER BY created_at, id",
        params![id],
    )
    .await
}

/// Commissions of which money is waited for on an account, with how much.
pub(crate) async fn unpaid(
    conn: &mut Conn,
    account: BankAccountId,
    most: i64,
) -> Result<Vec<(Commission, Dong)>, StoreError> {
    let mut unpaid = Vec::new();
    for commission in awaited(conn, account, most).await? {
        let (_, money) = money_of(conn, &commission).await?;
        if money.now > Dong::ZERO {
            unpaid.push((commission, money.now));
        }
    }
    Ok(unpaid)
}

#[cfg(test)]
mod tests {
    use chrono::{NaiveDate, TimeDelta};
    use proptest::prelude::*;

    use super::super::state::EndedBy;
    use super::*;
    use crate::CommissionOfferId;

    fn offer(price: i64, deposit_percent: i32, kept_percent: i32) -> Offer {
        let at = DateTime::UNIX_EPOCH;
        Offer {
            id: CommissionOfferId::new(at),
            commission_id: CommissionId::new(at),
            number: 1,
            price: Dong(price),
            deposit_percent,
            kept_percent,
            ready_on: NaiveDate::MIN,
            valid_until: NaiveDate::MIN,
            grams: 1_000,
            created_at: at,
        }
    }

    fn states(kept: Dong) -> [State; 8] {
        let until = DateTime::UNIX_EPOCH + TimeDelta::days(1);
        let by = EndedBy::Customer;
        [
            State::Asked,
            State::Lapsed,
            State::Accepted { until },
            State::Making,
            State::Ready,
            State::Posted,
            State::Delivered,
            State::Ended { by, kept, reason: String::new() },
        ]
    }

    #[test]
    fn a_deposit_comes_first_and_the_rest_once_it_is_made() {
        let offer = offer(1_000_000, 40, 50);
        assert_eq!(offer.deposit(), Dong(400_000));
        let until = DateTime::UNIX_EPOCH;
        let at = |state: &State, held| reckon(state, Some(&offer), Dong(held));
        let accepted = State::Accepted { until };
        assert_eq!(at(&accepted, 0).now, Dong(400_000));
        assert_eq!(at(&accepted, 150_000).now, Dong(250_000));
        assert_eq!(at(&State::Making, 400_000).now, Dong::ZERO);
        assert_eq!(at(&State::Ready, 400_000).now, Dong(600_000));
        assert_eq!(at(&State::Ready, 1_100_000).due, Dong(100_000));
        assert_eq!(offer.kept_of(Dong(400_000)), Dong(200_000));
        assert_eq!(offer.kept_of(Dong(100_000)), Dong(100_000), "never more than there is");
    }

    proptest! {
        #[test]
        fn nothing_is_owed_by_both_sides(
            price in 10_000_i64..1_000_000_000, deposit in 0_i32..=100, kept in 0_i32..=100,
            held in 0_i64..2_000_000_000,
        ) {
            let offer = offer(price, deposit, kept);
            let kept = offer.kept_of(Dong(held));
            prop_assert!(kept >= Dong::ZERO && kept <= Dong(held));
            prop_assert!(offer.deposit() <= offer.price);
            for state in states(kept) {
                let money = reckon(&state, Some(&offer), Dong(held));
                prop_assert!(money.due >= Dong::ZERO && money.due <= Dong(held));
                prop_assert!(money.now >= Dong::ZERO && money.now <= money.open.max(offer.deposit()));
                prop_assert!(money.open == Dong::ZERO || money.due == Dong::ZERO);
            }
        }
    }
}
