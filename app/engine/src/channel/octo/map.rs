//! Our things as OCTO's.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, SecondsFormat, TimeDelta, Utc};

use super::content;
use super::wire::{
    Availability, AvailabilityContent, BodyLimits, Booking, CalendarDay, Cancellation,
    DeliveryOption, OptionRestrictions, Pricing, Product, ProductOption, ProductPricing, Supplier,
    SupplierContact, Ticket, Unit, UnitContent, UnitItem, UnitPricing, UnitRestrictions,
};
use crate::booking::{self, State, StateKind, counted};
use crate::catalogue::{self, Catalogue, Policy, Sharing, Tour, TourOption, UnitKind, Workshop};
use crate::clock::VENUE_ZONE;
use crate::phone::Phone;
use crate::reseller::{Sold, Terms, cancel_until};
use crate::schedule::{Slot, SlotStatus};
use crate::store::TimeOfDay;
use crate::{Dong, Locale, OptionId};

/// Which parts of the standard a client asked for, each as it wrote it: the names have changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Capabilities {
    pub pricing: Option<String>,
    pub content: Option<String>,
}

impl Capabilities {
    /// From the header `Octo-Capabilities`; what we do not have is passed over.
    pub fn parse(header: &str) -> Self {
        let mut asked = Self::default();
        for id in header.split(',').map(str::trim) {
            match id.strip_prefix("octo/").unwrap_or(id) {
                "pricing" => asked.pricing = Some(id.to_owned()),
                "content" => asked.content = Some(id.to_owned()),
                _ => {}
            }
        }
        asked
    }

    /// Those that are applied, for the answer's header.
    pub fn applied(&self) -> String {
        let ids = [&self.pricing, &self.content];
        ids.into_iter().flatten().cloned().collect::<Vec<_>>().join(", ")
    }
}

/// What answers are made from.
#[derive(Debug)]
pub struct View<'a> {
    pub catalogue: &'a Catalogue,
    pub terms: &'a Terms,
    /// `https://langnghe.example`, without a trailing slash.
    pub base_url: &'a str,
    pub locale: Locale,
    pub pricing: bool,
    pub content: bool,
    /// Starting times of each option, by its opening rules.
    pub times: &'a HashMap<OptionId, Vec<TimeOfDay>>,
    /// Seats that departures keep for the company.
    pub kept: &'a HashMap<crate::SlotId, i32>,
    pub now: DateTime<Utc>,
}

const CURRENCY: &str = "VND";
const ZONE: &str = "Asia/Ho_Chi_Minh";
const QR: &str = "QRCODE";
const VOUCHER: &str = "VOUCHER";
const DIGITAL: &str = "DIGITAL";

/// `2026-12-01T09:00:00+07:00`
fn local(at: DateTime<Utc>) -> String {
    at.with_timezone(&VENUE_ZONE).to_rfc3339_opts(SecondsFormat::Secs, false)
}

/// `2026-12-01T02:00:00Z`
fn utc(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// The id of a slot within its option.
pub fn availability_id(slot: &Slot) -> String {
    local(slot.starts_at)
}

/// The start that an id names; any spelling of the same instant will do.
pub fn start_of(id: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(id.trim()).ok().map(|at| at.to_utc())
}

const fn unit_type(kind: UnitKind) -> &'static str {
    match kind {
        UnitKind::Adult => "ADULT",
        UnitKind::Child => "CHILD",
        UnitKind::Student => "STUDENT",
        UnitKind::Senior => "SENIOR",
        UnitKind::Infant => "INFANT",
        UnitKind::Family => "FAMILY",
    }
}

fn filled(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn price(retail: Dong, net: Dong) -> Pricing {
    Pricing {
        original: retail.0,
        retail: retail.0,
        net: Some(net.0),
        currency: CURRENCY,
        currency_precision: 0,
        included_taxes: Vec::new(),
    }
}

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
    fn option(
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

    fn unit(&self, option: &TourOption, unit: &catalogue::Unit, booked: Option<&Sold>) -> Unit {
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
        let (_, option) = self.catalogue.sold_in(slot)?;
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
        let lowest = slots.iter().filter_map(|slot| self.catalogue.sold_in(slot)).map(|(_, o)| o);
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

    /// None only where its tour is not in the catalogue any more.
    pub fn booking(&self, sold: &Sold) -> Option<Booking> {
        let Sold { booking, slot, resale } = sold;
        let (tour, option) = self.catalogue.option(booking.option_id)?;
        let status = status_of(sold, self.now);
        let voucher = Ticket {
            redemption_method: DIGITAL,
            utc_redeemed_at: redeemed(booking).map(utc),
            delivery_options: match status {
                "ON_HOLD" | "EXPIRED" => Vec::new(),
                _ => vec![DeliveryOption {
                    delivery_format: QR,
                    // What the workshop's scanner reads; it opens nothing without the secret.
                    delivery_value: format!(
                        "{}/{}/booking/{}",
                        self.base_url, self.locale, booking.code
                    ),
                }],
            },
        };
        let unit_of = |id| option.units.iter().find(|unit| unit.id == id);
        let items = resale.items.0.iter().filter_map(|ticket| {
            let unit = unit_of(ticket.unit)?;
            Some(UnitItem {
                uuid: ticket.uuid,
                reseller_reference: filled(&ticket.reference),
                supplier_reference: None,
                unit_id: unit.kind.word(),
                unit: Some(self.unit(option, unit, Some(sold))),
                status,
                utc_redeemed_at: redeemed(booking).map(utc),
                contact: ticket.contact.clone(),
                ticket: None,
                pricing: self.pricing.then(|| booked_price(sold, unit)),
            })
        });
        let retail = resale.items.0.iter().map(|item| resale.retail_of(item.unit)).sum();
        let expires = match booking.state {
            State::Held { until } | State::AwaitingPayment { until } => Some(until),
            State::Expired { at } => Some(at),
            _ => None,
        };
        Some(Booking {
            id: booking.id.to_string(),
            uuid: resale.uuid,
            test_mode: booking.test,
            reseller_reference: filled(&resale.reference),
            supplier_reference: Some(booking.code.clone()),
            status,
            utc_created_at: utc(booking.created_at),
            utc_updated_at: utc(updated(sold)),
            utc_expires_at: expires.map(utc),
            utc_redeemed_at: redeemed(booking).map(utc),
            utc_confirmed_at: booking.confirmed_at.map(utc),
            product_id: tour.slug.clone(),
            product: self.product(tour),
            option_id: option.slug.clone(),
            option: self.option(tour, option, self.is_default(tour, option), Some(sold)),
            cancellable: sold.is_open(self.now),
            cancellation: cancellation(sold, self.now),
            freesale: false,
            availability_id: Some(availability_id(slot)),
            availability: self.availability(tour, slot, None),
            contact: resale.contact.clone(),
            notes: filled(&booking.notes),
            delivery_methods: [VOUCHER],
            voucher: Some(voucher),
            unit_items: items.collect(),
            pricing: self.pricing.then(|| price(retail, booking.total)),
        })
    }

    fn is_default(&self, tour: &Tour, option: &TourOption) -> bool {
        let mut open = tour.open_options().filter(|option| self.times.contains_key(&option.id));
        open.next().is_some_and(|first| first.id == option.id)
    }
}

/// Hours before the start until which cancelling brings something back.
fn cutoff_hours(policy: Policy) -> i64 {
    let start = DateTime::<Utc>::UNIX_EPOCH + TimeDelta::days(365);
    (start - cancel_until(policy, start)).num_hours()
}

fn net_of(option: &TourOption, kind: UnitKind) -> Dong {
    let unit = option.open_units().find(|unit| unit.kind == kind);
    unit.map_or(Dong::ZERO, |unit| unit.price)
}

fn booked_price(sold: &Sold, unit: &catalogue::Unit) -> Pricing {
    let line = sold.booking.party.lines().iter().find(|line| line.unit_id == unit.id);
    let retail = sold.resale.retail_of(unit.id);
    price(retail, line.map_or(retail, |line| line.price))
}

fn seats(option: &TourOption, party: &[(UnitKind, u32)]) -> i32 {
    let of = |(kind, quantity): &(UnitKind, u32)| {
        let unit = option.open_units().find(|unit| unit.kind == *kind);
        let seats = unit.map_or(1, |unit| unit.seats);
        seats.saturating_mul(i32::try_from(*quantity).unwrap_or(i32::MAX))
    };
    party.iter().map(of).fold(0, i32::saturating_add)
}

fn status_of(sold: &Sold, now: DateTime<Utc>) -> &'static str {
    if sold.booking.ran_out(now) {
        return "EXPIRED";
    }
    match sold.booking.state.kind() {
        StateKind::Held | StateKind::AwaitingPayment => "ON_HOLD",
        // The standard has no word for who did not come; the booking counted.
        StateKind::Confirmed | StateKind::NoShow => "CONFIRMED",
        StateKind::CheckedIn => "REDEEMED",
        StateKind::Cancelled => "CANCELLED",
        StateKind::Expired => "EXPIRED",
    }
}

const fn redeemed(booking: &booking::Booking) -> Option<DateTime<Utc>> {
    match booking.state {
        State::CheckedIn { at, .. } => Some(at),
        _ => None,
    }
}

/// When something last happened to it, by whomever.
fn updated(sold: &Sold) -> DateTime<Utc> {
    let state = match sold.booking.state {
        State::Confirmed { at }
        | State::CheckedIn { at, .. }
        | State::Cancelled { at, .. }
        | State::Expired { at } => Some(at),
        State::Held { .. } | State::AwaitingPayment { .. } | State::NoShow => None,
    };
    state.map_or(sold.resale.updated_at, |at| at.max(sold.resale.updated_at))
}

fn cancellation(sold: &Sold, now: DateTime<Utc>) -> Option<Cancellation> {
    match &sold.booking.state {
        State::Cancelled { at, reason, refund_percent, .. } => Some(Cancellation {
            refund: match refund_percent {
                100 => "FULL",
                0 => "NONE",
                _ => "PARTIAL",
            },
            reason: filled(reason),
            utc_cancelled_at: utc(*at),
        }),
        State::Held { until: at } | State::Expired { at } if sold.booking.ran_out(now) => {
            Some(Cancellation { refund: "FULL", reason: None, utc_cancelled_at: utc(*at) })
        }
        _ => None,
    }
}
