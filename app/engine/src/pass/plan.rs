//! Which departures make a day: a pure function from what there is to what can be combined.

use chrono::{DateTime, TimeDelta, Utc};

use crate::SlotId;
use crate::schedule::Slot;

/// A departure, as far as the plan looks at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Departure {
    pub slot: SlotId,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
}

impl From<&Slot> for Departure {
    fn from(slot: &Slot) -> Self {
        Self { slot: slot.id, starts_at: slot.starts_at, ends_at: slot.ends_at }
    }
}

/// Whether one can be reached after the other, with so many minutes of way.
pub fn follows(before: &Departure, next: &Departure, way: i64) -> bool {
    next.starts_at >= before.ends_at + TimeDelta::minutes(way)
}

/// Whether departures follow each other; `ways` has the minutes from each to the next.
pub fn keeps_the_way(chain: &[Departure], ways: &[i64]) -> bool {
    chain.windows(2).zip(ways).all(|(pair, way)| match pair {
        [before, next] => follows(before, next, *way),
        _ => true,
    })
}

/// All days that begin with a departure of the first stop, each with the earliest that can be
/// reached at every further stop; shortest days first. `stops` has what each stop offers.
///
/// Of those that can be reached the one that ends first is taken, so that a later stop is never
/// missed for a longer visit before: where any chain exists for a first departure, this finds one.
pub fn chains(stops: &[Vec<Departure>], ways: &[i64]) -> Vec<Vec<Departure>> {
    let Some((first, further)) = stops.split_first() else { return Vec::new() };
    let mut found: Vec<Vec<Departure>> =
        first.iter().filter_map(|start| from(*start, further, ways)).collect();
    found.sort_by_key(|chain| {
        let ends = chain.first().zip(chain.last());
        let start = chain.first().map(|first| first.starts_at);
        (ends.map(|(first, last)| last.ends_at - first.starts_at), start)
    });
    found
}

fn from(start: Departure, further: &[Vec<Departure>], ways: &[i64]) -> Option<Vec<Departure>> {
    let mut chain = vec![start];
    let mut before = start;
    for (offered, way) in further.iter().zip(ways) {
        let reached = offered.iter().filter(|next| follows(&before, next, *way));
        before = *reached.min_by_key(|next| (next.ends_at, next.starts_at, next.slot))?;
        chain.push(before);
    }
    (chain.len() == further.len() + 1).then_some(chain)
}
