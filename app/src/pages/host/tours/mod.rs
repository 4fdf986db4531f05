//! The workshop's tours: all of them with their state, and the editor of each.

pub mod course;
pub mod extras;
pub mod head;
pub mod intro;
pub mod making;
mod preview;
pub mod prices;
pub(in crate::pages::host) mod rows;
pub mod rules;
pub mod terms;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::TimeDelta;
use engine::catalogue::edit::{EditError, MoveTour, Publish, move_tour, publish};
use engine::catalogue::{Tour, Workshop};
use engine::clock::local_date;
use engine::schedule::{Slot, SlotStatus, slots};
use engine::{Locale, TourId};
use leptos::prelude::*;

use super::fields::of_edit;
use super::frame::{Desk, Tab, at, frame, see};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t::edit as t;
use crate::ui::field::{ErrorSummary, Hidden};
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};
use crate::ui::picture::Picture;

type At = Path<(String, String)>;

/// Days looked ahead for the next departures, and how many of them a tour shows.
const AHEAD: TimeDelta = TimeDelta::days(30);
const NEXT: usize = 3;

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    answer(&app, &visit, &desk, Problems::default()).await
}

/// Publishing and moving: `act` says which, `tour` which tour. `back` leads to its editor.
pub async fn act(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
    form: Form,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let tour = found(&desk, form.text("tour"))?.clone();
    let actor = visit.actor.clone();
    let done = match form.text("act") {
        act @ ("publish" | "unpublish") => {
            let command = Publish { actor, tour: tour.id, published: act == "publish" };
            app.store.write("publish", command, |tx, c| Box::pin(publish(tx, c))).await
        }
        act @ ("up" | "down") => {
            let command = MoveTour { actor, tour: tour.id, up: act == "up" };
            app.store.write("move tour", command, |tx, c| Box::pin(move_tour(tx, c))).await
        }
        _ => return Err(PageError::NotFound),
    };
    match done {
        Ok(()) => {
            let sub = match (form.has("back"), form.text("act")) {
                (true, act) => format!("/tours/{}?{act}ed=1", tour.slug),
                (false, _) => format!("/tours#tour-{}", tour.slug),
            };
            Ok(see(&at(&visit, desk.workshop()?, &sub)))
        }
        Err(error @ EditError::NotReady(_)) if form.has("back") => {
            drop(error);
            Ok(see(&at(&visit, desk.workshop()?, &format!("/tours/{}/prices?wanted=1", tour.slug))))
        }
        Err(error) => answer(&app, &visit, &desk, of_edit(visit.locale, error)?).await,
    }
}

/// The workshop's pages and one of its tours, for an owner.
pub(super) async fn open(
    app: &App,
    visit: &Visit,
    slug: &str,
    tour: &str,
) -> Result<(Desk, Tour), PageError> {
    let mut desk = Desk::open_as_owner(app, visit, slug).await?;
    let tour = found(&desk, tour)?.clone();
    let ahead = slots::any_ahead(&mut app.store.read().await?, tour.id, app.store.now()).await?;
    desk.unopened = tour.published && !ahead && tour.course.is_none();
    Ok((desk, tour))
}

/// A tour of this workshop by its slug; another's is not found.
pub fn found<'a>(desk: &'a Desk, slug: &str) -> Result<&'a Tour, PageError> {
    desk.catalogue
        .tour_by_slug(slug)
        .filter(|tour| tour.workshop_id == desk.id())
        .ok_or(PageError::NotFound)
}

async fn answer(
    app: &App,
    visit: &Visit,
    desk: &Desk,
    problems: Problems,
) -> Result<Response, PageError> {
    let now = app.store.now();
    let today = local_date(now);
    let mut conn = app.store.read().await?;
    let mut coming = slots::of_workshop(&mut conn, desk.id(), today, today + AHEAD).await?;
    drop(conn);
    coming.retain(|slot| slot.status == SlotStatus::Open && slot.starts_at > now);
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let locale = visit.locale;
    let shop = desk.workshop()?.clone();
    let tours: Vec<Tour> = desk.catalogue.all_tours_of(desk.id()).cloned().collect();
    let owner = desk.owner;
    let title = t::tours(locale);
    let inner = visit.clone();
    Ok(Page::new(Head::host(title)).status(status).render(visit, move || {
        let last = tours.len().saturating_sub(1);
        let items = tours
            .iter()
            .enumerate()
            .map(|(place, tour)| {
                let acts = owner.then(|| acts(&inner, &shop, tour, place > 0, place < last));
                entry(&inner, &shop, tour, &coming, owner, acts)
            })
            .collect_view();
        let new = owner.then(|| {
            view! {
                <a class="btn btn-primary" href=at(&inner, &shop, "/tours/new")>
                    {icon("plus")}{t::new_tour(locale)}
                </a>
            }
        });
        let none = tours.is_empty().then(|| view! { <p class="soft">{t::no_tours(locale)}</p> });
        let readers =
            (!owner).then(|| view! { <Notice tone=Tone::Info title=t::only_owners(locale)/> });
        let body = view! {
            <header class="host-head"><h1>{title}</h1>{new}</header>
            <ErrorSummary locale problems=problems.clone()/>
            {readers} {none}
            <ul class="entry-list">{items}</ul>
        };
        frame(&inner, Some(&shop), Tab::Tours, body)
    }))
}

fn entry<V: IntoView>(
    visit: &Visit,
    shop: &Workshop,
    tour: &Tour,
    coming: &[Slot],
    owner: bool,
    acts: Option<V>,
) -> impl IntoView + use<V> {
    let locale = visit.locale;
    let title = tour.title.text(locale).to_owned();
    let link = if owner {
        at(visit, shop, &format!("/tours/{}", tour.slug))
    } else {
        visit.link(&format!("/tours/{}", tour.slug))
    };
    // Staff have no page for a draft to go to.
    let name = if owner || tour.published {
        view! { <a href=link>{title}</a> }.into_any()
    } else {
        title.into_any()
    };
    view! {
        <li class="entry entry-with-media" id=format!("tour-{}", tour.slug)>
            {Picture::of_tour(tour, locale).view(true)}
            <div>
                <h2 class="entry-title">{name}</h2>
                <p class="entry-text">{offer(locale, tour)}</p>
                <p class="entry-text">{next(locale, tour.id, coming)}</p>
                <p class="cluster">{head::state(locale, tour)} {head::english(locale, tour)}</p>
            </div>
            {acts}
        </li>
    }
}

/// "2 lựa chọn · từ 200.000 ₫".
fn offer(locale: Locale, tour: &Tour) -> String {
    let options = i64::try_from(tour.open_options().count()).unwrap_or(i64::MAX);
    let options = t::options_count(locale, options);
    match tour.price_from() {
        Some(price) => format!("{options} · {}", format::price_from(locale, price)),
        None => options,
    }
}

fn next(locale: Locale, tour: TourId, coming: &[Slot]) -> String {
    let soon: Vec<String> = coming
        .iter()
        .filter(|slot| slot.tour_id == tour)
        .take(NEXT)
        .map(|slot| {
            format!(
                "{} {}",
                format::day(locale, slot.local_date),
                format::time(locale, slot.starts_at)
            )
        })
        .collect();
    if soon.is_empty() {
        t::no_departures(locale).to_owned()
    } else {
        t::next_departures(locale, format::semicolons(locale, &soon))
    }
}

fn acts(
    visit: &Visit,
    shop: &Workshop,
    tour: &Tour,
    may_up: bool,
    may_down: bool,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let edit = at(visit, shop, &format!("/tours/{}", tour.slug));
    let prices = format!("{edit}/prices");
    let title = tour.title.text(locale);
    let shift = |may: bool, act: &'static str, sign: &'static str, label: String| {
        may.then(|| {
            view! {
                <button class="btn btn-small btn-icon" name="act" value=act aria-label=label>
                    {icon(sign)}
                </button>
            }
        })
    };
    view! {
        <form class="actions" method="post" action=at(visit, shop, "/tours")>
            <Hidden name="tour" value=tour.slug.clone()/>
            <a class="btn btn-small" href=edit>{icon("edit")}{t::edit(locale)}</a>
            <a class="btn btn-small" href=prices>{icon("money")}{t::prices_short(locale)}</a>
            {shift(may_up, "up", "chevron-up", t::move_up(locale, title))}
            {shift(may_down, "down", "chevron-down", t::move_down(locale, title))}
        </form>
    }
}
