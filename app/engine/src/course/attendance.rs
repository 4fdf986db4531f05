//! Who was there. Marks come from a phone's list: twice, late or out of order, and are put right
//! afterwards; the newest by its own instant counts.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;

use super::CourseError;
use super::model::Session;
use super::read::{self, counts};
use crate::accounts::{Actor, audit};
use crate::booking::{Booking, checkin, guests, query};
use crate::clock::local_date;
use crate::store::{Conn, StoreError, Tx};
use crate::{BookingId, GuestId, SessionId, SlotId, params};

/// Marks of one session.
#[derive(Debug, Clone)]
pub struct MarkAttendance {
    pub actor: Actor,
    pub session: SessionId,
    /// Present or missing; None takes a mark back.
    pub marks: Vec<(GuestId, Option<bool>)>,
    /// When it was marked, for marks that were made offline; None is now.
    pub at: Option<DateTime<Utc>>,
}

/// Keeps the marks; answers how many were new. Whoever was there once has arrived: the booking
/// is checked in, and no longer when the mark was a slip.
pub async fn mark_attendance(tx: &mut Tx, command: MarkAttendance) -> Result<u64, CourseError> {
    let session = read::session(tx, command.session).await?.ok_or(CourseError::Unknown)?;
    command.actor.must_serve(session.workshop_id)?;
    if !session.is_live() {
        return Err(CourseError::Final);
    }
    if local_date(tx.now()) < session.local_date {
        return Err(CourseError::NotBegun);
    }
    let at = command.at.map_or(tx.now(), |at| at.min(tx.now()));
    let bookings = query::of_slot(tx, session.slot_id).await?;
    let bookings: Vec<Booking> =
        bookings.into_iter().filter(|booking| counts(booking.state.kind())).collect();
    let known = guests::of_bookings(tx, bookings.iter().map(|booking| booking.id)).await?;
    let whose: BTreeMap<GuestId, BookingId> =
        known.values().flatten().map(|guest| (guest.id, guest.booking_id)).collect();
    let mut changed: BTreeMap<BookingId, Vec<(GuestId, Option<bool>)>> = BTreeMap::new();
    for (guest, present) in command.marks {
        let booking = *whose.get(&guest).ok_or(CourseError::Unknown)?;
        if mark(tx, &session, guest, present, at).await? {
            changed.entry(booking).or_default().push((guest, present));
        }
    }
    let mut done = 0;
    for booking in bookings {
        let Some(marks) = changed.get(&booking.id) else { continue };
        done += marks.len() as u64;
        let there = marks.iter().filter(|(_, present)| *present == Some(true)).count();
        let detail = json!({
            "session": session.position, "present": there, "missing": marks.len() - there, "at": at,
        });
        let workshop = Some(session.workshop_id);
        let verb = "booking.attendance";
        audit::record(tx, &command.actor, verb, &booking.code, workshop, detail).await?;
        arrive(tx, booking, at).await?;
    }
    Ok(done)
}

/// One mark; false when it changes nothing.
async fn mark(
    tx: &mut Tx,
    session: &Session,
    guest: GuestId,
    present: Option<bool>,
    at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let written = match present {
        Some(present) => {
            tx.execute(
                "INSERT INTO attendance (session_id, guest_id, present, marked_at) \
                 VALUES ($1, $2, $3, $4) ON CONFLICT (session_id, guest_id) DO UPDATE \
                 SET present = excluded.present, marked_at = excluded.marked_at \
                 WHERE attendance.marked_at <= excluded.marked_at \
                 AND attendance.present <> excluded.present",
                params![session.id, guest, present, at],
            )
            .await?
        }
        None => {
            tx.execute(
                "DELETE FROM attendance WHERE session_id = $1 AND guest_id = $2 \
                 AND marked_at <= $3",
                params![session.id, guest, at],
            )
            .await?
        }
    };
    Ok(written > 0)
}

/// Brings the booking's state in line with who has been there at all.
async fn arrive(tx: &mut Tx, booking: Booking, at: DateTime<Utc>) -> Result<(), CourseError> {
    let been: Vec<(GuestId,)> = tx
        .fetch_all(
            "SELECT attendance.guest_id FROM attendance JOIN guest \
             ON guest.id = attendance.guest_id WHERE guest.booking_id = $1 AND attendance.present",
            params![booking.id],
        )
        .await?;
    let been: BTreeSet<GuestId> = been.into_iter().map(|(guest,)| guest).collect();
    let arrived = i32::try_from(been.len()).unwrap_or(i32::MAX).min(booking.people);
    Ok(checkin::came(tx, booking, arrived, at).await?)
}

/// The session of a run on a day, where one takes place.
pub(crate) async fn session_on(
    conn: &mut Conn,
    slot: SlotId,
    date: NaiveDate,
) -> Result<Option<Session>, StoreError> {
    conn.fetch_optional(
        "SELECT * FROM course_session WHERE slot_id = $1 AND local_date = $2 \
         AND cancelled_at IS NULL ORDER BY starts_at LIMIT 1",
        params![slot, date],
    )
    .await
}

/// A voucher was shown at the door: all of the party that have a name are there today.
pub(crate) async fn attend_all(
    tx: &mut Tx,
    actor: &Actor,
    session: SessionId,
    booking: BookingId,
    at: DateTime<Utc>,
) -> Result<(), CourseError> {
    let guests = guests::of_booking(tx, booking).await?;
    let marks = guests.iter().map(|guest| (guest.id, Some(true))).collect();
    let command = MarkAttendance { actor: actor.clone(), session, marks, at: Some(at) };
    mark_attendance(tx, command).await?;
    Ok(())
}
