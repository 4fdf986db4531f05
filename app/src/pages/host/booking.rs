//! One booking as the host sees it, and everything a host may do with it.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Days, Utc};
use engine::booking::checkin::{CheckIn, Mark, check_in, no_show, undo};
use engine::booking::desk::{LogLine, NoteBooking, log_of, note_booking};
use engine::booking::guests::{self, Guest};
use engine::booking::{
    Booking, CancelByHost, ChangeParty, ChooseExtras, Event, Move, cancel_by_host, change_party,
    choose_extras, query, reschedule,
};
use engine::payment::{money_of, to_take};
use engine::privacy::What;
use engine::schedule::{Slot, SlotStatus, slots};
use engine::{Dong, SlotId, UnitId};
use leptos::prelude::*;

use super::frame::{Desk, Tab, at, frame, see};
use super::{changes, guest, links, party, passes, words};
use crate::api::form::Form;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::views;
use crate::pages::visitor::extras;
use crate::render::Page;
use crate::t::host as t;
use crate::ui::field::{Hidden, TextArea};
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::notice::{Notice, Tone};
use crate::ui::price::PriceLines;

type At = Path<(String, String, String)>;

/// Days ahead within which a booking can be moved from this page.
const MOVE_DAYS: u64 = 60;
/// Slots offered to move to.
const MOVE_SLOTS: usize = 12;

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, code)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    let workshop = desk.id();
    let page = answer(&app, &visit, desk, &code, &Form::default(), None).await?;
    views::note(&app, &visit, workshop, What::Booking, code.trim().to_uppercase()).await?;
    Ok(page)
}

/// Forms of this page and of the lists: `act` says which.
pub async fn act(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, code)): At,
    form: Form,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    let mut conn = app.store.read().await?;
    let booking = query::by_code(&mut conn, &code).await?;
    let booking = booking.filter(|booking| booking.workshop_id == desk.id());
    let booking = booking.ok_or(PageError::NotFound)?;
    drop(conn);
    match perform(&app, &visit, &desk, &booking, &form).await? {
        Ok(slot) => {
            let shop = desk.workshop()?;
            Ok(see(&match form.text("back") {
                "day" => {
                    let date = slot_of(&app, slot).await?.local_date;
                    format!("{}?date={date}#b-{}", at(&visit, shop, ""), booking.code)
                }
                "slot" => at(&visit, shop, &format!("/slots/{slot}#b-{}", booking.code)),
                _ => at(&visit, shop, &format!("/bookings/{}", booking.code)),
            }))
        }
        Err(message) => answer(&app, &visit, desk, &code, &form, Some(message)).await,
    }
}

async fn slot_of(app: &App, id: SlotId) -> Result<Slot, PageError> {
    let mut conn = app.store.read().await?;
    slots::find(&mut conn, id).await?.ok_or(PageError::NotFound)
}

/// Does it; answers the booking's slot afterwards, or what stands against it.
async fn perform(
    app: &App,
    visit: &Visit,
    desk: &Desk,
    booking: &Booking,
    form: &Form,
) -> Result<Result<SlotId, String>, PageError> {
    let locale = visit.locale;
    let (actor, id) = (visit.actor.clone(), booking.id);
    // A mark that was made offline carries its own instant.
    let at = DateTime::parse_from_rfc3339(form.text("at")).ok().map(|at| at.to_utc());
    let catalogue = Arc::clone(&desk.catalogue);
    let over = form.has("over");
    let done: Result<SlotId, String> = match form.text("act") {
        "check_in" => {
            let arrived = form.text("arrived").trim().parse().unwrap_or(booking.people);
            let command = CheckIn { actor, booking: id, arrived, at };
            let done =
                app.store.write("check in", command, |tx, c| Box::pin(check_in(tx, c))).await;
            match done {
                Ok(arrival) => Ok(arrival.booking.slot_id),
                Err(error) => Err(words::of_check_in(locale, error)?),
            }
        }
        "no_show" | "undo" => {
            let command = Mark { actor, booking: id, at };
            let done = if form.text("act") == "undo" {
                app.store.write("undo attendance", command, |tx, c| Box::pin(undo(tx, c))).await
            } else {
                app.store.write("no-show", command, |tx, c| Box::pin(no_show(tx, c))).await
            };
            match done {
                Ok(booking) => Ok(booking.slot_id),
                Err(error) => Err(words::of_check_in(locale, error)?),
            }
        }
        act => {
            let store = &app.store;
            let done = match act {
                "note" => {
                    let note = form.text("note").to_owned();
                    let command = NoteBooking { actor, booking: id, note };
                    store
                        .write("note booking", command, |tx, c| Box::pin(note_booking(tx, c)))
                        .await
                }
                "party" => {
                    let wanted = wanted(form);
                    let residents = None;
                    let command =
                        ChangeParty { catalogue, actor, booking: id, wanted, residents, over };
                    store
                        .write("change party", command, |tx, c| Box::pin(change_party(tx, c)))
                        .await
                }
                "extras" => {
                    let Ok(wanted) = extras::wanted(locale, form) else {
                        return Ok(Err(crate::t::book::not_a_count(locale).to_owned()));
                    };
                    let command = ChooseExtras { catalogue, actor, booking: id, wanted };
                    store
                        .write("choose extras", command, |tx, c| Box::pin(choose_extras(tx, c)))
                        .await
                }
                "move" => {
                    let Ok(to) = form.text("slot").parse::<SlotId>() else {
                        return Ok(Err(t::error_choose_slot(locale).to_owned()));
                    };
                    let command = Move { catalogue, actor, booking: id, to, over };
                    store.write("move booking", command, |tx, c| Box::pin(reschedule(tx, c))).await
                }
                "cancel" => {
                    let reason = form.text("reason").trim().to_owned();
                    if reason.is_empty() {
                        return Ok(Err(t::error_reason(locale).to_owned()));
                    }
                    let command = CancelByHost { actor, booking: id, reason };
                    store
                        .write("cancel booking", command, |tx, c| Box::pin(cancel_by_host(tx, c)))
                        .await
                }
                _ => return Err(PageError::NotFound),
            };
            match done {
                Ok(booking) => Ok(booking.slot_id),
                Err(error) => Err(words::of_booking(locale, error)?),
            }
        }
    };
    Ok(done)
}

/// Quantities by unit type, of fields named `unit.<id>`.
pub fn wanted(form: &Form) -> Vec<(UnitId, u32)> {
    form.under("unit.")
        .into_iter()
        .filter_map(|(id, quantity)| Some((id.parse().ok()?, quantity.trim().parse().unwrap_or(0))))
        .collect()
}

async fn answer(
    app: &App,
    visit: &Visit,
    desk: Desk,
    code: &str,
    form: &Form,
    problem: Option<String>,
) -> Result<Response, PageError> {
    let now = app.store.now();
    let mut conn = app.store.read().await?;
    let booking = query::by_code(&mut conn, code).await?;
    let booking = booking.filter(|booking| booking.workshop_id == desk.id());
    let booking = booking.ok_or(PageError::NotFound)?;
    let slot = slots::find(&mut conn, booking.slot_id).await?.ok_or(PageError::NotFound)?;
    let log = log_of(&mut conn, &booking).await?;
    let links = links::of(&mut conn, visit, &desk, (&booking, &slot), now).await?;
    let guests = guests::of_booking(&mut conn, booking.id).await?;
    let open = to_take(&booking, money_of(&mut conn, booking.id).await?);
    let counted = [(booking.id, booking.option_id)];
    let pieces = engine::craft::counts_of_bookings(&mut conn, &counted).await?;
    let pieces = pieces.get(&booking.id).map(|counted| counted.pieces);
    let pass = match booking.pass_booking_id {
        Some(pass) => engine::pass::by_id(&mut conn, pass).await?,
        None => None,
    };
    let pass = pass.map(|pass| passes::day_of(visit.locale, &desk.catalogue, &pass));
    let today = engine::clock::local_date(now);
    let mut others =
        slots::of_tour(&mut conn, booking.tour_id, today, today + Days::new(MOVE_DAYS)).await?;
    drop(conn);
    others.retain(|other| {
        other.id != slot.id
            && other.status == SlotStatus::Open
            && !other.busy
            && other.starts_at > now
    });
    others.truncate(MOVE_SLOTS);
    let status = if problem.is_none() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let title = if booking.name.is_empty() { booking.code.clone() } else { booking.name.clone() };
    let (inner, form) = (visit.clone(), form.clone());
    let shop = desk.workshop()?.clone();
    Ok(Page::new(Head::host(title)).status(status).render(visit, move || {
        let links = links::view(&inner, &shop, &booking, &links).into_any();
        let around = Around { others, log, links, pass, open, pieces };
        let body = body(&inner, &desk, (&booking, &guests, &slot), around, &form, problem, now);
        frame(&inner, Some(&shop), Tab::Day, body)
    }))
}

/// What stands around the booking itself.
struct Around {
    /// Departures that it could go to.
    others: Vec<Slot>,
    log: Vec<LogLine>,
    /// Its ties to sister workshops.
    links: AnyView,
    /// The pass of which it is a leg, with the other stops.
    pass: Option<String>,
    /// What is still to pay.
    open: Dong,
    /// Pieces that are registered, where something is made.
    pieces: Option<i64>,
}

fn body(
    visit: &Visit,
    desk: &Desk,
    (booking, guests, slot): (&Booking, &[Guest], &Slot),
    Around { others, log, links, pass, open, pieces }: Around,
    form: &Form,
    problem: Option<String>,
    now: DateTime<Utc>,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let (Ok(shop), Some((tour, option))) =
        (desk.workshop(), desk.catalogue.option(booking.option_id))
    else {
        return ().into_any();
    };
    let page = at(visit, shop, &format!("/bookings/{}", booking.code));
    let day = format!("{}?date={}", at(visit, shop, ""), slot.local_date);
    let slot_page = at(visit, shop, &format!("/slots/{}", slot.id));
    let crumbs = vec![
        (day, format::sentence(&format::day(locale, slot.local_date))),
        (
            slot_page,
            format!("{} {}", format::time(locale, slot.starts_at), option.title.text(locale)),
        ),
    ];
    let kind = booking.state.kind();
    let mut facts = vec![
        (t::party(locale).to_owned(), booking.party.words(locale)),
        (t::money(locale).to_owned(), guest::owes(locale, booking, open)),
        (t::language(locale).to_owned(), booking.locale.native_name().to_owned()),
        (t::source(locale).to_owned(), words::source(locale, booking.source).to_owned()),
    ];
    if !booking.extras.is_empty() {
        facts.push((crate::t::price::extras(locale).to_owned(), booking.extras.words(locale)));
    }
    facts.extend(pass.map(|day| (crate::t::pass::nav_one(locale).to_owned(), day)));
    facts.extend(words::answers(locale, tour, &booking.answers));
    if !booking.notes.is_empty() {
        facts.push((t::guest_words(locale).to_owned(), booking.notes.clone()));
    }
    if !booking.phone.is_empty() {
        facts.push((t::phone(locale).to_owned(), format::phone(&booking.phone)));
    }
    if !booking.email.is_empty() {
        facts.push(("Email".to_owned(), booking.email.clone()));
    }
    let bill = booking.bill();
    let why = bill.explains().then(|| {
        view! {
            <details class="price-why">
                <summary>{crate::t::price::made_of(locale)}</summary>
                <PriceLines locale bill/>
            </details>
        }
    });
    let facts: Vec<_> = facts
        .into_iter()
        .map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> })
        .collect();
    let money = desk.owner.then(|| {
        let href = at(visit, shop, &format!("/money/bookings/{}", booking.code));
        view! { <a class="btn" href=href>{icon("money")}{crate::t::payment::open_here(locale)}</a> }
    });
    let pieces = pieces.map(|n| {
        view! { <a class="btn" href=format!("{page}/pieces")>{icon("pot")}{crate::t::piece::of_party(locale, n)}</a> }
    });
    let call = (!booking.phone.is_empty()).then(|| {
        view! { <a class="btn" href=format!("tel:{}", booking.phone)>{icon("phone")}{t::call(locale)}</a> }
    });
    let write = (!booking.email.is_empty()).then(|| {
        view! { <a class="btn" href=format!("mailto:{}", booking.email)>{icon("mail")}{t::write(locale)}</a> }
    });
    let over = (booking.over_capacity > 0).then(|| {
        view! { <span class="badge" data-tone="lacquer">{t::over_by(locale, i64::from(booking.over_capacity))}</span> }
    });
    let trouble = problem.map(|text| {
        view! { <Notice tone=Tone::Bad title=t::not_done(locale)><p>{text}</p></Notice> }
    });
    let check_in =
        kind.allows(Event::CheckIn).then(|| guest::check_in_form(locale, &page, booking, ""));
    let button = |act: &'static str, words: &'static str| {
        view! {
            <form method="post" action=page.clone()>
                <Hidden name="act" value=act/>
                <button class="btn btn-wide">{words}</button>
            </form>
        }
    };
    let absent = (kind.allows(Event::MarkNoShow) && slot.starts_at <= now)
        .then(|| button("no_show", t::no_show(locale)));
    let undo = kind.allows(Event::UndoAttendance).then(|| button("undo", t::undo(locale)));
    let changes = kind
        .allows(Event::Change)
        .then(|| changes::forms(locale, &page, booking, (tour, option), &others, form));
    let lines: Vec<_> = log
        .iter()
        .map(|line| {
            let day = format::day(locale, engine::clock::local_date(line.at));
            let when = format::day_at(locale, day, line.at);
            let what = format!(
                "{} · {}",
                words::verb(locale, &line.verb),
                words::who(locale, &line.actor)
            );
            view! { <li><time datetime=line.at.to_rfc3339()>{when}</time><span>{what}</span></li> }
        })
        .collect();
    view! {
        {breadcrumb(locale, crumbs)}
        {trouble}
        <header class="host-head">
            <div>
                <h1>{booking.name.clone()}</h1>
                <p class="cluster">
                    <span class="code">{booking.code.clone()}</span>
                    <span class="badge" data-tone=words::tone(kind)>{words::state(locale, &booking.state, booking.people)}</span>
                    {over}
                </p>
            </div>
            <div class="actions">{pieces} {call} {write} {money}</div>
        </header>
        <div class="split">
            <div class="panel">
                <dl class="pairs">{facts}</dl>
                {why}
                <form class="stack" method="post" action=page.clone()>
                    <Hidden name="act" value="note"/>
                    <TextArea locale name="note" label=t::host_note(locale) value=booking.host_notes.clone() rows=2 optional=true/>
                    <div><button class="btn">{t::save_note(locale)}</button></div>
                </form>
            </div>
            <aside class="stack">
                {check_in} {absent} {undo}
                {party::section(locale, tour, booking, guests)}
                {links}
                {changes}
                <section aria-labelledby="log" class="stack-s">
                    <h2 class="panel-title" id="log">{t::log(locale)}</h2>
                    <ol class="log">{lines}</ol>
                </section>
            </aside>
        </div>
    }
    .into_any()
}
