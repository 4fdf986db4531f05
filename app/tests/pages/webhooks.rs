//! Webhooks on the owner's pages: adding, the secret that is shown once, tries and the log, without
//! script, on SQLite.

use std::sync::{Arc, Mutex};

use crate::site::{OTHER, SHOP, Site};
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use engine::accounts::Role;
use engine::payment::Secret;
use engine::webhook::rule;

const PAGE: &str = "/vi/host/gom-minh-hai/webhooks";

type Heard = Arc<Mutex<Vec<(HeaderMap, Bytes)>>>;

/// A receiver that answers with a code that a test sets.
async fn receiver() -> (String, Heard, Arc<Mutex<u16>>) {
    let (heard, code): (Heard, _) = (Arc::default(), Arc::new(Mutex::new(200_u16)));
    let (log, status) = (Arc::clone(&heard), Arc::clone(&code));
    let answer = move |headers: HeaderMap, body: Bytes| {
        log.lock().unwrap().push((headers, body));
        let code = StatusCode::from_u16(*status.lock().unwrap()).unwrap();
        async move { (code, "đã nhận <b>") }
    };
    let router = axum::Router::new().route("/secret-path", post(answer));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/secret-path", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (url, heard, code)
}

/// The id of a webhook that an owner adds.
pub async fn added(site: &Site, owner: &str, url: &str) -> String {
    let form = [("url", url), ("events", "booking.confirmed"), ("events", "tour.changed")];
    let made = site.post(PAGE, owner, &form).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.body);
    let action = made.attr("#edit form", "action");
    action.trim_end_matches("#edit").rsplit('/').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_webhook_is_added_tried_paused_and_removed() {
    let site = Site::open().await;
    let owner = site.owner().await;
    let (url, heard, code) = receiver().await;

    // What was typed is kept beside what is wrong with it.
    let answer = site.post(PAGE, &owner, &[("url", "phan mem"), ("events", "tour.changed")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.attr("#url", "aria-invalid"), "true");
    assert_eq!(answer.attr("#url", "value"), "phan mem");
    assert_eq!(answer.count("[name=events][checked]"), 1);
    let answer = site.post(PAGE, &owner, &[("url", url.as_str())]).await;
    assert!(answer.text("#events-error").contains("ít nhất một việc"), "{}", answer.body);

    let form = [("url", url.as_str()), ("events", "booking.confirmed"), ("events", "tour.changed")];
    let made = site.post(PAGE, &owner, &form).await;
    let secret = made.text(".key");
    assert!(secret.starts_with("langnghe_whsec_"), "{}", made.body);
    let action = made.attr("#edit form", "action");
    let here = action.trim_end_matches("#edit").to_owned();
    let shown = site.get(&here, &owner).await;
    assert_eq!(shown.count(".key"), 0, "nobody sees it a second time");
    assert_eq!(shown.count("[name=events][checked]"), 2);
    assert!(!site.get(PAGE, &owner).await.body.contains("secret-path"));
    let answer = site.post(PAGE, &owner, &form).await;
    assert!(answer.text("#url-error").contains("đã có webhook"), "{}", answer.body);

    // A try arrives at once, signed.
    let next = site.goes(&here, &owner, &[("act", "test")]).await;
    assert!(next.contains("done=arrived"), "{next}");
    let (headers, body) = heard.lock().unwrap()[0].clone();
    let signature = headers["langnghe-signature"].to_str().unwrap().to_owned();
    let time = signature[2..].split(',').next().unwrap().parse().unwrap();
    let at = chrono::DateTime::from_timestamp(time, 0).unwrap();
    assert_eq!(signature, rule::signature(&Secret::new(secret.trim()), at, &body));
    assert!(site.get(&next, &owner).await.body.contains("Đã nhận"));

    // One that does not arrive says why, and can be sent again.
    *code.lock().unwrap() = 500;
    let next = site.goes(&here, &owner, &[("act", "test")]).await;
    assert!(next.contains("done=failed"), "{next}");
    let shown = site.get(&next, &owner).await;
    assert!(shown.body.contains("mã 500") && shown.body.contains("đã nhận &lt;b&gt;"));
    assert!(shown.body.contains("thử lại lúc"), "{}", shown.body);
    *code.lock().unwrap() = 204;
    let message = shown.attr("[name=message]", "value");
    let again = [("act", "again"), ("message", message.as_str())];
    let next = site.goes(&here, &owner, &again).await;
    assert!(next.contains("done=arrived"), "{next}");
    let ids: Vec<_> =
        heard.lock().unwrap().iter().map(|(h, _)| h["langnghe-delivery"].clone()).collect();
    assert_eq!(ids[1], ids[2], "the same message");

    let made = site.post(&here, &owner, &[("act", "renew")]).await;
    assert_ne!(made.text(".key").trim(), secret.trim());
    site.goes(&here, &owner, &[("act", "pause")]).await;
    let next = site.goes(&here, &owner, &[("act", "test")]).await;
    assert!(next.contains("done=inactive"), "{next}");
    site.goes(&here, &owner, &[("act", "resume")]).await;
    let edit = [("act", "edit"), ("url", url.as_str()), ("events", "tour.changed")];
    site.goes(&here, &owner, &edit).await;
    assert_eq!(site.get(&here, &owner).await.count("[name=events][checked]"), 1);
    site.goes(&here, &owner, &[("act", "remove")]).await;
    assert_eq!(site.get(&here, &owner).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_webhook_is_its_owners_alone() {
    let site = Site::open().await;
    let owner = site.owner().await;
    let id = added(&site, &owner, "http://127.0.0.1:9/").await;
    let stranger = site.person(Some((Role::Owner, OTHER))).await;
    for house in [SHOP, OTHER] {
        let here = format!("/vi/host/{house}/webhooks/{id}");
        assert_eq!(site.get(&here, &stranger).await.status, StatusCode::NOT_FOUND);
        for act in ["renew", "remove", "test"] {
            let answer = site.post(&here, &stranger, &[("act", act)]).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{act}");
        }
    }
}

#[tokio::test]
async fn programmers_find_how_it_is_done() {
    let site = Site::open().await;
    for page in ["/vi/webhooks", "/en/webhooks", "/vi/octo", "/en/octo"] {
        let shown = site.get(page, "").await;
        assert_eq!(shown.status, StatusCode::OK);
        assert!(shown.body.contains("Langnghe-Signature") && shown.body.contains("compare_digest"));
    }
}
