//! An order's money by makers: each one's part is entered among the maker's own.

use chrono::NaiveDate;

use super::error::ShopError;
use super::order::{Line, Order};
use crate::accounts::Actor;
use crate::ledger::{self, Method, SalePaid, Sold, Till};
use crate::store::Tx;
use crate::{Dong, WorkshopId};

/// What of an order is one maker's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part {
    pub workshop: WorkshopId,
    pub goods: Dong,
    /// The post is entered with the first part.
    pub postage: Dong,
    pub pieces: i32,
}

/// The parts of an order, in the order of the makers' ids. Of a workshop's own shelf it is one.
pub(super) fn parts(lines: &[Line], postage: Dong) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for line in lines {
        let at = parts.iter().position(|part| part.workshop == line.workshop_id);
        let at = at.unwrap_or_else(|| {
            let (goods, workshop) = (Dong::ZERO, line.workshop_id);
            parts.push(Part { workshop, goods, postage: Dong::ZERO, pieces: 0 });
            parts.len() - 1
        });
        if let Some(part) = parts.get_mut(at) {
            part.goods += line.sum();
            part.pieces += line.quantity;
        }
    }
    parts.sort_by_key(|part| part.workshop);
    if let Some(first) = parts.first_mut() {
        first.postage = postage;
    }
    parts
}

/// So much of the order's money, by parts: the sums are exact to the đồng, and all of the price gives
/// each maker all of theirs.
pub(super) fn allot(parts: &[Part], amount: Dong) -> Vec<(WorkshopId, Dong)> {
    let whole: i128 = parts.iter().map(|part| i128::from((part.goods + part.postage).0)).sum();
    let (mut up_to, mut given) = (0_i128, 0_i128);
    parts
        .iter()
        .map(|part| {
            up_to += i128::from((part.goods + part.postage).0);
            let all = (i128::from(amount.0) * up_to).checked_div(whole).unwrap_or(0);
            let own = all - given;
            given = all;
            (part.workshop, Dong(i64::try_from(own).unwrap_or(0)))
        })
        .collect()
}

/// Money of an order as it is entered.
#[derive(Debug)]
pub(super) struct Moving<'a> {
    pub order: &'a Order,
    pub lines: &'a [Line],
    /// What was held of the order before, and what is now.
    pub held: (Dong, Dong),
    pub till: Till,
    pub method: Method,
    pub on_date: NaiveDate,
    pub actor: &'a Actor,
    pub note: &'a str,
    /// Names the event.
    pub event: String,
}

/// Enters what moved: for each maker the difference of what was and is held for them.
pub(super) async fn enter_money(tx: &mut Tx, moving: Moving<'_>) -> Result<(), ShopError> {
    let parts = parts(moving.lines, moving.order.postage);
    let (before, after) = (allot(&parts, moving.held.0), allot(&parts, moving.held.1));
    for ((workshop, before), (_, after)) in before.into_iter().zip(after) {
        if before == after {
            continue;
        }
        let paid = SalePaid {
            workshop,
            till: moving.till,
            amount: after - before,
            on_date: moving.on_date,
            method: moving.method,
            code: moving.order.code.to_string(),
            actor: moving.actor,
            note: moving.note,
            event_key: format!("{}:{workshop}", moving.event),
        };
        ledger::sale_paid(tx, paid).await?;
    }
    Ok(())
}

fn sale_key(order: &Order, workshop: WorkshopId) -> String {
    format!("sale:{}:{workshop}", order.id)
}

/// The pieces left the house: each maker has earned their part.
pub(super) async fn enter_sale(
    tx: &mut Tx,
    order: &Order,
    lines: &[Line],
    on_date: NaiveDate,
    actor: &Actor,
) -> Result<(), ShopError> {
    for part in parts(lines, order.postage) {
        let sold = Sold {
            workshop: part.workshop,
            coop: order.coop_id,
            goods: part.goods,
            postage: part.postage,
            pieces: part.pieces,
            on_date,
            code: order.code.to_string(),
            actor,
            event_key: sale_key(order, part.workshop),
        };
        ledger::sold(tx, sold).await?;
    }
    Ok(())
}

/// They came back: nobody has earned anything.
pub(super) async fn take_back(
    tx: &mut Tx,
    order: &Order,
    lines: &[Line],
    on_date: NaiveDate,
    actor: &Actor,
) -> Result<(), ShopError> {
    for part in parts(lines, order.postage) {
        ledger::sale_back(tx, sale_key(order, part.workshop), on_date, actor).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parts_of(sums: &[i64]) -> Vec<Part> {
        let at = chrono::DateTime::UNIX_EPOCH;
        let part = |sum: &i64| Part {
            workshop: WorkshopId::new(at),
            goods: Dong(*sum),
            postage: Dong::ZERO,
            pieces: 1,
        };
        sums.iter().map(part).collect()
    }

    proptest! {
        #[test]
        fn parts_of_money_add_up(
            sums in prop::collection::vec(1_i64..1_000_000_000, 1..6), amount in 0_i64..9_000_000_000,
        ) {
            let parts = parts_of(&sums);
            let allotted = allot(&parts, Dong(amount));
            prop_assert_eq!(allotted.iter().map(|(_, part)| part.0).sum::<i64>(), amount);
            prop_assert!(allotted.iter().all(|(_, part)| part.0 >= 0));
            let whole: i64 = sums.iter().sum();
            let all: Vec<i64> = allot(&parts, Dong(whole)).into_iter().map(|(_, it)| it.0).collect();
            prop_assert_eq!(all, sums);
        }
    }
}
