//! Taking a resource without a visit: it is being mended, or a member works for itself.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use super::edit::find;
use super::error::{ResourceError, ResourceField};
use super::model::{Purpose, Resource, Stretch, Use};
use super::pool::{self, Pool};
use super::settle::{self, Short};
use crate::accounts::{Actor, audit};
use crate::clock::{local_date, venue_instant, week_start};
use crate::store::{Conn, StoreError, Tx};
use crate::{ResourceId, UseId, WorkshopId, columns, params};

/// Longest stretch of one block or use.
const LONGEST: TimeDelta = TimeDelta::days(366);
const MAX_NOTE: usize = 500;

/// A resource, or a part of it, is broken or being mended.
#[derive(Debug, Clone)]
pub struct Upkeep {
    pub actor: Actor,
    pub resource: ResourceId,
    pub stretch: Stretch,
    pub amount: i32,
    pub note: String,
    /// Whoever says so knows that booked visits will be short of it.
    pub force: bool,
}

/// Takes it away. Booked visits move to other resources or firings where they can; answers those
/// that can't.
pub async fn block(tx: &mut Tx, command: Upkeep) -> Result<(Use, Vec<Short>), ResourceError> {
    let Upkeep { actor, resource, stretch, amount, note, force } = command;
    let resource = find(tx, resource).await?.ok_or(ResourceError::Unknown)?;
    let owner = resource.owner().ok_or(ResourceError::Unknown)?;
    owner.must_share(tx, &actor).await?;
    check(tx, &resource, stretch, amount)?;
    pool::lock(tx, resource.pool_id).await?;
    let made = insert(tx, &resource, stretch, amount, Purpose::Upkeep, None, &note).await?;
    let short = settle::rebuild(tx, resource.pool_id).await?;
    if !short.is_empty() && !force {
        return Err(ResourceError::Short(short));
    }
    let detail = json!({ "from": stretch.from, "to": stretch.to, "short": short.len() });
    audit::record(tx, &actor, "resource.block", resource.id, resource.workshop_id, detail).await?;
    Ok((made, short))
}

/// It works again; visits that were short of it get it back.
pub async fn unblock(tx: &mut Tx, actor: &Actor, id: UseId) -> Result<Vec<Short>, ResourceError> {
    let (taken, resource) = find_use(tx, id).await?;
    // What a calendar says ends in the calendar.
    if taken.purpose != Purpose::Upkeep || taken.calendar_id.is_some() {
        return Err(ResourceError::Unknown);
    }
    let owner = resource.owner().ok_or(ResourceError::Unknown)?;
    owner.must_share(tx, actor).await?;
    pool::lock(tx, resource.pool_id).await?;
    tx.execute_one("DELETE FROM resource_use WHERE id = $1", params![id]).await?;
    let short = settle::rebuild(tx, resource.pool_id).await?;
    let detail = json!({ "from": taken.starts_at, "to": taken.ends_at });
    audit::record(tx, actor, "resource.unblock", resource.id, resource.workshop_id, detail).await?;
    Ok(short)
}

/// A member wants a resource for its own work.
#[derive(Debug, Clone)]
pub struct Own {
    pub actor: Actor,
    pub workshop: WorkshopId,
    pub resource: ResourceId,
    pub stretch: Stretch,
    pub amount: i32,
    pub note: String,
}

/// Takes it under the rules of fair use: so many hours a week, so many days ahead, and never what
/// a visit has.
pub async fn reserve_own(tx: &mut Tx, command: Own) -> Result<Use, ResourceError> {
    let Own { actor, workshop, resource, stretch, amount, note } = command;
    actor.must_serve(workshop)?;
    let resource = find(tx, resource).await?.ok_or(ResourceError::Unknown)?;
    let usable = super::needs::usable_by(tx, workshop).await?;
    if !usable.iter().any(|it| it.id == resource.id && it.active) {
        return Err(ResourceError::Unknown);
    }
    check(tx, &resource, stretch, amount)?;
    if !resource.hours.cover(stretch) {
        return Err(ResourceError::Shut);
    }
    if let Some(days) = resource.own_days_ahead
        && stretch.from > tx.now() + TimeDelta::days(i64::from(days))
    {
        return Err(ResourceError::TooEarly { days });
    }
    pool::lock(tx, resource.pool_id).await?;
    if let Some(hours) = resource.own_hours_week {
        let had = own_minutes(tx, &resource, workshop, stretch.from).await?;
        if had + stretch.minutes() > i64::from(hours) * 60 {
            return Err(ResourceError::Quota { hours });
        }
    }
    let pool = Pool::load(tx, resource.pool_id).await?;
    let uses = pool.uses(tx, stretch).await?;
    let free = pool.load_of(&uses).free(resource.id, stretch, None);
    if free < amount {
        return Err(ResourceError::Taken { free: free.max(0) });
    }
    let made = insert(tx, &resource, stretch, amount, Purpose::Own, Some(workshop), &note).await?;
    settle::refresh_around(tx, &pool, &[(resource.id, stretch)]).await?;
    let detail = json!({ "from": stretch.from, "to": stretch.to, "amount": amount });
    audit::record(tx, &actor, "resource.own", resource.id, Some(workshop), detail).await?;
    Ok(made)
}

/// Gives back what was taken for own work.
pub async fn give_up(tx: &mut Tx, actor: &Actor, id: UseId) -> Result<(), ResourceError> {
    let (taken, resource) = find_use(tx, id).await?;
    // A load is given up where its pieces are.
    let own = taken.purpose == Purpose::Own && taken.firing_id.is_none();
    let workshop = taken.workshop_id.filter(|_| own);
    let workshop = workshop.ok_or(ResourceError::Unknown)?;
    let own = actor.must_serve(workshop);
    if own.is_err() {
        resource.owner().ok_or(ResourceError::Unknown)?.must_rule(tx, actor).await?;
    }
    pool::lock(tx, resource.pool_id).await?;
    tx.execute_one("DELETE FROM resource_use WHERE id = $1", params![id]).await?;
    // Somebody's visit may have been short of just this.
    settle::rebuild(tx, resource.pool_id).await?;
    let detail = json!({ "from": taken.starts_at, "to": taken.ends_at });
    audit::record(tx, actor, "resource.give_up", resource.id, Some(workshop), detail).await?;
    Ok(())
}

/// Minutes that a member has of a resource in the week of an instant; visitors' pieces don't count.
pub async fn own_minutes(
    conn: &mut Conn,
    resource: &Resource,
    workshop: WorkshopId,
    at: DateTime<Utc>,
) -> Result<i64, StoreError> {
    let monday = week_start(local_date(at));
    let start = |date| venue_instant(date, chrono::NaiveTime::MIN).unwrap_or(at);
    let (from, to) = (start(monday), start(monday + TimeDelta::days(7)));
    let uses: Vec<Use> = conn
        .fetch_all(
            "SELECT * FROM resource_use WHERE resource_id = $1 AND workshop_id = $2 \
             AND purpose = 'own' AND firing_id IS NULL AND starts_at >= $3 AND starts_at < $4",
            params![resource.id, workshop, from, to],
        )
        .await?;
    Ok(uses.iter().map(|it| it.stretch().minutes()).sum())
}

fn check(tx: &Tx, resource: &Resource, stretch: Stretch, amount: i32) -> Result<(), ResourceError> {
    let mut wrong = Vec::new();
    if stretch.to <= stretch.from || stretch.to <= tx.now() || stretch.to - stretch.from > LONGEST {
        wrong.push(ResourceField::Time);
    }
    if !(1..=resource.quantity).contains(&amount) {
        wrong.push(ResourceField::Amount);
    }
    if wrong.is_empty() { Ok(()) } else { Err(ResourceError::Fields(wrong)) }
}

async fn insert(
    tx: &mut Tx,
    resource: &Resource,
    stretch: Stretch,
    amount: i32,
    purpose: Purpose,
    workshop: Option<WorkshopId>,
    note: &str,
) -> Result<Use, StoreError> {
    let made = Use {
        id: UseId::new(tx.now()),
        resource_id: resource.id,
        starts_at: stretch.from,
        ends_at: stretch.to,
        amount,
        purpose,
        slot_id: None,
        need_id: None,
        workshop_id: workshop,
        note: note.trim().chars().take(MAX_NOTE).collect(),
        calendar_id: None,
        firing_id: None,
    };
    tx.insert(
        "resource_use",
        columns! {
            id: made.id,
            resource_id: made.resource_id,
            starts_at: made.starts_at,
            ends_at: made.ends_at,
            amount: made.amount,
            purpose: made.purpose,
            workshop_id: made.workshop_id,
            note: made.note,
            created_at: tx.now(),
        },
    )
    .await?;
    Ok(made)
}

async fn find_use(conn: &mut Conn, id: UseId) -> Result<(Use, Resource), ResourceError> {
    let taken: Option<Use> =
        conn.fetch_optional("SELECT * FROM resource_use WHERE id = $1", params![id]).await?;
    let taken = taken.ok_or(ResourceError::Unknown)?;
    let resource = find(conn, taken.resource_id).await?.ok_or(ResourceError::Unknown)?;
    Ok((taken, resource))
}
