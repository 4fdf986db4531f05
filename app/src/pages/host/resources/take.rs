//! Taking a resource without a visit: for own work, or because it is broken.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::clock::{local_date, venue_instant};
use engine::resource::{
    Own, Purpose, Resource, ResourceError, ResourceField, Short, Stretch, Upkeep, block,
    own_minutes, reserve_own,
};
use engine::store::TimeOfDay;
use engine::{Locale, resource};
use leptos::prelude::*;

use super::edit::found;
use super::{of_resource, short, words};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Desk, Tab, at, frame, see};
use crate::pages::host::question::forced;
use crate::pages::host::words as host_words;
use crate::render::Page;
use crate::t::host;
use crate::t::resource as t;
use crate::ui::field::{ErrorSummary, Hidden, TextArea, TextField};
use crate::ui::layout::{Head, breadcrumb};

type At = Path<(String, String, String)>;

fn purpose(form: &Form) -> Purpose {
    if form.text("for") == "upkeep" { Purpose::Upkeep } else { Purpose::Own }
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    let resource = found(&app, &desk, &id).await?;
    let query = Form::of_query(&visit.query);
    let upkeep = purpose(&query) == Purpose::Upkeep;
    let date = local_date(app.store.now()).succ_opt().unwrap_or_default().to_string();
    let amount = if upkeep { resource.quantity } else { 1 };
    let fields = [
        ("for", if upkeep { "upkeep" } else { "own" }.to_owned()),
        ("from_date", date.clone()),
        ("from_time", "08:00".to_owned()),
        ("to_date", date),
        ("to_time", "11:00".to_owned()),
        ("amount", amount.to_string()),
    ];
    let fields = fields.map(|(name, value)| (name.to_owned(), value)).to_vec();
    answer(&app, &visit, &desk, &resource, Form::of_pairs(fields), Problems::default(), &[]).await
}

pub async fn save(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id)): At,
    form: Form,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    let resource = found(&app, &desk, &id).await?;
    let (stretch, amount) = match parse(visit.locale, &resource, &form) {
        Ok(typed) => typed,
        Err(problems) => {
            return answer(&app, &visit, &desk, &resource, form, problems, &[]).await;
        }
    };
    let (actor, note) = (visit.actor.clone(), form.text("note").to_owned());
    let id = resource.id;
    let done = if purpose(&form) == Purpose::Upkeep {
        let force = forced(&form);
        let command = Upkeep { actor, resource: id, stretch, amount, note, force };
        let done = app.store.write("block resource", command, |tx, c| Box::pin(block(tx, c))).await;
        done.map(|_| "saved")
    } else {
        let workshop = desk.id();
        let command = Own { actor, workshop, resource: id, stretch, amount, note };
        let done =
            app.store.write("take resource", command, |tx, c| Box::pin(reserve_own(tx, c))).await;
        done.map(|_| "taken")
    };
    match done {
        Ok(done) => {
            let board = at(&visit, desk.workshop()?, "/resources");
            Ok(see(&format!("{board}?done={done}&date={}", local_date(stretch.from))))
        }
        Err(ResourceError::Short(hit)) => {
            answer(&app, &visit, &desk, &resource, form, Problems::default(), &hit).await
        }
        Err(error) => {
            let problems = problems(visit.locale, &resource, error)?;
            answer(&app, &visit, &desk, &resource, form, problems, &[]).await
        }
    }
}

fn parse(locale: Locale, resource: &Resource, form: &Form) -> Result<(Stretch, i32), Problems> {
    let mut problems = Problems::default();
    let mut instant = |date: &str, time: &str| {
        let day = host_words::date(form.text(date));
        let clock = form.text(time).trim().parse::<TimeOfDay>().ok();
        let at = day.zip(clock).and_then(|(day, clock)| venue_instant(day, clock.time()));
        if at.is_none() {
            problems.add(date, host::error_date(locale));
        }
        at
    };
    let (from, to) = (instant("from_date", "from_time"), instant("to_date", "to_time"));
    let amount = form.text("amount").trim().parse::<i32>().ok();
    if amount.is_none() {
        problems.add("amount", t::error_amount(locale, resource.quantity));
    }
    match (from, to, amount) {
        (Some(from), Some(to), Some(amount)) => Ok((Stretch { from, to }, amount)),
        _ => Err(problems),
    }
}

fn problems(
    locale: Locale,
    resource: &Resource,
    error: ResourceError,
) -> Result<Problems, PageError> {
    let mut problems = Problems::default();
    match error {
        ResourceError::Fields(fields) => {
            for field in fields {
                match field {
                    ResourceField::Amount => {
                        problems.add("amount", t::error_amount(locale, resource.quantity));
                    }
                    _ => problems.add("to_date", t::error_time(locale)),
                }
            }
        }
        ResourceError::Taken { free } => {
            let free = words::amount(locale, resource.kind, free);
            problems.add("amount", t::error_taken(locale, free));
        }
        ResourceError::Shut => problems.add("from_time", t::error_shut(locale)),
        ResourceError::TooEarly { days } => {
            problems.add("from_date", t::error_too_early(locale, days));
        }
        ResourceError::Quota { hours } => problems.add("to_time", t::error_quota(locale, hours)),
        other => return Err(of_resource(other)),
    }
    Ok(problems)
}

async fn answer(
    app: &App,
    visit: &Visit,
    desk: &Desk,
    resource: &Resource,
    form: Form,
    problems: Problems,
    hit: &[Short],
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let shop = desk.workshop()?.clone();
    let upkeep = purpose(&form) == Purpose::Upkeep;
    let name = words::name(locale, resource);
    let status = match () {
        () if !problems.is_empty() => StatusCode::UNPROCESSABLE_ENTITY,
        () if !hit.is_empty() => StatusCode::CONFLICT,
        () => StatusCode::OK,
    };
    let (title, about, button) = if upkeep {
        (t::take_title_report(locale, name), t::take_report_text(locale), t::report_button(locale))
    } else {
        (t::take_title_own(locale, name), t::take_own_text(locale), t::take_button(locale))
    };
    let rules = if upkeep { Vec::new() } else { fair_use(app, visit, desk, resource).await? };
    let action = at(visit, &shop, &format!("/resources/{}/take", resource.id));
    let back = at(visit, &shop, "/resources");
    let question = (!hit.is_empty())
        .then(|| short::question(locale, desk, hit, &form, &action, &back).into_any());
    let there = words::amount(locale, resource.kind, resource.quantity);
    let inner = visit.clone();
    Ok(Page::new(Head::host(title.clone())).status(status).render(visit, move || {
        let value = |name: &str| form.text(name).to_owned();
        let error = |name: &str| problems.of(name);
        let rules: Vec<_> = rules.into_iter().map(|rule| view! { <li>{rule}</li> }).collect();
        let rules = (!rules.is_empty()).then(|| view! { <ul>{rules}</ul> });
        let body = view! {
            {breadcrumb(locale, vec![(back.clone(), t::title(locale).to_owned())])}
            <h1>{title}</h1>
            <p class="soft">{about}</p> {rules}
            <ErrorSummary locale problems=problems.clone()/>
            {question}
            <form class="form panel" method="post" action=action novalidate>
                <Hidden name="for" value=value("for")/>
                <div class="field-row">
                    <TextField locale name="from_date" label=t::from_date(locale) kind="date" value=value("from_date") error=error("from_date")/>
                    <TextField locale name="from_time" label=t::from_time(locale) kind="time" value=value("from_time") error=error("from_time")/>
                </div>
                <div class="field-row">
                    <TextField locale name="to_date" label=t::to_date(locale) kind="date" value=value("to_date") error=error("to_date")/>
                    <TextField locale name="to_time" label=t::to_time(locale) kind="time" value=value("to_time") error=error("to_time")/>
                </div>
                <TextField locale name="amount" label=t::how_many(locale) hint=t::how_many_hint(locale, there) inputmode="numeric" short=true
                    value=value("amount") error=error("amount")/>
                <TextArea locale name="note" label=t::why(locale) hint=t::why_hint(locale) value=value("note") rows=2 optional=true/>
                <div class="actions">
                    <button class="btn btn-primary">{button}</button>
                    <a class="btn btn-quiet" href=back>{host::leave(locale)}</a>
                </div>
            </form>
        };
        frame(&inner, Some(&shop), Tab::More, body)
    }))
}

/// The rules of fair use, with what the workshop has used of them.
async fn fair_use(
    app: &App,
    visit: &Visit,
    desk: &Desk,
    resource: &resource::Resource,
) -> Result<Vec<String>, PageError> {
    let mut rules = Vec::new();
    if let Some(hours) = resource.own_hours_week {
        let mut conn = app.store.read().await?;
        let minutes = own_minutes(&mut conn, resource, desk.id(), app.store.now()).await?;
        rules.push(t::rule_hours(visit.locale, hours, minutes / 60));
    }
    if let Some(days) = resource.own_days_ahead {
        rules.push(t::rule_days(visit.locale, days));
    }
    Ok(rules)
}
