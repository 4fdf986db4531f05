//! Seats are never sold twice and never lost.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::TimeDelta;
use futures::future::join_all;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::accounts::Actor;
use crate::booking::testing::{Scene, Setup};
use crate::booking::{
    BookingError, CancelByGuest, ChangeParty, Move, StateKind, cancel_by_guest, change_party,
    expire_due, query, reschedule,
};
use crate::both_dbs;
use crate::schedule::NoSeats;
use crate::{BookingId, SlotId};

/// Checks a slot against its bookings: every seat that is taken is somebody's.
async fn check(scene: &Scene, slot: SlotId, capacity: i32) -> i32 {
    let (taken, overbooked) = scene.seats(slot).await;
    let mut conn = scene.store.read().await.unwrap();
    let bookings = query::of_slot(&mut conn, slot).await.unwrap();
    assert_eq!(taken, bookings.iter().map(|booking| booking.seats).sum::<i32>());
    assert_eq!(overbooked, bookings.iter().map(|booking| booking.over_capacity).sum::<i32>());
    assert!(taken <= capacity + overbooked);
    taken
}

both_dbs! {
    async fn two_hundred_guests_get_exactly_twelve_seats(store) {
        let scene = Scene::new(&store).await;
        let tasks = (0..200).map(|_| {
            let scene = scene.clone();
            tokio::spawn(async move { scene.hold(scene.slot, 1).await })
        });
        let mut sold = 0;
        for answer in join_all(tasks).await {
            match answer.unwrap() {
                Ok(_) => sold += 1,
                Err(BookingError::Seats(NoSeats::Full { left: 0 })) => {}
                Err(error) => panic!("{error:?}"),
            }
        }
        assert_eq!(sold, 12);
        assert_eq!(check(&scene, scene.slot, 12).await, 12);
    }

    async fn a_form_sent_many_times_at_once_is_one_booking(store) {
        let scene = Scene::with(&store, Setup { capacity: 2, ..Setup::default() }).await;
        let wish = scene.wish(scene.slot, 2);
        let tasks = (0..16).map(|_| {
            let (scene, wish) = (scene.clone(), wish.clone());
            tokio::spawn(async move { scene.send(wish).await })
        });
        let answers = join_all(tasks).await;
        let ids: Vec<_> = answers.into_iter().map(|answer| answer.unwrap().unwrap().id).collect();
        assert!(ids.iter().all(|id| *id == ids[0]));
        assert_eq!(check(&scene, scene.slot, 2).await, 2);
    }

    async fn guests_who_change_at_once_do_not_oversell(store) {
        let scene = Scene::new(&store).await;
        let mut bookings = Vec::new();
        for _ in 0..6 {
            bookings.push(scene.booked(scene.slot, 1).await.unwrap());
        }
        let mut tasks = Vec::new();
        for booking in bookings {
            let scene = scene.clone();
            let change = ChangeParty {
                residents: None,
                catalogue: Arc::clone(&scene.catalogue),
                actor: Actor::Guest,
                booking: booking.id,
                wanted: vec![(scene.adult, 5)],
                over: false,
            };
            tasks.push(tokio::spawn(async move {
                scene.store.write("change", change, |tx, c| Box::pin(change_party(tx, c))).await
            }));
        }
        let answers = join_all(tasks).await;
        let grown = answers.into_iter().filter(|answer| answer.as_ref().unwrap().is_ok()).count();
        // Six free seats are one party's four more.
        assert_eq!(grown, 1);
        assert_eq!(check(&scene, scene.slot, 12).await, 10);
    }

    async fn any_course_of_events_keeps_the_count(store) {
        for seed in 0..6 {
            course(&store, seed).await;
        }
    }
}

/// One random course of commands against two slots, and beside it the simplest model: who
/// holds how many seats where.
async fn course(store: &crate::store::Store, seed: u64) {
    let capacity = 8;
    let scene = Scene::with(store, Setup { capacity, ..Setup::default() }).await;
    let slots = [scene.slot, scene.add_slot(TimeDelta::days(4)).await];
    let mut rng = StdRng::seed_from_u64(seed);
    let mut model: HashMap<BookingId, (SlotId, i32, bool)> = HashMap::new();
    for _ in 0..40 {
        let slot = slots[rng.random_range(0..2)];
        let people: u32 = rng.random_range(1..=4);
        let seats = people.cast_signed();
        let taken = |model: &HashMap<BookingId, (SlotId, i32, bool)>, slot| -> i32 {
            model.values().filter(|(at, ..)| *at == slot).map(|(_, seats, _)| *seats).sum()
        };
        let mut known: Vec<BookingId> = model.keys().copied().collect();
        known.sort_unstable();
        let pick = (!known.is_empty()).then(|| known[rng.random_range(0..known.len())]);
        match (rng.random_range(0..6), pick) {
            (0 | 1, _) => {
                let firm = rng.random_bool(0.5);
                let fits = taken(&model, slot) + seats <= capacity;
                let answer = if firm {
                    scene.booked(slot, people).await
                } else {
                    scene.hold(slot, people).await
                };
                assert_eq!(answer.is_ok(), fits, "{answer:?}");
                if let Ok(booking) = answer {
                    model.insert(booking.id, (slot, seats, firm));
                }
            }
            (2, Some(id)) => {
                let (at, before, firm) = model[&id];
                let change = ChangeParty {
                    residents: None,
                    catalogue: Arc::clone(&scene.catalogue),
                    actor: Actor::Guest,
                    booking: id,
                    wanted: vec![(scene.adult, people)],
                    over: false,
                };
                let fits = taken(&model, at) - before + seats <= capacity;
                let answer =
                    store.write("change", change, |tx, c| Box::pin(change_party(tx, c))).await;
                assert_eq!(answer.is_ok(), fits, "{answer:?}");
                if fits {
                    model.insert(id, (at, seats, firm));
                }
            }
            (3, Some(id)) => {
                let (at, seats, firm) = model[&id];
                let go = Move {
                    catalogue: Arc::clone(&scene.catalogue),
                    actor: Actor::Guest,
                    booking: id,
                    to: slot,
                    over: false,
                };
                let fits = at == slot || taken(&model, slot) + seats <= capacity;
                let answer = store.write("move", go, |tx, c| Box::pin(reschedule(tx, c))).await;
                assert_eq!(answer.is_ok(), fits, "{answer:?}");
                if fits {
                    model.insert(id, (slot, seats, firm));
                }
            }
            (4, Some(id)) => {
                let cancel = CancelByGuest { booking: id, reason: String::new() };
                store
                    .write("cancel", cancel, |tx, c| Box::pin(cancel_by_guest(tx, c)))
                    .await
                    .unwrap();
                model.remove(&id);
            }
            (5, _) => {
                store.clock().advance(TimeDelta::minutes(20));
                store.write("expire", (), |tx, ()| Box::pin(expire_due(tx))).await.unwrap();
                model.retain(|_, (_, _, firm)| *firm);
            }
            _ => {}
        }
        for slot in slots {
            assert_eq!(check(&scene, slot, capacity).await, taken(&model, slot), "seed {seed}");
        }
    }
    let mut conn = store.read().await.unwrap();
    for id in model.keys() {
        let booking = query::by_id(&mut conn, *id).await.unwrap().unwrap();
        assert!(matches!(booking.state.kind(), StateKind::Held | StateKind::Confirmed));
    }
}
