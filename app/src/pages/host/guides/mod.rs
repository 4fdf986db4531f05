//! Who leads what: a week of the guides that a workshop may count on, its own and its co-op's.

pub mod edit;
pub mod person;
mod question;
pub mod words;

use axum::extract::{Path, State};
use axum::response::Response;
use chrono::{Datelike, Days, NaiveDate};
use engine::catalogue::Workshop;
use engine::clock::{local_date, week_start};
use engine::guide::{self, Duty, GuideError, Row, Week};
use engine::resource::Owner;
use leptos::prelude::*;

use super::frame::{Desk, Tab, at, frame};
use super::resources::Rights;
use super::{day, words as host_words};
use crate::api::form::Form;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t::{guide as t, resource};
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};

/// An error that is no matter of words on a page.
pub(super) fn of_guide(error: GuideError) -> PageError {
    match error {
        GuideError::Store(error) => error.into(),
        _ => PageError::NotFound,
    }
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    let rights = Rights::of(&app, &visit, &desk).await?;
    let today = local_date(app.store.now());
    let query = Form::of_query(&visit.query);
    let monday = week_start(host_words::date(query.text("date")).unwrap_or(today));
    let mut conn = app.store.read().await?;
    let now = app.store.now();
    let week = guide::week(&mut conn, &visit.actor, desk.id(), (monday, 7), now).await;
    drop(conn);
    let week = week.map_err(of_guide)?;
    let locale = visit.locale;
    let shop = desk.workshop()?.clone();
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::title(locale))).render(&visit, move || {
        let visit = &inner;
        let sunday = monday + Days::new(6);
        let title =
            resource::week_of(locale, format::day(locale, monday), format::day(locale, sunday));
        let around = [monday - Days::new(7), monday + Days::new(7)].map(|date| date.to_string());
        let labels = (
            resource::week_steps(locale),
            resource::week_before(locale),
            resource::this_week(locale),
            resource::week_after(locale),
        );
        let new = at(visit, &shop, "/guides/new");
        let add_own = rights.own.then(|| {
            view! { <a class="btn" href=new.clone()>{icon("plus")}{t::add_own(locale)}</a> }
        });
        let add_shared = rights.coop.map(|_| {
            view! { <a class="btn" href=format!("{new}?owner=coop")>{icon("plus")}{t::add_shared(locale)}</a> }
        });
        let none = week.rows.is_empty().then(|| {
            view! { <section class="panel stack-s"><h2 class="panel-title">{t::none(locale)}</h2><p>{t::none_text(locale)}</p></section> }
        });
        let unled = (!week.rows.is_empty()).then(|| unled(visit, &desk, &week));
        let (working, away): (Vec<&Row>, Vec<&Row>) =
            week.rows.iter().partition(|row| row.guide.resource.active);
        let rows: Vec<_> = working
            .into_iter()
            .chain(away)
            .map(|row| line(visit, &desk, row, &week.dates, today))
            .collect();
        let body = view! {
            <header class="host-head">
                <div><h1>{t::title(locale)}</h1><p class="soft">{title}</p></div>
                {day::steps(&at(visit, &shop, "/guides"), "date", around, labels)}
            </header>
            {asked(visit, &shop, &week)} {unled} {none}
            <div class="board">{rows}</div>
            <div class="actions no-print">{add_own}{add_shared}</div>
        };
        frame(visit, Some(&shop), Tab::More, body)
    }))
}

/// Guides who ask for days off, each with the way to answer.
fn asked(visit: &Visit, shop: &Workshop, week: &Week) -> Option<impl IntoView + use<>> {
    if week.asked.is_empty() {
        return None;
    }
    let locale = visit.locale;
    let items: Vec<_> = week
        .asked
        .iter()
        .map(|(guide, leave)| {
            let days = (locale.writing().span)(leave.from_date, leave.to_date);
            let words = t::asks_leave(locale, days, guide.name());
            let href = at(visit, shop, &format!("/guides/{}", guide.id()));
            view! { <li>{words} " " <a href=href>{t::answer(locale)}</a></li> }
        })
        .collect();
    let count = i64::try_from(items.len()).unwrap_or(i64::MAX);
    Some(view! {
        <Notice tone=Tone::Warn title=t::leave_waits(locale, count)><ul class="plain-list">{items}</ul></Notice>
    })
}

/// Departures with guests and without a guide, each with the way to choose one.
fn unled(visit: &Visit, desk: &Desk, week: &Week) -> Option<impl IntoView + use<>> {
    if week.unled.is_empty() {
        return None;
    }
    let locale = visit.locale;
    let shop = desk.workshop().ok()?.clone();
    let items: Vec<_> = week
        .unled
        .iter()
        .map(|slot| {
            let tour = desk.catalogue.tour(slot.tour_id).map_or("", |it| it.title.text(locale));
            let words = t::unled_line(locale, slot.heads, tour, host_words::starts(locale, slot));
            let named = (!slot.guide.is_empty()).then(|| {
                view! { <span class="soft">" – " {t::unled_named(locale, &slot.guide)}</span> }
            });
            let href = at(visit, &shop, &format!("/slots/{}#guide-of", slot.id));
            view! { <li>{words} {named} " " <a href=href>{t::choose(locale)}</a></li> }
        })
        .collect();
    let count = i64::try_from(items.len()).unwrap_or(i64::MAX);
    Some(view! {
        <Notice tone=Tone::Warn title=t::unled(locale, count)><ul class="plain-list">{items}</ul></Notice>
    })
}

fn line(
    visit: &Visit,
    desk: &Desk,
    row: &Row,
    dates: &[NaiveDate],
    today: NaiveDate,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let Ok(shop) = desk.workshop() else { return ().into_any() };
    let guide = &row.guide;
    let id = format!("g-{}", guide.id());
    let owner = match guide.resource.owner() {
        Some(Owner::Coop(_)) => t::shared(locale),
        _ => t::own(locale),
    };
    let retired = (!guide.resource.active)
        .then(|| view! { " " <span class="badge">{t::retired(locale)}</span> });
    let count = i64::try_from(row.duties.len()).unwrap_or(i64::MAX);
    let minutes = i32::try_from(row.minutes()).unwrap_or(i32::MAX);
    let load = if count == 0 {
        t::load_none(locale).to_owned()
    } else {
        t::load(locale, format::duration(locale, minutes), count)
    };
    let phone = (!guide.phone.is_empty()).then(|| {
        view! { " · " <a href=format!("tel:{}", guide.phone)>{format::phone(&guide.phone)}</a> }
    });
    let days: Vec<_> = dates.iter().map(|date| one_day(visit, desk, row, *date, today)).collect();
    let quiet = (row.duties.is_empty() && row.away.is_empty())
        .then(|| view! { <p class="guide-quiet soft small">{t::free_week(locale)}</p> });
    view! {
        <section class="board-row guide-row" aria-labelledby=id.clone()>
            <div class="board-name">
                <h2 class="entry-title" id=id.clone()>
                    <a href=at(visit, shop, &format!("/guides/{}", guide.id()))>{guide.name().to_owned()}</a>
                </h2>
                <p class="entry-text">{format::sentence(&words::languages(locale, &guide.languages.0))} {phone}</p>
                <p class="entry-text">{owner} " · " <strong>{load}</strong> {retired}</p>
            </div>
            <ol class="guide-week">{days}</ol> {quiet}
        </section>
    }
    .into_any()
}

fn one_day(
    visit: &Visit,
    desk: &Desk,
    row: &Row,
    date: NaiveDate,
    today: NaiveDate,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let duties: Vec<_> = row.duties.iter().filter(|duty| duty.date() == date).collect();
    let away = row.away_on(date);
    let state = match (duties.is_empty(), away, row.works_on(date)) {
        (false, ..) => "leads",
        (true, Some(_), _) => "off",
        (true, None, false) => "shut",
        (true, None, true) => "free",
    };
    let note = away.map(|task| match task.purpose {
        engine::resource::Purpose::Upkeep => t::off(locale).to_owned(),
        _ => format!("{} {}", t::other_work(locale), format::time(locale, task.starts_at)),
    });
    let note = note.or_else(|| (state == "shut").then(|| t::not_working(locale).to_owned()));
    let note = note.map(|words| view! { <p class="guide-off">{words}</p> });
    let duties: Vec<_> = duties.into_iter().map(|it| duty(visit, desk, it)).collect();
    let long = format::sentence(&format::day(locale, date));
    let short = format!(
        "{} {}",
        format::weekday_short(locale, date.weekday()),
        format::day_month(locale, date)
    );
    view! {
        <li class="guide-day" data-state=state data-today=(date == today).then_some("")>
            <p class="guide-date"><span aria-hidden="true">{short}</span><span class="visually-hidden">{long}</span></p>
            <div class="guide-duties">{duties} {note}</div>
        </li>
    }
}

fn duty(visit: &Visit, desk: &Desk, duty: &Duty) -> impl IntoView + use<> {
    let locale = visit.locale;
    let Ok(here) = desk.workshop() else { return ().into_any() };
    let slot = &duty.slot;
    let stretch = duty.stretch();
    let title = desk.catalogue.tour(slot.tour_id).map_or("", |it| it.title.text(locale));
    let shop = desk.catalogue.workshop(slot.workshop_id);
    let elsewhere = shop.filter(|shop| shop.id != here.id);
    let title = match elsewhere {
        Some(shop) => t::at_workshop(locale, title, &shop.name),
        None => title.to_owned(),
    };
    let session = duty.session.as_ref().map(|session| {
        let number = crate::t::course::session(locale, i64::from(session.position));
        view! { <span>{format::sentence(&number)}</span> }
    });
    let time = format::time_range(locale, stretch.from, stretch.to);
    let people = t::people_of(locale, slot.heads, slot.capacity);
    let state = if slot.taken == 0 { "empty" } else { "some" };
    // Another workshop's departures are its own to open.
    let open = shop.filter(|shop| visit.actor.must_serve(shop.id).is_ok());
    let inner = view! { <b>{time}</b>{title} {session} <span>{people}</span> };
    match open {
        Some(shop) => {
            let href = at(visit, shop, &format!("/slots/{}", slot.id));
            view! { <a class="week-slot" data-state=state href=href>{inner}</a> }.into_any()
        }
        None => view! { <div class="week-slot" data-state=state>{inner}</div> }.into_any(),
    }
}
