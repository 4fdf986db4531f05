//! A card pays a booking, and has its money again when the booking gives some back.

use std::sync::Arc;

use chrono::{Days, NaiveDate};
use serde_json::json;

use super::code::CardCode;
use super::error::{CardError, Refused};
use super::model::{CardState, GiftCard, Standing, by_code, by_id};
use crate::accounts::Actor;
use crate::booking::{self, Booking, BookingError, Confirm, StateKind, query};
use crate::catalogue::Catalogue;
use crate::clock::local_date;
use crate::mail::Letter;
use crate::mail::outbox::{self, Envelope};
use crate::payment::{self, ByCard, money_of, reckon};
use crate::store::{Conn, StoreError, Tx};
use crate::{BookingId, Dong, GiftCardId, MoveId, WorkshopId, params};

/// Days for which what comes back to a card can be used at the least.
const GRACE_DAYS: u64 = 30;

/// The card, if it pays something at a workshop today.
pub async fn usable(
    conn: &mut Conn,
    workshop: WorkshopId,
    code: &CardCode,
    today: NaiveDate,
) -> Result<GiftCard, CardError> {
    let card = by_code(conn, code).await?.ok_or(Refused::Unknown)?;
    if card.workshop_id != workshop {
        return Err(Refused::Elsewhere.into());
    }
    match card.standing(today) {
        Standing::Active => Ok(card),
        Standing::Awaiting => Err(Refused::NotPaid.into()),
        Standing::UsedUp => Err(Refused::Empty.into()),
        Standing::Expired => Err(Refused::Expired.into()),
        Standing::Blocked => Err(Refused::Blocked.into()),
        Standing::Cancelled => Err(Refused::Cancelled.into()),
    }
}

#[derive(Debug, Clone)]
pub struct Spend {
    pub catalogue: Arc<Catalogue>,
    /// A guest has shown the booking's secret; of the workshop its owners.
    pub actor: Actor,
    pub booking: BookingId,
    pub code: CardCode,
    /// Made with the form: the same form sent again spends once.
    pub form_key: String,
}

/// What a card paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spent {
    pub amount: Dong,
    /// Still on the card.
    pub left: Dong,
}

/// Pays of a booking's price what is open, at most what the card has left. Where that covers what was
/// asked beforehand, the booking counts at once.
pub async fn spend(tx: &mut Tx, command: Spend) -> Result<Spent, CardError> {
    let Spend { catalogue, actor, booking, code, form_key } = command;
    let mut booking = query::by_id(tx, booking).await?.ok_or(CardError::Unknown)?;
    if actor != Actor::Guest {
        actor.must_own(booking.workshop_id)?;
    }
    let today = local_date(tx.now());
    let event = format!("gift_card:{}:{form_key}", booking.id);
    if payment::has_paid(tx, &event).await? {
        let card = by_code(tx, &code).await?;
        let left = card.map_or(Dong::ZERO, |card| card.left(today));
        return Ok(Spent { amount: Dong::ZERO, left });
    }
    let pays = matches!(
        booking.state.kind(),
        StateKind::AwaitingPayment | StateKind::Confirmed | StateKind::CheckedIn
    );
    // What a travel company sold it pays by its contract.
    if !pays || booking.ran_out(tx.now()) || booking.contract_id.is_some() {
        return Err(BookingError::State(booking.state.kind()).into());
    }
    // Two cards at once must not both pay the same part of the price.
    booking::lock(tx, &mut booking).await?;
    let card = usable(tx, booking.workshop_id, &code, today).await?;
    let open = reckon(&booking, money_of(tx, booking.id).await?).open;
    if open == Dong::ZERO {
        return Err(Refused::NothingOpen.into());
    }
    let amount = open.min(card.remaining);
    lessen(tx, card.id, amount, today).await?;
    let paid = ByCard {
        catalogue: &catalogue,
        booking: booking.id,
        card: &card,
        amount,
        actor: &actor,
        event,
    };
    let (_, moved) = payment::pay_by_card(tx, paid).await?;
    tell(tx, card.id, moved).await?;
    Ok(Spent { amount, left: card.remaining - amount })
}

/// Takes so much off the card, if it still is there: what two want at once only one gets, and the
/// other looks again.
pub(crate) async fn lessen(
    tx: &mut Tx,
    card: GiftCardId,
    amount: Dong,
    today: NaiveDate,
) -> Result<(), CardError> {
    let changed = tx
        .execute(
            "UPDATE gift_card SET remaining = remaining - $1, version = version + 1 \
             WHERE id = $2 AND state = 'active' AND remaining >= $1 AND valid_until >= $3",
            params![amount, card, today],
        )
        .await?;
    if changed == 1 {
        return Ok(());
    }
    tx.try_again();
    Err(BookingError::Changed.into())
}

/// "Book", with a card: the booking is confirmed or waits for money as without it, then the card pays.
#[derive(Debug, Clone)]
pub struct ConfirmWithCard {
    pub catalogue: Arc<Catalogue>,
    pub booking: BookingId,
    pub code: CardCode,
}

/// All or nothing: where the card does not pay, nothing is booked. Pressed twice it spends once.
pub async fn confirm_with_card(
    tx: &mut Tx,
    command: ConfirmWithCard,
) -> Result<Booking, CardError> {
    let ConfirmWithCard { catalogue, booking, code } = command;
    let before = query::by_id(tx, booking).await?.ok_or(CardError::Unknown)?;
    if matches!(before.state.kind(), StateKind::Confirmed | StateKind::AwaitingPayment) {
        return Ok(before);
    }
    let confirm = Confirm { catalogue: Arc::clone(&catalogue), booking };
    let confirmed = booking::confirm(tx, confirm).await?;
    let spend_it = Spend {
        catalogue,
        actor: Actor::Guest,
        booking,
        code,
        // Each confirming spends once.
        form_key: format!("review:{}", confirmed.version),
    };
    spend(tx, spend_it).await?;
    query::by_id(tx, booking).await?.ok_or(CardError::Unknown)
}

/// Money of a booking is back on the card. One whose time was over is valid again, and each for a month
/// at least: money that comes back to nothing would be none.
pub(crate) async fn restore(
    tx: &mut Tx,
    card: GiftCardId,
    amount: Dong,
    moved: MoveId,
) -> Result<(), StoreError> {
    let until = local_date(tx.now()) + Days::new(GRACE_DAYS);
    tx.execute_one(
        "UPDATE gift_card SET remaining = remaining + $1, version = version + 1, \
         valid_until = CASE WHEN valid_until < $2 THEN $2 ELSE valid_until END, \
         state = CASE WHEN state = 'expired' THEN 'active' ELSE state END WHERE id = $3",
        params![amount, until, card],
    )
    .await?;
    tell(tx, card, moved).await
}

/// Whoever holds the card hears what was used of it, or came back, and what is left.
pub(crate) async fn tell(tx: &mut Tx, card: GiftCardId, moved: MoveId) -> Result<(), StoreError> {
    let Some(card) = by_id(tx, card).await? else { return Ok(()) };
    let (name, email) = card.holder();
    if email.is_empty() || card.state == CardState::Cancelled {
        return Ok(());
    }
    let letter = Letter::GiftCardUsed;
    let envelope = Envelope {
        event_key: format!("{letter}:{moved}"),
        letter,
        recipient: email.to_owned(),
        recipient_name: name.to_owned(),
        locale: card.locale,
        // What is left is said as it was then: a later use has a letter of its own.
        payload: json!({ "card_id": card.id, "move_id": moved, "left": card.remaining }),
        booking_id: None,
        workshop_id: Some(card.workshop_id),
    };
    outbox::post(tx, envelope).await?;
    Ok(())
}
