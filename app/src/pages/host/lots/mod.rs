//! Lots of products: where they come from, written down for whoever scans their labels.

pub mod add;
mod chart;
pub mod labels;
pub mod new;
pub mod one;

use axum::extract::{Path, State};
use axum::response::Response;
use engine::catalogue::Workshop;
use engine::clock::local_date;
use engine::credential::words;
use engine::provenance::{self, Record, RecordKind, RecordState, scans};
use engine::{RecordId, WorkshopId};
use leptos::prelude::*;

use super::frame::{Desk, Tab, at, frame};
use crate::Locale;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t::provenance as t;
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::prose::foreign;

type At = Path<(String, String, String)>;

/// The address of one of a lot's pages: `sub` is "" or "/labels".
fn of_lot(visit: &Visit, shop: &Workshop, lot: RecordId, sub: &str) -> String {
    at(visit, shop, &format!("/lots/{lot}{sub}"))
}

/// A lot of this workshop, or the record of a piece; another's does not exist here.
async fn found(app: &App, workshop: WorkshopId, lot: &str) -> Result<Record, PageError> {
    let id: RecordId = lot.parse().map_err(|_| PageError::NotFound)?;
    let mut conn = app.store.read().await?;
    let record = provenance::by_id(&mut conn, id).await?;
    record.filter(|record| record.workshop_id == workshop).ok_or(PageError::NotFound)
}

/// Refuses the record of a piece, which grows by the piece's own steps and is not written by hand.
fn must_be_lot(record: &Record) -> Result<(), PageError> {
    match record.kind {
        RecordKind::Lot => Ok(()),
        RecordKind::Piece => Err(PageError::NotFound),
    }
}

/// Certificates of a workshop that a record may name today, to choose among; of a lot stars alone.
async fn certificates(
    app: &App,
    visit: &Visit,
    workshop: WorkshopId,
    stars: bool,
) -> Result<Vec<(String, String)>, PageError> {
    let locale = visit.locale;
    let today = local_date(app.store.now());
    let mut conn = app.store.read().await?;
    let mut shown = provenance::certificates(&mut conn, workshop, today).await?;
    drop(conn);
    shown.retain(|it| it.stars.is_some() || !stars);
    let named = shown.into_iter().map(|it| {
        let title = it.title.text(locale);
        let words = match it.until {
            Some(day) => t::certificate_until(locale, words::day(locale, day), title),
            None => title.to_owned(),
        };
        (it.id.to_string(), words)
    });
    Ok(named.collect())
}

fn badge(locale: Locale, state: RecordState) -> impl IntoView {
    let (tone, words) = match state {
        RecordState::Live => ("celadon", t::state_live(locale)),
        RecordState::Withdrawn => ("lacquer", t::state_withdrawn(locale)),
    };
    view! { <span class="badge" data-tone=tone>{words}</span> }
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    let mut conn = app.store.read().await?;
    let lots = provenance::of_workshop(&mut conn, desk.id(), RecordKind::Lot).await?;
    let scanned = scans::of_workshop(&mut conn, desk.id()).await?;
    drop(conn);
    let locale = visit.locale;
    let shop = desk.workshop()?.clone();
    let owner = desk.owner;
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::host_title(locale))).render(&visit, move || {
        let rows: Vec<_> = lots
            .iter()
            .map(|lot| {
                let day = engine::clock::local_date(lot.created_at);
                let opened = t::opened_on(locale, format::date(locale, day));
                let count = scanned.get(&lot.id).copied().unwrap_or(0);
                view! {
                    <li class="entry">
                        <div>
                            <h2 class="entry-title" lang=foreign(&lot.title, locale)>
                                <a href=of_lot(&inner, &shop, lot.id, "")>{lot.title.text(locale).to_owned()}</a>
                            </h2>
                            <p class="entry-text"><span class="code">{lot.spoken_code()}</span></p>
                            <p class="entry-text">{format::sentence(&opened)} " · " {t::scans(locale, count)}</p>
                        </div>
                        <div class="cluster">{badge(locale, lot.state)}</div>
                    </li>
                }
            })
            .collect();
        let none = rows.is_empty().then(|| view! { <p class="soft">{t::host_none(locale)}</p> });
        let new = owner.then(|| {
            view! {
                <a class="btn btn-primary" href=at(&inner, &shop, "/lots/new")>
                    {icon("plus")}{t::new_lot(locale)}
                </a>
            }
        });
        let body = view! {
            <header class="host-head"><h1>{t::host_title(locale)}</h1>{new}</header>
            <p class="soft">{t::host_lead(locale)} " " {t::host_only_workshop(locale)}</p>
            {none}
            <ul class="entry-list">{rows}</ul>
        };
        frame(&inner, Some(&shop), Tab::Lots, body)
    }))
}
