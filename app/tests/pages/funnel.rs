//! Booking as a guest without script does it: pages, forms and redirects, on SQLite.

use crate::site::{BASE, Site};
use axum::http::StatusCode;
use chrono::TimeDelta;
use engine::catalogue::{Tour, TourOption, UnitKind};
use engine::store::testing::test_start;
use engine::{SlotId, booking, params};

impl Site {
    async fn a_tour(&self, wanted: impl Fn(&Tour) -> bool) -> (Tour, TourOption) {
        let catalogue = self.app.catalogue().await.unwrap();
        let tour = catalogue.published().find(|tour| wanted(tour)).unwrap().clone();
        let option = tour.open_options().next().unwrap().clone();
        (tour, option)
    }

    async fn slot_in(&self, tour: &Tour, option: &TourOption, days: i64, capacity: i32) -> SlotId {
        let starts = test_start() + TimeDelta::days(days) + TimeDelta::hours(1);
        let id = SlotId::new(self.store.now());
        let row = (id, option.id, tour.id, tour.workshop_id, starts, capacity);
        self.store
            .write("slot", row, |tx, (id, option, tour, workshop, starts, capacity)| {
                Box::pin(async move {
                    tx.execute_one(
                        "INSERT INTO slot (id, option_id, tour_id, workshop_id, starts_at, ends_at, \
                         closes_at, local_date, capacity, taken, overbooked, status, origin, guide, \
                         note, run_state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, 'open', \
                         'host', '', '', 'runs')",
                        params![
                            id, option, tour, workshop, starts,
                            starts + TimeDelta::minutes(90), starts - TimeDelta::hours(12),
                            engine::clock::local_date(starts), capacity,
                        ],
                    )
                    .await
                })
            })
            .await
            .unwrap();
        id
    }

    async fn taken(&self, slot: SlotId) -> i32 {
        let mut conn = self.store.read().await.unwrap();
        engine::schedule::slots::find(&mut conn, slot).await.unwrap().unwrap().taken
    }

    async fn letters(&self) -> i64 {
        let mut conn = self.store.read().await.unwrap();
        let (count,): (i64,) =
            conn.fetch_one("SELECT CAST(COUNT(*) AS BIGINT) FROM outbox", vec![]).await.unwrap();
        count
    }

    async fn expire(&self) {
        if let engine::clock::Clock::Fixed(_) = self.store.clock() {
            self.store.clock().advance(TimeDelta::minutes(16));
        }
        self.store
            .write("expire", (), |tx, ()| Box::pin(booking::expire_due(tx)))
            .await
            .map(|_| ())
            .unwrap();
    }
}

fn unit(option: &TourOption, kind: UnitKind) -> String {
    option.open_units().find(|unit| unit.kind == kind).unwrap().id.to_string()
}

const GUEST: [(&str, &str); 4] = [
    ("name", "Trần Thị Minh Phượng"),
    ("email", "phuong@example.com"),
    ("phone", "0912 345 678"),
    ("notes", "Đến bằng xe buýt"),
];

fn with_children(tour: &Tour) -> bool {
    tour.slug == "nan-gom-ban-xoay"
}

#[tokio::test(flavor = "multi_thread")]
async fn a_family_books_changes_moves_and_cancels() {
    let site = Site::without_slots(BASE).await;
    let (tour, option) = site.a_tour(with_children).await;
    let slot = site.slot_in(&tour, &option, 10, 8).await;
    let other = site.slot_in(&tour, &option, 11, 8).await;
    let (adult, child) = (unit(&option, UnitKind::Adult), unit(&option, UnitKind::Child));

    let book = format!("/vi/book/{slot}");
    let page = site.get(&book, "").await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.count("input[type=number]"), option.open_units().count());
    let key = page.attr("input[name=form_key]", "value");

    let form = [("form_key", key.as_str()), (&adult, "2"), (&child, "1")];
    let details = site.goes(&book, "", &form).await;
    assert!(details.ends_with("/details"), "{details}");
    assert_eq!(site.taken(slot).await, 3);
    // The same form once more is the same booking.
    assert_eq!(site.goes(&book, "", &form).await, details);
    assert_eq!(site.taken(slot).await, 3);

    assert_eq!(site.get(&details, "").await.status, StatusCode::OK);
    let review = site.goes(&details, "", &GUEST).await;
    let page = site.get(&review, "").await;
    assert!(page.body.contains("Trần Thị Minh Phượng") && page.body.contains("GMT+7"));
    assert!(page.body.contains("550.000"), "2 × 200.000 + 150.000");
    assert!(
        page.body.contains("Hộ kinh doanh Nguyễn Minh Hải (Hộ kinh doanh), mã số thuế 8000000001")
    );
    // Back links keep what was typed.
    assert_eq!(site.get(&details, "").await.attr("#email", "value"), "phuong@example.com");

    // Letters may come in another language than the page's.
    site.goes(&details, "", &[&GUEST[..], &[("language", "en")]].concat()).await;
    assert_eq!(site.get(&details, "").await.attr("#language option[selected]", "value"), "en");
    site.goes(&details, "", &GUEST).await;

    let done = site.goes(&review, "", &[]).await;
    assert_eq!(site.goes(&review, "", &[]).await, done, "pressed twice");
    assert_eq!(site.letters().await, 2, "one for the guest, one for the host");
    let page = site.get(&done, "").await;
    assert_eq!(page.count(".done-head"), 1);
    assert!(page.body.contains("phuong@example.com"));
    assert_eq!(page.attr("meta[name=robots]", "content"), "noindex");

    let manage = done.trim_end_matches("?done=1").to_owned();
    // The price is shown before the change is made.
    let party = format!("{manage}/party");
    let preview = site.post(&party, "", &[(&adult, "3"), (&child, "1")]).await;
    assert_eq!(preview.status, StatusCode::OK);
    assert!(preview.text(".notice").contains("200.000"), "{}", preview.body);
    assert_eq!(site.taken(slot).await, 3);
    let changed = site.goes(&party, "", &[(&adult, "3"), (&child, "1"), ("agreed", "1")]).await;
    assert_eq!(site.taken(slot).await, 4);
    assert_eq!(site.get(&changed, "").await.count(".notice[data-tone=good]"), 1);

    let moving = format!("{manage}/move");
    assert_eq!(site.get(&moving, "").await.attr("input[name=slot]", "value"), other.to_string());
    assert_eq!(site.post(&moving, "", &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    site.goes(&moving, "", &[("slot", &other.to_string())]).await;
    assert_eq!((site.taken(slot).await, site.taken(other).await), (0, 4));

    let voucher = site.get(&format!("{manage}/voucher"), "").await;
    assert_eq!((voucher.status, voucher.count(".voucher")), (StatusCode::OK, 1));
    assert_eq!(voucher.count(".qr svg path"), 1);
    let entry = site.get(&format!("{manage}/invite.ics"), "").await;
    assert!(entry.body.contains("BEGIN:VEVENT") && entry.body.contains("SEQUENCE:2"));

    let cancel = format!("{manage}/cancel");
    assert_eq!(site.get(&cancel, "").await.count(".notice[data-tone=good]"), 1, "free so early");
    let cancelled = site.goes(&cancel, "", &[("reason", "Ốm")]).await;
    assert_eq!(site.taken(other).await, 0);
    assert!(site.get(&cancelled, "").await.text(".badge").contains("Đã hủy"));
    // Pressed twice: nothing more happens.
    let letters = site.letters().await;
    assert_eq!(site.goes(&cancel, "", &[]).await, manage);
    assert_eq!(site.letters().await, letters);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_said_beside_its_field_and_what_was_typed_is_kept() {
    let site = Site::without_slots(BASE).await;
    let (tour, option) = site.a_tour(with_children).await;
    let slot = site.slot_in(&tour, &option, 10, 3).await;
    site.slot_in(&tour, &option, 11, 8).await;
    let (adult, child) = (unit(&option, UnitKind::Adult), unit(&option, UnitKind::Child));
    let book = format!("/en/book/{slot}");

    for (adults, children) in
        [("", ""), ("0", "0"), ("0", "2"), ("9", "0"), ("two", "0"), ("-1", "0")]
    {
        let answer = site.post(&book, "", &[(&adult, adults), (&child, children)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{adults}/{children}");
        let link = answer.attr(".error-summary a", "href");
        assert_eq!(answer.count(&format!("[id='{}']", &link[1..])), 1, "{link} leads nowhere");
    }
    let answer = site.post(&book, "", &[(&adult, "4")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text(".notice").contains("Only 3 places are left, you asked for 4."));
    assert!(answer.attr("a.slot", "href").contains(&format!("{adult}=4")), "offers another time");
    assert_eq!(site.taken(slot).await, 0);

    let details = site.goes(&book, "", &[(&adult, "1")]).await;
    let long = "x".repeat(2_001);
    let answer = site
        .post(
            &details,
            "",
            &[("name", " "), ("email", "phuong@"), ("phone", "1"), ("notes", &long)],
        )
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for field in ["name", "email", "phone", "notes"] {
        assert_eq!(answer.attr(&format!("#{field}"), "aria-invalid"), "true", "{field}");
        assert_eq!(answer.count(&format!("#{field}-error")), 1, "{field}");
    }
    assert_eq!(answer.attr("#email", "value"), "phuong@");
    assert_eq!(answer.count(".error-summary li"), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waiver_must_be_accepted() {
    let site = Site::without_slots(BASE).await;
    let (tour, option) = site.a_tour(|tour| tour.waiver.is_some() && tour.min_party == 1).await;
    let slot = site.slot_in(&tour, &option, 20, 8).await;
    let adult = unit(&option, UnitKind::Adult);
    let details = site.goes(&format!("/vi/book/{slot}"), "", &[(&adult, "1")]).await;
    let answer = site.post(&details, "", &GUEST).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.attr("#waiver", "aria-invalid"), "true");
    assert_eq!(answer.attr("#name", "value"), GUEST[0].1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hold_that_ran_out_is_taken_again_with_one_click() {
    let site = Site::without_slots(BASE).await;
    let (tour, option) = site.a_tour(with_children).await;
    let slot = site.slot_in(&tour, &option, 10, 2).await;
    let later = site.slot_in(&tour, &option, 11, 2).await;
    let adult = unit(&option, UnitKind::Adult);
    let book = format!("/en/book/{slot}");

    let details = site.goes(&book, "", &[(&adult, "2")]).await;
    site.expire().await;
    assert_eq!(site.taken(slot).await, 0);
    // Typed too late: kept all the same.
    let review = site.goes(&details, "", &GUEST).await;
    let page = site.get(&review, "").await;
    assert!(page.body.contains("What you typed is still here."));
    let hold = page.attr("form[action$='/hold']", "action");
    let again = site.goes(&hold, "", &[("slot", &slot.to_string())]).await;
    assert_eq!(site.taken(slot).await, 2);
    assert!(site.get(&again, "").await.body.contains(GUEST[0].1));

    // It runs out once more, and somebody else takes the seats.
    site.expire().await;
    site.goes(&book, "", &[(&adult, "2")]).await;
    let page = site.get(&review, "").await;
    assert!(page.body.contains("no longer room"), "{}", page.body);
    assert_eq!(page.count(&format!("input[value='{slot}']")), 0);
    assert_eq!(page.count(&format!("input[value='{later}']")), 1);
    let again = site.goes(&hold, "", &[("slot", &later.to_string())]).await;
    assert!(site.goes(&again, "", &[]).await.ends_with("?done=1"));
    assert_eq!(site.taken(later).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_finds_nothing() {
    let site = Site::without_slots(BASE).await;
    let (tour, option) = site.a_tour(with_children).await;
    let slot = site.slot_in(&tour, &option, 10, 8).await;
    let adult = unit(&option, UnitKind::Adult);
    let details = site.goes(&format!("/vi/book/{slot}"), "", &[(&adult, "1")]).await;
    let review = site.goes(&details, "", &GUEST).await;
    let manage = site.goes(&review, "", &[]).await;
    let manage = manage.trim_end_matches("?done=1");
    let (code, _) = manage.rsplit_once('/').unwrap();
    for sub in ["", "/details", "/review", "/party", "/move", "/cancel", "/voucher", "/invite.ics"]
    {
        assert_eq!(site.get(&format!("{code}/wrong{sub}"), "").await.status, StatusCode::NOT_FOUND);
    }
    for sub in ["/details", "/review", "/hold", "/party", "/move", "/cancel"] {
        let answer = site.post(&format!("{code}/wrong{sub}"), "", &[]).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{sub}");
    }
    assert_eq!(site.taken(slot).await, 1);
    let public = code.rsplit_once('/').unwrap();
    let bare = site.get(&format!("{}/{}", public.0, public.1), "").await;
    assert_eq!(bare.location, "/vi/find", "the code of a voucher alone opens nothing");
    assert_eq!(site.get("/vi/book/nonsense", "").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn names_and_notes_are_never_markup() {
    const ATTACK: &str = "</textarea><script>alert(1)</script><img src=x onerror=alert(1)>\"'";
    let site = Site::without_slots(BASE).await;
    let (tour, option) = site.a_tour(with_children).await;
    let slot = site.slot_in(&tour, &option, 10, 8).await;
    let adult = unit(&option, UnitKind::Adult);
    let details = site.goes(&format!("/en/book/{slot}"), "", &[(&adult, "1")]).await;
    let fields = [("name", ATTACK), ("email", "a@example.com"), ("notes", ATTACK)];
    let wrong = [("name", ATTACK), ("email", ATTACK), ("notes", ATTACK)];
    let refused = site.post(&details, "", &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let review = site.goes(&details, "", &fields).await;
    let mut pages = vec![refused, site.get(&details, "").await, site.get(&review, "").await];
    let done = site.goes(&review, "", &[]).await;
    pages.push(site.get(&done, "").await);
    pages.push(site.get(&done.replace("?done=1", "/voucher"), "").await);
    for page in pages {
        assert!(!page.body.contains("<script>alert"), "{}", page.body);
        assert_eq!(page.count("img[src=x]"), 0);
    }
}
