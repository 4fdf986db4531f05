//! The one action of a bad day: close what it takes, ask whom it hits; or call it off.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use super::super::error::{BookingError, Field};
use super::super::letters::{self, To};
use super::super::model::{Booking, StateKind};
use super::super::query;
use super::find::{self, Scope};
use super::{Case, CaseState, Disruption, by_id, cases, close, open_case};
use crate::accounts::{Actor, audit};
use crate::catalogue::Catalogue;
use crate::mail::Letter;
use crate::schedule::{Slot, SlotStatus};
use crate::store::{StoreError, Tx};
use crate::{CaseId, DisruptionId, WorkshopId, columns, params};

/// The host has looked at whom it hits, and asks them.
#[derive(Debug, Clone)]
pub struct Tell {
    pub catalogue: Arc<Catalogue>,
    pub actor: Actor,
    pub workshop: WorkshopId,
    pub scope: Scope,
    /// The host's words to the guests, besides the cause; may be empty.
    pub words: String,
    /// Hours that they have to choose; fewer where the visit is near.
    pub hours: i64,
    /// Made with the form; the same key asks nobody twice.
    pub form_key: String,
}

/// Longest words to the guests, in characters.
const MAX_WORDS: usize = 1_000;
const MOST_HOURS: i64 = 7 * 24;
/// Guests choose so long before the visit at the latest …
const BEFORE_START: TimeDelta = TimeDelta::hours(1);
/// … but have at least this long.
const SHORTEST: TimeDelta = TimeDelta::minutes(30);

/// Closes the departures and asks every guest. Answers the bad day and how many it hit.
pub async fn tell(tx: &mut Tx, command: Tell) -> Result<(Disruption, usize), BookingError> {
    let Tell { catalogue, actor, workshop, scope, words, hours, form_key } = command;
    actor.must_serve(workshop)?;
    if let Some(there) = by_form_key(tx, &form_key).await? {
        let hit = cases(tx, there.id).await?.len();
        return Ok((there, hit));
    }
    let words = words.trim().to_owned();
    if words.chars().count() > MAX_WORDS || scope.to <= scope.from {
        return Err(BookingError::Fields(vec![Field::Notes]));
    }
    let now = tx.now();
    let slots = find::hit_slots(tx, &catalogue, workshop, scope, now).await?;
    let disruption = Disruption {
        id: DisruptionId::new(now),
        workshop_id: workshop,
        cause: scope.cause,
        starts_at: scope.from,
        ends_at: scope.to,
        tour_id: scope.tour,
        words,
        called_off_at: None,
        created_at: now,
    };
    let id = disruption.id;
    let row = columns! {
        id: id,
        form_key: form_key,
        workshop_id: workshop,
        cause: disruption.cause,
        starts_at: disruption.starts_at,
        ends_at: disruption.ends_at,
        tour_id: disruption.tour_id,
        words: disruption.words,
        created_at: now,
    };
    tx.insert("disruption", row).await?;
    let mut hit = 0;
    for slot in slots {
        shut(tx, id, &slot).await?;
        let until = deadline(&slot, hours, now);
        for booking in query::of_slot(tx, slot.id).await? {
            if booking.state.kind() == StateKind::Confirmed {
                hit += usize::from(ask(tx, id, &booking, &slot, until).await?);
            }
        }
    }
    let detail = json!({ "cause": scope.cause, "from": scope.from, "to": scope.to, "hit": hit });
    audit::record(tx, &actor, "disruption.tell", id, Some(workshop), detail).await?;
    Ok((disruption, hit))
}

async fn by_form_key(tx: &mut Tx, key: &str) -> Result<Option<Disruption>, StoreError> {
    tx.fetch_optional("SELECT * FROM disruption WHERE form_key = $1", params![key.to_owned()]).await
}

fn deadline(slot: &Slot, hours: i64, now: DateTime<Utc>) -> DateTime<Utc> {
    let asked = now + TimeDelta::hours(hours.clamp(1, MOST_HOURS));
    asked.min(slot.starts_at - BEFORE_START).max(now + SHORTEST).min(slot.starts_at)
}

/// Takes nobody else; the rules leave it alone from now on.
async fn shut(tx: &mut Tx, id: DisruptionId, slot: &Slot) -> Result<(), StoreError> {
    if slot.status != SlotStatus::Open {
        return Ok(());
    }
    tx.execute(
        "UPDATE slot SET status = 'closed', origin = 'host' WHERE id = $1 AND status = 'open'",
        params![slot.id],
    )
    .await?;
    tx.insert("disruption_slot", columns! { disruption_id: id, slot_id: slot.id }).await
}

/// False when the guest is being asked about another bad day.
async fn ask(
    tx: &mut Tx,
    id: DisruptionId,
    booking: &Booking,
    slot: &Slot,
    until: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let case = CaseId::new(tx.now());
    let row = columns! {
        id: case,
        disruption_id: id,
        booking_id: booking.id,
        slot_id: slot.id,
        state: CaseState::Asked,
        until: until,
    };
    if !tx.insert_if_new("disruption_case", row).await? {
        return Ok(false);
    }
    write(tx, booking, case, Letter::Disruption).await?;
    Ok(true)
}

async fn write(
    tx: &mut Tx,
    booking: &Booking,
    case: CaseId,
    letter: Letter,
) -> Result<(), StoreError> {
    let to = To { email: &booking.email, name: &booking.name, locale: booking.locale };
    let about = (Some(booking.id), Some(booking.workshop_id));
    let payload = json!({ "case_id": case });
    letters::to_person(tx, to, letter, format!("{letter}:{case}"), payload, about).await?;
    Ok(())
}

/// The day turns out well.
#[derive(Debug, Clone)]
pub struct CallOff {
    pub actor: Actor,
    pub disruption: DisruptionId,
}

/// Who has not chosen keeps the booking and is told; what was closed opens again. Answers how many
/// keep theirs.
pub async fn call_off(tx: &mut Tx, command: CallOff) -> Result<usize, BookingError> {
    let CallOff { actor, disruption } = command;
    let found = by_id(tx, disruption).await?.ok_or(BookingError::Unknown)?;
    actor.must_serve(found.workshop_id)?;
    if found.called_off_at.is_some() {
        return Ok(0);
    }
    let now = tx.now();
    tx.update_one("disruption", columns! { called_off_at: now }, columns! { id: disruption })
        .await?;
    tx.execute(
        "UPDATE slot SET status = 'open' WHERE status = 'closed' AND id IN \
         (SELECT slot_id FROM disruption_slot WHERE disruption_id = $1)",
        params![disruption],
    )
    .await?;
    let mut kept = 0;
    for case in cases(tx, disruption).await? {
        kept += usize::from(keep(tx, &case).await?);
    }
    let workshop = Some(found.workshop_id);
    let detail = json!({ "kept": kept });
    audit::record(tx, &actor, "disruption.call_off", disruption, workshop, detail).await?;
    Ok(kept)
}

async fn keep(tx: &mut Tx, case: &Case) -> Result<bool, BookingError> {
    if case.state != CaseState::Asked || open_case(tx, case.booking_id).await?.is_none() {
        return Ok(false);
    }
    let booking = query::by_id(tx, case.booking_id).await?.ok_or(BookingError::Unknown)?;
    close(tx, case.id, CaseState::Kept).await?;
    write(tx, &booking, case.id, Letter::DisruptionOver).await?;
    Ok(true)
}
