//! What letters tell of a course: its sessions, what changed of them, certificates.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::about::id_in;
use super::ics::Method;
use super::render::{Desk, Queued, Rendered, finish, seller};
use super::{invite, words};
use crate::booking::Booking;
use crate::course::{self, Group, Session};
use crate::schedule::Slot;
use crate::store::{Conn, StoreError};
use crate::words::mail as text;
use crate::{CertificateId, Locale, SessionId, params};

/// The sessions of a slot; none for a visit.
#[derive(Debug, Default)]
pub(super) struct Run {
    pub sessions: Vec<Session>,
    pub group: Group,
    /// Sessions of the longest run of the course.
    most: i32,
}

impl Run {
    pub(super) async fn load(
        conn: &mut Conn,
        slot: &Slot,
        booking: &Booking,
    ) -> Result<Run, StoreError> {
        if !slot.is_run() {
            return Ok(Run::default());
        }
        let (most,): (Option<i32>,) = conn
            .fetch_one(
                "SELECT MAX(course_session.position) AS n FROM course_session JOIN slot \
                 ON slot.id = course_session.slot_id WHERE slot.tour_id = $1",
                params![slot.tour_id],
            )
            .await?;
        Ok(Run {
            sessions: course::sessions_of(conn, slot.id).await?,
            group: course::group_of(conn, booking.id).await?,
            most: most.unwrap_or(0),
        })
    }

    pub(super) fn is_course(&self) -> bool {
        !self.sessions.is_empty()
    }

    /// The next session that takes place.
    pub(super) fn next(&self, now: DateTime<Utc>) -> Option<&Session> {
        self.sessions.iter().find(|session| session.is_live() && now < session.starts_at)
    }

    /// "Buổi 3/6".
    pub(super) fn number(&self, l: Locale, session: &Session) -> String {
        let count = i64::try_from(self.sessions.len()).unwrap_or(i64::MAX);
        text::session_of(l, i64::from(session.position), count)
    }

    /// "Buổi 3 dời từ … sang …".
    pub(super) fn what_changed(&self, l: Locale, payload: &Value) -> String {
        let id = id_in::<SessionId>(payload, "session");
        let from = payload["from"].as_str().and_then(|at| at.parse::<DateTime<Utc>>().ok());
        let session = self.sessions.iter().find(|session| Some(session.id) == id);
        let (Some(session), Some(from)) = (session, from) else {
            return text::change_lead(l).to_owned();
        };
        let (number, was) = (i64::from(session.position), words::moment(l, from));
        if payload["event"] == "cancelled" {
            let reason = payload["reason"].as_str().unwrap_or_default();
            text::session_cancelled(l, was, number, reason)
        } else {
            text::session_moved(l, was, number, words::session(l, session))
        }
    }

    /// One invitation for a visit, the entries of all sessions for a course.
    pub(super) fn invite(
        &self,
        desk: &Desk<'_>,
        booking: &Booking,
        slot: &Slot,
    ) -> Option<(Method, String)> {
        let Desk { settings, catalogue, now } = *desk;
        if !self.is_course() {
            return invite::itip(settings, catalogue, booking, slot, now);
        }
        let (sessions, most) = (&self.sessions, self.most);
        let events =
            invite::session_events(settings, catalogue, booking, slot, sessions, most, now);
        invite::publish(settings, booking, &events)
    }
}

/// A participant was certified.
pub(super) async fn certificate(
    conn: &mut Conn,
    desk: &Desk<'_>,
    row: &Queued,
    payload: &Value,
) -> Result<Option<Rendered>, StoreError> {
    let Some(id) = id_in::<CertificateId>(payload, "certificate_id") else { return Ok(None) };
    let found: Option<course::Certificate> =
        conn.fetch_optional("SELECT * FROM certificate WHERE id = $1", params![id]).await?;
    let Some(certificate) = found.filter(course::Certificate::is_valid) else { return Ok(None) };
    let Some(workshop) = desk.catalogue.workshop(certificate.workshop_id) else { return Ok(None) };
    let l = row.locale;
    let title = certificate.course.text(l);
    let subject = text::certificate_subject(l, title, &certificate.name);
    let mut draft = Desk::draft(row, subject, text::certificate_title(l).to_owned());
    draft.paragraphs.push(text::certificate_lead(l, title, &certificate.name));
    draft.fact(text::course(l), title);
    draft.fact(text::workshop(l), certificate.workshop.clone());
    draft.fact(text::certificate_number(l), certificate.label());
    draft.fact(text::certificate_code(l), certificate.spoken_code());
    let url = desk.url(l, &format!("/certificates/{}", certificate.code));
    draft.button = Some((text::certificate_open(l).to_owned(), url));
    draft.small.push(text::certificate_small(l).to_owned());
    draft.small.push(seller(workshop, l));
    Ok(Some(finish(&draft, None, Some(workshop))))
}
