//! A visitor buys a card: it waits for the money, as a booking does.

use chrono::TimeDelta;
use serde_json::json;

use super::code::CardCode;
use super::error::{CardError, Field, Wrong, Wrongs};
use super::model::{CardState, GiftCard, Origin, by_form_key, last_day};
use super::terms::{Terms, VALUES, may_sell};
use crate::accounts::{Actor, audit};
use crate::clock::local_date;
use crate::email::Email;
use crate::mail::Letter;
use crate::payment::{self, PaymentCode};
use crate::privacy;
use crate::store::{Columns, StoreError, Tx};
use crate::{Dong, GiftCardId, Locale, WorkshopId, columns};

/// For how long the money is waited for. Nothing is kept for the buyer meanwhile, so there is no hurry.
const PAY_DAYS: i64 = 3;
/// Longest name, words and reason, in characters.
pub(super) const MAX_NAME: usize = 80;
pub(super) const MAX_WORDS: usize = 300;

/// A purchase as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BuyInput {
    /// One of the values offered in đồng, or "own".
    pub value: String,
    pub own: String,
    pub name: String,
    pub email: String,
    pub recipient_name: String,
    pub recipient_email: String,
    pub words: String,
}

/// The same, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuyData {
    value: Dong,
    name: String,
    email: Email,
    recipient_name: String,
    recipient_email: Option<Email>,
    words: String,
}

impl BuyData {
    pub fn parse(input: &BuyInput, terms: &Terms) -> Result<BuyData, CardError> {
        let mut wrongs = Vec::new();
        let value = if input.value == "own" {
            value_of(&input.own, Field::Own, &mut wrongs)
        } else {
            let chosen = input.value.parse().ok().map(Dong);
            let chosen = chosen.filter(|value| terms.offered.0.contains(value));
            if chosen.is_none() {
                wrongs.push((Field::Value, Wrong::Choice));
            }
            chosen
        };
        let name = line_of(&input.name, Field::Name, MAX_NAME, true, &mut wrongs);
        let email = email_of(&input.email, Field::Email, true, &mut wrongs);
        let recipient_name =
            line_of(&input.recipient_name, Field::RecipientName, MAX_NAME, false, &mut wrongs);
        let recipient_email =
            email_of(&input.recipient_email, Field::RecipientEmail, false, &mut wrongs);
        let words = words_of(&input.words, Field::Words, false, &mut wrongs);
        match (value, email) {
            (Some(value), Some(email)) if wrongs.is_empty() => {
                Ok(BuyData { value, name, email, recipient_name, recipient_email, words })
            }
            _ => Err(CardError::Fields(wrongs)),
        }
    }
}

pub(super) fn value_of(text: &str, field: Field, wrongs: &mut Wrongs) -> Option<Dong> {
    let Ok(value) = text.parse::<Dong>() else {
        wrongs.push((field, Wrong::Amount));
        return None;
    };
    if !VALUES.contains(&value) {
        let (least, most) = (*VALUES.start(), *VALUES.end());
        wrongs.push((field, Wrong::Between { least, most }));
        return None;
    }
    Some(value)
}

pub(super) fn line_of(
    text: &str,
    field: Field,
    max: usize,
    must: bool,
    wrongs: &mut Wrongs,
) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if must && text.is_empty() {
        wrongs.push((field, Wrong::Missing));
    } else if text.chars().count() > max {
        wrongs.push((field, Wrong::TooLong { max }));
    }
    text
}

/// Several lines, as they were written.
pub(super) fn words_of(text: &str, field: Field, must: bool, wrongs: &mut Wrongs) -> String {
    let text = text.replace("\r\n", "\n").trim().to_owned();
    if must && text.is_empty() {
        wrongs.push((field, Wrong::Missing));
    } else if text.chars().count() > MAX_WORDS {
        wrongs.push((field, Wrong::TooLong { max: MAX_WORDS }));
    }
    text
}

pub(super) fn email_of(text: &str, field: Field, must: bool, wrongs: &mut Wrongs) -> Option<Email> {
    let text = text.trim();
    if text.is_empty() && !must {
        return None;
    }
    let email = text.parse().ok();
    if email.is_none() {
        wrongs.push((field, Wrong::Email));
    }
    email
}

#[derive(Debug, Clone)]
pub struct Buy {
    pub workshop: WorkshopId,
    pub data: BuyData,
    /// In which the card and its letters are written.
    pub locale: Locale,
    /// Made with the form: the same form sent again is the same card.
    pub form_key: String,
}

/// Makes the card, which waits for its money from now on.
pub async fn buy(tx: &mut Tx, command: Buy) -> Result<GiftCard, CardError> {
    let Buy { workshop, data, locale, form_key } = command;
    if let Some(card) = by_form_key(tx, &form_key).await? {
        return Ok(card);
    }
    let terms = may_sell(tx, workshop).await?.ok_or(CardError::NotOnSale)?;
    let account = payment::of_workshop(tx, workshop).await?.ok_or(CardError::NotOnSale)?;
    let today = local_date(tx.now());
    let row = columns! {
        form_key: form_key,
        workshop_id: workshop,
        origin: Origin::Bought,
        state: CardState::Awaiting,
        value: data.value,
        remaining: data.value,
        valid_until: last_day(today, terms.months),
        months: terms.months,
        buyer_name: data.name,
        buyer_email: *data.email.to_string(),
        recipient_name: data.recipient_name,
        recipient_email: *data.recipient_email.map(|email| email.to_string()).unwrap_or_default(),
        words: data.words,
        reason: *"",
        locale: locale,
        account_id: Some(account.id),
        due_at: Some(tx.now() + TimeDelta::days(PAY_DAYS)),
    };
    let pay_code = PaymentCode::draw_for_card(tx);
    let card = insert(tx, row.and(columns! { pay_code: pay_code })).await?;
    let given = privacy::Given {
        subject: privacy::Subject::GiftCard,
        id: card.id.into(),
        workshop,
        locale,
        waiver: None,
    };
    privacy::record_consent(tx, given).await?;
    let (name, email) = (card.buyer_name.clone(), card.buyer_email.clone());
    super::receive::post(tx, &card, Letter::GiftCardRequest, name, email).await?;
    let detail = json!({ "amount": card.value });
    audit::record(tx, &Actor::Guest, "gift_card.buy", card.hint(), Some(workshop), detail).await?;
    Ok(card)
}

/// Writes a new card with a code that no other has. A code drawn twice is so unlikely that the
/// whole write is simply tried again by whoever asked for it.
pub(super) async fn insert(tx: &mut Tx, row: Columns) -> Result<GiftCard, StoreError> {
    let id = GiftCardId::new(tx.now());
    let code = CardCode::draw(tx);
    let secret = tx.draw_token();
    let fixed = columns! {
        id: id,
        code: code,
        secret: secret,
        note: *"",
        lapsed: false,
        version: 0_i32,
        created_at: tx.now(),
    };
    tx.insert("gift_card", fixed.and(row)).await?;
    super::model::by_id(tx, id).await?.ok_or_else(|| StoreError::Inconsistent {
        table: "gift_card",
        what: "a card that was just written is not there".into(),
    })
}
