//! The office's own passes, which may join workshops of any village.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::PassId;
use engine::coop::Author;
use engine::pass::{Pass, stops_of};
use leptos::prelude::*;

use super::frame::{Part, admitted, frame};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::see;
use crate::pages::host::passes::form::{choices, editor, filled, save};
use crate::pages::host::passes::news;
use crate::pages::host::passes::ours::{listed, of_this, ours, publish};
use crate::render::Page;
use crate::t::pass as t;
use crate::ui::icon::icon;
use crate::ui::layout::Head;

const HOME: &str = "/office/passes";

pub async fn page(State(app): State<App>, visit: Visit) -> Result<Response, PageError> {
    admitted(&visit)?;
    let locale = visit.locale;
    let catalogue = app.catalogue().await?;
    let all = listed(&mut app.store.read().await?, &catalogue, Author::Office).await?;
    let here = visit.link(HOME);
    let news = news(locale, Form::of_query(&visit.query).text("done"));
    let none = all.is_empty().then(|| view! { <p class="empty">{t::host_none(locale)}</p> });
    let list = ours(&visit, &catalogue, &all, &here, true).into_any();
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::host_title(locale))).render(&visit, move || {
        let body = view! {
            <h1>{t::host_title(locale)}</h1>
            <p>{t::office_lead(locale)}</p>
            {news} {none} {list}
            <div class="actions">
                <a class="btn btn-primary" href=format!("{here}/new")>{icon("plus")}{t::new(locale)}</a>
            </div>
        };
        frame(&inner, Part::Passes, body)
    }))
}

pub async fn act(State(app): State<App>, visit: Visit, form: Form) -> Result<Response, PageError> {
    admitted(&visit)?;
    let done = match form.text("act") {
        act @ ("publish" | "unpublish") => {
            publish(&app, &visit, Author::Office, &form, act == "publish").await?
        }
        _ => return Err(PageError::Invalid),
    };
    Ok(see(&format!("{}?done={done}", visit.link(HOME))))
}

pub async fn new(State(app): State<App>, visit: Visit) -> Result<Response, PageError> {
    admitted(&visit)?;
    answer(&app, &visit, None, &Form::default(), Problems::default()).await
}

pub async fn create(
    State(app): State<App>,
    visit: Visit,
    form: Form,
) -> Result<Response, PageError> {
    admitted(&visit)?;
    match save(&app, &visit, Author::Office, None, &form).await? {
        Ok(()) => Ok(see(&format!("{}?done=saved", visit.link(HOME)))),
        Err(problems) => answer(&app, &visit, None, &form, problems).await,
    }
}

async fn found(app: &App, id: &str) -> Result<Pass, PageError> {
    let id: PassId = id.parse().map_err(|_| PageError::NotFound)?;
    of_this(&mut app.store.read().await?, Author::Office, id).await
}

pub async fn one(
    State(app): State<App>,
    visit: Visit,
    Path((_, pass)): Path<(String, String)>,
) -> Result<Response, PageError> {
    admitted(&visit)?;
    let pass = found(&app, &pass).await?;
    let stops = stops_of(&mut app.store.read().await?, pass.id).await?;
    answer(&app, &visit, Some(&pass), &filled(&pass, &stops), Problems::default()).await
}

pub async fn change(
    State(app): State<App>,
    visit: Visit,
    Path((_, pass)): Path<(String, String)>,
    form: Form,
) -> Result<Response, PageError> {
    admitted(&visit)?;
    let pass = found(&app, &pass).await?;
    match save(&app, &visit, Author::Office, Some(&pass), &form).await? {
        Ok(()) => Ok(see(&format!("{}?done=saved", visit.link(HOME)))),
        Err(problems) => answer(&app, &visit, Some(&pass), &form, problems).await,
    }
}

async fn answer(
    app: &App,
    visit: &Visit,
    pass: Option<&Pass>,
    form: &Form,
    problems: Problems,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let catalogue = app.catalogue().await?;
    let mut conn = app.store.read().await?;
    let choices = choices(&mut conn, &catalogue, Author::Office, locale).await?;
    drop(conn);
    let back = visit.link(HOME);
    let action = match pass {
        Some(pass) => format!("{back}/{}", pass.id),
        None => format!("{back}/new"),
    };
    let title = pass.map_or(t::new_title(locale), |pass| pass.title.text(locale)).to_owned();
    let typed = (form, &problems);
    let body = editor(locale, &catalogue, pass, &choices, typed, (action, back)).into_any();
    let inner = visit.clone();
    Ok(Page::new(Head::host(title))
        .status(status)
        .render(visit, move || frame(&inner, Part::Passes, body)))
}
