//! The tours of a workshop.

use leptos::prelude::*;

use crate::context::Visit;
use crate::t;
use crate::ui::card::TourCard;

pub fn section(visit: &Visit, cards: Vec<TourCard>) -> impl IntoView + use<> {
    let locale = visit.locale;
    view! {
        <section class="story-part" id="tours" aria-labelledby="tours-title">
            <div class="section-head">
                <h2 id="tours-title">{t::catalogue::workshop_tours(locale)}</h2>
            </div>
            <ul class="results-list">
                {cards.into_iter().map(|card| card.view(locale, true)).collect_view()}
            </ul>
        </section>
    }
}
