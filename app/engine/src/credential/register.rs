//! What is verified, in memory with the catalogue: pages and search ask it without a query.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::holder::Holder;
use super::kind::Kind;
use super::model::{Credential, Stars};
use super::show::{Shown, newest_of, shown_of};
use crate::{CoopId, TourId, VillageId, WorkshopId};

/// All that was verified, whether or not its time is over: the day is asked when something is shown.
#[derive(Debug, Default)]
pub struct Register {
    workshop: HashMap<WorkshopId, Vec<Credential>>,
    village: HashMap<VillageId, Vec<Credential>>,
    coop: HashMap<CoopId, Vec<Credential>>,
}

/// What a visitor wants a tour's workshop to have; everything left out is fine.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Asked {
    /// At least so many, of a product or of the tour.
    pub stars: Option<Stars>,
    /// Somebody with a title.
    pub artisan: bool,
    /// Leave to use a mark.
    pub mark: bool,
    /// A check or a permit of the environment.
    pub environment: bool,
}

impl Asked {
    fn is_nothing(self) -> bool {
        self == Self::default()
    }
}

impl Register {
    pub(crate) fn new(verified: Vec<Credential>) -> Self {
        let mut register = Self::default();
        for it in verified {
            if let Some(workshop) = it.workshop_id {
                register.workshop.entry(workshop).or_default().push(it);
            } else if let Some(coop) = it.coop_id {
                register.coop.entry(coop).or_default().push(it);
            } else if let Some(village) = it.village_id {
                register.village.entry(village).or_default().push(it);
            }
        }
        register
    }

    /// What visitors see of a holder on a day. A tour's own stars stand with its workshop.
    pub fn shown(&self, holder: &Holder, today: NaiveDate) -> Vec<Shown> {
        let of = match holder {
            Holder::Village(id) => self.village.get(id),
            Holder::Coop(id) => self.coop.get(id),
            Holder::Workshop(workshop)
            | Holder::Person { workshop, .. }
            | Holder::Product { workshop, .. } => self.workshop.get(workshop),
            Holder::Tour(tour) => {
                self.workshop.values().find(|all| all.iter().any(|it| it.tour_id == Some(*tour)))
            }
        };
        let of = of.into_iter().flatten().filter(|it| it.is_of(holder));
        shown_of(of, today)
    }

    /// The same of a tour with all that its workshop has.
    pub fn shown_at(&self, workshop: WorkshopId, tour: TourId, today: NaiveDate) -> Vec<Shown> {
        shown_of(self.at(workshop, tour), today)
    }

    fn at(&self, workshop: WorkshopId, tour: TourId) -> impl Iterator<Item = &Credential> {
        let all = self.workshop.get(&workshop).into_iter().flatten();
        all.filter(move |it| it.tour_id.is_none_or(|own| own == tour))
    }

    /// Whether a tour has what was asked for.
    pub fn has(&self, workshop: WorkshopId, tour: TourId, asked: &Asked, today: NaiveDate) -> bool {
        if asked.is_nothing() {
            return true;
        }
        // As shown: an older decision about the same product does not count beside a newer one.
        let shown: Vec<&Credential> = newest_of(self.at(workshop, tour), today).collect();
        let some = |wanted: &dyn Fn(&Credential) -> bool| shown.iter().any(|it| wanted(it));
        asked.stars.is_none_or(|least| some(&|it| it.stars() >= Some(least)))
            && (!asked.artisan || some(&|it| matches!(it.kind, Kind::Title(_))))
            && (!asked.mark || some(&|it| it.kind == Kind::Licence))
            && (!asked.environment
                || some(&|it| matches!(it.kind, Kind::Check(check) if check.is_environmental())))
    }
}
