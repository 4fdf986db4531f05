//! A credential as it is stored.

use chrono::{DateTime, NaiveDate, Utc};

use super::claim::Seat;
use super::holder::Holder;
use super::kind::Kind;
use crate::store::{Bind, Param};
use crate::{CoopId, CredentialId, TourId, VillageId, WorkshopId, stored_enum};

/// Three, four or five: fewer are not certified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stars(u8);

impl Stars {
    pub const ALL: [Stars; 3] = [Stars(3), Stars(4), Stars(5)];

    pub fn new(count: i32) -> Option<Self> {
        u8::try_from(count).ok().filter(|count| (3..=5).contains(count)).map(Self)
    }

    pub const fn count(self) -> u8 {
        self.0
    }
}

impl std::str::FromStr for Stars {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        text.trim().parse().ok().and_then(Stars::new).ok_or(())
    }
}

impl Bind for Stars {
    fn bind(&self) -> Param {
        Param::I32(Some(i32::from(self.0)))
    }
    fn null() -> Param {
        Param::I32(None)
    }
}

stored_enum! {
    /// Who granted stars.
    pub enum Level {
        Central = "central",
        Province = "province",
        District = "district",
        Commune = "commune",
    }
}

stored_enum! {
    pub enum CredentialState {
        /// Waits for the office.
        Claimed = "claimed",
        Verified = "verified",
        Refused = "refused",
        /// Taken back, by the office or by whoever had it.
        Withdrawn = "withdrawn",
    }
}

/// One credential; of a licence with what is to be known of its mark.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Credential {
    pub id: CredentialId,
    pub kind: Kind,
    pub village_id: Option<VillageId>,
    pub coop_id: Option<CoopId>,
    pub workshop_id: Option<WorkshopId>,
    pub tour_id: Option<TourId>,
    pub mark_id: Option<CredentialId>,
    /// The product, the person, or the mark by its name; empty elsewhere.
    pub subject: String,
    /// The association that owns a mark; empty where a co-op does.
    pub owner: String,
    pub stars: Option<i32>,
    pub level: Option<Level>,
    pub number: String,
    pub decision: String,
    pub issuer: String,
    pub year: Option<i32>,
    pub filed_on: Option<NaiveDate>,
    pub renewals: i32,
    pub issued_on: Option<NaiveDate>,
    /// Its own last day, whatever becomes of a licence's mark; see [`Credential::until`].
    pub valid_until: Option<NaiveDate>,
    pub state: CredentialState,
    pub reason: String,
    pub reminded: Option<i32>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub claimed_at: DateTime<Utc>,
    pub decided_at: Option<DateTime<Utc>>,
    pub mark_kind: Option<Kind>,
    pub mark_name: Option<String>,
    pub mark_number: Option<String>,
    pub mark_state: Option<CredentialState>,
    pub mark_from: Option<NaiveDate>,
    pub mark_until: Option<NaiveDate>,
    pub mark_coop_id: Option<CoopId>,
    pub mark_owner: Option<String>,
    /// Of the co-op that owns the mark.
    pub coop_name: Option<String>,
}

impl Credential {
    pub fn stars(&self) -> Option<Stars> {
        self.stars.and_then(Stars::new)
    }

    /// Its last day; a licence ends with its mark. None for what does not expire.
    pub fn until(&self) -> Option<NaiveDate> {
        match (self.valid_until, self.mark_until) {
            (Some(own), Some(mark)) => Some(own.min(mark)),
            (own, mark) => own.or(mark),
        }
    }

    /// Whether visitors see it on a day: the only place that says so.
    pub fn shows(&self, today: NaiveDate) -> bool {
        let stands = |state| state == CredentialState::Verified;
        let begun = |from: Option<NaiveDate>| from.is_none_or(|from| from <= today);
        stands(self.state)
            && self.mark_state.is_none_or(stands)
            && begun(self.issued_on)
            && begun(self.mark_from)
            && self.until().is_none_or(|until| today <= until)
    }

    pub fn is_expired(&self, today: NaiveDate) -> bool {
        self.until().is_some_and(|until| until < today)
    }

    /// Who owns the mark, of a mark and of a licence; empty elsewhere.
    pub fn mark_owner(&self) -> &str {
        let association = match self.kind {
            Kind::Licence => self.mark_owner.as_deref().unwrap_or_default(),
            _ => &self.owner,
        };
        self.coop_name.as_deref().unwrap_or(association)
    }

    /// On whose page it was claimed.
    pub fn seat(&self) -> Option<Seat> {
        let workshop = self.workshop_id.map(Seat::Workshop);
        let coop = self.coop_id.map(Seat::Coop);
        workshop.or(coop).or(self.village_id.map(Seat::Village))
    }

    /// Whose it is.
    pub fn holder(&self) -> Option<Holder> {
        Some(match self.kind {
            Kind::Ocop => match self.tour_id {
                Some(tour) => Holder::Tour(tour),
                None => Holder::Product { workshop: self.workshop_id?, name: self.subject.clone() },
            },
            Kind::Title(_) => {
                Holder::Person { workshop: self.workshop_id?, name: self.subject.clone() }
            }
            Kind::Licence | Kind::Check(_) => Holder::Workshop(self.workshop_id?),
            Kind::Mark(_) => match self.coop_id {
                Some(coop) => Holder::Coop(coop),
                None => Holder::Village(self.village_id?),
            },
            Kind::WorldCraftCity | Kind::Village(_) => Holder::Village(self.village_id?),
        })
    }
}
