//! Signing in and editing as a host without script does it, on SQLite.

use crate::site::{BASE, PASSWORD, Site};
use app::context::Settings;
use axum::http::StatusCode;
use engine::params;

impl Site {
    /// Address of somebody with this role, and their workshop's slug.
    async fn somebody(&self, role: &str) -> (String, String) {
        let mut conn = self.store.read().await.unwrap();
        conn.fetch_one(
            "SELECT person.email, workshop.slug FROM membership \
             JOIN person ON person.id = membership.person_id \
             JOIN workshop ON workshop.id = membership.workshop_id \
             WHERE membership.role = $1 AND workshop.slug IN (SELECT w.slug FROM workshop w \
             JOIN tour ON tour.workshop_id = w.id) ORDER BY workshop.slug, person.email LIMIT 1",
            params![*role],
        )
        .await
        .unwrap()
    }
}

#[tokio::test]
async fn a_wrong_password_says_so_and_keeps_the_address() {
    let site = Site::without_slots(BASE).await;
    let (email, _) = site.somebody("owner").await;
    for who in [email.as_str(), "nobody@example.com"] {
        let fields = [("email", who), ("password", "something else")];
        let answer = site.post("/vi/sign-in", "", &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.body.contains(&format!("value=\"{who}\"")), "{}", answer.body);
        assert!(answer.body.contains("Email và mật khẩu không khớp"), "{}", answer.body);
        assert!(answer.cookie.is_empty());
    }
    let answer = site.post("/en/sign-in", "", &[("email", "no at"), ("password", "x")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("Type a full email address"), "{}", answer.body);
}

#[tokio::test]
async fn signing_in_leads_back_and_signing_out_ends_it() {
    let site = Site::without_slots(BASE).await;
    let (email, _) = site.somebody("owner").await;
    let guest = site.get("/vi/account", "").await;
    assert_eq!(guest.status, StatusCode::SEE_OTHER);
    assert_eq!(guest.location, "/vi/sign-in?next=%2Fvi%2Faccount");
    let fields = [("email", email.as_str()), ("password", PASSWORD), ("next", "/vi/account")];
    let answer = site.post("/vi/sign-in", "", &fields).await;
    assert_eq!(answer.location, "/vi/account");
    let fields = [("email", email.as_str()), ("password", PASSWORD), ("next", "//evil.example")];
    let elsewhere = site.post("/vi/sign-in", "", &fields).await;
    assert_eq!(elsewhere.location, "/vi/host");
    let page = site.get("/vi/account", &answer.cookie).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains(&email) && page.body.contains("Thiết bị này"), "{}", page.body);
    site.post("/vi/account/sign-out-everywhere", &answer.cookie, &[]).await;
    for cookie in [&answer.cookie, &elsewhere.cookie] {
        assert_eq!(site.get("/vi/account", cookie).await.status, StatusCode::SEE_OTHER);
    }
}

#[tokio::test]
async fn a_link_signs_in_once_and_only_by_its_button() {
    let site = Site::without_slots(BASE).await;
    let (email, _) = site.somebody("owner").await;
    let known = site.post("/vi/sign-in/link", "", &[("email", &email)]).await;
    let unknown = site.post("/vi/sign-in/link", "", &[("email", "nobody@example.com")]).await;
    assert_eq!(known.location, unknown.location);
    let mut conn = site.store.read().await.unwrap();
    let (payload,): (String,) =
        conn.fetch_one("SELECT payload FROM outbox WHERE kind = 'sign_in'", vec![]).await.unwrap();
    drop(conn);
    let token = payload.split('"').nth(3).unwrap();
    let path = format!("/vi/sign-in/{token}");
    for _ in 0..2 {
        let page = site.get(&path, "").await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.cookie.is_empty() && page.body.contains("method=\"post\""));
    }
    let first = site.post(&path, "", &[]).await;
    assert_eq!((first.status, first.location.as_str()), (StatusCode::SEE_OTHER, "/vi/host"));
    assert!(first.cookie.starts_with("langnghe="));
    let second = site.post(&path, "", &[]).await;
    assert_eq!(second.status, StatusCode::GONE);
    assert!(second.cookie.is_empty());
    assert_eq!(site.get(&path, "").await.status, StatusCode::GONE);
}

#[tokio::test]
async fn an_account_is_edited_and_bad_input_is_kept() {
    let site = Site::without_slots(BASE).await;
    let (email, _) = site.somebody("owner").await;
    let cookie = site.sign_in(&email).await;
    let bad = site.post("/vi/account", &cookie, &[("name", " "), ("language", "en")]).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(bad.body.contains("Nhập tên"), "{}", bad.body);
    let good = site.post("/vi/account", &cookie, &[("name", "Hạnh"), ("language", "en")]).await;
    assert_eq!(good.location, "/en/account?saved=1");
    let short = site.post("/en/account/password", &cookie, &[("new", "short")]).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(short.body.contains("at least 10 characters"), "{}", short.body);
}

#[tokio::test]
async fn the_mailbox_is_there_only_when_letters_are_written_to_files() {
    let site = Site::without_slots(BASE).await;
    assert_eq!(site.get("/mailbox", "").await.status, StatusCode::NOT_FOUND);
    let folder = std::env::temp_dir().join(format!("langnghe-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let id = "019af000-0000-7000-8000-000000000001";
    let letter = "From: a@example.com\r\nTo: khach@example.com\r\nSubject: Xin chao\r\n\
        MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n\
        <html><head></head><body><script>alert(1)</script>Hi</body></html>\r\n";
    std::fs::write(folder.join(format!("{id}.eml")), letter).unwrap();
    let settings = Settings { mailbox: Some(folder), ..(*site.app.settings).clone() };
    let site = site.with(settings);
    let page = site.get(&format!("/mailbox/{id}"), "").await;
    assert!(page.body.contains("Xin chao") && page.body.contains("khach@example.com"));
    assert!(!page.body.contains("<script>alert"), "{}", page.body);
    let html = site.get(&format!("/mailbox/{id}/html"), "").await;
    assert!(html.body.contains("<script>alert"));
}
