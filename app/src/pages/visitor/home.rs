//! The home page.

use std::collections::HashSet;

use axum::extract::State;
use axum::response::Response;
use chrono::{Datelike, NaiveDate, TimeDelta, Weekday};
use engine::catalogue::search::{Hit, Search, Sort, search};
use engine::catalogue::{Catalogue, Craft};
use engine::clock::local_date;
use leptos::prelude::*;

use super::search_form::{SearchForm, search_bar};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::ui::card::TourCard;
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::picture::{Picture, of_craft};
use crate::ui::{format, seo};
use crate::{assets, t};

/// Events shown, and how many days ahead.
const EVENTS: usize = 3;
const SEASON: i64 = 120;

/// Cards shown of the coming departures.
const CARDS: usize = 6;

pub async fn page(State(app): State<App>, visit: Visit) -> Result<Response, PageError> {
    let locale = visit.locale;
    let catalogue = app.catalogue().await?;
    let now = app.store.now();
    let today = local_date(now);
    let mut conn = app.store.read().await?;
    let weekend =
        Search { dates: Some(weekend(today)), sort: Some(Sort::Soonest), ..Search::default() };
    let mut title = t::home::weekend(locale);
    let mut hits = search(&mut conn, &catalogue, &weekend, now).await?;
    if hits.is_empty() {
        title = t::home::soon(locale);
        let any_day = Search { dates: None, ..weekend };
        hits = search(&mut conn, &catalogue, &any_day, now).await?;
    }
    let mut coming = engine::event::upcoming(&mut conn, today, SEASON).await?;
    coming.truncate(EVENTS);
    let found: Vec<_> = hits.iter().map(|hit| hit.tour).collect();
    let ratings = engine::review::ratings(&mut conn, &found).await?;
    drop(conn);
    let events = super::events::section(&visit, &catalogue, &coming);
    let cards: Vec<TourCard> = varied(&catalogue, &hits)
        .into_iter()
        .filter_map(|hit| Some((hit, catalogue.tour(hit.tour)?)))
        .map(|(hit, tour)| {
            TourCard::new(&visit, &catalogue, tour, Some(hit), "", false, today)
                .rated(ratings.get(&tour.id))
        })
        .collect();
    let tours = catalogue.published().count();
    let villages = i64::try_from(catalogue.villages.len()).unwrap_or(0);
    let crafts = crafts(&visit, &catalogue);
    let structured = seo::graph(vec![seo::organization(&visit)]);
    let head =
        Head::new(t::home::title(locale), t::home::description(locale)).structured(structured);
    let hold = app.settings.hold_minutes;
    let here = visit.clone();
    Ok(Page::new(head).shared().render(&visit, move || {
        view! {
            <section class="hero" aria-labelledby="hero-title">
                <img
                    class="hero-art"
                    src=assets::url("illustrations/hero.svg")
                    alt=""
                    width="1600"
                    height="700"
                    fetchpriority="high"
                />
                <div class="hero-body">
                    <div class="wrap">
                        <h1 class="hero-title" id="hero-title">{t::home::hero(locale)}</h1>
                        <p class="hero-text">{t::home::hero_text(locale)}</p>
                    </div>
                </div>
            </section>
            <div class="wrap hero-search">
                {search_bar(&here, &SearchForm::for_two(), today)}
                {quick_searches(&here, today)}
            </div>
            <section class="section" aria-labelledby="soon-title">
                <div class="wrap">
                    <div class="section-head">
                        <h2 id="soon-title">{title}</h2>
                        <a href=here.link("/tours")>
                            {t::home::all_tours(locale, i64::try_from(tours).unwrap_or(0))}
                        </a>
                    </div>
                    <ul class="grid">
                        {cards.into_iter().map(|card| card.view(locale, false)).collect_view()}
                    </ul>
                </div>
            </section>
            <div class="wrap">{events}</div>
            <section class="section section-sunk" aria-labelledby="craft-title">
                <div class="wrap">
                    <div class="section-head">
                        <h2 id="craft-title">{t::home::crafts(locale)}</h2>
                        <p>{t::home::crafts_text(locale)}</p>
                    </div>
                    <ul class="strip">{crafts}</ul>
                </div>
            </section>
            <section class="section" aria-labelledby="map-title">
                <div class="wrap">
                    <div class="callout">
                        <div class="callout-body">
                            <h2 id="map-title">{t::home::map_title(locale, villages)}</h2>
                            <p>{t::home::map_text(locale)}</p>
                            <a class="btn" href=here.link("/villages")>
                                {icon("map")}
                                {t::home::map_open(locale)}
                            </a>
                        </div>
                        {Picture::illustration("wood-2").view(true)}
                    </div>
                </div>
            </section>
            <section class="section section-tight" aria-labelledby="why-title">
                <div class="wrap">
                    <h2 class="visually-hidden" id="why-title">{t::home::how(locale)}</h2>
                    <ul class="promises">
                        <li>
                            {icon("clock")} <h3>{t::home::how_seats(locale)}</h3>
                            <p>{t::home::how_seats_text(locale, hold)}</p>
                        </li>
                        <li>
                            {icon("moved")} <h3>{t::home::how_change(locale)}</h3>
                            <p>{t::home::how_change_text(locale)}</p>
                        </li>
                        <li>
                            {icon("hand")} <h3>{t::home::how_pay(locale)}</h3>
                            <p>{t::home::how_pay_text(locale)}</p>
                        </li>
                    </ul>
                </div>
            </section>
        }
    }))
}

/// Saturday and Sunday of this week; on a Sunday only that day is left.
fn weekend(today: NaiveDate) -> (NaiveDate, NaiveDate) {
    match today.weekday() {
        Weekday::Sun => (today, today),
        day => {
            let saturday = today + TimeDelta::days(i64::from(5 - day.num_days_from_monday()));
            (saturday, saturday + TimeDelta::days(1))
        }
    }
}

/// A hit of each village before a second one of any.
fn varied<'a>(catalogue: &Catalogue, hits: &'a [Hit]) -> Vec<&'a Hit> {
    let mut seen = HashSet::new();
    let (mut first, second): (Vec<&Hit>, Vec<&Hit>) =
        hits.iter().filter(|hit| !hit.slots.is_empty()).partition(|hit| {
            catalogue.place(hit.tour).is_some_and(|(_, _, village)| seen.insert(village.id))
        });
    first.extend(second);
    first.truncate(CARDS);
    first
}

fn quick_searches(visit: &Visit, today: NaiveDate) -> impl IntoView + use<> {
    let locale = visit.locale;
    let (saturday, sunday) = weekend(today);
    let day = if saturday == sunday { t::home::sunday(locale) } else { t::home::saturday(locale) };
    let links = [
        (format!("date={saturday}"), "calendar", day),
        ("for_children=1".to_owned(), "child", t::search::for_children(locale)),
        ("rain_proof=1".to_owned(), "umbrella", t::search::rain_proof(locale)),
    ]
    .map(|(query, picture, words)| {
        let href = format!("{}?{query}", visit.link("/tours"));
        view! { <li><a class="chip" href=href>{icon(picture)}{words}</a></li> }
    });
    view! {
        <nav class="search-quick" aria-label=t::search::quick(locale)>
            <ul class="chips">{links}</ul>
        </nav>
    }
}

/// Crafts that have tours, with their number.
fn crafts(visit: &Visit, catalogue: &Catalogue) -> impl IntoView + use<> {
    let locale = visit.locale;
    let count = |craft: Craft| {
        let of_craft = |tour: &&engine::catalogue::Tour| {
            catalogue.place(tour.id).is_some_and(|(_, _, village)| village.craft == craft)
        };
        catalogue.published().filter(of_craft).count()
    };
    Craft::ALL
        .iter()
        .map(|craft| (*craft, count(*craft)))
        .filter(|(_, count)| *count > 0)
        .map(|(craft, count)| {
            let href = format!("{}?craft={craft}", visit.link("/tours"));
            let count = t::catalogue::tours_count(locale, i64::try_from(count).unwrap_or(0));
            view! {
                <li class="card card-small">
                    <div class="card-media">
                        {Picture::illustration(&of_craft(craft, 2)).view(true)}
                    </div>
                    <div class="card-body">
                        <h3 class="card-title">
                            <a class="card-link" href=href>{format::craft(locale, craft)}</a>
                        </h3>
                        <p class="card-text">{count}</p>
                    </div>
                </li>
            }
        })
        .collect_view()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weekend_is_this_weeks() {
        let on = |day| NaiveDate::from_ymd_opt(2026, 11, day).unwrap();
        assert_eq!(weekend(on(24)), (on(28), on(29)));
        assert_eq!(weekend(on(28)), (on(28), on(29)));
        assert_eq!(weekend(on(29)), (on(29), on(29)));
    }
}
