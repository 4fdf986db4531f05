//! The workshop answers with a price, a time and sketches.

use chrono::NaiveDate;
use serde_json::json;

use super::begin::end_of;
use super::entry::{self, By, Mark, New};
use super::error::{CommissionError, Field, Wrong};
use super::model::{Commission, Offer, asks, go, lock, offer_of};
use super::news::{News, Told, to_customer};
use super::photo::few;
use super::read::{amount_of, day_of, number_of, words_of};
use super::state::{State, Step};
use crate::accounts::{Actor, audit};
use crate::clock::local_date;
use crate::craft::PhotoData;
use crate::store::Tx;
use crate::{CommissionId, CommissionOfferId, Dong, columns};

/// What a packed commission may weigh.
const GRAMS: (i32, i32) = (50, 50_000);

/// An offer as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OfferInput {
    pub price: String,
    pub deposit: String,
    pub kept: String,
    pub ready_on: String,
    pub valid_until: String,
    pub grams: String,
    /// To the customer.
    pub words: String,
}

/// The same, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferData {
    price: Dong,
    deposit_percent: i32,
    kept_percent: i32,
    ready_on: NaiveDate,
    valid_until: NaiveDate,
    grams: i32,
    words: String,
}

impl OfferData {
    /// `today` at the venue.
    pub fn parse(input: &OfferInput, today: NaiveDate) -> Result<OfferData, CommissionError> {
        let mut wrongs = Vec::new();
        let price = amount_of(&input.price, Field::Price, true, &mut wrongs);
        let deposit = number_of(&input.deposit, Field::Deposit, (0, 100), &mut wrongs);
        let kept = number_of(&input.kept, Field::Kept, (0, 100), &mut wrongs);
        let ready_on = day_of(&input.ready_on, Field::ReadyOn, (today, true), &mut wrongs);
        let valid = day_of(&input.valid_until, Field::ValidUntil, (today, true), &mut wrongs);
        if ready_on.zip(valid).is_some_and(|(ready, valid)| valid > ready) {
            wrongs.push((Field::ValidUntil, Wrong::AfterReady));
        }
        let grams = number_of(&input.grams, Field::Grams, GRAMS, &mut wrongs);
        let words = words_of(&input.words, Field::Words, true, &mut wrongs);
        let numbers = deposit.zip(kept).zip(grams);
        match (price, numbers, ready_on.zip(valid)) {
            (
                Some(price),
                Some(((deposit_percent, kept_percent), grams)),
                Some((ready_on, valid_until)),
            ) if wrongs.is_empty() => Ok(OfferData {
                price,
                deposit_percent,
                kept_percent,
                ready_on,
                valid_until,
                grams,
                words,
            }),
            _ => Err(CommissionError::Fields(wrongs)),
        }
    }
}

#[derive(Debug, Clone)]
pub struct MakeOffer {
    pub actor: Actor,
    pub commission: CommissionId,
    pub data: OfferData,
    /// Sketches.
    pub photos: Vec<PhotoData>,
    pub form_key: String,
}

/// Offers, and writes to the customer. A further offer takes the place of one that is open. Only owners
/// name prices.
pub async fn make_offer(tx: &mut Tx, command: MakeOffer) -> Result<Commission, CommissionError> {
    let MakeOffer { actor, commission, data, photos, form_key } = command;
    let mut commission = lock(tx, commission).await?;
    actor.must_own(commission.workshop_id)?;
    if entry::known(tx, &form_key).await? {
        return Ok(commission);
    }
    few(&photos)?;
    let broken = || CommissionError::Fields(vec![(Field::ValidUntil, Wrong::Date)]);
    // The form may have lain open over night.
    if data.valid_until < local_date(tx.now()) {
        return Err(broken());
    }
    let until = end_of(data.valid_until).ok_or_else(broken)?;
    go(tx, &mut commission, Step::Offer, State::Offered { until }).await?;
    asks(tx, &mut commission, false).await?;
    let before = offer_of(tx, commission.id).await?;
    let offer = Offer {
        id: CommissionOfferId::new(tx.now()),
        commission_id: commission.id,
        number: before.map_or(0, |offer| offer.number) + 1,
        price: data.price,
        deposit_percent: data.deposit_percent,
        kept_percent: data.kept_percent,
        ready_on: data.ready_on,
        valid_until: data.valid_until,
        grams: data.grams,
        created_at: tx.now(),
    };
    let row = columns! {
        id: offer.id,
        commission_id: offer.commission_id,
        number: offer.number,
        price: offer.price,
        deposit_percent: offer.deposit_percent,
        kept_percent: offer.kept_percent,
        ready_on: offer.ready_on,
        valid_until: offer.valid_until,
        grams: offer.grams,
        created_at: offer.created_at,
    };
    tx.insert("commission_offer", row).await?;
    let new = New {
        words: &data.words,
        offer: Some(offer.id),
        photos: &photos,
        form_key: &form_key,
        ..New::plain(Mark::Offer, By::Workshop)
    };
    let entry = entry::write(tx, &commission, new).await?;
    to_customer(tx, &commission, Told::entry(News::Offer, entry)).await?;
    let workshop = Some(commission.workshop_id);
    let detail = json!({ "amount": offer.price, "number": offer.number });
    audit::record(tx, &actor, "commission.offer", commission.id, workshop, detail).await?;
    Ok(commission)
}
