//! A guide's own calendars of others, by the guide's link.

use axum::extract::{Path, State};
use axum::response::Response;
use engine::busy::{Subject, Who};
use engine::guide::{self, Guide};
use leptos::prelude::*;

use super::Link;
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::busy::{self, Place};
use crate::pages::host::words;
use crate::pages::visitor::booking::{private, see};
use crate::render::Page;
use crate::t::calendars as t;
use crate::ui::layout::{Head, breadcrumb};

async fn place(app: &App, visit: &Visit, token: &str) -> Result<(Guide, Place), PageError> {
    let guide = guide::by_token(&mut app.store.read().await?, token).await?;
    let guide = guide.ok_or(PageError::NotFound)?;
    let place = Place {
        who: Who::Guide(token.to_owned()),
        subject: Subject::Resource(guide.id()),
        here: visit.link(&format!("{}/calendars", guide::link_path(token))),
        name: guide.name().to_owned(),
        tours: Vec::new(),
    };
    Ok((guide, place))
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, token)): Link,
) -> Result<Response, PageError> {
    let (guide, place) = place(&app, &visit, &token).await?;
    let form = Form::of_query(&visit.query);
    answer(&app, &visit, guide, place, form, Problems::default()).await
}

pub async fn act(
    State(app): State<App>,
    visit: Visit,
    Path((_, token)): Link,
    form: Form,
) -> Result<Response, PageError> {
    let (guide, place) = place(&app, &visit, &token).await?;
    match busy::act(&app, visit.locale, &place, &form).await? {
        Ok(next) => Ok(see(&next)),
        Err(problems) => answer(&app, &visit, guide, place, form, problems).await,
    }
}

async fn answer(
    app: &App,
    visit: &Visit,
    guide: Guide,
    place: Place,
    form: Form,
    problems: Problems,
) -> Result<Response, PageError> {
    let shown = busy::load(app, &place, form, problems).await?;
    let catalogue = app.catalogue().await?;
    let locale = visit.locale;
    let page = Page::new(Head::private(t::title(locale))).status(shown.status());
    let mine = visit.link(&guide::link_path(&guide.token));
    Ok(private(page.render(visit, move || {
        let slot = |slot: &engine::schedule::Slot| {
            let (_, option) = catalogue.option(slot.option_id)?;
            Some((mine.clone(), words::slot_named(locale, slot, option)))
        };
        view! {
            <div class="wrap guide-page stack">
                {breadcrumb(locale, vec![(mine.clone(), crate::t::guide::mine(locale, guide.name()))])}
                <h1>{t::title(locale)}</h1>
                <p>{t::text_mine(locale)}</p>
                {busy::body(locale, &place, &shown, slot)}
            </div>
        }
    })))
}
