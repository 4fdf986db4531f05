//! A host asks the guest of a booking to come to a sister workshop, or some of a party to.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Utc};
use engine::SlotId;
use engine::booking::overflow::{
    self, Overflow, OverflowError, PassOn, Sister, Withdraw, pass_on, withdraw,
};
use engine::booking::{Booking, PartyError, query};
use engine::catalogue::Catalogue;
use engine::schedule::{Slot, slots};
use leptos::prelude::*;

use super::frame::{Desk, Tab, at, frame, see};
use super::{booking, words};
use crate::Locale;
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::visitor::sisters::{price, way};
use crate::render::Page;
use crate::t::overflow as t;
use crate::ui::field::{Checkbox, ErrorSummary, FieldError, Hidden, Select, TextArea, TextField};
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::notice::{Notice, Tone};

type At = Path<(String, String, String)>;

/// Hours that a guest may be given to answer.
const HOURS: [i64; 5] = [3, 12, 24, 48, 96];
const MOST_WORDS: u32 = 1_000;

/// The booking, its departure and what the sisters have that day.
struct Opened {
    booking: Booking,
    slot: Slot,
    sisters: Vec<Sister>,
    open: Option<Overflow>,
}

async fn open(app: &App, desk: &Desk, code: &str) -> Result<Opened, PageError> {
    let mut conn = app.store.read().await?;
    let booking = query::by_code(&mut conn, code).await?;
    let booking = booking.filter(|booking| booking.workshop_id == desk.id());
    let booking = booking.ok_or(PageError::NotFound)?;
    let slot = slots::find(&mut conn, booking.slot_id).await?.ok_or(PageError::NotFound)?;
    let now = app.store.now();
    let sisters = overflow::choices(&mut conn, &desk.catalogue, &slot, now).await?;
    let open = overflow::open_of(&mut conn, booking.id).await?;
    Ok(Opened { booking, slot, sisters, open })
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, code)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let opened = open(&app, &desk, &code).await?;
    let mut fields = vec![("hours".to_owned(), "24".to_owned())];
    fields.extend(
        opened
            .booking
            .party
            .lines()
            .iter()
            .map(|line| (format!("unit.{}", line.unit_id), line.quantity.to_string())),
    );
    answer(&app, &visit, &desk, opened, &Form::of_pairs(fields), Problems::default())
}

pub async fn act(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, code)): At,
    form: Form,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let opened = open(&app, &desk, &code).await?;
    let actor = visit.actor.clone();
    let shop = desk.workshop()?;
    let page = at(&visit, shop, &format!("/bookings/{}", opened.booking.code));
    let done = if form.text("act") == "withdraw" {
        let Some(open) = &opened.open else { return Ok(see(&format!("{page}/pass"))) };
        let command = Withdraw { actor, overflow: open.id };
        app.store.write("withdraw", command, |tx, c| Box::pin(withdraw(tx, c))).await.map(|_| ())
    } else {
        let Ok(to) = form.text("slot").parse::<SlotId>() else {
            let mut problems = Problems::default();
            problems.add("slot", crate::t::host::error_choose_slot(visit.locale));
            return answer(&app, &visit, &desk, opened, &form, problems);
        };
        let command = PassOn {
            catalogue: Arc::clone(&desk.catalogue),
            actor,
            booking: opened.booking.id,
            to,
            wanted: booking::wanted(&form),
            words: form.text("words").to_owned(),
            hours: form.text("hours").parse().unwrap_or(24),
            agreed: form.has("agreed"),
        };
        app.store.write("pass on", command, |tx, c| Box::pin(pass_on(tx, c))).await.map(|_| ())
    };
    match done {
        // A booking that has moved is the sister's; its departure here is still ours.
        Ok(()) if form.has("agreed") => {
            Ok(see(&at(&visit, shop, &format!("/slots/{}", opened.slot.id))))
        }
        Ok(()) => Ok(see(&format!("{page}/pass"))),
        Err(error) => {
            let problems = refused(visit.locale, error)?;
            // It may stand otherwise than the page said.
            let opened = open(&app, &desk, &code).await?;
            answer(&app, &visit, &desk, opened, &form, problems)
        }
    }
}

fn refused(locale: Locale, error: OverflowError) -> Result<Problems, PageError> {
    let mut problems = Problems::default();
    match error {
        OverflowError::Store(error) => return Err(error.into()),
        OverflowError::Forbidden(_) | OverflowError::Unknown | OverflowError::Rule(_) => {
            return Err(PageError::NotFound);
        }
        OverflowError::NotSisters => problems.add("slot", t::not_sisters(locale)),
        OverflowError::Asked => problems.add("slot", t::asked_already(locale)),
        OverflowError::Paid => problems.add("slot", t::paid_here(locale)),
        OverflowError::NoEmail => problems.add("agreed", t::no_email(locale)),
        OverflowError::TooLate => problems.add("slot", t::too_late(locale)),
        OverflowError::State(_) => problems.add("slot", t::over(locale)),
        OverflowError::Words => problems.add("words", t::words_long(locale)),
        OverflowError::Booking(
            error
            @ engine::booking::BookingError::Party(PartyError::Empty | PartyError::NeedsAdult),
        ) => {
            drop(error);
            problems.add("party", t::each_side(locale));
        }
        OverflowError::Booking(error) => problems.add("slot", words::of_booking(locale, error)?),
    }
    Ok(problems)
}

fn answer(
    app: &App,
    visit: &Visit,
    desk: &Desk,
    opened: Opened,
    form: &Form,
    problems: Problems,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let now = app.store.now();
    let shop = desk.workshop()?.clone();
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let (inner, form, catalogue) = (visit.clone(), form.clone(), Arc::clone(&desk.catalogue));
    Ok(Page::new(Head::host(t::pass(locale))).status(status).render(visit, move || {
        let page = at(&inner, &shop, &format!("/bookings/{}", opened.booking.code));
        let crumbs = vec![(page.clone(), opened.booking.name.clone())];
        let what = match &opened.open {
            Some(open) => asked(locale, &page, open, &catalogue, now).into_any(),
            None if opened.sisters.is_empty() => view! {
                <p class="empty">{t::no_sisters(locale)}</p>
            }
            .into_any(),
            None => ask(locale, &page, &opened, &catalogue, &form, &problems).into_any(),
        };
        let day = format::sentence(&format::day(locale, opened.slot.local_date));
        let when = format::day_during(locale, day, opened.slot.starts_at, opened.slot.ends_at);
        let body = view! {
            {breadcrumb(locale, crumbs)}
            <h1>{t::pass(locale)}</h1>
            <p class="lead">{format!("{} · {} · {when}", opened.booking.name, opened.booking.party.words(locale))}</p>
            <ErrorSummary locale problems=problems.clone()/>
            {what}
        };
        frame(&inner, Some(&shop), Tab::Day, body)
    }))
}

/// The guest is being asked: until when, and how to stop.
fn asked(
    locale: Locale,
    page: &str,
    open: &Overflow,
    catalogue: &Catalogue,
    now: DateTime<Utc>,
) -> impl IntoView + use<> {
    let house = catalogue.workshop(open.to_workshop_id).map_or("", |shop| shop.name.as_str());
    let until = open.until.unwrap_or(now);
    let title = t::asked(locale, house, format::date_time(locale, until));
    view! {
        <Notice tone=Tone::Info title=title><p>{t::asked_more(locale)}</p></Notice>
        <form method="post" action=format!("{page}/pass")>
            <Hidden name="act" value="withdraw"/>
            <button class="btn">{icon("close")}{t::withdraw(locale)}</button>
        </form>
    }
}

fn ask(
    locale: Locale,
    page: &str,
    opened: &Opened,
    catalogue: &Catalogue,
    form: &Form,
    problems: &Problems,
) -> impl IntoView + use<> {
    let choices: Vec<_> = opened
        .sisters
        .iter()
        .enumerate()
        .filter_map(|(place, sister)| choice(locale, place, sister, catalogue, form))
        .collect();
    let units: Vec<_> = opened
        .booking
        .party
        .lines()
        .iter()
        .map(|line| {
            let name = format!("unit.{}", line.unit_id);
            let label = line.words(locale);
            let value = form.text(&name).to_owned();
            let max = line.quantity.to_string();
            view! { <TextField locale name label kind="number" inputmode="numeric" min="0" max value/> }
        })
        .collect();
    let hours = HOURS.map(|hours| (hours.to_string(), t::hours(locale, hours))).to_vec();
    let silent = opened.booking.email.is_empty();
    view! {
        <form class="form" method="post" action=format!("{page}/pass") novalidate>
            <fieldset class="fieldset" id="slot">
                <legend>{t::where_to(locale)}</legend>
                <FieldError id="slot" text=problems.of("slot")/>
                <ul class="slot-list">{choices}</ul>
            </fieldset>
            <fieldset class="fieldset" id="party">
                <legend>{t::who_goes(locale)}</legend>
                <p class="field-hint">{t::who_goes_hint(locale)}</p>
                <FieldError id="party" text=problems.of("party")/>
                <div class="field-row">{units}</div>
            </fieldset>
            <TextArea locale name="words" label=t::words(locale) value=form.text("words")
                error=problems.of("words") optional=true maxlength=MOST_WORDS/>
            {(!silent).then(|| view! {
                <Select locale name="hours" label=t::hours_label(locale) options=hours value=form.text("hours")/>
            })}
            <Checkbox name="agreed" label=t::agreed(locale) checked=form.has("agreed") || silent error=problems.of("agreed")/>
            <div class="actions">
                <button class="btn btn-primary">{t::pass_button(locale)}</button>
                <a class="btn btn-quiet" href=page.to_owned()>{crate::t::edit::leave(locale)}</a>
            </div>
        </form>
    }
}

fn choice(
    locale: Locale,
    place: usize,
    sister: &Sister,
    catalogue: &Catalogue,
    form: &Form,
) -> Option<impl IntoView + use<>> {
    let house = catalogue.workshop(sister.workshop)?.name.clone();
    let (tour, option) = catalogue.option(sister.slot.option_id)?;
    let time = format::time_range(locale, sister.slot.starts_at, sister.slot.ends_at);
    let about = [
        format!("{} · {}", tour.title.text(locale), option.title.text(locale)),
        way(locale, sister),
        price(locale, sister.dearer),
    ];
    let left = sister.slot.free();
    let value = sister.slot.id.to_string();
    let checked = form.text("slot") == value || (place == 0 && form.text("slot").is_empty());
    Some(view! {
        <li><label class="slot slot-sister" data-state="open">
            <input type="radio" name="slot" value=value checked=checked/>
            <span class="slot-time">
                {time} " · " {house}
                <span class="slot-note">{about.join(" · ")}</span>
            </span>
            <span class="slot-left">{format::seats_left(locale, left)}</span>
        </label></li>
    })
}
