//! Rules of a tour's prices.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::reckon::{Sale, Why};
use crate::schedule::lunar::LunarDay;
use crate::schedule::{DayRule, LunarDays, Season, Weekdays};
use crate::{Dong, Localized, json_column, stored_enum};

stored_enum! {
    /// Kinds of rules, in the order in which their steps are told. Of each at most one applies.
    pub enum Kind {
        Season = "season",
        Lunar = "lunar",
        Weekday = "weekday",
        Early = "early",
        Group = "group",
        Resident = "resident",
    }
}

/// When a rule applies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "when", rename_all = "snake_case", deny_unknown_fields)]
pub enum When {
    Weekdays {
        days: Weekdays,
    },
    /// Every year, "03-01" to "10-31", inclusive; may wrap over New Year.
    Season {
        from: String,
        to: String,
    },
    /// Once, inclusive.
    Dates {
        from: NaiveDate,
        to: NaiveDate,
    },
    /// Every lunar year, inclusive.
    LunarRange {
        from: LunarDay,
        to: LunarDay,
    },
    /// Every lunar month.
    LunarDays {
        days: LunarDays,
    },
    /// Booked at least so many days before the visit.
    Early {
        days: i32,
    },
    /// So many people or more in one party.
    Group {
        people: i32,
    },
    /// People who live in Việt Nam, of whatever nationality; they show it at the workshop.
    ///
    /// Only ever a concession: to charge foreigners more is to discriminate against tourists, which
    /// the Law on Tourism 09/2017/QH14 forbids.
    Residents,
}

impl When {
    pub const fn kind(&self) -> Kind {
        match self {
            When::Weekdays { .. } => Kind::Weekday,
            When::Season { .. } | When::Dates { .. } => Kind::Season,
            When::LunarRange { .. } | When::LunarDays { .. } => Kind::Lunar,
            When::Early { .. } => Kind::Early,
            When::Group { .. } => Kind::Group,
            When::Residents => Kind::Resident,
        }
    }

    /// As it is tagged, in the database and in forms.
    pub const fn tag(&self) -> &'static str {
        match self {
            When::Weekdays { .. } => "weekdays",
            When::Season { .. } => "season",
            When::Dates { .. } => "dates",
            When::LunarRange { .. } => "lunar_range",
            When::LunarDays { .. } => "lunar_days",
            When::Early { .. } => "early",
            When::Group { .. } => "group",
            When::Residents => "residents",
        }
    }

    /// Whether it is about the day alone.
    pub const fn is_of_day(&self) -> bool {
        matches!(self.kind(), Kind::Season | Kind::Lunar | Kind::Weekday)
    }

    /// Days ahead or people: the highest that was reached applies.
    const fn threshold(&self) -> i32 {
        match self {
            When::Early { days } => *days,
            When::Group { people } => *people,
            _ => 0,
        }
    }

    /// The days it names, where closures and events can name them too.
    pub fn days(&self) -> Option<DayRule> {
        match self {
            When::Dates { from, to } => Some(DayRule::Dates { from: *from, to: *to }),
            When::LunarRange { from, to } => Some(DayRule::LunarRange { from: *from, to: *to }),
            When::LunarDays { days } => Some(DayRule::LunarDays(days.clone())),
            When::Weekdays { .. }
            | When::Season { .. }
            | When::Early { .. }
            | When::Group { .. }
            | When::Residents => None,
        }
    }

    fn applies(&self, sale: &Sale, people: i32) -> bool {
        match self {
            When::Weekdays { days } => days.0.contains(&sale.day.weekday()),
            When::Season { from, to } => {
                Season::parse(Some(from), Some(to)).is_some_and(|season| season.contains(sale.day))
            }
            When::Dates { .. } | When::LunarRange { .. } | When::LunarDays { .. } => {
                self.days().is_some_and(|days| days.covers(sale.day))
            }
            When::Early { days } => (sale.day - sale.booked_on).num_days() >= i64::from(*days),
            When::Group { people: least } => people >= *least,
            When::Residents => sale.residents,
        }
    }

    pub(super) fn why(&self, name: &Localized) -> Why {
        match self {
            When::Early { days } => Why::Early { days: *days },
            When::Group { people } => Why::Group { people: *people },
            When::Residents => Why::Resident,
            When::Weekdays { .. }
            | When::Season { .. }
            | When::Dates { .. }
            | When::LunarRange { .. }
            | When::LunarDays { .. } => Why::Day { name: name.clone() },
        }
    }
}

/// What a rule does to the price of each ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Change {
    /// Of the usual price: −10 or 15.
    Percent(i32),
    /// In đồng, more or less.
    Each(Dong),
}

impl Change {
    /// Per cent that a rule may say; beyond it is a typing slip.
    pub const PERCENT: (i32, i32) = (-90, 200);

    pub const fn lowers(self) -> bool {
        match self {
            Change::Percent(percent) => percent < 0,
            Change::Each(Dong(amount)) => amount < 0,
        }
    }

    /// The difference that it makes to a usual price. Per cents are rounded to whole thousands, as
    /// prices are written; of what costs less than ten thousand đồng to whole đồng.
    pub fn of(self, usual: Dong) -> Dong {
        match self {
            Change::Each(amount) => amount,
            Change::Percent(percent) => {
                let step = if usual.0 < 10_000 { 1 } else { 1_000 };
                let exact = i128::from(usual.0) * i128::from(percent);
                let steps = (exact + 50 * step).div_euclid(100 * step);
                i64::try_from(steps * step).map_or(Dong::ZERO, Dong)
            }
        }
    }
}

/// A rule of a tour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceRule {
    #[serde(flatten)]
    pub when: When,
    /// What guests read, of a rule about days: "Cuối tuần", "Mùa lễ hội".
    #[serde(default)]
    pub name: Localized,
    pub change: Change,
}

/// A tour's rules, in the host's order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PriceRules(pub Vec<PriceRule>);

json_column!(PriceRules);

impl PriceRules {
    /// The rule of that kind which applies.
    pub(super) fn applying(&self, kind: Kind, sale: &Sale, people: i32) -> Option<&PriceRule> {
        let mut found: Option<&PriceRule> = None;
        for rule in &self.0 {
            let better = found.is_none_or(|other| other.when.threshold() < rule.when.threshold());
            if rule.when.kind() == kind && better && rule.when.applies(sale, people) {
                found = Some(rule);
            }
        }
        found
    }

    /// Whether people who live in Việt Nam pay less.
    pub fn favour_residents(&self) -> bool {
        self.0.iter().any(|rule| rule.when == When::Residents)
    }

    /// Sizes of a party from which on its price is another.
    pub fn group_sizes(&self) -> impl Iterator<Item = i32> {
        self.0.iter().filter_map(|rule| match rule.when {
            When::Group { people } => Some(people),
            _ => None,
        })
    }
}
