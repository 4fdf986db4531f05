//! A workshop's money without script: rules, what visits brought, statements, payouts.

use crate::site::{Answer, OTHER, SHOP, Site};
use axum::http::{StatusCode, header};
use chrono::TimeDelta;
use engine::accounts::{Actor, Role};
use engine::booking::Booking;
use engine::booking::checkin::{CheckIn, check_in};
use engine::ledger::enter_due;
use engine::schedule::note_slot;

const TOUR: &str = "nan-gom-ban-xoay";

fn money(sub: &str) -> String {
    format!("/vi/host/{SHOP}/money{sub}")
}

/// The rows of the editor as a browser sends them.
fn rule_form<'a>(rows: &[(&'a str, &'a str, &'a str)], from: &'a str) -> Vec<(String, &'a str)> {
    let mut form = vec![("valid_from".to_owned(), from)];
    for (at, (to, how, value)) in rows.iter().enumerate() {
        form.push((format!("s{at}.to"), to));
        form.push((format!("s{at}.name"), ""));
        form.push((format!("s{at}.how"), how));
        form.push((format!("s{at}.value"), value));
    }
    form
}

const ROWS: [(&str, &str, &str); 4] = [
    ("guide", "percent", "12,5"),
    ("coop_fund", "percent", "5"),
    ("village_fund", "person", "5.000"),
    ("workshop", "rest", ""),
];

impl Site {
    async fn send_form(&self, path: &str, cookie: &str, form: &[(String, &str)]) -> Answer {
        let form: Vec<(&str, &str)> = form.iter().map(|(k, v)| (k.as_str(), *v)).collect();
        self.post(path, cookie, &form).await
    }

    /// Two adults visit three days from now with a guide; the clock stands after it, and the
    /// visit is entered.
    async fn visited(&self) -> Booking {
        let catalogue = self.app.catalogue().await.unwrap();
        let tour = catalogue.tour_by_slug(TOUR).unwrap().id;
        let mut conn = self.store.read().await.unwrap();
        let slot: engine::schedule::Slot = conn
            .fetch_one(
                "SELECT * FROM slot WHERE tour_id = $1 AND starts_at > $2 AND taken = 0 \
                 AND status = 'open' ORDER BY starts_at LIMIT 1",
                engine::params![tour, self.store.now() + TimeDelta::days(2)],
            )
            .await
            .unwrap();
        drop(conn);
        let note = engine::schedule::NoteSlot {
            actor: Actor::System,
            slot: slot.id,
            note: String::new(),
            guide: "Anh Tuấn".into(),
        };
        self.store.write("guide", note, |tx, c| Box::pin(note_slot(tx, c))).await.unwrap();
        let booking = self.booked(&slot, "Bà Tư").await;
        self.store.clock().advance(slot.starts_at - self.store.now());
        let mark = CheckIn {
            actor: Actor::System,
            booking: booking.id,
            arrived: booking.people,
            at: None,
        };
        self.store.write("in", mark, |tx, c| Box::pin(check_in(tx, c))).await.unwrap();
        self.store.clock().advance(slot.ends_at - slot.starts_at);
        self.enter().await;
        booking
    }

    async fn enter(&self) {
        let entered = self
            .store
            .write("enter", (), |tx, ()| Box::pin(async move { enter_due(tx).await }))
            .await;
        entered.unwrap();
    }
}

#[tokio::test]
async fn a_rule_is_tried_refused_kept_and_saved() {
    let site = Site::open().await;
    let cookie = site.owner().await;
    let page = money(&format!("/rules/{TOUR}"));
    let first = site.get(&page, &cookie).await;
    assert_eq!(first.count(".share-row"), 5, "{}", first.body);
    assert_eq!(first.attr("input[name=valid_from]", "value"), "2026-12-02");

    let mut form = rule_form(&ROWS, "2026-12-02");
    form.extend([("total".into(), "1.000.001"), ("people".into(), "3"), ("do".into(), "preview")]);
    let tried = site.send_form(&page, &cookie, &form).await;
    assert_eq!(tried.status, StatusCode::OK);
    let sums = tried.text("#example .price-lines");
    for amount in ["125.000", "50.000", "15.000", "810.001", "1.000.001"] {
        assert!(sums.contains(amount), "{amount}: {sums}");
    }
    assert_eq!(tried.attr("[id='s0.value']", "value"), "12,5");

    let wrong =
        [("guide", "percent", "200"), ("coop_fund", "visit", "x"), ("workshop", "rest", "")];
    let refused = site.send_form(&page, &cookie, &rule_form(&wrong, "2026-12-01")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for id in ["s0.value-error", "s1.value-error"] {
        assert_eq!(refused.count(&format!("[id='{id}']")), 1, "{id}");
    }
    assert_eq!(refused.attr("[id='s0.value']", "value"), "200");
    let nobody = [("guide", "percent", "20"), ("workshop", "none", "")];
    let refused = site.send_form(&page, &cookie, &rule_form(&nobody, "2026-12-02")).await;
    assert!(refused.text("#shares-error").contains("Đúng một bên"), "{}", refused.body);
    let early = site.send_form(&page, &cookie, &rule_form(&ROWS, "2026-12-01")).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(early.count("#valid_from-error"), 1);

    let saved = site.send_form(&page, &cookie, &rule_form(&ROWS, "2026-12-02")).await;
    assert_eq!(saved.location, format!("{}?saved=1", money("/rules")));
    let list = site.get(&saved.location, &cookie).await;
    assert!(list.text(".entry-list").contains("Từ 02/12/2026"), "{}", list.text("main"));
    assert!(list.text(".entry-list").contains("Hướng dẫn viên: 12,5%"));
    // Ended again from a later day; what was set stays in the history.
    let mut end = rule_form(&[("guide", "percent", "nonsense")], "2026-12-20");
    end.push(("do".into(), "end"));
    let ended = site.send_form(&page, &cookie, &end).await;
    assert_eq!(ended.status, StatusCode::SEE_OTHER, "{}", ended.body);
    assert_eq!(site.get(&page, &cookie).await.count("#history + .log li"), 2);

    let english = page.replace("/vi/", "/en/");
    let english = site.get(&english, &cookie).await;
    assert!(english.text(".log").contains("Guide: 12.5%"), "{}", english.text(".log"));
    let theirs = money("/rules/mai-tranh-duoi-nuoc");
    assert_eq!(site.get(&theirs, &cookie).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_visit_is_shared_told_and_paid_out() {
    let site = Site::open().await;
    let owner = site.owner().await;
    let page = money(&format!("/rules/{TOUR}"));
    site.send_form(&page, &owner, &rule_form(&ROWS, "2026-12-02")).await;
    let empty = site.get(&money(""), &owner).await;
    assert_eq!(empty.status, StatusCode::OK);
    assert!(empty.text("main").contains("Chưa có buổi nào"), "{}", empty.body);
    assert_eq!(site.get(&money("/statement"), &owner).await.status, StatusCode::OK);

    let booking = site.visited().await;
    let owner = site.owner().await;
    let total = booking.total;
    let guide = engine::Dong(total.0 * 125 / 1_000);
    let look = site.get(&money(""), &owner).await;
    let show = |amount: engine::Dong| amount.display(engine::Locale::Vi);
    assert!(look.text(".money-tally").contains(&show(total)), "{}", look.text("main"));
    assert_eq!(look.count(".chart svg rect"), 12);
    let guide_line = look.text(".entry-list");
    assert!(guide_line.contains("Anh Tuấn") && guide_line.contains(&show(guide)), "{guide_line}");

    let statement = look.attr(".entry-title a", "href");
    let guides = site.get(&statement, &owner).await;
    let line = guides.text(".statement-lines tbody");
    assert!(line.contains(&booking.code) && line.contains("cách chia của tour"), "{line}");
    assert!(guides.text(".price-total").contains(&show(guide)));
    let own = site.get(&money("/statement"), &owner).await;
    assert!(own.text(".statement-sums").contains(&show(total)), "{}", own.text("main"));

    let csv = site.get(&own.attr(".statement-sums a", "href"), &owner).await;
    assert_eq!(csv.header(header::CONTENT_TYPE), "text/csv; charset=utf-8");
    assert!(csv.header(header::CONTENT_DISPOSITION).contains("gom-minh-hai-2026-12.csv"));
    assert!(csv.body.starts_with('\u{feff}') && csv.body.contains("\r\n"));
    let row = csv.body.lines().find(|line| line.contains(&booking.code)).unwrap();
    assert!(row.contains(&format!(",2,{},", total.0)), "{row}");
    assert_eq!(csv.body.lines().count(), 4);

    // Paid: first too much, then what is owed.
    let pay = look.attr("a[href*='/pay?to=']", "href");
    let form = site.get(&pay, &owner).await;
    let party = pay.rsplit('=').next().unwrap();
    let key = form.attr("input[name=form_key]", "value");
    let amount = form.attr("#amount", "value");
    let fields = |amount: &'static str| {
        vec![
            ("form_key", key.clone()),
            ("of", String::new()),
            ("to", party.to_owned()),
            ("amount", amount.to_owned()),
            ("date", form.attr("#date", "value")),
            ("method", "transfer".to_owned()),
            ("reason", "=SUM(A1)".to_owned()),
        ]
    };
    let send = async |fields: Vec<(&str, String)>| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
        site.post(&money("/pay"), &owner, &fields).await
    };
    let much = send(fields("9.000.000")).await;
    assert_eq!(much.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(much.text("#amount-error").contains(&show(guide)), "{}", much.body);
    assert_eq!(much.attr("#amount", "value"), "9.000.000");
    let mut right = fields("");
    right[3].1 = amount;
    for _ in 0..2 {
        let paid = send(right.clone()).await;
        assert_eq!(paid.location, format!("{}?done=paid", money("")));
    }
    let after = site.get(&money(""), &owner).await;
    assert_eq!(after.count(".log li"), 1, "the form sent twice is one payment");
    assert!(after.text(".log").contains("Chi trả"));
    let csv = site.get(&statement.replace("/statement?", "/statement.csv?"), &owner).await;
    assert!(csv.body.contains("\"'=SUM(A1)\""), "{}", csv.body);

    // Taken back with a reason, once.
    let entry = after.attr(".log a", "href");
    let shown = site.get(&entry, &owner).await;
    assert!(
        shown.text(".pairs").contains("Cô Ba") && shown.text(".pairs").contains("Chuyển khoản")
    );
    let silent = site.post(&entry, &owner, &[("reason", " ")]).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    let back = site.post(&entry, &owner, &[("reason", "Nhầm người")]).await;
    assert_eq!(back.location, format!("{entry}?done=1"));
    let again = site.post(&entry, &owner, &[("reason", "Nhầm nữa")]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.body.contains("đã được hủy rồi"));
    assert_eq!(site.get(&entry, &owner).await.count("form[method=post] textarea"), 0);
}

#[tokio::test]
async fn adjustments_say_why_and_keep_what_was_typed() {
    let site = Site::open().await;
    let owner = site.owner().await;
    let page = money("/adjust");
    let wrong = [("from", "guests"), ("to", "guests"), ("amount", "0"), ("reason", "")];
    let refused = site.post(&page, &owner, &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for id in ["to-error", "amount-error", "reason-error"] {
        assert_eq!(refused.count(&format!("#{id}")), 1, "{id}");
    }
    assert_eq!(refused.attr("#from option[selected]", "value"), "guests");
    let good = [
        ("from", "workshop"),
        ("to", "coop_fund"),
        ("amount", "100k"),
        ("reason", "<b>Góp</b> thêm cho lò"),
    ];
    let done = site.post(&page, &owner, &good).await;
    assert_eq!(done.location, format!("{}?done=adjusted", money("")));
    let look = site.get(&money(""), &owner).await;
    assert!(look.text(".log").contains("100.000"), "{}", look.text("main"));
    assert!(look.body.contains("&lt;b&gt;Góp"), "{}", look.body);
    let unknown = money("/entries/01a20fff-1942-76eb-9f19-02874410c44f");
    assert_eq!(site.get(&unknown, &owner).await.status, StatusCode::NOT_FOUND);
    let other = site.person(Some((Role::Owner, OTHER))).await;
    let theirs = look.attr(".log a", "href").replace(SHOP, OTHER);
    assert_eq!(site.get(&theirs, &other).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_co_op_sees_its_fund_and_its_managers_keep_it() {
    let site = Site::open().await;
    let manager = site.owner().await;
    let member = site.person(Some((Role::Owner, OTHER))).await;
    let theirs = |sub: &str| format!("/vi/host/{OTHER}/money{sub}");
    // Members see the rule that managers set.
    let rows = [("coop_fund", "percent", "6"), ("workshop", "rest", "")];
    let form = rule_form(&rows, "2026-12-02");
    let refused = site.send_form(&theirs("/fund/rule"), &member, &form).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
    let saved = site.send_form(&money("/fund/rule"), &manager, &form).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    let seen = site.get(&theirs("/fund/rule"), &member).await;
    assert!(seen.text(".log").contains("Quỹ tổ hợp tác: 6%"), "{}", seen.text("main"));
    assert_eq!(seen.count("main form"), 0);

    site.visited().await;
    let (manager, member) = (site.owner().await, site.person(Some((Role::Owner, OTHER))).await);
    let fund = site.get(&theirs("/fund"), &member).await;
    assert!(fund.text("tbody").contains("gốm Minh Hải"), "{}", fund.text("main"));
    assert_eq!(fund.count("a[href*='/pay?of=']"), 0, "only managers mark what came in");
    let whole = fund.attr("a[href*='whole=1']", "href");
    let whole = site.get(&whole, &member).await;
    assert!(whole.text(".statement-lines").contains("gốm Minh Hải"), "{}", whole.text("main"));
    let pay = site.get(&theirs(&format!("/pay?of={SHOP}")), &member).await;
    assert_eq!(pay.status, StatusCode::NOT_FOUND);
    let pay = site.get(&money("/fund"), &manager).await.attr("a[href*='/pay?of=']", "href");
    assert_eq!(site.get(&pay, &manager).await.count("#to option"), 2);
    // A workshop in no co-op has no fund.
    let alone = site.person(Some((Role::Owner, "san-huong-ba-mau"))).await;
    let page = site.get("/vi/host/san-huong-ba-mau/money/fund", &alone).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn staff_do_not_see_money() {
    let site = Site::open().await;
    let staff = site.person(Some((Role::Staff, SHOP))).await;
    for sub in ["", "/statement", "/statement.csv", "/rules", "/fund", "/adjust", "/pay"] {
        let page = site.get(&money(sub), &staff).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{sub}");
    }
    let day = site.get(&format!("/vi/host/{SHOP}/more"), &staff).await;
    assert_eq!(day.count("a[href$='/money']"), 0);
    let owner = site.owner().await;
    let more = site.get(&format!("/vi/host/{SHOP}/more"), &owner).await;
    assert!(more.count("a[href$='/money']") >= 2);
}
