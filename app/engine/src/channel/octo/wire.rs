//! Objects as they go over the wire. What must be there as `null` is an `Option` that is always
//! written; what belongs to a capability is left out where it was not asked for.

use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::reseller::Traveller;

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Supplier {
    pub id: String,
    pub name: String,
    pub endpoint: String,
    pub contact: SupplierContact,
    #[serde(flatten)]
    pub content: Option<SupplierContent>,
}

#[derive(Debug, Clone, Serialize)]
pub struct SupplierContact {
    pub website: Option<String>,
    pub email: Option<String>,
    pub telephone: Option<String>,
    pub address: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SupplierContent {
    pub short_description: Option<String>,
    pub media: Vec<Media>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Product {
    pub id: String,
    pub internal_name: String,
    pub reference: Option<String>,
    pub locale: &'static str,
    pub time_zone: &'static str,
    pub allow_freesale: bool,
    pub instant_confirmation: bool,
    pub instant_delivery: bool,
    pub availability_required: bool,
    pub availability_type: &'static str,
    pub delivery_formats: [&'static str; 1],
    pub delivery_methods: [&'static str; 1],
    pub redemption_method: &'static str,
    pub options: Vec<ProductOption>,
    #[serde(flatten)]
    pub pricing: Option<ProductPricing>,
    #[serde(flatten)]
    pub content: Option<Content>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProductPricing {
    pub default_currency: &'static str,
    pub available_currencies: [&'static str; 1],
    pub pricing_per: &'static str,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProductOption {
    pub id: String,
    pub default: bool,
    pub internal_name: String,
    pub reference: Option<String>,
    pub availability_local_start_times: Vec<String>,
    pub cancellation_cutoff: String,
    pub cancellation_cutoff_amount: i64,
    pub cancellation_cutoff_unit: &'static str,
    pub required_contact_fields: Vec<&'static str>,
    pub restrictions: OptionRestrictions,
    pub units: Vec<Unit>,
    #[serde(flatten)]
    pub content: Option<Content>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OptionRestrictions {
    pub min_units: i32,
    pub max_units: Option<i32>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Unit {
    pub id: &'static str,
    pub internal_name: String,
    pub reference: Option<String>,
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub restrictions: UnitRestrictions,
    pub required_contact_fields: Vec<&'static str>,
    /// On products.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pricing_from: Option<Vec<Pricing>>,
    /// In bookings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pricing: Option<Vec<Pricing>>,
    #[serde(flatten)]
    pub content: Option<UnitContent>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UnitRestrictions {
    pub min_age: i32,
    pub max_age: i32,
    pub id_required: bool,
    pub min_quantity: Option<i32>,
    pub max_quantity: Option<i32>,
    pub pax_count: i32,
    pub accompanied_by: Vec<&'static str>,
    #[serde(flatten)]
    pub body: Option<BodyLimits>,
}

/// What the content capability wants to know of bodies; ours are never measured.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BodyLimits {
    pub min_height: i32,
    pub max_height: i32,
    pub height_unit: &'static str,
    pub min_weight: i32,
    pub max_weight: i32,
    pub weight_unit: &'static str,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UnitContent {
    pub title: Option<String>,
    pub short_description: Option<String>,
    pub features: Vec<Feature>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Pricing {
    pub original: i64,
    pub retail: i64,
    pub net: Option<i64>,
    pub currency: &'static str,
    pub currency_precision: u8,
    pub included_taxes: Vec<Value>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UnitPricing {
    pub unit_id: &'static str,
    #[serde(flatten)]
    pub pricing: Pricing,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CalendarDay {
    pub local_date: String,
    pub available: bool,
    pub status: &'static str,
    pub vacancies: Option<i32>,
    pub capacity: Option<i32>,
    pub opening_hours: Vec<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_pricing_from: Option<Vec<UnitPricing>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pricing_from: Option<Pricing>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Availability {
    pub id: String,
    pub local_date_time_start: String,
    pub local_date_time_end: String,
    pub all_day: bool,
    pub available: bool,
    pub status: &'static str,
    pub vacancies: Option<i32>,
    pub capacity: Option<i32>,
    pub max_units: Option<i32>,
    pub utc_cutoff_at: String,
    pub opening_hours: Vec<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_pricing: Option<Vec<UnitPricing>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pricing: Option<Pricing>,
    #[serde(flatten)]
    pub content: Option<AvailabilityContent>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AvailabilityContent {
    pub title: Option<String>,
    pub short_description: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Booking {
    pub id: String,
    pub uuid: Uuid,
    pub test_mode: bool,
    pub reseller_reference: Option<String>,
    pub supplier_reference: Option<String>,
    pub status: &'static str,
    pub utc_created_at: String,
    pub utc_updated_at: String,
    pub utc_expires_at: Option<String>,
    pub utc_redeemed_at: Option<String>,
    pub utc_confirmed_at: Option<String>,
    pub product_id: String,
    pub product: Product,
    pub option_id: String,
    pub option: ProductOption,
    pub cancellable: bool,
    pub cancellation: Option<Cancellation>,
    pub freesale: bool,
    pub availability_id: Option<String>,
    pub availability: Option<Availability>,
    pub contact: Traveller,
    pub notes: Option<String>,
    pub delivery_methods: [&'static str; 1],
    pub voucher: Option<Ticket>,
    pub unit_items: Vec<UnitItem>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pricing: Option<Pricing>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Cancellation {
    pub refund: &'static str,
    pub reason: Option<String>,
    pub utc_cancelled_at: String,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UnitItem {
    pub uuid: Uuid,
    pub reseller_reference: Option<String>,
    pub supplier_reference: Option<String>,
    pub unit_id: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<Unit>,
    pub status: &'static str,
    pub utc_redeemed_at: Option<String>,
    pub contact: Traveller,
    pub ticket: Option<Ticket>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pricing: Option<Pricing>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Ticket {
    pub redemption_method: &'static str,
    pub utc_redeemed_at: Option<String>,
    pub delivery_options: Vec<DeliveryOption>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeliveryOption {
    pub delivery_format: &'static str,
    pub delivery_value: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct CapabilityInfo {
    pub id: &'static str,
    pub revision: u32,
    pub required: bool,
    pub dependencies: Vec<&'static str>,
    pub docs: Option<String>,
}

// Content.

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Content {
    pub title: String,
    pub short_description: Option<String>,
    pub description: Option<String>,
    pub features: Vec<Feature>,
    pub faqs: Vec<Value>,
    pub media: Vec<Media>,
    pub locations: Vec<Location>,
    pub category_labels: Vec<&'static str>,
    pub duration_minutes_from: i32,
    pub duration_minutes_to: Option<i32>,
    pub commentary: Vec<Commentary>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Feature {
    pub short_description: Option<String>,
    #[serde(rename = "type")]
    pub kind: &'static str,
}

#[derive(Debug, Clone, Serialize)]
pub struct Media {
    pub src: String,
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub rel: &'static str,
    pub title: Option<String>,
    pub caption: Option<String>,
    pub copyright: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Location {
    pub title: Option<String>,
    pub short_description: Option<String>,
    pub types: Vec<&'static str>,
    pub minutes_to: Option<i32>,
    pub minutes_at: Option<i32>,
    pub place: Place,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    pub latitude: f64,
    pub longitude: f64,
    pub postal_address: PostalAddress,
    pub identifiers: Identifiers,
    pub same_as: Vec<String>,
}

#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PostalAddress {
    pub street_address: Option<String>,
    pub address_locality: Option<String>,
    pub address_region: Option<String>,
    pub postal_code: Option<String>,
    pub address_country: Option<String>,
    pub post_office_box_number: Option<String>,
}

/// Ids that map services have for the place: we know of none.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Identifiers {
    pub google_place_id: Option<String>,
    pub apple_place_id: Option<String>,
    pub tripadvisor_location_id: Option<String>,
    pub yelp_place_id: Option<String>,
    pub facebook_place_id: Option<String>,
    pub foursquare_place_id: Option<String>,
    pub baidu_place_id: Option<String>,
    pub amap_place_id: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Commentary {
    pub format: &'static str,
    pub language: &'static str,
}
