//! Waiting for a full slot.

use std::sync::Arc;

use chrono::TimeDelta;
use uuid::Uuid;

use crate::booking::testing::{Scene, Setup};
use crate::booking::waitlist::{
    Accept, Entry, EntryState, Join, Wait, WaitlistError, accept, by_id, decline, join, offer_due,
    position, waiting_for,
};
use crate::booking::{Booking, CancelByGuest, Contact, StateKind, cancel_by_guest, expire_due};
use crate::both_dbs;
use crate::mail::Letter;
use crate::schedule::{CancelSlot, cancel_slot};
use crate::{BookingId, Locale};

async fn wait(scene: &Scene, adults: u32, email: &str) -> Result<Entry, WaitlistError> {
    let join_it = Join {
        catalogue: Arc::clone(&scene.catalogue),
        slot: scene.slot,
        wanted: vec![(scene.adult, adults)],
        contact: Contact::parse("Lê Văn An", email, "", "").unwrap(),
        locale: Locale::Vi,
        form_key: Uuid::now_v7().to_string(),
    };
    // Nobody joins at the same microsecond as somebody else.
    scene.store.clock().advance(TimeDelta::seconds(1));
    scene.store.write("join", join_it, |tx, c| Box::pin(join(tx, c))).await
}

async fn cancel(scene: &Scene, booking: BookingId) -> Booking {
    let command = CancelByGuest { booking, reason: String::new() };
    scene.store.write("cancel", command, |tx, c| Box::pin(cancel_by_guest(tx, c))).await.unwrap()
}

async fn now(scene: &Scene, entry: &Entry) -> Entry {
    let mut conn = scene.store.read().await.unwrap();
    by_id(&mut conn, entry.id).await.unwrap().unwrap()
}

async fn take_offer(scene: &Scene, entry: &Entry) -> Result<Booking, WaitlistError> {
    let command = Accept { catalogue: Arc::clone(&scene.catalogue), entry: entry.id };
    scene.store.write("accept", command, |tx, c| Box::pin(accept(tx, c))).await
}

both_dbs! {
    async fn the_first_that_fits_is_served_and_the_rest_keep_their_place(store) {
        let scene = Scene::with(&store, Setup { capacity: 4, ..Setup::default() }).await;
        assert!(matches!(wait(&scene, 1, "a@x.vn").await, Err(WaitlistError::NotFull { left: 4 })));
        let two = scene.booked(scene.slot, 2).await.unwrap();
        scene.booked(scene.slot, 2).await.unwrap();
        assert!(matches!(wait(&scene, 5, "a@x.vn").await,
            Err(WaitlistError::NeverFits { capacity: 4 })));
        let family = wait(&scene, 3, "family@x.vn").await.unwrap();
        let pair = wait(&scene, 2, "pair@x.vn").await.unwrap();
        let last = wait(&scene, 1, "last@x.vn").await.unwrap();
        assert_eq!(wait(&scene, 1, "last@x.vn").await.unwrap().id, last.id);
        cancel(&scene, two.id).await;
        let pair = now(&scene, &pair).await;
        assert_eq!(pair.state, EntryState::Offered);
        assert_eq!(pair.offer_until, Some(store.now() + TimeDelta::hours(4)));
        assert_eq!(scene.seats(scene.slot).await, (4, 0));
        assert_eq!(scene.letters(Letter::WaitlistOffer).await, 1);
        assert_eq!(scene.letters(Letter::WaitlistJoined).await, 3);
        let mut conn = store.read().await.unwrap();
        assert_eq!(position(&mut conn, &family).await.unwrap(), Some(1));
        assert_eq!(position(&mut conn, &last).await.unwrap(), Some(2));
        let why: Vec<Wait> = waiting_for(&mut conn, scene.slot, store.now()).await.unwrap()
            .into_iter().map(|(_, why)| why).collect();
        assert_eq!(why[0], Wait::TooFewSeats { needs: 3, left: 0 });
        assert!(matches!(why[1], Wait::Offered { .. }));
        drop(conn);
        // A claimed entry is finished; cancelling frees the seat for the next.
        let booking = take_offer(&scene, &pair).await.unwrap();
        assert_eq!(booking.state.kind(), StateKind::Confirmed);
        assert_eq!(now(&scene, &pair).await.state, EntryState::Claimed);
        cancel(&scene, booking.id).await;
        assert_eq!(now(&scene, &pair).await.state, EntryState::Claimed);
        assert_eq!(now(&scene, &last).await.state, EntryState::Offered);
    }

    async fn an_offer_that_lapses_or_is_declined_goes_to_the_next(store) {
        let scene = Scene::with(&store, Setup { capacity: 1, ..Setup::default() }).await;
        let booking = scene.booked(scene.slot, 1).await.unwrap();
        let first = wait(&scene, 1, "a@x.vn").await.unwrap();
        let second = wait(&scene, 1, "b@x.vn").await.unwrap();
        let third = wait(&scene, 1, "c@x.vn").await.unwrap();
        cancel(&scene, booking.id).await;
        store.clock().advance(TimeDelta::hours(5));
        store.write("expire", (), |tx, ()| Box::pin(expire_due(tx))).await.unwrap();
        assert_eq!(now(&scene, &first).await.state, EntryState::Lapsed);
        assert_eq!(now(&scene, &second).await.state, EntryState::Offered);
        store.write("decline", second.id, |tx, id| Box::pin(decline(tx, id))).await.unwrap();
        assert_eq!(now(&scene, &second).await.state, EntryState::Declined);
        assert_eq!(now(&scene, &third).await.state, EntryState::Offered);
        // Who comes too late does not get what somebody else is holding.
        assert!(take_offer(&scene, &first).await.is_err());
    }

    async fn a_stranger_does_not_jump_the_line(store) {
        let scene = Scene::with(&store, Setup { capacity: 1, ..Setup::default() }).await;
        scene.hold(scene.slot, 1).await.unwrap();
        let first = wait(&scene, 1, "a@x.vn").await.unwrap();
        store.clock().advance(TimeDelta::minutes(16));
        assert!(scene.hold(scene.slot, 1).await.is_err());
        store.write("expire", (), |tx, ()| Box::pin(expire_due(tx))).await.unwrap();
        assert_eq!(now(&scene, &first).await.state, EntryState::Offered);
    }

    async fn who_waits_for_a_slot_hears_that_it_is_cancelled(store) {
        let scene = Scene::with(&store, Setup { capacity: 2, ..Setup::default() }).await;
        let booking = scene.booked(scene.slot, 1).await.unwrap();
        scene.booked(scene.slot, 1).await.unwrap();
        let offered = wait(&scene, 1, "a@x.vn").await.unwrap();
        let waiting = wait(&scene, 2, "b@x.vn").await.unwrap();
        cancel(&scene, booking.id).await;
        let command = CancelSlot {
            actor: scene.owner.clone(), slot: scene.slot, reason: "Lò hỏng".to_owned(),
        };
        store.write("cancel", command, |tx, c| Box::pin(cancel_slot(tx, c))).await.unwrap();
        for entry in [offered, waiting] {
            assert_eq!(now(&scene, &entry).await.state, EntryState::Lapsed);
        }
        assert_eq!(scene.letters(Letter::WaitlistCancelled).await, 2);
        assert_eq!(scene.letters(Letter::WaitlistOffer).await, 1, "and nothing is offered any more");
        assert_eq!(scene.seats(scene.slot).await.0, 0);
    }

    async fn nothing_is_offered_in_the_last_hour(store) {
        let scene = Scene::with(&store, Setup { capacity: 1, ..Setup::default() }).await;
        let booking = scene.booked(scene.slot, 1).await.unwrap();
        let entry = wait(&scene, 1, "a@x.vn").await.unwrap();
        // The slot closes two hours before its start.
        store.clock().advance(TimeDelta::days(3) - TimeDelta::minutes(150));
        cancel(&scene, booking.id).await;
        assert_eq!(now(&scene, &entry).await.state, EntryState::Waiting);
        assert!(matches!(wait(&scene, 1, "b@x.vn").await, Err(WaitlistError::TooLate)));
        let offers = store.write("offer", (), |tx, ()| Box::pin(offer_due(tx))).await.unwrap();
        assert_eq!(offers, 0);
        assert_eq!(now(&scene, &entry).await.state, EntryState::Lapsed);
    }
}
