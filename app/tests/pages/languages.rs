//! Each page in each language, and in no other one.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::site::{BASE, SHOP, Site};
use axum::http::StatusCode;
use engine::Locale;
use scraper::{ElementRef, Node};

/// Said alike everywhere, whatever a language's own word is; "日" is a day in Japanese and a Sunday in
/// Chinese.
const EVERYWHERE: [&str; 3] = ["Email", "QR", "日"];

/// The messages of each language that stand in a page as they are.
fn messages() -> BTreeMap<&'static str, BTreeSet<String>> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales");
    let of = |language: words::Language| (language.folder, words::plain(&dir, language).unwrap());
    words::LANGUAGES.map(of).into()
}

/// What a page says in its own language: words that are marked as another one's are left out.
fn said(page: &scraper::Html, tag: &str) -> Vec<String> {
    let mut said = Vec::new();
    for node in page.tree.root().descendants() {
        let elements = || node.ancestors().filter_map(ElementRef::wrap);
        let (text, lang) = match node.value() {
            Node::Text(text) => (text.trim(), elements().find_map(|each| each.attr("lang"))),
            Node::Element(element) => {
                let own = element.attr("lang");
                let lang = own.or_else(|| elements().find_map(|each| each.attr("lang")));
                (element.attr("aria-label").unwrap_or_default(), lang)
            }
            _ => continue,
        };
        let shown = elements().all(|each| !matches!(each.value().name(), "script" | "style"));
        if shown && !text.is_empty() && lang == Some(tag) {
            said.push(text.to_owned());
        }
    }
    said
}

/// Words of other languages in a page of this one.
fn strange(
    messages: &BTreeMap<&'static str, BTreeSet<String>>,
    locale: Locale,
    said: Vec<String>,
) -> Vec<String> {
    let own = &messages[locale.code()];
    let others = || messages.iter().filter(|(folder, _)| **folder != locale.code());
    // A choice of languages names each in its own.
    let names = Locale::ALL.map(Locale::native_name);
    said.into_iter()
        .filter(|text| !own.contains(text))
        // Marks between words are no language's.
        .filter(|text| text.chars().any(char::is_alphanumeric))
        .filter(|text| !EVERYWHERE.contains(&text.as_str()) && !names.contains(&text.as_str()))
        .filter(|text| others().any(|(_, other)| other.contains(text)))
        .collect()
}

async fn speak_their_language(site: &Site, cookie: &str, paths: &[String]) {
    let messages = messages();
    let mut wrong = Vec::new();
    for path in paths {
        for locale in Locale::ALL {
            let url = format!("/{locale}{path}");
            let answer = site.get(&url, cookie).await;
            assert_eq!(answer.status, StatusCode::OK, "{url}");
            assert_eq!(answer.attr("html", "lang"), locale.tag(), "{url}");
            let strange = strange(&messages, locale, said(&answer.page(), locale.tag()));
            if !strange.is_empty() {
                wrong.push(format!("{url}: {strange:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_guests_see_is_in_their_language() {
    let site = Site::open().await;
    let slot = site.shared_slot(7).await;
    let booking = site.booked(&slot, "Trần Văn Tú").await;
    let of = |sub: &str| format!("/booking/{}/{}{sub}", booking.code, booking.secret);
    let mut paths: Vec<String> = [
        "",
        "/tours",
        "/tours?adults=2",
        "/villages",
        "/events",
        "/passes",
        "/find",
        "/gift",
        "/designs",
        "/placements",
        "/studies",
        "/certificates",
        "/about",
        "/terms",
        "/privacy",
        "/sign-in",
        "/villages/bat-trang",
        "/tours/nan-gom-ban-xoay",
        "/tours/nan-gom-ban-xoay/enquiry",
    ]
    .map(str::to_owned)
    .into();
    paths.push(format!("/workshops/{SHOP}"));
    paths.push(format!("/book/{}", slot.id));
    paths.extend(["", "/party", "/move", "/cancel", "/voucher"].map(of));
    speak_their_language(&site, "", &paths).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_hosts_and_the_office_see_is_in_their_language() {
    let site = Site::open().await;
    let slot = site.shared_slot(7).await;
    let booking = site.booked(&slot, "Trần Văn Tú").await;
    let owner = site.owner().await;
    let host = |sub: &str| format!("/host/{SHOP}{sub}");
    let mut paths: Vec<String> = [
        "",
        "/week",
        "/month",
        "/tours",
        "/tours/nan-gom-ban-xoay",
        "/tours/nan-gom-ban-xoay/prices",
        "/tours/nan-gom-ban-xoay/terms",
        "/schedule",
        "/money",
        "/settings",
        "/people",
        "/resources",
        "/partners",
        "/designs",
        "/placements",
        "/studies",
        "/enquiries",
    ]
    .map(host)
    .into();
    paths.push(host(&format!("/slots/{}", slot.id)));
    paths.push(host(&format!("/bookings/{}", booking.code)));
    paths.push("/account".to_owned());
    speak_their_language(&site, &owner, &paths).await;
    let admin = site.person(None).await;
    let office = ["/office", "/office/outbox", "/office/audit", "/office/events"];
    speak_their_language(&site, &admin, &office.map(str::to_owned)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_root_leads_to_the_browsers_language() {
    use axum::body::Body;
    use axum::http::{Request, header};

    let site = Site::without_slots(BASE).await;
    for (accept, to) in [
        ("ko-KR,ko;q=0.9,en;q=0.5", "/ko"),
        ("zh-TW,zh;q=0.8", "/zh"),
        ("de;q=0.9, fr;q=0.4", "/fr"),
        ("de", "/en"),
        ("*", "/vi"),
    ] {
        let request = Request::get("/").header(header::ACCEPT_LANGUAGE, accept);
        let answer = site.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!((answer.status, answer.location.as_str()), (StatusCode::FOUND, to), "{accept}");
        assert_eq!(answer.header(header::VARY), "accept-language");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_menu_leads_to_the_same_page_in_each_language() {
    let site = Site::open().await;
    for locale in Locale::ALL {
        let page = site.get(&format!("/{locale}/tours?adults=3"), "").await;
        let all = site.get(&format!("/{locale}/tours"), "").await;
        assert_eq!(page.text(".languages [aria-current]"), locale.native_name());
        for other in Locale::ALL {
            let link = format!(".languages a[hreflang={}]", other.tag());
            assert_eq!(page.attr(&link, "href"), format!("/{other}/tours?adults=3"));
            assert_eq!(page.attr(&link, "lang"), other.tag());
            assert_eq!(page.text(&link), other.native_name());
            // What was searched for is nothing for search engines.
            let alternate = format!("link[rel=alternate][hreflang={}]", other.tag());
            assert_eq!(all.attr(&alternate, "href"), format!("{BASE}/{other}/tours"));
        }
        assert_eq!(page.count(".languages a"), Locale::ALL.len());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workshops_own_words_are_marked_and_said_to_be_english() {
    let site = Site::open().await;
    for locale in [Locale::Ko, Locale::Zh, Locale::Ja, Locale::Fr] {
        let page = site.get(&format!("/{locale}/tours/nan-gom-ban-xoay"), "").await;
        assert_eq!(page.attr("h1", "lang"), "en");
        let notice = app::t::language::own_words_english(locale);
        assert_eq!(page.body.matches(notice).count(), 1, "{locale}: {notice}");
    }
    let english = site.get("/en/tours/nan-gom-ban-xoay", "").await;
    assert_eq!(english.count("h1[lang]"), 0);
}
