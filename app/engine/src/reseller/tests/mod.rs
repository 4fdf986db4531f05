//! A travel company and a workshop, from the contract to the statement.

mod kept;
mod sales;

use std::sync::Arc;

use uuid::Uuid;

use crate::accounts::{Actor, Seller};
use crate::booking::testing::Scene;
use crate::clock::local_date;
use crate::reseller::{self, *};
use crate::store::Tx;
use crate::{ContractId, Locale, SlotId, UnitId};

/// A company with a contract: a tenth off, a child for 150,000 ₫.
pub(super) fn terms(scene: &Scene) -> ContractInput {
    ContractInput {
        percent_off: "10".into(),
        prices: vec![(scene.child, "150.000".into())],
        ..ContractInput::default()
    }
}

pub(super) fn data(scene: &Scene, input: &ContractInput) -> ContractData {
    let today = local_date(scene.store.now());
    ContractData::parse(input, &scene.catalogue, scene.workshop, today).unwrap()
}

pub(super) async fn contract(scene: &Scene, name: &str, input: &ContractInput) -> ContractId {
    let company = ResellerInput {
        name: name.into(),
        email: format!("{}@example.com", name.to_lowercase()),
        ..ResellerInput::default()
    };
    let command = Invite {
        actor: scene.owner.clone(),
        workshop: scene.workshop,
        company: ResellerData::parse(&company).unwrap(),
        contract: data(scene, input),
        locale: Locale::Vi,
    };
    scene.store.write("invite", command, |tx, c| Box::pin(invite(tx, c))).await.unwrap()
}

pub(super) async fn key(scene: &Scene, contract: ContractId, mode: KeyMode) -> NewKey {
    let command = MakeKey { actor: scene.owner.clone(), contract, mode, label: String::new() };
    scene.store.write("key", command, |tx, c| Box::pin(make_key(tx, c))).await.unwrap()
}

pub(super) async fn seller(scene: &Scene, contract: ContractId, mode: KeyMode) -> Seller {
    let key = key(scene, contract, mode).await;
    authenticate(&scene.store, &key.key).await.unwrap().unwrap().1
}

/// A company that may sell, in one go.
pub(super) async fn company(scene: &Scene, name: &str) -> Seller {
    let contract = contract(scene, name, &terms(scene)).await;
    seller(scene, contract, KeyMode::Live).await
}

pub(super) fn tickets(units: &[(UnitId, usize)]) -> Vec<Ticket> {
    let one = |unit| Ticket {
        uuid: Uuid::now_v7(),
        unit,
        reference: String::new(),
        contact: Traveller::default(),
    };
    units.iter().flat_map(|(unit, n)| std::iter::repeat_n(*unit, *n)).map(one).collect()
}

pub(super) fn wish(scene: &Scene, seller: &Seller, slot: SlotId, adults: usize) -> Reserve {
    Reserve {
        catalogue: Arc::clone(&scene.catalogue),
        seller: seller.clone(),
        uuid: Uuid::now_v7(),
        request_hash: "one".into(),
        slot,
        tickets: tickets(&[(scene.adult, adults)]),
        minutes: 30,
        notes: String::new(),
        reference: String::new(),
        contact: Traveller::default(),
    }
}

/// Runs a verb.
pub(super) async fn run<C, T>(
    scene: &Scene,
    command: C,
    verb: impl for<'t> Fn(&'t mut Tx, C) -> futures::future::BoxFuture<'t, Result<T, ResellerError>>
    + Send
    + Sync
    + 'static,
) -> Result<T, ResellerError>
where
    C: Clone + Send + Sync + 'static,
    T: Send + 'static,
{
    scene.store.write("verb", command, verb).await
}

pub(super) async fn hold(scene: &Scene, wish: Reserve) -> Result<Sold, ResellerError> {
    run(scene, wish, |tx, c| Box::pin(reserve(tx, c))).await
}

pub(super) fn traveller(name: &str) -> Traveller {
    Traveller { full_name: Some(name.into()), ..Traveller::default() }
}

pub(super) async fn confirm(
    scene: &Scene,
    sold: &Sold,
    by: &Seller,
) -> Result<Sold, ResellerError> {
    let command = Finish {
        catalogue: Arc::clone(&scene.catalogue),
        seller: by.clone(),
        uuid: sold.resale.uuid,
        contact: traveller("Trần Thu Hà"),
        reference: Some("HT-1".into()),
        tickets: None,
    };
    run(scene, command, |tx, c| Box::pin(finish(tx, c))).await
}

pub(super) fn change(scene: &Scene, sold: &Sold, by: &Seller) -> Update {
    Update {
        catalogue: Arc::clone(&scene.catalogue),
        seller: by.clone(),
        uuid: sold.resale.uuid,
        slot: None,
        tickets: None,
        minutes: None,
        contact: None,
        reference: None,
        notes: None,
    }
}

pub(super) async fn cancelled(
    scene: &Scene,
    sold: &Sold,
    by: &Seller,
    knowingly: bool,
) -> Result<Sold, ResellerError> {
    let command =
        Cancel {
            seller: by.clone(), uuid: sold.resale.uuid, reason: "Khách ốm".into(), knowingly
        };
    run(scene, command, |tx, c| Box::pin(reseller::cancel(tx, c))).await
}

pub(super) async fn count(scene: &Scene, sql: &'static str) -> i64 {
    let mut conn = scene.store.read().await.unwrap();
    conn.fetch_one::<(i64,)>(sql, vec![]).await.unwrap().0
}

/// Of the workshop, and not of this one.
pub(super) fn stranger(scene: &Scene) -> Actor {
    scene.stranger.clone()
}
