//! What a company owes for the visits of a month.

use super::Sold;
use super::read;
use crate::booking::State;
use crate::ledger::Month;
use crate::store::{Conn, StoreError};
use crate::{ContractId, Dong, params};

/// A line of the statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    pub sold: Sold,
    /// What the guests paid the company, as far as the price of the day says.
    pub retail: Dong,
    /// What the company owes the workshop: the net price, or what cancelling cost.
    pub amount: Dong,
}

/// Visits of a month, by date; what ran out or was given back in time is not in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    pub month: Month,
    pub lines: Vec<Due>,
    /// Paid in this month.
    pub paid: Dong,
}

impl Statement {
    pub fn due(&self) -> Dong {
        self.lines.iter().map(|line| line.amount).sum()
    }

    pub fn people(&self) -> i32 {
        self.lines.iter().map(|line| line.sold.booking.people).sum()
    }
}

/// What is owed for a booking as it is.
pub(super) fn amount(sold: &Sold) -> Dong {
    match sold.booking.state {
        State::Confirmed { .. } | State::CheckedIn { .. } | State::NoShow => sold.booking.total,
        State::Cancelled { refund_percent, .. } => {
            sold.booking.total.percent(100_u8.saturating_sub(refund_percent))
        }
        State::Held { .. } | State::AwaitingPayment { .. } | State::Expired { .. } => Dong::ZERO,
    }
}

/// The statement of a month. Who asks has been asked who they are.
pub async fn statement(
    conn: &mut Conn,
    contract: ContractId,
    month: Month,
) -> Result<Statement, StoreError> {
    let mut lines = Vec::new();
    for sold in read::of_days(conn, contract, month.first(), month.last()).await? {
        let amount = amount(&sold);
        if amount == Dong::ZERO && !sold.booking.state.kind().holds_seats() {
            continue;
        }
        if matches!(sold.booking.state, State::Held { .. } | State::AwaitingPayment { .. }) {
            continue;
        }
        lines.push(Due { retail: sold.resale.retail(), sold, amount });
    }
    let (paid,): (Dong,) = conn
        .fetch_one(
            "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) AS paid FROM reseller_payment \
             WHERE contract_id = $1 AND on_date BETWEEN $2 AND $3",
            params![contract, month.first(), month.last()],
        )
        .await?;
    Ok(Statement { month, lines, paid })
}
