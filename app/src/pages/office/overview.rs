//! How the platform is doing: letters and background work at a glance.

use axum::extract::State;
use axum::response::Response;
use chrono::NaiveTime;
use engine::Locale;
use engine::clock::{local_date, venue_instant};
use engine::mail::deliver;
use leptos::prelude::*;

use super::frame::{Part, admitted, frame};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t::office as t;
use crate::ui::format;
use crate::ui::layout::Head;
use crate::workers::Run;

/// The beginning of today at the venue.
pub fn today_began(app: &App) -> chrono::DateTime<chrono::Utc> {
    let now = app.store.now();
    venue_instant(local_date(now), NaiveTime::MIN).unwrap_or(now)
}

/// The three counts at the top of the office's pages.
pub fn tally(locale: Locale, counts: deliver::Counts) -> impl IntoView {
    view! {
        <dl class="tally">
            <div><dt>{t::waiting(locale)}</dt><dd>{counts.queued}</dd></div>
            <div><dt>{t::sent_today(locale)}</dt><dd>{counts.sent}</dd></div>
            <div><dt>{t::dead(locale)}</dt><dd>{counts.dead}</dd></div>
        </dl>
    }
}

pub async fn page(State(app): State<App>, visit: Visit) -> Result<Response, PageError> {
    admitted(&visit)?;
    let mut conn = app.store.read().await?;
    let counts = deliver::counts(&mut conn, today_began(&app)).await?;
    drop(conn);
    let runs = app.workers.all();
    let locale = visit.locale;
    let today = local_date(app.store.now());
    let mailbox = app.settings.mailbox.is_some();
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::title(locale))).render(&visit, move || {
        let mut links = vec![
            (
                inner.link("/office/report"),
                crate::t::report::title(locale),
                crate::t::report::about(locale),
            ),
            (
                inner.link("/office/trade"),
                crate::t::trade::title(locale),
                crate::t::trade::about(locale),
            ),
            (
                inner.link("/office/villages"),
                crate::t::report::readers(locale),
                crate::t::report::readers_about(locale),
            ),
            (
                inner.link("/office/events"),
                crate::t::event::office_title(locale),
                crate::t::event::office_about(locale),
            ),
            (inner.link("/office/outbox"), t::outbox(locale), t::outbox_about(locale)),
            (inner.link("/office/audit"), t::audit(locale), t::audit_about(locale)),
            (
                inner.link("/office/passes"),
                crate::t::pass::host_title(locale),
                crate::t::pass::office_lead(locale),
            ),
            (
                inner.link("/office/credentials"),
                crate::t::credential::title(locale),
                crate::t::credential::office_lead(locale),
            ),
            (
                inner.link("/office/reviews"),
                crate::t::review::office_title(locale),
                crate::t::review::office_about(locale),
            ),
            (
                inner.link("/office/privacy"),
                crate::t::privacy::office_title(locale),
                crate::t::privacy::office_about(locale),
            ),
        ];
        if mailbox {
            links.push(("/mailbox".to_owned(), t::mailbox(locale), t::mailbox_about(locale)));
        }
        let links: Vec<_> = links
            .into_iter()
            .map(|(href, title, about)| {
                view! {
                    <li class="entry"><div>
                        <h2 class="entry-title"><a href=href>{title}</a></h2>
                        <p class="entry-text">{about}</p>
                    </div></li>
                }
            })
            .collect();
        let rows: Vec<_> = runs.iter().map(|(name, run)| row(locale, name, run, today)).collect();
        let none = rows.is_empty().then(|| view! { <p class="soft">{t::worker_never(locale)}</p> });
        let body = view! {
            <h1>{t::title(locale)}</h1>
            {tally(locale, counts)}
            <ul class="entry-list">{links}</ul>
            <section class="stack" aria-labelledby="workers">
                <h2 id="workers">{t::workers(locale)}</h2>
                <table class="table table-cards">
                    <thead><tr>
                        <th scope="col">{t::worker(locale)}</th>
                        <th scope="col">{t::last_run(locale)}</th>
                        <th scope="col">{t::result(locale)}</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
                {none}
            </section>
        };
        frame(&inner, Part::Overview, body)
    }))
}

/// A worker by what it does for people.
fn work(locale: Locale, name: &'static str) -> &'static str {
    match name {
        "expire holds" => t::w_expire(locale),
        "waiting list" => t::w_waitlist(locale),
        "deliver mails" => t::w_mail(locale),
        "generate slots" => t::w_slots(locale),
        "minimum to run" => t::w_minimum(locale),
        "reminders" => t::w_visits(locale),
        "credentials" => t::w_credentials(locale),
        "retention" => t::w_retention(locale),
        "count parties" => t::w_count(locale),
        other => other,
    }
}

fn row(
    locale: Locale,
    name: &'static str,
    run: &Run,
    today: chrono::NaiveDate,
) -> impl IntoView + use<> {
    let moment = |at: chrono::DateTime<chrono::Utc>| {
        let day = format::relative_day(locale, local_date(at), today);
        format::day_at(locale, day, at)
    };
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let result = match &run.result {
        Ok(done) => {
            let (at, done) = run.last_work.map_or((None, *done), |(at, done)| (Some(at), done));
            let when = at.map(|at| format!(" ({})", moment(at))).unwrap_or_default();
            view! { <span>{t::worker_ok(locale, count(done))}{when}</span> }.into_any()
        }
        Err(error) => view! { <span class="outbox-error">{error.clone()}</span> }.into_any(),
    };
    let failures = i64::try_from(run.failures).unwrap_or(i64::MAX);
    let failures = (failures > 0).then(|| {
        view! { " " <span class="badge" data-tone="lacquer">{t::worker_failures(locale, failures)}</span> }
    });
    view! {
        <tr>
            <th scope="row">{work(locale, name)}</th>
            <td data-label=t::last_run(locale)>{moment(run.at)}</td>
            <td data-label=t::result(locale)>{result}{failures}</td>
        </tr>
    }
}
