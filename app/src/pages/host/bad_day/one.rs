//! One bad day: what became of each booking, and choosing for a guest who is on the telephone.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Utc};
use engine::accounts::Actor;
use engine::booking::disruption::{
    self, CallOff, Case, CaseState, Choice, Choose, Disruption, GoToSister, call_off, choose,
    go_to_sister,
};
use engine::booking::overflow::{OverflowError, Sister};
use engine::booking::{Booking, query};
use engine::catalogue::Workshop;
use engine::schedule::{Slot, slots};
use engine::{DisruptionId, Locale, SlotId};
use leptos::prelude::*;

use super::hits::{next_door, start};
use super::{cause_name, of_booking, span};
use crate::api::form::Form;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Desk, Tab, at, frame, see};
use crate::pages::host::words;
use crate::render::Page;
use crate::t::bad_day as t;
use crate::ui::field::{Hidden, Select};
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::notice::{Notice, Tone};
use crate::ui::summary::moment;

type AtOne = Path<(String, String, String)>;

/// A booking that was hit, with what can still be chosen for it.
struct Line {
    case: Case,
    booking: Booking,
    /// Where it was.
    slot: Slot,
    ways: Vec<Slot>,
    sisters: Vec<Sister>,
}

struct Opened {
    disruption: Disruption,
    lines: Vec<Line>,
}

async fn open(app: &App, desk: &Desk, id: &str) -> Result<Opened, PageError> {
    let id: DisruptionId = id.parse().map_err(|_| PageError::NotFound)?;
    let (catalogue, now) = (&desk.catalogue, app.store.now());
    let mut conn = app.store.read().await?;
    let disruption = disruption::by_id(&mut conn, id).await?;
    let disruption = disruption.filter(|found| found.workshop_id == desk.id());
    let disruption = disruption.ok_or(PageError::NotFound)?;
    let mut lines = Vec::new();
    for case in disruption::cases(&mut conn, id).await? {
        let booking = query::by_id(&mut conn, case.booking_id).await?;
        let slot = slots::find(&mut conn, case.slot_id).await?;
        let (Some(booking), Some(slot)) = (booking, slot) else { continue };
        let (mut ways, mut sisters) = (Vec::new(), Vec::new());
        if case.state == CaseState::Asked {
            let scope = disruption.scope();
            ways = disruption::ways(&mut conn, catalogue, &booking, &slot, scope, now).await?;
            sisters = disruption::sisters(&mut conn, catalogue, &booking, &slot, now).await?;
        }
        lines.push(Line { case, booking, slot, ways, sisters });
    }
    Ok(Opened { disruption, lines })
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id)): AtOne,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    let opened = open(&app, &desk, &id).await?;
    show(&app, &visit, &desk, opened, None)
}

pub async fn act(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id)): AtOne,
    form: Form,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    let opened = open(&app, &desk, &id).await?;
    let actor = visit.actor.clone();
    let refused = if form.text("act") == "call_off" {
        let command = CallOff { actor, disruption: opened.disruption.id };
        let done = app.store.write("call off", command, |tx, c| Box::pin(call_off(tx, c))).await;
        done.map_err(of_booking)?;
        None
    } else {
        let code = form.text("code");
        let line = opened.lines.iter().find(|line| line.booking.code == code);
        let line = line.ok_or(PageError::NotFound)?;
        let chosen = form.text(&format!("choice.{code}"));
        decide(&app, visit.locale, &desk, actor, line, chosen).await?
    };
    match refused {
        None => Ok(see(&at(&visit, desk.workshop()?, &format!("/bad-day/{id}")))),
        Some(says) => {
            // It may stand otherwise than the page said.
            let opened = open(&app, &desk, &id).await?;
            show(&app, &visit, &desk, opened, Some(says))
        }
    }
}

/// Does what the guest said; answers what stands against it.
async fn decide(
    app: &App,
    locale: Locale,
    desk: &Desk,
    actor: Actor,
    line: &Line,
    chosen: &str,
) -> Result<Option<String>, PageError> {
    let (catalogue, booking) = (Arc::clone(&desk.catalogue), line.booking.id);
    if let Some(to) = chosen.strip_prefix("sister.").and_then(|id| id.parse::<SlotId>().ok()) {
        let command = GoToSister { catalogue, actor, booking, to };
        let done = app
            .store
            .write("go to sister", command, |tx, command| Box::pin(go_to_sister(tx, command)))
            .await;
        return Ok(match done {
            Ok(_) => None,
            Err(OverflowError::Store(error)) => return Err(error.into()),
            Err(OverflowError::Booking(error)) => Some(words::of_booking(locale, error)?),
            Err(OverflowError::Unknown | OverflowError::Forbidden(_)) => {
                return Err(PageError::NotFound);
            }
            Err(_) => Some(t::sister_gone(locale).to_owned()),
        });
    }
    let choice = match (chosen, chosen.parse::<SlotId>()) {
        ("refund", _) => Choice::Refund,
        (_, Ok(to)) => Choice::Go(to),
        _ => return Ok(Some(t::choose_one(locale).to_owned())),
    };
    let command = Choose { catalogue, actor, booking, choice };
    let done =
        app.store.write("choose", command, |tx, command| Box::pin(choose(tx, command))).await;
    match done {
        Ok(_) => Ok(None),
        Err(error) => Ok(Some(words::of_booking(locale, error)?)),
    }
}

fn show(
    app: &App,
    visit: &Visit,
    desk: &Desk,
    opened: Opened,
    says: Option<String>,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let now = app.store.now();
    let shop = desk.workshop()?.clone();
    let status = if says.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let title = cause_name(locale, opened.disruption.cause);
    let (inner, desk) = (visit.clone(), desk.clone());
    Ok(Page::new(Head::host(title)).status(status).render(visit, move || {
        let visit = &inner;
        let Opened { disruption, lines } = opened;
        let page = at(visit, &shop, &format!("/bad-day/{}", disruption.id));
        let says = says.map(|says| view! { <Notice tone=Tone::Bad title=says/> });
        let words = (!disruption.words.is_empty())
            .then(|| view! { <blockquote class="said">{disruption.words.clone()}</blockquote> });
        let over = disruption
            .called_off_at
            .map(|at| view! { <Notice tone=Tone::Good title=t::called_off_at(locale, moment(locale, at))/> });
        let may_call_off = disruption.called_off_at.is_none() && disruption.ends_at > now;
        let call_off = may_call_off.then(|| {
            view! {
                <form class="panel stack-s" method="post" action=page.clone()>
                    <h2 class="panel-title">{t::well_title(locale)}</h2>
                    <p>{t::well_text(locale)}</p>
                    <Hidden name="act" value="call_off"/>
                    <button class="btn">{icon("check")}{t::call_off(locale)}</button>
                </form>
            }
        });
        let items: Vec<_> = lines.iter().map(|line| row(visit, &desk, &shop, line, &page, now)).collect();
        let none = items.is_empty().then(|| view! { <p class="empty">{t::nobody_hit(locale)}</p> });
        let body = view! {
            {breadcrumb(locale, vec![(at(visit, &shop, "/bad-day"), t::title(locale).to_owned())])}
            <header class="stack-s">
                <h1>{title}</h1>
                <p class="lead">{span(locale, &disruption)}</p>
            </header>
            {says} {over} {words}
            {tally(locale, &lines)}
            {none}
            <ul class="entry-list">{items}</ul>
            {call_off}
        };
        frame(visit, Some(&shop), Tab::More, body)
    }))
}

/// How many chose what.
fn tally(locale: Locale, lines: &[Line]) -> impl IntoView + use<> {
    let count = |wanted: &[CaseState]| {
        lines.iter().filter(|line| wanted.contains(&line.case.state)).count()
    };
    let open = count(&[CaseState::Asked]);
    let moved = count(&[CaseState::Moved]);
    let back = count(&[CaseState::Refunded, CaseState::Lapsed]);
    let kept = count(&[CaseState::Kept]);
    let kept =
        (kept > 0).then(|| view! { <div><dt>{t::tally_kept(locale)}</dt><dd>{kept}</dd></div> });
    view! {
        <dl class="tally">
            <div><dt>{t::tally_open(locale)}</dt><dd>{open}</dd></div>
            <div><dt>{t::tally_moved(locale)}</dt><dd>{moved}</dd></div>
            <div><dt>{t::tally_back(locale)}</dt><dd>{back}</dd></div>
            {kept}
        </dl>
    }
}

fn row(
    visit: &Visit,
    desk: &Desk,
    shop: &Workshop,
    line: &Line,
    page: &str,
    now: DateTime<Utc>,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let Line { case, booking, slot, .. } = line;
    let (tone, words) = match case.state {
        CaseState::Asked if case.until <= now => ("terracotta", t::state_late(locale).to_owned()),
        CaseState::Asked => ("silk", t::state_asked(locale, moment(locale, case.until))),
        CaseState::Moved => ("celadon", t::state_moved(locale).to_owned()),
        CaseState::Refunded => ("terracotta", t::state_refunded(locale).to_owned()),
        CaseState::Lapsed => ("terracotta", t::state_lapsed(locale).to_owned()),
        CaseState::Kept => ("celadon", t::state_kept(locale).to_owned()),
    };
    // One that went to a sister is hers; its page here is gone.
    let name = if booking.workshop_id == shop.id {
        let href = at(visit, shop, &format!("/bookings/{}", booking.code));
        view! { <a href=href>{booking.name.clone()}</a> }.into_any()
    } else {
        booking.name.clone().into_any()
    };
    let tour = desk.catalogue.tour(slot.tour_id).map_or("", |tour| tour.title.text(locale));
    let about = format!("{} · {tour} · {}", start(locale, slot), booking.party.words(locale));
    let call = (!booking.phone.is_empty()).then(|| {
        let href = format!("tel:{}", booking.phone.as_str());
        view! { <a class="btn btn-small" href=href>{icon("phone")}{format::phone(booking.phone.as_str())}</a> }
    });
    let choose = (case.state == CaseState::Asked && case.until > now)
        .then(|| choices(locale, desk, line, page));
    view! {
        <li class="entry stack-s" id=format!("b-{}", booking.code)>
            <h2 class="entry-title">{name} " " <span class="badge" data-tone=tone>{words}</span></h2>
            <p class="entry-text">{about}</p>
            <p>{call}</p>
            {choose}
        </li>
    }
}

fn choices(locale: Locale, desk: &Desk, line: &Line, page: &str) -> impl IntoView + use<> {
    let mut options = vec![(String::new(), t::choose_one(locale).to_owned())];
    options.extend(line.ways.iter().map(|way| (way.id.to_string(), start(locale, way))));
    options.extend(
        line.sisters.iter().map(|one| {
            (format!("sister.{}", one.slot.id), next_door(locale, &desk.catalogue, one))
        }),
    );
    options.push(("refund".to_owned(), t::money_back(locale).to_owned()));
    let code = line.booking.code.clone();
    view! {
        <details class="fold">
            <summary>{t::on_the_phone(locale)}</summary>
            <form class="form" method="post" action=page.to_owned()>
                <Hidden name="code" value=code.clone()/>
                <Select locale name=format!("choice.{code}") label=t::guest_says(locale) options/>
                <button class="btn">{icon("check")}{t::save_choice(locale)}</button>
            </form>
        </details>
    }
}
