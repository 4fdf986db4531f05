//! Who opened guests' data: noting it from the pages that show some, and the owner's log of it.

use axum::extract::{Path, State};
use axum::response::Response;
use engine::privacy::{self, Look, PrivacyError, Role, Seen, What};
use engine::{Locale, ResourceId, WorkshopId};
use leptos::prelude::*;

use super::frame::{Desk, Tab, at, frame};
use crate::api::form::Form;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t::privacy as t;
use crate::ui::format;
use crate::ui::layout::Head;

/// Lines on one page.
const PAGE: usize = 50;

/// Notes that whoever asks has opened something. The database is asked once a day for each; what was
/// noted today is remembered by the process.
pub async fn note(
    app: &App,
    visit: &Visit,
    workshop: WorkshopId,
    what: What,
    subject: impl Into<String>,
) -> Result<(), PageError> {
    let actor = visit.actor.clone();
    write(app, Look { actor, guide: None, workshop, what, subject: subject.into() }).await
}

/// The same for a guide, who comes by a link.
pub async fn note_guide(
    app: &App,
    visit: &Visit,
    (guide, workshop): (ResourceId, WorkshopId),
    what: What,
    subject: impl Into<String>,
) -> Result<(), PageError> {
    let actor = visit.actor.clone();
    write(app, Look { actor, guide: Some(guide), workshop, what, subject: subject.into() }).await
}

async fn write(app: &App, look: Look) -> Result<(), PageError> {
    if !app.looks.is_new(&look, app.store.now()) {
        return Ok(());
    }
    app.store.write("note a look", look.clone(), |tx, c| Box::pin(privacy::look(tx, c))).await?;
    app.looks.noted(&look, app.store.now());
    Ok(())
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let shop = desk.workshop()?.clone();
    let before = Form::of_query(&visit.query).text("before").parse().ok();
    let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let mut conn = app.store.read().await?;
    let lines = privacy::views_of(&mut conn, &visit.actor, shop.id, before, limit).await;
    let mut lines = lines.map_err(|error| match error {
        PrivacyError::Store(error) => PageError::from(error),
        _ => PageError::NotFound,
    })?;
    let more = lines.len() > PAGE;
    lines.truncate(PAGE);
    let names = privacy::viewers(&mut conn, &lines).await?;
    drop(conn);
    let locale = visit.locale;
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::log_title(locale))).render(&visit, move || {
        let rows: Vec<_> = lines
            .iter()
            .map(|line| {
                let name = names.get(&line.actor).cloned();
                row(locale, line, name.unwrap_or_else(|| t::gone(locale).to_owned()))
            })
            .collect();
        let older = lines.last().filter(|_| more).map(|last| {
            let href = format!("{}?before={}", at(&inner, &shop, "/views"), last.id);
            view! { <p><a class="btn" href=href>{t::older(locale)}</a></p> }
        });
        let table = if rows.is_empty() {
            view! { <p class="empty">{t::log_empty(locale)}</p> }.into_any()
        } else {
            view! {
                <table class="table table-cards">
                    <caption class="visually-hidden">{t::log_title(locale)}</caption>
                    <thead><tr>
                        <th scope="col">{t::log_day(locale)}</th>
                        <th scope="col">{t::log_who(locale)}</th>
                        <th scope="col">{t::log_what(locale)}</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            }
            .into_any()
        };
        let body = view! {
            <h1>{t::log_title(locale)}</h1>
            <p class="soft">{t::log_lead(locale)}</p>
            {table}
            {older}
        };
        frame(&inner, Some(&shop), Tab::More, body)
    }))
}

fn row(locale: Locale, line: &Seen, name: String) -> impl IntoView + use<> {
    let role = match line.role {
        Role::Owner => t::role_owner(locale),
        Role::Staff => t::role_staff(locale),
        Role::Office => t::role_office(locale),
        Role::Guide => t::role_guide(locale),
    };
    let what = match line.what {
        What::Booking => t::what_booking(locale, &line.subject),
        What::Day => {
            let day = line.subject.parse().map(|day| format::date(locale, day));
            t::what_day(locale, day.unwrap_or_else(|_| line.subject.clone()))
        }
        What::Departure => t::what_departure(locale).to_owned(),
        What::Enquiry => t::what_enquiry(locale).to_owned(),
        What::GiftCard => t::what_gift_card(locale).to_owned(),
        What::Commission => crate::t::commission::viewed(locale).to_owned(),
        What::Order => crate::t::shop::order_of(locale, &line.subject),
        What::Export => t::what_export(locale, &line.subject),
    };
    let when =
        format!("{}, {}", format::date(locale, line.on_date), format::time(locale, line.first_at));
    view! {
        <tr>
            <th scope="row">{when}</th>
            <td data-label=t::log_who(locale)>{name} <span class="soft small">{format!(" ({role})")}</span></td>
            <td data-label=t::log_what(locale)>{what}</td>
        </tr>
    }
}
