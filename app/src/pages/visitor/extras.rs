//! Things to have with a visit: the fields among the details, and a page of its own for a booking
//! that counts already.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use engine::accounts::Actor;
use engine::booking::{self, Booking, BookingError, ChooseExtras, StateKind};
use engine::catalogue::Tour;
use engine::price::{Extra, ExtraError, ExtraKind, Per};
use engine::{ExtraId, Locale};
use leptos::prelude::*;

use super::booking::{Link, Opened, address, open, private, see, trouble};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t;
use crate::t::price as tp;
use crate::ui::field::{ErrorSummary, FieldError};
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::prose::own;
use crate::ui::summary::Summary;

/// Fields bear the thing's id after this.
const FIELD: &str = "extra.";

fn field(id: ExtraId) -> String {
    format!("{FIELD}{id}")
}

/// How many of each are wanted; what is no count is named with its field.
pub fn wanted(locale: Locale, form: &Form) -> Result<Vec<(ExtraId, u32)>, Problems> {
    let mut problems = Problems::default();
    let mut wanted = Vec::new();
    for (id, typed) in form.under(FIELD) {
        let Ok(id) = id.parse::<ExtraId>() else { continue };
        match typed.trim() {
            "" => {}
            "on" => wanted.push((id, 1)),
            typed => match typed.parse() {
                Ok(count) => wanted.push((id, count)),
                Err(_) => problems.add(field(id), t::book::not_a_count(locale)),
            },
        }
    }
    if problems.is_empty() { Ok(wanted) } else { Err(problems) }
}

/// Why something can't be had, at its field.
pub fn problem(locale: Locale, error: ExtraError) -> (String, String) {
    match error {
        ExtraError::Unknown(id) => (field(id), tp::extra_gone(locale).to_owned()),
        ExtraError::TooMany { id, most } => (field(id), tp::extra_most(locale, i64::from(most))),
    }
}

/// What stands against a choice: at its field, or at another where it is no matter of a choice.
pub fn refused(
    locale: Locale,
    error: BookingError,
    otherwise: &str,
) -> Result<Problems, PageError> {
    let mut problems = Problems::default();
    match error {
        BookingError::Extra(error) => {
            let (field, words) = problem(locale, error);
            problems.add(field, words);
        }
        error => problems.add(otherwise, trouble(locale, error)?),
    }
    Ok(problems)
}

/// What the booking has, as if it had been typed.
pub fn kept(booking: &Booking) -> impl Iterator<Item = (String, String)> + '_ {
    booking.extras.lines().iter().map(|line| (field(line.id), line.quantity.to_string()))
}

const fn sign(kind: ExtraKind) -> &'static str {
    match kind {
        ExtraKind::Apron | ExtraKind::Other => "plus",
        ExtraKind::Material => "leaf",
        ExtraKind::Firing => "clock",
        ExtraKind::Posting => "mail",
        ExtraKind::Meal => "people",
        ExtraKind::PickUp => "pin",
    }
}

/// The fields of everything that a tour offers; None where that is nothing.
pub fn fields(
    locale: Locale,
    tour: &Tour,
    people: i32,
    form: &Form,
    problems: &Problems,
) -> Option<impl IntoView + use<>> {
    if tour.extras.0.is_empty() {
        return None;
    }
    let rows = tour.extras.0.iter().map(|extra| row(locale, extra, people, form, problems));
    let rows = rows.collect_view();
    Some(view! {
        <fieldset class="fieldset extras">
            <legend>{tp::extras(locale)}</legend>
            <p class="field-hint">{tp::extras_hint(locale)}</p>
            <div class="party">{rows}</div>
        </fieldset>
    })
}

/// "90.000 ₫ một người".
pub fn price(locale: Locale, extra: &Extra) -> String {
    let price = extra.price.display(locale);
    match extra.per {
        Per::Person => tp::per_person(locale, price),
        Per::Booking => tp::per_booking(locale, price),
        Per::Piece => tp::per_piece(locale, price),
    }
}

fn row(
    locale: Locale,
    extra: &Extra,
    people: i32,
    form: &Form,
    problems: &Problems,
) -> impl IntoView + use<> {
    let name = field(extra.id);
    let error = problems.of(&name);
    let wrong = !error.is_empty();
    let note = price(locale, extra);
    let typed = form.text(&name).to_owned();
    let describe = wrong.then(|| format!("{name}-error"));
    let control = if extra.per == Per::Booking {
        let checked = !matches!(typed.trim(), "" | "0");
        view! {
            <input class="check-alone" type="checkbox" id=name.clone() name=name.clone() checked=checked
                aria-invalid=wrong.then_some("true") aria-describedby=describe/>
        }
        .into_any()
    } else {
        let value = if typed.is_empty() { "0".to_owned() } else { typed };
        view! {
            <input class="stepper-input" type="number" inputmode="numeric" min="0"
                max=extra.most_for(people).to_string() id=name.clone() name=name.clone() value=value
                aria-invalid=wrong.then_some("true") aria-describedby=describe/>
        }
        .into_any()
    };
    view! {
        <div class="party-row">
            <label class="party-label" for=name.clone()>
                <span class="cluster">{icon(sign(extra.kind))}{own(&extra.title, locale)}</span>
                <span class="party-note">{note}</span>
            </label>
            <div class="stepper">{control}</div>
            <FieldError id=name text=error/>
        </div>
    }
}

/// Whether the guest may still say what they want.
pub fn may_choose(opened: &Opened) -> bool {
    let counts =
        matches!(opened.booking.state.kind(), StateKind::Confirmed | StateKind::AwaitingPayment);
    let something = !opened.visited.tour.extras.0.is_empty() || !opened.booking.extras.is_empty();
    counts
        && something
        && opened.booking.stands_alone()
        && opened.now < opened.visited.slot.closes_at
}

pub async fn page(State(app): State<App>, visit: Visit, link: Link) -> Result<Response, PageError> {
    let opened = open(&app, &link).await?;
    if !may_choose(&opened) {
        return Ok(see(&address(&visit, &opened.booking, "")));
    }
    let form = Form::of_pairs(kept(&opened.booking).collect());
    Ok(answer(&visit, opened, form, Problems::default()))
}

pub async fn save(
    State(app): State<App>,
    visit: Visit,
    link: Link,
    form: Form,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let opened = open(&app, &link).await?;
    if !may_choose(&opened) {
        return Ok(see(&address(&visit, &opened.booking, "")));
    }
    let wanted = match wanted(locale, &form) {
        Ok(wanted) => wanted,
        Err(problems) => return Ok(answer(&visit, opened, form, problems)),
    };
    let command = ChooseExtras {
        catalogue: opened.catalogue.clone(),
        actor: Actor::Guest,
        booking: opened.booking.id,
        wanted,
    };
    let chosen = app
        .store
        .write("choose extras", command, |tx, c| Box::pin(booking::choose_extras(tx, c)))
        .await;
    match chosen {
        Ok(booking) => Ok(see(&format!("{}?changed=1", address(&visit, &booking, "")))),
        Err(error) => {
            let problems = refused(locale, error, "main")?;
            Ok(answer(&visit, opened, form, problems))
        }
    }
}

fn answer(visit: &Visit, opened: Opened, form: Form, problems: Problems) -> Response {
    let locale = visit.locale;
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let back = address(visit, &opened.booking, "");
    let head = Head::private(tp::extras(locale));
    private(Page::new(head).status(status).render(visit, move || {
        let (booking, tour) = (&opened.booking, &opened.visited.tour);
        // What the tour offers no more is still the guest's, to keep or to give back.
        let gone = booking.extras.lines().iter().filter(|line| {
            tour.extras.0.iter().all(|extra| extra.id != line.id)
        });
        let mut shown = tour.clone();
        shown.extras.0.extend(gone.map(|line| Extra {
            id: line.id,
            kind: line.kind,
            title: line.title.clone(),
            price: line.price,
            per: Per::Piece,
            most: line.quantity,
        }));
        view! {
            <div class="wrap booking">
                <div class="booking-head"><h1>{tp::extras_title(locale)}</h1></div>
                <form class="booking-main form" method="post" novalidate>
                    <ErrorSummary locale problems=problems.clone()/>
                    <div class="panel">{fields(locale, &shown, booking.people, &form, &problems)}</div>
                    <div class="actions">
                        <button class="btn btn-primary btn-large" type="submit">{tp::save_extras(locale)}</button>
                        <a class="btn btn-quiet" href=back>{t::book::leave_as_is(locale)}</a>
                    </div>
                </form>
                <Summary locale visited=opened.visited.clone() bill=Some(booking.bill())/>
            </div>
        }
    }))
}
