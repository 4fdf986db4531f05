//! One slot: its guests, its line, and everything a host may do with it.

mod caller;
mod controls;
mod guide;
mod message;
pub mod minimum;

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::booking::waitlist::{Entry, Wait, waiting_for};
use engine::booking::{Booking, query};
use engine::guide::Choice;
use engine::privacy::What;
use engine::schedule::{
    CancelSlot, MoveSlot, NoteSlot, OnSlot, ResizeSlot, Slot, SlotStatus, cancel_slot, close_slot,
    move_slot, note_slot, reopen_slot, resize_slot, slots,
};
use engine::store::TimeOfDay;
use engine::{Locale, SlotId};
use leptos::prelude::*;

use super::frame::{Desk, Tab, at, frame, see};
use super::party::{self, Known};
use super::{guest, words};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::views;
use crate::render::Page;
use crate::t::host as t;
use crate::ui::field::ErrorSummary;
use crate::ui::icon::icon;
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::notice::{Notice, Tone};
use crate::ui::{event, format};

type At = Path<(String, String, String)>;

/// All that the page shows.
struct View {
    slot: Slot,
    bookings: Vec<Booking>,
    /// Parties that had booked and cancelled.
    ended: Vec<Booking>,
    line: Vec<(Entry, Wait)>,
    known: Known,
    choice: Choice,
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, slot)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    let slot = found(&app, &desk, &slot).await?;
    views::note(&app, &visit, desk.id(), What::Departure, slot.id.to_string()).await?;
    let form = Form::of_query(&visit.query);
    answer(&app, &visit, desk, slot, form, Problems::default()).await
}

async fn found(app: &App, desk: &Desk, id: &str) -> Result<Slot, PageError> {
    let id: SlotId = id.parse().map_err(|_| PageError::NotFound)?;
    let mut conn = app.store.read().await?;
    let slot = slots::find(&mut conn, id).await?;
    slot.filter(|slot| slot.workshop_id == desk.id()).ok_or(PageError::NotFound)
}

/// The forms of the page: `act` says which.
pub async fn act(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, slot)): At,
    form: Form,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    let slot = found(&app, &desk, &slot).await?;
    let mut problems = Problems::default();
    let after = perform(&app, &visit, &desk, &slot, &form, &mut problems).await?;
    if problems.is_empty() {
        let shop = desk.workshop()?;
        let page = at(&visit, shop, &format!("/slots/{}", slot.id));
        return Ok(see(&match form.text("back") {
            "day" => format!("{}?date={}{after}", at(&visit, shop, ""), slot.local_date),
            _ => format!("{page}{after}"),
        }));
    }
    answer(&app, &visit, desk, slot, form, problems).await
}

/// Does it; answers what to add to the page's address. What stands against it is in `problems`.
async fn perform(
    app: &App,
    visit: &Visit,
    desk: &Desk,
    of: &Slot,
    form: &Form,
    problems: &mut Problems,
) -> Result<String, PageError> {
    let slot = of.id;
    let locale = visit.locale;
    let (actor, store) = (visit.actor.clone(), &app.store);
    let catalogue = Arc::clone(&desk.catalogue);
    let on = OnSlot { actor: actor.clone(), slot };
    let (field, done) = match form.text("act") {
        "call" => return caller::call(app, visit, desk, slot, form, problems).await,
        "message" => return message::send(app, visit, slot, form, problems).await,
        "decide" => return minimum::decide(app, visit, slot, form, problems).await,
        "assign" | "unassign" => return guide::act(app, visit, desk, of, form, problems).await,
        "resize" => {
            let Ok(capacity) = form.text("capacity").trim().parse() else {
                problems.add("capacity", t::error_capacity(locale));
                return Ok(String::new());
            };
            let command = ResizeSlot { actor, slot, capacity };
            (
                "capacity",
                store.write("resize slot", command, |tx, c| Box::pin(resize_slot(tx, c))).await,
            )
        }
        "close" => {
            ("main", store.write("close slot", on, |tx, c| Box::pin(close_slot(tx, c))).await)
        }
        "reopen" => {
            ("main", store.write("reopen slot", on, |tx, c| Box::pin(reopen_slot(tx, c))).await)
        }
        "note" => {
            let (note, guide) = (form.text("note").to_owned(), form.text("guide").to_owned());
            let command = NoteSlot { actor, slot, note, guide };
            ("note", store.write("note slot", command, |tx, c| Box::pin(note_slot(tx, c))).await)
        }
        "move" => {
            let time = form.text("time").parse::<TimeOfDay>().ok();
            let (Some(date), Some(time)) = (words::date(form.text("date")), time) else {
                problems.add("time", t::error_time(locale));
                return Ok(String::new());
            };
            let command = MoveSlot { catalogue, actor, slot, date, time };
            ("time", store.write("move slot", command, |tx, c| Box::pin(move_slot(tx, c))).await)
        }
        "cancel" => {
            let reason = form.text("reason").trim().to_owned();
            if reason.is_empty() {
                problems.add("reason", t::error_reason(locale));
                return Ok(String::new());
            }
            let command = CancelSlot { actor, slot, reason };
            let done =
                store.write("cancel slot", command, |tx, c| Box::pin(cancel_slot(tx, c))).await;
            ("reason", done.map(|(slot, _)| slot))
        }
        _ => return Err(PageError::NotFound),
    };
    match done {
        // Whoever led it can't at the new time.
        Ok(now) if now.guide.is_empty() && form.text("act") == "move" && !of.guide.is_empty() => {
            let lost = serde_html_form::to_string([("lost", &of.guide)]).unwrap_or_default();
            Ok(format!("?{lost}"))
        }
        Ok(_) => Ok(String::new()),
        Err(error) => {
            problems.add(field, words::of_schedule(locale, error)?);
            Ok(String::new())
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
    let now = app.store.now();
    let mut conn = app.store.read().await?;
    let bookings = query::of_slot(&mut conn, slot.id).await?;
    let ended = query::cancelled_of_slots(&mut conn, &[slot.id]).await?;
    let ended = ended.into_values().flatten().collect();
    let line = waiting_for(&mut conn, slot.id, now).await?;
    let known = Known::load(&mut conn, bookings.iter()).await?;
    drop(conn);
    let choice = guide::choice(app, visit, &slot).await?;
    let locale = visit.locale;
    let (tour, option) = desk.catalogue.option(slot.option_id).ok_or(PageError::NotFound)?;
    let (tour, option) = (tour.clone(), option.clone());
    let shop = desk.workshop()?.clone();
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let title = format!("{} · {}", format::time(locale, slot.starts_at), option.title.text(locale));
    let inner = visit.clone();
    let view = View { slot, bookings, ended, line, known, choice };
    Ok(Page::new(Head::host(title.clone())).status(status).render(visit, move || {
        let View { slot, bookings, ended, line, known, choice } = &view;
        let visit = &inner;
        let page = at(visit, &shop, &format!("/slots/{}", slot.id));
        let day = format!("{}?date={}", at(visit, &shop, ""), slot.local_date);
        let rows: Vec<_> = bookings
            .iter()
            .filter(|booking| guest::is_guest(booking))
            .map(|booking| known.listed(booking))
            .map(|listed| guest::row(visit, &shop, &tour, slot, listed, "slot", now))
            .collect();
        let answered = party::counts(locale, &tour, bookings, known).map(|counts| {
            let title = crate::t::guests::host_tally(locale);
            view! { <div class="panel stack-s"><h3 class="panel-title">{title}</h3>{counts}</div> }
        });
        let parties = i64::try_from(rows.len()).unwrap_or(0);
        let waiting: Vec<_> =
            line.iter().enumerate().map(|(at, (entry, why))| waiting(locale, at, entry, *why)).collect();
        let gone: Vec<_> =
            ended.iter().map(|booking| guest::cancelled_row(visit, &shop, booking)).collect();
        let none = (rows.is_empty() && waiting.is_empty())
            .then(|| view! { <p class="empty">{t::no_guests(locale)}</p> });
        let sent = form.text("sent").parse::<i64>().ok().map(|n| {
            view! { <Notice tone=Tone::Good title=t::message_sent(locale, n)>""</Notice> }
        });
        let code = form.text("booked").to_owned();
        let booked = form.has("booked").then(move || {
            view! { <Notice tone=Tone::Good title=t::booked(locale)><p>{code}</p></Notice> }
        });
        let lost = form.text("lost").to_owned();
        let lost = (!lost.is_empty() && slot.guide.is_empty()).then(|| {
            view! { <Notice tone=Tone::Warn title=crate::t::guide::lost(locale, lost)>""</Notice> }
        });
        let busy = slot.busy.then(|| {
            use crate::t::calendars as t;
            view! { <Notice tone=Tone::Warn title=t::slot_busy(locale)><p>{t::slot_busy_text(locale)}</p></Notice> }
        });
        let date = format!("{} · {}", format::sentence(&format::date(locale, slot.local_date)), format::lunar(locale, slot.local_date));
        let run = slot.is_run().then(|| {
            let href = at(visit, &shop, &format!("/courses/{}", slot.id));
            view! {
                <p><a class="btn" href=href>{icon("list")}{crate::t::course::open_run(locale)}</a></p>
            }
        });
        let guide = (!slot.guide.is_empty()).then(|| format!(" · {}", slot.guide));
        let price = event::price(locale, slot.price_level.percent()).map(|words| format!(" · {words}"));
        let room = guest::room(locale, slot).map(|words| format!(" · {words}"));
        let around = controls::Around { parties, over: slot.is_over(now), led: choice.lead.is_some() };
        let body = view! {
            {breadcrumb(locale, vec![(day, format::sentence(&format::day(locale, slot.local_date)))])}
            {sent} {booked} {lost} {busy} {run}
            <ErrorSummary locale problems=problems.clone()/>
            <header class="host-head">
                <div><h1>{title}</h1><p class="soft">{date}{guide}{room}{price}</p></div>
                {guest::seats(locale, slot)}
            </header>
            {minimum::panel(locale, &page, slot, tour.min_to_run, &form, &problems, now)}
            <div class="split">
                <section class="stack" aria-labelledby="guests">
                    <h2 id="guests">{t::guests(locale)}</h2>
                    <div class="host-slot"><ul class="guests">{rows}{waiting}{gone}</ul>{none}</div>
                    {answered}
                    {(slot.status != SlotStatus::Cancelled && !slot.is_over(now)).then(|| caller::call_form(locale, &page, &option, &form, &problems))}
                    {message::message_form(locale, &page, &form, &problems, parties)}
                </section>
                <div class="stack">
                    {guide::panel(locale, &page, &desk.catalogue, slot, choice, &problems, slot.is_over(now))}
                    {controls::controls(locale, &page, slot, &form, &problems, &around)}
                </div>
            </div>
        };
        frame(visit, Some(&shop), Tab::Day, body)
    }))
}

fn waiting(locale: Locale, at: usize, entry: &Entry, why: Wait) -> impl IntoView + use<> {
    let why = match why {
        Wait::Offered { until } => t::wait_offered(locale, format::time(locale, until)),
        Wait::TooFewSeats { needs, left } => t::wait_few(locale, left, needs),
        Wait::Closed => t::wait_closed(locale).to_owned(),
        Wait::TooLate => t::wait_late(locale).to_owned(),
        Wait::Next => t::wait_next(locale).to_owned(),
    };
    view! {
        <li class="guest" data-state="waiting">
            <div>
                <span class="guest-name">{entry.name.clone()}</span>
                <p class="guest-info">
                    <span>{entry.party.words(locale)}</span>
                    <span class="badge" data-tone="silk">{t::waiting_place(locale, at + 1)}</span>
                </p>
            </div>
            <p class="guest-note">{why}</p>
        </li>
    }
}
