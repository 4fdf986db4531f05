//! The co-op's rules, and the order in which they name its workshops.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use super::{OverflowError, RuleField};
use crate::accounts::{Actor, audit};
use crate::coop::{self, CoopError};
use crate::store::{Conn, StoreError, Tx};
use crate::{CoopId, WorkshopId, params, stored_enum};

stored_enum! {
    /// Who is named first.
    pub enum Ordering {
        /// As the co-op's managers listed them.
        List = "list",
        /// Whoever got the fewest guests in the last thirty days.
        Rotation = "rotation",
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Whether guests are shown departures of sister workshops.
    pub active: bool,
    /// Minutes that these may begin earlier or later.
    pub window_minutes: i32,
    pub ordering: Ordering,
    /// Only departures that cost the guest the same.
    pub equal_price: bool,
    /// The members in the order of the list; who is not named comes last.
    pub list: Vec<WorkshopId>,
}

impl Default for Rule {
    fn default() -> Self {
        Self {
            active: false,
            window_minutes: 60,
            ordering: Ordering::Rotation,
            equal_price: true,
            list: Vec::new(),
        }
    }
}

/// The furthest that "about the same time" may reach.
const LONGEST_WINDOW: i32 = 480;
/// What rotation looks back on.
const LATELY: TimeDelta = TimeDelta::days(30);

#[derive(sqlx::FromRow)]
struct Row {
    active: bool,
    window_minutes: i32,
    ordering: Ordering,
    equal_price: bool,
}

pub async fn rule_of(conn: &mut Conn, coop: CoopId) -> Result<Rule, StoreError> {
    let row: Option<Row> = conn
        .fetch_optional(
            "SELECT active, window_minutes, ordering, equal_price FROM overflow_rule \
             WHERE coop_id = $1",
            params![coop],
        )
        .await?;
    let Some(row) = row else { return Ok(Rule::default()) };
    let list: Vec<(WorkshopId,)> = conn
        .fetch_all(
            "SELECT workshop_id FROM overflow_place WHERE coop_id = $1 \
             ORDER BY position, workshop_id",
            params![coop],
        )
        .await?;
    Ok(Rule {
        active: row.active,
        window_minutes: row.window_minutes,
        ordering: row.ordering,
        equal_price: row.equal_price,
        list: list.into_iter().map(|(workshop,)| workshop).collect(),
    })
}

#[derive(Debug, Clone)]
pub struct SaveRule {
    pub actor: Actor,
    pub coop: CoopId,
    pub rule: Rule,
}

/// Only managers of the co-op set its rules. Of the list, what is no member is left out.
pub async fn save_rule(tx: &mut Tx, command: SaveRule) -> Result<(), OverflowError> {
    let SaveRule { actor, coop, rule } = command;
    coop::must_manage(tx, &actor, coop).await.map_err(of_coop)?;
    if !(0..=LONGEST_WINDOW).contains(&rule.window_minutes) {
        return Err(OverflowError::Rule(vec![RuleField::Window]));
    }
    let members: Vec<WorkshopId> =
        coop::members(tx, coop).await?.iter().map(|member| member.workshop_id).collect();
    tx.execute(
        "INSERT INTO overflow_rule (coop_id, active, window_minutes, ordering, equal_price, \
         updated_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (coop_id) DO UPDATE SET \
         active = $2, window_minutes = $3, ordering = $4, equal_price = $5, updated_at = $6",
        params![coop, rule.active, rule.window_minutes, rule.ordering, rule.equal_price, tx.now()],
    )
    .await?;
    tx.execute("DELETE FROM overflow_place WHERE coop_id = $1", params![coop]).await?;
    for (position, workshop) in (1_i32..).zip(rule.list.iter().filter(|id| members.contains(id))) {
        tx.execute(
            "INSERT INTO overflow_place (coop_id, workshop_id, position) VALUES ($1, $2, $3) \
             ON CONFLICT (coop_id, workshop_id) DO NOTHING",
            params![coop, *workshop, position],
        )
        .await?;
    }
    let detail = json!({
        "active": rule.active, "window_minutes": rule.window_minutes,
        "ordering": rule.ordering, "equal_price": rule.equal_price,
    });
    audit::record(tx, &actor, "overflow.rule", coop, None, detail).await?;
    Ok(())
}

pub(super) fn of_coop(error: CoopError) -> OverflowError {
    match error {
        CoopError::Store(error) => error.into(),
        CoopError::Forbidden(error) => error.into(),
        _ => OverflowError::Unknown,
    }
}

/// The members in the order in which guests are led to them: the first one first.
pub async fn order(
    conn: &mut Conn,
    coop: CoopId,
    rule: &Rule,
    now: DateTime<Utc>,
) -> Result<Vec<WorkshopId>, StoreError> {
    let members: Vec<WorkshopId> =
        coop::members(conn, coop).await?.iter().map(|member| member.workshop_id).collect();
    let listed: HashMap<WorkshopId, usize> =
        rule.list.iter().enumerate().map(|(at, workshop)| (*workshop, at)).collect();
    let place = |workshop: &WorkshopId| listed.get(workshop).copied().unwrap_or(usize::MAX);
    let mut order = members;
    match rule.ordering {
        Ordering::List => order.sort_by_key(place),
        Ordering::Rotation => {
            let lately = super::given::received(conn, coop, now - LATELY).await?;
            let got = |workshop: &WorkshopId| lately.get(workshop).copied().unwrap_or_default();
            order.sort_by_key(|workshop| (got(workshop), place(workshop)));
        }
    }
    Ok(order)
}
