//! What options need, and which resources a workshop may count on.

use serde_json::json;

use super::error::{ResourceError, ResourceField};
use super::model::{Basis, Need, Resource, Timing};
use super::pool::{self, Pool};
use super::settle;
use crate::accounts::{Actor, audit};
use crate::store::{Conn, StoreError, Tx};
use crate::{CoopId, NeedId, OptionId, PoolId, ResourceId, WorkshopId, columns, params};

/// The pool that a workshop's visits draw on: its co-op's while it is a member, else its own.
pub async fn pool_of_workshop(conn: &mut Conn, workshop: WorkshopId) -> Result<PoolId, StoreError> {
    let coop: Option<(CoopId,)> = conn
        .fetch_optional(
            "SELECT coop_id FROM coop_member WHERE workshop_id = $1 AND state = 'active'",
            params![workshop],
        )
        .await?;
    Ok(match coop {
        Some((coop,)) => PoolId::from(uuid::Uuid::from(coop)),
        None => PoolId::from(uuid::Uuid::from(workshop)),
    })
}

/// The resources that a workshop may count on: its own and its co-op's.
pub async fn usable_by(conn: &mut Conn, workshop: WorkshopId) -> Result<Vec<Resource>, StoreError> {
    conn.fetch_all(
        "SELECT * FROM resource WHERE workshop_id = $1 OR coop_id = (SELECT coop_id \
         FROM coop_member WHERE workshop_id = $1 AND state = 'active') \
         ORDER BY kind, created_at, id",
        params![workshop],
    )
    .await
}

pub async fn needs_of_option(conn: &mut Conn, option: OptionId) -> Result<Vec<Need>, StoreError> {
    let pool: Option<(Option<PoolId>,)> = conn
        .fetch_optional("SELECT pool_id FROM tour_option WHERE id = $1", params![option])
        .await?;
    let Some((Some(pool),)) = pool else { return Ok(Vec::new()) };
    Ok(Pool::load(conn, pool).await?.needs_of(option).to_vec())
}

/// A need as an owner names it; `id` of one that is there already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NeedEntry {
    pub id: Option<NeedId>,
    pub basis: Basis,
    pub amount: i32,
    pub timing: Timing,
    pub choices: Vec<ResourceId>,
}

/// Longest wait for a firing, in days.
const MAX_DAYS: i32 = 60;
const MAX_AMOUNT: i32 = 1_000;

#[derive(Debug, Clone)]
pub struct SetNeeds {
    pub actor: Actor,
    pub option: OptionId,
    pub needs: Vec<NeedEntry>,
    /// The owner knows that booked visits will be short of something.
    pub force: bool,
}

/// Says what an option needs from now on; visits that are booked get it too.
pub async fn set_needs(tx: &mut Tx, command: SetNeeds) -> Result<Vec<Need>, ResourceError> {
    let SetNeeds { actor, option, needs, force } = command;
    let found: Option<(WorkshopId, i32)> = tx
        .fetch_optional(
            "SELECT tour.workshop_id, tour_option.duration_minutes FROM tour_option \
             JOIN tour ON tour.id = tour_option.tour_id WHERE tour_option.id = $1",
            params![option],
        )
        .await?;
    let (workshop, minutes) = found.ok_or(ResourceError::Unknown)?;
    actor.must_own(workshop)?;
    let usable = usable_by(tx, workshop).await?;
    let wrong: Vec<_> = needs
        .iter()
        .enumerate()
        .filter(|(_, need)| !need.is_right(minutes, &usable))
        .map(|(at, _)| ResourceField::Need(at))
        .collect();
    if !wrong.is_empty() {
        return Err(ResourceError::Fields(wrong));
    }
    let pool = pool_of_workshop(tx, workshop).await?;
    pool::lock(tx, pool).await?;
    write(tx, option, &needs).await?;
    let drawn = (!needs.is_empty()).then_some(pool);
    tx.update_one("tour_option", columns! { pool_id: drawn }, columns! { id: option }).await?;
    if drawn.is_none() {
        forget(tx, option).await?;
    }
    let short = settle::rebuild(tx, pool).await?;
    if !short.is_empty() && !force {
        return Err(ResourceError::Short(short));
    }
    let detail = json!({ "needs": needs.len(), "short": short.len() });
    audit::record(tx, &actor, "option.needs", option, Some(workshop), detail).await?;
    Ok(needs_of_option(tx, option).await?)
}

impl NeedEntry {
    fn is_right(&self, minutes: i32, usable: &[Resource]) -> bool {
        let time = match self.timing {
            Timing::During { from, to } => 0 <= from && from < to && to <= minutes,
            Timing::After { from_day, to_day } => {
                0 <= from_day && from_day <= to_day && to_day <= MAX_DAYS
            }
        };
        time && (1..=MAX_AMOUNT).contains(&self.amount)
            && !self.choices.is_empty()
            && self
                .choices
                .iter()
                .all(|id| usable.iter().any(|it| it.id == *id && it.quantity >= self.amount))
    }
}

async fn write(tx: &mut Tx, option: OptionId, needs: &[NeedEntry]) -> Result<(), StoreError> {
    let old: Vec<(NeedId,)> =
        tx.fetch_all("SELECT id FROM option_need WHERE option_id = $1", params![option]).await?;
    for (id,) in &old {
        tx.execute("DELETE FROM option_need_choice WHERE need_id = $1", params![*id]).await?;
    }
    for (id,) in old.iter().filter(|(id,)| !needs.iter().any(|need| need.id == Some(*id))) {
        tx.execute_one("DELETE FROM option_need WHERE id = $1", params![*id]).await?;
    }
    for (at, need) in needs.iter().enumerate() {
        let (timing, (from_minute, to_minute), (from_day, to_day)) = match need.timing {
            Timing::During { from, to } => ("during", (from, to), (0, 0)),
            Timing::After { from_day, to_day } => ("after", (0, 0), (from_day, to_day)),
        };
        let row = columns! {
            position: i32::try_from(at).unwrap_or(i32::MAX),
            basis: need.basis,
            amount: need.amount,
            timing: timing,
            from_minute: from_minute,
            to_minute: to_minute,
            from_day: from_day,
            to_day: to_day,
        };
        let id = if let Some(id) = need.id.filter(|id| old.contains(&(*id,))) {
            tx.update_one("option_need", row, columns! { id: id }).await?;
            id
        } else {
            let id = NeedId::new(tx.now());
            tx.insert("option_need", row.and(columns! { id: id, option_id: option })).await?;
            id
        };
        for (at, resource) in need.choices.iter().enumerate() {
            tx.insert_if_new(
                "option_need_choice",
                columns! {
                    need_id: id,
                    resource_id: *resource,
                    position: i32::try_from(at).unwrap_or(i32::MAX),
                },
            )
            .await?;
        }
    }
    Ok(())
}

/// An option that needs nothing any more gives back what its visits to come had.
async fn forget(tx: &mut Tx, option: OptionId) -> Result<(), StoreError> {
    const SLOTS: &str = "slot_id IN (SELECT id FROM slot WHERE option_id = $1)";
    let now = tx.now();
    tx.execute(
        sqlx::AssertSqlSafe(format!("DELETE FROM resource_use WHERE starts_at > $2 AND {SLOTS}")),
        params![option, now],
    )
    .await?;
    tx.execute(
        sqlx::AssertSqlSafe(format!("DELETE FROM resource_gap WHERE {SLOTS}")),
        params![option],
    )
    .await?;
    tx.execute("UPDATE slot SET room = NULL WHERE option_id = $1", params![option]).await?;
    Ok(())
}

/// Visits to come of a workshop that count on its co-op's resources: it can't leave before they
/// are over, moved or cancelled.
pub(crate) async fn uses_of_others(
    conn: &mut Conn,
    coop: CoopId,
    workshop: WorkshopId,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<i64, StoreError> {
    let (count,): (i64,) = conn
        .fetch_one(
            "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM resource_use \
             JOIN resource ON resource.id = resource_use.resource_id \
             LEFT JOIN slot ON slot.id = resource_use.slot_id \
             WHERE resource.coop_id = $1 AND resource_use.ends_at > $3 \
             AND (slot.workshop_id = $2 OR resource_use.workshop_id = $2)",
            params![coop, workshop, now],
        )
        .await?;
    Ok(count)
}

/// A workshop joined or left a co-op: its resources and its options' needs change their pool, and
/// what it needed of a co-op that it left is no longer there to choose.
pub(crate) async fn membership_changed(
    tx: &mut Tx,
    workshop: WorkshopId,
) -> Result<(), StoreError> {
    let to = pool_of_workshop(tx, workshop).await?;
    let from: Vec<(PoolId,)> = tx
        .fetch_all(
            "SELECT DISTINCT pool_id FROM resource WHERE workshop_id = $1 UNION \
             SELECT DISTINCT tour_option.pool_id FROM tour_option \
             JOIN tour ON tour.id = tour_option.tour_id \
             WHERE tour.workshop_id = $1 AND tour_option.pool_id IS NOT NULL",
            params![workshop],
        )
        .await?;
    let mut pools: Vec<PoolId> = from.into_iter().map(|(pool,)| pool).collect();
    if pools.is_empty() {
        return Ok(());
    }
    pools.push(to);
    pools.sort_unstable();
    pools.dedup();
    for pool in &pools {
        pool::lock(tx, *pool).await?;
    }
    tx.execute("UPDATE resource SET pool_id = $2 WHERE workshop_id = $1", params![workshop, to])
        .await?;
    let options = "SELECT tour_option.id FROM tour_option JOIN tour \
                   ON tour.id = tour_option.tour_id WHERE tour.workshop_id = $1";
    let lost = format!(
        "DELETE FROM option_need_choice WHERE need_id IN (SELECT id FROM option_need \
         WHERE option_id IN ({options})) AND resource_id IN (SELECT id FROM resource \
         WHERE pool_id <> $2)"
    );
    tx.execute(sqlx::AssertSqlSafe(lost), params![workshop, to]).await?;
    let empty = format!(
        "DELETE FROM option_need WHERE option_id IN ({options}) AND NOT EXISTS \
         (SELECT 1 FROM option_need_choice WHERE option_need_choice.need_id = option_need.id)"
    );
    tx.execute(sqlx::AssertSqlSafe(empty), params![workshop]).await?;
    let free: Vec<(OptionId,)> = tx
        .fetch_all(
            sqlx::AssertSqlSafe(format!(
                "{options} AND tour_option.pool_id IS NOT NULL AND NOT EXISTS \
                 (SELECT 1 FROM option_need WHERE option_need.option_id = tour_option.id)"
            )),
            params![workshop],
        )
        .await?;
    let home = format!(
        "UPDATE tour_option SET pool_id = $2 WHERE pool_id IS NOT NULL AND id IN ({options})"
    );
    tx.execute(sqlx::AssertSqlSafe(home), params![workshop, to]).await?;
    for (option,) in free {
        tx.execute("UPDATE tour_option SET pool_id = NULL WHERE id = $1", params![option]).await?;
        forget(tx, option).await?;
    }
    for pool in pools {
        settle::rebuild(tx, pool).await?;
    }
    Ok(())
}
