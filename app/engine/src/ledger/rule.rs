//! Rules of tours and of co-ops, each from its day on; those before are kept.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;

use super::error::{Field, LedgerError, Wrong};
use super::share::Shares;
use crate::accounts::{Actor, audit};
use crate::clock::local_date;
use crate::coop;
use crate::store::{Conn, StoreError, Tx};
use crate::{CoopId, SplitRuleId, TourId, WorkshopId, columns, params};

/// Whose rule it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleOf {
    Tour(TourId),
    /// For the tours of its members that have none of their own.
    Coop(CoopId),
    /// For what is sold from the co-op's shelf.
    Sales(CoopId),
}

impl RuleOf {
    const fn columns(self) -> (Option<TourId>, Option<CoopId>) {
        match self {
            RuleOf::Tour(tour) => (Some(tour), None),
            RuleOf::Coop(coop) | RuleOf::Sales(coop) => (None, Some(coop)),
        }
    }

    const fn of_sales(self) -> bool {
        matches!(self, RuleOf::Sales(_))
    }
}

/// How a visit's money is shared from a day on.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct SplitRule {
    pub id: SplitRuleId,
    pub tour_id: Option<TourId>,
    pub coop_id: Option<CoopId>,
    /// For the co-op's shelf, not for visits.
    pub of_sales: bool,
    /// Visits of this day and later, until the next rule.
    pub valid_from: NaiveDate,
    /// None ends the rules before it: a tour follows its co-op again, and where the co-op has no
    /// rule either, all is the workshop's.
    pub shares: Option<Shares>,
    /// Who made it, as the audit names them.
    pub actor: String,
    pub created_at: DateTime<Utc>,
}

/// All rules of a tour or co-op, the latest first. Of two from the same day the later made holds.
pub async fn rules_of(conn: &mut Conn, of: RuleOf) -> Result<Vec<SplitRule>, StoreError> {
    let (tour, coop) = of.columns();
    conn.fetch_all(
        "SELECT * FROM split_rule WHERE (tour_id = $1 OR coop_id = $2) AND of_sales = $3 \
         ORDER BY valid_from DESC, created_at DESC, id DESC",
        params![tour, coop, of.of_sales()],
    )
    .await
}

/// The rule that holds on a day; None also where the last one ended them.
pub async fn in_force(
    conn: &mut Conn,
    of: RuleOf,
    day: NaiveDate,
) -> Result<Option<SplitRule>, StoreError> {
    let (tour, coop) = of.columns();
    let rule: Option<SplitRule> = conn
        .fetch_optional(
            "SELECT * FROM split_rule WHERE (tour_id = $1 OR coop_id = $2) AND valid_from <= $3 \
             AND of_sales = $4 ORDER BY valid_from DESC, created_at DESC, id DESC LIMIT 1",
            params![tour, coop, day, of.of_sales()],
        )
        .await?;
    Ok(rule.filter(|rule| rule.shares.is_some()))
}

/// The rule by which visits of a tour are shared on a day: its own, or its co-op's.
pub(super) async fn of_visit(
    conn: &mut Conn,
    tour: TourId,
    coop: Option<CoopId>,
    day: NaiveDate,
) -> Result<Option<SplitRule>, StoreError> {
    if let Some(rule) = in_force(conn, RuleOf::Tour(tour), day).await? {
        return Ok(Some(rule));
    }
    match coop {
        Some(coop) => in_force(conn, RuleOf::Coop(coop), day).await,
        None => Ok(None),
    }
}

pub async fn rule(conn: &mut Conn, id: SplitRuleId) -> Result<Option<SplitRule>, StoreError> {
    conn.fetch_optional("SELECT * FROM split_rule WHERE id = $1", params![id]).await
}

/// A rule as it was typed and understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleDraft {
    pub shares: Option<Shares>,
    pub valid_from: NaiveDate,
}

#[derive(Debug, Clone)]
pub struct SaveRule {
    pub actor: Actor,
    pub of: RuleOf,
    pub draft: RuleDraft,
}

/// Adds a rule. It holds from tomorrow at the earliest: visits of today may have been shared
/// already by the one that holds now.
pub async fn save_rule(tx: &mut Tx, command: SaveRule) -> Result<SplitRule, LedgerError> {
    let workshop = match command.of {
        RuleOf::Tour(tour) => {
            let found: Option<(WorkshopId,)> = tx
                .fetch_optional("SELECT workshop_id FROM tour WHERE id = $1", params![tour])
                .await?;
            let (workshop,) = found.ok_or(LedgerError::Unknown)?;
            command.actor.must_own(workshop)?;
            Some(workshop)
        }
        RuleOf::Coop(coop) | RuleOf::Sales(coop) => {
            coop::must_manage(tx, &command.actor, coop).await?;
            None
        }
    };
    if command.draft.valid_from <= local_date(tx.now()) {
        return Err(LedgerError::Fields(vec![(Field::ValidFrom, Wrong::Date)]));
    }
    let (tour_id, coop_id) = command.of.columns();
    let rule = SplitRule {
        id: SplitRuleId::new(tx.now()),
        tour_id,
        coop_id,
        of_sales: command.of.of_sales(),
        valid_from: command.draft.valid_from,
        shares: command.draft.shares,
        actor: command.actor.label(),
        created_at: tx.now(),
    };
    let columns = columns! {
        id: rule.id,
        tour_id: rule.tour_id,
        coop_id: rule.coop_id,
        of_sales: rule.of_sales,
        valid_from: rule.valid_from,
        shares: rule.shares,
        actor: rule.actor,
        created_at: rule.created_at,
    };
    tx.insert("split_rule", columns).await?;
    let subject = match command.of {
        RuleOf::Tour(tour) => tour.to_string(),
        RuleOf::Coop(coop) | RuleOf::Sales(coop) => coop.to_string(),
    };
    let detail = json!({ "valid_from": rule.valid_from, "shares": rule.shares });
    audit::record(tx, &command.actor, "ledger.rule", subject, workshop, detail).await?;
    Ok(rule)
}
