//! Looking for what changed since it was last told. Nothing is sent here: what is found becomes rows of
//! the queue, and is noted as told, in one transaction.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::baseline::{self, note_tour, print};
use super::ears::{Ears, Place};
use super::error::WebhookError;
use super::model::Event;
use super::queue::{self, News};
use super::rule::{Days, event_of};
use crate::booking::StateKind;
use crate::catalogue::load;
use crate::schedule::SlotStatus;
use crate::store::{Conn, StoreError, Tx};
use crate::{BookingId, ContractId, OptionId, SlotId, TourId, WorkshopId, params};

/// Rows that one look takes of a kind, so that its transaction stays short.
const BATCH: i64 = 300;
/// Bookings are followed for so long after the visit, as the ledger follows them.
const FOLLOW_DAYS: i64 = 62;

const BOOKINGS: &str = "SELECT booking.id, booking.code, booking.workshop_id, booking.slot_id, \
     booking.option_id, booking.contract_id, booking.test, booking.state, booking.confirmed_at, \
     booking.version, booking.people, slot.starts_at, slot.ends_at, resale.uuid, \
     seen.workshop_id AS seen_workshop, seen.state AS seen_state \
     FROM slot JOIN booking ON booking.slot_id = slot.id \
     LEFT JOIN webhook_booking seen ON seen.booking_id = booking.id \
     LEFT JOIN resale ON resale.booking_id = booking.id \
     WHERE slot.workshop_id IN (SELECT workshop_id FROM webhook) AND slot.ends_at > $1 \
     AND (booking.confirmed_at IS NOT NULL OR booking.contract_id IS NOT NULL) \
     AND (seen.booking_id IS NULL OR seen.version <> booking.version \
     OR seen.workshop_id <> booking.workshop_id OR seen.starts_at <> slot.starts_at \
     OR seen.ends_at <> slot.ends_at) ORDER BY booking.id LIMIT $2";

/// Bookings that went to a workshop of which nobody wants to hear.
const LEFT: &str = "SELECT booking.id, booking.code, booking.workshop_id, booking.slot_id, \
     booking.option_id, booking.contract_id, booking.test, booking.state, booking.confirmed_at, \
     booking.version, booking.people, seen.starts_at, seen.ends_at, resale.uuid, \
     seen.workshop_id AS seen_workshop, seen.state AS seen_state \
     FROM webhook_booking seen JOIN booking ON booking.id = seen.booking_id \
     LEFT JOIN resale ON resale.booking_id = booking.id \
     WHERE seen.workshop_id <> booking.workshop_id \
     AND booking.workshop_id NOT IN (SELECT workshop_id FROM webhook) \
     ORDER BY booking.id LIMIT $1";

const SLOTS: &str = "SELECT slot.id, slot.workshop_id, slot.tour_id, slot.option_id, \
     slot.local_date, slot.starts_at, slot.ends_at, slot.closes_at, slot.capacity, slot.taken, \
     slot.allotted, slot.room, slot.busy, slot.status, slot.price_percent, \
     seen.local_date AS seen_date FROM slot LEFT JOIN webhook_slot seen ON seen.slot_id = slot.id \
     WHERE slot.workshop_id IN (SELECT workshop_id FROM webhook) AND slot.ends_at > $1 \
     AND (seen.slot_id IS NULL OR seen.starts_at <> slot.starts_at \
     OR seen.ends_at <> slot.ends_at OR seen.closes_at <> slot.closes_at \
     OR seen.capacity <> slot.capacity OR seen.taken <> slot.taken \
     OR seen.allotted <> slot.allotted OR COALESCE(seen.room, -1) <> COALESCE(slot.room, -1) \
     OR seen.busy <> slot.busy OR seen.status <> slot.status \
     OR seen.price_percent <> slot.price_percent) ORDER BY slot.starts_at, slot.id LIMIT $2";

/// Slots that are no more.
const GONE: &str = "SELECT seen.slot_id, seen.workshop_id, seen.tour_id, seen.option_id, \
     seen.local_date FROM webhook_slot seen LEFT JOIN slot ON slot.id = seen.slot_id \
     WHERE seen.ends_at > $1 AND slot.id IS NULL ORDER BY seen.starts_at, seen.slot_id LIMIT $2";

pub(super) fn since(now: DateTime<Utc>) -> DateTime<Utc> {
    now - TimeDelta::days(FOLLOW_DAYS)
}

#[derive(sqlx::FromRow)]
struct BookingRow {
    id: BookingId,
    code: String,
    workshop_id: WorkshopId,
    slot_id: SlotId,
    option_id: OptionId,
    contract_id: Option<ContractId>,
    test: bool,
    state: StateKind,
    confirmed_at: Option<DateTime<Utc>>,
    version: i32,
    people: i32,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    /// The company's name for it.
    uuid: Option<Uuid>,
    seen_workshop: Option<WorkshopId>,
    seen_state: Option<StateKind>,
}

#[derive(sqlx::FromRow)]
struct SlotRow {
    id: SlotId,
    workshop_id: WorkshopId,
    tour_id: TourId,
    option_id: OptionId,
    local_date: NaiveDate,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    closes_at: DateTime<Utc>,
    capacity: i32,
    taken: i32,
    allotted: i32,
    room: Option<i32>,
    busy: bool,
    status: SlotStatus,
    price_percent: i32,
    seen_date: Option<NaiveDate>,
}

type GoneRow = (SlotId, WorkshopId, TourId, OptionId, NaiveDate);

/// Whether [`look`] would find something.
pub async fn is_due(conn: &mut Conn, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let listening: Option<(WorkshopId,)> =
        conn.fetch_optional("SELECT workshop_id FROM webhook LIMIT 1", params![]).await?;
    if listening.is_none() {
        return Ok(false);
    }
    let one = 1_i64;
    let bookings: Vec<BookingRow> = conn.fetch_all(BOOKINGS, params![since(now), one]).await?;
    let slots: Vec<SlotRow> = conn.fetch_all(SLOTS, params![now, one]).await?;
    if !bookings.is_empty() || !slots.is_empty() || told_catalogue(conn).await?.is_some() {
        return Ok(true);
    }
    let left: Vec<BookingRow> = conn.fetch_all(LEFT, params![one]).await?;
    let gone: Vec<GoneRow> = conn.fetch_all(GONE, params![now, one]).await?;
    Ok(!left.is_empty() || !gone.is_empty())
}

/// The catalogue's version, if it is another than that whose tours were told.
async fn told_catalogue(conn: &mut Conn) -> Result<Option<i64>, StoreError> {
    let version = load::version(conn).await?;
    let (told,): (i64,) = conn
        .fetch_one("SELECT catalogue_version FROM webhook_look WHERE id = 1", params![])
        .await?;
    Ok((told != version).then_some(version))
}

/// Finds what changed and puts it in the queue; answers how much it looked at.
pub async fn look(tx: &mut Tx) -> Result<usize, WebhookError> {
    baseline::lock(tx).await?;
    let mut ears = Ears::open(tx).await?;
    let done = bookings(tx, &mut ears).await? + departures(tx, &mut ears).await?;
    Ok(done + tours(tx, &mut ears).await?)
}

async fn bookings(tx: &mut Tx, ears: &mut Ears) -> Result<usize, WebhookError> {
    let now = tx.now();
    let changed: Vec<BookingRow> = tx.fetch_all(BOOKINGS, params![since(now), BATCH]).await?;
    let left: Vec<BookingRow> = tx.fetch_all(LEFT, params![BATCH]).await?;
    for row in &changed {
        let moved_from = row.seen_workshop.filter(|from| *from != row.workshop_id);
        if let Some(from) = moved_from {
            tell_left(tx, ears, row, from).await?;
        }
        let before = row.seen_state.filter(|_| moved_from.is_none());
        tell_booking(tx, ears, row, before).await?;
        tx.execute_one(
            "INSERT INTO webhook_booking (booking_id, workshop_id, version, state, starts_at, \
             ends_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (booking_id) DO UPDATE SET \
             workshop_id = excluded.workshop_id, version = excluded.version, \
             state = excluded.state, starts_at = excluded.starts_at, ends_at = excluded.ends_at",
            params![row.id, row.workshop_id, row.version, row.state, row.starts_at, row.ends_at],
        )
        .await?;
    }
    for row in &left {
        if let Some(from) = row.seen_workshop {
            tell_left(tx, ears, row, from).await?;
        }
        tx.execute("DELETE FROM webhook_booking WHERE booking_id = $1", params![row.id]).await?;
    }
    Ok(changed.len() + left.len())
}

fn booking_data(row: &BookingRow, state: &str, place: Option<&Place>) -> Value {
    let mut data = json!({
        "booking": { "id": row.id, "code": row.code, "state": state, "people": row.people },
        "departure": row.slot_id,
        "startsAt": row.starts_at.to_rfc3339_opts(SecondsFormat::Secs, true),
    });
    if let Some(place) = place {
        data["tour"] = json!(place.tour);
        data["option"] = json!(place.choice);
        let Place { workshop, locale, .. } = place;
        let page = format!("/{}/host/{workshop}/bookings/{}", locale.code(), row.code);
        data["links"] = json!({ "booking": page });
    }
    data
}

async fn tell_booking(
    tx: &mut Tx,
    ears: &mut Ears,
    row: &BookingRow,
    before: Option<StateKind>,
) -> Result<(), StoreError> {
    let event = event_of(before, row.state, row.confirmed_at.is_some()).filter(|_| !row.test);
    if let Some(event) = event {
        let place = ears.place(tx, row.option_id).await?;
        let data = booking_data(row, row.state.word(), place.as_ref());
        for webhook in ears.own(row.workshop_id, event) {
            let subject = row.id.into();
            let news = News { event, subject, days: None, data: data.clone() };
            queue::post(tx, webhook.id, news).await?;
        }
    }
    let (Some(contract), Some(uuid)) = (row.contract_id, row.uuid) else { return Ok(()) };
    let event = Event::BookingUpdate;
    for webhook in ears.those(|it| {
        it.contract_id == Some(contract) && it.events.has(event) && (row.test || !it.test)
    }) {
        let data = json!({ "uuid": uuid });
        let news = News { event, subject: row.id.into(), days: None, data };
        queue::post(tx, webhook.id, news).await?;
    }
    Ok(())
}

/// A sister workshop has taken the booking over: for the old one it ended.
async fn tell_left(
    tx: &mut Tx,
    ears: &mut Ears,
    row: &BookingRow,
    from: WorkshopId,
) -> Result<(), StoreError> {
    let Some(event) = event_of(row.seen_state, StateKind::Cancelled, false) else { return Ok(()) };
    let data = booking_data(row, "moved", None);
    for webhook in ears.own(from, event) {
        let news = News { event, subject: row.id.into(), days: None, data: data.clone() };
        queue::post(tx, webhook.id, news).await?;
    }
    Ok(())
}

async fn departures(tx: &mut Tx, ears: &mut Ears) -> Result<usize, WebhookError> {
    let now = tx.now();
    let changed: Vec<SlotRow> = tx.fetch_all(SLOTS, params![now, BATCH]).await?;
    let gone: Vec<GoneRow> = tx.fetch_all(GONE, params![now, BATCH]).await?;
    let mut found: BTreeMap<OptionId, (WorkshopId, TourId, Days)> = BTreeMap::new();
    let mut note = |option, workshop, tour, days: Days| {
        let entry = found.entry(option).or_insert((workshop, tour, days));
        entry.2 = entry.2.and(days);
    };
    for row in &changed {
        let mut days = Days::of(row.local_date, row.id);
        if let Some(before) = row.seen_date {
            days = days.and(Days::of(before, row.id));
        }
        note(row.option_id, row.workshop_id, row.tour_id, days);
    }
    for (slot, workshop, tour, option, date) in &gone {
        note(*option, *workshop, *tour, Days::of(*date, *slot));
    }
    for row in &changed {
        note_slot(tx, row).await?;
    }
    for (slot, ..) in &gone {
        tx.execute("DELETE FROM webhook_slot WHERE slot_id = $1", params![*slot]).await?;
    }
    for (option, (workshop, tour, days)) in found {
        tell_days(tx, ears, option, (workshop, tour), days).await?;
    }
    Ok(changed.len() + gone.len())
}

async fn note_slot(tx: &mut Tx, row: &SlotRow) -> Result<(), StoreError> {
    tx.execute_one(
        "INSERT INTO webhook_slot (slot_id, workshop_id, tour_id, option_id, local_date, \
         starts_at, ends_at, closes_at, capacity, taken, allotted, room, busy, status, \
         price_percent) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) \
         ON CONFLICT (slot_id) DO UPDATE SET local_date = excluded.local_date, \
         starts_at = excluded.starts_at, ends_at = excluded.ends_at, \
         closes_at = excluded.closes_at, capacity = excluded.capacity, taken = excluded.taken, \
         allotted = excluded.allotted, room = excluded.room, busy = excluded.busy, \
         status = excluded.status, price_percent = excluded.price_percent",
        params![
            row.id,
            row.workshop_id,
            row.tour_id,
            row.option_id,
            row.local_date,
            row.starts_at,
            row.ends_at,
            row.closes_at,
            row.capacity,
            row.taken,
            row.allotted,
            row.room,
            row.busy,
            row.status,
            row.price_percent
        ],
    )
    .await
}

async fn tell_days(
    tx: &mut Tx,
    ears: &mut Ears,
    option: OptionId,
    (workshop, tour): (WorkshopId, TourId),
    days: Days,
) -> Result<(), StoreError> {
    let Some(place) = ears.place(tx, option).await? else { return Ok(()) };
    let event = Event::DepartureChanged;
    let Place { tour: slug, choice, locale, .. } = &place;
    let page = format!("/{}/tours/{slug}", locale.code());
    let data = json!({ "tour": slug, "option": choice, "links": { "tour": page } });
    for webhook in ears.own(workshop, event) {
        let news = News { event, subject: option.into(), days: Some(days), data: data.clone() };
        queue::post(tx, webhook.id, news).await?;
    }
    if place.course.is_some() {
        return Ok(());
    }
    let event = Event::AvailabilityUpdate;
    let data = json!({ "productId": slug, "optionId": choice });
    for (webhook, terms) in ears.companies(tx, (workshop, tour), event).await? {
        let (first, last) = (terms.contract.valid_from, terms.contract.valid_to);
        let Some(days) = days.within(first, last) else { continue };
        let news = News { event, subject: option.into(), days: Some(days), data: data.clone() };
        queue::post(tx, webhook.id, news).await?;
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct TourRow {
    tour_id: TourId,
    print: String,
    published: bool,
}

/// Tours are few and change rarely: all of them are read, when the catalogue has another version.
async fn tours(tx: &mut Tx, ears: &mut Ears) -> Result<usize, WebhookError> {
    let Some(version) = told_catalogue(tx).await? else { return Ok(0) };
    let told: Vec<TourRow> =
        tx.fetch_all("SELECT tour_id, print, published FROM webhook_tour", params![]).await?;
    let told: HashMap<TourId, TourRow> = told.into_iter().map(|row| (row.tour_id, row)).collect();
    let listened: Vec<(WorkshopId,)> =
        tx.fetch_all("SELECT DISTINCT workshop_id FROM webhook", params![]).await?;
    let catalogue = load::load(tx).await?;
    for (workshop,) in listened {
        let Some(house) = catalogue.workshop(workshop) else { continue };
        for tour in catalogue.all_tours_of(workshop) {
            let print = print(tour);
            let before = told.get(&tour.id);
            if before.is_some_and(|before| before.print == print) {
                continue;
            }
            note_tour(tx, tour, &print).await?;
            // Drafts are nobody else's business.
            if !tour.published && !before.is_some_and(|before| before.published) {
                continue;
            }
            let subject = Uuid::from(tour.id);
            let event = Event::TourChanged;
            let page = format!("/{}/tours/{}", house.locale.code(), tour.slug);
            let data = json!({
                "tour": tour.slug, "published": tour.published, "links": { "tour": page },
            });
            for webhook in ears.own(workshop, event) {
                let news = News { event, subject, days: None, data: data.clone() };
                queue::post(tx, webhook.id, news).await?;
            }
            if tour.course.is_some() {
                continue;
            }
            let event = Event::ProductUpdate;
            for (webhook, _) in ears.companies(tx, (workshop, tour.id), event).await? {
                let data = json!({ "productId": tour.slug });
                let news = News { event, subject, days: None, data };
                queue::post(tx, webhook.id, news).await?;
            }
        }
    }
    tx.execute_one("UPDATE webhook_look SET catalogue_version = $1 WHERE id = 1", params![version])
        .await?;
    Ok(1)
}
