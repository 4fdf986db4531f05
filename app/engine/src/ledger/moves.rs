//! What people enter by hand: adjustments, payouts, and taking either back.

use chrono::{Days, NaiveDate};
use serde_json::json;

use super::book::{self, Amount, Draft, Entry, EntryKind, Method, Side};
use super::error::{Field, LedgerError, Wrong, Wrongs};
use super::party::{self, PartyKey, PartyKind};
use super::read::{amount_of, date_of, words_of};
use crate::accounts::{Actor, Forbidden, audit};
use crate::clock::local_date;
use crate::coop::{self, MemberRole};
use crate::store::Tx;
use crate::{Dong, EntryId, PartyId, WorkshopId, params};

/// Longest reason or note kept, in characters.
const MAX_WORDS: usize = 300;

/// Days back for which a payout may be entered.
const PAYOUT_DAYS: u64 = 62;

/// One side of an adjustment or payout, as a form names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// The guests' money: they paid less than was entered, or more.
    Guests,
    Workshop,
    /// Of the co-op that the workshop is in now.
    CoopFund,
    VillageFund,
    /// Who has an account already.
    Party(PartyId),
}

impl Holder {
    /// "guests", "workshop", "coop_fund", "village_fund" or the id of a party.
    pub fn parse(word: &str) -> Option<Holder> {
        match word {
            "guests" => Some(Holder::Guests),
            "workshop" => Some(Holder::Workshop),
            "coop_fund" => Some(Holder::CoopFund),
            "village_fund" => Some(Holder::VillageFund),
            id => id.parse().ok().map(Holder::Party),
        }
    }
}

impl std::fmt::Display for Holder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Holder::Guests => f.write_str("guests"),
            Holder::Workshop => f.write_str("workshop"),
            Holder::CoopFund => f.write_str("coop_fund"),
            Holder::VillageFund => f.write_str("village_fund"),
            Holder::Party(id) => id.fmt(f),
        }
    }
}

/// Where an amount goes in an account.
struct Place {
    party: PartyId,
    side: Side,
    /// The co-op whose fund it is.
    fund: Option<crate::CoopId>,
}

/// Finds the account of one side; None for what is not this workshop's.
async fn place(
    tx: &mut Tx,
    workshop: WorkshopId,
    holder: Holder,
    side: Side,
) -> Result<Option<Place>, LedgerError> {
    let (key, side) = match holder {
        Holder::Guests => (PartyKey::Workshop(workshop), Side::Takings),
        Holder::Workshop => (PartyKey::Workshop(workshop), side),
        Holder::CoopFund => match coop::of_workshop(tx, workshop).await? {
            Some(coop) => (PartyKey::CoopFund(coop.id), side),
            None => return Ok(None),
        },
        Holder::VillageFund => {
            let village = party::village_of(tx, workshop).await?;
            (PartyKey::VillageFund(village), side)
        }
        Holder::Party(id) => {
            let parties = party::parties_of(tx, workshop).await?;
            // What guests paid beforehand moves by their bookings and cards alone.
            let found = parties.into_iter().find(|party| party.id == id && !party.kind.by_itself());
            return Ok(found.map(|party| Place { party: id, side, fund: party.coop_id }));
        }
    };
    let fund = match key {
        PartyKey::CoopFund(coop) => Some(coop),
        _ => None,
    };
    Ok(Some(Place { party: party::account(tx, &key).await?, side, fund }))
}

/// Owners enter what concerns their workshop; a co-op's managers what concerns its fund.
async fn may_enter(
    tx: &mut Tx,
    actor: &Actor,
    workshop: WorkshopId,
    funds: impl IntoIterator<Item = crate::CoopId>,
) -> Result<(), LedgerError> {
    if actor.must_own(workshop).is_ok() {
        return Ok(());
    }
    for coop in funds {
        if coop::standing(tx, actor, coop).await? == Some(MemberRole::Manager) {
            return Ok(());
        }
    }
    Err(Forbidden.into())
}

/// An adjustment as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AdjustmentInput {
    pub from: String,
    pub to: String,
    pub amount: String,
    pub reason: String,
}

/// So much from one side's account to another's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adjustment {
    pub from: Holder,
    pub to: Holder,
    pub amount: Dong,
    pub reason: String,
}

impl Adjustment {
    pub fn parse(input: &AdjustmentInput) -> Result<Adjustment, Wrongs> {
        let mut wrongs = Vec::new();
        let from = Holder::parse(&input.from);
        if from.is_none() {
            wrongs.push((Field::From, Wrong::Choice));
        }
        let to = Holder::parse(&input.to);
        if to.is_none() {
            wrongs.push((Field::To, Wrong::Choice));
        } else if to == from {
            wrongs.push((Field::To, Wrong::Twice));
        }
        let amount = amount_of(&input.amount, Field::Amount, &mut wrongs);
        let reason = words_of(&input.reason, Field::Reason, MAX_WORDS, &mut wrongs);
        if reason.is_empty() {
            wrongs.push((Field::Reason, Wrong::Missing));
        }
        match (from, to, amount) {
            (Some(from), Some(to), Some(amount)) if wrongs.is_empty() => {
                Ok(Adjustment { from, to, amount, reason })
            }
            _ => Err(wrongs),
        }
    }
}

#[derive(Debug, Clone)]
pub struct Adjust {
    pub actor: Actor,
    pub workshop: WorkshopId,
    pub adjustment: Adjustment,
    /// The same form makes one entry.
    pub form_key: String,
}

/// Moves an amount between two accounts, with its reason.
pub async fn adjust(tx: &mut Tx, command: Adjust) -> Result<(), LedgerError> {
    let Adjustment { from, to, amount, reason } = command.adjustment;
    let giver = place(tx, command.workshop, from, Side::Adjusted).await?;
    let taker = place(tx, command.workshop, to, Side::Adjusted).await?;
    let funds = [&giver, &taker].into_iter().flatten().filter_map(|place| place.fund);
    may_enter(tx, &command.actor, command.workshop, funds.collect::<Vec<_>>()).await?;
    let (Some(giver), Some(taker)) = (&giver, &taker) else {
        let field = if giver.is_none() { Field::From } else { Field::To };
        return Err(LedgerError::Fields(vec![(field, Wrong::Choice)]));
    };
    if giver.party == taker.party && giver.side == taker.side {
        return Err(LedgerError::Fields(vec![(Field::To, Wrong::Twice)]));
    }
    let detail = json!({ "from": from.to_string(), "to": to.to_string(), "amount": amount });
    let draft = Draft {
        reason,
        lines: between(giver, taker, amount),
        ..by_hand(tx, EntryKind::Adjustment, command.workshop, &command.actor, &command.form_key)
    };
    finish(tx, draft, &command.actor, "ledger.adjust", detail).await
}

fn between(giver: &Place, taker: &Place, amount: Dong) -> Vec<Amount> {
    vec![
        Amount { party_id: giver.party, side: giver.side, amount: Dong::ZERO - amount },
        Amount { party_id: taker.party, side: taker.side, amount },
    ]
}

/// What all entries by hand have in common.
fn by_hand(tx: &Tx, kind: EntryKind, workshop: WorkshopId, actor: &Actor, form_key: &str) -> Draft {
    Draft {
        event_key: format!("form:{form_key}"),
        kind,
        workshop,
        on_date: local_date(tx.now()),
        booking: None,
        tour: None,
        code: String::new(),
        people: 0,
        rule: None,
        corrects: None,
        reason: String::new(),
        method: None,
        actor: actor.label(),
        lines: Vec::new(),
    }
}

async fn finish(
    tx: &mut Tx,
    draft: Draft,
    actor: &Actor,
    verb: &'static str,
    detail: serde_json::Value,
) -> Result<(), LedgerError> {
    let workshop = draft.workshop;
    if let Some(id) = book::post(tx, draft).await? {
        audit::record(tx, actor, verb, id, Some(workshop), detail).await?;
    }
    Ok(())
}

/// A payout as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PayoutInput {
    pub to: String,
    pub amount: String,
    pub date: String,
    pub method: String,
    pub note: String,
}

/// So much paid by the workshop out of what it took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payout {
    pub to: Holder,
    pub amount: Dong,
    pub on: NaiveDate,
    pub method: Method,
    pub note: String,
}

impl Payout {
    pub fn parse(input: &PayoutInput) -> Result<Payout, Wrongs> {
        let mut wrongs = Vec::new();
        let to =
            Holder::parse(&input.to).filter(|to| !matches!(to, Holder::Guests | Holder::Workshop));
        if to.is_none() {
            wrongs.push((Field::To, Wrong::Choice));
        }
        let amount = amount_of(&input.amount, Field::Amount, &mut wrongs);
        let on = date_of(&input.date, Field::Date, &mut wrongs);
        let method = Method::by_hand(&input.method);
        if method.is_none() {
            wrongs.push((Field::Method, Wrong::Choice));
        }
        let note = words_of(&input.note, Field::Reason, MAX_WORDS, &mut wrongs);
        match (to, amount, on, method) {
            (Some(to), Some(amount), Some(on), Some(method)) if wrongs.is_empty() => {
                Ok(Payout { to, amount, on, method, note })
            }
            _ => Err(wrongs),
        }
    }
}

#[derive(Debug, Clone)]
pub struct PayOut {
    pub actor: Actor,
    pub workshop: WorkshopId,
    pub payout: Payout,
    /// The same form makes one entry.
    pub form_key: String,
}

/// Marks that a party was paid. Never more than the workshop owes it.
pub async fn pay_out(tx: &mut Tx, command: PayOut) -> Result<(), LedgerError> {
    let Payout { to, amount, on, method, note } = command.payout;
    let workshop = command.workshop;
    let payee = place(tx, workshop, to, Side::Paid).await?;
    let fund = payee.as_ref().and_then(|place| place.fund);
    may_enter(tx, &command.actor, workshop, fund).await?;
    let payer = place(tx, workshop, Holder::Workshop, Side::Paid).await?;
    let (Some(payee), Some(payer)) = (payee, payer) else {
        return Err(LedgerError::Fields(vec![(Field::To, Wrong::Choice)]));
    };
    if payee.party == payer.party {
        return Err(LedgerError::Fields(vec![(Field::To, Wrong::Choice)]));
    }
    let today = local_date(tx.now());
    if on > today || on < today - Days::new(PAYOUT_DAYS) {
        return Err(LedgerError::Fields(vec![(Field::Date, Wrong::Date)]));
    }
    let mut draft = by_hand(tx, EntryKind::Payout, workshop, &command.actor, &command.form_key);
    let (known,): (i64,) = tx
        .fetch_one(
            "SELECT CAST(COUNT(*) AS BIGINT) FROM ledger_entry WHERE event_key = $1",
            params![draft.event_key],
        )
        .await?;
    if known > 0 {
        return Ok(());
    }
    let (owed,): (Dong,) = tx
        .fetch_one(
            "SELECT CAST(COALESCE(SUM(line.amount), 0) AS BIGINT) FROM ledger_line line \
             JOIN ledger_entry entry ON entry.id = line.entry_id \
             WHERE entry.workshop_id = $1 AND line.party_id = $2",
            params![workshop, payee.party],
        )
        .await?;
    if amount > owed {
        let left = owed.max(Dong::ZERO);
        return Err(LedgerError::Fields(vec![(Field::Amount, Wrong::Owed { left })]));
    }
    let detail = json!({ "to": payee.party, "amount": amount, "on": on, "method": method });
    draft.on_date = on;
    draft.method = Some(method);
    draft.reason = note;
    draft.lines = between(&payee, &payer, amount);
    finish(tx, draft, &command.actor, "ledger.pay_out", detail).await
}

#[derive(Debug, Clone)]
pub struct Reverse {
    pub actor: Actor,
    pub entry: EntryId,
    pub reason: String,
}

/// Takes an adjustment or payout back, by an entry of the opposite that names it. Once.
pub async fn reverse(tx: &mut Tx, command: Reverse) -> Result<(), LedgerError> {
    let wrong = book::entry(tx, command.entry).await?.ok_or(LedgerError::Unknown)?;
    let funds = funds_of(tx, &wrong).await?;
    may_enter(tx, &command.actor, wrong.workshop_id, funds).await?;
    if !matches!(wrong.kind, EntryKind::Adjustment | EntryKind::Payout) {
        return Err(LedgerError::FollowsVisit);
    }
    let mut wrongs = Vec::new();
    let reason = words_of(&command.reason, Field::Reason, MAX_WORDS, &mut wrongs);
    if reason.is_empty() {
        wrongs.push((Field::Reason, Wrong::Missing));
    }
    if !wrongs.is_empty() {
        return Err(LedgerError::Fields(wrongs));
    }
    let lines = wrong.lines.iter().map(|line| Amount { amount: Dong::ZERO - line.amount, ..*line });
    let draft = Draft {
        event_key: format!("reverse:{}", wrong.id),
        corrects: Some(wrong.id),
        method: wrong.method,
        reason,
        lines: lines.collect(),
        ..by_hand(tx, EntryKind::Reversal, wrong.workshop_id, &command.actor, "")
    };
    let Some(id) = book::post(tx, draft).await? else { return Err(LedgerError::TakenBack) };
    let detail = json!({ "entry": wrong.id });
    audit::record(tx, &command.actor, "ledger.reverse", id, Some(wrong.workshop_id), detail)
        .await?;
    Ok(())
}

async fn funds_of(tx: &mut Tx, entry: &Entry) -> Result<Vec<crate::CoopId>, LedgerError> {
    let mut funds = Vec::new();
    for line in &entry.lines {
        let party = party::party(tx, line.party_id).await?;
        let fund = party.filter(|party| party.kind == PartyKind::CoopFund);
        funds.extend(fund.and_then(|party| party.coop_id));
    }
    Ok(funds)
}
