//! A season of random bookings, moves, cancellations and breakdowns.

use std::sync::Arc;

use chrono::TimeDelta;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::plans::firings;
use super::stories::{Village, texts, two_litres, wheel_each};
use crate::accounts::Actor;
use crate::booking::testing::{Scene, Setup};
use crate::booking::{
    Booking, CancelByGuest, ChangeParty, Move, cancel_by_guest, change_party, expire_due,
    reschedule,
};
use crate::resource::{Need, Pool, Resource, ResourceKind, Stretch, Use, WeekHours, plan, settle};
use crate::schedule::Slot;
use crate::store::Store;
use crate::{SlotId, both_dbs, params};

struct Season {
    village: Village,
    wheels: Resource,
    kiln: Resource,
    slots: Vec<SlotId>,
    bookings: Vec<Booking>,
    rng: StdRng,
}

impl Season {
    async fn new(store: &Store, seed: u64) -> Self {
        let village = Village::new(store, Setup { capacity: 8, ..Setup::default() }).await;
        let wheels = village.shared(texts(ResourceKind::Wheel, 7, WeekHours::default())).await;
        let kiln = village.shared(texts(ResourceKind::Kiln, 25, firings())).await;
        let mut slots = Vec::new();
        for scene in [&village.one, &village.two] {
            let needs = vec![wheel_each(&[wheels.id]), two_litres(&[kiln.id])];
            village.needs(scene, needs).await;
            slots.push(scene.slot);
            for minutes in [45, 120, 3 * 24 * 60] {
                slots.push(scene.add_slot(TimeDelta::days(3) + TimeDelta::minutes(minutes)).await);
            }
        }
        // Slots that were written by hand in a test don't know their room yet.
        for scene in [&village.one, &village.two] {
            let workshop = scene.workshop;
            store
                .write("fit", workshop, |tx, id| Box::pin(crate::resource::fit_new(tx, id)))
                .await
                .unwrap();
        }
        let rng = StdRng::seed_from_u64(seed);
        Self { village, wheels, kiln, slots, bookings: Vec::new(), rng }
    }

    fn scene(&self, slot: SlotId) -> &Scene {
        let at = self.slots.iter().position(|id| *id == slot).unwrap();
        if at < self.slots.len() / 2 { &self.village.one } else { &self.village.two }
    }

    async fn step(&mut self) {
        let slot = self.slots[self.rng.random_range(0..self.slots.len())];
        let adults = self.rng.random_range(1..=4_u32);
        let store = self.village.store.clone();
        let what = self.rng.random_range(0..10);
        if self.bookings.is_empty() || what < 4 {
            let scene = self.scene(slot).clone();
            let made = if what < 3 {
                scene.booked(slot, adults).await
            } else {
                scene.hold(slot, adults).await
            };
            self.bookings.extend(made.ok());
            return;
        }
        let at = self.rng.random_range(0..self.bookings.len());
        let booking = self.bookings[at].clone();
        let scene = self.scene(self.bookings[at].slot_id).clone();
        let catalogue = Arc::clone(&scene.catalogue);
        match what {
            4 | 5 => {
                let cancel = CancelByGuest { booking: booking.id, reason: String::new() };
                let _ =
                    store.write("cancel", cancel, |tx, c| Box::pin(cancel_by_guest(tx, c))).await;
                self.bookings.swap_remove(at);
            }
            6 | 7 => {
                let wanted = vec![(scene.adult, adults)];
                let (actor, booking) = (Actor::Guest, booking.id);
                let change =
                    ChangeParty { residents: None, catalogue, actor, booking, wanted, over: false };
                let _ = store.write("change", change, |tx, c| Box::pin(change_party(tx, c))).await;
            }
            8 => {
                let step = Move {
                    catalogue,
                    actor: Actor::Guest,
                    booking: booking.id,
                    to: slot,
                    over: false,
                };
                if let Ok(moved) =
                    store.write("move", step, |tx, c| Box::pin(reschedule(tx, c))).await
                {
                    self.bookings[at] = moved;
                }
            }
            _ => {
                store.clock().advance(TimeDelta::minutes(8));
                store.write("expire", (), |tx, ()| Box::pin(expire_due(tx))).await.unwrap();
            }
        }
    }

    /// What is stored is what the rule says, for every slot.
    async fn check(&self) {
        self.village.check(&[&self.wheels, &self.kiln]).await;
        let store = &self.village.store;
        let mut conn = store.read().await.unwrap();
        let pool = Pool::load(&mut conn, self.wheels.pool_id).await.unwrap();
        let far = TimeDelta::days(60);
        let all = Stretch { from: store.now() - far, to: store.now() + far };
        let uses = pool.uses(&mut conn, all).await.unwrap();
        let load = pool.load_of(&uses);
        for id in &self.slots {
            let slot: Slot =
                conn.fetch_one("SELECT * FROM slot WHERE id = $1", params![*id]).await.unwrap();
            assert_eq!(slot.heads, slot.taken, "a shared slot has a head for each seat");
            let needs: &[Need] = pool.needs_of(slot.option_id);
            let kept: Vec<_> =
                uses.iter().filter(|it| it.slot_id == Some(*id)).filter_map(Use::planned).collect();
            assert_eq!(kept.len(), if slot.heads > 0 { needs.len() } else { 0 });
            for had in &kept {
                let need = needs.iter().find(|need| need.id == had.need).unwrap();
                assert_eq!(had.amount, need.of(slot.heads));
            }
            let visit = settle::visit_of(&slot, store.now());
            let room = plan::room(needs, &load, visit, &kept, slot.capacity);
            assert_eq!(slot.room, Some(room), "slot {id}");
        }
    }
}

both_dbs! {
    async fn what_is_stored_is_what_the_rule_says(store) {
        for seed in 0..3 {
            let mut season = Season::new(&store, seed).await;
            for step in 0..60 {
                season.step().await;
                if step % 6 == 5 {
                    season.check().await;
                }
            }
        }
    }
}
