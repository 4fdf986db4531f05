//! Events wherever visitors meet them: a list entry, what a day of one is like, a departure's price.

use chrono::NaiveDate;
use engine::Locale;
use engine::catalogue::{Catalogue, TourOption, UnitKind};
use engine::event::{Effect, Event, EventOpening};
use engine::price::Sale;
use leptos::prelude::*;

use super::format;
use super::prose::foreign;
use crate::context::Visit;
use crate::t::event as t;

/// Address of its public page, without the language.
pub fn path(event: &Event) -> String {
    format!("/events/{}", event.slug)
}

/// An event with the first and last day of its next time, as [`engine::event::upcoming`] has it.
pub type Coming = (Event, NaiveDate, NaiveDate);

/// Entries of a list, soonest first: the days, the name, the village.
pub fn list(visit: &Visit, catalogue: &Catalogue, events: &[Coming]) -> impl IntoView + use<> {
    let locale = visit.locale;
    let items = events
        .iter()
        .map(|(event, from, to)| {
            let village = catalogue.village(event.village_id);
            let village = village.map(|village| village.name.text(locale).to_owned());
            let href = visit.link(&path(event));
            let lunar = format::lunar(locale, *from);
            let days = if from == to {
                format::sentence(&format::day(locale, *from))
            } else {
                (locale.writing().span)(*from, *to)
            };
            view! {
                <li class="event-entry">
                    <p class="event-days">
                        <time datetime=from.to_string()>{days}</time>
                        <span class="lunar">{lunar}</span>
                    </p>
                    <div>
                        <h3 class="event-name">
                            <a href=href lang=foreign(&event.name, locale)>{event.name.text(locale).to_owned()}</a>
                        </h3>
                        <p class="card-kicker">{village}</p>
                        <p lang=foreign(&event.summary, locale)>{event.summary.text(locale).to_owned()}</p>
                    </div>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="event-list">{items}</ul> }
}

/// What is unlike other days, a sentence each; empty when nothing is.
pub fn effect(locale: Locale, effect: Effect) -> Vec<String> {
    let mut lines = Vec::new();
    match effect.opening {
        EventOpening::Usual => {}
        EventOpening::Daily => lines.push(t::open_daily(locale).to_owned()),
        EventOpening::Closed => return vec![t::all_closed(locale).to_owned()],
    }
    match effect.capacity_percent {
        100 => {}
        less if less < 100 => lines.push(t::fewer_seats(locale).to_owned()),
        _ => lines.push(t::more_seats(locale).to_owned()),
    }
    if let Some(price) = price(locale, effect.price.percent()) {
        lines.push(format::sentence(&price));
    }
    lines
}

/// "giá cao hơn thường ngày 10%"; None at the usual price.
pub fn price(locale: Locale, percent: i32) -> Option<String> {
    match percent - 100 {
        0 => None,
        more if more > 0 => Some(t::dearer(locale, i64::from(more))),
        less => Some(t::cheaper(locale, i64::from(-less))),
    }
}

/// What an adult who comes alone pays in a departure whose price is not the usual one.
pub fn slot_price(locale: Locale, option: &TourOption, sale: Sale) -> Option<String> {
    let option = option.on(sale);
    let units = || option.open_units();
    let lead = units().find(|unit| unit.kind == UnitKind::Adult).or_else(|| units().next())?;
    if lead.steps.is_empty() {
        return None;
    }
    let price = lead.price.display(locale);
    Some(t::price_that_day(locale, price, format::unit_kind(locale, lead.kind)))
}
