//! The day at the workshop: who comes when, and one tap for each party that arrives.

use std::collections::HashMap;

use axum::extract::{Path, State};
use axum::response::Response;
use chrono::{Days, NaiveDate, Timelike};
use engine::SlotId;
use engine::accounts::Actor;
use engine::booking::{Booking, query, waitlist};
use engine::busy;
use engine::catalogue::Workshop;
use engine::clock::{local_date, local_time};
use engine::course::{Session, days_of_workshop};
use engine::privacy::What;
use engine::schedule::{
    OnSlot, ScheduleError, Slot, SlotStatus, awaiting_decision, close_slot, slots,
};
use engine::store::Tx;
use leptos::prelude::*;

use super::frame::{Desk, Tab, at, frame, see};
use super::party::Known;
use super::slot::minimum;
use super::{calendars, guest, words};
use crate::api::form::Form;
use crate::assets;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::busy::seen;
use crate::pages::host::views;
use crate::render::Page;
use crate::t::{host as t, payment as t_payment};
use crate::ui::field::Hidden;
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};
use crate::ui::{event, format};

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    let query_form = Form::of_query(&visit.query);
    let now = app.store.now();
    let today = local_date(now);
    let date = words::date(query_form.text("date")).unwrap_or(today);
    let mut conn = app.store.read().await?;
    let day = query::of_workshop_day(&mut conn, desk.id(), date).await?;
    let known = Known::load(&mut conn, day.iter().flat_map(|(_, bookings)| bookings)).await?;
    let ids: Vec<SlotId> = day.iter().map(|(slot, _)| slot.id).collect();
    let beside = Beside {
        cancelled: query::cancelled_of_slots(&mut conn, &ids).await?,
        waiting: waitlist::counts(&mut conn, &ids).await?,
    };
    let undecided = awaiting_decision(&mut conn, desk.id(), now).await?;
    let sessions = days_of_workshop(&mut conn, desk.id(), date, date).await?;
    let busy = busy::of_days(&mut conn, desk.id(), date, date).await?;
    let stale = busy::stale_of_workshop(&mut conn, desk.id(), now).await?;
    // Asked of who can answer.
    let figures_due = if desk.owner {
        engine::report::missing_year(&mut conn, desk.id(), today).await?
    } else {
        None
    };
    drop(conn);
    if day.iter().any(|(_, bookings)| !bookings.is_empty()) {
        views::note(&app, &visit, desk.id(), What::Day, date.to_string()).await?;
    }
    let closed = query_form.text("closed").parse::<i64>().ok();
    let locale = visit.locale;
    let title =
        format!("{} · {}", format::relative_day(locale, date, today), desk.workshop()?.name);
    let inner = visit.clone();
    let shop = desk.workshop()?.clone();
    Ok(Page::new(Head::host(title)).render(&visit, move || {
        let visit = &inner;
        let all: Vec<Booking> = day.iter().flat_map(|(_, all)| all.clone()).collect();
        // Of courses that began on another day.
        let going_on: Vec<&Slot> =
            sessions.iter().map(|(_, slot)| slot).filter(|slot| !ids.contains(&slot.id)).collect();
        let learners: i32 = going_on.iter().map(|slot| slot.taken).sum();
        let guests: i32 = all.iter().filter(|b| guest::is_guest(b)).map(|b| b.people).sum();
        let here: i32 = all.iter().map(guest::arrived).sum();
        let running = day.iter().filter(|(slot, _)| slot.status != SlotStatus::Cancelled).count();
        let afternoon = day.iter().any(|(slot, _)| is_open_afternoon(slot, now));
        let articles: Vec<_> =
            day.iter().map(|(slot, all)| article(visit, &desk, slot, all, (&known, &beside), now)).collect();
        let empty = (day.is_empty() && sessions.is_empty()).then(|| view! { <p class="empty">{t::no_slots(locale)}</p> });
        let news = closed.map(|n| {
            view! { <Notice tone=Tone::Good title=t::closed_slots(locale, n)><p>{t::closed_slots_note(locale)}</p></Notice> }
        });
        let made = now.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
        let body = view! {
            <div class="offline-bar" role="status" hidden data-offline-bar
                data-since=t::offline_since(locale, "{time}")
                data-waiting=t::offline_waiting(locale, "{count}")
                data-refused=t::offline_refused(locale, "{count}")
                data-sign-in=t::offline_sign_in(locale)
                data-arrived=t::arrived(locale)
                data-pending=t::offline_pending(locale)>
                {icon("cloud-off")}<span></span>
            </div>
            {news}
            {decisions(visit, &desk, &undecided)}
            {money_waits(visit, &shop)}
            {calendars::stale(visit, &shop, desk.owner, &stale)}
            {super::figures::reminder(locale, at(visit, &shop, "/figures"), figures_due)}
            <div class="day" data-day data-made=made data-shop=shop.slug.clone()>
                <header class="host-head">
                    <h1>
                        <time datetime=date.to_string()>{format::sentence(&format::day(locale, date))}</time>
                        " " <span class="lunar">{format::lunar(locale, date)}</span>
                    </h1>
                    {steps(&at(visit, &shop, ""), "date", [date - Days::new(1), date + Days::new(1)].map(|d| d.to_string()), (t::day_steps(locale), t::day_before(locale), t::today(locale), t::day_after(locale)))}
                </header>
                <dl class="tally">
                    <div><dt>{t::tally_slots(locale)}</dt><dd>{running + going_on.len()}</dd></div>
                    <div><dt>{t::tally_guests(locale)}</dt><dd>{guests + learners}</dd></div>
                    <div><dt>{t::tally_arrived(locale)}</dt><dd data-tally-arrived>{here}</dd></div>
                    <div><dt>{t::tally_money(locale)}</dt><dd>{known.to_take(&all).display(locale)}</dd></div>
                </dl>
                {busy_times(locale, &busy)}
                {classes(visit, &desk, &sessions)}
                <div>{articles} {empty}</div>
            </div>
            {actions(visit, &shop, date, afternoon)}
            <script src=assets::url("host-day.js") defer></script>
        };
        frame(visit, Some(&shop), Tab::Day, body)
    }))
}

/// ‹ today ›, for days, weeks and months alike.
pub fn steps(
    base: &str,
    name: &str,
    [before, after]: [String; 2],
    (label, back, today, next): (&'static str, &'static str, &'static str, &'static str),
) -> impl IntoView + use<> {
    let to = |value: &str| format!("{base}?{name}={value}");
    view! {
        <nav class="stepline" aria-label=label>
            <a class="btn btn-icon" href=to(&before) aria-label=back>{icon("chevron-left")}</a>
            <a class="btn" href=base.to_owned()>{today}</a>
            <a class="btn btn-icon" href=to(&after) aria-label=next>{icon("chevron-right")}</a>
        </nav>
    }
}

/// Sessions of courses that day: each leads to its list.
fn classes(visit: &Visit, desk: &Desk, sessions: &[(Session, Slot)]) -> impl IntoView + use<> {
    let locale = visit.locale;
    let items: Vec<_> = sessions
        .iter()
        .filter_map(|(session, slot)| {
            let shop = desk.workshop().ok()?;
            let (tour, _) = desk.catalogue.option(slot.option_id)?;
            let sub = format!("/courses/{}/attendance?session={}", slot.id, session.id);
            let number = crate::t::course::session(locale, i64::from(session.position));
            let time = format::time_range(locale, session.starts_at, session.ends_at);
            Some(view! {
                <li><a class="slot" data-state="open" href=at(visit, shop, &sub)>
                    <span class="slot-time">{time}
                        <span class="slot-note">{tour.title.text(locale).to_owned()} " · " {number}</span>
                    </span>
                    <span class="slot-left">{format!("{}/{}", slot.taken, slot.capacity)}</span>
                </a></li>
            })
        })
        .collect();
    (!items.is_empty()).then(|| {
        view! {
            <section class="stack-s classes" aria-labelledby="classes">
                <h2 class="panel-title" id="classes">{crate::t::course::classes(locale)}</h2>
                <ul class="slot-list plain-list">{items}</ul>
            </section>
        }
    })
}

/// When calendars of others are busy that day.
fn busy_times(locale: engine::Locale, busy: &[busy::Seen]) -> impl IntoView + use<> {
    let items: Vec<_> = busy.iter().map(|it| view! { <li>{seen(locale, it)}</li> }).collect();
    (!items.is_empty()).then(|| {
        view! {
            <section class="stack-s" aria-labelledby="busy">
                <h2 class="panel-title" id="busy">{icon("lock")}{crate::t::calendars::day_busy(locale)}</h2>
                <ul class="plain-list">{items}</ul>
            </section>
        }
    })
}

/// What stands beside the guests of a day.
struct Beside {
    cancelled: HashMap<SlotId, Vec<Booking>>,
    waiting: HashMap<SlotId, i64>,
}

/// Slots of any day that have too few guests and wait for the host's word.
fn decisions(visit: &Visit, desk: &Desk, slots: &[Slot]) -> impl IntoView + use<> {
    let locale = visit.locale;
    let items: Vec<_> = slots
        .iter()
        .filter_map(|slot| {
            let shop = desk.workshop().ok()?;
            let (tour, option) = desk.catalogue.option(slot.option_id)?;
            let page = at(visit, shop, &format!("/slots/{}", slot.id));
            let title = words::slot_named(locale, slot, option);
            Some(view! {
                <li class="stack-s">
                    <p><a href=page.clone()>{title}</a><br/>{minimum::standing(locale, slot, tour.min_to_run)}</p>
                    {minimum::quick(locale, &page, slot, "day")}
                    <p><a href=format!("{page}#minimum")>{t::decide_call_off(locale)}</a></p>
                </li>
            })
        })
        .collect();
    (!items.is_empty()).then(|| {
        view! {
            <section class="notice" data-tone="warn" aria-labelledby="undecided">
                {icon("warning")}
                <div>
                    <h2 class="notice-title" id="undecided">{t::decide_title(locale)}</h2>
                    <ul class="plain-list stack">{items}</ul>
                </div>
            </section>
        }
    })
}

/// On a phone no tab leads to money: what waits there is told here.
fn money_waits(visit: &Visit, shop: &Workshop) -> impl IntoView + use<> {
    let n = visit.waiting.get().map_or(0, |waiting| waiting.transfers);
    let locale = visit.locale;
    let page = at(visit, shop, "/money/transfers");
    (n > 0).then(|| {
        view! {
            <Notice tone=Tone::Warn title=t_payment::host_waiting(locale, n)>
                <p><a href=page>{t_payment::host_waiting_go(locale)}</a></p>
            </Notice>
        }
    })
}

fn article(
    visit: &Visit,
    desk: &Desk,
    slot: &Slot,
    bookings: &[Booking],
    (known, beside): (&Known, &Beside),
    now: chrono::DateTime<chrono::Utc>,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let (Ok(shop), Some((tour, option))) = (desk.workshop(), desk.catalogue.option(slot.option_id))
    else {
        return ().into_any();
    };
    let page = at(visit, shop, &format!("/slots/{}", slot.id));
    let state = match slot.status {
        SlotStatus::Open => None,
        SlotStatus::Closed => Some(("closed", t::closed(locale))),
        SlotStatus::Cancelled => Some(("cancelled", t::cancelled(locale))),
    };
    let badge = state.map(|(_, words)| view! { <p class="badge">{words}</p> });
    let hit = (slot.busy && slot.taken > 0).then_some("lacquer");
    let busy = slot.busy.then(|| {
        view! { <p class="badge" data-tone=hit>{crate::t::calendars::slot_busy(locale)}</p> }
    });
    let over = (slot.overbooked > 0).then(|| {
        view! { <span class="badge" data-tone="lacquer">{t::over_by(locale, i64::from(slot.overbooked))}</span> }
    });
    let mut about = Vec::new();
    about.extend(event::price(locale, slot.price_level.percent()));
    if !slot.guide.is_empty() {
        about.push(t::guided_by(locale, &slot.guide));
    }
    if !slot.note.is_empty() {
        about.push(slot.note.clone());
    }
    if !bookings.iter().any(guest::is_guest) {
        about.push(t::no_guests(locale).to_owned());
    }
    about.extend(words::held(locale, bookings));
    if let Some(parties) = beside.waiting.get(&slot.id) {
        about.push(t::parties_waiting(locale, *parties));
    }
    if minimum::is_short(slot, tour.min_to_run, now) {
        about.push(minimum::standing(locale, slot, tour.min_to_run));
    }
    let rows: Vec<_> = bookings
        .iter()
        .filter(|booking| guest::is_guest(booking))
        .map(|booking| known.listed(booking))
        .map(|listed| guest::row(visit, shop, tour, slot, listed, "day", now))
        .collect();
    let gone: Vec<_> = beside
        .cancelled
        .get(&slot.id)
        .map_or(&[][..], Vec::as_slice)
        .iter()
        .map(|booking| guest::cancelled_row(visit, shop, booking))
        .collect();
    let message = (!rows.is_empty()).then(|| {
        view! { <a class="btn btn-small" href=format!("{page}#message")>{icon("message")}{t::message_short(locale)}</a> }
    });
    let rows = (!rows.is_empty() || !gone.is_empty())
        .then(|| view! { <ul class="guests">{rows}{gone}</ul> });
    let id = format!("s-{}", slot.id);
    let named = id.clone();
    let foot = (slot.status != SlotStatus::Cancelled).then(|| {
        let call = (!slot.is_over(now)).then(|| {
            view! { <a class="btn btn-small" href=format!("{page}#add")>{icon("plus")}{t::caller(locale)}</a> }
        });
        view! {
            <footer class="host-slot-foot no-print">
                {call}
                {message}
                <a class="btn btn-small" href=page.clone()>{t::open_slot(locale)}</a>
            </footer>
        }
    });
    view! {
        <article class="host-slot" data-state=state.map(|(word, _)| word) aria-labelledby=named>
            <header class="host-slot-head">
                <time class="host-slot-time" datetime=slot.starts_at.to_rfc3339()>{format::time(locale, slot.starts_at)}</time>
                <h2 class="host-slot-title" id=id><a href=page.clone()>{option.title.text(locale).to_owned()}</a></h2>
                {guest::seats(locale, slot)}
                {badge} {busy}
                <p class="host-slot-note">{about.join(" · ")} " " {over}</p>
            </header>
            {rows} {foot}
        </article>
    }
    .into_any()
}

fn actions(
    visit: &Visit,
    shop: &engine::catalogue::Workshop,
    date: NaiveDate,
    afternoon: bool,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let to = |sub: &str| format!("{}?date={date}", at(visit, shop, sub));
    let close = afternoon.then(|| {
        view! {
            <form method="post" action=at(visit, shop, "/close-day")>
                <Hidden name="date" value=date.to_string()/>
                <button class="btn btn-danger">{icon("lock")}{t::close_afternoon(locale)}</button>
            </form>
        }
    });
    view! {
        <div class="actions no-print">
            <a class="btn" href=at(visit, shop, "/scan")>{icon("qr")}{t::scan(locale)}</a>
            <a class="btn" href=to("/slots/new")>{icon("plus")}{t::add_slot(locale)}</a>
            <a class="btn" href=to("/sheet")>{icon("print")}{t::sheet(locale)}</a>
            {close}
            <a class="btn" href=to("/bad-day")>{icon("umbrella")}{crate::t::bad_day::title(locale)}</a>
        </div>
    }
}

/// Still to begin and after noon at the venue.
fn is_open_afternoon(slot: &Slot, now: chrono::DateTime<chrono::Utc>) -> bool {
    slot.status == SlotStatus::Open
        && slot.starts_at > now
        && local_time(slot.starts_at).hour() >= 12
}

/// Slots that take nobody any more, all at once.
#[derive(Debug, Clone)]
struct CloseMany {
    actor: Actor,
    slots: Vec<SlotId>,
}

async fn close_many(tx: &mut Tx, command: CloseMany) -> Result<usize, ScheduleError> {
    for &slot in &command.slots {
        close_slot(tx, OnSlot { actor: command.actor.clone(), slot }).await?;
    }
    Ok(command.slots.len())
}

/// "Closed this afternoon": guests who are booked stay, nobody else can book.
pub async fn close(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): Path<(String, String)>,
    form: Form,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    let now = app.store.now();
    let date = words::date(form.text("date")).unwrap_or_else(|| local_date(now));
    let mut conn = app.store.read().await?;
    let day = slots::of_workshop(&mut conn, desk.id(), date, date).await?;
    drop(conn);
    let open = day.iter().filter(|slot| is_open_afternoon(slot, now)).map(|slot| slot.id).collect();
    let command = CloseMany { actor: visit.actor.clone(), slots: open };
    let closed = app
        .store
        .write("close afternoon", command, |tx, command| Box::pin(close_many(tx, command)))
        .await;
    let closed = match closed {
        Ok(closed) => closed,
        // A slot that was cancelled a moment ago: the page shows how things stand.
        Err(ScheduleError::Final) => 0,
        Err(error) => {
            words::of_schedule(visit.locale, error)?;
            0
        }
    };
    let page = at(&visit, desk.workshop()?, "");
    Ok(see(&format!("{page}?date={date}&closed={closed}")))
}
