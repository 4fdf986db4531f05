//! Letters on time. The scene begins on Tuesday at 08:00; its slot is on Friday at 08:00.

use std::sync::Arc;

use chrono::{TimeDelta, Timelike};

use crate::accounts::Actor;
use crate::booking::checkin::{CheckIn, check_in};
use crate::booking::reminders::{list_due, remind_due, thank_due};
use crate::booking::testing::{Scene, run};
use crate::booking::{Booking, CancelByGuest, Move, cancel_by_guest, reschedule};
use crate::clock::local_time;
use crate::mail::Letter;
use crate::store::Store;
use crate::{SlotId, both_dbs, params};

/// Sets the venue's clock to this hour, so many days after the scene began.
fn set(store: &Store, days: i64, hour: i64) {
    let today = i64::from(local_time(store.now()).hour());
    let gone = (store.now() - crate::store::testing::test_start()).num_hours() / 24;
    store.clock().advance(TimeDelta::days(days - gone) + TimeDelta::hours(hour - today));
}

async fn remind(store: &Store) -> usize {
    store.write("remind", (), |tx, ()| Box::pin(remind_due(tx))).await.unwrap()
}

async fn list(store: &Store) -> usize {
    store.write("list", (), |tx, ()| Box::pin(list_due(tx))).await.unwrap()
}

async fn thank(store: &Store) -> usize {
    store.write("thank", (), |tx, ()| Box::pin(thank_due(tx))).await.unwrap()
}

async fn cancel(scene: &Scene, booking: &Booking) {
    let command = CancelByGuest { booking: booking.id, reason: String::new() };
    scene.store.write("cancel", command, |tx, c| Box::pin(cancel_by_guest(tx, c))).await.unwrap();
}

async fn move_to(scene: &Scene, booking: &Booking, to: SlotId) {
    let command = Move {
        catalogue: Arc::clone(&scene.catalogue),
        actor: Actor::Guest,
        booking: booking.id,
        to,
        over: false,
    };
    scene.store.write("move", command, |tx, c| Box::pin(reschedule(tx, c))).await.unwrap();
}

both_dbs! {
    async fn a_guest_is_reminded_once_the_evening_before(store) {
        let scene = Scene::new(&store).await;
        scene.booked(scene.slot, 2).await.unwrap();
        let cancelled = scene.booked(scene.slot, 1).await.unwrap();
        cancel(&scene, &cancelled).await;
        scene.hold(scene.slot, 1).await.unwrap();
        set(&store, 2, 17);
        assert_eq!(remind(&store).await, 0, "an hour too early");
        set(&store, 2, 18);
        assert_eq!(remind(&store).await, 1);
        assert_eq!(remind(&store).await, 0);
        assert_eq!(scene.letters(Letter::Reminder).await, 1);
    }

    async fn who_has_just_booked_needs_no_reminder(store) {
        let scene = Scene::new(&store).await;
        set(&store, 2, 7);
        scene.booked(scene.slot, 1).await.unwrap();
        for hour in [18, 20, 23] {
            set(&store, 2, hour);
            assert_eq!(remind(&store).await, 0, "at {hour}");
        }
    }

    async fn a_worker_that_comes_late_reminds_until_the_visit_begins(store) {
        let scene = Scene::new(&store).await;
        scene.booked(scene.slot, 1).await.unwrap();
        let other = scene.add_slot(TimeDelta::days(3) - TimeDelta::hours(2)).await;
        scene.booked(other, 1).await.unwrap();
        set(&store, 3, 7);
        assert_eq!(remind(&store).await, 1, "the visit of 06:00 has begun");
    }

    async fn another_day_is_reminded_of_anew_and_the_same_day_is_not(store) {
        let scene = Scene::new(&store).await;
        let later = scene.add_slot(TimeDelta::days(6)).await;
        let booking = scene.booked(scene.slot, 1).await.unwrap();
        set(&store, 2, 18);
        assert_eq!(remind(&store).await, 1);
        move_to(&scene, &booking, later).await;
        move_to(&scene, &booking, scene.slot).await;
        run(&store, "DELETE FROM outbox WHERE kind = 'change'", vec![]).await;
        remind(&store).await;
        assert_eq!(scene.letters(Letter::Reminder).await, 1, "the same event");
        move_to(&scene, &booking, later).await;
        set(&store, 5, 18);
        remind(&store).await;
        assert_eq!(scene.letters(Letter::Reminder).await, 2);
    }

    async fn nobody_is_reminded_of_a_visit_that_may_not_take_place(store) {
        let scene = Scene::new(&store).await;
        scene.booked(scene.slot, 1).await.unwrap();
        let state = "UPDATE slot SET run_state = $2 WHERE id = $1";
        run(&store, state, params![scene.slot, *"guests_asked"]).await;
        set(&store, 2, 18);
        assert_eq!(remind(&store).await, 0);
        run(&store, state, params![scene.slot, *"runs"]).await;
        set(&store, 2, 21);
        assert_eq!(remind(&store).await, 1);
    }

    async fn thanks_go_to_those_who_came_the_morning_after(store) {
        let scene = Scene::new(&store).await;
        let came = scene.booked(scene.slot, 2).await.unwrap();
        scene.booked(scene.slot, 3).await.unwrap();
        set(&store, 3, 9);
        let mark = CheckIn { actor: scene.staff.clone(), booking: came.id, arrived: 1, at: None };
        store.write("check in", mark, |tx, c| Box::pin(check_in(tx, c))).await.unwrap();
        set(&store, 4, 7);
        assert_eq!(thank(&store).await, 0, "people sleep");
        set(&store, 4, 8);
        assert_eq!((thank(&store).await, thank(&store).await), (1, 0));
        assert_eq!(scene.letters(Letter::Thanks).await, 1);
    }

    async fn a_host_with_guests_gets_one_list_in_the_evening(store) {
        let scene = Scene::new(&store).await;
        let empty = Scene::new(&store).await;
        scene.booked(scene.slot, 2).await.unwrap();
        set(&store, 2, 19);
        assert_eq!(list(&store).await, 0);
        set(&store, 2, 20);
        assert_eq!((list(&store).await, list(&store).await), (1, 0));
        assert_eq!(scene.letters(Letter::HostTomorrow).await, 1);
        // The first guest of the day books after the list: the letter of the booking is enough.
        set(&store, 2, 21);
        empty.booked(empty.slot, 1).await.unwrap();
        assert_eq!(list(&store).await, 0);
    }

    async fn no_list_when_all_have_cancelled(store) {
        let scene = Scene::new(&store).await;
        let booking = scene.booked(scene.slot, 2).await.unwrap();
        cancel(&scene, &booking).await;
        set(&store, 2, 20);
        assert_eq!(list(&store).await, 0);
    }
}
