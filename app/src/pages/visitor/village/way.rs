//! How to get to a village: in words, on the map, in the maps of others.

use engine::catalogue::{Point, Village};
use leptos::prelude::*;

use crate::context::Visit;
use crate::t;
use crate::ui::icon::icon;
use crate::ui::map::point_map;
use crate::ui::prose::{foreign, paragraphs};
use crate::ui::story::under;

pub fn section(
    visit: &Visit,
    village: &Village,
    ways: &[engine::story::Chapter],
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let words: Vec<_> = if ways.is_empty() {
        let words = paragraphs(village.getting_there.text(locale));
        let lang = foreign(&village.getting_there, locale);
        vec![view! { <div class="story-text" lang=lang>{words}</div> }.into_any()]
    } else {
        ways.iter().map(|way| under(visit, way, "go-title")).collect()
    };
    let name = village.name.text(locale);
    let point = Point { lat: village.lat, lon: village.lon };
    view! {
        <section class="story-part" aria-labelledby="go-title">
            <h2 id="go-title">{t::catalogue::getting_there(locale)}</h2>
            <p class="story-fact">{t::catalogue::distance(locale, i64::from(village.distance_km))}</p>
            {words}
            {point_map(&t::story::map_of(locale, name), point)}
            <dl class="pairs">
                <div>
                    <dt>{t::catalogue::address(locale)}</dt>
                    <dd>{village.commune.clone()}</dd>
                </div>
                <div>
                    <dt>{t::catalogue::old_address(locale)}</dt>
                    <dd>{village.old_address.clone()}</dd>
                </div>
            </dl>
            {map_links(visit, point)}
        </section>
    }
}

/// The same point in the maps that telephones have.
pub fn map_links(visit: &Visit, Point { lat, lon }: Point) -> impl IntoView + use<> {
    let locale = visit.locale;
    let open = format!("https://www.openstreetmap.org/?mlat={lat}&mlon={lon}#map=15/{lat}/{lon}");
    let google = format!("https://www.google.com/maps/search/?api=1&query={lat}%2C{lon}");
    view! {
        <p class="cluster no-print">
            <a class="btn" href=open rel="external noopener">{icon("map")}{t::story::open_street_map(locale)}</a>
            <a class="btn" href=google rel="external noopener">{icon("external")}{t::story::google_maps(locale)}</a>
        </p>
    }
}
