//! Requests as they come over the wire. Fields that the standard wants in a certain order of
//! complaints are optional here: whoever answers asks for them one after the other.

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::catalogue::{TourOption, UnitKind};
use crate::hex::hex;
use crate::reseller::{Ticket, Traveller};

/// `{id, quantity}` of a party that availability is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct AskUnit {
    pub id: String,
    pub quantity: u32,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AskCalendar {
    pub product_id: Option<String>,
    pub option_id: Option<String>,
    pub local_date_start: Option<NaiveDate>,
    pub local_date_end: Option<NaiveDate>,
    #[serde(default)]
    pub units: Option<Vec<AskUnit>>,
    pub currency: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AskAvailability {
    pub product_id: Option<String>,
    pub option_id: Option<String>,
    pub local_date_start: Option<NaiveDate>,
    pub local_date_end: Option<NaiveDate>,
    pub local_date: Option<NaiveDate>,
    pub availability_ids: Option<Vec<String>>,
    #[serde(default)]
    pub units: Option<Vec<AskUnit>>,
    pub currency: Option<String>,
}

/// One person's place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Item {
    pub uuid: Option<Uuid>,
    pub unit_id: Option<String>,
    pub reseller_reference: Option<String>,
    pub contact: Option<Traveller>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AskReserve {
    pub uuid: Option<Uuid>,
    pub product_id: Option<String>,
    pub option_id: Option<String>,
    pub availability_id: Option<String>,
    pub expiration_minutes: Option<i64>,
    pub notes: Option<String>,
    pub unit_items: Option<Vec<Item>>,
    pub reseller_reference: Option<String>,
    pub contact: Option<Traveller>,
    pub currency: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AskConfirm {
    pub contact: Option<Traveller>,
    pub reseller_reference: Option<String>,
    /// Read, and of no consequence: the company writes to its guests itself.
    #[serde(default)]
    pub email_receipt: Option<bool>,
    pub unit_items: Option<Vec<Item>>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AskUpdate {
    /// None: not named. Some(None): cleared.
    #[serde(default, deserialize_with = "named")]
    pub reseller_reference: Option<Option<String>>,
    pub product_id: Option<String>,
    pub option_id: Option<String>,
    pub availability_id: Option<String>,
    pub expiration_minutes: Option<i64>,
    #[serde(default, deserialize_with = "named")]
    pub notes: Option<Option<String>>,
    #[serde(default)]
    pub email_receipt: Option<bool>,
    pub unit_items: Option<Vec<Item>>,
    pub contact: Option<Traveller>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AskExtend {
    pub expiration_minutes: Option<i64>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct AskCancel {
    pub reason: Option<String>,
    /// Also where nothing comes back any more.
    #[serde(default)]
    pub force: Option<bool>,
}

#[expect(clippy::option_option, reason = "absent, null and a value are three things")]
fn named<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Option<String>>, D::Error> {
    Option::<String>::deserialize(value).map(Some)
}

/// What tells a request from another one: the same body has the same print.
pub fn fingerprint(body: &Value) -> String {
    hex(&Sha256::digest(body.to_string().as_bytes()))
}

/// What is wrong with unit items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ItemError {
    /// None, or an empty list.
    Missing,
    /// No unit type of the option; as sent.
    Unit(String),
    /// Two of them have the same uuid.
    Twice,
}

/// Tickets from unit items: those with a known uuid keep what is not said anew, those without one get
/// one from `draw`.
pub fn tickets(
    items: Option<Vec<Item>>,
    option: &TourOption,
    before: &[Ticket],
    mut draw: impl FnMut() -> Uuid,
) -> Result<Vec<Ticket>, ItemError> {
    let items = items.filter(|items| !items.is_empty()).ok_or(ItemError::Missing)?;
    let mut tickets: Vec<Ticket> = Vec::with_capacity(items.len());
    for item in items {
        let old = item.uuid.and_then(|uuid| before.iter().find(|ticket| ticket.uuid == uuid));
        let unit = match (&item.unit_id, old) {
            (None, Some(old)) => old.unit,
            (id, _) => {
                let id = id.as_deref().unwrap_or_default();
                let kind = UnitKind::parse(id);
                let unit = option.open_units().find(|unit| Some(unit.kind) == kind);
                unit.ok_or_else(|| ItemError::Unit(id.to_owned()))?.id
            }
        };
        let uuid = item.uuid.unwrap_or_else(&mut draw);
        if tickets.iter().any(|ticket| ticket.uuid == uuid) {
            return Err(ItemError::Twice);
        }
        let contact = old.map(|old| old.contact.clone()).unwrap_or_default();
        tickets.push(Ticket {
            uuid,
            unit,
            reference: item
                .reseller_reference
                .or_else(|| old.map(|old| old.reference.clone()))
                .unwrap_or_default(),
            contact: contact.merged(item.contact.unwrap_or_default()),
        });
    }
    Ok(tickets)
}
