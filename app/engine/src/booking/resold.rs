//! What a travel company writes into a booking that it made.

use super::error::BookingError;
use super::model::Booking;
use super::store;
use crate::accounts::Actor;
use crate::store::Tx;
use crate::{BookingId, Locale};

/// Who comes, as the workshop reads it, and who is written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Labels {
    pub name: String,
    /// The company's own.
    pub email: String,
    pub phone: String,
    pub notes: String,
    pub locale: Locale,
}

/// Keeps them; not a change that anybody is told of.
pub(crate) async fn label(
    tx: &mut Tx,
    actor: &Actor,
    booking: BookingId,
    labels: Labels,
) -> Result<Booking, BookingError> {
    let mut booking = store::load(tx, actor, booking).await?;
    let Labels { name, email, phone, notes, locale } = labels;
    booking.name = name;
    booking.email = if booking.test { String::new() } else { email };
    booking.phone = phone;
    booking.notes = notes;
    booking.locale = locale;
    store::update(tx, &mut booking).await?;
    Ok(booking)
}
