//! The demo's gift cards: one in every state, made by the verbs that visitors, the bank and the host use.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

use super::DemoError;
use super::payment::{Visitor, book, tell};
use crate::accounts::Actor;
use crate::catalogue::{Catalogue, cache, load};
use crate::giftcard::{
    self, Buy, BuyData, BuyInput, GiftCard, Give, GiveData, GiveInput, Offered, SaveTerms, Spend,
    Terms,
};
use crate::payment::{self, BankAccount};
use crate::store::Tx;
use crate::{Dong, Locale, WorkshopId};

const FILE: (&str, &str) = ("gift-cards.toml", include_str!("../../../demo/gift-cards.toml"));

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CardsFile {
    workshop: String,
    offered: Vec<i64>,
    months: i32,
    bought: Vec<BoughtEntry>,
    given: Vec<GivenEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct BoughtEntry {
    value: i64,
    name: String,
    email: String,
    recipient: String,
    recipient_email: String,
    words: String,
    ago: i64,
    paid_ago: Option<i64>,
    spends: Vec<SpendEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SpendEntry {
    tour: String,
    name: String,
    email: String,
    adults: u32,
    ago: i64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct GivenEntry {
    value: i64,
    reason: String,
    name: String,
    email: String,
    words: String,
    locale: String,
    ago: i64,
}

fn broken(reason: impl std::fmt::Display) -> DemoError {
    DemoError::File { file: FILE.0, reason: reason.to_string() }
}

/// Where it happens.
struct Shop {
    catalogue: Arc<Catalogue>,
    now: DateTime<Utc>,
    workshop: WorkshopId,
    account: BankAccount,
    terms: Terms,
}

pub(super) async fn make(tx: &mut Tx, catalogue: &Catalogue) -> Result<(), DemoError> {
    let file: CardsFile = toml::from_str(FILE.1).map_err(broken)?;
    let now = tx.now();
    let workshop = catalogue.workshop_by_slug(&file.workshop);
    let workshop = workshop.ok_or_else(|| broken(format!("no workshop {}", file.workshop)))?.id;
    let account = payment::of_workshop(tx, workshop).await?;
    let account = account.ok_or_else(|| broken("the workshop takes no transfers"))?;
    let offered = Offered(file.offered.iter().map(|value| Dong(*value)).collect());
    let terms = Terms { selling: true, offered, months: file.months };
    let save = SaveTerms { actor: Actor::System, workshop, terms: terms.clone() };
    giftcard::save_terms(tx, save).await.map_err(broken)?;
    // Tours are paid beforehand by now.
    let catalogue = Arc::new(load::load(tx).await?);
    let shop = Shop { catalogue, now, workshop, account, terms };
    for (at, entry) in file.bought.iter().enumerate() {
        shop.bought(tx, at, entry).await?;
    }
    for (at, entry) in file.given.iter().enumerate() {
        shop.given(tx, at, entry).await?;
    }
    tx.turn(now);
    // Nobody is written to who does not exist.
    tx.execute("DELETE FROM outbox WHERE kind NOT IN ('sign_in', 'invitation')", vec![]).await?;
    cache::touch(tx).await?;
    Ok(())
}

impl Shop {
    async fn bought(&self, tx: &mut Tx, at: usize, entry: &BoughtEntry) -> Result<(), DemoError> {
        tx.turn(self.now - TimeDelta::hours(entry.ago));
        let input = BuyInput {
            value: entry.value.to_string(),
            own: String::new(),
            name: entry.name.clone(),
            email: entry.email.clone(),
            recipient_name: entry.recipient.clone(),
            recipient_email: entry.recipient_email.clone(),
            words: entry.words.clone(),
        };
        let order = Buy {
            workshop: self.workshop,
            data: BuyData::parse(&input, &self.terms).map_err(broken)?,
            locale: Locale::Vi,
            form_key: format!("demo-card-{at}"),
        };
        let card = giftcard::buy(tx, order).await.map_err(broken)?;
        let Some((paid_ago, code)) = entry.paid_ago.zip(card.pay_code.clone()) else {
            return Ok(());
        };
        tx.turn(self.now - TimeDelta::hours(paid_ago));
        let words = format!("MBVCB.{}.{code}.CT tu 0022", 427_890 + at);
        let into = (self.account.id, self.account.number.as_str());
        let id = format!("demo-card-{at}");
        tell(tx, &self.catalogue, into, &id, (card.value, words)).await?;
        for (nth, spend) in entry.spends.iter().enumerate() {
            tx.turn(self.now - TimeDelta::hours(spend.ago));
            self.spends(tx, &card, format!("demo-card-{at}-{nth}"), spend).await?;
        }
        Ok(())
    }

    async fn spends(
        &self,
        tx: &mut Tx,
        card: &GiftCard,
        key: String,
        entry: &SpendEntry,
    ) -> Result<(), DemoError> {
        let visitor = Visitor {
            tour: &entry.tour,
            name: &entry.name,
            email: &entry.email,
            adults: entry.adults,
            form_key: key.clone(),
        };
        let Some(booking) = book(tx, &self.catalogue, self.now, visitor).await? else {
            return Ok(());
        };
        let spend = Spend {
            catalogue: Arc::clone(&self.catalogue),
            actor: Actor::Guest,
            booking: booking.id,
            code: card.code.clone(),
            form_key: key,
        };
        giftcard::spend(tx, spend).await.map_err(broken)?;
        Ok(())
    }

    async fn given(&self, tx: &mut Tx, at: usize, entry: &GivenEntry) -> Result<(), DemoError> {
        tx.turn(self.now - TimeDelta::hours(entry.ago));
        let input = GiveInput {
            value: entry.value.to_string(),
            reason: entry.reason.clone(),
            name: entry.name.clone(),
            email: entry.email.clone(),
            words: entry.words.clone(),
        };
        let voucher = Give {
            actor: Actor::System,
            workshop: self.workshop,
            data: GiveData::parse(&input).map_err(broken)?,
            locale: Locale::parse(&entry.locale).unwrap_or_default(),
            form_key: format!("demo-voucher-{at}"),
        };
        giftcard::give(tx, voucher).await.map_err(broken)?;
        Ok(())
    }
}
