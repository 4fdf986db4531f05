//! Changing what is claimed.

use axum::http::StatusCode;
use axum::response::Response;
use engine::clock::local_date;
use engine::credential::{self, Change, ClaimInput, Credential, CredentialState, words};
use leptos::prelude::*;

use super::enter::lists;
use super::form::{claim, fields, filled};
use super::{Room, refused, t};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::see;
use crate::render::Page;
use crate::ui::field::ErrorSummary;
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::notice::{Notice, Tone};

pub async fn page(app: &App, visit: &Visit, room: Room, id: &str) -> Result<Response, PageError> {
    let it = room.found(app, visit, id).await?;
    let form = filled(ClaimInput::of(&it));
    answer(app, visit, room, &it, form, Problems::default()).await
}

pub async fn save(
    app: &App,
    visit: &Visit,
    room: Room,
    id: &str,
    form: Form,
) -> Result<Response, PageError> {
    let it = room.found(app, visit, id).await?;
    let today = local_date(app.store.now());
    let claim = match claim(visit.locale, it.kind, it.seat(), &form, today) {
        Ok(claim) => claim,
        Err(problems) => return answer(app, visit, room, &it, form, problems).await,
    };
    let command = Change { actor: visit.actor.clone(), credential: it.id, claim };
    let done =
        app.store.write("change credential", command, |tx, c| Box::pin(credential::change(tx, c)));
    match done.await {
        Ok(()) => Ok(see(&room.at(visit, &format!("/{}?done=saved", it.id)))),
        Err(error) => {
            let problems = refused(visit.locale, error, "main")?;
            answer(app, visit, room, &it, form, problems).await
        }
    }
}

async fn answer(
    app: &App,
    visit: &Visit,
    room: Room,
    it: &Credential,
    form: Form,
    problems: Problems,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let catalogue = app.catalogue().await?;
    let mut conn = app.store.read().await?;
    let mut choices = lists(&mut conn, locale, &catalogue, &room).await?;
    drop(conn);
    // The mark stays in the list, whatever became of it.
    if let (Some(mark), Some(name)) = (it.mark_id, &it.mark_name)
        && !choices.marks.iter().any(|(id, _)| *id == mark.to_string())
    {
        choices.marks.push((mark.to_string(), name.clone()));
    }
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let name = words::title(locale, it);
    let title = t::edit_title(locale, &name);
    let (kind, inner) = (it.kind, visit.clone());
    let here = room.at(visit, &format!("/{}", it.id));
    let verified = it.state == CredentialState::Verified;
    Ok(Page::new(Head::host(title.clone())).status(status).render(visit, move || {
        let steps = vec![(room.at(&inner, ""), t::title(locale).to_owned()), (here.clone(), name)];
        let warned =
            verified.then(|| view! { <Notice tone=Tone::Warn title=t::edit_hint(locale)/> });
        let body = view! {
            {breadcrumb(locale, steps)}
            <h1>{title}</h1>
            {warned}
            <ErrorSummary locale problems=problems.clone()/>
            <form class="form" method="post" action=format!("{here}/edit") novalidate>
                <section class="panel stack" aria-labelledby="details">
                    <h2 class="panel-title" id="details">{t::details(locale)}</h2>
                    {fields(locale, kind, &choices, &form, &problems)}
                </section>
                <div class="save-bar">
                    <a class="btn btn-quiet" href=here.clone()>{t::edit_leave(locale)}</a>
                    <button class="btn btn-primary" type="submit">{t::enter(locale)}</button>
                </div>
            </form>
        };
        room.frame(&inner, body)
    }))
}
