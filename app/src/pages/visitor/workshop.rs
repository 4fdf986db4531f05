//! A workshop as a long read: what it tells, who works there, what they offer, who answers for it.
//!
//! Each part is a function in a file of its own; this page loads what they need and sets them.

mod contact;
mod story;
mod tours;

use axum::extract::{Path, State};
use axum::response::Response;
use engine::catalogue::search::{Search, search};
use engine::catalogue::{Catalogue, Workshop};
use engine::clock::local_date;
use engine::credential::Holder;
use engine::review::{Scope, ratings};
use engine::story::{Chapter, Seen, Subject};
use engine::{TourId, partner};
use leptos::prelude::*;

pub use contact::{open_in_maps, seller};

use super::reviews;
use super::tour::gallery;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t;
use crate::ui::card::TourCard;
use crate::ui::coop::member_row;
use crate::ui::icon::icon;
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::picture::Picture;
use crate::ui::prose::{foreign, own, own_words};
use crate::ui::story::{Told, artisan, contents, portrait_share, reading_time, unsaved};
use crate::ui::{credential, green, next_tours, partner as ui_partner, seo};

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let catalogue = app.catalogue().await?;
    let workshop = catalogue.workshop_by_slug(&slug).ok_or(PageError::NotFound)?.clone();
    show(&app, &visit, &catalogue, workshop, None).await
}

/// The page of a workshop; `draft` is a chapter that is not saved yet.
pub async fn show(
    app: &App,
    visit: &Visit,
    catalogue: &Catalogue,
    workshop: Workshop,
    draft: Option<Chapter>,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let village = catalogue.village(workshop.village_id).ok_or(PageError::NotFound)?.clone();
    let now = app.store.now();
    let today = local_date(now);
    let preview = draft.is_some();
    let there = Search { village: Some(village.slug.clone()), ..Search::default() };
    let mut conn = app.store.read().await?;
    let mut hits = search(&mut conn, catalogue, &there, now).await?;
    let coop = engine::coop::of_workshop(&mut conn, workshop.id).await?;
    let gift = super::gift::offer(&mut conn, visit, catalogue, workshop.id).await?;
    let shelf = super::shop::section(&mut conn, visit, catalogue, workshop.id).await?;
    let order = super::commission::offer(&mut conn, visit, catalogue, workshop.id).await?;
    let subject = Subject::Workshop(workshop.id);
    let chapters = engine::story::chapters(&mut conn, subject, Seen::ByGuests).await?;
    let people =
        engine::story::artisans_of_workshop(&mut conn, workshop.id, Seen::ByGuests).await?;
    let scope = Scope::Workshop(workshop.id);
    let said = reviews::load(&mut conn, scope).await?;
    let ours: Vec<TourId> = catalogue.tours_of(workshop.id).map(|tour| tour.id).collect();
    let ratings = ratings(&mut conn, &ours).await?;
    let measured = engine::green::of_workshop(&mut conn, workshop.id, today).await?;
    let with = coop.as_ref().map(|coop| coop.id);
    let partners = partner::shown_partners(&mut conn, Some(workshop.id), with).await?;
    let mut designs = partner::designs_of(&mut conn, Some(workshop.id), None).await?;
    designs.retain(|design| !design.retired);
    let study = partner::study_of(&mut conn, workshop.id).await?;
    drop(conn);
    let told = Told::new(chapters, draft);
    let tours: Vec<_> = catalogue.tours_of(workshop.id).collect();
    hits.retain(|hit| tours.iter().any(|tour| tour.id == hit.tour));
    let cards: Vec<TourCard> = tours
        .iter()
        .map(|tour| {
            let hit = hits.iter().find(|hit| hit.tour == tour.id);
            TourCard::new(visit, catalogue, tour, hit, "", false, today)
                .rated(ratings.get(&tour.id))
        })
        .collect();
    let village_name = village.name.text(locale).to_owned();
    let village_path = format!("/villages/{}", village.slug);
    let crumbs = [
        ("/villages".to_owned(), t::site::villages(locale).to_owned()),
        (village_path.clone(), village_name.clone()),
        (format!("/workshops/{}", workshop.slug), workshop.name.clone()),
    ];
    let shown = catalogue.credentials.shown(&Holder::Workshop(workshop.id), today);
    let place = seo::workshop(visit, &workshop, &village, &tours, coop.as_ref());
    let mut nodes = vec![credential::certified(place, locale, &shown)];
    nodes.extend(seo::workshop_article(visit, &workshop, &told));
    nodes.extend([seo::breadcrumbs(visit, &crumbs), seo::organization(visit)]);
    let mut head = Head::new(
        format!("{}, {village_name}", workshop.name),
        seo::description(workshop.summary.text(locale)),
    )
    .article()
    .structured(seo::graph(nodes));
    let steps = vec![
        (visit.link("/villages"), t::site::villages(locale).to_owned()),
        (visit.link(&village_path), village_name.clone()),
    ];
    if let Some(photo) = workshop.photos.first() {
        head = head.picture(Picture::shared(photo, &workshop.name, locale));
    } else if let Some(picture) = portrait_share(None, &told.chapters, &workshop.name, locale) {
        head = head.picture(picture);
    }
    if preview {
        head = head.noindex();
    }
    let photos: Vec<Picture> =
        workshop.photos.iter().map(|photo| Picture::photo(photo, &workshop.name, locale)).collect();
    let mut toc = story::toc(visit, &told);
    if !people.is_empty() {
        toc.push(("people-title".into(), t::story::people(locale).into()));
    }
    toc.push(("tours-title".into(), t::catalogue::workshop_tours(locale).into()));
    let time = reading_time(locale, &told.chapters, &[workshop.story.text(locale)]);
    let member = member_row(visit, coop.as_ref()).map(IntoAny::into_any);
    let people = artisan::section(visit, catalogue, &people, None);
    let next = next_tours::panel(visit, catalogue, &hits, today, "#tours".into());
    let path = format!("/workshops/{}", workshop.slug);
    let said = reviews::section(visit, catalogue, (scope, &path), &workshop.name, &said);
    let partners = ui_partner::partners(visit, &partners);
    let designs = ui_partner::designs(visit, t::partner::designs(locale), &designs);
    let study = study.filter(|study| study.welcome).map(|_| {
        let href = visit.link(&format!("/workshops/{}/study", workshop.slug));
        view! { <p class="aside-link no-print"><a href=href>{icon("search")}{t::partner::open_to_studies(locale)}</a></p> }.into_any()
    });
    let inner = visit.clone();
    Ok(Page::new(head).shared().render(visit, move || {
        let visit = &inner;
        let hero = if photos.is_empty() {
            view! { <div class="banner">{Picture::of_village(&village).view(false)}</div> }.into_any()
        } else {
            gallery(locale, &photos).into_any()
        };
        view! {
            <article class="wrap story">
                {preview.then(|| unsaved(locale))}
                {breadcrumb(locale, steps)} {hero}
                <header class="page-head story-head">
                    <p class="kicker">{own(&village.craft_name, locale)} " · " {village_name.clone()}</p>
                    <h1>{workshop.name.clone()}</h1>
                    <p class="lead" lang=foreign(&workshop.summary, locale)>
                        {workshop.summary.text(locale).to_owned()}
                    </p>
                    {own_words(locale, &[&workshop.summary, &workshop.story])}
                    {credential::badges(locale, &shown)}
                    <p class="story-time">{icon("clock")}{time}</p>
                </header>
                <div class="split story-split">
                    <div class="story-main">
                        {contents(locale, &toc)}
                        {story::view(visit, &workshop, &told)}
                        {people}
                        {tours::section(visit, cards)}
                        {shelf}
                        {contact::ways(visit, &told.ways)}
                        {contact::access(visit, &workshop)}
                        {credential::panel(locale, &shown)}
                        {green::panel(locale, &measured, false)}
                        {designs}
                        {partners}
                        {said}
                    </div>
                    <aside class="stack-l">
                        {next} {contact::panel(visit, &workshop, member, vec![gift, order, study])}
                    </aside>
                </div>
            </article>
        }
    }))
}
