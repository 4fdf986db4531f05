//! A host asks a guest to come to a sister workshop, or some of a party to.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use super::super::change::same_people;
use super::super::letters::{self, To};
use super::super::model::{Booking, Event, Source, State, StateKind};
use super::super::party::Party;
use super::super::{hold, store};
use super::given::{row, together};
use super::{Overflow, OverflowError, OverflowState, Way, by_id, decide, open_of};
use crate::accounts::{Actor, audit};
use crate::catalogue::{Catalogue, Sharing};
use crate::mail::{Letter, outbox};
use crate::payment;
use crate::schedule::{Slot, slots};
use crate::store::{StoreError, Tx};
use crate::{BookingId, Dong, OverflowId, SlotId, UnitId, WorkshopId};

/// The host asks the guest of a booking.
#[derive(Debug, Clone)]
pub struct PassOn {
    pub catalogue: Arc<Catalogue>,
    pub actor: Actor,
    pub booking: BookingId,
    /// A departure of a sister workshop.
    pub to: SlotId,
    /// Who of the party is asked, in the booking's own units; empty: all.
    pub wanted: Vec<(UnitId, u32)>,
    /// The host's words to the guest; may be empty.
    pub words: String,
    /// Hours that the guest has to answer; fewer where the visit is near.
    pub hours: i64,
    /// The guest has said yes already, on the telephone say: nobody is asked again.
    pub agreed: bool,
}

/// Longest words to the guest, in characters.
const MAX_WORDS: usize = 1_000;
const MOST_HOURS: i64 = 7 * 24;
/// An offer ends so long before either departure …
const BEFORE_START: TimeDelta = TimeDelta::hours(1);
/// … and a guest has at least this long to answer.
const SHORTEST: TimeDelta = TimeDelta::minutes(30);

/// Keeps seats at the sister workshop and writes to the guest. Owners alone pass guests on. The
/// sister's prices hold there, except for a group, whose price was agreed.
pub async fn pass_on(tx: &mut Tx, command: PassOn) -> Result<Overflow, OverflowError> {
    let PassOn { catalogue, actor, booking, to, wanted, words, hours, agreed } = command;
    let booking = store::load_for(tx, &actor, booking, Event::Change).await?;
    actor.must_own(booking.workshop_id)?;
    if booking.state.kind() != StateKind::Confirmed {
        return Err(super::BookingError::State(booking.state.kind()).into());
    }
    // Its company has a contract with this workshop, not with the sister.
    if booking.contract_id.is_some() {
        return Err(super::BookingError::Resold.into());
    }
    // The money is with this workshop, and its books and the sister's are two.
    if payment::money_of(tx, booking.id).await?.net() > Dong::ZERO {
        return Err(OverflowError::Paid);
    }
    let words = words.trim().to_owned();
    if words.chars().count() > MAX_WORDS {
        return Err(OverflowError::Words);
    }
    if open_of(tx, booking.id).await?.is_some() {
        return Err(OverflowError::Asked);
    }
    if booking.email.is_empty() && !agreed {
        return Err(OverflowError::NoEmail);
    }
    let from = slots::find(tx, booking.slot_id).await?.ok_or(OverflowError::Unknown)?;
    let target = slots::find(tx, to).await?.ok_or(OverflowError::Unknown)?;
    let coop = together(tx, booking.workshop_id, target.workshop_id)
        .await?
        .ok_or(OverflowError::NotSisters)?;
    let until = deadline(&from, &target, hours, tx.now()).ok_or(OverflowError::TooLate)?;

    let whole_party = wanted.is_empty() || booking.party.is_wish(&wanted);
    let (way, part) = if whole_party {
        (Way::Passed, booking.party.clone())
    } else {
        let (part, _) = booking.party.split(&wanted).map_err(super::BookingError::from)?;
        (Way::Shared, part)
    };
    let held = keep(tx, &catalogue, &booking, &target, part, until).await?;
    let asked = Overflow {
        id: OverflowId::new(tx.now()),
        coop_id: coop,
        way,
        state: OverflowState::Offered,
        from_workshop_id: booking.workshop_id,
        from_slot_id: from.id,
        to_workshop_id: target.workshop_id,
        to_slot_id: target.id,
        booking_id: Some(booking.id),
        to_booking_id: held.id,
        secret: tx.draw_token(),
        words,
        until: Some(until),
        created_at: tx.now(),
        decided_at: None,
    };
    tx.insert("overflow", row(&asked)).await?;
    let workshop = Some(booking.workshop_id);
    let detail = json!({ "way": way, "to": target.workshop_id, "people": held.people });
    audit::record(tx, &actor, "booking.pass_on", &booking.code, workshop, detail).await?;
    if agreed {
        // What the sister asks besides, it asks the guests when they come.
        decide::settle(tx, &catalogue, &asked, None).await?;
        return by_id(tx, asked.id).await?.ok_or(OverflowError::Unknown);
    }
    let to = To { email: &booking.email, name: &booking.name, locale: booking.locale };
    let key = format!("{}:{}", Letter::OverflowOffer, asked.id);
    let payload = json!({ "overflow_id": asked.id });
    let about = (Some(booking.id), Some(booking.workshop_id));
    letters::to_person(tx, to, Letter::OverflowOffer, key, payload, about).await?;
    tell(tx, &asked, asked.to_workshop_id, "kept").await?;
    Ok(asked)
}

/// The seats at the sister workshop, as a booking that is held until the guest answers.
async fn keep(
    tx: &mut Tx,
    catalogue: &Catalogue,
    booking: &Booking,
    target: &Slot,
    part: Party,
    until: DateTime<Utc>,
) -> Result<Booking, OverflowError> {
    let (tour, option) = catalogue
        .option(target.option_id)
        .filter(|(tour, option)| tour.published && option.active)
        .ok_or(super::BookingError::NotOnSale)?;
    let party = same_people(option, &part).map_err(super::BookingError::from)?;
    let whole = tour.sharing == Sharing::Private;
    // As a guest would: never over the capacity, never in a slot that the sister has closed.
    let (slot, seats) = hold::take(tx, target.id, party.seats(), whole).await?;
    let promise = hold::Promise { party, policy: booking.policy };
    let state = State::Held { until };
    let mut held =
        hold::new_booking(tx, &slot, promise, seats, Source::Overflow, booking.locale, state);
    held.name.clone_from(&booking.name);
    held.email.clone_from(&booking.email);
    held.phone.clone_from(&booking.phone);
    held.notes.clone_from(&booking.notes);
    held.answers = booking.answers.clone();
    let key = format!("overflow:{}", held.id);
    store::insert(tx, &mut held, &key).await?;
    Ok(held)
}

/// Until when the guest can answer; None where that would be too short.
fn deadline(from: &Slot, to: &Slot, hours: i64, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let last = from.starts_at.min(to.starts_at) - BEFORE_START;
    let until = (now + TimeDelta::hours(hours.clamp(1, MOST_HOURS))).min(last);
    (until >= now + SHORTEST).then_some(until)
}

/// A letter to one of the two workshops: the seats are kept, or what the guest answered.
pub(super) async fn tell(
    tx: &mut Tx,
    overflow: &Overflow,
    workshop: WorkshopId,
    event: &'static str,
) -> Result<(), StoreError> {
    let (email, name, locale) = outbox::address_of(tx, workshop).await?;
    let to = To { email: &email, name: &name, locale };
    let key = format!("{}:{}:{event}:{workshop}", Letter::HostOverflow, overflow.id);
    let payload = json!({ "overflow_id": overflow.id, "event": event });
    let about = (Some(overflow.to_booking_id), Some(workshop));
    letters::to_person(tx, to, Letter::HostOverflow, key, payload, about).await?;
    Ok(())
}

/// The host does not ask any more.
#[derive(Debug, Clone)]
pub struct Withdraw {
    pub actor: Actor,
    pub overflow: OverflowId,
}

pub async fn withdraw(tx: &mut Tx, command: Withdraw) -> Result<Overflow, OverflowError> {
    let asked = by_id(tx, command.overflow).await?.ok_or(OverflowError::Unknown)?;
    command.actor.must_own(asked.from_workshop_id)?;
    if asked.state != OverflowState::Offered {
        return Err(OverflowError::State(asked.state));
    }
    let booking = asked.booking_id.ok_or(OverflowError::Unknown)?;
    decide::let_go(tx, booking).await?;
    let workshop = Some(asked.from_workshop_id);
    audit::record(tx, &command.actor, "booking.pass_back", asked.id, workshop, json!({})).await?;
    by_id(tx, asked.id).await?.ok_or(OverflowError::Unknown)
}
