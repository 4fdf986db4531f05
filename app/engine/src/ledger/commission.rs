//! Customers' money of commissions: it comes in and goes back; when the pieces leave the house, or what
//! stays of a commission that was ended is known, it is shared.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::book::{self, Draft, EntryKind, Method, Side};
use super::error::LedgerError;
use super::party::{self, PartyKey};
use super::rule::{self, RuleOf, SplitRule};
use super::share::{How, among};
use crate::accounts::Actor;
use crate::store::{Conn, StoreError, Tx};
use crate::{CoopId, Dong, VillageId, WorkshopId, coop};

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
    let till = |coop: Option<CoopId>| PartyKey::till(workshop, coop);
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
    let lines = book::amounts(tx, lines).await?;
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
        lines,
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
        let village = party::village_of(conn, workshop).await?;
        let rule = match coop {
            Some(coop) => rule::in_force(conn, RuleOf::Coop(coop), day).await?,
            None => None,
        };
        Ok(Facts { workshop, coop, village, rule })
    }

    /// Who gets how much. No guide leads a commission, no travel company sells one, designs are licensed
    /// for visits, and nothing is of a visit or a person.
    fn shares(&self, amount: Dong) -> Vec<(PartyKey, Dong)> {
        let shares = self.rule.as_ref().and_then(|rule| rule.shares.as_ref());
        let house = PartyKey::Workshop(self.workshop);
        among(shares, &house, (amount, 0), |share| match share.how {
            How::Rest | How::Percent(_) => {
                PartyKey::of_house(share.to, self.workshop, self.coop, self.village)
            }
            How::Visit(_) | How::Person(_) => None,
        })
    }
}
