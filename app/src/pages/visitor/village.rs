//! A village as a long read: its story, its people, how to get there, its tours and workshops.
//!
//! Each part is a function in a file of its own; this page loads what they need and sets them.

pub mod artisans;
mod panels;
mod story;
mod tours;
pub mod way;

use axum::extract::{Path, State};
use axum::response::Response;
use engine::catalogue::search::{Search, search};
use engine::catalogue::{Catalogue, Village};
use engine::clock::local_date;
use engine::credential::Holder;
use engine::event;
use engine::shop;
use engine::story::{Chapter, Seen, Subject};
use leptos::prelude::*;

use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t;
use crate::ui::card::TourCard;
use crate::ui::icon::icon;
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::picture::Picture;
use crate::ui::prose::{foreign, own_words};
use crate::ui::story::{Told, artisan, contents, portrait_share, reading_time, unsaved};
use crate::ui::{credential, format, next_tours, seo};

/// Events shown, of the next year.
const EVENTS: usize = 4;
/// People shown on the page; the others are on their list.
const PEOPLE: usize = 3;

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let catalogue = app.catalogue().await?;
    let village = catalogue.village_by_slug(&slug).ok_or(PageError::NotFound)?.clone();
    show(&app, &visit, &catalogue, village, None).await
}

/// The page of a village; `draft` is a chapter that is not saved yet.
pub async fn show(
    app: &App,
    visit: &Visit,
    catalogue: &Catalogue,
    village: Village,
    draft: Option<Chapter>,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let now = app.store.now();
    let today = local_date(now);
    let preview = draft.is_some();
    let here = Search { village: Some(village.slug.clone()), ..Search::default() };
    let mut conn = app.store.read().await?;
    let hits = search(&mut conn, catalogue, &here, now).await?;
    let coops = engine::coop::of_village(&mut conn, village.id).await?;
    let mut coming = event::upcoming(&mut conn, today, event::YEAR).await?;
    coming.retain(|(event, ..)| event.village_id == village.id);
    coming.truncate(EVENTS);
    let mut passes = engine::pass::on_sale(&mut conn, catalogue).await?;
    let subject = Subject::Village(village.id);
    let chapters = engine::story::chapters(&mut conn, subject, Seen::ByGuests).await?;
    let people = engine::story::artisans_of_village(&mut conn, village.id).await?;
    let found: Vec<_> = hits.iter().map(|hit| hit.tour).collect();
    let ratings = engine::review::ratings(&mut conn, &found).await?;
    let shelf = shop::Search { village: Some(village.id), ..shop::Search::default() };
    let sells = shop::count(&mut conn, catalogue, &shelf).await? > 0;
    drop(conn);
    let told = Told::new(chapters, draft);
    passes.retain(|offer| offer.places.iter().any(|place| place.village.id == village.id));
    let passes = super::pass::panel(visit, &passes, t::pass::on_page(locale), "");
    let cards: Vec<TourCard> = hits
        .iter()
        .filter_map(|hit| Some((hit, catalogue.tour(hit.tour)?)))
        .map(|(hit, tour)| {
            TourCard::new(visit, catalogue, tour, Some(hit), "", false, today)
                .rated(ratings.get(&tour.id))
        })
        .collect();
    let name = village.name.text(locale).to_owned();
    let crumbs = [
        ("/villages".to_owned(), t::site::villages(locale).to_owned()),
        (format!("/villages/{}", village.slug), name.clone()),
    ];
    let shown = catalogue.credentials.shown(&Holder::Village(village.id), today);
    let title = format::labelled(locale, &name, village.craft_name.text(locale));
    let place = seo::village(visit, catalogue, &village);
    let mut nodes = vec![credential::certified(place, locale, &shown)];
    nodes.extend(seo::village_article(visit, &village, &told));
    nodes.extend([seo::breadcrumbs(visit, &crumbs), seo::organization(visit)]);
    let mut head = Head::new(title, seo::description(village.summary.text(locale)))
        .article()
        .structured(seo::graph(nodes));
    if let Some(picture) = portrait_share(None, &told.chapters, &name, locale) {
        head = head.picture(picture);
    }
    if preview {
        head = head.noindex();
    }
    let mut toc = story::toc(visit, &told);
    if !people.is_empty() {
        toc.push(("people-title".into(), t::story::people(locale).into()));
    }
    toc.push(("go-title".into(), t::catalogue::getting_there(locale).into()));
    toc.push(("tours-title".into(), t::catalogue::village_tours(locale, &name)));
    let steps = vec![(visit.link("/villages"), t::site::villages(locale).to_owned())];
    let time = reading_time(locale, &told.chapters, &[village.story.text(locale)]);
    let events = super::events::section(visit, catalogue, &coming);
    let next = next_tours::panel(visit, catalogue, &hits, today, "#tours".into());
    let all = (people.len() > PEOPLE)
        .then(|| visit.link(&format!("/villages/{}/artisans", village.slug)));
    let people = artisan::section(visit, catalogue, &people[..people.len().min(PEOPLE)], all);
    let workshops = panels::workshops(visit, catalogue, &village);
    let coops = panels::coops(visit, &coops);
    let best_time = panels::best_time(visit, &village);
    let inner = visit.clone();
    Ok(Page::new(head).shared().render(visit, move || {
        let visit = &inner;
        let kicker = format!("{} · {}", village.craft_name.text(locale), village.commune);
        view! {
            <article class="wrap story">
                {preview.then(|| unsaved(locale))}
                {breadcrumb(locale, steps)}
                <div class="banner">{Picture::of_village(&village).view(false)}</div>
                <header class="page-head story-head">
                    <p class="kicker">{kicker}</p>
                    <h1>{name.clone()}</h1>
                    <p class="lead" lang=foreign(&village.summary, locale)>
                        {village.summary.text(locale).to_owned()}
                    </p>
                    {own_words(locale, &[&village.summary, &village.story])}
                    {credential::badges(locale, &shown)}
                    <p class="story-time">{icon("clock")}{time}</p>
                </header>
                <div class="split story-split">
                    <div class="story-main">
                        {contents(locale, &toc)}
                        {story::view(visit, &village, &told)}
                        {people}
                        {way::section(visit, &village, &told.ways)}
                        {credential::panel(locale, &shown)}
                    </div>
                    <aside class="stack-l">
                        {next} {best_time} {workshops} {coops} {passes}
                    </aside>
                </div>
                {events}
                {tours::section(visit, &village, cards, sells)}
            </article>
        }
    }))
}
