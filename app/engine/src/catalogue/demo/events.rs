//! The demo's events: festivals of its villages and open days of its co-ops.

use std::sync::Arc;

use chrono::{Datelike, NaiveDate, TimeDelta};
use serde::Deserialize;

use super::{DemoError, coops};
use crate::accounts::Actor;
use crate::catalogue::Catalogue;
use crate::clock::local_date;
use crate::event::{self, DayInput, EventData, EventInput, EventOpening, Publish, SaveEvent};
use crate::schedule::lunar::LunarDay;
use crate::store::Tx;
use crate::{Localized, params};

const FILE: (&str, &str) = ("events.toml", include_str!("../../../demo/events.toml"));

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct EventFile {
    events: Vec<EventEntry>,
}

/// Its days are one of `lunar`, `lunar_days` and `saturday`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct EventEntry {
    coop: Option<String>,
    village: String,
    name: Localized,
    summary: Localized,
    story: Localized,
    place: Localized,
    lunar: Option<LunarStretch>,
    lunar_days: Option<Vec<u8>>,
    saturday: Option<Weekend>,
    opening: EventOpening,
    capacity_percent: i32,
    price_percent: i32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LunarStretch {
    from: LunarDay,
    to: LunarDay,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Weekend {
    in_days: i64,
    days: i64,
}

fn broken(reason: impl std::fmt::Display) -> DemoError {
    DemoError::File { file: FILE.0, reason: reason.to_string() }
}

/// Announces the events; the slots of the horizon follow them. Leaves no audit behind: nobody did
/// anything yet.
pub(super) async fn make(tx: &mut Tx, catalogue: &Arc<Catalogue>) -> Result<(), DemoError> {
    let file: EventFile = toml::from_str(FILE.1).map_err(broken)?;
    let today = local_date(tx.now());
    for entry in file.events {
        let village = catalogue.village_by_slug(&entry.village);
        let village = village.ok_or_else(|| broken(format!("no village {}", entry.village)))?.id;
        let author = coops::author(tx, entry.coop.as_deref()).await?;
        let data = EventData::parse(&input(entry, today), today);
        let data = data.map_err(|wrongs| broken(format!("{wrongs:?}")))?;
        let save = SaveEvent {
            catalogue: Arc::clone(catalogue),
            actor: Actor::System,
            id: None,
            author,
            village,
            data,
        };
        let event = event::save(tx, save).await.map_err(broken)?.id;
        let (catalogue, actor) = (Arc::clone(catalogue), Actor::System);
        let publish = Publish { catalogue, actor, event, published: true };
        event::publish(tx, publish).await.map_err(broken)?;
    }
    tx.execute("DELETE FROM audit WHERE verb LIKE $1", params![*"event.%"]).await?;
    Ok(())
}

fn input(entry: EventEntry, today: NaiveDate) -> EventInput {
    let text = |day: LunarDay| day.to_string();
    let days = match (entry.lunar, entry.lunar_days, entry.saturday) {
        (Some(lunar), _, _) => DayInput {
            kind: "lunar_range".into(),
            lunar_from: text(lunar.from),
            lunar_to: text(lunar.to),
            ..DayInput::default()
        },
        (None, Some(days), _) => DayInput {
            kind: "lunar_days".into(),
            lunar_days: days.iter().map(u8::to_string).collect::<Vec<_>>().join(" "),
            ..DayInput::default()
        },
        (None, None, weekend) => {
            let weekend = weekend.unwrap_or(Weekend { in_days: 10, days: 1 });
            let earliest = today + TimeDelta::days(weekend.in_days);
            let to_saturday = (12 - i64::from(earliest.weekday().num_days_from_monday())) % 7;
            let from = earliest + TimeDelta::days(to_saturday);
            DayInput {
                kind: "dates".into(),
                from: from.to_string(),
                to: (from + TimeDelta::days(weekend.days - 1)).to_string(),
                ..DayInput::default()
            }
        }
    };
    EventInput {
        name: entry.name,
        summary: entry.summary,
        story: entry.story,
        place: entry.place,
        days,
        opening: entry.opening.word().to_owned(),
        capacity_percent: entry.capacity_percent.to_string(),
        price_percent: entry.price_percent.to_string(),
    }
}
