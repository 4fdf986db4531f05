//! What a company owes for a month's visits: as a page, and as a table for spreadsheets. The host and
//! the company read the same.

use axum::extract::{Path, State};
use axum::response::Response;
use chrono::NaiveDate;
use engine::Locale;
use engine::catalogue::Catalogue;
use engine::clock::local_date;
use engine::ledger::Month;
use engine::reseller::{Due, Statement, statement};
use leptos::prelude::*;

use super::{AtContract, open};
use crate::api::form::Form;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Tab, at, frame};
use crate::pages::host::money::csv::{self, Cell};
use crate::pages::host::words;
use crate::render::Page;
use crate::t::reseller as t;
use crate::ui::format;
use crate::ui::layout::{Head, breadcrumb};

/// The month that is asked for, "2026-12"; this one otherwise.
pub fn month(visit: &Visit, today: NaiveDate) -> Month {
    Form::of_query(&visit.query).text("month").parse().unwrap_or(Month::of(today))
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id)): AtContract,
) -> Result<Response, PageError> {
    let (desk, shop, agreement) = open(&app, &visit, &slug, &id).await?;
    let locale = visit.locale;
    let contract = agreement.terms.contract.id;
    let month = month(&visit, local_date(app.store.now()));
    let shown = statement(&mut app.store.read().await?, contract, month).await?;
    let here = at(&visit, &shop, &format!("/resellers/{contract}"));
    let sheet = sheet(locale, &desk.catalogue, &shown, &format!("{here}/statement")).into_any();
    let name = agreement.reseller.name;
    let title = t::statement_of(locale, format::month(locale, shown.month.first()), &name);
    let inner = visit.clone();
    Ok(Page::new(Head::host(title.clone())).render(&visit, move || {
        let steps =
            vec![(at(&inner, &shop, "/resellers"), t::title(locale).to_owned()), (here, name)];
        let body = view! { {breadcrumb(locale, steps)} <h1>{title}</h1> {sheet} };
        frame(&inner, Some(&shop), Tab::More, body)
    }))
}

pub async fn spreadsheet(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id)): AtContract,
) -> Result<Response, PageError> {
    let (desk, _, agreement) = open(&app, &visit, &slug, &id).await?;
    let month = month(&visit, local_date(app.store.now()));
    let contract = agreement.terms.contract.id;
    let shown = statement(&mut app.store.read().await?, contract, month).await?;
    Ok(table(visit.locale, &desk.catalogue, &shown))
}

fn title(locale: Locale, catalogue: &Catalogue, line: &Due) -> String {
    let tour = catalogue.tour(line.sold.booking.tour_id);
    tour.map_or_else(String::new, |tour| tour.title.text(locale).to_owned())
}

/// The statement's lines and sums, with the way to other months.
pub fn sheet(
    locale: Locale,
    catalogue: &Catalogue,
    shown: &Statement,
    here: &str,
) -> impl IntoView + use<> {
    let lines = shown
        .lines
        .iter()
        .map(|line| {
            let booking = &line.sold.booking;
            view! {
                <tr>
                    <td>{format::date_of_paper(locale, line.sold.slot.local_date)}</td>
                    <th scope="row">{title(locale, catalogue, line)}</th>
                    <td>{booking.code.clone()} " " {line.sold.resale.reference.clone()}</td>
                    <td>{booking.party.words(locale)}</td>
                    <td>{words::state(locale, &booking.state, booking.people)}</td>
                    <td class="number">{line.retail.display(locale)}</td>
                    <td class="number">{line.amount.display(locale)}</td>
                </tr>
            }
        })
        .collect_view();
    let none =
        shown.lines.is_empty().then(|| view! { <p class="empty">{t::no_visits(locale)}</p> });
    let (before, after) = (shown.month.before(1), shown.month.next());
    let step = |month: Month| {
        let words = format::sentence(&format::month(locale, month.first()));
        view! { <a class="btn" href=format!("{here}?month={month}")>{words}</a> }
    };
    view! {
        <div class="actions no-print">
            {step(before)}
            {step(after)}
            <a class="btn" href=format!("{here}.csv?month={}", shown.month)>{t::csv(locale)}</a>
        </div>
        <div class="table-wrap" tabindex="0" role="region" aria-label=t::statement(locale)>
            <table>
                <thead><tr>
                    <th scope="col">{t::col_date(locale)}</th><th scope="col">{t::col_tour(locale)}</th>
                    <th scope="col">{t::col_code(locale)}</th><th scope="col">{t::col_party(locale)}</th>
                    <th scope="col">{t::col_state(locale)}</th><th scope="col">{t::col_retail(locale)}</th>
                    <th scope="col">{t::col_due(locale)}</th>
                </tr></thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
        {none}
        <p><strong>{t::sum_due(locale, shown.due().display(locale))}</strong> " · " {t::sum_paid(locale, shown.paid.display(locale))}</p>
    }
}

/// The same as a file.
pub fn table(locale: Locale, catalogue: &Catalogue, shown: &Statement) -> Response {
    let text = |words: &str| Cell::Text(words.to_owned());
    let mut rows = vec![
        [
            t::col_date(locale),
            t::col_tour(locale),
            t::col_code(locale),
            t::col_reference(locale),
            t::col_party(locale),
            t::col_state(locale),
            t::col_retail(locale),
            t::col_due(locale),
        ]
        .map(text)
        .to_vec(),
    ];
    for line in &shown.lines {
        let booking = &line.sold.booking;
        rows.push(vec![
            Cell::Date(line.sold.slot.local_date),
            Cell::Text(title(locale, catalogue, line)),
            Cell::Text(booking.code.clone()),
            Cell::Text(line.sold.resale.reference.clone()),
            Cell::Text(booking.party.words(locale)),
            Cell::Text(words::state(locale, &booking.state, booking.people)),
            Cell::Number(line.retail.0),
            Cell::Number(line.amount.0),
        ]);
    }
    csv::file(&format!("reseller-{}", shown.month), &rows)
}
