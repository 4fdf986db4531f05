//! The next departures of a place, with their prices: beside a story, for who wants to go.

use chrono::NaiveDate;
use engine::catalogue::search::Hit;
use engine::catalogue::{Catalogue, Sharing};
use engine::price::reckon;
use leptos::prelude::*;

use super::format;
use crate::context::Visit;
use crate::t;

/// Departures named.
const MOST: usize = 5;

/// A panel; nothing where no departure is free. `all` leads to the tours of the place.
pub fn panel(
    visit: &Visit,
    catalogue: &Catalogue,
    hits: &[Hit],
    today: NaiveDate,
    all: String,
) -> Option<impl IntoView + use<>> {
    let locale = visit.locale;
    let mut coming: Vec<_> = hits
        .iter()
        .filter_map(|hit| Some((catalogue.tour(hit.tour)?, hit)))
        .flat_map(|(tour, hit)| hit.slots.iter().map(move |found| (tour, found)))
        .collect();
    coming.sort_by_key(|(_, found)| found.slot.starts_at);
    let lines: Vec<_> = coming
        .into_iter()
        .take(MOST)
        .map(|(tour, found)| {
            let slot = &found.slot;
            let day = format::relative_day(locale, slot.local_date, today);
            let when = format::sentence(&format::day_at(locale, day, slot.starts_at));
            let left = match tour.sharing {
                Sharing::Shared => format::seats_left(locale, found.left),
                Sharing::Private => t::catalogue::private_group(locale).to_owned(),
            };
            let price = tour.price_from().map_or_else(String::new, |price| {
                let sale = tour.sale_of(slot, today);
                format::price_from(locale, reckon(price, &sale, 1).price)
            });
            let href = format!(
                "{}?date={}",
                visit.link(&format!("/tours/{}", tour.slug)),
                slot.local_date
            );
            view! {
                <li class="next-tour">
                    <a href=href>{tour.title.text(locale).to_owned()}</a>
                    <p class="small">
                        <time datetime=slot.starts_at.to_rfc3339()>{when}</time>
                        <span class="soft">" · "{left}</span>
                    </p>
                    <p class="small price"><strong>{price}</strong></p>
                </li>
            }
        })
        .collect();
    (!lines.is_empty()).then(|| {
        view! {
            <section class="panel no-print" aria-labelledby="next-title">
                <h2 class="panel-title" id="next-title">{t::story::next_tours(locale)}</h2>
                <ul class="next-tours">{lines}</ul>
                <a class="btn btn-primary btn-wide" href=all>{t::story::all_tours(locale)}</a>
            </section>
        }
    })
}
