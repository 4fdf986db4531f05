//! Seven days with their slots and who comes.

use axum::extract::{Path, State};
use axum::response::Response;
use chrono::{DateTime, Days, NaiveDate, Utc};
use engine::booking::{Booking, query};
use engine::busy;
use engine::clock::{local_date, week_start};
use engine::course::{Session, later_days_of_workshop};
use engine::privacy::What;
use engine::schedule::{Slot, SlotStatus, slots};
use leptos::prelude::*;

use super::frame::{Desk, Tab, at, frame};
use super::{day, guest, words};
use crate::api::form::Form;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::busy::seen;
use crate::pages::host::views;
use crate::render::Page;
use crate::t::host as t;
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::Head;

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    let today = local_date(app.store.now());
    let asked = words::date(Form::of_query(&visit.query).text("date")).unwrap_or(today);
    let monday = week_start(asked);
    let sunday = monday + Days::new(6);
    let mut conn = app.store.read().await?;
    let all = slots::of_workshop(&mut conn, desk.id(), monday, sunday).await?;
    let ids: Vec<_> = all.iter().map(|slot| slot.id).collect();
    let bookings = query::of_slots(&mut conn, &ids).await?;
    let sessions = later_days_of_workshop(&mut conn, desk.id(), monday, sunday).await?;
    let busy = busy::of_days(&mut conn, desk.id(), monday, sunday).await?;
    drop(conn);
    let mut days: Vec<_> = all
        .iter()
        .filter(|slot| bookings.contains_key(&slot.id))
        .map(|slot| slot.local_date.to_string())
        .collect();
    days.dedup();
    for day in days {
        views::note(&app, &visit, desk.id(), What::Day, day).await?;
    }
    let locale = visit.locale;
    let title = t::week_of(locale, format::day(locale, monday), format::date(locale, sunday));
    let shop = desk.workshop()?.clone();
    let inner = visit.clone();
    Ok(Page::new(Head::host(title.clone())).render(&visit, move || {
        let visit = &inner;
        let days: Vec<_> = monday
            .iter_days()
            .take(7)
            .map(|date| {
                let visits = all.iter().filter(|slot| slot.local_date == date).map(|slot| {
                    let guests = bookings.get(&slot.id).map_or(&[][..], Vec::as_slice);
                    (slot.starts_at, one(visit, &desk, slot, guests).into_any())
                });
                let classes = sessions.iter().filter(|(session, _)| session.local_date == date);
                let classes = classes.map(|(session, slot)| {
                    (session.starts_at, class(visit, &desk, session, slot).into_any())
                });
                let mut of_day: Vec<(DateTime<Utc>, AnyView)> = visits.chain(classes).collect();
                of_day.sort_by_key(|(at, _)| *at);
                let of_day: Vec<AnyView> = of_day.into_iter().map(|(_, view)| view).collect();
                let of_calendars: Vec<_> = busy
                    .iter()
                    .filter(|it| it.covers(date))
                    .map(|it| view! { <p class="week-empty">{icon("lock")}{seen(locale, it)}</p> })
                    .collect();
                let empty = of_day
                    .is_empty()
                    .then(|| view! { <p class="week-empty">{t::no_slots_short(locale)}</p> });
                let link = format!("{}?date={date}", at(visit, &shop, ""));
                view! {
                    <li class="week-day" data-today=(date == today).then_some("")>
                        <h2 class="week-day-head">
                            <a href=link>{format::sentence(&format::day(locale, date))}</a>
                            " " <span class="lunar">{format::lunar_brief(locale, date, date == monday)}</span>
                        </h2>
                        {of_calendars} {of_day} {empty}
                    </li>
                }
            })
            .collect();
        let around = [monday - Days::new(7), monday + Days::new(7)].map(|date: NaiveDate| date.to_string());
        let labels =
            (t::week_steps(locale), t::week_before(locale), t::this_week(locale), t::week_after(locale));
        let body = view! {
            <header class="host-head">
                <h1>{title}</h1>
                {day::steps(&at(visit, &shop, "/week"), "date", around, labels)}
            </header>
            <ol class="week">{days}</ol>
            <div class="actions no-print">
                <a class="btn" href=at(visit, &shop, "/slots/new")>{icon("plus")}{t::add_slot(locale)}</a>
            </div>
        };
        frame(visit, Some(&shop), Tab::Week, body)
    }))
}

/// How full a slot is, as the style names it.
pub fn load(slot: &Slot, least: i32) -> &'static str {
    match slot.status {
        SlotStatus::Cancelled => "cancelled",
        SlotStatus::Closed => "closed",
        SlotStatus::Open if slot.busy && slot.taken == 0 => "closed",
        SlotStatus::Open if slot.overbooked > 0 => "over",
        SlotStatus::Open if slot.taken >= slot.capacity => "full",
        SlotStatus::Open if slot.taken == 0 => "empty",
        SlotStatus::Open if slot.taken < least => "low",
        SlotStatus::Open => "some",
    }
}

/// A further session of a run.
fn class(visit: &Visit, desk: &Desk, session: &Session, slot: &Slot) -> impl IntoView + use<> {
    let locale = visit.locale;
    let (Ok(shop), Some((tour, option))) = (desk.workshop(), desk.catalogue.option(slot.option_id))
    else {
        return ().into_any();
    };
    let link = at(visit, shop, &format!("/courses/{}/attendance?session={}", slot.id, session.id));
    let head =
        format!("{} · {}/{}", format::time(locale, session.starts_at), slot.taken, slot.capacity);
    let number = crate::t::course::session(locale, i64::from(session.position));
    view! {
        <a class="week-slot" data-state=load(slot, tour.min_to_run) href=link>
            <b>{head}</b>{option.title.text(locale).to_owned()}<span>{format::sentence(&number)}</span>
        </a>
    }
    .into_any()
}

fn one(visit: &Visit, desk: &Desk, slot: &Slot, bookings: &[Booking]) -> impl IntoView + use<> {
    let locale = visit.locale;
    let (Ok(shop), Some((tour, option))) = (desk.workshop(), desk.catalogue.option(slot.option_id))
    else {
        return ().into_any();
    };
    let names: Vec<&str> = bookings
        .iter()
        .filter(|booking| guest::is_guest(booking))
        .map(|booking| booking.name.as_str())
        .collect();
    let note = match slot.status {
        SlotStatus::Cancelled => t::cancelled(locale).to_owned(),
        SlotStatus::Closed => t::closed(locale).to_owned(),
        SlotStatus::Open if slot.busy && names.is_empty() => {
            crate::t::calendars::slot_busy(locale).to_owned()
        }
        SlotStatus::Open if slot.busy => {
            format!(
                "{} · {}",
                crate::t::calendars::slot_busy(locale),
                format::commas(locale, &names)
            )
        }
        SlotStatus::Open if names.is_empty() => t::no_guests(locale).to_owned(),
        SlotStatus::Open => format::commas(locale, &names),
    };
    let link = at(visit, shop, &format!("/slots/{}", slot.id));
    let head =
        format!("{} · {}/{}", format::time(locale, slot.starts_at), slot.taken, slot.capacity);
    view! {
        <a class="week-slot" data-state=load(slot, tour.min_to_run) href=link>
            <b>{head}</b>{option.title.text(locale).to_owned()}<span>{note}</span>
        </a>
    }
    .into_any()
}
