//! A village: its story, how to get there, its tours and workshops.

use axum::extract::{Path, State};
use axum::response::Response;
use engine::catalogue::search::{Search, search};
use engine::clock::local_date;
use engine::credential::Holder;
use engine::event;
use leptos::prelude::*;

use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t;
use crate::ui::card::TourCard;
use crate::ui::format;
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::picture::Picture;
use crate::ui::prose::{foreign, own, own_paragraphs, own_words};
use crate::ui::{credential, seo};

/// Events shown, of the next year.
const EVENTS: usize = 4;

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let catalogue = app.catalogue().await?;
    let village = catalogue.village_by_slug(&slug).ok_or(PageError::NotFound)?.clone();
    let now = app.store.now();
    let here = Search { village: Some(slug), ..Search::default() };
    let mut conn = app.store.read().await?;
    let hits = search(&mut conn, &catalogue, &here, now).await?;
    let coops = engine::coop::of_village(&mut conn, village.id).await?;
    let mut coming = event::upcoming(&mut conn, local_date(now), event::YEAR).await?;
    coming.retain(|(event, ..)| event.village_id == village.id);
    coming.truncate(EVENTS);
    let mut passes = engine::pass::on_sale(&mut conn, &catalogue).await?;
    let found: Vec<_> = hits.iter().map(|hit| hit.tour).collect();
    let ratings = engine::review::ratings(&mut conn, &found).await?;
    drop(conn);
    passes.retain(|offer| offer.places.iter().any(|place| place.village.id == village.id));
    let passes = super::pass::panel(&visit, &passes, t::pass::on_page(locale), "");
    let cards: Vec<TourCard> = hits
        .iter()
        .filter_map(|hit| Some((hit, catalogue.tour(hit.tour)?)))
        .map(|(hit, tour)| {
            TourCard::new(&visit, &catalogue, tour, Some(hit), "", false, local_date(now))
                .rated(ratings.get(&tour.id))
        })
        .collect();
    let workshops: Vec<_> = catalogue
        .workshops_of(village.id)
        .map(|workshop| {
            let href = visit.link(&format!("/workshops/{}", workshop.slug));
            let summary = own(&workshop.summary, locale);
            view! { <li><a href=href>{workshop.name.clone()}</a><br/>{summary}</li> }
        })
        .collect();
    let name = village.name.text(locale).to_owned();
    let crumbs = [
        ("/villages".to_owned(), t::site::villages(locale).to_owned()),
        (format!("/villages/{}", village.slug), name.clone()),
    ];
    let shown = catalogue.credentials.shown(&Holder::Village(village.id), local_date(now));
    let title = format::labelled(locale, &name, village.craft_name.text(locale));
    let head = Head::new(title, seo::description(village.summary.text(locale))).structured(
        seo::graph(vec![
            credential::certified(seo::village(&visit, &village), locale, &shown),
            seo::breadcrumbs(&visit, &crumbs),
            seo::organization(&visit),
        ]),
    );
    let shelf = visit.link(&format!("/villages/{}/shop", village.slug));
    let by_date = format!("{}?village={}", visit.link("/tours"), village.slug);
    let steps = vec![(visit.link("/villages"), t::site::villages(locale).to_owned())];
    let links = super::coop::links(&visit, &coops);
    let events = super::events::section(&visit, &catalogue, &coming);
    Ok(Page::new(head).shared().render(&visit, move || {
        let best_time = village.best_time.as_ref().map(|text| {
            view! {
                <section class="panel" aria-labelledby="time-title">
                    <h2 class="panel-title" id="time-title">{t::catalogue::best_time(locale)}</h2>
                    {own_paragraphs(text, locale)}
                </section>
            }
        });
        let coops = (!coops.is_empty()).then(|| {
            view! {
                <section class="panel" aria-labelledby="coops-title">
                    <h2 class="panel-title" id="coops-title">{t::coop::in_village(locale)}</h2>
                    <ul class="stack">{links}</ul>
                </section>
            }
        });
        let kicker = format!("{} · {}", village.craft_name.text(locale), village.commune);
        view! {
            <div class="wrap">
                {breadcrumb(locale, steps)}
                <div class="banner">{Picture::of_village(&village).view(false)}</div>
                <header class="page-head">
                    <p class="kicker">{kicker}</p>
                    <h1>{name.clone()}</h1>
                    <p class="lead" lang=foreign(&village.summary, locale)>
                        {village.summary.text(locale).to_owned()}
                    </p>
                    {own_words(locale, &[&village.summary, &village.story])}
                    {credential::badges(locale, &shown)}
                </header>
                <section aria-labelledby="tours-title">
                    <div class="section-head">
                        <h2 id="tours-title">{t::catalogue::village_tours(locale, &name)}</h2>
                        <a href=by_date>{t::catalogue::by_date(locale)}</a>
                        <a href=shelf>{t::shop::of_village(locale)}</a>
                    </div>
                    <ul class="grid">
                        {cards.into_iter().map(|card| card.view(locale, false)).collect_view()}
                    </ul>
                </section>
                {events}
                <div class="split section">
                    <div class="stack-l">
                        <section class="prose" aria-labelledby="story-title">
                            <h2 id="story-title">{t::catalogue::story(locale)}</h2>
                            {own_paragraphs(&village.story, locale)}
                        </section>
                        {credential::panel(locale, &shown)}
                    </div>
                    <aside class="stack-l">
                        <section class="panel" aria-labelledby="go-title">
                            <h2 class="panel-title" id="go-title">
                                {t::catalogue::getting_there(locale)}
                            </h2>
                            <p>{t::catalogue::distance(locale, i64::from(village.distance_km))}</p>
                            {own_paragraphs(&village.getting_there, locale)}
                            <dl class="pairs">
                                <div>
                                    <dt>{t::catalogue::old_address(locale)}</dt>
                                    <dd>{village.old_address.clone()}</dd>
                                </div>
                            </dl>
                        </section>
                        {best_time}
                        <section class="panel" aria-labelledby="workshops-title">
                            <h2 class="panel-title" id="workshops-title">
                                {t::catalogue::workshops(locale)}
                            </h2>
                            <ul class="stack">{workshops}</ul>
                        </section>
                        {coops}
                        {passes}
                    </aside>
                </div>
            </div>
        }
    }))
}
