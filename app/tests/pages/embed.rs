//! Calendars in frames of somebody else's page, and the host's page that hands out the line.

use app::render::{Framable, Shared};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use chrono::TimeDelta;
use engine::Locale;
use engine::accounts::Role;
use engine::clock::local_date;
use tower::ServiceExt;

use crate::site::{Answer, OTHER, SHOP, Site};

const TOUR: &str = "/vi/embed/tours/nan-gom-ban-xoay";
/// A look that differs from the usual in everything.
const LOOK: &str = "colour=ffd700&background=dark&corners=square";

/// The addresses to which links of a page lead, by the page's attribute `target`.
fn links(answer: &Answer, target: &str) -> Vec<String> {
    let selector = scraper::Selector::parse("a[href], form[action]").unwrap();
    let page = answer.page();
    page.select(&selector)
        .filter(|link| link.attr("target").unwrap_or_default() == target)
        .map(|link| link.attr("href").or(link.attr("action")).unwrap_or_default().to_owned())
        .collect()
}

/// What holds in every frame: nothing but its own, nobody known, no way of the site within it.
fn assert_fit(answer: &Answer, status: StatusCode) {
    assert_eq!(answer.status, status, "{}", answer.body);
    assert_eq!(answer.cookie, "");
    assert_eq!(answer.count("h1"), 1);
    assert_eq!(answer.count("main"), 1);
    assert_eq!(answer.count("header.site-header, footer, .skip-link, form[method=post]"), 0);
    assert_eq!(answer.count("style, [style], script:not([src]), [onclick]"), 0);
    assert_eq!(answer.attr("meta[name=robots]", "content"), "noindex");
    for href in links(answer, "") {
        assert!(href.starts_with("/vi/embed/") || href.starts_with("/en/embed/"), "{href}");
    }
    let out = scraper::Selector::parse("a[target]").unwrap();
    for link in answer.page().select(&out) {
        assert_eq!(link.attr("target"), Some("_blank"));
        assert_eq!(link.attr("rel"), Some("noopener"));
    }
}

#[tokio::test]
async fn a_tours_calendar_leads_day_by_day_to_the_booking() {
    let site = Site::open().await;
    let answer = site.get(&format!("{TOUR}?{LOOK}"), "").await;
    assert_fit(&answer, StatusCode::OK);
    assert_eq!(
        answer.attr("link[rel=canonical]", "href"),
        "http://localhost/vi/tours/nan-gom-ban-xoay"
    );
    assert_eq!(answer.attr("html", "data-theme"), "dark");
    assert_eq!(answer.attr("html", "data-corners"), "square");
    assert_eq!(answer.count("link[href='/embed/look.css?colour=ffd700']"), 1);
    assert!(answer.text("header").contains("từ") || answer.text("header").contains('₫'));

    // A day within the frame.
    let days = scraper::Selector::parse("a.cal-day[data-state=open]").unwrap();
    let page = answer.page();
    let day = page.select(&days).nth(2).unwrap().attr("href").unwrap();
    assert!(day.contains(LOOK) && day.ends_with("#day"), "{day}");
    let answer = site.get(day.split('#').next().unwrap(), "").await;
    assert_fit(&answer, StatusCode::OK);
    let date = day.split("date=").nth(1).unwrap().split('&').next().unwrap();
    assert!(answer.attr("a.cal-day[aria-current]", "href").contains(date));
    assert_eq!(answer.attr("#day time", "datetime"), date);

    // From it to the booking, with the party.
    assert_eq!(answer.attr("a.slot", "target"), "_blank");
    let book = answer.attr("a.slot", "href");
    assert!(book.starts_with("/vi/book/") && !book.contains("colour"), "{book}");
    assert!(answer.text("a.slot .slot-book").contains("Đặt "), "{}", answer.body);
    let booking = site.get(&book, "").await;
    assert_eq!(booking.status, StatusCode::OK);
    let unit = answer.attr(".embed-party input[type=number]", "name");
    assert_eq!(booking.attr("main form input[type=number]", "value"), "2");
    assert!(book.contains(&format!("{unit}=2")), "{book}");

    // The party is sent within the frame and keeps look and day.
    let hidden = |name: &str| answer.attr(&format!(".embed-party [name={name}]"), "value");
    assert_eq!(hidden("colour"), "ffd700");
    assert_eq!(hidden("date"), date);
    let four = site.get(&format!("{TOUR}?{LOOK}&date={date}&{unit}=4"), "").await;
    assert!(four.attr("a.slot", "href").contains(&format!("{unit}=4")));
    assert!(four.text(".embed-party summary").contains("4 người lớn"));
}

#[tokio::test]
async fn nobodys_page_breaks_for_what_its_line_says() {
    let site = Site::open().await;
    let wrong =
        "colour=red%3B%7D&background=pink&corners=%3Cb%3E&list=..%2Fhost&month=2026-99&date=x";
    let answer = site.get(&format!("{TOUR}?{wrong}"), "").await;
    assert_fit(&answer, StatusCode::OK);
    assert_eq!(answer.count("html[data-theme], html[data-corners], link[href*=look]"), 0);
    assert!(answer.count("a.cal-day") > 0);
    for gone in ["tours/nothing", "workshops/nothing", "coops/nothing", "villages/nothing"] {
        let answer = site.get(&format!("/vi/embed/{gone}?{LOOK}"), "").await;
        assert_fit(&answer, StatusCode::NOT_FOUND);
        assert_eq!(answer.attr("html", "data-theme"), "dark");
    }
    let sheet = site.get("/embed/look.css?colour=red;}", "").await;
    assert_eq!((sheet.status, sheet.body.as_str()), (StatusCode::OK, ""));
    let sheet = site.get("/embed/look.css?colour=ffd700", "").await;
    assert!(sheet.body.contains("--fill: #ffd700;") && sheet.body.contains("--fill-ink: #000000;"));
    assert_eq!(sheet.header(header::CONTENT_TYPE), "text/css; charset=utf-8");
}

#[tokio::test]
async fn a_draft_is_in_no_frame() {
    let site = Site::open().await;
    let owner = site.owner().await;
    let fields = [("act", "unpublish"), ("tour", "nan-gom-ban-xoay")];
    let answer = site.post(&format!("/vi/host/{SHOP}/tours"), &owner, &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text("main"));
    for cookie in ["", &owner] {
        assert_fit(&site.get(TOUR, cookie).await, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn a_list_leads_to_each_tour_and_back() {
    let site = Site::open().await;
    let catalogue = site.app.catalogue().await.unwrap();
    let tours = catalogue.tours_of(site.workshop(SHOP).await).count();
    for list in
        [format!("workshops/{SHOP}"), "coops/gom-ven-song".into(), "villages/bat-trang".into()]
    {
        let answer = site.get(&format!("/en/embed/{list}?{LOOK}"), "").await;
        assert_fit(&answer, StatusCode::OK);
        assert_eq!(
            answer.attr("link[rel=canonical]", "href"),
            format!("http://localhost/en/{list}")
        );
        let cards = answer.count(".embed-cards .card");
        assert!(if list.starts_with("work") { cards == tours } else { cards > tours }, "{list}");
        let tour = answer.attr(".card-link[href*=nan-gom]", "href");
        let answer = site.get(&tour, "").await;
        assert_fit(&answer, StatusCode::OK);
        let back = links(&answer, "").into_iter().next().unwrap();
        assert_eq!(back, format!("/en/embed/{list}?{LOOK}"));
    }
    let answer = site.get(&format!("/vi/embed/workshops/{SHOP}"), "").await;
    assert!(answer.text(".card").contains("Sau đó: "), "{}", answer.text(".card"));
}

#[tokio::test]
async fn a_course_shows_its_runs() {
    let site = Site::open().await;
    let catalogue = site.app.catalogue().await.unwrap();
    let course = catalogue.published().find(|tour| tour.course.is_some()).unwrap();
    let answer = site.get(&format!("/vi/embed/tours/{}", course.slug), "").await;
    assert_fit(&answer, StatusCode::OK);
    assert_eq!(answer.count("#runs-title"), 1);
}

/// Pages that may be framed are those for it and no others, and a guest's frame may be kept.
#[tokio::test]
async fn only_pages_for_frames_may_be_framed() {
    let site = Site::open().await;
    let slot = site.slot(2).await;
    let marks = async |path: &str| {
        let request = Request::get(path).header(header::ACCEPT, "text/html");
        let request = request.body(Body::empty()).unwrap();
        let answer = site.router.clone().oneshot(request).await.unwrap();
        let marks = answer.extensions();
        (marks.get::<Framable>().is_some(), marks.get::<Shared>().is_some())
    };
    for path in ["tours/nan-gom-ban-xoay", &format!("workshops/{SHOP}"), "coops/gom-ven-song"] {
        assert_eq!(marks(&format!("/vi/embed/{path}")).await, (true, true), "{path}");
    }
    assert_eq!(marks("/vi/embed/tours/nothing").await, (true, false));
    let others = [
        "/vi".to_owned(),
        "/vi/tours/nan-gom-ban-xoay".to_owned(),
        format!("/vi/workshops/{SHOP}"),
        format!("/vi/book/{}", slot.id),
        "/vi/sign-in".to_owned(),
        "/vi/host".to_owned(),
        "/vi/embed".to_owned(),
        "/vi/embed/nothing/at-all".to_owned(),
        "/xx/embed/tours/nan-gom-ban-xoay".to_owned(),
    ];
    for path in others {
        assert!(!marks(&path).await.0, "{path}");
    }
}

/// A session that is due for renewal is renewed by pages of the site, never by a frame.
#[tokio::test]
async fn a_frame_neither_reads_a_cookie_nor_sets_one() {
    let site = Site::open().await;
    let owner = site.owner().await;
    site.store.clock().advance(TimeDelta::hours(2));
    let as_owner = site.get(TOUR, &owner).await;
    assert_fit(&as_owner, StatusCode::OK);
    assert_eq!(as_owner.body, site.get(TOUR, "").await.body);
    for path in ["/embed.js", "/embed/look.css?colour=b5482f"] {
        let file = site.get(path, &owner).await;
        assert_eq!((file.status, file.cookie.as_str()), (StatusCode::OK, ""), "{path}");
        assert!(file.header(header::CACHE_CONTROL).contains("max-age=86400"), "{path}");
    }
    let page = site.get("/vi/tours/nan-gom-ban-xoay", &owner).await;
    assert_ne!(page.cookie, "", "renewal was not due");
}

#[tokio::test]
async fn a_host_gets_the_line_and_sees_what_it_does() {
    let site = Site::open().await;
    let staff = site.person(Some((Role::Staff, SHOP))).await;
    let page = format!("/vi/host/{SHOP}/embed");
    let more = site.get(&format!("/vi/host/{SHOP}/more"), &staff).await;
    assert_eq!(more.count(&format!("a[href='{page}']")), 1);
    let answer = site.get(&page, &staff).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(
        answer.attr("#line", "value"),
        format!(
            "<script async src=\"http://localhost/embed.js\" data-workshop=\"{SHOP}\" \
             data-language=\"vi\"></script>"
        )
    );
    assert_eq!(answer.attr("iframe", "src"), format!("/vi/embed/workshops/{SHOP}"));
    assert_eq!(answer.count("#colour[type=color]"), 1);

    let chosen = "show=tour-nan-gom-ban-xoay&shape=button&colour=%23ffd700&language=en\
                  &background=light&corners=square";
    let answer = site.get(&format!("{page}?{chosen}"), &staff).await;
    let line = "data-tour=\"nan-gom-ban-xoay\" data-colour=\"ffd700\" data-background=\"light\" \
                data-corners=\"square\" data-language=\"en\" data-button></script>";
    assert!(answer.attr("#line", "value").ends_with(line), "{}", answer.attr("#line", "value"));
    // What was chosen is still there, and the preview is the line itself.
    assert_eq!(answer.attr("#colour", "value"), "#ffd700");
    assert_eq!(answer.attr("select[name=show] option[selected]", "value"), "tour-nan-gom-ban-xoay");
    assert_eq!(answer.attr("input[name=corners][checked]", "value"), "square");
    assert_eq!(answer.attr("main script[data-button]", "src"), "/embed.js");
    let frame = answer.attr("#frame", "value");
    assert!(frame.contains("/en/embed/tours/nan-gom-ban-xoay?colour=ffd700&amp;background=light"));
    // The snippets are text: the page has no script of theirs but the preview.
    assert_eq!(answer.count("main script"), 1);
}

#[tokio::test]
async fn who_manages_a_co_op_gets_its_tours_too() {
    let site = Site::open().await;
    let owner = site.owner().await;
    let page = format!("/vi/host/{SHOP}/embed?show=coop");
    let answer = site.get(&page, &owner).await;
    assert_eq!(answer.attr("iframe", "src"), "/vi/embed/coops/gom-ven-song");
    let staff = site.person(Some((Role::Staff, SHOP))).await;
    let answer = site.get(&page, &staff).await;
    assert_eq!(answer.count("option[value=coop]"), 0);
    assert_eq!(answer.attr("iframe", "src"), format!("/vi/embed/workshops/{SHOP}"));
    let stranger = site.person(Some((Role::Owner, OTHER))).await;
    assert_eq!(site.get(&page, &stranger).await.status, StatusCode::NOT_FOUND);
}

/// The month that opens is that of the next departure, in whichever language.
#[tokio::test]
async fn the_month_of_the_next_departure_opens() {
    let site = Site::open().await;
    let today = local_date(site.store.now());
    for locale in Locale::ALL {
        let answer = site.get(&format!("/{locale}/embed/tours/nan-gom-ban-xoay"), "").await;
        let shown = answer.attr("a.cal-day", "href");
        assert!(shown.contains(&today.format("date=%Y-%m").to_string()), "{shown}");
        assert_eq!(answer.attr("html", "lang"), locale.tag());
    }
}
