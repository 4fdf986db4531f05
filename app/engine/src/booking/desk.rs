//! What the workshop does by hand: a guest who called, a note, words to everybody in a slot.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::json;

use super::error::{BookingError, Field};
use super::letters::{self, To};
use super::model::{Booking, Source, State, StateKind};
use super::party::Party;
use super::{hold, query, store};
use crate::accounts::{Actor, audit};
use crate::catalogue::{Catalogue, Sharing};
use crate::course;
use crate::email::Email;
use crate::mail::{Letter, outbox};
use crate::phone::Phone;
use crate::schedule::{NoSeats, slots};
use crate::store::{Conn, StoreError, Tx};
use crate::{BookingId, Locale, SlotId, UnitId, params};

/// Longest name and note kept, in characters.
const MAX_NAME: usize = 120;
const MAX_NOTES: usize = 2_000;

/// A guest on the phone. Only the name is always known; without an address no letter goes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    pub name: String,
    pub phone: Option<Phone>,
    pub email: Option<Email>,
    pub notes: String,
}

impl Caller {
    /// Parses what the host typed; names every field that is wrong.
    pub fn parse(name: &str, phone: &str, email: &str, notes: &str) -> Result<Self, Vec<Field>> {
        let mut wrong = Vec::new();
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        if name.is_empty() || name.chars().count() > MAX_NAME {
            wrong.push(Field::Name);
        }
        let phone = (!phone.trim().is_empty()).then(|| phone.parse::<Phone>()).transpose();
        if phone.is_err() {
            wrong.push(Field::Phone);
        }
        let email = (!email.trim().is_empty()).then(|| email.parse::<Email>()).transpose();
        if email.is_err() {
            wrong.push(Field::Email);
        }
        if notes.chars().count() > MAX_NOTES {
            wrong.push(Field::Notes);
        }
        match (phone, email) {
            (Ok(phone), Ok(email)) if wrong.is_empty() => {
                Ok(Self { name, phone, email, notes: notes.trim().to_owned() })
            }
            _ => Err(wrong),
        }
    }
}

/// A booking by phone.
#[derive(Debug, Clone)]
pub struct TakeCall {
    pub catalogue: Arc<Catalogue>,
    pub actor: Actor,
    pub slot: SlotId,
    pub wanted: Vec<(UnitId, u32)>,
    pub caller: Caller,
    /// The language in which the guest is written to.
    pub locale: Locale,
    /// The host knows that this goes beyond the capacity.
    pub over: bool,
    /// Made with the form; the same key gives the same booking.
    pub form_key: String,
}

/// Books for a guest who called: confirmed at once, after the cut-off too, in a party of any size.
pub async fn take_call(tx: &mut Tx, command: TakeCall) -> Result<Booking, BookingError> {
    let slot = slots::find(tx, command.slot).await?.ok_or(NoSeats::Unknown)?;
    command.actor.must_serve(slot.workshop_id)?;
    if let Some(booking) = query::by_form_key(tx, &command.form_key).await? {
        command.actor.must_serve(booking.workshop_id)?;
        return Ok(booking);
    }
    if slot.is_over(tx.now()) {
        return Err(BookingError::TooLate);
    }
    let (tour, option) = store::sold(&command.catalogue, &slot, tx.now())?;
    let party = Party::of_any_size(&option, &command.wanted)?;
    let whole = tour.sharing == Sharing::Private;
    let seats = party.seats();
    let taken = hold::take_for(tx, &command.actor, slot.id, seats, whole, command.over).await?;
    let state = State::Confirmed { at: tx.now() };
    let mut booking = hold::new_booking(
        tx,
        &taken.slot,
        hold::Promise { party, policy: tour.policy },
        taken.seats,
        Source::Phone,
        command.locale,
        state,
    );
    booking.over_capacity = taken.beyond;
    booking.name = command.caller.name;
    booking.phone = command.caller.phone.map(|phone| phone.to_string()).unwrap_or_default();
    booking.email = command.caller.email.map(|email| email.to_string()).unwrap_or_default();
    booking.notes = command.caller.notes;
    if !store::insert(tx, &mut booking, &command.form_key).await? {
        slots::release_seats(tx, slot.id, booking.kept_seats()).await?;
        return query::by_form_key(tx, &command.form_key).await?.ok_or(BookingError::Unknown);
    }
    course::enrol_booker(tx, tour, &booking).await?;
    outbox::to_guest(tx, &booking, Letter::Confirmation).await?;
    let detail = json!({ "people": booking.people, "over_capacity": booking.over_capacity });
    let workshop = Some(booking.workshop_id);
    audit::record(tx, &command.actor, "booking.phone", &booking.code, workshop, detail).await?;
    Ok(booking)
}

/// Words for the workshop's own eyes.
#[derive(Debug, Clone)]
pub struct NoteBooking {
    pub actor: Actor,
    pub booking: BookingId,
    pub note: String,
}

pub async fn note_booking(tx: &mut Tx, command: NoteBooking) -> Result<Booking, BookingError> {
    let booking = query::by_id(tx, command.booking).await?.ok_or(BookingError::Unknown)?;
    command.actor.must_serve(booking.workshop_id)?;
    let note: String = command.note.trim().chars().take(MAX_NOTES).collect();
    // Not a change of the booking: its version, and with it its letters, stay as they are.
    tx.execute_one(
        "UPDATE booking SET host_notes = $2 WHERE id = $1",
        params![booking.id, note.clone()],
    )
    .await?;
    let workshop = Some(booking.workshop_id);
    audit::record(tx, &command.actor, "booking.note", &booking.code, workshop, json!({})).await?;
    Ok(Booking { host_notes: note, ..booking })
}

/// The host's words to every party of a slot.
#[derive(Debug, Clone)]
pub struct MessageSlot {
    pub actor: Actor,
    pub slot: SlotId,
    pub text: String,
    /// Made with the form: the same form sent again writes to nobody twice.
    pub form_key: String,
}

/// Writes to all guests of a slot who gave an address; answers how many.
pub async fn message_slot(tx: &mut Tx, command: MessageSlot) -> Result<usize, BookingError> {
    let slot = slots::find(tx, command.slot).await?.ok_or(NoSeats::Unknown)?;
    command.actor.must_serve(slot.workshop_id)?;
    let text: String = command.text.trim().chars().take(MAX_NOTES).collect();
    if text.is_empty() {
        return Err(BookingError::Fields(vec![Field::Notes]));
    }
    let mut sent = 0;
    for booking in query::of_slot(tx, slot.id).await? {
        if !matches!(booking.state.kind(), StateKind::Confirmed | StateKind::CheckedIn) {
            continue;
        }
        let to = To { email: &booking.email, name: &booking.name, locale: booking.locale };
        let key = format!("{}:{}:{}", Letter::HostMessage, booking.id, command.form_key);
        let about = (Some(booking.id), Some(booking.workshop_id));
        let payload = json!({ "text": text });
        sent += usize::from(
            letters::to_person(tx, to, Letter::HostMessage, key, payload, about).await?,
        );
    }
    let detail = json!({ "text": text, "parties": sent });
    let workshop = Some(slot.workshop_id);
    audit::record(tx, &command.actor, "slot.message", slot.id, workshop, detail).await?;
    Ok(sent)
}

/// One line of what happened to a booking.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct LogLine {
    pub at: DateTime<Utc>,
    pub actor: String,
    /// The engine's verb: "booking.check_in".
    pub verb: String,
}

/// What happened to a booking, first things first.
pub async fn log_of(conn: &mut Conn, booking: &Booking) -> Result<Vec<LogLine>, StoreError> {
    conn.fetch_all(
        "SELECT at, actor, verb FROM audit WHERE subject = $1 AND workshop_id = $2 ORDER BY at, id",
        params![booking.code.clone(), booking.workshop_id],
    )
    .await
}
