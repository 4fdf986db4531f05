//! Calendars of others on the host's and the guide's pages, and our own to subscribe to, without
//! script, on SQLite.

use std::sync::{Arc, Mutex};

use crate::site::{OTHER, SHOP, Site};
use axum::http::StatusCode;
use axum::routing::get;
use engine::accounts::Role;
use engine::schedule::Slot;

const PAGE: &str = "/vi/host/gom-minh-hai/calendars";

/// A server whose calendar a test writes.
async fn calendar() -> (String, Arc<Mutex<String>>) {
    let text = Arc::new(Mutex::new(String::new()));
    let shown = Arc::clone(&text);
    let answer = move || {
        let text = shown.lock().unwrap().clone();
        async move {
            let status = if text.is_empty() { StatusCode::NOT_FOUND } else { StatusCode::OK };
            (status, text)
        }
    };
    let router = axum::Router::new().route("/airbnb.ics", get(answer));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/airbnb.ics", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (url, text)
}

fn busy(slot: &Slot) -> String {
    let time = |at: chrono::DateTime<chrono::Utc>| at.format("%Y%m%dT%H%M%SZ").to_string();
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:a@airbnb.com\r\n\
         DTSTART:{}\r\nDTEND:{}\r\nSUMMARY:Reserved <b>\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        time(slot.starts_at),
        time(slot.ends_at)
    )
}

#[tokio::test]
async fn a_calendar_is_added_seen_paused_and_removed() {
    let site = Site::open().await;
    let owner = site.owner().await;
    let slot = site.slot(2).await;
    let (url, text) = calendar().await;

    // What was typed is kept beside what is wrong with it.
    let wrong = [("act", "add"), ("name", "Airbnb"), ("url", "airbnb")];
    let answer = site.post(PAGE, &owner, &wrong).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.attr("[name=url]", "aria-invalid"), "true");
    assert_eq!(answer.attr("[name=name]", "value"), "Airbnb");
    let form = [("act", "add"), ("name", "Airbnb"), ("url", url.as_str())];
    let answer = site.post(PAGE, &owner, &form).await;
    assert!(answer.text("#url-error").contains("Không có lịch nào"), "{}", answer.body);
    *text.lock().unwrap() = "<!doctype html>".into();
    let answer = site.post(PAGE, &owner, &form).await;
    assert!(answer.text("#url-error").contains("không cho ra một lịch iCal"), "{}", answer.body);

    *text.lock().unwrap() = busy(&slot);
    let page = site.goes(PAGE, &owner, &form).await;
    let seen = site.get(&page, &owner).await;
    assert!(seen.body.contains("Reserved &lt;b&gt;") && seen.body.contains("1 lần bận"));
    assert!(!seen.body.contains(&url), "the address is secret");
    assert!(site.slot_now(&slot).await.busy);
    let day = format!("/vi/host/{SHOP}?date={}", slot.local_date);
    let shown = site.get(&day, &owner).await;
    assert!(shown.text("#busy").contains("Bận theo lịch ngoài"), "{}", shown.body);
    assert!(shown.body.contains("Trùng lịch ngoài"));
    for view in ["week", "month"] {
        let address = match view {
            "week" => format!("/vi/host/{SHOP}/week?date={}", slot.local_date),
            _ => format!("/vi/host/{SHOP}/month?month={}", slot.local_date.format("%Y-%m")),
        };
        let shown = site.get(&address, &owner).await;
        let words = if view == "week" { "Reserved" } else { "Bận theo lịch ngoài" };
        assert!(shown.body.contains(words), "{view}");
    }
    // Guests can't book it.
    let guest = site.get(&format!("/vi/book/{}", slot.id), "").await;
    assert_eq!(guest.count("main form input[type=number]"), 0, "{}", guest.body);
    // Somebody who called comes all the same, and is shown as hit.
    site.booked(&slot, "Bà Tư").await;
    let page = site.get(PAGE, &owner).await;
    assert!(page.body.contains(&format!("/slots/{}", slot.id)), "{}", page.body);

    let id = page.attr("[name=calendar]", "value");
    let act = |act: &'static str| [("act", act), ("calendar", id.as_str())];
    site.goes(PAGE, &owner, &act("pause")).await;
    assert!(!site.slot_now(&slot).await.busy);
    site.goes(PAGE, &owner, &act("resume")).await;
    assert!(site.slot_now(&slot).await.busy);
    let pass = [("act", "pass"), ("calendar", id.as_str()), ("uid", "a@airbnb.com")];
    site.goes(PAGE, &owner, &pass).await;
    assert!(!site.slot_now(&slot).await.busy);
    text.lock().unwrap().clear();
    assert!(site.goes(PAGE, &owner, &act("read")).await.contains("done=unread"));
    let broken = site.get(PAGE, &owner).await;
    assert!(broken.body.contains("Không đọc được"));
    site.goes(PAGE, &owner, &act("remove")).await;
    assert_eq!(site.get(PAGE, &owner).await.count("[name=calendar]"), 0);
}

#[tokio::test]
async fn a_guide_names_calendars_and_strangers_change_none() {
    let site = Site::open().await;
    let workshop = site.workshop(SHOP).await;
    let mut conn = site.store.read().await.unwrap();
    let guide = engine::guide::of_workshop(&mut conn, workshop).await.unwrap().remove(0);
    drop(conn);
    let slot = site.slot(2).await;
    let (url, text) = calendar().await;
    *text.lock().unwrap() = busy(&slot);
    let page = format!("/vi/guide/{}/calendars", guide.token);
    let form = [("act", "add"), ("name", "Nhà"), ("url", url.as_str())];
    let seen = site.goes(&page, "", &form).await;
    let seen = site.get(&seen, "").await;
    assert!(seen.body.contains("Reserved"));
    let id = seen.attr("[name=calendar]", "value");
    // The workshop sees that the guide is busy, not with what.
    let owner = site.owner().await;
    let theirs = site.get(&format!("{PAGE}/{}?seen={id}", guide.id()), &owner).await;
    assert_eq!(theirs.status, StatusCode::OK);
    assert!(theirs.body.contains("1 lần bận") && !theirs.body.contains("Reserved"));
    let stranger = site.person(Some((Role::Owner, OTHER))).await;
    let other = format!("/vi/host/{OTHER}/calendars");
    let remove = [("act", "remove"), ("calendar", id.as_str())];
    assert_eq!(site.post(&other, &stranger, &remove).await.status, StatusCode::NOT_FOUND);
    site.goes(&page, "", &remove).await;
}

#[tokio::test]
async fn resources_and_the_coop_have_calendars_of_their_own() {
    let site = Site::open().await;
    let owner = site.owner().await;
    let slot = site.slot(2).await;
    site.booked(&slot, "Bà Tư").await;
    let page = "/vi/host/gom-minh-hai/feed";
    let shown = site.get(page, &owner).await;
    assert_eq!(shown.count("#coop"), 0, "nobody asked for it yet");
    site.goes(page, &owner, &[("of", "coop")]).await;
    let url = site.get(page, &owner).await.attr("#coop", "value");
    let path = url.strip_prefix("http://localhost").unwrap().to_owned();
    let feed = site.get(&path, "").await;
    assert_eq!(feed.status, StatusCode::OK);
    let calendar = feed.body.replace("\r\n ", "");
    assert!(calendar.contains("BEGIN:VEVENT") && calendar.contains("gốm Minh Hải"));
    assert!(!calendar.contains("Bà Tư"), "sisters do not see whose guests come");
    site.goes(page, &owner, &[("of", "coop")]).await;
    assert_eq!(site.get(&path, "").await.status, StatusCode::NOT_FOUND);

    let resource = shown.attr("[name=of][value^=r-]", "value");
    site.goes(page, &owner, &[("of", &resource)]).await;
    let url = site.get(page, &owner).await.attr(&format!("[id='{resource}']"), "value");
    let feed = site.get(url.strip_prefix("http://localhost").unwrap(), "").await;
    assert_eq!((feed.status, &feed.body[..15]), (StatusCode::OK, "BEGIN:VCALENDAR"));
    assert!(!feed.body.contains("Bà Tư"));
    // Those of others are not found.
    let stranger = site.person(Some((Role::Owner, OTHER))).await;
    let answer = site.post(page, &stranger, &[("of", "coop")]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}
