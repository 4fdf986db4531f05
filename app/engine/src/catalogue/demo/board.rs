//! What the demo's boards show besides visits: members' own work and what is being mended.

use chrono::{DateTime, Datelike, TimeDelta, Utc, Weekday};
use serde::Deserialize;

use super::DemoError;
use crate::accounts::Actor;
use crate::clock::{local_date, venue_instant};
use crate::resource::{Own, ResourceError, Stretch, Upkeep, block, reserve_own};
use crate::store::{TimeOfDay, Tx};
use crate::{Localized, ResourceId, WorkshopId, params};

const FILE: (&str, &str) = ("board.toml", include_str!("../../../demo/board.toml"));

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct BoardFile {
    own: Vec<OwnEntry>,
    upkeep: Vec<UpkeepEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OwnEntry {
    workshop: String,
    resource: String,
    weekday: Option<Weekday>,
    in_days: i64,
    time: TimeOfDay,
    minutes: i64,
    amount: i32,
    note: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct UpkeepEntry {
    resource: String,
    in_days: i64,
    time: TimeOfDay,
    minutes: i64,
    amount: i32,
    note: String,
}

fn broken(reason: impl std::fmt::Display) -> DemoError {
    DemoError::File { file: FILE.0, reason: reason.to_string() }
}

/// Takes what is still free after the visits. What is not to be had on this day of the week, or
/// is taken, is left out: fair use and visits come first here too.
pub(super) async fn make(tx: &mut Tx) -> Result<(), DemoError> {
    let file: BoardFile = toml::from_str(FILE.1).map_err(broken)?;
    let all: Vec<(ResourceId, Localized)> =
        tx.fetch_all("SELECT id, name FROM resource", vec![]).await?;
    let resource = |name: &str| {
        let found = all.iter().find(|(_, names)| names.vi == name);
        found.map(|(id, _)| *id).ok_or_else(|| broken(format!("no resource {name}")))
    };
    for entry in file.own {
        let workshop: Option<(WorkshopId,)> = tx
            .fetch_optional("SELECT id FROM workshop WHERE slug = $1", params![entry.workshop])
            .await?;
        let (workshop,) = workshop.ok_or_else(|| broken(format!("no {}", entry.workshop)))?;
        let own = Own {
            actor: Actor::System,
            workshop,
            resource: resource(&entry.resource)?,
            stretch: stretch(tx.now(), entry.weekday, entry.in_days, entry.time, entry.minutes)?,
            amount: entry.amount,
            note: entry.note,
        };
        match reserve_own(tx, own).await {
            Ok(_)
            | Err(
                ResourceError::Taken { .. }
                | ResourceError::TooEarly { .. }
                | ResourceError::Quota { .. }
                | ResourceError::Shut,
            ) => {}
            Err(error) => return Err(broken(error)),
        }
    }
    for entry in file.upkeep {
        let upkeep = Upkeep {
            actor: Actor::System,
            resource: resource(&entry.resource)?,
            stretch: stretch(tx.now(), None, entry.in_days, entry.time, entry.minutes)?,
            amount: entry.amount,
            note: entry.note,
            force: true,
        };
        block(tx, upkeep).await.map_err(broken)?;
    }
    tx.execute("DELETE FROM audit WHERE verb IN ('resource.own', 'resource.block')", vec![])
        .await?;
    Ok(())
}

fn stretch(
    now: DateTime<Utc>,
    weekday: Option<Weekday>,
    in_days: i64,
    time: TimeOfDay,
    minutes: i64,
) -> Result<Stretch, DemoError> {
    let first = local_date(now) + TimeDelta::days(in_days);
    let fits = |day: &chrono::NaiveDate| weekday.is_none_or(|weekday| day.weekday() == weekday);
    let day = first.iter_days().take(7).find(fits).unwrap_or(first);
    let from = venue_instant(day, time.time()).ok_or_else(|| broken("no such time"))?;
    Ok(Stretch { from, to: from + TimeDelta::minutes(minutes) })
}
