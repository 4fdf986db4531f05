//! The people of a party, for who booked: a link to hand on, who has filled in, and a form to fill
//! in for others.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use engine::accounts::Actor;
use engine::booking::guests::{
    self, FillGuest, Form as GuestForm, Guest, GuestError, RemoveGuest, Who, asks, is_open,
};
use engine::booking::{Booking, Field};
use engine::catalogue::{QuestionScope, Tour};
use leptos::prelude::*;

use super::booking::{Link, Opened, address, open, private, see};
use super::details::{QUESTION, problems as field_problems, question};
use crate::api::form::{Form, Problems, fresh_key};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::islands::CopyLink;
use crate::render::Page;
use crate::ui::field::{Checkbox, ErrorSummary, FormKey, Hidden, TextField};
use crate::ui::icon::icon;
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::notice::{Notice, Tone};
use crate::ui::participants;
use crate::ui::prose;
use crate::{Locale, t};

/// The address that companions are given.
pub fn companions(visit: &Visit, booking: &Booking) -> String {
    let path = format!("/companions/{}/{}", booking.code, guests::token(booking));
    format!("{}/{}{path}", visit.base_url, booking.locale)
}

/// How many of the party are filled in.
fn count(locale: Locale, filled: usize, people: i32) -> String {
    let filled = i64::try_from(filled).unwrap_or(i64::MAX);
    if filled > i64::from(people) {
        return t::guests::too_many(locale, filled, i64::from(people));
    }
    t::guests::filled(locale, filled, i64::from(people))
}

/// The part of the booking's own page; None where the tour asks nothing of each guest.
pub fn section(visit: &Visit, opened: &Opened, filled: &[Guest]) -> Option<impl IntoView + use<>> {
    let booking = &opened.booking;
    if !asks(&opened.visited.tour) || !is_open(booking, &opened.visited.slot, opened.now) {
        return None;
    }
    let locale = visit.locale;
    let alone = booking.people == 1;
    let lead = if alone { t::guests::lead_alone(locale) } else { t::guests::lead(locale) };
    let action = if alone { t::guests::open_alone(locale) } else { t::guests::open(locale) };
    let (lead, action) = match &opened.visited.tour.course {
        Some(_) => (t::course::list_lead(locale), t::course::list_open(locale)),
        None => (lead, action),
    };
    let names: Vec<_> =
        filled.iter().map(|guest| view! { <li>{icon("check")}{guest.name.clone()}</li> }).collect();
    let link = (!alone).then(|| {
        view! {
            <CopyLink id="companions".to_owned() label=t::guests::link(locale).to_owned()
                url=companions(visit, booking) copy=t::guests::copy(locale).to_owned()
                copied=t::guests::copied(locale).to_owned()/>
        }
    });
    let count = count(locale, filled.len(), booking.people);
    let list = address(visit, booking, "/guests");
    Some(view! {
        <section class="panel stack no-print" aria-labelledby="guests-title">
            <h2 class="panel-title" id="guests-title">{t::guests::title(locale)}</h2>
            <p>{lead}</p>
            {link}
            <p><strong>{count}</strong></p>
            <ul class="ticks">{names}</ul>
            <div class="actions">
                <a class="btn" href=list>{icon("people")}{action}</a>
            </div>
        </section>
    })
}

pub async fn page(State(app): State<App>, visit: Visit, link: Link) -> Result<Response, PageError> {
    let opened = open(&app, &link).await?;
    let filled = load(&app, &opened).await?;
    let Some(filled) = filled else { return Ok(see(&address(&visit, &opened.booking, ""))) };
    let query = Form::of_query(&visit.query);
    let mine = |guest: &&Guest| !guest.by_companion && guest.id.to_string() == query.text("guest");
    let (form, key) = match filled.iter().find(mine) {
        Some(guest) => (typed(guest), guest.form_key.clone()),
        None => (Form::default(), fresh_key()),
    };
    Ok(answer(&visit, opened, filled, form, key, Problems::default()))
}

/// The guests that are filled in; None where there is nothing to fill in.
async fn load(app: &App, opened: &Opened) -> Result<Option<Vec<Guest>>, PageError> {
    let (booking, visited) = (&opened.booking, &opened.visited);
    if !asks(&visited.tour) || !is_open(booking, &visited.slot, opened.now) {
        return Ok(None);
    }
    let mut conn = app.store.read().await?;
    Ok(Some(guests::of_booking(&mut conn, booking.id).await?))
}

/// A guest as if it had been typed again.
pub(super) fn typed(guest: &Guest) -> Form {
    let mut pairs = vec![("name".to_owned(), guest.name.clone())];
    for (key, answer) in &guest.answers.0 {
        pairs.push((format!("{QUESTION}{key}"), answer.clone()));
    }
    if guest.waiver_at.is_some() {
        pairs.push(("waiver".to_owned(), "on".to_owned()));
    }
    Form::of_pairs(pairs)
}

/// What was wrong, beside its field.
pub(super) fn problems(locale: Locale, wrong: Vec<Field>) -> Problems {
    let mut problems = Problems::default();
    if wrong.contains(&Field::Name) {
        problems.add("name", t::guests::name_missing(locale));
    }
    let wrong = wrong.into_iter().filter(|field| *field != Field::Name);
    for (field, message) in field_problems(locale, wrong).iter() {
        problems.add(field, message);
    }
    problems
}

/// What stands against it, in the visitor's words.
pub(super) fn trouble(
    locale: Locale,
    error: GuestError,
    full: String,
) -> Result<String, PageError> {
    Ok(match error {
        GuestError::Store(error) => return Err(error.into()),
        GuestError::Unknown | GuestError::Fields(_) => t::guests::changed(locale).to_owned(),
        GuestError::Full { .. } => full,
        GuestError::Closed => t::guests::closed(locale).to_owned(),
        GuestError::Attended => t::course::guest_attended(locale).to_owned(),
    })
}

pub async fn save(
    State(app): State<App>,
    visit: Visit,
    link: Link,
    form: Form,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let opened = open(&app, &link).await?;
    let here = address(&visit, &opened.booking, "/guests");
    let Some(filled) = load(&app, &opened).await? else {
        return Ok(see(&address(&visit, &opened.booking, "")));
    };
    if form.has("remove") {
        let guest = form.text("remove").parse().map_err(|_| PageError::Invalid)?;
        let command = RemoveGuest { booking: opened.booking.id, guest };
        let removed = app
            .store
            .write("remove guest", command, |tx, c| Box::pin(guests::remove_guest(tx, c)))
            .await;
        return match removed {
            Ok(()) => Ok(see(&format!("{here}?removed=1"))),
            Err(GuestError::Store(error)) => Err(error.into()),
            Err(GuestError::Attended) => {
                let mut wrong = Problems::default();
                wrong.add("main", t::course::guest_attended(locale));
                let (form, key) = (Form::default(), fresh_key());
                Ok(answer(&visit, opened, filled, form, key, wrong))
            }
            Err(_) => Ok(see(&here)),
        };
    }
    if form.has("names") {
        let added = participants::add(&app, locale, Actor::Guest, opened.booking.id, &form).await?;
        return match added {
            Ok(added) => Ok(see(&format!("{here}?listed={added}"))),
            Err(wrong) => Ok(answer(&visit, opened, filled, form, fresh_key(), wrong)),
        };
    }
    let key = form.key();
    let answers = form.under(QUESTION);
    let tour = &opened.visited.tour;
    let parsed =
        GuestForm::parse(tour, Who::Booker, form.text("name"), &answers, form.has("waiver"));
    let parsed = match parsed {
        Ok(parsed) => parsed,
        Err(wrong) => {
            let wrong = problems(locale, wrong);
            return Ok(answer(&visit, opened, filled, form, key, wrong));
        }
    };
    let command = FillGuest {
        catalogue: opened.catalogue.clone(),
        booking: opened.booking.id,
        who: Who::Booker,
        form_key: key.clone(),
        form: parsed,
    };
    let saved =
        app.store.write("fill guest", command, |tx, c| Box::pin(guests::fill_guest(tx, c))).await;
    match saved {
        Ok(_) => Ok(see(&format!("{here}?saved=1"))),
        Err(error) => {
            let full = t::guests::full(locale, i64::from(opened.booking.people));
            let mut wrong = Problems::default();
            wrong.add("name", trouble(locale, error, full)?);
            Ok(answer(&visit, opened, filled, form, key, wrong))
        }
    }
}

/// Name, questions and waiver of one guest.
pub(super) fn fields(
    locale: Locale,
    tour: &Tour,
    who: Who,
    form: &Form,
    problems: &Problems,
) -> impl IntoView + use<> {
    let questions: Vec<_> = tour
        .questions
        .of(QuestionScope::Guest)
        .map(|asked| {
            // The booker leaves open what they do not know.
            let mut asked = asked.clone();
            asked.required &= who == Who::Companion;
            question(locale, QUESTION, &asked, form, problems)
        })
        .collect();
    let own = who == Who::Companion;
    let name = if own { t::guests::own_name(locale) } else { t::guests::name(locale) };
    let hint = if own { "" } else { t::guests::name_hint(locale) };
    // Of a course the name stands on the list and on the certificate.
    let (name, hint) = match &tour.course {
        Some(_) => (t::course::name(locale), t::course::name_hint(locale)),
        None => (name, hint),
    };
    let waiver = tour.waiver.as_ref().map(|waiver| {
        let label = if own { t::guests::waiver_own(locale) } else { t::guests::waiver_for(locale) };
        view! {
            <fieldset class="fieldset">
                <legend>{t::book::waiver_title(locale)}</legend>
                <p>{prose::own(waiver, locale)}</p>
                <Checkbox name="waiver" label checked=form.has("waiver") required=own
                    error=problems.of("waiver")/>
            </fieldset>
        }
    });
    view! {
        <TextField locale name="name" label=name hint value=form.text("name").to_owned()
            error=problems.of("name") maxlength=120 autocomplete=if own { "given-name" } else { "off" }/>
        {questions}
        {waiver}
    }
}

fn answer(
    visit: &Visit,
    opened: Opened,
    filled: Vec<Guest>,
    form: Form,
    key: String,
    problems: Problems,
) -> Response {
    let locale = visit.locale;
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let back = address(visit, &opened.booking, "");
    let here = address(visit, &opened.booking, "/guests");
    let news = Form::of_query(&visit.query);
    let page = Page::new(Head::private(t::guests::title(locale))).status(status);
    private(page.render(visit, move || {
        let booking = &opened.booking;
        let said = [("saved", t::guests::saved(locale)), ("removed", t::guests::removed(locale))]
            .into_iter()
            .find(|(name, _)| news.has(name))
            .map(|(_, words)| view! { <Notice tone=Tone::Good title=words/> });
        let listed = news.text("listed").parse::<i64>().ok().map(|added| {
            view! { <Notice tone=Tone::Good title=t::course::names_added(locale, added)/> }
        });
        let open_places = filled.len() < usize::try_from(booking.people).unwrap_or(0);
        let list = (opened.visited.tour.course.is_some() && booking.people > 1 && open_places)
            .then(|| participants::form(locale, &here, booking.people, &form, &problems));
        let changed = filled.iter().find(|guest| guest.form_key == key);
        let room = filled.len() < usize::try_from(booking.people).unwrap_or(0);
        let title = changed.map_or_else(
            || t::guests::add(locale).to_owned(),
            |guest| t::guests::change(locale, &guest.name),
        );
        let rows: Vec<_> = filled.iter().map(|guest| row(locale, &here, guest)).collect();
        let none = filled.is_empty()
            .then(|| view! { <p class="soft">{t::guests::none(locale)}</p> });
        let form = (changed.is_some() || room || !problems.is_empty()).then(|| {
            view! {
                <form class="form panel" method="post" action=here.clone() novalidate>
                    <h2 class="panel-title" id="fill">{title}</h2>
                    <ErrorSummary locale problems=problems.clone()/>
                    <FormKey key=key.clone()/>
                    {fields(locale, &opened.visited.tour, Who::Booker, &form, &problems)}
                    <button class="btn btn-primary btn-large" type="submit">{t::guests::save(locale)}</button>
                </form>
            }
        });
        view! {
            <div class="solo">
                {breadcrumb(locale, vec![(back, t::guests::back(locale).to_owned())])}
                <div class="stack-s">
                    <h1>{t::guests::title(locale)}</h1>
                    <p class="lead">{count(locale, filled.len(), booking.people)}</p>
                </div>
                {said} {listed} {none}
                <ul class="entry-list">{rows}</ul>
                {list}
                {form}
            </div>
        }
    }))
}

/// A guest in the booker's list. What companions answered stays between them and the workshop.
fn row(locale: Locale, here: &str, guest: &Guest) -> impl IntoView + use<> {
    let by = if guest.by_companion {
        t::guests::by_companion(locale)
    } else {
        t::guests::by_booker(locale)
    };
    let signed = guest.waiver_at.map(|_| format!(" · {}", t::guests::signed(locale)));
    let edit = (!guest.by_companion).then(|| {
        let href = format!("{here}?guest={}#fill", guest.id);
        let label = t::guests::edit_of(locale, &guest.name);
        view! { <a class="btn btn-small" href=href aria-label=label>{icon("edit")}{t::guests::edit(locale)}</a> }
    });
    let label = t::guests::remove_of(locale, &guest.name);
    view! {
        <li class="entry">
            <div>
                <p class="entry-title">{guest.name.clone()}</p>
                <p class="entry-text">{by}{signed}</p>
            </div>
            <div class="actions">
                {edit}
                <form method="post" action=here.to_owned()>
                    <Hidden name="remove" value=guest.id.to_string()/>
                    <button class="btn btn-small btn-quiet" type="submit" aria-label=label>
                        {icon("close")}{t::guests::remove(locale)}
                    </button>
                </form>
            </div>
        </li>
    }
}
