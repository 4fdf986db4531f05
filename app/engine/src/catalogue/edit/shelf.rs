//! Whether guests see a tour, and in which place.

use serde_json::json;

use super::{EditError, done, owned};
use crate::accounts::Actor;
use crate::catalogue::{Tour, TourOption, load};
use crate::store::Tx;
use crate::{TourId, params};

/// What a tour lacks before guests can book it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lack {
    /// An option with a price.
    Options,
}

/// What stands against publishing.
pub fn lacks(tour: &Tour) -> Vec<Lack> {
    let sold = |option: &TourOption| option.open_units().next().is_some();
    if tour.open_options().any(sold) { Vec::new() } else { vec![Lack::Options] }
}

#[derive(Debug, Clone)]
pub struct Publish {
    pub actor: Actor,
    pub tour: TourId,
    pub published: bool,
}

/// Shows a tour to guests, or takes it off. Bookings made stay as they are.
pub async fn publish(tx: &mut Tx, command: Publish) -> Result<(), EditError> {
    let Publish { actor, tour, published } = command;
    let workshop = owned(tx, &actor, tour).await?;
    if published {
        let catalogue = load::load(tx).await?;
        let lacks = catalogue.tour(tour).map_or_else(Vec::new, lacks);
        if !lacks.is_empty() {
            return Err(EditError::NotReady(lacks));
        }
    }
    tx.execute_one("UPDATE tour SET published = $2 WHERE id = $1", params![tour, published])
        .await?;
    let verb = if published { "tour.publish" } else { "tour.unpublish" };
    done(tx, &actor, verb, tour, workshop, json!({})).await?;
    Ok(())
}

#[derive(Debug, Clone)]
pub struct MoveTour {
    pub actor: Actor,
    pub tour: TourId,
    /// Towards the beginning of the workshop's list.
    pub up: bool,
}

/// Swaps a tour with its neighbour among the workshop's tours; the first goes no further up.
pub async fn move_tour(tx: &mut Tx, command: MoveTour) -> Result<(), EditError> {
    let MoveTour { actor, tour, up } = command;
    let workshop = owned(tx, &actor, tour).await?;
    let mut tours: Vec<(TourId, i32)> = tx
        .fetch_all(
            "SELECT id, position FROM tour WHERE workshop_id = $1 ORDER BY position, slug",
            params![workshop],
        )
        .await?;
    let at = tours.iter().position(|(id, _)| *id == tour).ok_or(EditError::Unknown)?;
    let to = if up { at.checked_sub(1) } else { Some(at + 1).filter(|to| *to < tours.len()) };
    let Some(to) = to else { return Ok(()) };
    // The workshop's places in the whole catalogue stay; only who stands in them changes.
    let places: Vec<i32> = tours.iter().map(|(_, position)| *position).collect();
    tours.swap(at, to);
    let mut least = i32::MIN;
    for ((id, before), place) in tours.iter().zip(places) {
        let place = place.max(least);
        least = place.saturating_add(1);
        if place != *before {
            tx.execute_one("UPDATE tour SET position = $2 WHERE id = $1", params![*id, place])
                .await?;
        }
    }
    done(tx, &actor, "tour.move", tour, workshop, json!({ "up": up })).await?;
    Ok(())
}
