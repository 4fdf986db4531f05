//! Letters that bookings cause, and to whom they go.

use serde_json::Value;

use super::model::Booking;
use crate::accounts::Actor;
use crate::mail::Letter;
use crate::mail::outbox::{self, Envelope};
use crate::store::{StoreError, Tx};
use crate::{BookingId, Locale, WorkshopId};

/// Puts one letter for the guest and one for the host in the outbox. The booking's version is
/// part of the event's key: a further change is a further event.
pub(super) async fn announce(
    tx: &mut Tx,
    booking: &Booking,
    to_guest: Letter,
    to_host: Letter,
) -> Result<(), StoreError> {
    announce_by(tx, &Actor::Guest, booking, to_guest, to_host).await
}

/// The same for what an actor did: a travel company need not be told of what it did itself. Of
/// bookings that only try a connection nobody hears.
pub(super) async fn announce_by(
    tx: &mut Tx,
    actor: &Actor,
    booking: &Booking,
    to_guest: Letter,
    to_host: Letter,
) -> Result<(), StoreError> {
    if booking.test {
        return Ok(());
    }
    match actor {
        Actor::Reseller(_) => {}
        Actor::Guest | Actor::Person(_) | Actor::System => {
            outbox::to_guest(tx, booking, to_guest).await?;
        }
    }
    let host = outbox::address_of(tx, booking.workshop_id).await?;
    outbox::to_host(tx, booking, to_host, &host.0, &host.1, host.2).await
}

/// Whom a letter reaches.
pub(super) struct To<'a> {
    pub email: &'a str,
    pub name: &'a str,
    pub locale: Locale,
}

/// A letter to somebody who gave an address; false when there is none or this event's letter
/// is in the outbox already.
pub(super) async fn to_person(
    tx: &mut Tx,
    to: To<'_>,
    letter: Letter,
    event_key: String,
    payload: Value,
    about: (Option<BookingId>, Option<WorkshopId>),
) -> Result<bool, StoreError> {
    if to.email.is_empty() {
        return Ok(false);
    }
    let envelope = Envelope {
        event_key,
        letter,
        recipient: to.email.to_owned(),
        recipient_name: to.name.to_owned(),
        locale: to.locale,
        payload,
        booking_id: about.0,
        workshop_id: about.1,
    };
    outbox::post(tx, envelope).await
}
