//! Taking attendance of one session, on a phone: a name, two buttons, the next name.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::GuestId;
use engine::course::{MarkAttendance, Session, mark_attendance};
use engine::privacy::What;
use engine::schedule::Slot;
use leptos::prelude::*;

use super::run::{At, People};
use super::{found, of_run, trouble, view};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Desk, Tab, frame, see};
use crate::pages::host::views;
use crate::render::Page;
use crate::t::course as t;
use crate::ui::field::{ErrorSummary, Hidden};
use crate::ui::format;
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::notice::{Notice, Tone};
use crate::ui::sessions;

/// Fields of participants begin with this.
const GUEST: &str = "p.";

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, run)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    let (slot, _) = found(&app, &desk, &run).await?;
    views::note(&app, &visit, desk.id(), What::Departure, slot.id.to_string()).await?;
    let form = Form::of_query(&visit.query);
    answer(&app, &visit, desk, slot, form, Problems::default()).await
}

/// The session that is asked for, else the one of today or the last that has begun.
fn chosen<'s>(
    all: &'s [Session],
    form: &Form,
    now: chrono::DateTime<chrono::Utc>,
) -> Option<&'s Session> {
    let today = engine::clock::local_date(now);
    let begun = |session: &&Session| session.is_live() && session.local_date <= today;
    let asked = all.iter().find(|session| session.id.to_string() == form.text("session"));
    asked
        .filter(|session| session.is_live())
        .or_else(|| all.iter().rev().find(begun))
        .or_else(|| all.iter().find(|session| session.is_live()))
}

pub async fn save(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, run)): At,
    form: Form,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    let (slot, _) = found(&app, &desk, &run).await?;
    let people = People::load(&app, slot.id).await?;
    let session =
        people.roll.sessions.iter().find(|one| one.id.to_string() == form.text("session"));
    let Some(session) = session else {
        // Perhaps it was of another run; the page shows what there is.
        return answer(&app, &visit, desk, slot, form, Problems::default()).await;
    };
    let all = form.text("do") == "all";
    let marks = people
        .roll
        .participants()
        .filter_map(|(_, one)| {
            let id: GuestId = one.guest.id;
            let field = format!("{GUEST}{id}");
            let mark = match form.text(&field) {
                _ if all => Some(true),
                "present" => Some(true),
                "missing" => Some(false),
                _ if form.has(&field) => None,
                // Somebody enrolled while the list was open.
                _ => return None,
            };
            Some((id, mark))
        })
        .collect();
    let command =
        MarkAttendance { actor: visit.actor.clone(), session: session.id, marks, at: None };
    let done = app.store.write("attendance", command, |tx, c| Box::pin(mark_attendance(tx, c)));
    match done.await {
        Ok(_) => {
            let sub = format!("/attendance?session={}&saved=1", session.id);
            Ok(see(&of_run(&visit, desk.workshop()?, slot.id, &sub)))
        }
        Err(error) => {
            let mut problems = Problems::default();
            problems.add("main", trouble(visit.locale, error)?);
            answer(&app, &visit, desk, slot, form, problems).await
        }
    }
}

async fn answer(
    app: &App,
    visit: &Visit,
    desk: Desk,
    slot: Slot,
    form: Form,
    problems: Problems,
) -> Result<Response, PageError> {
    let (locale, now) = (visit.locale, app.store.now());
    let people = People::load(app, slot.id).await?;
    let shop = desk.workshop()?.clone();
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let inner = visit.clone();
    let title = t::attendance(locale);
    Ok(Page::new(Head::host(title)).status(status).render(visit, move || {
        let run = of_run(&inner, &shop, slot.id, "");
        let page = format!("{run}/attendance");
        let live = people.roll.live();
        let session = chosen(&live, &form, now);
        let tabs: Vec<_> = live
            .iter()
            .map(|one| {
                let here = session.is_some_and(|chosen| chosen.id == one.id).then_some("page");
                let href = format!("{page}?session={}", one.id);
                let day = format::day(locale, one.local_date);
                view! {
                    <li><a href=href aria-current=here>
                        <span class="visually-hidden">{t::session_word(locale)} " "</span>
                        {one.position}
                        <span class="visually-hidden">", " {day}</span>
                    </a></li>
                }
            })
            .collect();
        let list = session.map(|session| sheet(locale, &people, session, &page, now));
        let saved =
            form.has("saved").then(|| view! { <Notice tone=Tone::Good title=t::saved(locale)/> });
        let body = view! {
            {breadcrumb(locale, vec![(run, t::back_to_run(locale).to_owned())])}
            <h1>{title}</h1>
            <nav class="subnav session-tabs" aria-label=t::timetable(locale)><ul>{tabs}</ul></nav>
            <ErrorSummary locale problems=problems.clone()/>
            {saved}
            {list}
        };
        frame(&inner, Some(&shop), Tab::Day, body)
    }))
}

fn sheet(
    locale: crate::Locale,
    people: &People,
    session: &Session,
    page: &str,
    now: chrono::DateTime<chrono::Utc>,
) -> impl IntoView + use<> {
    let early = engine::clock::local_date(now) < session.local_date;
    let rows: Vec<_> = people
        .roll
        .participants()
        .map(|(booking, one)| {
            let name = format!("{GUEST}{}", one.guest.id);
            let now = one.marks.get(&session.id).copied();
            let radio = |value: &'static str, words: &'static str, is: Option<bool>| {
                let name = name.clone();
                view! {
                    <label class="toggle" data-mark=value>
                        <input type="radio" name=name value=value checked=now == is disabled=early/>
                        <span>{words}</span>
                    </label>
                }
            };
            view! {
                <li class="roll-call">
                    <fieldset>
                        <legend>{one.guest.name.clone()}<span class="roll-about">{view::about(people, booking, one)}</span></legend>
                        <div class="toggles">
                            {radio("present", t::present(locale), Some(true))}
                            {radio("missing", t::missing(locale), Some(false))}
                            {radio("", t::unmarked(locale), None)}
                        </div>
                    </fieldset>
                </li>
            }
        })
        .collect();
    let none = rows.is_empty().then(|| view! { <p class="soft">{t::no_participants(locale)}</p> });
    let buttons = (!rows.is_empty() && !early).then(|| {
        view! {
            <div class="save-bar">
                <button class="btn" name="do" value="all">{t::all_present(locale)}</button>
                <button class="btn btn-primary" name="do" value="save">{crate::t::host::save(locale)}</button>
            </div>
        }
    });
    let early = early.then(|| view! { <p class="soft">{t::error_not_begun(locale)}</p> });
    view! {
        <p class="soft">
            {format::sentence(&t::session(locale, i64::from(session.position)))} " · "
            {sessions::when(locale, session)}
        </p>
        {early} {none}
        <form class="form" method="post" action=page.to_owned()>
            <Hidden name="session" value=session.id.to_string()/>
            <ul class="plain-list stack-s">{rows}</ul>
            {buttons}
        </form>
    }
}
