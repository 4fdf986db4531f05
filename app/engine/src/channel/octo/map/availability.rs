//! Departures and days.

use chrono::NaiveDate;

use super::super::wire::{Availability, AvailabilityContent, CalendarDay, Pricing, UnitPricing};
use super::{View, availability_id, local, net_of, price, utc};
use crate::Dong;
use crate::catalogue::{self, Sharing, Tour, TourOption, UnitKind};
use crate::clock::local_date;
use crate::schedule::{Slot, SlotStatus};

impl View<'_> {
    /// Seats that the company may book of a slot.
    fn left(&self, tour: &Tour, slot: &Slot) -> i32 {
        if slot.status != SlotStatus::Open || slot.closes_at <= self.now {
            return 0;
        }
        match tour.sharing {
            Sharing::Private => slot.left_for(tour.sharing, self.now),
            Sharing::Shared => {
                slot.free_beside(self.kept.get(&slot.id).copied().unwrap_or(0)).max(0)
            }
        }
    }

    fn status(&self, slot: &Slot, left: i32) -> &'static str {
        match () {
            () if slot.status != SlotStatus::Open || slot.closes_at <= self.now => "CLOSED",
            () if !self.terms.covers(slot.local_date) => "CLOSED",
            () if left == 0 => "SOLD_OUT",
            () if left * 2 < slot.capacity => "LIMITED",
            () => "AVAILABLE",
        }
    }

    /// One departure; for a party where one is given, which must be of the option's units.
    pub fn availability(
        &self,
        tour: &Tour,
        slot: &Slot,
        party: Option<&[(UnitKind, u32)]>,
    ) -> Option<Availability> {
        let (_, option) = self.catalogue.sold_in(slot, local_date(self.now))?;
        let left = self.left(tour, slot);
        let status = self.status(slot, left);
        let open = matches!(status, "AVAILABLE" | "LIMITED");
        let fits = party.is_none_or(|party| seats(&option, party) <= left);
        Some(Availability {
            id: availability_id(slot),
            local_date_time_start: local(slot.starts_at),
            local_date_time_end: local(slot.ends_at),
            all_day: false,
            available: open && fits,
            status,
            vacancies: Some(if open { left } else { 0 }),
            capacity: Some(slot.capacity),
            max_units: Some(tour.max_party),
            utc_cutoff_at: utc(slot.closes_at),
            opening_hours: Vec::new(),
            unit_pricing: self.pricing.then(|| self.unit_prices(&option)),
            pricing: party.filter(|_| self.pricing).map(|party| self.total(&option, party)),
            content: self
                .content
                .then_some(AvailabilityContent { title: None, short_description: None }),
        })
    }

    fn unit_prices(&self, option: &TourOption) -> Vec<UnitPricing> {
        let net = self.terms.net(option);
        let of = |unit: &catalogue::Unit| UnitPricing {
            unit_id: unit.kind.word(),
            pricing: price(unit.price, net_of(&net, unit.kind)),
        };
        option.open_units().map(of).collect()
    }

    fn total(&self, option: &TourOption, party: &[(UnitKind, u32)]) -> Pricing {
        let net = self.terms.net(option);
        let sum = |option: &TourOption| -> Dong {
            let each = party.iter().map(|(kind, quantity)| {
                net_of(option, *kind).times(*quantity).unwrap_or(Dong(i64::MAX))
            });
            each.sum()
        };
        price(sum(option), sum(&net))
    }

    /// A day of an option from its departures, of which there may be none.
    pub fn day(
        &self,
        tour: &Tour,
        option: &TourOption,
        date: NaiveDate,
        slots: &[&Slot],
        party: Option<&[(UnitKind, u32)]>,
    ) -> CalendarDay {
        let all: Vec<Availability> =
            slots.iter().filter_map(|slot| self.availability(tour, slot, party)).collect();
        let rank = |one: &&Availability| {
            let open = ["CLOSED", "SOLD_OUT", "LIMITED", "AVAILABLE"];
            (one.available, open.iter().position(|status| *status == one.status), one.vacancies)
        };
        let best = all.iter().max_by_key(rank);
        let today = local_date(self.now);
        let sold = |slot: &Slot| self.catalogue.sold_in(slot, today).map(|(_, option)| option);
        let lowest = slots.iter().filter_map(|slot| sold(slot));
        let cheapest =
            lowest.min_by_key(|option| option.open_units().map(|unit| unit.price.0).sum::<i64>());
        let option = cheapest.as_deref().unwrap_or(option);
        CalendarDay {
            local_date: date.to_string(),
            available: best.is_some_and(|best| best.available),
            status: best.map_or("CLOSED", |best| best.status),
            vacancies: Some(best.and_then(|best| best.vacancies).unwrap_or(0)),
            capacity: Some(best.and_then(|best| best.capacity).unwrap_or(0)),
            opening_hours: Vec::new(),
            unit_pricing_from: self.pricing.then(|| self.unit_prices(option)),
            pricing_from: party.filter(|_| self.pricing).map(|party| self.total(option, party)),
        }
    }
}

fn seats(option: &TourOption, party: &[(UnitKind, u32)]) -> i32 {
    let of = |(kind, quantity): &(UnitKind, u32)| {
        let unit = option.open_units().find(|unit| unit.kind == *kind);
        let seats = unit.map_or(1, |unit| unit.seats);
        seats.saturating_mul(i32::try_from(*quantity).unwrap_or(i32::MAX))
    };
    party.iter().map(of).fold(0, i32::saturating_add)
}
