//! Whose a credential is.

use super::kind::Kind;
use super::model::Credential;
use crate::text::fold;
use crate::{CoopId, TourId, VillageId, WorkshopId};

/// Who or what has credentials. People and products are known by their names within a workshop.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Holder {
    /// Its recognitions, and marks of its associations.
    Village(VillageId),
    /// Its marks.
    Coop(CoopId),
    /// Its checks and licences, and what its people and its products have.
    Workshop(WorkshopId),
    Person {
        workshop: WorkshopId,
        name: String,
    },
    Product {
        workshop: WorkshopId,
        name: String,
    },
    /// Stars of its own.
    Tour(TourId),
}

impl Credential {
    /// Whether it is one of this holder's.
    pub fn is_of(&self, holder: &Holder) -> bool {
        let named = |name: &str| fold(&self.subject) == fold(name);
        match holder {
            Holder::Village(id) => self.village_id == Some(*id),
            Holder::Coop(id) => self.coop_id == Some(*id),
            Holder::Workshop(id) => self.workshop_id == Some(*id) && self.tour_id.is_none(),
            Holder::Tour(id) => self.tour_id == Some(*id),
            Holder::Person { workshop, name } => {
                self.workshop_id == Some(*workshop)
                    && matches!(self.kind, Kind::Title(_))
                    && named(name)
            }
            Holder::Product { workshop, name } => {
                self.workshop_id == Some(*workshop)
                    && self.kind == Kind::Ocop
                    && self.tour_id.is_none()
                    && named(name)
            }
        }
    }
}
