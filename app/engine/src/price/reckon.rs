//! The price of one ticket, with the steps that lead to it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::level::PriceLevel;
use super::rule::{Change, Kind, PriceRules};
use crate::words::price as text;
use crate::{Dong, Locale, Localized};

/// Why a price is not the usual one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Why {
    /// A festival or open day of the village.
    Event,
    /// A season, days of the lunar calendar, days of the week.
    Day {
        name: Localized,
    },
    Early {
        days: i32,
    },
    Group {
        people: i32,
    },
    Resident,
    /// Several workshops booked as one day.
    Pass,
}

/// What one reason does to the price of one ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceStep {
    #[serde(flatten)]
    pub why: Why,
    /// As the rule says it.
    pub change: Change,
    /// What it came to for one ticket, in đồng, more or less.
    pub each: Dong,
}

impl PriceStep {
    /// "Cuối tuần +10%"; "Booked 14 days ahead −5%".
    pub fn words(&self, locale: Locale) -> String {
        let why = match &self.why {
            Why::Event => text::event(locale).to_owned(),
            Why::Day { name } => name.text(locale).to_owned(),
            Why::Early { days } => text::early(locale, i64::from(*days)),
            Why::Group { people } => text::group(locale, i64::from(*people)),
            Why::Resident => text::resident(locale).to_owned(),
            Why::Pass => text::pass(locale).to_owned(),
        };
        match self.change {
            Change::Percent(percent) => format!("{why} {}", signed_percent(locale, percent)),
            Change::Each(_) => why,
        }
    }
}

/// "+10%", "−5%".
pub fn signed_percent(locale: Locale, percent: i32) -> String {
    let sign = if percent < 0 { '−' } else { '+' };
    locale.writing().percent(format!("{sign}{}", percent.unsigned_abs()))
}

/// What a departure's prices depend on beside the party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sale {
    /// Of the visit, at the venue.
    pub day: NaiveDate,
    pub booked_on: NaiveDate,
    /// Of an event on that day.
    pub level: PriceLevel,
    pub rules: PriceRules,
    /// Who comes lives in Việt Nam.
    pub residents: bool,
}

/// A price with its explanation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Priced {
    pub usual: Dong,
    /// None of them is zero; with the usual price they add up to the price.
    pub steps: Vec<PriceStep>,
    pub price: Dong,
}

/// The rule. What is free stays free, and nothing costs less than nothing: of reasons that would
/// lead there the last counts as far as it goes.
pub fn reckon(usual: Dong, sale: &Sale, people: i32) -> Priced {
    let mut reasons: Vec<(Why, Change)> = Vec::new();
    if !sale.level.is_usual() {
        reasons.push((Why::Event, Change::Percent(sale.level.percent() - 100)));
    }
    let rules = Kind::ALL.iter().filter_map(|kind| sale.rules.applying(*kind, sale, people));
    reasons.extend(rules.map(|rule| (rule.when.why(&rule.name), rule.change)));
    let mut priced = Priced { usual, steps: Vec::new(), price: usual };
    if usual <= Dong::ZERO {
        return priced;
    }
    for (why, change) in reasons {
        let after = (priced.price + change.of(usual)).max(Dong::ZERO);
        let each = after - priced.price;
        if each != Dong::ZERO {
            priced.steps.push(PriceStep { why, change, each });
        }
        priced.price = after;
    }
    priced
}
