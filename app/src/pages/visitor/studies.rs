//! On a booking's own page: what its participants attended, and their certificates.

use chrono::{DateTime, Utc};
use engine::course::{Certificate, Participant, Session, certificates_of_booking, roll_of};
use engine::store::Conn;
use leptos::prelude::*;

use super::booking::Opened;
use crate::context::Visit;
use crate::error::PageError;
use crate::t::course as t;
use crate::ui::icon::icon;

/// What is on record of a course that has begun.
pub struct Studies {
    sessions: Vec<Session>,
    participants: Vec<Participant>,
    certificates: Vec<Certificate>,
    needed: i32,
    now: DateTime<Utc>,
}

/// None for a visit, and for a course that has not begun.
pub async fn load(conn: &mut Conn, opened: &Opened) -> Result<Option<Studies>, PageError> {
    let (slot, now) = (&opened.visited.slot, opened.now);
    if !slot.is_run() || now < slot.starts_at {
        return Ok(None);
    }
    let roll = roll_of(conn, slot.id).await?;
    let sessions = roll.live();
    let mine = roll.parties.into_iter().find(|(booking, _)| booking.id == opened.booking.id);
    let Some((_, participants)) = mine else { return Ok(None) };
    let certificates = certificates_of_booking(conn, opened.booking.id).await?;
    let needed = opened.visited.tour.course.as_ref().map_or(0, |course| course.needed);
    Ok(Some(Studies { sessions, participants, certificates, needed, now }))
}

pub fn section(visit: &Visit, studies: &Studies) -> impl IntoView + use<> {
    let locale = visit.locale;
    let held = studies.sessions.iter().filter(|session| session.starts_at <= studies.now).count();
    let held = i64::try_from(held).unwrap_or(i64::MAX);
    let rows: Vec<_> = studies
        .participants
        .iter()
        .map(|one| {
            let attended = i64::from(one.attended(&studies.sessions));
            let dots: Vec<_> = studies
                .sessions
                .iter()
                .map(|session| {
                    let (state, words) = match one.marks.get(&session.id) {
                        Some(true) => ("present", t::present(locale)),
                        Some(false) => ("missing", t::missing(locale)),
                        None => ("open", t::unmarked(locale)),
                    };
                    let number = t::session(locale, i64::from(session.position));
                    view! { <li data-state=state><span class="visually-hidden">{number} {locale.writing().colon} {words}</span></li> }
                })
                .collect();
            let certificate = studies
                .certificates
                .iter()
                .find(|certificate| certificate.guest_id == one.guest.id && certificate.is_valid());
            let certificate = certificate.map(|certificate| {
                let href = visit.link(&format!("/certificates/{}", certificate.code));
                view! { <a class="btn btn-small" href=href>{icon("print")}{t::certificate(locale)}</a> }
            });
            view! {
                <li class="study">
                    <p class="study-name">{one.guest.name.clone()}</p>
                    <p class="soft small">{t::attended_of(locale, attended, held)}</p>
                    <ol class="dots">{dots}</ol>
                    {certificate}
                </li>
            }
        })
        .collect();
    let needed = (studies.needed > 0).then(|| {
        view! { <p class="soft small">{t::certificate_after(locale, i64::from(studies.needed))}</p> }
    });
    view! {
        <section class="panel stack" aria-labelledby="studies-title">
            <h2 class="panel-title" id="studies-title">{t::attendance(locale)}</h2>
            <ul class="plain-list stack-s">{rows}</ul>
            {needed}
        </section>
    }
}
