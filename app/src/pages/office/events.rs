//! The office's events, which concern all workshops of a village; and what the co-ops announced.

use axum::extract::{Path, State};
use axum::response::Response;
use engine::EventId;
use engine::clock::local_date;
use engine::coop::Author;
use engine::event::{self, Event};
use leptos::prelude::*;

use super::frame::{Part, admitted, frame};
use crate::api::form::Form;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::events::editor::{self, Seat};
use crate::pages::host::events::lines;
use crate::render::Page;
use crate::t::event as t;
use crate::ui::icon::icon;
use crate::ui::layout::Head;

pub async fn page(State(app): State<App>, visit: Visit) -> Result<Response, PageError> {
    admitted(&visit)?;
    let today = local_date(app.store.now());
    let mut conn = app.store.read().await?;
    let ours = event::of_author(&mut conn, Author::Office).await?;
    let coming = event::upcoming(&mut conn, today, event::YEAR).await?;
    drop(conn);
    let theirs: Vec<Event> = coming
        .into_iter()
        .map(|(event, ..)| event)
        .filter(|it| it.author != Author::Office)
        .collect();
    let locale = visit.locale;
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::office_title(locale))).render(&visit, move || {
        let visit = &inner;
        let base = visit.link("/office/events");
        let none = ours.is_empty().then(|| view! { <p class="soft">{t::no_events(locale)}</p> });
        let by_coops = (!theirs.is_empty()).then(|| {
            view! {
                <section class="stack" aria-labelledby="theirs">
                    <h2 id="theirs">{t::by_coops(locale)}</h2>
                    {lines(visit, &theirs, &base, today)}
                </section>
            }
        });
        let body = view! {
            <h1>{t::office_title(locale)}</h1>
            <p class="lead">{t::office_lead(locale)}</p>
            {none}
            {lines(visit, &ours, &base, today)}
            <div class="actions">
                <a class="btn btn-primary" href=format!("{base}/new")>{icon("plus")}{t::add(locale)}</a>
            </div>
            {by_coops}
        };
        frame(visit, Part::Events, body)
    }))
}

async fn found(app: &App, id: &str) -> Result<Event, PageError> {
    let id: EventId = id.parse().map_err(|_| PageError::NotFound)?;
    event::by_id(&mut app.store.read().await?, id).await?.ok_or(PageError::NotFound)
}

pub async fn new(State(app): State<App>, visit: Visit) -> Result<Response, PageError> {
    admitted(&visit)?;
    editor::blank(&app, &visit, &Seat::Office).await
}

pub async fn create(
    State(app): State<App>,
    visit: Visit,
    form: Form,
) -> Result<Response, PageError> {
    admitted(&visit)?;
    editor::save(&app, &visit, &Seat::Office, Author::Office, None, form).await
}

pub async fn edit(
    State(app): State<App>,
    visit: Visit,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, PageError> {
    admitted(&visit)?;
    let event = found(&app, &id).await?;
    editor::page(&app, &visit, &Seat::Office, event).await
}

pub async fn change(
    State(app): State<App>,
    visit: Visit,
    Path((_, id)): Path<(String, String)>,
    form: Form,
) -> Result<Response, PageError> {
    admitted(&visit)?;
    let event = found(&app, &id).await?;
    editor::act(&app, &visit, &Seat::Office, event, form).await
}
