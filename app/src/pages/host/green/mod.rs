//! Green measures of a workshop and its tours: what is told so far, and where the next figure is entered.

pub mod one;

use axum::extract::{Path, State};
use axum::response::Response;
use engine::catalogue::Tour;
use engine::clock::local_date;
use engine::green::{
    self, Entry, FRESH_MONTHS, GreenError, Measure, SHOWN_MONTHS, Standing, newest, standing,
};
use engine::{Locale, TourId};
use leptos::prelude::*;

use super::frame::{Desk, Tab, at, frame};
use crate::api::form::Form;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t::green as t;
use crate::ui::format;
use crate::ui::green as ui;
use crate::ui::layout::Head;

/// What is left of an error where nothing was typed.
fn refused(error: GreenError) -> PageError {
    match error {
        GreenError::Store(error) => error.into(),
        GreenError::Forbidden(_) | GreenError::Unknown | GreenError::Fields(_) => {
            PageError::NotFound
        }
    }
}

/// The tour that is meant, by its address; none where the whole workshop is.
fn tour_of<'a>(desk: &'a Desk, slug: &str) -> Result<Option<&'a Tour>, PageError> {
    if slug.is_empty() {
        return Ok(None);
    }
    let mut tours = desk.catalogue.all_tours_of(desk.id());
    tours.find(|tour| tour.slug == slug).map(Some).ok_or(PageError::NotFound)
}

/// "?tour=…", or nothing: what an address says of whom a figure is.
fn of_query(tour: Option<&Tour>) -> String {
    tour.map(|tour| format!("?tour={}", tour.slug)).unwrap_or_default()
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let locale = visit.locale;
    let query = Form::of_query(&visit.query);
    let tour = tour_of(&desk, query.text("tour"))?;
    let (of, today) = (tour.map(|tour| tour.id), local_date(app.store.now()));
    let mut conn = app.store.read().await?;
    let entries = green::overview(&mut conn, &visit.actor, desk.id(), of).await.map_err(refused)?;
    drop(conn);
    let shop = desk.workshop()?.clone();
    let base = at(&visit, &shop, "/green");
    let scopes = scopes(locale, &desk, &base, of);
    let lines = Measure::ALL
        .iter()
        .filter(|measure| of.is_none() || measure.of_tours())
        .map(|measure| {
            let href = format!("{base}/{measure}{}", of_query(tour));
            let last = newest(entries.iter().filter(|entry| entry.measure == *measure));
            let about = match last {
                Some(entry) => last_of(locale, entry, standing(entry.period.last(), today)),
                None => view! { <p class="entry-text">{t::none_yet(locale)}</p> }.into_any(),
            };
            view! {
                <li class="entry">
                    <div>
                        <h2 class="entry-title">
                            <a class="card-link" href=href>{ui::name(*measure)(locale)}</a>
                        </h2>
                        {about}
                    </div>
                </li>
            }
        })
        .collect_view();
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::title(locale))).render(&visit, move || {
        let body = view! {
            <h1>{t::title(locale)}</h1>
            <p class="lead">{t::host_lead(locale)}</p>
            <p class="small soft">{t::host_rule(locale, FRESH_MONTHS, SHOWN_MONTHS)}</p>
            {scopes}
            <ul class="entry-list">{lines}</ul>
        };
        frame(&inner, Some(&shop), Tab::More, body)
    }))
}

/// The workshop and its tours, of which one is looked at.
fn scopes(locale: Locale, desk: &Desk, base: &str, here: Option<TourId>) -> impl IntoView + use<> {
    let whole = here.is_none().then_some("page");
    let tours = desk
        .catalogue
        .all_tours_of(desk.id())
        .map(|tour| {
            let href = format!("{base}{}", of_query(Some(tour)));
            let current = (here == Some(tour.id)).then_some("page");
            let title = crate::ui::prose::own(&tour.title, locale);
            view! { <li><a href=href aria-current=current>{title}</a></li> }
        })
        .collect_view();
    view! {
        <nav class="subnav" aria-label=t::scopes(locale)>
            <ul>
                <li><a href=base.to_owned() aria-current=whole>{t::whole(locale)}</a></li>
                {tours}
            </ul>
        </nav>
    }
}

/// The value that counts, with its period and whether guests still see it.
fn last_of(locale: Locale, entry: &Entry, standing: Standing) -> AnyView {
    let facts = [
        ui::value(locale, entry),
        ui::period(locale, entry.period),
        ui::known(locale, entry.known).to_owned(),
    ];
    let aged = aged(locale, standing)
        .map(|words| view! { <p class="entry-text"><strong>{words}</strong></p> });
    view! { <p class="entry-text">{facts.join(" · ")}</p> {aged} }.into_any()
}

/// What guests are told of a figure's age, or that they don't see it.
fn aged(locale: Locale, standing: Standing) -> Option<String> {
    match standing {
        Standing::Fresh => None,
        Standing::NotRenewed => Some(t::not_renewed(locale).to_owned()),
        Standing::Past => Some(format::sentence(t::past(locale))),
    }
}
