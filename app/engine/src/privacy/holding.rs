//! What is held under an address, thing by thing, and what stands against forgetting it.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Months, NaiveDate, Utc};

use super::find::Found;
use crate::booking::{Booking, State, enquiry, query, waitlist};
use crate::commission::{self, Commission};
use crate::giftcard::{self, CardState};
use crate::payment::{Money, money_of_all, reckon};
use crate::schedule::{Slot, slots};
use crate::store::{Conn, StoreError};
use crate::{
    BookingId, Dong, PassBookingId, ShopOrderId, TourId, WorkshopId, craft, params, partner, pass,
    shop,
};

/// What kind of thing it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeldKind {
    Booking,
    Pass,
    Enquiry,
    Waiting,
    Application,
    BoughtCard,
    ReceivedCard,
    Commission,
    Order,
}

/// Why it can't be forgotten yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// The visit is still to come: it must be cancelled first.
    Upcoming { on: NaiveDate },
    /// It is being booked or bought; that is decided by then.
    Pending { until: DateTime<Utc> },
    /// The workshop owes money.
    MoneyBack,
    /// What was made is still on its way home.
    Pieces,
    /// It is being made to order, or on its way.
    Making,
    /// What was ordered is, or its buyer may still give it back.
    Order,
}

/// One thing that is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub kind: HeldKind,
    /// A code that people know; empty where there is none.
    pub code: String,
    pub workshop: Option<WorkshopId>,
    pub tour: Option<TourId>,
    /// Of the visit or the wish; of a card its last day.
    pub on: Option<NaiveDate>,
    pub kept: Option<Kept>,
    /// Data for an invoice were given: law keeps them until then.
    pub books_until: Option<NaiveDate>,
}

/// What stands against forgetting a booking. The books' rule is the last word on money: what is to be
/// paid back needs somebody to pay it to.
fn kept(booking: &Booking, slot: &Slot, money: Money, now: DateTime<Utc>) -> Option<Kept> {
    match booking.state {
        State::Held { until } | State::AwaitingPayment { until } if until > now => {
            return Some(Kept::Pending { until });
        }
        State::Confirmed { .. } | State::CheckedIn { .. } if slot.ends_at > now => {
            return Some(Kept::Upcoming { on: slot.local_date });
        }
        _ => {}
    }
    (reckon(booking, money).due > Dong::ZERO).then_some(Kept::MoneyBack)
}

/// Those of these bookings that can't be forgotten yet.
pub(super) async fn kept_bookings(
    conn: &mut Conn,
    ids: &[BookingId],
    now: DateTime<Utc>,
) -> Result<HashMap<BookingId, Kept>, StoreError> {
    let bookings = query::by_ids(conn, ids).await?;
    let money = money_of_all(conn, ids).await?;
    let underway = craft::underway(conn, ids).await?;
    let mut found = HashMap::new();
    for (id, booking) in bookings {
        let Some(slot) = slots::find(conn, booking.slot_id).await? else { continue };
        let money = money.get(&id).copied().unwrap_or_default();
        let pieces = underway.contains(&id).then_some(Kept::Pieces);
        if let Some(kept) = kept(&booking, &slot, money, now).or(pieces) {
            found.insert(id, kept);
        }
    }
    Ok(found)
}

/// Years for which documents of the books are kept (Law on Accounting 88/2015/QH13, article 41).
pub(super) const BOOKS_YEARS: u32 = 10;

/// All that is held, in the order in which it came about.
pub async fn holdings(
    conn: &mut Conn,
    found: &Found,
    now: DateTime<Utc>,
) -> Result<Vec<Held>, StoreError> {
    let mut all = Vec::new();
    let mut bookings: Vec<Booking> =
        query::by_ids(conn, &found.bookings).await?.into_values().collect();
    bookings.sort_by_key(|booking| (booking.created_at, booking.id));
    let kept = kept_bookings(conn, &found.bookings, now).await?;
    let invoiced = invoiced(conn, &found.bookings).await?;
    let mut of_pass: HashMap<PassBookingId, Kept> = HashMap::new();
    for booking in &bookings {
        let slot = slots::find(conn, booking.slot_id).await?;
        let why = kept.get(&booking.id).copied();
        if let Some((pass, why)) = booking.pass_booking_id.zip(why) {
            of_pass.insert(pass, why);
        }
        let on = slot.map(|slot| slot.local_date);
        let books = on.and_then(|on| on.checked_add_months(Months::new(12 * BOOKS_YEARS)));
        all.push(Held {
            kind: HeldKind::Booking,
            code: booking.code.clone(),
            workshop: Some(booking.workshop_id),
            tour: Some(booking.tour_id),
            on,
            kept: why,
            books_until: books.filter(|_| invoiced.contains(&booking.id)),
        });
    }
    for id in &found.passes {
        let Some(booked) = pass::by_id(conn, *id).await? else { continue };
        all.push(Held {
            kind: HeldKind::Pass,
            code: booked.booking.code,
            workshop: None,
            tour: None,
            on: None,
            kept: of_pass.get(id).copied(),
            books_until: None,
        });
    }
    for id in &found.enquiries {
        let Some(asked) = enquiry::by_id(conn, *id).await? else { continue };
        all.push(Held {
            kind: HeldKind::Enquiry,
            code: String::new(),
            workshop: Some(asked.workshop_id),
            tour: Some(asked.tour_id),
            on: Some(asked.wished_date),
            kept: None,
            books_until: None,
        });
    }
    for id in &found.waiting {
        let Some(entry) = waitlist::by_id(conn, *id).await? else { continue };
        let slot = slots::find(conn, entry.slot_id).await?;
        all.push(Held {
            kind: HeldKind::Waiting,
            code: String::new(),
            workshop: Some(entry.workshop_id),
            tour: slot.as_ref().map(|slot| slot.tour_id),
            on: slot.map(|slot| slot.local_date),
            kept: None,
            books_until: None,
        });
    }
    for id in &found.applicants {
        let Some(it) = partner::applicant_by_id(conn, *id).await? else { continue };
        all.push(Held {
            kind: HeldKind::Application,
            code: String::new(),
            workshop: Some(it.workshop_id),
            tour: None,
            on: Some(it.changed_on),
            kept: None,
            books_until: None,
        });
    }
    let both = [(HeldKind::BoughtCard, &found.bought), (HeldKind::ReceivedCard, &found.received)];
    for (kind, ids) in both {
        for id in ids {
            let Some(card) = giftcard::by_id(conn, *id).await? else { continue };
            let why = match kind {
                HeldKind::BoughtCard => kept_card(conn, &card, now).await?,
                _ => None,
            };
            all.push(Held {
                kind,
                code: card.hint(),
                workshop: Some(card.workshop_id),
                tour: None,
                on: Some(card.valid_until),
                kept: why,
                books_until: None,
            });
        }
    }
    for id in &found.commissions {
        let Some(asked) = commission::by_id(conn, *id).await? else { continue };
        let kept = kept_commission(conn, &asked).await?;
        all.push(Held {
            kind: HeldKind::Commission,
            code: asked.code.to_string(),
            workshop: Some(asked.workshop_id),
            tour: None,
            on: Some(crate::clock::local_date(asked.created_at)),
            kept,
            books_until: None,
        });
    }
    for id in &found.orders {
        let Some(order) = shop::by_id(conn, *id).await? else { continue };
        all.push(Held {
            kind: HeldKind::Order,
            code: order.code.to_string(),
            workshop: Some(order.workshop_id),
            tour: None,
            on: Some(crate::clock::local_date(order.created_at)),
            kept: kept_order(conn, *id, now).await?,
            books_until: None,
        });
    }
    Ok(all)
}

/// What stands against forgetting who ordered something.
pub(super) async fn kept_commission(
    conn: &mut Conn,
    commission: &Commission,
) -> Result<Option<Kept>, StoreError> {
    if commission.kind().under_way() {
        return Ok(Some(Kept::Making));
    }
    let (_, money) = commission::money_of(conn, commission).await?;
    Ok((money.due > Dong::ZERO).then_some(Kept::MoneyBack))
}

/// What stands against forgetting an order.
pub(super) async fn kept_order(
    conn: &mut Conn,
    id: ShopOrderId,
    now: DateTime<Utc>,
) -> Result<Option<Kept>, StoreError> {
    let Some(order) = shop::by_id(conn, id).await? else { return Ok(None) };
    if order.due_back(shop::paid_for(conn, id).await?) > Dong::ZERO {
        return Ok(Some(Kept::MoneyBack));
    }
    Ok(match order.state {
        shop::OrderState::Awaiting => {
            order.due_at.filter(|until| *until > now).map(|until| Kept::Pending { until })
        }
        state if state.is_over() => None,
        _ => Some(Kept::Order),
    })
}

/// What stands against forgetting who bought a card.
pub(super) async fn kept_card(
    conn: &mut Conn,
    card: &giftcard::GiftCard,
    now: DateTime<Utc>,
) -> Result<Option<Kept>, StoreError> {
    if card.state == CardState::Awaiting
        && let Some(until) = card.due_at.filter(|until| *until > now)
    {
        return Ok(Some(Kept::Pending { until }));
    }
    let held = giftcard::paid_for(conn, card.id).await?;
    Ok((card.due(held) > Dong::ZERO).then_some(Kept::MoneyBack))
}

async fn invoiced(
    conn: &mut Conn,
    bookings: &[BookingId],
) -> Result<HashSet<BookingId>, StoreError> {
    let sql =
        |list: &str| format!("SELECT booking_id FROM invoice_wish WHERE booking_id IN ({list})");
    let rows: Vec<(BookingId,)> = conn.fetch_among(bookings, sql).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Of the passes those with a leg that is kept.
pub(super) async fn kept_passes(
    conn: &mut Conn,
    passes: &[PassBookingId],
    now: DateTime<Utc>,
) -> Result<HashSet<PassBookingId>, StoreError> {
    let mut kept = HashSet::new();
    for pass in passes {
        let legs: Vec<(BookingId,)> = conn
            .fetch_all("SELECT id FROM booking WHERE pass_booking_id = $1", params![*pass])
            .await?;
        let legs: Vec<BookingId> = legs.into_iter().map(|(id,)| id).collect();
        if !kept_bookings(conn, &legs, now).await?.is_empty() {
            kept.insert(*pass);
        }
    }
    Ok(kept)
}
