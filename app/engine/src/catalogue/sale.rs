//! What departures sell: the catalogue at the prices of a day.

use std::borrow::Cow;

use chrono::NaiveDate;

use super::model::{Catalogue, Tour, TourOption, Unit};
use crate::Dong;
use crate::price::{Sale, reckon};
use crate::schedule::Slot;

impl TourOption {
    /// The option at the prices of a departure, for one who comes alone.
    pub fn on(&self, sale: Sale) -> Cow<'_, TourOption> {
        if sale.level.is_usual() && sale.rules.0.is_empty() {
            return Cow::Borrowed(self);
        }
        let mut option = self.clone();
        for unit in &mut option.units {
            let priced = reckon(unit.usual(), &sale, 1);
            (unit.price, unit.steps) = (priced.price, priced.steps);
        }
        option.sale = Some(sale);
        Cow::Owned(option)
    }

    /// The same for people who live in Việt Nam, or for anybody.
    #[must_use]
    pub fn for_residents(&self, residents: bool) -> Cow<'_, TourOption> {
        match &self.sale {
            Some(sale) if sale.residents != residents => {
                Cow::Owned(self.on(Sale { residents, ..sale.clone() }).into_owned())
            }
            _ => Cow::Borrowed(self),
        }
    }

    /// At prices that were agreed: nothing is reckoned any more.
    pub fn fix(&mut self, price: impl Fn(&Unit) -> Dong) {
        for unit in &mut self.units {
            unit.price = price(unit);
            unit.steps = Vec::new();
        }
        self.sale = None;
    }
}

impl Unit {
    /// The price of the catalogue, whatever the departure makes of it.
    pub fn usual(&self) -> Dong {
        self.price - self.steps.iter().map(|step| step.each).sum()
    }
}

impl Tour {
    /// What the prices of a departure depend on.
    pub fn sale_of(&self, slot: &Slot, booked_on: NaiveDate) -> Sale {
        Sale {
            day: slot.local_date,
            booked_on,
            level: slot.price_level,
            rules: self.price_rules.clone(),
            residents: false,
        }
    }
}

impl Catalogue {
    /// What a departure sells, at its own prices for whoever books on that day.
    pub fn sold_in(
        &self,
        slot: &Slot,
        booked_on: NaiveDate,
    ) -> Option<(&Tour, Cow<'_, TourOption>)> {
        let (tour, option) = self.option(slot.option_id)?;
        Some((tour, option.on(tour.sale_of(slot, booked_on))))
    }
}
