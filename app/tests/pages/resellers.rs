//! A workshop and a travel company in their pages, without script, on SQLite.

use crate::site::{OTHER, SHOP, Site};
use axum::http::StatusCode;
use engine::accounts::Role;
use engine::reseller::{authenticate, contracts_of};

const LIST: &str = "/vi/host/gom-minh-hai/resellers";
const EMAIL: &str = "dat-tour@ha-thanh.example.com";

fn company() -> Vec<(&'static str, &'static str)> {
    vec![
        ("name", "Du lịch Hà Thành"),
        ("email", EMAIL),
        ("percent_off", "20"),
        ("valid_from", "2026-12-01"),
        ("credit_limit", "5.000.000"),
    ]
}

impl Site {
    /// The page of a contract that the owner has just made.
    pub async fn contract(&self, owner: &str) -> String {
        let page = self.goes(&format!("{LIST}/new"), owner, &company()).await;
        page.split('?').next().unwrap().to_owned()
    }

    /// The company's person, signed in by the password that tests have.
    async fn company(&self) -> String {
        let hash = engine::accounts::hash_password(crate::site::PASSWORD).unwrap();
        self.store
            .write("password", hash, |tx, hash| {
                Box::pin(async move {
                    let id = engine::accounts::ensure_person(tx, EMAIL, "").await?;
                    engine::accounts::set_password_hash(tx, id, &hash).await
                })
            })
            .await
            .unwrap();
        self.sign_in(EMAIL).await
    }
}

#[tokio::test]
async fn an_owner_agrees_with_a_company_and_gives_it_a_key() {
    let site = Site::open().await;
    let owner = site.owner().await;
    let staff = site.person(Some((Role::Staff, SHOP))).await;
    assert_eq!(site.get(LIST, &staff).await.status, StatusCode::NOT_FOUND);

    // What is wrong is said beside its field, and what was typed stays.
    let wrong = [("name", "Hà Thành"), ("email", "no"), ("percent_off", "95")];
    let answer = site.post(&format!("{LIST}/new"), &owner, &wrong).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.attr("#name", "value"), "Hà Thành");
    for field in ["email", "percent_off"] {
        assert_eq!(answer.attr(&format!("#{field}"), "aria-invalid"), "true", "{field}");
    }
    let page = site.contract(&owner).await;
    assert!(site.get(LIST, &owner).await.text(".entry-list").contains("Du lịch Hà Thành"));
    let again = site.post(&format!("{LIST}/new"), &owner, &company()).await;
    assert_eq!(again.attr("#email", "aria-invalid"), "true");

    // The key is shown once.
    let made = site.post(&page, &owner, &[("act", "key"), ("mode", "test")]).await;
    assert_eq!(made.status, StatusCode::OK);
    assert_eq!(made.header(axum::http::header::CACHE_CONTROL), "no-store");
    let key = made.text(".key code");
    assert!(key.starts_with("langnghe_test_"), "{key}");
    assert_eq!(site.get(&page, &owner).await.count(".key"), 0);
    assert!(authenticate(&site.store, &key).await.unwrap().unwrap().1.test);
    let id = site.get(&page, &owner).await.attr("input[name=key]", "value");
    site.goes(&page, &owner, &[("act", "revoke"), ("key", &id)]).await;
    assert!(authenticate(&site.store, &key).await.unwrap().is_none());

    // Seats kept, and money noted.
    let option = site.shared_slot(20).await.option_id.to_string();
    let keep = [
        ("act", "allot"),
        ("option", option.as_str()),
        ("seats", "2"),
        ("release_days", "3"),
        ("first_date", "2026-12-01"),
        ("last_date", "2027-01-31"),
    ];
    site.goes(&page, &owner, &keep).await;
    let mut nobody = keep;
    nobody[2].1 = "0";
    let answer = site.post(&page, &owner, &nobody).await;
    assert_eq!(answer.attr("#seats", "aria-invalid"), "true");
    let pay = [("act", "pay"), ("amount", "1.000.000"), ("on_date", "2026-12-01")];
    site.goes(&page, &owner, &pay).await;
    let shown = site.get(&page, &owner).await;
    assert!(shown.text("main").contains("1.000.000"), "{}", shown.text("main"));
    // Nobody else's business.
    let stranger = site.person(Some((Role::Owner, OTHER))).await;
    assert_eq!(site.get(&page, &stranger).await.status, StatusCode::NOT_FOUND);
    let theirs = page.replace(SHOP, OTHER);
    assert_eq!(site.get(&theirs, &stranger).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_company_books_prints_a_voucher_and_cancels() {
    let site = Site::open().await;
    let owner = site.owner().await;
    let page = site.contract(&owner).await;
    let company = site.company().await;
    // Its only contract opens at once; a workshop's people have none.
    let home = site.get("/vi/reseller", &company).await.location;
    assert!(home.starts_with("/vi/reseller/"), "{home}");
    assert_eq!(site.get("/vi/host", &company).await.location, "/vi/reseller");
    assert_eq!(site.get(&home, &owner).await.status, StatusCode::NOT_FOUND);
    assert!(site.get(&home, "").await.location.contains("/sign-in"));

    let slot = site.shared_slot(20).await;
    let catalogue = site.app.catalogue().await.unwrap();
    let (tour, option) = catalogue.sold_in(&slot, slot.local_date).unwrap();
    let unit = option.open_units().next().unwrap();
    let departures = format!("{home}/book?option={}&date={}", option.id, slot.local_date);
    let found = site.get(&departures, &company).await;
    let form = format!("{home}/book/{}", slot.id);
    assert!(found.body.contains(&form), "{}", found.text("main"));
    let asked = site.get(&form, &company).await;
    let key = asked.attr("input[name=form_key]", "value");
    let field = format!("unit.{}", unit.id);
    let nameless = [("form_key", key.as_str()), (field.as_str(), "2")];
    let answer = site.post(&form, &company, &nameless).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.attr("#name", "aria-invalid"), "true");
    let many = [("form_key", key.as_str()), (field.as_str(), "90"), ("name", "Claire")];
    let answer = site.post(&form, &company, &many).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let two = [
        ("form_key", key.as_str()),
        (field.as_str(), "2"),
        ("name", "Claire Fontaine"),
        ("reference", "HT-9"),
    ];
    let booking = site.goes(&form, &company, &two).await;
    assert_eq!(site.goes(&form, &company, &two).await, booking);
    assert_eq!(site.slot_now(&slot).await.taken, 2);

    let shown = site.get(&booking, &company).await;
    let net = unit.price.less(20).times(2).unwrap().display(engine::Locale::Vi);
    assert!(shown.text("main").contains(&net), "{}", shown.text("main"));
    let booking = booking.split('?').next().unwrap().to_owned();
    // The voucher is the company's, and names no price.
    let voucher = site.get(&format!("{booking}/voucher"), &company).await;
    assert!(voucher.text(".voucher-head").contains("Du lịch Hà Thành"));
    assert!(voucher.text(".voucher").contains(tour.title.text(engine::Locale::Vi)));
    assert!(!voucher.text(".voucher").contains('₫'));
    // Both read the same statement.
    let month = slot.local_date.format("%Y-%m");
    for (sheet, cookie) in [(&home, &company), (&page, &owner)] {
        let sheet = site.get(&format!("{sheet}/statement?month={month}"), cookie).await;
        assert!(sheet.text("tbody").contains("HT-9"), "{}", sheet.text("main"));
        assert!(sheet.text("main").contains(&net));
    }
    let csv = site.get(&format!("{home}/statement.csv?month={month}"), &company).await;
    assert!(csv.body.contains("HT-9") && csv.body.starts_with('\u{feff}'), "{}", csv.body);
    // The workshop sees who sold it.
    let mut conn = site.store.read().await.unwrap();
    let (code,): (String,) =
        conn.fetch_one("SELECT code FROM booking WHERE source = 'reseller'", vec![]).await.unwrap();
    drop(conn);
    let host = site.get(&format!("/vi/host/{SHOP}/bookings/{code}"), &owner).await;
    assert!(host.text("main").contains("Claire Fontaine"));

    assert_eq!(site.goes(&booking, &company, &[("reason", "ốm")]).await, booking);
    assert_eq!(site.slot_now(&slot).await.taken, 0);
    // A contract that ended sells nothing.
    site.goes(&page, &owner, &[("act", "end")]).await;
    let answer = site
        .post(
            &form,
            &company,
            &[
                ("form_key", "0b0c6b1e-7b0a-4c6e-9d1b-2a3f4e5d6c7b"),
                (field.as_str(), "2"),
                ("name", "X"),
            ],
        )
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let mut conn = site.store.read().await.unwrap();
    let nobody = contracts_of(&mut conn, &engine::accounts::Actor::Guest).await.unwrap();
    assert!(nobody.is_empty());
}

#[tokio::test]
async fn the_interface_is_described_in_both_languages() {
    let site = Site::open().await;
    for locale in ["vi", "en"] {
        let page = site.get(&format!("/{locale}/octo"), "").await;
        assert_eq!((page.status, page.count("tbody tr")), (StatusCode::OK, 17));
        assert_eq!(page.attr("article a", "href"), "/octo/openapi.json");
    }
}
