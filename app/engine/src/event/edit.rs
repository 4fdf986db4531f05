//! Writing events, and what happens to the slots when one begins or ceases to count.

use std::sync::Arc;

use serde_json::json;

use super::days::Days;
use super::error::EventError;
use super::letters::{self, News};
use super::model::{Event, EventData};
use super::read;
use crate::accounts::{Actor, audit};
use crate::catalogue::Catalogue;
use crate::coop::Author;
use crate::schedule::{self, Impact};
use crate::store::{Conn, Tx};
use crate::{EventId, VillageId, WorkshopId, columns, params, text};

/// An event, new where no id is given. A new one is a draft.
#[derive(Debug, Clone)]
pub struct SaveEvent {
    pub catalogue: Arc<Catalogue>,
    pub actor: Actor,
    pub id: Option<EventId>,
    /// Of a new one; an event keeps its author and its village.
    pub author: Author,
    pub village: VillageId,
    pub data: EventData,
}

/// Saves an event. One that is published takes effect at once, and the workshops are told. Its
/// address is made from its first Vietnamese name and stays.
pub async fn save(tx: &mut Tx, command: SaveEvent) -> Result<Event, EventError> {
    let SaveEvent { catalogue, actor, id, author, village, data } = command;
    let before = match id {
        Some(id) => Some(read::by_id(tx, id).await?.ok_or(EventError::Unknown)?),
        None => None,
    };
    let author = before.as_ref().map_or(author, |event| event.author);
    author.must_write(tx, &actor).await?;
    let id = match &before {
        Some(event) => {
            let next = columns! { version: event.version + 1 };
            let key = columns! { id: event.id, version: event.version };
            tx.update_one("event", data.columns().and(next), key).await?;
            event.id
        }
        None => insert(tx, &catalogue, author, village, &data).await?,
    };
    let event = read::by_id(tx, id).await?.ok_or(EventError::Unknown)?;
    let detail = json!({ "name": event.name.vi, "published": event.published });
    audit::record(tx, &actor, "event.save", event.id, None, detail).await?;
    let unlike =
        before.filter(|before| (&before.days, before.effect) != (&event.days, event.effect));
    if event.published && unlike.is_some() {
        take_effect(tx, &catalogue, &event, News::Changed).await?;
    }
    Ok(event)
}

async fn insert(
    tx: &mut Tx,
    catalogue: &Catalogue,
    author: Author,
    village: VillageId,
    data: &EventData,
) -> Result<EventId, EventError> {
    catalogue.village(village).ok_or(EventError::Unknown)?;
    let id = EventId::new(tx.now());
    let place = columns! {
        id: id,
        village_id: village,
        coop_id: author.coop(),
        published: false,
        version: 1,
        created_at: tx.now(),
    };
    let base = text::slug_or(&data.name.vi, "event");
    tx.insert_with_slug("event", &base, place.and(data.columns())).await?;
    Ok(id)
}

#[derive(Debug, Clone)]
pub struct Publish {
    pub catalogue: Arc<Catalogue>,
    pub actor: Actor,
    pub event: EventId,
    /// Or withdrawn.
    pub published: bool,
}

/// Announces an event, or withdraws it; the slots follow, and the workshops are told.
pub async fn publish(tx: &mut Tx, command: Publish) -> Result<Event, EventError> {
    let Publish { catalogue, actor, event, published } = command;
    let before = read::by_id(tx, event).await?.ok_or(EventError::Unknown)?;
    before.author.must_write(tx, &actor).await?;
    if before.published == published {
        return Ok(before);
    }
    let next = columns! { published: published, version: before.version + 1 };
    tx.update_one("event", next, columns! { id: event, version: before.version }).await?;
    let after = read::by_id(tx, event).await?.ok_or(EventError::Unknown)?;
    let (verb, news) = if published {
        ("event.publish", News::Published)
    } else {
        ("event.withdraw", News::Withdrawn)
    };
    audit::record(tx, &actor, verb, event, None, json!({ "name": after.name.vi })).await?;
    take_effect(tx, &catalogue, &after, news).await?;
    Ok(after)
}

/// The slots of all that take part follow, and their hosts are told.
async fn take_effect(
    tx: &mut Tx,
    catalogue: &Catalogue,
    event: &Event,
    news: News,
) -> Result<(), EventError> {
    for house in read::concerned(tx, event).await? {
        if house.takes_part {
            schedule::follow_events(tx, catalogue, house.workshop).await?;
        }
        letters::tell(tx, event, house.workshop, news).await?;
    }
    Ok(())
}

/// A workshop stays out of an event, or takes part after all.
#[derive(Debug, Clone)]
pub struct StayOut {
    pub catalogue: Arc<Catalogue>,
    pub actor: Actor,
    pub event: EventId,
    pub workshop: WorkshopId,
    pub out: bool,
}

/// Only for owners. Doing it twice changes nothing.
pub async fn stay_out(tx: &mut Tx, command: StayOut) -> Result<(), EventError> {
    let StayOut { catalogue, actor, event, workshop, out } = command;
    actor.must_own(workshop)?;
    let found = read::by_id(tx, event).await?.ok_or(EventError::Unknown)?;
    let concerned = read::concerned(tx, &found).await?;
    if !concerned.iter().any(|house| house.workshop == workshop) {
        return Err(EventError::Unknown);
    }
    if out {
        let row = columns! { event_id: event, workshop_id: workshop, since: tx.now() };
        tx.insert_if_new("event_opt_out", row).await?;
    } else {
        tx.execute(
            "DELETE FROM event_opt_out WHERE event_id = $1 AND workshop_id = $2",
            params![event, workshop],
        )
        .await?;
    }
    if found.published {
        schedule::follow_events(tx, &catalogue, workshop).await?;
    }
    let verb = if out { "event.stay_out" } else { "event.take_part" };
    let detail = json!({ "name": found.name.vi });
    audit::record(tx, &actor, verb, event, Some(workshop), detail).await?;
    Ok(())
}

/// What an event would do to the slots of everybody that takes part, were it published as it is.
pub async fn preview(
    conn: &mut Conn,
    catalogue: &Catalogue,
    event: &Event,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<Impact, EventError> {
    let mut sum = Impact::default();
    for house in read::concerned(conn, event).await?.iter().filter(|house| house.takes_part) {
        let mut events = read::in_force(conn, house.workshop).await?;
        events.retain(|other| other.id != event.id);
        events.push(event.clone());
        events.sort_by_key(|event| (event.created_at, event.id));
        let days = Days::of_events(events);
        let mut impact =
            schedule::preview_days(conn, catalogue, house.workshop, &days, now).await?;
        sum.slots_added += impact.slots_added;
        sum.slots_removed += impact.slots_removed;
        sum.slots_changed += impact.slots_changed;
        sum.unwanted += impact.unwanted;
        sum.hit.append(&mut impact.hit);
    }
    Ok(sum)
}
