//! Another slot of the same tour, for the same people.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::TimeDelta;
use engine::SlotId;
use engine::accounts::Actor;
use engine::booking::{self, Move, StateKind};
use engine::clock::local_date;
use engine::schedule::{Slot, slots};
use leptos::prelude::*;

use super::booking::{Link, Opened, address, open, private, see, trouble};
use crate::api::form::Form;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t;
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};
use crate::ui::summary::{Summary, run_dates};

/// Days shown at once, and the furthest page of them.
const DAYS: i64 = 28;
const LAST_PAGE: i64 = 6;

pub async fn page(State(app): State<App>, visit: Visit, link: Link) -> Result<Response, PageError> {
    let opened = open(&app, &link).await?;
    if opened.ran_out() {
        return Ok(see(&address(&visit, &opened.booking, "/review")));
    }
    let leg = !opened.booking.stands_alone();
    if leg || !matches!(opened.booking.state.kind(), StateKind::Held | StateKind::Confirmed) {
        return Ok(see(&address(&visit, &opened.booking, "")));
    }
    answer(&app, &visit, opened, None).await
}

pub async fn move_to(
    State(app): State<App>,
    visit: Visit,
    link: Link,
    form: Form,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let opened = open(&app, &link).await?;
    let Ok(to) = form.text("slot").parse::<SlotId>() else {
        return answer(&app, &visit, opened, Some(t::manage::choose_slot(locale).to_owned())).await;
    };
    let command = Move {
        catalogue: opened.catalogue.clone(),
        actor: Actor::Guest,
        booking: opened.booking.id,
        to,
        over: false,
    };
    let moved = app
        .store
        .write("move", command, |tx, command| Box::pin(booking::reschedule(tx, command)))
        .await;
    match moved {
        Ok(booking) if booking.state.kind() == StateKind::Held => {
            Ok(see(&address(&visit, &booking, "/details")))
        }
        Ok(booking) => Ok(see(&format!("{}?moved=1", address(&visit, &booking, "")))),
        Err(error) => {
            let says = trouble(locale, error)?;
            answer(&app, &visit, opened, Some(says)).await
        }
    }
}

async fn answer(
    app: &App,
    visit: &Visit,
    opened: Opened,
    says: Option<String>,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let now = opened.now;
    let at: i64 = Form::of_query(&visit.query).text("page").parse().unwrap_or(0);
    let at = at.clamp(0, LAST_PAGE);
    let from = local_date(now) + TimeDelta::days(at * DAYS);
    let mut conn = app.store.read().await?;
    let mut found =
        slots::of_tour(&mut conn, opened.visited.tour.id, from, from + TimeDelta::days(DAYS - 1))
            .await?;
    drop(conn);
    let seats = opened.booking.party.seats().max(1);
    found.retain(|slot| {
        slot.id != opened.booking.slot_id
            && slot.option_id == opened.booking.option_id
            && slot.left(now) >= seats
    });
    let status = if says.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let here = address(visit, &opened.booking, "/move");
    let back = address(visit, &opened.booking, "");
    let head = Head::private(t::manage::change_slot(locale));
    Ok(private(Page::new(head).status(status).render(visit, move || {
        let says = says.map(|says| {
            view! { <Notice tone=Tone::Bad title=says><p>{t::manage::still_as_it_was(locale)}</p></Notice> }
        });
        let pager = |to: i64, words: &'static str| {
            (0..=LAST_PAGE)
                .contains(&to)
                .then(|| view! { <a class="btn" href=format!("{here}?page={to}")>{words}</a> })
        };
        let nothing = found.is_empty().then(|| view! { <p>{t::manage::no_other_slot(locale)}</p> });
        let days: Vec<_> = found
            .chunk_by(|a, b| a.local_date == b.local_date)
            .map(|slots| day(locale, slots, &opened, now))
            .collect();
        let save = (!found.is_empty()).then(|| {
            view! {
                <button class="btn btn-primary btn-large" type="submit">{t::manage::move_here(locale)}</button>
            }
        });
        let party = opened.booking.party.words(locale);
        view! {
            <div class="wrap booking">
                <div class="booking-head">
                    <h1>{t::manage::change_slot(locale)}</h1>
                    <p>{t::manage::move_lead(locale, party)}</p>
                </div>
                <form class="booking-main form" method="post" action=here.clone()>
                    {says}
                    {nothing}
                    {days}
                    <div class="actions">
                        {pager(at - 1, t::manage::earlier(locale))}
                        {pager(at + 1, t::manage::later(locale))}
                    </div>
                    <div class="actions">
                        {save}
                        <a class="btn btn-quiet" href=back>{icon("arrow-left")}{t::manage::back(locale)}</a>
                    </div>
                </form>
                <Summary locale visited=opened.visited.clone() bill=Some(opened.booking.bill())/>
            </div>
        }
    })))
}

fn day(
    locale: crate::Locale,
    slots: &[Slot],
    opened: &Opened,
    now: chrono::DateTime<chrono::Utc>,
) -> impl IntoView + use<> {
    let date = slots.first().map(|slot| slot.local_date).unwrap_or_default();
    let items: Vec<_> = slots
        .iter()
        .map(|slot| {
            let left = slot.left(now);
            let state = if left <= 3 { "few" } else { "open" };
            let time = if slot.is_run() {
                run_dates(locale, slot)
            } else {
                format::time_range(locale, slot.starts_at, slot.ends_at)
            };
            let total = other_total(opened, slot).map(|total| {
                let words = t::event::total_that_day(locale, total.display(locale));
                view! { <span class="slot-note">{words}</span> }
            });
            view! {
                <li>
                    <label class="slot" data-state=state>
                        <input type="radio" name="slot" value=slot.id.to_string() required=true/>
                        <span class="slot-time">{time} {total}</span>
                        <span class="slot-left">{format::seats_left(locale, left)}</span>
                    </label>
                </li>
            }
        })
        .collect();
    view! {
        <fieldset class="day-group">
            <legend class="day-head">
                <time datetime=date.to_string()>{format::sentence(&format::date(locale, date))}</time>
                " "
                <span class="lunar">{format::lunar(locale, date)}</span>
            </legend>
            <ul class="slot-list">{items}</ul>
        </fieldset>
    }
}

/// What the party pays there, where an event makes that day cost more or less than the booked one.
fn other_total(opened: &Opened, slot: &Slot) -> Option<engine::Dong> {
    let booking = &opened.booking;
    let (_, option) = opened.catalogue.sold_in(slot, local_date(booking.created_at))?;
    let option = option.for_residents(booking.party.is_of_residents());
    let mut moved = booking.clone();
    moved.party = booking.party.repriced(&option, 0, true);
    moved.keep_code_on(slot.local_date);
    let total = moved.bill().total;
    (total != booking.total).then_some(total)
}
