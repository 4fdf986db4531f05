//! A full departure and the sister workshops, in the pages of guests and hosts, without script.

#![expect(clippy::panic, reason = "tests")]

use crate::site::{Answer, BASE, OTHER, SHOP, Site};
use axum::http::StatusCode;
use engine::booking::overflow::{self, OverflowState, Sister};
use engine::booking::{Booking, query};
use engine::schedule::{Slot, slots};
use engine::{params, store::StoreError};

/// A departure of [`SHOP`] some days ahead, and one of a sister at about the same time.
async fn two_departures() -> (Site, Slot, Sister) {
    let site = Site::without_slots(BASE).await;
    let catalogue = site.app.catalogue().await.unwrap();
    engine::schedule::generate_daily(&site.store, &catalogue).await.unwrap();
    let now = site.store.now();
    let today = engine::clock::local_date(now);
    let shop = site.workshop(SHOP).await;
    let mut conn = site.store.read().await.unwrap();
    let from = today + chrono::Days::new(5);
    let all = slots::of_workshop(&mut conn, shop, from, from + chrono::Days::new(14)).await;
    for slot in all.unwrap() {
        let sisters = overflow::suggest(&mut conn, &catalogue, &slot, &[], now).await.unwrap();
        if let Some(sister) = sisters.into_iter().find(|sister| sister.slot.capacity > 4) {
            drop(conn);
            return (site, slot, sister);
        }
    }
    panic!("no sister has a departure at about the same time");
}

impl Site {
    async fn fill_up(&self, slot: &Slot) {
        self.store
            .write("full", slot.id, |tx, id| {
                Box::pin(async move {
                    let sql = "UPDATE slot SET taken = capacity WHERE id = $1";
                    tx.execute(sql, params![id]).await?;
                    Ok::<_, StoreError>(())
                })
            })
            .await
            .unwrap();
    }

    async fn an_owner_of(&self, slug: &str) -> String {
        self.person(Some((engine::accounts::Role::Owner, slug))).await
    }

    async fn passing(&self, booking: &Booking) -> overflow::Overflow {
        let mut conn = self.store.read().await.unwrap();
        overflow::last_of(&mut conn, booking.id).await.unwrap().unwrap()
    }

    async fn by_code(&self, code: &str) -> Booking {
        let mut conn = self.store.read().await.unwrap();
        query::by_code(&mut conn, code).await.unwrap().unwrap()
    }
}

fn says(answer: &Answer, words: &str) {
    assert!(answer.text("main").contains(words), "no {words:?} in {}", answer.text("main"));
}

#[tokio::test]
async fn who_finds_a_departure_full_books_next_door() {
    let (site, slot, sister) = two_departures().await;
    let catalogue = site.app.catalogue().await.unwrap();
    let (tour, option) = catalogue.option(slot.option_id).unwrap();
    let house = &catalogue.workshop(sister.workshop).unwrap().name;
    let day = format!("/en/tours/{}?option={}&date={}", tour.slug, option.slug, slot.local_date);
    let link = format!("a[href*='from={}']", slot.id);
    assert_eq!(site.get(&day, "").await.count(&link), 0, "there is room");
    site.fill_up(&slot).await;
    let page = site.get(&day, "").await;
    says(&page, house);
    let there = page.attr(&link, "href");
    assert!(there.contains(&sister.slot.id.to_string()), "{there}");
    for path in ["book", "waitlist"] {
        let page = site.get(&format!("/en/{path}/{}", slot.id), "").await;
        assert_eq!(page.attr(&link, "href").split('?').next(), there.split('?').next(), "{path}");
    }

    // One tap, and the party is filled in; it is noted from where they come.
    let form = site.get(&there, "").await;
    assert_eq!(form.attr("input[name=from]", "value"), slot.id.to_string());
    let unit = sister.wanted[0].0.to_string();
    let (from, key) = (slot.id.to_string(), uuid::Uuid::now_v7().to_string());
    let fields = [("form_key", key.as_str()), (unit.as_str(), "2"), ("from", from.as_str())];
    let path = format!("/en/book/{}", sister.slot.id);
    let details = site.goes(&path, "", &fields).await;
    let code = details.split('/').nth(3).unwrap().to_owned();
    let slug = catalogue.workshop(sister.workshop).unwrap().slug.clone();
    let owner = site.an_owner_of(&slug).await;
    let host = site.get(&format!("/en/host/{slug}/bookings/{code}"), &owner).await;
    says(&host, "where the departure was full");
}

#[tokio::test]
async fn a_host_passes_a_booking_on_and_the_guest_accepts() {
    let (site, slot, sister) = two_departures().await;
    let booking = site.booked(&slot, "Bà Tư").await;
    let owner = site.an_owner_of(SHOP).await;
    let page = format!("/en/host/{SHOP}/bookings/{}/pass", booking.code);
    let host = site.get(page.trim_end_matches("/pass"), &owner).await;
    assert_eq!(host.count("a[href$='/pass']"), 1);
    let form = site.get(&page, &owner).await;
    let to = sister.slot.id.to_string();
    assert!(form.count(&format!("input[name=slot][value='{to}']")) == 1, "{}", form.body);

    // Nobody chosen, nobody going: said beside the field, and what was typed is there.
    let unit = format!("unit.{}", booking.party.lines()[0].unit_id);
    let long = "a".repeat(1001);
    let bad = [("slot", to.as_str()), (&unit, "2"), ("words", long.as_str()), ("hours", "12")];
    let refused = site.post(&page, &owner, &bad).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.text("#words-error").trim(), "That is too long.");
    assert_eq!(refused.attr("#hours option[selected]", "value"), "12");
    assert_eq!(site.post(&page, &owner, &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let good = [("slot", to.as_str()), (&unit, "2"), ("words", "Mời bác sang"), ("hours", "12")];
    site.goes(&page, &owner, &good).await;
    says(&site.get(&page, &owner).await, "Being asked");
    let again = site.post(&page, &owner, &good).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    // Another workshop's booking is nobody's business.
    let stranger = site.an_owner_of("son-mai-tung-lam").await;
    assert_eq!(site.get(&page, &stranger).await.status, StatusCode::NOT_FOUND);

    let asked = site.passing(&booking).await;
    let link = format!("/vi/passed/{}/{}", asked.id, asked.secret);
    let guest = site.get(&link, "").await;
    says(&guest, "Mời bác sang");
    assert_eq!(guest.headers.get("cache-control").unwrap(), "no-store");
    let wrong = format!("/vi/passed/{}/{}", asked.id, "x".repeat(43));
    assert_eq!(site.get(&wrong, "").await.status, StatusCode::NOT_FOUND);
    let catalogue = site.app.catalogue().await.unwrap();
    let tour = catalogue.tour(sister.slot.tour_id).unwrap();
    let mut answers = vec![("do".to_owned(), "accept".to_owned())];
    if tour.waiver.is_some() {
        let refused = site.post(&link, "", &[("do", "accept")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        answers.push(("waiver".into(), "on".into()));
    }
    for question in tour.questions.of(engine::catalogue::QuestionScope::Booking) {
        let answer = question.choices.first().map_or("1", |choice| choice.value.as_str());
        answers.push((format!("q.{}", question.key), answer.to_owned()));
    }
    let fields: Vec<_> = answers.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let done = site.goes(&link, "", &fields).await;
    assert!(done.contains(&booking.code), "the same booking: {done}");
    let moved = site.again(&booking).await;
    assert_eq!((moved.workshop_id, moved.slot_id), (sister.workshop, sister.slot.id));
    says(&site.get(&link, "").await, "chờ đón bạn");
    let gone = site.get(page.trim_end_matches("/pass"), &owner).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND, "it is the sister's now");
}

#[tokio::test]
async fn a_guest_declines_and_a_party_is_shared() {
    let (site, slot, sister) = two_departures().await;
    let booking = site.booked(&slot, "Bà Tư").await;
    let owner = site.an_owner_of(SHOP).await;
    let page = format!("/vi/host/{SHOP}/bookings/{}/pass", booking.code);
    let to = sister.slot.id.to_string();
    let unit = format!("unit.{}", booking.party.lines()[0].unit_id);
    let ask = [("slot", to.as_str()), (&unit, "1"), ("words", ""), ("hours", "24")];
    site.goes(&page, &owner, &ask).await;
    let asked = site.passing(&booking).await;
    let link = format!("/vi/passed/{}/{}", asked.id, asked.secret);
    site.goes(&link, "", &[("do", "decline")]).await;
    says(&site.get(&link, "").await, "Bạn vẫn ở");
    assert_eq!(site.passing(&booking).await.state, OverflowState::Declined);
    let late = site.post(&link, "", &[("do", "accept"), ("waiver", "on")]).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);

    // They agreed on the telephone: it is done at once.
    let mut told = ask.to_vec();
    told.push(("agreed", "on"));
    site.goes(&page, &owner, &told).await;
    let asked = site.passing(&booking).await;
    assert_eq!(asked.state, OverflowState::Taken);
    assert_eq!(site.again(&booking).await.people, 1);
    let host = site.get(page.trim_end_matches("/pass"), &owner).await;
    let mut conn = site.store.read().await.unwrap();
    let there = query::by_id(&mut conn, asked.to_booking_id).await.unwrap().unwrap();
    drop(conn);
    says(&host, &there.code);
    assert_eq!(site.by_code(&there.code).await.people, 1);
}

#[tokio::test]
async fn managers_set_the_rules_and_members_see_who_got_how_many() {
    let site = Site::without_slots(BASE).await;
    let page = format!("/vi/host/{SHOP}/coop/overflow");
    let manager = site.an_owner_of(SHOP).await;
    let form = site.get(&page, &manager).await;
    assert_eq!(form.attr("#window", "value"), "90");
    assert_eq!(form.count("table tbody tr"), 3);
    let (shop, other) = (site.workshop(SHOP).await, site.workshop(OTHER).await);
    let (shop, other) = (shop.to_string(), other.to_string());
    let mut fields = vec![("active", "on"), ("ordering", "list"), ("window", "ba mươi")];
    fields.extend([("list", shop.as_str()), ("list", other.as_str())]);
    let bad = site.post(&page, &manager, &fields).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(bad.attr("#window", "value"), "ba mươi");
    fields[2] = ("window", "481");
    assert_eq!(site.post(&page, &manager, &fields).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    fields[2] = ("window", "45");
    fields.push(("up", other.as_str()));
    site.goes(&page, &manager, &fields).await;
    let form = site.get(&page, &manager).await;
    assert_eq!(form.attr("#window", "value"), "45");
    assert_eq!(form.attr("input[name=list]", "value"), other);

    let member = site.an_owner_of(OTHER).await;
    let theirs = format!("/vi/host/{OTHER}/coop/overflow");
    let page = site.get(&theirs, &member).await;
    says(&page, "45 phút");
    assert_eq!(page.count("#window"), 0);
    assert_eq!(site.post(&theirs, &member, &fields).await.status, StatusCode::NOT_FOUND);
    let alone = site.an_owner_of("son-mai-tung-lam").await;
    let none = site.get("/vi/host/son-mai-tung-lam/coop/overflow", &alone).await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}
