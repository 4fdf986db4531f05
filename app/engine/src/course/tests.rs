//! Stories of courses, told on both databases. The clock begins on Tuesday 1 December 2026, 08:00;
//! the usual run has three Saturday mornings from 5 December.

mod certificates;
mod runs;

use std::sync::Arc;

use chrono::{NaiveDate, TimeDelta};

use super::*;
use crate::accounts::Actor;
use crate::booking::Booking;
use crate::booking::testing::{Scene, Setup, run};
use crate::catalogue::CatalogueCache;
use crate::mail::Letter;
use crate::schedule::{Slot, slots};
use crate::store::Store;
use crate::{Localized, SlotId, both_dbs, params};

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 12, day).unwrap()
}

fn at(date: u32, time: &str) -> Planned {
    Planned { date: day(date), time: time.parse().unwrap(), minutes: 180 }
}

/// A workshop whose tour is a course that asks for two sessions.
async fn school(store: &Store, by_application: bool) -> Scene {
    let setup = Setup { capacity: 8, max_party: 8, ..Setup::default() };
    let mut scene = Scene::with(store, setup).await;
    let skills: Localized = Localized { vi: "Định tâm".into(), en: "Centring".into() };
    run(
        store,
        "INSERT INTO course (tour_id, needed, by_application, skills) VALUES ($1, 2, $2, $3)",
        params![scene.tour, by_application, skills],
    )
    .await;
    scene.catalogue = CatalogueCache::new(store.clone()).get().await.unwrap();
    scene
}

async fn plan(scene: &Scene, actor: &Actor, sessions: Vec<Planned>) -> Result<Slot, CourseError> {
    let command = PlanRun {
        catalogue: Arc::clone(&scene.catalogue),
        actor: actor.clone(),
        option: scene.option,
        sessions,
        capacity: 8,
        guide: " Anh Hải ".into(),
    };
    scene.store.write("plan", command, |tx, c| Box::pin(plan_run(tx, c))).await
}

/// Three Saturdays, 08:30 to 11:30.
async fn saturdays(scene: &Scene) -> Slot {
    let sessions = vec![at(19, "08:30"), at(5, "08:30"), at(12, "08:30")];
    plan(scene, &scene.owner, sessions).await.unwrap()
}

async fn sessions(scene: &Scene, slot: SlotId) -> Vec<Session> {
    sessions_of(&mut scene.store.read().await.unwrap(), slot).await.unwrap()
}

async fn now(scene: &Scene, slot: SlotId) -> Slot {
    slots::find(&mut scene.store.read().await.unwrap(), slot).await.unwrap().unwrap()
}

async fn roll(scene: &Scene, slot: SlotId) -> Roll {
    roll_of(&mut scene.store.read().await.unwrap(), slot).await.unwrap()
}

async fn named(scene: &Scene, booking: &Booking, list: &str) -> Result<usize, CourseError> {
    let names = parse_names(list).unwrap();
    let command = AddNames { actor: Actor::Guest, booking: booking.id, names };
    scene.store.write("names", command, |tx, c| Box::pin(add_names(tx, c))).await
}

/// Marks everybody of a run, by name, at one session.
async fn mark(
    scene: &Scene,
    actor: &Actor,
    session: &Session,
    marks: &[(&str, Option<bool>)],
) -> Result<u64, CourseError> {
    let roll = roll(scene, session.slot_id).await;
    let found = marks.iter().map(|(name, present)| {
        let one = roll.participants().find(|(_, one)| one.guest.name == *name).unwrap();
        (one.1.guest.id, *present)
    });
    let command = MarkAttendance {
        actor: actor.clone(),
        session: session.id,
        marks: found.collect(),
        at: None,
    };
    scene.store.write("mark", command, |tx, c| Box::pin(mark_attendance(tx, c))).await
}
