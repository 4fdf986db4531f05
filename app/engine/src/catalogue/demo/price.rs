//! The demo's price rules, extras and promo codes.

use serde::Deserialize;

use super::DemoError;
use crate::accounts::Actor;
use crate::catalogue::Catalogue;
use crate::price::{
    CodeData, CodeInput, Extra, ExtraKind, Extras, Per, PriceRules, SaveCode, save_code,
};
use crate::store::Tx;
use crate::{Dong, ExtraId, Localized, params};

const FILE: (&str, &str) = ("price.toml", include_str!("../../../demo/price.toml"));

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PriceFile {
    tours: Vec<TourEntry>,
    codes: Vec<CodeEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TourEntry {
    tour: String,
    rules: PriceRules,
    extras: Vec<ExtraEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ExtraEntry {
    kind: ExtraKind,
    title: Localized,
    price: Dong,
    per: Per,
    #[serde(default = "one")]
    most: u32,
}

const fn one() -> u32 {
    1
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CodeEntry {
    workshop: String,
    code: String,
    percent: Option<u8>,
    amount: Option<i64>,
    min_people: Option<i32>,
    max_uses: Option<i32>,
}

fn broken(reason: impl std::fmt::Display) -> DemoError {
    DemoError::File { file: FILE.0, reason: reason.to_string() }
}

/// Rules and extras, before anything is booked.
pub(super) async fn insert(tx: &mut Tx) -> Result<(), DemoError> {
    let file: PriceFile = toml::from_str(FILE.1).map_err(broken)?;
    for entry in file.tours {
        let extras = entry.extras.into_iter().map(|extra| Extra {
            id: ExtraId::new(tx.now()),
            kind: extra.kind,
            title: extra.title,
            price: extra.price,
            per: extra.per,
            most: extra.most,
        });
        let extras = Extras(extras.collect());
        tx.execute_one(
            "UPDATE tour SET price_rules = $2, extras = $3 WHERE slug = $1",
            params![entry.tour, entry.rules, extras],
        )
        .await?;
    }
    Ok(())
}

pub(super) async fn codes(tx: &mut Tx, catalogue: &Catalogue) -> Result<(), DemoError> {
    let file: PriceFile = toml::from_str(FILE.1).map_err(broken)?;
    for entry in file.codes {
        let workshop = catalogue.workshop_by_slug(&entry.workshop);
        let workshop = workshop.ok_or_else(|| broken(&entry.workshop))?.id;
        let number = |number: Option<i32>| number.map(|n| n.to_string()).unwrap_or_default();
        let (by, much) = match (entry.percent, entry.amount) {
            (Some(percent), _) => ("percent", percent.to_string()),
            (None, amount) => ("amount", amount.unwrap_or(0).to_string()),
        };
        let input = CodeInput {
            code: entry.code,
            by: by.to_owned(),
            much,
            min_people: number(entry.min_people),
            max_uses: number(entry.max_uses),
            ..CodeInput::default()
        };
        let data = CodeData::parse(&input, catalogue, workshop)
            .map_err(|wrongs| broken(format!("{wrongs:?}")))?;
        let command = SaveCode { actor: Actor::System, workshop, id: None, data };
        save_code(tx, command).await.map_err(broken)?;
    }
    Ok(())
}
