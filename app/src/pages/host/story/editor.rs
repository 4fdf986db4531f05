//! Writing a chapter: its words, the steps of a process, the words of a glossary; with a preview.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::story::{
    Chapter, ChapterData, ChapterInput, ChapterKind, SaveChapter, StoryError, save_chapter,
};
use leptos::prelude::*;

use super::fields::fields;
use super::names::kind_words;
use super::rows::{as_form, blank, changed, input};
use super::seat::Seat;
use super::{Parts, of_story, own};
use crate::Locale;
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::fields::{enter_saves, problems};
use crate::pages::host::frame::see;
use crate::render::Page;
use crate::t::edit as te;
use crate::t::story as t;
use crate::ui::field::{ErrorSummary, Hidden};
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};

/// The empty form of a kind.
pub async fn new(visit: Visit, seat: Seat) -> Result<Response, PageError> {
    let kind = Form::of_query(&visit.query).text("kind").to_owned();
    let kind = ChapterKind::parse(&kind).unwrap_or(ChapterKind::History);
    Ok(answer(
        &visit,
        &seat,
        None,
        as_form(&blank(kind.word())),
        Problems::default(),
        StatusCode::OK,
    ))
}

pub async fn create(
    State(app): State<App>,
    visit: Visit,
    seat: Seat,
    form: Form,
) -> Result<Response, PageError> {
    save(&app, &visit, &seat, None, form).await
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    seat: Seat,
    Path(parts): Parts,
) -> Result<Response, PageError> {
    let chapter = own(&app, &seat, &parts).await?;
    let form = as_form(&ChapterInput::of(&chapter));
    Ok(answer(&visit, &seat, Some(chapter), form, Problems::default(), StatusCode::OK))
}

pub async fn change(
    State(app): State<App>,
    visit: Visit,
    seat: Seat,
    Path(parts): Parts,
    form: Form,
) -> Result<Response, PageError> {
    let chapter = own(&app, &seat, &parts).await?;
    save(&app, &visit, &seat, Some(chapter), form).await
}

/// Every button of the form comes here; only saving writes.
async fn save(
    app: &App,
    visit: &Visit,
    seat: &Seat,
    chapter: Option<Chapter>,
    form: Form,
) -> Result<Response, PageError> {
    if let Some(form) = changed(&form) {
        return Ok(answer(visit, seat, chapter, form, Problems::default(), StatusCode::OK));
    }
    let mut typed = input(&form);
    if let Some(chapter) = &chapter {
        // A chapter keeps its kind, whatever is sent.
        chapter.kind.word().clone_into(&mut typed.kind);
    }
    let data = match ChapterData::parse(&typed) {
        Ok(data) => data,
        Err(wrongs) => {
            let wrong = problems(visit.locale, wrongs);
            return Ok(answer(visit, seat, chapter, form, wrong, StatusCode::UNPROCESSABLE_ENTITY));
        }
    };
    let asked = form.text("do").strip_prefix("preview-").and_then(Locale::parse);
    if let Some(locale) = asked {
        let mut shown = chapter.unwrap_or_else(|| data.unsaved(seat.subject, app.store.now()));
        data.shown_on(&mut shown);
        return Box::pin(seat.preview(app, visit, locale, shown)).await;
    }
    let command = SaveChapter {
        actor: visit.actor.clone(),
        id: chapter.as_ref().map(|chapter| chapter.id),
        subject: seat.subject,
        data,
    };
    let saved =
        app.store.write("save chapter", command, |tx, c| Box::pin(save_chapter(tx, c))).await;
    match saved {
        Ok(id) => Ok(see(&format!("{}/{id}?done=saved", seat.base))),
        Err(StoryError::TooMany) => {
            let mut wrong = Problems::default();
            wrong.add("heading_vi", t::too_many_chapters(visit.locale));
            Ok(answer(visit, seat, chapter, form, wrong, StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(error) => Err(of_story(error)),
    }
}

fn answer(
    visit: &Visit,
    seat: &Seat,
    chapter: Option<Chapter>,
    form: Form,
    problems: Problems,
    status: StatusCode,
) -> Response {
    let locale = visit.locale;
    let kind = ChapterKind::parse(form.text("kind")).unwrap_or(ChapterKind::History);
    let title = match &chapter {
        Some(chapter) => chapter.heading.text(locale).to_owned(),
        None => t::new_chapter(locale, kind_words(locale, kind)),
    };
    let done = Form::of_query(&visit.query).text("done").to_owned();
    let (inner, seat) = (visit.clone(), seat.clone());
    Page::new(Head::host(title.clone())).status(status).render(visit, move || {
        let visit = &inner;
        let base = seat.base.clone();
        let action = chapter
            .as_ref()
            .map_or_else(|| format!("{base}/new"), |chapter| format!("{base}/{}", chapter.id));
        let news = match done.as_str() {
            "saved" => Some(t::done_saved(locale)),
            "publish" => Some(t::done_published(locale)),
            "withdraw" => Some(t::done_withdrawn(locale)),
            _ => None,
        };
        let news = news.map(|title| view! { <Notice tone=Tone::Good title/> });
        let state = chapter.as_ref().map(|chapter| state(locale, &seat, chapter));
        let remove = chapter.as_ref().map(|chapter| remove(locale, &seat, chapter));
        let body = view! {
            {seat.crumbs(visit)}
            <p><a href=base.clone()>{seat.title(locale)}</a></p>
            <h1>{title}</h1>
            <p class="kicker">{kind_words(locale, kind)}</p>
            {news} {state}
            <ErrorSummary locale problems=problems.clone()/>
            <form class="form" method="post" action=action novalidate>
                {enter_saves(locale)}
                <Hidden name="kind" value=kind.word()/>
                {fields(locale, &seat, chapter.as_ref(), &form, &problems)}
                {previews(locale)}
                <div class="save-bar">
                    <a class="btn btn-quiet" href=base.clone()>{te::leave(locale)}</a>
                    <button class="btn btn-primary" type="submit">{te::save(locale)}</button>
                </div>
            </form>
            {remove}
        };
        seat.frame(visit, body.into_any())
    })
}

/// The buttons that show the visitor's page with what was typed.
pub fn previews(locale: Locale) -> impl IntoView {
    let preview = |language: Locale| {
        let value = format!("preview-{language}");
        view! {
            <button class="btn btn-small" name="do" value=value formtarget="_blank">
                {icon("eye")}{language.native_name()}
            </button>
        }
    };
    view! {
        <div class="cluster">
            <span class="soft">{te::preview(locale)}</span>
            {Locale::WRITTEN.map(preview).collect_view()}
        </div>
    }
}

/// Whether guests see it, its pictures, and the button that changes that.
fn state(locale: Locale, seat: &Seat, chapter: &Chapter) -> impl IntoView + use<> {
    let (words, tone, act, button, class) = if chapter.published {
        (t::published(locale), "celadon", "withdraw", t::withdraw(locale), "btn btn-small")
    } else {
        (t::draft(locale), "silk", "publish", t::publish(locale), "btn btn-small btn-primary")
    };
    let pictures = format!("{}/{}/pictures", seat.base, chapter.id);
    let count = i64::try_from(chapter.pictures.len()).unwrap_or(i64::MAX);
    view! {
        <form class="actions" method="post" action=seat.base.clone()>
            <span class="badge" data-tone=tone>{words}</span>
            <Hidden name="chapter" value=chapter.id.to_string()/>
            <Hidden name="editor" value="1"/>
            <button class=class name="act" value=act>{button}</button>
            <a class="btn btn-small" href=pictures>{icon("camera")}{t::pictures_count(locale, count)}</a>
        </form>
    }
}

/// Deleting takes two steps.
fn remove(locale: Locale, seat: &Seat, chapter: &Chapter) -> impl IntoView + use<> {
    view! {
        <details class="danger-zone">
            <summary class="btn btn-quiet">{t::delete(locale)}</summary>
            <form class="stack-s" method="post" action=seat.base.clone()>
                <p>{t::delete_chapter_text(locale)}</p>
                <Hidden name="chapter" value=chapter.id.to_string()/>
                <div class="actions">
                    <button class="btn btn-danger" name="act" value="delete">{t::delete_for_good(locale)}</button>
                </div>
            </form>
        </details>
    }
}
