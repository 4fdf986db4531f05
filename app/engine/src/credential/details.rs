//! A claim as the columns of the table.

use chrono::NaiveDate;

use super::claim::{Claim, MAX_RENEWALS, MarkOwner, OcopOf, Seat};
use super::kind::{Kind, TitleKind};
use super::model::{Credential, Level};
use super::rule::{Dates, Until, until};
use crate::store::Columns;
use crate::{CoopId, CredentialId, TourId, VillageId, WorkshopId, columns};

/// Who issues what only one authority issues.
const fn only_issuer(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Mark(_) => Some("Cục Sở hữu trí tuệ"),
        Kind::Title(TitleKind::Peoples | TitleKind::Meritorious) => Some("Chủ tịch nước"),
        Kind::Title(TitleKind::Hanoi) | Kind::Village(_) => Some("UBND thành phố Hà Nội"),
        Kind::WorldCraftCity => Some("World Crafts Council"),
        Kind::Ocop | Kind::Licence | Kind::Check(_) => None,
    }
}

impl Claim {
    /// As the columns of the table.
    pub(super) fn details(&self) -> Details {
        let mut it = Details::of_seat(self.kind(), self.seat());
        match self.clone() {
            Claim::Ocop { of, stars, level, number, decision, decided_on, issuer } => {
                match of {
                    OcopOf::Product { name, .. } => it.subject = name,
                    OcopOf::Tour { tour, name, .. } => {
                        it.tour_id = Some(tour);
                        it.subject = name;
                    }
                }
                it.stars = Some(i32::from(stars.count()));
                it.level = Some(level);
                (it.number, it.decision, it.issuer) = (number, decision, issuer);
                it.issued_on = Some(decided_on);
            }
            Claim::Mark { owner, name, number, filed_on, granted_on, renewals, .. } => {
                if let MarkOwner::Association { name, .. } = owner {
                    it.owner = name;
                }
                (it.subject, it.number) = (name, number);
                (it.filed_on, it.issued_on) = (Some(filed_on), Some(granted_on));
                it.renewals = i32::try_from(renewals).unwrap_or(MAX_RENEWALS);
            }
            Claim::Licence { mark, number, from, until, .. } => {
                it.mark_id = Some(mark);
                it.number = number;
                (it.issued_on, it.valid_until) = (Some(from), Some(until));
            }
            Claim::Title { person, decision, year, .. } => {
                (it.subject, it.decision, it.year) = (person, decision, Some(year));
            }
            Claim::WorldCraftCity { year, .. } => it.year = Some(year),
            Claim::Village { decision, year, .. } => {
                (it.decision, it.year) = (decision, Some(year));
            }
            Claim::Check { number, issuer, issued_on, until, .. } => {
                (it.number, it.issuer) = (number, issuer);
                (it.issued_on, it.valid_until) = (Some(issued_on), until);
            }
        }
        it.valid_until = it.last_day();
        it
    }
}

/// What stands in the table, as far as somebody claims it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Details {
    pub kind: Kind,
    pub village_id: Option<VillageId>,
    pub coop_id: Option<CoopId>,
    pub workshop_id: Option<WorkshopId>,
    pub tour_id: Option<TourId>,
    pub mark_id: Option<CredentialId>,
    pub subject: String,
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
    pub valid_until: Option<NaiveDate>,
}

impl Details {
    fn of_seat(kind: Kind, seat: Seat) -> Self {
        let (village_id, coop_id, workshop_id) = match seat {
            Seat::Village(id) => (Some(id), None, None),
            Seat::Coop(id) => (None, Some(id), None),
            Seat::Workshop(id) => (None, None, Some(id)),
        };
        Self {
            kind,
            village_id,
            coop_id,
            workshop_id,
            tour_id: None,
            mark_id: None,
            subject: String::new(),
            owner: String::new(),
            stars: None,
            level: None,
            number: String::new(),
            decision: String::new(),
            issuer: only_issuer(kind).unwrap_or_default().to_owned(),
            year: None,
            filed_on: None,
            renewals: 0,
            issued_on: None,
            valid_until: None,
        }
    }

    pub(super) fn of(it: &Credential) -> Self {
        Self {
            kind: it.kind,
            village_id: it.village_id,
            coop_id: it.coop_id,
            workshop_id: it.workshop_id,
            tour_id: it.tour_id,
            mark_id: it.mark_id,
            subject: it.subject.clone(),
            owner: it.owner.clone(),
            stars: it.stars,
            level: it.level,
            number: it.number.clone(),
            decision: it.decision.clone(),
            issuer: it.issuer.clone(),
            year: it.year,
            filed_on: it.filed_on,
            renewals: it.renewals,
            issued_on: it.issued_on,
            valid_until: it.valid_until,
        }
    }

    /// Until when it is valid by the rule of its kind.
    pub(super) fn term(&self) -> Until {
        let dates = Dates {
            issued_on: self.issued_on,
            filed_on: self.filed_on,
            renewals: u32::try_from(self.renewals).unwrap_or_default(),
            stated: self.valid_until,
        };
        until(self.kind, &dates)
    }

    fn last_day(&self) -> Option<NaiveDate> {
        match self.term() {
            Until::Day(day) => Some(day),
            Until::ForGood | Until::Unknown => None,
        }
    }

    pub(super) fn columns(&self) -> Columns {
        columns! {
            kind: self.kind,
            village_id: self.village_id,
            coop_id: self.coop_id,
            workshop_id: self.workshop_id,
            tour_id: self.tour_id,
            mark_id: self.mark_id,
            subject: self.subject,
            owner: self.owner,
            stars: self.stars,
            level: self.level,
            number: self.number,
            decision: self.decision,
            issuer: self.issuer,
            year: self.year,
            filed_on: self.filed_on,
            renewals: self.renewals,
            issued_on: self.issued_on,
            valid_until: self.valid_until,
        }
    }
}
