//! The board: a week of the machines, kilns, rooms and vehicles that a workshop may count on.

mod cells;
pub mod edit;
pub mod needs;
mod short;
pub mod take;
pub mod words;

use std::collections::HashSet;

use axum::extract::{Path, State};
use axum::response::Response;
use chrono::{Days, NaiveDate};
use engine::UseId;
use engine::clock::{local_date, week_start};
use engine::coop;
use engine::resource::board::{self, Board, Gap, Row, Shown};
use engine::resource::{Owner, Purpose, ResourceError, give_up, unblock};
use leptos::prelude::*;

use super::frame::{Desk, Tab, at, frame, see};
use super::{day, words as host_words};
use crate::api::form::Form;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t::resource as t;
use crate::ui::field::Hidden;
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};

type At = Path<(String, String)>;

/// What the visitor may do with resources besides looking.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rights {
    /// Of the workshop's own.
    pub(super) own: bool,
    /// Of the co-op that the workshop is in.
    pub(super) coop: Option<engine::CoopId>,
}

impl Rights {
    pub(super) async fn of(app: &App, visit: &Visit, desk: &Desk) -> Result<Self, PageError> {
        let mut conn = app.store.read().await?;
        let mut manages = None;
        if let Some(coop) = coop::of_workshop(&mut conn, desk.id()).await?
            && coop::must_manage(&mut conn, &visit.actor, coop.id).await.is_ok()
        {
            manages = Some(coop.id);
        }
        Ok(Self { own: desk.owner, coop: manages })
    }

    /// Whose a new one will be: the workshop's, or the co-op's where the form says so.
    pub(super) async fn owner_of_new(
        app: &App,
        visit: &Visit,
        desk: &Desk,
        form: &Form,
    ) -> Result<Owner, PageError> {
        let rights = Self::of(app, visit, desk).await?;
        match (form.text("owner"), rights.coop) {
            ("coop", Some(coop)) => Ok(Owner::Coop(coop)),
            ("coop", None) => Err(PageError::NotFound),
            _ if rights.own => Ok(Owner::Workshop(desk.id())),
            _ => Err(PageError::NotFound),
        }
    }

    pub(super) fn rules(self, owner: Option<Owner>) -> bool {
        match owner {
            Some(Owner::Workshop(_)) => self.own,
            Some(Owner::Coop(coop)) => self.coop == Some(coop),
            None => false,
        }
    }
}

/// An error that is no matter of words on a page.
fn of_resource(error: ResourceError) -> PageError {
    match error {
        ResourceError::Store(error) => error.into(),
        _ => PageError::NotFound,
    }
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    let rights = Rights::of(&app, &visit, &desk).await?;
    let today = local_date(app.store.now());
    let query = Form::of_query(&visit.query);
    let monday = week_start(host_words::date(query.text("date")).unwrap_or(today));
    let mut conn = app.store.read().await?;
    let board = board::board(&mut conn, &visit.actor, desk.id(), monday, 7).await;
    drop(conn);
    let board = board.map_err(of_resource)?;
    let done = query.text("done").to_owned();
    let locale = visit.locale;
    let shop = desk.workshop()?.clone();
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::title(locale))).render(&visit, move || {
        let visit = &inner;
        let sunday = monday + Days::new(6);
        let title = t::week_of(locale, format::day(locale, monday), format::day(locale, sunday));
        let around = [monday - Days::new(7), monday + Days::new(7)].map(|date| date.to_string());
        let labels =
            (t::week_steps(locale), t::week_before(locale), t::this_week(locale), t::week_after(locale));
        let new = at(visit, &shop, "/resources/new");
        let add_own = rights.own.then(|| {
            view! { <a class="btn" href=new.clone()>{icon("plus")}{t::add_own(locale)}</a> }
        });
        let add_shared = rights.coop.map(|_| {
            view! { <a class="btn" href=format!("{new}?owner=coop")>{icon("plus")}{t::add_shared(locale)}</a> }
        });
        let none = board.rows.is_empty().then(|| {
            view! { <section class="panel stack-s"><h2 class="panel-title">{t::none(locale)}</h2><p>{t::none_text(locale)}</p></section> }
        });
        let gaps = gaps(visit, &desk, &board);
        let rows: Vec<_> = board
            .rows
            .iter()
            .map(|row| resource(visit, &desk, row, rights, (monday, today)))
            .collect();
        let body = view! {
            <header class="host-head">
                <div><h1>{t::title(locale)}</h1><p class="soft">{title}</p></div>
                {day::steps(&at(visit, &shop, "/resources"), "date", around, labels)}
            </header>
            {news(visit, &done)} {gaps} {none}
            <div class="board">{rows}</div>
            <div class="actions no-print">{add_own}{add_shared}</div>
        };
        frame(visit, Some(&shop), Tab::More, body)
    }))
}

fn news(visit: &Visit, done: &str) -> Option<impl IntoView + use<>> {
    let locale = visit.locale;
    let (title, text) = match done {
        "saved" => (t::saved(locale), t::kept_note(locale)),
        "taken" => (t::taken(locale), t::take_own_text(locale)),
        "released" => (t::released(locale), t::released_text(locale)),
        "mended" => (t::mended(locale), t::released_text(locale)),
        _ => return None,
    };
    Some(view! { <Notice tone=Tone::Good title=title><p>{text}</p></Notice> })
}

/// Visits that lack something, each with the way to it.
fn gaps(visit: &Visit, desk: &Desk, board: &Board) -> Option<impl IntoView + use<>> {
    if board.gaps.is_empty() {
        return None;
    }
    let locale = visit.locale;
    let count = i64::try_from(board.gaps.len()).unwrap_or(i64::MAX);
    let items: Vec<_> = board.gaps.iter().map(|gap| gap_line(visit, desk, board, gap)).collect();
    let ours = board.gaps.iter().any(|gap| gap.workshop_id == desk.id());
    let ask = desk.workshop().ok().filter(|_| ours).map(|shop| {
        let href = at(visit, shop, "/bad-day?cause=broken");
        view! { <p><a class="btn btn-primary" href=href>{icon("umbrella")}{crate::t::bad_day::ask_all(locale)}</a></p> }
    });
    Some(view! {
        <Notice tone=Tone::Warn title=t::gaps(locale, count)>
            <ul class="plain-list">{items}</ul>
            {ask}
        </Notice>
    })
}

fn gap_line(visit: &Visit, desk: &Desk, board: &Board, gap: &Gap) -> impl IntoView + use<> {
    let locale = visit.locale;
    let catalogue = &desk.catalogue;
    let when = format!(
        "{} {}",
        format::sentence(&format::day(locale, local_date(gap.starts_at))),
        format::time(locale, gap.starts_at)
    );
    let tour = catalogue.tour(gap.tour_id).map_or("", |tour| tour.title.text(locale));
    let shop = catalogue.workshop(gap.workshop_id);
    let resource = board.rows.iter().find(|row| Some(row.resource.id) == gap.resource_id);
    let lacks = resource.map_or_else(
        || gap.amount.to_string(),
        |row| words::amount(locale, row.resource.kind, gap.amount),
    );
    let whose = shop.map_or("", |shop| shop.name.as_str());
    let words = t::gap(locale, lacks, tour, when, whose);
    // Another workshop's departures are its own to open.
    let open = shop.filter(|shop| visit.actor.must_serve(shop.id).is_ok()).map(|shop| {
        let href = at(visit, shop, &format!("/slots/{}", gap.slot_id));
        view! { " " <a href=href>{t::gap_open(locale)}</a> }
    });
    view! { <li>{words}{open}</li> }
}

fn resource(
    visit: &Visit,
    desk: &Desk,
    row: &Row,
    rights: Rights,
    (monday, today): (NaiveDate, NaiveDate),
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let Ok(shop) = desk.workshop() else { return ().into_any() };
    let it = &row.resource;
    let id = format!("r-{}", it.id);
    let named = id.clone();
    let name = words::name(locale, it);
    let of = |sub: &str| at(visit, shop, &format!("/resources/{}{sub}", it.id));
    let owner = match it.owner() {
        Some(Owner::Coop(_)) => t::owned_by_coop(locale),
        _ => t::owned_by_workshop(locale),
    };
    let away = (!it.active).then(|| view! { " " <span class="badge">{t::retired(locale)}</span> });
    let edit = rights.rules(it.owner()).then(|| {
        view! { <a class="btn btn-small" href=of("") aria-label=t::edit_what(locale, &name)>{icon("edit")}{t::edit(locale)}</a> }
    });
    // What lasts for days is in each of them; it is told once.
    let mut told = HashSet::new();
    let uses: Vec<_> = row
        .days
        .iter()
        .flat_map(|day| &day.uses)
        .filter(|shown| told.insert(shown.taken.id))
        .map(|shown| used(visit, desk, row, shown, rights, monday))
        .collect();
    let none = uses.is_empty().then(|| view! { <p class="soft small">{t::no_uses(locale)}</p> });
    view! {
        <section class="board-row" aria-labelledby=named>
            <div class="board-name">
                <h2 class="entry-title" id=id>{name}</h2>
                <p class="entry-text">
                    {words::amount(locale, it.kind, it.quantity)} " · " {owner} {away}
                </p>
            </div>
            {cells::week(locale, &row.days, today)}
            <details class="board-uses">
                <summary>{t::uses(locale)}</summary>
                <ul class="plain-list">{uses}</ul> {none}
            </details>
            <div class="actions no-print">
                <a class="btn btn-small" href=of("/take?for=own")>{icon("hand")}{t::take_own(locale)}</a>
                <a class="btn btn-small" href=of("/take?for=upkeep")>{icon("warning")}{t::report(locale)}</a>
                {edit}
            </div>
        </section>
    }
    .into_any()
}

fn used(
    visit: &Visit,
    desk: &Desk,
    row: &Row,
    shown: &Shown,
    rights: Rights,
    monday: NaiveDate,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let Ok(here) = desk.workshop() else { return ().into_any() };
    let taken = &shown.taken;
    let amount = words::amount(locale, row.resource.kind, taken.amount);
    let time = format::sentence(&words::stretch(locale, taken.stretch()));
    let line = match (taken.purpose, &shown.visit) {
        (Purpose::Visit, Some(line)) => {
            let tour = desk.catalogue.tour(line.tour_id).map_or("", |tour| tour.title.text(locale));
            t::use_visit(locale, amount, line.heads, time, tour)
        }
        (Purpose::Upkeep, _) => t::use_upkeep(locale, amount, time),
        _ => t::use_own(locale, amount, time),
    };
    let shop = shown.workshop().and_then(|id| desk.catalogue.workshop(id));
    let whose = shop
        .filter(|shop| shop.id != here.id)
        .map(|shop| view! { " " <span class="soft">{t::of(locale, &shop.name)}</span> });
    let note = (!taken.note.is_empty())
        .then(|| view! { <span class="soft">" – " {taken.note.clone()}</span> });
    let mine = taken.workshop_id == Some(here.id) || rights.rules(row.resource.owner());
    let button = match taken.purpose {
        Purpose::Visit => None,
        // A load of pieces is called off where its pieces are.
        Purpose::Own => (mine && taken.firing_id.is_none()).then(|| t::release(locale)),
        // What a calendar says ends in the calendar.
        Purpose::Upkeep => taken.calendar_id.is_none().then(|| t::works_again(locale)),
    };
    let button = button.map(|words| {
        let action = at(visit, here, &format!("/resources/uses/{}", taken.id));
        view! {
            <form class="no-print" method="post" action=action>
                <Hidden name="date" value=monday.to_string()/>
                <button class="btn btn-small">{words}</button>
            </form>
        }
    });
    let load = taken.firing_id.filter(|_| taken.workshop_id == Some(here.id)).map(|id| {
        let href = at(visit, here, &format!("/firings/{id}"));
        view! { <a class="btn btn-small no-print" href=href>{crate::t::piece::open_load(locale)}</a> }
    });
    view! { <li class="board-use"><span>{line}{whose}{note}</span>{button}{load}</li> }.into_any()
}

/// Gives back what was taken for own work, or says that it works again.
pub async fn release(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id)): Path<(String, String, String)>,
    form: Form,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    let id: UseId = id.parse().map_err(|_| PageError::NotFound)?;
    let command = (visit.actor.clone(), id);
    let mended = app
        .store
        .write("release resource", command, |tx, (actor, id)| {
            Box::pin(async move {
                match unblock(tx, &actor, id).await {
                    Err(ResourceError::Unknown) => give_up(tx, &actor, id).await.map(|()| false),
                    done => done.map(|_| true),
                }
            })
        })
        .await;
    let done = match mended {
        Ok(true) => "mended",
        // Tapped twice, or somebody else was first: it is free either way.
        Ok(false) | Err(ResourceError::Unknown) => "released",
        Err(error) => return Err(of_resource(error)),
    };
    let date = host_words::date(form.text("date"));
    let date = date.map(|date| format!("&date={date}")).unwrap_or_default();
    Ok(see(&format!("{}?done={done}{date}", at(&visit, desk.workshop()?, "/resources"))))
}
