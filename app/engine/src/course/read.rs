//! Finding runs, sessions and who is in them.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::model::Session;
use crate::booking::guests::{self, Guest};
use crate::booking::{Booking, StateKind, query};
use crate::schedule::{Slot, SlotStatus, slots};
use crate::store::{Conn, StoreError};
use crate::{GuestId, SessionId, SlotId, TourId, WorkshopId, params};

/// The sessions of a run by their time, cancelled ones too; none for a visit.
pub async fn sessions_of(conn: &mut Conn, slot: SlotId) -> Result<Vec<Session>, StoreError> {
    conn.fetch_all(
        "SELECT * FROM course_session WHERE slot_id = $1 ORDER BY starts_at, position",
        params![slot],
    )
    .await
}

/// The same of several runs.
pub async fn sessions_of_slots(
    conn: &mut Conn,
    slots: &[SlotId],
) -> Result<HashMap<SlotId, Vec<Session>>, StoreError> {
    let mut found: HashMap<SlotId, Vec<Session>> = HashMap::new();
    let sql = |list: &str| {
        format!(
            "SELECT * FROM course_session WHERE slot_id IN ({list}) ORDER BY starts_at, position"
        )
    };
    let sessions: Vec<Session> = conn.fetch_among(slots, sql).await?;
    for session in sessions {
        found.entry(session.slot_id).or_default().push(session);
    }
    Ok(found)
}

pub async fn session(conn: &mut Conn, id: SessionId) -> Result<Option<Session>, StoreError> {
    conn.fetch_optional("SELECT * FROM course_session WHERE id = $1", params![id]).await
}

/// Runs of a tour that take enrolments, full ones too, soonest first.
pub async fn runs_of_tour(
    conn: &mut Conn,
    tour: TourId,
    now: DateTime<Utc>,
) -> Result<Vec<Slot>, StoreError> {
    conn.fetch_all(
        "SELECT * FROM slot WHERE tour_id = $1 AND status = 'open' AND busy = FALSE AND closes_at > $2 \
         AND last_date IS NOT NULL ORDER BY starts_at, id",
        params![tour, now],
    )
    .await
}

/// Runs shown in a host's list.
const LISTED: i64 = 100;

/// Runs of a workshop, the latest first.
pub async fn runs_of_workshop(
    conn: &mut Conn,
    workshop: WorkshopId,
) -> Result<Vec<Slot>, StoreError> {
    conn.fetch_all(
        "SELECT * FROM slot WHERE workshop_id = $1 AND last_date IS NOT NULL \
         ORDER BY starts_at DESC, id LIMIT $2",
        params![workshop, LISTED],
    )
    .await
}

/// Sessions of a workshop's runs on these days, inclusive, with their slots; cancelled ones not.
pub async fn days_of_workshop(
    conn: &mut Conn,
    workshop: WorkshopId,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<(Session, Slot)>, StoreError> {
    let sessions: Vec<Session> = conn
        .fetch_all(
            "SELECT * FROM course_session WHERE workshop_id = $1 \
             AND local_date BETWEEN $2 AND $3 AND cancelled_at IS NULL ORDER BY starts_at, id",
            params![workshop, from, to],
        )
        .await?;
    let mut ids: Vec<SlotId> = sessions.iter().map(|session| session.slot_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut slots = slots::by_ids(conn, &ids).await?;
    slots.retain(|_, slot| slot.status != SlotStatus::Cancelled);
    Ok(sessions
        .into_iter()
        .filter_map(|session| {
            let slot = slots.get(&session.slot_id)?.clone();
            Some((session, slot))
        })
        .collect())
}

/// The same without those on the day on which their run begins: there the slot itself stands.
pub async fn later_days_of_workshop(
    conn: &mut Conn,
    workshop: WorkshopId,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<(Session, Slot)>, StoreError> {
    let mut sessions = days_of_workshop(conn, workshop, from, to).await?;
    sessions.retain(|(session, slot)| session.local_date != slot.local_date);
    Ok(sessions)
}

/// A participant with the sessions at which they were present or missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Participant {
    pub guest: Guest,
    pub marks: HashMap<SessionId, bool>,
}

impl Participant {
    /// Of these sessions, how many were attended.
    pub fn attended(&self, sessions: &[Session]) -> i32 {
        let present = |session: &&Session| self.marks.get(&session.id) == Some(&true);
        i32::try_from(sessions.iter().filter(present).count()).unwrap_or(i32::MAX)
    }
}

/// Who is in a run: each booking that counts with its participants, those without a name not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roll {
    pub sessions: Vec<Session>,
    pub parties: Vec<(Booking, Vec<Participant>)>,
}

impl Roll {
    pub fn participants(&self) -> impl Iterator<Item = (&Booking, &Participant)> {
        self.parties.iter().flat_map(|(booking, all)| all.iter().map(move |one| (booking, one)))
    }

    /// Sessions that take place or have taken place.
    pub fn live(&self) -> Vec<Session> {
        self.sessions.iter().filter(|session| session.is_live()).cloned().collect()
    }
}

/// Whether a booking is an enrolment that counts.
pub(super) const fn counts(state: StateKind) -> bool {
    matches!(state, StateKind::Confirmed | StateKind::CheckedIn | StateKind::NoShow)
}

pub async fn roll_of(conn: &mut Conn, slot: SlotId) -> Result<Roll, StoreError> {
    let sessions = sessions_of(conn, slot).await?;
    let mut bookings = query::of_slot(conn, slot).await?;
    bookings.retain(|booking| counts(booking.state.kind()));
    let ids = bookings.iter().map(|booking| booking.id);
    let mut known = guests::of_bookings(conn, ids).await?;
    let marks: Vec<(SessionId, GuestId, bool)> = conn
        .fetch_all(
            "SELECT session_id, guest_id, present FROM attendance JOIN course_session \
             ON course_session.id = attendance.session_id WHERE course_session.slot_id = $1",
            params![slot],
        )
        .await?;
    let mut by_guest: HashMap<GuestId, HashMap<SessionId, bool>> = HashMap::new();
    for (session, guest, present) in marks {
        by_guest.entry(guest).or_default().insert(session, present);
    }
    let parties = bookings
        .into_iter()
        .map(|booking| {
            let guests = known.remove(&booking.id).unwrap_or_default();
            let participants = guests
                .into_iter()
                .map(|guest| Participant {
                    marks: by_guest.remove(&guest.id).unwrap_or_default(),
                    guest,
                })
                .collect();
            (booking, participants)
        })
        .collect();
    Ok(Roll { sessions, parties })
}

/// The sessions that a guest attended, by time.
pub async fn attended_by(conn: &mut Conn, guest: GuestId) -> Result<Vec<Session>, StoreError> {
    conn.fetch_all(
        "SELECT course_session.* FROM course_session JOIN attendance \
         ON attendance.session_id = course_session.id WHERE attendance.guest_id = $1 \
         AND attendance.present AND course_session.cancelled_at IS NULL \
         ORDER BY course_session.starts_at",
        params![guest],
    )
    .await
}
