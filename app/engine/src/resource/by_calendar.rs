//! Upkeep that calendars of others say.

use super::error::ResourceError;
use super::model::{Purpose, Resource, Stretch, Use};
use super::{pool, settle};
use crate::store::Tx;
use crate::{CalendarId, UseId, columns, params};

/// Makes the upkeep to come that calendars say of a resource just this: all of it is taken then.
/// Booked visits move to others where they can, and are gaps where not; who leads a visit goes on
/// leading it.
pub(crate) async fn take_by_calendars(
    tx: &mut Tx,
    resource: &Resource,
    wanted: Vec<(CalendarId, String, Stretch)>,
) -> Result<(), ResourceError> {
    pool::lock(tx, resource.pool_id).await?;
    let now = tx.now();
    let had: Vec<Use> = tx
        .fetch_all(
            "SELECT * FROM resource_use WHERE resource_id = $1 AND calendar_id IS NOT NULL \
             AND ends_at > $2 ORDER BY starts_at, id",
            params![resource.id, now],
        )
        .await?;
    let same = |old: &Use, (calendar, _, stretch): &(CalendarId, String, Stretch)| {
        old.calendar_id == Some(*calendar)
            && old.stretch() == *stretch
            && old.amount == resource.quantity
    };
    let mut changed = false;
    for old in had.iter().filter(|old| !wanted.iter().any(|new| same(old, new))) {
        tx.execute_one("DELETE FROM resource_use WHERE id = $1", params![old.id]).await?;
        changed = true;
    }
    for new in wanted.iter().filter(|new| !had.iter().any(|old| same(old, new))) {
        let (calendar, name, stretch) = new;
        let row = columns! {
            id: UseId::new(now),
            resource_id: resource.id,
            starts_at: stretch.from,
            ends_at: stretch.to,
            amount: resource.quantity,
            purpose: Purpose::Upkeep,
            note: *name,
            calendar_id: *calendar,
            created_at: now,
        };
        tx.insert("resource_use", row).await?;
        changed = true;
    }
    if changed {
        settle::rebuild(tx, resource.pool_id).await?;
    }
    Ok(())
}
