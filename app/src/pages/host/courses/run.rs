//! One run: its sessions, its people, what they attended, their certificates.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::course::{
    CancelSession, Certificate, Group, Issue, MoveSession, Rename, Roll, Withdraw, cancel_session,
    certificates_of_run, groups_of, issue, move_session, rename, roll_of, withdraw,
};
use engine::schedule::{Slot, SlotStatus};
use engine::store::TimeOfDay;
use engine::{BookingId, CertificateId, GuestId, SessionId, SlotId};
use leptos::prelude::*;

use super::{found, of_run, sessions, trouble, view};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Desk, Tab, at, frame, see};
use crate::pages::host::{guest, words};
use crate::render::Page;
use crate::t::course as t;
use crate::ui::field::ErrorSummary;
use crate::ui::icon::icon;
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::notice::{Notice, Tone};
use crate::ui::participants;
use crate::ui::summary::run_dates;

pub(super) type At = Path<(String, String, String)>;

/// All that is known of a run's people.
pub(super) struct People {
    pub roll: Roll,
    pub certificates: Vec<Certificate>,
    pub groups: std::collections::HashMap<BookingId, Group>,
}

impl People {
    pub async fn load(app: &App, run: SlotId) -> Result<People, PageError> {
        let mut conn = app.store.read().await?;
        let roll = roll_of(&mut conn, run).await?;
        let ids: Vec<BookingId> = roll.parties.iter().map(|(booking, _)| booking.id).collect();
        Ok(People {
            certificates: certificates_of_run(&mut conn, run).await?,
            groups: groups_of(&mut conn, &ids).await?,
            roll,
        })
    }
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, run)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    let (slot, _) = found(&app, &desk, &run).await?;
    let here = slot.id.to_string();
    super::super::views::note(&app, &visit, desk.id(), engine::privacy::What::Departure, here)
        .await?;
    let form = Form::of_query(&visit.query);
    answer(&app, &visit, desk, slot, form, Problems::default()).await
}

/// The forms of the page: `act` says which.
pub async fn act(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, run)): At,
    form: Form,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    let (slot, _) = found(&app, &desk, &run).await?;
    let mut problems = Problems::default();
    let news = perform(&app, &visit, &desk, slot.id, &form, &mut problems).await?;
    if problems.is_empty() {
        let page = of_run(&visit, desk.workshop()?, slot.id, "");
        return Ok(see(&format!("{page}?{news}")));
    }
    let (slot, _) = found(&app, &desk, &run).await?;
    answer(&app, &visit, desk, slot, form, problems).await
}

/// Does it; answers what to add to the page's address. What stands against it is in `problems`.
async fn perform(
    app: &App,
    visit: &Visit,
    desk: &Desk,
    run: SlotId,
    form: &Form,
    problems: &mut Problems,
) -> Result<String, PageError> {
    let (locale, actor, store) = (visit.locale, visit.actor.clone(), &app.store);
    let session = || form.text("session").parse::<SessionId>().map_err(|_| PageError::Invalid);
    let of_session = |name: &str| format!("{name}-{}", form.text("session"));
    let (field, news, failed) = match form.text("act") {
        "move" => {
            let (date, time) = (words::date(form.text("date")), form.text("time").parse().ok());
            let (Some(date), Some(time)) = (date, time) else {
                problems.add(of_session("date"), t::error_time(locale));
                return Ok(String::new());
            };
            let time: TimeOfDay = time;
            let minutes = form.text("minutes").trim().parse().ok();
            let command = MoveSession { actor, session: session()?, date, time, minutes };
            let done = store.write("move session", command, |tx, c| Box::pin(move_session(tx, c)));
            (of_session("date"), "moved=1".to_owned(), done.await.err())
        }
        "cancel" => {
            let reason = form.text("reason").to_owned();
            let command = CancelSession { actor, session: session()?, reason };
            let done =
                store.write("cancel session", command, |tx, c| Box::pin(cancel_session(tx, c)));
            (of_session("reason"), "cancelled=1".to_owned(), done.await.err())
        }
        "names" => {
            let booking = form.text("booking").parse().map_err(|_| PageError::Invalid)?;
            match participants::add(app, locale, actor, booking, form).await? {
                Ok(added) => return Ok(format!("named={added}")),
                Err(wrong) => {
                    *problems = wrong;
                    return Ok(String::new());
                }
            }
        }
        "rename" => {
            let guest: GuestId = form.text("guest").parse().map_err(|_| PageError::Invalid)?;
            let (name, born) = (form.text("name").to_owned(), form.text("born").trim());
            let year = born.parse().ok();
            if !born.is_empty() && year.is_none() {
                problems.add(format!("name-{guest}"), t::error_name(locale));
                return Ok(String::new());
            }
            let command = Rename { actor, guest, name, born: year };
            let done = store.write("rename", command, |tx, c| Box::pin(rename(tx, c))).await;
            (format!("name-{guest}"), "renamed=1".to_owned(), done.err())
        }
        "issue" => {
            let guest = match form.text("guest") {
                "" => None,
                id => Some(id.parse().map_err(|_| PageError::Invalid)?),
            };
            let catalogue = Arc::clone(&desk.catalogue);
            let command = Issue { catalogue, actor, run, guest };
            match store.write("issue", command, |tx, c| Box::pin(issue(tx, c))).await {
                Ok(issued) => return Ok(format!("issued={}", issued.certificates.len())),
                Err(error) => ("main".to_owned(), String::new(), Some(error)),
            }
        }
        "withdraw" => {
            let certificate: CertificateId =
                form.text("certificate").parse().map_err(|_| PageError::Invalid)?;
            let reason = form.text(&format!("reason-{certificate}")).to_owned();
            let command = Withdraw { actor, certificate, reason };
            let done = store.write("withdraw", command, |tx, c| Box::pin(withdraw(tx, c))).await;
            (format!("reason-{certificate}"), "withdrawn=1".to_owned(), done.err())
        }
        _ => return Err(PageError::Invalid),
    };
    if let Some(error) = failed {
        problems.add(field, trouble(locale, error)?);
    }
    Ok(news)
}

async fn answer(
    app: &App,
    visit: &Visit,
    desk: Desk,
    slot: Slot,
    form: Form,
    problems: Problems,
) -> Result<Response, PageError> {
    let (locale, now) = (visit.locale, app.store.now());
    let people = People::load(app, slot.id).await?;
    let (tour, _) = desk.catalogue.option(slot.option_id).ok_or(PageError::NotFound)?;
    let tour = tour.clone();
    let shop = desk.workshop()?.clone();
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let title = tour.title.text(locale).to_owned();
    let inner = visit.clone();
    Ok(Page::new(Head::host(title.clone())).status(status).render(visit, move || {
        let visit = &inner;
        let to = |sub: &str| of_run(visit, &shop, slot.id, sub);
        let list = at(visit, &shop, "/courses");
        let state = (slot.status == SlotStatus::Cancelled).then(|| {
            view! { <span class="badge" data-tone="lacquer">{crate::t::host::cancelled(locale)}</span> }
        });
        let papers = people.certificates.iter().any(Certificate::is_valid).then(|| {
            view! { <a class="btn" href=to("/certificates")>{icon("print")}{t::print_certificates(locale)}</a> }
        });
        let more = at(visit, &shop, &format!("/slots/{}", slot.id));
        let body = view! {
            {breadcrumb(locale, vec![(list, t::host_title(locale).to_owned())])}
            {news(locale, &form)}
            <ErrorSummary locale problems=problems.clone()/>
            <header class="host-head">
                <div>
                    <h1>{title}</h1>
                    <p class="soft">{run_dates(locale, &slot)}</p>
                </div>
                <div class="cluster">{guest::seats(locale, &slot)} {state}</div>
            </header>
            <div class="actions">
                <a class="btn btn-primary" href=to("/attendance")>{icon("check")}{t::take_attendance(locale)}</a>
                <a class="btn" href=to("/list")>{icon("print")}{t::print_list(locale)}</a>
                {papers}
                <a class="btn" href=more>{icon("settings")}{t::seats_and_guests(locale)}</a>
            </div>
            {view::grid(visit, &people, &tour, desk.owner, &to(""))}
            {view::unnamed(visit, &people, &to(""), &form, &problems)}
            {view::names(visit, &people, &to(""), &form, &problems)}
            {sessions::section(visit, &people.roll.sessions, &to(""), &form, &problems, now)}
            {view::certificates(visit, &people, desk.owner, &to(""), &form, &problems)}
        };
        frame(visit, Some(&shop), Tab::More, body)
    }))
}

fn news(locale: crate::Locale, form: &Form) -> Option<impl IntoView + use<>> {
    let number = |name: &str| form.text(name).parse::<i64>().ok();
    let words = if let Some(n) = number("issued") {
        t::issued(locale, n)
    } else if let Some(n) = number("named") {
        t::names_added(locale, n)
    } else {
        [
            ("planned", t::planned(locale)),
            ("moved", t::session_was_moved(locale)),
            ("cancelled", t::session_was_cancelled(locale)),
            ("renamed", t::renamed(locale)),
            ("withdrawn", t::was_withdrawn(locale)),
        ]
        .into_iter()
        .find(|(name, _)| form.has(name))?
        .1
        .to_owned()
    };
    Some(view! { <Notice tone=Tone::Good title=words/> })
}
