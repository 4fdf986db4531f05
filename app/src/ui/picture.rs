//! Pictures: a host's photographs where there are some, the illustration of the craft elsewhere.

use engine::Locale;
use engine::catalogue::{Craft, Photo, Tour, Village};
use leptos::prelude::*;

use crate::assets;
use crate::ui::layout::SharePicture;

/// A picture ready to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    src: String,
    srcset: Option<String>,
    width: i32,
    height: i32,
    alt: String,
}

impl Picture {
    /// A drawing of the site, by file name without ending.
    pub fn illustration(name: &str) -> Self {
        Self {
            src: assets::url(&format!("illustrations/{}.svg", drawn(name))),
            srcset: None,
            width: 800,
            height: 600,
            alt: String::new(),
        }
    }

    /// A host's photograph; `of` names what it belongs to, for one without a description.
    pub fn photo(photo: &Photo, of: &str, locale: Locale) -> Self {
        let set: Vec<String> =
            photo.widths().map(|width| format!("{} {width}w", photo_url(photo, width))).collect();
        Self {
            src: photo_url(photo, USUAL),
            srcset: Some(set.join(", ")),
            width: photo.width,
            height: photo.height,
            alt: described(photo, of, locale),
        }
    }

    /// A photograph as a shared link shows it.
    pub fn shared(photo: &Photo, of: &str, locale: Locale) -> SharePicture {
        SharePicture {
            path: photo_url(photo, photo.width),
            width: photo.width,
            height: photo.height,
            alt: described(photo, of, locale),
        }
    }

    pub fn of_tour(tour: &Tour, locale: Locale) -> Self {
        tour.photos.first().map_or_else(
            || Self::illustration(&tour.illustration),
            |photo| Self::photo(photo, tour.title.text(locale), locale),
        )
    }

    pub fn of_village(village: &Village) -> Self {
        Self::illustration(&of_craft(village.craft, 2))
    }

    /// In a card the words beside it say the same, so screen readers pass over it.
    pub fn view(&self, lazy: bool) -> impl IntoView + use<> {
        self.image(String::new(), lazy)
    }

    /// With its description.
    pub fn described(&self, lazy: bool) -> impl IntoView + use<> {
        self.image(self.alt.clone(), lazy)
    }

    fn image(&self, alt: String, lazy: bool) -> impl IntoView + use<> {
        let sizes = self.srcset.is_some().then_some("(min-width: 48rem) 40rem, 100vw");
        view! {
            <img
                src=self.src.clone()
                srcset=self.srcset.clone()
                sizes=sizes
                alt=alt
                width=self.width.to_string()
                height=self.height.to_string()
                loading=lazy.then_some("lazy")
                fetchpriority=(!lazy).then_some("high")
            />
        }
    }
}

/// The width that a browser without `srcset` gets.
const USUAL: i32 = 960;

/// The address of a copy of a photograph; see `pages::visitor::photo`.
pub fn photo_url(photo: &Photo, width: i32) -> String {
    format!("/photos/{}/{width}", photo.id)
}

fn described(photo: &Photo, of: &str, locale: Locale) -> String {
    match photo.alt.text(locale) {
        "" => of.to_owned(),
        words => words.to_owned(),
    }
}

/// Name of a craft's drawing.
pub fn of_craft(craft: Craft, number: u8) -> String {
    drawn(&format!("{}-{number}", craft.word()))
}

/// Eight crafts have three drawings, the others one: a higher number falls back to it.
fn drawn(name: &str) -> String {
    const THREE: [&str; 8] =
        ["pottery", "silk", "rattan", "lacquer", "wood", "hat", "incense", "inlay"];
    match name.rsplit_once('-') {
        Some((craft, _)) if !THREE.contains(&craft) => format!("{craft}-1"),
        _ => name.to_owned(),
    }
}
