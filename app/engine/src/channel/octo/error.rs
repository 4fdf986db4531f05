//! What is answered where something cannot be.

use serde_json::{Value, json};

use crate::Locale;
use crate::booking::BookingError;
use crate::reseller::{ContractRefuses, ResellerError};
use crate::schedule::NoSeats;
use crate::store::StoreError;
use crate::words::octo as t;

/// An error of the standard, with its one extra field as it was sent.
#[derive(Debug)]
pub enum OctoError {
    Product(String),
    Option(String),
    Unit(String),
    Availability(String),
    Booking(String),
    BadRequest(Why),
    Unprocessable(Why),
    /// No key.
    Unauthorized,
    /// A key that opens nothing.
    Forbidden,
    NotFound,
    /// Seconds until it may ask again.
    TooMany(u64),
    Internal(StoreError),
}

/// What is said in words besides the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    Json,
    Dates,
    Range,
    Currency,
    Filter,
    Fields,
    NoItems,
    TwiceSameItem,
    SoldOut,
    Closed,
    Party,
    TooLate,
    State,
    NotHeld,
    NotSold,
    Credit,
    Unlike,
    Address,
    NotificationTypes,
    Headers,
    NoSubscription,
    ManySubscriptions,
}

impl From<StoreError> for OctoError {
    fn from(error: StoreError) -> Self {
        OctoError::Internal(error)
    }
}

impl OctoError {
    /// The standard's code, the HTTP status, and the body.
    pub fn answer(&self, locale: Locale) -> (u16, Value) {
        let shown =
            |text: &str| if text.is_empty() { "(none)".to_owned() } else { text.to_owned() };
        let named = |code: &str, words: &str, field: &str, sent: &str| {
            (400, json!({ "error": code, "errorMessage": words, field: shown(sent) }))
        };
        let plain = |status: u16, code: &str, words: &str| {
            (status, json!({ "error": code, "errorMessage": words }))
        };
        match self {
            OctoError::Product(id) => {
                named("INVALID_PRODUCT_ID", t::product(locale), "productId", id)
            }
            OctoError::Option(id) => named("INVALID_OPTION_ID", t::option(locale), "optionId", id),
            OctoError::Unit(id) => named("INVALID_UNIT_ID", t::unit(locale), "unitId", id),
            OctoError::Availability(id) => {
                named("INVALID_AVAILABILITY_ID", t::availability(locale), "availabilityId", id)
            }
            OctoError::Booking(id) => named("INVALID_BOOKING_UUID", t::booking(locale), "uuid", id),
            OctoError::BadRequest(why) => plain(400, "BAD_REQUEST", why.words(locale)),
            OctoError::Unprocessable(why) => plain(400, "UNPROCESSABLE_ENTITY", why.words(locale)),
            OctoError::Unauthorized => plain(401, "UNAUTHORIZED", t::unauthorized(locale)),
            OctoError::Forbidden => plain(403, "FORBIDDEN", t::forbidden(locale)),
            OctoError::NotFound => plain(404, "NOT_FOUND", t::not_found(locale)),
            OctoError::TooMany(_) => plain(429, "TOO_MANY_REQUESTS", t::too_many(locale)),
            OctoError::Internal(_) => plain(500, "INTERNAL_SERVER_ERROR", t::internal(locale)),
        }
    }
}

impl Why {
    fn words(self, locale: Locale) -> &'static str {
        match self {
            Why::Json => t::json(locale),
            Why::Dates => t::dates(locale),
            Why::Range => t::range(locale),
            Why::Currency => t::currency(locale),
            Why::Filter => t::filter(locale),
            Why::Fields => t::fields(locale),
            Why::NoItems => t::no_items(locale),
            Why::TwiceSameItem => t::twice_same_item(locale),
            Why::SoldOut => t::sold_out(locale),
            Why::Closed => t::closed(locale),
            Why::Party => t::party(locale),
            Why::TooLate => t::too_late(locale),
            Why::State => t::state(locale),
            Why::NotHeld => t::not_held(locale),
            Why::NotSold => t::not_sold(locale),
            Why::Credit => t::credit(locale),
            Why::Unlike => t::unlike(locale),
            Why::Address => t::address(locale),
            Why::NotificationTypes => t::notification_types(locale),
            Why::Headers => t::headers(locale),
            Why::NoSubscription => t::no_subscription(locale),
            Why::ManySubscriptions => t::many_subscriptions(locale),
        }
    }
}

/// What a verb about the booking under `uuid` answers.
pub fn of_booking(error: ResellerError, uuid: &str) -> OctoError {
    let unprocessable = OctoError::Unprocessable;
    match error {
        ResellerError::Store(error) | ResellerError::Booking(BookingError::Store(error)) => {
            OctoError::Internal(error)
        }
        ResellerError::Unknown
        | ResellerError::UuidUsed
        | ResellerError::Booking(BookingError::Unknown | BookingError::Resold) => {
            OctoError::Booking(uuid.to_owned())
        }
        ResellerError::Booking(error) => match error {
            BookingError::Seats(NoSeats::Full { .. } | NoSeats::Busy(_)) => {
                unprocessable(Why::SoldOut)
            }
            BookingError::Seats(NoSeats::Closed | NoSeats::Unknown) => unprocessable(Why::Closed),
            BookingError::Party(_) => unprocessable(Why::Party),
            BookingError::TooLate => unprocessable(Why::TooLate),
            BookingError::Contract(ContractRefuses::Credit) => unprocessable(Why::Credit),
            BookingError::Contract(_) | BookingError::NotOnSale => unprocessable(Why::NotSold),
            _ => unprocessable(Why::State),
        },
        ResellerError::Forbidden(_) => OctoError::Forbidden,
        ResellerError::Fields(_) | ResellerError::Twice | ResellerError::Private => {
            OctoError::BadRequest(Why::Fields)
        }
    }
}
