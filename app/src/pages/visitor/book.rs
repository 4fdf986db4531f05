//! First step: who comes. Sending it keeps the seats.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::TimeDelta;
use engine::booking::overflow;
use engine::booking::{Booking, BookingError, Hold, StateKind};
use engine::clock::local_date;
use engine::schedule::{NoSeats, Slot, slots};
use engine::{SlotId, TourId};
use leptos::prelude::*;

use super::booking::{address, private, trouble};
use super::sisters::{self, Neighbour};
use crate::api::form::{Form, Problems, fresh_key};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t;
use crate::ui::field::{ErrorSummary, FormKey, Hidden};
use crate::ui::format;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};
use crate::ui::party::{PartyFields, first_field, largest, party_error, wanted};
use crate::ui::price;
use crate::ui::steps::{Step, Steps};
use crate::ui::summary::{Summary, Visited, run_dates};

/// How far ahead other slots are looked for, and how many are shown.
const AHEAD: TimeDelta = TimeDelta::days(60);
pub(super) const OTHERS: usize = 6;

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slot)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let visited = load(&app, &slot).await?;
    let form = Form::of_query(&visit.query);
    answer(&app, &visit, visited, form, fresh_key(), Problems::default(), None).await
}

pub async fn hold(
    State(app): State<App>,
    visit: Visit,
    Path((_, slot)): Path<(String, String)>,
    form: Form,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let visited = load(&app, &slot).await?;
    let wanted = match wanted(locale, &visited.option, &form) {
        Ok(wanted) => wanted,
        Err(problems) => {
            let key = form.key();
            return answer(&app, &visit, visited, form, key, problems, None).await;
        }
    };
    let seats: i64 = asked_for(&visited, &wanted);
    let from = form.text("from").parse().ok();
    let command = Hold {
        catalogue: app.catalogue().await?,
        slot: visited.slot.id,
        wanted,
        residents: form.has("residents"),
        locale,
        form_key: form.key(),
        minutes: app.settings.hold_minutes,
    };
    let held = app
        .store
        .write("hold", (command, from), |tx, command| Box::pin(overflow::hold_from(tx, command)))
        .await;
    match held {
        Ok(held) => Ok(Redirect::to(&next(&visit, &held)).into_response()),
        Err(BookingError::Party(error)) => {
            let mut problems = Problems::default();
            problems.add(first_field(&visited.option), party_error(locale, error));
            let key = form.key();
            answer(&app, &visit, visited, form, key, problems, None).await
        }
        Err(BookingError::Seats(NoSeats::Full { left })) => {
            let says = t::book::asked_too_many(locale, seats, i64::from(left));
            let key = form.key();
            answer(&app, &visit, visited, form, key, Problems::default(), Some(says)).await
        }
        Err(error) => {
            let says = trouble(locale, error)?;
            let key = form.key();
            answer(&app, &visit, visited, form, key, Problems::default(), Some(says)).await
        }
    }
}

fn asked_for(visited: &Visited, wanted: &[(engine::UnitId, u32)]) -> i64 {
    wanted
        .iter()
        .filter_map(|(id, count)| {
            let unit = visited.option.open_units().find(|unit| unit.id == *id)?;
            Some(i64::from(unit.seats) * i64::from(*count))
        })
        .sum()
}

/// Where a booking that this form made goes on.
fn next(visit: &Visit, held: &Booking) -> String {
    match held.state.kind() {
        StateKind::Held | StateKind::Expired => address(visit, held, "/details"),
        _ => address(visit, held, ""),
    }
}

async fn load(app: &App, slot: &str) -> Result<Visited, PageError> {
    let id: SlotId = slot.parse().map_err(|_| PageError::NotFound)?;
    let catalogue = app.catalogue().await?;
    let mut conn = app.store.read().await?;
    let slot = slots::find(&mut conn, id).await?.ok_or(PageError::NotFound)?;
    let today = local_date(app.store.now());
    let visited = Visited::of(&catalogue, slot, today).ok_or(PageError::NotFound)?;
    let visited = visited.with_sessions(&mut conn).await?;
    // Places by application are asked for on a page of their own.
    let on_sale = visited.tour.published && visited.option.active && !visited.tour.by_application();
    if on_sale { Ok(visited) } else { Err(PageError::NotFound) }
}

/// The next slots of a tour with so many seats left, without this one.
pub(super) async fn others(
    app: &App,
    tour: TourId,
    but: SlotId,
    seats: i32,
) -> Result<Vec<Slot>, PageError> {
    let now = app.store.now();
    let today = local_date(now);
    let mut conn = app.store.read().await?;
    let mut all = slots::of_tour(&mut conn, tour, today, today + AHEAD).await?;
    all.retain(|slot| slot.id != but && slot.left(now) >= seats.max(1));
    Ok(all)
}

/// What sister workshops have where the slot is full, or too small for what was just asked.
async fn sisters_of(
    app: &App,
    visited: &Visited,
    form: &Form,
    says: Option<&String>,
) -> Result<Vec<Neighbour>, PageError> {
    let now = app.store.now();
    if visited.slot.left(now) > 0 && says.is_none() {
        return Ok(Vec::new());
    }
    let wish: Vec<_> = visited
        .option
        .open_units()
        .filter_map(|unit| {
            let count = form.text(&unit.id.to_string()).trim().parse().ok()?;
            (count > 0).then_some((unit.kind, count))
        })
        .collect();
    let catalogue = app.catalogue().await?;
    let mut conn = app.store.read().await?;
    Ok(sisters::neighbours(&mut conn, &catalogue, &visited.slot, &wish, now).await?)
}

/// The counts of a form, as typed.
fn typed_party(form: &Form) -> impl Iterator<Item = (&str, &str)> {
    form.pairs().filter(|(name, value)| name.parse::<engine::UnitId>().is_ok() && !value.is_empty())
}

/// Links to other slots, with what was typed.
pub(super) fn slot_links(
    visit: &Visit,
    others: &[Slot],
    form: &Form,
    now: chrono::DateTime<chrono::Utc>,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let typed: Vec<(&str, &str)> = typed_party(form).collect();
    let query = serde_html_form::to_string(&typed).unwrap_or_default();
    let items: Vec<_> = others
        .iter()
        .map(|slot| {
            let mark = if query.is_empty() { "" } else { "?" };
            let href = format!("{}{mark}{query}", visit.link(&format!("/book/{}", slot.id)));
            let left = slot.left(now);
            let state = if left <= 3 { "few" } else { "open" };
            let time = if slot.is_run() {
                run_dates(locale, slot)
            } else {
                let day = format::sentence(&format::day(locale, slot.local_date));
                format::day_during(locale, day, slot.starts_at, slot.ends_at)
            };
            view! {
                <li>
                    <a class="slot" data-state=state href=href>
                        <span class="slot-time">{time}</span>
                        <span class="slot-left">{format::seats_left(locale, left)}</span>
                    </a>
                </li>
            }
        })
        .collect();
    view! { <ul class="slot-list">{items}</ul> }
}

async fn answer(
    app: &App,
    visit: &Visit,
    visited: Visited,
    form: Form,
    key: String,
    problems: Problems,
    says: Option<String>,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let now = app.store.now();
    let mut others = others(app, visited.tour.id, visited.slot.id, 1).await?;
    others.retain(|slot| slot.option_id == visited.option.id);
    others.truncate(OTHERS);
    let left = visited.slot.left(now);
    let sisters = sisters_of(app, &visited, &form, says.as_ref()).await?;
    let full = visited.slot.is_open(now);
    let line = visit.link(&format!("/waitlist/{}", visited.slot.id));
    let refused = says.is_some() || !problems.is_empty();
    let status = if refused { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let links = (!others.is_empty()).then(|| slot_links(visit, &others, &form, now).into_any());
    let tour_link = visit.link(&format!("/tours/{}", visited.tour.slug));
    let day = visited.slot.local_date.to_string();
    let mut wish = vec![("option", visited.option.slug.as_str()), ("date", &day)];
    wish.extend(typed_party(&form));
    let wish = serde_html_form::to_string(wish);
    let enquiry = format!("{tour_link}/enquiry?{}", wish.unwrap_or_default());
    let head = Head::private(t::book::party_title(locale));
    let from = form.text("from").to_owned();
    let next_door = sisters::section(visit, &sisters);
    let response = Page::new(head).status(status).with_islands().render(visit, move || {
        let notice = says.map(|says| {
            view! { <Notice tone=Tone::Bad title=says><p>{t::book::other_slots_hint(locale)}</p></Notice> }
        });
        let reasons = price::reasons(locale, &visited.option).map(|reasons| {
            view! { <p class="small">{t::price::this_day(locale, reasons)}</p> }
        });
        let body = if left > 0 {
            view! {
                <form class="form" method="post" novalidate>
                    <FormKey key/>
                    {(!from.is_empty()).then(|| view! { <Hidden name="from" value=from/> })}
                    <ErrorSummary locale problems=problems.clone()/>
                    <div class="panel">
                        <fieldset class="fieldset">
                            <legend>{t::book::how_many(locale)}</legend>
                            <p class="field-hint">{format::sentence(&format::seats_left(locale, left))}</p>
                            {reasons}
                            <PartyFields locale tour=visited.tour.clone() option=visited.option.clone()
                                form problems left party=None
                                residents=visited.tour.price_rules.favour_residents()/>
                        </fieldset>
                    </div>
                    <div class="actions">
                        <button class="btn btn-primary btn-large" type="submit">{t::book::go_on(locale)}</button>
                        <a class="btn btn-quiet" href=tour_link>{t::book::other_slot(locale)}</a>
                    </div>
                    <p class="small">
                        {t::tour::large(locale, i64::from(largest(&visited.tour, &visited.option)))} " "
                        <a href=enquiry>{t::tour::large_link(locale)}</a>
                    </p>
                </form>
            }
            .into_any()
        } else {
            view! {
                <Notice tone=Tone::Warn title=if full { t::book::slot_full(locale) } else { t::book::slot_gone(locale) }>
                    {full.then(|| view! { <p><a href=line>{t::book::wait_in_line(locale)}</a></p> })}
                    <p><a href=tour_link>{t::book::other_slot(locale)}</a></p>
                </Notice>
            }
            .into_any()
        };
        let others = links.map(|links| {
            view! {
                <section class="stack" aria-labelledby="others">
                    <h2 class="panel-title" id="others">{t::book::others(locale)}</h2>
                    {links}
                </section>
            }
        });
        view! {
            <div class="wrap booking">
                <div class="booking-head">
                    <Steps locale at=Step::Party/>
                    <h1>{t::book::party_title(locale)}</h1>
                </div>
                <div class="booking-main">{notice}{body}{next_door}{others}</div>
                <Summary locale visited bill=None/>
            </div>
        }
    });
    Ok(private(response))
}
