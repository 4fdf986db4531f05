//! The demo's commissions: two under way and one delivered, made by the verbs that customers, the bank and
//! the workshop use.

use std::sync::Arc;

use chrono::{DateTime, Days, TimeDelta, Utc};
use serde::Deserialize;

use super::DemoError;
use super::payment::tell;
use crate::accounts::Actor;
use crate::catalogue::photos::prepare;
use crate::catalogue::{Catalogue, cache};
use crate::clock::local_date;
use crate::commission::{
    self, Accept, Ask, BriefData, BriefInput, Commission, HandOn, Leave, MakeOffer, OfferData,
    OfferInput, SaveTerms, Say, Show, Terms,
};
use crate::craft::PhotoData;
use crate::payment::{self, BankAccount};
use crate::store::Tx;
use crate::{Dong, Locale, Localized, WorkshopId};

const FILE: (&str, &str) = ("commissions.toml", include_str!("../../../demo/commissions.toml"));

const PICTURES: [(&str, &[u8]); 4] = [
    ("sketch-lamp.jpg", include_bytes!("../../../demo/sketch-lamp.jpg")),
    ("sketch-basket.jpg", include_bytes!("../../../demo/sketch-basket.jpg")),
    ("milestone-lamp.jpg", include_bytes!("../../../demo/milestone-lamp.jpg")),
    ("milestone-basket.jpg", include_bytes!("../../../demo/milestone-basket.jpg")),
];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CommissionsFile {
    workshop: String,
    deposit: i32,
    kept: i32,
    about: Localized,
    commissions: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    what: String,
    size: String,
    colours: String,
    pieces: i32,
    budget: Option<i64>,
    details: String,
    name: String,
    email: String,
    locale: String,
    ago: i64,
    says: Vec<SaidEntry>,
    offer: OfferEntry,
    #[serde(default)]
    shows: Vec<ShownEntry>,
    ends: Option<EndEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SaidEntry {
    words: String,
    ago: i64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OfferEntry {
    price: i64,
    ready_in: u64,
    valid_for: u64,
    grams: i32,
    words: String,
    sketch: String,
    ago: i64,
    accepted_ago: Option<i64>,
    deposit_ago: Option<i64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ShownEntry {
    words: String,
    photo: Option<String>,
    #[serde(default)]
    ready: bool,
    ago: i64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct EndEntry {
    rest_ago: i64,
    handed_ago: i64,
}

fn broken(reason: impl std::fmt::Display) -> DemoError {
    DemoError::File { file: FILE.0, reason: reason.to_string() }
}

fn picture(name: &str) -> Result<PhotoData, DemoError> {
    let found = PICTURES.iter().find(|(known, _)| *known == name);
    let (_, bytes) = found.ok_or_else(|| broken(format!("no picture {name}")))?;
    Ok(Arc::new(prepare(bytes).map_err(broken)?))
}

/// Where it happens.
struct House {
    catalogue: Arc<Catalogue>,
    now: DateTime<Utc>,
    workshop: WorkshopId,
    account: BankAccount,
    deposit: i32,
    kept: i32,
}

pub(super) async fn make(tx: &mut Tx, catalogue: &Arc<Catalogue>) -> Result<(), DemoError> {
    let file: CommissionsFile = toml::from_str(FILE.1).map_err(broken)?;
    let now = tx.now();
    let workshop = catalogue.workshop_by_slug(&file.workshop);
    let workshop = workshop.ok_or_else(|| broken(format!("no workshop {}", file.workshop)))?.id;
    let account = payment::of_workshop(tx, workshop).await?;
    let account = account.ok_or_else(|| broken("the workshop takes no transfers"))?;
    let (deposit, kept) = (file.deposit, file.kept);
    let about = file.about;
    let terms = Terms { taking: true, about, deposit_percent: deposit, kept_percent: kept };
    let save = SaveTerms { actor: Actor::System, workshop, terms };
    commission::save_terms(tx, save).await.map_err(broken)?;
    let house = House { catalogue: Arc::clone(catalogue), now, workshop, account, deposit, kept };
    for (at, entry) in file.commissions.iter().enumerate() {
        house.live(tx, at, entry).await?;
    }
    tx.turn(now);
    // Nobody is written to who does not exist.
    tx.execute("DELETE FROM outbox WHERE kind NOT IN ('sign_in', 'invitation')", vec![]).await?;
    cache::touch(tx).await?;
    Ok(())
}

impl House {
    fn turn(&self, tx: &mut Tx, ago: i64) {
        tx.turn(self.now - TimeDelta::hours(ago));
    }

    /// From the brief to where it stands.
    async fn live(&self, tx: &mut Tx, at: usize, entry: &Entry) -> Result<(), DemoError> {
        let made = self.asks(tx, at, entry).await?;
        for (nth, said) in entry.says.iter().enumerate() {
            self.turn(tx, said.ago);
            let say = Say {
                actor: Actor::Guest,
                commission: made.id,
                words: said.words.clone(),
                photos: vec![],
                form_key: format!("demo-commission-{at}-says-{nth}"),
            };
            commission::say(tx, say).await.map_err(broken)?;
        }
        self.offers(tx, at, &made, &entry.offer).await?;
        for (nth, shown) in entry.shows.iter().enumerate() {
            self.turn(tx, shown.ago);
            let photos = match &shown.photo {
                Some(name) => vec![picture(name)?],
                None => vec![],
            };
            let show = Show {
                actor: Actor::System,
                commission: made.id,
                ready: shown.ready,
                words: shown.words.clone(),
                photos,
                form_key: format!("demo-commission-{at}-shows-{nth}"),
            };
            commission::show(tx, show).await.map_err(broken)?;
        }
        if let Some(end) = &entry.ends {
            self.turn(tx, end.rest_ago);
            self.pays(tx, &made, format!("demo-commission-{at}-rest")).await?;
            self.turn(tx, end.handed_ago);
            let how = Leave::HandOver;
            let gone = HandOn { actor: Actor::System, commission: made.id, how };
            commission::hand_on(tx, gone).await.map_err(broken)?;
        }
        Ok(())
    }

    async fn asks(&self, tx: &mut Tx, at: usize, entry: &Entry) -> Result<Commission, DemoError> {
        self.turn(tx, entry.ago);
        let input = BriefInput {
            what: entry.what.clone(),
            size: entry.size.clone(),
            colours: entry.colours.clone(),
            pieces: entry.pieces.to_string(),
            wished_on: String::new(),
            budget: entry.budget.map(|sum| sum.to_string()).unwrap_or_default(),
            details: entry.details.clone(),
            name: entry.name.clone(),
            email: entry.email.clone(),
            phone: String::new(),
        };
        let ask = Ask {
            workshop: self.workshop,
            data: BriefData::parse(&input, local_date(tx.now())).map_err(broken)?,
            photos: vec![],
            locale: Locale::parse(&entry.locale).unwrap_or_default(),
            form_key: format!("demo-commission-{at}"),
        };
        commission::ask(tx, ask).await.map_err(broken)
    }

    /// The offer, its acceptance and the deposit, as far as it came.
    async fn offers(
        &self,
        tx: &mut Tx,
        at: usize,
        made: &Commission,
        entry: &OfferEntry,
    ) -> Result<(), DemoError> {
        self.turn(tx, entry.ago);
        let today = local_date(tx.now());
        let input = OfferInput {
            price: entry.price.to_string(),
            deposit: self.deposit.to_string(),
            kept: self.kept.to_string(),
            ready_on: (today + Days::new(entry.ready_in)).to_string(),
            valid_until: (today + Days::new(entry.valid_for)).to_string(),
            grams: entry.grams.to_string(),
            words: entry.words.clone(),
        };
        let make = MakeOffer {
            actor: Actor::System,
            commission: made.id,
            data: OfferData::parse(&input, today).map_err(broken)?,
            photos: vec![picture(&entry.sketch)?],
            form_key: format!("demo-commission-{at}-offer"),
        };
        commission::make_offer(tx, make).await.map_err(broken)?;
        let Some(accepted_ago) = entry.accepted_ago else { return Ok(()) };
        self.turn(tx, accepted_ago);
        let offer = commission::offer_of(tx, made.id).await?;
        let offer = offer.ok_or_else(|| broken("an offer that was just made is not there"))?;
        let accept = Accept { commission: made.id, offer: offer.id };
        commission::accept(tx, accept).await.map_err(broken)?;
        if let Some(deposit_ago) = entry.deposit_ago {
            self.turn(tx, deposit_ago);
            self.pays(tx, made, format!("demo-commission-{at}-deposit")).await?;
        }
        Ok(())
    }

    /// What is to be paid now comes by transfer.
    async fn pays(&self, tx: &mut Tx, made: &Commission, id: String) -> Result<(), DemoError> {
        let stands = commission::by_id(tx, made.id).await?;
        let stands =
            stands.ok_or_else(|| broken("a commission that was just made is not there"))?;
        let (_, money) = commission::money_of(tx, &stands).await?;
        let into = (self.account.id, self.account.number.as_str());
        let words = format!("MBVCB.527890.{}.CT tu 0033", made.code);
        let now: Dong = money.now;
        tell(tx, &self.catalogue, into, &id, (now, words)).await
    }
}
