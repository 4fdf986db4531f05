//! A buyer's money comes, or goes back: the only writer of a card's moves beside its end.

use chrono::NaiveDate;
use serde_json::json;

use super::error::{CardError, Field, Wrong};
use super::model::{CardMoveKind, CardState, GiftCard, by_id, last_day, paid_for};
use super::terms::terms_of;
use crate::accounts::{Actor, audit};
use crate::clock::local_date;
use crate::ledger::{self, CardEvent, CardMoved};
use crate::mail::Letter;
use crate::mail::outbox::{self, Envelope};
use crate::payment::{self, Finding, PaymentError};
use crate::store::{StoreError, Tx};
use crate::{BankAccountId, CardMoveId, CoopId, Dong, GiftCardId, TransferId, columns, params};

/// Takes the card's row for this transaction: sums of its moves stay true until the end.
pub(super) async fn lock(tx: &mut Tx, id: GiftCardId) -> Result<GiftCard, CardError> {
    tx.execute("UPDATE gift_card SET version = version + 1 WHERE id = $1", params![id]).await?;
    by_id(tx, id).await?.ok_or(CardError::Unknown)
}

/// A transfer for a card.
#[derive(Debug)]
pub(crate) struct Paid<'a> {
    pub actor: &'a Actor,
    pub card: GiftCardId,
    pub amount: Dong,
    pub account: BankAccountId,
    /// Whose account it is, where it is a co-op's.
    pub coop: Option<CoopId>,
    pub transfer: TransferId,
    pub on_date: NaiveDate,
    pub event: String,
}

/// Takes the money in. Enough of it makes the card valid; of a card whose time to pay is over too,
/// as long as the workshop sells any, because nothing was kept that could be gone.
pub(crate) async fn receive(tx: &mut Tx, paid: Paid<'_>) -> Result<Finding, PaymentError> {
    take(tx, paid).await.map_err(PaymentError::from)
}

async fn take(tx: &mut Tx, paid: Paid<'_>) -> Result<Finding, CardError> {
    let card = lock(tx, paid.card).await?;
    let sum = paid_for(tx, card.id).await? + paid.amount;
    let late = card.state == CardState::Cancelled && card.lapsed;
    let finding = match card.state {
        CardState::Awaiting if sum < card.value => Finding::Part,
        CardState::Awaiting if sum > card.value => Finding::Over,
        CardState::Awaiting => Finding::Paid,
        CardState::Cancelled if !late => Finding::Cancelled,
        CardState::Cancelled if sum < card.value => Finding::Late,
        CardState::Cancelled if !terms_of(tx, card.workshop_id).await?.selling => Finding::Late,
        CardState::Cancelled if sum > card.value => Finding::Over,
        CardState::Cancelled => Finding::Retaken,
        CardState::Active | CardState::Blocked | CardState::Expired => Finding::Twice,
    };
    let moved = Moved {
        card: &card,
        kind: CardMoveKind::Received,
        amount: paid.amount,
        account: Some(paid.account),
        coop: paid.coop,
        transfer: Some(paid.transfer),
        on_date: paid.on_date,
        actor: paid.actor,
        note: "",
        event: paid.event,
    };
    write(tx, moved).await?;
    let workshop = Some(card.workshop_id);
    let detail = payment::told(paid.amount, finding);
    audit::record(tx, paid.actor, "gift_card.receive", card.hint(), workshop, detail).await?;
    if matches!(finding, Finding::Paid | Finding::Over | Finding::Retaken) {
        activate(tx, &card).await?;
    }
    Ok(finding)
}

/// From today on the card is valid: its buyer has a receipt, and whoever gets it the card.
async fn activate(tx: &mut Tx, card: &GiftCard) -> Result<(), CardError> {
    let row = columns! {
        state: CardState::Active,
        lapsed: false,
        valid_until: last_day(local_date(tx.now()), card.months),
        activated_at: Some(tx.now()),
    };
    tx.update_one("gift_card", row, columns! { id: card.id }).await?;
    let (name, email) = (card.buyer_name.clone(), card.buyer_email.clone());
    post(tx, card, Letter::GiftCardReceipt, name, email).await?;
    if !card.recipient_email.eq_ignore_ascii_case(&card.buyer_email) {
        let (name, email) = (card.recipient_name.clone(), card.recipient_email.clone());
        post(tx, card, Letter::GiftCard, name, email).await?;
    }
    Ok(())
}

/// A letter about a card, once; nothing where no address is known.
pub(super) async fn post(
    tx: &mut Tx,
    card: &GiftCard,
    letter: Letter,
    recipient_name: String,
    recipient: String,
) -> Result<(), StoreError> {
    if recipient.is_empty() {
        return Ok(());
    }
    let envelope = Envelope {
        event_key: format!("{letter}:{}", card.id),
        letter,
        recipient,
        recipient_name,
        locale: card.locale,
        payload: json!({ "card_id": card.id }),
        booking_id: None,
        workshop_id: Some(card.workshop_id),
    };
    outbox::post(tx, envelope).await?;
    Ok(())
}

/// Money that goes back to a card's buyer.
#[derive(Debug)]
pub(crate) struct Back<'a> {
    pub actor: &'a Actor,
    pub card: GiftCardId,
    pub amount: Dong,
    pub account: Option<BankAccountId>,
    pub coop: Option<CoopId>,
    pub on_date: NaiveDate,
    pub note: &'a str,
    pub event: String,
}

/// Notes it; never more than is due. The transfers that waited for it are done.
pub(crate) async fn give_back(tx: &mut Tx, back: Back<'_>) -> Result<(), PaymentError> {
    match send(tx, back).await {
        // The forms of payments have a field for it.
        Err(CardError::Fields(wrongs)) => {
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

pub(super) async fn send(tx: &mut Tx, back: Back<'_>) -> Result<(), CardError> {
    let card = lock(tx, back.card).await?;
    let known: Option<(CardMoveId,)> = tx
        .fetch_optional("SELECT id FROM gift_card_move WHERE event_key = $1", params![back.event])
        .await?;
    if known.is_some() {
        return Ok(());
    }
    let due = card.due(paid_for(tx, card.id).await?);
    if back.amount > due {
        return Err(CardError::Fields(vec![(Field::Amount, Wrong::Above { most: due })]));
    }
    let moved = Moved {
        card: &card,
        kind: CardMoveKind::Returned,
        amount: back.amount,
        account: back.account,
        coop: back.coop,
        transfer: None,
        on_date: back.on_date,
        actor: back.actor,
        note: back.note,
        event: back.event,
    };
    write(tx, moved).await?;
    if back.amount == due {
        payment::settle_of_card(tx, card.id, back.actor, back.on_date).await?;
    }
    let detail = json!({ "amount": back.amount, "on_date": back.on_date });
    let workshop = Some(card.workshop_id);
    audit::record(tx, back.actor, "gift_card.pay_back", card.hint(), workshop, detail).await?;
    Ok(())
}

/// What moves.
pub(super) struct Moved<'a> {
    pub card: &'a GiftCard,
    pub kind: CardMoveKind,
    pub amount: Dong,
    pub account: Option<BankAccountId>,
    pub coop: Option<CoopId>,
    pub transfer: Option<TransferId>,
    pub on_date: NaiveDate,
    pub actor: &'a Actor,
    pub note: &'a str,
    pub event: String,
}

/// The move, and the ledger's entry of what somebody paid for.
pub(super) async fn write(tx: &mut Tx, moved: Moved<'_>) -> Result<(), CardError> {
    let id = CardMoveId::new(tx.now());
    let card = moved.card;
    let row = columns! {
        id: id,
        event_key: moved.event,
        card_id: card.id,
        kind: moved.kind,
        amount: moved.amount,
        account_id: moved.account,
        transfer_id: moved.transfer,
        on_date: moved.on_date,
        actor: moved.actor.label(),
        note: *moved.note,
        created_at: tx.now(),
    };
    tx.insert("gift_card_move", row).await?;
    let event = match (moved.kind, card.origin) {
        (CardMoveKind::Received, _) => CardEvent::Sold(moved.coop),
        (CardMoveKind::Returned, _) => CardEvent::Returned(moved.coop),
        (CardMoveKind::Expired, super::Origin::Bought) => CardEvent::Expired,
        // Nobody is owed what nobody paid.
        (CardMoveKind::Expired, super::Origin::Given) => return Ok(()),
    };
    let entry = CardMoved {
        event,
        workshop: card.workshop_id,
        amount: moved.amount,
        on_date: moved.on_date,
        code: card.hint(),
        actor: moved.actor,
        note: moved.note,
        event_key: format!("gift_card:{id}"),
    };
    ledger::card_moved(tx, entry).await?;
    Ok(())
}

impl From<CardError> for PaymentError {
    fn from(error: CardError) -> Self {
        match error {
            CardError::Store(error) => error.into(),
            CardError::Forbidden(error) => error.into(),
            CardError::Booking(error) => error.into(),
            CardError::Payment(error) => error,
            CardError::Unknown
            | CardError::NotOnSale
            | CardError::Fields(_)
            | CardError::Refused(_)
            | CardError::State => PaymentError::Unknown,
        }
    }
}
