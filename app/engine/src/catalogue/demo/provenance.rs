//! Lots of the demo with the steps behind them, made by the verbs that hosts use, each on its day.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

use super::DemoError;
use crate::accounts::Actor;
use crate::catalogue::Catalogue;
use crate::clock::local_date;
use crate::provenance::photos::{Size, insert};
use crate::provenance::{
    self, AddData, AddInput, AddKind, Entry, LotData, LotInput, OpenLot, Picture, Record, Withdraw,
    keys, scans,
};
use crate::store::Tx;
use crate::{Localized, WorkshopId};

const FILE: (&str, &str) = ("provenance.toml", include_str!("../../../demo/provenance.toml"));

/// The site's drawings stand for photographs.
macro_rules! drawings {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_bytes!(concat!("../../../../assets/illustrations/", $name, ".svg")))),+]
    };
}

const DRAWINGS: &[(&str, &[u8])] = drawings![
    "pottery-1",
    "pottery-2",
    "pottery-3",
    "rattan-1",
    "rattan-2",
    "rattan-3",
    "silk-1",
    "silk-2",
    "silk-3",
];
const DRAWN: Size = Size { width: 800, height: 600 };

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProvenanceFile {
    lots: Vec<LotEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LotEntry {
    workshop: String,
    title: Localized,
    quantity: u32,
    unit: Localized,
    made_from: i64,
    made_to: i64,
    opened: i64,
    materials: Vec<MaterialEntry>,
    makers: Vec<String>,
    /// The product whose stars the lot has.
    #[serde(default)]
    certificate: String,
    /// Of the last days, today last.
    scans: Vec<u32>,
    entries: Vec<EntryEntry>,
    withdrawn: Option<WithdrawnEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MaterialEntry {
    name: Localized,
    origin: Localized,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryEntry {
    kind: String,
    ago: i64,
    words: Localized,
    #[serde(default)]
    of: String,
    picture: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WithdrawnEntry {
    ago: i64,
    reason: Localized,
}

fn broken(reason: impl std::fmt::Display) -> DemoError {
    DemoError::File { file: FILE.0, reason: reason.to_string() }
}

fn days_before(now: DateTime<Utc>, ago: i64) -> DateTime<Utc> {
    now - TimeDelta::days(ago)
}

pub(super) async fn make(tx: &mut Tx, catalogue: &Catalogue) -> Result<(), DemoError> {
    let file: ProvenanceFile = toml::from_str(FILE.1).map_err(broken)?;
    let now = tx.now();
    // A key no younger than the first lot, unless there is one already.
    if keys::all(tx).await?.keys.is_empty() {
        let first = file.lots.iter().map(|lot| lot.opened).max().unwrap_or(0);
        tx.turn(days_before(now, first));
        keys::keep(tx, None).await.map_err(broken)?;
    }
    for (at, lot) in file.lots.iter().enumerate() {
        let workshop = catalogue.workshop_by_slug(&lot.workshop);
        let workshop = workshop.ok_or_else(|| broken(format!("no workshop {}", lot.workshop)))?.id;
        Box::pin(one(tx, now, workshop, at, lot)).await?;
    }
    tx.turn(now);
    Ok(())
}

async fn one(
    tx: &mut Tx,
    now: DateTime<Utc>,
    workshop: WorkshopId,
    at: usize,
    lot: &LotEntry,
) -> Result<(), DemoError> {
    tx.turn(days_before(now, lot.opened));
    let today = local_date(tx.now());
    let certificates = provenance::certificates(tx, workshop, today).await?;
    let certified =
        certificates.iter().find(|it| it.stars.is_some() && it.subject == lot.certificate);
    if certified.is_none() && !lot.certificate.is_empty() {
        return Err(broken(format!("no certificate of {}", lot.certificate)));
    }
    let day = |ago: i64| local_date(days_before(now, ago)).to_string();
    let input = LotInput {
        title: lot.title.clone(),
        quantity: lot.quantity.to_string(),
        unit: lot.unit.clone(),
        made_from: day(lot.made_from),
        made_to: day(lot.made_to),
        materials: lot
            .materials
            .iter()
            .map(|material| (material.name.clone(), material.origin.clone()))
            .collect(),
        makers: lot.makers.join("\n"),
        consent: true,
        certificate: certified.map(|it| it.id.to_string()).unwrap_or_default(),
    };
    let open = OpenLot {
        actor: Actor::System,
        workshop,
        // Lots are planned ahead: their last day may lie after the day they are opened on.
        data: LotData::parse(&input, local_date(now)).map_err(broken)?,
        form_key: format!("demo-lot-{at}"),
    };
    let record = provenance::open_lot(tx, open).await.map_err(broken)?;
    for entry in &lot.entries {
        tx.turn(days_before(now, entry.ago));
        add(tx, &record, entry).await?;
    }
    for (ago, count) in (0_i64..).zip(lot.scans.iter().rev()) {
        tx.turn(days_before(now, ago));
        for _ in 0..*count {
            scans::count(tx, record.id).await?;
        }
    }
    if let Some(withdrawn) = &lot.withdrawn {
        tx.turn(days_before(now, withdrawn.ago));
        let reason = withdrawn.reason.clone();
        let withdraw = Withdraw { actor: Actor::System, record: record.id, reason };
        provenance::withdraw(tx, withdraw).await.map_err(broken)?;
    }
    Ok(())
}

async fn add(tx: &mut Tx, record: &Record, entry: &EntryEntry) -> Result<(), DemoError> {
    let kind = AddKind::parse(&entry.kind).ok_or_else(|| broken(&entry.kind))?;
    let today = local_date(tx.now());
    let input = AddInput {
        words: entry.words.clone(),
        date: today.to_string(),
        of: entry.of.clone(),
        ..AddInput::default()
    };
    let data = AddData::parse(kind, &input, today).map_err(broken)?;
    let AddData::Entry(mut said) = data else { return Err(broken("neither a name nor a picture")) };
    if let (Entry::Step(step), Some(name)) = (&mut said, &entry.picture) {
        let drawing = DRAWINGS.iter().find(|(drawn, _)| drawn == name);
        let (_, svg) = drawing.ok_or_else(|| broken(format!("no drawing {name}")))?;
        let sha256 = insert(tx, record.workshop_id, "image/svg+xml", DRAWN, svg).await?;
        step.picture = Some(Picture { sha256 });
    }
    provenance::append(tx, record.id, said).await.map_err(broken)?;
    Ok(())
}
