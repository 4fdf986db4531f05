//! Customers' money of commissions: it comes in and goes back; when the pieces leave the house, or what
//! stays of a commission that was ended is known, it is shared.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::book::{self, Amount, Draft, EntryKind, Method, Side};
use super::error::LedgerError;
use super::party::{self, PartyKey, PartyKind};
use super::rule::{self, RuleOf, SplitRule};
use super::share::{How, Shares, divide};
use crate::accounts::Actor;
use crate::store::{Conn, StoreError, Tx};
use crate::{CoopId, Dong, VillageId, WorkshopId, coop, params};

/// What happened to a commission's money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CommissionEvent {
    /// Into the workshop's till, or on the account of this co-op.
    Paid(Option<CoopId>),
    /// Paid back to its customer from there.
    Returned(Option<CoopId>),
    /// The pieces left the house.
    Earned,
    /// Its customer ended it after the deposit.
    Kept,
}

#[derive(Debug)]
pub(crate) struct CommissionMoved<'a> {
    pub event: CommissionEvent,
    pub workshop: WorkshopId,
    pub amount: Dong,
    pub on_date: NaiveDate,
    pub method: Option<Method>,
    pub code: String,
    pub actor: &'a Actor,
    pub note: &'a str,
    /// Names the event.
    pub event_key: String,
}

/// Enters it, once.
pub(crate) async fn commission_moved(
    tx: &mut Tx,
    moved: CommissionMoved<'_>,
) -> Result<(), LedgerError> {
    let workshop = moved.workshop;
    let mut lines: BTreeMap<(PartyKey, Side), Dong> = BTreeMap::new();
    let till = |coop: Option<CoopId>| coop.map_or(PartyKey::Workshop(workshop), PartyKey::CoopFund);
    let guests = (PartyKey::Guests(workshop), Side::Prepaid);
    let mut rule = None;
    let kind = match moved.event {
        CommissionEvent::Paid(coop) => {
            lines.insert((till(coop), Side::Takings), Dong::ZERO - moved.amount);
            lines.insert(guests, moved.amount);
            EntryKind::CommissionPaid
        }
        CommissionEvent::Returned(coop) => {
            lines.insert((till(coop), Side::Takings), moved.amount);
            lines.insert(guests, Dong::ZERO - moved.amount);
            EntryKind::CommissionReturned
        }
        CommissionEvent::Earned | CommissionEvent::Kept => {
            lines.insert(guests, Dong::ZERO - moved.amount);
            let facts = Facts::load(tx, workshop, moved.on_date).await?;
            for (party, amount) in facts.shares(moved.amount) {
                *lines.entry((party, Side::Share)).or_default() += amount;
            }
            rule = facts.rule.map(|rule| rule.id);
            if moved.event == CommissionEvent::Earned {
                EntryKind::CommissionEarned
            } else {
                EntryKind::CommissionKept
            }
        }
    };
    let mut amounts = Vec::with_capacity(lines.len());
    for ((party, side), amount) in lines {
        amounts.push(Amount { party_id: party::account(tx, &party).await?, side, amount });
    }
    let draft = Draft {
        event_key: moved.event_key,
        kind,
        workshop,
        on_date: moved.on_date,
        booking: None,
        tour: None,
        code: moved.code,
        people: 0,
        rule,
        corrects: None,
        reason: moved.note.to_owned(),
        method: moved.method,
        actor: moved.actor.label(),
        lines: amounts,
    };
    book::post(tx, draft).await?;
    Ok(())
}

/// What the shares depend on.
struct Facts {
    workshop: WorkshopId,
    coop: Option<CoopId>,
    village: VillageId,
    rule: Option<SplitRule>,
}

impl Facts {
    async fn load(
        conn: &mut Conn,
        workshop: WorkshopId,
        day: NaiveDate,
    ) -> Result<Facts, StoreError> {
        let coop = coop::of_workshop(conn, workshop).await?.map(|coop| coop.id);
        let (village,): (VillageId,) = conn
            .fetch_one("SELECT village_id FROM workshop WHERE id = $1", params![workshop])
            .await?;
        let rule = match coop {
            Some(coop) => rule::in_force(conn, RuleOf::Coop(coop), day).await?,
            None => None,
        };
        Ok(Facts { workshop, coop, village, rule })
    }

    /// Whose share it is; None where there is nobody: no guide leads a commission, no travel company
    /// sells one, and designs are licensed for visits.
    fn party(&self, to: PartyKind) -> Option<PartyKey> {
        match to {
            PartyKind::Workshop => Some(PartyKey::Workshop(self.workshop)),
            PartyKind::CoopFund => self.coop.map(PartyKey::CoopFund),
            PartyKind::VillageFund => Some(PartyKey::VillageFund(self.village)),
            PartyKind::Guide
            | PartyKind::Reseller
            | PartyKind::Designer
            | PartyKind::Guests
            | PartyKind::GiftCards => None,
        }
    }

    /// Who gets how much. What nobody gets falls to whoever takes the rest, and the rest of nobody to
    /// the workshop.
    fn shares(&self, amount: Dong) -> Vec<(PartyKey, Dong)> {
        let usual = Shares::all_to_the_workshop();
        let shares = self.rule.as_ref().and_then(|rule| rule.shares.as_ref()).unwrap_or(&usual);
        let present: Vec<(PartyKey, How)> = shares
            .iter()
            .filter_map(|share| {
                let party = self.party(share.to);
                let party = match share.how {
                    How::Rest => Some(party.unwrap_or(PartyKey::Workshop(self.workshop))),
                    How::Percent(_) => party,
                    How::Visit(_) | How::Person(_) => None,
                };
                party.map(|party| (party, share.how))
            })
            .collect();
        let hows: Vec<How> = present.iter().map(|(_, how)| *how).collect();
        let parts = divide(amount, 0, &hows);
        present.into_iter().map(|(party, _)| party).zip(parts).collect()
    }
}
