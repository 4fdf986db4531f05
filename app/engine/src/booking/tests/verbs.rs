//! Holding, confirming, moving, cancelling.

use std::sync::Arc;

use chrono::TimeDelta;

use crate::accounts::Actor;
use crate::booking::testing::{Scene, Setup};
use crate::booking::{
    BookingError, CancelByHost, EndedBy, Field, Move, State, StateKind, cancel_by_host, expire_due,
    reschedule,
};
use crate::both_dbs;
use crate::mail::Letter;
use crate::schedule::NoSeats;

both_dbs! {
    async fn a_confirmed_booking_writes_one_letter_to_each(store) {
        let scene = Scene::new(&store).await;
        let held = scene.hold(scene.slot, 2).await.unwrap();
        assert!(matches!(scene.confirm(&held).await, Err(BookingError::Fields(fields))
            if fields == [Field::Name, Field::Email]));
        scene.fill_in(&held, "hoa@example.com").await.unwrap();
        let first = scene.confirm(&held).await.unwrap();
        assert_eq!(scene.confirm(&held).await.unwrap(), first);
        assert_eq!(first.state, State::Confirmed { at: store.now() });
        assert_eq!(scene.letters(Letter::Confirmation).await, 1);
        assert_eq!(scene.letters(Letter::HostNew).await, 1);
    }

    async fn a_waiver_is_accepted_before_the_booking_counts(store) {
        let scene = Scene::with(&store, Setup { waiver: true, ..Setup::default() }).await;
        let held = scene.hold(scene.slot, 1).await.unwrap();
        assert!(matches!(scene.confirm(&held).await, Err(BookingError::Fields(fields))
            if fields.contains(&Field::Waiver)));
        scene.fill_in(&held, "hoa@example.com").await.unwrap();
        assert!(scene.confirm(&held).await.is_ok());
    }

    async fn a_corrected_form_changes_the_hold(store) {
        let scene = Scene::new(&store).await;
        let mut wish = scene.wish(scene.slot, 2);
        let held = scene.send(wish.clone()).await.unwrap();
        wish.wanted = vec![(scene.adult, 2), (scene.child, 1), (scene.infant, 1)];
        let again = scene.send(wish).await.unwrap();
        assert_eq!((again.id, again.people, again.seats), (held.id, 4, 3));
        assert_eq!(again.total, crate::Dong(800_000));
        assert_eq!(scene.seats(scene.slot).await, (3, 0));
    }

    async fn a_lapsed_hold_is_freed_by_whoever_finds_the_slot_full(store) {
        let scene = Scene::with(&store, Setup { capacity: 2, ..Setup::default() }).await;
        let first = scene.hold(scene.slot, 2).await.unwrap();
        assert!(matches!(
            scene.hold(scene.slot, 1).await,
            Err(BookingError::Seats(NoSeats::Full { left: 0 }))
        ));
        store.clock().advance(TimeDelta::minutes(16));
        scene.hold(scene.slot, 1).await.unwrap();
        assert_eq!(scene.again(&first).await.state.kind(), StateKind::Expired);
        // One seat is left, so the first guest is told so, not turned away with nothing.
        scene.fill_in(&first, "hoa@example.com").await.unwrap();
        assert!(matches!(
            scene.confirm(&first).await,
            Err(BookingError::Seats(NoSeats::Full { left: 1 }))
        ));
    }

    async fn an_expired_hold_is_taken_again_at_confirm(store) {
        let scene = Scene::new(&store).await;
        let held = scene.hold(scene.slot, 2).await.unwrap();
        scene.fill_in(&held, "hoa@example.com").await.unwrap();
        store.clock().advance(TimeDelta::minutes(16));
        let ended = store.write("expire", (), |tx, ()| Box::pin(expire_due(tx))).await.unwrap();
        assert_eq!((ended, scene.seats(scene.slot).await), (1, (0, 0)));
        scene.confirm(&held).await.unwrap();
        assert_eq!(scene.seats(scene.slot).await, (2, 0));
    }

    async fn expiry_and_confirm_at_once_end_in_a_confirmed_booking(store) {
        let scene = Scene::new(&store).await;
        for _ in 0..10 {
            let held = scene.hold(scene.slot, 1).await.unwrap();
            scene.fill_in(&held, "hoa@example.com").await.unwrap();
            store.clock().advance(TimeDelta::minutes(16));
            let (confirmed, expired) = tokio::join!(
                scene.confirm(&held),
                store.write("expire", (), |tx, ()| Box::pin(expire_due(tx))),
            );
            confirmed.unwrap();
            expired.unwrap();
            assert_eq!(scene.again(&held).await.state.kind(), StateKind::Confirmed);
        }
        assert_eq!(scene.seats(scene.slot).await, (10, 0));
        assert_eq!(scene.letters(Letter::Confirmation).await, 10);
    }

    async fn a_move_is_all_or_nothing(store) {
        let scene = Scene::with(&store, Setup { capacity: 3, ..Setup::default() }).await;
        let (full, free) = (scene.add_slot(TimeDelta::days(4)).await, scene.add_slot(TimeDelta::days(5)).await);
        scene.booked(full, 2).await.unwrap();
        let booking = scene.booked(scene.slot, 2).await.unwrap();
        let to = |to, actor: &Actor, over| Move {
            catalogue: Arc::clone(&scene.catalogue), actor: actor.clone(), booking: booking.id, to, over,
        };
        let go = |command| store.write("move", command, |tx, c| Box::pin(reschedule(tx, c)));
        assert!(matches!(go(to(full, &Actor::Guest, true)).await,
            Err(BookingError::Seats(NoSeats::Full { left: 1 }))));
        assert_eq!(scene.seats(scene.slot).await, (2, 0));
        assert!(matches!(go(to(free, &scene.stranger, false)).await, Err(BookingError::Forbidden(_))));
        let moved = go(to(free, &Actor::Guest, false)).await.unwrap();
        assert_eq!((moved.slot_id, moved.sequence), (free, 1));
        assert_eq!((scene.seats(scene.slot).await, scene.seats(free).await), ((0, 0), (2, 0)));
        // The host may squeeze them in, knowing it.
        assert!(go(to(full, &scene.owner, false)).await.is_err());
        let squeezed = go(to(full, &scene.owner, true)).await.unwrap();
        assert_eq!((squeezed.over_capacity, scene.seats(full).await), (1, (4, 1)));
        assert_eq!(scene.letters(Letter::Change).await, 2);
    }

    async fn a_private_slot_is_one_party_s(store) {
        let scene = Scene::with(&store, Setup { sharing: "private", ..Setup::default() }).await;
        let booking = scene.booked(scene.slot, 2).await.unwrap();
        assert_eq!((booking.people, booking.seats), (2, 12));
        assert!(matches!(scene.hold(scene.slot, 1).await,
            Err(BookingError::Seats(NoSeats::Full { left: 0 }))));
    }

    async fn only_the_workshop_cancels_and_the_guest_gets_all_back(store) {
        let scene = Scene::new(&store).await;
        let booking = scene.booked(scene.slot, 2).await.unwrap();
        let by = |actor: &Actor| CancelByHost {
            actor: actor.clone(), booking: booking.id, reason: "Lò nung hỏng".into(),
        };
        let cancel = |command| store.write("cancel", command, |tx, c| Box::pin(cancel_by_host(tx, c)));
        for nobody in [&scene.stranger, &Actor::Guest] {
            assert!(matches!(cancel(by(nobody)).await, Err(BookingError::Forbidden(_))));
        }
        let gone = cancel(by(&scene.owner)).await.unwrap();
        assert!(matches!(&gone.state,
            State::Cancelled { by: EndedBy::Host, refund_percent: 100, .. }));
        assert_eq!(cancel(by(&scene.owner)).await.unwrap().version, gone.version);
        assert_eq!(scene.seats(scene.slot).await, (0, 0));
        assert_eq!(scene.letters(Letter::Cancellation).await, 1);
    }
}
