//! Letters that the clock causes, in the venue's time.
//!
//! - 18:00 the day before: a reminder to each guest, early enough to give a place back. One who
//!   has had a letter with the same facts within [`FRESH`] before is not written to again. A
//!   worker that comes late still reminds until the visit begins.
//! - 20:00 the day before: tomorrow's list to each workshop that has guests. Two hours after the
//!   guests' letters, so that what these make people cancel is no longer in it.
//! - 08:00 the morning after: thanks to those who came.
//!
//! Each letter has the event in its outbox key, so that nothing is sent twice; the columns
//! `reminded_at` and `thanked_at` only spare the workers from asking again.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde_json::json;

use super::letters::{self, To};
use super::model::Booking;
use super::store::many;
use crate::clock::{local_date, venue_instant};
use crate::mail::Letter;
use crate::store::{StoreError, Tx};
use crate::{Locale, WorkshopId, params};

/// Hours at the venue at which letters become due.
const REMIND_AT: u32 = 18;
const HOST_LIST_AT: u32 = 20;
const THANK_AT: u32 = 8;
/// A letter about the booking this shortly before the reminder makes the reminder needless.
const FRESH: TimeDelta = TimeDelta::hours(12);
/// Days for which thanks are still sent: check-ins made offline may arrive late.
const THANK_DAYS: u64 = 3;
/// Letters written in one transaction, so that it stays short.
const BATCH: i64 = 200;

/// An hour of a day at the venue.
fn hour(date: NaiveDate, hour: u32) -> Option<DateTime<Utc>> {
    venue_instant(date, NaiveTime::from_hms_opt(hour, 0, 0)?)
}

/// Reminds the guests of the next day (and of today, where a worker was late). Answers how many
/// bookings were looked after; as long as that is something there may be more.
pub async fn remind_due(tx: &mut Tx) -> Result<usize, StoreError> {
    let today = local_date(tx.now());
    let mut done = 0;
    for date in [today, today + Days::new(1)] {
        if let Some(due) = hour(date - Days::new(1), REMIND_AT)
            && due <= tx.now()
        {
            done += remind_of(tx, date, due).await?;
            done += remind_of_sessions(tx, date, due).await?;
        }
    }
    Ok(done)
}

async fn remind_of(tx: &mut Tx, date: NaiveDate, due: DateTime<Utc>) -> Result<usize, StoreError> {
    let now = tx.now();
    // While guests are asked whether they would come in too small a party, nothing is certain
    // enough to remind of; once the host lets the slot run, the reminder is due.
    let bookings = many(
        tx,
        "SELECT booking.* FROM booking JOIN slot ON slot.id = booking.slot_id \
         WHERE slot.local_date = $1 AND slot.starts_at > $2 AND slot.status <> 'cancelled' \
         AND slot.run_state <> 'guests_asked' AND booking.state = 'confirmed' \
         AND booking.email <> '' AND booking.contract_id IS NULL \
         AND booking.reminded_at IS NULL AND NOT EXISTS \
         (SELECT 1 FROM outbox WHERE outbox.booking_id = booking.id \
         AND outbox.kind IN ('confirmation', 'change') AND outbox.created_at > $3) \
         AND NOT EXISTS (SELECT 1 FROM booking leg JOIN outbox ON outbox.booking_id = leg.id \
         WHERE leg.pass_booking_id = booking.pass_booking_id \
         AND outbox.kind IN ('pass_confirmation', 'pass_changed') AND outbox.created_at > $3) \
         ORDER BY slot.starts_at, booking.id LIMIT $4",
        params![date, now, due - FRESH, BATCH],
    )
    .await?;
    for booking in &bookings {
        post(tx, booking, Letter::Reminder, format!("{}:{date}", booking.id)).await?;
        tx.execute_one(
            "UPDATE booking SET reminded_at = $2 WHERE id = $1",
            params![booking.id, now],
        )
        .await?;
    }
    Ok(bookings.len())
}

/// The same before each further session of a run; before the first one it is a visit like others.
async fn remind_of_sessions(
    tx: &mut Tx,
    date: NaiveDate,
    due: DateTime<Utc>,
) -> Result<usize, StoreError> {
    let now = tx.now();
    let bookings = many(
        tx,
        "SELECT booking.* FROM booking JOIN slot ON slot.id = booking.slot_id \
         WHERE slot.local_date < $1 AND slot.status <> 'cancelled' AND EXISTS \
         (SELECT 1 FROM course_session WHERE course_session.slot_id = slot.id \
         AND course_session.local_date = $1 AND course_session.starts_at > $2 \
         AND course_session.cancelled_at IS NULL) \
         AND booking.state IN ('confirmed', 'checked_in') AND booking.email <> '' \
         AND (booking.reminded_at IS NULL OR booking.reminded_at < $3) \
         ORDER BY slot.starts_at, booking.id LIMIT $4",
        params![date, now, due, BATCH],
    )
    .await?;
    for booking in &bookings {
        post(tx, booking, Letter::Reminder, format!("{}:{date}", booking.id)).await?;
        tx.execute_one(
            "UPDATE booking SET reminded_at = $2 WHERE id = $1",
            params![booking.id, now],
        )
        .await?;
    }
    Ok(bookings.len())
}

/// Thanks those who came, the morning after; of a course, the morning after its last session.
/// Answers how many.
pub async fn thank_due(tx: &mut Tx) -> Result<usize, StoreError> {
    let now = tx.now();
    let today = local_date(now);
    let last = match hour(today, THANK_AT) {
        Some(due) if due <= now => today - Days::new(1),
        _ => today - Days::new(2),
    };
    let bookings = many(
        tx,
        "SELECT booking.* FROM booking JOIN slot ON slot.id = booking.slot_id \
         WHERE COALESCE(slot.last_date, slot.local_date) BETWEEN $1 AND $2 \
         AND booking.state = 'checked_in' \
         AND booking.email <> '' AND booking.contract_id IS NULL \
         AND booking.thanked_at IS NULL \
         ORDER BY slot.starts_at, booking.id LIMIT $3",
        params![today - Days::new(THANK_DAYS), last, BATCH],
    )
    .await?;
    for booking in &bookings {
        post(tx, booking, Letter::Thanks, booking.id.to_string()).await?;
        tx.execute_one(
            "UPDATE booking SET thanked_at = $2 WHERE id = $1",
            params![booking.id, now],
        )
        .await?;
    }
    Ok(bookings.len())
}

async fn post(
    tx: &mut Tx,
    booking: &Booking,
    letter: Letter,
    event: String,
) -> Result<(), StoreError> {
    let to = To { email: &booking.email, name: &booking.name, locale: booking.locale };
    let about = (Some(booking.id), Some(booking.workshop_id));
    letters::to_person(tx, to, letter, format!("{letter}:{event}"), json!({}), about).await?;
    Ok(())
}

/// Writes tomorrow's list to each workshop that has guests by the evening; who books later is
/// told of in a letter of their own. Answers how many lists.
pub async fn list_due(tx: &mut Tx) -> Result<usize, StoreError> {
    let today = local_date(tx.now());
    let Some(due) = hour(today, HOST_LIST_AT).filter(|due| *due <= tx.now()) else {
        return Ok(0);
    };
    let tomorrow = today + Days::new(1);
    let letter = Letter::HostTomorrow;
    let hosts: Vec<(WorkshopId, String, String, Locale)> = tx
        .fetch_all(
            "SELECT workshop.id, workshop.email, workshop.name, workshop.locale FROM workshop \
             WHERE workshop.id IN (SELECT slot.workshop_id FROM slot \
             JOIN booking ON booking.slot_id = slot.id WHERE (slot.local_date = $1 OR EXISTS \
             (SELECT 1 FROM course_session WHERE course_session.slot_id = slot.id \
             AND course_session.local_date = $1 AND course_session.cancelled_at IS NULL)) \
             AND slot.status <> 'cancelled' AND booking.state IN ('confirmed', 'checked_in') \
             AND booking.confirmed_at <= $2 AND NOT booking.test) AND NOT EXISTS (SELECT 1 FROM outbox \
             WHERE outbox.workshop_id = workshop.id AND outbox.kind = $3 \
             AND outbox.created_at >= $2) ORDER BY workshop.id",
            params![tomorrow, due, letter],
        )
        .await?;
    let mut written = 0;
    for (id, email, name, locale) in hosts {
        let to = To { email: &email, name: &name, locale };
        let key = format!("{letter}:{id}:{tomorrow}");
        let payload = json!({ "date": tomorrow });
        let new = letters::to_person(tx, to, letter, key, payload, (None, Some(id))).await?;
        written += usize::from(new);
    }
    Ok(written)
}
