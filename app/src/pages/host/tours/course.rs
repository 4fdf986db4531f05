//! Whether a tour is a course, and what it asks of who wants its certificate.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::catalogue::Tour;
use engine::catalogue::edit::{CourseInput, CourseTerms, SaveCourse, save_course};
use leptos::prelude::*;

use super::head::{Section, head, to};
use super::intro::save_bar;
use super::open;
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::fields::{Look, in_both, of_edit, pairs, problems, texts};
use crate::pages::host::frame::{Desk, Tab, at, frame, see};
use crate::render::Page;
use crate::t::course as t;
use crate::ui::field::{Checkbox, ErrorSummary, TextField};
use crate::ui::layout::Head;

type At = Path<(String, String, String)>;

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, tour)): At,
) -> Result<Response, PageError> {
    let (desk, tour) = open(&app, &visit, &slug, &tour).await?;
    let form = as_form(&tour);
    answer(&visit, &desk, &tour, form, Problems::default())
}

fn as_form(tour: &Tour) -> Form {
    let Some(course) = &tour.course else { return Form::default() };
    let mut fields = vec![
        ("course".to_owned(), "on".to_owned()),
        ("needed".to_owned(), course.needed.to_string()),
    ];
    if course.by_application {
        fields.push(("by_application".to_owned(), "on".to_owned()));
    }
    fields.extend(pairs("skills", &course.skills));
    Form::of_pairs(fields)
}

pub async fn save(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, tour)): At,
    form: Form,
) -> Result<Response, PageError> {
    let (desk, tour) = open(&app, &visit, &slug, &tour).await?;
    let input = CourseInput {
        course: form.has("course"),
        needed: form.text("needed").to_owned(),
        by_application: form.has("by_application"),
        skills: texts(&form, "skills"),
    };
    let terms = match CourseTerms::parse(&input) {
        Ok(terms) => terms,
        Err(wrongs) => {
            let problems = problems(visit.locale, wrongs);
            return answer(&visit, &desk, &tour, form, problems);
        }
    };
    let command = SaveCourse { actor: visit.actor.clone(), tour: tour.id, terms };
    match app.store.write("save course", command, |tx, c| Box::pin(save_course(tx, c))).await {
        Ok(()) => {
            let back = to(&visit, desk.workshop()?, &tour, Section::Course);
            Ok(see(&format!("{back}?saved=1")))
        }
        Err(error) => {
            let problems = of_edit(visit.locale, error)?;
            answer(&visit, &desk, &tour, form, problems)
        }
    }
}

fn answer(
    visit: &Visit,
    desk: &Desk,
    tour: &Tour,
    form: Form,
    problems: Problems,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let shop = desk.workshop()?.clone();
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let unopened = desk.unopened;
    let (tour, inner) = (tour.clone(), visit.clone());
    let title = format!("{} · {}", t::section(locale), tour.title.text(locale));
    Ok(Page::new(Head::host(title)).status(status).render(visit, move || {
        let page = to(&inner, &shop, &tour, Section::Course);
        let runs = tour.course.is_some().then(|| {
            let href = at(&inner, &shop, "/courses");
            view! { <p><a class="btn" href=href>{t::host_title(locale)}</a></p> }
        });
        let look = Look { rows: 2, optional: true, hint: t::skills_hint(locale) };
        let body = view! {
            {head(&inner, &shop, &tour, Section::Course, unopened)}
            <ErrorSummary locale problems=problems.clone()/>
            {runs}
            <form class="form" method="post" action=page novalidate>
                <div class="panel stack">
                    <Checkbox name="course" label=t::is_course(locale) checked=form.has("course")
                        error=problems.of("course")/>
                    <TextField locale name="needed" label=t::needed(locale) kind="number"
                        inputmode="numeric" min="1" max="120" short=true optional=true
                        value=form.text("needed") error=problems.of("needed")/>
                    <Checkbox name="by_application" label=t::by_application(locale)
                        checked=form.has("by_application")/>
                    {in_both(locale, "skills", t::skills(locale), &texts(&form, "skills"), &problems, look)}
                </div>
                {save_bar(&inner, &shop, false)}
            </form>
        };
        frame(&inner, Some(&shop), Tab::Tours, body)
    }))
}
