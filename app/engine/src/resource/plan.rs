//! The one rule of resources, without a database: which of them a visit gets, if any can be had.

use std::collections::HashMap;

use chrono::{DateTime, Days, TimeDelta, Utc};

use super::model::{Need, Resource, Stretch, Timing};
use crate::clock::local_date;
use crate::{NeedId, ResourceId, SlotId};

/// So much of a resource is somebody's; `slot` when it is a visit's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occupied {
    pub stretch: Stretch,
    pub amount: i32,
    pub slot: Option<SlotId>,
}

/// Resources and what of them is taken already.
#[derive(Debug, Clone, Default)]
pub struct Load<'a> {
    resources: HashMap<ResourceId, (&'a Resource, Vec<Occupied>)>,
}

impl<'a> Load<'a> {
    pub fn new(resources: impl IntoIterator<Item = &'a Resource>) -> Self {
        let resources = resources.into_iter().map(|it| (it.id, (it, Vec::new()))).collect();
        Self { resources }
    }

    pub fn add(&mut self, resource: ResourceId, occupied: Occupied) {
        if let Some((_, taken)) = self.resources.get_mut(&resource) {
            taken.push(occupied);
        }
    }

    /// Takes back all that a visit has.
    pub fn remove(&mut self, slot: SlotId) {
        for (_, taken) in self.resources.values_mut() {
            taken.retain(|it| it.slot != Some(slot));
        }
    }

    /// Least that is free at any moment of the stretch, what `mine` has not counted; below zero
    /// where more broke than was free.
    pub fn free(&self, resource: ResourceId, wanted: Stretch, mine: Option<SlotId>) -> i32 {
        let Some((found, taken)) = self.resources.get(&resource) else { return 0 };
        let others = taken.iter().filter(|it| mine.is_none() || it.slot != mine);
        found.quantity - peak(others.copied(), wanted)
    }

    fn resource(&self, id: ResourceId) -> Option<&'a Resource> {
        self.resources.get(&id).map(|(resource, _)| *resource)
    }
}

/// Most that is taken at any moment of the stretch.
pub fn peak(taken: impl Iterator<Item = Occupied>, wanted: Stretch) -> i32 {
    let mut steps: Vec<(DateTime<Utc>, i32)> = taken
        .filter(|it| it.stretch.overlaps(wanted))
        .flat_map(|it| [(it.stretch.from, it.amount), (it.stretch.to, -it.amount)])
        .collect();
    // At the same instant what ends gives back before what begins takes.
    steps.sort_unstable();
    let mut now = 0;
    steps.into_iter().fold(0, |most, (_, step)| {
        now += step;
        most.max(now)
    })
}

/// A visit as resources see it.
#[derive(Debug, Clone, Copy)]
pub struct Visit {
    pub slot: SlotId,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub heads: i32,
    /// Nothing that has begun by now can be had any more, only kept.
    pub now: DateTime<Utc>,
}

/// What a need gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Planned {
    pub need: NeedId,
    pub resource: ResourceId,
    pub stretch: Stretch,
    pub amount: i32,
}

impl Planned {
    pub const fn occupied(&self, slot: SlotId) -> Occupied {
        Occupied { stretch: self.stretch, amount: self.amount, slot: Some(slot) }
    }
}

/// A need that nothing can meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unmet {
    pub need: NeedId,
    pub amount: i32,
}

/// What each need of a visit gets, and which get nothing. `current` is what the visit has
/// already: it keeps that where it still fits, and in any case once it has begun.
pub fn plan(
    needs: &[Need],
    load: &Load<'_>,
    visit: Visit,
    current: &[Planned],
) -> (Vec<Planned>, Vec<Unmet>) {
    let mut planned: Vec<Planned> = Vec::with_capacity(needs.len());
    let mut unmet = Vec::new();
    for need in needs {
        let amount = need.of(visit.heads);
        let kept = current.iter().find(|it| it.need == need.id).map(|it| (it.resource, it.stretch));
        if amount == 0 || (kept.is_none() && need.is_past(visit)) {
            continue;
        }
        let begun = kept.filter(|(_, stretch)| stretch.from <= visit.now);
        let places = kept
            .into_iter()
            .filter(|place| candidates(need, load, visit).any(|candidate| candidate == *place))
            .chain(candidates(need, load, visit).filter(|(_, stretch)| stretch.from > visit.now));
        let found = begun.or_else(|| {
            let mut places = places;
            places.find(|(resource, stretch)| {
                let mine = planned.iter().filter(|it| it.resource == *resource);
                let mine = mine.map(|it| it.occupied(visit.slot));
                load.free(*resource, *stretch, Some(visit.slot)) - peak(mine, *stretch) >= amount
            })
        });
        match found {
            Some((resource, stretch)) => {
                planned.push(Planned { need: need.id, resource, stretch, amount });
            }
            None => unmet.push(Unmet { need: need.id, amount }),
        }
    }
    (planned, unmet)
}

impl Need {
    /// Whether it arose before anybody asked for it: nothing can be done about that any more.
    fn is_past(&self, visit: Visit) -> bool {
        match self.timing {
            Timing::During { .. } => visit.starts_at <= visit.now,
            Timing::After { .. } => visit.ends_at <= visit.now,
        }
    }
}

/// Where and when a need could be met, best first: the preferred resource, the earliest firing.
fn candidates<'a>(
    need: &'a Need,
    load: &'a Load<'_>,
    visit: Visit,
) -> impl Iterator<Item = (ResourceId, Stretch)> + 'a {
    need.choices
        .iter()
        .filter_map(|id| load.resource(*id))
        .filter(|resource| resource.active)
        .flat_map(move |resource| {
            stretches(need.timing, resource, visit).into_iter().map(move |it| (resource.id, it))
        })
}

fn stretches(timing: Timing, resource: &Resource, visit: Visit) -> Vec<Stretch> {
    match timing {
        Timing::During { from, to } => {
            let at = |minutes: i32| visit.starts_at + TimeDelta::minutes(i64::from(minutes));
            let using = Stretch { from: at(from), to: at(to) };
            let open = using.from < using.to && resource.hours.cover(using);
            open.then(|| resource.occupied(using)).into_iter().collect()
        }
        Timing::After { from_day, to_day } => {
            let date = local_date(visit.ends_at);
            (from_day.max(0)..=to_day)
                .filter_map(|day| date.checked_add_days(Days::new(u64::try_from(day).ok()?)))
                .flat_map(|date| resource.hours.on(date))
                .filter(|firing| firing.from >= visit.ends_at)
                .collect()
        }
    }
}

/// How many more can come, up to `most`: the largest number that the needs still find room for.
pub fn room(needs: &[Need], load: &Load<'_>, visit: Visit, current: &[Planned], most: i32) -> i32 {
    let fits = |more: i32| {
        let visit = Visit { heads: visit.heads + more, ..visit };
        plan(needs, load, visit, current).1.is_empty()
    };
    if most <= 0 || !fits(1) {
        return 0;
    }
    if fits(most) {
        return most;
    }
    // More people never need less, so the largest that fits is found by halving.
    let (mut fit, mut not) = (1, most);
    while not - fit > 1 {
        let middle = i32::midpoint(fit, not);
        if fits(middle) {
            fit = middle;
        } else {
            not = middle;
        }
    }
    fit
}
