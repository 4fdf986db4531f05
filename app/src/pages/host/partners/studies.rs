//! What the workshop says to researchers, and who asked.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::catalogue::Workshop;
use engine::partner::{
    self, Applicant, SaveStudy, StudyData, StudyInput, researchers_of, study_of,
};
use engine::{Locale, Localized};
use leptos::prelude::*;

use super::placement::rows;
use super::{At, Section, refused, saved, subnav, trouble};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::fields::{Look, in_both, language_boxes, texts};
use crate::pages::host::frame::{Desk, Tab, at, frame, see};
use crate::render::Page;
use crate::t::{host, partner as t};
use crate::ui::field::{Checkbox, ErrorSummary};
use crate::ui::layout::Head;
use crate::ui::partner as ui;

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let study = study_of(&mut app.store.read().await?, desk.id()).await?;
    let input = study.map(|study| StudyInput::of(&study)).unwrap_or_default();
    answer(&app, &visit, &desk, input, Problems::default()).await
}

pub async fn save(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
    form: Form,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let input = StudyInput {
        welcome: form.has("welcome"),
        themes: texts(&form, "themes"),
        conditions: texts(&form, "conditions"),
        languages: form.all("languages").map(str::to_owned).collect(),
    };
    let data = match StudyData::parse(&input) {
        Ok(data) => data,
        Err(wrongs) => {
            let problems = ui::problems(visit.locale, wrongs);
            return answer(&app, &visit, &desk, input, problems).await;
        }
    };
    let command = SaveStudy { actor: visit.actor.clone(), workshop: desk.id(), data };
    let saved =
        app.store.write("save study", command, |tx, c| Box::pin(partner::save_study(tx, c))).await;
    match saved {
        Ok(()) => Ok(see(&at(&visit, desk.workshop()?, "/studies?done=saved"))),
        Err(error) => {
            let problems = trouble(visit.locale, "welcome", error)?;
            answer(&app, &visit, &desk, input, problems).await
        }
    }
}

async fn answer(
    app: &App,
    visit: &Visit,
    desk: &Desk,
    input: StudyInput,
    problems: Problems,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let shop = desk.workshop()?.clone();
    let mut conn = app.store.read().await?;
    let asked = researchers_of(&mut conn, &visit.actor, shop.id).await.map_err(refused)?;
    drop(conn);
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::studies_short(locale))).status(status).render(visit, move || {
        let visit = &inner;
        let news = problems.is_empty().then(|| saved(visit));
        let body = view! {
            <h1>{t::studies_short(locale)}</h1>
            {subnav(visit, &shop, Section::Studies)}
            {news}
            <ErrorSummary locale problems=problems.clone()/>
            {requests(visit, &shop, &asked)}
            {editor(locale, at(visit, &shop, "/studies"), &input, &problems)}
        };
        frame(visit, Some(&shop), Tab::More, body)
    }))
}

fn requests(visit: &Visit, shop: &Workshop, asked: &[Applicant]) -> impl IntoView + use<> {
    let locale = visit.locale;
    let items = rows(visit, shop, asked);
    let none = asked.is_empty().then(|| view! { <p class="empty">{t::requests_none(locale)}</p> });
    view! {
        <section class="stack" aria-labelledby="requests">
            <h2 id="requests">{t::requests(locale)}</h2>
            {none}
            <ul class="entry-list">{items}</ul>
        </section>
    }
}

fn editor(
    locale: Locale,
    action: String,
    input: &StudyInput,
    problems: &Problems,
) -> impl IntoView + use<> {
    let look = |hint| Look { rows: 3, optional: true, hint };
    let both = |key: &str, label: &str, texts: &Localized, hint: &'static str| {
        in_both(locale, key, label, texts, problems, look(hint))
    };
    view! {
        <section class="stack" aria-labelledby="study-words">
            <h2 id="study-words">{t::study_words(locale)}</h2>
            <form class="form panel" method="post" action=action novalidate>
                <Checkbox name="welcome" label=t::welcome(locale) checked=input.welcome
                    error=problems.of("welcome")/>
                {both("themes", t::themes(locale), &input.themes, t::themes_hint(locale))}
                {both("conditions", t::conditions(locale), &input.conditions, t::conditions_hint(locale))}
                {language_boxes(locale, &input.languages, problems)}
                <div class="actions"><button class="btn btn-primary">{host::save(locale)}</button></div>
            </form>
        </section>
    }
}
