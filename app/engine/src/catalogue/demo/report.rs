//! What the demo's reports are made of besides bookings: readers of villages, jobs, trade promotion.

use chrono::{Datelike, TimeDelta};
use serde::Deserialize;

use super::DemoError;
use crate::accounts::{self, Actor};
use crate::catalogue::Catalogue;
use crate::clock::local_date;
use crate::report::{
    self, DecidePart, Jobs, Outcome, Register, SaveFigures, SaveTrade, TellOutcome, TradeData,
    TradeInput, TradeKind,
};
use crate::store::Tx;
use crate::{Localized, WorkshopId, params};

const FILE: (&str, &str) = ("report.toml", include_str!("../../../demo/report.toml"));
/// Days before an event until which workshops register, and on which they did.
const REGISTER: i64 = 10;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReportFile {
    readers: Vec<Reader>,
    jobs: Vec<JobsEntry>,
    trade: Vec<TradeEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Reader {
    village: String,
    name: String,
    email: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct JobsEntry {
    workshop: String,
    figures: [i32; 5],
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TradeEntry {
    kind: TradeKind,
    name: Localized,
    place: Localized,
    about: Localized,
    first: i64,
    days: i64,
    parts: Vec<PartEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PartEntry {
    workshop: String,
    contracts: Option<i32>,
    orders: Option<String>,
    #[serde(default)]
    waits: bool,
}

fn broken(reason: impl std::fmt::Display) -> DemoError {
    DemoError::File { file: FILE.0, reason: reason.to_string() }
}

fn file() -> Result<ReportFile, DemoError> {
    toml::from_str(FILE.1).map_err(broken)
}

/// Email address of each reader of a village's report, with the village's address.
pub fn readers() -> Result<Vec<(String, String)>, DemoError> {
    Ok(file()?.readers.into_iter().map(|reader| (reader.email, reader.village)).collect())
}

/// Gives the villages to their readers.
pub(super) async fn insert(
    tx: &mut Tx,
    catalogue: &Catalogue,
    password_hash: &str,
) -> Result<(), DemoError> {
    for reader in file()?.readers {
        let village = catalogue.village_by_slug(&reader.village);
        let village = village.ok_or_else(|| broken(format!("no village {}", reader.village)))?.id;
        let person = accounts::ensure_person(tx, &reader.email, &reader.name).await?;
        accounts::set_password_hash(tx, person, password_hash).await?;
        tx.execute(
            "INSERT INTO village_member (person_id, village_id, since) VALUES ($1, $2, $3)",
            params![person, village, tx.now()],
        )
        .await?;
    }
    Ok(())
}

/// Enters jobs of the last two years, and the events with their parts. Leaves no audit behind.
pub(super) async fn make(tx: &mut Tx, catalogue: &Catalogue) -> Result<(), DemoError> {
    let file = file()?;
    let now = tx.now();
    let year = local_date(now).year() - 1;
    let shop = |slug: &str| -> Result<WorkshopId, DemoError> {
        let found = catalogue.workshop_by_slug(slug);
        Ok(found.ok_or_else(|| broken(format!("no workshop {slug}")))?.id)
    };
    for entry in &file.jobs {
        for (year, less) in [(year, 0), (year - 1, 1)] {
            let figures = entry.figures.map(|n| (n - less).max(0));
            let [workers, artisans, apprentices, women, seasonal] = figures;
            let jobs = Jobs { workers, artisans, apprentices, women, seasonal };
            let workshop = shop(&entry.workshop)?;
            let save = SaveFigures { actor: Actor::System, workshop, year, jobs };
            report::save_figures(tx, save).await.map_err(broken)?;
        }
    }
    for (at, entry) in file.trade.iter().enumerate() {
        let first = local_date(now) + TimeDelta::days(entry.first);
        let before = (now + TimeDelta::days(entry.first - REGISTER)).min(now);
        let input = TradeInput {
            kind: entry.kind.word().to_owned(),
            name: entry.name.clone(),
            place: entry.place.clone(),
            about: entry.about.clone(),
            first: first.to_string(),
            last: (first + TimeDelta::days(entry.days - 1)).to_string(),
            register_until: (first - TimeDelta::days(REGISTER)).to_string(),
            published: true,
        };
        tx.turn(before - TimeDelta::days(20));
        let save = SaveTrade {
            actor: Actor::System,
            id: None,
            form_key: format!("demo-trade-{at}"),
            data: TradeData::parse(&input).map_err(broken)?,
        };
        let event = report::save_trade(tx, save).await.map_err(broken)?;
        for part in &entry.parts {
            let (actor, workshop) = (Actor::System, shop(&part.workshop)?);
            tx.turn(before);
            let register = Register { actor: actor.clone(), event, workshop, takes_part: true };
            report::register(tx, register).await.map_err(broken)?;
            if !part.waits {
                let decide = DecidePart { actor: actor.clone(), event, workshop, confirmed: true };
                report::decide_part(tx, decide).await.map_err(broken)?;
            }
            if let Some((contracts, orders)) = part.contracts.zip(part.orders.as_deref()) {
                tx.turn(now);
                let outcome = Outcome::parse(&contracts.to_string(), orders).map_err(broken)?;
                let tell = TellOutcome { actor, event, workshop, outcome };
                report::tell_outcome(tx, tell).await.map_err(broken)?;
            }
        }
    }
    tx.turn(now);
    for area in ["trade.%", "report.%"] {
        tx.execute("DELETE FROM audit WHERE verb LIKE $1", params![*area]).await?;
    }
    Ok(())
}
