//! Reports told by plain SQL, by whom they may be read, and what they hide.

mod hidden;
mod people;
mod sums;
mod trade;

use std::sync::Arc;

use super::{Period, Report, ReportError, Scope, Span};
use crate::accounts::{Actor, Person};
use crate::booking::checkin::{CheckIn, check_in};
use crate::booking::testing::{Scene, run};
use crate::catalogue::{Catalogue, CatalogueCache};
use crate::clock::local_date;
use crate::country::Country;
use crate::store::Store;
use crate::{BookingId, Locale, PersonId, VillageId, params};

pub(super) fn admin(store: &Store) -> Actor {
    Actor::Person(Person {
        id: PersonId::new(store.now()),
        email: "so@example.com".into(),
        name: "Văn phòng".into(),
        locale: Locale::Vi,
        admin: true,
        memberships: vec![],
    })
}

pub(super) async fn catalogue(store: &Store) -> Arc<Catalogue> {
    CatalogueCache::new(store.clone()).get().await.unwrap()
}

pub(super) async fn village_of(scene: &Scene) -> VillageId {
    catalogue(&scene.store).await.workshop(scene.workshop).unwrap().village_id
}

/// Moves a scene's workshop into another's village.
pub(super) async fn move_to(scene: &Scene, village: VillageId) {
    run(
        &scene.store,
        "UPDATE workshop SET village_id = $1 WHERE id = $2",
        params![village, scene.workshop],
    )
    .await;
    run(&scene.store, "UPDATE catalogue_version SET version = version + 1", vec![]).await;
}

/// Adults who booked the scene's slot, and a country they said.
pub(super) async fn booked(scene: &Scene, adults: u32, country: &str) -> BookingId {
    let booking = scene.booked(scene.slot, adults).await.unwrap().id;
    let said = (booking, country.parse::<Country>().ok());
    scene
        .store
        .write("country", said, |tx, (booking, country)| {
            Box::pin(async move { crate::booking::say_country(tx, booking, country).await })
        })
        .await
        .unwrap();
    booking
}

pub(super) async fn came(store: &Store, booking: BookingId, arrived: i32) {
    let command = CheckIn { actor: Actor::System, booking, arrived, at: None };
    store.write("check in", command, |tx, c| Box::pin(check_in(tx, c))).await.unwrap();
}

pub(super) async fn report(
    store: &Store,
    actor: &Actor,
    scope: Scope,
) -> Result<Report, ReportError> {
    let catalogue = catalogue(store).await;
    let period = Period::read(Span::Month, "", "", local_date(store.now())).unwrap();
    let mut conn = store.read().await.unwrap();
    Report::load(&mut conn, actor, scope, period, &catalogue).await
}
