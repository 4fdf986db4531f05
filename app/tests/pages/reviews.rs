//! Reviews and people's data, as pages.

use axum::http::StatusCode;
use chrono::TimeDelta;
use engine::accounts::Actor;
use engine::booking::Booking;
use engine::booking::checkin::{CheckIn, check_in};

use crate::site::{SHOP, Site};

const TOUR: &str = "/vi/tours/nan-gom-ban-xoay";

/// Two guests who were there today.
async fn came(site: &Site, name: &str) -> Booking {
    let slot = site.shared_slot(1).await;
    let booking = site.booked(&slot, name).await;
    let ahead = slot.starts_at - site.store.now();
    site.store.clock().advance(ahead);
    let command = CheckIn { actor: Actor::System, booking: booking.id, arrived: 2, at: None };
    site.store.write("check in", command, |tx, c| Box::pin(check_in(tx, c))).await.unwrap();
    booking
}

fn page_of(booking: &Booking) -> String {
    format!("/vi/booking/{}/{}/rating", booking.code, booking.secret)
}

fn fields<'f>(stars: &'f str, words: &'f str) -> [(&'f str, &'f str); 6] {
    [
        ("act", "save"),
        ("stars", stars),
        ("words", words),
        ("signed", "name"),
        ("name", "Tư"),
        ("language", "vi"),
    ]
}

#[tokio::test]
async fn a_review_is_on_the_tours_page_and_told_to_machines() {
    let site = Site::open().await;
    for stars in ["5", "4", "5"] {
        let booking = came(&site, "Bà Tư").await;
        let answer = site.post(&page_of(&booking), "", &fields(stars, "Hay")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(answer.count("#words-error"), 1);
        assert_eq!(answer.attr("input[name=stars][checked]", "value"), stars);
        let words = "Cô chú chỉ rất kỹ, <b>vui</b> lắm.";
        site.goes(&page_of(&booking), "", &fields(stars, words)).await;
        assert!(site.get(&page_of(&booking), "").await.text("textarea").contains("<b>vui</b>"));
        site.store.clock().advance(TimeDelta::hours(20));
    }
    let tour = site.get(TOUR, "").await;
    assert_eq!(tour.count("article.said"), 3);
    assert!(tour.text(".said-average").contains("4,7"), "{}", tour.text(".said-summary"));
    let data: serde_json::Value =
        serde_json::from_str(&tour.text("script[type='application/ld+json']")).unwrap();
    let node = &data["@graph"][0];
    assert_eq!(node["aggregateRating"]["ratingValue"], "4.7");
    assert_eq!(node["aggregateRating"]["reviewCount"], 3);
    assert_eq!(node["review"].as_array().unwrap().len(), 3);
    assert!(site.get("/vi/tours", "").await.text(".rating").contains("4,7 (3)"));
    let fives = site.get(&format!("{TOUR}/reviews?stars=5"), "").await;
    assert_eq!(fives.count("article.said"), 2);
    let none = site.get(&format!("{TOUR}/reviews?language=ko&page=99"), "").await;
    assert_eq!((none.status, none.count("article.said")), (StatusCode::OK, 0));
    let house = site.get(&format!("/vi/workshops/{SHOP}"), "").await;
    assert_eq!(house.count("article.said"), 3);
}

#[tokio::test]
async fn a_host_answers_and_reports_and_the_office_decides() {
    let site = Site::open().await;
    let booking = came(&site, "Bà Tư").await;
    site.goes(&page_of(&booking), "", &fields("1", "Chờ lâu, không ai hướng dẫn.")).await;
    let owner = site.owner().await;
    let page = format!("/vi/host/{SHOP}/reviews");
    let list = site.get(&page, &owner).await;
    let review = list.attr("input[name=review]", "value");
    let answer = [("act", "answer"), ("review", review.as_str()), ("reply", "Xin lỗi chị Tư.")];
    site.goes(&page, &owner, &answer).await;
    assert!(site.get(TOUR, "").await.text(".said-reply").contains("Xin lỗi chị Tư."));
    let report =
        [("act", "report"), ("review", review.as_str()), ("ground", "insult"), ("why", "")];
    let wrong = site.post(&page, &owner, &report).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(wrong.count(".field-error"), 1);
    let report =
        [("act", "report"), ("review", review.as_str()), ("ground", "insult"), ("why", "Sai")];
    site.goes(&page, &owner, &report).await;
    let admin = site.person(None).await;
    let office = site.get("/vi/office/reviews", &admin).await;
    let question = office.attr("input[name=question]", "value");
    let hide = [("act", "hide"), ("question", question.as_str()), ("ground", "insult")];
    site.goes("/vi/office/reviews", &admin, &hide).await;
    assert_eq!(site.get(TOUR, "").await.count("article.said"), 0);
    assert!(site.get(&page_of(&booking), "").await.text(".notice").contains("xúc phạm"));
}

#[tokio::test]
async fn who_opens_a_booking_is_in_the_owners_log() {
    let site = Site::open().await;
    let slot = site.slot(2).await;
    let booking = site.booked(&slot, "Bà Tư").await;
    let owner = site.owner().await;
    for _ in 0..2 {
        site.get(&format!("/vi/host/{SHOP}/bookings/{}", booking.code), &owner).await;
    }
    let log = site.get(&format!("/vi/host/{SHOP}/views"), &owner).await;
    assert_eq!(log.count("tbody tr"), 1, "{}", log.text("tbody"));
    assert!(log.text("tbody").contains(&booking.code));
}

#[tokio::test]
async fn the_page_for_ones_data_tells_nobody_who_is_known() {
    let site = Site::open().await;
    let slot = site.slot(2).await;
    site.booked(&slot, "Bà Tư").await;
    for email in ["tu@example.com", "nobody@example.com"] {
        let to = site.goes("/vi/my-data", "", &[("email", email)]).await;
        assert_eq!(to, "/vi/my-data?sent=1");
    }
    let wrong = site.post("/vi/my-data", "", &[("email", "không phải thư")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let mut conn = site.store.read().await.unwrap();
    let (payload,): (String,) =
        conn.fetch_one("SELECT payload FROM outbox WHERE kind = 'my_data'", vec![]).await.unwrap();
    drop(conn);
    let payload: serde_json::Value = serde_json::from_str(&payload).unwrap();
    let link = format!("/vi/my-data/{}", payload["token"].as_str().unwrap());
    let page = site.get(&link, "").await;
    assert!(page.text("main").contains("tu@example.com"));
    let file = site.get(&format!("{link}/export.json"), "").await;
    let data: serde_json::Value = serde_json::from_str(&file.body).unwrap();
    assert_eq!(data["records"]["booking"][0]["name"], "Bà Tư");
    let unsure = site.post(&link, "", &[("act", "delete")]).await;
    assert_eq!((unsure.status, unsure.count("#sure-error")), (StatusCode::UNPROCESSABLE_ENTITY, 1));
    let to = site.goes(&link, "", &[("act", "delete"), ("sure", "on")]).await;
    assert_eq!(to, "/vi/my-data?deleted=1");
    assert_eq!(site.get(&link, "").await.status, StatusCode::GONE);
}
