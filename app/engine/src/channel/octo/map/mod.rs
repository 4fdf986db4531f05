//! Our things as OCTO's.

mod availability;
mod booking;
mod product;

use std::collections::HashMap;

use chrono::{DateTime, SecondsFormat, Utc};

use super::wire::Pricing;
use crate::catalogue::{Catalogue, TourOption, UnitKind};
use crate::clock::VENUE_ZONE;
use crate::reseller::Terms;
use crate::schedule::Slot;
use crate::store::TimeOfDay;
use crate::{Dong, Locale, OptionId};

/// Which parts of the standard a client asked for, each as it wrote it: the names have changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Capabilities {
    pub pricing: Option<String>,
    pub content: Option<String>,
    pub notifications: Option<String>,
}

impl Capabilities {
    /// From the header `Octo-Capabilities`; what we do not have is passed over.
    pub fn parse(header: &str) -> Self {
        let mut asked = Self::default();
        for id in header.split(',').map(str::trim) {
            match id.strip_prefix("octo/").unwrap_or(id) {
                "pricing" => asked.pricing = Some(id.to_owned()),
                "content" => asked.content = Some(id.to_owned()),
                "notifications" => asked.notifications = Some(id.to_owned()),
                _ => {}
            }
        }
        asked
    }

    /// Those that are applied, for the answer's header.
    pub fn applied(&self) -> String {
        let ids = [&self.pricing, &self.content, &self.notifications];
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

fn net_of(option: &TourOption, kind: UnitKind) -> Dong {
    let unit = option.open_units().find(|unit| unit.kind == kind);
    unit.map_or(Dong::ZERO, |unit| unit.price)
}
