//! Pictures: a host's photographs where there are some, the illustration of the craft elsewhere.

use engine::Locale;
use engine::catalogue::{Craft, Photo, Tour, Village};
use leptos::prelude::*;

use crate::assets;

/// Widths in which photographs are kept.
const WIDTHS: [i32; 3] = [480, 960, 1600];

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

    pub fn photo(photo: &Photo, locale: Locale) -> Self {
        let at = |width: i32| format!("/photos/{}/{width}", photo.id);
        let set: Vec<String> =
            WIDTHS.iter().map(|width| format!("{} {width}w", at(*width))).collect();
        Self {
            src: at(WIDTHS[1]),
            srcset: Some(set.join(", ")),
            width: photo.width,
            height: photo.height,
            alt: photo.alt.text(locale).to_owned(),
        }
    }

    pub fn of_tour(tour: &Tour, locale: Locale) -> Self {
        tour.photos.first().map_or_else(
            || Self::illustration(&tour.illustration),
            |photo| Self::photo(photo, locale),
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
