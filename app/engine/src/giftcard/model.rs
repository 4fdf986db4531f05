//! A card, what it stands at, and what moved.

use std::collections::HashMap;

use chrono::{DateTime, Months, NaiveDate, Utc};
use subtle::ConstantTimeEq;

use super::code::CardCode;
use crate::payment::{MoveKind, PaymentCode};
use crate::store::{Conn, StoreError};
use crate::{
    BankAccountId, BookingId, CardMoveId, Dong, GiftCardId, Locale, MoveId, TransferId, WorkshopId,
    params, stored_enum,
};

stored_enum! {
    pub enum Origin {
        /// Somebody paid for it.
        Bought = "bought",
        /// The host gave it: nobody has paid.
        Given = "given",
    }
}

stored_enum! {
    pub enum CardState {
        /// Waits for its buyer's money.
        Awaiting = "awaiting",
        Active = "active",
        Expired = "expired",
        /// Pays nothing until it is unblocked.
        Blocked = "blocked",
        Cancelled = "cancelled",
    }
}

/// How a card stands on a day, as people say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Awaiting,
    Active,
    UsedUp,
    Expired,
    Blocked,
    Cancelled,
}

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct GiftCard {
    pub id: GiftCardId,
    pub workshop_id: WorkshopId,
    pub code: CardCode,
    /// Whoever has the link with it sees the card.
    pub secret: String,
    pub origin: Origin,
    pub state: CardState,
    pub value: Dong,
    /// Not used yet; of a card that nobody paid all of it.
    pub remaining: Dong,
    /// Its last day.
    pub valid_until: NaiveDate,
    /// For how long it is valid from when it is paid or given.
    pub months: i32,
    pub buyer_name: String,
    pub buyer_email: String,
    pub recipient_name: String,
    pub recipient_email: String,
    /// The buyer's, or the host's, to whoever gets it.
    pub words: String,
    pub reason: String,
    pub locale: Locale,
    pub account_id: Option<BankAccountId>,
    /// What its buyer writes in the transfer.
    pub pay_code: Option<PaymentCode>,
    pub due_at: Option<DateTime<Utc>>,
    pub note: String,
    pub lapsed: bool,
    pub activated_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
}

impl GiftCard {
    pub fn standing(&self, today: NaiveDate) -> Standing {
        match self.state {
            CardState::Awaiting => Standing::Awaiting,
            CardState::Active if self.remaining == Dong::ZERO => Standing::UsedUp,
            // No worker has come by yet.
            CardState::Active if self.valid_until < today => Standing::Expired,
            CardState::Active => Standing::Active,
            CardState::Expired => Standing::Expired,
            CardState::Blocked => Standing::Blocked,
            CardState::Cancelled => Standing::Cancelled,
        }
    }

    /// What can be spent of it on a day.
    pub fn left(&self, today: NaiveDate) -> Dong {
        if self.standing(today) == Standing::Active { self.remaining } else { Dong::ZERO }
    }

    pub fn hint(&self) -> String {
        self.code.hint()
    }

    /// Whoever holds it, as far as it is known: name and address of the recipient, or of the buyer.
    pub fn holder(&self) -> (&str, &str) {
        if self.recipient_email.is_empty() {
            (&self.buyer_name, &self.buyer_email)
        } else {
            (&self.recipient_name, &self.recipient_email)
        }
    }

    /// To be paid back to its buyer, of so much that is held of their money (received less returned):
    /// what is above the value; of a card that was cancelled all that was not used.
    pub fn due(&self, held: Dong) -> Dong {
        let stays = match self.state {
            // Parts are waited for, together.
            CardState::Awaiting => held,
            CardState::Cancelled => self.value - self.remaining,
            CardState::Active | CardState::Blocked | CardState::Expired => self.value,
        };
        (held - stays).max(Dong::ZERO)
    }
}

/// The last day of a card that is valid for so many months from a day on.
pub(super) fn last_day(from: NaiveDate, months: i32) -> NaiveDate {
    let months = Months::new(u32::try_from(months).unwrap_or(12));
    from.checked_add_months(months).unwrap_or(from)
}

stored_enum! {
    pub enum CardMoveKind {
        /// Its buyer's money came.
        Received = "received",
        /// Some of it went back.
        Returned = "returned",
        /// What was left when its time was over.
        Expired = "expired",
    }
}

/// Money of a card that is no booking's.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct CardMove {
    pub id: CardMoveId,
    pub card_id: GiftCardId,
    pub kind: CardMoveKind,
    pub amount: Dong,
    pub transfer_id: Option<TransferId>,
    pub on_date: NaiveDate,
    pub actor: String,
    pub note: String,
    pub created_at: DateTime<Utc>,
}

/// Spent on a booking or an order, or come back from one.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct CardUse {
    pub id: MoveId,
    /// None: an order of the shop.
    pub booking_id: Option<BookingId>,
    /// The booking's, or the order's.
    pub code: String,
    /// Received by the booking: spent. Refunded by it: come back.
    pub kind: MoveKind,
    pub amount: Dong,
    pub on_date: NaiveDate,
    pub created_at: DateTime<Utc>,
}

pub async fn by_id(conn: &mut Conn, id: GiftCardId) -> Result<Option<GiftCard>, StoreError> {
    conn.fetch_optional("SELECT * FROM gift_card WHERE id = $1", params![id]).await
}

/// Several at once; those that are not there are left out.
pub async fn by_ids(
    conn: &mut Conn,
    ids: &[GiftCardId],
) -> Result<HashMap<GiftCardId, GiftCard>, StoreError> {
    let sql = |list: &str| format!("SELECT * FROM gift_card WHERE id IN ({list})");
    let found: Vec<GiftCard> = conn.fetch_among(ids, sql).await?;
    Ok(found.into_iter().map(|card| (card.id, card)).collect())
}

pub async fn by_code(conn: &mut Conn, code: &CardCode) -> Result<Option<GiftCard>, StoreError> {
    conn.fetch_optional("SELECT * FROM gift_card WHERE code = $1", params![*code]).await
}

/// The card that a link opens: id and secret must both be right.
pub async fn by_secret(
    conn: &mut Conn,
    id: GiftCardId,
    secret: &str,
) -> Result<Option<GiftCard>, StoreError> {
    let card = by_id(conn, id).await?;
    Ok(card.filter(|card| card.secret.as_bytes().ct_eq(secret.as_bytes()).into()))
}

pub(super) async fn by_form_key(
    conn: &mut Conn,
    key: &str,
) -> Result<Option<GiftCard>, StoreError> {
    conn.fetch_optional("SELECT * FROM gift_card WHERE form_key = $1", params![*key]).await
}

/// The card that a transfer into this account names; a code of another account says nothing here.
pub(crate) async fn by_pay_code(
    conn: &mut Conn,
    account: BankAccountId,
    code: &PaymentCode,
) -> Result<Option<GiftCard>, StoreError> {
    conn.fetch_optional(
        "SELECT * FROM gift_card WHERE pay_code = $1 AND account_id = $2",
        params![*code, account],
    )
    .await
}

/// By the code that pays for it or by the one that spends it, letters and digits alone.
pub(crate) async fn by_any_code(
    conn: &mut Conn,
    code: &str,
) -> Result<Option<GiftCard>, StoreError> {
    conn.fetch_optional("SELECT * FROM gift_card WHERE pay_code = $1 OR code = $1", params![*code])
        .await
}

/// Cards that are to be paid into an account, the latest first, with what came of the money.
pub(crate) async fn unpaid(
    conn: &mut Conn,
    account: BankAccountId,
    most: i64,
) -> Result<Vec<(GiftCard, Dong)>, StoreError> {
    let cards: Vec<GiftCard> = conn
        .fetch_all(
            "SELECT * FROM gift_card WHERE account_id = $1 AND activated_at IS NULL \
             AND (state = 'awaiting' OR lapsed) ORDER BY created_at DESC LIMIT $2",
            params![account, most],
        )
        .await?;
    let mut unpaid = Vec::with_capacity(cards.len());
    for card in cards {
        let paid = paid_for(conn, card.id).await?;
        unpaid.push((card, paid));
    }
    Ok(unpaid)
}

/// What is held of a buyer's money: received less returned.
pub async fn paid_for(conn: &mut Conn, card: GiftCardId) -> Result<Dong, StoreError> {
    let (sum,): (Dong,) = conn
        .fetch_one(
            "SELECT CAST(COALESCE(SUM(CASE kind WHEN 'received' THEN amount \
             WHEN 'returned' THEN -amount ELSE 0 END), 0) AS BIGINT) FROM gift_card_move \
             WHERE card_id = $1",
            params![card],
        )
        .await?;
    Ok(sum)
}

/// A card's moves beside its bookings', first things first.
pub async fn moves_of(conn: &mut Conn, card: GiftCardId) -> Result<Vec<CardMove>, StoreError> {
    conn.fetch_all(
        "SELECT id, card_id, kind, amount, transfer_id, on_date, actor, note, created_at \
         FROM gift_card_move WHERE card_id = $1 ORDER BY created_at, id",
        params![card],
    )
    .await
}

/// The bookings and orders that it paid, and those that it came back from.
pub async fn uses_of(conn: &mut Conn, card: GiftCardId) -> Result<Vec<CardUse>, StoreError> {
    conn.fetch_all(
        "SELECT move.id AS id, move.booking_id, booking.code, move.kind, move.amount, \
         move.on_date, move.created_at AS created_at FROM payment_move move JOIN booking ON booking.id = move.booking_id \
         WHERE move.card_id = $1 UNION ALL \
         SELECT move.id, NULL AS booking_id, shop_order.code, move.kind, move.amount, \
         move.on_date, move.created_at FROM shop_move move \
         JOIN shop_order ON shop_order.id = move.order_id \
         WHERE move.card_id = $1 ORDER BY created_at, id",
        params![card],
    )
    .await
}

/// What moved on a card with a booking or an order, for its letter.
pub(crate) async fn moved(
    conn: &mut Conn,
    id: MoveId,
) -> Result<Option<(MoveKind, Dong)>, StoreError> {
    conn.fetch_optional(
        "SELECT kind, amount FROM payment_move WHERE id = $1 UNION ALL \
         SELECT kind, amount FROM shop_move WHERE id = $1",
        params![id],
    )
    .await
}
