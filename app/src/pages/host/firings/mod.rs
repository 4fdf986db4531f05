//! Loads of the kilns: what is planned, what the plan proposes, and one put together by hand.

pub mod one;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Utc};
use engine::clock::local_date;
use engine::craft::{self, Firing, Piece, PlanLoad, Planning, StepKind};
use engine::resource::{Chance, Resource, Stretch};
use engine::{Locale, ResourceId};
use leptos::prelude::*;

use super::frame::{Desk, Tab, at, frame, see};
use super::pieces::{Section, subnav, ticked};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t::piece as t;
use crate::ui::field::{ErrorSummary, FieldError, Hidden, Select};
use crate::ui::format;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};
use crate::ui::piece as ui;

type At = Path<(String, String)>;

struct Shown {
    desk: Desk,
    planning: Planning,
    planned: Vec<(Firing, Vec<Piece>)>,
    fired: Vec<Firing>,
    kilns: Vec<Resource>,
}

impl Shown {
    async fn load(app: &App, visit: &Visit, slug: &str) -> Result<Shown, PageError> {
        let desk = Desk::open(app, visit, slug).await?;
        let refuse = |error| match ui::problems(visit.locale, error) {
            Err(error) => error,
            Ok(_) => PageError::NotFound,
        };
        let mut conn = app.store.read().await?;
        let now = app.store.now();
        let planning = craft::planning(&mut conn, &visit.actor, desk.id(), now).await;
        let planning = planning.map_err(refuse)?;
        let loads = craft::firings_of(&mut conn, &visit.actor, desk.id()).await;
        let (loads, fired) = loads.map_err(refuse)?;
        let mut planned = Vec::new();
        for load in loads {
            let pieces = craft::pieces_of_firing(&mut conn, load.id).await?;
            planned.push((load, pieces));
        }
        let kilns = engine::resource::usable_by(&mut conn, desk.id()).await?;
        Ok(Shown { desk, planning, planned, fired, kilns })
    }
}

/// The name of a kiln.
pub fn kiln(locale: Locale, kilns: &[Resource], id: ResourceId) -> String {
    let found = kilns.iter().find(|kiln| kiln.id == id);
    found.map_or_else(|| t::kiln(locale).to_owned(), |kiln| kiln.name.text(locale).to_owned())
}

/// "Thứ Ba, 1/12, 18:00–08:00".
pub fn when(locale: Locale, stretch: Stretch) -> String {
    let day = format::sentence(&format::day(locale, local_date(stretch.from)));
    format!("{day}, {}", format::time_range(locale, stretch.from, stretch.to))
}

/// A firing as a form names it.
fn key(kiln: ResourceId, stretch: Stretch) -> String {
    format!("{kiln}|{}|{}", stretch.from.to_rfc3339(), stretch.to.to_rfc3339())
}

fn parse(key: &str) -> Option<(ResourceId, Stretch)> {
    let mut parts = key.split('|');
    let kiln = parts.next()?.parse().ok()?;
    let mut at = || -> Option<DateTime<Utc>> {
        DateTime::parse_from_rfc3339(parts.next()?).ok().map(|at| at.to_utc())
    };
    Some((kiln, Stretch { from: at()?, to: at()? }))
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let shown = Shown::load(&app, &visit, &slug).await?;
    answer(&visit, shown, Form::default(), Problems::default())
}

pub async fn plan(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
    form: Form,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    let locale = visit.locale;
    let chosen = parse(form.text("chance")).zip(StepKind::parse(form.text("kind")));
    let done = if let Some(((kiln, stretch), kind)) = chosen {
        let command = PlanLoad {
            actor: visit.actor.clone(),
            workshop: desk.id(),
            kiln,
            stretch,
            kind,
            pieces: ticked(&form),
            note: String::new(),
        };
        app.store.write("plan load", command, |tx, c| Box::pin(craft::plan_load(tx, c))).await
    } else {
        let wrong = (craft::Field::Kiln, craft::Wrong::Choice);
        Err(craft::CraftError::Fields(vec![wrong]))
    };
    match done {
        Ok(firing) => {
            let page = at(&visit, desk.workshop()?, &format!("/firings/{}", firing.id));
            Ok(see(&format!("{page}?done=planned")))
        }
        Err(error) => {
            let wrong = ui::problems(locale, error)?;
            let shown = Shown::load(&app, &visit, &slug).await?;
            answer(&visit, shown, form, wrong)
        }
    }
}

fn answer(visit: &Visit, shown: Shown, form: Form, wrong: Problems) -> Result<Response, PageError> {
    let locale = visit.locale;
    let shop = shown.desk.workshop()?.clone();
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::firings_title(locale))).status(status).render(visit, move || {
        let visit = &inner;
        let page = at(visit, &shop, "/firings");
        let called_off = Form::of_query(&visit.query).text("done") == "cancelled";
        let news = called_off
            .then(|| view! { <Notice tone=Tone::Good title=t::news_called_off(locale)/> });
        let loads: Vec<_> = shown
            .planned
            .iter()
            .map(|(load, pieces)| {
                let litres: i32 = pieces.iter().map(|piece| piece.litres).sum();
                let n = i64::try_from(pieces.len()).unwrap_or(i64::MAX);
                let labels: Vec<&str> = pieces.iter().map(|it| it.label.as_str()).collect();
                let href = format!("{page}/{}", load.id);
                let name = kiln(locale, &shown.kilns, load.resource_id);
                view! {
                    <li class="entry">
                        <h3 class="entry-title"><a class="card-link" href=href>{when(locale, load.stretch())}</a></h3>
                        <p class="entry-text">
                            {name} " · " {ui::kind(locale, load.kind)} " · " {t::load_of(locale, i64::from(litres), n)}
                        </p>
                        <p class="small soft">{labels.join(", ")}</p>
                    </li>
                }
            })
            .collect();
        let loads = if loads.is_empty() {
            view! { <p class="empty">{t::no_loads(locale)}</p> }.into_any()
        } else {
            view! { <ul class="entry-list">{loads}</ul> }.into_any()
        };
        let body = view! {
            <header class="host-head"><h1>{t::firings_title(locale)}</h1></header>
            {subnav(visit, &shown.desk, Section::Firings)}
            {news}
            <ErrorSummary locale problems=wrong.clone()/>
            <section class="stack-s" aria-labelledby="planned">
                <h2 id="planned">{t::planned_loads(locale)}</h2>
                {loads}
            </section>
            {proposals(locale, &page, &shown.planning)}
            {by_hand(locale, &page, &shown.planning, &form, &wrong)}
            {past(locale, &page, &shown)}
        };
        frame(visit, Some(&shop), Tab::More, body)
    }))
}

fn proposals(locale: Locale, page: &str, planning: &Planning) -> Option<impl IntoView + use<>> {
    let cards: Vec<_> = planning
        .proposals
        .iter()
        .filter_map(|proposal| {
            let chance = planning.chances.get(proposal.chance)?;
            let n = i64::try_from(proposal.pieces.len()).unwrap_or(i64::MAX);
            let labels: Vec<String> = proposal
                .pieces
                .iter()
                .filter_map(|id| planning.piece(*id).map(|piece| piece.label.clone()))
                .collect();
            let fields = proposal
                .pieces
                .iter()
                .map(|id| view! { <Hidden name="pieces" value=id.to_string()/> })
                .collect_view();
            let title = when(locale, chance.stretch);
            Some(view! {
                <form class="panel stack-s proposal" method="post" action=page.to_owned()>
                    <h3 class="panel-title">{title.clone()}</h3>
                    <p>
                        {chance.kiln.name.text(locale).to_owned()} " · " {ui::kind(locale, proposal.kind)}
                        " · " {t::load_of(locale, i64::from(proposal.litres), n)}
                    </p>
                    {room(locale, chance, proposal.litres)}
                    <p class="small soft">{labels.join(", ")}</p>
                    <Hidden name="chance" value=key(chance.kiln.id, chance.stretch)/>
                    <Hidden name="kind" value=proposal.kind.to_string()/>
                    {fields}
                    <div><button class="btn btn-primary">
                        {t::plan_this(locale)} <span class="visually-hidden">{title}</span>
                    </button></div>
                </form>
            })
        })
        .collect();
    (!cards.is_empty()).then(|| {
        view! {
            <section class="stack-s" aria-labelledby="proposed">
                <h2 id="proposed">{t::proposed(locale)}</h2>
                <p class="soft">{t::proposed_hint(locale)}</p>
                <div class="proposals">{cards}</div>
            </section>
        }
    })
}

/// How full a kiln is.
pub fn room(locale: Locale, chance: &Chance, litres: i32) -> impl IntoView + use<> {
    let words = t::room_of(locale, i64::from(chance.free), i64::from(chance.kiln.quantity));
    let most = chance.kiln.quantity;
    let taken = (most - chance.free + litres).clamp(0, most);
    view! {
        <p class="kiln-room"><meter min="0" max=most value=taken>{words.clone()}</meter> " " {words}</p>
    }
}

/// Any pieces that wait, into any firing with room.
fn by_hand(
    locale: Locale,
    page: &str,
    planning: &Planning,
    form: &Form,
    wrong: &Problems,
) -> impl IntoView + use<> {
    if planning.waiting.is_empty() {
        return view! { <p class="empty">{t::nothing_waits(locale)}</p> }.into_any();
    }
    let mut chances = vec![(String::new(), t::choose_firing(locale).to_owned())];
    chances.extend(planning.chances.iter().filter(|chance| chance.free > 0).map(|chance| {
        let words = format!(
            "{} · {} · {}",
            when(locale, chance.stretch),
            chance.kiln.name.text(locale),
            t::free_litres(locale, i64::from(chance.free)),
        );
        (key(chance.kiln.id, chance.stretch), words)
    }));
    let kinds: Vec<(String, String)> = StepKind::ALL
        .iter()
        .filter(|kind| kind.fires())
        .map(|kind| (kind.to_string(), ui::kind(locale, *kind).to_owned()))
        .collect();
    let chosen = ticked(form);
    let rows: Vec<_> = planning
        .waiting
        .iter()
        .map(|(piece, waiting)| {
            let ready = format::date(locale, waiting.ready_on);
            let checked = chosen.contains(&piece.id);
            view! {
                <li class="piece-row">
                    <input type="checkbox" name="pieces" value=piece.id.to_string() checked=checked
                        aria-label=t::pick(locale, &piece.label)/>
                    <span class="piece-number">{piece.label.clone()}</span>
                    <span class="piece-row-name">
                        {ui::kind(locale, waiting.kind)} " · " {t::free_litres(locale, i64::from(piece.litres))}
                    </span>
                    <span class="badge">{t::dry_by(locale, ready)}</span>
                </li>
            }
        })
        .collect();
    let error = wrong.of("pieces");
    view! {
        <section class="stack-s" aria-labelledby="by-hand">
            <h2 id="by-hand">{t::by_hand(locale)}</h2>
            <form class="form panel" method="post" action=page.to_owned() novalidate>
                <Select locale name="chance" label=t::which_firing(locale) options=chances
                    value=form.text("chance").to_owned() error=wrong.of("chance")/>
                <Select locale name="kind" label=t::fired_for(locale) options=kinds
                    value=form.text("kind").to_owned()/>
                <fieldset class="field">
                    <legend class="field-label" id="pieces">{t::which_pieces(locale)}</legend>
                    <ul class="piece-rows">{rows}</ul>
                    <FieldError id="pieces" text=error/>
                </fieldset>
                <div><button class="btn">{t::plan_go(locale)}</button></div>
            </form>
        </section>
    }
    .into_any()
}

fn past(locale: Locale, page: &str, shown: &Shown) -> Option<impl IntoView + use<>> {
    let items: Vec<_> = shown
        .fired
        .iter()
        .map(|load| {
            let href = format!("{page}/{}", load.id);
            let name = kiln(locale, &shown.kilns, load.resource_id);
            view! { <li><a href=href>{when(locale, load.stretch())}</a> " · " {name} " · " {ui::kind(locale, load.kind)}</li> }
        })
        .collect();
    (!items.is_empty()).then(|| {
        view! {
            <section class="stack-s" aria-labelledby="fired">
                <h2 id="fired">{t::fired_loads(locale)}</h2>
                <ul class="plain-list">{items}</ul>
            </section>
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_firing_is_named_and_found_again() {
        let id = ResourceId::new(DateTime::UNIX_EPOCH);
        let from = DateTime::UNIX_EPOCH;
        let stretch = Stretch { from, to: from + chrono::TimeDelta::hours(14) };
        assert_eq!(parse(&key(id, stretch)), Some((id, stretch)));
        for odd in ["", "x", "|", &format!("{id}|yesterday|today")] {
            assert_eq!(parse(odd), None, "{odd}");
        }
    }
}
