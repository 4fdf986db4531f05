//! A bad day in the pages of hosts and guests, without script.

use crate::site::{Answer, BASE, SHOP, Site};
use axum::http::StatusCode;
use chrono::TimeDelta;
use engine::booking::disruption::{self, CaseState};
use engine::booking::{Booking, StateKind};
use engine::schedule::{Slot, SlotStatus, generate_daily, slots};

const PAGE: &str = "/en/host/gom-minh-hai/bad-day";

fn says(answer: &Answer, words: &str) {
    assert!(answer.text("main").contains(words), "no {words:?} in {}", answer.text("main"));
}

/// The first departure of the workshop some days ahead, with a booking.
async fn a_booked_day() -> (Site, String, Slot, Booking) {
    let site = Site::without_slots(BASE).await;
    let catalogue = site.app.catalogue().await.unwrap();
    generate_daily(&site.store, &catalogue).await.unwrap();
    let shop = site.workshop(SHOP).await;
    let from = engine::clock::local_date(site.store.now()) + chrono::Days::new(5);
    let mut conn = site.store.read().await.unwrap();
    let all = slots::of_workshop(&mut conn, shop, from, from + chrono::Days::new(7)).await.unwrap();
    drop(conn);
    let busy = |slot: &&Slot| slot.capacity >= 4 && !slot.is_run();
    let slot = all.iter().find(busy).unwrap().clone();
    let booking = site.booked(&slot, "Bà Tư").await;
    let owner = site.owner().await;
    (site, owner, slot, booking)
}

/// The whole day of a departure, as the form's fields.
fn day_of(slot: &Slot) -> Vec<(&'static str, String)> {
    let date = slot.local_date.to_string();
    vec![
        ("cause", "ill".into()),
        ("from_date", date.clone()),
        ("from_time", "06:00".into()),
        ("to_date", date),
        ("to_time", "21:00".into()),
        ("words", "Ông Hải bị sốt".into()),
        ("hours", "24".into()),
    ]
}

fn borrowed<'f>(fields: &'f [(&'static str, String)]) -> Vec<(&'f str, &'f str)> {
    fields.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

/// Looks, then asks; answers the page of the bad day.
async fn told(site: &Site, owner: &str, slot: &Slot) -> String {
    let mut fields = day_of(slot);
    let look = site.post(PAGE, owner, &borrowed(&fields)).await;
    fields.push(("act", "tell".into()));
    fields.push(("seen", look.attr("input[name=seen]", "value")));
    fields.push(("form_key", look.attr("input[name=form_key]", "value")));
    site.goes(PAGE, owner, &borrowed(&fields)).await
}

#[tokio::test]
async fn a_guest_who_cancels_on_a_bad_day_reads_that_it_costs_nothing() {
    let (site, owner, slot, booking) = a_booked_day().await;
    // So late that the policy gives nothing back.
    let left = slot.starts_at - site.store.now();
    site.store.clock().advance(left - TimeDelta::hours(1));
    let cancel = format!("/en/booking/{}/{}/cancel", booking.code, booking.secret);
    assert_eq!(site.get(&cancel, "").await.count(".notice[data-tone=warn]"), 1);
    told(&site, &owner, &slot).await;
    let free = site.get(&cancel, "").await;
    assert_eq!(free.count(".notice[data-tone=good]"), 1, "{}", free.text("main"));
}

#[tokio::test]
async fn a_host_sees_whom_it_hits_before_anybody_is_asked() {
    let (site, owner, slot, booking) = a_booked_day().await;
    let form = site.get(&format!("{PAGE}?cause=ill&date={}", slot.local_date), &owner).await;
    assert_eq!(form.attr("#from_date", "value"), slot.local_date.to_string());

    let mut fields = day_of(&slot);
    fields[3].1 = "2020-01-01".into();
    let refused = site.post(PAGE, &owner, &borrowed(&fields)).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text("#to_date-error").contains("after the start"));
    assert_eq!(refused.text("#words"), "Ông Hải bị sốt");

    let mut fields = day_of(&slot);
    fields.push(("act", "tell".into()));
    let look = site.post(PAGE, &owner, &borrowed(&fields)).await;
    assert_eq!(look.status, StatusCode::OK, "nobody is asked unseen");
    says(&look, "Bà Tư");
    says(&look, "Could move to");
    assert_eq!(site.slot_now(&slot).await.status, SlotStatus::Open);

    let page = told(&site, &owner, &slot).await;
    assert_eq!(site.slot_now(&slot).await.status, SlotStatus::Closed);
    let one = site.get(&page, &owner).await;
    says(&one, "Bà Tư");
    says(&one, "Ông Hải bị sốt");
    says(&site.get(PAGE, &owner).await, "Told so far");

    // On the telephone: nothing chosen is said, the money back is done.
    let empty = site.post(&page, &owner, &[("code", &booking.code)]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let field = format!("choice.{}", booking.code);
    site.goes(&page, &owner, &[("code", &booking.code), (&field, "refund")]).await;
    assert_eq!(site.again(&booking).await.state.kind(), StateKind::Cancelled);
    says(&site.get(&page, &owner).await, "money back");
}

#[tokio::test]
async fn a_guest_chooses_another_time_by_link() {
    let (site, owner, slot, booking) = a_booked_day().await;
    let home = format!("/en/booking/{}/{}", booking.code, booking.secret);
    let link = format!("{home}/choose");
    // Nothing is asked: the link leads to the booking.
    assert_eq!(site.get(&link, "").await.location, home);
    told(&site, &owner, &slot).await;
    let manage = site.get(&home, "").await;
    assert_eq!(manage.count("a[href$='/choose']"), 1);
    let page = site.get(&link, "").await;
    says(&page, "Ông Hải bị sốt");
    assert_eq!(page.headers.get("cache-control").unwrap(), "no-store");
    let none = site.post(&link, "", &[]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(&none, "Please choose one.");
    let way = page.attr("input[name=choice]", "value");
    let done = site.goes(&link, "", &[("choice", &way)]).await;
    assert_eq!(done, format!("{home}?moved=1"));
    assert_eq!(site.again(&booking).await.slot_id.to_string(), way);
    assert_eq!(site.post(&link, "", &[("choice", "refund")]).await.location, home, "chosen once");
}

#[tokio::test]
async fn a_guest_may_go_next_door() {
    let (site, owner, slot, booking) = a_booked_day().await;
    told(&site, &owner, &slot).await;
    let link = format!("/en/booking/{}/{}/choose", booking.code, booking.secret);
    let page = site.get(&link, "").await;
    let sister = page.attr("input[name=choice][value^='sister.']", "value");
    let passed = site.goes(&link, "", &[("choice", &sister)]).await;
    assert!(passed.starts_with("/en/passed/"), "{passed}");
    assert_eq!(site.get(&passed, "").await.status, StatusCode::OK);
    let wrong = format!("sister.{}", slot.id);
    let refused = site.post(&link, "", &[("choice", &wrong)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_day_that_turns_out_well_is_called_off() {
    let (site, owner, slot, booking) = a_booked_day().await;
    let page = told(&site, &owner, &slot).await;
    site.goes(&page, &owner, &[("act", "call_off")]).await;
    says(&site.get(&page, &owner).await, "the departures take place");
    assert_eq!(site.slot_now(&slot).await.status, SlotStatus::Open);
    let id = page.rsplit('/').next().unwrap().parse().unwrap();
    let mut conn = site.store.read().await.unwrap();
    let cases = disruption::cases(&mut conn, id).await.unwrap();
    assert_eq!((cases[0].booking_id, cases[0].state), (booking.id, CaseState::Kept));
    drop(conn);
    let other = page.replace(SHOP, "nha-gom-cam-van");
    let stranger = site.person(Some((engine::accounts::Role::Owner, "nha-gom-cam-van"))).await;
    assert_eq!(site.get(&other, &stranger).await.status, StatusCode::NOT_FOUND);
}
