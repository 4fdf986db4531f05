//! The tours of a village, with the way to what its workshops sell.

use engine::catalogue::Village;
use leptos::prelude::*;

use crate::context::Visit;
use crate::t;
use crate::ui::card::TourCard;

pub fn section(
    visit: &Visit,
    village: &Village,
    cards: Vec<TourCard>,
    sells: bool,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let by_date = format!("{}?village={}", visit.link("/tours"), village.slug);
    let shelf = sells.then(|| {
        let shelf = visit.link(&format!("/villages/{}/shop", village.slug));
        view! { <a href=shelf>{t::shop::of_village(locale)}</a> }
    });
    let name = village.name.text(locale);
    view! {
        <section class="section-tight" id="tours" aria-labelledby="tours-title">
            <div class="section-head">
                <h2 id="tours-title">{t::catalogue::village_tours(locale, name)}</h2>
                <a href=by_date>{t::catalogue::by_date(locale)}</a>
                {shelf}
            </div>
            <ul class="grid">
                {cards.into_iter().map(|card| card.view(locale, false)).collect_view()}
            </ul>
        </section>
    }
}
