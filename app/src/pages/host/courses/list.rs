//! The workshop's courses and their runs.

use axum::extract::{Path, State};
use axum::response::Response;
use engine::SlotId;
use engine::catalogue::{Tour, Workshop};
use engine::course::{Session, runs_of_workshop, sessions_of_slots};
use engine::schedule::{Slot, SlotStatus};
use leptos::prelude::*;

use super::of_run;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Desk, Tab, at, frame};
use crate::pages::host::guest;
use crate::render::Page;
use crate::t::course as t;
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::sessions;
use crate::ui::summary::run_dates;

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    let mut conn = app.store.read().await?;
    let runs = runs_of_workshop(&mut conn, desk.id()).await?;
    let ids: Vec<SlotId> = runs.iter().map(|slot| slot.id).collect();
    let sessions = sessions_of_slots(&mut conn, &ids).await?;
    drop(conn);
    let (locale, now) = (visit.locale, app.store.now());
    let shop = desk.workshop()?.clone();
    let courses: Vec<Tour> = desk
        .catalogue
        .all_tours_of(desk.id())
        .filter(|tour| tour.course.is_some())
        .cloned()
        .collect();
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::host_title(locale))).render(&visit, move || {
        let row = |slot: &&Slot| {
            let of_run = sessions.get(&slot.id).map_or(&[][..], Vec::as_slice);
            entry(&inner, &shop, &desk, slot, of_run)
        };
        let (over, coming): (Vec<&Slot>, Vec<&Slot>) =
            runs.iter().partition(|slot| slot.is_over(now) || slot.status == SlotStatus::Cancelled);
        // Soonest first; what is over, latest first.
        let coming_rows: Vec<_> = coming.iter().rev().map(row).collect();
        let over_rows: Vec<_> = over.iter().map(row).collect();
        let none = coming_rows.is_empty().then(|| view! { <p class="soft">{t::no_runs(locale)}</p> });
        let over = (!over_rows.is_empty()).then(|| {
            view! {
                <section class="stack" aria-labelledby="over">
                    <h2 id="over">{t::runs_over(locale)}</h2>
                    <ul class="entry-list">{over_rows}</ul>
                </section>
            }
        });
        let plan = (desk.owner && !courses.is_empty()).then(|| {
            view! {
                <a class="btn btn-primary" href=at(&inner, &shop, "/courses/new")>
                    {icon("plus")}{t::plan(locale)}
                </a>
            }
        });
        let how = courses.is_empty().then(|| {
            view! { <p>{t::no_courses(locale)} " " <a href=at(&inner, &shop, "/tours")>{crate::t::edit::tours(locale)}</a></p> }
        });
        let body = view! {
            <header class="host-head"><h1>{t::host_title(locale)}</h1>{plan}</header>
            {how}
            <section class="stack" aria-labelledby="coming">
                <h2 id="coming">{t::runs_coming(locale)}</h2>
                {none}
                <ul class="entry-list">{coming_rows}</ul>
            </section>
            {over}
        };
        frame(&inner, Some(&shop), Tab::More, body)
    }))
}

fn entry(
    visit: &Visit,
    shop: &Workshop,
    desk: &Desk,
    slot: &Slot,
    of_run: &[Session],
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let title = desk.catalogue.tour(slot.tour_id).map_or("", |tour| tour.title.text(locale));
    let state = match slot.status {
        SlotStatus::Open => None,
        SlotStatus::Closed => Some(crate::t::host::closed(locale)),
        SlotStatus::Cancelled => Some(crate::t::host::cancelled(locale)),
    };
    let state = state.map(|words| view! { <span class="badge" data-tone="lacquer">{words}</span> });
    let count = t::sessions(locale, sessions::count(of_run));
    let taught = (!slot.guide.is_empty()).then(|| format!(" · {}", slot.guide));
    view! {
        <li class="entry">
            <div>
                <h3 class="entry-title">
                    <a href=of_run_page(visit, shop, slot)>{run_dates(locale, slot)}</a>
                </h3>
                <p class="entry-text">{title.to_owned()}</p>
                <p class="entry-text">{count}{taught}</p>
            </div>
            <div class="cluster">{guest::seats(locale, slot)} {state}</div>
        </li>
    }
}

fn of_run_page(visit: &Visit, shop: &Workshop, slot: &Slot) -> String {
    of_run(visit, shop, slot.id, "")
}
