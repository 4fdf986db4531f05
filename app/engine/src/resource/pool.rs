//! A pool read from the database: its resources, what options need of them, who has them.

use std::collections::HashMap;

use super::model::{Basis, Need, Purpose, Resource, Stretch, Timing, Use};
use super::plan::{Load, Occupied, Planned};
use crate::store::{Conn, StoreError, Tx};
use crate::{NeedId, OptionId, PoolId, ResourceId, SlotId, UseId, params};

/// Locks the pool that a slot draws on, if it needs any resources: from here to the commit nobody
/// else takes or gives back resources of this pool. Before the slot itself is locked, always.
pub(crate) async fn enter(tx: &mut Tx, slot: SlotId) -> Result<Option<PoolId>, StoreError> {
    let pool: Option<(PoolId,)> = tx
        .fetch_optional(
            "UPDATE resource_pool SET version = version + 1 WHERE id = (SELECT tour_option.pool_id \
             FROM slot JOIN tour_option ON tour_option.id = slot.option_id WHERE slot.id = $1) \
             RETURNING id",
            params![slot],
        )
        .await?;
    Ok(pool.map(|(pool,)| pool))
}

/// Locks a pool, and makes it when there is none yet.
pub(crate) async fn lock(tx: &mut Tx, pool: PoolId) -> Result<(), StoreError> {
    tx.execute_one(
        "INSERT INTO resource_pool (id, version) VALUES ($1, 1) \
         ON CONFLICT (id) DO UPDATE SET version = resource_pool.version + 1",
        params![pool],
    )
    .await
}

/// The resources of a pool, and what options need of them.
#[derive(Debug, Clone)]
pub struct Pool {
    pub id: PoolId,
    pub resources: Vec<Resource>,
    pub needs: HashMap<OptionId, Vec<Need>>,
}

#[derive(sqlx::FromRow)]
struct NeedRow {
    id: NeedId,
    option_id: OptionId,
    basis: Basis,
    amount: i32,
    timing: String,
    from_minute: i32,
    to_minute: i32,
    from_day: i32,
    to_day: i32,
}

impl Pool {
    pub async fn load(conn: &mut Conn, id: PoolId) -> Result<Self, StoreError> {
        let resources = conn
            .fetch_all(
                "SELECT * FROM resource WHERE pool_id = $1 ORDER BY kind, created_at, id",
                params![id],
            )
            .await?;
        let rows: Vec<NeedRow> = conn
            .fetch_all(
                "SELECT option_need.* FROM option_need \
                 JOIN tour_option ON tour_option.id = option_need.option_id \
                 WHERE tour_option.pool_id = $1 ORDER BY option_need.position, option_need.id",
                params![id],
            )
            .await?;
        let choices: Vec<(NeedId, ResourceId)> = conn
            .fetch_all(
                "SELECT option_need_choice.need_id, option_need_choice.resource_id \
                 FROM option_need_choice \
                 JOIN option_need ON option_need.id = option_need_choice.need_id \
                 JOIN tour_option ON tour_option.id = option_need.option_id \
                 WHERE tour_option.pool_id = $1 ORDER BY option_need_choice.position",
                params![id],
            )
            .await?;
        let mut of_need: HashMap<NeedId, Vec<ResourceId>> = HashMap::new();
        for (need, resource) in choices {
            of_need.entry(need).or_default().push(resource);
        }
        let mut needs: HashMap<OptionId, Vec<Need>> = HashMap::new();
        for row in rows {
            let choices = of_need.remove(&row.id).unwrap_or_default();
            needs.entry(row.option_id).or_default().push(row.need(choices));
        }
        Ok(Self { id, resources, needs })
    }

    pub fn needs_of(&self, option: OptionId) -> &[Need] {
        self.needs.get(&option).map_or(&[], Vec::as_slice)
    }

    pub fn resource(&self, id: ResourceId) -> Option<&Resource> {
        self.resources.iter().find(|resource| resource.id == id)
    }

    /// All uses of the pool's resources that touch a stretch, first ones first.
    pub async fn uses(&self, conn: &mut Conn, within: Stretch) -> Result<Vec<Use>, StoreError> {
        conn.fetch_all(
            "SELECT resource_use.* FROM resource_use \
             JOIN resource ON resource.id = resource_use.resource_id \
             WHERE resource.pool_id = $1 AND resource_use.ends_at > $2 \
             AND resource_use.starts_at < $3 ORDER BY resource_use.starts_at, resource_use.id",
            params![self.id, within.from, within.to],
        )
        .await
    }

    /// What the uses leave of the resources.
    pub fn load_of(&self, uses: &[Use]) -> Load<'_> {
        let mut load = Load::new(&self.resources);
        for it in uses {
            let occupied = Occupied { stretch: it.stretch(), amount: it.amount, slot: it.slot_id };
            load.add(it.resource_id, occupied);
        }
        load
    }
}

impl NeedRow {
    fn need(self, choices: Vec<ResourceId>) -> Need {
        let timing = if self.timing == "after" {
            Timing::After { from_day: self.from_day, to_day: self.to_day }
        } else {
            Timing::During { from: self.from_minute, to: self.to_minute }
        };
        let Self { id, option_id, basis, amount, .. } = self;
        Need { id, option_id, basis, amount, timing, choices }
    }
}

/// What a visit has now.
pub(super) async fn uses_of_slot(conn: &mut Conn, slot: SlotId) -> Result<Vec<Use>, StoreError> {
    conn.fetch_all(
        "SELECT * FROM resource_use WHERE slot_id = $1 ORDER BY starts_at, id",
        params![slot],
    )
    .await
}

impl Use {
    /// As the plan knows it; None when it is no visit's.
    pub(super) fn planned(&self) -> Option<Planned> {
        let stretch = self.stretch();
        let (need, resource) = (self.need_id?, self.resource_id);
        Some(Planned { need, resource, stretch, amount: self.amount })
    }
}

/// Makes the uses of a slot what the plan says; answers the stretches that changed, by resource.
pub(super) async fn write_uses(
    tx: &mut Tx,
    slot: SlotId,
    current: &[Use],
    planned: &[Planned],
) -> Result<Vec<(ResourceId, Stretch)>, StoreError> {
    let mut changed = Vec::new();
    for old in current {
        let new = planned.iter().find(|it| Some(it.need) == old.need_id);
        if new.copied() == old.planned() {
            continue;
        }
        changed.push((old.resource_id, old.stretch()));
        match new {
            Some(new) => {
                changed.push((new.resource, new.stretch));
                tx.execute_one(
                    "UPDATE resource_use SET resource_id = $2, starts_at = $3, ends_at = $4, \
                     amount = $5 WHERE id = $1",
                    params![old.id, new.resource, new.stretch.from, new.stretch.to, new.amount],
                )
                .await?;
            }
            None => {
                tx.execute_one("DELETE FROM resource_use WHERE id = $1", params![old.id]).await?;
            }
        }
    }
    for new in planned {
        if current.iter().any(|old| old.need_id == Some(new.need)) {
            continue;
        }
        changed.push((new.resource, new.stretch));
        tx.insert(
            "resource_use",
            crate::columns! {
                id: UseId::new(tx.now()),
                resource_id: new.resource,
                starts_at: new.stretch.from,
                ends_at: new.stretch.to,
                amount: new.amount,
                purpose: Purpose::Visit,
                slot_id: slot,
                need_id: new.need,
                note: "",
                created_at: tx.now(),
            },
        )
        .await?;
    }
    Ok(changed)
}
