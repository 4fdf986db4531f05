//! All villages, on a map and in a list.

use axum::extract::State;
use axum::response::Response;
use engine::catalogue::{Catalogue, Point, Village};
use leptos::prelude::*;

use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t;
use crate::ui::layout::Head;
use crate::ui::map::{Pin, village_map};
use crate::ui::picture::Picture;
use crate::ui::prose::own;
use crate::ui::seo;

pub async fn page(State(app): State<App>, visit: Visit) -> Result<Response, PageError> {
    let locale = visit.locale;
    let catalogue = app.catalogue().await?;
    let pins: Vec<Pin> = catalogue
        .villages
        .iter()
        .map(|village| Pin {
            point: Point { lat: village.lat, lon: village.lon },
            name: village.name.text(locale).to_owned(),
            label: format!("{}, {}", village.name.text(locale), village.craft_name.text(locale)),
            href: visit.link(&format!("/villages/{}", village.slug)),
        })
        .collect();
    let cards: Vec<_> =
        catalogue.villages.iter().map(|village| card(&visit, &catalogue, village)).collect();
    let coops = engine::coop::active(&mut app.store.read().await?).await?;
    let links = super::coop::links(&visit, &coops);
    let count = i64::try_from(cards.len()).unwrap_or(0);
    let crumbs = [("/villages".to_owned(), t::site::villages(locale).to_owned())];
    let head =
        Head::new(t::catalogue::villages_title(locale), t::catalogue::villages_description(locale))
            .structured(seo::graph(vec![
                seo::breadcrumbs(&visit, &crumbs),
                seo::organization(&visit),
            ]));
    Ok(Page::new(head).shared().render(&visit, move || {
        let coops = (!coops.is_empty()).then(|| {
            view! {
                <section class="section-tight" aria-labelledby="coops-title">
                    <div class="section-head">
                        <h2 id="coops-title">{t::coop::list_title(locale)}</h2>
                        <p>{t::coop::list_lead(locale)}</p>
                    </div>
                    <ul class="stack">{links}</ul>
                </section>
            }
        });
        view! {
            <div class="wrap">
                <header class="page-head">
                    <h1>{t::catalogue::villages_title(locale)}</h1>
                    <p class="lead">{t::catalogue::villages_lead(locale, count)}</p>
                </header>
                <div class="map-layout">
                    {village_map(locale, &pins)} <ul class="results-list">{cards}</ul>
                </div>
                {coops} <div class="section-tight"></div>
            </div>
        }
    }))
}

fn card(visit: &Visit, catalogue: &Catalogue, village: &Village) -> impl IntoView + use<> {
    let locale = visit.locale;
    let tours = catalogue
        .workshops_of(village.id)
        .map(|workshop| catalogue.tours_of(workshop.id).count())
        .sum::<usize>();
    let distance = t::catalogue::distance(locale, i64::from(village.distance_km));
    let tours = t::catalogue::tours_count(locale, i64::try_from(tours).unwrap_or(0));
    view! {
        <li class="card card-row">
            <div class="card-media">{Picture::of_village(village).view(true)}</div>
            <div class="card-body">
                <p class="card-kicker">{own(&village.craft_name, locale)}</p>
                <h2 class="card-title">
                    <a class="card-link" href=visit.link(&format!("/villages/{}", village.slug))>
                        {own(&village.name, locale)}
                    </a>
                </h2>
                <p class="card-text">{format!("{distance} · {tours}")}</p>
                <p class="card-text">{own(&village.tagline, locale)}</p>
            </div>
        </li>
    }
}
