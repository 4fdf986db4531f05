//! Planning a run: a weekly pattern fills the list of sessions, and the list is what is saved.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::Weekday;
use engine::OptionId;
use engine::catalogue::TourOption;
use engine::course::{CourseError, PlanRun, RunField, Weekly, line_of, plan_run, read_lines};
use engine::schedule::{Weekdays, closures_of};
use engine::store::TimeOfDay;
use leptos::prelude::*;

use super::{of_run, trouble};
use crate::Locale;
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Desk, Tab, at, frame, see};
use crate::pages::host::words;
use crate::render::Page;
use crate::t::course as t;
use crate::ui::field::{ErrorSummary, Select, TextArea, TextField};
use crate::ui::format;
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::notice::{Notice, Tone};

type At = Path<(String, String)>;

const DAYS: [(Weekday, &str); 7] = [
    (Weekday::Mon, "mon"),
    (Weekday::Tue, "tue"),
    (Weekday::Wed, "wed"),
    (Weekday::Thu, "thu"),
    (Weekday::Fri, "fri"),
    (Weekday::Sat, "sat"),
    (Weekday::Sun, "sun"),
];

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let first = courses(&desk).next();
    let text = |value: Option<String>| value.unwrap_or_default();
    let form = Form::of_pairs(vec![
        ("option".into(), text(first.map(|option| option.id.to_string()))),
        ("time".into(), "08:30".into()),
        ("count".into(), "6".into()),
        ("minutes".into(), text(first.map(|option| option.duration_minutes.to_string()))),
        ("capacity".into(), text(first.map(|option| option.capacity.to_string()))),
    ]);
    answer(&visit, &desk, form, Problems::default(), Vec::new())
}

/// Options of the workshop's courses.
fn courses(desk: &Desk) -> impl Iterator<Item = &TourOption> {
    desk.catalogue
        .all_tours_of(desk.id())
        .filter(|tour| tour.course.is_some())
        .flat_map(engine::catalogue::Tour::open_options)
}

pub async fn save(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
    form: Form,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let locale = visit.locale;
    let mut wrong = Problems::default();
    let chosen: Option<OptionId> = form.text("option").parse().ok();
    let option = courses(&desk).find(|option| Some(option.id) == chosen);
    let Some(option) = option else {
        wrong.add("option", t::error_option(locale));
        return answer(&visit, &desk, form, wrong, Vec::new());
    };
    let minutes = form.text("minutes").trim().parse().unwrap_or(option.duration_minutes);
    if form.text("do") == "list" {
        let Some(weekly) = weekly(locale, &form, minutes, &mut wrong) else {
            return answer(&visit, &desk, form, wrong, Vec::new());
        };
        let mut conn = app.store.read().await?;
        let closures = closures_of(&mut conn, desk.id()).await?;
        drop(conn);
        let (planned, left_out) = weekly.dates(option.tour_id, &closures);
        let list: Vec<String> = planned.iter().map(line_of).collect();
        let typed = form.pairs().filter(|(name, _)| *name != "sessions" && *name != "do");
        let typed = typed.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let listed = [("sessions".to_owned(), list.join("\n"))];
        let left_out = left_out.into_iter().map(|date| format::date(locale, date)).collect();
        let form = Form::of_pairs(typed.chain(listed).collect());
        return answer(&visit, &desk, form, Problems::default(), left_out);
    }
    let sessions = match read_lines(form.text("sessions"), minutes) {
        Ok(sessions) => sessions,
        Err(lines) => {
            let lines: Vec<String> = lines.iter().map(usize::to_string).collect();
            wrong.add("sessions", t::error_lines(locale, format::commas(locale, &lines)));
            return answer(&visit, &desk, form, wrong, Vec::new());
        }
    };
    let capacity = form.text("capacity").trim().parse().unwrap_or(0);
    let command = PlanRun {
        catalogue: Arc::clone(&desk.catalogue),
        actor: visit.actor.clone(),
        option: option.id,
        sessions,
        capacity,
        guide: form.text("guide").to_owned(),
    };
    match app.store.write("plan run", command, |tx, c| Box::pin(plan_run(tx, c))).await {
        Ok(slot) => {
            Ok(see(&format!("{}?planned=1", of_run(&visit, desk.workshop()?, slot.id, ""))))
        }
        Err(CourseError::Plan(fields)) => {
            for field in fields {
                let number = |at: usize| i64::try_from(at + 1).unwrap_or(i64::MAX);
                match field {
                    RunField::Sessions => wrong.add("sessions", t::error_sessions(locale)),
                    RunField::Session(at) => {
                        wrong.add("sessions", t::error_session(locale, number(at)));
                    }
                    RunField::Overlap(at) => {
                        wrong.add("sessions", t::error_overlap(locale, number(at)));
                    }
                    RunField::Capacity => {
                        wrong.add("capacity", crate::t::host::error_capacity(locale));
                    }
                }
            }
            answer(&visit, &desk, form, wrong, Vec::new())
        }
        Err(error) => {
            wrong.add("sessions", trouble(locale, error)?);
            answer(&visit, &desk, form, wrong, Vec::new())
        }
    }
}

/// The pattern as typed; names every field that can't be read.
fn weekly(locale: Locale, form: &Form, minutes: i32, wrong: &mut Problems) -> Option<Weekly> {
    let first = words::date(form.text("first"));
    let time = form.text("time").parse::<TimeOfDay>().ok();
    let count = form.text("count").trim().parse::<usize>().ok().filter(|n| (1..=120).contains(n));
    if first.is_none() {
        wrong.add("first", crate::t::host::error_date(locale));
    }
    if time.is_none() {
        wrong.add("time", crate::t::host::error_time(locale));
    }
    if count.is_none() {
        wrong.add("count", t::error_count(locale));
    }
    let days = DAYS.iter().filter(|(_, word)| form.all("day").any(|ticked| ticked == *word));
    let weekdays = Weekdays(days.map(|(day, _)| *day).collect());
    Some(Weekly { first: first?, weekdays, time: time?, minutes, count: count? })
}

fn answer(
    visit: &Visit,
    desk: &Desk,
    form: Form,
    problems: Problems,
    left_out: Vec<String>,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let shop = desk.workshop()?.clone();
    let options = desk.option_choices(locale, |option| option.active && desk.is_course(option.id));
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::plan(locale))).status(status).render(visit, move || {
        let (value, error) = (|name: &str| form.text(name).to_owned(), |name: &str| problems.of(name));
        let list = at(&inner, &shop, "/courses");
        let page = at(&inner, &shop, "/courses/new");
        let days: Vec<_> = DAYS
            .iter()
            .map(|(day, word)| {
                let ticked = form.all("day").any(|ticked| ticked == *word);
                let name = format::weekday(locale, *day);
                view! {
                    <label class="toggle">
                        <input type="checkbox" name="day" value=*word checked=ticked/>
                        <span>{format::sentence(name)}</span>
                    </label>
                }
            })
            .collect();
        let left_out = (!left_out.is_empty()).then(|| {
            view! {
                <Notice tone=Tone::Info title=t::left_out(locale)><p>{format::semicolons(locale, &left_out)}</p></Notice>
            }
        });
        let body = view! {
            {breadcrumb(locale, vec![(list.clone(), t::host_title(locale).to_owned())])}
            <h1>{t::plan(locale)}</h1>
            <ErrorSummary locale problems=problems.clone()/>
            <form class="form" method="post" action=page novalidate>
                <div class="panel stack">
                    <Select locale name="option" label=t::course_word(locale) options=options
                        value=value("option") error=error("option")/>
                    <div class="field-row">
                        <TextField locale name="capacity" label=t::places(locale) kind="number"
                            inputmode="numeric" min="1" value=value("capacity") error=error("capacity")/>
                        <TextField locale name="guide" label=t::teacher_of_run(locale) optional=true
                            maxlength=120 value=value("guide")/>
                    </div>
                </div>
                <section class="panel stack" aria-labelledby="pattern">
                    <h2 class="panel-title" id="pattern">{t::pattern(locale)}</h2>
                    <div class="field-row">
                        <TextField locale name="first" label=t::first_day(locale) kind="date"
                            value=value("first") error=error("first")/>
                        <TextField locale name="time" label=t::begins(locale) kind="time"
                            value=value("time") error=error("time")/>
                    </div>
                    <div class="field-row">
                        <TextField locale name="count" label=t::how_many(locale) kind="number"
                            inputmode="numeric" min="1" max="120" value=value("count") error=error("count")/>
                        <TextField locale name="minutes" label=t::minutes(locale) kind="number"
                            inputmode="numeric" min="15" max="720" value=value("minutes")/>
                    </div>
                    <fieldset class="field">
                        <legend class="field-label">{t::weekdays(locale)}</legend>
                        <p class="field-hint">{t::weekdays_hint(locale)}</p>
                        <div class="toggles">{days}</div>
                    </fieldset>
                    <div><button class="btn" name="do" value="list">{t::make_list(locale)}</button></div>
                </section>
                {left_out}
                <div class="panel stack">
                    <TextArea locale name="sessions" label=t::session_list(locale) rows=8
                        hint=t::session_list_hint(locale) value=value("sessions") error=error("sessions")/>
                </div>
                <div class="actions">
                    <button class="btn btn-primary btn-large" name="do" value="save">{t::open_enrolment(locale)}</button>
                    <a class="btn btn-quiet" href=list>{crate::t::host::leave(locale)}</a>
                </div>
            </form>
        };
        frame(&inner, Some(&shop), Tab::More, body)
    }))
}
