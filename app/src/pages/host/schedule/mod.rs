//! When a workshop is open: its rules and its closures, with what they mean in words.

pub mod closure;
mod editor;
mod hits;
pub mod rule;
mod words;

use axum::extract::{Path, State};
use axum::response::Response;
use engine::clock::{local_date, local_time};
use engine::schedule::{Closure, Rule, closures_of, rules_of};
use engine::store::TimeOfDay;
use leptos::prelude::*;

use super::frame::{Desk, Tab, at, frame};
use crate::api::form::Form;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t::schedule as t;
use crate::ui::day_rule;
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};

/// The venue's day and time, before which nothing is "next".
type Now = (chrono::NaiveDate, TimeOfDay);

fn venue_now(app: &App) -> Now {
    let now = app.store.now();
    (local_date(now), local_time(now).into())
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let mut conn = app.store.read().await?;
    let rules = rules_of(&mut conn, desk.id()).await?;
    let closures = closures_of(&mut conn, desk.id()).await?;
    drop(conn);
    let locale = visit.locale;
    let now = venue_now(&app);
    let shop = desk.workshop()?.clone();
    let done = Form::of_query(&visit.query).text("done").to_owned();
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::title(locale))).render(&visit, move || {
        let visit = &inner;
        let news = match done.as_str() {
            "saved" => Some(t::saved(locale)),
            "ended" => Some(t::ended(locale)),
            _ => None,
        };
        let news = news.map(|words| view! { <Notice tone=Tone::Good title=words><p>{t::saved_note(locale)}</p></Notice> });
        let options: Vec<_> =
            desk.catalogue
                .all_tours_of(desk.id())
                .flat_map(|tour| tour.options.iter().map(move |option| (tour, option)))
                .map(|(tour, option)| {
                    let mine: Vec<&Rule> =
                        rules.iter().filter(|rule| rule.option_id == option.id).collect();
                    let shut: Vec<&Closure> =
                        closures.iter().filter(|closure| closure.concerns(tour.id)).collect();
                    let items: Vec<_> = mine
                        .iter()
                        .map(|rule| rule_item(visit, &desk, rule, &shut, now))
                        .collect();
                    // Runs of a course are planned on a page of their own.
                    let course = tour.course.is_some().then(|| {
                        let href = at(visit, &shop, "/courses");
                        view! { <p><a class="btn btn-small" href=href>{icon("leaf")}{crate::t::course::host_title(locale)}</a></p> }
                    });
                    let none = (mine.is_empty() && course.is_none())
                        .then(|| view! { <p class="soft">{t::no_rules(locale)}</p> });
                    let add = format!("{}?option={}", at(visit, &shop, "/schedule/rule"), option.id);
                    let id = format!("o-{}", option.id);
                    let named = id.clone();
                    let minimum = (tour.min_to_run > 1)
                        .then(|| view! { <p class="soft small">{t::minimum(locale, tour.decide_hours, tour.min_to_run)}</p> });
                    view! {
                        <section class="stack-s" aria-labelledby=named>
                            <h3 id=id>{tour.title.text(locale).to_owned()} " · " {option.title.text(locale).to_owned()}</h3>
                            {minimum}
                            <ul class="rule-list">{items}</ul> {none}
                            {course.is_none().then(|| view! { <p><a class="btn btn-small" href=add>{icon("plus")}{t::add_rule(locale)}</a></p> })}
                            {course}
                        </section>
                    }
                })
                .collect();
        let shut: Vec<_> =
            closures.iter().map(|closure| closure_item(visit, &desk, closure, now)).collect();
        let open = closures.is_empty().then(|| view! { <p class="soft">{t::no_closures(locale)}</p> });
        let closing = at(visit, &shop, "/schedule/closure");
        let body = view! {
            <header class="host-head">
                <h1>{t::title(locale)}</h1>
                <div class="actions"><a class="btn" href=format!("{closing}?kind=dates")>{icon("lock")}{t::add_closure(locale)}</a></div>
            </header>
            {news}
            <section class="stack" aria-labelledby="closures">
                <h2 id="closures">{t::closures(locale)}</h2>
                <ul class="rule-list">{shut}</ul> {open}
            </section>
            <section class="stack" aria-labelledby="rules">
                <h2 id="rules">{t::rules(locale)}</h2>
                {options}
            </section>
        };
        frame(visit, Some(&shop), Tab::Schedule, body)
    }))
}

fn rule_item(
    visit: &Visit,
    desk: &Desk,
    rule: &Rule,
    closures: &[&Closure],
    now: Now,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let Ok(shop) = desk.workshop() else { return ().into_any() };
    let edit = format!("{}?id={}", at(visit, shop, "/schedule/rule"), rule.id);
    let title = words::opening(locale, &rule.opening);
    let label = t::edit_what(locale, &title);
    view! {
        <li class="rule">
            <div>
                <h4 class="rule-title">{title}</h4>
                <p class="rule-text">
                    {words::opening_details(locale, &rule.opening)}<br/>
                    {words::next_departures(locale, &rule.opening, closures, now)}
                </p>
            </div>
            <div class="actions">
                <a class="btn btn-small" href=edit aria-label=label>{icon("edit")}{t::edit(locale)}</a>
            </div>
        </li>
    }
    .into_any()
}

fn closure_item(
    visit: &Visit,
    desk: &Desk,
    closure: &Closure,
    (today, _): Now,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let Ok(shop) = desk.workshop() else { return ().into_any() };
    let edit = format!("{}?id={}", at(visit, shop, "/schedule/closure"), closure.id);
    let days = words::closure(locale, &closure.rule, closure.hours);
    let reason = closure.reason.text(locale);
    let title = if reason.is_empty() { days } else { format::labelled(locale, reason, days) };
    let tour = closure.tour_id.and_then(|tour| desk.catalogue.tour(tour));
    let tour = tour.map(|tour| format!(" · {}", t::only_tour(locale, tour.title.text(locale))));
    let label = t::edit_what(locale, &title);
    view! {
        <li class="rule">
            <div>
                <h3 class="rule-title">{title}</h3>
                <p class="rule-text">{day_rule::details(locale, &closure.rule, today)}{tour}</p>
            </div>
            <div class="actions">
                <a class="btn btn-small" href=edit aria-label=label>{icon("edit")}{t::edit(locale)}</a>
            </div>
        </li>
    }
    .into_any()
}
