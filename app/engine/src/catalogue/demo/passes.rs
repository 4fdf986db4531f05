//! The demo's full-day passes.

use std::sync::Arc;

use serde::Deserialize;

use super::{DemoError, coops};
use crate::Localized;
use crate::accounts::Actor;
use crate::catalogue::Catalogue;
use crate::pass::{self, Create, Input, PassData, Publish};
use crate::store::Tx;

const FILE: (&str, &str) = ("passes.toml", include_str!("../../../demo/passes.toml"));

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PassFile {
    passes: Vec<PassEntry>,
}

/// Of a co-op, or the office's.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PassEntry {
    coop: Option<String>,
    title: Localized,
    summary: Localized,
    description: Localized,
    percent_off: i32,
    stops: Vec<StopEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StopEntry {
    tour: String,
    option: String,
}

fn broken(reason: impl std::fmt::Display) -> DemoError {
    DemoError::File { file: FILE.0, reason: reason.to_string() }
}

/// Writes the passes of a catalogue that has just been seeded.
pub(super) async fn insert(tx: &mut Tx, catalogue: Arc<Catalogue>) -> Result<(), DemoError> {
    let file: PassFile = toml::from_str(FILE.1).map_err(broken)?;
    for entry in file.passes {
        let author = coops::author(tx, entry.coop.as_deref()).await?;
        let mut stops = Vec::new();
        for stop in entry.stops {
            let tour = catalogue.tour_by_slug(&stop.tour);
            let option = tour.and_then(|it| it.options.iter().find(|it| it.slug == stop.option));
            let option =
                option.ok_or_else(|| broken(format!("no {}/{}", stop.tour, stop.option)))?;
            stops.push(option.id.to_string());
        }
        let input = Input {
            title: entry.title,
            summary: entry.summary,
            description: entry.description,
            percent_off: entry.percent_off.to_string(),
            stops,
        };
        let data = PassData::parse(&input).map_err(|wrong| broken(format!("{wrong:?}")))?;
        let catalogue = Arc::clone(&catalogue);
        let create = Create { actor: Actor::System, catalogue, author, data };
        let made = pass::create(tx, create).await.map_err(broken)?;
        let publish = Publish { actor: Actor::System, pass: made.id, published: true };
        pass::publish(tx, publish).await.map_err(broken)?;
    }
    // Nobody wrote anything yet.
    tx.execute("DELETE FROM audit WHERE verb IN ('pass.create', 'pass.publish')", vec![]).await?;
    Ok(())
}
