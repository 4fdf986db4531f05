//! An order and what is in it.

use chrono::{DateTime, TimeDelta, Utc};
use subtle::ConstantTimeEq;

use super::basket::Seller;
use super::error::ShopError;
use crate::accounts::{Actor, Forbidden};
use crate::coop::{self, MemberRole};
use crate::payment::PaymentCode;
use crate::store::{Conn, StoreError, Tx};
use crate::{
    BankAccountId, BookingId, CoopId, Dong, Locale, Localized, ParcelId, ProductId, ShopOrderId,
    WorkshopId, params, stored_enum,
};

/// Days in which a buyer may give back what was not as the page said.
pub(super) const WITHDRAW: TimeDelta = TimeDelta::days(30);
/// How long a parcel of which nobody said that it arrived is taken to be under way.
const UNDER_WAY: TimeDelta = TimeDelta::days(30);
/// Rows of a list.
const MOST: i64 = 300;

stored_enum! {
    pub enum OrderState {
        /// Waits for its money; the pieces are kept.
        Awaiting = "awaiting",
        /// To be packed or laid out.
        Open = "open",
        /// Packed, or ready to be collected.
        Packed = "packed",
        Posted = "posted",
        /// With its buyer.
        Done = "done",
        /// Its buyer wants to give it back.
        Withdrawn = "withdrawn",
        /// It came back.
        Returned = "returned",
        Cancelled = "cancelled",
        /// Not paid, or not collected, in time.
        Expired = "expired",
    }
}

impl OrderState {
    /// Nothing more is done with it but paying back.
    pub const fn is_over(self) -> bool {
        matches!(
            self,
            OrderState::Done | OrderState::Returned | OrderState::Cancelled | OrderState::Expired
        )
    }

    /// Whether its pieces are taken and still in the house.
    pub const fn keeps(self) -> bool {
        matches!(self, OrderState::Awaiting | OrderState::Open | OrderState::Packed)
    }
}

stored_enum! {
    pub enum OrderWay { Collect = "collect", Post = "post" }
}

stored_enum! {
    pub enum Pays {
        /// Beforehand.
        Transfer = "transfer",
        /// When it is collected.
        Counter = "counter",
    }
}

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Order {
    pub id: ShopOrderId,
    /// Also what its buyer writes in the transfer.
    pub code: PaymentCode,
    /// Whoever has the link with it sees the order.
    pub secret: String,
    /// Who packs it and hands it over.
    pub workshop_id: WorkshopId,
    /// The seller, where that is a co-op.
    pub coop_id: Option<CoopId>,
    /// The visit at which it is collected.
    pub booking_id: Option<BookingId>,
    pub parcel_id: Option<ParcelId>,
    pub state: OrderState,
    pub way: OrderWay,
    pub pays: Pays,
    pub name: String,
    pub email: String,
    /// In E.164 form, or empty.
    pub phone: String,
    /// To the seller.
    pub note: String,
    pub locale: Locale,
    pub goods: Dong,
    pub postage: Dong,
    /// Where it is paid by transfer.
    pub account_id: Option<BankAccountId>,
    pub due_at: Option<DateTime<Utc>>,
    pub packed_at: Option<DateTime<Utc>>,
    pub sent_at: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
    pub reason: String,
    pub withdrawn_at: Option<DateTime<Utc>>,
    pub reply: String,
    pub refund_bank: String,
    pub refund_number: String,
    pub refund_holder: String,
    pub version: i32,
    pub created_at: DateTime<Utc>,
}

impl Order {
    pub fn total(&self) -> Dong {
        self.goods + self.postage
    }

    pub fn seller(&self) -> Seller {
        self.coop_id.map_or(Seller::Workshop(self.workshop_id), Seller::Coop)
    }

    /// Of the price, not paid yet, of so much that is held of its buyer's money.
    pub fn open(&self, held: Dong) -> Dong {
        match self.state {
            OrderState::Cancelled | OrderState::Expired | OrderState::Returned => Dong::ZERO,
            _ => (self.total() - held).max(Dong::ZERO),
        }
    }

    /// To be paid back: what is above the price, and all of an order that ended without its pieces.
    pub fn due_back(&self, held: Dong) -> Dong {
        let stays = match self.state {
            OrderState::Cancelled | OrderState::Expired | OrderState::Returned => Dong::ZERO,
            _ => self.total(),
        };
        (held - stays).max(Dong::ZERO)
    }

    /// Whether its buyer may call it off.
    pub const fn may_cancel(&self) -> bool {
        matches!(self.state, OrderState::Awaiting | OrderState::Open)
    }

    /// Until when its buyer may give it back; None where it never left the house, or is given back.
    pub fn may_withdraw_until(&self) -> Option<DateTime<Utc>> {
        match self.state {
            OrderState::Posted => Some(self.sent_at? + UNDER_WAY + WITHDRAW),
            // Once; a second time the seller and the buyer talk.
            OrderState::Done if self.withdrawn_at.is_none() => {
                Some(self.ended_at.or(self.sent_at)? + WITHDRAW)
            }
            _ => None,
        }
    }
}

/// Some of one piece, as it was when it was ordered.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Line {
    pub product_id: ProductId,
    /// Who made it.
    pub workshop_id: WorkshopId,
    /// Where it stood.
    pub place_id: WorkshopId,
    pub title: Localized,
    pub quantity: i32,
    /// Of one.
    pub price: Dong,
    pub grams: i32,
}

impl Line {
    pub fn sum(&self) -> Dong {
        Dong(self.price.0.saturating_mul(i64::from(self.quantity)))
    }
}

pub async fn by_id(conn: &mut Conn, id: ShopOrderId) -> Result<Option<Order>, StoreError> {
    conn.fetch_optional("SELECT * FROM shop_order WHERE id = $1", params![id]).await
}

pub async fn by_ids(conn: &mut Conn, ids: &[ShopOrderId]) -> Result<Vec<Order>, StoreError> {
    let sql = |list: &str| format!("SELECT * FROM shop_order WHERE id IN ({list})");
    conn.fetch_among(ids, sql).await
}

/// By the code that people say.
pub async fn by_code(conn: &mut Conn, code: &str) -> Result<Option<Order>, StoreError> {
    conn.fetch_optional("SELECT * FROM shop_order WHERE code = $1", params![*code]).await
}

/// The order that a link opens: id and secret must both be right.
pub async fn by_secret(
    conn: &mut Conn,
    id: ShopOrderId,
    secret: &str,
) -> Result<Option<Order>, StoreError> {
    let order = by_id(conn, id).await?;
    Ok(order.filter(|order| order.secret.as_bytes().ct_eq(secret.as_bytes()).into()))
}

/// Orders that are collected at a visit.
pub async fn of_booking(conn: &mut Conn, booking: BookingId) -> Result<Vec<Order>, StoreError> {
    conn.fetch_all(
        "SELECT * FROM shop_order WHERE booking_id = $1 ORDER BY created_at, id",
        params![booking],
    )
    .await
}

pub async fn lines(conn: &mut Conn, order: ShopOrderId) -> Result<Vec<Line>, StoreError> {
    conn.fetch_all(
        "SELECT product_id, workshop_id, place_id, title, quantity, price, grams \
         FROM shop_order_line WHERE order_id = $1 ORDER BY position",
        params![order],
    )
    .await
}

/// Orders that a workshop hands over, the latest first.
pub async fn orders_of(
    conn: &mut Conn,
    actor: &Actor,
    workshop: WorkshopId,
) -> Result<Vec<Order>, ShopError> {
    actor.must_serve(workshop)?;
    let orders = conn
        .fetch_all(
            "SELECT * FROM shop_order WHERE workshop_id = $1 ORDER BY created_at DESC, id LIMIT $2",
            params![workshop, MOST],
        )
        .await?;
    Ok(orders)
}

/// Orders from a co-op's shelf, for its managers.
pub async fn orders_of_coop(
    conn: &mut Conn,
    actor: &Actor,
    coop: CoopId,
) -> Result<Vec<Order>, ShopError> {
    coop::must_manage(conn, actor, coop).await?;
    let orders = conn
        .fetch_all(
            "SELECT * FROM shop_order WHERE coop_id = $1 ORDER BY created_at DESC, id LIMIT $2",
            params![coop, MOST],
        )
        .await?;
    Ok(orders)
}

/// Of these orders those whose buyers are owed money, with how much.
pub async fn to_pay_back(
    conn: &mut Conn,
    orders: &[Order],
) -> Result<Vec<(ShopOrderId, Dong)>, StoreError> {
    let ids: Vec<ShopOrderId> = orders.iter().map(|order| order.id).collect();
    let sql = |list: &str| {
        format!(
            "SELECT order_id, CAST(SUM(CASE kind WHEN 'received' THEN amount ELSE -amount END) \
             AS BIGINT) AS held FROM shop_move WHERE order_id IN ({list}) GROUP BY order_id"
        )
    };
    let held: Vec<(ShopOrderId, Dong)> = conn.fetch_among(&ids, sql).await?;
    let due = held.into_iter().filter_map(|(id, held)| {
        let order = orders.iter().find(|order| order.id == id)?;
        let due = order.due_back(held);
        (due > Dong::ZERO).then_some((id, due))
    });
    Ok(due.collect())
}

/// Whoever packs an order: the people of the workshop that hands it over, and the managers of the
/// co-op whose shelf it is from.
pub async fn must_handle(conn: &mut Conn, actor: &Actor, order: &Order) -> Result<(), ShopError> {
    if actor.must_serve(order.workshop_id).is_ok() || manages(conn, actor, order).await? {
        return Ok(());
    }
    Err(Forbidden.into())
}

/// Whoever answers for an order's money: the owners of the workshop that sells it, or the managers of
/// the co-op that does.
pub(super) async fn must_answer(
    conn: &mut Conn,
    actor: &Actor,
    order: &Order,
) -> Result<(), ShopError> {
    let may = match order.coop_id {
        Some(_) => manages(conn, actor, order).await?,
        None => actor.must_own(order.workshop_id).is_ok(),
    };
    if may { Ok(()) } else { Err(Forbidden.into()) }
}

async fn manages(conn: &mut Conn, actor: &Actor, order: &Order) -> Result<bool, StoreError> {
    match order.coop_id {
        Some(coop) => Ok(coop::standing(conn, actor, coop).await? == Some(MemberRole::Manager)),
        None => Ok(false),
    }
}

/// Takes the order's row for this transaction: sums of its moves stay true until the end.
pub(super) async fn lock(tx: &mut Tx, id: ShopOrderId) -> Result<Order, ShopError> {
    tx.execute("UPDATE shop_order SET version = version + 1 WHERE id = $1", params![id]).await?;
    by_id(tx, id).await?.ok_or(ShopError::Unknown)
}
