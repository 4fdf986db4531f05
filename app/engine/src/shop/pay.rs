//! An order's money: the only writer of its moves.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;

use super::error::{Field, ShopError, Wrong};
use super::letters::{self, OrderEvent};
use super::order::{Order, OrderState, by_id, lines, lock, must_answer};
use super::split::{Moving, enter_money};
use super::stock;
use crate::accounts::{Actor, audit};
use crate::clock::local_date;
use crate::giftcard::{self, CardCode, Origin};
use crate::ledger::{Method, Till};
use crate::payment::{
    self, AccountData, AccountInput, Finding, MoveKind, PaymentCode, PaymentError, SumData,
};
use crate::store::{Conn, StoreError, Tx};
use crate::{BankAccountId, Dong, GiftCardId, MoveId, ShopOrderId, TransferId, columns, params};

/// Money of an order that came in or went back.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct OrderMove {
    pub id: MoveId,
    pub order_id: ShopOrderId,
    pub kind: MoveKind,
    pub amount: Dong,
    pub method: Method,
    pub account_id: Option<BankAccountId>,
    pub card_id: Option<GiftCardId>,
    pub on_date: NaiveDate,
    pub actor: String,
    pub note: String,
    pub created_at: DateTime<Utc>,
}

/// First things first.
pub async fn moves_of(conn: &mut Conn, order: ShopOrderId) -> Result<Vec<OrderMove>, StoreError> {
    conn.fetch_all(
        "SELECT id, order_id, kind, amount, method, account_id, card_id, on_date, actor, note, \
         created_at FROM shop_move WHERE order_id = $1 ORDER BY created_at, id",
        params![order],
    )
    .await
}

/// What is held of a buyer's money: received less paid back.
pub async fn paid_for(conn: &mut Conn, order: ShopOrderId) -> Result<Dong, StoreError> {
    let (sum,): (Dong,) = conn
        .fetch_one(
            "SELECT CAST(COALESCE(SUM(CASE kind WHEN 'received' THEN amount ELSE -amount END), 0) \
             AS BIGINT) AS n FROM shop_move WHERE order_id = $1",
            params![order],
        )
        .await?;
    Ok(sum)
}

/// The order that a transfer into this account names.
pub(crate) async fn by_pay_code(
    conn: &mut Conn,
    account: BankAccountId,
    code: &PaymentCode,
) -> Result<Option<Order>, StoreError> {
    conn.fetch_optional(
        "SELECT * FROM shop_order WHERE code = $1 AND account_id = $2",
        params![*code, account],
    )
    .await
}

/// Orders that are to be paid into an account, the latest first, with what is open.
pub(crate) async fn unpaid(
    conn: &mut Conn,
    account: BankAccountId,
    most: i64,
) -> Result<Vec<(Order, Dong)>, StoreError> {
    let orders: Vec<Order> = conn
        .fetch_all(
            "SELECT * FROM shop_order WHERE account_id = $1 AND state IN ('awaiting', 'expired') \
             ORDER BY created_at DESC LIMIT $2",
            params![account, most],
        )
        .await?;
    let mut unpaid = Vec::with_capacity(orders.len());
    for order in orders {
        let open = order.total() - paid_for(conn, order.id).await?;
        unpaid.push((order, open));
    }
    Ok(unpaid)
}

/// A transfer for an order.
#[derive(Debug)]
pub(crate) struct OrderPaid<'a> {
    pub actor: &'a Actor,
    pub order: ShopOrderId,
    pub amount: Dong,
    pub account: BankAccountId,
    pub transfer: TransferId,
    pub on_date: NaiveDate,
    pub event: String,
}

/// Takes a transfer in. What is too much, too late or for an order that ended waits for a person.
pub(crate) async fn receive(tx: &mut Tx, paid: OrderPaid<'_>) -> Result<Finding, PaymentError> {
    let money = Money {
        kind: MoveKind::Received,
        amount: paid.amount,
        method: Method::Transfer,
        account: Some(paid.account),
        transfer: Some(paid.transfer),
        card: None,
        on_date: paid.on_date,
        actor: paid.actor,
        note: "",
        event: paid.event,
    };
    let order = lock(tx, paid.order).await?;
    Ok(take(tx, &order, money).await?)
}

/// Takes money in; enough of it makes the order one to be packed. One that ran out is taken up again
/// as long as its pieces can be had.
pub(super) async fn take(
    tx: &mut Tx,
    order: &Order,
    money: Money<'_>,
) -> Result<Finding, ShopError> {
    let before = paid_for(tx, order.id).await?;
    let sum = before + money.amount;
    let enough = sum >= order.total();
    let finding = match order.state {
        OrderState::Awaiting if !enough => Finding::Part,
        OrderState::Awaiting if sum > order.total() => Finding::Over,
        OrderState::Awaiting => Finding::Paid,
        OrderState::Expired if enough && again(tx, order).await? => Finding::Retaken,
        OrderState::Expired => Finding::Late,
        OrderState::Cancelled | OrderState::Returned => Finding::Cancelled,
        _ if before >= order.total() || sum > order.total() => Finding::Twice,
        _ => Finding::Rest,
    };
    let (amount, actor) = (money.amount, money.actor);
    write(tx, order, money).await?;
    let detail = payment::told(amount, finding);
    let workshop = Some(order.workshop_id);
    audit::record(tx, actor, "order.receive", order.code.as_str(), workshop, detail).await?;
    if matches!(finding, Finding::Paid | Finding::Over | Finding::Retaken) {
        let row = columns! {
            state: OrderState::Open,
            due_at: None::<DateTime<Utc>>,
            ended_at: None::<DateTime<Utc>>,
        };
        tx.update_one("shop_order", row, columns! { id: order.id }).await?;
        let open = by_id(tx, order.id).await?.ok_or(ShopError::Unknown)?;
        letters::to_buyer(tx, &open, OrderEvent::Paid, "").await?;
        letters::to_seller(tx, &open, OrderEvent::Placed).await?;
    }
    if finding == Finding::Rest && enough {
        // What is paid waits for its buyer.
        let row = columns! { due_at: None::<DateTime<Utc>> };
        tx.update_one("shop_order", row, columns! { id: order.id }).await?;
    }
    Ok(finding)
}

/// Takes the pieces of an order that ran out once more; all of them or none.
async fn again(tx: &mut Tx, order: &Order) -> Result<bool, ShopError> {
    // A parcel that was called off has forgotten where it was to go.
    if order.parcel_id.is_some() {
        return Ok(false);
    }
    let lines = lines(tx, order.id).await?;
    let mut had = Vec::new();
    for line in &lines {
        match stock::take(tx, line.product_id, line.quantity).await {
            Ok(()) => had.push(line.clone()),
            Err(ShopError::SoldOut { .. }) => {
                stock::give_back(tx, &had).await?;
                return Ok(false);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(true)
}

/// Money that goes back to an order's buyer.
#[derive(Debug)]
pub(crate) struct OrderBack<'a> {
    pub actor: &'a Actor,
    pub order: ShopOrderId,
    pub amount: Dong,
    pub method: Method,
    pub account: Option<BankAccountId>,
    pub on_date: NaiveDate,
    pub note: &'a str,
    pub event: String,
}

/// Notes it; never more than is due. The transfers that waited for it are done.
pub(crate) async fn give_back(tx: &mut Tx, back: OrderBack<'_>) -> Result<(), PaymentError> {
    match send(tx, back).await {
        // The forms of payments have a field for it.
        Err(ShopError::Fields(wrongs)) => {
            let most = wrongs.iter().find_map(|(_, wrong)| match wrong {
                Wrong::Above { most } => Some(*most),
                _ => None,
            });
            let wrong = payment::Wrong::Above { most: most.unwrap_or_default() };
            Err(PaymentError::Fields(vec![(payment::Field::Date, wrong)]))
        }
        done => done.map_err(PaymentError::from),
    }
}

async fn send(tx: &mut Tx, back: OrderBack<'_>) -> Result<(), ShopError> {
    let order = lock(tx, back.order).await?;
    if known(tx, &back.event).await? {
        return Ok(());
    }
    let due = order.due_back(paid_for(tx, order.id).await?);
    if back.amount > due {
        return Err(ShopError::Fields(vec![(Field::Amount, Wrong::Above { most: due })]));
    }
    let money = Money {
        kind: MoveKind::Refunded,
        amount: back.amount,
        method: back.method,
        account: back.account,
        transfer: None,
        card: None,
        on_date: back.on_date,
        actor: back.actor,
        note: back.note,
        event: back.event,
    };
    write(tx, &order, money).await?;
    if back.amount == due {
        payment::settle_of_order(tx, order.id, back.actor, back.on_date).await?;
    }
    letters::refunded(tx, &order, back.amount).await?;
    let detail = json!({ "amount": back.amount, "on_date": back.on_date });
    let workshop = Some(order.workshop_id);
    audit::record(tx, back.actor, "order.refund", order.code.as_str(), workshop, detail).await?;
    Ok(())
}

async fn known(conn: &mut Conn, event: &str) -> Result<bool, StoreError> {
    let sql = "SELECT id FROM shop_move WHERE event_key = $1";
    let found: Option<(MoveId,)> = conn.fetch_optional(sql, params![*event]).await?;
    Ok(found.is_some())
}

#[derive(Debug, Clone)]
pub struct Back {
    pub actor: Actor,
    pub order: ShopOrderId,
    pub sum: SumData,
    pub form_key: String,
}

/// Whoever answers for the money says that the buyer got some back.
pub async fn pay_back(tx: &mut Tx, command: Back) -> Result<(), ShopError> {
    let Back { actor, order, sum, form_key } = command;
    let order = by_id(tx, order).await?.ok_or(ShopError::Unknown)?;
    must_answer(tx, &actor, &order).await?;
    let back = OrderBack {
        actor: &actor,
        order: order.id,
        amount: sum.amount,
        method: sum.method,
        account: if sum.method == Method::Transfer { order.account_id } else { None },
        on_date: sum.on_date,
        note: &sum.note,
        event: format!("order_back:{form_key}"),
    };
    send(tx, back).await
}

#[derive(Debug, Clone)]
pub struct PayByCard {
    pub order: ShopOrderId,
    pub code: CardCode,
    /// Made with the form: the same form sent again spends once.
    pub form_key: String,
}

/// A gift card of the workshop pays what is open, at most what it has left. Answers how much.
pub async fn pay_by_card(tx: &mut Tx, command: PayByCard) -> Result<Dong, ShopError> {
    let PayByCard { order, code, form_key } = command;
    let order = lock(tx, order).await?;
    let event = format!("order_card:{}:{form_key}", order.id);
    if known(tx, &event).await? {
        return Ok(Dong::ZERO);
    }
    let today = local_date(tx.now());
    // A co-op's shelf is none of the workshop's that sold the card.
    if order.coop_id.is_some() {
        return Err(ShopError::Card(giftcard::Refused::Elsewhere));
    }
    let card = giftcard::usable(tx, order.workshop_id, &code, today).await?;
    let open = order.open(paid_for(tx, order.id).await?);
    let pays = matches!(order.state, OrderState::Awaiting | OrderState::Open | OrderState::Packed);
    if open == Dong::ZERO || !pays {
        return Err(ShopError::Card(giftcard::Refused::NothingOpen));
    }
    let amount = open.min(card.remaining);
    giftcard::lessen(tx, card.id, amount, today).await?;
    let hint = card.hint();
    let money = Money {
        kind: MoveKind::Received,
        amount,
        method: Method::GiftCard,
        account: None,
        transfer: None,
        card: Some((card.id, card.origin)),
        on_date: today,
        actor: &Actor::Guest,
        note: &hint,
        event: event.clone(),
    };
    take(tx, &order, money).await?;
    let sql = "SELECT id FROM shop_move WHERE event_key = $1";
    let (moved,): (MoveId,) = tx.fetch_one(sql, params![event]).await?;
    giftcard::tell(tx, card.id, moved).await?;
    Ok(amount)
}

/// What an order that ended owes goes back to its cards first, at most what they paid.
pub(super) async fn back_to_cards(tx: &mut Tx, order: &Order) -> Result<(), ShopError> {
    let parts: Vec<(GiftCardId, Origin, Dong)> = tx
        .fetch_all(
            "SELECT card.id, card.origin, CAST(SUM(CASE WHEN move.kind = 'received' \
             THEN move.amount ELSE -move.amount END) AS BIGINT) AS part FROM shop_move move \
             JOIN gift_card card ON card.id = move.card_id WHERE move.order_id = $1 \
             GROUP BY card.id, card.origin ORDER BY card.id",
            params![order.id],
        )
        .await?;
    for (card, origin, part) in parts {
        let amount = order.due_back(paid_for(tx, order.id).await?).min(part);
        if amount <= Dong::ZERO {
            continue;
        }
        let money = Money {
            kind: MoveKind::Refunded,
            amount,
            method: Method::GiftCard,
            account: None,
            transfer: None,
            card: Some((card, origin)),
            on_date: local_date(tx.now()),
            actor: &Actor::System,
            note: "",
            event: format!("order_card_back:{}:{card}:{}", order.id, order.version),
        };
        let moved = write(tx, order, money).await?;
        giftcard::restore(tx, card, amount, moved).await?;
    }
    Ok(())
}

#[derive(Debug, Clone)]
pub struct SayRefundAccount {
    pub order: ShopOrderId,
    pub input: AccountInput,
}

/// The buyer, who has shown the order's secret, says where money goes back to.
pub async fn say_refund_account(tx: &mut Tx, command: SayRefundAccount) -> Result<(), ShopError> {
    let order = by_id(tx, command.order).await?.ok_or(ShopError::Unknown)?;
    let (bank, number, holder) = AccountData::parse(&command.input)?.parts();
    let row = columns! { refund_bank: bank, refund_number: number, refund_holder: holder };
    tx.update_one("shop_order", row, columns! { id: order.id }).await?;
    let (code, workshop) = (order.code.as_str(), Some(order.workshop_id));
    audit::record(tx, &Actor::Guest, "order.refund_account", code, workshop, json!({})).await?;
    Ok(())
}

/// What moves.
#[derive(Debug)]
pub(super) struct Money<'a> {
    pub kind: MoveKind,
    pub amount: Dong,
    pub method: Method,
    pub account: Option<BankAccountId>,
    pub transfer: Option<TransferId>,
    pub card: Option<(GiftCardId, Origin)>,
    pub on_date: NaiveDate,
    pub actor: &'a Actor,
    pub note: &'a str,
    pub event: String,
}

/// The move, and the ledger's entries of it.
async fn write(tx: &mut Tx, order: &Order, money: Money<'_>) -> Result<MoveId, ShopError> {
    let before = paid_for(tx, order.id).await?;
    let id = MoveId::new(tx.now());
    let row = columns! {
        id: id,
        event_key: money.event,
        order_id: order.id,
        kind: money.kind,
        amount: money.amount,
        method: money.method,
        account_id: money.account,
        transfer_id: money.transfer,
        card_id: money.card.map(|(card, _)| card),
        on_date: money.on_date,
        actor: money.actor.label(),
        note: *money.note,
        created_at: tx.now(),
    };
    tx.insert("shop_move", row).await?;
    let account = match money.account {
        Some(account) => payment::account_by_id(tx, account).await?,
        None => None,
    };
    let coop = account.and_then(|account| account.coop_id).or(order.coop_id);
    let till = match money.card {
        Some((_, Origin::Bought)) => Till::Cards,
        Some((_, Origin::Given)) => Till::Given,
        None => coop.map_or(Till::Workshop, Till::Coop),
    };
    let after = match money.kind {
        MoveKind::Received => before + money.amount,
        MoveKind::Refunded => before - money.amount,
    };
    let lines = lines(tx, order.id).await?;
    let moving = Moving {
        order,
        lines: &lines,
        held: (before, after),
        till,
        method: money.method,
        on_date: money.on_date,
        actor: money.actor,
        note: money.note,
        event: format!("order:{id}"),
    };
    enter_money(tx, moving).await?;
    Ok(id)
}
