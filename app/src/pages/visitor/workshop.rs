//! A workshop: who works there, what they offer, who answers for it.

use axum::extract::{Path, State};
use axum::response::Response;
use engine::catalogue::search::{Search, search};
use engine::catalogue::{Point, Workshop};
use engine::clock::local_date;
use engine::credential::Holder;
use engine::review::{Scope, ratings};
use engine::{Locale, TourId};
use leptos::prelude::*;

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
use crate::ui::map::point_map;
use crate::ui::picture::Picture;
use crate::ui::prose::{foreign, own, own_paragraphs, own_words};
use crate::ui::{credential, format, seo};

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let catalogue = app.catalogue().await?;
    let workshop = catalogue.workshop_by_slug(&slug).ok_or(PageError::NotFound)?.clone();
    let village = catalogue.village(workshop.village_id).ok_or(PageError::NotFound)?.clone();
    let now = app.store.now();
    let there = Search { village: Some(village.slug.clone()), ..Search::default() };
    let mut conn = app.store.read().await?;
    let hits = search(&mut conn, &catalogue, &there, now).await?;
    let coop = engine::coop::of_workshop(&mut conn, workshop.id).await?;
    let gift = super::gift::offer(&mut conn, &visit, &catalogue, workshop.id).await?;
    let shelf = super::shop::section(&mut conn, &visit, &catalogue, workshop.id).await?;
    let scope = Scope::Workshop(workshop.id);
    let said = reviews::load(&mut conn, scope).await?;
    let ours: Vec<TourId> = catalogue.tours_of(workshop.id).map(|tour| tour.id).collect();
    let ratings = ratings(&mut conn, &ours).await?;
    drop(conn);
    let tours: Vec<_> = catalogue.tours_of(workshop.id).collect();
    let cards: Vec<TourCard> = tours
        .iter()
        .map(|tour| {
            let hit = hits.iter().find(|hit| hit.tour == tour.id);
            TourCard::new(&visit, &catalogue, tour, hit, "", false, local_date(now))
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
    let shown = catalogue.credentials.shown(&Holder::Workshop(workshop.id), local_date(now));
    let mut head = Head::new(
        format!("{}, {village_name}", workshop.name),
        seo::description(workshop.summary.text(locale)),
    )
    .structured(seo::graph(vec![
        credential::certified(
            seo::workshop(&visit, &workshop, &village, &tours, coop.as_ref()),
            locale,
            &shown,
        ),
        seo::breadcrumbs(&visit, &crumbs),
        seo::organization(&visit),
    ]));
    let steps = vec![
        (visit.link("/villages"), t::site::villages(locale).to_owned()),
        (visit.link(&village_path), village_name.clone()),
    ];
    if let Some(photo) = workshop.photos.first() {
        head = head.picture(Picture::shared(photo, &workshop.name, locale));
    }
    let photos: Vec<Picture> =
        workshop.photos.iter().map(|photo| Picture::photo(photo, &workshop.name, locale)).collect();
    let member = member_row(&visit, coop.as_ref());
    let path = format!("/workshops/{}", workshop.slug);
    let said = reviews::section(&visit, &catalogue, (scope, &path), &workshop.name, &said);
    Ok(Page::new(head).shared().render(&visit, move || {
        let access = (!workshop.accessibility.text(locale).is_empty()).then(|| {
            view! {
                <section class="prose" aria-labelledby="access-title">
                    <h2 id="access-title">{t::catalogue::accessibility(locale)}</h2>
                    {own_paragraphs(&workshop.accessibility, locale)}
                </section>
            }
        });
        let gallery = (!photos.is_empty()).then(|| gallery(locale, &photos));
        view! {
            <div class="wrap">
                {breadcrumb(locale, steps)} {gallery}
                <header class="page-head">
                    <p class="kicker">{own(&village.craft_name, locale)} " · " {village_name.clone()}</p>
                    <h1>{workshop.name.clone()}</h1>
                    <p class="lead" lang=foreign(&workshop.summary, locale)>
                        {workshop.summary.text(locale).to_owned()}
                    </p>
                    {own_words(locale, &[&workshop.summary, &workshop.story])}
                    {credential::badges(locale, &shown)}
                </header>
                <div class="split">
                    <div class="stack-l">
                        <section aria-labelledby="tours-title">
                            <div class="section-head">
                                <h2 id="tours-title">{t::catalogue::workshop_tours(locale)}</h2>
                            </div>
                            <ul class="results-list">
                                {cards.into_iter().map(|card| card.view(locale, true)).collect_view()}
                            </ul>
                        </section>
                        {shelf}
                        <section class="prose" aria-labelledby="story-title">
                            <h2 id="story-title">{t::catalogue::workshop_story(locale)}</h2>
                            {own_paragraphs(&workshop.story, locale)}
                        </section>
                        {credential::panel(locale, &shown)}
                        {access}
                        {said}
                    </div>
                    <aside class="split-aside panel" aria-labelledby="contact-title">
                        <h2 class="panel-title" id="contact-title">{t::catalogue::contact(locale)}</h2>
                        {point_map(
                            workshop.address.text(locale),
                            Point { lat: workshop.lat, lon: workshop.lon },
                        )}
                        <dl class="pairs">
                            <div>
                                <dt>{t::catalogue::address(locale)}</dt>
                                <dd>{own(&workshop.address, locale)}</dd>
                            </div>
                            <div>
                                <dt>{t::catalogue::phone(locale)}</dt>
                                <dd>
                                    <a href=format!("tel:{}", workshop.phone)>
                                        {format::phone(&workshop.phone)}
                                    </a>
                                </dd>
                            </div>
                            <div>
                                <dt>{t::catalogue::languages(locale)}</dt>
                                <dd>{format::languages(locale, &workshop.languages)}</dd>
                            </div>
                            {member} {seller(locale, &workshop)}
                        </dl>
                        {open_in_maps(locale, workshop.lat, workshop.lon)}
                        {gift}
                    </aside>
                </div>
                <div class="section-tight"></div>
            </div>
        }
    }))
}

/// Who sells, as the law wants it said on each offer: rows of a `<dl>`.
pub fn seller(locale: Locale, workshop: &Workshop) -> impl IntoView + use<> {
    let tax = (!workshop.tax_code.is_empty()).then(|| {
        view! {
            <div>
                <dt>{t::catalogue::tax_code(locale)}</dt>
                <dd>{workshop.tax_code.clone()}</dd>
            </div>
        }
    });
    view! {
        <div>
            <dt>{t::catalogue::seller(locale)}</dt>
            <dd>{workshop.legal_name.clone()}</dd>
        </div>
        <div>
            <dt>{t::catalogue::legal_form(locale)}</dt>
            <dd>{format::legal_form(locale, workshop.legal_form)}</dd>
        </div>
        {tax}
        <div>
            <dt>{t::catalogue::email(locale)}</dt>
            <dd><a href=format!("mailto:{}", workshop.email)>{workshop.email.clone()}</a></dd>
        </div>
    }
}

/// A link to the open map of the world, which a phone may offer to open in its own app.
pub fn open_in_maps(locale: Locale, lat: f64, lon: f64) -> impl IntoView {
    let href = format!("https://www.openstreetmap.org/?mlat={lat}&mlon={lon}#map=17/{lat}/{lon}");
    view! {
        <a class="btn btn-wide" href=href rel="external noopener">
            {icon("pin")}
            {t::catalogue::open_map(locale)}
        </a>
    }
}
