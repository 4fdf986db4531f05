//! The reports of the office and of a village, their files, and what hosts enter for them. On SQLite.

use std::io::Cursor;

use crate::site::{OTHER, SHOP, Site};
use axum::http::{StatusCode, header};
use calamine::{Data, Reader, Xlsx};
use engine::accounts::Role;

/// Reads the reports of Bát Tràng in the demo.
const READER: &str = "xa-bat-trang@langnghe.example";

/// The rows of a CSV file, unquoted: nothing in a report has a comma or a mark of its own but texts.
fn rows(csv: &str) -> Vec<Vec<String>> {
    let mut all = Vec::new();
    let (mut row, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    let mut letters = csv.strip_prefix('\u{feff}').unwrap().chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut cell)),
            '\r' if !quoted => {}
            '\n' if !quoted => {
                row.push(std::mem::take(&mut cell));
                all.push(std::mem::take(&mut row));
            }
            other => cell.push(other),
        }
    }
    all
}

fn words(data: &Data) -> String {
    match data {
        Data::Empty => String::new(),
        Data::DateTime(at) => at.as_datetime().unwrap().date().to_string(),
        other => other.to_string(),
    }
}

#[tokio::test]
async fn the_office_reads_its_year_and_takes_it_home() {
    let site = Site::lived_in().await;
    let admin = site.person(None).await;
    let page = site.get("/vi/office/report", &admin).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert_eq!(page.text("h1"), "Du lịch làng nghề Hà Nội");
    assert!(page.count(".report-figures > div") >= 8);
    assert_eq!(page.count(".report-part"), 18);
    assert_eq!(page.count("svg.chart, .chart svg"), 3);
    assert!(page.count(".map-circle") > 3);
    assert!(page.text("#trade").contains("Hội chợ Quà tặng"));
    // No names of guests, no codes of bookings.
    for secret in ["Nguyễn Thị Hoa", "example.com", "김서연"] {
        assert!(!page.text("main").contains(secret), "{secret}");
    }
    let english = site.get("/en/office/report?period=last_year", &admin).await;
    assert_eq!(english.status, StatusCode::OK);
    assert!(english.text(".report-head").contains("01/01/2025 – 31/12/2025"));

    let book = site.get("/vi/office/report/report.xlsx?period=year", &admin).await;
    assert_eq!(book.status, StatusCode::OK);
    assert!(book.header(header::CONTENT_DISPOSITION).contains("hanoi-202601-202612.xlsx"));
    let mut book = Xlsx::new(Cursor::new(book.bytes)).unwrap();
    let sheets = book.sheet_names();
    assert_eq!(sheets.len(), 19, "one for each table, and the notes");
    assert_eq!(sheets[0], "Ghi chú");
    let notes = book.worksheet_range("Ghi chú").unwrap();
    assert_eq!(words(notes.get((0, 0)).unwrap()), "Du lịch làng nghề Hà Nội");
    for (key, sheet) in [
        ("overview", "Tổng quan"),
        ("places", "Theo làng và xưởng"),
        ("countries", "Theo nước"),
        ("week", "Theo ngày và giờ"),
        ("revenue", "Doanh thu theo làng"),
        ("jobs", "Việc làm"),
        ("trade", "Xúc tiến thương mại"),
        ("quality", "Hủy và không đến"),
    ] {
        let file = site.get(&format!("/vi/office/report/{key}.csv?period=year"), &admin).await;
        assert_eq!(file.status, StatusCode::OK, "{key}");
        let csv = rows(&file.body);
        assert!(csv.len() > 2, "{key}: {csv:?}");
        let range = book.worksheet_range(sheet).unwrap();
        assert_eq!(range.height(), csv.len(), "{key}");
        for (row, line) in csv.iter().enumerate() {
            for (column, text) in line.iter().enumerate() {
                let at = (u32::try_from(row).unwrap(), u32::try_from(column).unwrap());
                let cell = range.get_value(at).cloned().unwrap_or(Data::Empty);
                // Words that begin like a formula have a mark before them in the CSV.
                assert_eq!(words(&cell), text.trim_start_matches('\''), "{key} {at:?}");
            }
        }
    }
    // Numbers are numbers, dates are dates.
    let trade = book.worksheet_range("Xúc tiến thương mại").unwrap();
    assert!(matches!(trade.get_value((1, 2)), Some(Data::DateTime(_))));
    assert!(matches!(trade.get_value((1, 5)), Some(Data::Float(_) | Data::Int(_))));
    assert_eq!(site.get("/vi/office/report/none.csv", &admin).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_wrong_period_is_said_beside_its_field() {
    let site = Site::without_slots(crate::site::BASE).await;
    let admin = site.person(None).await;
    let ask = |query: &str| format!("/vi/office/report?period=between&{query}");
    let wrong = site.get(&ask("from=2026-05&to=2026-01"), &admin).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(wrong.count(".error-summary li"), 1);
    assert_eq!(wrong.attr("#from", "value"), "2026-05");
    assert_eq!(wrong.attr("#to", "aria-invalid"), "true");
    let right = site.get(&ask("from=2026-01&to=2026-05"), &admin).await;
    assert_eq!(right.status, StatusCode::OK);
    let file = "/vi/office/report/places.csv?period=between&from=2026-05&to=x";
    assert_eq!(site.get(file, &admin).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_village_reads_its_own() {
    let site = Site::lived_in().await;
    let reader = site.sign_in(READER).await;
    let way_in = site.get("/vi/host", &reader).await;
    assert_eq!(way_in.location, "/vi/village/bat-trang/report");
    let page = site.get("/vi/village/bat-trang/report", &reader).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text("h1").contains("Bát Tràng"));
    assert!(
        page.text("#places").contains("Minh Hải") && !page.text("#places").contains("Vạn Phúc")
    );
    assert_eq!(page.count(".report-map"), 0);
    let file = site.get("/vi/village/bat-trang/report/report.xlsx?period=year", &reader).await;
    assert!(file.header(header::CONTENT_DISPOSITION).contains("bat-trang-"));
    for elsewhere in [
        "/vi/village/van-phuc/report",
        "/vi/village/van-phuc/report/places.csv",
        "/vi/office/report",
        "/vi/office/report/report.xlsx",
        "/vi/office",
        &format!("/vi/host/{SHOP}"),
    ] {
        assert_eq!(site.get(elsewhere, &reader).await.status, StatusCode::NOT_FOUND, "{elsewhere}");
    }
    let owner = site.owner().await;
    let theirs = site.get("/vi/village/bat-trang/report", &owner).await;
    assert_eq!(theirs.status, StatusCode::NOT_FOUND, "hosts read none");
}

#[tokio::test]
async fn the_office_gives_a_village_and_takes_it_back() {
    let site = Site::without_slots(crate::site::BASE).await;
    let admin = site.person(None).await;
    let form = [("act", "give"), ("village", ""), ("name", "Bùi Văn Sơn"), ("email", "x")];
    let wrong = site.post("/vi/office/villages", &admin, &form).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(wrong.count(".error-summary li"), 2);
    assert_eq!(wrong.attr("#name", "value"), "Bùi Văn Sơn");
    let form = [
        ("act", "give"),
        ("village", "van-phuc"),
        ("name", "Bùi Văn Sơn"),
        ("email", "van-phuc@example.com"),
        ("language", "vi"),
    ];
    site.goes("/vi/office/villages", &admin, &form).await;
    let page = site.get("/vi/office/villages", &admin).await;
    assert_eq!(page.count(".entry-list > li"), 2);
    assert!(page.text(".entry-list").contains("Bùi Văn Sơn"));
    let person = page.attr(".entry-list > li input[name=person]", "value");
    let village = page.attr(".entry-list > li input[name=village]", "value");
    let take = [("act", "take"), ("person", person.as_str()), ("village", village.as_str())];
    site.goes("/vi/office/villages", &admin, &take).await;
    assert_eq!(site.get("/vi/office/villages", &admin).await.count(".entry-list > li"), 1);
}

#[tokio::test]
async fn an_owner_enters_figures_and_registers_for_a_fair() {
    let site = Site::open().await;
    let (owner, admin) = (site.owner().await, site.person(None).await);
    let page = format!("/vi/host/{SHOP}/figures");
    let wrong = [
        ("year", "2025"),
        ("workers", "4"),
        ("women", "5"),
        ("seasonal", "x"),
        ("artisans", "1"),
        ("apprentices", "0"),
    ];
    let answer = site.post(&page, &owner, &wrong).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.count(".error-summary li"), 2, "{}", answer.text(".error-summary"));
    assert_eq!(answer.attr("#seasonal", "value"), "x");
    let right = [
        ("year", "2025"),
        ("workers", "4"),
        ("women", "3"),
        ("seasonal", "0"),
        ("artisans", "1"),
        ("apprentices", "0"),
    ];
    site.goes(&page, &owner, &right).await;
    assert_eq!(site.get(&format!("{page}?year=2025"), &owner).await.attr("#workers", "value"), "4");

    let new = "/vi/office/trade/new";
    let wrong =
        site.post(new, &admin, &[("kind", "fair"), ("name_vi", "Hội chợ"), ("first", "x")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(wrong.attr("#name_vi", "value"), "Hội chợ");
    let fair = [
        ("kind", "fair"),
        ("name_vi", "Hội chợ Xuân"),
        ("place_vi", "Đông Anh"),
        ("first", "2026-12-20"),
        ("published", "on"),
    ];
    let event = site.goes(new, &admin, &fair).await;
    let event = event.split('?').next().unwrap().to_owned();
    let id = event.rsplit('/').next().unwrap().to_owned();
    let trade = format!("/vi/host/{SHOP}/trade");
    site.goes(&trade, &owner, &[("act", "register"), ("event", &id)]).await;
    assert!(site.get(&trade, &owner).await.text(".entry-list").contains("Chờ xác nhận"));
    let workshop = site.workshop(SHOP).await.to_string();
    let early = [
        ("act", "outcome"),
        ("workshop", workshop.as_str()),
        ("contracts", "1"),
        ("orders", "none"),
    ];
    assert_eq!(site.post(&event, &admin, &early).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    site.goes(&event, &admin, &[("act", "confirm"), ("workshop", &workshop)]).await;
    site.store.clock().advance(chrono::TimeDelta::days(20));
    let owner = site.owner().await;
    let told =
        [("act", "outcome"), ("event", id.as_str()), ("contracts", "many"), ("orders", "under_50")];
    let wrong = site.post(&trade, &owner, &told).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(wrong.attr("[name=contracts]", "value"), "many");
    let told =
        [("act", "outcome"), ("event", id.as_str()), ("contracts", "2"), ("orders", "under_50")];
    site.goes(&trade, &owner, &told).await;
    assert_eq!(site.get(&trade, &owner).await.attr("[name=contracts]", "value"), "2");
    let other = site.person(Some((Role::Owner, OTHER))).await;
    let closed = site
        .post(&format!("/vi/host/{OTHER}/trade"), &other, &[("act", "register"), ("event", &id)])
        .await;
    assert_eq!(closed.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn guests_may_say_where_they_come_from() {
    let site = Site::open().await;
    let slot = site.shared_slot(3).await;
    let form = site.get(&format!("/vi/book/{}", slot.id), "").await;
    let unit = form.attr("main form input[type=number]", "name");
    let key = form.attr("[name=form_key]", "value");
    let fields = [("form_key", key.as_str()), (unit.as_str(), "2")];
    let details = site.goes(&format!("/vi/book/{}", slot.id), "", &fields).await;
    let page = site.get(&details, "").await;
    assert!(page.count("#country option") > 150);
    let typed = [("name", "Kim"), ("email", "kim@example.com"), ("country", "XX")];
    let wrong = site.post(&details, "", &typed).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(wrong.attr("#country", "aria-invalid"), "true");
}
