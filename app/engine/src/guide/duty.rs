//! The one rule of guides, without a database: whether somebody can lead a departure.

use chrono::{DateTime, TimeDelta, Utc};

use super::model::Guide;
use crate::catalogue::Spoken;
use crate::resource::{Purpose, Stretch};
use crate::{SlotId, WorkshopId};

/// Something that takes a guide's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Task {
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub purpose: Purpose,
    /// The departure that it is for.
    pub slot_id: Option<SlotId>,
    /// Where it is.
    pub workshop_id: Option<WorkshopId>,
}

impl Task {
    pub const fn stretch(&self) -> Stretch {
        Stretch { from: self.starts_at, to: self.ends_at }
    }
}

/// What stands against somebody's leading a departure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hindrance {
    /// Does not guide any more, or not at present.
    Retired,
    /// It is not within the working times.
    OffHours,
    DayOff(Task),
    /// A member has booked the guide for something of its own.
    OwnWork(Task),
    /// Leads another departure at that time.
    Leads(Task),
    /// Leads another departure elsewhere, too shortly before or after.
    TooFar(Task, i32),
}

/// A departure as guides see it.
#[derive(Debug, Clone)]
pub struct Wanted {
    pub slot: SlotId,
    pub workshop: WorkshopId,
    /// A visit has one stretch, a run of a course one for each session.
    pub stretches: Vec<Stretch>,
}

/// The first thing that stands against the guide's leading the departure; `tasks` are the
/// guide's around that time, those of the departure itself do not count.
pub fn hindrance(guide: &Guide, wanted: &Wanted, tasks: &[Task]) -> Option<Hindrance> {
    if !guide.resource.active {
        return Some(Hindrance::Retired);
    }
    let others: Vec<&Task> =
        tasks.iter().filter(|task| task.slot_id != Some(wanted.slot)).collect();
    wanted.stretches.iter().find_map(|stretch| {
        let clash = others.iter().find(|task| task.stretch().overlaps(*stretch));
        if let Some(task) = clash {
            return Some(match task.purpose {
                Purpose::Upkeep => Hindrance::DayOff(**task),
                Purpose::Own => Hindrance::OwnWork(**task),
                Purpose::Visit => Hindrance::Leads(**task),
            });
        }
        if !guide.resource.hours.cover(*stretch) {
            return Some(Hindrance::OffHours);
        }
        let way = TimeDelta::minutes(i64::from(guide.travel_minutes));
        let with_way = Stretch { from: stretch.from - way, to: stretch.to + way };
        others
            .iter()
            .filter(|task| task.purpose != Purpose::Upkeep)
            .filter(|task| task.workshop_id != Some(wanted.workshop))
            .find(|task| task.stretch().overlaps(with_way))
            .map(|task| Hindrance::TooFar(**task, guide.travel_minutes))
    })
}

/// Languages of the guests that the guide does not speak. It hinders nobody: the host may know
/// better.
pub fn lacking(guide: &Guide, wanted: &[Spoken]) -> Vec<Spoken> {
    wanted.iter().copied().filter(|it| !guide.languages.0.contains(it)).collect()
}
