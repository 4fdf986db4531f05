//! Events: written at the desk of a co-op and in the office, met by visitors, left by a workshop.
//! The demo's workshop manages a co-op of three.

use std::sync::Arc;

use axum::http::StatusCode;
use chrono::{NaiveDate, TimeDelta};
use engine::accounts::{Actor, Role};
use engine::clock::local_date;
use engine::coop::Author;
use engine::event::{DayInput, Event, EventData, EventInput, SaveEvent, by_slug, of_author, save};
use engine::schedule::{Slot, slots};
use engine::{Locale, Localized};

use crate::site::{OTHER, SHOP, Site};

const EVENTS: &str = "/vi/host/gom-minh-hai/events";

/// A draft of the co-op that the demo's workshop manages.
pub async fn of_the_coop(site: &Site) -> Event {
    let day = local_date(site.store.now()) + TimeDelta::days(4);
    let name = Localized { vi: "Mở lò cuối năm".into(), en: "Kilns open".into() };
    let input = EventInput {
        summary: name.clone(),
        name,
        days: DayInput { kind: "dates".into(), from: day.to_string(), ..DayInput::default() },
        opening: "usual".into(),
        capacity_percent: "100".into(),
        price_percent: "110".into(),
        ..EventInput::default()
    };
    let catalogue = site.app.catalogue().await.unwrap();
    let coop = engine::coop::by_slug(&mut site.store.read().await.unwrap(), "gom-ven-song").await;
    let coop = coop.unwrap().unwrap();
    let command = SaveEvent {
        catalogue: Arc::clone(&catalogue),
        actor: Actor::System,
        id: None,
        author: Author::Coop(coop.id),
        village: coop.village_id,
        data: EventData::parse(&input, local_date(site.store.now())).unwrap(),
    };
    site.store.write("save", command, |tx, c| Box::pin(save(tx, c))).await.unwrap()
}

/// The form of a day on which an adult pays a fifth more.
fn form(day: &str) -> Vec<(&str, &str)> {
    vec![
        ("title_vi", "Hội lò Ven Sông"),
        ("title_en", "Ven Sông kiln feast"),
        ("summary_vi", "Cả ba nhà cùng dỡ lò."),
        ("summary_en", ""),
        ("days", "dates"),
        ("from", day),
        ("to", ""),
        ("opening", "usual"),
        ("capacity_percent", "50"),
        ("price_percent", "120"),
        ("act", "save"),
    ]
}

async fn on(site: &Site, day: NaiveDate) -> Vec<Slot> {
    let workshop = site.workshop(SHOP).await;
    let mut conn = site.store.read().await.unwrap();
    slots::of_workshop(&mut conn, workshop, day, day).await.unwrap()
}

#[tokio::test]
async fn a_manager_writes_announces_and_withdraws() {
    let site = Site::open().await;
    let owner = site.owner().await;
    let slot = site.slot(3).await;
    let (day, usual) = (slot.local_date.to_string(), slot.capacity);

    let page = site.get(&format!("{EVENTS}/new"), &owner).await;
    assert_eq!(page.status, StatusCode::OK);
    let mut bad = form(&day);
    bad[6] = ("to", "2020-01-01");
    bad[8] = ("capacity_percent", "3");
    let refused = site.post(&format!("{EVENTS}/new"), &owner, &bad).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.count(".field-error"), 2, "{}", refused.body);
    assert_eq!(refused.attr("#title_vi", "value"), "Hội lò Ven Sông");

    let page = site.goes(&format!("{EVENTS}/new"), &owner, &form(&day)).await;
    let page = page.split('?').next().unwrap().to_owned();
    let draft = site.get(&page, &owner).await;
    assert!(draft.text("#preview + ul").contains("xưởng tham gia"), "{}", draft.body);
    assert_eq!(on(&site, slot.local_date).await[0].price_level.percent(), 100);
    let public = "/vi/events/hoi-lo-ven-song";
    assert_eq!(site.get(public, "").await.status, StatusCode::NOT_FOUND);

    site.goes(&page, &owner, &[("act", "publish")]).await;
    let now = site.slot_now(&slot).await;
    assert_eq!((now.capacity, now.price_level.percent()), ((usual + 1) / 2, 120));
    let shown = site.get(public, "").await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(shown.body.contains("\"@type\":\"Event\""));
    assert!(shown.text("main").contains("Giá cao hơn ngày thường 20%"));
    assert!(site.get("/vi/events", "").await.text("main").contains("Hội lò Ven Sông"));
    assert!(site.get("/vi/villages/bat-trang", "").await.text("main").contains("Hội lò Ven Sông"));
    assert!(site.get("/sitemap.xml", "").await.body.contains("/vi/events/hoi-lo-ven-song"));

    site.goes(&page, &owner, &[("act", "withdraw")]).await;
    let now = site.slot_now(&slot).await;
    assert_eq!((now.capacity, now.price_level.percent()), (usual, 100));
    assert_eq!(site.get(public, "").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_price_that_is_shown_is_the_price_that_is_booked() {
    let site = Site::open().await;
    let owner = site.owner().await;
    let slot = site.slot(3).await;
    let page =
        site.goes(&format!("{EVENTS}/new"), &owner, &form(&slot.local_date.to_string())).await;
    let page = page.split('?').next().unwrap();
    site.goes(page, &owner, &[("act", "publish")]).await;
    let catalogue = site.app.catalogue().await.unwrap();
    let slot = site.slot_now(&slot).await;
    let (tour, option) = catalogue.sold_in(&slot, slot.local_date).unwrap();
    let adult = option.open_units().next().unwrap().clone();
    let usual = catalogue.option(slot.option_id).unwrap().1.open_units().next().unwrap().price;
    assert_eq!(adult.price.0, usual.0 * 6 / 5);
    let price = adult.price.display(Locale::Vi);

    let (tour, option) = (&tour.slug, &option.slug);
    let address = format!("/vi/tours/{tour}?option={option}&date={}", slot.local_date);
    assert!(site.get(&address, "").await.text(".slot-note").contains(&price));
    let book = format!("/vi/book/{}", slot.id);
    assert!(site.get(&book, "").await.text("form").contains(&price));
    let (unit, key) = (adult.id.to_string(), uuid::Uuid::now_v7().to_string());
    let next = site.goes(&book, "", &[("key", &key), (&unit, "2")]).await;
    let code = next.split('/').nth(3).unwrap().to_owned();
    let mut conn = site.store.read().await.unwrap();
    let booking = engine::booking::query::by_code(&mut conn, &code).await.unwrap().unwrap();
    assert_eq!(booking.total.0, adult.price.0 * 2);
}

#[tokio::test]
async fn a_workshop_stays_out_and_comes_back() {
    let site = Site::open().await;
    let owner = site.owner().await;
    let slot = site.slot(3).await;
    let page =
        site.goes(&format!("{EVENTS}/new"), &owner, &form(&slot.local_date.to_string())).await;
    site.goes(page.split('?').next().unwrap(), &owner, &[("act", "publish")]).await;
    let list = site.get(EVENTS, &owner).await;
    let event = list.attr("[name=event]", "value");
    let after = site.goes(EVENTS, &owner, &[("event", &event), ("act", "out")]).await;
    assert!(site.get(&after, &owner).await.text(".badge").contains("không tham gia"));
    assert_eq!(site.slot_now(&slot).await.price_level.percent(), 100);
    site.goes(EVENTS, &owner, &[("event", &event), ("act", "in")]).await;
    assert_eq!(site.slot_now(&slot).await.price_level.percent(), 120);

    // A member that does not manage the co-op may stay out, and writes nothing.
    let member = site.person(Some((Role::Owner, OTHER))).await;
    let theirs = format!("/vi/host/{OTHER}/events");
    assert_eq!(site.get(&theirs, &member).await.count("[name=event]"), 1);
    assert_eq!(site.get(&format!("{theirs}/new"), &member).await.status, StatusCode::NOT_FOUND);
    site.goes(&theirs, &member, &[("event", &event), ("act", "out")]).await;
}

#[tokio::test]
async fn the_office_writes_for_a_whole_village() {
    let site = Site::open().await;
    let admin = site.person(None).await;
    let mut fields = form("");
    fields[4] = ("days", "lunar_range");
    fields.extend([("lunar_from", "14/2"), ("lunar_to", "16/2")]);
    let refused = site.post("/vi/office/events/new", &admin, &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    fields.push(("village", "bat-trang"));
    let page = site.goes("/vi/office/events/new", &admin, &fields).await;
    let page = page.split('?').next().unwrap().to_owned();
    site.goes(&page, &admin, &[("act", "publish")]).await;
    let mut conn = site.store.read().await.unwrap();
    let event = by_slug(&mut conn, "hoi-lo-ven-song").await.unwrap().unwrap();
    assert_eq!((event.author, event.published), (Author::Office, true));
    let coop = engine::coop::by_slug(&mut conn, "gom-ven-song").await.unwrap().unwrap();
    assert!(of_author(&mut conn, Author::Coop(coop.id)).await.unwrap().is_empty());
    drop(conn);
    assert!(site.get("/vi/office/events", &admin).await.text("main").contains("Hội lò Ven Sông"));
    // An owner finds it among those that concern the workshop, and can't edit it.
    let owner = site.owner().await;
    assert!(site.get(EVENTS, &owner).await.text("main").contains("Hội lò Ven Sông"));
    let edit = format!("{EVENTS}/{}", event.id);
    assert_eq!(site.get(&edit, &owner).await.status, StatusCode::NOT_FOUND);
}
