//! Bookings.

use chrono::{DateTime, Utc};

use super::super::wire::{Booking, Cancellation, DeliveryOption, Pricing, Ticket, UnitItem};
use super::{DIGITAL, QR, VOUCHER, View, availability_id, filled, price, utc};
use crate::booking::{self, State, StateKind};
use crate::catalogue;
use crate::reseller::Sold;

impl View<'_> {
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
            pricing: self.pricing.then(|| price(resale.retail(), booking.total)),
        })
    }
}

pub(super) fn booked_price(sold: &Sold, unit: &catalogue::Unit) -> Pricing {
    let line = sold.booking.party.lines().iter().find(|line| line.unit_id == unit.id);
    let retail = sold.resale.retail_of(unit.id);
    price(retail, line.map_or(retail, |line| line.price))
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
