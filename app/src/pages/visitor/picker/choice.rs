//! What the address says of the picker: option, month or day, party.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};
use engine::UnitId;
use engine::catalogue::{Tour, TourOption, Unit, UnitKind};

use crate::pages::visitor::embed::Framed;

/// What the address says of the picker.
#[derive(Debug, Default)]
pub struct Choice {
    pub(super) option: Option<String>,
    pub(super) month: Option<(i32, u32)>,
    pub(super) date: Option<NaiveDate>,
    pub(super) after: Option<NaiveDate>,
    /// The picker stands in a frame of somebody else's page.
    pub(super) frame: Option<Framed>,
    adults: Option<u32>,
    children: Option<u32>,
    units: HashMap<UnitId, u32>,
}

impl Choice {
    /// Reads the query; what does not fit is passed over.
    pub fn parse(query: &str) -> Self {
        let pairs: Vec<(String, String)> = serde_html_form::from_str(query).unwrap_or_default();
        let mut choice = Self::default();
        for (key, value) in pairs {
            match key.as_str() {
                "option" => choice.option = Some(value),
                "month" => choice.month = parse_month(&value),
                "date" => choice.date = value.parse().ok(),
                "after" => choice.after = value.parse().ok(),
                "adults" => choice.adults = value.parse().ok(),
                "children" => choice.children = value.parse().ok(),
                _ => {
                    if let (Ok(id), Ok(count)) = (key.parse(), value.parse()) {
                        choice.units.insert(id, count);
                    }
                }
            }
        }
        choice
    }

    /// The same for a frame.
    pub fn framed(query: &str, frame: Framed) -> Self {
        Self { frame: Some(frame), ..Self::parse(query) }
    }
}

fn parse_month(text: &str) -> Option<(i32, u32)> {
    let first: NaiveDate = format!("{text}-01").parse().ok()?;
    Some((first.year(), first.month()))
}

/// How many of a unit.
pub(super) type Party = Vec<(Unit, u32)>;

pub(super) fn seats(unit: &Unit, count: u32) -> i32 {
    unit.seats.saturating_mul(i32::try_from(count).unwrap_or(i32::MAX))
}

/// The party that the address names, by unit or by adults and children; else two adults, or as
/// many as the tour asks for.
pub(super) fn party(tour: &Tour, option: &TourOption, choice: &Choice) -> Party {
    const MOST: u32 = 200;
    let named = |unit: &Unit| {
        // The count may have been given for the same kind of guest in another option.
        let same = tour.open_options().flat_map(TourOption::open_units);
        let mut same = same.filter(|other| other.kind == unit.kind);
        let by_kind = match unit.kind {
            UnitKind::Adult => choice.adults,
            UnitKind::Child => choice.children,
            _ => None,
        };
        let exact = choice.units.get(&unit.id).copied();
        exact.or_else(|| same.find_map(|other| choice.units.get(&other.id).copied())).or(by_kind)
    };
    let mut party: Party = option
        .open_units()
        .map(|unit| (unit.clone(), named(unit).unwrap_or(0).min(MOST)))
        .collect();
    if party.iter().all(|(_, count)| *count == 0)
        && let Some((_, count)) = party.first_mut()
    {
        let usual = 2.clamp(tour.min_party, tour.max_party.max(tour.min_party));
        *count = u32::try_from(usual).unwrap_or(1);
    }
    party
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_choice_is_read_leniently() {
        let choice = Choice::parse("option=nan&month=2026-13&date=2026-12-05&adults=2&x=y");
        assert_eq!(choice.option.as_deref(), Some("nan"));
        assert_eq!(choice.month, None);
        assert_eq!(choice.date, NaiveDate::from_ymd_opt(2026, 12, 5));
        assert_eq!((choice.adults, choice.children), (Some(2), None));
        assert_eq!(parse_month("2026-12"), Some((2026, 12)));
    }
}
