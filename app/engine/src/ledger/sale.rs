//! Orders of the shop: paid for, shared when the pieces leave the house, taken back when they return.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::book::{self, Amount, Draft, EntryKind, Method, Side, entry};
use super::error::LedgerError;
use super::party::{self, PartyKey};
use super::prepaid::Till;
use super::rule::{RuleOf, in_force};
use super::share::among;
use crate::accounts::Actor;
use crate::store::Tx;
use crate::{CoopId, Dong, EntryId, WorkshopId, params};

/// Money of an order, of one maker's part of it.
#[derive(Debug)]
pub(crate) struct SalePaid<'a> {
    pub workshop: WorkshopId,
    pub till: Till,
    /// Below 0: it went back.
    pub amount: Dong,
    pub on_date: NaiveDate,
    pub method: Method,
    pub code: String,
    pub actor: &'a Actor,
    pub note: &'a str,
    pub event_key: String,
}

/// Whoever has the money owes it to the guests.
pub(crate) async fn sale_paid(tx: &mut Tx, paid: SalePaid<'_>) -> Result<(), LedgerError> {
    let workshop = paid.workshop;
    let guests = party::account(tx, &PartyKey::Guests(workshop)).await?;
    let (till, side) = paid.till.place(workshop);
    let till = party::account(tx, &till).await?;
    let back = paid.amount < Dong::ZERO;
    let kind = if back { EntryKind::OrderRefund } else { EntryKind::OrderPaid };
    let lines = vec![
        Amount { party_id: till, side, amount: Dong::ZERO - paid.amount },
        Amount { party_id: guests, side: Side::Prepaid, amount: paid.amount },
    ];
    let draft = Draft {
        event_key: paid.event_key,
        kind,
        workshop,
        on_date: paid.on_date,
        booking: None,
        tour: None,
        code: paid.code,
        people: 0,
        rule: None,
        corrects: None,
        reason: paid.note.to_owned(),
        method: Some(paid.method),
        actor: paid.actor.label(),
        lines,
    };
    book::post(tx, draft).await?;
    Ok(())
}

/// One maker's part of an order that left the house.
#[derive(Debug)]
pub(crate) struct Sold<'a> {
    pub workshop: WorkshopId,
    /// On whose shelf it was.
    pub coop: Option<CoopId>,
    pub goods: Dong,
    /// Of the post, which is whose who sends it.
    pub postage: Dong,
    pub pieces: i32,
    pub on_date: NaiveDate,
    pub code: String,
    pub actor: &'a Actor,
    pub event_key: String,
}

/// Uses up what was paid for it, and shares it: of the workshop's own shelf all to the workshop, of a
/// co-op's by the co-op's rule for sales.
pub(crate) async fn sold(tx: &mut Tx, sold: Sold<'_>) -> Result<(), LedgerError> {
    let workshop = sold.workshop;
    let rule = match sold.coop {
        Some(coop) => in_force(tx, RuleOf::Sales(coop), sold.on_date).await?,
        None => None,
    };
    let village = party::village_of(tx, workshop).await?;
    let own = PartyKey::Workshop(workshop);
    let pieces = u32::try_from(sold.pieces).unwrap_or(0);
    let shares = rule.as_ref().and_then(|rule| rule.shares.as_ref());
    // Nobody led or resold it, and designs are licensed for visits.
    let parts = among(shares, &own, (sold.goods, pieces), |share| {
        PartyKey::of_house(share.to, workshop, sold.coop, village)
    });
    let mut amounts: BTreeMap<(PartyKey, Side), Dong> = BTreeMap::new();
    let sender = (PartyKey::till(workshop, sold.coop), sold.postage);
    for (party, amount) in parts.into_iter().chain([sender]) {
        *amounts.entry((party, Side::Share)).or_default() += amount;
    }
    let used = Dong::ZERO - (sold.goods + sold.postage);
    amounts.insert((PartyKey::Guests(workshop), Side::Prepaid), used);
    let lines = book::amounts(tx, amounts).await?;
    let draft = Draft {
        event_key: sold.event_key,
        kind: EntryKind::Sale,
        workshop,
        on_date: sold.on_date,
        booking: None,
        tour: None,
        code: sold.code,
        people: 0,
        rule: rule.map(|rule| rule.id),
        corrects: None,
        reason: String::new(),
        method: None,
        actor: sold.actor.label(),
        lines,
    };
    book::post(tx, draft).await?;
    Ok(())
}

/// A sale is taken back whole: the pieces returned, and the money is the guests' again.
pub(crate) async fn sale_back(
    tx: &mut Tx,
    sale: String,
    on_date: NaiveDate,
    actor: &Actor,
) -> Result<(), LedgerError> {
    let sql = "SELECT id FROM ledger_entry WHERE event_key = $1";
    let found: Option<(EntryId,)> = tx.fetch_optional(sql, params![sale]).await?;
    let Some((id,)) = found else { return Ok(()) };
    let sale_entry = entry(tx, id).await?.ok_or(LedgerError::Unknown)?;
    let back = |line: &Amount| Amount { amount: Dong::ZERO - line.amount, ..*line };
    let draft = Draft {
        event_key: format!("{sale}:back"),
        kind: EntryKind::SaleBack,
        workshop: sale_entry.workshop_id,
        on_date,
        booking: None,
        tour: None,
        code: sale_entry.code,
        people: 0,
        rule: sale_entry.rule_id,
        corrects: Some(sale_entry.id),
        reason: String::new(),
        method: None,
        actor: actor.label(),
        lines: sale_entry.lines.iter().map(back).collect(),
    };
    book::post(tx, draft).await?;
    Ok(())
}
