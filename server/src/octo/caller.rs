//! Who calls, and what answers to them are made from.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use axum::body::Bytes;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use chrono::NaiveDate;
use engine::accounts::Seller;
use engine::catalogue::{Catalogue, Tour, TourOption, UnitKind};
use engine::channel::octo::{AskUnit, OctoError, View, Why};
use engine::reseller::{self, Sold, Terms, allotment};
use engine::schedule;
use engine::store::{Conn, StoreError, TimeOfDay};
use engine::{OptionId, SlotId};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Octo;
use super::answer::Manner;

/// A travel company's program, known by its key.
#[derive(Debug)]
pub struct Caller {
    pub octo: Octo,
    pub seller: Seller,
    pub manner: Manner,
}

async fn known(octo: &Octo, headers: &HeaderMap) -> Result<Seller, OctoError> {
    let given = headers.get(header::AUTHORIZATION).ok_or(OctoError::Unauthorized)?;
    let given = given.to_str().unwrap_or_default();
    let key = given.strip_prefix("Bearer ").ok_or(OctoError::Unauthorized)?.trim();
    let found = reseller::authenticate(&octo.app.store, key).await?;
    let (key, mut seller) = found.ok_or(OctoError::Forbidden)?;
    octo.tokens.take(key, octo.limit, Instant::now()).map_err(OctoError::TooMany)?;
    // A live key may say of a sale that it is none.
    let env = headers.get("octo-env").and_then(|env| env.to_str().ok());
    seller.test |= env.is_some_and(|env| env.eq_ignore_ascii_case("test"));
    Ok(seller)
}

impl FromRequestParts<Octo> for Caller {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, octo: &Octo) -> Result<Self, Response> {
        let manner = Manner::of(&parts.headers);
        match known(octo, &parts.headers).await {
            Ok(seller) => Ok(Self { octo: octo.clone(), seller, manner }),
            Err(error) => Err(manner.answer::<()>(Err(error))),
        }
    }
}

/// An address that is none.
pub async fn nowhere(State(_): State<Octo>, headers: HeaderMap) -> Response {
    Manner::of(&headers).answer::<()>(Err(OctoError::NotFound))
}

/// The body as what it must be, and as it is.
pub fn parse<T: DeserializeOwned>(body: &Bytes) -> Result<(T, Value), OctoError> {
    let bad = || OctoError::BadRequest(Why::Json);
    let body: &[u8] = if body.is_empty() { b"{}" } else { body };
    let value: Value = serde_json::from_slice(body).map_err(|_| bad())?;
    let asked = T::deserialize(&value).map_err(|_| bad())?;
    Ok((asked, value))
}

/// What answers are made from, read once for a request.
#[derive(Debug)]
pub struct Desk {
    pub catalogue: Arc<Catalogue>,
    pub terms: Terms,
    pub times: HashMap<OptionId, Vec<TimeOfDay>>,
    pub kept: HashMap<SlotId, i32>,
    base_url: String,
    now: chrono::DateTime<chrono::Utc>,
}

impl Desk {
    /// `days` for which kept seats are of interest.
    pub async fn open(
        caller: &Caller,
        days: Option<(NaiveDate, NaiveDate)>,
    ) -> Result<Self, StoreError> {
        let app = &caller.octo.app;
        let catalogue = app.catalogue().await?;
        let now = app.store.now();
        let mut conn = app.store.read().await?;
        let terms = reseller::terms(&mut conn, caller.seller.contract).await?;
        let mut times: HashMap<OptionId, Vec<TimeOfDay>> = HashMap::new();
        for rule in schedule::rules_of(&mut conn, caller.seller.workshop).await? {
            times.entry(rule.option_id).or_default().extend(rule.opening.times.0);
        }
        for times in times.values_mut() {
            times.sort_unstable();
            times.dedup();
        }
        times.retain(|_, times| !times.is_empty());
        let kept = match days {
            Some(days) => allotment::kept_on(&mut conn, caller.seller.contract, days, now).await?,
            None => HashMap::new(),
        };
        let base_url = app.settings.base_url.clone();
        Ok(Self { catalogue, terms, times, kept, base_url, now })
    }

    pub fn view(&self, manner: &Manner) -> View<'_> {
        View {
            catalogue: &self.catalogue,
            terms: &self.terms,
            base_url: &self.base_url,
            locale: manner.locale,
            pricing: manner.capabilities.pricing.is_some(),
            content: manner.capabilities.content.is_some(),
            times: &self.times,
            kept: &self.kept,
            now: self.now,
        }
    }

    /// The tour and option that a request names, in the order in which the standard complains.
    pub fn option(
        &self,
        product: Option<&str>,
        option: Option<&str>,
    ) -> Result<(&Tour, &TourOption), OctoError> {
        let product = product.unwrap_or_default();
        let option = option.unwrap_or_default();
        let found = self.catalogue.tour_by_slug(product).filter(|tour| self.terms.sells(tour));
        let tour = found.ok_or_else(|| OctoError::Product(product.to_owned()))?;
        let open = tour.open_options().find(|known| known.slug == option);
        Ok((tour, open.ok_or_else(|| OctoError::Option(option.to_owned()))?))
    }
}

/// A party that availability is asked for, in our kinds; each must be sold.
pub fn party(
    units: Option<&[AskUnit]>,
    option: &TourOption,
) -> Result<Option<Vec<(UnitKind, u32)>>, OctoError> {
    let Some(units) = units else { return Ok(None) };
    let kind = |asked: &AskUnit| {
        let kind = UnitKind::parse(&asked.id);
        let sold = option.open_units().map(|unit| unit.kind).find(|sold| Some(*sold) == kind);
        sold.map(|kind| (kind, asked.quantity)).ok_or_else(|| OctoError::Unit(asked.id.clone()))
    };
    units.iter().map(kind).collect::<Result<_, _>>().map(Some)
}

/// Prices are in đồng alone.
pub fn currency(asked: Option<&str>) -> Result<(), OctoError> {
    match asked {
        None | Some("VND") => Ok(()),
        Some(_) => Err(OctoError::BadRequest(Why::Currency)),
    }
}

/// A booking as it is now, for the answer to whoever changed it.
pub async fn booked(
    caller: &Caller,
    sold: &Sold,
) -> Result<engine::channel::octo::Booking, OctoError> {
    let day = sold.slot.local_date;
    let desk = Desk::open(caller, Some((day, day))).await?;
    let view = desk.view(&caller.manner);
    view.booking(sold).ok_or_else(|| OctoError::Booking(sold.resale.uuid.to_string()))
}

/// The connection to read with.
pub async fn read(caller: &Caller) -> Result<Conn, StoreError> {
    caller.octo.app.store.read().await
}
