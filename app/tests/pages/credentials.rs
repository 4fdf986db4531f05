//! Credentials without script, on SQLite: a host claims, the office decides, visitors see and search.

use std::fmt::Write as _;

use crate::site::{END, OTHER, SHOP, Site, multipart};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use engine::accounts::{Actor, Role};
use engine::credential::{self, CredentialState, Kind};

const PAGE: &str = "/vi/host/gom-minh-hai/credentials";
const PDF: &str = "%PDF-1.4\nmột tờ giấy";

/// A credential of the demo that the workshop has, and its paper.
pub async fn of_the_shop(site: &Site) -> (String, String) {
    let workshop = site.workshop(SHOP).await;
    let mut conn = site.store.read().await.unwrap();
    let house = credential::for_workshop(&mut conn, &Actor::System, workshop).await.unwrap();
    let stars = house.ours.iter().find(|it| it.kind == Kind::Ocop).unwrap();
    let papers = credential::papers_of(&mut conn, stars.id).await.unwrap();
    (stars.id.to_string(), papers[0].id.to_string())
}

/// A form with files, as browsers send it.
fn with_papers(fields: &[(&str, &str)], files: &[(&str, &str)]) -> String {
    let mut body = multipart(fields).trim_end_matches(END).to_owned();
    for (name, content) in files {
        write!(
            body,
            "--x\r\nContent-Disposition: form-data; name=\"papers\"; filename=\"{name}\"\r\n\
             Content-Type: application/pdf\r\n\r\n{content}\r\n"
        )
        .unwrap();
    }
    body + END
}

fn stars(name: &str) -> Vec<(&str, &str)> {
    vec![
        ("kind", "ocop"),
        ("of", ""),
        ("subject", name),
        ("stars", "4"),
        ("level", "province"),
        ("issuer", "UBND thành phố Hà Nội"),
        ("number", "MẪU 1"),
        ("decision", "MẪU 2/QĐ"),
        ("issued_on", "2026-10-01"),
    ]
}

async fn enters(site: &Site, cookie: &str, fields: &[(&str, &str)]) -> String {
    let body = with_papers(fields, &[("giay.pdf", PDF)]);
    let answer = site.ask(Method::POST, &format!("{PAGE}/new"), cookie, body).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    answer.location
}

#[tokio::test]
async fn what_a_host_claims_is_shown_once_it_is_verified() {
    let site = Site::open().await;
    let owner = site.owner().await;
    let list = site.get(PAGE, &owner).await;
    assert!(list.body.contains("Bộ ấm chén men lam Minh Hải"));
    let kinds = site.get(&format!("{PAGE}/new"), &owner).await;
    assert!(kinds.body.contains("kind=ocop") && kinds.body.contains("kind=collective_mark"));
    assert!(!kinds.body.contains("kind=world_craft_city"), "the office's alone");
    let form = site.get(&format!("{PAGE}/new?kind=ocop"), &owner).await;
    assert_eq!(form.count("form[enctype='multipart/form-data'] #papers"), 1);

    // What is wrong is said beside its field, and nothing typed is lost.
    let mut wrong = stars("Lọ hoa thử");
    wrong.retain(|(name, _)| !matches!(*name, "decision" | "stars"));
    wrong.push(("stars", "5"));
    let files = [("giay.pdf", "<html>")];
    let new = format!("{PAGE}/new");
    let answer = site.ask(Method::POST, &new, &owner, with_papers(&wrong, &files)).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.attr("#subject", "value"), "Lọ hoa thử");
    assert_eq!(answer.attr("#decision", "aria-invalid"), "true");
    assert!(answer.text("#papers-error").contains("giay.pdf"), "{}", answer.body);
    wrong.push(("decision", "MẪU"));
    let answer = site.ask(Method::POST, &new, &owner, with_papers(&wrong, &[])).await;
    assert!(answer.text("#level-error").contains("không công nhận"), "{}", answer.body);
    let bare = with_papers(&stars("Lọ hoa thử"), &[]);
    let answer = site.ask(Method::POST, &new, &owner, bare).await;
    assert_eq!(answer.text("#papers-error").trim(), "Cần ít nhất một giấy tờ.");

    let sent = enters(&site, &owner, &stars("Lọ hoa thử")).await;
    let page = site.get(&sent, &owner).await;
    assert!(page.text("#state").contains("Chờ xác minh"));
    let public = "/vi/workshops/gom-minh-hai";
    assert!(!site.get(public, "").await.body.contains("Lọ hoa thử"));
    let paper = page.attr(".entry a[href*='/papers/']", "href");
    let file = site.get(&paper, &owner).await;
    assert_eq!(file.header(header::CONTENT_TYPE), "application/pdf");
    assert!(file.header(header::CONTENT_DISPOSITION).starts_with("attachment"));
    assert_eq!(file.header(header::CONTENT_SECURITY_POLICY), "default-src 'none'; sandbox");
    assert_eq!(file.header(header::CACHE_CONTROL), "private, no-store");
    assert_eq!(file.body, PDF);
    let stranger = site.person(Some((Role::Owner, OTHER))).await;
    assert_eq!(site.get(&paper, &stranger).await.status, StatusCode::NOT_FOUND);
    // Under one's own address neither.
    let elsewhere = paper.replace(SHOP, OTHER);
    assert_eq!(site.get(&elsewhere, &stranger).await.status, StatusCode::NOT_FOUND);

    let office = site.person(None).await;
    let queue = site.get("/vi/office/credentials?state=claimed", &office).await;
    assert!(queue.body.contains("Lọ hoa thử"));
    let here = sent.split('?').next().unwrap().replace("/host/gom-minh-hai", "/office");
    let decide = site.get(&here, &office).await;
    let version = decide.attr("[name=version]", "value");
    let refuse = [("act", "refuse"), ("version", version.as_str()), ("reason", " ")];
    let answer = site.post(&here, &office, &refuse).await;
    assert_eq!(answer.attr("#reason", "aria-invalid"), "true");
    let verify = [("act", "verify"), ("version", version.as_str())];
    let next = site.goes(&here, &office, &verify).await;
    assert!(site.get(&next, &office).await.text("#state").contains("Đã xác minh"));
    let again = site.post(&here, &office, &verify).await;
    assert!(again.text(".error-summary").contains("vừa đổi"), "{}", again.body);

    let seen = site.get(public, "").await;
    assert!(seen.text("#credentials").contains("Lọ hoa thử"));
    assert!(seen.text(".badges").contains("OCOP 4 sao"));
    assert!(seen.body.contains("hasCertification") && seen.body.contains("\"expires\""));

    // Other details wait again, and are not shown meanwhile.
    let edit = format!("{}/edit", sent.split('?').next().unwrap());
    let mut changed = stars("Lọ hoa thử");
    changed.retain(|(name, _)| *name != "number");
    changed.push(("number", "MẪU 9"));
    site.goes(&edit, &owner, &changed).await;
    assert!(!site.get(public, "").await.body.contains("Lọ hoa thử"));
    let version = site.get(&here, &office).await.attr("[name=version]", "value");
    let refuse = [("act", "refuse"), ("version", version.as_str()), ("reason", "Số không khớp")];
    site.goes(&here, &office, &refuse).await;
    let told = site.get(sent.split('?').next().unwrap(), &owner).await;
    assert!(told.text(".notice").contains("Số không khớp"), "{}", told.body);
    let up = [("act", "give_up"), ("reason", "Thôi")];
    site.goes(sent.split('?').next().unwrap(), &owner, &up).await;
}

#[tokio::test]
async fn a_search_finds_tours_by_what_their_workshops_have() {
    let site = Site::without_slots(crate::site::BASE).await;
    let count = async |query: &str| {
        let page = site.get(&format!("/vi/tours?{query}"), "").await;
        (page.count(".results-list > li"), page)
    };
    let (all, _) = count("").await;
    let (four, page) = count("ocop=4").await;
    let (three, _) = count("ocop=3").await;
    assert!(0 < four && four < three && three < all, "{four} {three} {all}");
    assert!(page.text(".results-count").contains(&four.to_string()));
    assert!(page.text(".chips").contains("4 sao"));
    assert_eq!(page.count("#ocop option[selected][value='4']"), 1);
    let (none, _) = count("ocop=5").await;
    assert_eq!(none, 0);
    for (query, words) in [
        ("artisan=1", "Nghệ nhân"),
        ("trademark=1", "Được dùng nhãn hiệu"),
        ("environment=1", "môi trường"),
    ] {
        let (found, page) = count(query).await;
        assert!(0 < found && found < all, "{query}: {found} of {all}");
        assert!(page.text(".card .badges").contains(words) || query == "environment=1", "{query}");
    }
    // What it says wrongly is passed over.
    assert_eq!(count("ocop=9&artisan=yes").await.0, all);
}

#[tokio::test]
async fn villages_say_what_they_are_and_only_what_is_in_force() {
    let site = Site::without_slots(crate::site::BASE).await;
    let village = site.get("/en/villages/bat-trang", "").await;
    assert!(village.text(".badges").contains("World Craft City"));
    assert!(village.text("#credentials").contains("World Crafts Council"));
    assert!(village.body.contains("hasCertification"));
    let coop = site.get("/vi/coops/gom-ven-song", "").await;
    assert!(coop.text("#credentials").contains("Gốm Ven Sông"));
    let expired = site.get("/vi/workshops/men-ran-duc-thuan", "").await;
    assert!(!expired.body.contains("Bình men rạn Đức Thuận"), "its stars have ended");
    let tour = site.get("/vi/tours/ngo-gach-lo-bau", "").await;
    assert!(tour.text("#credentials").contains("OCOP 3 sao"));
}

#[tokio::test]
async fn the_register_is_filtered_and_downloaded() {
    let site = Site::without_slots(crate::site::BASE).await;
    let office = site.person(None).await;
    let rows = async |query: &str| {
        site.get(&format!("/vi/office/credentials?{query}"), &office).await.count("tbody tr")
    };
    let all = rows("").await;
    assert!(all > 15, "{all}");
    let waiting = rows("state=claimed").await;
    assert_eq!(waiting, 3);
    assert_eq!(rows("kind=world_craft_city").await, 2);
    assert_eq!(rows("kind=world_craft_city&village=van-phuc").await, 1);
    assert_eq!(rows("expiring=30").await, 1);
    let file = site.get("/vi/office/credentials.csv?kind=world_craft_city", &office).await;
    assert!(file.header(header::CONTENT_TYPE).starts_with("text/csv"));
    assert_eq!(file.body.lines().count(), 3, "{}", file.body);
    // A village's, entered by the office without a paper.
    let form = site.get("/vi/office/credentials/new?kind=craft_village", &office).await;
    let seat = form.attr("#seat option", "value");
    let fields = [("kind", "craft_village"), ("seat", seat.as_str()), ("year", "2009")];
    let new = "/vi/office/credentials/new";
    let answer = site.ask(Method::POST, new, &office, with_papers(&fields, &[])).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert_eq!(rows("state=claimed").await, waiting + 1);
    let listed = site.get("/vi/office/audit?area=credential", &office).await;
    assert!(listed.body.contains("Khai chứng nhận"));
}

#[tokio::test]
async fn a_manager_licenses_a_member() {
    let site = Site::without_slots(crate::site::BASE).await;
    let manager = site.owner().await;
    let form = site.get(&format!("{PAGE}/new?kind=mark_licence"), &manager).await;
    let other = site.workshop(OTHER).await;
    let seat = format!("workshop:{other}");
    let mark = form.attr("#mark option", "value");
    let fields = [
        ("kind", "mark_licence"),
        ("seat", seat.as_str()),
        ("mark", mark.as_str()),
        ("number", "03/2026"),
        ("issued_on", "2026-01-01"),
        ("until", "2027-12-31"),
    ];
    let new = format!("{PAGE}/new");
    let answer = site.ask(Method::POST, &new, &manager, with_papers(&fields, &[])).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let public = format!("/vi/workshops/{OTHER}");
    assert!(site.get(&public, "").await.text("#credentials").contains("Gốm Ven Sông"));
    let page = answer.location.split('?').next().unwrap().to_owned();
    site.goes(&page, &manager, &[("act", "give_up"), ("reason", "Không còn làm theo quy chế")])
        .await;
    // The co-op is named elsewhere on the page.
    assert!(!site.get(&public, "").await.text("#credentials").contains("Gốm Ven Sông"));
    let mut conn = site.store.read().await.unwrap();
    let id = page.rsplit('/').next().unwrap().parse().unwrap();
    let it = credential::find(&mut conn, &Actor::System, id).await.unwrap();
    assert_eq!(it.state, CredentialState::Withdrawn);
}

#[tokio::test]
async fn a_form_that_is_too_large_is_answered() {
    let site = Site::without_slots(crate::site::BASE).await;
    let owner = site.owner().await;
    let mut body = with_papers(&stars("Lọ"), &[]).trim_end_matches(END).as_bytes().to_vec();
    body.extend_from_slice(
        b"--x\r\nContent-Disposition: form-data; name=\"papers\"; filename=\"a.pdf\"\r\n\r\n%PDF-1.4",
    );
    body.resize(body.len() + credential::MAX_BYTES + 1, b'0');
    body.extend_from_slice(b"\r\n--x--\r\n");
    let request = Request::builder()
        .method(Method::POST)
        .uri(format!("{PAGE}/new"))
        .header(header::COOKIE, &owner)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x");
    let answer = site.send(request.body(Body::from(body)).unwrap()).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text("#papers-error").contains("8 MB"), "{}", answer.text("main"));
}
