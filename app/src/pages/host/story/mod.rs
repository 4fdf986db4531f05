//! Chapters as their writers see them: those of a workshop, of its artisans, and of the village for
//! who manages its co-op; in the office those of any village.

pub mod editor;
mod fields;
pub mod names;
pub mod pictures;
mod rows;
pub mod seat;

use std::collections::HashMap;
use std::hash::BuildHasher;

use axum::extract::{Path, State};
use axum::response::Response;
use engine::ChapterId;
use engine::story::{
    self, Chapter, ChapterChange, ChapterKind, OnChapter, StoryError, change_chapter,
};
use leptos::prelude::*;

use self::names::kind_words;
use self::seat::Seat;
use super::frame::see;
use crate::api::form::Form;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t::story as t;
use crate::ui::field::Hidden;
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};

/// The parts of an address, by name.
pub type Parts = Path<HashMap<String, String>>;

/// What is none of the actor's is not found.
pub fn of_story(error: StoryError) -> PageError {
    match error {
        StoryError::Store(error) => error.into(),
        StoryError::TooMany | StoryError::NoConsent | StoryError::Photo(_) => PageError::Invalid,
        StoryError::Forbidden(_) | StoryError::Unknown => PageError::NotFound,
    }
}

/// The chapter of the address, which must be the seat's: another's is not found.
pub async fn own<S: BuildHasher + Sync>(
    app: &App,
    seat: &Seat,
    parts: &HashMap<String, String, S>,
) -> Result<Chapter, PageError> {
    let id = parts.get("chapter").and_then(|id| id.parse().ok()).ok_or(PageError::NotFound)?;
    find(app, seat, id).await
}

async fn find(app: &App, seat: &Seat, id: ChapterId) -> Result<Chapter, PageError> {
    let found = story::chapter_by_id(&mut app.store.read().await?, id).await?;
    found.filter(|it| it.subject() == Some(seat.subject)).ok_or(PageError::NotFound)
}

pub async fn page(State(app): State<App>, visit: Visit, seat: Seat) -> Result<Response, PageError> {
    let mut conn = app.store.read().await?;
    let chapters = story::chapters(&mut conn, seat.subject, story::Seen::ByHosts).await?;
    drop(conn);
    let locale = visit.locale;
    let done = Form::of_query(&visit.query).text("done").to_owned();
    let title = seat.title(locale);
    let inner = visit.clone();
    Ok(Page::new(Head::host(title.clone())).render(&visit, move || {
        let visit = &inner;
        let news = match done.as_str() {
            "publish" => Some(t::done_published(locale)),
            "withdraw" => Some(t::done_withdrawn(locale)),
            "delete" => Some(t::done_deleted(locale)),
            _ => None,
        };
        let news = news.map(|title| view! { <Notice tone=Tone::Good title/> });
        let none = chapters
            .is_empty()
            .then(|| view! { <p class="soft">{t::no_chapters(locale)}</p> });
        let count = chapters.len();
        let items: Vec<_> = chapters
            .iter()
            .enumerate()
            .map(|(at, chapter)| line(visit, &seat, chapter, (at, count)))
            .collect();
        let kinds: Vec<_> = ChapterKind::ALL
            .iter()
            .map(|kind| {
                let href = format!("{}/new?kind={kind}", seat.base);
                view! {
                    <li><a class="btn btn-small" href=href>{icon("plus")}{kind_words(locale, *kind)}</a></li>
                }
            })
            .collect();
        let body = view! {
            {seat.crumbs(visit)}
            <h1>{title}</h1>
            <p class="lead">{t::host_lead(locale)}</p>
            {news} {none}
            <ol class="entry-list">{items}</ol>
            <section class="panel stack" aria-labelledby="add-title">
                <h2 class="panel-title" id="add-title">{t::add_chapter(locale)}</h2>
                <ul class="cluster">{kinds}</ul>
            </section>
            {seat.others(visit)}
        };
        seat.frame(visit, body.into_any())
    }))
}

fn line(
    visit: &Visit,
    seat: &Seat,
    chapter: &Chapter,
    (at, count): (usize, usize),
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let (state, tone) = if chapter.published {
        (t::published(locale), "celadon")
    } else {
        (t::draft(locale), "silk")
    };
    let heading = chapter.heading.text(locale).to_owned();
    let move_to = |may: bool, act: &'static str, sign: &'static str, label: String| {
        may.then(|| {
            view! {
                <button class="btn btn-small btn-icon" name="act" value=act aria-label=label>{icon(sign)}</button>
            }
        })
    };
    let (act, words) = if chapter.published {
        ("withdraw", t::withdraw(locale))
    } else {
        ("publish", t::publish(locale))
    };
    let untold = (!chapter.heading.is_translated(crate::Locale::En)
        || !chapter.body.vi.is_empty() && !chapter.body.is_translated(crate::Locale::En))
    .then(|| view! { " " <span class="badge">{t::vietnamese_only(locale)}</span> });
    view! {
        <li class="entry">
            <div>
                <h2 class="entry-title"><a href=format!("{}/{}", seat.base, chapter.id)>{heading.clone()}</a></h2>
                <p class="entry-text">
                    {kind_words(locale, chapter.kind)} " "
                    <span class="badge" data-tone=tone>{state}</span> {untold}
                </p>
            </div>
            <form class="actions" method="post" action=seat.base.clone()>
                <Hidden name="chapter" value=chapter.id.to_string()/>
                <button class="btn btn-small" name="act" value=act>
                    {words}<span class="visually-hidden">": "{heading.clone()}</span>
                </button>
                {move_to(at > 0, "earlier", "chevron-up", t::move_up(locale, &heading))}
                {move_to(at + 1 < count, "later", "chevron-down", t::move_down(locale, &heading))}
            </form>
        </li>
    }
}

/// Publishes, withdraws, moves or deletes a chapter; `act` says which.
pub async fn act(
    State(app): State<App>,
    visit: Visit,
    seat: Seat,
    form: Form,
) -> Result<Response, PageError> {
    let id: ChapterId = form.text("chapter").parse().map_err(|_| PageError::NotFound)?;
    let chapter = find(&app, &seat, id).await?;
    let act = form.text("act");
    let change = match act {
        "publish" => ChapterChange::Publish,
        "withdraw" => ChapterChange::Withdraw,
        "earlier" => ChapterChange::Earlier,
        "later" => ChapterChange::Later,
        "delete" => ChapterChange::Delete,
        _ => return Err(PageError::Invalid),
    };
    let command = OnChapter { actor: visit.actor.clone(), chapter: chapter.id, change };
    let done = app.store.write("chapter", command, |tx, c| Box::pin(change_chapter(tx, c))).await;
    done.map_err(of_story)?;
    let from_editor = form.has("editor") && change != ChapterChange::Delete;
    let back = if from_editor { format!("{}/{id}", seat.base) } else { seat.base.clone() };
    Ok(see(&format!("{back}?done={act}")))
}
