//! The demo catalogue: real villages, invented workshops. `demo/*.toml` is data that a person edits;
//! an unknown or missing key fails the seed with its name.

macro_rules! files {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/demo/", $name)))),+]
    };
}

mod board;
mod bookings;
mod calendars;
mod commissions;
mod coops;
mod courses;
mod credentials;
mod events;
mod gift_cards;
mod green;
mod guides;
mod money;
mod partner;
mod passes;
mod payment;
mod pieces;
mod price;
mod provenance;
mod report;
mod resellers;
mod resources;
mod reviews;
mod shop;
mod visits;
pub use report::readers;
mod stories;

use std::sync::Arc;

use chrono::{NaiveDate, NaiveTime, TimeDelta};
use serde::Deserialize;

use super::model::{
    Craft, LegalForm, Policy, Questions, Sharing, Spoken, SpokenLanguages, UnitKind, Weather,
};
use super::{cache, load};
use crate::accounts::{self, Role};
use crate::clock::{local_date, venue_instant};
use crate::schedule::{
    DayRule, HORIZON_DAYS, LunarDays, Opening, Season, Times, Weekdays, generate_after,
};
use crate::store::{Store, StoreError, Tx};
use crate::{Dong, Locale, Localized, OptionId, TourId, UnitId, VillageId, WorkshopId, params};

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VillageFile {
    slug: String,
    craft: Craft,
    position: i32,
    lat: f64,
    lon: f64,
    commune: String,
    old_address: String,
    distance_km: i32,
    name: Localized,
    craft_name: Localized,
    tagline: Localized,
    summary: Localized,
    story: Localized,
    getting_there: Localized,
    best_time: Option<Localized>,
    workshops: Vec<WorkshopEntry>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct WorkshopEntry {
    slug: String,
    name: String,
    lat: f64,
    lon: f64,
    address: Localized,
    phone: String,
    email: String,
    legal_name: String,
    legal_form: LegalForm,
    tax_code: String,
    languages: Vec<Spoken>,
    summary: Localized,
    story: Localized,
    accessibility: Localized,
    owner: Owner,
    #[serde(default)]
    closures: Vec<ClosureEntry>,
    tours: Vec<TourEntry>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Owner {
    name: String,
    email: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClosureEntry {
    reason: Localized,
    dates_from: Option<NaiveDate>,
    dates_to: Option<NaiveDate>,
    lunar_from: Option<String>,
    lunar_to: Option<String>,
    #[serde(default)]
    lunar_days: Vec<u8>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct MeetingPoint {
    vi: String,
    en: String,
    lat: f64,
    lon: f64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct TourEntry {
    slug: String,
    illustration: String,
    title: Localized,
    summary: Localized,
    description: Localized,
    included: Localized<Vec<String>>,
    bring: Localized<Vec<String>>,
    take_home: Localized,
    meeting_point: MeetingPoint,
    languages: Vec<Spoken>,
    policy: Policy,
    lead_time_hours: i32,
    min_party: i32,
    max_party: i32,
    sharing: Sharing,
    weather: Weather,
    min_to_run: i32,
    decide_hours: i32,
    children: bool,
    waiver: Option<Localized>,
    #[serde(default)]
    questions: Questions,
    options: Vec<OptionEntry>,
    course: Option<courses::CourseEntry>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct OptionEntry {
    slug: String,
    title: Localized,
    duration_minutes: i32,
    capacity: i32,
    units: Vec<UnitEntry>,
    #[serde(default)]
    schedule: Vec<ScheduleEntry>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct UnitEntry {
    kind: UnitKind,
    price: i64,
    seats: Option<i32>,
    min_age: Option<i32>,
    max_age: Option<i32>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct ScheduleEntry {
    #[serde(default)]
    days: Weekdays,
    #[serde(default)]
    lunar_days: LunarDays,
    times: Times,
    from: Option<String>,
    to: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error("{file}: {reason}")]
    File { file: &'static str, reason: String },
    #[error("the database is not empty: it has villages already")]
    NotEmpty,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Account(#[from] accounts::AccountError),
}

const FILES: &[(&str, &str)] = files![
    "bat-trang.toml",
    "chuyen-my.toml",
    "ha-thai.toml",
    "lang-chuong.toml",
    "phu-vinh.toml",
    "quang-phu-cau.toml",
    "quat-dong.toml",
    "thach-xa.toml",
    "thuong-tin.toml",
    "van-phuc.toml",
];

/// The demo's villages, parsed.
pub fn villages() -> Result<Vec<VillageFile>, DemoError> {
    FILES
        .iter()
        .map(|(file, text)| {
            toml::from_str(text)
                .map_err(|error| DemoError::File { file, reason: error.to_string() })
        })
        .collect()
}

/// Email address of each owner in the demo, with the workshop's name.
pub fn owners() -> Result<Vec<(String, String)>, DemoError> {
    let workshops = villages()?.into_iter().flat_map(|village| village.workshops);
    Ok(workshops.map(|workshop| (workshop.owner.email, workshop.name)).collect())
}

/// Fills an empty database with the demo catalogue and an account for each workshop's owner.
/// `password_hash` is given to all of them (see [`accounts::hash_password`]).
pub async fn seed(tx: &mut Tx, password_hash: &str) -> Result<(), DemoError> {
    let (villages,): (i64,) =
        tx.fetch_one("SELECT CAST(COUNT(*) AS BIGINT) FROM village", vec![]).await?;
    if villages > 0 {
        return Err(DemoError::NotEmpty);
    }
    let mut position = 0;
    for village in self::villages()? {
        let id = insert_village(tx, &village).await?;
        for workshop in village.workshops {
            let workshop_id = insert_workshop(tx, id, &workshop).await?;
            let owner =
                accounts::ensure_person(tx, &workshop.owner.email, &workshop.owner.name).await?;
            accounts::set_password_hash(tx, owner, password_hash).await?;
            accounts::grant(tx, owner, workshop_id, Role::Owner).await?;
            for tour in workshop.tours {
                position += 1;
                insert_tour(tx, workshop_id, position, &tour).await?;
            }
        }
    }
    coops::insert(tx).await?;
    resources::insert(tx).await?;
    guides::insert(tx).await?;
    price::insert(tx).await?;
    let catalogue = Arc::new(load::load(tx).await?);
    stories::insert(tx, &catalogue).await?;
    passes::insert(tx, Arc::clone(&catalogue)).await?;
    resellers::insert(tx, &catalogue, password_hash).await?;
    credentials::insert(tx, &catalogue).await?;
    Box::pin(green::insert(tx, &catalogue)).await?;
    Box::pin(partner::insert(tx, &catalogue)).await?;
    pieces::makings(tx, &catalogue).await?;
    report::insert(tx, &catalogue, password_hash).await?;
    cache::touch(tx).await?;
    Ok(())
}

/// Fills an empty database with the catalogue and with slots: those of the horizon, of today, and
/// of the days before that the demo's bookings look back on.
pub async fn fill(store: &Store, password_hash: &str) -> Result<(), DemoError> {
    store
        .write("seed the demo", password_hash.to_owned(), |tx, hash| {
            Box::pin(async move { seed(tx, &hash).await })
        })
        .await?;
    let catalogue = {
        let mut conn = store.read().await?;
        Arc::new(load::load(&mut conn).await?)
    };
    for workshop in &catalogue.workshops {
        let command = (Arc::clone(&catalogue), workshop.id);
        store
            .write("generate slots", command, |tx, (catalogue, workshop)| {
                Box::pin(async move {
                    let today = local_date(tx.now());
                    let midnight = venue_instant(today, NaiveTime::MIN).unwrap_or(tx.now());
                    // Members of a co-op have months behind them that were shared.
                    let past = match crate::coop::of_workshop(tx, workshop).await? {
                        Some(_) => bookings::LONG_PAST_DAYS,
                        None => bookings::PAST_DAYS,
                    };
                    let from = midnight - TimeDelta::days(past);
                    generate_after(tx, &catalogue, workshop, from, HORIZON_DAYS + past).await
                })
            })
            .await?;
    }
    store
        .write("demo calendar", (), |tx, ()| Box::pin(async move { calendars::insert(tx).await }))
        .await?;
    Ok(())
}

/// Books in a database that [`fill`] has just filled. Leaves no letters behind.
pub async fn book(store: &Store) -> Result<(), DemoError> {
    let catalogue = {
        let mut conn = store.read().await?;
        Arc::new(load::load(&mut conn).await?)
    };
    store
        .write("book the demo", catalogue, |tx, catalogue| {
            Box::pin(async move {
                events::make(tx, &catalogue).await?;
                courses::make(tx, &catalogue).await?;
                bookings::make(tx, &catalogue).await?;
                reviews::make(tx, &catalogue).await?;
                visits::make(tx, &catalogue).await?;
                price::codes(tx, &catalogue).await?;
                Box::pin(payment::make(tx, &catalogue)).await?;
                gift_cards::make(tx, &catalogue).await?;
                // Lots before pieces: the key that signs both is as old as the first lot.
                Box::pin(provenance::make(tx, &catalogue)).await?;
                Box::pin(commissions::make(tx, &catalogue)).await?;
                Box::pin(pieces::make(tx, &catalogue)).await?;
                money::make(tx, &catalogue).await?;
                Box::pin(shop::make(tx, &catalogue)).await?;
                report::make(tx, &catalogue).await?;
                Box::pin(green::make(tx, &catalogue)).await?;
                resellers::sell(tx, &catalogue).await?;
                guides::lead(tx, &catalogue).await?;
                board::make(tx).await
            })
        })
        .await
}

async fn insert_village(tx: &mut Tx, village: &VillageFile) -> Result<VillageId, StoreError> {
    let id = VillageId::new(tx.now());
    tx.execute_one(
        "INSERT INTO village (id, slug, craft, position, lat, lon, commune, old_address, \
         distance_km, name, craft_name, tagline, summary, story, getting_there, best_time) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        params![
            id,
            village.slug,
            village.craft,
            village.position,
            village.lat,
            village.lon,
            village.commune,
            village.old_address,
            village.distance_km,
            village.name,
            village.craft_name,
            village.tagline,
            village.summary,
            village.story,
            village.getting_there,
            village.best_time,
        ],
    )
    .await?;
    Ok(id)
}

async fn insert_workshop(
    tx: &mut Tx,
    village: VillageId,
    workshop: &WorkshopEntry,
) -> Result<WorkshopId, DemoError> {
    let id = WorkshopId::new(tx.now());
    let feed_token = tx.draw_token();
    tx.execute_one(
        "INSERT INTO workshop (id, village_id, slug, name, lat, lon, address, phone, email, \
         legal_name, legal_form, tax_code, languages, summary, story, accessibility, locale, \
         feed_token) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
        params![
            id,
            village,
            workshop.slug,
            workshop.name,
            workshop.lat,
            workshop.lon,
            workshop.address,
            workshop.phone,
            workshop.email,
            workshop.legal_name,
            workshop.legal_form,
            workshop.tax_code,
            SpokenLanguages(workshop.languages.clone()),
            workshop.summary,
            workshop.story,
            workshop.accessibility,
            Locale::Vi,
            feed_token,
        ],
    )
    .await?;
    for closure in &workshop.closures {
        let rule = closure_rule(closure).ok_or_else(|| DemoError::File {
            file: "closures",
            reason: format!("{}: neither dates nor lunar days", workshop.slug),
        })?;
        crate::schedule::insert_closure(tx, id, None, &closure.reason, &rule, None).await?;
    }
    Ok(id)
}

fn closure_rule(closure: &ClosureEntry) -> Option<DayRule> {
    if let (Some(from), Some(to)) = (closure.dates_from, closure.dates_to) {
        return Some(DayRule::Dates { from, to });
    }
    if let (Some(from), Some(to)) = (&closure.lunar_from, &closure.lunar_to) {
        return Some(DayRule::LunarRange { from: from.parse().ok()?, to: to.parse().ok()? });
    }
    (!closure.lunar_days.is_empty())
        .then(|| DayRule::LunarDays(LunarDays(closure.lunar_days.clone())))
}

async fn insert_tour(
    tx: &mut Tx,
    workshop: WorkshopId,
    position: i32,
    tour: &TourEntry,
) -> Result<(), DemoError> {
    let id = TourId::new(tx.now());
    let meeting_point =
        Localized { vi: tour.meeting_point.vi.clone(), en: tour.meeting_point.en.clone() };
    tx.execute_one(
        "INSERT INTO tour (id, workshop_id, slug, position, illustration, title, summary, \
         description, included, bring, take_home, meeting_point, meeting_lat, meeting_lon, \
         languages, policy, lead_time_hours, min_party, max_party, sharing, weather, min_to_run, \
         decide_hours, children, waiver, questions, published) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, \
         $19, $20, $21, $22, $23, $24, $25, $26, $27)",
        params![
            id,
            workshop,
            tour.slug,
            position,
            tour.illustration,
            tour.title,
            tour.summary,
            tour.description,
            tour.included,
            tour.bring,
            tour.take_home,
            meeting_point,
            tour.meeting_point.lat,
            tour.meeting_point.lon,
            SpokenLanguages(tour.languages.clone()),
            tour.policy,
            tour.lead_time_hours,
            tour.min_party,
            tour.max_party,
            tour.sharing,
            tour.weather,
            tour.min_to_run,
            tour.decide_hours,
            tour.children,
            tour.waiver,
            tour.questions,
            true,
        ],
    )
    .await?;
    for (at, option) in (1..).zip(&tour.options) {
        insert_option(tx, workshop, id, at, option).await?;
    }
    if let Some(course) = &tour.course {
        courses::insert(tx, id, course).await?;
    }
    Ok(())
}

async fn insert_option(
    tx: &mut Tx,
    workshop: WorkshopId,
    tour: TourId,
    position: i32,
    option: &OptionEntry,
) -> Result<(), DemoError> {
    let id = OptionId::new(tx.now());
    tx.execute_one(
        "INSERT INTO tour_option (id, tour_id, slug, position, title, duration_minutes, capacity, \
         active) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![
            id,
            tour,
            option.slug,
            position,
            option.title,
            option.duration_minutes,
            option.capacity,
            true,
        ],
    )
    .await?;
    for (at, unit) in (1i32..).zip(&option.units) {
        tx.execute_one(
            "INSERT INTO unit (id, option_id, kind, position, price, seats, min_age, max_age, \
             active) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            params![
                UnitId::new(tx.now()),
                id,
                unit.kind,
                at,
                Dong(unit.price),
                unit.seats.unwrap_or(unit.kind.usual_seats()),
                unit.min_age,
                unit.max_age,
                true,
            ],
        )
        .await?;
    }
    for entry in &option.schedule {
        let opening = Opening {
            weekdays: entry.days.clone(),
            lunar_days: entry.lunar_days.clone(),
            times: entry.times.clone(),
            season: Season::parse(entry.from.as_deref(), entry.to.as_deref()),
            valid_from: None,
            valid_to: None,
            capacity: option.capacity,
            guide: String::new(),
        };
        crate::schedule::insert_rule(tx, workshop, id, &opening).await?;
    }
    Ok(())
}
