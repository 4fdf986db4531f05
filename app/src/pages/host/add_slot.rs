//! A departure that no rule names.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::OptionId;
use engine::clock::local_date;
use engine::schedule::{AddSlot, ScheduleError, add_slot};
use engine::store::TimeOfDay;
use leptos::prelude::*;

use super::frame::{Desk, Tab, at, frame, see};
use super::words;
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t::host as t;
use crate::ui::field::{ErrorSummary, Select, TextField};
use crate::ui::layout::Head;

type At = Path<(String, String)>;

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    let mut form = Form::of_query(&visit.query);
    if form.text("date").is_empty() {
        let today = local_date(app.store.now()).to_string();
        form = Form::of_pairs(vec![("date".into(), today)]);
    }
    answer(&visit, &desk, &form, Problems::default())
}

pub async fn add(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
    form: Form,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    let locale = visit.locale;
    let mut problems = Problems::default();
    // Only this workshop's options, although the engine would refuse the others too.
    let option = form.text("option").parse::<OptionId>().ok().filter(|id| {
        desk.catalogue.option(*id).is_some_and(|(tour, _)| tour.workshop_id == desk.id())
    });
    let date = words::date(form.text("date"));
    let time = form.text("time").parse::<TimeOfDay>().ok();
    let capacity = form.text("capacity").trim().parse::<i32>().ok().filter(|seats| *seats >= 1);
    if option.is_none() {
        problems.add("option", t::error_option(locale));
    }
    if date.is_none() {
        problems.add("date", t::error_date(locale));
    }
    if time.is_none() {
        problems.add("time", t::error_time(locale));
    }
    if capacity.is_none() {
        problems.add("capacity", t::error_capacity(locale));
    }
    let (Some(option), Some(date), Some(time), Some(capacity)) = (option, date, time, capacity)
    else {
        return answer(&visit, &desk, &form, problems);
    };
    let command = AddSlot {
        catalogue: Arc::clone(&desk.catalogue),
        actor: visit.actor.clone(),
        option,
        date,
        time,
        capacity,
        guide: form.text("guide").to_owned(),
    };
    let added =
        app.store.write("add slot", command, |tx, command| Box::pin(add_slot(tx, command))).await;
    match added {
        Ok(slot) => Ok(see(&at(&visit, desk.workshop()?, &format!("/slots/{}", slot.id)))),
        Err(error) => {
            let field = match &error {
                ScheduleError::TooSmall { .. } => "capacity",
                _ => "time",
            };
            problems.add(field, words::of_schedule(locale, error)?);
            answer(&visit, &desk, &form, problems)
        }
    }
}

fn answer(
    visit: &Visit,
    desk: &Desk,
    form: &Form,
    problems: Problems,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let shop = desk.workshop()?.clone();
    let options = desk.option_choices(locale, |option| option.active && !desk.is_course(option.id));
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let form = form.clone();
    let inner = visit.clone();
    let title = t::add_slot(locale);
    Ok(Page::new(Head::host(title)).status(status).render(visit, move || {
        let (value, error) = (|name: &str| form.text(name).to_owned(), |name: &str| problems.of(name));
        let back = at(&inner, &shop, "");
        let body = view! {
            <h1>{title}</h1>
            <ErrorSummary locale problems=problems.clone()/>
            <form class="form panel" method="post" action=at(&inner, &shop, "/slots/new") novalidate>
                <Select locale name="option" label=t::tour(locale) options value=value("option") error=error("option")/>
                <div class="field-row">
                    <TextField locale name="date" label=t::date(locale) kind="date" value=value("date") error=error("date")/>
                    <TextField locale name="time" label=t::time(locale) kind="time" value=value("time") error=error("time")/>
                    <TextField locale name="capacity" label=t::capacity(locale) kind="number" inputmode="numeric"
                        min="1" value=value("capacity") error=error("capacity")/>
                </div>
                <TextField locale name="guide" label=t::guide(locale) value=value("guide") optional=true/>
                <div class="actions">
                    <button class="btn btn-primary btn-large">{title}</button>
                    <a class="btn btn-quiet" href=back>{t::leave(locale)}</a>
                </div>
            </form>
        };
        frame(&inner, Some(&shop), Tab::Day, body)
    }))
}
