//! Green measures without script, on SQLite: a host tells, visitors read, the co-op's members stand side by side.

use crate::site::{OTHER, SHOP, Site};
use axum::http::StatusCode;
use chrono::TimeDelta;
use engine::accounts::Role;

const PAGE: &str = "/vi/host/gom-minh-hai/green";

/// A minute after the demo told its figures: of two about the same time, the later one counts.
async fn site() -> Site {
    let site = Site::open().await;
    site.store.clock().advance(TimeDelta::minutes(1));
    site
}

fn clay<'a>(value: &'a str, source: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("act", "enter"),
        ("value", value),
        ("period", "2026-11"),
        ("known", "counted"),
        ("source_vi", source),
        ("source_en", ""),
    ]
}

#[tokio::test]
async fn a_host_tells_and_visitors_read_it_with_its_source() {
    let site = site().await;
    let owner = site.owner().await;
    let list = site.get(PAGE, &owner).await;
    assert_eq!(list.count(".entry-list .entry"), 10);
    assert!(list.text("main").contains("62% · Quý 3/2026 · đếm hoặc cân"), "{}", list.text("main"));
    let page = format!("{PAGE}/clay_reclaimed");
    let form = site.get(&page, &owner).await;
    assert_eq!(form.text("h1"), "Đất sét dùng lại");
    assert_eq!(form.attr("#period option[selected]", "value"), "2026-11");
    // What was said last time of the source is there again.
    assert!(form.attr("#source_vi", "value").contains("sổ cân đất"));
    assert_eq!(form.count("#value[required]"), 1);

    let wrong = site.post(&page, &owner, &clay("120", "  ")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(wrong.attr("#value", "value"), "120");
    assert!(wrong.text("#value-error").contains("từ 0 đến 100"), "{}", wrong.body);
    assert_eq!(wrong.text("#source_vi-error").trim(), "Hãy điền ô này.");
    assert_eq!(wrong.count(".error-summary li"), 2);

    let source = "Cân <từng> mẻ & ghi sổ";
    let next = site.goes(&page, &owner, &clay("71,5", source)).await;
    let saved = site.get(&next, &owner).await;
    assert!(saved.text(".notice").contains("Đã lưu"));
    assert!(saved.text(".entry-list").contains("Cô Ba ghi ngày"), "{}", saved.text("main"));
    for path in ["/vi/workshops/gom-minh-hai", "/vi/tours/nan-gom-ban-xoay"] {
        let seen = site.get(path, "").await.text("#green");
        assert!(seen.contains("71,5%") && seen.contains("Tháng 11, 2026"), "{seen}");
        assert!(seen.contains(source) && !seen.contains("Cô Ba"), "{seen}");
        assert!(seen.contains("không chấm điểm"));
    }
    // Readers of another language are told in which one the source is.
    let english = site.get("/en/workshops/gom-minh-hai", "").await;
    assert!(english.text("#green [lang=vi]").contains(source));
    assert!(english.text("#green").contains("71.5%"));

    // Taken back, the one before it counts again.
    let entry = saved.attr("[name=entry]", "value");
    let fields = [("act", "withdraw"), ("entry", entry.as_str()), ("tour", "")];
    let next = site.goes(&page, &owner, &fields).await;
    assert!(site.get(&next, &owner).await.text(".entry-list").contains("Đã rút"));
    let seen = site.get("/vi/workshops/gom-minh-hai", "").await;
    assert!(seen.text("#green").contains("62%") && !seen.text("#green").contains("71,5%"));
    assert!(seen.count("#green svg[role=img]") >= 2);

    let stranger = site.person(Some((Role::Owner, OTHER))).await;
    assert_eq!(site.get(&page, &stranger).await.status, StatusCode::NOT_FOUND);
    let elsewhere = format!("/vi/host/{OTHER}/green/clay_reclaimed");
    let theirs = site.post(&elsewhere, &stranger, &fields).await;
    assert_eq!(theirs.status, StatusCode::NOT_FOUND);
    assert_eq!(site.get(&format!("{PAGE}/score"), &owner).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_tour_has_measures_of_its_own() {
    let site = site().await;
    let owner = site.owner().await;
    let list = site.get(&format!("{PAGE}?tour=nan-gom-ban-xoay"), &owner).await;
    assert_eq!(list.count(".entry-list .entry"), 4);
    let page = format!("{PAGE}/plastic_free");
    let of = ("tour", "nan-gom-ban-xoay");
    let mut fields =
        vec![of, ("act", "enter"), ("done", "yes"), ("period", "2026"), ("known", "estimated")];
    fields.push(("source_vi", "Chủ xưởng kể"));
    let wrong = site.post(&page, &owner, &fields).await;
    assert_eq!(wrong.attr("#practice_vi", "aria-invalid"), "true", "{}", wrong.body);
    assert_eq!(wrong.count("#done[checked]"), 1);
    fields.push(("practice_vi", "Tạp dề vải, bình nước chung"));
    let next = site.goes(&page, &owner, &fields).await;
    assert!(next.ends_with("?tour=nan-gom-ban-xoay&done=saved"), "{next}");
    let seen = site.get("/vi/tours/nan-gom-ban-xoay", "").await.text("#green");
    assert!(seen.contains("Tạp dề vải") && !seen.contains("bình gốm"), "{seen}");
    assert!(seen.contains("số của cả xưởng"));
    let house = site.get("/vi/workshops/gom-minh-hai", "").await.text("#green");
    assert!(house.contains("bình gốm") && !house.contains("Tạp dề vải"));
    let whole = format!("{PAGE}/kiln_fuel?tour=nan-gom-ban-xoay");
    assert_eq!(site.get(&whole, &owner).await.status, StatusCode::NOT_FOUND);
    let unknown = format!("{PAGE}?tour=ve-tren-gom-moc");
    assert_eq!(site.get(&unknown, &owner).await.status, StatusCode::NOT_FOUND, "another's tour");
}

#[tokio::test]
async fn the_program_says_what_it_counted_and_reckons() {
    let site = site().await;
    let owner = site.owner().await;
    let page = format!("{PAGE}/kiln_energy");
    let form = site.get(&page, &owner).await;
    assert!(form.text("form.panel").contains("chương trình đếm được 0 sản phẩm"), "{}", form.body);
    let fields = |own| {
        [
            ("act", "enter"),
            ("way", "reckoned"),
            ("total", "1.240"),
            ("own", own),
            ("period", "2026-10"),
            ("known", "metered"),
            ("source_vi", "Công tơ của lò"),
        ]
    };
    let nothing = site.post(&page, &owner, &fields("0")).await;
    assert!(nothing.text("#own-error").contains("không chia được"), "{}", nothing.body);
    assert_eq!(nothing.attr("#total", "value"), "1.240");
    // Of the newest month, so that it is the one that is shown.
    let mut fields = fields("310").to_vec();
    fields.retain(|(name, _)| *name != "period");
    fields.push(("period", "2026-11"));
    site.goes(&page, &owner, &fields).await;
    let seen = site.get("/vi/workshops/gom-minh-hai", "").await.text("#green");
    assert!(
        seen.contains("4 kWh mỗi sản phẩm") && seen.contains("1.240 kWh chia cho 310"),
        "{seen}"
    );
    let page = format!("{PAGE}/shared_transport");
    let mut guests = vec![("act", "enter"), ("way", "reckoned"), ("counted", "4")];
    guests.extend([("period", "2026-11"), ("known", "counted"), ("source_vi", "Sổ")]);
    let nobody = site.post(&page, &owner, &guests).await;
    assert!(nobody.text("#period-error").contains("không thấy khách nào"), "{}", nobody.body);
}

#[tokio::test]
async fn members_of_a_co_op_stand_side_by_side() {
    let site = Site::open().await;
    let page = site.get("/vi/coops/gom-ven-song", "").await;
    assert_eq!(page.count("#green thead th"), 4);
    let green = page.text("#green");
    assert!(green.contains("không xếp hạng") && green.contains("62%") && green.contains("35%"));
    assert!(green.contains("Chưa cập nhật") && green.contains("chưa khai"), "{green}");
    let href = page.attr("#green thead a", "href");
    assert_eq!(href, format!("/vi/workshops/{SHOP}#green"));
    // Where nobody tells anything there is nothing.
    let silent = site.get("/vi/workshops/quat-co-nguyet", "").await;
    assert_eq!((silent.status, silent.count("#green")), (StatusCode::OK, 0));
    let english = site.get("/en/workshops/men-ran-duc-thuan", "").await;
    assert!(english.text("#green").contains("more than 18 months old"));
}
