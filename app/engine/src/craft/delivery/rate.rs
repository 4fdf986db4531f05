//! What posting costs: a workshop's own table, by zone and weight.

use serde::{Deserialize, Serialize};

use super::error::{Field, ParcelError, Wrong, Wrongs};
use crate::{Dong, json_column, stored_enum};

stored_enum! {
    pub enum Zone { Hanoi = "hanoi", Vietnam = "vietnam", Asia = "asia", World = "world" }
}

/// Up to so many grams for so much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateStep {
    pub grams: i32,
    pub price: Dong,
}

/// Steps of each zone, lightest first; a zone without any is not posted to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rates {
    pub hanoi: Vec<RateStep>,
    pub vietnam: Vec<RateStep>,
    pub asia: Vec<RateStep>,
    pub world: Vec<RateStep>,
}

json_column!(Rates);

/// Steps of one zone.
const MAX_STEPS: usize = 12;
const GRAMS: std::ops::RangeInclusive<i32> = 1..=50_000;
const MAX_PRICE: Dong = Dong(50_000_000);

impl Rates {
    pub fn of(&self, zone: Zone) -> &[RateStep] {
        match zone {
            Zone::Hanoi => &self.hanoi,
            Zone::Vietnam => &self.vietnam,
            Zone::Asia => &self.asia,
            Zone::World => &self.world,
        }
    }

    /// What so many grams cost; None where nothing is posted to. What is heavier than the last step
    /// goes as several parcels.
    pub fn cost(&self, zone: Zone, grams: i32) -> Option<Dong> {
        let steps = self.of(zone);
        let last = steps.last()?;
        let grams = grams.max(1);
        let (full, rest) = (grams / last.grams, grams % last.grams);
        let rest = steps.iter().find(|step| step.grams >= rest).filter(|_| rest > 0);
        let full = last.price.times(u32::try_from(full).ok()?)?;
        Some(full + rest.map_or(Dong::ZERO, |step| step.price))
    }

    pub fn parse(input: &RatesInput) -> Result<Rates, ParcelError> {
        let mut wrongs = Vec::new();
        let rates = Rates {
            hanoi: steps_of(&input.hanoi, Zone::Hanoi, &mut wrongs),
            vietnam: steps_of(&input.vietnam, Zone::Vietnam, &mut wrongs),
            asia: steps_of(&input.asia, Zone::Asia, &mut wrongs),
            world: steps_of(&input.world, Zone::World, &mut wrongs),
        };
        if wrongs.is_empty() { Ok(rates) } else { Err(ParcelError::Fields(wrongs)) }
    }
}

/// Rates as they are typed: a line for each step, "1000: 35.000".
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RatesInput {
    pub hanoi: String,
    pub vietnam: String,
    pub asia: String,
    pub world: String,
}

impl RatesInput {
    pub fn of(rates: &Rates) -> RatesInput {
        let lines = |zone| {
            let line = |step: &RateStep| {
                let price = step.price.display(crate::Locale::Vi);
                format!("{}: {}", step.grams, price.trim_end_matches(['₫', '\u{a0}', ' ']))
            };
            rates.of(zone).iter().map(line).collect::<Vec<_>>().join("\n")
        };
        RatesInput {
            hanoi: lines(Zone::Hanoi),
            vietnam: lines(Zone::Vietnam),
            asia: lines(Zone::Asia),
            world: lines(Zone::World),
        }
    }
}

fn steps_of(text: &str, zone: Zone, wrongs: &mut Wrongs) -> Vec<RateStep> {
    let mut steps: Vec<RateStep> = Vec::new();
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    for line in lines {
        let step = line.split_once([':', '：']).and_then(|(grams, price)| {
            let digits: String = grams.chars().filter(char::is_ascii_digit).collect();
            let grams = digits.parse().ok().filter(|grams| GRAMS.contains(grams))?;
            let price = price.trim().parse().ok().filter(|price| *price <= MAX_PRICE)?;
            Some(RateStep { grams, price })
        });
        let rises = |step: &RateStep| {
            steps.last().is_none_or(|last| step.grams > last.grams && step.price >= last.price)
        };
        match step.filter(rises) {
            Some(step) if steps.len() < MAX_STEPS => steps.push(step),
            _ => {
                wrongs.push((Field::Rate(zone), Wrong::Steps));
                return steps;
            }
        }
    }
    steps
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_table_is_read_as_people_write_it() {
        let input = RatesInput {
            hanoi: "500: 20.000\n 2000 g: 30.000 ₫\n".into(),
            world: "1000: 600000".into(),
            ..RatesInput::default()
        };
        let rates = Rates::parse(&input).unwrap();
        assert_eq!(rates.cost(Zone::Hanoi, 400), Some(Dong(20_000)));
        assert_eq!(rates.cost(Zone::Hanoi, 501), Some(Dong(30_000)));
        assert_eq!(rates.cost(Zone::Hanoi, 2_300), Some(Dong(50_000)), "two parcels");
        assert_eq!(rates.cost(Zone::World, 3_000), Some(Dong(1_800_000)));
        assert_eq!(rates.cost(Zone::Asia, 1), None);
        assert_eq!(Rates::parse(&RatesInput::of(&rates)).unwrap(), rates);
        for wrong in ["1000", "1000: x", "0: 5", "500: 10\n400: 20", "500: 20\n800: 10"] {
            let input = RatesInput { asia: wrong.into(), ..RatesInput::default() };
            assert!(Rates::parse(&input).is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn heavier_is_never_cheaper(
            steps in prop::collection::btree_map(1_i32..5_000, 0_i64..100_000, 1..6),
            grams in 1_i32..20_000, more in 0_i32..5_000,
        ) {
            let mut price = 0;
            let world = steps.into_iter().map(|(grams, extra)| {
                price += extra;
                RateStep { grams, price: Dong(price) }
            });
            let rates = Rates { world: world.collect(), ..Rates::default() };
            let cost = |grams| rates.cost(Zone::World, grams).unwrap();
            prop_assert!(cost(grams + more) >= cost(grams));
        }
    }
}
