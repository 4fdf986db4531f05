//! The visitor's pages, asked for in-process and read as a browser would.
use std::collections::{BTreeSet, VecDeque};

use crate::site::Site;
use app::context::App;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use engine::Locale;
use schemaorg_rs::profiles::Eligibility;
use scraper::{Html, Selector};
use tower::ServiceExt;

const BASE: &str = "https://langnghe.example";

/// The site with the demo catalogue and its slots, on Tuesday 1 December 2026.
async fn site() -> (Router, App) {
    let Site { router, store, app, .. } = Site::without_slots(BASE).await;
    let catalogue = app.catalogue().await.unwrap();
    engine::schedule::generate_daily(&store, &catalogue).await.unwrap();
    (router, app)
}

struct Answer {
    status: StatusCode,
    location: Option<String>,
    text: String,
}

async fn get(router: &Router, path: &str) -> Answer {
    ask(router, Request::get(path).header(header::ACCEPT, "text/html")).await
}

async fn ask(router: &Router, request: axum::http::request::Builder) -> Answer {
    let response = router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let status = response.status();
    let location =
        response.headers().get(header::LOCATION).map(|value| value.to_str().unwrap().to_owned());
    let body = to_bytes(response.into_body(), 4 << 20).await.unwrap();
    Answer { status, location, text: String::from_utf8(body.to_vec()).unwrap() }
}

fn all(html: &Html, selector: &str, attribute: &str) -> Vec<String> {
    html.select(&Selector::parse(selector).unwrap())
        .filter_map(|element| element.attr(attribute).map(str::to_owned))
        .collect()
}

fn count(html: &Html, selector: &str) -> usize {
    html.select(&Selector::parse(selector).unwrap()).count()
}

/// What holds on every public page.
fn assert_sound(path: &str, answer: &Answer) -> Html {
    assert_eq!(answer.status, StatusCode::OK, "{path}");
    let html = Html::parse_document(&answer.text);
    assert_eq!(count(&html, "h1"), 1, "{path}: one h1");
    assert_eq!(count(&html, "[style], [onclick]"), 0, "{path}: no inline style or handler");
    assert_eq!(count(&html, "script:not([type='application/ld+json'])"), 0, "{path}: no script");
    let ids = all(&html, "[id]", "id");
    let unique: BTreeSet<&String> = ids.iter().collect();
    assert_eq!(ids.len(), unique.len(), "{path}: ids are unique");
    html
}

#[tokio::test]
async fn every_public_page_is_sound_in_each_language() {
    let (router, app) = site().await;
    let catalogue = app.catalogue().await.unwrap();
    let mut paths: Vec<String> =
        ["", "/tours", "/villages", "/about", "/terms", "/privacy"].map(String::from).into();
    paths.extend(catalogue.villages.iter().map(|village| format!("/villages/{}", village.slug)));
    paths
        .extend(catalogue.workshops.iter().map(|workshop| format!("/workshops/{}", workshop.slug)));
    paths.extend(catalogue.published().map(|tour| format!("/tours/{}", tour.slug)));
    for path in &paths {
        for locale in Locale::ALL {
            let url = format!("/{locale}{path}");
            let html = assert_sound(&url, &get(&router, &url).await);
            assert_eq!(all(&html, "html", "lang"), [locale.tag()]);
            assert_eq!(all(&html, "link[rel=canonical]", "href"), [format!("{BASE}{url}")]);
            let alternates = all(&html, "link[rel=alternate]", "href");
            for other in Locale::ALL {
                assert!(alternates.contains(&format!("{BASE}/{other}{path}")), "{url}: hreflang");
            }
            let description = all(&html, "meta[name=description]", "content").concat();
            // A character of China, Japan or Korea says as much as two letters.
            let least =
                if matches!(locale, Locale::Vi | Locale::En | Locale::Fr) { 40 } else { 15 };
            let length = description.chars().count();
            assert!((least..=200).contains(&length), "{url}: {description}");
        }
    }
}

#[tokio::test]
async fn structured_data_is_valid_and_says_the_prices_of_the_page() {
    let (router, app) = site().await;
    let catalogue = app.catalogue().await.unwrap();
    for tour in catalogue.published() {
        for locale in Locale::ALL {
            let url = format!("/{locale}/tours/{}", tour.slug);
            let answer = get(&router, &url).await;
            let html = Html::parse_document(&answer.text);
            let script = Selector::parse("script[type='application/ld+json']").unwrap();
            let json = html.select(&script).next().unwrap().inner_html();
            let graph = schemaorg_rs::extract_all(&answer.text).unwrap();
            let verdict = schemaorg_rs::validation::validate(&graph);
            let profile = schemaorg_rs::profiles::ProfileRegistry::with_google()
                .evaluate("google", &graph, &verdict.diagnostics)
                .unwrap();
            assert!(
                matches!(profile.eligibility, Eligibility::Eligible | Eligibility::WarningsOnly),
                "{url}: {:?} {:?}",
                profile.eligibility,
                verdict.diagnostics
            );
            let document: serde_json::Value = serde_json::from_str(&json).unwrap();
            let product = &document["@graph"][0];
            let page: String = html.root_element().text().collect();
            for offer in product["offers"].as_array().unwrap() {
                let price = engine::Dong(offer["price"].as_str().unwrap().parse().unwrap());
                assert!(page.contains(&price.display(locale)), "{url}: {price:?} is not shown");
            }
        }
    }
}

#[tokio::test]
async fn a_co_op_is_an_organization_with_its_members() {
    let (router, _) = site().await;
    for url in ["/vi/coops/gom-ven-song", "/en/coops/soi-nhue", "/vi/workshops/gom-minh-hai"] {
        let answer = get(&router, url).await;
        let graph = schemaorg_rs::extract_all(&answer.text).unwrap();
        let verdict = schemaorg_rs::validation::validate(&graph);
        let unknown: Vec<_> = verdict
            .diagnostics
            .iter()
            .map(|diagnostic| format!("{diagnostic:?}"))
            .filter(|text| {
                text.contains("member") || text.contains("founding") || text.contains("brand")
            })
            .collect();
        assert!(unknown.is_empty(), "{url}: {unknown:#?}");
    }
    let answer = get(&router, "/vi/coops/gom-ven-song").await;
    let html = Html::parse_document(&answer.text);
    let script = Selector::parse("script[type='application/ld+json']").unwrap();
    let json = html.select(&script).next().unwrap().inner_html();
    let document: serde_json::Value = serde_json::from_str(&json).unwrap();
    let coop = &document["@graph"][0];
    assert_eq!(coop["@type"], "Organization");
    assert_eq!(coop["foundingDate"], "2024-03-20");
    assert_eq!(coop["member"].as_array().unwrap().len(), 3);
    assert_eq!(coop["member"][0]["@id"], format!("{BASE}/vi/workshops/gom-minh-hai#workshop"));
}

#[tokio::test]
async fn links_lead_somewhere() {
    let (router, _) = site().await;
    // Pages of other parts of the site, which have their own tests, and those of further languages,
    // which are the same ones.
    let elsewhere = [
        "/book/",
        "/waitlist/",
        "/enquiry",
        "/find",
        "/sign-in",
        "/pkg/",
        "/ko/",
        "/zh/",
        "/ja/",
        "/fr/",
    ];
    let mut seen = BTreeSet::new();
    let mut queue = VecDeque::from(["/vi".to_owned(), "/en".to_owned()]);
    while let Some(path) = queue.pop_front() {
        let answer = get(&router, &path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        for link in all(&Html::parse_document(&answer.text), "a[href]", "href") {
            let link = link.split('#').next().unwrap_or_default().to_owned();
            let inside = link.starts_with('/') && !elsewhere.iter().any(|part| link.contains(part));
            // Of addresses with a query a sample is enough: the others differ only in it.
            let sample = !link.contains('?') || seen.len() < 150;
            if inside && sample && seen.insert(link.clone()) {
                queue.push_back(link);
            }
        }
    }
    assert!(seen.len() > 120, "only {} links were found", seen.len());
}

#[tokio::test]
async fn search_finds_without_diacritics_and_counts_live_places() {
    let (router, _) = site().await;
    let answer = get(&router, "/vi/tours?q=bat+trang&date=2026-12-05&adults=2&children=1").await;
    let html = Html::parse_document(&answer.text);
    assert!(count(&html, "ul.results-list > li") > 0, "Bát Tràng has tours on a Saturday");
    let tour = all(&html, "a.card-link", "href").remove(0);
    assert!(tour.contains("adults=2") && tour.contains("children=1"), "{tour}");
    let picker = get(&router, &tour).await;
    let html = Html::parse_document(&picker.text);
    assert!(count(&html, "button.slot[formaction^='/vi/book/']") > 0);
    let values = all(&html, ".stepper-input", "value");
    assert!(values.contains(&"2".to_owned()) && values.contains(&"1".to_owned()), "{values:?}");
    assert_eq!(count(&html, "a.cal-day[aria-current=date]"), 1);

    let none = get(&router, "/en/tours?q=submarine").await;
    let html = Html::parse_document(&none.text);
    assert_eq!(count(&html, ".empty"), 1);
    assert_eq!(all(&html, "#q", "value"), ["submarine"]);
}

#[tokio::test]
async fn what_is_not_there_is_said_kindly() {
    let (router, _) = site().await;
    for (path, words) in [
        ("/vi/tours/khong-co", "Trang này đi chợ phiên rồi"),
        ("/en/nothing/here", "This page has gone to market"),
        ("/en/villages/nowhere", "This page has gone to market"),
    ] {
        let answer = get(&router, path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(answer.text.contains(words), "{path}");
        assert!(answer.text.contains("noindex"), "{path}");
    }
    assert_eq!(get(&router, "/de/tours").await.status, StatusCode::NOT_FOUND);
    let posted = ask(&router, Request::post("/vi/tours")).await;
    assert_eq!(posted.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn addresses_lead_to_one_place() {
    let (router, _) = site().await;
    let root = ask(&router, Request::get("/").header(header::ACCEPT_LANGUAGE, "fr,en;q=0.7")).await;
    assert_eq!((root.status, root.location.as_deref()), (StatusCode::FOUND, Some("/fr")));
    let slash = get(&router, "/vi/tours/?q=non").await;
    assert_eq!(slash.location.as_deref(), Some("/vi/tours?q=non"));
    let head = ask(&router, Request::head("/vi/villages")).await;
    assert_eq!((head.status, head.text.as_str()), (StatusCode::OK, ""));
}

#[tokio::test]
async fn a_title_is_words_alone() {
    let (router, _) = site().await;
    let page = get(&router, "/en").await.text;
    let title = page.split_once("<title>").and_then(|(_, rest)| rest.split_once("</title>"));
    let (title, _) = title.unwrap();
    assert!(title.ends_with("· Làng Nghề"), "{title}");
}

#[tokio::test]
async fn machines_find_every_page() {
    let (router, app) = site().await;
    let robots = get(&router, "/robots.txt").await.text;
    assert!(robots.contains("Disallow: /vi/booking") && robots.contains("sitemap.xml"));
    let sitemap = get(&router, "/sitemap.xml").await.text;
    let tours = app.catalogue().await.unwrap().published().count();
    let languages = Locale::ALL.len();
    assert_eq!(
        sitemap.matches("/tours/").count(),
        tours * languages * (languages + 1),
        "each tour in each language, with its others"
    );
    assert_eq!(sitemap.matches("<url>").count(), sitemap.matches("</url>").count());
}
