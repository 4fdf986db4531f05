//! Photographs of a tour, or of the workshop: added, described, put in order.

use std::sync::Arc;

use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::catalogue::photos::{
    AddPhoto, MAX_BYTES, MAX_PHOTOS, MIN_WIDTH, OnPhoto, PhotoChange, PhotoError, add_photo,
    change_photo, prepare_aside,
};
use engine::catalogue::{Photo, Tour, Workshop};
use engine::{Locale, Localized, PhotoId};
use leptos::prelude::*;

use super::fields::{Look, in_both, texts};
use super::frame::{Desk, Tab, at, frame, see};
use super::tours::head::{Section, head, to};
use super::tours::open;
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t::edit as t;
use crate::ui::field::ErrorSummary;
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};
use crate::ui::picture::Picture;

/// Largest upload, bytes: some photographs at once. Each may have [`MAX_BYTES`].
pub const MAX_UPLOAD: usize = 64 * 1024 * 1024;

type At = Path<(String, String)>;
type AtTour = Path<(String, String, String)>;

pub async fn of_workshop(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    answer(&visit, &desk, None, Problems::default(), None)
}

pub async fn of_tour(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, tour)): AtTour,
) -> Result<Response, PageError> {
    let (desk, tour) = open(&app, &visit, &slug, &tour).await?;
    answer(&visit, &desk, Some(&tour), Problems::default(), None)
}

pub async fn add_to_workshop(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
    upload: Multipart,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    add(&app, &visit, &desk, None, upload).await
}

pub async fn add_to_tour(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, tour)): AtTour,
    upload: Multipart,
) -> Result<Response, PageError> {
    let (desk, tour) = open(&app, &visit, &slug, &tour).await?;
    add(&app, &visit, &desk, Some(&tour), upload).await
}

/// Takes the files one after another; what is wrong with one does not lose the others.
async fn add(
    app: &App,
    visit: &Visit,
    desk: &Desk,
    tour: Option<&Tour>,
    mut upload: Multipart,
) -> Result<Response, PageError> {
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
        match keep(app, visit, desk, tour, bytes).await {
            Ok(()) => added += 1,
            Err(error) => {
                let why = of_photo(locale, error)?;
                let name: String = name.chars().take(80).collect();
                problems.add("photo", format::labelled(locale, name, why));
            }
        }
    }
    if files == 0 && problems.is_empty() {
        problems.add("photo", t::no_file(locale));
    }
    if problems.is_empty() {
        let page = address(visit, desk.workshop()?, tour);
        return Ok(see(&format!("{page}?added={added}")));
    }
    // As they are now: some of the files may be kept.
    let desk = Desk::open_as_owner(app, visit, &desk.workshop()?.slug).await?;
    let tour = tour.and_then(|tour| desk.catalogue.tour(tour.id)).cloned();
    answer(visit, &desk, tour.as_ref(), problems, None)
}

/// The bytes of a file. One that is too large is read to its end all the same, so that the
/// browser gets an answer; the engine refuses it by its length.
pub async fn read(mut field: Field<'_>) -> Result<Vec<u8>, MultipartError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await? {
        if bytes.len() <= MAX_BYTES {
            bytes.extend_from_slice(&chunk);
        }
    }
    Ok(bytes)
}

async fn keep(
    app: &App,
    visit: &Visit,
    desk: &Desk,
    tour: Option<&Tour>,
    bytes: Vec<u8>,
) -> Result<(), PhotoError> {
    let photo = Arc::new(prepare_aside(bytes).await?);
    let command = AddPhoto {
        actor: visit.actor.clone(),
        workshop: desk.id(),
        tour: tour.map(|tour| tour.id),
        photo,
        alt: Localized::default(),
    };
    app.store.write("add photo", command, |tx, c| Box::pin(add_photo(tx, c))).await.map(drop)
}

pub fn broken(locale: Locale, error: &MultipartError) -> String {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return t::upload_too_large(locale, megabytes(MAX_UPLOAD));
    }
    t::upload_broken(locale).to_owned()
}

pub(super) fn megabytes(bytes: usize) -> i64 {
    i64::try_from(bytes / (1024 * 1024)).unwrap_or(i64::MAX)
}

/// Why a photograph was not taken.
pub fn of_photo(locale: Locale, error: PhotoError) -> Result<String, PageError> {
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    Ok(match error {
        PhotoError::Store(error) => return Err(error.into()),
        PhotoError::Forbidden(_) | PhotoError::Unknown => return Err(PageError::NotFound),
        PhotoError::TooBig => t::photo_too_big(locale, megabytes(MAX_BYTES)),
        PhotoError::TooManyPixels => t::photo_too_many_pixels(locale).to_owned(),
        PhotoError::TooSmall => t::photo_too_small(locale, i64::from(MIN_WIDTH)),
        PhotoError::NotAPicture => t::not_a_photo(locale).to_owned(),
        PhotoError::TooMany => t::photos_enough(locale, count(MAX_PHOTOS)),
        PhotoError::AltTooLong => t::alt_too_long(locale).to_owned(),
    })
}

/// One photograph: described, moved or deleted; `do` says which.
pub async fn change(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, photo)): Path<(String, String, String)>,
    form: Form,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let id: PhotoId = photo.parse().map_err(|_| PageError::NotFound)?;
    let (tour, _) = find(&desk, id).ok_or(PageError::NotFound)?;
    let tour = tour.cloned();
    let change = match form.text("do") {
        "" => PhotoChange::Describe(texts(&form, &format!("alt-{id}"))),
        "first" => PhotoChange::First,
        "earlier" => PhotoChange::Earlier,
        "later" => PhotoChange::Later,
        "delete" => PhotoChange::Delete,
        _ => return Err(PageError::NotFound),
    };
    let described = matches!(change, PhotoChange::Describe(_));
    let command = OnPhoto { actor: visit.actor.clone(), photo: id, change };
    let done =
        app.store.write("change photo", command, |tx, c| Box::pin(change_photo(tx, c))).await;
    if let Err(error) = done {
        let mut problems = Problems::default();
        problems.add(format!("alt-{id}_vi"), of_photo(visit.locale, error)?);
        return answer(&visit, &desk, tour.as_ref(), problems, Some((id, form)));
    }
    let page = address(&visit, desk.workshop()?, tour.as_ref());
    let news = if described { "?saved=1" } else { "" };
    Ok(see(&format!("{page}{news}#photos")))
}

/// A photograph of this workshop, with the tour that it belongs to.
fn find(desk: &Desk, id: PhotoId) -> Option<(Option<&Tour>, &Photo)> {
    let own = desk.workshop().ok()?.photos.iter().map(|photo| (None, photo));
    let of_tours = desk
        .catalogue
        .all_tours_of(desk.id())
        .flat_map(|tour| tour.photos.iter().map(move |photo| (Some(tour), photo)));
    own.chain(of_tours).find(|(_, photo)| photo.id == id)
}

fn address(visit: &Visit, shop: &Workshop, tour: Option<&Tour>) -> String {
    match tour {
        Some(tour) => to(visit, shop, tour, Section::Photos),
        None => at(visit, shop, "/photos"),
    }
}

/// `typed`: a description that was refused, with its photograph.
fn answer(
    visit: &Visit,
    desk: &Desk,
    tour: Option<&Tour>,
    problems: Problems,
    typed: Option<(PhotoId, Form)>,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let unopened = desk.unopened;
    let shop = desk.workshop()?.clone();
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let (tour, inner) = (tour.cloned(), visit.clone());
    let title = tour.as_ref().map_or_else(
        || t::workshop_photos(locale).to_owned(),
        |tour| format!("{} · {}", t::section_photos(locale), tour.title.text(locale)),
    );
    Ok(Page::new(Head::host(title.clone())).status(status).render(visit, move || {
        let (photos, of, above, tab) = match &tour {
            Some(tour) => (
                &tour.photos,
                tour.title.text(locale),
                head(&inner, &shop, tour, Section::Photos, unopened).into_any(),
                Tab::Tours,
            ),
            None => (
                &shop.photos,
                shop.name.as_str(),
                view! { <header class="host-head"><h1>{title}</h1></header> }.into_any(),
                Tab::More,
            ),
        };
        let items = photos
            .iter()
            .enumerate()
            .map(|(place, photo)| {
                let alt = match &typed {
                    Some((id, form)) if *id == photo.id => texts(form, &format!("alt-{id}")),
                    _ => photo.alt.clone(),
                };
                one(&inner, &shop, of, (place, photos.len()), photo, &alt, &problems)
            })
            .collect_view();
        let nothing = match &tour {
            Some(_) => t::no_photos(locale),
            None => t::no_workshop_photos(locale),
        };
        let none = photos.is_empty().then(|| view! { <p class="soft">{nothing}</p> });
        let query = Form::of_query(&inner.query);
        let added = query.text("added").parse::<i64>().ok().filter(|_| problems.is_empty());
        let added = added.map(|added| {
            view! {
                <Notice tone=Tone::Good title=t::photos_added(locale, added)>
                    <p>{t::describe_them(locale)}</p>
                </Notice>
            }
        });
        let hint = t::photo_hint(locale, megabytes(MAX_BYTES));
        let body = view! {
            {above} {added}
            <ErrorSummary locale problems=problems.clone()/>
            <form
                class="drop"
                method="post"
                action=address(&inner, &shop, tour.as_ref())
                enctype="multipart/form-data"
            >
                {icon("camera")}
                <label class="field-label" for="photo">{t::add_photos(locale)}</label>
                <p class="field-hint" id="photo-hint">{hint}</p>
                <input class="input" id="photo" name="photo" type="file" multiple required
                    accept="image/jpeg,image/png,image/webp" aria-describedby="photo-hint"/>
                <button class="btn btn-primary">{t::upload(locale)}</button>
            </form>
            {none}
            <ol class="photos" id="photos">{items}</ol>
        };
        frame(&inner, Some(&shop), tab, body)
    }))
}

fn one(
    visit: &Visit,
    shop: &Workshop,
    of: &str,
    (place, count): (usize, usize),
    photo: &Photo,
    alt: &Localized,
    problems: &Problems,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let number = i64::try_from(place + 1).unwrap_or(i64::MAX);
    let act = |may: bool, act: &'static str, sign: &'static str, label: String| {
        may.then(|| {
            let class = match act {
                "delete" => "btn btn-small btn-icon btn-danger",
                _ => "btn btn-small btn-icon",
            };
            view! { <button class=class name="do" value=act aria-label=label>{icon(sign)}</button> }
        })
    };
    let cover = (place == 0)
        .then(|| view! { <span class="badge" data-tone="indigo">{t::cover(locale)}</span> });
    let silent = alt
        .vi
        .trim()
        .is_empty()
        .then(|| view! { <span class="badge" data-tone="silk">{t::no_alt(locale)}</span> });
    let look = Look { rows: 0, optional: true, hint: "" };
    view! {
        <li class="photo">
            {Picture::photo(photo, of, locale).described(true)}
            <p class="cluster">{cover} {silent}</p>
            <form class="stack-s" method="post" action=at(visit, shop, &format!("/photos/{}", photo.id))>
                {in_both(locale, &format!("alt-{}", photo.id), t::alt(locale), alt, problems, look)}
                <div class="actions">
                    <button class="btn btn-small" name="do" value="">
                        {t::save(locale)}
                        <span class="visually-hidden">{t::photo_number(locale, number)}</span>
                    </button>
                    {act(place > 0, "first", "star", t::photo_first(locale, number))}
                    {act(place > 0, "earlier", "arrow-left", t::photo_earlier(locale, number))}
                    {act(place + 1 < count, "later", "arrow-right", t::photo_later(locale, number))}
                    {act(true, "delete", "trash", t::photo_delete(locale, number))}
                </div>
            </form>
        </li>
    }
}
