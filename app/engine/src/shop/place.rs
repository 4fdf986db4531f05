//! An order is placed: its pieces are taken, all of them or none.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use serde_json::json;

use super::basket::{Basket, BasketLine, Seller, emptied, lines_of};
use super::error::{Field, ShopError, Wrong, line_of, words_of};
use super::letters::{self, OrderEvent};
use super::order::{Order, OrderState, OrderWay, Pays, by_id};
use super::stock;
use crate::accounts::{Actor, audit};
use crate::booking::{StateKind, query};
use crate::craft::delivery::{self, AddressInput, WishData, WishInput};
use crate::email::Email;
use crate::payment::{self, AccountOf, PaymentCode};
use crate::phone::{Phone, PhoneError};
use crate::privacy;
use crate::schedule::{Slot, slots};
use crate::store::{Conn, StoreError, Tx};
use crate::{
    BankAccountId, BasketId, BookingId, Dong, Locale, ShopOrderId, WorkshopId, columns, params,
};

const MAX_NAME: usize = 80;
const MAX_NOTE: usize = 300;
/// For how long the money is waited for.
const PAY: TimeDelta = TimeDelta::hours(24);
/// For how long pieces are kept that are paid when they are collected.
const KEEP: TimeDelta = TimeDelta::days(7);
/// Days after a visit for which they are kept that were to be collected there.
const AFTER_VISIT: TimeDelta = TimeDelta::days(2);

/// An order as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlaceInput {
    pub name: String,
    pub email: String,
    pub note: String,
    /// "collect", "visit" or "post".
    pub way: String,
    pub pays: String,
    /// Of the recipient, and the phone of whoever orders.
    pub address: AddressInput,
    /// Empty: whoever orders.
    pub recipient: String,
}

/// The same, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceData {
    name: String,
    email: Email,
    phone: String,
    note: String,
    way: OrderWay,
    at_visit: bool,
    pays: Pays,
    wish: Option<WishData>,
}

impl PlaceData {
    pub fn parse(input: &PlaceInput) -> Result<PlaceData, ShopError> {
        let mut wrongs = Vec::new();
        let name = line_of(&input.name, Field::Name, (MAX_NAME, true), &mut wrongs);
        let email = input.email.trim().parse::<Email>().ok();
        if email.is_none() {
            let missing = input.email.trim().is_empty();
            wrongs.push((Field::Email, if missing { Wrong::Missing } else { Wrong::Email }));
        }
        let (way, at_visit) = match input.way.as_str() {
            "collect" => (Some(OrderWay::Collect), false),
            "visit" => (Some(OrderWay::Collect), true),
            "post" => (Some(OrderWay::Post), false),
            _ => (None, false),
        };
        if way.is_none() {
            wrongs.push((Field::Way, Wrong::Choice));
        }
        let note = words_of(&input.note, Field::Note, (MAX_NOTE, false), &mut wrongs);
        let pays = match (way, Pays::parse(&input.pays)) {
            (Some(OrderWay::Post), None) => Some(Pays::Transfer),
            (_, pays) => pays,
        };
        match (way, pays) {
            (_, None) => wrongs.push((Field::Pays, Wrong::Choice)),
            (Some(OrderWay::Post), Some(Pays::Counter)) => {
                wrongs.push((Field::Pays, Wrong::PostPaid));
            }
            _ => {}
        }
        let mut wish = None;
        let mut phone = String::new();
        if way == Some(OrderWay::Post) {
            let recipient = match input.recipient.trim() {
                "" => name.clone(),
                other => other.to_owned(),
            };
            let wanted = WishInput {
                way: "post".into(),
                recipient,
                address: input.address.clone(),
                pays: String::new(),
            };
            match WishData::parse(&wanted).map_err(ShopError::from) {
                Ok(data) => wish = Some(data),
                Err(ShopError::Fields(more)) => wrongs.extend(more),
                Err(error) => return Err(error),
            }
            if let Ok(read) = input.address.phone.parse::<Phone>() {
                read.as_str().clone_into(&mut phone);
            }
        } else {
            match input.address.phone.parse::<Phone>() {
                Ok(read) => read.as_str().clone_into(&mut phone),
                Err(PhoneError::Empty) => {}
                Err(_) => wrongs.push((Field::Phone, Wrong::Phone)),
            }
        }
        match (email, way, pays) {
            (Some(email), Some(way), Some(pays)) if wrongs.is_empty() => {
                Ok(PlaceData { name, email, phone, note, way, at_visit, pays, wish })
            }
            _ => Err(ShopError::Fields(wrongs)),
        }
    }
}

#[derive(Debug, Clone)]
pub struct Place {
    pub basket: BasketId,
    pub seller: Seller,
    pub data: PlaceData,
    /// In which its letters are written.
    pub locale: Locale,
    /// Made with the form: the same form sent again is the same order.
    pub form_key: String,
}

/// What an order would cost, and who would hand it over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    pub lines: Vec<BasketLine>,
    pub goods: Dong,
    pub grams: i32,
    pub workshop: WorkshopId,
    /// Where a transfer would go; None: it is paid at the counter.
    pub account: Option<BankAccountId>,
    /// The visit at which it may be collected.
    pub visit: Option<(BookingId, Slot)>,
}

/// Looks at what a basket has of a seller.
pub async fn quote(
    conn: &mut Conn,
    basket: &Basket,
    seller: Seller,
    now: DateTime<Utc>,
) -> Result<Quote, ShopError> {
    let mut lines = lines_of(conn, basket.id).await?;
    lines.retain(|line| line.product.seller() == seller);
    let workshop = hands_over(&lines).ok_or(ShopError::Empty)?;
    let goods: Dong = lines
        .iter()
        .map(|line| Dong(line.product.price.0.saturating_mul(i64::from(line.quantity))))
        .sum();
    let grams = lines.iter().fold(0_i32, |sum, line| {
        sum.saturating_add(line.product.grams.saturating_mul(line.quantity))
    });
    let account = match seller {
        Seller::Workshop(workshop) => payment::of_workshop(conn, workshop).await?,
        Seller::Coop(coop) => payment::in_use(conn, AccountOf::Coop(coop)).await?,
    };
    let visit = visit_of(conn, basket, workshop, now).await?;
    Ok(Quote { lines, goods, grams, workshop, account: account.map(|it| it.id), visit })
}

/// Who hands it over: the workshop where most of it stands, by its worth.
fn hands_over(lines: &[BasketLine]) -> Option<WorkshopId> {
    let mut worth: BTreeMap<WorkshopId, i64> = BTreeMap::new();
    for line in lines {
        let sum = line.product.price.0.saturating_mul(i64::from(line.quantity));
        *worth.entry(line.product.place_id).or_default() += sum;
    }
    let most = worth.values().copied().max()?;
    worth.into_iter().find(|(_, sum)| *sum == most).map(|(workshop, _)| workshop)
}

/// The visit that the basket came from, as long as it is ahead and where the order is handed over.
async fn visit_of(
    conn: &mut Conn,
    basket: &Basket,
    workshop: WorkshopId,
    now: DateTime<Utc>,
) -> Result<Option<(BookingId, Slot)>, StoreError> {
    let Some(id) = basket.booking_id else { return Ok(None) };
    let Some(booking) = query::by_id(conn, id).await? else { return Ok(None) };
    let counts = matches!(booking.state.kind(), StateKind::Confirmed | StateKind::AwaitingPayment);
    if booking.workshop_id != workshop || !counts {
        return Ok(None);
    }
    let slot = slots::find(conn, booking.slot_id).await?;
    Ok(slot.filter(|slot| slot.ends_at > now).map(|slot| (id, slot)))
}

/// Takes the pieces and writes the order; it waits for its money, or is to be laid out at once.
pub async fn place(tx: &mut Tx, command: Place) -> Result<Order, ShopError> {
    let Place { basket, seller, data, locale, form_key } = command;
    let sql = "SELECT id FROM shop_order WHERE form_key = $1";
    let known: Option<(ShopOrderId,)> = tx.fetch_optional(sql, params![form_key]).await?;
    if let Some((id,)) = known {
        return by_id(tx, id).await?.ok_or(ShopError::Unknown);
    }
    let sql = "SELECT * FROM shop_basket WHERE id = $1";
    let basket: Option<Basket> = tx.fetch_optional(sql, params![basket]).await?;
    let basket = basket.ok_or(ShopError::Empty)?;
    let now = tx.now();
    let quote = quote(tx, &basket, seller, now).await?;
    let account = match data.pays {
        Pays::Transfer if quote.account.is_none() => {
            return Err(ShopError::Fields(vec![(Field::Pays, Wrong::NoTransfer)]));
        }
        Pays::Transfer => quote.account,
        Pays::Counter => None,
    };
    let visit = match quote.visit {
        Some((booking, ref slot)) if data.at_visit => Some((booking, slot.ends_at)),
        _ if data.at_visit => {
            return Err(ShopError::Fields(vec![(Field::Way, Wrong::Choice)]));
        }
        _ => None,
    };
    // In one order, so that two buyers of the same things don't wait for each other.
    let mut wanted: Vec<&BasketLine> = quote.lines.iter().collect();
    wanted.sort_by_key(|line| line.product.id);
    for line in wanted {
        stock::take(tx, line.product.id, line.quantity).await?;
    }
    let postage = match &data.wish {
        Some(wish) => delivery::quote(tx, quote.workshop, wish, quote.grams).await?,
        None => Dong::ZERO,
    };
    let parcel = match data.wish {
        Some(wish) => {
            let parcel = delivery::Wanted {
                workshop: quote.workshop,
                what: titles(&quote.lines),
                grams: quote.grams,
                data: wish,
                form_key: format!("order:{form_key}"),
            };
            Some(delivery::make_of_order(tx, parcel).await?.id)
        }
        None => None,
    };
    let due = match data.pays {
        Pays::Transfer => now + PAY,
        Pays::Counter => visit.map_or(now + KEEP, |(_, ends)| ends + AFTER_VISIT),
    };
    let state = match data.pays {
        Pays::Transfer => OrderState::Awaiting,
        Pays::Counter => OrderState::Open,
    };
    let coop = match seller {
        Seller::Coop(coop) => Some(coop),
        Seller::Workshop(_) => None,
    };
    let id = ShopOrderId::new(now);
    let code = PaymentCode::draw_for_order(tx);
    let secret = tx.draw_token();
    let row = columns! {
        id: id,
        form_key: form_key,
        code: code,
        secret: secret,
        workshop_id: quote.workshop,
        coop_id: coop,
        booking_id: visit.map(|(booking, _)| booking),
        parcel_id: parcel,
        state: state,
        way: data.way,
        pays: data.pays,
        name: data.name,
        email: *data.email.to_string(),
        phone: data.phone,
        note: data.note,
        locale: locale,
        goods: quote.goods,
        postage: postage,
        account_id: account,
        due_at: Some(due),
        reason: *"",
        reply: *"",
        refund_bank: *"",
        refund_number: *"",
        refund_holder: *"",
        version: 0_i32,
        created_at: now,
    };
    tx.insert("shop_order", row).await?;
    for (position, line) in (1_i32..).zip(&quote.lines) {
        let row = columns! {
            order_id: id,
            position: position,
            product_id: line.product.id,
            workshop_id: line.product.workshop_id,
            place_id: line.product.place_id,
            title: line.product.title,
            quantity: line.quantity,
            price: line.product.price,
            grams: line.product.grams,
        };
        tx.insert("shop_order_line", row).await?;
    }
    emptied(tx, basket.id, &quote.lines).await?;
    let given = privacy::Given {
        subject: privacy::Subject::Order,
        id: id.into(),
        workshop: quote.workshop,
        locale,
        waiver: None,
    };
    privacy::record_consent(tx, given).await?;
    let order = by_id(tx, id).await?.ok_or(ShopError::Unknown)?;
    letters::to_buyer(tx, &order, OrderEvent::Placed, "").await?;
    if order.state == OrderState::Open {
        letters::to_seller(tx, &order, OrderEvent::Placed).await?;
    }
    let detail = json!({ "amount": order.total(), "way": order.way });
    let workshop = Some(order.workshop_id);
    audit::record(tx, &Actor::Guest, "order.place", order.code.as_str(), workshop, detail).await?;
    Ok(order)
}

/// "2 × Bát men ngọc, Khay tre": as the parcel says what is in it.
fn titles(lines: &[BasketLine]) -> String {
    let one = |line: &BasketLine| match line.quantity {
        1 => line.product.title.vi.clone(),
        n => format!("{n} × {}", line.product.title.vi),
    };
    lines.iter().map(one).collect::<Vec<_>>().join(", ")
}
