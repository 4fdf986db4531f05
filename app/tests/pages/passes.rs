//! Full-day passes without a browser: found, booked, changed and cancelled by a guest; written and
//! agreed to by hosts. On SQLite, with the demo's two passes.

use crate::site::{Answer, OTHER, SHOP, Site};
use axum::http::StatusCode;
use engine::accounts::Role;
use engine::params;
use engine::pass::{Consent, Pass, of_author, stops_of};
use engine::schedule::generate_workshop;

const RIVER: &str = "/vi/passes/mot-ngay-gom-ven-song";

impl Site {
    /// With the slots of both workshops of the co-op's pass.
    async fn with_both() -> Site {
        let site = Site::open().await;
        for shop in [OTHER, "xuong-nhuom-mai-hoang"] {
            let command = (site.app.catalogue().await.unwrap(), site.workshop(shop).await);
            site.store
                .write("slots", command, |tx, (catalogue, workshop)| {
                    Box::pin(async move { generate_workshop(tx, &catalogue, workshop, 60).await })
                })
                .await
                .unwrap();
        }
        site
    }

    /// The address of the form that books the pass on the chosen day, from its page.
    async fn book_page(&self, day: usize) -> String {
        let page = self.get(&format!("{RIVER}?adult=2&child=1"), "").await;
        let days = page.links(".day-chip");
        assert!(days.len() > 10, "{}", page.body);
        let chosen = self.get(days[day].split('#').next().unwrap(), "").await;
        assert_eq!(chosen.count(".day-chip[aria-current]"), 1);
        let ways = chosen.links(".pass-choice .btn");
        assert!(!ways.is_empty(), "{}", chosen.body);
        ways[0].clone()
    }

    /// Books the pass; the address of its page.
    async fn booked_pass(&self, day: usize) -> String {
        let address = self.book_page(day).await;
        let form = self.get(&address, "").await;
        let key = form.attr("[name=form_key]", "value");
        let to = self.goes(&address, "", &fields(&key)).await;
        to.split('?').next().unwrap().to_owned()
    }

    async fn river(&self) -> Pass {
        let mut conn = self.store.read().await.unwrap();
        let coop = engine::coop::by_slug(&mut conn, "gom-ven-song").await.unwrap().unwrap();
        of_author(&mut conn, Some(coop.id)).await.unwrap().remove(0)
    }

    async fn consents(&self, pass: &Pass) -> Vec<Consent> {
        let mut conn = self.store.read().await.unwrap();
        let stops = stops_of(&mut conn, pass.id).await.unwrap();
        stops.into_iter().map(|stop| stop.consent).collect()
    }

    async fn posted(&self, kind: &str) -> i64 {
        let sql = "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM outbox WHERE kind = $1";
        let mut conn = self.store.read().await.unwrap();
        let (n,): (i64,) = conn.fetch_one(sql, params![*kind]).await.unwrap();
        n
    }
}

impl Answer {
    /// The addresses of links.
    fn links(&self, selector: &str) -> Vec<String> {
        let selector = scraper::Selector::parse(selector).unwrap();
        let page = self.page();
        page.select(&selector).filter_map(|it| it.attr("href").map(str::to_owned)).collect()
    }

    fn tells(&self, words: &str) -> bool {
        self.page().root_element().text().collect::<String>().contains(words)
    }
}

/// Who books; the two workshops of the river pass ask nothing more.
fn fields(key: &str) -> Vec<(&str, &str)> {
    vec![
        ("form_key", key),
        ("name", "Nguyễn Thị Hoa"),
        ("email", "hoa@example.com"),
        ("language", "vi"),
    ]
}

#[tokio::test]
async fn a_pass_is_found_on_the_pages_around_it() {
    let site = Site::with_both().await;
    let list = site.get("/vi/passes", "").await;
    assert_eq!((list.status, list.count(".card")), (StatusCode::OK, 2));
    let page = site.get(RIVER, "").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.tells("Đường đi khoảng"), "{}", page.body);
    assert_eq!(page.text("h1"), "Một ngày gốm ven sông");
    for (path, pass) in [
        ("/vi/coops/gom-ven-song", RIVER),
        ("/vi/villages/bat-trang", RIVER),
        ("/vi/tours/ve-tren-gom-moc", RIVER),
        ("/vi/villages/van-phuc", "/vi/passes/sang-gom-bat-trang-chieu-lua-van-phuc"),
        ("/sitemap.xml", "/en/passes/mot-ngay-gom-ven-song"),
    ] {
        assert!(site.get(path, "").await.body.contains(pass), "{path}");
    }
    let english = site.get("/en/passes/mot-ngay-gom-ven-song?adult=1", "").await;
    assert!(english.tells("A day of clay by the river"));
    // A party that a stop does not take is said beside its field.
    let many = site.get(&format!("{RIVER}?adult=30"), "").await;
    assert_eq!((many.status, many.count("#adult-error")), (StatusCode::UNPROCESSABLE_ENTITY, 1));
    let odd = site.get(&format!("{RIVER}?adult=x"), "").await;
    assert_eq!((odd.status, odd.count("#adult-error")), (StatusCode::UNPROCESSABLE_ENTITY, 1));
    let nowhere = site.get("/vi/passes/khong-co", "").await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_guest_books_moves_changes_and_cancels_a_day() {
    let site = Site::with_both().await;
    let address = site.book_page(5).await;
    let form = site.get(&address, "").await;
    assert_eq!(form.status, StatusCode::OK);
    let key = form.attr("[name=form_key]", "value");
    // What is wrong is said beside its field, and everything typed is kept.
    let mut wrong = fields(&key);
    wrong.retain(|(name, _)| *name != "email");
    wrong.push(("notes", "Giữ lại"));
    let refused = site.post(&address, "", &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.count("#email-error"), 1, "{}", refused.body);
    assert_eq!(refused.text("textarea[name=notes]"), "Giữ lại");
    assert_eq!(refused.attr("[name=name]", "value"), "Nguyễn Thị Hoa");
    assert_eq!(refused.attr("[name=form_key]", "value"), key);

    let to = site.goes(&address, "", &fields(&key)).await;
    assert_eq!(site.goes(&address, "", &fields(&key)).await, to, "the same form twice");
    let home = to.split('?').next().unwrap();
    let page = site.get(&to, "").await;
    assert!(page.tells("Đã đặt cả ngày!") && page.count(".itinerary-stop") == 2, "{}", page.body);
    // 2 × 280,000 + 200,000 and 2 × 150,000 + 120,000, each price a tenth less.
    assert!(page.tells("1.062.000"), "{}", page.body);
    assert_eq!(page.header(axum::http::header::CACHE_CONTROL), "no-store");
    assert_eq!((site.posted("pass_confirmation").await, site.posted("confirmation").await), (1, 0));
    let calendar = site.get(&format!("{home}/pass.ics"), "").await;
    assert_eq!(calendar.body.matches("BEGIN:VEVENT").count(), 2);

    // A leg leads to its pass and changes with it only.
    let legs = page.links(".itinerary-stop .btn-quiet");
    let leg = site.get(&legs[0], "").await;
    assert!(leg.links("a").contains(&home.to_owned()), "{}", leg.body);
    assert_eq!(leg.count("a[href$='/cancel']"), 0);
    let alone = site.post(&format!("{}/cancel", legs[0]), "", &[]).await;
    assert_eq!(alone.status, StatusCode::UNPROCESSABLE_ENTITY);

    let choices = site.get(&format!("{home}/move"), "").await;
    assert!(choices.count("[name=slots]") > 5);
    let slots = choices.attr(".day-group:last-of-type [name=slots]", "value");
    let moved = site.goes(&format!("{home}/move"), "", &[("slots", &slots)]).await;
    assert!(site.get(&moved, "").await.tells("Đã dời hành trình"));
    let nonsense = site.post(&format!("{home}/move"), "", &[("slots", "x.y")]).await;
    assert_eq!(nonsense.status, StatusCode::UNPROCESSABLE_ENTITY);

    let party = site.get(&format!("{home}/party"), "").await;
    assert_eq!(party.attr("[name=adult]", "value"), "2");
    let none = site.post(&format!("{home}/party"), "", &[("adult", "0"), ("child", "1")]).await;
    assert_eq!((none.status, none.count("#adult-error")), (StatusCode::UNPROCESSABLE_ENTITY, 1));
    let more = site.goes(&format!("{home}/party"), "", &[("adult", "3"), ("child", "0")]).await;
    assert!(site.get(&more, "").await.tells("1.161.000"));

    let ask = site.get(&format!("{home}/cancel"), "").await;
    assert!(ask.tells("Xưởng gốm Minh Hải") && ask.tells("Nhà gốm Cẩm Vân"), "{}", ask.body);
    let ended = site.goes(&format!("{home}/cancel"), "", &[("reason", "Bận")]).await;
    let ended = site.get(&ended, "").await;
    assert_eq!(ended.count(".itinerary-stop[data-state=cancelled]"), 2);
    assert_eq!(site.posted("pass_cancelled").await, 1);
    assert_eq!(site.goes(&format!("{home}/cancel"), "", &[]).await, home);
    let guessed = format!("{home}x");
    assert_eq!(site.get(&guessed, "").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_stop_that_filled_up_meanwhile_books_nothing() {
    let site = Site::with_both().await;
    let address = site.book_page(5).await;
    let form = site.get(&address, "").await;
    let key = form.attr("[name=form_key]", "value");
    let id = address.split("slot=").last().unwrap().parse::<engine::SlotId>().unwrap();
    site.store
        .write("full", id, |tx, id| {
            Box::pin(async move {
                tx.execute("UPDATE slot SET taken = capacity WHERE id = $1", params![id]).await
            })
        })
        .await
        .map_err(|error: engine::store::StoreError| error)
        .unwrap();
    let refused = site.post(&address, "", &fields(&key)).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.tells("Nhà gốm Cẩm Vân:") && refused.tells("Chưa có gì được đặt"));
    assert_eq!(refused.attr("[name=name]", "value"), "Nguyễn Thị Hoa");
    assert_eq!(site.posted("pass_confirmation").await, 0);
}

#[tokio::test]
async fn hosts_write_a_pass_and_answer_for_their_stop() {
    let site = Site::with_both().await;
    let (owner, other) = (site.owner().await, site.person(Some((Role::Owner, OTHER))).await);
    let (mine, theirs) = (format!("/vi/host/{SHOP}/passes"), format!("/vi/host/{OTHER}/passes"));
    let new = site.get(&format!("{mine}/new"), &owner).await;
    let options = new.count("#stops option");
    assert!(options > 3, "{}", new.body);
    let refused = site
        .post(
            &format!("{mine}/new"),
            &owner,
            &[("title_vi", "Hai nhà"), ("stop", ""), ("percent_off", "80")],
        )
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.count("#stops-error") + refused.count("#percent_off-error"), 2);
    assert_eq!(refused.attr("#title_vi", "value"), "Hai nhà");
    // Members read, and answer for themselves; they don't write.
    assert_eq!(site.get(&format!("{theirs}/new"), &other).await.status, StatusCode::NOT_FOUND);
    let river = site.river().await;
    let mut stops = Vec::new();
    for stop in stops_of(&mut site.store.read().await.unwrap(), river.id).await.unwrap() {
        stops.push((stop.id.to_string(), stop.option_id.to_string()));
    }
    let edited = [
        ("title_vi", "Một ngày gốm"),
        ("summary_vi", "Sáng xoay, chiều vẽ"),
        ("percent_off", "20"),
        ("stop", &stops[0].1),
        ("stop", &stops[1].1),
    ];
    site.goes(&format!("{mine}/{}", river.id), &owner, &edited).await;
    assert_eq!(site.consents(&river).await, [Consent::Agreed, Consent::Asked]);
    assert_eq!(site.get(RIVER, "").await.status, StatusCode::NOT_FOUND);
    assert!(site.get(&mine, &owner).await.tells("Nhà gốm Cẩm Vân chưa trả lời"));

    let asked = site.get(&theirs, &other).await;
    assert!(asked.tells("20%") && asked.count("[value=agree]") == 1, "{}", asked.body);
    let mut conn = site.store.read().await.unwrap();
    let stop = stops_of(&mut conn, river.id).await.unwrap()[1].id.to_string();
    drop(conn);
    let wrong = site.post(&mine, &owner, &[("act", "agree"), ("stop", &stop)]).await;
    assert_eq!(wrong.status, StatusCode::NOT_FOUND, "another workshop's word");
    site.goes(&theirs, &other, &[("act", "agree"), ("stop", &stop)]).await;
    assert_eq!(site.get(RIVER, "").await.status, StatusCode::OK);
    let id = river.id.to_string();
    site.goes(&mine, &owner, &[("act", "unpublish"), ("pass", &id)]).await;
    assert_eq!(site.get(RIVER, "").await.status, StatusCode::NOT_FOUND);
    site.goes(&mine, &owner, &[("act", "publish"), ("pass", &id)]).await;
    site.goes(&theirs, &other, &[("act", "decline"), ("stop", &stop)]).await;
    assert_eq!(site.get(RIVER, "").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_office_writes_passes_of_its_own() {
    let site = Site::with_both().await;
    let admin = site.person(None).await;
    let list = site.get("/en/office/passes", &admin).await;
    assert!(list.tells("Clay at Bát Tràng, silk at Vạn Phúc"), "{}", list.body);
    assert!(!list.tells("A day of clay by the river"), "the co-op's is its own");
    let new = site.get("/en/office/passes/new", &admin).await;
    let all = scraper::Selector::parse("#stops option").unwrap();
    let page = new.page();
    let ids: Vec<String> =
        page.select(&all).filter_map(|it| it.attr("value").map(str::to_owned)).collect();
    let typed = [
        ("title_vi", "Hai làng"),
        ("summary_vi", "Hai làng một ngày"),
        ("percent_off", ""),
        ("stop", ids[1].as_str()),
        ("stop", ids[2].as_str()),
    ];
    let to = site.goes("/en/office/passes/new", &admin, &typed).await;
    let list = site.get(&to, &admin).await;
    assert!(list.tells("Hai làng") && list.tells("Not published"), "{}", list.body);
    let river = site.river().await;
    let theirs = site.get(&format!("/en/office/passes/{}", river.id), &admin).await;
    assert_eq!(theirs.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_booked_pass_opens_by_its_own_secret_only() {
    let site = Site::with_both().await;
    let (one, two) = (site.booked_pass(3).await, site.booked_pass(4).await);
    let secret = two.split('/').next_back().unwrap();
    let mixed = one.rsplit_once('/').map(|(code, _)| format!("{code}/{secret}")).unwrap();
    assert_eq!(site.get(&mixed, "").await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.get(&two, "").await.status, StatusCode::OK);
}
