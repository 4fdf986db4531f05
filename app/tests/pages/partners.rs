//! Partners, designs, placements and studies in their pages, without script, on SQLite.

use crate::site::{BASE, OTHER, SHOP, Site};
use axum::http::StatusCode;
use engine::accounts::Role;
use engine::params;

fn host(sub: &str) -> String {
    format!("/vi/host/{SHOP}{sub}")
}

/// A partner, a design, a placement and an accepted applicant of the demo's workshop.
pub async fn of_the_demo(site: &Site) -> [String; 4] {
    let shop = site.workshop(SHOP).await;
    let mut conn = site.store.read().await.unwrap();
    let mut one = async |sql: &'static str| {
        let row: (uuid::Uuid,) = conn.fetch_one(sql, params![shop]).await.unwrap();
        row.0.to_string()
    };
    [
        one("SELECT id FROM partner WHERE workshop_id = $1 AND state = 'agreed' ORDER BY id LIMIT 1")
            .await,
        one(USED).await,
        one("SELECT id FROM placement WHERE workshop_id = $1 ORDER BY id LIMIT 1").await,
        one("SELECT id FROM applicant WHERE workshop_id = $1 AND state = 'accepted' ORDER BY id LIMIT 1")
            .await,
    ]
}

/// A design that a tour uses.
const USED: &str = "SELECT design.id FROM design \
    JOIN tour_design used ON used.design_id = design.id WHERE design.workshop_id = $1 LIMIT 1";

/// The secret link of a partner or an applicant, without its language.
async fn link(site: &Site, sql: &'static str, page: &str) -> String {
    let mut conn = site.store.read().await.unwrap();
    let (id, secret): (uuid::Uuid, String) = conn.fetch_one(sql, vec![]).await.unwrap();
    format!("/vi/{page}/{id}/{secret}")
}

#[tokio::test]
async fn a_school_is_named_and_agrees() {
    let site = Site::without_slots(BASE).await;
    let owner = site.owner().await;
    let staff = site.person(Some((Role::Staff, SHOP))).await;
    assert_eq!(site.get(&host("/partners"), &staff).await.status, StatusCode::NOT_FOUND);
    let new = host("/partners/new");
    let wrong = [("kind", "school"), ("name", "Trường Mỹ thuật"), ("web", "gốm"), ("email", "x")];
    let answer = site.post(&new, &owner, &wrong).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.attr("#name", "value"), "Trường Mỹ thuật");
    for field in ["web", "email", "city", "since"] {
        assert_eq!(answer.attr(&format!("#{field}"), "aria-invalid"), "true", "{field}");
    }
    let right = [
        ("kind", "school"),
        ("name", "Trường Mỹ thuật"),
        ("city", "Huế"),
        ("web", "mythuat.example.vn"),
        ("since", "2024-01-01"),
        ("contact", "Cô Hạnh"),
        ("email", "hanh@mythuat.example.vn"),
        ("language", "vi"),
    ];
    site.goes(&new, &owner, &right).await;
    let shop = format!("/vi/workshops/{SHOP}");
    assert!(!site.get(&shop, "").await.text(".partners").contains("Trường Mỹ thuật"));
    let of = "SELECT id, secret FROM partner WHERE name = 'Trường Mỹ thuật'";
    let page = link(&site, of, "partner").await;
    let asked = site.get(&page, "").await;
    assert!(asked.text("main").contains("Xưởng gốm Minh Hải"));
    assert!(!asked.body.contains("hanh@"), "the contact is nobody's business");
    assert_eq!(site.get(&format!("{page}x"), "").await.status, StatusCode::NOT_FOUND);
    site.goes(&page, "", &[("do", "agree")]).await;
    let shown = site.get(&shop, "").await;
    assert!(shown.text(".partners").contains("Trường Mỹ thuật"));
    assert!(shown.text(".partners").contains("Trường Thiết kế Sông Hồng"), "of its co-op");
    assert!(!shown.body.contains("hanh@"));
    site.goes(&page, "", &[("do", "end")]).await;
    assert!(!site.get(&shop, "").await.text(".partners").contains("Trường Mỹ thuật"));
}

#[tokio::test]
async fn designs_are_shown_with_their_licence_and_named_in_the_rule() {
    let site = Site::without_slots(BASE).await;
    let owner = site.owner().await;
    let tour = site.get("/vi/tours/mot-ngay-lam-tho-gom", "").await;
    assert!(tour.text(".designs").contains("Nguyễn Hà Linh"));
    let all = site.get("/en/designs", "").await;
    assert_eq!(all.count(".design"), 2);
    assert_eq!(all.count(".design a[rel~=license]"), 1);
    let picture = all.attr(".design img", "src");
    let file = site.get(&picture, "").await;
    assert_eq!((file.status, file.bytes.starts_with(&[0xFF, 0xD8])), (StatusCode::OK, true));
    let rule = site.get(&host("/money/rules/mot-ngay-lam-tho-gom"), &owner).await;
    assert!(rule.text(".rule-rows").contains("Nhà thiết kế: Nguyễn Hà Linh"), "{}", rule.body);
    let other = site.get(&host("/money/rules/nan-gom-ban-xoay"), &owner).await;
    assert!(!other.text(".rule-rows").contains("Nguyễn Hà Linh"));
    let [_, design, ..] = of_the_demo(&site).await;
    let page = host(&format!("/designs/{design}"));
    assert_eq!(site.get(&page, &owner).await.count("[name=tours][checked]"), 1);
    site.goes(&format!("{page}/use"), &owner, &[("act", "tours")]).await;
    assert_eq!(site.get(&page, &owner).await.count("[name=tours][checked]"), 0);
    assert_eq!(site.get("/vi/tours/mot-ngay-lam-tho-gom", "").await.count(".design"), 0);
    // What all may use, a neighbour uses; what is one workshop's, not.
    let neighbour = site.person(Some((Role::Owner, OTHER))).await;
    let theirs = site.get(&format!("/vi/host/{OTHER}/designs"), &neighbour).await;
    assert!(theirs.text(".entry-list").contains("Bát vân nước"));
    assert!(!theirs.text(".entry-list").contains("Ấm sen"));
}

#[tokio::test]
async fn a_student_applies_is_answered_and_has_hours_confirmed() {
    let site = Site::without_slots(BASE).await;
    let owner = site.owner().await;
    let [_, _, placement, accepted] = of_the_demo(&site).await;
    let page = format!("/vi/placements/{placement}");
    assert!(site.get("/vi/placements", "").await.body.contains(&page));
    let wrong = [("name", "Lê Mai"), ("email", "mai"), ("words", "Em muốn học <b>chuốt</b>.")];
    let answer = site.post(&page, "", &wrong).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.count(".error-summary li"), 2, "{}", answer.body);
    assert!(answer.text("textarea[name=words]").contains("<b>chuốt</b>"));
    let right = [
        ("name", "Lê Mai"),
        ("email", "mai@example.com"),
        ("organisation", "Trường Mỹ thuật"),
        ("words", "Em muốn học chuốt."),
    ];
    let trapped = [&right[..], &[("website", "https://spam.example")]].concat();
    let trapped = site.post(&page, "", &trapped).await;
    assert_eq!(trapped.attr("#website", "aria-invalid"), "true", "a program filled it in");
    let mine = site.goes(&page, "", &right).await;
    assert!(site.get(&mine, "").await.text("main").contains("Chờ trả lời"));
    let twice = site.post(&page, "", &right).await;
    assert_eq!(twice.attr("#email", "aria-invalid"), "true");

    let list = site.get(&host(&format!("/placements/{placement}")), &owner).await;
    assert!(list.text("main").contains("Lê Mai"));
    let id = mine.split('/').nth(3).unwrap();
    let one = host(&format!("/applications/{id}"));
    let version = site.get(&one, &owner).await.attr("[name=version]", "value");
    let silent = [("act", "answer"), ("version", version.as_str()), ("decision", "accepted")];
    let silent = site.post(&one, &owner, &silent).await;
    assert_eq!(silent.attr("#words", "aria-invalid"), "true");
    let yes = [
        ("act", "answer"),
        ("version", version.as_str()),
        ("decision", "accepted"),
        ("words", "Thứ Hai em đến nhé."),
    ];
    site.goes(&one, &owner, &yes).await;
    let told = site.get(&mine, "").await;
    assert!(told.text(".said").contains("Thứ Hai em đến nhé."));
    // Both places are taken now.
    assert!(!site.get("/vi/placements", "").await.body.contains(&page));

    let student = host(&format!("/applications/{accepted}"));
    let bad = [("act", "hours"), ("date", "2020-01-01"), ("hours", "25")];
    let bad = site.post(&student, &owner, &bad).await;
    assert_eq!(bad.count(".error-summary li"), 2);
    let paper = site.get(&format!("{student}/paper"), &owner).await;
    assert!(paper.text(".hours-paper").contains("Đỗ Minh Khôi"));
    assert!(paper.text(".hours-paper").contains("6 ngày"), "{}", paper.body);
    site.goes(&mine, "", &[("do", "withdraw")]).await;
    assert!(site.get(&one, &owner).await.text("h1").contains("Đã rút"));
}

#[tokio::test]
async fn a_researcher_asks_a_workshop_that_welcomes_studies() {
    let site = Site::without_slots(BASE).await;
    let owner = site.owner().await;
    let page = format!("/en/workshops/{SHOP}/study");
    assert!(site.get("/en/studies", "").await.body.contains(&page));
    assert_eq!(
        site.get(&format!("/en/workshops/{OTHER}/study"), "").await.status,
        StatusCode::NOT_FOUND
    );
    let asks = [
        ("name", "Yui"),
        ("email", "yui@example.jp"),
        ("organisation", "Mino"),
        ("topic", "Ash"),
        ("words", "Three days in spring."),
    ];
    let mine = site.goes(&page, "", &asks).await;
    assert!(site.get(&host("/studies"), &owner).await.text("main").contains("Yui"));
    // The workshop welcomes nobody any more; who asked still waits for an answer.
    site.goes(&host("/studies"), &owner, &[("themes_vi", "")]).await;
    assert_eq!(site.get(&page, "").await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.get(&mine, "").await.status, StatusCode::OK);
}
