//! The guest accepts or declines; or time and events decide.

use std::sync::Arc;

use serde_json::json;

use super::super::BookingError;
use super::super::confirm::{Answers, check_answers};
use super::super::disruption::{self, CaseState};
use super::super::model::{Booking, EndedBy, Source, State, StateKind};
use super::super::party::Party;
use super::super::{cancel, letters, query, store, waitlist};
use super::ask::tell;
use super::{Overflow, OverflowError, OverflowState, Way, by_id, open_of};
use crate::accounts::{Actor, audit};
use crate::catalogue::{Catalogue, Sharing};
use crate::mail::Letter;
use crate::price::Extras;
use crate::schedule::slots::{self, Seats};
use crate::store::{StoreError, Tx};
use crate::{BookingId, OverflowId, params};

/// The guest comes to the sister workshop.
#[derive(Debug, Clone)]
pub struct Accept {
    pub catalogue: Arc<Catalogue>,
    pub overflow: OverflowId,
    /// To what the sister's tour asks once for the party.
    pub answers: Answers,
}

/// Moves the booking to the seats that were kept, or makes the part of it that goes a booking of
/// its own. Answers the booking at the sister workshop.
pub async fn accept(tx: &mut Tx, command: Accept) -> Result<Booking, OverflowError> {
    let Accept { catalogue, overflow, answers } = command;
    let asked = by_id(tx, overflow).await?.ok_or(OverflowError::Unknown)?;
    // Sent twice: it is done.
    if asked.state == OverflowState::Taken {
        return query::by_id(tx, asked.to_booking_id).await?.ok_or(OverflowError::Unknown);
    }
    let open = asked.state == OverflowState::Offered;
    if !open || asked.until.is_none_or(|until| until <= tx.now()) {
        return Err(OverflowError::State(match asked.state {
            OverflowState::Offered => OverflowState::Lapsed,
            other => other,
        }));
    }
    settle(tx, &catalogue, &asked, Some(answers)).await
}

/// Does what was agreed. Without answers the sister asks when the guests come.
pub(super) async fn settle(
    tx: &mut Tx,
    catalogue: &Catalogue,
    asked: &Overflow,
    answers: Option<Answers>,
) -> Result<Booking, OverflowError> {
    let id = asked.booking_id.ok_or(OverflowError::Unknown)?;
    let booking = query::by_id(tx, id).await?.ok_or(OverflowError::Unknown)?;
    let mut held = query::by_id(tx, asked.to_booking_id).await?.ok_or(OverflowError::Unknown)?;
    for (each, wanted) in [(&booking, StateKind::Confirmed), (&held, StateKind::Held)] {
        if each.state.kind() != wanted {
            return Err(BookingError::State(each.state.kind()).into());
        }
    }
    let tour = catalogue.tour(held.tour_id).ok_or(OverflowError::Unknown)?;
    if let Some(answers) = answers {
        check_answers(tour, &answers)?;
        held.answers = answers.map;
        held.waiver_at = answers.waiver.then(|| tx.now());
    }
    let came = match asked.way {
        Way::Shared => share(tx, catalogue, booking, held).await?,
        Way::Passed | Way::Found => pass(tx, booking, held).await?,
    };
    let decided = tx
        .execute(
            "UPDATE overflow SET state = 'taken', decided_at = $2, to_booking_id = $3 \
             WHERE id = $1 AND state = 'offered'",
            params![asked.id, tx.now(), came.id],
        )
        .await?;
    if decided == 0 {
        tx.try_again();
        return Err(BookingError::Changed.into());
    }
    tell(tx, asked, asked.from_workshop_id, "accepted").await?;
    let detail = json!({ "way": asked.way, "people": came.people });
    let workshop = Some(asked.from_workshop_id);
    audit::record(tx, &Actor::Guest, "booking.passed", &came.code, workshop, detail).await?;
    waitlist::offer_seats(tx, asked.from_slot_id).await?;
    Ok(came)
}

/// The whole booking goes: it takes the place of the one that kept the seats.
async fn pass(
    tx: &mut Tx,
    mut booking: Booking,
    mut held: Booking,
) -> Result<Booking, OverflowError> {
    slots::release_seats(tx, booking.slot_id, booking.kept_seats()).await?;
    booking.slot_id = held.slot_id;
    booking.option_id = held.option_id;
    booking.tour_id = held.tour_id;
    booking.workshop_id = held.workshop_id;
    booking.party = held.party.clone();
    // What was taken beside, and codes, are the first workshop's.
    booking.extras = held.extras.clone();
    booking.promo = held.promo.clone();
    booking.people = held.people;
    booking.total = held.total;
    booking.seats = held.seats;
    booking.over_capacity = held.over_capacity;
    booking.answers = held.answers.clone();
    booking.waiver_at = held.waiver_at;
    booking.sequence += 1;
    // Its seats are the moved booking's now, so they are not given back.
    held.state = State::Expired { at: tx.now() };
    held.over_capacity = 0;
    store::update(tx, &mut held).await?;
    store::update(tx, &mut booking).await?;
    disruption::answered(tx, booking.id, CaseState::Moved).await?;
    tx.execute_one("UPDATE booking SET reminded_at = NULL WHERE id = $1", params![booking.id])
        .await?;
    letters::announce(tx, &booking, Letter::Change, Letter::HostNew).await?;
    Ok(booking)
}

/// A part of the party goes: what kept the seats is their booking now.
async fn share(
    tx: &mut Tx,
    catalogue: &Catalogue,
    mut booking: Booking,
    mut held: Booking,
) -> Result<Booking, OverflowError> {
    let tour = catalogue.tour(booking.tour_id);
    let sharing = tour.map_or(Sharing::Shared, |tour| tour.sharing);
    let nothing = Extras::default();
    let offered = tour.map_or(&nothing, |tour| &tour.extras);
    let rest = without(&booking.party, &held.party)?;
    let fewer = booking.party.seats() - rest.seats();
    match sharing {
        Sharing::Shared => {
            let beyond = booking.over_capacity.min(fewer);
            let back = Seats { taken: fewer, heads: fewer, beyond };
            slots::release_seats(tx, booking.slot_id, back).await?;
            booking.seats -= fewer;
            booking.over_capacity -= beyond;
        }
        // The slot stays the party's whole, with fewer people in it.
        Sharing::Private => {
            slots::recount(tx, booking.slot_id, -fewer).await?.map_err(BookingError::from)?;
        }
    }
    booking = booking.with_party(rest, offered);
    booking.sequence += 1;
    store::update(tx, &mut booking).await?;
    letters::announce(tx, &booking, Letter::Change, Letter::HostChange).await?;

    held.state = State::Confirmed { at: tx.now() };
    held.confirmed_at = Some(tx.now());
    store::update(tx, &mut held).await?;
    letters::announce(tx, &held, Letter::Confirmation, Letter::HostNew).await?;
    Ok(held)
}

/// The party without those who go: by unit type, as the sister has units of its own.
fn without(party: &Party, gone: &Party) -> Result<Party, BookingError> {
    let wanted: Vec<_> = party
        .lines()
        .iter()
        .map(|line| {
            let gone = gone.lines().iter().filter(|other| other.kind == line.kind);
            (line.unit_id, gone.map(|other| other.quantity).sum())
        })
        .collect();
    Ok(party.split(&wanted)?.1)
}

/// The guest stays where they are.
pub async fn decline(tx: &mut Tx, overflow: OverflowId) -> Result<Overflow, OverflowError> {
    let asked = by_id(tx, overflow).await?.ok_or(OverflowError::Unknown)?;
    match asked.state {
        OverflowState::Declined => return Ok(asked),
        OverflowState::Offered => {}
        state => return Err(OverflowError::State(state)),
    }
    let held = query::by_id(tx, asked.to_booking_id).await?.ok_or(OverflowError::Unknown)?;
    cancel::end(tx, held, &Actor::Guest, EndedBy::Guest, String::new(), 0).await?;
    by_id(tx, asked.id).await?.ok_or(OverflowError::Unknown)
}

/// The booking that kept the seats ended: what was asked is decided with it, and the workshops
/// hear of it.
pub(in super::super) async fn finish_offer(tx: &mut Tx, held: &Booking) -> Result<(), StoreError> {
    if held.source != Source::Overflow {
        return Ok(());
    }
    let (state, event) = match held.state {
        State::Expired { .. } => (OverflowState::Lapsed, "lapsed"),
        State::Cancelled { by: EndedBy::Guest, .. } => (OverflowState::Declined, "declined"),
        // The sister's slot was cancelled, say.
        _ => (OverflowState::Withdrawn, "gone"),
    };
    let now = tx.now();
    let ended: Option<Overflow> = tx
        .fetch_optional(
            "UPDATE overflow SET state = $2, decided_at = $3 \
             WHERE to_booking_id = $1 AND state = 'offered' RETURNING *",
            params![held.id, state, now],
        )
        .await?;
    if let Some(ended) = ended {
        tell(tx, &ended, ended.from_workshop_id, event).await?;
        tell(tx, &ended, ended.to_workshop_id, event).await?;
    }
    Ok(())
}

/// The booking changed or ended, or its host thought better of it: its guest is asked nothing
/// more, and the sister has its seats back.
pub(in super::super) async fn let_go(tx: &mut Tx, booking: BookingId) -> Result<(), StoreError> {
    let Some(asked) = open_of(tx, booking).await? else { return Ok(()) };
    tx.execute(
        "UPDATE overflow SET state = 'withdrawn', decided_at = $2 WHERE id = $1",
        params![asked.id, tx.now()],
    )
    .await?;
    let Some(mut held) = query::by_id(tx, asked.to_booking_id).await? else { return Ok(()) };
    let back = held.kept_seats();
    held.over_capacity = 0;
    held.state = State::Expired { at: tx.now() };
    if store::update_unchanged(tx, &mut held).await? {
        slots::release_seats(tx, held.slot_id, back).await?;
        waitlist::offer_seats(tx, held.slot_id).await?;
    } else {
        // It ended at this very moment.
        tx.try_again();
    }
    tell(tx, &asked, asked.to_workshop_id, "withdrawn").await
}
