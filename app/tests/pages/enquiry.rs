//! A group asks, the host offers, the group accepts: without script, on SQLite.

use crate::site::{BASE, Site};
use axum::http::StatusCode;
use chrono::TimeDelta;
use engine::catalogue::Tour;
use engine::{booking, params};

impl Site {
    async fn tour(&self, slug: &str) -> Tour {
        self.app.catalogue().await.unwrap().tour_by_slug(slug).unwrap().clone()
    }

    /// Signs in as somebody with this role in the workshop.
    async fn in_team(&self, workshop: &str, role: &str) -> String {
        let mut conn = self.store.read().await.unwrap();
        let (email,): (String,) = conn
            .fetch_one(
                "SELECT person.email FROM membership \
                 JOIN person ON person.id = membership.person_id \
                 JOIN workshop ON workshop.id = membership.workshop_id \
                 WHERE workshop.slug = $1 AND membership.role = $2",
                params![*workshop, *role],
            )
            .await
            .unwrap();
        drop(conn);
        self.sign_in(&email).await
    }

    /// A group of 25 asks; answers its page and the host's.
    async fn asked(&self, tour: &str) -> (String, String) {
        let ask = format!("/vi/tours/{tour}/enquiry");
        let page = self.goes(&ask, "", &GROUP).await;
        let id = page.split('/').nth(3).unwrap();
        (page.clone(), format!("/vi/host/{HOUSE}/enquiries/{id}"))
    }
}

const TOUR: &str = "ve-tren-gom-moc";
const HOUSE: &str = "nha-gom-cam-van";
const GROUP: [(&str, &str); 7] = [
    ("people", "25"),
    ("date", "2026-12-10"),
    ("organisation", "THCS Trưng Vương"),
    ("message", "Lớp 7A <b>và</b> 7B"),
    ("name", "Cô Lan"),
    ("email", "lan@example.com"),
    ("phone", "0903 111 222"),
];

fn offer(option: &str) -> Vec<(&str, &str)> {
    vec![
        ("act", "offer"),
        ("option", option),
        ("date", "2026-12-10"),
        ("time", "08:30"),
        ("people", "25"),
        ("price", "120.000"),
        ("by", "each"),
        ("until", "2026-12-03"),
        ("words", "Mời các em"),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_asks_and_takes_the_offer() {
    let site = Site::without_slots(BASE).await;
    let tour = site.tour(TOUR).await;
    let (option, adult) = (&tour.options[0], tour.options[0].units[0].id);
    // The tour's page leads there, with what was chosen.
    let chosen = format!("/vi/tours/{TOUR}?{adult}=25&date=2026-12-10");
    let link = site.get(&chosen, "").await.attr("#book .notice a", "href");
    let form = site.get(&link, "").await;
    assert_eq!(form.status, StatusCode::OK, "{link}");
    assert_eq!(
        (form.attr("#people", "value"), form.attr("#date", "value")),
        ("25".into(), "2026-12-10".into())
    );
    assert_eq!(form.attr("meta[name=robots]", "content"), "noindex");

    let (page, answer) = site.asked(TOUR).await;
    let seen = site.get(&page, "").await;
    assert!(seen.text("h1").contains("đã nhận yêu cầu"), "{}", seen.body);
    assert!(seen.body.contains("&lt;b&gt;") && !seen.body.contains("<b>và"));

    let host = site.in_team(HOUSE, "owner").await;
    let list = site.get(&format!("/vi/host/{HOUSE}/enquiries"), &host).await;
    assert!(list.text(".entry-title").contains("THCS Trưng Vương, 25 người"));
    assert_eq!(list.text(".host-nav .count"), "1");
    let shown = site.get(&answer, &host).await;
    assert_eq!(shown.attr("#people", "value"), "25");
    let option = option.id.to_string();
    assert_eq!(site.goes(&answer, &host, &offer(&option)).await, format!("{answer}?sent=1"));
    let shown = site.get(&format!("{answer}?sent=1"), &host).await;
    assert!(shown.text(".price-total").contains("3.000.000"), "{}", shown.body);
    assert_eq!(shown.count(".host-nav .count"), 0);

    let seen = site.get(&page, "").await;
    assert!(seen.text(".hold").contains("23:59 thứ Năm, 03/12/2026"), "{}", seen.text(".hold"));
    assert!(seen.text(".price-lines").contains("Đoàn 25 người × 120.000"));
    assert!(seen.text("blockquote").contains("Mời các em"));
    let done = site.goes(&page, "", &[("do", "accept")]).await;
    assert!(done.starts_with("/vi/booking/") && done.ends_with("?done=1"), "{done}");
    assert!(site.get(&done, "").await.text(".ticket").contains("oàn 25 người"));
    assert_eq!(site.goes(&page, "", &[("do", "accept")]).await, done, "pressed twice");
    assert!(site.get(&page, "").await.body.contains("Xem đặt chỗ"));
    let day = site.get(&format!("/vi/host/{HOUSE}?date=2026-12-10"), &host).await;
    assert!(day.text(".guest").contains("Cô Lan"), "{}", day.body);

    // Fewer may come, at the price for each.
    let manage = done.trim_end_matches("?done=1");
    let party = site.get(&format!("{manage}/party"), "").await;
    let unit = party.attr(".stepper-input", "name");
    assert_eq!(party.attr(".stepper-input", "value"), "25");
    let more = site.post(&format!("{manage}/party"), "", &[(&unit, "26")]).await;
    assert_eq!(more.status, StatusCode::UNPROCESSABLE_ENTITY);
    site.goes(&format!("{manage}/party"), "", &[(&unit, "24"), ("agreed", "1")]).await;
    assert!(site.get(manage, "").await.text(".ticket").contains("2.880.000"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_that_ran_out_is_not_taken() {
    let site = Site::without_slots(BASE).await;
    let tour = site.tour(TOUR).await;
    let (page, answer) = site.asked(TOUR).await;
    let host = site.in_team(HOUSE, "owner").await;
    site.goes(&answer, &host, &offer(&tour.options[0].id.to_string())).await;
    site.store.clock().advance(TimeDelta::days(3));
    site.store.write("expire", (), |tx, ()| Box::pin(booking::expire_due(tx))).await.unwrap();
    let late = site.post(&page, "", &[("do", "accept")]).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(late.text("h1").contains("đã hết hạn"), "{}", late.body);
    assert!(late.body.contains("/enquiry?people=25"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_said_beside_its_field() {
    let site = Site::without_slots(BASE).await;
    let ask = format!("/en/tours/{TOUR}/enquiry");
    let wrong = [
        ("people", "no"),
        ("date", "2020-01-01"),
        ("name", "Lan"),
        ("email", "lan@"),
        ("website", "https://spam.example"),
    ];
    let refused = site.post(&ask, "", &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    // The last is a field that people don't see until a program filled it in.
    for field in ["people", "date", "email", "website"] {
        assert_eq!(refused.attr(&format!("#{field}"), "aria-invalid"), "true", "{field}");
    }
    assert_eq!(refused.attr("#name", "value"), "Lan");
    assert_eq!(site.get("/vi/tours/nothing/enquiry", "").await.status, StatusCode::NOT_FOUND);

    let (_, answer) = site.asked(TOUR).await;
    let host = site.in_team(HOUSE, "owner").await;
    let option = site.tour(TOUR).await.options[0].id.to_string();
    for (field, value, shown) in [
        ("price", "năm triệu", "price"),
        ("people", "0", "people"),
        ("time", "", "time"),
        ("until", "2026-12-24", "until"),
        ("option", "", "option"),
    ] {
        let mut fields = offer(&option);
        fields.retain(|(name, _)| *name != field);
        fields.push((field, value));
        let refused = site.post(&answer, &host, &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        assert_eq!(refused.count(&format!("#{shown}-error")), 1, "{field}");
        assert!(refused.body.contains("Mời các em"), "typed words are kept");
    }
    let empty = site.post(&answer, &host, &[("act", "decline"), ("reply", " ")]).await;
    assert_eq!((empty.status, empty.count("#reply-error")), (StatusCode::UNPROCESSABLE_ENTITY, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_learn_nothing_and_staff_do_not_name_prices() {
    let site = Site::without_slots(BASE).await;
    let (page, answer) = site.asked(TOUR).await;
    let (id, _) = page.rsplit_once('/').unwrap();
    assert_eq!(site.get(&format!("{id}/wrong"), "").await.status, StatusCode::NOT_FOUND);
    let tried = site.post(&format!("{id}/wrong"), "", &[("do", "withdraw")]).await;
    assert_eq!(tried.status, StatusCode::NOT_FOUND);
    assert!(site.get(&answer, "").await.location.contains("/sign-in"));
    let other = site.in_team("gom-minh-hai", "owner").await;
    assert_eq!(site.get(&answer, &other).await.status, StatusCode::NOT_FOUND);
    let theirs = answer.replace(HOUSE, "gom-minh-hai");
    assert_eq!(site.get(&theirs, &other).await.status, StatusCode::NOT_FOUND);
    let words = [("act", "decline"), ("reply", "Không")];
    assert_eq!(site.post(&theirs, &other, &words).await.status, StatusCode::NOT_FOUND);

    site.goes(&page, "", &[("do", "withdraw")]).await;
    assert!(site.get(&page, "").await.text("h1").contains("rút lại"));
    let host = site.in_team(HOUSE, "owner").await;
    let late = site.post(&answer, &host, &words).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(site.get(&answer, &host).await.count("form.panel"), 0);
}

/// A party of three, booked for a tour that asks each guest and has a waiver.
async fn party_of_three(site: &Site) -> (Tour, String) {
    let catalogue = site.app.catalogue().await.unwrap();
    let asks = |tour: &&Tour| {
        tour.waiver.is_some()
            && tour.max_party >= 3
            && tour
                .questions
                .of(engine::catalogue::QuestionScope::Guest)
                .any(|asked| asked.required)
    };
    let tour = catalogue.published().find(asks).unwrap().clone();
    let option = tour.open_options().next().unwrap();
    let adult = option.open_units().next().unwrap().id.to_string();
    let (shop, option) = (tour.workshop_id, option.id);
    let slot = engine::SlotId::new(site.store.now());
    let starts = engine::store::testing::test_start() + TimeDelta::days(10);
    site.store
        .write("slot", tour.id, move |tx, tour| {
            Box::pin(async move {
                tx.execute_one(
                    "INSERT INTO slot (id, option_id, tour_id, workshop_id, starts_at, ends_at, \
                     closes_at, local_date, capacity, taken, overbooked, status, origin, guide, \
                     note, run_state) VALUES ($1, $2, $3, $4, $5, $6, $5, $7, 8, 0, 0, 'open', \
                     'host', '', '', 'runs')",
                    params![
                        slot,
                        option,
                        tour,
                        shop,
                        starts,
                        starts + TimeDelta::hours(2),
                        engine::clock::local_date(starts)
                    ],
                )
                .await
            })
        })
        .await
        .unwrap();
    let details = site.goes(&format!("/vi/book/{slot}"), "", &[(&adult, "3")]).await;
    let mut fields = vec![("name", "Phượng"), ("email", "phuong@example.com"), ("waiver", "on")];
    let asked: Vec<String> = tour
        .questions
        .of(engine::catalogue::QuestionScope::Booking)
        .map(|question| format!("q.{}", question.key))
        .collect();
    fields.extend(asked.iter().map(|name| (name.as_str(), "12")));
    let review = site.goes(&details, "", &fields).await;
    let done = site.goes(&review, "", &[]).await;
    (tour, done.trim_end_matches("?done=1").to_owned())
}

/// What a guest answers, right for every question of the tour.
fn answers(tour: &Tour) -> Vec<(String, String)> {
    use engine::catalogue::{QuestionKind, QuestionScope};
    tour.questions
        .of(QuestionScope::Guest)
        .map(|asked| {
            let answer = match asked.kind {
                QuestionKind::Number => "14".to_owned(),
                QuestionKind::Text => "Lạc".to_owned(),
                QuestionKind::Choice => asked.choices[0].value.clone(),
            };
            (format!("q.{}", asked.key), answer)
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn companions_fill_in_their_own() {
    let site = Site::without_slots(BASE).await;
    let (tour, manage) = party_of_three(&site).await;
    let page = site.get(&manage, "").await;
    assert!(page.body.contains("0 trên 3 người đã điền"), "{}", page.body);
    let link = page.attr("#companions", "value");
    let link = link.strip_prefix("http://localhost").unwrap();

    let form = site.get(link, "").await;
    assert_eq!(form.status, StatusCode::OK);
    let secret = manage.rsplit('/').next().unwrap();
    for private in ["Phượng", "phuong@example.com", secret, "₫"] {
        assert!(!form.body.contains(private), "{private} is private");
    }
    assert!(form.body.contains(tour.title.text(engine::Locale::Vi)));
    let key = form.attr("input[name=form_key]", "value");
    let wrong = site.post(link, "", &[("form_key", &key), ("name", " ")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!((wrong.count("#name-error"), wrong.count("#waiver-error")), (1, 1));
    let mut fields = vec![("form_key", key.as_str()), ("name", "An <i>"), ("waiver", "on")];
    let answers = answers(&tour);
    fields.extend(answers.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    let mine = site.goes(link, "", &fields).await;
    assert_eq!(site.goes(link, "", &fields).await, mine, "sent twice");
    let page = site.get(&mine, "").await;
    assert!(page.text(".notice").contains("Cảm ơn, An <i>"), "{}", page.body);
    assert_eq!(page.attr("#name", "value"), "An <i>");
    let fresh = site.get(link, "").await;
    assert!(!fresh.body.contains("An &lt;i"), "the others do not read it");

    // The booker sees who, not what, and fills in for a child.
    let list = site.get(&format!("{manage}/guests"), "").await;
    assert!(list.text(".entry").contains("An <i>") && list.text(".entry").contains("tự điền"));
    let key = list.attr("form.panel input[name=form_key]", "value");
    let child = [("form_key", key.as_str()), ("name", "Bi")];
    site.goes(&format!("{manage}/guests"), "", &child).await;
    assert!(site.get(&manage, "").await.body.contains("2 trên 3 người đã điền"));
    let list = site.get(&format!("{manage}/guests"), "").await;
    let edit = list.attr(".entry a", "href");
    assert_eq!(site.get(edit.trim_end_matches("#fill"), "").await.attr("#name", "value"), "Bi");

    // The workshop reads all of it, counted.
    let catalogue = site.app.catalogue().await.unwrap();
    let shop = catalogue.workshop(tour.workshop_id).unwrap().slug.clone();
    let host = site.in_team(&shop, "owner").await;
    let code = manage.split('/').nth(3).unwrap();
    let booking = site.get(&format!("/vi/host/{shop}/bookings/{code}"), &host).await;
    assert!(booking.text(".known").contains("An <i>"), "{}", booking.body);
    assert!(booking.text(".known").contains("Đồng ý quy định lúc"));
    let sheet = site.get(&format!("/vi/host/{shop}/sheet?date=2026-12-11"), &host).await;
    assert!(sheet.text(".table").contains("An <i>"), "{}", sheet.body);
    assert!(sheet.text("dl.pairs").contains("2 chưa rõ"), "{}", sheet.text("dl.pairs"));

    // Cancelled: nothing to fill in, and the link says so.
    site.goes(&format!("{manage}/cancel"), "", &[]).await;
    let over = site.get(link, "").await;
    assert_eq!((over.status, over.count("form")), (StatusCode::OK, 0));
    assert_eq!(site.get(&format!("{manage}/guests"), "").await.location, manage);
    assert_eq!(site.get(&format!("{link}x"), "").await.status, StatusCode::NOT_FOUND);
}
