//! One event: when and where, what is unlike other days, and which tours can be had then.

use axum::extract::{Path, State};
use axum::response::Response;
use engine::catalogue::search::{Search, Sort, search};
use engine::clock::local_date;
use engine::coop::{self, Author};
use engine::event::{self, EventOpening};
use engine::schedule::DayRule;
use leptos::prelude::*;

use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;

use crate::t::event as te;
use crate::ui::card::TourCard;
use crate::ui::event::{effect, path};
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::picture::Picture;
use crate::ui::prose::{foreign, own_words, paragraphs};
use crate::ui::{day_rule, format, seo};

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let catalogue = app.catalogue().await?;
    let now = app.store.now();
    let today = local_date(now);
    let mut conn = app.store.read().await?;
    let found = event::by_slug(&mut conn, &slug).await?.filter(|event| event.published);
    let event = found.ok_or(PageError::NotFound)?;
    let village = catalogue.village(event.village_id).ok_or(PageError::NotFound)?.clone();
    let next = event.days.next(today);
    let coop = match event.author {
        Author::Office => None,
        Author::Coop(id) => coop::by_id(&mut conn, id).await?,
    };
    let houses: Vec<_> = event::concerned(&mut conn, &event)
        .await?
        .into_iter()
        .filter(|house| house.takes_part)
        .map(|house| house.workshop)
        .collect();
    let wish = Search {
        dates: next.map(|(from, to)| (from.max(today), to)),
        sort: Some(Sort::Soonest),
        ..Search::default()
    };
    let hits = match next {
        Some(_) => search(&mut conn, &catalogue, &wish, now).await?,
        None => Vec::new(),
    };
    drop(conn);
    let cards: Vec<TourCard> = hits
        .iter()
        .filter_map(|hit| Some((hit, catalogue.tour(hit.tour)?)))
        .filter(|(_, tour)| houses.contains(&tour.workshop_id))
        .map(|(hit, tour)| {
            let day = hit.slots.first().map(|found| format!("date={}", found.slot.local_date));
            let day = day.unwrap_or_default();
            let house = catalogue.workshop(tour.workshop_id).map(|house| house.name.clone());
            TourCard::new(&visit, &catalogue, tour, Some(hit), &day, false, today)
                .of_house(house.unwrap_or_default())
        })
        .collect();
    let name = event.name.text(locale).to_owned();
    let village_name = village.name.text(locale).to_owned();
    let crumbs =
        [("/events".to_owned(), te::title(locale).to_owned()), (path(&event), name.clone())];
    let mut nodes = vec![seo::breadcrumbs(&visit, &crumbs), seo::organization(&visit)];
    if let Some((from, to)) = next {
        nodes.extend(seo::event(&visit, &catalogue, &(event.clone(), from, to)));
    }
    let head =
        Head::new(format!("{name}, {village_name}"), seo::description(event.summary.text(locale)))
            .structured(seo::graph(nodes));
    let inner = visit.clone();
    Ok(Page::new(head).shared().render(&visit, move || {
        let visit = &inner;
        let fact = |name: &'static str, value: AnyView| {
            view! { <div><dt>{name}</dt><dd>{value}</dd></div> }
        };
        let when = next.map_or_else(
            || te::over(locale).to_owned(),
            |(from, to)| {
                let day = |date| format::sentence(&format::date(locale, date));
                if from == to {
                    day(from)
                } else {
                    locale.writing().stretch(day(from), format::date(locale, to))
                }
            },
        );
        let lunar = next.map(|(from, to)| {
            let first = format::lunar(locale, from);
            let words = if from == to {
                first
            } else {
                locale.writing().stretch(first, format::lunar(locale, to))
            };
            view! { <br/><span class="lunar">{words}</span> }
        });
        let again = (!matches!(event.days, DayRule::Dates { .. })).then(|| {
            fact(te::how_often(locale), day_rule::details(locale, &event.days, today).into_any())
        });
        let place = event.place.text(locale).to_owned();
        let place = (!place.is_empty()).then(|| fact(te::place(locale), place.into_any()));
        let host = coop.as_ref().map(|coop| {
            let href = visit.link(&crate::ui::coop::path(coop));
            fact(te::host(locale), view! { <a href=href>{coop.name.clone()}</a> }.into_any())
        });
        let lines: Vec<_> = effect(locale, event.effect)
            .into_iter()
            .map(|line| view! { <li>{line}</li> })
            .collect();
        let changes = (!lines.is_empty()).then(|| {
            view! {
                <section class="panel" aria-labelledby="changes-title">
                    <h2 class="panel-title" id="changes-title">{te::changes(locale)}</h2>
                    <ul class="stack-s">{lines}</ul>
                </section>
            }
        });
        let closed = event.effect.opening == EventOpening::Closed;
        let none = (cards.is_empty() && !closed)
            .then(|| view! { <p class="soft">{te::no_departures(locale)}</p> });
        let tours = (next.is_some() && !closed).then(|| {
            view! {
                <section class="section-tight" aria-labelledby="tours-title">
                    <div class="section-head"><h2 id="tours-title">{te::tours(locale)}</h2></div>
                    {none}
                    <ul class="grid">{cards.into_iter().map(|card| card.view(locale, false)).collect_view()}</ul>
                </section>
            }
        });
        let village_link = visit.link(&format!("/villages/{}", village.slug));
        let steps = vec![(visit.link("/events"), te::title(locale).to_owned())];
        let story = event.story.text(locale).to_owned();
        let story = (!story.is_empty()).then(|| {
            view! { <div class="prose" lang=foreign(&event.story, locale)>{paragraphs(&story)}</div> }
        });
        view! {
            <div class="wrap">
                {breadcrumb(locale, steps)}
                <div class="banner">{Picture::of_village(&village).view(false)}</div>
                <header class="page-head">
                    <p class="kicker">{village_name.clone()}</p>
                    <h1 lang=foreign(&event.name, locale)>{name.clone()}</h1>
                    <p class="lead" lang=foreign(&event.summary, locale)>{event.summary.text(locale).to_owned()}</p>
                    {own_words(locale, &[&event.summary, &event.story])}
                </header>
                <div class="split">
                    <div>{story}</div>
                    <aside class="stack-l">
                        <section class="panel" aria-labelledby="when-title">
                            <h2 class="panel-title" id="when-title">{te::when_where(locale)}</h2>
                            <dl class="pairs">
                                {fact(te::when(locale), view! { {when} {lunar} }.into_any())}
                                {again}
                                {place}
                                {fact(te::village(locale), view! { <a href=village_link>{village_name}</a> }.into_any())}
                                {host}
                            </dl>
                        </section>
                        {changes}
                    </aside>
                </div>
                {tours}
            </div>
        }
    }))
}
