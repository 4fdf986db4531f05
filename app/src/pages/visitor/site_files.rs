//! For machines: the sitemap and robots.txt; and `/`, which leads to a language.

use std::fmt::Write as _;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use engine::Locale;
use engine::event;

use crate::context::App;
use crate::error::PageError;

/// `/` has no language yet: the browser's wish decides.
pub async fn root(headers: HeaderMap) -> Response {
    let wish = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let locale = wish.and_then(Locale::preferred).unwrap_or_default();
    (
        StatusCode::FOUND,
        [(header::LOCATION, format!("/{locale}")), (header::VARY, "accept-language".to_owned())],
    )
        .into_response()
}

/// A page has one address: without a slash at the end.
pub fn without_slash(path: &str, query: Option<&str>) -> Option<Redirect> {
    let bare = path.strip_suffix('/').filter(|bare| !bare.is_empty() && !bare.starts_with("//"))?;
    let query = query.map_or_else(String::new, |query| format!("?{query}"));
    Some(Redirect::permanent(&format!("{bare}{query}")))
}

pub async fn robots(State(app): State<App>) -> Response {
    let mut text = String::from("User-agent: *\n");
    for locale in Locale::ALL {
        for area in [
            "book",
            "booking",
            "pass/",
            "companions",
            "find",
            "waitlist",
            "enquiry",
            "sign-in",
            "host",
            "office",
            "account",
            "basket",
            "order/",
        ] {
            let _ = writeln!(text, "Disallow: /{locale}/{area}");
        }
    }
    let _ = writeln!(text, "Disallow: /cal/\n\nSitemap: {}/sitemap.xml", app.settings.base_url);
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}

/// Every page that search engines should know, in each language, with its other languages.
pub async fn sitemap(State(app): State<App>) -> Result<Response, PageError> {
    let catalogue = app.catalogue().await?;
    let mut paths: Vec<String> = [
        "",
        "/tours",
        "/villages",
        "/events",
        "/passes",
        "/shop",
        "/placements",
        "/studies",
        "/designs",
        "/about",
        "/terms",
        "/privacy",
    ]
    .map(String::from)
    .into();
    paths.extend(catalogue.villages.iter().map(|village| format!("/villages/{}", village.slug)));
    paths
        .extend(catalogue.workshops.iter().map(|workshop| format!("/workshops/{}", workshop.slug)));
    paths.extend(catalogue.published().map(|tour| format!("/tours/{}", tour.slug)));
    let mut conn = app.store.read().await?;
    let coops = engine::coop::active(&mut conn).await?;
    paths.extend(coops.iter().map(crate::ui::coop::path));
    let today = engine::clock::local_date(app.store.now());
    let events = event::upcoming(&mut conn, today, event::YEAR).await?;
    paths.extend(events.iter().map(|(event, ..)| crate::ui::event::path(event)));
    let passes = engine::pass::on_sale(&mut conn, &catalogue).await?;
    let artisans = engine::story::published_artisans(&mut conn).await?;
    let pieces = engine::shop::slugs(&mut conn).await?;
    drop(conn);
    paths.extend(artisans.iter().map(crate::ui::story::artisan::path));
    paths.extend(catalogue.villages.iter().filter_map(|village| {
        let here = |id| catalogue.workshop(id).is_some_and(|shop| shop.village_id == village.id);
        let shown = artisans.iter().any(|artisan| here(artisan.workshop_id));
        shown.then(|| format!("/villages/{}/artisans", village.slug))
    }));
    paths.extend(pieces.iter().map(|slug| format!("/shop/{slug}")));
    paths.extend(passes.iter().map(|offer| super::pass::path(&offer.pass.slug)));
    let base = &app.settings.base_url;
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset \
         xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" \
         xmlns:xhtml=\"http://www.w3.org/1999/xhtml\">\n",
    );
    for path in &paths {
        for locale in Locale::ALL {
            let _ = write!(xml, "<url><loc>{base}/{locale}{path}</loc>");
            for other in Locale::ALL {
                let _ = write!(
                    xml,
                    "<xhtml:link rel=\"alternate\" hreflang=\"{}\" href=\"{base}/{other}{path}\"/>",
                    other.tag()
                );
            }
            xml.push_str("</url>\n");
        }
    }
    xml.push_str("</urlset>\n");
    Ok(([(header::CONTENT_TYPE, "application/xml; charset=utf-8")], xml).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slash_at_the_end_is_no_other_page() {
        let to = |path, query| {
            let response = without_slash(path, query)?.into_response();
            Some(response.headers()[header::LOCATION].to_str().unwrap().to_owned())
        };
        assert_eq!(to("/vi/tours/", Some("q=a")).as_deref(), Some("/vi/tours?q=a"));
        assert_eq!(to("/", None), None);
        assert_eq!(to("//evil.example/", None), None);
    }
}
