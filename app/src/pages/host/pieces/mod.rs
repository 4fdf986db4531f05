//! The pieces in the house, by step: found by number, and moved on by one tap.

pub mod labels;
pub mod one;
pub mod register;
pub mod routes;
pub mod settings;
pub mod upload;

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::craft::{self, Deed, MovePieces, Piece, PieceState, StepKind};
use engine::{Locale, PieceId};
use leptos::prelude::*;

use super::frame::{Desk, Tab, at, frame, see};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t::piece as t;
use crate::ui::field::{ErrorSummary, TextField};
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};
use crate::ui::piece as ui;

type At = Path<(String, String)>;

/// The pages about pieces, as their navigation lists them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    Pieces,
    Firings,
    Parcels,
    Settings,
}

pub fn subnav(visit: &Visit, desk: &Desk, here: Section) -> impl IntoView + use<> {
    let locale = visit.locale;
    let items = [
        (Section::Pieces, "/pieces", t::host_title(locale)),
        (Section::Firings, "/firings", t::firings_title(locale)),
        (Section::Parcels, "/parcels", t::parcels_title(locale)),
        (Section::Settings, "/pieces/settings", t::settings_title(locale)),
    ]
    .into_iter()
    .filter(|(section, ..)| desk.owner || *section != Section::Settings)
    .filter_map(|(section, sub, words)| {
        let href = at(visit, desk.workshop().ok()?, sub);
        let current = (section == here).then_some("page");
        Some(view! { <li><a href=href aria-current=current>{words}</a></li> })
    })
    .collect_view();
    view! { <nav class="subnav" aria-label=t::sections(locale)><ul>{items}</ul></nav> }
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    let query = Form::of_query(&visit.query);
    let said = query.text("q").trim().to_owned();
    let mut missed = false;
    if !said.is_empty() {
        let mut conn = app.store.read().await?;
        let found = craft::by_number(&mut conn, desk.id(), &said).await?;
        drop(conn);
        if let Some(piece) = found {
            return Ok(see(&at(&visit, desk.workshop()?, &format!("/pieces/{}", piece.id))));
        }
        missed = true;
    }
    answer(
        &app,
        &visit,
        desk,
        Form::of_pairs(vec![("q".into(), said)]),
        missed,
        Problems::default(),
    )
    .await
}

/// Which pieces are ticked.
pub fn ticked(form: &Form) -> Vec<PieceId> {
    form.all("pieces").filter_map(|id| id.parse().ok()).collect()
}

pub async fn act(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
    form: Form,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    let deed = match form.text("act") {
        "next" => Deed::Next,
        "back" => Deed::Back,
        "collect" => Deed::Collect,
        _ => return Err(PageError::NotFound),
    };
    let (actor, workshop) = (visit.actor.clone(), desk.id());
    let command = MovePieces { actor, workshop, pieces: ticked(&form), deed };
    let done =
        app.store.write("move pieces", command, |tx, c| Box::pin(craft::move_pieces(tx, c))).await;
    match done {
        Ok(moved) => {
            let page = at(&visit, desk.workshop()?, "/pieces");
            Ok(see(&format!("{page}?moved={moved}")))
        }
        Err(error) => {
            let wrong = ui::problems(visit.locale, error)?;
            answer(&app, &visit, desk, form, false, wrong).await
        }
    }
}

/// Where a piece stands in the list: the steps in their order, loads, what is ready.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Step(usize),
    Loaded,
    Ready,
}

fn place(piece: &Piece) -> Place {
    match piece.current() {
        _ if piece.state == PieceState::Ready => Place::Ready,
        _ if piece.firing_id.is_some() => Place::Loaded,
        Some(step) => {
            Place::Step(StepKind::ALL.iter().position(|kind| *kind == step.kind).unwrap_or(0))
        }
        None => Place::Ready,
    }
}

async fn answer(
    app: &App,
    visit: &Visit,
    desk: Desk,
    form: Form,
    missed: bool,
    wrong: Problems,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let mut conn = app.store.read().await?;
    let refuse = |error| match ui::problems(locale, error) {
        Err(error) => error,
        Ok(_) => PageError::NotFound,
    };
    let pieces = craft::in_house(&mut conn, &visit.actor, desk.id()).await.map_err(refuse)?;
    let asked = craft::choices_open(&mut conn, &visit.actor, desk.id()).await.map_err(refuse)?;
    drop(conn);
    let today = engine::clock::local_date(app.store.now());
    let shop = desk.workshop()?.clone();
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::host_title(locale))).status(status).render(visit, move || {
        let visit = &inner;
        let page = at(visit, &shop, "/pieces");
        let mut places: BTreeMap<Place, Vec<Piece>> = BTreeMap::new();
        for piece in pieces {
            places.entry(place(&piece)).or_default().push(piece);
        }
        let chosen = ticked(&form);
        let none = places.is_empty().then(|| view! { <p class="empty">{t::none_in_house(locale)}</p> });
        let lists: Vec<_> = places
            .into_iter()
            .map(|(place, pieces)| list(visit, &page, place, &pieces, &chosen, today))
            .collect();
        let moved = Form::of_query(&visit.query).text("moved").parse::<i64>().ok();
        let news = moved.map(|n| view! { <Notice tone=Tone::Good title=t::news_moved(locale, n)/> });
        let missed = missed.then(|| {
            view! { <Notice tone=Tone::Warn title=t::not_found(locale, form.text("q"))/> }
        });
        let asked = (!asked.is_empty()).then(|| {
            let items: Vec<_> = asked
                .iter()
                .map(|piece| {
                    let href = at(visit, &shop, &format!("/pieces/{}", piece.id));
                    view! { <li><a href=href>{piece.label.clone()}</a> " " {piece.name.clone()}</li> }
                })
                .collect();
            view! {
                <Notice tone=Tone::Warn title=t::guests_choose(locale)>
                    <ul class="plain-list">{items}</ul>
                </Notice>
            }
        });
        let q = form.text("q").to_owned();
        let body = view! {
            <header class="host-head"><h1>{t::host_title(locale)}</h1></header>
            {subnav(visit, &desk, Section::Pieces)}
            {news} {missed} {asked}
            <ErrorSummary locale problems=wrong.clone()/>
            <form class="cluster piece-search" method="get" action=page.clone() role="search">
                <TextField locale name="q" label=t::search(locale) value=q short=true optional=true
                    kind="search"/>
                <button class="btn">{icon("search")}{t::search_go(locale)}</button>
            </form>
            {lists} {none}
        };
        frame(visit, Some(&shop), Tab::More, body)
    }))
}

fn list(
    visit: &Visit,
    page: &str,
    place: Place,
    pieces: &[Piece],
    chosen: &[PieceId],
    today: chrono::NaiveDate,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let (title, id) = match place {
        Place::Step(at) => {
            let kind = StepKind::ALL.get(at).copied();
            (kind.map_or("", |kind| ui::kind(locale, kind)).to_owned(), format!("step-{at}"))
        }
        Place::Loaded => (t::in_load(locale).to_owned(), "loaded".to_owned()),
        Place::Ready => (t::state_ready(locale).to_owned(), "ready".to_owned()),
    };
    let rows: Vec<_> = pieces
        .iter()
        .map(|piece| row(locale, page, piece, place, chosen, today).into_any())
        .collect();
    let firings = page.replace("/pieces", "/firings");
    let waits = pieces.iter().any(|piece| piece.current().is_some_and(|step| step.load));
    let plan = (matches!(place, Place::Step(_)) && waits).then(|| {
        view! { <a class="btn btn-small" href=firings.clone()>{t::plan_loads(locale)}</a> }
    });
    let button = |act: &'static str, class: &'static str, words: &'static str| {
        view! { <button class=class name="act" value=act>{words}</button> }
    };
    let actions = match place {
        Place::Step(_) => view! {
            <div class="actions">
                {button("next", "btn btn-primary", t::move_on(locale))}
                {button("back", "btn btn-quiet", t::move_back(locale))}
                {plan}
            </div>
        }
        .into_any(),
        Place::Ready => view! {
            <div class="actions">
                {button("collect", "btn btn-primary", t::hand_over(locale))}
                {button("back", "btn btn-quiet", t::move_back(locale))}
            </div>
        }
        .into_any(),
        Place::Loaded => view! {
            <p><a class="btn btn-small" href=firings>{t::open_loads(locale)}</a></p>
        }
        .into_any(),
    };
    let n = i64::try_from(pieces.len()).unwrap_or(i64::MAX);
    view! {
        <section class="panel stack-s" aria-labelledby=id.clone()>
            <h2 class="panel-title" id=id.clone()>{title} " " <span class="soft">{t::count(locale, n)}</span></h2>
            <form class="stack-s" method="post" action=page.to_owned()>
                <ul class="piece-rows">{rows}</ul>
                {actions}
            </form>
        </section>
    }
}

fn row(
    locale: Locale,
    page: &str,
    piece: &Piece,
    place: Place,
    chosen: &[PieceId],
    today: chrono::NaiveDate,
) -> impl IntoView + use<> {
    let href = format!("{page}/{}", piece.id);
    let late =
        piece.promised_on.is_some_and(|day| day < today && piece.state == PieceState::Making);
    let promised = piece.promised_on.filter(|_| piece.state == PieceState::Making).map(|day| {
        let tone = late.then_some("lacquer");
        view! { <span class="badge" data-tone=tone>{t::by_day(locale, format::date(locale, day))}</span> }
    });
    let id = format!("pick-{}", piece.number);
    let pick = (place != Place::Loaded).then(|| {
        let ticked = chosen.contains(&piece.id);
        let label = t::pick(locale, &piece.label);
        view! { <input type="checkbox" id=id name="pieces" value=piece.id.to_string() checked=ticked aria-label=label/> }
    });
    let again = piece.replaces.is_some().then(
        || view! { <span class="badge" data-tone="terracotta">{t::made_again(locale)}</span> },
    );
    let sent = piece
        .parcel_id
        .is_some()
        .then(|| view! { <span class="badge">{icon("mail")}{t::way_known(locale)}</span> });
    view! {
        <li class="piece-row">
            {pick}
            <a class="piece-number" href=href>{piece.label.clone()}</a>
            <span class="piece-row-name">{piece.name.clone()}</span>
            <span class="cluster">{again} {sent} {promised}</span>
        </li>
    }
}
