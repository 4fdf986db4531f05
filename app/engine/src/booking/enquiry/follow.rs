//! The enquiry follows what becomes of the booking that was offered.

use serde_json::json;

use super::super::letters::{To, to_person};
use super::super::model::{Booking, EndedBy, Source, State};
use super::ask::to_host;
use super::{Enquiry, EnquiryState, of_booking};
use crate::mail::Letter;
use crate::params;
use crate::store::{StoreError, Tx};

/// The offered booking was confirmed. Finished for good: cancelling it later is a matter of the
/// booking alone.
pub(in super::super) async fn claim(tx: &mut Tx, booking: &Booking) -> Result<(), StoreError> {
    set(tx, booking, EnquiryState::Accepted).await.map(|_| ())
}

/// The offered booking ended without being confirmed: it ran out, or somebody cancelled it. The
/// host hears of it, unless it was the host.
pub(in super::super) async fn finish_offer(
    tx: &mut Tx,
    booking: &Booking,
) -> Result<(), StoreError> {
    let (state, event) = match booking.state {
        State::Expired { .. } => (EnquiryState::Lapsed, Some("lapsed")),
        State::Cancelled { by: EndedBy::Guest, .. } => (EnquiryState::Withdrawn, Some("withdrawn")),
        // The slot was cancelled, say: the group waits for another answer.
        _ => (EnquiryState::New, None),
    };
    if set(tx, booking, state).await?
        && let Some(event) = event
        && let Some(enquiry) = of_booking(tx, booking.id).await?
    {
        to_host(tx, &enquiry, event).await?;
    }
    Ok(())
}

/// Whether there was an open offer.
async fn set(tx: &mut Tx, booking: &Booking, state: EnquiryState) -> Result<bool, StoreError> {
    if booking.source != Source::Enquiry {
        return Ok(false);
    }
    let changed = tx
        .execute(
            "UPDATE enquiry SET state = $2, version = version + 1 \
             WHERE booking_id = $1 AND state = 'offered'",
            params![booking.id, state],
        )
        .await?;
    Ok(changed == 1)
}

/// The departure that was offered is cancelled: the group hears of it, and that its enquiry is
/// still there.
pub(in super::super) async fn slot_cancelled(
    tx: &mut Tx,
    enquiry: &Enquiry,
    reason: &str,
) -> Result<(), StoreError> {
    if enquiry.state != EnquiryState::New {
        return Ok(());
    }
    let to = To { email: &enquiry.email, name: &enquiry.name, locale: enquiry.locale };
    let key = format!("{}:{}:{}", Letter::EnquiryOff, enquiry.id, enquiry.version);
    let payload = json!({ "enquiry_id": enquiry.id, "text": reason });
    let about = (enquiry.booking_id, Some(enquiry.workshop_id));
    to_person(tx, to, Letter::EnquiryOff, key, payload, about).await.map(|_| ())
}
