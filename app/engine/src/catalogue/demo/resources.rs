//! The demo's shared kilns, wheels, looms and rooms, written by the verbs that owners use.

use std::collections::HashMap;

use serde::Deserialize;

use super::DemoError;
use crate::accounts::Actor;
use crate::resource::{
    AddResource, Basis, NeedEntry, Owner, ResourceKind, ResourceTexts, SetNeeds, Timing, WeekHours,
    add_resource, set_needs,
};
use crate::store::Tx;
use crate::{CoopId, Localized, OptionId, ResourceId, WorkshopId, params};

const FILE: (&str, &str) = ("resources.toml", include_str!("../../../demo/resources.toml"));

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ResourceFile {
    resources: Vec<ResourceEntry>,
    needs: Vec<OptionNeeds>,
}

/// Of a workshop or of a co-op, by their addresses.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ResourceEntry {
    key: String,
    workshop: Option<String>,
    coop: Option<String>,
    kind: ResourceKind,
    name: Localized,
    quantity: i32,
    #[serde(default)]
    setup_minutes: i32,
    #[serde(default)]
    cleanup_minutes: i32,
    #[serde(default)]
    hours: WeekHours,
    own_hours_week: Option<i32>,
    own_days_ahead: Option<i32>,
    #[serde(default)]
    note: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OptionNeeds {
    tour: String,
    option: String,
    list: Vec<NeedFile>,
}

/// During the visit with minutes, in a firing after it with days.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NeedFile {
    basis: Basis,
    amount: i32,
    from_minute: Option<i32>,
    to_minute: Option<i32>,
    from_day: Option<i32>,
    to_day: Option<i32>,
    of: Vec<String>,
}

/// Writes resources and needs of a catalogue whose co-ops have just been seeded.
pub(super) async fn insert(tx: &mut Tx) -> Result<(), DemoError> {
    let file: ResourceFile = toml::from_str(FILE.1).map_err(|error| broken(error.to_string()))?;
    let mut ids: HashMap<String, ResourceId> = HashMap::new();
    for entry in file.resources {
        let owner = owner(tx, &entry).await?;
        let texts = ResourceTexts {
            kind: entry.kind,
            name: entry.name,
            quantity: entry.quantity,
            setup_minutes: entry.setup_minutes,
            cleanup_minutes: entry.cleanup_minutes,
            hours: entry.hours,
            own_hours_week: entry.own_hours_week,
            own_days_ahead: entry.own_days_ahead,
            note: entry.note,
            active: true,
        };
        let add = AddResource { actor: Actor::System, owner, texts };
        let made = add_resource(tx, add).await.map_err(|error| broken(error.to_string()))?;
        ids.insert(entry.key, made.id);
    }
    for needs in file.needs {
        let option = option(tx, &needs).await?;
        let list: Option<Vec<NeedEntry>> = needs.list.iter().map(|need| need.entry(&ids)).collect();
        let list = list.ok_or_else(|| broken(format!("a need of {}", needs.option)))?;
        let set = SetNeeds { actor: Actor::System, option, needs: list, force: false };
        set_needs(tx, set).await.map_err(|error| broken(error.to_string()))?;
    }
    // Nobody edited anything yet.
    tx.execute("DELETE FROM audit WHERE verb IN ('resource.add', 'option.needs')", vec![]).await?;
    Ok(())
}

impl NeedFile {
    fn entry(&self, ids: &HashMap<String, ResourceId>) -> Option<NeedEntry> {
        let timing = match (self.from_minute, self.to_minute, self.from_day, self.to_day) {
            (Some(from), Some(to), None, None) => Timing::During { from, to },
            (None, None, Some(from_day), Some(to_day)) => Timing::After { from_day, to_day },
            _ => return None,
        };
        let choices: Option<Vec<ResourceId>> =
            self.of.iter().map(|key| ids.get(key).copied()).collect();
        let (basis, amount) = (self.basis, self.amount);
        Some(NeedEntry { id: None, basis, amount, timing, choices: choices? })
    }
}

async fn owner(tx: &mut Tx, entry: &ResourceEntry) -> Result<Owner, DemoError> {
    let unknown = || broken(format!("no owner of {}", entry.key));
    match (&entry.coop, &entry.workshop) {
        (Some(slug), None) => {
            let found: Option<(CoopId,)> = tx
                .fetch_optional("SELECT id FROM coop WHERE slug = $1", params![slug.clone()])
                .await?;
            Ok(Owner::Coop(found.ok_or_else(unknown)?.0))
        }
        (None, Some(slug)) => {
            let found: Option<(WorkshopId,)> = tx
                .fetch_optional("SELECT id FROM workshop WHERE slug = $1", params![slug.clone()])
                .await?;
            Ok(Owner::Workshop(found.ok_or_else(unknown)?.0))
        }
        _ => Err(unknown()),
    }
}

async fn option(tx: &mut Tx, needs: &OptionNeeds) -> Result<OptionId, DemoError> {
    let found: Option<(OptionId,)> = tx
        .fetch_optional(
            "SELECT tour_option.id FROM tour_option JOIN tour ON tour.id = tour_option.tour_id \
             WHERE tour.slug = $1 AND tour_option.slug = $2",
            params![needs.tour.clone(), needs.option.clone()],
        )
        .await?;
    found
        .map(|(id,)| id)
        .ok_or_else(|| broken(format!("no option {} of {}", needs.option, needs.tour)))
}

fn broken(reason: String) -> DemoError {
    DemoError::File { file: FILE.0, reason }
}
