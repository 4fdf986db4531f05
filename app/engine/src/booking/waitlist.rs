//! The line for a full slot. Whoever is first and fits is offered the seats that come free: a
//! held booking with a deadline. A party that does not fit is passed over and keeps its place.
//! Nothing is offered in the last hour before the cut-off.

mod line;

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use super::confirm::{Confirm, Contact, confirm};
use super::error::BookingError;
use super::letters::{self, To};
use super::model::{Booking, EndedBy, Source, State, StateKind};
use super::party::Party;
use super::{cancel, hold, query, store};
use crate::accounts::Actor;
use crate::catalogue::{Catalogue, Policy, Sharing};
use crate::mail::Letter;
use crate::privacy;
use crate::schedule::slots::{self, Seats};
use crate::schedule::{NoSeats, Slot, SlotStatus};
use crate::store::{StoreError, Tx};
use crate::{BookingId, Locale, SlotId, UnitId, WaitlistId, WorkshopId, params, stored_enum};

use line::by_form_key;
pub use line::{Wait, by_id, by_secret, counts, position, waiting_for};

stored_enum! {
    /// Waiting, offered seats, or finished: claimed the offer, declined, or let it lapse.
    pub enum EntryState {
        Waiting = "waiting",
        Offered = "offered",
        Claimed = "claimed",
        Declined = "declined",
        Lapsed = "lapsed",
    }
}

/// A party in the line for a slot.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Entry {
    pub id: WaitlistId,
    pub slot_id: SlotId,
    pub workshop_id: WorkshopId,
    pub secret: String,
    pub state: EntryState,
    pub locale: Locale,
    pub name: String,
    pub email: String,
    pub phone: String,
    #[sqlx(rename = "units")]
    pub party: Party,
    pub seats: i32,
    /// The booking that was offered.
    pub booking_id: Option<BookingId>,
    pub offer_until: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

#[derive(Debug, thiserror::Error)]
pub enum WaitlistError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Booking(#[from] BookingError),
    #[error("there is no such entry")]
    Unknown,
    #[error("there is room: {left} seats are free")]
    NotFull { left: i32 },
    #[error("the party is larger than the slot, it could never be served")]
    NeverFits { capacity: i32 },
    #[error("it is too late to wait for this slot")]
    TooLate,
    #[error("an entry that is {0} does not allow this")]
    State(EntryState),
}

/// How long an offer stands, unless the slot's cut-off is near.
const CLAIM: TimeDelta = TimeDelta::hours(4);
/// Nothing is offered later than this before the cut-off, and no offer stands longer …
const QUIET: TimeDelta = TimeDelta::hours(1);
/// … except that a guest always has this long to answer.
const SHORTEST_CLAIM: TimeDelta = TimeDelta::minutes(30);

/// Until when an offer made now stands; None when it is too late for one.
fn deadline(slot: &Slot, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let last = slot.closes_at - QUIET;
    (now <= last).then(|| (now + CLAIM).min(last).max(now + SHORTEST_CLAIM))
}

/// A guest joins the line.
#[derive(Debug, Clone)]
pub struct Join {
    pub catalogue: Arc<Catalogue>,
    pub slot: SlotId,
    pub wanted: Vec<(UnitId, u32)>,
    pub contact: Contact,
    pub locale: Locale,
    pub form_key: String,
}

/// Puts a party in the line of a slot in which it finds no room. The same form, and the same
/// address for the same slot, keep the place they have.
pub async fn join(tx: &mut Tx, command: Join) -> Result<Entry, WaitlistError> {
    if let Some(entry) = by_form_key(tx, &command.form_key).await? {
        return Ok(entry);
    }
    let slot = slots::find(tx, command.slot).await?.ok_or(BookingError::from(NoSeats::Unknown))?;
    let (tour, option) = store::sold(&command.catalogue, &slot, tx.now())?;
    if !tour.published || !option.active || tour.by_application() {
        return Err(BookingError::NotOnSale.into());
    }
    let party = Party::new(tour, &option, &command.wanted).map_err(BookingError::from)?;
    let seats = party.seats().max(1);
    if slot.status != SlotStatus::Open || slot.busy || deadline(&slot, tx.now()).is_none() {
        return Err(WaitlistError::TooLate);
    }
    if seats > slot.capacity {
        return Err(WaitlistError::NeverFits { capacity: slot.capacity });
    }
    let left = slot.left(tx.now());
    let room = match tour.sharing {
        Sharing::Shared => left >= seats,
        Sharing::Private => slot.taken == 0,
    };
    if room {
        return Err(WaitlistError::NotFull { left });
    }
    let email = command.contact.email.to_string();
    let there: Option<Entry> = tx
        .fetch_optional(
            "SELECT * FROM waitlist WHERE slot_id = $1 AND email = $2 AND state = 'waiting'",
            params![slot.id, email],
        )
        .await?;
    if let Some(entry) = there {
        return Ok(entry);
    }
    let id = WaitlistId::new(tx.now());
    let secret = tx.draw_token();
    tx.execute(
        "INSERT INTO waitlist (id, slot_id, workshop_id, form_key, secret, state, locale, name, \
         email, phone, units, seats, created_at) \
         VALUES ($1, $2, $3, $4, $5, 'waiting', $6, $7, $8, $9, $10, $11, $12) \
         ON CONFLICT (form_key) DO NOTHING",
        params![
            id,
            slot.id,
            slot.workshop_id,
            command.form_key,
            secret,
            command.locale,
            command.contact.name,
            email,
            command.contact.phone.map(|phone| phone.to_string()).unwrap_or_default(),
            party,
            seats,
            tx.now(),
        ],
    )
    .await?;
    let entry = by_form_key(tx, &command.form_key).await?.ok_or(WaitlistError::Unknown)?;
    let given = privacy::Given {
        subject: privacy::Subject::Waitlist,
        id: entry.id.into(),
        workshop: entry.workshop_id,
        locale: entry.locale,
        waiver: None,
    };
    privacy::record_consent(tx, given).await?;
    post(tx, &entry, Letter::WaitlistJoined, "", None).await?;
    Ok(entry)
}

/// A letter about an entry; `text` is what the host says in it.
async fn post(
    tx: &mut Tx,
    entry: &Entry,
    letter: Letter,
    text: &str,
    booking: Option<BookingId>,
) -> Result<(), StoreError> {
    let to = To { email: &entry.email, name: &entry.name, locale: entry.locale };
    let key = format!("{letter}:{}", entry.id);
    let payload = json!({ "waitlist_id": entry.id, "text": text });
    letters::to_person(tx, to, letter, key, payload, (booking, Some(entry.workshop_id))).await?;
    Ok(())
}

/// Slots looked at in one transaction of the worker.
const BATCH: i64 = 50;

/// Offers whatever seats are free to those who wait for them, and lets go of entries that can't
/// be served any more. Answers how many offers were made.
pub async fn offer_due(tx: &mut Tx) -> Result<usize, StoreError> {
    let last = tx.now() + QUIET;
    tx.execute(
        "UPDATE waitlist SET state = 'lapsed' WHERE state = 'waiting' AND slot_id IN \
         (SELECT id FROM slot WHERE closes_at < $1 OR status = 'cancelled')",
        params![last],
    )
    .await?;
    let slots: Vec<(SlotId,)> = tx
        .fetch_all(
            "SELECT DISTINCT slot.id FROM waitlist JOIN slot ON slot.id = waitlist.slot_id \
             WHERE waitlist.state = 'waiting' AND slot.status = 'open' AND slot.busy = FALSE \
             AND slot.closes_at >= $1 \
             AND slot.taken + slot.allotted + waitlist.seats <= slot.capacity \
             AND (slot.room IS NULL OR waitlist.seats <= slot.room) LIMIT $2",
            params![last, BATCH],
        )
        .await?;
    let mut offers = 0;
    for (slot,) in slots {
        offers += offer_seats(tx, slot).await?;
    }
    Ok(offers)
}

/// Offers the free seats of a slot along its line. Whoever gives seats back calls this in the
/// same transaction, so that nobody slips in between.
pub(crate) async fn offer_seats(tx: &mut Tx, slot_id: SlotId) -> Result<usize, StoreError> {
    let line: Vec<Entry> = tx
        .fetch_all(
            "SELECT * FROM waitlist WHERE slot_id = $1 AND state = 'waiting' \
             ORDER BY created_at, id",
            params![slot_id],
        )
        .await?;
    if line.is_empty() {
        return Ok(0);
    }
    let Some(slot) = slots::find(tx, slot_id).await? else {
        return Ok(0);
    };
    let Some(until) = deadline(&slot, tx.now()) else {
        return Ok(0);
    };
    let (sharing,): (Sharing,) =
        tx.fetch_one("SELECT sharing FROM tour WHERE id = $1", params![slot.tour_id]).await?;
    let mut offers = 0;
    for entry in line {
        let whole = sharing == Sharing::Private;
        let Ok((slot, seats)) = slots::take_seats(tx, slot_id, entry.seats, whole).await? else {
            continue;
        };
        let claimed = tx
            .execute(
                "UPDATE waitlist SET state = 'offered', offer_until = $2 \
                 WHERE id = $1 AND state = 'waiting'",
                params![entry.id, until],
            )
            .await?;
        if claimed == 0 {
            let back = Seats { taken: seats, heads: entry.seats, beyond: 0 };
            slots::release_seats(tx, slot_id, back).await?;
            continue;
        }
        offer(tx, &slot, entry, seats, until).await?;
        offers += 1;
    }
    Ok(offers)
}

async fn offer(
    tx: &mut Tx,
    slot: &Slot,
    entry: Entry,
    seats: i32,
    until: DateTime<Utc>,
) -> Result<(), StoreError> {
    let state = State::Held { until };
    let (policy,): (Policy,) =
        tx.fetch_one("SELECT policy FROM tour WHERE id = $1", params![slot.tour_id]).await?;
    let promise = hold::Promise { party: entry.party.clone(), policy };
    let mut booking =
        hold::new_booking(tx, slot, promise, seats, Source::Waitlist, entry.locale, state);
    booking.name.clone_from(&entry.name);
    booking.email.clone_from(&entry.email);
    booking.phone.clone_from(&entry.phone);
    store::insert(tx, &mut booking, &format!("waitlist:{}", entry.id)).await?;
    tx.execute_one(
        "UPDATE waitlist SET booking_id = $2 WHERE id = $1",
        params![entry.id, booking.id],
    )
    .await?;
    post(tx, &entry, Letter::WaitlistOffer, "", Some(booking.id)).await
}

/// The slot was cancelled: nobody waits for it any longer, and all who did are told why.
pub(super) async fn dissolve(tx: &mut Tx, slot: SlotId, reason: &str) -> Result<(), StoreError> {
    let line: Vec<Entry> = tx
        .fetch_all(
            "UPDATE waitlist SET state = 'lapsed' WHERE slot_id = $1 \
             AND state IN ('waiting', 'offered') RETURNING *",
            params![slot],
        )
        .await?;
    for entry in line {
        post(tx, &entry, Letter::WaitlistCancelled, reason, entry.booking_id).await?;
    }
    Ok(())
}

/// The offered booking ended without being claimed: the entry is finished too.
pub(super) async fn finish_offer(tx: &mut Tx, booking: &Booking) -> Result<(), StoreError> {
    let state = match booking.state {
        State::Cancelled { by: EndedBy::Guest, .. } => EntryState::Declined,
        _ => EntryState::Lapsed,
    };
    set_offer(tx, booking, state).await
}

/// The offered booking was confirmed. Finished for good: cancelling it later frees its seats for
/// the next in line.
pub(super) async fn claim(tx: &mut Tx, booking: &Booking) -> Result<(), StoreError> {
    set_offer(tx, booking, EntryState::Claimed).await
}

async fn set_offer(tx: &mut Tx, booking: &Booking, state: EntryState) -> Result<(), StoreError> {
    if booking.source == Source::Waitlist {
        tx.execute(
            "UPDATE waitlist SET state = $2 WHERE booking_id = $1 \
             AND state IN ('offered', 'lapsed')",
            params![booking.id, state],
        )
        .await?;
    }
    Ok(())
}

/// The guest takes the offer.
#[derive(Debug, Clone)]
pub struct Accept {
    pub catalogue: Arc<Catalogue>,
    pub entry: WaitlistId,
}

/// Confirms the offered booking. [`BookingError::Fields`] says what the guest must still fill in
/// on the booking's own page (a waiver, an answer).
pub async fn accept(tx: &mut Tx, command: Accept) -> Result<Booking, WaitlistError> {
    let entry = by_id(tx, command.entry).await?.ok_or(WaitlistError::Unknown)?;
    let booking = entry.booking_id.ok_or(WaitlistError::State(entry.state))?;
    Ok(confirm(tx, Confirm { catalogue: command.catalogue, booking }).await?)
}

/// The guest does not want the offered seats, or leaves the line.
pub async fn decline(tx: &mut Tx, entry: WaitlistId) -> Result<Entry, WaitlistError> {
    let entry = by_id(tx, entry).await?.ok_or(WaitlistError::Unknown)?;
    match (entry.state, entry.booking_id) {
        (EntryState::Offered, Some(id)) => {
            let booking = query::by_id(tx, id).await?.ok_or(WaitlistError::Unknown)?;
            if booking.state.kind() == StateKind::Held {
                cancel::end(tx, booking, &Actor::Guest, EndedBy::Guest, String::new(), 0).await?;
            }
        }
        (EntryState::Waiting, _) => {
            let left = tx
                .execute(
                    "UPDATE waitlist SET state = 'declined' WHERE id = $1 AND state = 'waiting'",
                    params![entry.id],
                )
                .await?;
            if left == 0 {
                // The seats were offered at this very moment.
                tx.try_again();
                return Err(WaitlistError::State(EntryState::Offered));
            }
        }
        (EntryState::Declined, _) => {}
        (state, _) => return Err(WaitlistError::State(state)),
    }
    by_id(tx, entry.id).await?.ok_or(WaitlistError::Unknown)
}
