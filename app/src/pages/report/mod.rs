//! The report of the city, for the office, and of a village, for its administration: one page, its tables as files.

mod chooser;
mod table;
mod tables;
mod view;
pub mod words;
mod xlsx;

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Utc};
use engine::VillageId;
use engine::catalogue::Catalogue;
use engine::clock::local_date;
use engine::report::{self, Period, Report, ReportError, Scope, Span};

use self::chooser::Chosen;
use self::tables::Tables;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::signed_in;
use crate::pages::host::money::csv;
use crate::render::Page;
use crate::t::report as t;
use crate::ui::layout::Head;

/// What is left of an error where nothing was typed.
pub fn refused(error: ReportError) -> PageError {
    match error {
        ReportError::Store(error) => error.into(),
        _ => PageError::NotFound,
    }
}

/// A report that somebody looks at.
struct Shown {
    report: Report,
    catalogue: Arc<Catalogue>,
    at: DateTime<Utc>,
    /// Address of its page, without language.
    base: String,
    /// "hanoi", or the village's address: begins the names of files.
    name: String,
}

impl Shown {
    async fn load(
        app: &App,
        visit: &Visit,
        scope: Scope,
        period: Period,
    ) -> Result<Shown, PageError> {
        let catalogue = app.catalogue().await?;
        let at = app.store.now();
        let mut conn = app.store.read().await?;
        let report =
            Box::pin(Report::load(&mut conn, &visit.actor, scope, period, &catalogue)).await;
        drop(conn);
        let report = report.map_err(refused)?;
        let village = scope.village().and_then(|id| catalogue.village(id));
        let (base, name) = village.map_or_else(
            || ("/office/report".to_owned(), "hanoi".to_owned()),
            |village| (format!("/village/{}/report", village.slug), village.slug.clone()),
        );
        Ok(Shown { report, catalogue, at, base, name })
    }

    fn title(&self, visit: &Visit) -> String {
        let village = self.report.scope.village().and_then(|id| self.catalogue.village(id));
        village.map_or_else(
            || t::title_city(visit.locale).to_owned(),
            |village| t::title_village(visit.locale, village.name.text(visit.locale)),
        )
    }

    fn tables<'a>(&'a self, visit: &Visit) -> Tables<'a> {
        Tables { locale: visit.locale, report: &self.report, catalogue: &self.catalogue }
    }

    /// What stands beside the figures: title, period, method, source.
    fn notes(&self, visit: &Visit) -> Vec<String> {
        let locale = visit.locale;
        let at = crate::ui::format::date_time(locale, self.at);
        vec![
            self.title(visit),
            words::period(locale, &self.report.period),
            t::method_source(locale, at),
            t::method_compare(locale).to_owned(),
            t::method_privacy(locale).to_owned(),
            t::hidden_note(locale).to_owned(),
        ]
    }
}

/// The village of an address, where the visitor may read its report.
async fn village(app: &App, visit: &Visit, slug: &str) -> Result<Scope, PageError> {
    signed_in(visit)?;
    let catalogue = app.catalogue().await?;
    let village: VillageId = catalogue.village_by_slug(slug).ok_or(PageError::NotFound)?.id;
    let mut conn = app.store.read().await?;
    let scope = Scope::Village(village);
    report::must_see(&mut conn, &visit.actor, scope).await.map_err(refused)?;
    Ok(scope)
}

/// The office's; who is not signed in is asked to.
fn city(visit: &Visit) -> Result<Scope, PageError> {
    crate::pages::office::frame::admitted(visit)?;
    Ok(Scope::City)
}

pub async fn of_city(State(app): State<App>, visit: Visit) -> Result<Response, PageError> {
    let scope = city(&visit)?;
    page(&app, &visit, scope).await
}

pub async fn of_village(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let scope = village(&app, &visit, &slug).await?;
    page(&app, &visit, scope).await
}

async fn page(app: &App, visit: &Visit, scope: Scope) -> Result<Response, PageError> {
    let today = local_date(app.store.now());
    let chosen = Chosen::of(&visit.query);
    let (period, problems) = match chosen.period(visit.locale, today) {
        Ok(period) => (period, crate::api::form::Problems::default()),
        Err(problems) => {
            let year = Period::read(Span::Year, "", "", today);
            (year.map_err(|_| PageError::Invalid)?, problems)
        }
    };
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shown = Shown::load(app, visit, scope, period).await?;
    let inner = visit.clone();
    let head = Head::host(shown.title(visit));
    Ok(Page::new(head)
        .status(status)
        .render(visit, move || view::body(&inner, &shown, &chosen, &problems)))
}

type FileAt = Path<(String, String)>;

pub async fn file_of_city(
    State(app): State<App>,
    visit: Visit,
    Path((_, file)): FileAt,
) -> Result<Response, PageError> {
    let scope = city(&visit)?;
    download(&app, &visit, scope, &file).await
}

pub async fn file_of_village(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, file)): Path<(String, String, String)>,
) -> Result<Response, PageError> {
    let scope = village(&app, &visit, &slug).await?;
    download(&app, &visit, scope, &file).await
}

/// "report.xlsx" has all tables, "places.csv" one.
async fn download(
    app: &App,
    visit: &Visit,
    scope: Scope,
    file: &str,
) -> Result<Response, PageError> {
    let today = local_date(app.store.now());
    let chosen = Chosen::of(&visit.query);
    let period = chosen.period(visit.locale, today).map_err(|_| PageError::Invalid)?;
    let shown = Shown::load(app, visit, scope, period).await?;
    let all = shown.tables(visit).all();
    let months = format!("{}-{}", period.first.format("%Y%m"), period.last.format("%Y%m"));
    if file == "report.xlsx" {
        let name = format!("{}-{months}", shown.name);
        return xlsx::file(visit.locale, &name, &shown.notes(visit), &all);
    }
    let key = file.strip_suffix(".csv").ok_or(PageError::NotFound)?;
    let table = all.iter().find(|table| table.key == key).ok_or(PageError::NotFound)?;
    let name = format!("{}-{key}-{months}", shown.name);
    Ok(csv::file(&name, &table.csv(visit.locale)))
}
