//! Subscriptions to notifications, and that what they ask for arrives.

use engine::reseller::KeyMode;
use engine::store::Kind;
use serde_json::{Value, json};

use crate::desk::Desk;

const ALL: &str = "/octo/notifications/subscriptions";

async fn subscribes(kind: Kind) {
    let Some(desk) = Desk::open("notifications", kind).await else { return };
    let contract = desk.contract("Listens").await;
    let key = desk.key(contract, KeyMode::Live).await;
    let octo = &mut desk.client(&key).await;
    let known = octo.get("/octo/capabilities").await.body;
    assert!(known.as_array().unwrap().iter().any(|one| one["id"] == "octo/notifications"));

    let wish = json!({
        "url": "https://agency.example/langnghe",
        "notificationTypes": ["BOOKING_UPDATE", "AVAILABILITY_UPDATE"],
        "headers": { "X-Tenant": "7" },
    });
    for (field, value) in [
        ("url", json!("http://agency.example/")),
        ("url", json!("https://127.0.0.1/")),
        ("url", json!("https://[::1]/")),
        ("url", json!("https://169.254.169.254/latest/meta-data")),
        ("url", Value::Null),
        ("notificationTypes", json!([])),
        ("notificationTypes", json!(["BOOKING_UPDATE", "EVERYTHING"])),
        ("headers", json!({ "Host": "inside" })),
        ("headers", json!({ "Langnghe-Signature": "t=1,v1=0" })),
    ] {
        let mut wrong = wish.clone();
        wrong[field] = value;
        octo.refused(ALL, wrong, "BAD_REQUEST").await;
    }
    // Under either spelling, with a slash and without.
    let made = octo.made("/octo/notifications/subcriptions/", wish.clone()).await;
    assert!(made["secret"].as_str().unwrap().starts_with("langnghe_whsec_"));
    for (field, value) in wish.as_object().unwrap() {
        let sorted = |value: &Value| {
            let mut value = value.clone();
            if let Some(list) = value.as_array_mut() {
                list.sort_by_key(ToString::to_string);
            }
            value
        };
        let lower = |value: Value| value.to_string().to_lowercase();
        assert_eq!(lower(sorted(&made[field])), lower(sorted(value)), "{field}");
    }
    let one = format!("{ALL}/{}", made["id"].as_str().unwrap());
    let read = octo.get(&one).await.body;
    assert_eq!((&read["id"], &read["secret"]), (&made["id"], &Value::Null));
    assert_eq!(octo.get(ALL).await.body.as_array().map(Vec::len), Some(1));

    // Others neither see nor change it.
    let rival = desk.contract("Rival").await;
    let rival = desk.key(rival, KeyMode::Live).await;
    let rival = &mut desk.client(&rival).await;
    assert_eq!(rival.get(ALL).await.body, json!([]));
    for method in ["GET", "PATCH", "DELETE"] {
        let answer = rival.call(method, &one, Some(&json!({}))).await;
        assert_eq!(
            (answer.status, &answer.body["error"]),
            (400, &json!("BAD_REQUEST")),
            "{method}"
        );
    }

    let change = json!({ "notificationTypes": ["PRODUCT_UPDATE"], "headers": {} });
    let changed = octo.call("PATCH", &one, Some(&change)).await;
    assert_eq!(changed.status, 200, "{}", changed.body);
    assert_eq!(changed.body["notificationTypes"], json!(["PRODUCT_UPDATE"]));
    assert_eq!(changed.body["url"], wish["url"]);
    assert_eq!(changed.body["headers"], json!({}));
    assert_eq!(octo.call("DELETE", &one, None).await.status, 200);
    assert_eq!(octo.call("DELETE", &one, None).await.status, 400);
    assert_eq!(octo.get(ALL).await.body, json!([]));
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_company_subscribes_on_sqlite() {
    subscribes(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_company_subscribes_on_postgres() {
    subscribes(Kind::Postgres).await;
}
