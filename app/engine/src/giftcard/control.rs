//! What an owner decides about a card: blocking it, letting it go on, cancelling it, paying back.

use serde_json::json;

use super::buy::words_of;
use super::error::{CardError, Field};
use super::model::{CardState, GiftCard, by_id};
use super::receive::{Back, lock, send};
use crate::accounts::{Actor, audit};
use crate::payment::{self, SumData};
use crate::store::{Conn, Tx};
use crate::{GiftCardId, columns};

/// What is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// It pays nothing for the time being: lost, or somebody guessed at it.
    Block,
    Unblock,
    /// It is off for good; what was paid and not used is due back to its buyer.
    Cancel,
}

#[derive(Debug, Clone)]
pub struct Control {
    pub actor: Actor,
    pub card: GiftCardId,
    pub deed: Deed,
    pub reason: String,
}

/// Does it, with its reason. Done twice it is refused: somebody was quicker.
pub async fn control(tx: &mut Tx, command: Control) -> Result<(), CardError> {
    let Control { actor, card, deed, reason } = command;
    owned(tx, &actor, card).await?;
    let mut wrongs = Vec::new();
    let reason = words_of(&reason, Field::Reason, true, &mut wrongs);
    if !wrongs.is_empty() {
        return Err(CardError::Fields(wrongs));
    }
    let card = lock(tx, card).await?;
    let (verb, state) = match (deed, card.state) {
        (Deed::Block, CardState::Active) => ("gift_card.block", CardState::Blocked),
        (Deed::Unblock, CardState::Blocked) => ("gift_card.unblock", CardState::Active),
        (Deed::Cancel, CardState::Awaiting | CardState::Active | CardState::Blocked) => {
            ("gift_card.cancel", CardState::Cancelled)
        }
        _ => return Err(CardError::State),
    };
    let note = if deed == Deed::Unblock { String::new() } else { reason.clone() };
    let row = columns! { state: state, note: note };
    tx.update_one("gift_card", row, columns! { id: card.id }).await?;
    let detail = json!({ "reason": reason, "amount": card.remaining });
    audit::record(tx, &actor, verb, card.hint(), Some(card.workshop_id), detail).await?;
    Ok(())
}

/// A card whose workshop's money the actor answers for.
async fn owned(conn: &mut Conn, actor: &Actor, id: GiftCardId) -> Result<GiftCard, CardError> {
    let card = by_id(conn, id).await?.ok_or(CardError::Unknown)?;
    actor.must_own(card.workshop_id)?;
    Ok(card)
}

#[derive(Debug, Clone)]
pub struct PayBack {
    pub actor: Actor,
    pub card: GiftCardId,
    pub sum: SumData,
    pub form_key: String,
}

/// An owner says that a card's buyer got money back: what was too much, too late, or of a card that
/// was cancelled.
pub async fn pay_back(tx: &mut Tx, command: PayBack) -> Result<(), CardError> {
    let PayBack { actor, card, sum, form_key } = command;
    let card = owned(tx, &actor, card).await?;
    let coop = match card.account_id {
        Some(account) => payment::account_by_id(tx, account).await?.and_then(|it| it.coop_id),
        None => None,
    };
    let back = Back {
        actor: &actor,
        card: card.id,
        amount: sum.amount,
        account: card.account_id,
        coop,
        on_date: sum.on_date,
        note: &sum.note,
        event: format!("gift_card_back:{form_key}"),
    };
    send(tx, back).await
}
