//! The demo's guides, and which of the coming departures they lead.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

use super::DemoError;
use crate::accounts::Actor;
use crate::catalogue::{Catalogue, Spoken};
use crate::clock::local_date;
use crate::coop;
use crate::guide::{
    self, AddGuide, AskLeave, Assign, DayOff, Guide, GuideError, GuideTexts, add_guide, ask_leave,
    assign, day_off,
};
use crate::resource::{Owner, WeekHours};
use crate::schedule::{SlotStatus, slots};
use crate::store::Tx;
use crate::{Locale, params};

const FILE: (&str, &str) = ("guides.toml", include_str!("../../../demo/guides.toml"));
/// Days ahead for which guides are assigned.
const AHEAD: i64 = 10;
/// Every so many departures are left for the host to assign.
const LEFT: usize = 4;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct GuideFile {
    guides: Vec<GuideEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct GuideEntry {
    coop: String,
    name: String,
    languages: Vec<Spoken>,
    phone: String,
    locale: Locale,
    travel_minutes: i32,
    hours: WeekHours,
    #[serde(default)]
    note: String,
    day_off: Option<Away>,
    asks_leave: Option<Away>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Away {
    in_days: i64,
    reason: String,
}

fn broken(reason: impl std::fmt::Display) -> DemoError {
    DemoError::File { file: FILE.0, reason: reason.to_string() }
}

/// Writes the guides of co-ops that have just been seeded.
pub(super) async fn insert(tx: &mut Tx) -> Result<(), DemoError> {
    let file: GuideFile = toml::from_str(FILE.1).map_err(broken)?;
    let today = local_date(tx.now());
    for entry in file.guides {
        let found = coop::by_slug(tx, &entry.coop).await?;
        let found = found.ok_or_else(|| broken(format!("no co-op {}", entry.coop)))?;
        let texts = GuideTexts {
            name: entry.name,
            languages: entry.languages,
            phone: entry.phone,
            // Invented people get no letters.
            email: String::new(),
            locale: entry.locale,
            travel_minutes: entry.travel_minutes,
            may_check_in: true,
            hours: entry.hours,
            note: entry.note,
            active: true,
        };
        let add = AddGuide { actor: Actor::System, owner: Owner::Coop(found.id), texts };
        let guide = add_guide(tx, add).await.map_err(broken)?;
        if let Some(away) = entry.day_off {
            let day = today + TimeDelta::days(away.in_days);
            let (actor, guide, note) = (Actor::System, guide.id(), away.reason);
            let off = DayOff { actor, guide, from: day, to: day, note, force: false };
            day_off(tx, off).await.map_err(broken)?;
        }
        if let Some(away) = entry.asks_leave {
            let day = today + TimeDelta::days(away.in_days);
            let ask = AskLeave { token: guide.token, from: day, to: day, note: away.reason };
            ask_leave(tx, ask).await.map_err(broken)?;
        }
    }
    // Nobody edited anything yet.
    tx.execute("DELETE FROM audit WHERE verb IN ('resource.add', 'resource.block')", vec![])
        .await?;
    Ok(())
}

/// Assigns guides to most of the departures of the next days that have guests.
pub(super) async fn lead(tx: &mut Tx, catalogue: &Catalogue) -> Result<(), DemoError> {
    let now: DateTime<Utc> = tx.now();
    let today = local_date(now);
    let mut turn = 0;
    for workshop in &catalogue.workshops {
        let guides: Vec<Guide> = guide::of_workshop(tx, workshop.id).await?;
        if guides.is_empty() {
            continue;
        }
        let all =
            slots::of_workshop(tx, workshop.id, today, today + TimeDelta::days(AHEAD)).await?;
        for slot in all {
            if slot.taken == 0 || slot.is_over(now) || slot.status == SlotStatus::Cancelled {
                continue;
            }
            turn += 1;
            if turn % LEFT == 0 {
                continue;
            }
            for at in 0..guides.len() {
                let Some(guide) = guides.get((at + turn) % guides.len()) else { continue };
                let (actor, guide) = (Actor::System, guide.id());
                match assign(tx, Assign { actor, slot: slot.id, guide }).await {
                    Ok(_) => break,
                    Err(GuideError::Hindered(_)) => {}
                    Err(error) => return Err(broken(error)),
                }
            }
        }
    }
    tx.execute("DELETE FROM audit WHERE verb = $1", params![*"guide.assign"]).await?;
    Ok(())
}
