//! Bookings: kept, confirmed, changed, given back.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, Query};
use axum::response::Response;
use chrono::NaiveDate;
use engine::booking::{BookingError, StateKind};
use engine::catalogue::{Tour, TourOption};
use engine::channel::octo::{
    self, AskCancel, AskConfirm, AskExtend, AskReserve, AskUpdate, Booking, ItemError, OctoError,
    Why, fingerprint, start_of, tickets,
};
use engine::clock::local_date;
use engine::reseller::{
    self, Ask, Cancel, Extend, Finish, ResellerError, Reserve, Sold, Ticket, USUAL_MINUTES, Update,
};
use engine::schedule::{Slot, slots};
use serde::Deserialize;
use uuid::Uuid;

use super::caller::{Caller, Desk, booked, currency, parse, read};

/// Longest reference and note taken, in characters.
const MAX_REFERENCE: usize = 200;

fn item_error(error: ItemError) -> OctoError {
    match error {
        ItemError::Missing => OctoError::Unprocessable(Why::NoItems),
        ItemError::Unit(id) => OctoError::Unit(id),
        ItemError::Twice => OctoError::BadRequest(Why::TwiceSameItem),
    }
}

/// The departure of an option that an id names.
async fn departure(
    caller: &Caller,
    tour: &Tour,
    option: &TourOption,
    id: Option<&str>,
) -> Result<Slot, OctoError> {
    let id = id.unwrap_or_default();
    let unknown = || OctoError::Availability(id.to_owned());
    let start = start_of(id).ok_or_else(unknown)?;
    let day = local_date(start);
    let mut conn = read(caller).await?;
    let found = slots::of_tour(&mut conn, tour.id, day, day).await?;
    let slot = found
        .into_iter()
        .find(|slot| slot.option_id == option.id && slot.starts_at == start && !slot.is_run());
    slot.ok_or_else(unknown)
}

fn short(text: Option<String>) -> Result<Option<String>, OctoError> {
    match text {
        Some(text) if text.chars().count() > MAX_REFERENCE => {
            Err(OctoError::BadRequest(Why::Fields))
        }
        text => Ok(text),
    }
}

pub async fn reserve(caller: Caller, body: Bytes) -> Response {
    let made = hold(&caller, &body).await;
    caller.manner.answer(made)
}

async fn hold(caller: &Caller, body: &Bytes) -> Result<Booking, OctoError> {
    let (asked, value) = parse::<AskReserve>(body)?;
    let desk = Desk::open(caller, None).await?;
    let (tour, option) = desk.option(asked.product_id.as_deref(), asked.option_id.as_deref())?;
    let slot = departure(caller, tour, option, asked.availability_id.as_deref()).await?;
    let tickets = tickets(asked.unit_items, option, &[], Uuid::now_v7).map_err(item_error)?;
    currency(asked.currency.as_deref())?;
    let uuid = asked.uuid.unwrap_or_else(Uuid::now_v7);
    let command = Reserve {
        catalogue: Arc::clone(&desk.catalogue),
        seller: caller.seller.clone(),
        uuid,
        request_hash: fingerprint(&value),
        slot: slot.id,
        tickets,
        minutes: asked.expiration_minutes.unwrap_or(USUAL_MINUTES),
        notes: asked.notes.unwrap_or_default(),
        reference: short(asked.reseller_reference)?.unwrap_or_default(),
        contact: asked.contact.unwrap_or_default(),
    };
    let store = &caller.octo.app.store;
    let made = store
        .write("octo reserve", command, |tx, command| Box::pin(reseller::reserve(tx, command)))
        .await;
    finish(caller, made, &uuid.to_string()).await
}

/// The answer to whoever did something to a booking.
async fn finish(
    caller: &Caller,
    done: Result<Sold, ResellerError>,
    uuid: &str,
) -> Result<Booking, OctoError> {
    let sold = done.map_err(|error| octo::of_booking(error, uuid))?;
    booked(caller, &sold).await
}

fn uuid_of(text: &str) -> Result<Uuid, OctoError> {
    text.parse().map_err(|_| OctoError::Booking(text.to_owned()))
}

async fn found(caller: &Caller, text: &str) -> Result<Sold, OctoError> {
    let uuid = uuid_of(text)?;
    let mut conn = read(caller).await?;
    let sold = reseller::by_uuid(&mut conn, &caller.seller, uuid).await;
    let sold = sold.map_err(|error| octo::of_booking(error, text))?;
    sold.ok_or_else(|| OctoError::Booking(text.to_owned()))
}

pub async fn one(caller: Caller, Path(uuid): Path<String>) -> Response {
    let answer = async {
        let sold = found(&caller, &uuid).await?;
        booked(&caller, &sold).await
    };
    let answer = answer.await;
    caller.manner.answer(answer)
}

/// Which bookings; at least one of the first five.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Wanted {
    reseller_reference: Option<String>,
    supplier_reference: Option<String>,
    local_date: Option<NaiveDate>,
    local_date_start: Option<NaiveDate>,
    local_date_end: Option<NaiveDate>,
    product_id: Option<String>,
    option_id: Option<String>,
}

pub async fn list(
    caller: Caller,
    wanted: Result<Query<Wanted>, axum::extract::rejection::QueryRejection>,
) -> Response {
    let answer = match wanted {
        Ok(Query(wanted)) => some(&caller, wanted).await,
        Err(_) => Err(OctoError::BadRequest(Why::Fields)),
    };
    caller.manner.answer(answer)
}

async fn some(caller: &Caller, wanted: Wanted) -> Result<Vec<Booking>, OctoError> {
    let day = wanted.local_date.map(|day| (day, day));
    let days = day.or(wanted.local_date_start.zip(wanted.local_date_end));
    let half = wanted.local_date_start.is_some() != wanted.local_date_end.is_some();
    let reference = wanted.reseller_reference.filter(|text| !text.is_empty());
    let code = wanted.supplier_reference.filter(|text| !text.is_empty());
    if half || (days.is_none() && reference.is_none() && code.is_none()) {
        return Err(OctoError::BadRequest(Why::Filter));
    }
    let desk = Desk::open(caller, days).await?;
    let mut ask = Ask { reference, code, days, ..Ask::default() };
    if let Some(product) = wanted.product_id.as_deref() {
        let tour = desk.catalogue.tour_by_slug(product);
        let tour = tour.ok_or_else(|| OctoError::Product(product.to_owned()))?;
        ask.tour = Some(tour.id);
        if let Some(id) = wanted.option_id.as_deref() {
            let option = tour.options.iter().find(|option| option.slug == id);
            let option = option.ok_or_else(|| OctoError::Option(id.to_owned()))?;
            ask.option = Some(option.id);
        }
    }
    let mut conn = read(caller).await?;
    let sold = reseller::list(&mut conn, &caller.seller, &ask).await?;
    drop(conn);
    let view = desk.view(&caller.manner);
    Ok(sold.iter().filter_map(|sold| view.booking(sold)).collect())
}

/// The option that a booking is of.
fn option_of<'a>(desk: &'a Desk, sold: &Sold) -> Result<&'a TourOption, OctoError> {
    let found = desk.catalogue.option(sold.booking.option_id);
    found.map(|(_, option)| option).ok_or(OctoError::Unprocessable(Why::NotSold))
}

pub async fn confirm(caller: Caller, Path(uuid): Path<String>, body: Bytes) -> Response {
    let done = settle(&caller, &uuid, &body).await;
    caller.manner.answer(done)
}

async fn settle(caller: &Caller, uuid: &str, body: &Bytes) -> Result<Booking, OctoError> {
    let (asked, _) = parse::<AskConfirm>(body)?;
    let before = found(caller, uuid).await?;
    let desk = Desk::open(caller, None).await?;
    let items: Option<Vec<Ticket>> = match asked.unit_items {
        None => None,
        items => {
            let option = option_of(&desk, &before)?;
            let made = tickets(items, option, &before.resale.items.0, Uuid::now_v7);
            Some(made.map_err(item_error)?)
        }
    };
    let command = Finish {
        catalogue: Arc::clone(&desk.catalogue),
        seller: caller.seller.clone(),
        uuid: before.resale.uuid,
        contact: asked.contact.unwrap_or_default(),
        reference: short(asked.reseller_reference)?,
        tickets: items,
    };
    let store = &caller.octo.app.store;
    let done = store
        .write("octo confirm", command, |tx, command| Box::pin(reseller::finish(tx, command)))
        .await;
    match done {
        // What ran out is gone, as far as confirming it is concerned.
        Err(ResellerError::Booking(BookingError::State(StateKind::Expired))) => {
            Err(OctoError::Booking(uuid.to_owned()))
        }
        done => finish(caller, done, uuid).await,
    }
}

pub async fn update(caller: Caller, Path(uuid): Path<String>, body: Bytes) -> Response {
    let done = change(&caller, &uuid, &body).await;
    caller.manner.answer(done)
}

async fn change(caller: &Caller, uuid: &str, body: &Bytes) -> Result<Booking, OctoError> {
    let (asked, _) = parse::<AskUpdate>(body)?;
    let before = found(caller, uuid).await?;
    let desk = Desk::open(caller, None).await?;
    let option_now = option_of(&desk, &before)?;
    let tour_now = desk.catalogue.tour(before.booking.tour_id);
    let tour_now = tour_now.ok_or(OctoError::Unprocessable(Why::NotSold))?;
    // What is not named is as it is.
    let named = asked.product_id.is_some() || asked.option_id.is_some();
    let (tour, option) = if named {
        let product = asked.product_id.as_deref().unwrap_or(&tour_now.slug);
        let same = product == tour_now.slug;
        let option = asked.option_id.as_deref().or(same.then_some(option_now.slug.as_str()));
        desk.option(Some(product), option)?
    } else {
        (tour_now, option_now)
    };
    let other = option.id != option_now.id;
    if other && (asked.availability_id.is_none() || asked.unit_items.is_none()) {
        return Err(OctoError::BadRequest(Why::Unlike));
    }
    let slot = match asked.availability_id.as_deref() {
        None => None,
        id => Some(departure(caller, tour, option, id).await?.id),
    };
    let items = match asked.unit_items {
        None => None,
        items => {
            // Units of another option are other units: each must be named.
            let old: &[Ticket] = if other { &[] } else { &before.resale.items.0 };
            Some(tickets(items, option, old, Uuid::now_v7).map_err(item_error)?)
        }
    };
    let command = Update {
        catalogue: Arc::clone(&desk.catalogue),
        seller: caller.seller.clone(),
        uuid: before.resale.uuid,
        slot,
        tickets: items,
        minutes: asked.expiration_minutes,
        contact: asked.contact,
        reference: short(asked.reseller_reference.map(Option::unwrap_or_default))?,
        notes: asked.notes.map(Option::unwrap_or_default),
    };
    let store = &caller.octo.app.store;
    let done = store
        .write("octo update", command, |tx, command| Box::pin(reseller::update(tx, command)))
        .await;
    finish(caller, done, uuid).await
}

pub async fn extend(caller: Caller, Path(uuid): Path<String>, body: Bytes) -> Response {
    let answer = async {
        let (asked, _) = parse::<AskExtend>(&body)?;
        let command = Extend {
            seller: caller.seller.clone(),
            uuid: uuid_of(&uuid)?,
            minutes: asked.expiration_minutes.unwrap_or(USUAL_MINUTES),
        };
        let store = &caller.octo.app.store;
        let done = store
            .write("octo extend", command, |tx, command| Box::pin(reseller::extend(tx, command)))
            .await;
        match done {
            Err(ResellerError::Booking(BookingError::State(_))) => {
                Err(OctoError::Unprocessable(Why::NotHeld))
            }
            done => finish(&caller, done, &uuid).await,
        }
    };
    let answer = answer.await;
    caller.manner.answer(answer)
}

pub async fn cancel(caller: Caller, Path(uuid): Path<String>, body: Bytes) -> Response {
    let answer = async {
        let (asked, _) = parse::<AskCancel>(&body)?;
        let command = Cancel {
            seller: caller.seller.clone(),
            uuid: uuid_of(&uuid)?,
            reason: asked.reason.unwrap_or_default(),
            knowingly: asked.force.unwrap_or(false),
        };
        let store = &caller.octo.app.store;
        let done = store
            .write("octo cancel", command, |tx, command| Box::pin(reseller::cancel(tx, command)))
            .await;
        finish(&caller, done, &uuid).await
    };
    let answer = answer.await;
    caller.manner.answer(answer)
}
