//! How long each kind is valid, and who may grant it. The law is cited where the rule is.
//!
//! A time in months or years ends with the day of the last month that has the same number, or with the
//! month's last day where there is none (Civil Code 91/2015/QH13, article 148).

use chrono::{Months, NaiveDate};

use super::kind::{CheckKind, Kind, MarkKind};
use super::model::{Level, Stars};

/// For how many months OCOP stars are valid from the decision: certificates of 3 to 5 stars, by the rules of
/// the programme (Decisions 1048/QĐ-TTg of 21 August 2019 and 148/QĐ-TTg of 24 February 2023).
pub const OCOP_MONTHS: u32 = 36;
/// For how many years a mark is registered, counted from the day it was filed, each time (Law on
/// Intellectual Property 50/2005/QH11, article 93).
pub const MARK_YEARS: u32 = 10;
/// The day from which there are no districts any more (Resolution 1656/NQ-UBTVQH15).
const NO_DISTRICTS: (i32, u32, u32) = (2025, 7, 1);

/// What the last day of a kind follows from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Term {
    /// So many months from the decision.
    Months(u32),
    /// So many years from the filing, and as many again with each renewal.
    Filed(u32),
    /// It is written on the paper; some papers have none.
    Stated {
        required: bool,
    },
    Unlimited,
}

impl Kind {
    pub const fn term(self) -> Term {
        match self {
            Kind::Ocop => Term::Months(OCOP_MONTHS),
            Kind::Mark(MarkKind::Collective | MarkKind::Certification) => Term::Filed(MARK_YEARS),
            // A geographical indication is registered for good (article 93, paragraph 7). Titles and
            // recognitions stay until somebody takes them back.
            Kind::Mark(MarkKind::Indication)
            | Kind::Title(_)
            | Kind::WorldCraftCity
            | Kind::Village(_) => Term::Unlimited,
            // A registration with the commune has no term (Law on Environmental Protection
            // 72/2020/QH14, article 49); permits and checks have.
            Kind::Check(CheckKind::EnvironmentalRegistration) => Term::Stated { required: false },
            Kind::Licence | Kind::Check(_) => Term::Stated { required: true },
        }
    }
}

/// The days that a paper names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Dates {
    pub issued_on: Option<NaiveDate>,
    pub filed_on: Option<NaiveDate>,
    pub renewals: u32,
    pub stated: Option<NaiveDate>,
}

/// Until when something is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// Its last day.
    Day(NaiveDate),
    ForGood,
    /// A date is missing that it follows from.
    Unknown,
}

/// The last day of what is valid for so many months from a day on.
fn after(from: NaiveDate, months: u32) -> Until {
    from.checked_add_months(Months::new(months)).map_or(Until::Unknown, Until::Day)
}

/// Until when a paper of this kind with these dates is valid.
pub fn until(kind: Kind, dates: &Dates) -> Until {
    match kind.term() {
        Term::Months(months) => {
            dates.issued_on.map_or(Until::Unknown, |issued| after(issued, months))
        }
        Term::Filed(years) => {
            let months = years * 12 * (dates.renewals + 1);
            dates.filed_on.map_or(Until::Unknown, |filed| after(filed, months))
        }
        Term::Stated { required } => match (dates.stated, required) {
            (Some(day), _) => Until::Day(day),
            (None, false) => Until::ForGood,
            (None, true) => Until::Unknown,
        },
        Term::Unlimited => Until::ForGood,
    }
}

/// Whether an authority of this level may have granted so many stars by a decision of that day: five
/// the ministry, four the city, three also the district, or since there are none the commune.
pub fn may_grant(level: Level, stars: Stars, decided_on: NaiveDate) -> bool {
    let (year, month, day) = NO_DISTRICTS;
    let districts = NaiveDate::from_ymd_opt(year, month, day).is_none_or(|day| decided_on < day);
    match (stars.count(), level) {
        (5, Level::Central) | (3 | 4, Level::Province) => true,
        (3, Level::District) => districts,
        (3, Level::Commune) => !districts,
        _ => false,
    }
}
