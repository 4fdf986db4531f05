//! The link of a booking, lost and asked for again.

use std::collections::HashSet;

use serde_json::json;

use super::error::BookingError;
use super::query;
use crate::email::Email;
use crate::mail::Letter;
use crate::mail::outbox::{self, Envelope};
use crate::store::Tx;

/// One letter a booking in this time, however often it is asked for.
const PAUSE_SECONDS: i64 = 600;
/// Letters that one question may cause.
const MOST: usize = 10;

/// Mails the manage link of each upcoming booking to the address it was made with. Answers
/// nothing: who asks must not learn whether the address is known.
pub async fn send_links(tx: &mut Tx, email: Email) -> Result<(), BookingError> {
    let now = tx.now();
    let mut bookings = query::upcoming_of(tx, email.as_str(), now).await?;
    // The link of one leg leads to its pass, and so to the others.
    let mut passes = HashSet::new();
    bookings.retain(|booking| booking.pass_booking_id.is_none_or(|pass| passes.insert(pass)));
    for booking in bookings.into_iter().take(MOST) {
        outbox::post(
            tx,
            Envelope {
                event_key: format!(
                    "{}:{}:{}",
                    Letter::ManageLink,
                    booking.id,
                    now.timestamp() / PAUSE_SECONDS
                ),
                letter: Letter::ManageLink,
                recipient: booking.email.clone(),
                recipient_name: booking.name.clone(),
                locale: booking.locale,
                payload: json!({}),
                booking_id: Some(booking.id),
                workshop_id: Some(booking.workshop_id),
            },
        )
        .await?;
    }
    Ok(())
}
