//! Workshops, tours, options and units.

use chrono::{DateTime, TimeDelta, Utc};

use super::super::content;
use super::super::wire::{
    BodyLimits, OptionRestrictions, Product, ProductOption, ProductPricing, Supplier,
    SupplierContact, Unit, UnitContent, UnitRestrictions,
};
use super::booking::booked_price;
use super::{CURRENCY, DIGITAL, QR, VOUCHER, View, ZONE, filled, net_of, price, unit_type};
use crate::booking::counted;
use crate::catalogue::{self, Policy, Sharing, Tour, TourOption, Workshop};
use crate::phone::Phone;
use crate::reseller::{Sold, cancel_until};

impl View<'_> {
    pub fn supplier(&self, workshop: &Workshop) -> Supplier {
        let page = format!("{}/{}/workshops/{}", self.base_url, self.locale, workshop.slug);
        let phone = workshop.phone.parse::<Phone>().ok();
        Supplier {
            id: workshop.slug.clone(),
            name: workshop.name.clone(),
            endpoint: format!("{}/octo", self.base_url),
            contact: SupplierContact {
                website: Some(page),
                email: filled(&workshop.email),
                telephone: phone.map(|phone| phone.to_string()),
                address: filled(workshop.address.text(self.locale)),
            },
            content: self.content.then(|| content::supplier(self, workshop)),
        }
    }

    /// Tours that the company sells, those aside that are never open.
    pub fn products(&self) -> Vec<Product> {
        let sold = self.catalogue.all_tours_of(self.terms.contract.workshop_id);
        sold.filter(|tour| self.terms.sells(tour))
            .map(|tour| self.product(tour))
            .filter(|product| !product.options.is_empty())
            .collect()
    }

    /// The tour by its id, if the company sells it.
    pub fn tour(&self, id: &str) -> Option<&Tour> {
        self.catalogue.tour_by_slug(id).filter(|tour| self.terms.sells(tour))
    }

    pub fn product(&self, tour: &Tour) -> Product {
        let open: Vec<&TourOption> =
            tour.open_options().filter(|option| self.times.contains_key(&option.id)).collect();
        let default = open.first().map(|option| option.id);
        Product {
            id: tour.slug.clone(),
            internal_name: tour.title.text(self.locale).to_owned(),
            reference: None,
            locale: self.locale.code(),
            time_zone: ZONE,
            allow_freesale: false,
            instant_confirmation: true,
            instant_delivery: true,
            availability_required: true,
            availability_type: "START_TIME",
            delivery_formats: [QR],
            delivery_methods: [VOUCHER],
            redemption_method: DIGITAL,
            options: open
                .into_iter()
                .map(|option| self.option(tour, option, default == Some(option.id), None))
                .collect(),
            pricing: self.pricing.then_some(ProductPricing {
                default_currency: CURRENCY,
                available_currencies: [CURRENCY],
                pricing_per: "UNIT",
            }),
            content: self.content.then(|| content::tour(self, tour)),
        }
    }

    /// `booked` prices the units as a booking has them.
    pub(super) fn option(
        &self,
        tour: &Tour,
        option: &TourOption,
        default: bool,
        booked: Option<&Sold>,
    ) -> ProductOption {
        let notice = cutoff_hours(tour.policy);
        let largest = match tour.sharing {
            Sharing::Shared => tour.max_party,
            Sharing::Private => tour.max_party.min(option.capacity),
        };
        let times = self.times.get(&option.id).into_iter().flatten();
        ProductOption {
            id: option.slug.clone(),
            default,
            internal_name: option.title.text(self.locale).to_owned(),
            reference: None,
            availability_local_start_times: times.map(ToString::to_string).collect(),
            cancellation_cutoff: format!("{notice} hours"),
            cancellation_cutoff_amount: notice,
            cancellation_cutoff_unit: "hour",
            required_contact_fields: Vec::new(),
            restrictions: OptionRestrictions {
                min_units: tour.min_party,
                max_units: Some(largest),
            },
            units: option.open_units().map(|unit| self.unit(option, unit, booked)).collect(),
            content: self.content.then(|| content::option(self, tour, option)),
        }
    }

    pub(super) fn unit(
        &self,
        option: &TourOption,
        unit: &catalogue::Unit,
        booked: Option<&Sold>,
    ) -> Unit {
        let grown_ups = || option.open_units().filter(|other| other.kind.is_grown_up());
        let accompanied_by = if unit.kind.is_grown_up() {
            Vec::new()
        } else {
            grown_ups().map(|other| other.kind.word()).collect()
        };
        let (min_age, max_age) = (unit.min_age.unwrap_or(0), unit.max_age.unwrap_or(120));
        let words = counted(self.locale, unit.kind, 1);
        let pricing = self.pricing.then(|| match booked {
            None => vec![price(unit.price, net_of(&self.terms.net(option), unit.kind))],
            Some(sold) => vec![booked_price(sold, unit)],
        });
        let (pricing_from, pricing) = match booked {
            None => (pricing, None),
            Some(_) => (None, pricing),
        };
        Unit {
            id: unit.kind.word(),
            internal_name: words.clone(),
            reference: None,
            kind: unit_type(unit.kind),
            restrictions: UnitRestrictions {
                min_age,
                max_age,
                id_required: false,
                min_quantity: None,
                max_quantity: None,
                pax_count: unit.seats.max(1),
                accompanied_by,
                body: self.content.then_some(BodyLimits {
                    min_height: 0,
                    max_height: 300,
                    height_unit: "cm",
                    min_weight: 0,
                    max_weight: 500,
                    weight_unit: "kg",
                }),
            },
            required_contact_fields: Vec::new(),
            pricing_from,
            pricing,
            content: self.content.then(|| UnitContent {
                title: Some(words),
                short_description: None,
                features: Vec::new(),
            }),
        }
    }

    pub(super) fn is_default(&self, tour: &Tour, option: &TourOption) -> bool {
        let mut open = tour.open_options().filter(|option| self.times.contains_key(&option.id));
        open.next().is_some_and(|first| first.id == option.id)
    }
}

/// Hours before the start until which cancelling brings something back.
fn cutoff_hours(policy: Policy) -> i64 {
    let start = DateTime::<Utc>::UNIX_EPOCH + TimeDelta::days(365);
    (start - cancel_until(policy, start)).num_hours()
}
