//! Booking a pass: all of its stops, or none.

use std::sync::Arc;

use serde_json::json;

use super::booked::by_form_key;
use super::days::itinerary;
use super::error::PassError;
use super::model::PassBooking;
use super::offer::on_sale;
use crate::accounts::{Actor, audit};
use crate::booking::{
    self, Answers, BookingError, Confirm, Contact, FillIn, Hold, OfPass, hold_leg,
};
use crate::catalogue::{Catalogue, UnitKind};
use crate::store::{StoreError, Tx};
use crate::{Locale, PassBookingId, PassId, SlotId, columns};

/// A guest books a whole day.
#[derive(Debug, Clone)]
pub struct Book {
    /// The catalogue whose prices the guest saw.
    pub catalogue: Arc<Catalogue>,
    pub pass: PassId,
    /// A departure of each stop, in order.
    pub slots: Vec<SlotId>,
    pub party: Vec<(UnitKind, u32)>,
    pub contact: Contact,
    pub locale: Locale,
    /// To the questions of each stop, in order.
    pub answers: Vec<Answers>,
    /// Made with the form; the same key gives the same pass booking.
    pub form_key: String,
}

/// The seats are taken and confirmed in one transaction, so nothing needs to be kept for a while.
const HOLD_MINUTES: i64 = 15;
const CODE_LENGTH: usize = 7;
/// How often a new code is drawn when another pass has it already.
const CODE_DRAWS: usize = 5;

/// Books every stop by the verbs of a single booking, all or nothing. The guest gets one letter.
pub async fn book(tx: &mut Tx, command: Book) -> Result<PassBooking, PassError> {
    if let Some(done) = by_form_key(tx, &command.form_key).await? {
        return Ok(done);
    }
    let catalogue = Arc::clone(&command.catalogue);
    let offers = on_sale(tx, &catalogue).await?;
    let offer = offers.into_iter().find(|offer| offer.pass.id == command.pass);
    let offer = offer.ok_or(PassError::NotOnSale)?;
    offer.parties(&command.party)?;
    let day = itinerary(tx, &offer.places, &command.slots).await?.ok_or(PassError::NoChain)?;
    if command.answers.len() != day.len() {
        return Err(PassError::NoChain);
    }
    // Before the seats: of a form that was sent twice at once, the second waits here for the first.
    let Some(made) = insert(tx, &command, offer.pass.percent_off).await? else {
        return by_form_key(tx, &command.form_key).await?.ok_or(PassError::Unknown);
    };
    let of = OfPass { booking: made.id, percent_off: offer.pass.percent() };
    for (at, ((slot, place), answers)) in
        day.iter().zip(&offer.places).zip(&command.answers).enumerate()
    {
        let wanted = place.units(&command.party)?;
        let leg = leg(tx, &command, (at, slot.id, wanted), answers, of).await;
        leg.map_err(|error| PassError::Leg(at, error))?;
    }
    let detail = json!({ "pass": offer.pass.slug, "stops": day.len() });
    audit::record(tx, &Actor::Guest, "pass.book", &made.code, None, detail).await?;
    Ok(made)
}

async fn leg(
    tx: &mut Tx,
    command: &Book,
    (at, slot, wanted): (usize, SlotId, Vec<(crate::UnitId, u32)>),
    answers: &Answers,
    of: OfPass,
) -> Result<(), BookingError> {
    let hold = Hold {
        residents: false,
        catalogue: Arc::clone(&command.catalogue),
        slot,
        wanted,
        locale: command.locale,
        form_key: format!("{}:{}", command.form_key, at + 1),
        minutes: HOLD_MINUTES,
    };
    let held = hold_leg(tx, hold, of).await?;
    let fill = FillIn {
        catalogue: Arc::clone(&command.catalogue),
        booking: held.id,
        contact: command.contact.clone(),
        locale: command.locale,
        answers: answers.clone(),
    };
    booking::fill_in(tx, fill).await?;
    let confirm = Confirm { catalogue: Arc::clone(&command.catalogue), booking: held.id };
    booking::confirm(tx, confirm).await?;
    Ok(())
}

/// None when the same form has made one already.
async fn insert(
    tx: &mut Tx,
    command: &Book,
    percent_off: i32,
) -> Result<Option<PassBooking>, StoreError> {
    for _ in 0..CODE_DRAWS {
        let made = PassBooking {
            id: PassBookingId::new(tx.now()),
            code: tx.draw_code(CODE_LENGTH),
            secret: tx.draw_token(),
            pass_id: command.pass,
            percent_off,
            locale: command.locale,
            name: command.contact.name.clone(),
            email: command.contact.email.to_string(),
            version: 1,
            created_at: tx.now(),
        };
        let row = columns! {
            id: made.id,
            code: made.code,
            secret: made.secret,
            form_key: command.form_key,
            pass_id: made.pass_id,
            percent_off: made.percent_off,
            locale: made.locale,
            name: made.name,
            email: made.email,
            version: made.version,
            created_at: made.created_at,
        };
        if tx.insert_if_new("pass_booking", row).await? {
            return Ok(Some(made));
        }
        if by_form_key(tx, &command.form_key).await?.is_some() {
            return Ok(None);
        }
    }
    Err(StoreError::Abandoned("no free code of a pass was drawn".into()))
}
