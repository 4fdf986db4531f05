//! How a workshop sends things: its rates, and who may pay the post.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::error::{Field, ParcelError, Wrong};
use super::model::Pays;
use super::rate::{RateStep, Rates, RatesInput, Zone};
use crate::accounts::{Actor, audit};
use crate::payment;
use crate::store::{Conn, StoreError, Tx};
use crate::{Dong, WorkshopId, columns, json_column, params};

/// Who may pay, in the order in which it is offered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PaysList(pub Vec<Pays>);

json_column!(PaysList);

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Postage {
    pub rates: Rates,
    pub pays: PaysList,
}

impl Default for Postage {
    /// Rough prices of 2026, for a workshop that has said nothing: within Viet Nam by post, abroad by
    /// EMS.
    fn default() -> Self {
        let steps = |all: &[(i32, i64)]| {
            all.iter()
                .map(|(grams, price)| RateStep { grams: *grams, price: Dong(*price) })
                .collect()
        };
        Postage {
            rates: Rates {
                hanoi: steps(&[(1_000, 25_000), (3_000, 35_000), (5_000, 50_000)]),
                vietnam: steps(&[(1_000, 35_000), (3_000, 60_000), (5_000, 90_000)]),
                asia: steps(&[
                    (500, 420_000),
                    (1_000, 560_000),
                    (2_000, 820_000),
                    (5_000, 1_500_000),
                ]),
                world: steps(&[
                    (500, 650_000),
                    (1_000, 880_000),
                    (2_000, 1_350_000),
                    (5_000, 2_600_000),
                ]),
            },
            pays: PaysList(vec![Pays::Transfer, Pays::Cash, Pays::Receiver]),
        }
    }
}

pub async fn postage_of(conn: &mut Conn, workshop: WorkshopId) -> Result<Postage, StoreError> {
    let found = conn
        .fetch_optional("SELECT rates, pays FROM postage WHERE workshop_id = $1", params![workshop])
        .await?;
    Ok(found.unwrap_or_default())
}

/// Who may pay the post of a workshop's parcels now: a transfer needs an account, and only carriers
/// within Viet Nam take money at the door.
pub async fn offered(
    conn: &mut Conn,
    workshop: WorkshopId,
    zone: Option<Zone>,
) -> Result<Vec<Pays>, StoreError> {
    let postage = postage_of(conn, workshop).await?;
    if postage.pays.0.contains(&Pays::Free) {
        return Ok(vec![Pays::Free]);
    }
    let account = payment::of_workshop(conn, workshop).await?.is_some();
    let near = zone.is_none_or(|zone| matches!(zone, Zone::Hanoi | Zone::Vietnam));
    let mut pays = postage.pays.0;
    pays.retain(|way| match way {
        Pays::Transfer => account,
        Pays::Receiver => near,
        Pays::Cash | Pays::Free => true,
    });
    // Somebody has to: a workshop that takes no transfers is paid when they meet.
    if pays.is_empty() {
        pays.push(Pays::Cash);
    }
    Ok(pays)
}

/// As it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PostageInput {
    pub rates: RatesInput,
    pub pays: Vec<String>,
}

impl Postage {
    pub fn parse(input: &PostageInput) -> Result<Postage, ParcelError> {
        let rates = Rates::parse(&input.rates);
        let chosen = |pays: &&Pays| input.pays.iter().any(|word| word == pays.word());
        let pays: Vec<Pays> = Pays::ALL.iter().filter(chosen).copied().collect();
        let mut wrongs = Vec::new();
        if pays.is_empty() {
            wrongs.push((Field::PaysOffered, Wrong::Missing));
        }
        match rates {
            Ok(rates) if wrongs.is_empty() => Ok(Postage { rates, pays: PaysList(pays) }),
            Ok(_) => Err(ParcelError::Fields(wrongs)),
            Err(ParcelError::Fields(mut more)) => {
                more.extend(wrongs);
                Err(ParcelError::Fields(more))
            }
            Err(error) => Err(error),
        }
    }
}

#[derive(Debug, Clone)]
pub struct SavePostage {
    pub actor: Actor,
    pub workshop: WorkshopId,
    pub postage: Postage,
}

/// Says it from now on; parcels that are asked for already keep their cost.
pub async fn save_postage(tx: &mut Tx, command: SavePostage) -> Result<(), ParcelError> {
    let SavePostage { actor, workshop, postage } = command;
    actor.must_own(workshop)?;
    tx.execute("DELETE FROM postage WHERE workshop_id = $1", params![workshop]).await?;
    let row = columns! {
        workshop_id: workshop,
        rates: postage.rates,
        pays: postage.pays,
        updated_at: tx.now(),
    };
    tx.insert("postage", row).await?;
    audit::record(tx, &actor, "postage.save", workshop, Some(workshop), json!({})).await?;
    Ok(())
}
