//! The editor of a pass, the same for a co-op and for the office.

use engine::catalogue::{Catalogue, Tour};
use engine::coop::Author;
use engine::pass::{self, Create, Edit, Input, MAX_STOPS, Pass, PassData, PassError, Place, Stop};
use engine::store::Conn;
use engine::{Locale, OptionId};
use leptos::prelude::*;

use super::of_pass;
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::fields::{Look, in_both, pairs, problems, texts};
use crate::t::edit as te;
use crate::t::pass as t;
use crate::ui::field::{self, ErrorSummary, FieldError, TextField};

/// Options that may be a stop, with the name of each: id, words.
pub async fn choices(
    conn: &mut Conn,
    catalogue: &Catalogue,
    author: Author,
    locale: Locale,
) -> Result<Vec<(String, String)>, PageError> {
    let members = author.members(conn).await?;
    let asked = |place: &Place<'_>| {
        members.as_ref().is_none_or(|members| members.contains(&place.workshop.id))
    };
    let mut choices: Vec<(String, String)> = catalogue
        .published()
        .flat_map(Tour::open_options)
        .filter_map(|option| Place::of(catalogue, option.id))
        .filter(|place| place.suits() && asked(place))
        .map(|place| (place.option.id.to_string(), name(&place, locale)))
        .collect();
    choices.sort_by(|a, b| a.1.cmp(&b.1));
    Ok(choices)
}

fn name(place: &Place<'_>, locale: Locale) -> String {
    let (tour, option) = (place.tour.title.text(locale), place.option.title.text(locale));
    format!("{}: {tour} · {option}", place.workshop.name)
}

/// The form as the pass is now.
pub fn filled(pass: &Pass, stops: &[Stop]) -> Form {
    let input = Input::of(pass, stops);
    let mut fields = vec![("percent_off".to_owned(), input.percent_off)];
    fields.extend(pairs("title", &input.title));
    fields.extend(pairs("summary", &input.summary));
    fields.extend(pairs("description", &input.description));
    fields.extend(input.stops.into_iter().map(|stop| ("stop".to_owned(), stop)));
    Form::of_pairs(fields)
}

fn parse(locale: Locale, form: &Form) -> Result<PassData, Problems> {
    let input = Input {
        title: texts(form, "title"),
        summary: texts(form, "summary"),
        description: texts(form, "description"),
        percent_off: form.text("percent_off").to_owned(),
        stops: form.all("stop").map(str::to_owned).collect(),
    };
    PassData::parse(&input).map_err(|wrongs| problems(locale, wrongs))
}

/// Writes a new pass, or changes one; what was wrong with the form otherwise.
pub async fn save(
    app: &App,
    visit: &Visit,
    author: Author,
    pass: Option<&Pass>,
    form: &Form,
) -> Result<Result<(), Problems>, PageError> {
    let locale = visit.locale;
    let data = match parse(locale, form) {
        Ok(data) => data,
        Err(problems) => return Ok(Err(problems)),
    };
    let (actor, catalogue) = (visit.actor.clone(), app.catalogue().await?);
    let store = &app.store;
    let saved = if let Some(pass) = pass {
        let command = Edit { actor, catalogue, pass: pass.id, data };
        store.write("edit pass", command, |tx, c| Box::pin(pass::edit(tx, c))).await
    } else {
        let command = Create { actor, catalogue, author, data };
        store.write("create pass", command, |tx, c| Box::pin(pass::create(tx, c))).await
    };
    match saved {
        Ok(_) => Ok(Ok(())),
        Err(PassError::Fields(wrongs)) => Ok(Err(problems(locale, wrongs))),
        Err(error) => Err(of_pass(error)),
    }
}

/// Heading, fields and buttons.
pub fn editor(
    locale: Locale,
    catalogue: &Catalogue,
    pass: Option<&Pass>,
    choices: &[(String, String)],
    (form, problems): (&Form, &Problems),
    (action, back): (String, String),
) -> impl IntoView + use<> {
    let title = pass
        .map_or_else(|| t::new_title(locale).to_owned(), |pass| pass.title.text(locale).to_owned());
    let lead = pass.is_none().then(|| view! { <p>{t::new_text(locale)}</p> });
    let text = |key: &str, label: &str, rows: u32, optional: bool| {
        let look = Look { rows, optional, ..Look::default() };
        in_both(locale, key, label, &texts(form, key), problems, look).into_any()
    };
    view! {
        <header class="host-head"><h1>{title}</h1></header>
        {lead}
        <ErrorSummary locale problems=problems.clone()/>
        <form class="form panel" method="post" action=action novalidate>
            {text("title", te::title(locale), 0, false)}
            {text("summary", te::in_short(locale), 2, false)}
            {text("description", te::description(locale), 6, true)}
            {stops(locale, catalogue, choices, form, problems)}
            <TextField locale name="percent_off" label=t::percent_label(locale) hint=t::percent_hint(locale)
                inputmode="numeric" short=true value=form.text("percent_off") error=problems.of("percent_off")/>
            <div class="actions">
                <button class="btn btn-primary">{te::save(locale)}</button>
                <a class="btn btn-quiet" href=back>{te::leave(locale)}</a>
            </div>
        </form>
    }
}

fn stops(
    locale: Locale,
    catalogue: &Catalogue,
    choices: &[(String, String)],
    form: &Form,
    problems: &Problems,
) -> impl IntoView + use<> {
    let chosen: Vec<String> = form.all("stop").map(str::to_owned).collect();
    let fields: Vec<_> = (0..MAX_STOPS)
        .map(|at| {
            let value = chosen.get(at).cloned().unwrap_or_default();
            let mut options = vec![(String::new(), t::no_stop(locale).to_owned())];
            options.extend(choices.iter().cloned());
            // A stop that is off sale by now stays what it is until somebody changes it.
            let there = options.iter().any(|(id, _)| *id == value);
            if !there
                && let Ok(id) = value.parse::<OptionId>()
                && let Some(place) = Place::of(catalogue, id)
            {
                options.push((value.clone(), name(&place, locale)));
            }
            let id = if at == 0 { "stops".to_owned() } else { format!("stops-{at}") };
            let options = field::choices(options, &value);
            view! {
                <div class="field">
                    <label class="field-label" for=id.clone()>{t::stop_at(locale, at + 1)}</label>
                    <select class="select" id=id name="stop">{options}</select>
                </div>
            }
        })
        .collect();
    view! {
        <fieldset class="fieldset">
            <legend>{t::stops(locale)}</legend>
            <p class="field-hint">{t::stops_hint(locale)}</p>
            <FieldError id="stops" text=problems.of("stops")/>
            {fields}
        </fieldset>
    }
}
