//! Data protection at a glance: how long things are kept, what was forgotten, what is held where.

use axum::extract::State;
use axum::response::Response;
use engine::Locale;
use engine::privacy::register::{Column, Fate, Of, Reason, TABLES, Table, Who};
use engine::privacy::{PrivacyError, Run, runs};
use leptos::prelude::*;

use super::frame::{Part, admitted, frame};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::visitor::articles::how_long;
use crate::render::Page;
use crate::t::privacy as t;
use crate::ui::format;
use crate::ui::layout::Head;

/// Days shown.
const DAYS: i64 = 14;

pub async fn page(State(app): State<App>, visit: Visit) -> Result<Response, PageError> {
    admitted(&visit)?;
    let mut conn = app.store.read().await?;
    let runs = runs(&mut conn, &visit.actor, DAYS).await.map_err(|error| match error {
        PrivacyError::Store(error) => PageError::from(error),
        _ => PageError::NotFound,
    })?;
    drop(conn);
    let locale = visit.locale;
    let policy = app.retention;
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::office_title(locale))).render(&visit, move || {
        let runs: Vec<_> = runs.iter().map(|run| of_day(locale, run)).collect();
        let runs = if runs.is_empty() {
            view! { <p class="soft">{t::runs_none(locale)}</p> }.into_any()
        } else {
            view! {
                <table class="table table-cards">
                    <caption class="visually-hidden">{t::runs(locale)}</caption>
                    <thead><tr>
                        <th scope="col">{t::run_day(locale)}</th>
                        <th scope="col">{t::run_last(locale)}</th>
                        <th scope="col">{t::run_done(locale)}</th>
                    </tr></thead>
                    <tbody>{runs}</tbody>
                </table>
            }
            .into_any()
        };
        let tables: Vec<_> = TABLES.iter().map(|table| of_table(locale, table)).collect();
        let body = view! {
            <h1>{t::office_title(locale)}</h1>
            <p class="soft">{t::office_lead(locale)}</p>
            <section class="stack" aria-labelledby="runs">
                <h2 id="runs">{t::runs(locale)}</h2>
                {runs}
            </section>
            <section class="stack" aria-labelledby="how-long">
                <h2 id="how-long">{t::how_long(locale)}</h2>
                {how_long(locale, &policy)}
            </section>
            <section class="stack" aria-labelledby="register">
                <h2 id="register">{t::register(locale)}</h2>
                <p class="soft">{t::register_lead(locale)}</p>
                <table class="table table-cards">
                    <caption class="visually-hidden">{t::register(locale)}</caption>
                    <thead><tr>
                        <th scope="col">{t::col_table(locale)}</th>
                        <th scope="col">{t::col_whose(locale)}</th>
                        <th scope="col">{t::col_columns(locale)}</th>
                    </tr></thead>
                    <tbody>{tables}</tbody>
                </table>
            </section>
        };
        frame(&inner, Part::Privacy, body)
    }))
}

fn of_day(locale: Locale, run: &Run) -> impl IntoView + use<> {
    let counted = |(kind, count): (&String, &u64)| {
        let words = match kind.as_str() {
            "bookings" => t::kind_counts_bookings(locale, count),
            "enquiries" => t::kind_counts_enquiries(locale, count),
            "waitlist" => t::kind_counts_waitlist(locale, count),
            "applications" => t::kind_counts_applications(locale, count),
            "gift_cards" => t::kind_counts_gift_cards(locale, count),
            "commissions" => crate::t::commission::kept_count(locale, count),
            "letters" => t::kind_counts_letters(locale, count),
            "sessions" => t::kind_counts_sessions(locale, count),
            "audit" => t::kind_counts_audit(locale, count),
            "views" => t::kind_counts_views(locale, count),
            "invoices" => t::kind_counts_invoices(locale, count),
            other => format!("{other}: {count}"),
        };
        (*count > 0).then_some(words)
    };
    let done: Vec<String> = run.done.0.iter().filter_map(counted).collect();
    let done = if done.is_empty() { t::run_nothing(locale).to_owned() } else { done.join(", ") };
    view! {
        <tr>
            <th scope="row">{format::date(locale, run.on_date)}</th>
            <td data-label=t::run_last(locale)>{format::date_time(locale, run.ran_at)}</td>
            <td data-label=t::run_done(locale)>{done}</td>
        </tr>
    }
}

fn of_table(locale: Locale, table: &Table) -> impl IntoView + use<> {
    let whose = match table.of {
        Of::Guests { .. } => t::whose_guests(locale),
        Of::Others(Who::Staff) => t::whose_staff(locale),
        Of::Others(Who::Guides) => t::whose_guides(locale),
        Of::Others(Who::Workshops) => t::whose_workshops(locale),
        Of::Others(Who::Companies) => t::whose_companies(locale),
        Of::Others(Who::Calendars) => t::whose_calendars(locale),
        Of::Others(Who::HostsWords) => t::whose_words(locale),
    };
    let columns: Vec<String> = table
        .columns
        .iter()
        .map(|column| format!("{} ({})", column.name, fate(locale, column)))
        .collect();
    view! {
        <tr>
            <th scope="row"><code>{table.name}</code></th>
            <td data-label=t::col_whose(locale)>{whose}</td>
            <td data-label=t::col_columns(locale)>{columns.join(", ")}</td>
        </tr>
    }
}

fn fate(locale: Locale, column: &Column) -> &'static str {
    match column.fate {
        Fate::Blank | Fate::Null | Fate::EmptyMap => t::fate_blank(locale),
        Fate::Unnamed => t::fate_unnamed(locale),
        Fate::Row => t::fate_row(locale),
        Fate::ByVerb => t::fate_verb(locale),
        Fate::Kept(Reason::Books) => t::kept_books(locale),
        Fate::Kept(Reason::Law) => t::kept_law(locale),
        Fate::Kept(Reason::Impersonal) => t::kept_plain(locale),
        Fate::Kept(Reason::InUse) => t::kept_in_use(locale),
        Fate::Kept(Reason::Published) => t::kept_published(locale),
        Fate::Kept(Reason::Expires) => t::kept_expires(locale),
    }
}
