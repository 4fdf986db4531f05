//! The demo's green measures, entered by the verb that hosts use.

use chrono::TimeDelta;
use serde::Deserialize;

use super::DemoError;
use crate::accounts::Actor;
use crate::catalogue::Catalogue;
use crate::clock::local_date;
use crate::green::{self, Enter, EntryData, EntryInput, GreenError, Measure, Period, Span};
use crate::store::Tx;
use crate::{Localized, TourId, WorkshopId, params};

const FILE: (&str, &str) = ("green.toml", include_str!("../../../demo/green.toml"));
/// Its lines of the audit.
const AREA: &str = "green.%";
/// Days of a month, more rather than less.
const MONTH: i64 = 31;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct GreenFile {
    entries: Vec<Told>,
    reckoned: Vec<Reckoned>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Told {
    workshop: String,
    tour: Option<String>,
    measure: Measure,
    span: Span,
    values: Vec<String>,
    within_km: Option<i32>,
    #[serde(default)]
    practice: Localized,
    known: String,
    source: Localized,
    #[serde(default)]
    months_ago: i64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Reckoned {
    workshop: String,
    measure: Measure,
    counted: String,
    /// Of how many months, up to the last one.
    months: u32,
    source: Localized,
}

fn broken(reason: impl std::fmt::Display) -> DemoError {
    DemoError::File { file: FILE.0, reason: reason.to_string() }
}

fn file() -> Result<GreenFile, DemoError> {
    toml::from_str(FILE.1).map_err(broken)
}

fn workshop(catalogue: &Catalogue, slug: &str) -> Result<WorkshopId, DemoError> {
    let found = catalogue.workshop_by_slug(slug);
    Ok(found.ok_or_else(|| broken(format!("no workshop {slug}")))?.id)
}

/// Tells what needs no visits. Leaves no audit behind.
pub(super) async fn insert(tx: &mut Tx, catalogue: &Catalogue) -> Result<(), DemoError> {
    let now = tx.now();
    for (at, told) in file()?.entries.iter().enumerate() {
        let workshop = workshop(catalogue, &told.workshop)?;
        let tour = match &told.tour {
            Some(slug) => {
                let tour = catalogue.tour_by_slug(slug);
                Some(tour.ok_or_else(|| broken(format!("no tour {slug}")))?.id)
            }
            None => None,
        };
        tx.turn(now - TimeDelta::days(told.months_ago * MONTH));
        tell(tx, (workshop, tour), at, told).await?;
        tx.turn(now);
    }
    forget_audit(tx).await
}

async fn tell(
    tx: &mut Tx,
    (workshop, tour): (WorkshopId, Option<TourId>),
    at: usize,
    told: &Told,
) -> Result<(), DemoError> {
    let today = local_date(tx.now());
    let running = Period::around(told.span, today);
    let count = u32::try_from(told.values.len()).unwrap_or(0);
    for (nth, value) in (0..count).zip(&told.values) {
        let period = if told.measure.is_number() { running.back(count - nth) } else { running };
        let input = EntryInput {
            way: "said".to_owned(),
            value: value.clone(),
            fuel: value.clone(),
            done: value.clone(),
            within_km: told.within_km.map(|km| km.to_string()).unwrap_or_default(),
            practice: told.practice.clone(),
            period: period.to_string(),
            known: told.known.clone(),
            source: told.source.clone(),
            ..EntryInput::default()
        };
        let data = EntryData::parse(told.measure, &input, today)
            .map_err(|error| broken(format!("entry {at}: {error}")))?;
        let form_key = format!("demo-green-{at}-{nth}");
        let command = Enter { actor: Actor::System, workshop, tour, data, form_key };
        green::enter(tx, command).await.map_err(broken)?;
    }
    Ok(())
}

/// Has the program reckon what it can once there are visits. Leaves no audit behind.
pub(super) async fn make(tx: &mut Tx, catalogue: &Catalogue) -> Result<(), DemoError> {
    let today = local_date(tx.now());
    for (at, entry) in file()?.reckoned.iter().enumerate() {
        let workshop = workshop(catalogue, &entry.workshop)?;
        for back in 1..=entry.months {
            let input = EntryInput {
                way: "reckoned".to_owned(),
                counted: entry.counted.clone(),
                period: Period::around(Span::Month, today).back(back).to_string(),
                known: "counted".to_owned(),
                source: entry.source.clone(),
                ..EntryInput::default()
            };
            let data = EntryData::parse(entry.measure, &input, today).map_err(broken)?;
            let form_key = format!("demo-green-reckoned-{at}-{back}");
            let command = Enter { actor: Actor::System, workshop, tour: None, data, form_key };
            match green::enter(tx, command).await {
                // Of a month in which too few came there is nothing to reckon.
                Ok(_) | Err(GreenError::Fields(_)) => {}
                Err(error) => return Err(broken(error)),
            }
        }
    }
    forget_audit(tx).await
}

async fn forget_audit(tx: &mut Tx) -> Result<(), DemoError> {
    tx.execute("DELETE FROM audit WHERE verb LIKE $1", params![*AREA]).await?;
    Ok(())
}
