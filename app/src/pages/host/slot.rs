//! One slot: its guests, its line, and everything a host may do with it.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::booking::desk::{Caller, MessageSlot, TakeCall, message_slot, take_call};
use engine::booking::waitlist::{Entry, Wait, waiting_for};
use engine::booking::{Booking, BookingError, Field, query};
use engine::schedule::{
    CancelSlot, MoveSlot, NoteSlot, OnSlot, ResizeSlot, Slot, SlotStatus, cancel_slot, close_slot,
    move_slot, note_slot, reopen_slot, resize_slot, slots,
};
use engine::store::TimeOfDay;
use engine::{Locale, SlotId};
use leptos::prelude::*;

use super::booking::wanted;
use super::frame::{Desk, Tab, at, frame, see};
use super::party::{self, Known};
use super::{guest, words};
use crate::api::form::{Form, Problems, fresh_key};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t::host as t;
use crate::ui::field::{Checkbox, ErrorSummary, FormKey, Hidden, Select, TextArea, TextField};
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::notice::{Notice, Tone};

type At = Path<(String, String, String)>;

/// All that the page shows.
struct View {
    slot: Slot,
    bookings: Vec<Booking>,
    line: Vec<(Entry, Wait)>,
    known: Known,
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, slot)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    let slot = found(&app, &desk, &slot).await?;
    let form = Form::of_query(&visit.query);
    answer(&app, &visit, desk, slot, form, Problems::default()).await
}

async fn found(app: &App, desk: &Desk, id: &str) -> Result<Slot, PageError> {
    let id: SlotId = id.parse().map_err(|_| PageError::NotFound)?;
    let mut conn = app.store.read().await?;
    let slot = slots::find(&mut conn, id).await?;
    slot.filter(|slot| slot.workshop_id == desk.id()).ok_or(PageError::NotFound)
}

/// The forms of the page: `act` says which.
pub async fn act(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, slot)): At,
    form: Form,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    let slot = found(&app, &desk, &slot).await?;
    let mut problems = Problems::default();
    let after = perform(&app, &visit, &desk, slot.id, &form, &mut problems).await?;
    if problems.is_empty() {
        let page = at(&visit, desk.workshop()?, &format!("/slots/{}", slot.id));
        return Ok(see(&format!("{page}{after}")));
    }
    answer(&app, &visit, desk, slot, form, problems).await
}

/// Does it; answers what to add to the page's address. What stands against it is in `problems`.
async fn perform(
    app: &App,
    visit: &Visit,
    desk: &Desk,
    slot: SlotId,
    form: &Form,
    problems: &mut Problems,
) -> Result<String, PageError> {
    let locale = visit.locale;
    let (actor, store) = (visit.actor.clone(), &app.store);
    let catalogue = Arc::clone(&desk.catalogue);
    let on = OnSlot { actor: actor.clone(), slot };
    let (field, done) = match form.text("act") {
        "call" => return call(app, visit, desk, slot, form, problems).await,
        "message" => {
            let text = form.text("text").to_owned();
            let command = MessageSlot { actor, slot, text, form_key: form.key() };
            let sent =
                store.write("message slot", command, |tx, c| Box::pin(message_slot(tx, c))).await;
            return match sent {
                Ok(sent) => Ok(format!("?sent={sent}")),
                Err(BookingError::Fields(_)) => {
                    problems.add("text", t::error_text(locale));
                    Ok(String::new())
                }
                Err(error) => {
                    problems.add("text", words::of_booking(locale, error)?);
                    Ok(String::new())
                }
            };
        }
        "resize" => {
            let Ok(capacity) = form.text("capacity").trim().parse() else {
                problems.add("capacity", t::error_capacity(locale));
                return Ok(String::new());
            };
            let command = ResizeSlot { actor, slot, capacity };
            (
                "capacity",
                store.write("resize slot", command, |tx, c| Box::pin(resize_slot(tx, c))).await,
            )
        }
        "close" => {
            ("main", store.write("close slot", on, |tx, c| Box::pin(close_slot(tx, c))).await)
        }
        "reopen" => {
            ("main", store.write("reopen slot", on, |tx, c| Box::pin(reopen_slot(tx, c))).await)
        }
        "note" => {
            let (note, guide) = (form.text("note").to_owned(), form.text("guide").to_owned());
            let command = NoteSlot { actor, slot, note, guide };
            ("note", store.write("note slot", command, |tx, c| Box::pin(note_slot(tx, c))).await)
        }
        "move" => {
            let time = form.text("time").parse::<TimeOfDay>().ok();
            let (Some(date), Some(time)) = (words::date(form.text("date")), time) else {
                problems.add("time", t::error_time(locale));
                return Ok(String::new());
            };
            let command = MoveSlot { catalogue, actor, slot, date, time };
            ("time", store.write("move slot", command, |tx, c| Box::pin(move_slot(tx, c))).await)
        }
        "cancel" => {
            let reason = form.text("reason").trim().to_owned();
            if reason.is_empty() {
                problems.add("reason", t::error_reason(locale));
                return Ok(String::new());
            }
            let command = CancelSlot { actor, slot, reason };
            let done =
                store.write("cancel slot", command, |tx, c| Box::pin(cancel_slot(tx, c))).await;
            ("reason", done.map(|(slot, _)| slot))
        }
        _ => return Err(PageError::NotFound),
    };
    if let Err(error) = done {
        problems.add(field, words::of_schedule(locale, error)?);
    }
    Ok(String::new())
}

/// "Book for a guest who called".
async fn call(
    app: &App,
    visit: &Visit,
    desk: &Desk,
    slot: SlotId,
    form: &Form,
    problems: &mut Problems,
) -> Result<String, PageError> {
    let locale = visit.locale;
    let typed = |name| form.text(name);
    let caller = match Caller::parse(typed("name"), typed("phone"), typed("email"), typed("notes"))
    {
        Ok(caller) => caller,
        Err(wrong) => {
            for field in wrong {
                match field {
                    Field::Name => problems.add("name", t::error_name(locale)),
                    Field::Phone => problems.add("phone", t::error_phone(locale)),
                    Field::Email => problems.add("email", t::error_email(locale)),
                    _ => problems.add("notes", t::error_fields(locale)),
                }
            }
            return Ok(String::new());
        }
    };
    let command = TakeCall {
        catalogue: Arc::clone(&desk.catalogue),
        actor: visit.actor.clone(),
        slot,
        wanted: wanted(form),
        caller,
        locale: Locale::parse(form.text("language")).unwrap_or(locale),
        over: form.has("over"),
        form_key: form.key(),
    };
    let booked = app.store.write("take call", command, |tx, c| Box::pin(take_call(tx, c))).await;
    match booked {
        Ok(booking) => Ok(format!("?booked={}#b-{0}", booking.code)),
        Err(error) => {
            let field = if matches!(error, BookingError::Seats(_)) { "over" } else { "party" };
            problems.add(field, words::of_booking(locale, error)?);
            Ok(String::new())
        }
    }
}

async fn answer(
    app: &App,
    visit: &Visit,
    desk: Desk,
    slot: Slot,
    form: Form,
    problems: Problems,
) -> Result<Response, PageError> {
    let now = app.store.now();
    let mut conn = app.store.read().await?;
    let bookings = query::of_slot(&mut conn, slot.id).await?;
    let line = waiting_for(&mut conn, slot.id, now).await?;
    let known = Known::load(&mut conn, bookings.iter()).await?;
    drop(conn);
    let locale = visit.locale;
    let (tour, option) = desk.catalogue.option(slot.option_id).ok_or(PageError::NotFound)?;
    let (tour, option) = (tour.clone(), option.clone());
    let shop = desk.workshop()?.clone();
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let title = format!("{} · {}", format::time(slot.starts_at), option.title.text(locale));
    let inner = visit.clone();
    let view = View { slot, bookings, line, known };
    Ok(Page::new(Head::host(title.clone())).status(status).render(visit, move || {
        let View { slot, bookings, line, known } = &view;
        let visit = &inner;
        let page = at(visit, &shop, &format!("/slots/{}", slot.id));
        let day = format!("{}?date={}", at(visit, &shop, ""), slot.local_date);
        let rows: Vec<_> = bookings
            .iter()
            .filter(|booking| guest::is_guest(booking))
            .map(|booking| guest::Listed { booking, guests: known.of(booking) })
            .map(|listed| guest::row(visit, &shop, &tour, slot, listed, "slot", now))
            .collect();
        let answered = party::counts(locale, &tour, bookings, known).map(|counts| {
            let title = crate::t::guests::host_tally(locale);
            view! { <div class="panel stack-s"><h3 class="panel-title">{title}</h3>{counts}</div> }
        });
        let parties = i64::try_from(rows.len()).unwrap_or(0);
        let waiting: Vec<_> =
            line.iter().enumerate().map(|(at, (entry, why))| waiting(locale, at, entry, *why)).collect();
        let none = (rows.is_empty() && waiting.is_empty())
            .then(|| view! { <p class="empty">{t::no_guests(locale)}</p> });
        let sent = form.text("sent").parse::<i64>().ok().map(|n| {
            view! { <Notice tone=Tone::Good title=t::message_sent(locale, n)>""</Notice> }
        });
        let code = form.text("booked").to_owned();
        let booked = form.has("booked").then(move || {
            view! { <Notice tone=Tone::Good title=t::booked(locale)><p>{code}</p></Notice> }
        });
        let date = format!("{} · {}", format::sentence(&format::date(locale, slot.local_date)), format::lunar(locale, slot.local_date));
        let guide = (!slot.guide.is_empty()).then(|| format!(" · {}", slot.guide));
        let body = view! {
            {breadcrumb(locale, vec![(day, format::sentence(&format::day(locale, slot.local_date)))])}
            {sent} {booked}
            <ErrorSummary locale problems=problems.clone()/>
            <header class="host-head">
                <div><h1>{title}</h1><p class="soft">{date}{guide}</p></div>
                {guest::seats(locale, slot)}
            </header>
            <div class="split">
                <section class="stack" aria-labelledby="guests">
                    <h2 id="guests">{t::guests(locale)}</h2>
                    <div class="host-slot"><ul class="guests">{rows}{waiting}</ul>{none}</div>
                    {answered}
                    {(slot.status != SlotStatus::Cancelled && !slot.is_over(now)).then(|| call_form(locale, &page, &option, &form, &problems))}
                    {message_form(locale, &page, &form, &problems, parties)}
                </section>
                {controls(locale, &page, slot, &form, &problems, parties, slot.is_over(now))}
            </div>
        };
        frame(visit, Some(&shop), Tab::Day, body)
    }))
}

fn waiting(locale: Locale, at: usize, entry: &Entry, why: Wait) -> impl IntoView + use<> {
    let why = match why {
        Wait::Offered { until } => t::wait_offered(locale, format::time(until)),
        Wait::TooFewSeats { needs, left } => t::wait_few(locale, left, needs),
        Wait::Closed => t::wait_closed(locale).to_owned(),
        Wait::TooLate => t::wait_late(locale).to_owned(),
        Wait::Next => t::wait_next(locale).to_owned(),
    };
    view! {
        <li class="guest" data-state="waiting">
            <div>
                <span class="guest-name">{entry.name.clone()}</span>
                <p class="guest-info">
                    <span>{entry.party.words(locale)}</span>
                    <span class="badge" data-tone="silk">{t::waiting_place(locale, at + 1)}</span>
                </p>
            </div>
            <p class="guest-note">{why}</p>
        </li>
    }
}

fn call_form(
    locale: Locale,
    page: &str,
    option: &engine::catalogue::TourOption,
    form: &Form,
    problems: &Problems,
) -> impl IntoView + use<> {
    let mine = form.text("act") == "call";
    let value = |name: &str| if mine { form.text(name).to_owned() } else { String::new() };
    let error = |name: &str| problems.of(name);
    let units: Vec<_> = option
        .open_units()
        .map(|unit| {
            let name = format!("unit.{}", unit.id);
            let value = if mine { form.text(&name).to_owned() } else { "0".to_owned() };
            view! { <TextField locale name label=format::unit(locale, unit) kind="number" inputmode="numeric" min="0" value/> }
        })
        .collect();
    let key = if mine { form.key() } else { fresh_key() };
    let language = if mine { form.text("language").to_owned() } else { "vi".to_owned() };
    let languages = Locale::ALL.map(|l| (l.code().to_owned(), l.native_name().to_owned())).to_vec();
    view! {
        <details class="fold" id="add" open=mine>
            <summary>{icon("phone")}{t::add_caller(locale)}</summary>
            <form class="fold-body" method="post" action=page.to_owned() novalidate>
                <Hidden name="act" value="call"/>
                <FormKey key/>
                <TextField locale name="name" label=t::name(locale) value=value("name") error=error("name")/>
                <div class="field-row">
                    <TextField locale name="phone" label=t::phone(locale) kind="tel" value=value("phone") error=error("phone") optional=true/>
                    <TextField locale name="email" label="Email" kind="email" value=value("email") error=error("email") optional=true/>
                    <Select locale name="language" label=t::language(locale) options=languages value=language/>
                </div>
                <div class="field-row" id="party">{units}</div>
                <crate::ui::field::FieldError id="party" text=error("party")/>
                <TextField locale name="notes" label=t::notes(locale) value=value("notes") error=error("notes") optional=true/>
                <Checkbox name="over" label=t::over_knowingly(locale) checked={mine && form.has("over")} error=error("over")/>
                <button class="btn btn-primary" type="submit">{t::book_caller(locale)}</button>
            </form>
        </details>
    }
}

fn message_form(
    locale: Locale,
    page: &str,
    form: &Form,
    problems: &Problems,
    parties: i64,
) -> impl IntoView + use<> {
    let mine = form.text("act") == "message";
    let key = if mine { form.key() } else { fresh_key() };
    let (value, error) = (form.text("text").to_owned(), problems.of("text"));
    let page = page.to_owned();
    (parties > 0).then(|| {
        view! {
            <details class="fold" id="message" open=mine>
                <summary>{icon("message")}{t::message_all(locale)}</summary>
                <form class="fold-body" method="post" action=page novalidate>
                    <Hidden name="act" value="message"/>
                    <FormKey key/>
                    <TextArea locale name="text" label=t::message(locale) hint=t::message_hint(locale) value error/>
                    <button class="btn btn-primary" type="submit">{t::send(locale)}</button>
                </form>
            </details>
        }
    })
}

fn controls(
    locale: Locale,
    page: &str,
    slot: &Slot,
    form: &Form,
    problems: &Problems,
    parties: i64,
    over: bool,
) -> impl IntoView + use<> {
    let act = form.text("act").to_owned();
    let error = |name: &str| problems.of(name);
    let live = slot.status != SlotStatus::Cancelled && !over;
    let typed = |mine: &str, name: &str, now: String| {
        if act == mine { form.text(name).to_owned() } else { now }
    };
    let capacity = typed("resize", "capacity", slot.capacity.to_string());
    let least = slot.taken - slot.overbooked;
    let resize = live.then(|| {
        view! {
            <form class="panel" method="post" action=page.to_owned() novalidate>
                <Hidden name="act" value="resize"/>
                <TextField locale name="capacity" label=t::capacity(locale) hint=t::capacity_hint(locale, least)
                    kind="number" inputmode="numeric" min=least.max(1).to_string() short=true
                    value=capacity error=error("capacity")/>
                <button class="btn" type="submit">{t::save(locale)}</button>
            </form>
        }
    });
    let toggle = match slot.status {
        SlotStatus::Open => Some(("close", "lock", t::close_slot(locale))),
        SlotStatus::Closed => Some(("reopen", "refresh", t::reopen_slot(locale))),
        SlotStatus::Cancelled => None,
    };
    let toggle = toggle.filter(|_| live).map(|(act, sign, words)| {
        view! {
            <form method="post" action=page.to_owned()>
                <Hidden name="act" value=act/>
                <button class="btn btn-wide">{icon(sign)}{words}</button>
            </form>
        }
    });
    let date = typed("move", "date", slot.local_date.to_string());
    let time = typed("move", "time", format::time(slot.starts_at));
    let reason = typed("cancel", "reason", String::new());
    let ends = live.then(|| {
        view! {
            <details class="fold" open=act == "move"><summary>{icon("moved")}{t::move_slot(locale)}</summary>
                <form class="fold-body" method="post" action=page.to_owned() novalidate>
                    <Hidden name="act" value="move"/>
                    <div class="field-row">
                        <TextField locale name="date" label=t::date(locale) kind="date" value=date/>
                        <TextField locale name="time" label=t::time(locale) kind="time" value=time error=error("time")/>
                    </div>
                    <p class="price-note">{t::parties_told(locale, parties)}</p>
                    <button class="btn btn-primary">{t::move_slot_do(locale)}</button>
                </form>
            </details>
            <details class="fold fold-danger" open=act == "cancel"><summary>{icon("close")}{t::cancel_slot(locale)}</summary>
                <form class="fold-body" method="post" action=page.to_owned() novalidate>
                    <Hidden name="act" value="cancel"/>
                    <p>{t::parties_cancelled(locale, parties)}</p>
                    <TextField locale name="reason" label=t::reason(locale) value=reason error=error("reason")/>
                    <button class="btn btn-danger">{t::cancel_slot_do(locale)}</button>
                </form>
            </details>
        }
    });
    let state = match slot.status {
        SlotStatus::Open => None,
        SlotStatus::Closed => Some(t::closed(locale)),
        SlotStatus::Cancelled => Some(t::cancelled(locale)),
    };
    view! {
        <aside class="stack" aria-labelledby="this">
            <h2 class="panel-title" id="this">{t::this_slot(locale)}</h2>
            {state.map(|words| view! { <p><span class="badge" data-tone="lacquer">{words}</span></p> })}
            {resize}
            <form class="panel" method="post" action=page.to_owned()>
                <Hidden name="act" value="note"/>
                <TextField locale name="guide" label=t::guide(locale) value=slot.guide.clone() optional=true/>
                <TextArea locale name="note" label=t::host_note(locale) value=slot.note.clone() rows=2 optional=true/>
                <button class="btn" type="submit">{t::save(locale)}</button>
            </form>
            {toggle}
            <a class="btn btn-wide" href=format!("{page}/sheet")>{icon("print")}{t::sheet(locale)}</a>
            {ends}
        </aside>
    }
}
