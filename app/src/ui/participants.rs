//! A list of names pasted at once: by a teacher on the booking's own page, by the workshop on the run's.

use engine::BookingId;
use engine::accounts::Actor;
use engine::course::{AddNames, CourseError, add_names, parse_names};
use leptos::prelude::*;

use super::field::{Hidden, TextArea};
use crate::api::form::{Form, Problems};
use crate::context::App;
use crate::error::PageError;
use crate::{Locale, t};

pub fn form(
    locale: Locale,
    action: &str,
    people: i32,
    form: &Form,
    problems: &Problems,
) -> impl IntoView + use<> {
    view! {
        <form class="form panel" method="post" action=action.to_owned() novalidate>
            <h2 class="panel-title">{t::course::paste(locale)}</h2>
            <TextArea locale name="names" label=t::course::names(locale) rows=8
                hint=t::course::names_hint(locale, i64::from(people))
                value=form.text("names").to_owned() error=problems.of("names")/>
            <button class="btn btn-primary" type="submit">{t::course::names_save(locale)}</button>
        </form>
    }
}

/// The same for one of several bookings on the workshop's page.
pub fn form_of(
    locale: Locale,
    action: &str,
    booking: BookingId,
    people: i32,
    form: &Form,
    problems: &Problems,
) -> impl IntoView + use<> {
    let name = format!("names-{booking}");
    let error = problems.of(&name);
    view! {
        <form class="stack" method="post" action=action.to_owned() novalidate>
            <Hidden name="act" value="names"/>
            <Hidden name="booking" value=booking.to_string()/>
            <TextArea locale name=name.clone() label=t::course::names(locale) rows=8
                hint=t::course::names_hint(locale, i64::from(people))
                value=form.text(&name).to_owned() error=error/>
            <button class="btn btn-primary" type="submit">{t::course::names_save(locale)}</button>
        </form>
    }
}

/// Adds the names of the form; answers how many were new, or what is wrong with the list.
pub async fn add(
    app: &App,
    locale: Locale,
    actor: Actor,
    booking: BookingId,
    form: &Form,
) -> Result<Result<usize, Problems>, PageError> {
    let mut wrong = Problems::default();
    let field = format!("names-{booking}");
    let field = if form.has(&field) { field.as_str() } else { "names" };
    let names = match parse_names(form.text(field)) {
        Ok(names) if !names.is_empty() => names,
        Ok(_) => {
            wrong.add(field, t::course::names_missing(locale));
            return Ok(Err(wrong));
        }
        Err(lines) => {
            let lines: Vec<String> = lines.iter().map(usize::to_string).collect();
            wrong.add(
                field,
                t::course::names_wrong(locale, crate::ui::format::commas(locale, &lines)),
            );
            return Ok(Err(wrong));
        }
    };
    let command = AddNames { actor, booking, names };
    match app.store.write("names", command, |tx, c| Box::pin(add_names(tx, c))).await {
        Ok(added) => Ok(Ok(added)),
        Err(CourseError::Full { left }) => {
            wrong.add(field, t::course::names_full(locale, i64::from(left)));
            Ok(Err(wrong))
        }
        Err(CourseError::Final) => {
            wrong.add(field, t::guests::closed(locale));
            Ok(Err(wrong))
        }
        Err(CourseError::Store(error)) => Err(error.into()),
        Err(_) => Err(PageError::NotFound),
    }
}
