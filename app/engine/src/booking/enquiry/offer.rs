//! The host's offer: a booking held for the group.

use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde_json::json;

use super::super::hold::{self, Taken};
use super::super::model::{Booking, EndedBy, Source, State};
use super::super::party::{GroupPrice, Party};
use super::super::{cancel, error::BookingError, query, store};
use super::ask::to_guest;
use super::{Enquiry, EnquiryError, EnquiryState, MAX_WORDS, by_id, update};
use crate::accounts::{Actor, audit};
use crate::catalogue::{Catalogue, Sharing};
use crate::clock::{local_date, venue_instant};
use crate::mail::Letter;
use crate::schedule::{AddSlot, ScheduleError, Slot, SlotStatus, add_slot};
use crate::store::{TimeOfDay, Tx};
use crate::{Dong, EnquiryId, OptionId, SlotId, UnitId, params};

/// A part of the offer that is not as it must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfferField {
    Option,
    /// Past, or no time of day.
    Start,
    People,
    Price,
    /// Past, after the visit, or so far away that seats would be kept for nothing.
    Until,
    Words,
}

/// Days for which an offer may keep seats.
const LONGEST: u64 = 60;
/// An offer ends at least this long before the visit.
const BEFORE_START: TimeDelta = TimeDelta::hours(1);
/// The highest price that is no typing slip.
const MOST: Dong = Dong(10_000_000_000);

/// What is offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    pub option: OptionId,
    pub date: NaiveDate,
    pub time: TimeOfDay,
    pub people: u32,
    pub price: Dong,
    pub by: GroupPrice,
    /// The last day on which the guest can accept.
    pub until: NaiveDate,
    /// The host's words to the guest; may be empty.
    pub words: String,
    /// Nobody else joins the slot.
    pub alone: bool,
    /// The host knows that this goes beyond the capacity.
    pub over: bool,
}

#[derive(Debug, Clone)]
pub struct Offer {
    pub catalogue: Arc<Catalogue>,
    pub actor: Actor,
    pub enquiry: EnquiryId,
    pub terms: Terms,
}

/// Holds seats for the group at the offered price and writes to the guest. Where the option has
/// no slot at that time, one is made that is closed to others. A new offer takes the place of
/// one that is open. Only owners name prices.
pub async fn offer(tx: &mut Tx, command: Offer) -> Result<(Enquiry, Booking), EnquiryError> {
    let Offer { catalogue, actor, enquiry, terms } = command;
    let mut enquiry = by_id(tx, enquiry).await?.ok_or(EnquiryError::Unknown)?;
    actor.must_own(enquiry.workshop_id)?;
    if !enquiry.state.takes_offer() {
        return Err(EnquiryError::State(enquiry.state));
    }
    let (tour, _) = catalogue
        .option(terms.option)
        .filter(|(tour, option)| tour.workshop_id == enquiry.workshop_id && option.active)
        .ok_or_else(|| EnquiryError::Offer(vec![OfferField::Option]))?;
    let (starts_at, until) = check(&terms, tx.now())?;
    let unit = UnitId::new(tx.now());
    let party = Party::of_group(unit, terms.people, terms.price, terms.by)
        .map_err(|_| EnquiryError::Offer(vec![OfferField::People]))?;

    take_back(tx, &mut enquiry, &actor).await?;
    let slot = slot_for(tx, &catalogue, &actor, &terms, starts_at).await?;
    let whole = terms.alone || tour.sharing == Sharing::Private;
    let Taken { slot, seats, beyond } =
        hold::take_for(tx, &actor, slot, party.seats(), whole, terms.over).await?;
    let state = State::Held { until };
    let promise = hold::Promise { party, policy: tour.policy };
    let mut booking =
        hold::new_booking(tx, &slot, promise, seats, Source::Enquiry, enquiry.locale, state);
    booking.over_capacity = beyond;
    booking.name.clone_from(&enquiry.name);
    booking.email.clone_from(&enquiry.email);
    booking.phone.clone_from(&enquiry.phone);
    let words = [enquiry.organisation.as_str(), enquiry.message.as_str()];
    let words: Vec<&str> = words.into_iter().filter(|words| !words.is_empty()).collect();
    booking.notes = words.join(": ");
    store::insert(tx, &mut booking, &format!("enquiry:{}:{}", enquiry.id, enquiry.version)).await?;

    enquiry.state = EnquiryState::Offered;
    enquiry.booking_id = Some(booking.id);
    enquiry.offer_until = Some(until);
    enquiry.reply = terms.words.trim().to_owned();
    update(tx, &mut enquiry).await?;
    to_guest(tx, &enquiry, Letter::EnquiryOffer).await?;
    let detail = json!({
        "people": booking.people, "total": booking.total, "over_capacity": booking.over_capacity,
    });
    let workshop = Some(enquiry.workshop_id);
    audit::record(tx, &actor, "booking.offer", &booking.code, workshop, detail).await?;
    Ok((enquiry, booking))
}

/// The instants of start and deadline, where all parts are as they must be.
fn check(
    terms: &Terms,
    now: DateTime<Utc>,
) -> Result<(DateTime<Utc>, DateTime<Utc>), EnquiryError> {
    let mut wrong = Vec::new();
    let starts_at = venue_instant(terms.date, terms.time.time()).filter(|at| now < *at);
    if starts_at.is_none() {
        wrong.push(OfferField::Start);
    }
    if !(Dong::ZERO..=MOST).contains(&terms.price) {
        wrong.push(OfferField::Price);
    }
    // To the end of the day: the next one begins a minute later.
    let end = NaiveTime::from_hms_opt(23, 59, 0).and_then(|end| venue_instant(terms.until, end));
    let until = end
        .map(|end| starts_at.map_or(end, |start| end.min(start - BEFORE_START)))
        .filter(|until| now < *until && terms.until <= terms.date)
        .filter(|_| terms.until <= local_date(now) + Days::new(LONGEST));
    if until.is_none() {
        wrong.push(OfferField::Until);
    }
    if terms.words.chars().count() > MAX_WORDS {
        wrong.push(OfferField::Words);
    }
    match (starts_at, until) {
        (Some(starts_at), Some(until)) if wrong.is_empty() => Ok((starts_at, until)),
        _ => Err(EnquiryError::Offer(wrong)),
    }
}

/// Gives back the seats of an offer that is still open.
pub(super) async fn take_back(
    tx: &mut Tx,
    enquiry: &mut Enquiry,
    actor: &Actor,
) -> Result<(), EnquiryError> {
    let Some(id) = enquiry.booking_id.filter(|_| enquiry.state == EnquiryState::Offered) else {
        return Ok(());
    };
    let booking = query::by_id(tx, id).await?.ok_or(EnquiryError::Unknown)?;
    // No offer any more, so that its end is not taken for an answer of the guest.
    enquiry.state = EnquiryState::New;
    enquiry.offer_until = None;
    update(tx, enquiry).await?;
    let by = if *actor == Actor::Guest { EndedBy::Guest } else { EndedBy::Host };
    match cancel::end(tx, booking, actor, by, String::new(), 100).await {
        // It ran out at this very moment.
        Ok(_) | Err(BookingError::State(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// The option's slot at that time; a new one where there is none, for this group alone.
async fn slot_for(
    tx: &mut Tx,
    catalogue: &Arc<Catalogue>,
    actor: &Actor,
    terms: &Terms,
    starts_at: DateTime<Utc>,
) -> Result<SlotId, EnquiryError> {
    let there: Option<Slot> = tx
        .fetch_optional(
            "SELECT * FROM slot WHERE option_id = $1 AND starts_at = $2",
            params![terms.option, starts_at],
        )
        .await?;
    let people = i32::try_from(terms.people).unwrap_or(i32::MAX);
    let course = catalogue.option(terms.option).is_some_and(|(tour, _)| tour.course.is_some());
    if course && there.is_none() {
        // A place in a run that is planned; an offer makes none.
        return Err(EnquiryError::Offer(vec![OfferField::Start]));
    }
    if let Some(slot) = there {
        if slot.status == SlotStatus::Cancelled {
            return Err(ScheduleError::Final.into());
        }
        // Made for an earlier offer, and empty again: it takes the size of this one.
        tx.execute(
            "UPDATE slot SET capacity = $2 WHERE id = $1 AND status = 'closed' AND taken = 0 \
             AND origin = 'offer'",
            params![slot.id, people],
        )
        .await?;
        return Ok(slot.id);
    }
    let add = AddSlot {
        catalogue: Arc::clone(catalogue),
        actor: actor.clone(),
        option: terms.option,
        date: terms.date,
        time: terms.time,
        capacity: people,
        guide: String::new(),
    };
    let slot = add_slot(tx, add).await?;
    // Never on sale: if the group does not come, nobody else can book a time that no rule names.
    tx.execute_one(
        "UPDATE slot SET status = 'closed', origin = 'offer' WHERE id = $1",
        params![slot.id],
    )
    .await?;
    Ok(slot.id)
}
