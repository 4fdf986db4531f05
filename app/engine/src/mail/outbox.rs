//! Putting letters in the outbox. The event's key makes a second letter for the same event impossible.

use serde_json::{Value, json};

use super::Letter;
use crate::booking::Booking;
use crate::store::{StoreError, Tx};
use crate::{BookingId, LetterId, Locale, WorkshopId, params};

/// A letter to be sent, before it has an id.
#[derive(Debug, Clone)]
pub struct Envelope {
    /// One letter for one event: posting the same key again does nothing.
    pub event_key: String,
    pub letter: Letter,
    pub recipient: String,
    pub recipient_name: String,
    pub locale: Locale,
    /// Ids and words that the letter needs besides the booking.
    pub payload: Value,
    pub booking_id: Option<BookingId>,
    pub workshop_id: Option<WorkshopId>,
}

/// Puts a letter in the outbox; false when this event's letter is there already.
pub async fn post(tx: &mut Tx, envelope: Envelope) -> Result<bool, StoreError> {
    let written = tx
        .execute(
            "INSERT INTO outbox (id, event_key, kind, recipient, recipient_name, locale, payload, \
             booking_id, workshop_id, state, attempts, due_at, last_error, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'queued', 0, $10, '', $10) \
             ON CONFLICT (event_key) DO NOTHING",
            params![
                LetterId::new(tx.now()),
                envelope.event_key,
                envelope.letter,
                envelope.recipient,
                envelope.recipient_name,
                envelope.locale,
                envelope.payload.to_string(),
                envelope.booking_id,
                envelope.workshop_id,
                tx.now(),
            ],
        )
        .await?;
    Ok(written == 1)
}

/// A letter to the guest of a booking; nothing for a guest who gave no address (by phone). Of a leg
/// the pass is told as a whole: whatever happens to its legs at one time is one letter.
pub async fn to_guest(tx: &mut Tx, booking: &Booking, letter: Letter) -> Result<(), StoreError> {
    if booking.email.is_empty() {
        return Ok(());
    }
    let pass = booking.pass_booking_id.zip(letter.of_pass());
    let (letter, event_key, payload) = match pass {
        Some((pass, letter)) => (
            letter,
            format!("{letter}:{pass}:{}", tx.now().timestamp_micros()),
            json!({ "pass_booking_id": pass }),
        ),
        None => (letter, event_key(booking, letter), json!({})),
    };
    post(
        tx,
        Envelope {
            event_key,
            letter,
            recipient: booking.email.clone(),
            recipient_name: booking.name.clone(),
            locale: booking.locale,
            payload,
            booking_id: Some(booking.id),
            workshop_id: Some(booking.workshop_id),
        },
    )
    .await?;
    Ok(())
}

/// A letter about a booking to the workshop it is in.
pub async fn to_host(
    tx: &mut Tx,
    booking: &Booking,
    letter: Letter,
    email: &str,
    name: &str,
    locale: Locale,
) -> Result<(), StoreError> {
    post(
        tx,
        Envelope {
            event_key: event_key(booking, letter),
            letter,
            recipient: email.to_owned(),
            recipient_name: name.to_owned(),
            locale,
            payload: json!({}),
            booking_id: Some(booking.id),
            workshop_id: Some(booking.workshop_id),
        },
    )
    .await?;
    Ok(())
}

/// Address, name and language of a workshop.
pub async fn address_of(
    tx: &mut Tx,
    workshop: WorkshopId,
) -> Result<(String, String, Locale), StoreError> {
    tx.fetch_one("SELECT email, name, locale FROM workshop WHERE id = $1", params![workshop]).await
}

/// A letter to a workshop's own address; nothing where it has none.
pub async fn to_workshop(
    tx: &mut Tx,
    workshop: WorkshopId,
    letter: Letter,
    event_key: String,
    payload: Value,
) -> Result<(), StoreError> {
    let (recipient, recipient_name, locale) = address_of(tx, workshop).await?;
    if recipient.is_empty() {
        return Ok(());
    }
    let workshop_id = Some(workshop);
    let envelope = Envelope {
        event_key,
        letter,
        recipient,
        recipient_name,
        locale,
        payload,
        booking_id: None,
        workshop_id,
    };
    post(tx, envelope).await?;
    Ok(())
}

fn event_key(booking: &Booking, letter: Letter) -> String {
    format!("{letter}:{}:{}", booking.id, booking.version)
}
