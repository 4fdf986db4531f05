//! Events that concern a workshop: it takes part or stays out. Managers of a co-op write their own.

pub mod editor;
mod preview;

use axum::extract::{Path, State};
use axum::response::Response;
use engine::EventId;
use engine::clock::local_date;
use engine::coop::Author;
use engine::event::{self, Event, EventError, StayOut, stay_out};
use leptos::prelude::*;

use self::editor::Seat;
use super::coop::may_manage;
use super::frame::{Desk, Tab, at, frame, see};
use crate::api::form::Form;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t::event as t;
use crate::ui::day_rule;
use crate::ui::event::{effect, path};
use crate::ui::field::Hidden;
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};

type At = Path<(String, String)>;
type AtEvent = Path<(String, String, String)>;

/// What is none of the actor's is not found.
pub fn of_event(error: EventError) -> PageError {
    match error {
        EventError::Store(error) => error.into(),
        EventError::Fields(_) => PageError::Invalid,
        EventError::Forbidden(_) | EventError::Unknown => PageError::NotFound,
    }
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let mut conn = app.store.read().await?;
    let coop = may_manage(&mut conn, &visit, &desk).await?;
    let today = local_date(app.store.now());
    let mut events = event::of_workshop(&mut conn, desk.id()).await?;
    events.retain(|event| event.days.next(today).is_some());
    events.sort_by_key(|event| event.days.next(today));
    let out = event::stays_out(&mut conn, desk.id()).await?;
    let ours = match &coop {
        Some(coop) => event::of_author(&mut conn, Author::Coop(coop.id)).await?,
        None => Vec::new(),
    };
    drop(conn);
    let locale = visit.locale;
    let shop = desk.workshop()?.clone();
    let done = Form::of_query(&visit.query).text("done").to_owned();
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::host_title(locale))).render(&visit, move || {
        let visit = &inner;
        let here = at(visit, &shop, "/events");
        let news = match done.as_str() {
            "out" => Some(t::done_out(locale)),
            "in" => Some(t::done_in(locale)),
            _ => None,
        };
        let news = news.map(|title| view! { <Notice tone=Tone::Good title/> });
        let none = events.is_empty().then(|| view! { <p class="soft">{t::host_none(locale)}</p> });
        let items: Vec<_> = events
            .iter()
            .map(|event| one(visit, event, out.contains(&event.id), &here, today))
            .collect();
        let own = coop.is_some().then(|| {
            let none =
                ours.is_empty().then(|| view! { <p class="soft">{t::no_events(locale)}</p> });
            view! {
                <section class="stack" aria-labelledby="ours">
                    <h2 id="ours">{t::ours(locale)}</h2>
                    {none}
                    {lines(visit, &ours, &here, today)}
                    <div class="actions">
                        <a class="btn" href=format!("{here}/new")>{icon("plus")}{t::add(locale)}</a>
                    </div>
                </section>
            }
        });
        let body = view! {
            <h1>{t::host_title(locale)}</h1>
            <p class="lead">{t::host_lead(locale)}</p>
            {news} {none}
            <ul class="entry-list">{items}</ul>
            {own}
        };
        frame(visit, Some(&shop), Tab::More, body)
    }))
}

/// An event that concerns the workshop, with the way out of it or back.
fn one(
    visit: &Visit,
    event: &Event,
    out: bool,
    here: &str,
    today: chrono::NaiveDate,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let words = day_rule::in_full(locale, &event.days, today);
    let lines: Vec<_> =
        effect(locale, event.effect).into_iter().map(|line| view! { <li>{line}</li> }).collect();
    // Where nothing is unlike other days there is nothing to stay out of.
    let choice = (!lines.is_empty()).then(|| {
        let (act, button) =
            if out { ("in", t::take_part(locale)) } else { ("out", t::stay_out(locale)) };
        let (state, tone) =
            if out { (t::stays_out(locale), "silk") } else { (t::takes_part(locale), "celadon") };
        view! {
            <form class="actions" method="post" action=here.to_owned()>
                <span class="badge" data-tone=tone>{state}</span>
                <Hidden name="event" value=event.id.to_string()/>
                <button class="btn btn-small" type="submit" name="act" value=act>{button}</button>
            </form>
        }
    });
    let href = visit.link(&path(event));
    view! {
        <li class="entry">
            <div class="stack-s">
                <h2 class="entry-title"><a href=href>{event.name.text(locale).to_owned()}</a></h2>
                <p class="entry-text">{words}</p>
                <ul class="plain-list">{lines}</ul>
                {choice}
            </div>
        </li>
    }
}

/// Events as their writers list them.
pub fn lines(
    visit: &Visit,
    events: &[Event],
    base: &str,
    today: chrono::NaiveDate,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let items: Vec<_> = events
        .iter()
        .map(|event| {
            let (state, tone) = if event.published {
                (t::published(locale), "celadon")
            } else {
                (t::draft(locale), "silk")
            };
            let days = day_rule::in_full(locale, &event.days, today);
            let href = format!("{base}/{}", event.id);
            view! {
                <li class="entry">
                    <div>
                        <h3 class="entry-title"><a href=href>{event.name.text(locale).to_owned()}</a></h3>
                        <p class="entry-text">
                            {days} " "
                            <span class="badge" data-tone=tone>{state}</span>
                        </p>
                    </div>
                </li>
            }
        })
        .collect();
    view! { <ul class="entry-list">{items}</ul> }
}

/// The workshop stays out of an event, or takes part again.
pub async fn act(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
    form: Form,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let event: EventId = form.text("event").parse().map_err(|_| PageError::NotFound)?;
    let out = match form.text("act") {
        "out" => true,
        "in" => false,
        _ => return Err(PageError::Invalid),
    };
    let command = StayOut {
        catalogue: app.catalogue().await?,
        actor: visit.actor.clone(),
        event,
        workshop: desk.id(),
        out,
    };
    let done = app.store.write("stay out", command, |tx, c| Box::pin(stay_out(tx, c))).await;
    done.map_err(of_event)?;
    let news = if out { "out" } else { "in" };
    Ok(see(&format!("{}?done={news}", at(&visit, desk.workshop()?, "/events"))))
}

/// The seat of a co-op's manager, at one of its workshops.
async fn seat(app: &App, visit: &Visit, slug: &str) -> Result<(Seat, Author), PageError> {
    let desk = Desk::open_as_owner(app, visit, slug).await?;
    let coop = may_manage(&mut app.store.read().await?, visit, &desk).await?;
    let coop = coop.ok_or(PageError::NotFound)?;
    let shop = desk.workshop()?.clone();
    Ok((Seat::Workshop(Box::new(shop), coop.village_id), Author::Coop(coop.id)))
}

/// The co-op's own event; another's is not found.
async fn own(app: &App, author: Author, id: &str) -> Result<Event, PageError> {
    let id: EventId = id.parse().map_err(|_| PageError::NotFound)?;
    let event = event::by_id(&mut app.store.read().await?, id).await?;
    event.filter(|event| event.author == author).ok_or(PageError::NotFound)
}

pub async fn new(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let (seat, _) = seat(&app, &visit, &slug).await?;
    editor::blank(&app, &visit, &seat).await
}

pub async fn create(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
    form: Form,
) -> Result<Response, PageError> {
    let (seat, author) = seat(&app, &visit, &slug).await?;
    editor::save(&app, &visit, &seat, author, None, form).await
}

pub async fn edit(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id)): AtEvent,
) -> Result<Response, PageError> {
    let (seat, author) = seat(&app, &visit, &slug).await?;
    let event = own(&app, author, &id).await?;
    editor::page(&app, &visit, &seat, event).await
}

pub async fn change(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id)): AtEvent,
    form: Form,
) -> Result<Response, PageError> {
    let (seat, author) = seat(&app, &visit, &slug).await?;
    let event = own(&app, author, &id).await?;
    editor::act(&app, &visit, &seat, event, form).await
}
