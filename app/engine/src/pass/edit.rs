//! Writing passes: a co-op's managers write its passes, the office its own.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::json;

use super::error::PassError;
use super::model::{Consent, Pass, Stop};
use super::offer::{self, Place};
use crate::accounts::{Actor, Role, audit};
use crate::catalogue::Catalogue;
use crate::catalogue::edit::{Field, Reader, Wrong, Wrongs};
use crate::coop::Author;
use crate::mail::{Letter, outbox};
use crate::store::{Columns, Tx};
use crate::{Localized, OptionId, PassId, PassStopId, WorkshopId, columns, params, text};

const TITLE: usize = 120;
const SUMMARY: usize = 400;
const DESCRIPTION: usize = 4_000;
pub const MAX_PERCENT: i32 = 50;
/// More is no day.
pub const MAX_STOPS: usize = 5;

/// As typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Input {
    pub title: Localized,
    pub summary: Localized,
    pub description: Localized,
    pub percent_off: String,
    /// Ids of options; empty ones are left out.
    pub stops: Vec<String>,
}

impl Input {
    /// What the editor begins with.
    pub fn of(pass: &Pass, stops: &[Stop]) -> Self {
        Self {
            title: pass.title.clone(),
            summary: pass.summary.clone(),
            description: pass.description.clone(),
            percent_off: pass.percent_off.to_string(),
            stops: stops.iter().map(|stop| stop.option_id.to_string()).collect(),
        }
    }
}

/// A pass as it can be saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassData {
    title: Localized,
    summary: Localized,
    description: Localized,
    percent_off: i32,
    stops: Vec<OptionId>,
}

impl PassData {
    pub fn parse(input: &Input) -> Result<PassData, Wrongs> {
        let mut reader = Reader::default();
        let title = reader.texts(Field::Title, &input.title, TITLE);
        let summary = reader.texts(Field::Summary, &input.summary, SUMMARY);
        let description =
            reader.optional_texts(Field::Description, &input.description, DESCRIPTION);
        let typed = if input.percent_off.trim().is_empty() { "0" } else { &input.percent_off };
        let percent_off = reader.number(Field::PercentOff, typed, 0, MAX_PERCENT);
        let typed = input.stops.iter().map(|stop| stop.trim()).filter(|stop| !stop.is_empty());
        let stops: Option<Vec<OptionId>> = typed.map(|stop| stop.parse().ok()).collect();
        let stops = stops.unwrap_or_default();
        let once: HashSet<&OptionId> = stops.iter().collect();
        if stops.len() < 2 {
            reader.wrong(Field::Stops, Wrong::Missing);
        } else if stops.len() > MAX_STOPS {
            reader.wrong(Field::Stops, Wrong::TooMany { max: MAX_STOPS });
        } else if once.len() < stops.len() {
            reader.wrong(Field::Stops, Wrong::Choice);
        }
        reader.finish(PassData { title, summary, description, percent_off, stops })
    }

    fn columns(&self) -> Columns {
        columns! {
            title: self.title,
            summary: self.summary,
            description: self.description,
            percent_off: self.percent_off,
        }
    }
}

#[derive(Debug, Clone)]
pub struct Create {
    pub actor: Actor,
    pub catalogue: Arc<Catalogue>,
    pub author: Author,
    pub data: PassData,
}

/// Writes a pass that is not published yet, and asks its workshops. Its address is made from the
/// first Vietnamese title and stays.
pub async fn create(tx: &mut Tx, command: Create) -> Result<Pass, PassError> {
    let Create { actor, catalogue, author, data } = command;
    author.must_write(tx, &actor).await?;
    let stops = workshops(tx, &catalogue, author, &data).await?;
    let id = PassId::new(tx.now());
    let row = columns! {
        id: id,
        coop_id: author.coop(),
        published: false,
        created_at: tx.now(),
    };
    let base = text::slug_or(&data.title.vi, "pass");
    tx.insert_with_slug("pass", &base, row.and(data.columns())).await?;
    for (position, (option, workshop)) in (1_i32..).zip(stops) {
        let consent = first_word(&actor, workshop);
        insert_stop(tx, id, position, (option, workshop, consent)).await?;
    }
    let pass = offer::find(tx, id).await?.ok_or(PassError::Unknown)?;
    let detail = json!({ "pass": pass.slug });
    audit::record(tx, &actor, "pass.create", id, None, detail).await?;
    Ok(pass)
}

#[derive(Debug, Clone)]
pub struct Edit {
    pub actor: Actor,
    pub catalogue: Arc<Catalogue>,
    pub pass: PassId,
    pub data: PassData,
}

/// Changes a pass. Who agreed is asked again only where more is taken off the price; bookings keep
/// what they were promised.
pub async fn edit(tx: &mut Tx, command: Edit) -> Result<Pass, PassError> {
    let Edit { actor, catalogue, pass, data } = command;
    let before = lock(tx, pass).await?;
    let author = Author::of(before.coop_id);
    author.must_write(tx, &actor).await?;
    let stops = workshops(tx, &catalogue, author, &data).await?;
    let had = offer::stops_of(tx, pass).await?;
    tx.update_one("pass", data.columns(), columns! { id: pass }).await?;
    tx.execute("DELETE FROM pass_stop WHERE pass_id = $1", params![pass]).await?;
    for (position, (option, workshop)) in (1_i32..).zip(stops) {
        let said = had.iter().find(|stop| stop.option_id == option).map(|stop| stop.consent);
        let consent = match said {
            Some(Consent::Agreed) if data.percent_off <= before.percent_off => Consent::Agreed,
            Some(Consent::Declined) if data.percent_off >= before.percent_off => Consent::Declined,
            Some(_) | None => first_word(&actor, workshop),
        };
        insert_stop(tx, pass, position, (option, workshop, consent)).await?;
    }
    let detail = json!({ "pass": before.slug, "percent_off": data.percent_off });
    audit::record(tx, &actor, "pass.edit", pass, None, detail).await?;
    offer::find(tx, pass).await?.ok_or(PassError::Unknown)
}

#[derive(Debug, Clone)]
pub struct Publish {
    pub actor: Actor,
    pub pass: PassId,
    pub published: bool,
}

/// Shows a pass to guests as soon as all workshops agree, or takes it off sale.
pub async fn publish(tx: &mut Tx, command: Publish) -> Result<(), PassError> {
    let Publish { actor, pass, published } = command;
    let before = lock(tx, pass).await?;
    Author::of(before.coop_id).must_write(tx, &actor).await?;
    if before.published == published {
        return Ok(());
    }
    let to = columns! { published: published };
    tx.update_one("pass", to, columns! { id: pass }).await?;
    let verb = if published { "pass.publish" } else { "pass.unpublish" };
    audit::record(tx, &actor, verb, pass, None, json!({ "pass": before.slug })).await?;
    Ok(())
}

/// The pass, its row locked until the transaction ends.
pub(super) async fn lock(tx: &mut Tx, pass: PassId) -> Result<Pass, PassError> {
    tx.fetch_optional("UPDATE pass SET slug = slug WHERE id = $1 RETURNING *", params![pass])
        .await?
        .ok_or(PassError::Unknown)
}

/// The stops with their workshops, if each may be one: an option on the list of a workshop that
/// the author may ask, and no course.
async fn workshops(
    tx: &mut Tx,
    catalogue: &Catalogue,
    author: Author,
    data: &PassData,
) -> Result<Vec<(OptionId, WorkshopId)>, PassError> {
    let members = author.members(tx).await?;
    let stops: Option<Vec<(OptionId, WorkshopId)>> = data
        .stops
        .iter()
        .map(|option| {
            let place = Place::of(catalogue, *option).filter(Place::suits)?;
            let id = place.workshop.id;
            members.as_ref().is_none_or(|members| members.contains(&id)).then_some((*option, id))
        })
        .collect();
    stops.ok_or_else(|| PassError::Fields(vec![(Field::Stops, Wrong::Choice)]))
}

/// Who writes a pass need not ask themselves. An admin owns no workshop by being one.
fn first_word(actor: &Actor, workshop: WorkshopId) -> Consent {
    let own = match actor {
        Actor::System => true,
        Actor::Person(person) => person.memberships.contains(&(workshop, Role::Owner)),
        Actor::Guest | Actor::Reseller(_) => false,
    };
    if own { Consent::Agreed } else { Consent::Asked }
}

async fn insert_stop(
    tx: &mut Tx,
    pass: PassId,
    position: i32,
    (option, workshop, consent): (OptionId, WorkshopId, Consent),
) -> Result<(), PassError> {
    let row = columns! {
        id: PassStopId::new(tx.now()),
        pass_id: pass,
        position: position,
        option_id: option,
        workshop_id: workshop,
        consent: consent,
    };
    tx.insert("pass_stop", row).await?;
    if consent == Consent::Asked {
        // Asked anew at another price is another question.
        let letter = Letter::PassAsked;
        let key = format!("{letter}:{pass}:{workshop}:{}", tx.now().timestamp_micros());
        outbox::to_workshop(tx, workshop, letter, key, json!({ "pass_id": pass })).await?;
    }
    Ok(())
}
