//! Slots below their minimum: at the deadline the host is asked, and decides.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use super::error::ScheduleError;
use super::model::{RunState, Slot, SlotStatus};
use super::staff::{self, CancelSlot};
use crate::accounts::Actor;
use crate::booking;
use crate::catalogue::Catalogue;
use crate::mail::Letter;
use crate::mail::outbox::{self, Envelope};
use crate::store::{Conn, StoreError, Tx};
use crate::{SlotId, WorkshopId, params};

/// What the host decides about a slot below its minimum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// It runs all the same.
    Run,
    /// It is cancelled, with the host's words to the guests.
    CallOff { reason: String },
    /// The guests are told; they may move or cancel without loss, or wait.
    AskGuests,
}

/// Asks the host of each slot whose deadline has come with too few seats taken; one that filled up
/// after all runs. Answers the slots asked about.
pub async fn decide_due(tx: &mut Tx, catalogue: &Catalogue) -> Result<Vec<SlotId>, StoreError> {
    let now = tx.now();
    let longest = catalogue.tours.iter().map(|tour| tour.decide_hours).max().unwrap_or(0);
    let slots: Vec<Slot> = tx
        .fetch_all(
            "SELECT * FROM slot WHERE starts_at > $1 AND starts_at <= $2 AND taken > 0 \
             AND status <> 'cancelled' AND run_state <> 'runs' AND EXISTS (SELECT 1 FROM booking \
             WHERE booking.slot_id = slot.id AND booking.state = 'confirmed') \
             ORDER BY starts_at, id",
            params![now, now + TimeDelta::hours(i64::from(longest))],
        )
        .await?;
    let mut asked = Vec::new();
    for slot in slots {
        let Some(tour) = catalogue.tour(slot.tour_id) else { continue };
        let deadline = slot.starts_at - TimeDelta::hours(i64::from(tour.decide_hours));
        if now < deadline {
            continue;
        }
        let enough = slot.taken >= tour.min_to_run;
        match slot.run_state {
            RunState::Undecided if enough => {}
            RunState::Undecided => {
                ask_host(tx, &slot).await?;
                asked.push(slot.id);
            }
            RunState::Asked | RunState::GuestsAsked if enough => {
                set_run_state(tx, slot.id, RunState::Runs).await?;
            }
            RunState::Asked | RunState::GuestsAsked | RunState::Runs => {}
        }
    }
    Ok(asked)
}

/// Slots about which the host was asked and has not decided, soonest first.
pub async fn awaiting_decision(
    conn: &mut Conn,
    workshop: WorkshopId,
    now: DateTime<Utc>,
) -> Result<Vec<Slot>, StoreError> {
    conn.fetch_all(
        "SELECT * FROM slot WHERE workshop_id = $1 AND starts_at > $2 AND taken > 0 \
         AND run_state = 'asked' AND status <> 'cancelled' ORDER BY starts_at, id",
        params![workshop, now],
    )
    .await
}

async fn ask_host(tx: &mut Tx, slot: &Slot) -> Result<(), StoreError> {
    set_run_state(tx, slot.id, RunState::Asked).await?;
    let (recipient, recipient_name, locale) = outbox::address_of(tx, slot.workshop_id).await?;
    let letter = Letter::HostBelowMinimum;
    outbox::post(
        tx,
        Envelope {
            // A slot that was moved has a new deadline, and is asked about anew.
            event_key: format!("{letter}:{}:{}", slot.id, slot.starts_at.timestamp()),
            letter,
            recipient,
            recipient_name,
            locale,
            payload: json!({ "slot_id": slot.id }),
            booking_id: None,
            workshop_id: Some(slot.workshop_id),
        },
    )
    .await?;
    Ok(())
}

async fn set_run_state(tx: &mut Tx, slot: SlotId, state: RunState) -> Result<(), StoreError> {
    tx.execute_one("UPDATE slot SET run_state = $2 WHERE id = $1", params![slot, state]).await
}

#[derive(Debug, Clone)]
pub struct Decide {
    pub actor: Actor,
    pub slot: SlotId,
    pub decision: Decision,
}

/// The host's decision.
pub async fn decide(tx: &mut Tx, command: Decide) -> Result<(), ScheduleError> {
    let slot = staff::served(tx, &command.actor, command.slot).await?;
    if slot.status == SlotStatus::Cancelled || slot.is_over(tx.now()) {
        return Err(ScheduleError::Final);
    }
    let decided = match command.decision {
        Decision::CallOff { reason } => {
            let cancel = CancelSlot { actor: command.actor, slot: slot.id, reason };
            staff::cancel_slot(tx, cancel).await?;
            return Ok(());
        }
        Decision::Run => {
            set_run_state(tx, slot.id, RunState::Runs).await?;
            "run"
        }
        Decision::AskGuests => {
            set_run_state(tx, slot.id, RunState::GuestsAsked).await?;
            booking::write_to_guests_of(tx, slot.id, Letter::BelowMinimum).await?;
            "ask guests"
        }
    };
    staff::record(tx, &command.actor, "slot.decide", &slot, json!({ "decision": decided })).await
}
