//! Opening rules, closures, people, the calendar's address and the office, as forms do it.

use crate::site::{OTHER, SHOP, Site};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use engine::accounts::Role;
use engine::booking::StateKind;
use engine::params;
use engine::schedule::{SlotOrigin, SlotStatus, closures_of, rules_of};

fn host(sub: &str) -> String {
    format!("/vi/host/{SHOP}{sub}")
}

#[tokio::test]
async fn a_rule_is_looked_at_saved_changed_and_ended() {
    let site = Site::open().await;
    let cookie = site.owner().await;
    let page = site.get(&host("/schedule"), &cookie).await;
    assert!(page.text("main").contains("28 tháng Chạp đến mồng 6 tháng Giêng"), "{}", page.body);
    let slot = site.slot(2).await;
    let option = slot.option_id.to_string();
    let typed = [
        ("option", option.as_str()),
        ("wd", "sat"),
        ("wd", "sun"),
        ("lunar", "1, 15"),
        ("times", "6h30; 20:15"),
        ("season_from", "1/12"),
        ("season_to", "31/1"),
        ("capacity", "5"),
        ("guide", "cô Hạnh"),
    ];
    let with = |more: &[(&'static str, &'static str)]| [typed.as_slice(), more].concat();
    let rule = host("/schedule/rule");
    let before = site.get(&host("/schedule"), &cookie).await.count(".rule");
    let look = site.post(&rule, &cookie, &with(&[("preview", "1")])).await;
    assert_eq!(look.status, StatusCode::OK);
    let words = look.text("main");
    assert!(
        words.contains("Thứ Bảy, Chủ nhật và ngày 1 và 15 âm lịch, 06:30 và 20:15")
            || words.contains("Thứ Bảy và Chủ nhật và ngày 1 và 15 âm lịch, 06:30 và 20:15"),
        "{words}"
    );
    assert!(words.contains("Từ 1/12 đến 31/1 hằng năm · 5 chỗ · cô Hạnh"), "{words}");
    assert!(words.contains("Buổi tới: ") && words.contains("Thêm "), "{words}");
    assert_eq!(look.attr("#times", "value"), "6h30; 20:15");
    assert_eq!(site.get(&host("/schedule"), &cookie).await.count(".rule"), before);
    let saved = site.post(&rule, &cookie, &with(&[("save", "1")])).await;
    assert_eq!(saved.location, host("/schedule?done=saved"));
    assert_eq!(site.get(&host("/schedule"), &cookie).await.count(".rule"), before + 1);

    let workshop = site.workshop(SHOP).await;
    let rules = { rules_of(&mut site.store.read().await.unwrap(), workshop).await.unwrap() };
    let made = rules.iter().find(|rule| rule.opening.guide == "cô Hạnh").unwrap();
    let edit = format!("{rule}?id={}", made.id);
    let page = site.get(&edit, &cookie).await;
    assert_eq!(page.attr("#season_from", "value"), "1/12");
    assert_eq!(page.count("input[name=wd][checked]"), 2);
    let stranger = site.person(Some((Role::Owner, OTHER))).await;
    let other = format!("/vi/host/{OTHER}/schedule/rule?id={}", made.id);
    assert_eq!(site.get(&other, &stranger).await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.post(&other, &stranger, &with(&[])).await.status, StatusCode::NOT_FOUND);
    let ended = site.post(&edit, &cookie, &[("act", "end")]).await;
    assert_eq!(ended.location, host("/schedule?done=ended"));
    assert_eq!(site.get(&host("/schedule"), &cookie).await.count(".rule"), before);
}

#[tokio::test]
async fn a_rule_that_was_not_filled_in_well_comes_back_as_it_was() {
    let site = Site::open().await;
    let cookie = site.owner().await;
    let fields =
        [("times", "morning"), ("lunar", "rằm"), ("season_from", "1/12"), ("capacity", "x")];
    let answer = site.post(&host("/schedule/rule"), &cookie, &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for id in ["option", "lunar", "times", "season_from", "capacity"] {
        assert_eq!(answer.count(&format!("#{id}-error")), 1, "{id}: {}", answer.body);
    }
    assert_eq!(answer.attr("#times", "value"), "morning");
    let option = site.slot(2).await.option_id.to_string();
    let fields = [("option", option.as_str()), ("times", "9:00"), ("capacity", "5")];
    let answer = site.post(&host("/schedule/rule"), &cookie, &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.count("#days-error"), 1, "{}", answer.body);
}

#[tokio::test]
async fn a_closure_that_hits_bookings_shows_exactly_these_and_asks() {
    let site = Site::open().await;
    let cookie = site.owner().await;
    let slot = site.slot(3).await;
    let booking = site.booked(&slot, "Bà Tư Gốm").await;
    let day = slot.local_date.to_string();
    let fields = [("kind", "dates"), ("from", day.as_str()), ("reason_vi", "Giỗ tổ nghề")];
    let address = host("/schedule/closure");
    let asked = site.post(&address, &cookie, &[fields.as_slice(), &[("save", "1")]].concat()).await;
    assert_eq!(asked.status, StatusCode::CONFLICT);
    let outlook = asked.text("#outlook");
    assert!(outlook.contains("chạm 1 buổi") && outlook.contains("Bà Tư Gốm"), "{outlook}");
    assert!(outlook.contains(&booking.code) && outlook.contains("2 người lớn"), "{outlook}");
    assert_eq!(asked.attr("#reason_vi", "value"), "Giỗ tổ nghề");
    assert_eq!(site.slot_now(&slot).await, site.slot_now(&slot).await);
    assert_eq!(site.slot_now(&slot).await.origin, SlotOrigin::Rule);

    let without = [fields.as_slice(), &[("hits", "cancel"), ("reason", " ")]].concat();
    let without = site.post(&address, &cookie, &without).await;
    assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(without.count("#reason-error"), 1, "{}", without.body);
    assert_eq!(site.again(&booking).await.state.kind(), StateKind::Confirmed);

    let kept =
        site.post(&address, &cookie, &[fields.as_slice(), &[("hits", "keep")]].concat()).await;
    assert_eq!(kept.location, host("/schedule?done=saved"));
    let after = site.slot_now(&slot).await;
    assert_eq!((after.status, after.taken), (SlotStatus::Closed, 2));
    let page = site.get(&host("/schedule"), &cookie).await;
    assert!(page.text("main").contains("Giỗ tổ nghề"), "{}", page.body);

    let next = site.slot(8).await;
    let second = site.booked(&next, "Anh Năm").await;
    let day = next.local_date.to_string();
    let cancel = [
        ("kind", "dates"),
        ("from", day.as_str()),
        ("time_from", "00:00"),
        ("time_to", "23:59"),
        ("reason_vi", "Lò hỏng"),
        ("hits", "cancel"),
        ("reason", "Lò hỏng, xin lỗi bà con"),
    ];
    let done = site.post(&address, &cookie, &cancel).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    assert_eq!(site.again(&second).await.state.kind(), StateKind::Cancelled);

    let workshop = site.workshop(SHOP).await;
    let closures = { closures_of(&mut site.store.read().await.unwrap(), workshop).await.unwrap() };
    let made = closures.iter().find(|closure| closure.reason.vi == "Giỗ tổ nghề").unwrap();
    let edit = format!("{address}?id={}", made.id);
    assert_eq!(site.get(&edit, &cookie).await.attr("#from", "value"), slot.local_date.to_string());
    let ended = site.post(&edit, &cookie, &[("act", "end")]).await;
    assert_eq!(ended.location, host("/schedule?done=ended"));
}

#[tokio::test]
async fn lunar_closures_are_typed_as_the_calendar_says() {
    let site = Site::open().await;
    let cookie = site.owner().await;
    let address = host("/schedule/closure");
    let tet = [
        ("kind", "lunar"),
        ("from", "23/12"),
        ("to", "15/1"),
        ("reason_vi", "Tết"),
        ("preview", "1"),
    ];
    let look = site.post(&address, &cookie, &tet).await;
    let words = look.text("main");
    assert!(words.contains("23 tháng Chạp đến 15 tháng Giêng"), "{words}");
    let monthly = [("kind", "monthly"), ("days", "1, 15"), ("reason_vi", "Ngày chay")];
    assert_eq!(site.post(&address, &cookie, &monthly).await.status, StatusCode::SEE_OTHER);
    let page = site.get(&host("/schedule"), &cookie).await.text("main");
    assert!(page.contains("Ngày chay: Ngày 1 và 15 âm lịch"), "{page}");
    let wrong = [("kind", "lunar"), ("from", "31/12"), ("reason_vi", "")];
    let answer = site.post(&address, &cookie, &wrong).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!((answer.count("#from-error"), answer.count("#reason_vi-error")), (1, 1));
}

#[tokio::test]
async fn a_slot_below_its_minimum_is_decided_on_the_day_page() {
    let site = Site::open().await;
    let cookie = site.owner().await;
    let catalogue = site.app.catalogue().await.unwrap();
    let workshop = site.workshop(SHOP).await;
    let tour = catalogue.all_tours_of(workshop).find(|tour| tour.min_to_run > 1).unwrap();
    let slot: engine::schedule::Slot = {
        let mut conn = site.store.read().await.unwrap();
        conn.fetch_one(
            "SELECT * FROM slot WHERE tour_id = $1 AND starts_at > $2 ORDER BY starts_at LIMIT 1",
            params![tour.id, site.store.now() + chrono::TimeDelta::days(5)],
        )
        .await
        .unwrap()
    };
    site.booked(&slot, "Một mình").await;
    // One of the two stays at home.
    site.store
        .write("alone", slot.id, |tx, id| {
            Box::pin(async move {
                tx.execute(
                    "UPDATE slot SET taken = 1, run_state = 'asked' WHERE id = $1",
                    params![id],
                )
                .await
            })
        })
        .await
        .map_err(|error: engine::store::StoreError| error)
        .unwrap();
    let day = site.get(&host(""), &cookie).await;
    assert!(day.text(".notice").contains("Mới có 1 trên ít nhất 2 khách"), "{}", day.body);
    let page = host(&format!("/slots/{}", slot.id));
    assert_eq!(site.get(&page, &cookie).await.count("#minimum"), 1);
    let off = [("act", "decide"), ("decision", "call_off"), ("reason_off", "")];
    let answer = site.post(&page, &cookie, &off).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.count("#reason_off-error"), 1);
    let ask = [("act", "decide"), ("decision", "ask"), ("back", "day")];
    let answer = site.post(&page, &cookie, &ask).await;
    assert_eq!(answer.location, format!("{}?date={}", host(""), slot.local_date));
    assert!(site.get(&page, &cookie).await.text("#minimum").contains("Khách đã được hỏi"));
    let run = [("act", "decide"), ("decision", "run")];
    assert_eq!(site.post(&page, &cookie, &run).await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.get(&page, &cookie).await.count("#minimum"), 0);
}

#[tokio::test]
async fn people_are_asked_promoted_and_removed_but_never_the_last_owner() {
    let site = Site::open().await;
    let cookie = site.owner().await;
    let page = host("/people");
    let wrong = [("act", "invite"), ("name", ""), ("email", "no at"), ("role", "")];
    let answer = site.post(&page, &cookie, &wrong).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.attr("#email", "value"), "no at");
    let good =
        [("act", "invite"), ("name", "Lan"), ("email", "lan@example.com"), ("role", "staff")];
    let answer = site.post(&page, &cookie, &good).await;
    assert_eq!(answer.location, format!("{page}?done=invited"));
    let list = site.get(&page, &cookie).await;
    assert!(list.text(".entry-list").contains("lan@example.com"), "{}", list.body);
    let ids: Vec<String> = {
        let html = list.page();
        let each = scraper::Selector::parse("li.entry").unwrap();
        html.select(&each).map(|item| item.attr("id").unwrap()[2..].to_owned()).collect()
    };
    // Two owners and Lan.
    assert_eq!(ids.len(), 3);
    for id in &ids[..1] {
        let answer = site.post(&page, &cookie, &[("act", "remove"), ("person", id)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    }
    let still = site.get(&page, &cookie).await;
    let cookie = if still.status == StatusCode::OK { cookie } else { site.person(None).await };
    let list = site.get(&page, &cookie).await;
    let last = list.attr("li.entry", "id")[2..].to_owned();
    let answer =
        site.post(&page, &cookie, &[("act", "role"), ("person", &last), ("role", "staff")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("ít nhất một chủ"), "{}", answer.body);
    let unknown = [("act", "remove"), ("person", "01a20fff-1942-76eb-9f19-02874410c44f")];
    assert_eq!(site.post(&page, &cookie, &unknown).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_calendars_address_is_shown_read_and_renewed() {
    let site = Site::open().await;
    let cookie = site.owner().await;
    site.booked(&site.slot(2).await, "Bà Tư").await;
    let page = site.get(&host("/feed"), &cookie).await;
    let url = page.attr("#feed", "value");
    let path = url.strip_prefix("http://localhost").unwrap().to_owned();
    let feed = site.get(&path, "").await;
    assert!(feed.body.contains("BEGIN:VEVENT") && feed.body.contains("Bà Tư"), "{}", feed.body);
    let known = Request::get(&path).header(header::IF_NONE_MATCH, format!("W/{}", feed.tag));
    let known = site.send(known.body(Body::empty()).unwrap()).await;
    assert_eq!((known.status, known.body.as_str()), (StatusCode::NOT_MODIFIED, ""));
    let staff = site.person(Some((Role::Staff, SHOP))).await;
    assert_eq!(site.get(&host("/feed"), &staff).await.count("form button.btn-danger"), 0);
    let renewed = site.post(&host("/feed"), &cookie, &[("of", "feed")]).await;
    assert_eq!(renewed.status, StatusCode::SEE_OTHER);
    assert_eq!(site.get(&path, "").await.status, StatusCode::NOT_FOUND);
    let fresh = site.get(&host("/feed"), &cookie).await.attr("#feed", "value");
    assert!(fresh != url && fresh.contains(".ics"));
}

#[tokio::test]
async fn the_office_sees_letters_work_and_what_was_done() {
    let site = Site::open().await;
    let admin = site.person(None).await;
    site.app.workers.record("deliver mails", site.store.now(), Err("no route to host".into()));
    let page = site.get("/vi/office", &admin).await;
    assert!(page.text("main").contains("no route to host"), "{}", page.body);
    let booking = site.booked(&site.slot(2).await, "Bà Tư").await;
    site.store
        .write("dead", (), |tx, ()| {
            Box::pin(async move {
                tx.execute(
                    "UPDATE outbox SET state = 'dead', attempts = 8, last_error = '550 user unknown' \
                     WHERE kind = 'confirmation'",
                    vec![],
                )
                .await
            })
        })
        .await
        .map_err(|error: engine::store::StoreError| error)
        .unwrap();
    let outbox = site.get("/vi/office/outbox", &admin).await;
    let row = outbox.text("tbody");
    assert!(row.contains("550 user unknown") && row.contains(&booking.code), "{row}");
    let letter = outbox.attr("input[name=letter]", "value");
    let again = site.post("/vi/office/outbox", &admin, &[("letter", &letter)]).await;
    assert_eq!(again.location, "/vi/office/outbox?state=queued&again=1");
    let queued = site.get(&again.location, &admin).await;
    assert!(queued.text("tbody").contains(&booking.code), "{}", queued.body);
    let waiting = queued.count("input[name=letter]");
    assert_eq!(waiting, 0, "what waits is not sent again");
    let twice = site
        .post("/vi/office/outbox", &admin, &[("letter", &site.slot(2).await.id.to_string())])
        .await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);

    let audit = site
        .get(
            &format!("/vi/office/audit?area=booking&subject={}", booking.code.to_lowercase()),
            &admin,
        )
        .await;
    assert_eq!(audit.count("tbody tr"), 1, "{}", audit.body);
    assert!(audit.text("tbody").contains("Đặt hộ khách gọi điện"));
    let mail = site.get("/vi/office/audit?area=mail", &admin).await;
    assert!(mail.text("tbody").contains("Gửi lại thư") && mail.text("tbody").contains("Cô Ba"));
}

#[tokio::test]
async fn a_change_that_cannot_be_made_keeps_what_was_typed() {
    let site = Site::open().await;
    let slot = site.slot(2).await;
    let booking = site.booked(&slot, "Bà Tư").await;
    let owner = site.owner().await;
    let page = format!("/vi/host/{SHOP}/bookings/{}", booking.code);
    let unit = format!("unit.{}", booking.party.lines()[0].unit_id);
    let refused = site.post(&page, &owner, &[("act", "party"), (&unit, "40")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.attr(&format!("details[open] input[name='{unit}']"), "value"), "40");
    assert_eq!(site.again(&booking).await.people, booking.people);
}
