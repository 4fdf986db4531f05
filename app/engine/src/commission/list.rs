//! Lists: a workshop's commissions by whom they wait for, and those that a co-op is paid for.

use super::error::CommissionError;
use super::model::{Commission, Offer, Waits, of_shop, offers_of_all, paid_to_coop};
use super::money::{Reckoning, held_of_all, reckon};
use super::state::StateKind;
use crate::accounts::Actor;
use crate::store::{Conn, StoreError};
use crate::{CommissionId, CoopId, Dong, WorkshopId, coop};

/// Rows of a list.
const MOST: i64 = 300;

/// A commission as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub commission: Commission,
    /// The latest.
    pub offer: Option<Offer>,
    pub money: Reckoning,
}

impl Listed {
    pub fn waits(&self) -> Waits {
        self.commission.waits(self.money)
    }

    /// Whether it is over: nothing is to come of it any more.
    pub fn is_over(&self) -> bool {
        let over = matches!(
            self.commission.kind(),
            StateKind::Delivered | StateKind::Ended | StateKind::Lapsed
        );
        over && self.waits() == Waits::Nobody
    }
}

async fn listed(conn: &mut Conn, commissions: Vec<Commission>) -> Result<Vec<Listed>, StoreError> {
    let ids: Vec<CommissionId> = commissions.iter().map(|commission| commission.id).collect();
    let mut offers = offers_of_all(conn, &ids).await?;
    let held = held_of_all(conn, &ids).await?;
    Ok(commissions
        .into_iter()
        .map(|commission| {
            let offer = offers.remove(&commission.id);
            let held = held.get(&commission.id).copied().unwrap_or(Dong::ZERO);
            let money = reckon(&commission.state, offer.as_ref(), held);
            Listed { commission, offer, money }
        })
        .collect())
}

/// A workshop's commissions: those that wait for it first, then the latest.
pub async fn of_workshop(
    conn: &mut Conn,
    actor: &Actor,
    workshop: WorkshopId,
) -> Result<Vec<Listed>, CommissionError> {
    actor.must_serve(workshop)?;
    let commissions = of_shop(conn, workshop, MOST).await?;
    let mut all = listed(conn, commissions).await?;
    all.sort_by_key(|one| (one.is_over(), one.waits()));
    Ok(all)
}

/// How many wait for the workshop.
pub async fn waiting(conn: &mut Conn, workshop: WorkshopId) -> Result<usize, StoreError> {
    let commissions = of_shop(conn, workshop, MOST).await?;
    let all = listed(conn, commissions).await?;
    Ok(all.iter().filter(|one| one.waits() == Waits::Workshop).count())
}

/// Commissions that are paid into the accounts of a co-op, for whoever manages it: what is held for
/// customers of which member.
pub async fn of_coop(
    conn: &mut Conn,
    actor: &Actor,
    id: CoopId,
) -> Result<Vec<Listed>, CommissionError> {
    coop::must_manage(conn, actor, id).await?;
    let commissions = paid_to_coop(conn, id, MOST).await?;
    Ok(listed(conn, commissions).await?)
}
