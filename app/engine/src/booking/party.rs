//! Who comes: so many of each unit type, with the price each was promised.

use serde::{Deserialize, Serialize};

use crate::catalogue::{Sharing, Tour, TourOption, Unit, UnitKind};
use crate::price::{Change, PriceStep, Why, reckon};
use crate::words::party as text;
use crate::{Dong, Locale, UnitId, json_column, stored_enum};

stored_enum! {
    /// What the price of a group is for: each person, or all of them, however many come.
    pub enum GroupPrice { Each = "each", Whole = "whole" }
}

/// `quantity` of one unit type at the price of the day it was booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartyLine {
    /// Of a group: an id of its own that no option has, so that prices of the catalogue never
    /// touch what was agreed.
    pub unit_id: UnitId,
    pub kind: UnitKind,
    pub quantity: u32,
    /// For one, or as `group` says.
    pub price: Dong,
    /// Seats that one takes.
    pub seats: i32,
    /// A group that the host made an offer to, people of all ages in one line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupPrice>,
    /// What led from the usual price to this one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<PriceStep>,
}

/// "2 người lớn"; "1 child".
pub fn counted(locale: Locale, kind: UnitKind, quantity: u32) -> String {
    let n = i64::from(quantity);
    match kind {
        UnitKind::Adult => text::adult(locale, n),
        UnitKind::Child => text::child(locale, n),
        UnitKind::Student => text::student(locale, n),
        UnitKind::Senior => text::senior(locale, n),
        UnitKind::Infant => text::infant(locale, n),
        UnitKind::Family => text::family(locale, n),
    }
}

impl PartyLine {
    /// "2 người lớn"; "đoàn 45 người".
    pub fn words(&self, locale: Locale) -> String {
        match self.group {
            Some(_) if self.quantity > 1 => text::group(locale, i64::from(self.quantity)),
            Some(_) | None => counted(locale, self.kind, self.quantity),
        }
    }

    /// The price without what the day and the party made of it.
    pub fn usual(&self) -> Dong {
        self.price - self.steps.iter().map(|step| step.each).sum()
    }

    /// What the size of the party makes of the price.
    fn of_group_size(&self) -> Option<&PriceStep> {
        self.steps.iter().find(|step| matches!(step.why, Why::Group { .. }))
    }

    /// The same people at what they were promised, where that is lower. The price of a larger group
    /// is only theirs as long as they are no fewer.
    fn keep(&mut self, promised: &PartyLine, no_fewer: bool) {
        let alone = |line: &PartyLine| {
            line.price - line.of_group_size().map_or(Dong::ZERO, |step| step.each)
        };
        let (today, then) = (self.of_group_size().cloned(), promised.of_group_size().cloned());
        let better = then
            .filter(|then| no_fewer && today.as_ref().is_none_or(|today| then.each < today.each));
        let base = if alone(promised) < alone(self) { promised } else { &*self };
        let mut steps: Vec<PriceStep> = base.steps.clone();
        steps.retain(|step| !matches!(step.why, Why::Group { .. }));
        let alone = alone(base);
        let group = better.or(today).map(|step| {
            let each = (alone + step.each).max(Dong::ZERO) - alone;
            PriceStep { each, ..step }
        });
        self.price = alone + group.as_ref().map_or(Dong::ZERO, |step| step.each);
        steps.extend(group.filter(|step| step.each != Dong::ZERO));
        self.steps = steps;
    }

    /// With so many per cent off, because it is a leg of a pass.
    fn take_off(&mut self, percent: u8) {
        let less = self.price.less(percent);
        let each = less - self.price;
        if each != Dong::ZERO {
            let change = Change::Percent(-i32::from(percent));
            self.steps.push(PriceStep { why: Why::Pass, change, each });
        }
        self.price = less;
    }

    /// What the line costs in all.
    pub fn amount(&self) -> Dong {
        match self.group {
            Some(GroupPrice::Whole) => self.price,
            Some(GroupPrice::Each) | None => {
                self.price.times(self.quantity).unwrap_or(Dong(i64::MAX))
            }
        }
    }
}

/// A party that an option takes; made only by [`Party::new`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Party(Vec<PartyLine>);

json_column!(Party);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PartyError {
    #[error("nobody is coming")]
    Empty,
    #[error("a unit type is not sold for this option")]
    UnknownUnit,
    #[error("children come with an adult")]
    NeedsAdult,
    #[error("a party has at least {min} people")]
    TooSmall { min: i32 },
    #[error("a party has at most {max} people")]
    TooLarge { max: i32 },
}

/// No single quantity above this is a party; it is a typing slip.
const MAX_QUANTITY: u32 = 999;

impl Party {
    /// "2 người lớn, 1 trẻ em".
    pub fn words(&self, locale: Locale) -> String {
        let lines: Vec<String> = self.0.iter().map(|line| line.words(locale)).collect();
        locale.writing().commas(&lines)
    }

    /// Checks a wish against the option and the tour's party size. Zero quantities are dropped.
    pub fn new(
        tour: &Tour,
        option: &TourOption,
        wanted: &[(UnitId, u32)],
    ) -> Result<Party, PartyError> {
        let party = Party::of_any_size(option, wanted)?;
        let people = party.people();
        if people < tour.min_party {
            return Err(PartyError::TooSmall { min: tour.min_party });
        }
        let max = largest(tour, option);
        if people > max {
            return Err(PartyError::TooLarge { max });
        }
        Ok(party)
    }

    /// The same without the tour's limits: what a host may take by phone.
    pub fn of_any_size(option: &TourOption, wanted: &[(UnitId, u32)]) -> Result<Party, PartyError> {
        Party::with_lines(option, &[], wanted)
    }

    /// What a guest may make of a booked party. A unit type that was booked stays on sale for
    /// it, at the price promised then or today's where that is lower; one that is new to the
    /// booking costs today's. A party that was let in over the limits may shrink towards them.
    pub fn changed(
        tour: &Tour,
        option: &TourOption,
        before: &Party,
        wanted: &[(UnitId, u32)],
    ) -> Result<Party, PartyError> {
        let party = Party::changed_to_any_size(option, before, wanted)?;
        let (was, people) = (before.people(), party.people());
        if people < tour.min_party && people < was {
            return Err(PartyError::TooSmall { min: tour.min_party });
        }
        let max = largest(tour, option);
        if people > max && people > was {
            return Err(PartyError::TooLarge { max });
        }
        Ok(party)
    }

    /// The same without the tour's limits.
    pub fn changed_to_any_size(
        option: &TourOption,
        before: &Party,
        wanted: &[(UnitId, u32)],
    ) -> Result<Party, PartyError> {
        let mut party = Party::with_lines(option, &before.0, wanted)?;
        let no_fewer = party.people() >= before.people();
        for line in &mut party.0 {
            if let Some(promised) = before.0.iter().find(|old| old.unit_id == line.unit_id) {
                line.keep(promised, no_fewer);
            }
        }
        Ok(party)
    }

    /// The same people at another departure of the option. A line whose unit type is sold no more
    /// keeps its price, and so does a group; unless prices may rise, none does. `off` are the per
    /// cent that a pass saves.
    pub fn repriced(&self, option: &TourOption, off: u8, may_rise: bool) -> Party {
        let people = self.people();
        let lines = self.0.iter().map(|line| {
            let unit = option.open_units().find(|unit| unit.id == line.unit_id);
            let Some(unit) = unit else { return line.clone() };
            let mut today = priced(option, unit, line.quantity, people);
            today.take_off(off);
            if may_rise || today.price < line.price { today } else { line.clone() }
        });
        Party(lines.collect())
    }

    /// A group at an agreed price.
    pub fn of_group(
        unit_id: UnitId,
        people: u32,
        price: Dong,
        by: GroupPrice,
    ) -> Result<Party, PartyError> {
        match people {
            0 => Err(PartyError::Empty),
            1..=MAX_QUANTITY => Ok(Party(vec![PartyLine {
                unit_id,
                kind: UnitKind::Adult,
                quantity: people,
                price,
                seats: 1,
                group: Some(by),
                steps: Vec::new(),
            }])),
            _ => Err(PartyError::TooLarge { max: MAX_QUANTITY.cast_signed() }),
        }
    }

    /// Those who are named, and the others, all as they were promised. Neither may be empty, nor
    /// without a grown-up where the party has one; a group at one price for all stays together.
    pub fn split(&self, wanted: &[(UnitId, u32)]) -> Result<(Party, Party), PartyError> {
        if self.0.iter().any(|line| line.group == Some(GroupPrice::Whole)) {
            return Err(PartyError::UnknownUnit);
        }
        let (mut part, mut rest) = (Vec::new(), Vec::new());
        for line in &self.0 {
            let asked = wanted.iter().filter(|(unit, _)| *unit == line.unit_id);
            let go = asked.fold(0, |sum: u32, (_, count)| sum.saturating_add(*count));
            let stay = line.quantity.checked_sub(go).ok_or(PartyError::UnknownUnit)?;
            for (side, quantity) in [(&mut part, go), (&mut rest, stay)] {
                if quantity > 0 {
                    side.push(PartyLine { quantity, ..line.clone() });
                }
            }
        }
        if part.is_empty() || rest.is_empty() {
            return Err(PartyError::Empty);
        }
        let guarded = |lines: &[PartyLine]| lines.iter().any(|line| line.kind.is_grown_up());
        if guarded(&self.0) && !(guarded(&part) && guarded(&rest)) {
            return Err(PartyError::NeedsAdult);
        }
        Ok((Party(part), Party(rest)))
    }

    /// With so many per cent off each price, rounded down to whole thousands of đồng.
    #[must_use]
    pub fn less(self, percent: u8) -> Party {
        self.less_beside(&Party::default(), percent)
    }

    /// The same for those units that were not booked before: the others have their price.
    #[must_use]
    pub fn less_beside(mut self, before: &Party, percent: u8) -> Party {
        let promised = |unit| before.0.iter().any(|line| line.unit_id == unit);
        for line in &mut self.0 {
            if line.group.is_none() && !promised(line.unit_id) {
                line.take_off(percent);
            }
        }
        self
    }

    /// Whether it came by an offer to a group.
    pub fn is_group(&self) -> bool {
        self.0.iter().any(|line| line.group.is_some())
    }

    fn with_lines(
        option: &TourOption,
        before: &[PartyLine],
        wanted: &[(UnitId, u32)],
    ) -> Result<Party, PartyError> {
        let mut counts: Vec<(UnitId, u32)> = Vec::new();
        for &(unit, quantity) in wanted.iter().filter(|(_, quantity)| *quantity > 0) {
            match counts.iter_mut().find(|(other, _)| *other == unit) {
                Some((_, count)) => *count = count.saturating_add(quantity),
                None => counts.push((unit, quantity)),
            }
        }
        if counts.iter().any(|(_, count)| *count > MAX_QUANTITY) {
            return Err(PartyError::TooLarge { max: option.capacity });
        }
        let sold = |id: UnitId| option.open_units().find(move |unit| unit.id == id);
        let lines: Result<Vec<PartyLine>, PartyError> = counts
            .iter()
            .map(|&(id, quantity)| match sold(id) {
                Some(unit) => Ok(priced(option, unit, quantity, 1)),
                None => before
                    .iter()
                    .find(|line| line.unit_id == id)
                    .map(|line| PartyLine { quantity, ..line.clone() })
                    .ok_or(PartyError::UnknownUnit),
            })
            .collect();
        let mut party = Party(lines?);
        if party.0.is_empty() {
            return Err(PartyError::Empty);
        }
        let sold_to_adults = option.open_units().any(|unit| unit.kind == UnitKind::Adult);
        if sold_to_adults && !party.0.iter().any(|line| line.kind.is_grown_up()) {
            return Err(PartyError::NeedsAdult);
        }
        // How many they are is known only now.
        let people = party.people();
        for line in &mut party.0 {
            if let Some(unit) = sold(line.unit_id) {
                *line = priced(option, unit, line.quantity, people);
            }
        }
        Ok(party)
    }

    /// Whether somebody said that they live in Việt Nam, and pays less for it.
    pub fn is_of_residents(&self) -> bool {
        self.0.iter().flat_map(|line| &line.steps).any(|step| step.why == Why::Resident)
    }

    /// Whether this is what was asked for.
    pub fn is_wish(&self, wanted: &[(UnitId, u32)]) -> bool {
        let units = wanted.iter().map(|(unit, _)| *unit);
        units.chain(self.0.iter().map(|line| line.unit_id)).all(|unit| {
            let asked: u32 = wanted
                .iter()
                .filter(|(id, _)| *id == unit)
                .fold(0, |sum, (_, quantity)| sum.saturating_add(*quantity));
            asked == self.quantity(unit)
        })
    }

    pub fn lines(&self) -> &[PartyLine] {
        &self.0
    }

    pub fn quantity(&self, unit: UnitId) -> u32 {
        self.0.iter().filter(|line| line.unit_id == unit).map(|line| line.quantity).sum()
    }

    /// Heads, infants included; a family ticket counts as its seats.
    pub fn people(&self) -> i32 {
        self.0.iter().map(|line| quantity(line) * line.seats.max(1)).sum()
    }

    /// Seats that the party takes in a shared slot.
    pub fn seats(&self) -> i32 {
        self.0.iter().map(|line| quantity(line) * line.seats).sum()
    }

    pub fn total(&self) -> Dong {
        self.0.iter().map(PartyLine::amount).sum()
    }
}

/// So many of a unit type at what it costs in a party of that size.
fn priced(option: &TourOption, unit: &Unit, quantity: u32, people: i32) -> PartyLine {
    let (price, steps) = match &option.sale {
        Some(sale) => {
            let priced = reckon(unit.usual(), sale, people);
            (priced.price, priced.steps)
        }
        None => (unit.price, unit.steps.clone()),
    };
    PartyLine {
        unit_id: unit.id,
        kind: unit.kind,
        quantity,
        price,
        seats: unit.seats,
        group: None,
        steps,
    }
}

/// People that a guest may bring without asking.
fn largest(tour: &Tour, option: &TourOption) -> i32 {
    match tour.sharing {
        Sharing::Shared => tour.max_party,
        Sharing::Private => tour.max_party.min(option.capacity),
    }
}

fn quantity(line: &PartyLine) -> i32 {
    i32::try_from(line.quantity).unwrap_or(i32::MAX)
}

impl UnitKind {
    /// May come without anybody else.
    pub const fn is_grown_up(self) -> bool {
        matches!(self, UnitKind::Adult | UnitKind::Senior | UnitKind::Student | UnitKind::Family)
    }
}
