//! The capability content: words, pictures and places.

use super::map::View;
use super::wire::{
    Commentary, Content, Feature, Identifiers, Location, Media, Place, PostalAddress,
    SupplierContent,
};
use crate::catalogue::{Photo, Spoken, Tour, TourOption, UnitKind, Workshop};

const MEDIA_WIDTH: i32 = 960;

const fn language(spoken: Spoken) -> &'static str {
    match spoken {
        Spoken::Vi => "vi",
        Spoken::En => "en",
        Spoken::Fr => "fr",
        Spoken::Ko => "ko",
        Spoken::Zh => "zh",
        Spoken::Ja => "ja",
    }
}

fn media(view: &View<'_>, photos: &[Photo]) -> Vec<Media> {
    let mut rel = "COVER";
    let picture = |photo: &Photo| {
        let width = photo.widths().filter(|width| *width <= MEDIA_WIDTH).max();
        let width = width.unwrap_or(photo.width);
        let made = Media {
            src: format!("{}/photos/{}/{width}", view.base_url, photo.id),
            kind: "image/jpeg",
            rel,
            title: None,
            caption: filled(photo.alt.text(view.locale)),
            copyright: None,
        };
        rel = "GALLERY";
        made
    };
    photos.iter().map(picture).collect()
}

fn filled(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

pub(super) fn supplier(view: &View<'_>, workshop: &Workshop) -> SupplierContent {
    SupplierContent {
        short_description: filled(workshop.summary.text(view.locale)),
        media: media(view, &workshop.photos),
    }
}

pub(super) fn tour(view: &View<'_>, tour: &Tour) -> Content {
    let (from, to) = tour.duration_range().unwrap_or((0, 0));
    let feature = |kind, text: &str| Feature { short_description: filled(text), kind };
    let mut features: Vec<Feature> = Vec::new();
    for line in tour.included.list(view.locale) {
        features.push(feature("INCLUSION", line));
    }
    for line in tour.bring.list(view.locale) {
        features.push(feature("PREARRIVAL_INFORMATION", line));
    }
    for (kind, text) in [
        ("HIGHLIGHT", tour.take_home.text(view.locale)),
        ("BOOKING_TERM", tour.waiver.as_ref().map_or("", |waiver| waiver.text(view.locale))),
    ] {
        if !text.trim().is_empty() {
            features.push(feature(kind, text));
        }
    }
    let workshop = view.catalogue.workshop(tour.workshop_id);
    if let Some(workshop) = workshop
        && let Some(text) = filled(workshop.accessibility.text(view.locale))
    {
        features.push(feature("ACCESSIBILITY_INFORMATION", &text));
    }
    Content {
        title: tour.title.text(view.locale).to_owned(),
        short_description: filled(tour.summary.text(view.locale)),
        description: filled(tour.description.text(view.locale)),
        features,
        faqs: Vec::new(),
        media: media(view, &tour.photos),
        locations: vec![meeting(view, tour)],
        category_labels: labels(tour),
        duration_minutes_from: from,
        duration_minutes_to: (to != from).then_some(to),
        commentary: tour
            .languages
            .0
            .iter()
            .map(|spoken| Commentary { format: "IN_PERSON", language: language(*spoken) })
            .collect(),
    }
}

/// The same of an option; a reseller puts both together.
pub(super) fn option(view: &View<'_>, tour: &Tour, option: &TourOption) -> Content {
    Content {
        title: option.title.text(view.locale).to_owned(),
        short_description: None,
        description: None,
        features: Vec::new(),
        faqs: Vec::new(),
        media: Vec::new(),
        locations: vec![meeting(view, tour)],
        category_labels: Vec::new(),
        duration_minutes_from: option.duration_minutes,
        duration_minutes_to: None,
        commentary: Vec::new(),
    }
}

fn meeting(view: &View<'_>, tour: &Tour) -> Location {
    let place = view.catalogue.place(tour.id);
    let address = place.map(|(_, workshop, village)| PostalAddress {
        street_address: filled(workshop.address.text(view.locale)),
        address_locality: filled(&village.commune),
        address_country: Some("VN".to_owned()),
        ..PostalAddress::default()
    });
    Location {
        title: place.map(|(_, workshop, _)| workshop.name.clone()),
        short_description: filled(tour.meeting_point.text(view.locale)),
        types: vec!["START", "END", "REDEMPTION"],
        minutes_to: None,
        minutes_at: None,
        place: Place {
            latitude: tour.meeting_lat,
            longitude: tour.meeting_lon,
            postal_address: address.unwrap_or_default(),
            identifiers: Identifiers::default(),
            same_as: Vec::new(),
        },
    }
}

fn labels(tour: &Tour) -> Vec<&'static str> {
    let mut labels = vec!["classes", "small-group-tours", "history"];
    let children = tour.options.iter().flat_map(TourOption::open_units);
    if tour.children || children.into_iter().any(|unit| unit.kind == UnitKind::Child) {
        labels.push("family-friendly");
    }
    if !tour.rain_proof() {
        labels.push("outdoors");
    }
    labels
}
