//! The day of the visit: who came, who did not. Marks made on a phone without a network arrive
//! late, twice or out of order; the newest mark by its own instant wins, whatever the order.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;

use super::error::BookingError;
use super::model::{Booking, Event, State, StateKind};
use super::{query, store};
use crate::accounts::{Actor, Forbidden, audit};
use crate::clock::local_date;
use crate::course::{self, CourseError};
use crate::schedule::{Slot, slots};
use crate::store::{StoreError, Tx};
use crate::{BookingId, SessionId, WorkshopId};

#[derive(Debug, thiserror::Error)]
pub enum CheckInError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error(transparent)]
    Booking(#[from] BookingError),
    #[error("the visit is on {0}")]
    OtherDay(NaiveDate),
    #[error("the booking is {0}")]
    NotExpected(StateKind),
    #[error("from 1 to {of} people of this party can arrive")]
    Count { of: i32 },
    #[error("the visit has not begun")]
    NotBegun,
}

impl From<CourseError> for CheckInError {
    fn from(error: CourseError) -> Self {
        match error {
            CourseError::Store(error) => CheckInError::Store(error),
            CourseError::Forbidden(error) => CheckInError::Forbidden(error),
            CourseError::Booking(error) => CheckInError::Booking(error),
            _ => CheckInError::Booking(BookingError::Unknown),
        }
    }
}

/// So many of a party are there.
#[derive(Debug, Clone)]
pub struct CheckIn {
    pub actor: Actor,
    pub booking: BookingId,
    pub arrived: i32,
    /// When it was marked, for a mark that was made offline; None is now.
    pub at: Option<DateTime<Utc>>,
}

/// A booking after a check-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    pub booking: Booking,
    /// The party had been checked in before, since then.
    pub already_since: Option<DateTime<Utc>>,
}

/// Checks a party in, or corrects how many came. The same mark sent again changes nothing.
pub async fn check_in(tx: &mut Tx, command: CheckIn) -> Result<Arrival, CheckInError> {
    let (mut booking, slot) = served(tx, &command.actor, command.booking).await?;
    let at = marked_at(tx, command.at);
    let session = session_of(tx, &slot, at).await?;
    if !booking.state.kind().allows(Event::CheckIn) {
        return Err(CheckInError::NotExpected(booking.state.kind()));
    }
    if !(1..=booking.people).contains(&command.arrived) {
        return Err(CheckInError::Count { of: booking.people });
    }
    let before = match booking.state {
        State::CheckedIn { arrived, at } => Some((arrived, at)),
        _ => None,
    };
    let already_since = before.map(|(_, since)| since);
    let same = before.is_some_and(|(arrived, _)| arrived == command.arrived);
    if let Some(session) = session.filter(|_| !is_old(&booking, command.at)) {
        // Of a run, each session has a list of its own, which brings the booking along.
        course::attend_all(tx, &command.actor, session, booking.id, at).await?;
        booking = query::by_id(tx, booking.id).await?.ok_or(BookingError::Unknown)?;
        if booking.state.kind() == StateKind::CheckedIn {
            return Ok(Arrival { booking, already_since });
        }
    } else if same || is_old(&booking, command.at) {
        return Ok(Arrival { booking, already_since });
    }
    booking.state = State::CheckedIn { arrived: command.arrived, at: already_since.unwrap_or(at) };
    let detail = json!({ "arrived": command.arrived, "of": booking.people, "at": at });
    mark(tx, &mut booking, &command.actor, at, "booking.check_in", detail).await?;
    Ok(Arrival { booking, already_since })
}

/// A mark on a booking that says no more than that.
#[derive(Debug, Clone)]
pub struct Mark {
    pub actor: Actor,
    pub booking: BookingId,
    /// When it was marked, for a mark that was made offline; None is now.
    pub at: Option<DateTime<Utc>>,
}

/// The party did not come.
pub async fn no_show(tx: &mut Tx, command: Mark) -> Result<Booking, CheckInError> {
    let (mut booking, slot) = served(tx, &command.actor, command.booking).await?;
    let at = marked_at(tx, command.at);
    if at < slot.starts_at {
        return Err(CheckInError::NotBegun);
    }
    if booking.state == State::NoShow || is_old(&booking, command.at) {
        return Ok(booking);
    }
    if !booking.state.kind().allows(Event::MarkNoShow) {
        return Err(CheckInError::NotExpected(booking.state.kind()));
    }
    booking.state = State::NoShow;
    mark(tx, &mut booking, &command.actor, at, "booking.no_show", json!({ "at": at })).await?;
    Ok(booking)
}

/// Takes a check-in or no-show back: it was a slip of the finger.
pub async fn undo(tx: &mut Tx, command: Mark) -> Result<Booking, CheckInError> {
    let (mut booking, _) = served(tx, &command.actor, command.booking).await?;
    let at = marked_at(tx, command.at);
    if booking.state.kind() == StateKind::Confirmed || is_old(&booking, command.at) {
        return Ok(booking);
    }
    if !booking.state.kind().allows(Event::UndoAttendance) {
        return Err(CheckInError::NotExpected(booking.state.kind()));
    }
    booking.state = State::Confirmed { at: booking.confirmed_at.unwrap_or(booking.created_at) };
    mark(tx, &mut booking, &command.actor, at, "booking.undo_attendance", json!({ "at": at }))
        .await?;
    Ok(booking)
}

/// The session of a run that takes place that day; None for a visit, which must be that day's.
async fn session_of(
    tx: &mut Tx,
    slot: &Slot,
    at: DateTime<Utc>,
) -> Result<Option<SessionId>, CheckInError> {
    let date = local_date(at);
    if slot.is_run() {
        let session = course::session_on(tx, slot.id, date).await?;
        let session = session.ok_or(CheckInError::OtherDay(slot.local_date))?;
        return Ok(Some(session.id));
    }
    if date == slot.local_date { Ok(None) } else { Err(CheckInError::OtherDay(slot.local_date)) }
}

/// So many of a run's participants have been there at all: the booking follows. None takes a
/// check-in back.
pub(crate) async fn came(
    tx: &mut Tx,
    mut booking: Booking,
    arrived: i32,
    at: DateTime<Utc>,
) -> Result<(), BookingError> {
    booking.state = match booking.state {
        State::CheckedIn { arrived: before, .. } if before == arrived => return Ok(()),
        State::CheckedIn { at: since, .. } if arrived > 0 => {
            State::CheckedIn { arrived, at: since }
        }
        State::Confirmed { .. } | State::NoShow if arrived > 0 => State::CheckedIn { arrived, at },
        State::CheckedIn { .. } => {
            State::Confirmed { at: booking.confirmed_at.unwrap_or(booking.created_at) }
        }
        _ => return Ok(()),
    };
    booking.attendance_at = booking.attendance_at.max(Some(at));
    store::update(tx, &mut booking).await
}

async fn served(
    tx: &mut Tx,
    actor: &Actor,
    id: BookingId,
) -> Result<(Booking, Slot), CheckInError> {
    let booking = query::by_id(tx, id).await?.ok_or(BookingError::Unknown)?;
    actor.must_serve(booking.workshop_id)?;
    let slot = slots::find(tx, booking.slot_id).await?.ok_or(BookingError::Unknown)?;
    Ok((booking, slot))
}

/// A phone's clock may run ahead; nothing was marked in the future.
fn marked_at(tx: &Tx, at: Option<DateTime<Utc>>) -> DateTime<Utc> {
    at.map_or(tx.now(), |at| at.min(tx.now()))
}

/// Whether something newer has been marked already.
fn is_old(booking: &Booking, at: Option<DateTime<Utc>>) -> bool {
    matches!((at, booking.attendance_at), (Some(at), Some(last)) if at <= last)
}

async fn mark(
    tx: &mut Tx,
    booking: &mut Booking,
    actor: &Actor,
    at: DateTime<Utc>,
    verb: &'static str,
    detail: serde_json::Value,
) -> Result<(), CheckInError> {
    booking.attendance_at = booking.attendance_at.max(Some(at));
    store::update(tx, booking).await?;
    audit::record(tx, actor, verb, &booking.code, Some(booking.workshop_id), detail).await?;
    Ok(())
}

/// The camera read something at a workshop's door.
#[derive(Debug, Clone)]
pub struct Scan {
    pub actor: Actor,
    pub workshop: WorkshopId,
    /// A booking code, or the address in the voucher's QR code.
    pub text: String,
    pub at: Option<DateTime<Utc>>,
}

/// What to say aloud.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScanOutcome {
    /// The whole party is checked in; fewer can be marked afterwards.
    Welcome(Box<Booking>),
    AlreadyHere {
        booking: Box<Booking>,
        since: DateTime<Utc>,
    },
    OtherDay {
        code: String,
        date: NaiveDate,
    },
    /// Whose it is stays between the guest and the other workshop.
    OtherWorkshop,
    /// Cancelled, expired or never confirmed.
    NotExpected {
        code: String,
        state: StateKind,
    },
    Unknown,
}

/// Looks a code up and checks the party in.
pub async fn scan(tx: &mut Tx, command: Scan) -> Result<ScanOutcome, CheckInError> {
    command.actor.must_serve(command.workshop)?;
    let Some(code) = code_in(&command.text) else {
        return Ok(ScanOutcome::Unknown);
    };
    let Some(booking) = query::by_code(tx, &code).await? else {
        return Ok(ScanOutcome::Unknown);
    };
    if booking.workshop_id != command.workshop {
        return Ok(ScanOutcome::OtherWorkshop);
    }
    let run = course::is_run(tx, booking.slot_id).await?;
    if let State::CheckedIn { at: since, .. } = booking.state
        && !run
    {
        return Ok(ScanOutcome::AlreadyHere { booking: Box::new(booking), since });
    }
    let arrived = booking.people;
    let mark = CheckIn { actor: command.actor, booking: booking.id, arrived, at: command.at };
    match check_in(tx, mark).await {
        Ok(arrival) => Ok(ScanOutcome::Welcome(Box::new(arrival.booking))),
        Err(CheckInError::OtherDay(date)) => Ok(ScanOutcome::OtherDay { code, date }),
        Err(CheckInError::NotExpected(state)) => Ok(ScanOutcome::NotExpected { code, state }),
        Err(error) => Err(error),
    }
}

/// The booking code in what was scanned or typed: `…/booking/7K3Q9M/…`, "7k3 q9m".
pub fn code_in(text: &str) -> Option<String> {
    let word = match text.split_once("/booking/") {
        Some((_, rest)) => rest.split(['/', '?', '#']).next()?,
        None => text,
    };
    let code: String = word.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let fits = code.len() == store::CODE_LENGTH && code.chars().all(|c| c.is_ascii_alphanumeric());
    fits.then(|| code.to_ascii_uppercase())
}
