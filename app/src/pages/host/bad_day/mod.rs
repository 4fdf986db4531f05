//! A bad day: whom it hits, where each could go, and one button that asks them all.

mod hits;
pub mod one;

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, TimeDelta, Utc};
use engine::booking::disruption::{self, Cause, Disruption, Hit, Scope, Tell, of_workshop, tell};
use engine::booking::{BookingError, Field};
use engine::clock::{local_date, venue_instant};
use engine::store::TimeOfDay;
use engine::{Locale, TourId};
use leptos::prelude::*;

use super::frame::{Desk, Tab, at, frame, see};
use super::words;
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t::bad_day as t;
use crate::t::host;
use crate::ui::field::{ErrorSummary, FormKey, Hidden, Select, TextArea, TextField};
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::Head;

type At = Path<(String, String)>;

/// Hours that guests may be given to choose.
const HOURS: [i64; 5] = [3, 12, 24, 48, 96];
const USUAL_HOURS: i64 = 24;
const MOST_WORDS: u32 = 1_000;
/// A broken machine is looked for in all departures that are there.
const HORIZON_DAYS: i64 = 180;
const LISTED: i64 = 30;
/// The opening hours that a form starts with.
const MORNING: &str = "06:00";
const EVENING: &str = "21:00";

const CAUSES: [Cause; 4] = [Cause::Ill, Cause::Broken, Cause::Weather, Cause::Other];

/// "Có người ốm": in a list and on buttons.
fn cause_name(locale: Locale, cause: Cause) -> &'static str {
    match cause {
        Cause::Ill => t::ill(locale),
        Cause::Broken => t::broken(locale),
        Cause::Weather => t::weather(locale),
        Cause::Other => t::other(locale),
    }
}

fn cause_of(form: &Form) -> Cause {
    Cause::parse(form.text("cause")).unwrap_or(Cause::Ill)
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    let query = Form::of_query(&visit.query);
    let today = local_date(app.store.now());
    let date = words::date(query.text("date")).unwrap_or(today).to_string();
    let fields = [
        ("cause", cause_of(&query).to_string()),
        ("from_date", date.clone()),
        ("from_time", MORNING.to_owned()),
        ("to_date", date),
        ("to_time", EVENING.to_owned()),
        ("hours", USUAL_HOURS.to_string()),
    ];
    let fields = fields.map(|(name, value)| (name.to_owned(), value)).to_vec();
    answer(&app, &visit, &desk, &Form::of_pairs(fields), Problems::default(), None).await
}

pub async fn act(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
    form: Form,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let desk = Desk::open(&app, &visit, &slug).await?;
    let now = app.store.now();
    let scope = match parse(locale, &desk, &form, now) {
        Ok(scope) => scope,
        Err(problems) => return answer(&app, &visit, &desk, &form, problems, None).await,
    };
    let mut conn = app.store.read().await?;
    let (actor, workshop) = (&visit.actor, desk.id());
    let found = disruption::hits(&mut conn, &desk.catalogue, actor, workshop, scope, now).await;
    drop(conn);
    let found = found.map_err(of_booking)?;
    // Only those whom the host has seen are asked; the list is shown again when it changed.
    if form.text("act") != "tell" || form.text("seen") != seen(scope, &found) {
        return answer(&app, &visit, &desk, &form, Problems::default(), Some((scope, found))).await;
    }
    let command = Tell {
        catalogue: Arc::clone(&desk.catalogue),
        actor: visit.actor.clone(),
        workshop,
        scope,
        words: form.text("words").to_owned(),
        hours: form.text("hours").parse().unwrap_or(USUAL_HOURS),
        form_key: form.key(),
    };
    match app.store.write("tell", command, |tx, command| Box::pin(tell(tx, command))).await {
        Ok((told, _)) => Ok(see(&at(&visit, desk.workshop()?, &format!("/bad-day/{}", told.id)))),
        Err(BookingError::Fields(fields)) if fields.contains(&Field::Notes) => {
            let mut problems = Problems::default();
            problems.add("words", t::words_long(locale));
            answer(&app, &visit, &desk, &form, problems, Some((scope, found))).await
        }
        Err(error) => Err(of_booking(error)),
    }
}

/// An error that is no matter of words on these pages.
fn of_booking(error: BookingError) -> PageError {
    match error {
        BookingError::Store(error) => error.into(),
        _ => PageError::NotFound,
    }
}

/// What the host has seen of it: the departures asked about and whom they hit.
fn seen(scope: Scope, hits: &[Hit]) -> String {
    let codes: Vec<&str> = hits.iter().map(|hit| hit.booking.code.as_str()).collect();
    let tour = scope.tour.map(|tour| tour.to_string()).unwrap_or_default();
    let when = match scope.cause {
        // Begins now, which is another now each time.
        Cause::Broken => String::new(),
        _ => format!("{} {}", scope.from.timestamp(), scope.to.timestamp()),
    };
    format!("{} {when} {tour} {}", scope.cause, codes.join(","))
}

fn parse(locale: Locale, desk: &Desk, form: &Form, now: DateTime<Utc>) -> Result<Scope, Problems> {
    let mut problems = Problems::default();
    let cause = cause_of(form);
    let tour = match form.text("tour") {
        "" => None,
        id => {
            let tour = id.parse::<TourId>().ok();
            let ours = |id: &TourId| {
                desk.catalogue.tour(*id).is_some_and(|tour| tour.workshop_id == desk.id())
            };
            let tour = tour.filter(ours);
            if tour.is_none() {
                problems.add("tour", host::error_option(locale));
            }
            tour
        }
    };
    let (from, to) = if cause == Cause::Broken {
        (now, now + TimeDelta::days(HORIZON_DAYS))
    } else {
        let mut instant = |date: &str, time: &str| {
            let day = words::date(form.text(date));
            if day.is_none() {
                problems.add(date, host::error_date(locale));
            }
            let clock = form.text(time).trim().parse::<TimeOfDay>().ok();
            if clock.is_none() {
                problems.add(time, host::error_time(locale));
            }
            day.zip(clock).and_then(|(day, clock)| venue_instant(day, clock.time()))
        };
        let (from, to) = (instant("from_date", "from_time"), instant("to_date", "to_time"));
        match (from, to) {
            (Some(from), Some(to)) if to <= from => {
                problems.add("to_date", t::error_ends(locale));
                (from, to)
            }
            (Some(_), Some(to)) if to <= now => {
                problems.add("to_date", t::error_past(locale));
                (now, to)
            }
            (Some(from), Some(to)) => (from, to),
            _ => (now, now),
        }
    };
    if problems.is_empty() { Ok(Scope { cause, from, to, tour }) } else { Err(problems) }
}

async fn answer(
    app: &App,
    visit: &Visit,
    desk: &Desk,
    form: &Form,
    problems: Problems,
    found: Option<(Scope, Vec<Hit>)>,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let mut conn = app.store.read().await?;
    let earlier = of_workshop(&mut conn, desk.id(), LISTED).await?;
    drop(conn);
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shop = desk.workshop()?.clone();
    let (inner, desk, form) = (visit.clone(), desk.clone(), form.clone());
    Ok(Page::new(Head::host(t::title(locale))).status(status).render(visit, move || {
        let visit = &inner;
        let address = at(visit, &shop, "/bad-day");
        let now = cause_of(&form);
        let date = form.text("from_date").to_owned();
        let causes: Vec<_> = CAUSES
            .into_iter()
            .map(|cause| {
                let here = (cause == now).then_some("true");
                let to = format!("{address}?cause={cause}&date={date}");
                view! { <a href=to aria-current=here>{cause_name(locale, cause)}</a> }
            })
            .collect();
        let look = found.as_ref().map(|(_, found)| hits::panel(visit, &desk, found));
        let body = view! {
            <header class="stack-s">
                <h1>{t::title(locale)}</h1>
                <p class="lead">{t::lead(locale)}</p>
            </header>
            <ErrorSummary locale problems=problems.clone()/>
            <nav class="segments" aria-label=t::cause(locale)>{causes}</nav>
            {look}
            {fields(visit, &desk, &form, &problems, &address, found.as_ref())}
            {list(visit, &desk, &earlier)}
        };
        frame(visit, Some(&shop), Tab::More, body)
    }))
}

fn fields(
    visit: &Visit,
    desk: &Desk,
    form: &Form,
    problems: &Problems,
    address: &str,
    found: Option<&(Scope, Vec<Hit>)>,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let cause = cause_of(form);
    let value = |name: &str| form.text(name).to_owned();
    let error = |name: &str| problems.of(name);
    let mut tours = vec![(String::new(), crate::t::schedule::all_tours(locale).to_owned())];
    tours.extend(
        desk.catalogue
            .all_tours_of(desk.id())
            .map(|tour| (tour.id.to_string(), tour.title.text(locale).to_owned())),
    );
    let hours = HOURS.map(|hours| (hours.to_string(), crate::t::overflow::hours(locale, hours)));
    let when = (cause != Cause::Broken).then(|| {
        view! {
            <div class="field-row">
                <TextField locale name="from_date" label=t::from_date(locale) kind="date" value=value("from_date") error=error("from_date")/>
                <TextField locale name="from_time" label=t::from_time(locale) kind="time" value=value("from_time") error=error("from_time")/>
            </div>
            <div class="field-row">
                <TextField locale name="to_date" label=t::to_date(locale) kind="date" value=value("to_date") error=error("to_date")/>
                <TextField locale name="to_time" label=t::to_time(locale) kind="time" value=value("to_time") error=error("to_time")/>
            </div>
        }
    });
    let seen =
        found.map(|(scope, found)| view! { <Hidden name="seen" value=seen(*scope, found)/> });
    let hit = found.map_or(0, |(_, found)| i64::try_from(found.len()).unwrap_or(i64::MAX));
    let buttons = if found.is_some() {
        // With nobody hit the departures still close.
        let words = if hit == 0 { t::close_only(locale).to_owned() } else { t::tell(locale, hit) };
        view! {
            <button class="btn btn-danger" name="act" value="tell">{icon("mail")}{words}</button>
            <button class="btn" name="act" value="look">{t::look_again(locale)}</button>
        }
        .into_any()
    } else {
        view! { <button class="btn btn-primary" name="act" value="look">{icon("eye")}{t::look(locale)}</button> }
            .into_any()
    };
    view! {
        <form class="form panel" method="post" action=address.to_owned() novalidate>
            <FormKey key=form.key()/>
            <Hidden name="cause" value=cause.to_string()/>
            {seen}
            <p class="field-hint">{hint(locale, cause)}</p>
            {when}
            <Select locale name="tour" label=crate::t::schedule::which_tours(locale) options=tours value=value("tour") error=error("tour") optional=true/>
            <TextArea locale name="words" label=t::words(locale) hint=t::words_hint(locale)
                value=value("words") error=error("words") optional=true maxlength=MOST_WORDS/>
            <Select locale name="hours" label=t::hours(locale) hint=t::hours_hint(locale) options=hours.to_vec() value=value("hours")/>
            <div class="actions">{buttons}</div>
        </form>
    }
}

fn hint(locale: Locale, cause: Cause) -> &'static str {
    match cause {
        Cause::Ill => t::hint_ill(locale),
        Cause::Broken => t::hint_broken(locale),
        Cause::Weather => t::hint_weather(locale),
        Cause::Other => t::hint_other(locale),
    }
}

/// "Thứ Bảy 5/12, 06:00–21:00".
fn span(locale: Locale, bad_day: &Disruption) -> String {
    if bad_day.cause == Cause::Broken {
        return format::sentence(&format::day(locale, local_date(bad_day.created_at)));
    }
    let (from, to) = (local_date(bad_day.starts_at), local_date(bad_day.ends_at));
    let first = format::sentence(&format::day(locale, from));
    if from == to {
        return format::day_during(locale, first, bad_day.starts_at, bad_day.ends_at);
    }
    let time = |at| format::time(locale, at);
    locale.writing().stretch(
        format!("{first} {}", time(bad_day.starts_at)),
        format!("{} {}", format::day(locale, to), time(bad_day.ends_at)),
    )
}

fn list(visit: &Visit, desk: &Desk, earlier: &[Disruption]) -> Option<impl IntoView + use<>> {
    let locale = visit.locale;
    let shop = desk.workshop().ok()?;
    let items: Vec<_> = earlier
        .iter()
        .map(|bad_day| {
            let href = at(visit, shop, &format!("/bad-day/{}", bad_day.id));
            let over = bad_day.called_off_at.map(|_| view! { " · " {t::called_off(locale)} });
            view! {
                <li class="entry">
                    <h3 class="entry-title"><a class="card-link" href=href>{cause_name(locale, bad_day.cause)}</a></h3>
                    <p class="entry-text">{span(locale, bad_day)}{over}</p>
                </li>
            }
        })
        .collect();
    (!items.is_empty()).then(|| {
        view! {
            <section class="stack-s" aria-labelledby="earlier">
                <h2 class="panel-title" id="earlier">{t::earlier(locale)}</h2>
                <ul class="entry-list">{items}</ul>
            </section>
        }
    })
}
