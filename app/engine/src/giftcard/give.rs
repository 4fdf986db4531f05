//! The host gives a voucher: nobody pays for it.

use serde_json::json;

use super::buy::{MAX_NAME, email_of, insert, line_of, value_of, words_of};
use super::error::{CardError, Field};
use super::model::{CardState, GiftCard, Origin, by_form_key, last_day};
use super::terms::terms_of;
use crate::accounts::{Actor, audit};
use crate::clock::local_date;
use crate::email::Email;
use crate::mail::Letter;
use crate::store::Tx;
use crate::{Dong, Locale, WorkshopId, columns};

/// A voucher as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GiveInput {
    pub value: String,
    /// Why it is given; the host's own note.
    pub reason: String,
    pub name: String,
    pub email: String,
    /// To the guest.
    pub words: String,
}

/// The same, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GiveData {
    value: Dong,
    reason: String,
    name: String,
    email: Option<Email>,
    words: String,
}

impl GiveData {
    pub fn parse(input: &GiveInput) -> Result<GiveData, CardError> {
        let mut wrongs = Vec::new();
        let value = value_of(&input.value, Field::Value, &mut wrongs);
        let reason = words_of(&input.reason, Field::Reason, true, &mut wrongs);
        let name = line_of(&input.name, Field::RecipientName, MAX_NAME, true, &mut wrongs);
        let email = email_of(&input.email, Field::RecipientEmail, false, &mut wrongs);
        let words = words_of(&input.words, Field::Words, false, &mut wrongs);
        match value {
            Some(value) if wrongs.is_empty() => Ok(GiveData { value, reason, name, email, words }),
            _ => Err(CardError::Fields(wrongs)),
        }
    }
}

#[derive(Debug, Clone)]
pub struct Give {
    pub actor: Actor,
    pub workshop: WorkshopId,
    pub data: GiveData,
    /// In which the guest is written to.
    pub locale: Locale,
    /// Made with the form: the same form sent again is the same voucher.
    pub form_key: String,
}

/// Makes a voucher that is valid at once, and writes to whom it is for.
pub async fn give(tx: &mut Tx, command: Give) -> Result<GiftCard, CardError> {
    let Give { actor, workshop, data, locale, form_key } = command;
    actor.must_own(workshop)?;
    if let Some(card) = by_form_key(tx, &form_key).await? {
        return Ok(card);
    }
    let months = terms_of(tx, workshop).await?.months;
    let row = columns! {
        form_key: form_key,
        workshop_id: workshop,
        origin: Origin::Given,
        state: CardState::Active,
        value: data.value,
        remaining: data.value,
        valid_until: last_day(local_date(tx.now()), months),
        months: months,
        buyer_name: *"",
        buyer_email: *"",
        recipient_name: data.name,
        recipient_email: *data.email.map(|email| email.to_string()).unwrap_or_default(),
        words: data.words,
        reason: data.reason,
        locale: locale,
        activated_at: Some(tx.now()),
    };
    let card = insert(tx, row).await?;
    let (name, email) = (card.recipient_name.clone(), card.recipient_email.clone());
    super::receive::post(tx, &card, Letter::GiftCard, name, email).await?;
    let detail =
        json!({ "amount": card.value, "reason": card.reason, "name": card.recipient_name });
    audit::record(tx, &actor, "gift_card.give", card.hint(), Some(workshop), detail).await?;
    Ok(card)
}
