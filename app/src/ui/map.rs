//! The map of villages and the sketch of a meeting point, drawn here: no outside server is asked.

use std::fmt::Write as _;

use engine::Locale;
use engine::catalogue::Point;
use leptos::prelude::*;

use super::escape::escape;
use crate::t;

/// Land, rivers and the city; x = (lon − 105.40) × 1000, y = (21.30 − lat) × 1060.
const GROUND: &str = include_str!("map_ground.svg");

const WEST: f64 = 105.40;
const NORTH: f64 = 21.30;

fn place(point: Point) -> (f64, f64) {
    ((point.lon - WEST) * 1000.0, (NORTH - point.lat) * 1060.0)
}

/// A village on the map.
#[derive(Debug, Clone)]
pub struct Pin {
    pub point: Point,
    pub name: String,
    /// What the link says in full: name and craft.
    pub label: String,
    pub href: String,
}

/// The map of all villages; each pin is a link.
pub fn village_map(locale: Locale, pins: &[Pin]) -> impl IntoView + use<> {
    let mut drawing = String::from(GROUND);
    let mut label = |class: &str, at: &str, words: &str| {
        let _ = write!(drawing, r#"<text class="{class}" {at}>{}</text>"#, escape(words));
    };
    label("place-label", r#"x="462" y="313" text-anchor="end""#, t::catalogue::lake(locale));
    label(
        "river-label",
        r#"x="186" y="142" transform="rotate(4 186 142)""#,
        t::catalogue::red_river(locale),
    );
    label("river-label", r#"x="574" y="250""#, t::catalogue::duong_river(locale));
    label(
        "river-label",
        r#"x="408" y="452" transform="rotate(62 408 452)""#,
        t::catalogue::nhue_river(locale),
    );
    label(
        "river-label",
        r#"x="300" y="382" transform="rotate(62 300 382)""#,
        t::catalogue::day_river(locale),
    );
    label("place-label", r#"x="24" y="250""#, t::catalogue::ba_vi(locale));
    for pin in pins {
        let (x, y) = place(pin.point);
        let (anchor, dx) = side(pin, pins);
        let _ = write!(
            drawing,
            r#"<a class="pin" href="{}" aria-label="{}"><circle class="pin-hit" cx="{x:.0}" cy="{y:.0}" r="22"/><circle class="pin-dot" cx="{x:.0}" cy="{y:.0}" r="7"/><text class="pin-label" x="{:.0}" y="{:.0}" text-anchor="{anchor}">{}</text></a>"#,
            escape(&pin.href),
            escape(&pin.label),
            x + dx,
            y + 5.0,
            escape(&pin.name),
        );
    }
    view! {
        <figure class="village-map">
            <svg
                viewBox="0 0 650 660"
                role="group"
                aria-label=t::catalogue::map_label(locale)
                inner_html=drawing
            ></svg>
            <figcaption class="map-caption">{t::catalogue::map_caption(locale)}</figcaption>
        </figure>
    }
}

/// A village with as many as its circle shows.
#[derive(Debug, Clone)]
pub struct Circle {
    pub point: Point,
    pub name: String,
    pub count: i64,
    /// What the count is called on the map.
    pub words: String,
}

/// Largest circle, in units of the map.
const LARGEST: f64 = 46.0;

/// The map with a circle for each village, whose area is its count. `said` is all of it in words.
pub fn circle_map(said: String, circles: &[Circle]) -> impl IntoView + use<> {
    let mut drawing = String::from(GROUND);
    let size = |count: i64| f64::from(i32::try_from(count.max(0)).unwrap_or(i32::MAX));
    let most = circles.iter().map(|circle| size(circle.count)).fold(1.0, f64::max);
    for circle in circles {
        let (x, y) = place(circle.point);
        let radius = (size(circle.count) / most).sqrt() * LARGEST;
        let _ = write!(
            drawing,
            r#"<circle class="map-circle" cx="{x:.0}" cy="{y:.0}" r="{radius:.1}"/>"#
        );
    }
    for circle in circles {
        let (x, y) = place(circle.point);
        let _ = write!(
            drawing,
            r#"<text class="pin-label" x="{x:.0}" y="{y:.0}" text-anchor="middle">{} {}</text>"#,
            escape(&circle.name),
            escape(&circle.words),
        );
    }
    view! {
        <svg viewBox="0 0 650 660" role="img" aria-label=said inner_html=drawing></svg>
    }
}

/// On which side of its pin a name stands: away from a near neighbour on the same height.
fn side(pin: &Pin, pins: &[Pin]) -> (&'static str, f64) {
    let (x, y) = place(pin.point);
    let crowded = pins.iter().any(|other| {
        let (ox, oy) = place(other.point);
        ox > x && ox - x < 200.0 && (oy - y).abs() < 24.0
    });
    if crowded || x > 520.0 { ("end", -13.0) } else { ("start", 13.0) }
}

/// A sketch of the surroundings of a point: the rivers and the city as they lie there, and a pin.
pub fn point_map(label: &str, point: Point) -> impl IntoView + use<> {
    let (x, y) = place(point);
    let pin = format!(r#"{GROUND}<circle class="pin-dot" cx="{x:.1}" cy="{y:.1}" r="6"/>"#);
    let window = format!("{:.1} {:.1} 160 80", x - 80.0, y - 40.0);
    view! {
        <div class="village-map">
            <svg viewBox=window role="img" aria-label=label.to_owned() inner_html=pin></svg>
        </div>
    }
}
