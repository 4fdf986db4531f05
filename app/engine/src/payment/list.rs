//! What a host sees of money: transfers that wait with a likely booking, transfers of late, refunds
//! to make.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::account::{AccountOf, BankAccount, accounts_of};
use super::bank::{AccountNumber, BankBin};
use super::code::{PaymentCode, plain};
use super::error::PaymentError;
use super::money::{Money, Reckoning, SUMS, reckon};
use super::receive::Finding;
use super::transfer::{Transfer, TransferState};
use crate::accounts::Actor;
use crate::booking::{Booking, query};
use crate::commission::{self, Commission};
use crate::coop::{self, MemberRole};
use crate::craft::delivery::{self, Parcel};
use crate::giftcard::{self, GiftCard};
use crate::shop::{self, Order};
use crate::store::{Conn, StoreError};
use crate::text::fold;
use crate::{
    BankAccountId, BookingId, CommissionId, CoopId, Dong, GiftCardId, ParcelId, ShopOrderId,
    WorkshopId, params,
};

/// Rows of a list.
const MOST: i64 = 200;

/// Why a booking is likely.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likely {
    /// The guest's name stands in the words.
    Name,
    /// Exactly this much is open, and of no other booking.
    Amount,
    /// Its code stands there, but for one character.
    Code,
}

/// A transfer as the list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub transfer: Transfer,
    /// The booking for which it was taken.
    pub booking: Option<Booking>,
    /// The gift card for which it was taken.
    pub card: Option<GiftCard>,
    /// The parcel whose post it paid.
    pub parcel: Option<Parcel>,
    /// The commission for which it was taken.
    pub commission: Option<Commission>,
    /// The order of the shop that it paid.
    pub order: Option<Order>,
    /// Of one that was not recognised: whose it may be.
    pub likely: Option<(Whose, Likely)>,
}

/// What a transfer may be for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    Booking(Box<Booking>),
    Card(Box<GiftCard>),
    Commission(Box<Commission>),
    Parcel(Box<Parcel>),
    Order(Box<Order>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reconciliation {
    pub open: Vec<Row>,
    /// The latest that were settled.
    pub settled: Vec<Row>,
}

/// The accounts whose transfers an owner of the workshop sees whole: its own, and its co-op's where
/// they manage it.
pub async fn watched(
    conn: &mut Conn,
    actor: &Actor,
    workshop: WorkshopId,
) -> Result<Vec<BankAccount>, PaymentError> {
    actor.must_own(workshop)?;
    let mut accounts: Vec<BankAccount> = conn
        .fetch_all(
            "SELECT * FROM bank_account WHERE workshop_id = $1 ORDER BY created_at, id",
            params![workshop],
        )
        .await?;
    if let Some(coop) = coop::of_workshop(conn, workshop).await? {
        match accounts_of(conn, actor, AccountOf::Coop(coop.id)).await {
            Ok(more) => accounts.extend(more),
            Err(PaymentError::Forbidden(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(accounts)
}

/// Transfers that wait and those of late. Of a co-op's account, which others manage, an owner sees
/// what was taken for their own bookings.
pub async fn reconciliation(
    conn: &mut Conn,
    actor: &Actor,
    workshop: WorkshopId,
) -> Result<Reconciliation, PaymentError> {
    let accounts = watched(conn, actor, workshop).await?;
    let mut transfers: Vec<Transfer> = conn
        .fetch_all(
            "SELECT transfer.* FROM transfer JOIN booking ON booking.id = transfer.booking_id \
             WHERE booking.workshop_id = $1 ORDER BY transfer.created_at DESC, transfer.id LIMIT $2",
            params![workshop, MOST],
        )
        .await?;
    for account in &accounts {
        let more: Vec<Transfer> = conn
            .fetch_all(
                "SELECT * FROM transfer WHERE account_id = $1 \
                 ORDER BY CASE state WHEN 'open' THEN 0 ELSE 1 END, created_at DESC, id LIMIT $2",
                params![account.id, MOST],
            )
            .await?;
        transfers.extend(more);
    }
    let of_cards: Vec<Transfer> = conn
        .fetch_all(
            "SELECT transfer.* FROM transfer JOIN gift_card ON gift_card.id = transfer.card_id \
             WHERE gift_card.workshop_id = $1 \
             ORDER BY transfer.created_at DESC, transfer.id LIMIT $2",
            params![workshop, MOST],
        )
        .await?;
    transfers.extend(of_cards);
    let of_parcels: Vec<Transfer> = conn
        .fetch_all(
            "SELECT transfer.* FROM transfer JOIN parcel ON parcel.id = transfer.parcel_id \
             WHERE parcel.workshop_id = $1 \
             ORDER BY transfer.created_at DESC, transfer.id LIMIT $2",
            params![workshop, MOST],
        )
        .await?;
    transfers.extend(of_parcels);
    let of_commissions: Vec<Transfer> = conn
        .fetch_all(
            "SELECT transfer.* FROM transfer \
             JOIN commission ON commission.id = transfer.commission_id \
             WHERE commission.workshop_id = $1 \
             ORDER BY transfer.created_at DESC, transfer.id LIMIT $2",
            params![workshop, MOST],
        )
        .await?;
    transfers.extend(of_commissions);
    let of_orders: Vec<Transfer> = conn
        .fetch_all(
            "SELECT transfer.* FROM transfer JOIN shop_order ON shop_order.id = transfer.order_id \
             WHERE shop_order.workshop_id = $1 AND shop_order.coop_id IS NULL \
             ORDER BY transfer.created_at DESC, transfer.id LIMIT $2",
            params![workshop, MOST],
        )
        .await?;
    transfers.extend(of_orders);
    transfers.sort_by_key(|transfer| (std::cmp::Reverse(transfer.at), transfer.id));
    transfers.dedup_by_key(|transfer| transfer.id);
    let taken_for: Vec<BookingId> = transfers.iter().filter_map(|it| it.booking_id).collect();
    let bookings = query::by_ids(conn, &taken_for).await?;
    let cards: Vec<GiftCardId> = transfers.iter().filter_map(|it| it.card_id).collect();
    let cards = giftcard::by_ids(conn, &cards).await?;
    let parcels: Vec<ParcelId> = transfers.iter().filter_map(|it| it.parcel_id).collect();
    let parcels = delivery::parcels_by_ids(conn, &parcels).await?;
    let made: Vec<CommissionId> = transfers.iter().filter_map(|it| it.commission_id).collect();
    let made = commission::by_ids(conn, &made).await?;
    let orders: Vec<ShopOrderId> = transfers.iter().filter_map(|it| it.order_id).collect();
    let orders = shop::by_ids(conn, &orders).await?;
    let mut asked: HashMap<BankAccountId, Vec<Candidate>> = HashMap::new();
    let unknown = |transfer: &Transfer| {
        transfer.state == TransferState::Open
            && transfer.booking_id.is_none()
            && transfer.card_id.is_none()
            && transfer.parcel_id.is_none()
            && transfer.commission_id.is_none()
            && transfer.order_id.is_none()
            && transfer.finding == Finding::Unknown
    };
    for transfer in transfers.iter().filter(|transfer| unknown(transfer)) {
        if let Entry::Vacant(vacant) = asked.entry(transfer.account_id) {
            vacant.insert(candidates(conn, transfer.account_id).await?);
        }
    }
    let mut lists = Reconciliation { open: Vec::new(), settled: Vec::new() };
    for transfer in transfers {
        let booking = transfer.booking_id.and_then(|id| bookings.get(&id).cloned());
        let open = transfer.state == TransferState::Open;
        let best = asked.get(&transfer.account_id).filter(|_| unknown(&transfer));
        let likely = match best.and_then(|asked| best_of(&transfer, asked)) {
            Some((candidate, why)) => whose(conn, candidate.of).await?.map(|whose| (whose, why)),
            None => None,
        };
        let card = transfer.card_id.and_then(|id| cards.get(&id).cloned());
        let parcel = parcels.iter().find(|it| Some(it.id) == transfer.parcel_id).cloned();
        let commission = transfer.commission_id.and_then(|id| made.get(&id).cloned());
        let order = orders.iter().find(|it| Some(it.id) == transfer.order_id).cloned();
        let row = Row { transfer, booking, card, parcel, commission, order, likely };
        if open { lists.open.push(row) } else { lists.settled.push(row) }
    }
    Ok(lists)
}

/// How many transfers wait for the owner of a workshop, on the accounts that [`watched`] names: for a
/// number on every page, so one query where nothing waits.
pub async fn waiting(
    conn: &mut Conn,
    actor: &Actor,
    workshop: WorkshopId,
) -> Result<i64, PaymentError> {
    actor.must_own(workshop)?;
    let open: Vec<(Option<CoopId>, i64)> = conn
        .fetch_all(
            "SELECT account.coop_id, CAST(COUNT(*) AS BIGINT) AS n FROM transfer \
             JOIN bank_account account ON account.id = transfer.account_id \
             WHERE transfer.state = 'open' AND (account.workshop_id = $1 OR account.coop_id = \
             (SELECT coop_id FROM coop_member WHERE workshop_id = $1 AND state = 'active')) \
             GROUP BY account.coop_id",
            params![workshop],
        )
        .await?;
    let mut waiting = 0;
    for (coop, count) in open {
        let kept = match coop {
            Some(coop) => coop::standing(conn, actor, coop).await? == Some(MemberRole::Manager),
            None => true,
        };
        waiting += if kept { count } else { 0 };
    }
    Ok(waiting)
}

#[derive(Debug, Clone, Copy)]
enum Of {
    Booking(BookingId),
    Card(GiftCardId),
    Parcel(ParcelId),
    Commission(CommissionId),
    Order(ShopOrderId),
}

async fn whose(conn: &mut Conn, of: Of) -> Result<Option<Whose>, StoreError> {
    Ok(match of {
        Of::Booking(id) => query::by_id(conn, id).await?.map(|it| Whose::Booking(Box::new(it))),
        Of::Card(id) => giftcard::by_id(conn, id).await?.map(|it| Whose::Card(Box::new(it))),
        Of::Parcel(id) => delivery::parcel(conn, id).await?.map(|it| Whose::Parcel(Box::new(it))),
        Of::Commission(id) => {
            commission::by_id(conn, id).await?.map(|it| Whose::Commission(Box::new(it)))
        }
        Of::Order(id) => shop::by_id(conn, id).await?.map(|it| Whose::Order(Box::new(it))),
    })
}

struct Candidate {
    of: Of,
    code: PaymentCode,
    open: Dong,
    name: String,
}

#[derive(sqlx::FromRow)]
struct Asked {
    booking_id: BookingId,
    code: PaymentCode,
    amount: Dong,
    name: String,
    #[sqlx(flatten)]
    money: Money,
}

/// Those who were asked to pay into an account and whose booking does not count yet; then cards and
/// parcels that are not paid.
async fn candidates(conn: &mut Conn, account: BankAccountId) -> Result<Vec<Candidate>, StoreError> {
    let sql = format!(
        "SELECT payment.booking_id, payment.code, payment.amount, booking.name, {SUMS} \
         FROM payment JOIN booking ON booking.id = payment.booking_id \
         LEFT JOIN payment_move move ON move.booking_id = payment.booking_id \
         WHERE payment.account_id = $1 AND booking.state IN ('held', 'awaiting_payment', 'expired') \
         GROUP BY payment.booking_id, payment.code, payment.amount, booking.name, payment.created_at \
         ORDER BY payment.created_at DESC LIMIT $2"
    );
    let asked: Vec<Asked> =
        conn.fetch_all(sqlx::AssertSqlSafe(sql), params![account, MOST]).await?;
    let mut candidates: Vec<Candidate> = asked
        .into_iter()
        .map(|asked| Candidate {
            of: Of::Booking(asked.booking_id),
            code: asked.code,
            open: asked.amount - asked.money.net(),
            name: asked.name,
        })
        .collect();
    for (card, paid) in giftcard::unpaid(conn, account, MOST).await? {
        let Some(code) = card.pay_code else { continue };
        let open = card.value - paid;
        candidates.push(Candidate { of: Of::Card(card.id), code, open, name: card.buyer_name });
    }
    for parcel in delivery::unpaid(conn, account, MOST).await? {
        let (id, open, name) = (parcel.id, parcel.open(), parcel.recipient.name);
        let Some(code) = parcel.pay_code else { continue };
        candidates.push(Candidate { of: Of::Parcel(id), code, open, name });
    }
    for (made, open) in commission::unpaid(conn, account, MOST).await? {
        let of = Of::Commission(made.id);
        candidates.push(Candidate { of, code: made.code, open, name: made.name });
    }
    for (order, open) in shop::unpaid(conn, account, MOST).await? {
        let (of, code) = (Of::Order(order.id), order.code);
        candidates.push(Candidate { of, code, open, name: order.name });
    }
    Ok(candidates)
}

/// Whose an unrecognised transfer may be: whose code it nearly is, whose amount it is, or whose name is
/// in it. Reasons of one kind count where they name one alone; the strongest kind wins.
fn best_of<'a>(transfer: &Transfer, asked: &'a [Candidate]) -> Option<(&'a Candidate, Likely)> {
    let words = plain(&fold(&transfer.message));
    let alone = |fits: &dyn Fn(&Candidate) -> bool| {
        let mut found = asked.iter().filter(|candidate| fits(candidate));
        found.next().filter(|_| found.next().is_none())
    };
    let code = alone(&|candidate| candidate.code.is_nearly_in(&transfer.message));
    let amount = alone(&|candidate| candidate.open == transfer.amount);
    let name = alone(&|candidate| {
        let name = plain(&fold(&candidate.name));
        name.len() > 4 && words.contains(&name)
    });
    code.map(|found| (found, Likely::Code))
        .or_else(|| amount.map(|found| (found, Likely::Amount)))
        .or_else(|| name.map(|found| (found, Likely::Name)))
}

/// Where a guest wants money back to.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct RefundAccount {
    pub bank: BankBin,
    pub number: AccountNumber,
    pub holder: String,
}

/// Money to pay back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueRefund {
    pub booking: Booking,
    pub money: Money,
    pub reckoning: Reckoning,
    /// None: the guest has not said.
    pub to: Option<RefundAccount>,
}

/// Refunds that a workshop has to make, longest waiting first.
pub async fn refunds_due(
    conn: &mut Conn,
    actor: &Actor,
    workshop: WorkshopId,
) -> Result<Vec<DueRefund>, PaymentError> {
    actor.must_own(workshop)?;
    // More than is looked for: bookings that ended and of which money is held, and bookings that
    // count for which too much was paid. The rule itself is `reckon`.
    let sql = format!(
        "SELECT booking.id, {SUMS} FROM payment_move move \
         JOIN booking ON booking.id = move.booking_id WHERE move.workshop_id = $1 \
         GROUP BY booking.id, booking.state, booking.total \
         HAVING SUM(CASE WHEN move.kind = 'received' THEN move.amount ELSE -move.amount END) > \
         CASE WHEN booking.state IN ('cancelled', 'expired', 'no_show') THEN 0 \
         ELSE booking.total END ORDER BY MAX(move.created_at), booking.id"
    );
    let rows: Vec<(BookingId, Dong, Dong, Dong)> =
        conn.fetch_all(sqlx::AssertSqlSafe(sql), params![workshop]).await?;
    let ids: Vec<BookingId> = rows.iter().map(|(id, ..)| *id).collect();
    let mut bookings = query::by_ids(conn, &ids).await?;
    let mut due = Vec::new();
    for (id, received, late, refunded) in rows {
        let Some(booking) = bookings.remove(&id) else { continue };
        let money = Money { received, late, refunded };
        let reckoning = reckon(&booking, money);
        if reckoning.due > Dong::ZERO {
            let to = refund_account(conn, id).await?;
            due.push(DueRefund { booking, money, reckoning, to });
        }
    }
    Ok(due)
}

pub async fn refund_account(
    conn: &mut Conn,
    booking: BookingId,
) -> Result<Option<RefundAccount>, StoreError> {
    conn.fetch_optional(
        "SELECT bank, number, holder FROM refund_account WHERE booking_id = $1",
        params![booking],
    )
    .await
}
