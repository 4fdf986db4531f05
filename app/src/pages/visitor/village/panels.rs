//! What stands beside the story of a village.

use engine::catalogue::{Catalogue, Village};
use engine::coop::Coop;
use leptos::prelude::*;

use crate::context::Visit;
use crate::t;
use crate::ui::prose::{own, own_paragraphs};

pub fn best_time(visit: &Visit, village: &Village) -> Option<impl IntoView + use<>> {
    let locale = visit.locale;
    village.best_time.as_ref().map(|text| {
        view! {
            <section class="panel" aria-labelledby="time-title">
                <h2 class="panel-title" id="time-title">{t::catalogue::best_time(locale)}</h2>
                {own_paragraphs(text, locale)}
            </section>
        }
    })
}

pub fn workshops(visit: &Visit, catalogue: &Catalogue, village: &Village) -> impl IntoView + use<> {
    let locale = visit.locale;
    let workshops: Vec<_> = catalogue
        .workshops_of(village.id)
        .map(|workshop| {
            let href = visit.link(&format!("/workshops/{}", workshop.slug));
            let summary = own(&workshop.summary, locale);
            view! { <li><a href=href>{workshop.name.clone()}</a><br/>{summary}</li> }
        })
        .collect();
    view! {
        <section class="panel" aria-labelledby="workshops-title">
            <h2 class="panel-title" id="workshops-title">{t::catalogue::workshops(locale)}</h2>
            <ul class="stack">{workshops}</ul>
        </section>
    }
}

pub fn coops(visit: &Visit, coops: &[Coop]) -> Option<impl IntoView + use<>> {
    let locale = visit.locale;
    (!coops.is_empty()).then(|| {
        let links = crate::pages::visitor::coop::links(visit, coops);
        view! {
            <section class="panel" aria-labelledby="coops-title">
                <h2 class="panel-title" id="coops-title">{t::coop::in_village(locale)}</h2>
                <ul class="stack">{links}</ul>
            </section>
        }
    })
}
