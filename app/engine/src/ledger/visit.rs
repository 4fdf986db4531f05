//! Visits on their way into the ledger.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::book::{self, Amount, Draft, EntryKind, Side};
use super::error::LedgerError;
use super::party::{self, PartyKey, PartyKind};
use super::rule::{self, SplitRule};
use super::share::{Share, among};
use crate::accounts::Actor;
use crate::booking::{Booking, State, query};
use crate::clock::local_date;
use crate::partner;
use crate::payment::{self, Money};
use crate::schedule::{Slot, slots};
use crate::store::{Conn, StoreError, Tx};
use crate::text::fold;
use crate::{BookingId, CoopId, Dong, PartyId, VillageId, WorkshopId, params};

/// Visits entered in one transaction, so that it stays short.
const BATCH: i64 = 100;

/// Days after a visit for which the ledger still follows what is changed about it. Later than
/// that an adjustment says what was wrong.
const FOLLOW_DAYS: i64 = 62;

/// Visits that are over and not entered yet, and those that changed since they were.
const DUE: &str = "SELECT booking.id FROM slot JOIN booking ON booking.slot_id = slot.id \
     LEFT JOIN visit_entered entered ON entered.booking_id = booking.id \
     WHERE slot.ends_at >= $1 AND ((entered.booking_id IS NULL \
     AND booking.state = 'checked_in' AND slot.ends_at <= $2) \
     OR (entered.booking_id IS NULL AND (booking.state = 'cancelled' \
     OR (booking.state = 'no_show' AND slot.ends_at <= $2)) \
     AND EXISTS (SELECT 1 FROM payment_move WHERE payment_move.booking_id = booking.id)) \
     OR entered.booking_version <> booking.version OR entered.guide <> slot.guide) \
     ORDER BY slot.ends_at, booking.id LIMIT $3";

fn since(now: DateTime<Utc>) -> DateTime<Utc> {
    now - TimeDelta::days(FOLLOW_DAYS)
}

/// Whether [`enter_due`] has something to do.
pub async fn is_due(conn: &mut Conn, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let one: Option<(BookingId,)> =
        conn.fetch_optional(DUE, params![since(now), now, 1_i64]).await?;
    Ok(one.is_some())
}

/// Enters visits that are over, and corrects those that turned out otherwise. Answers how many
/// it looked at; as long as that is something there may be more.
pub async fn enter_due(tx: &mut Tx) -> Result<usize, LedgerError> {
    let now = tx.now();
    let due: Vec<(BookingId,)> = tx.fetch_all(DUE, params![since(now), now, BATCH]).await?;
    for (booking,) in &due {
        enter(tx, *booking).await?;
    }
    Ok(due.len())
}

/// The co-op that the workshop was in at an instant.
async fn coop_at(
    conn: &mut Conn,
    workshop: WorkshopId,
    at: DateTime<Utc>,
) -> Result<Option<CoopId>, StoreError> {
    let found: Option<(CoopId,)> = conn
        .fetch_optional(
            "SELECT coop_id FROM coop_member WHERE workshop_id = $1 AND joined_at <= $2 \
             AND (ended_at IS NULL OR ended_at > $2) AND state IN ('active', 'left') \
             ORDER BY joined_at DESC LIMIT 1",
            params![workshop, at],
        )
        .await?;
    Ok(found.map(|(coop,)| coop))
}

/// What the shares of a visit depend on.
struct Facts {
    booking: Booking,
    slot: Slot,
    /// In whose name a group asked.
    organisation: String,
    /// Whose designs the tour used on the visit's day.
    designers: Vec<String>,
    coop: Option<CoopId>,
    village: VillageId,
    rule: Option<SplitRule>,
    /// What the guest paid beforehand, less what was paid back.
    prepaid: Dong,
    money: Money,
}

impl Facts {
    async fn load(tx: &mut Tx, id: BookingId) -> Result<Option<Facts>, StoreError> {
        let Some(booking) = query::by_id(tx, id).await? else { return Ok(None) };
        let Some(slot) = slots::find(tx, booking.slot_id).await? else { return Ok(None) };
        let asked: Option<(String,)> = tx
            .fetch_optional(
                "SELECT organisation FROM enquiry WHERE booking_id = $1 ORDER BY created_at LIMIT 1",
                params![id],
            )
            .await?;
        let village = party::village_of(tx, booking.workshop_id).await?;
        let coop = coop_at(tx, booking.workshop_id, slot.ends_at).await?;
        let rule = rule::of_visit(tx, booking.tour_id, coop, slot.local_date).await?;
        let organisation = asked.map(|(name,)| name).unwrap_or_default();
        let designers = partner::designers_on(tx, booking.tour_id, slot.local_date).await?;
        let prepaid = book::paid_beforehand(tx, id).await?;
        let money = payment::money_of(tx, id).await?;
        Ok(Some(Facts {
            booking,
            slot,
            organisation,
            designers,
            coop,
            village,
            rule,
            prepaid,
            money,
        }))
    }

    fn came(&self) -> bool {
        matches!(self.booking.state, State::CheckedIn { .. })
    }

    /// What the visit brought in; see the module's words on no-shows and cancellations.
    fn earned(&self, now: DateTime<Utc>) -> Option<Dong> {
        let kept = || payment::reckon(&self.booking, self.money).kept;
        let over = self.slot.is_over(now);
        match self.booking.state {
            State::CheckedIn { .. } if over => Some(self.booking.total),
            State::NoShow if over && self.money.any() => Some(kept()),
            State::Cancelled { .. } if self.money.any() => Some(kept()),
            _ => None,
        }
    }

    /// Whose share it is of this visit; None where there is nobody: a departure without a guide,
    /// a workshop in no co-op, a booking that no reseller made, a tour without a design of this designer.
    fn party(&self, share: &Share) -> Option<PartyKey> {
        let workshop = self.booking.workshop_id;
        match share.to {
            PartyKind::Guide => {
                let guide = self.slot.guide.trim();
                (!guide.is_empty()).then(|| PartyKey::Guide(workshop, guide.to_owned()))
            }
            PartyKind::Reseller => {
                let sold = [&self.organisation, &self.booking.name]
                    .into_iter()
                    .any(|name| fold(name) == fold(&share.name));
                sold.then(|| PartyKey::Reseller(workshop, share.name.clone()))
            }
            PartyKind::Designer => {
                let used = self.designers.iter().any(|name| fold(name) == fold(&share.name));
                used.then(|| PartyKey::Designer(workshop, share.name.clone()))
            }
            kind => PartyKey::of_house(kind, workshop, self.coop, self.village),
        }
    }

    /// Who is to have what of the visit.
    fn lines(&self, earned: Dong) -> BTreeMap<(PartyKey, Side), Dong> {
        let shares = self.rule.as_ref().and_then(|rule| rule.shares.as_ref());
        let workshop = PartyKey::Workshop(self.booking.workshop_id);
        let people = u32::try_from(self.booking.people).unwrap_or(0);
        let parts = among(shares, &workshop, (earned, people), |share| self.party(share));
        let mut lines = BTreeMap::new();
        let used = self.prepaid.min(earned).max(Dong::ZERO);
        let guests = PartyKey::Guests(self.booking.workshop_id);
        if used > Dong::ZERO {
            lines.insert((guests, Side::Prepaid), Dong::ZERO - used);
        }
        lines.insert((workshop, Side::Takings), used - earned);
        for (party, amount) in parts {
            *lines.entry((party, Side::Share)).or_default() += amount;
        }
        lines
    }
}

/// Brings the ledger in line with a visit: enters what is missing, once.
async fn enter(tx: &mut Tx, id: BookingId) -> Result<(), LedgerError> {
    // First the number of entries, which becomes the key of the next: whoever enters at the same
    // time takes the same key, and one of the two enters nothing.
    let before = book::of_booking(tx, id).await?;
    let Some(facts) = Facts::load(tx, id).await? else { return Ok(()) };
    let earned = facts.earned(tx.now());
    let mut missing: BTreeMap<(PartyId, Side), Dong> = BTreeMap::new();
    if let Some(earned) = earned {
        for ((party, side), amount) in facts.lines(earned) {
            let party = party::account(tx, &party).await?;
            *missing.entry((party, side)).or_default() += amount;
        }
    }
    for line in before.iter().flat_map(|entry| &entry.lines) {
        let left = missing.entry((line.party_id, line.side)).or_default();
        *left = *left - line.amount;
    }
    missing.retain(|_, amount| *amount != Dong::ZERO);
    if !missing.is_empty() && !post(tx, &facts, &before, earned.is_some(), missing).await? {
        // Another worker is at it.
        return Ok(());
    }
    remember(tx, &facts, earned.is_some()).await?;
    Ok(())
}

async fn post(
    tx: &mut Tx,
    facts: &Facts,
    before: &[book::Entry],
    counts: bool,
    missing: BTreeMap<(PartyId, Side), Dong>,
) -> Result<bool, LedgerError> {
    let booking = &facts.booking;
    let (kind, on_date) = match before {
        // Who cancels late has paid on the day of cancelling.
        [] if !facts.came() => {
            (EntryKind::Kept, local_date(facts.slot.ends_at).min(local_date(tx.now())))
        }
        // A course is over on the day of its last session.
        [] => (EntryKind::Visit, local_date(facts.slot.ends_at)),
        // Statements that people have in their hands stay as they are.
        _ => (EntryKind::Correction, local_date(tx.now())),
    };
    let people = if counts && facts.came() { booking.people } else { 0 };
    let draft = Draft {
        event_key: format!("visit:{}:{}", booking.id, before.len()),
        kind,
        workshop: booking.workshop_id,
        on_date,
        booking: Some(booking.id),
        tour: Some(booking.tour_id),
        code: booking.code.clone(),
        people: people - before.iter().map(|entry| entry.people).sum::<i32>(),
        rule: facts.rule.as_ref().map(|rule| rule.id),
        corrects: before.first().map(|entry| entry.id),
        reason: String::new(),
        method: None,
        actor: Actor::System.label(),
        lines: missing
            .into_iter()
            .map(|((party_id, side), amount)| Amount { party_id, side, amount })
            .collect(),
    };
    Ok(book::post(tx, draft).await?.is_some())
}

/// Keeps what was known of the visit, as long as it counts: when something of it changes, it is
/// looked at again.
async fn remember(tx: &mut Tx, facts: &Facts, counts: bool) -> Result<(), StoreError> {
    let id = facts.booking.id;
    if counts {
        tx.execute_one(
            "INSERT INTO visit_entered (booking_id, booking_version, guide) VALUES ($1, $2, $3) \
             ON CONFLICT (booking_id) DO UPDATE SET booking_version = excluded.booking_version, \
             guide = excluded.guide",
            params![id, facts.booking.version, facts.slot.guide],
        )
        .await
    } else {
        tx.execute("DELETE FROM visit_entered WHERE booking_id = $1", params![id]).await.map(|_| ())
    }
}
