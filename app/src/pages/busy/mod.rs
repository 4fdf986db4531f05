//! Calendars of others, on the host's pages and the guide's own: which there are, what is seen in
//! them, adding, pausing and removing. The same page for a workshop, a guide and a machine.

mod view;

use std::str::FromStr;

use axum::http::StatusCode;
use engine::busy::{
    self, AddCalendar, BusyCalendar, BusyError, BusyField, Change, ChangeCalendar, LetPass, Span,
    Subject, Who,
};
use engine::outside::{Failure, Known, Outside, Refusal};
use engine::schedule::Slot;
use engine::{CalendarId, Locale, TourId};

pub(crate) use view::seen;
pub use view::{body, failure, stale};

use crate::api::form::{Form, Problems};
use crate::context::App;
use crate::error::PageError;
use crate::t::calendars as t;

/// Whose calendars a page is about, and who looks at it.
#[derive(Debug, Clone)]
pub struct Place {
    pub who: Who,
    pub subject: Subject,
    /// The page's address.
    pub here: String,
    /// "Gốm Minh Hải", "Lê Thị Mai", "Bàn xoay".
    pub name: String,
    /// Tours that a calendar can be of: id and title.
    pub tours: Vec<(String, String)>,
}

/// All that the page shows.
pub struct Shown {
    pub calendars: Vec<BusyCalendar>,
    /// What is seen in one of them.
    pub opened: Option<(CalendarId, Vec<Span>)>,
    /// Departures with guests that they hit.
    pub hits: Vec<Slot>,
    pub now: chrono::DateTime<chrono::Utc>,
    pub form: Form,
    pub problems: Problems,
}

impl Shown {
    pub fn status(&self) -> StatusCode {
        if self.problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
    }
}

/// What is none of the visitor's is not found.
fn closed(error: BusyError) -> PageError {
    match error {
        BusyError::Store(error) => error.into(),
        _ => PageError::NotFound,
    }
}

pub async fn load(
    app: &App,
    place: &Place,
    form: Form,
    problems: Problems,
) -> Result<Shown, PageError> {
    let now = app.store.now();
    let mut conn = app.store.read().await?;
    let calendars = busy::of_subject(&mut conn, place.subject).await?;
    let mut opened = None;
    if let Ok(id) = form.text("seen").parse::<CalendarId>()
        && calendars.iter().any(|it| it.id == id)
    {
        let spans = busy::entries(&mut conn, &place.who, id, now).await.map_err(closed)?.1;
        opened = Some((id, spans));
    }
    let hits = busy::hits(&mut conn, place.subject, now).await?;
    Ok(Shown { calendars, opened, hits, now, form, problems })
}

/// A form of the page: `act` says which. Answers where to go on, or what is wrong.
pub async fn act(
    app: &App,
    locale: Locale,
    place: &Place,
    form: &Form,
) -> Result<Result<String, Problems>, PageError> {
    let here = &place.here;
    match form.text("act") {
        "add" => return add(app, locale, place, form).await,
        "read" => {
            let id = id::<CalendarId>(form, "calendar")?;
            let done = read_again(app, place, id).await?;
            let word = if done { "read" } else { "unread" };
            return Ok(Ok(format!("{here}?done={word}&seen={id}#c-{id}")));
        }
        "pass" | "block" => {
            let calendar = id(form, "calendar")?;
            let command = LetPass {
                who: place.who.clone(),
                calendar,
                uid: form.text("uid").to_owned(),
                passes: form.text("act") == "pass",
            };
            let done =
                app.store.write("let pass", command, |tx, c| Box::pin(busy::let_pass(tx, c))).await;
            done.map_err(closed)?;
            return Ok(Ok(format!("{here}?done=passed&seen={calendar}#c-{calendar}")));
        }
        _ => {}
    }
    let change = Change::parse(form.text("act")).ok_or(PageError::NotFound)?;
    let calendar = id(form, "calendar")?;
    let command = ChangeCalendar { who: place.who.clone(), calendar, change };
    let done =
        app.store.write("change calendar", command, |tx, c| Box::pin(busy::change(tx, c))).await;
    done.map_err(closed)?;
    Ok(Ok(format!("{here}?done={change}")))
}

fn id<T: FromStr>(form: &Form, name: &str) -> Result<T, PageError> {
    form.text(name).parse().map_err(|_| PageError::NotFound)
}

fn outside(app: &App) -> Result<(Outside, String), PageError> {
    let outside = app.outside.clone().ok_or(PageError::NotFound)?;
    let mail = app.mail.clone().ok_or(PageError::NotFound)?;
    Ok((outside, mail.from.domain().to_owned()))
}

/// The calendar is read before it is kept, so that a wrong address is told at once.
async fn add(
    app: &App,
    locale: Locale,
    place: &Place,
    form: &Form,
) -> Result<Result<String, Problems>, PageError> {
    let (outside, domain) = outside(app)?;
    let mut problems = Problems::default();
    let name = form.text("name").trim().to_owned();
    if name.is_empty() {
        problems.add("name", t::error_name(locale));
    }
    let tour = match form.text("tour") {
        "" => None,
        text => Some(text.parse::<TourId>().map_err(|_| PageError::NotFound)?),
    };
    let url = match outside.address(form.text("url")) {
        Ok(url) => url.to_string(),
        Err(why) => {
            problems.add("url", failure(locale, why));
            String::new()
        }
    };
    if !problems.is_empty() {
        return Ok(Err(problems));
    }
    let (now, known) = (app.store.now(), Known::default());
    let news = match busy::fetch(&outside, (&url, &known), &domain, now).await {
        Ok(news) => news,
        Err(Refusal { failure: why, .. }) => {
            problems.add("url", failure(locale, why));
            return Ok(Err(problems));
        }
    };
    let (who, subject) = (place.who.clone(), place.subject);
    let command = AddCalendar { who, subject, tour, name, url, news };
    match app.store.write("add calendar", command, |tx, c| Box::pin(busy::add(tx, c))).await {
        Ok(made) => {
            let (here, id) = (&place.here, made.id);
            return Ok(Ok(format!("{here}?done=added&seen={id}#c-{id}")));
        }
        Err(BusyError::Fields(fields)) => {
            for field in fields {
                match field {
                    BusyField::Name => problems.add("name", t::error_name(locale)),
                    BusyField::Address => {
                        problems.add("url", failure(locale, Failure::NoAddress));
                    }
                    BusyField::Tour => problems.add("tour", t::error_tour(locale)),
                }
            }
        }
        Err(BusyError::Twice) => problems.add("url", t::error_twice(locale)),
        Err(BusyError::TooMany(most)) => problems.add("url", t::error_many(locale, most)),
        Err(error) => return Err(closed(error)),
    }
    Ok(Err(problems))
}

/// Reads a calendar now; whether it could be read.
async fn read_again(app: &App, place: &Place, id: CalendarId) -> Result<bool, PageError> {
    let (outside, domain) = outside(app)?;
    let now = app.store.now();
    let mut conn = app.store.read().await?;
    let (calendar, _) = busy::entries(&mut conn, &place.who, id, now).await.map_err(closed)?;
    drop(conn);
    let news = busy::fetch(&outside, (&calendar.url, &Known::default()), &domain, now).await;
    let read = news.is_ok();
    let command = (calendar.id, news);
    let done = app.store.write("read calendar", command, |tx, c| Box::pin(busy::take(tx, c))).await;
    done.map_err(closed)?;
    Ok(read)
}
