//! A course from its plan to its certificate, by the pages that people use.

use crate::site::{OTHER, SHOP, Site};
use axum::http::StatusCode;
use chrono::{Days, NaiveDate};
use engine::SlotId;
use engine::accounts::Role;
use engine::course::{Certificate, Session, certificates_of_run, runs_of_workshop, sessions_of};
use engine::mail::Letter;
use engine::params;
use engine::schedule::Slot;

const TOUR: &str = "khoa-xoay-gom-sau-sang-thu-bay";

fn plan_page() -> String {
    format!("/vi/host/{SHOP}/courses/new")
}

fn run_page(run: &Slot) -> String {
    format!("/vi/host/{SHOP}/courses/{}", run.id)
}

async fn runs(site: &Site) -> Vec<Slot> {
    let workshop = site.workshop(SHOP).await;
    runs_of_workshop(&mut site.store.read().await.unwrap(), workshop).await.unwrap()
}

async fn sessions(site: &Site, run: SlotId) -> Vec<Session> {
    sessions_of(&mut site.store.read().await.unwrap(), run).await.unwrap()
}

async fn certificates(site: &Site, run: SlotId) -> Vec<Certificate> {
    certificates_of_run(&mut site.store.read().await.unwrap(), run).await.unwrap()
}

async fn letters(site: &Site, kind: Letter) -> i64 {
    let sql = "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM outbox WHERE kind = $1";
    let mut conn = site.store.read().await.unwrap();
    conn.fetch_one::<(i64,)>(sql, params![kind]).await.unwrap().0
}

/// Opens a run of three Saturdays from 5 December 2026 by the owner's form.
async fn planned(site: &Site, owner: &str) -> Slot {
    let page = site.get(&plan_page(), owner).await;
    assert_eq!(page.status, StatusCode::OK);
    let option = page.attr("#option option[selected]", "value");
    let fields = [
        ("option", option.as_str()),
        ("first", "2026-12-05"),
        ("time", "08:30"),
        ("count", "3"),
        ("minutes", "180"),
        ("capacity", "6"),
        ("guide", "Anh Hải"),
    ];
    let list: Vec<_> = fields.into_iter().chain([("do", "list")]).collect();
    let listed = site.post(&plan_page(), owner, &list).await;
    assert_eq!(listed.status, StatusCode::OK);
    let lines = listed.text("#sessions");
    assert_eq!(
        lines.trim(),
        "05/12/2026 08:30–11:30\n12/12/2026 08:30–11:30\n19/12/2026 08:30–11:30"
    );
    let save: Vec<_> =
        fields.into_iter().chain([("do", "save"), ("sessions", lines.trim())]).collect();
    let to = site.goes(&plan_page(), owner, &save).await;
    assert!(to.ends_with("?planned=1"), "{to}");
    runs(site).await.remove(0)
}

/// A guest enrols so many adults; the address of the booking's own page.
async fn enrolled(site: &Site, run: &Slot, people: &str) -> String {
    let book = format!("/vi/book/{}", run.id);
    let catalogue = site.app.catalogue().await.unwrap();
    let (_, option) = catalogue.option(run.option_id).unwrap();
    let adult = option.open_units().next().unwrap().id.to_string();
    let key = uuid::Uuid::now_v7().to_string();
    let details = site.goes(&book, "", &[("form_key", &key), (&adult, people)]).await;
    let page = site.get(&details, "").await;
    assert_eq!(page.count(".session"), 3, "all sessions beside each step");
    let fields = [
        ("name", "Cô Trang"),
        ("email", "trang@example.com"),
        ("organisation", "THCS Bát Tràng"),
        ("teacher", "Cô Trang"),
        ("language", "vi"),
    ];
    let review = site.goes(&details, "", &fields).await;
    let page = site.get(&review, "").await;
    assert!(page.text("main").contains("THCS Bát Tràng, Cô Trang"));
    let done = site.goes(&review, "", &[]).await;
    done.split('?').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_course_from_the_plan_to_the_proof() {
    let site = Site::open().await;
    let owner = site.owner().await;
    let run = planned(&site, &owner).await;

    let tour = site.get(&format!("/vi/tours/{TOUR}"), "").await;
    assert_eq!(tour.count(".run"), 1);
    assert_eq!(tour.count(".run .session"), 3);
    assert!(tour.text(".run-title").contains("05/12/2026"));
    assert_eq!(tour.attr(".run a.btn", "href"), format!("/vi/book/{}", run.id));

    let manage = enrolled(&site, &run, "2").await;
    let page = site.get(&manage, "").await;
    assert_eq!(page.count(".ticket .session"), 3);
    let entry = site.get(&format!("{manage}/invite.ics"), "").await;
    assert_eq!(entry.body.matches("BEGIN:VEVENT").count(), 3);

    // The teacher pastes the list; a list that is too long comes back whole.
    let guests = format!("{manage}/guests");
    let long = site.post(&guests, "", &[("names", "An, 2012\nBình\nChi")]).await;
    assert_eq!(long.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(long.text("#names").contains("Chi") && long.count("#names-error") == 1);
    let to = site.goes(&guests, "", &[("names", "1. An, 2012\n2. Bình")]).await;
    assert!(to.ends_with("?listed=2"));

    // A session moves and one is cancelled; both times everybody is told.
    let all = sessions(&site, run.id).await;
    let ids: Vec<String> = all.iter().map(|session| session.id.to_string()).collect();
    let page = run_page(&run);
    let no_reason = [("act", "cancel"), ("session", ids[2].as_str()), ("reason", " ")];
    let refused = site.post(&page, &owner, &no_reason).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let shift = [("act", "move"), ("session", &ids[1]), ("date", "2026-12-13"), ("time", "09:00")];
    site.goes(&page, &owner, &shift).await;
    let stop = [("act", "cancel"), ("session", ids[2].as_str()), ("reason", "Lò hỏng")];
    site.goes(&page, &owner, &stop).await;
    assert_eq!(letters(&site, Letter::SessionChange).await, 2);
    let seen = site.get(&manage, "").await;
    assert_eq!(seen.count(".ticket .session[data-state=cancelled]"), 1);
    assert!(seen.text(".ticket .sessions").contains("13/12/2026"));

    // Attendance, by staff, on the day.
    let staff = site.person(Some((Role::Staff, SHOP))).await;
    let list = format!("{page}/attendance");
    let early = site.get(&list, &staff).await;
    assert_eq!(early.count(".roll-call"), 2);
    assert_eq!(early.count("button[name=do]"), 0, "not before the day");
    site.store.clock().advance(chrono::TimeDelta::days(13));
    let staff = site.person(Some((Role::Staff, SHOP))).await;
    let owner = site.owner().await;
    for id in &ids[..2] {
        let to = site.goes(&list, &staff, &[("session", id), ("do", "all")]).await;
        assert!(to.ends_with("&saved=1"));
    }
    let sheet = site.get(&format!("{list}?session={}", ids[0]), &staff).await;
    assert_eq!(sheet.count("input[value=present][checked]"), 2);
    let bình = sheet.page();
    let names = scraper::Selector::parse(".roll-call input[value=missing]").unwrap();
    let second = bình.select(&names).nth(1).unwrap().attr("name").unwrap().to_owned();
    let put_right = [("session", ids[0].as_str()), (second.as_str(), "missing"), ("do", "save")];
    site.goes(&list, &staff, &put_right).await;
    let grid = site.get(&page, &staff).await;
    assert_eq!(grid.count(".roll td[data-state=present]"), 3);
    assert_eq!(grid.count(".roll td[data-state=missing]"), 1);
    assert_eq!(site.get(&format!("{page}/list"), &staff).await.count(".roll-paper tbody tr"), 2);

    // The course of the demo asks for five sessions: nobody is certified after two.
    let none = site.goes(&page, &owner, &[("act", "issue")]).await;
    assert!(none.ends_with("?issued=0"), "{none}");
    let terms = format!("/vi/host/{SHOP}/tours/{TOUR}/course");
    let two = [("course", "on"), ("needed", "2"), ("skills_vi", "Định tâm"), ("skills_en", "")];
    site.goes(&terms, &owner, &two).await;
    assert_eq!(site.post(&page, &staff, &[("act", "issue")]).await.status, StatusCode::NOT_FOUND);
    let some = site.goes(&page, &owner, &[("act", "issue")]).await;
    assert!(some.ends_with("?issued=1"), "{some}");
    assert_eq!(letters(&site, Letter::Certificate).await, 1);
    let paper = certificates(&site, run.id).await.remove(0);
    assert_eq!((paper.name.as_str(), paper.born), ("An", Some(2012)));

    // Its page proves it, and so does what is typed from paper.
    let proof = format!("/vi/certificates/{}", paper.code);
    let valid = site.get(&proof, "").await;
    assert_eq!(valid.attr(".verdict", "data-state"), "valid");
    assert!(valid.text("main").contains("6 giờ") && valid.text("main").contains("Định tâm"));
    assert_eq!(valid.headers["x-robots-tag"], "noindex, nofollow");
    let typed = format!("/vi/certificates?code={}", paper.spoken_code().to_lowercase());
    assert_eq!(site.get(&typed, "").await.location, proof);
    let print = site.get(&format!("{proof}/print"), "").await;
    assert_eq!(print.count(".leaf .leaf-qr svg"), 1);
    assert_eq!(site.get(&format!("{page}/certificates"), &staff).await.count(".leaf"), 1);
    assert!(site.get(&manage, "").await.text("main").contains("Giấy chứng nhận"));

    // Withdrawn is withdrawn, at once, and not printed again.
    let id = paper.id.to_string();
    let reason = format!("reason-{id}");
    let take =
        |words| [("act", "withdraw"), ("certificate", id.as_str()), (reason.as_str(), words)];
    let refused = site.post(&page, &owner, &take(" ")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    site.goes(&page, &owner, &take("Sai tên")).await;
    let gone = site.get(&proof, "").await;
    assert_eq!(gone.attr(".verdict", "data-state"), "withdrawn");
    assert!(!gone.body.contains("Sai tên"), "the reason is the workshop's");
    assert_eq!(site.get(&format!("{proof}/print"), "").await.status, StatusCode::SEE_OTHER);
    let mut forged = paper.code.clone();
    forged.replace_range(0..1, if paper.code.starts_with('A') { "B" } else { "A" });
    let unknown = site.get(&format!("/vi/certificates/{forged}"), "").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    assert_eq!(unknown.attr(".verdict", "data-state"), "unknown");
    let odd = site.get("/vi/certificates?code=xyz", "").await;
    assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(odd.attr("#code", "value"), "xyz");
}

#[tokio::test]
async fn another_workshops_runs_are_not_found() {
    let site = Site::open().await;
    let owner = site.owner().await;
    let run = planned(&site, &owner).await;
    let stranger = site.person(Some((Role::Owner, OTHER))).await;
    for sub in ["", "/attendance", "/list", "/certificates"] {
        let theirs = format!("/vi/host/{OTHER}/courses/{}{sub}", run.id);
        assert_eq!(site.get(&theirs, &stranger).await.status, StatusCode::NOT_FOUND, "{sub}");
    }
    let manage = enrolled(&site, &run, "1").await;
    let code = manage.split('/').nth(3).unwrap().to_owned();
    let booking = {
        let mut conn = site.store.read().await.unwrap();
        engine::booking::query::by_code(&mut conn, &code).await.unwrap().unwrap()
    };
    // A session of this shop's run under the other shop's address, by its owner.
    let other = site.workshop(OTHER).await;
    assert_ne!(booking.workshop_id, other);
    let fields = [("act", "names"), ("booking", &booking.id.to_string()), ("names", "X")];
    let theirs = format!("/vi/host/{OTHER}/courses/{}", run.id);
    assert_eq!(site.post(&theirs, &stranger, &fields).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_wrong_with_a_plan_is_said_beside_it() {
    let site = Site::open().await;
    let owner = site.owner().await;
    let page = site.get(&plan_page(), &owner).await;
    let option = page.attr("#option option[selected]", "value");
    let save = |sessions: &'static str, capacity: &'static str| {
        let (site, owner, option) = (&site, &owner, option.clone());
        async move {
            let fields = [
                ("option", option.as_str()),
                ("sessions", sessions),
                ("capacity", capacity),
                ("do", "save"),
            ];
            site.post(&plan_page(), owner, &fields).await
        }
    };
    let unread = save("thứ bảy tới", "6").await;
    assert_eq!(unread.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unread.text("#sessions-error").contains("dòng 1"));
    assert!(unread.text("#sessions").contains("thứ bảy tới"), "typed words are kept");
    let past = save("05/12/2020 08:30", "0").await;
    assert_eq!((past.count("#sessions-error"), past.count("#capacity-error")), (1, 1));
    let overlap = save("05/12/2026 08:30\n05/12/2026 09:30", "6").await;
    assert!(overlap.text("#sessions-error").contains("Buổi 2"));
    let list =
        [("option", option.as_str()), ("first", ""), ("time", "x"), ("count", "0"), ("do", "list")];
    let list = site.post(&plan_page(), &owner, &list).await;
    let wrong = ["#first-error", "#time-error", "#count-error"].map(|field| list.count(field));
    assert_eq!(wrong, [1, 1, 1]);
    // The pattern leaves out the days on which the workshop is closed: Tết 2027 is on 6 February.
    let tet = [
        ("option", option.as_str()),
        ("first", "2027-01-30"),
        ("time", "08:30"),
        ("count", "4"),
        ("do", "list"),
    ];
    let tet = site.post(&plan_page(), &owner, &tet).await;
    assert_eq!(tet.status, StatusCode::OK);
    assert!(tet.text(".notice").contains("06/02/2027"), "{}", tet.text("main"));
    assert_eq!(tet.text("#sessions").trim().lines().count(), 4);
}

#[tokio::test]
async fn an_apprentice_applies_and_is_given_a_place() {
    const LACQUER: &str = "son-mai-tung-lam";
    let site = Site::open().await;
    let owner = site.person(Some((Role::Owner, LACQUER))).await;
    let plan = format!("/vi/host/{LACQUER}/courses/new");
    let option = site.get(&plan, &owner).await.attr("#option option[selected]", "value");
    let first = NaiveDate::from_ymd_opt(2027, 1, 12).unwrap();
    let days: Vec<String> = (0..3)
        .map(|week| format!("{} 08:00", (first + Days::new(7 * week)).format("%d/%m/%Y")))
        .collect();
    let days = days.join("\n");
    let fields = [
        ("option", option.as_str()),
        ("sessions", days.as_str()),
        ("capacity", "3"),
        ("do", "save"),
    ];
    let to = site.goes(&plan, &owner, &fields).await;
    let run = to.split(['/', '?']).nth(5).unwrap().to_owned();
    let tour = site.get("/vi/tours/hoc-nghe-son-mai", "").await;
    let apply = tour.attr("#book a.btn-primary", "href");
    assert_eq!(apply, "/vi/tours/hoc-nghe-son-mai/enquiry");
    assert_eq!(tour.count(&format!("a[href='/vi/book/{run}']")), 0, "nobody just books");
    assert_eq!(site.get(&format!("/vi/book/{run}"), "").await.status, StatusCode::NOT_FOUND);

    let mut fields = vec![
        ("people", "1"),
        ("date", "2027-01-04"),
        ("name", "Hà Huy"),
        ("email", "huy@example.com"),
        ("message", " "),
    ];
    let refused = site.post(&apply, "", &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.count("#message-error"), 1);
    fields[4].1 = "Ông nội tôi làm sơn";
    let enquiry = site.goes(&apply, "", &fields).await;
    let id = enquiry.split('/').nth(3).unwrap();
    let answer = format!("/vi/host/{LACQUER}/enquiries/{id}");
    let page = site.get(&answer, &owner).await;
    assert_eq!(page.count("#run option"), 1);
    let until = "2026-12-10";
    let offer = [
        ("act", "offer"),
        ("run", run.as_str()),
        ("people", "1"),
        ("price", "7200000"),
        ("by", "each"),
        ("until", until),
        ("words", "Mời em"),
    ];
    site.goes(&answer, &owner, &offer).await;
    let offered = site.get(&enquiry, "").await;
    assert_eq!(offered.count(".session"), 3, "{}", offered.text("main"));
}
