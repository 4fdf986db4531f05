//! The ledger itself. Entries come in by [`post`] and by nothing else; nothing of them is ever
//! changed or deleted, and a test reads the program's source for it.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::error::LedgerError;
use super::party::{self, PartyKey};
use crate::store::{Conn, StoreError, Tx};
use crate::{
    BookingId, Dong, EntryId, PartyId, SplitRuleId, TourId, WorkshopId, columns, params,
    stored_enum,
};

stored_enum! {
    /// What an entry tells of.
    pub enum EntryKind {
        Visit = "visit",
        /// What stays of the money of somebody who cancelled late or did not come.
        Kept = "kept",
        /// A visit turned out to be another one than was entered.
        Correction = "correction",
        Adjustment = "adjustment",
        Payout = "payout",
        /// An adjustment or payout taken back.
        Reversal = "reversal",
        /// A guest paid before the visit.
        Prepayment = "prepayment",
        /// A guest was paid back.
        Refund = "refund",
        /// Somebody paid for a gift card.
        CardSold = "card_sold",
        /// Its buyer was paid back.
        CardReturned = "card_returned",
        /// What was left on a card when its time was over is the workshop's.
        CardExpired = "card_expired",
        /// A customer paid for a commission that is still in the house.
        CommissionPaid = "commission_paid",
        /// A customer was paid back.
        CommissionReturned = "commission_returned",
        /// The pieces left the house: what was paid is earned.
        CommissionEarned = "commission_earned",
        /// What stays of a commission that its customer ended.
        CommissionKept = "commission_kept",
        /// Somebody paid for an order of the shop.
        OrderPaid = "order_paid",
        /// They were paid back.
        OrderRefund = "order_refund",
        /// What was ordered left the house.
        Sale = "sale",
        /// It came back.
        SaleBack = "sale_back",
    }
}

stored_enum! {
    /// Where in a party's account an amount stands.
    #[derive(PartialOrd, Ord)]
    pub enum Side {
        /// Guests' money in the workshop's till.
        Takings = "takings",
        /// What guests have paid beforehand and not used up by coming.
        Prepaid = "prepaid",
        Share = "share",
        Adjusted = "adjusted",
        Paid = "paid",
    }
}

stored_enum! {
    /// How somebody paid or was paid.
    pub enum Method {
        Cash = "cash",
        Transfer = "transfer",
        Other = "other",
        /// Of a card that was paid for before, or given.
        GiftCard = "gift_card",
    }
}

impl Method {
    /// Those that a person may name: a card's money moves with its card alone.
    pub const BY_HAND: [Method; 3] = [Method::Cash, Method::Transfer, Method::Other];

    pub fn by_hand(text: &str) -> Option<Method> {
        Method::parse(text).filter(|method| *method != Method::GiftCard)
    }
}

/// One amount of an entry: above 0 it is owed to the party, below 0 the party holds it or was
/// paid it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Amount {
    pub party_id: PartyId,
    pub side: Side,
    pub amount: Dong,
}

/// An entry with its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub id: EntryId,
    pub kind: EntryKind,
    pub workshop_id: WorkshopId,
    /// The day on which it counts: of a visit the visit's, of a payout the payment's, of all
    /// others the day they were made.
    pub on_date: NaiveDate,
    pub booking_id: Option<BookingId>,
    pub tour_id: Option<TourId>,
    /// The booking's.
    pub code: String,
    pub people: i32,
    pub rule_id: Option<SplitRuleId>,
    pub corrects: Option<EntryId>,
    pub reason: String,
    pub method: Option<Method>,
    /// As the audit names it.
    pub actor: String,
    pub created_at: DateTime<Utc>,
    pub lines: Vec<Amount>,
}

/// What is to be entered; id and instant come with the transaction.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    /// Names the event, so that it is entered once.
    pub event_key: String,
    pub kind: EntryKind,
    pub workshop: WorkshopId,
    pub on_date: NaiveDate,
    pub booking: Option<BookingId>,
    pub tour: Option<TourId>,
    pub code: String,
    pub people: i32,
    pub rule: Option<SplitRuleId>,
    pub corrects: Option<EntryId>,
    pub reason: String,
    pub method: Option<Method>,
    pub actor: String,
    pub lines: Vec<Amount>,
}

/// Lines of an entry, for the accounts of their parties.
pub(super) async fn amounts(
    tx: &mut Tx,
    of: BTreeMap<(PartyKey, Side), Dong>,
) -> Result<Vec<Amount>, StoreError> {
    let mut amounts = Vec::with_capacity(of.len());
    for ((party, side), amount) in of {
        amounts.push(Amount { party_id: party::account(tx, &party).await?, side, amount });
    }
    Ok(amounts)
}

/// Enters it, unless the same event is entered already: then None. The only way into the ledger.
pub(super) async fn post(tx: &mut Tx, draft: Draft) -> Result<Option<EntryId>, LedgerError> {
    let lines: Vec<&Amount> = draft.lines.iter().filter(|line| line.amount != Dong::ZERO).collect();
    // In 128 bits: an entry that balances only by saturation does not balance.
    let sum: i128 = lines.iter().map(|line| i128::from(line.amount.0)).sum();
    if sum != 0 {
        return Err(LedgerError::Unbalanced(Dong(i64::try_from(sum).unwrap_or(i64::MAX))));
    }
    let id = EntryId::new(tx.now());
    let columns = columns! {
        id: id,
        event_key: draft.event_key,
        kind: draft.kind,
        workshop_id: draft.workshop,
        on_date: draft.on_date,
        booking_id: draft.booking,
        tour_id: draft.tour,
        code: draft.code,
        people: draft.people,
        rule_id: draft.rule,
        corrects: draft.corrects,
        reason: draft.reason,
        method: draft.method,
        actor: draft.actor,
        created_at: tx.now(),
    };
    if !tx.insert_if_new("ledger_entry", columns).await? {
        return Ok(None);
    }
    for (position, line) in (1_i32..).zip(lines) {
        let columns = columns! {
            entry_id: id,
            position: position,
            party_id: line.party_id,
            side: line.side,
            amount: line.amount,
        };
        tx.insert("ledger_line", columns).await?;
    }
    Ok(Some(id))
}

#[derive(sqlx::FromRow)]
struct Head {
    id: EntryId,
    kind: EntryKind,
    workshop_id: WorkshopId,
    on_date: NaiveDate,
    booking_id: Option<BookingId>,
    tour_id: Option<TourId>,
    code: String,
    people: i32,
    rule_id: Option<SplitRuleId>,
    corrects: Option<EntryId>,
    reason: String,
    method: Option<Method>,
    actor: String,
    created_at: DateTime<Utc>,
}

async fn with_lines(conn: &mut Conn, head: Head) -> Result<Entry, StoreError> {
    let lines = conn
        .fetch_all(
            "SELECT party_id, side, amount FROM ledger_line WHERE entry_id = $1 ORDER BY position",
            params![head.id],
        )
        .await?;
    Ok(Entry {
        id: head.id,
        kind: head.kind,
        workshop_id: head.workshop_id,
        on_date: head.on_date,
        booking_id: head.booking_id,
        tour_id: head.tour_id,
        code: head.code,
        people: head.people,
        rule_id: head.rule_id,
        corrects: head.corrects,
        reason: head.reason,
        method: head.method,
        actor: head.actor,
        created_at: head.created_at,
        lines,
    })
}

/// An entry by id; whoever asks must have been let in to the workshop's money.
pub async fn entry(conn: &mut Conn, id: EntryId) -> Result<Option<Entry>, StoreError> {
    let head: Option<Head> =
        conn.fetch_optional("SELECT * FROM ledger_entry WHERE id = $1", params![id]).await?;
    match head {
        Some(head) => Ok(Some(with_lines(conn, head).await?)),
        None => Ok(None),
    }
}

/// Entries made of a visit, in order: the visit itself, or what was kept instead of one, then its
/// corrections.
pub(super) async fn of_booking(
    conn: &mut Conn,
    booking: BookingId,
) -> Result<Vec<Entry>, StoreError> {
    let heads: Vec<Head> = conn
        .fetch_all(
            "SELECT * FROM ledger_entry WHERE booking_id = $1 \
             AND kind IN ('visit', 'kept', 'correction') ORDER BY kind DESC, created_at, id",
            params![booking],
        )
        .await?;
    let mut entries = Vec::with_capacity(heads.len());
    for head in heads {
        entries.push(with_lines(conn, head).await?);
    }
    Ok(entries)
}

/// What the guest of a booking has paid beforehand, less what was paid back: used or not.
pub(super) async fn paid_beforehand(
    conn: &mut Conn,
    booking: BookingId,
) -> Result<Dong, StoreError> {
    let (sum,): (Dong,) = conn
        .fetch_one(
            "SELECT CAST(COALESCE(SUM(line.amount), 0) AS BIGINT) FROM ledger_line line \
             JOIN ledger_entry entry ON entry.id = line.entry_id \
             JOIN ledger_party party ON party.id = line.party_id WHERE entry.booking_id = $1 \
             AND entry.kind IN ('prepayment', 'refund') AND line.side = 'prepaid' \
             AND party.kind = 'guests'",
            params![booking],
        )
        .await?;
    Ok(sum)
}

/// The entry that took this one back, if one did.
pub async fn reversed_by(conn: &mut Conn, id: EntryId) -> Result<Option<EntryId>, StoreError> {
    let found: Option<(EntryId,)> = conn
        .fetch_optional(
            "SELECT id FROM ledger_entry WHERE corrects = $1 AND kind = 'reversal'",
            params![id],
        )
        .await?;
    Ok(found.map(|(id,)| id))
}
