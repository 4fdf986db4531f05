//! A month: guests on seats of each day.

use axum::extract::{Path, State};
use axum::response::Response;
use chrono::{DateTime, Datelike, Days, Months, NaiveDate, Utc, Weekday};
use engine::clock::{local_date, week_start};
use engine::course::{Session, later_days_of_workshop};
use engine::schedule::{Slot, SlotStatus, slots};
use engine::{OptionId, busy};
use leptos::prelude::*;

use super::frame::{Desk, Tab, at, frame};
use super::{day, words};
use crate::api::form::Form;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t::host as t;
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::Head;

const WEEK: [Weekday; 7] = [
    Weekday::Mon,
    Weekday::Tue,
    Weekday::Wed,
    Weekday::Thu,
    Weekday::Fri,
    Weekday::Sat,
    Weekday::Sun,
];

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    let today = local_date(app.store.now());
    let asked = Form::of_query(&visit.query).text("month").to_owned();
    let first = words::date(&format!("{asked}-01")).or_else(|| today.with_day(1)).unwrap_or(today);
    let next = first.checked_add_months(Months::new(1)).unwrap_or(first);
    let before = first.checked_sub_months(Months::new(1)).unwrap_or(first);
    let last = next - Days::new(1);
    let mut conn = app.store.read().await?;
    let visits = slots::of_workshop(&mut conn, desk.id(), first, last).await?;
    let sessions = later_days_of_workshop(&mut conn, desk.id(), first, last).await?;
    let busy = busy::of_days(&mut conn, desk.id(), first, last).await?;
    drop(conn);
    let all = entries(&visits, &sessions);
    let locale = visit.locale;
    let title = format::sentence(&format::month(locale, first));
    let shop = desk.workshop()?.clone();
    let inner = visit.clone();
    Ok(Page::new(Head::host(title.clone())).render(&visit, move || {
        let visit = &inner;
        let heads: Vec<_> = WEEK
            .into_iter()
            .map(|weekday| {
                let long = format::sentence(format::weekday(locale, weekday));
                view! { <th scope="col"><abbr title=long>{format::weekday_short(locale, weekday)}</abbr></th> }
            })
            .collect();
        let base = at(visit, &shop, "");
        let weeks: Vec<_> = week_start(first)
            .iter_weeks()
            .take_while(|monday| *monday <= last)
            .map(|monday| {
                let cells: Vec<_> = monday
                    .iter_days()
                    .take(7)
                    .map(|date| {
                        let inside = first <= date && date <= last;
                        let of_day: Vec<&Entry> =
                            all.iter().filter(|entry| entry.date == date).collect();
                        let busy = busy.iter().any(|it| it.covers(date));
                        cell(visit, &desk, &base, (date, today), inside, busy, &of_day)
                    })
                    .collect();
                view! { <tr>{cells}</tr> }
            })
            .collect();
        let around = [before, next].map(|date| date.format("%Y-%m").to_string());
        let labels =
            (t::month_steps(locale), t::month_before(locale), t::this_month(locale), t::month_after(locale));
        let body = view! {
            <header class="host-head">
                <h1>{title.clone()}</h1>
                {day::steps(&at(visit, &shop, "/month"), "month", around, labels)}
            </header>
            <table class="month">
                <caption>{t::month_caption(locale, title)}</caption>
                <thead><tr>{heads}</tr></thead>
                <tbody>{weeks}</tbody>
            </table>
        };
        frame(visit, Some(&shop), Tab::Month, body)
    }))
}

/// What takes place on a day: a visit, or a session of a course.
struct Entry {
    date: NaiveDate,
    starts_at: DateTime<Utc>,
    option_id: OptionId,
    taken: i32,
    capacity: i32,
}

/// By time.
fn entries(visits: &[Slot], sessions: &[(Session, Slot)]) -> Vec<Entry> {
    let entry = |slot: &Slot, date, starts_at| Entry {
        date,
        starts_at,
        option_id: slot.option_id,
        taken: slot.taken,
        capacity: slot.capacity,
    };
    let visits = visits
        .iter()
        .filter(|slot| slot.status != SlotStatus::Cancelled)
        .map(|slot| entry(slot, slot.local_date, slot.starts_at));
    let later =
        sessions.iter().map(|(session, slot)| entry(slot, session.local_date, session.starts_at));
    let mut all: Vec<Entry> = visits.chain(later).collect();
    all.sort_by_key(|entry| entry.starts_at);
    all
}

fn cell(
    visit: &Visit,
    desk: &Desk,
    base: &str,
    (date, today): (NaiveDate, NaiveDate),
    inside: bool,
    busy: bool,
    slots: &[&Entry],
) -> impl IntoView + use<> {
    if !inside {
        return view! { <td data-out=""></td> }.into_any();
    }
    let locale = visit.locale;
    let taken: i32 = slots.iter().map(|slot| slot.taken).sum();
    let capacity: i32 = slots.iter().map(|slot| slot.capacity).sum();
    let said = if slots.is_empty() {
        format::commas(locale, &[format::day(locale, date).as_str(), t::no_slots_short(locale)])
    } else {
        let counts = t::month_day(locale, capacity, slots.len(), taken);
        format::commas(locale, &[format::day(locale, date), counts])
    };
    let said = if busy {
        format!("{said}{} {}", locale.writing().stop, crate::t::calendars::day_busy(locale))
    } else {
        said
    };
    let busy = busy.then(|| icon("lock"));
    let state = if taken * 8 >= capacity * 7 { "full" } else { "some" };
    let load = (!slots.is_empty()).then(|| {
        view! { <span class="month-load" data-state=state>{format!("{taken}/{capacity}")}</span> }
    });
    let lines: Vec<_> = slots
        .iter()
        .filter_map(|slot| {
            let (_, option) = desk.catalogue.option(slot.option_id)?;
            let name = option.title.text(locale);
            let time = format::time(locale, slot.starts_at);
            // Seats before the name, which may be cut.
            Some(view! { <span>{format!("{time} {}/{} {name}", slot.taken, slot.capacity)}</span> })
        })
        .collect();
    view! {
        <td data-today=(date == today).then_some("") data-closed=slots.is_empty().then_some("")>
            <a class="month-day" href=format!("{base}?date={date}")>
                <span class="visually-hidden">{format::sentence(&said)}</span>
                <span aria-hidden="true">
                    <span class="month-num">{date.day()}</span> {busy} {load}
                    <span class="month-slots">{lines}</span>
                </span>
            </a>
        </td>
    }
    .into_any()
}
