//! Figures of the year: who works in the workshop, once a year.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::Locale;
use engine::clock::local_date;
use engine::report::{
    Field, Jobs, JobsInput, ReportError, SaveFigures, Wrong, YearFigures, figures_of, missing_year,
    open_years, save_figures,
};
use leptos::prelude::*;

use super::frame::{Desk, Tab, at, frame, see};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::report::refused;
use crate::render::Page;
use crate::t::report as t;
use crate::ui::field::{ErrorSummary, Select, TextField};
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};

type At = Path<(String, String)>;

/// The figures as fields of the form.
fn kept(year: i32, known: Option<&YearFigures>) -> Form {
    let mut pairs = vec![("year".to_owned(), year.to_string())];
    if let Some(YearFigures { jobs, .. }) = known {
        for (name, n) in [
            ("workers", jobs.workers),
            ("women", jobs.women),
            ("seasonal", jobs.seasonal),
            ("artisans", jobs.artisans),
            ("apprentices", jobs.apprentices),
        ] {
            pairs.push((name.to_owned(), n.to_string()));
        }
    }
    Form::of_pairs(pairs)
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let today = local_date(app.store.now());
    let mut conn = app.store.read().await?;
    let all = figures_of(&mut conn, &visit.actor, desk.id()).await.map_err(refused)?;
    let missing = missing_year(&mut conn, desk.id(), today).await?;
    drop(conn);
    let asked = Form::of_query(&visit.query).text("year").parse().ok();
    let asked = asked.filter(|year| open_years(today).any(|open| open == *year));
    let last = open_years(today).nth(1).unwrap_or_default();
    let year = asked.or(missing).unwrap_or(last);
    let form = kept(year, all.iter().find(|figures| figures.year == year));
    answer(&app, &visit, &desk, all, form, Problems::default())
}

pub async fn save(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
    form: Form,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let text = |name: &str| form.text(name).to_owned();
    let year: i32 = form.text("year").parse().map_err(|_| PageError::Invalid)?;
    let input = JobsInput {
        workers: text("workers"),
        artisans: text("artisans"),
        apprentices: text("apprentices"),
        women: text("women"),
        seasonal: text("seasonal"),
    };
    let saved = match Jobs::parse(&input) {
        Ok(jobs) => {
            let save = SaveFigures { actor: visit.actor.clone(), workshop: desk.id(), year, jobs };
            app.store.write("figures", save, |tx, c| Box::pin(save_figures(tx, c))).await
        }
        Err(error) => Err(error),
    };
    match saved {
        Ok(()) => {
            Ok(see(&format!("{}?year={year}&done=saved", at(&visit, desk.workshop()?, "/figures"))))
        }
        Err(ReportError::Fields(wrongs)) => {
            let mut problems = Problems::default();
            for (field, wrong) in wrongs {
                problems.add(name(field), said(visit.locale, wrong));
            }
            let mut conn = app.store.read().await?;
            let all = figures_of(&mut conn, &visit.actor, desk.id()).await.map_err(refused)?;
            drop(conn);
            answer(&app, &visit, &desk, all, form, problems)
        }
        Err(error) => Err(refused(error)),
    }
}

const fn name(field: Field) -> &'static str {
    match field {
        Field::Artisans => "artisans",
        Field::Apprentices => "apprentices",
        Field::Women => "women",
        Field::Seasonal => "seasonal",
        _ => "workers",
    }
}

fn said(locale: Locale, wrong: Wrong) -> String {
    match wrong {
        Wrong::Number { most } => t::wrong_number(locale, most),
        Wrong::MoreThanWorkers => t::wrong_part(locale).to_owned(),
        _ => t::wrong_missing(locale).to_owned(),
    }
}

fn answer(
    app: &App,
    visit: &Visit,
    desk: &Desk,
    all: Vec<YearFigures>,
    form: Form,
    problems: Problems,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let today = local_date(app.store.now());
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shop = desk.workshop()?.clone();
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::figures(locale))).status(status).render(visit, move || {
        let query = Form::of_query(&inner.query);
        let saved = problems.is_empty() && query.text("done") == "saved";
        let news = saved.then(|| {
            let words = t::figures_saved(locale, query.text("year").to_owned());
            view! { <Notice tone=Tone::Good title=words/> }
        });
        let years = open_years(today).map(|year| (year.to_string(), year.to_string())).collect();
        let field = |name: &'static str, label: &'static str, hint: &'static str| {
            view! {
                <TextField locale name label hint inputmode="numeric" short=true
                    value=form.text(name) error=problems.of(name)/>
            }
        };
        let body = view! {
            <h1>{t::figures(locale)}</h1>
            <p class="lead">{t::figures_lead(locale)}</p>
            {news}
            <ErrorSummary locale problems=problems.clone()/>
            <form class="form panel" method="post" action=at(&inner, &shop, "/figures") novalidate>
                <Select locale name="year" label=t::figures_year(locale) options=years value=form.text("year")/>
                {field("workers", t::figures_workers(locale), t::figures_workers_hint(locale))}
                <div class="field-row">
                    {field("women", t::figures_women(locale), "")}
                    {field("seasonal", t::figures_seasonal(locale), "")}
                </div>
                {field("artisans", t::figures_artisans(locale), t::figures_artisans_hint(locale))}
                {field("apprentices", t::figures_apprentices(locale), "")}
                <div><button class="btn btn-primary">{t::figures_save(locale)}</button></div>
            </form>
            {before(&inner, &at(&inner, &shop, "/figures"), &all)}
        };
        frame(&inner, Some(&shop), Tab::More, body)
    }))
}

/// What was told so far; each year leads to its form.
fn before(visit: &Visit, page: &str, all: &[YearFigures]) -> impl IntoView + use<> {
    let locale = visit.locale;
    let rows: Vec<_> = all
        .iter()
        .map(|YearFigures { year, jobs, .. }| {
            let href = format!("{page}?year={year}");
            view! {
                <tr>
                    <th scope="row"><a href=href>{*year}</a></th>
                    <td class="num" data-label=t::workers(locale)>{jobs.workers}</td>
                    <td class="num" data-label=t::women(locale)>{jobs.women}</td>
                    <td class="num" data-label=t::seasonal(locale)>{jobs.seasonal}</td>
                    <td class="num" data-label=t::artisans(locale)>{jobs.artisans}</td>
                    <td class="num" data-label=t::apprentices(locale)>{jobs.apprentices}</td>
                </tr>
            }
        })
        .collect();
    (!rows.is_empty()).then(|| {
        view! {
            <table class="table table-cards">
                <caption>{t::figures_before(locale)}</caption>
                <thead><tr>
                    <th scope="col">{t::figures_year(locale)}</th>
                    <th scope="col" class="num">{t::workers(locale)}</th>
                    <th scope="col" class="num">{t::women(locale)}</th>
                    <th scope="col" class="num">{t::seasonal(locale)}</th>
                    <th scope="col" class="num">{t::artisans(locale)}</th>
                    <th scope="col" class="num">{t::apprentices(locale)}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        }
    })
}

/// On the host's day: last year's figures are missing.
pub fn reminder(locale: Locale, page: String, year: Option<i32>) -> impl IntoView + use<> {
    year.map(|year| {
        view! {
            <p class="panel figures-due no-print">
                {icon("info")} " " {t::figures_due(locale, year)} ". "
                <a href=page>{t::figures_go(locale)}</a>
            </p>
        }
    })
}
