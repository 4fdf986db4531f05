//! A day as a list: what takes place where, and the way between.

use chrono::{DateTime, Utc};
use engine::Locale;
use engine::catalogue::Tour;
use engine::pass::Place;
use engine::schedule::Slot;
use leptos::prelude::*;

use crate::context::Visit;
use crate::t::pass as tp;
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::prose::foreign;

/// What an itinerary shows of one stop.
pub struct Step {
    time: Option<(DateTime<Utc>, String)>,
    title: AnyView,
    more: Option<AnyView>,
    /// It was cancelled.
    off: bool,
    at: (f64, f64),
}

impl Step {
    pub fn new(visit: &Visit, place: &Place<'_>, slot: Option<&Slot>) -> Self {
        let locale = visit.locale;
        let tour = place.tour;
        let href = visit.link(&format!("/tours/{}", tour.slug));
        let house = visit.link(&format!("/workshops/{}", place.workshop.slug));
        let village = place.village.name.text(locale).to_owned();
        let minutes = format::duration(locale, place.option.duration_minutes);
        let option = place.option.title.text(locale).to_owned();
        let title = view! {
            <h3 class="itinerary-title" lang=foreign(&tour.title, locale)>
                <a href=href>{tour.title.text(locale).to_owned()}</a>
            </h3>
            <p class="itinerary-place"><a href=house>{place.workshop.name.clone()}</a> ", " {village}</p>
            <p class="itinerary-place soft">{format!("{option} · {minutes}")}</p>
        };
        Self {
            time: slot.map(|slot| {
                (slot.starts_at, format::time_range(locale, slot.starts_at, slot.ends_at))
            }),
            title: title.into_any(),
            more: None,
            off: false,
            at: position(tour),
        }
    }

    pub fn with(mut self, more: impl IntoView + 'static) -> Self {
        self.more = Some(more.into_any());
        self
    }

    pub fn off(mut self, off: bool) -> Self {
        self.off = off;
        self
    }
}

fn position(tour: &Tour) -> (f64, f64) {
    (tour.meeting_lat, tour.meeting_lon)
}

/// The stops in order; `ways` has the minutes between those that take place.
pub fn itinerary(locale: Locale, steps: Vec<Step>, ways: &[i64]) -> impl IntoView + use<> {
    let mut ways = ways.iter();
    let mut before: Option<(f64, f64)> = None;
    let mut items: Vec<AnyView> = Vec::new();
    for step in steps {
        let way = match before {
            Some(from) if !step.off => {
                ways.next().map(|minutes| way(locale, *minutes, from, step.at))
            }
            _ => None,
        };
        if !step.off {
            before = Some(step.at);
        }
        items.extend(way);
        let time = step.time.map(|(at, words)| {
            view! { <p class="itinerary-time"><time datetime=at.to_rfc3339()>{words}</time></p> }
        });
        let item = view! {
            <li class="itinerary-stop" data-state=step.off.then_some("cancelled")>
                {time} {step.title} {step.more}
            </li>
        };
        items.push(item.into_any());
    }
    view! { <ol class="itinerary">{items}</ol> }
}

/// An open map with the way needs no account.
fn way(locale: Locale, minutes: i64, from: (f64, f64), to: (f64, f64)) -> AnyView {
    let map = format!(
        "https://www.openstreetmap.org/directions?engine=fossgis_osrm_car&route={},{};{},{}",
        from.0, from.1, to.0, to.1
    );
    view! {
        <li class="itinerary-way">
            {icon("moved")}
            <span>{tp::way(locale, minutes)} " · " <a href=map rel="noopener">{tp::way_map(locale)}</a></span>
        </li>
    }
    .into_any()
}
