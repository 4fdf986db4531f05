//! A pass of the co-op: written new, or changed. Only its managers do.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::PassId;
use engine::coop::Author;
use engine::pass::{Pass, stops_of};
use leptos::prelude::*;

use super::author;
use super::form::{choices, editor, filled, save};
use super::ours::of_this;
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Desk, Tab, at, frame, see};
use crate::render::Page;
use crate::t::pass as t;
use crate::ui::layout::{Head, breadcrumb};

type AtPass = Path<(String, String, String)>;

async fn open(app: &App, visit: &Visit, slug: &str) -> Result<(Desk, Author), PageError> {
    let desk = Desk::open_as_owner(app, visit, slug).await?;
    let author = author(app, visit, &desk).await?;
    Ok((desk, author))
}

async fn found(app: &App, author: Author, id: &str) -> Result<Pass, PageError> {
    let id: PassId = id.parse().map_err(|_| PageError::NotFound)?;
    of_this(&mut app.store.read().await?, author, id).await
}

pub async fn new(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let (desk, author) = open(&app, &visit, &slug).await?;
    answer(&app, &visit, (&desk, author), None, &Form::default(), Problems::default()).await
}

pub async fn create(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): Path<(String, String)>,
    form: Form,
) -> Result<Response, PageError> {
    let (desk, author) = open(&app, &visit, &slug).await?;
    match save(&app, &visit, author, None, &form).await? {
        Ok(()) => Ok(see(&format!("{}?done=saved", at(&visit, desk.workshop()?, "/passes")))),
        Err(problems) => answer(&app, &visit, (&desk, author), None, &form, problems).await,
    }
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, pass)): AtPass,
) -> Result<Response, PageError> {
    let (desk, author) = open(&app, &visit, &slug).await?;
    let pass = found(&app, author, &pass).await?;
    let stops = stops_of(&mut app.store.read().await?, pass.id).await?;
    let form = filled(&pass, &stops);
    answer(&app, &visit, (&desk, author), Some(&pass), &form, Problems::default()).await
}

pub async fn change(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, pass)): AtPass,
    form: Form,
) -> Result<Response, PageError> {
    let (desk, author) = open(&app, &visit, &slug).await?;
    let pass = found(&app, author, &pass).await?;
    match save(&app, &visit, author, Some(&pass), &form).await? {
        Ok(()) => Ok(see(&format!("{}?done=saved", at(&visit, desk.workshop()?, "/passes")))),
        Err(problems) => answer(&app, &visit, (&desk, author), Some(&pass), &form, problems).await,
    }
}

async fn answer(
    app: &App,
    visit: &Visit,
    (desk, author): (&Desk, Author),
    pass: Option<&Pass>,
    form: &Form,
    problems: Problems,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let shop = desk.workshop()?.clone();
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let mut conn = app.store.read().await?;
    let choices = choices(&mut conn, &desk.catalogue, author, locale).await?;
    drop(conn);
    let back = at(visit, &shop, "/passes");
    let action = match pass {
        Some(pass) => format!("{back}/{}", pass.id),
        None => format!("{back}/new"),
    };
    let title = pass.map_or(t::new_title(locale), |pass| pass.title.text(locale)).to_owned();
    let (all, typed) = (&desk.catalogue, (form, &problems));
    let body = editor(locale, all, pass, &choices, typed, (action, back.clone())).into_any();
    let inner = visit.clone();
    Ok(Page::new(Head::host(title)).status(status).render(visit, move || {
        let body = view! {
            {breadcrumb(locale, vec![(back, t::host_title(locale).to_owned())])}
            {body}
        };
        frame(&inner, Some(&shop), Tab::More, body)
    }))
}
