//! Stories for machines: the article of a page, a person and the page about them.

use engine::catalogue::{Village, Workshop};
use engine::story::Artisan;
use serde_json::{Value, json};

use super::seo::workshop_id;
use super::story::artisan::path;
use super::story::{Told, picture_path};
use crate::assets;
use crate::context::Visit;

/// The chapters as an article about something; None while nobody wrote any.
fn article(
    visit: &Visit,
    address: &str,
    headline: &str,
    about: &str,
    told: &Told,
) -> Option<Value> {
    let (begun, changed) = told.begun().zip(told.changed())?;
    let locale = visit.locale;
    let url = visit.absolute(address);
    let sections: Vec<&str> =
        told.chapters.iter().map(|chapter| chapter.heading.text(locale)).collect();
    let pictures: Vec<String> = told
        .chapters
        .iter()
        .flat_map(|chapter| &chapter.pictures)
        .map(|picture| format!("{}{}", visit.base_url, picture_path(picture, picture.width)))
        .collect();
    let image = if pictures.is_empty() {
        vec![format!("{}{}", visit.base_url, assets::url("og.png"))]
    } else {
        pictures
    };
    Some(json!({
        "@type": "Article",
        "@id": format!("{url}#story"),
        "headline": headline.chars().take(110).collect::<String>(),
        "url": url,
        "inLanguage": locale.code(),
        "about": { "@id": about },
        "articleSection": sections,
        "image": image,
        "datePublished": begun.to_rfc3339(),
        "dateModified": changed.to_rfc3339(),
        "author": { "@type": "Organization", "@id": format!("{}/#org", visit.base_url),
            "name": crate::t::site::name(locale), "url": format!("{}/{locale}", visit.base_url) },
        "publisher": { "@id": format!("{}/#org", visit.base_url) },
    }))
}

pub fn village_article(visit: &Visit, village: &Village, told: &Told) -> Option<Value> {
    let address = format!("/villages/{}", village.slug);
    let about = format!("{}#village", visit.absolute(&address));
    let headline =
        format!("{}: {}", village.name.text(visit.locale), village.tagline.text(visit.locale));
    article(visit, &address, &headline, &about, told)
}

pub fn workshop_article(visit: &Visit, workshop: &Workshop, told: &Told) -> Option<Value> {
    let address = format!("/workshops/{}", workshop.slug);
    article(visit, &address, &workshop.name, &workshop_id(visit, workshop), told)
}

pub fn artisan_article(visit: &Visit, artisan: &Artisan, told: &Told) -> Option<Value> {
    let about = person_id(visit, artisan);
    article(visit, &path(artisan), &artisan.name, &about, told)
}

fn person_id(visit: &Visit, artisan: &Artisan) -> String {
    format!("{}#person", visit.absolute(&path(artisan)))
}

/// Only what the page shows, with the person's consent.
pub fn person(
    visit: &Visit,
    artisan: &Artisan,
    shop: &Workshop,
    village: &Village,
    description: &str,
) -> Value {
    let locale = visit.locale;
    let mut node = json!({
        "@type": "Person",
        "@id": person_id(visit, artisan),
        "name": artisan.name,
        "url": visit.absolute(&path(artisan)),
        "description": description,
        "knowsAbout": village.craft_name.text(locale),
        "worksFor": {
            "@type": "Organization",
            "@id": workshop_id(visit, shop),
            "name": shop.name,
            "url": visit.absolute(&format!("/workshops/{}", shop.slug)),
        },
    });
    let title = artisan.title.text(locale);
    if !title.is_empty() {
        node["jobTitle"] = title.into();
    }
    if let Some(year) = artisan.born_year {
        node["birthDate"] = year.to_string().into();
    }
    if let Some(portrait) = &artisan.portrait {
        let image = format!("{}{}", visit.base_url, picture_path(portrait, portrait.width));
        node["image"] = image.into();
    }
    node
}

pub fn profile_page(visit: &Visit, artisan: &Artisan) -> Value {
    json!({
        "@type": "ProfilePage",
        "url": visit.absolute(&path(artisan)),
        "inLanguage": visit.locale.code(),
        "dateCreated": artisan.created_at.to_rfc3339(),
        "dateModified": artisan.updated_at.to_rfc3339(),
        "mainEntity": { "@id": person_id(visit, artisan) },
    })
}
