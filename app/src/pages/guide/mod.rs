//! The guide's own page on the phone, by a secret link and without an account: what they lead, where,
//! and who comes; days off; a calendar to subscribe to.

pub mod calendars;

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use engine::Locale;
use engine::booking::{Booking, StateKind, query};
use engine::catalogue::Catalogue;
use engine::clock::local_date;
use engine::feeds::Feed;
use engine::guide::{
    self, AskLeave, CheckInByGuide, Coming, Duty, Guide, GuideError, Leave, LeaveState,
};
use engine::privacy::What;
use leptos::prelude::*;

use super::host::guest;
use super::host::guides::{person, words};
use super::host::words as host_words;
use super::visitor::booking::{private, see};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::views;
use crate::render::Page;
use crate::t::guide as t;
use crate::ui::field::{ErrorSummary, Hidden, TextField};
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};

type Link = Path<(String, String)>;

/// All that the page shows.
struct View {
    guide: Guide,
    catalogue: Arc<Catalogue>,
    coming: Coming,
    leaves: Vec<Leave>,
    today: NaiveDate,
}

async fn load(app: &App, token: &str) -> Result<View, PageError> {
    let catalogue = app.catalogue().await?;
    let now = app.store.now();
    let today = local_date(now);
    let mut conn = app.store.read().await?;
    let guide = guide::by_token(&mut conn, token).await?.ok_or(PageError::NotFound)?;
    let coming = guide::coming(&mut conn, &guide, today).await?;
    let leaves = guide::leave_asked(&mut conn, guide.id(), now).await?;
    Ok(View { guide, catalogue, coming, leaves, today })
}

/// The link as it is sent on: the page in the guide's language.
pub async fn in_own_language(
    State(app): State<App>,
    Path(token): Path<String>,
) -> Result<Response, PageError> {
    let guide = guide::by_token(&mut app.store.read().await?, &token).await?;
    let guide = guide.ok_or(PageError::NotFound)?;
    let page = format!("/{}{}", guide.locale, guide::link_path(&guide.token));
    Ok(private(Redirect::to(&page).into_response()))
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, token)): Link,
) -> Result<Response, PageError> {
    let view = load(&app, &token).await?;
    for duty in &view.coming.duties {
        if view.coming.parties(duty.slot.id).next().is_some() {
            let who = (view.guide.id(), duty.slot.workshop_id);
            let departure = duty.slot.id.to_string();
            views::note_guide(&app, &visit, who, What::Departure, departure).await?;
        }
    }
    let form = Form::of_query(&visit.query);
    Ok(answer(&visit, view, form, Problems::default()))
}

/// A party is there, or the guide asks for days off: `act` says which.
pub async fn act(
    State(app): State<App>,
    visit: Visit,
    Path((_, token)): Link,
    form: Form,
) -> Result<Response, PageError> {
    let view = load(&app, &token).await?;
    let here = visit.link(&guide::link_path(&token));
    let mut problems = Problems::default();
    let after = match form.text("act") {
        "check_in" => check_in(&app, &visit, &token, &form, &mut problems).await?,
        "leave" => ask(&app, &visit, &token, &form, &mut problems).await?,
        _ => return Err(PageError::NotFound),
    };
    if problems.is_empty() {
        return Ok(see(&format!("{here}?{after}")));
    }
    Ok(answer(&visit, view, form, problems))
}

async fn check_in(
    app: &App,
    visit: &Visit,
    token: &str,
    form: &Form,
    problems: &mut Problems,
) -> Result<String, PageError> {
    let code = form.text("code");
    let booking = query::by_code(&mut app.store.read().await?, code).await?;
    let booking = booking.ok_or(PageError::NotFound)?;
    let arrived = form.text("arrived").trim().parse().unwrap_or(0);
    let command = CheckInByGuide { token: token.to_owned(), booking: booking.id, arrived };
    let done =
        app.store.write("guide checks in", command, |tx, c| Box::pin(guide::check_in(tx, c))).await;
    match done {
        Ok(arrival) => Ok(format!("checked={code}#b-{}", arrival.booking.code)),
        Err(GuideError::CheckIn(error)) => {
            let field = format!("arrived-{code}");
            problems.add(field, host_words::of_check_in(visit.locale, error)?);
            Ok(String::new())
        }
        Err(GuideError::Store(error)) => Err(error.into()),
        Err(_) => Err(PageError::NotFound),
    }
}

async fn ask(
    app: &App,
    visit: &Visit,
    token: &str,
    form: &Form,
    problems: &mut Problems,
) -> Result<String, PageError> {
    let locale = visit.locale;
    let from = host_words::date(form.text("from"));
    let to =
        if form.text("to").trim().is_empty() { from } else { host_words::date(form.text("to")) };
    let (Some(from), Some(to)) = (from, to) else {
        problems.add("from", t::error_dates(locale));
        return Ok(String::new());
    };
    let (token, note) = (token.to_owned(), form.text("why").to_owned());
    let command = AskLeave { token, from, to, note };
    match app.store.write("ask leave", command, |tx, c| Box::pin(guide::ask_leave(tx, c))).await {
        Ok(_) => return Ok("asked=1#leave".to_owned()),
        Err(GuideError::Fields(_)) => problems.add("from", t::error_dates(locale)),
        Err(GuideError::TooMany(_)) => problems.add("from", t::error_many(locale)),
        Err(GuideError::Store(error)) => return Err(error.into()),
        Err(_) => return Err(PageError::NotFound),
    }
    Ok(String::new())
}

fn answer(visit: &Visit, view: View, form: Form, problems: Problems) -> Response {
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let title = t::mine(visit.locale, view.guide.name());
    let inner = visit.clone();
    let page = Page::new(Head::private(title.clone())).status(status);
    private(page.render(visit, move || {
        let visit = &inner;
        let locale = visit.locale;
        let here = visit.link(&guide::link_path(&view.guide.token));
        let mut days: Vec<(NaiveDate, Vec<&Duty>)> = Vec::new();
        for duty in &view.coming.duties {
            match days.last_mut().filter(|(date, _)| *date == duty.date()) {
                Some((_, of_day)) => of_day.push(duty),
                None => days.push((duty.date(), vec![duty])),
            }
        }
        let none = days.is_empty().then(|| view! { <p class="empty">{t::mine_none(locale)}</p> });
        let days: Vec<_> = days
            .into_iter()
            .map(|(date, duties)| {
                let name = format::sentence(&format::relative_day(locale, date, view.today));
                let duties: Vec<_> =
                    duties.into_iter().map(|duty| one(locale, &here, &view, duty)).collect();
                view! {
                    <section class="stack" data-today=(date == view.today).then_some("")>
                        <h2 class="guide-when">{name} " " <span class="lunar">{format::lunar_brief(locale, date, true)}</span></h2>
                        {duties}
                    </section>
                }
            })
            .collect();
        let checked = view
            .coming
            .duties
            .iter()
            .flat_map(|duty| view.coming.parties(duty.slot.id))
            .find(|it| form.has("checked") && it.code == form.text("checked"))
            .map(|it| view! { <Notice tone=Tone::Good title=t::checked(locale, &it.name)/> });
        let asked = form.has("asked").then(|| view! { <Notice tone=Tone::Good title=t::asked(locale)/> });
        view! {
            <div class="wrap guide-page stack">
                <header class="stack-s"><h1>{title}</h1><p class="soft">{t::mine_text(locale)}</p></header>
                <ErrorSummary locale problems=problems.clone()/>
                {checked} {asked}
                {days} {none}
                {leave(locale, &here, &view.leaves, &form, &problems)}
                {subscribe(visit, &view.guide)}
            </div>
        }
    }))
}

fn one(locale: Locale, here: &str, view: &View, duty: &Duty) -> impl IntoView + use<> {
    let View { guide, catalogue, coming, today, .. } = view;
    let slot = &duty.slot;
    let (Some((tour, option)), Some(shop)) =
        (catalogue.option(slot.option_id), catalogue.workshop(slot.workshop_id))
    else {
        return ().into_any();
    };
    let stretch = duty.stretch();
    let title = match &duty.session {
        Some(session) => {
            let number = crate::t::course::session(locale, i64::from(session.position));
            t::session_of(locale, number, tour.title.text(locale))
        }
        None => tour.title.text(locale).to_owned(),
    };
    let parties: Vec<&Booking> = coming.parties(slot.id).collect();
    let spoken = guide::spoken(parties.iter().copied());
    let speak = (!spoken.is_empty()).then(|| {
        view! { <li>{icon("language")}{t::speak(locale, words::languages(locale, &spoken))}</li> }
    });
    let may_check_in = guide.may_check_in && duty.date() == *today;
    let rows: Vec<_> = parties
        .iter()
        .map(|booking| {
            let notes = guest::notes(locale, tour, booking, coming.guests(booking.id));
            let notes =
                (!notes.is_empty()).then(|| view! { <p class="guest-note">{notes}</p> });
            let language = view! { <span>{booking.locale.native_name()}</span> };
            let here_now = guest::arrived(booking) > 0;
            let state = match booking.state.kind() {
                StateKind::CheckedIn => Some("arrived"),
                StateKind::NoShow => Some("no-show"),
                _ => None,
            };
            let button = may_check_in.then(|| arrive(locale, here, booking, here_now));
            view! {
                <li class="guest" id=format!("b-{}", booking.code) data-state=state>
                    <div>
                        <span class="guest-name">{booking.name.clone()}</span>
                        <p class="guest-info"><span>{booking.party.words(locale)}</span> {language}</p>
                    </div>
                    {button} {notes}
                </li>
            }
        })
        .collect();
    let none = rows.is_empty().then(|| view! { <p class="soft">{t::no_guests(locale)}</p> });
    let map = format!("geo:{},{}", tour.meeting_lat, tour.meeting_lon);
    let place = format!("{}, {}", shop.name, tour.meeting_point.text(locale));
    let people = format::people(locale, coming.people(slot.id));
    view! {
        <article class="panel stack guide-duty">
            <header>
                <p class="guide-time">{format::time_range(locale, stretch.from, stretch.to)}</p>
                <h3 class="panel-title">{title}</h3>
                <p class="soft">{option.title.text(locale).to_owned()}</p>
            </header>
            <ul class="facts">
                <li>{icon("people")}<strong>{people}</strong></li>
                {speak}
                <li>{icon("pin")}{place}</li>
            </ul>
            <div class="actions">
                <a class="btn" href=map>{icon("map")}{t::directions(locale)}</a>
                <a class="btn" href=format!("tel:{}", shop.phone)>{icon("phone")}{t::call(locale)}</a>
            </div>
            <ul class="guests">{rows}</ul> {none}
        </article>
    }
    .into_any()
}

/// A check-in of one tap; how many came can be put right.
fn arrive(locale: Locale, here: &str, booking: &Booking, pressed: bool) -> impl IntoView + use<> {
    use crate::t::host;
    let id = format!("arrived-{}", booking.code);
    let people = booking.people;
    let value = if pressed { guest::arrived(booking) } else { people };
    view! {
        <form class="checkin-part" method="post" action=here.to_owned()>
            <Hidden name="act" value="check_in"/>
            <Hidden name="code" value=booking.code.clone()/>
            <label class="visually-hidden" for=id.clone()>{host::arrived(locale)}</label>
            <input class="input checkin-count" id=id name="arrived" type="number" inputmode="numeric"
                min="1" max=people value=value required/>
            <span>{host::out_of(locale, people)}</span>
            <button class="checkin" aria-pressed=if pressed { "true" } else { "false" }>
                {pressed.then(|| icon("check"))}
                <span>{if pressed { host::arrived(locale) } else { host::check_in(locale) }}</span>
            </button>
        </form>
    }
}

fn leave(
    locale: Locale,
    here: &str,
    leaves: &[Leave],
    form: &Form,
    problems: &Problems,
) -> impl IntoView + use<> {
    let items: Vec<_> = leaves
        .iter()
        .map(|leave| {
            let (words, tone) = match leave.state {
                LeaveState::Asked => (t::state_asked(locale), None),
                LeaveState::Granted => (t::state_granted(locale), Some("celadon")),
                LeaveState::Refused => (t::state_refused(locale), Some("lacquer")),
            };
            view! {
                <li class="board-use">
                    <span>{format::sentence(&person::range(locale, leave))}</span>
                    <span class="badge" data-tone=tone>{words}</span>
                </li>
            }
        })
        .collect();
    let typing = form.text("act") == "leave";
    let value = |name: &str| if typing { form.text(name).to_owned() } else { String::new() };
    view! {
        <section class="panel stack" id="leave" aria-labelledby="leave-title">
            <h2 class="panel-title" id="leave-title">{t::ask_title(locale)}</h2>
            <p class="soft">{t::ask_text(locale)}</p>
            <ul class="plain-list">{items}</ul>
            <form class="form" method="post" action=here.to_owned() novalidate>
                <Hidden name="act" value="leave"/>
                <div class="field-row">
                    <TextField locale name="from" label=t::from_date(locale) kind="date" value=value("from") error=problems.of("from")/>
                    <TextField locale name="to" label=t::to_date(locale) kind="date" value=value("to") optional=true/>
                </div>
                <TextField locale name="why" label=t::why(locale) value=value("why") optional=true/>
                <button class="btn" type="submit">{t::ask(locale)}</button>
            </form>
        </section>
    }
}

fn subscribe(visit: &Visit, guide: &Guide) -> impl IntoView + use<> {
    let locale = visit.locale;
    let url = format!("{}{}", visit.base_url, Feed::Guide.path(&guide.token));
    // Programs that know the scheme ask at once whether to subscribe.
    let webcal = url.split_once("://").map(|(_, rest)| format!("webcal://{rest}"));
    let outside = visit.link(&format!("{}/calendars", guide::link_path(&guide.token)));
    view! {
        <section class="panel stack" aria-labelledby="calendar">
            <h2 class="panel-title" id="calendar">{t::calendar_title(locale)}</h2>
            <p class="soft">{t::calendar_text(locale)}</p>
            <div class="actions">
                <a class="btn" href=webcal>{icon("calendar")}{t::subscribe(locale)}</a>
                <a class="btn" href=outside>{icon("clock")}{crate::t::calendars::title(locale)}</a>
            </div>
            <div class="field">
                <label for="feed">{t::calendar_label(locale)}</label>
                <input class="input" id="feed" readonly value=url/>
            </div>
        </section>
    }
}
