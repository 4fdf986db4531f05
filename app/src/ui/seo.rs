//! What a page tells machines: schema.org as JSON-LD, with the values that the page shows.

use engine::catalogue::{Catalogue, Photo, Tour, TourOption, Unit, UnitKind, Village, Workshop};
use engine::coop::Coop;
use engine::credential::Shown;
use serde_json::{Value, json};

use super::credential::certified;
use super::format;
use super::picture::photo_url;
use crate::context::Visit;
use crate::{assets, t};

pub use super::seo_story::{
    artisan_article, person, profile_page, village_article, workshop_article,
};

/// One document of several nodes.
pub fn graph(nodes: Vec<Value>) -> Value {
    json!({ "@context": "https://schema.org", "@graph": nodes })
}

/// The site itself.
pub fn organization(visit: &Visit) -> Value {
    json!({
        "@type": "Organization",
        "@id": format!("{}/#org", visit.base_url),
        "name": t::site::name(visit.locale),
        "url": format!("{}/{}", visit.base_url, visit.locale),
        "logo": format!("{}{}", visit.base_url, assets::url("og.png")),
    })
}

/// The way from the home page to this one; steps are (path without language, name).
pub fn breadcrumbs(visit: &Visit, steps: &[(String, String)]) -> Value {
    let home = (String::new(), t::site::name(visit.locale).to_owned());
    let items: Vec<Value> = std::iter::once(&home)
        .chain(steps)
        .zip(1..)
        .map(|((path, name), position)| {
            json!({ "@type": "ListItem", "position": position, "name": name, "item": visit.absolute(path) })
        })
        .collect();
    json!({ "@type": "BreadcrumbList", "itemListElement": items })
}

/// Address of a workshop's node; tours name it as their provider.
pub(super) fn workshop_id(visit: &Visit, workshop: &Workshop) -> String {
    format!("{}#workshop", visit.absolute(&format!("/workshops/{}", workshop.slug)))
}

pub fn workshop(
    visit: &Visit,
    workshop: &Workshop,
    village: &Village,
    tours: &[&Tour],
    coop: Option<&Coop>,
) -> Value {
    let locale = visit.locale;
    let prices = || tours.iter().filter_map(|tour| tour.price_from());
    let mut node = json!({
        "@type": ["LocalBusiness", "TouristAttraction"],
        "@id": workshop_id(visit, workshop),
        "name": workshop.name,
        "description": workshop.summary.text(locale),
        "url": visit.absolute(&format!("/workshops/{}", workshop.slug)),
        "image": first_of(visit, &workshop.photos),
        "telephone": workshop.phone,
        "address": {
            "@type": "PostalAddress",
            "streetAddress": workshop.address.text(locale),
            "addressLocality": village.name.text(locale),
            "addressRegion": "Hà Nội",
            "addressCountry": "VN",
        },
        "geo": geo(workshop.lat, workshop.lon),
    });
    if let (Some(low), Some(high)) = (prices().min(), prices().max()) {
        node["priceRange"] =
            locale.writing().stretch(low.display(locale), high.display(locale)).into();
    }
    if let Some(coop) = coop {
        node["memberOf"] = json!({
            "@type": "Organization",
            "@id": coop_id(visit, coop),
            "name": coop.name,
            "url": visit.absolute(&super::coop::path(coop)),
        });
    }
    node
}

fn coop_id(visit: &Visit, coop: &Coop) -> String {
    format!("{}#coop", visit.absolute(&super::coop::path(coop)))
}

/// A co-op with its members; those who are none any more are not named.
pub fn coop(
    visit: &Visit,
    coop: &Coop,
    village: &Village,
    members: &[&Workshop],
    marks: &[Shown],
) -> Value {
    let locale = visit.locale;
    let members: Vec<Value> = members
        .iter()
        .map(|house| {
            json!({
                "@type": "Organization",
                "@id": workshop_id(visit, house),
                "name": house.name,
                "url": visit.absolute(&format!("/workshops/{}", house.slug)),
            })
        })
        .collect();
    let mut node = json!({
        "@type": "Organization",
        "@id": coop_id(visit, coop),
        "name": coop.name,
        "description": coop.summary.text(locale),
        "url": visit.absolute(&super::coop::path(coop)),
        "address": {
            "@type": "PostalAddress",
            "addressLocality": village.name.text(locale),
            "addressRegion": "Hà Nội",
            "addressCountry": "VN",
        },
        "member": members,
    });
    for (key, value) in [("telephone", &coop.phone), ("email", &coop.email)] {
        if !value.is_empty() {
            node[key] = value.clone().into();
        }
    }
    if let Some(day) = coop.founded_on {
        node["foundingDate"] = day.to_string().into();
    }
    let brands: Vec<Value> =
        marks.iter().map(|mark| json!({ "@type": "Brand", "name": mark.subject })).collect();
    if !brands.is_empty() {
        node["brand"] = brands.into();
    }
    certified(node, locale, marks)
}

/// A place to travel to, with the workshops that receive visitors.
pub fn village(visit: &Visit, catalogue: &Catalogue, village: &Village) -> Value {
    let locale = visit.locale;
    let attractions: Vec<Value> = catalogue
        .workshops_of(village.id)
        .map(|house| {
            json!({
                "@type": "TouristAttraction",
                "@id": workshop_id(visit, house),
                "name": house.name,
                "url": visit.absolute(&format!("/workshops/{}", house.slug)),
            })
        })
        .collect();
    json!({
        "@type": "TouristDestination",
        "includesAttraction": attractions,
        "@id": format!("{}#village", visit.absolute(&format!("/villages/{}", village.slug))),
        "name": village.name.text(locale),
        "description": village.summary.text(locale),
        "url": visit.absolute(&format!("/villages/{}", village.slug)),
        "image": picture(visit),
        "address": {
            "@type": "PostalAddress",
            "addressLocality": village.commune,
            "addressRegion": "Hà Nội",
            "addressCountry": "VN",
        },
        "geo": geo(village.lat, village.lon),
    })
}

/// An event at the next time that it takes place; None where its village left the catalogue.
pub fn event(
    visit: &Visit,
    catalogue: &Catalogue,
    (event, from, to): &super::event::Coming,
) -> Option<Value> {
    let locale = visit.locale;
    let village = catalogue.village(event.village_id)?;
    let url = visit.absolute(&super::event::path(event));
    let place = match event.place.text(locale) {
        "" => village.name.text(locale).to_owned(),
        place => place.to_owned(),
    };
    Some(json!({
        "@type": "Event",
        "@id": format!("{url}#event"),
        "inLanguage": event.name.language(locale).tag(),
        "name": event.name.text(locale),
        "description": event.summary.text(locale),
        "url": url,
        "image": picture(visit),
        "startDate": from.to_string(),
        "endDate": to.to_string(),
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "location": {
            "@type": "Place",
            "name": place,
            "address": {
                "@type": "PostalAddress",
                "addressLocality": village.commune,
                "addressRegion": "Hà Nội",
                "addressCountry": "VN",
            },
            "geo": geo(village.lat, village.lon),
        },
        "organizer": { "@id": format!("{}/#org", visit.base_url) },
    }))
}

/// A tour is a Product, because that is what search engines show with its price, and a TouristTrip,
/// because that is what it is. `available`: some departure has places.
pub fn tour(
    visit: &Visit,
    tour: &Tour,
    workshop: &Workshop,
    village: &Village,
    available: bool,
) -> Value {
    let locale = visit.locale;
    let url = visit.absolute(&format!("/tours/{}", tour.slug));
    let availability =
        if available { "https://schema.org/InStock" } else { "https://schema.org/SoldOut" };
    let offers: Vec<Value> = tour
        .open_options()
        .filter_map(|option| Some((option, shown_unit(option)?)))
        .map(|(option, unit)| {
            json!({
                "@type": "Offer",
                "name": option.title.text(locale),
                "url": url,
                "price": unit.price.0.to_string(),
                "priceCurrency": "VND",
                "availability": availability,
                "seller": { "@id": workshop_id(visit, workshop) },
            })
        })
        .collect();
    let duration = tour
        .duration_range()
        .map_or_else(String::new, |range| format::duration_range(locale, range));
    json!({
        "@type": ["Product", "TouristTrip"],
        "@id": format!("{url}#tour"),
        "url": url,
        "name": tour.title.text(locale),
        "description": tour.summary.text(locale),
        "image": first_of(visit, &tour.photos),
        "sku": tour.slug,
        "brand": { "@type": "Brand", "name": workshop.name },
        "category": format::craft(locale, village.craft),
        "provider": { "@id": workshop_id(visit, workshop) },
        "additionalProperty": {
            "@type": "PropertyValue",
            "name": t::tour::duration_property(locale),
            "value": duration,
        },
        "offers": offers,
    })
}

/// The price that the page leads with: the adult's, or the first where there is none.
fn shown_unit(option: &TourOption) -> Option<&Unit> {
    option
        .open_units()
        .find(|unit| unit.kind == UnitKind::Adult)
        .or_else(|| option.open_units().next())
}

fn geo(lat: f64, lon: f64) -> Value {
    json!({ "@type": "GeoCoordinates", "latitude": lat, "longitude": lon })
}

/// The first photograph, or the site's picture.
fn first_of(visit: &Visit, photos: &[Photo]) -> String {
    photos.first().map_or_else(
        || picture(visit),
        |photo| format!("{}{}", visit.base_url, photo_url(photo, photo.width)),
    )
}

fn picture(visit: &Visit) -> String {
    format!("{}{}", visit.base_url, assets::url("og.png"))
}

/// Cuts a text at a word's end to what search engines show of a description.
pub fn description(text: &str) -> String {
    const MOST: usize = 155;
    // A character of China, Japan or Korea takes the room of two letters.
    let room = |c: char| if c >= '\u{2e80}' { 2 } else { 1 };
    if text.chars().map(room).sum::<usize>() <= MOST {
        return text.to_owned();
    }
    let mut left = MOST - 1;
    let fits = |c: &char| {
        let rest = left.checked_sub(room(*c));
        left = rest.unwrap_or(0);
        rest.is_some()
    };
    let cut: String = text.chars().take_while(fits).collect();
    // Where words have no spaces between them, any place is as good as another.
    let spaced = |at: &usize| cut[*at..].chars().count() < 30;
    let end = cut.rfind(' ').filter(spaced).unwrap_or(cut.len());
    format!("{}…", cut[..end].trim_end_matches([',', '.', ';', ':', '，', '。', '、', '；', '：']))
}

#[cfg(test)]
mod tests {
    use super::description;

    #[test]
    fn long_texts_end_at_a_word_where_there_are_words() {
        assert_eq!(description("Short."), "Short.");
        let long = description(&"vài chữ, ".repeat(40));
        assert!(long.ends_with("chữ…") && long.chars().count() <= 155, "{long}");
        let chinese = description(&"在河内近郊的手工艺村".repeat(20));
        assert!((70..=80).contains(&chinese.chars().count()), "{chinese}");
    }
}
