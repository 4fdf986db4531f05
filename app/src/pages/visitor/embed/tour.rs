//! One tour in a frame: the month with places left, the departures of a day, the way to book.

use axum::extract::{Path, State};
use axum::response::Response;
use leptos::prelude::*;

use super::{Framed, Kind, Subject, address, gone, to_the_site};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::visitor::picker::{Choice, Picker};
use crate::pages::visitor::runs::Runs;
use crate::render::Page;
use crate::t;
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::Head;

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let catalogue = app.catalogue().await?;
    let found = catalogue.tour_by_slug(&slug).filter(|tour| tour.published);
    let Some((tour, workshop, _)) = found.and_then(|tour| catalogue.place(tour.id)) else {
        return Ok(gone(&visit));
    };
    let (tour, house) = (tour.clone(), workshop.name.clone());
    let now = app.store.now();
    let framed = Framed::of(&visit.query);
    let choice = Choice::framed(&visit.query, framed.clone());
    let hold = app.settings.hold_minutes;
    let mut conn = app.store.read().await?;
    let runs = Runs::load(&mut conn, &tour, now).await?.map(Runs::framed);
    let picker = if runs.is_none() {
        Picker::load(&mut conn, &catalogue, &tour, &choice, now, hold).await?
    } else {
        None
    };
    drop(conn);
    let title = tour.title.text(locale).to_owned();
    let page = Subject::new(Kind::Tour, tour.slug.clone()).page();
    let head = Head::embed(t::embed::calendar(locale, &title), page.clone(), framed.look);
    let inner = visit.clone();
    Ok(Page::new(head).shared().render(&visit, move || {
        let back = framed.list.as_ref().map(|list| {
            let look = Framed { list: None, ..framed.clone() };
            let href = address(&inner, &list.frame(), &look);
            view! { <p><a href=href>{icon("arrow-left")} " " {t::embed::all(locale)}</a></p> }
        });
        let facts = [
            tour.duration_range().map(|range| format::duration_range(locale, range)),
            tour.price_from().map(|price| format::price_from(locale, price)),
        ];
        let facts: Vec<String> = facts.into_iter().flatten().collect();
        let none = (picker.is_none() && runs.is_none())
            .then(|| view! { <p class="soft">{t::tour::none(locale)}</p> });
        let calendar = picker.map(|picker| picker.in_frame(&inner));
        let runs = runs.map(|runs| runs.view(&inner, &tour, now));
        view! {
            <header class="embed-head">
                {back}
                <p class="card-kicker">{house}</p>
                <h1 class="embed-title">{title}</h1>
                <p class="soft small">{facts.join(" · ")}</p>
            </header>
            {calendar} {runs} {none}
            {to_the_site(&inner, &page)}
        }
    }))
}
