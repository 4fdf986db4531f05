//! Pictures of a chapter: added, described, put in order.

use std::sync::Arc;

use axum::extract::multipart::Multipart;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::catalogue::photos::{MAX_BYTES, prepare_aside};
use engine::story::{
    AddPicture, Chapter, MAX_PICTURES, OnPicture, PictureChange, PictureOf, StoryError,
    StoryPicture, add_picture, change_picture,
};
use leptos::prelude::*;

use super::seat::Seat;
use super::{Parts, of_story, own};
use crate::Locale;
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::fields::{Look, in_both, texts};
use crate::pages::host::frame::see;
use crate::pages::host::photos::{broken, megabytes, of_photo, read};
use crate::render::Page;
use crate::t::edit as te;
use crate::t::story as t;
use crate::ui::field::ErrorSummary;
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};
use crate::ui::story::picture_path;

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    seat: Seat,
    Path(parts): Parts,
) -> Result<Response, PageError> {
    let chapter = own(&app, &seat, &parts).await?;
    Ok(answer(&visit, &seat, chapter, Problems::default(), None))
}

/// Takes the files one after another; what is wrong with one does not lose the others.
pub async fn add(
    State(app): State<App>,
    visit: Visit,
    seat: Seat,
    Path(parts): Parts,
    upload: Multipart,
) -> Result<Response, PageError> {
    let chapter = own(&app, &seat, &parts).await?;
    let of = PictureOf::Chapter(chapter.id);
    let (added, problems) = take(&app, &visit, of, upload).await?;
    if problems.is_empty() {
        return Ok(see(&format!("{}?added={added}", address(&seat, &chapter))));
    }
    // As it is now: some of the files may be kept.
    let chapter = own(&app, &seat, &parts).await?;
    Ok(answer(&visit, &seat, chapter, problems, None))
}

/// The files of an upload: how many were kept, and what is wrong with the others.
pub async fn take(
    app: &App,
    visit: &Visit,
    of: PictureOf,
    mut upload: Multipart,
) -> Result<(i64, Problems), PageError> {
    let locale = visit.locale;
    let mut problems = Problems::default();
    let (mut added, mut files) = (0, 0);
    loop {
        let field = match upload.next_field().await {
            Ok(Some(field)) => field,
            Ok(None) => break,
            Err(error) => {
                problems.add("photo", broken(locale, &error));
                break;
            }
        };
        if field.name() != Some("photo") {
            continue;
        }
        let name = field.file_name().unwrap_or_default().to_owned();
        let bytes = match read(field).await {
            Ok(bytes) => bytes,
            Err(error) => {
                problems.add("photo", broken(locale, &error));
                break;
            }
        };
        // What a browser sends when no file was chosen.
        if name.is_empty() && bytes.is_empty() {
            continue;
        }
        files += 1;
        match keep(app, visit, of, bytes).await {
            Ok(()) => added += 1,
            Err(error) => {
                let why = trouble(locale, error)?;
                let name: String = name.chars().take(80).collect();
                problems.add("photo", format!("{name}: {why}"));
            }
        }
    }
    if files == 0 && problems.is_empty() {
        problems.add("photo", te::no_file(locale));
    }
    Ok((added, problems))
}

async fn keep(app: &App, visit: &Visit, of: PictureOf, bytes: Vec<u8>) -> Result<(), StoryError> {
    let photo = Arc::new(prepare_aside(bytes).await?);
    let command = AddPicture { actor: visit.actor.clone(), of, photo };
    app.store.write("add picture", command, |tx, c| Box::pin(add_picture(tx, c))).await.map(drop)
}

/// Why a picture was not taken.
fn trouble(locale: Locale, error: StoryError) -> Result<String, PageError> {
    match error {
        StoryError::Photo(error) => of_photo(locale, error),
        StoryError::TooMany => {
            let most = i64::try_from(MAX_PICTURES).unwrap_or(i64::MAX);
            Ok(t::pictures_enough(locale, most))
        }
        error => Err(of_story(error)),
    }
}

/// One picture: described, moved or deleted; `do` says which.
pub async fn change(
    State(app): State<App>,
    visit: Visit,
    seat: Seat,
    Path(parts): Parts,
    form: Form,
) -> Result<Response, PageError> {
    let chapter = own(&app, &seat, &parts).await?;
    let id = parts.get("picture").and_then(|id| id.parse().ok()).ok_or(PageError::NotFound)?;
    chapter.picture(id).ok_or(PageError::NotFound)?;
    let change = match form.text("do") {
        "" => PictureChange::Describe {
            alt: texts(&form, &format!("alt-{id}")),
            caption: texts(&form, &format!("caption-{id}")),
        },
        "earlier" => PictureChange::Earlier,
        "later" => PictureChange::Later,
        "delete" => PictureChange::Delete,
        _ => return Err(PageError::NotFound),
    };
    let described = matches!(change, PictureChange::Describe { .. });
    let command = OnPicture { actor: visit.actor.clone(), picture: id, change };
    let done = app.store.write("picture", command, |tx, c| Box::pin(change_picture(tx, c))).await;
    match done {
        Ok(()) => {
            let saved = if described { "?saved=1" } else { "" };
            Ok(see(&format!("{}{saved}", address(&seat, &chapter))))
        }
        Err(error) => {
            let mut problems = Problems::default();
            problems.add(format!("alt-{id}_vi"), trouble(visit.locale, error)?);
            Ok(answer(&visit, &seat, chapter, problems, Some(&form)))
        }
    }
}

fn address(seat: &Seat, chapter: &Chapter) -> String {
    format!("{}/{}/pictures", seat.base, chapter.id)
}

fn answer(
    visit: &Visit,
    seat: &Seat,
    chapter: Chapter,
    problems: Problems,
    typed: Option<&Form>,
) -> Response {
    let locale = visit.locale;
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let heading = chapter.heading.text(locale).to_owned();
    let title = t::pictures_of(locale, &heading);
    let (inner, seat, typed) = (visit.clone(), seat.clone(), typed.cloned());
    Page::new(Head::host(title.clone())).status(status).render(visit, move || {
        let visit = &inner;
        let query = Form::of_query(&visit.query);
        let added = query.text("added").parse::<i64>().ok().filter(|_| problems.is_empty());
        let added = added.map(|added| {
            view! {
                <Notice tone=Tone::Good title=te::photos_added(locale, added)>
                    <p>{te::describe_them(locale)}</p>
                </Notice>
            }
        });
        let saved =
            query.has("saved").then(|| view! { <Notice tone=Tone::Good title=te::saved(locale)/> });
        let count = chapter.pictures.len();
        let items: Vec<_> = chapter
            .pictures
            .iter()
            .enumerate()
            .map(|(at, picture)| {
                one(
                    locale,
                    &address(&seat, &chapter),
                    picture,
                    (at, count),
                    typed.as_ref(),
                    &problems,
                )
            })
            .collect();
        let none = chapter
            .pictures
            .is_empty()
            .then(|| view! { <p class="soft">{t::no_pictures(locale)}</p> });
        let back = format!("{}/{}", seat.base, chapter.id);
        let body = view! {
            {seat.crumbs(visit)}
            <p><a href=back>{heading}</a></p>
            <h1>{title}</h1>
            <p>{t::pictures_lead(locale)}</p>
            {added} {saved}
            <ErrorSummary locale problems=problems.clone()/>
            {drop_zone(locale, address(&seat, &chapter), true)}
            {none}
            <ol class="photos">{items}</ol>
        };
        seat.frame(visit, body.into_any())
    })
}

/// Where files are chosen.
pub fn drop_zone(locale: Locale, action: String, multiple: bool) -> impl IntoView {
    view! {
        <form class="drop" method="post" action=action enctype="multipart/form-data">
            {icon("camera")}
            <label class="field-label" for="photo">{te::add_photos(locale)}</label>
            <p class="field-hint" id="photo-hint">{te::photo_hint(locale, megabytes(MAX_BYTES))}</p>
            <input class="input" id="photo" name="photo" type="file" multiple=multiple required
                accept="image/jpeg,image/png,image/webp" aria-describedby="photo-hint"/>
            <button class="btn btn-primary">{te::upload(locale)}</button>
        </form>
    }
}

fn one(
    locale: Locale,
    base: &str,
    picture: &StoryPicture,
    (at, count): (usize, usize),
    typed: Option<&Form>,
    problems: &Problems,
) -> impl IntoView + use<> {
    let number = i64::try_from(at + 1).unwrap_or(i64::MAX);
    let id = picture.id;
    let (alt_key, caption_key) = (format!("alt-{id}"), format!("caption-{id}"));
    let (alt, caption) = match typed.filter(|form| form.has(&format!("{alt_key}_vi"))) {
        Some(form) => (texts(form, &alt_key), texts(form, &caption_key)),
        None => (picture.alt.clone(), picture.caption.clone()),
    };
    let act = |may: bool, act: &'static str, sign: &'static str, label: String| {
        may.then(|| {
            let class = match act {
                "delete" => "btn btn-small btn-icon btn-danger",
                _ => "btn btn-small btn-icon",
            };
            view! { <button class=class name="do" value=act aria-label=label>{icon(sign)}</button> }
        })
    };
    let silent = alt
        .vi
        .trim()
        .is_empty()
        .then(|| view! { <span class="badge" data-tone="silk">{te::no_alt(locale)}</span> });
    let look = Look { rows: 0, optional: true, hint: "" };
    view! {
        <li class="photo">
            <img src=picture_path(picture, 480) alt=alt.text(locale).to_owned() loading="lazy"
                width=picture.width.to_string() height=picture.height.to_string()/>
            <p class="cluster">{silent}</p>
            <form class="stack-s" method="post" action=format!("{base}/{id}")>
                {in_both(locale, &alt_key, te::alt(locale), &alt, problems, look)}
                {in_both(locale, &caption_key, t::caption(locale), &caption, problems, look)}
                <div class="actions">
                    <button class="btn btn-small" name="do" value="">
                        {te::save(locale)}
                        <span class="visually-hidden">" "{te::photo_number(locale, number)}</span>
                    </button>
                    {act(at > 0, "earlier", "arrow-left", te::photo_earlier(locale, number))}
                    {act(at + 1 < count, "later", "arrow-right", te::photo_later(locale, number))}
                    {act(true, "delete", "trash", te::photo_delete(locale, number))}
                </div>
            </form>
        </li>
    }
}
