//! How the money of each tour is shared, now and from when.

use axum::extract::{Path, State};
use axum::response::Response;
use chrono::NaiveDate;
use engine::Locale;
use engine::catalogue::Tour;
use engine::ledger::{RuleOf, SplitRule, rules_of};
use leptos::prelude::*;

use super::names;
use super::{Books, Section, subnav};
use crate::api::form::Form;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Tab, frame};
use crate::render::Page;
use crate::t::money as t;
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};

/// The rule of a day among all of one tour or co-op, the latest first; None where the last one
/// ended them.
pub fn on(rules: &[SplitRule], day: NaiveDate) -> Option<&SplitRule> {
    rules.iter().find(|rule| rule.valid_from <= day).filter(|rule| rule.shares.is_some())
}

/// Rules that will hold later, the next one first; of two from one day the one that counts.
pub fn coming(rules: &[SplitRule], day: NaiveDate) -> Vec<&SplitRule> {
    let mut coming: Vec<&SplitRule> = Vec::new();
    for rule in rules.iter().filter(|rule| rule.valid_from > day) {
        if coming.last().is_none_or(|last| last.valid_from != rule.valid_from) {
            coming.push(rule);
        }
    }
    coming.reverse();
    coming
}

/// A rule's shares as a list.
pub fn list(locale: Locale, rule: &SplitRule) -> impl IntoView + use<> {
    let items = rule.shares.as_ref().map(|shares| {
        shares.iter().map(|share| view! { <li>{names::share(locale, share)}</li> }).collect_view()
    });
    view! { <ul class="plain-list">{items}</ul> }
}

/// What changes on coming days.
pub fn outlook(locale: Locale, rules: &[SplitRule], day: NaiveDate) -> impl IntoView + use<> {
    coming(rules, day)
        .into_iter()
        .map(|rule| {
            let date = names::date(locale, rule.valid_from);
            match &rule.shares {
                Some(shares) => view! {
                    <p class="entry-text">
                        <b>{t::rule_coming(locale, date)}</b> ": " {names::shares(locale, shares)}
                    </p>
                }
                .into_any(),
                None => {
                    view! { <p class="entry-text"><b>{t::rule_coming_none(locale, date)}</b></p> }
                        .into_any()
                }
            }
        })
        .collect_view()
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let books = Books::open(&app, &visit, &slug).await?;
    let mut conn = app.store.read().await?;
    let mut tours: Vec<(Tour, Vec<SplitRule>)> = Vec::new();
    for tour in books.desk.catalogue.all_tours_of(books.shop.id) {
        tours.push((tour.clone(), rules_of(&mut conn, RuleOf::Tour(tour.id)).await?));
    }
    let shared = match &books.coop {
        Some(coop) => rules_of(&mut conn, RuleOf::Coop(coop.id)).await?,
        None => Vec::new(),
    };
    drop(conn);
    let locale = visit.locale;
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::rules_title(locale))).render(&visit, move || {
        let visit = &inner;
        let saved = Form::of_query(&visit.query).has("saved").then(|| {
            view! {
                <Notice tone=Tone::Good title=t::rule_saved(locale)>
                    <p>{t::rule_saved_note(locale)}</p>
                </Notice>
            }
        });
        let common = books.coop.as_ref().map(|coop| {
            let now = match on(&shared, books.today) {
                Some(rule) => list(locale, rule).into_any(),
                None => {
                    view! { <p class="entry-text">{t::rules_everything(locale)}</p> }.into_any()
                }
            };
            let words = if books.manages { t::rule_edit(locale) } else { t::open_rule(locale) };
            view! {
                <section class="panel" aria-labelledby="common">
                    <h2 class="panel-title" id="common">{t::rules_shared(locale, &coop.name)}</h2>
                    {now}
                    {outlook(locale, &shared, books.today)}
                    <a class="btn btn-small" href=books.at(visit, "/fund/rule")>{words}</a>
                </section>
            }
        });
        let common_now = on(&shared, books.today).is_some();
        let items: Vec<_> =
            tours.iter().map(|(tour, rules)| row(visit, &books, tour, rules, common_now)).collect();
        let body = view! {
            <h1>{t::rules_title(locale)}</h1>
            {subnav(visit, &books, Some(Section::Rules))}
            {saved}
            <p class="soft">{t::rules_lead(locale)}</p>
            {common}
            <section class="stack" aria-labelledby="own">
                <h2 id="own">{t::rules_own(locale)}</h2>
                <ul class="entry-list">{items}</ul>
            </section>
        };
        frame(visit, Some(&books.shop), Tab::Money, body)
    }))
}

fn row(
    visit: &Visit,
    books: &Books,
    tour: &Tour,
    rules: &[SplitRule],
    common: bool,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let title = tour.title.text(locale).to_owned();
    let own = on(rules, books.today);
    let now = match (own, &books.coop) {
        (Some(rule), _) => {
            let shares = rule.shares.as_ref().map(|shares| names::shares(locale, shares));
            shares.unwrap_or_default()
        }
        (None, Some(coop)) if common => t::rule_by_coop(locale, &coop.name),
        (None, _) => t::rules_everything(locale).to_owned(),
    };
    let href = books.at(visit, &format!("/rules/{}", tour.slug));
    let label = t::rule_edit_of(locale, &title);
    let words = if own.is_some() { t::rule_edit(locale) } else { t::rule_make(locale) };
    view! {
        <li class="entry">
            <div class="stack-s">
                <h3 class="entry-title">{title}</h3>
                <p class="entry-text">{now}</p>
                {outlook(locale, rules, books.today)}
            </div>
            <div class="actions">
                <a class="btn btn-small" href=href aria-label=label>{icon("edit")}{words}</a>
            </div>
        </li>
    }
}
