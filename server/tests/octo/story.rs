//! From reservation to cancellation, and all that can go wrong between.

use engine::reseller::KeyMode;
use engine::store::Kind;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::desk::{Desk, Octo};

/// The departure's id, as availability tells it.
async fn availability(desk: &Desk, octo: &mut Octo, at: usize) -> Value {
    let body = json!({
        "productId": desk.product, "optionId": desk.option,
        "localDateStart": desk.day(at), "localDateEnd": desk.day(at),
    });
    let found = octo.made("/octo/availability", body).await;
    let start = desk.slots[at].starts_at;
    let mut all = found.as_array().unwrap().clone().into_iter();
    all.find(|one| {
        let id = one["id"].as_str().unwrap();
        chrono::DateTime::parse_from_rfc3339(id).unwrap() == start
    })
    .unwrap()
}

fn wish(desk: &Desk, departure: &Value, units: &[&str]) -> Value {
    let items: Vec<Value> = units.iter().map(|unit| json!({ "unitId": unit })).collect();
    json!({
        "productId": desk.product,
        "optionId": desk.option,
        "availabilityId": departure["id"],
        "unitItems": items,
    })
}

fn path(booking: &Value, sub: &str) -> String {
    format!("/octo/bookings/{}{sub}", booking["uuid"].as_str().unwrap())
}

/// What must and must not be null in each state.
fn in_state(booking: &Value, status: &str) {
    assert_eq!(booking["status"], status, "{booking}");
    let nulls = match status {
        "ON_HOLD" => [false, true, true],
        "CONFIRMED" => [true, false, true],
        "CANCELLED" => [true, booking["utcConfirmedAt"].is_null(), false],
        "EXPIRED" => [false, booking["utcConfirmedAt"].is_null(), false],
        other => panic!("{other}"),
    };
    let fields = ["utcExpiresAt", "utcConfirmedAt", "cancellation"];
    for (field, null) in fields.iter().zip(nulls) {
        assert_eq!(booking[field].is_null(), null, "{field} of {booking}");
    }
    for item in booking["unitItems"].as_array().unwrap() {
        assert_eq!(item["status"], status);
    }
}

async fn sells(kind: Kind) {
    let Some(desk) = Desk::open("story", kind).await else { return };
    let contract = desk.contract("Story").await;
    let key = desk.key(contract, KeyMode::Live).await;
    let mut octo = desk.client(&key).await;
    octo.headers = vec![("octo-capabilities", "octo/pricing"), ("accept-language", "vi")];
    let octo = &mut octo;

    let first = availability(&desk, octo, 0).await;
    assert_eq!(first["available"], true);
    assert_eq!(first["vacancies"], desk.slots[0].capacity);
    let adult = &first["unitPricing"][0];
    assert!(adult["net"].as_i64().unwrap() < adult["retail"].as_i64().unwrap());

    // Reservation, with a slash at the end and a name of its own.
    let mut body = wish(&desk, &first, &["adult", "child"]);
    body["uuid"] = json!(Uuid::now_v7());
    body["notes"] = json!("đến sớm");
    let held = octo.made("/octo/bookings/", body.clone()).await;
    in_state(&held, "ON_HOLD");
    assert_eq!(held["uuid"], body["uuid"]);
    assert_eq!((&held["testMode"], &held["cancellable"]), (&json!(false), &json!(true)));
    assert_eq!(held["voucher"]["deliveryOptions"], json!([]));
    assert_eq!(desk.seats(&desk.slots[0]).await, 2);
    // The prices of the check are those of the booking.
    let sum = |field: &str| -> i64 {
        held["unitItems"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["pricing"][field].as_i64().unwrap())
            .sum()
    };
    assert_eq!(held["pricing"]["net"], sum("net"));
    assert_eq!(held["pricing"]["retail"], sum("retail"));
    assert_eq!(held["unitItems"][0]["pricing"]["net"], adult["net"]);
    // The same once more, and another thing under the same name.
    assert_eq!(octo.made("/octo/bookings", body.clone()).await["id"], held["id"]);
    let mut other = body.clone();
    other["unitItems"] = json!([{ "unitId": "adult" }]);
    octo.refused("/octo/bookings", other, "INVALID_BOOKING_UUID").await;
    assert_eq!(desk.seats(&desk.slots[0]).await, 2);

    // Extension.
    let longer = octo.made(&path(&held, "/extend"), json!({ "expirationMinutes": 60 })).await;
    assert!(longer["utcExpiresAt"].as_str() > held["utcExpiresAt"].as_str());
    octo.refused(
        &path(&held, "/extend"),
        json!({ "expirationMinutes": 5 }),
        "UNPROCESSABLE_ENTITY",
    )
    .await;

    // Confirmation, with one more.
    let mut items: Vec<Value> = held["unitItems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| json!({ "uuid": item["uuid"], "unitId": item["unitId"] }))
        .collect();
    items.push(json!({ "unitId": "adult", "contact": { "firstName": "An" } }));
    let settle = json!({
        "contact": { "fullName": "Trần Thu Hà", "phoneNumber": "0912345678", "locales": ["vi"] },
        "resellerReference": "HT-7",
        "unitItems": items,
    });
    let wrong = json!({ "contact": {}, "unitItems": [{ "unitId": "dog" }] });
    octo.refused(&path(&held, "/confirm"), wrong, "INVALID_UNIT_ID").await;
    let sold = octo.made(&path(&held, "/confirm"), settle.clone()).await;
    in_state(&sold, "CONFIRMED");
    assert_eq!(sold["unitItems"].as_array().unwrap().len(), 3);
    assert_eq!(sold["unitItems"][0]["uuid"], held["unitItems"][0]["uuid"]);
    assert_eq!(sold["contact"]["fullName"], "Trần Thu Hà");
    assert_eq!(sold["contact"]["country"], Value::Null);
    assert_eq!((&sold["resellerReference"], &sold["notes"]), (&json!("HT-7"), &json!("đến sớm")));
    let code = sold["supplierReference"].as_str().unwrap().to_owned();
    let voucher = sold["voucher"]["deliveryOptions"][0]["deliveryValue"].as_str().unwrap();
    assert!(voucher.ends_with(&code), "{voucher}");
    assert_eq!(
        octo.made(&path(&held, "/confirm"), settle).await["utcConfirmedAt"],
        sold["utcConfirmedAt"]
    );
    octo.refused(&path(&sold, "/extend"), json!({}), "UNPROCESSABLE_ENTITY").await;
    assert_eq!(desk.seats(&desk.slots[0]).await, 3);

    // Change: another departure, one fewer, another reference; the notes are taken back.
    let second = availability(&desk, octo, 1).await;
    let change = json!({
        "availabilityId": second["id"],
        "unitItems": [{ "uuid": sold["unitItems"][0]["uuid"], "unitId": "adult" },
            { "uuid": sold["unitItems"][1]["uuid"] }],
        "resellerReference": "HT-8", "notes": null,
    });
    let answer = octo.call("PATCH", &path(&sold, ""), Some(&change)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let moved = answer.body;
    in_state(&moved, "CONFIRMED");
    assert_eq!(moved["availabilityId"], second["id"]);
    assert_eq!(moved["unitItems"].as_array().unwrap().len(), 2);
    assert_eq!((&moved["resellerReference"], &moved["notes"]), (&json!("HT-8"), &Value::Null));
    assert_eq!(desk.seats(&desk.slots[0]).await, 0);
    assert_eq!(desk.seats(&desk.slots[1]).await, 2);

    // Found by each filter, and by nobody else.
    let day = desk.day(1);
    for query in [
        "resellerReference=HT-8".to_owned(),
        format!("supplierReference={code}"),
        format!("localDate={day}"),
        format!("localDateStart={day}&localDateEnd={day}&productId={}", desk.product),
    ] {
        let found = octo.get(&format!("/octo/bookings?{query}")).await;
        assert_eq!(found.body.as_array().map(Vec::len), Some(1), "{query}: {}", found.body);
    }
    let rival = desk.contract("Rival").await;
    let rival_key = desk.key(rival, KeyMode::Live).await;
    let mut rival = desk.client(&rival_key).await;
    let theirs = rival.get(&path(&sold, "")).await;
    assert_eq!((theirs.status, &theirs.body["error"]), (400, &json!("INVALID_BOOKING_UUID")));
    rival.refused(&path(&sold, "/cancel"), json!({}), "INVALID_BOOKING_UUID").await;
    let none = rival.get(&format!("/octo/bookings?supplierReference={code}")).await;
    assert_eq!(none.body, json!([]));

    // Cancellation, twice.
    let gone = octo.made(&path(&sold, "/cancel"), json!({ "reason": "ốm" })).await;
    in_state(&gone, "CANCELLED");
    assert_eq!(
        (&gone["cancellation"]["refund"], &gone["cancellation"]["reason"]),
        (&json!("FULL"), &json!("ốm"))
    );
    assert_eq!(gone["cancellable"], false);
    assert_eq!(
        octo.made(&path(&sold, "/cancel"), json!({})).await["cancellation"],
        gone["cancellation"]
    );
    let late = octo.call("PATCH", &path(&sold, ""), Some(&json!({ "notes": "x" }))).await;
    assert_eq!(late.body["error"], "UNPROCESSABLE_ENTITY");
    assert_eq!(desk.seats(&desk.slots[1]).await, 0);

    // Expiry, whether a worker came or not.
    let lost = octo.made("/octo/bookings", wish(&desk, &first, &["adult"])).await;
    desk.run_out().await;
    octo.refused(&path(&lost, "/confirm"), json!({ "contact": {} }), "INVALID_BOOKING_UUID").await;
    octo.refused(&path(&lost, "/extend"), json!({}), "UNPROCESSABLE_ENTITY").await;
    in_state(&octo.get(&path(&lost, "")).await.body, "EXPIRED");
    let again = octo.made("/octo/bookings", wish(&desk, &first, &["adult"])).await;
    octo.made(&path(&again, "/cancel"), json!({})).await;
    desk.sweep().await;

    refuses(&desk, octo, &first).await;
    tries(&desk, octo, contract, &first).await;
    desk.close().await;
}

/// Every code, in the order in which the standard complains.
async fn refuses(desk: &Desk, octo: &mut Octo, departure: &Value) {
    let good = wish(desk, departure, &["adult"]);
    let but = |field: &str, value: Value| {
        let mut body = good.clone();
        body[field] = value;
        body
    };
    let bookings = "/octo/bookings";
    let said = octo.refused(bookings, but("productId", json!("x")), "INVALID_PRODUCT_ID").await;
    assert_eq!(said["productId"], "x");
    let said = octo.refused(bookings, but("optionId", Value::Null), "INVALID_OPTION_ID").await;
    assert!(said["optionId"].as_str().is_some_and(|id| !id.is_empty()));
    for id in [json!("x"), json!("2020-01-01T09:00:00+07:00")] {
        let said = octo
            .refused(bookings, but("availabilityId", id.clone()), "INVALID_AVAILABILITY_ID")
            .await;
        assert_eq!(said["availabilityId"], id);
    }
    octo.refused(bookings, but("unitItems", json!([])), "UNPROCESSABLE_ENTITY").await;
    octo.refused(bookings, but("unitItems", Value::Null), "UNPROCESSABLE_ENTITY").await;
    let said = octo
        .refused(bookings, but("unitItems", json!([{ "unitId": "dog" }])), "INVALID_UNIT_ID")
        .await;
    assert_eq!(said["unitId"], "dog");
    octo.refused(bookings, but("unitItems", json!("two")), "BAD_REQUEST").await;
    octo.refused(bookings, but("currency", json!("USD")), "BAD_REQUEST").await;
    let many = vec![json!({ "unitId": "adult" }); 300];
    octo.refused(bookings, but("unitItems", json!(many)), "UNPROCESSABLE_ENTITY").await;
    let alone = but("unitItems", json!([{ "unitId": "child" }]));
    octo.refused(bookings, alone, "UNPROCESSABLE_ENTITY").await;
    let twin = json!({ "uuid": Uuid::now_v7(), "unitId": "adult" });
    octo.refused(bookings, but("unitItems", json!([twin, twin])), "BAD_REQUEST").await;

    let ids = json!({ "productId": desk.product, "optionId": desk.option });
    let day = desk.day(0);
    for (route, body, code) in [
        ("/octo/availability", json!({ "productId": "x" }), "INVALID_PRODUCT_ID"),
        (
            "/octo/availability",
            json!({ "productId": desk.product, "optionId": "x" }),
            "INVALID_OPTION_ID",
        ),
        ("/octo/availability", ids.clone(), "BAD_REQUEST"),
        ("/octo/availability/calendar", ids.clone(), "BAD_REQUEST"),
    ] {
        octo.refused(route, body, code).await;
    }
    let mut both = ids.clone();
    both["localDateStart"] = json!(day);
    both["localDateEnd"] = json!(day);
    both["availabilityIds"] = json!([departure["id"]]);
    octo.refused("/octo/availability", both, "BAD_REQUEST").await;
    let mut turned = ids.clone();
    turned["localDateStart"] = json!(desk.day(1));
    turned["localDateEnd"] = json!(desk.day(0).pred_opt().unwrap());
    octo.refused("/octo/availability", turned, "BAD_REQUEST").await;
    let mut listed = ids.clone();
    listed["availabilityIds"] = json!([departure["id"], "nothing"]);
    let found = octo.made("/octo/availability", listed).await;
    assert_eq!(found.as_array().unwrap().len(), 1);

    let malformed = octo.send(hyper::Method::POST, bookings, Some("{".into())).await;
    assert_eq!((malformed.status, &malformed.body["error"]), (400, &json!("BAD_REQUEST")));
    let unknown = octo.get(&format!("{bookings}/{}", Uuid::now_v7())).await;
    assert_eq!(unknown.body["error"], "INVALID_BOOKING_UUID");
    let no_uuid = octo.get(&format!("{bookings}/seven")).await;
    assert_eq!((no_uuid.status, &no_uuid.body["uuid"]), (400, &json!("seven")));
    let nowhere = octo.get("/octo/nothing/here").await;
    assert_eq!((nowhere.status, &nowhere.body["error"]), (404, &json!("NOT_FOUND")));
    // In the language that was asked for.
    assert!(nowhere.body["errorMessage"].as_str().unwrap().contains("địa chỉ"));
    assert_eq!(nowhere.capabilities.as_deref(), Some("octo/pricing"));
    assert_eq!(nowhere.language, None);
}

/// A test key, and a test with a live key: no seats, and in another world.
async fn tries(desk: &Desk, octo: &mut Octo, contract: engine::ContractId, departure: &Value) {
    let before = desk.seats(&desk.slots[0]).await;
    let key = desk.key(contract, KeyMode::Test).await;
    let mut trial = desk.client(&key).await;
    let held = trial.made("/octo/bookings", wish(desk, departure, &["adult", "adult"])).await;
    assert_eq!(held["testMode"], true);
    let sold = trial.made(&path(&held, "/confirm"), json!({ "contact": {} })).await;
    in_state(&sold, "CONFIRMED");
    octo.headers.push(("octo-env", "test"));
    let other = octo.made("/octo/bookings", wish(desk, departure, &["adult"])).await;
    assert_eq!(other["testMode"], true);
    octo.headers.pop();
    assert_eq!(desk.seats(&desk.slots[0]).await, before);
    let real = octo.made("/octo/bookings", wish(desk, departure, &["adult"])).await;
    let hidden = trial.get(&path(&real, "")).await;
    assert_eq!(hidden.body["error"], "INVALID_BOOKING_UUID");
    octo.made(&path(&real, "/cancel"), json!({})).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_company_sells_from_reservation_to_cancellation_on_sqlite() {
    sells(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_company_sells_from_reservation_to_cancellation_on_postgres() {
    sells(Kind::Postgres).await;
}

/// 64 companies want the same departure at once: it is sold to its last seat and no further.
async fn crowd(kind: Kind) {
    let Some(desk) = Desk::open("crowd", kind).await else { return };
    let capacity = desk.slots[0].capacity;
    let mut clients = Vec::new();
    for at in 0..64 {
        let contract = desk.contract(&format!("Crowd{at}")).await;
        let key = desk.key(contract, KeyMode::Live).await;
        clients.push(desk.client(&key).await);
    }
    let departure = availability(&desk, &mut clients[0], 0).await;
    let body = wish(&desk, &departure, &["adult"]);
    let mut tasks = JoinSet::new();
    for mut client in clients {
        let body = body.clone();
        tasks.spawn(async move {
            let held = client.post("/octo/bookings", body).await;
            if held.status != 200 {
                assert_eq!(held.body["error"], "UNPROCESSABLE_ENTITY", "{}", held.body);
                return 0;
            }
            let sold = client.made(&path(&held.body, "/confirm"), json!({ "contact": {} })).await;
            in_state(&sold, "CONFIRMED");
            1
        });
    }
    let mut sold = 0;
    while let Some(one) = tasks.join_next().await {
        sold += one.unwrap();
    }
    assert_eq!(sold, capacity);
    assert_eq!(desk.seats(&desk.slots[0]).await, capacity);
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_four_companies_sell_one_departure_out_on_sqlite() {
    crowd(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_four_companies_sell_one_departure_out_on_postgres() {
    crowd(Kind::Postgres).await;
}
