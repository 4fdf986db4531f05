//! The OpenAPI file against what the server answers: each method of each address, its status, and
//! whether the answer is as its schema says.

use engine::reseller::KeyMode;
use engine::store::Kind;
use serde_json::{Value, json};

use crate::desk::{Desk, Octo};

/// As much of JSON Schema as the file uses.
fn check(file: &Value, schema: &Value, value: &Value, at: &str) {
    if let Some(name) = schema["$ref"].as_str() {
        let path = name.trim_start_matches('#');
        let target = file.pointer(path).unwrap_or_else(|| panic!("{name} is not there"));
        return check(file, target, value, at);
    }
    if let Some(any) = schema["anyOf"].as_array() {
        if value.is_null() {
            return;
        }
        return check(file, &any[0], value, at);
    }
    let kinds: Vec<&str> = match &schema["type"] {
        Value::String(kind) => vec![kind.as_str()],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => panic!("{at}: a schema without a type"),
    };
    let is = |kind: &str| match kind {
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "null" => value.is_null(),
        other => panic!("{at}: {other}"),
    };
    assert!(kinds.iter().any(|kind| is(kind)), "{at}: {value} is none of {kinds:?}");
    if let Some(allowed) = schema["enum"].as_array() {
        assert!(value.is_null() || allowed.contains(value), "{at}: {value} is none of {allowed:?}");
    }
    if let (Some("date-time"), Some(text)) = (schema["format"].as_str(), value.as_str()) {
        assert!(chrono::DateTime::parse_from_rfc3339(text).is_ok(), "{at}: {text}");
    }
    if let Some(items) = value.as_array() {
        let least = schema["minItems"].as_u64().unwrap_or(0);
        assert!(u64::try_from(items.len()).unwrap() >= least, "{at}: too few");
        for (index, item) in items.iter().enumerate() {
            check(file, &schema["items"], item, &format!("{at}[{index}]"));
        }
    }
    let Some(fields) = value.as_object() else { return };
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        assert!(fields.contains_key(name), "{at}: {name} is missing");
    }
    if let Some(known) = schema["properties"].as_object() {
        for (name, field) in fields {
            let schema = known.get(name).unwrap_or_else(|| panic!("{at}: {name} is not described"));
            check(file, schema, field, &format!("{at}.{name}"));
        }
    }
}

/// Sends a request and checks its answer against the file.
async fn asked(
    octo: &mut Octo,
    file: &Value,
    (method, route, path): (&str, &str, &str),
    body: Option<Value>,
    status: &str,
    seen: &mut Vec<(String, String)>,
) -> Value {
    let answer = octo.call(method, path, body.as_ref()).await;
    let at = format!("{method} {path}");
    assert_eq!(answer.status.to_string(), status, "{at}: {}", answer.body);
    assert!(answer.capabilities.is_some(), "{at}: no Octo-Capabilities");
    let operation = &file["paths"][route][method.to_lowercase()];
    let mut response = &operation["responses"][status];
    if let Some(name) = response["$ref"].as_str() {
        response = file.pointer(name.trim_start_matches('#')).unwrap();
    }
    let schema = &response["content"]["application/json"]["schema"];
    check(file, schema, &answer.body, &at);
    if status == "200" {
        seen.push((route.to_owned(), method.to_lowercase()));
    }
    answer.body
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_file_says_what_the_server_answers() {
    let desk = Desk::open("file", Kind::Sqlite).await.unwrap();
    let contract = desk.contract("File").await;
    let key = desk.key(contract, KeyMode::Live).await;
    let file = desk.client("").await.get("/octo/openapi.json").await.body;
    assert_eq!(file["openapi"], "3.1.0");
    assert!(file["servers"][0]["url"].as_str().unwrap().starts_with("http"));
    let mut seen = Vec::new();
    for capabilities in ["", "octo/pricing, octo/content"] {
        let mut octo = desk.client(&key).await;
        octo.headers = vec![("octo-capabilities", capabilities)];
        let (octo, seen) = (&mut octo, &mut seen);
        let ids = json!({ "productId": desk.product, "optionId": desk.option });
        let with = |more: Value| {
            let mut body = ids.clone();
            for (name, value) in more.as_object().unwrap() {
                body[name] = value.clone();
            }
            Some(body)
        };
        asked(octo, &file, ("GET", "/octo/supplier", "/octo/supplier"), None, "200", seen).await;
        asked(octo, &file, ("GET", "/octo/capabilities", "/octo/capabilities"), None, "200", seen)
            .await;
        let all =
            asked(octo, &file, ("GET", "/octo/products", "/octo/products"), None, "200", seen)
                .await;
        assert!(!all.as_array().unwrap().is_empty());
        let one = format!("/octo/products/{}", desk.product);
        asked(octo, &file, ("GET", "/octo/products/{id}", &one), None, "200", seen).await;
        asked(
            octo,
            &file,
            ("GET", "/octo/products/{id}", "/octo/products/none"),
            None,
            "400",
            seen,
        )
        .await;
        let days = json!({
            "localDateStart": desk.day(0), "localDateEnd": desk.day(2),
            "units": [{ "id": "adult", "quantity": 2 }],
        });
        let calendar = "/octo/availability/calendar";
        asked(octo, &file, ("POST", calendar, calendar), with(days.clone()), "200", seen).await;
        let route = "/octo/availability";
        let found = asked(octo, &file, ("POST", route, route), with(days), "200", seen).await;
        asked(octo, &file, ("POST", route, route), with(json!({})), "400", seen).await;
        let id = found[0]["id"].clone();
        let bookings = "/octo/bookings";
        let body = with(json!({ "availabilityId": id, "unitItems": [{ "unitId": "adult" }] }));
        let held = asked(octo, &file, ("POST", bookings, bookings), body, "200", seen).await;
        asked(octo, &file, ("POST", bookings, bookings), with(json!({})), "400", seen).await;
        let path = format!("{bookings}/{}", held["uuid"].as_str().unwrap());
        let of = "/octo/bookings/{uuid}";
        asked(octo, &file, ("GET", of, &path), None, "200", seen).await;
        for (sub, body) in [
            ("/extend", json!({ "expirationMinutes": 45 })),
            ("/confirm", json!({ "contact": { "fullName": "Lê Mai" }, "resellerReference": "F1" })),
        ] {
            let (route, path) = (format!("{of}{sub}"), format!("{path}{sub}"));
            asked(octo, &file, ("POST", &route, &path), Some(body), "200", seen).await;
        }
        let notes = Some(json!({ "notes": "ăn chay" }));
        asked(octo, &file, ("PATCH", of, &path), notes, "200", seen).await;
        let (route, end) = (format!("{of}/cancel"), format!("{path}/cancel"));
        asked(octo, &file, ("POST", &route, &end), Some(json!({})), "200", seen).await;
        let list = format!("{bookings}?resellerReference=F1");
        asked(octo, &file, ("GET", bookings, &list), None, "200", seen).await;
        asked(octo, &file, ("GET", bookings, bookings), None, "400", seen).await;
        let subscriptions = "/octo/notifications/subscriptions";
        let wish = json!({
            "url": "https://agency.example/langnghe", "notificationTypes": ["BOOKING_UPDATE"],
            "headers": { "Authorization": "Bearer x" },
        });
        let route = (subscriptions, subscriptions);
        let made = asked(octo, &file, ("POST", route.0, route.1), Some(wish), "200", seen).await;
        let wrong = Some(json!({ "notificationTypes": ["BOOKING_UPDATE"] }));
        asked(octo, &file, ("POST", route.0, route.1), wrong, "400", seen).await;
        asked(octo, &file, ("GET", route.0, route.1), None, "200", seen).await;
        let (of, one) = (
            format!("{subscriptions}/{{id}}"),
            format!("{subscriptions}/{}", made["id"].as_str().unwrap()),
        );
        asked(octo, &file, ("GET", &of, &one), None, "200", seen).await;
        let types = Some(json!({ "notificationTypes": ["PRODUCT_UPDATE"] }));
        asked(octo, &file, ("PATCH", &of, &one), types, "200", seen).await;
        asked(octo, &file, ("DELETE", &of, &one), None, "200", seen).await;
        asked(octo, &file, ("GET", &of, &one), None, "400", seen).await;
        octo.key = "langnghe_live_wrong".into();
        asked(octo, &file, ("GET", "/octo/products", "/octo/products"), None, "403", seen).await;
        octo.key = String::new();
        asked(octo, &file, ("GET", "/octo/products", "/octo/products"), None, "401", seen).await;
    }
    // Nothing in the file that was not asked for.
    for (route, operations) in file["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys() {
            assert!(seen.contains(&(route.clone(), method.clone())), "{method} {route}");
        }
    }
    desk.close().await;
}
