//! What hosts do by hand: callers, notes, words to a slot, the lists they look at.

use std::sync::Arc;

use crate::accounts::Actor;
use crate::booking::desk::{
    Caller, MessageSlot, NoteBooking, TakeCall, log_of, message_slot, note_booking, take_call,
};
use crate::booking::testing::{Scene, Setup};
use crate::booking::{
    Booking, BookingError, CancelByHost, Field, Source, StateKind, cancel_by_host, query, waitlist,
};
use crate::both_dbs;
use crate::mail::Letter;
use crate::schedule::NoSeats;
use crate::{Locale, SlotId};

fn call(scene: &Scene, adults: u32, email: &str) -> TakeCall {
    TakeCall {
        catalogue: Arc::clone(&scene.catalogue),
        actor: scene.staff.clone(),
        slot: scene.slot,
        wanted: vec![(scene.adult, adults)],
        caller: Caller::parse("Bà  Tư", "0912 345 678", email, " nói to ").unwrap(),
        locale: Locale::Vi,
        over: false,
        form_key: uuid::Uuid::now_v7().to_string(),
    }
}

async fn take(scene: &Scene, command: TakeCall) -> Result<Booking, BookingError> {
    scene.store.write("call", command, |tx, c| Box::pin(take_call(tx, c))).await
}

async fn tell(scene: &Scene, actor: &Actor, text: &str, key: &str) -> Result<usize, BookingError> {
    let (slot, text, form_key) = (scene.slot, text.to_owned(), key.to_owned());
    let command = MessageSlot { actor: actor.clone(), slot, text, form_key };
    scene.store.write("tell", command, |tx, c| Box::pin(message_slot(tx, c))).await
}

#[test]
fn a_caller_is_named_and_the_rest_may_stay_empty() {
    let bare = Caller::parse(" Cô  Ba ", "", "", "").unwrap();
    assert_eq!((bare.name.as_str(), bare.phone, bare.email), ("Cô Ba", None, None));
    assert_eq!(
        Caller::parse("", "12", "no at", &"x".repeat(2_001)).unwrap_err(),
        [Field::Name, Field::Phone, Field::Email, Field::Notes]
    );
}

both_dbs! {
    async fn a_caller_is_booked_at_once_and_only_once(store) {
        let scene = Scene::new(&store).await;
        let wish = call(&scene, 2, "tu@example.com");
        let first = take(&scene, wish.clone()).await.unwrap();
        assert_eq!(take(&scene, wish.clone()).await.unwrap().id, first.id);
        assert_eq!((first.state.kind(), first.source), (StateKind::Confirmed, Source::Phone));
        assert_eq!((first.name.as_str(), first.phone.as_str()), ("Bà Tư", "+84912345678"));
        assert_eq!((first.notes.as_str(), first.people), ("nói to", 2));
        assert_eq!(scene.seats(scene.slot).await, (2, 0));
        assert_eq!(scene.letters(Letter::Confirmation).await, 1);
        take(&scene, call(&scene, 1, "")).await.unwrap();
        assert_eq!(scene.letters(Letter::Confirmation).await, 1, "no address, no letter");
        for actor in [scene.stranger.clone(), Actor::Guest] {
            let other = TakeCall { actor, ..call(&scene, 1, "") };
            assert!(matches!(take(&scene, other).await, Err(BookingError::Forbidden(_))));
        }
        let other = TakeCall { actor: scene.stranger.clone(), ..wish };
        assert!(matches!(take(&scene, other).await, Err(BookingError::Forbidden(_))));
    }

    async fn a_host_goes_over_the_capacity_only_knowingly(store) {
        let scene = Scene::with(&store, Setup { capacity: 3, ..Setup::default() }).await;
        let wish = call(&scene, 5, "");
        assert!(matches!(
            take(&scene, wish.clone()).await,
            Err(BookingError::Seats(NoSeats::Full { left: 3 }))
        ));
        let booking = take(&scene, TakeCall { over: true, ..wish }).await.unwrap();
        assert_eq!(booking.over_capacity, 2);
        assert_eq!(scene.seats(scene.slot).await, (5, 2));
        let cancel = CancelByHost {
            actor: scene.owner.clone(),
            booking: booking.id,
            reason: "Lò hỏng".into(),
        };
        store.write("cancel", cancel, |tx, c| Box::pin(cancel_by_host(tx, c))).await.unwrap();
        assert_eq!(scene.seats(scene.slot).await, (0, 0));
    }

    async fn nobody_is_booked_by_phone_into_the_past_or_nowhere(store) {
        let scene = Scene::new(&store).await;
        let late = call(&scene, 1, "");
        store.clock().advance(chrono::TimeDelta::days(3));
        // After the cut-off and while it runs: still possible.
        take(&scene, late.clone()).await.unwrap();
        store.clock().advance(chrono::TimeDelta::minutes(90));
        let over = TakeCall { form_key: "later".into(), ..late.clone() };
        assert!(matches!(take(&scene, over).await, Err(BookingError::TooLate)));
        let nowhere = TakeCall { slot: SlotId::new(store.now()), form_key: "x".into(), ..late };
        assert!(matches!(
            take(&scene, nowhere).await,
            Err(BookingError::Seats(NoSeats::Unknown))
        ));
    }

    async fn a_note_is_kept_and_changes_nothing_else(store) {
        let scene = Scene::new(&store).await;
        let booking = scene.booked(scene.slot, 2).await.unwrap();
        let note = |actor: &Actor, text: &str| NoteBooking {
            actor: actor.clone(),
            booking: booking.id,
            note: text.to_owned(),
        };
        let write = |command| store.write("note", command, |tx, c| Box::pin(note_booking(tx, c)));
        assert!(matches!(
            write(note(&scene.stranger, "x")).await,
            Err(BookingError::Forbidden(_))
        ));
        store.clock().advance(chrono::TimeDelta::minutes(1));
        write(note(&scene.staff, "  quen ông chủ ")).await.unwrap();
        let after = scene.again(&booking).await;
        assert_eq!(after.host_notes, "quen ông chủ");
        assert_eq!((after.version, after.sequence), (booking.version, booking.sequence));
        let mut conn = store.read().await.unwrap();
        let verbs: Vec<String> =
            log_of(&mut conn, &booking).await.unwrap().into_iter().map(|line| line.verb).collect();
        assert_eq!(verbs, ["booking.confirm", "booking.note"]);
    }

    async fn words_reach_each_party_once(store) {
        let scene = Scene::new(&store).await;
        scene.booked(scene.slot, 2).await.unwrap();
        take(&scene, call(&scene, 1, "tu@example.com")).await.unwrap();
        take(&scene, call(&scene, 1, "")).await.unwrap();
        scene.hold(scene.slot, 1).await.unwrap();
        let told = tell(&scene, &scene.staff, "Đường đang sửa", "k1").await;
        assert_eq!(told.unwrap(), 2, "not who only holds, not who left no address");
        assert_eq!(tell(&scene, &scene.staff, "Đường đang sửa", "k1").await.unwrap(), 0);
        assert_eq!(tell(&scene, &scene.staff, "Thêm nữa", "k2").await.unwrap(), 2);
        assert_eq!(scene.letters(Letter::HostMessage).await, 4);
        assert!(matches!(
            tell(&scene, &scene.staff, "  ", "k3").await,
            Err(BookingError::Fields(fields)) if fields == [Field::Notes]
        ));
        assert!(matches!(
            tell(&scene, &scene.stranger, "x", "k4").await,
            Err(BookingError::Forbidden(_))
        ));
    }

    async fn the_day_also_shows_who_cancelled_and_how_many_wait(store) {
        let scene = Scene::with(&store, Setup { capacity: 2, ..Setup::default() }).await;
        let booking = scene.booked(scene.slot, 2).await.unwrap();
        let join = waitlist::Join {
            catalogue: Arc::clone(&scene.catalogue),
            slot: scene.slot,
            wanted: vec![(scene.adult, 2)],
            contact: crate::booking::Contact::parse("Anna", "anna@example.com", "", "").unwrap(),
            locale: Locale::En,
            form_key: uuid::Uuid::now_v7().to_string(),
        };
        store.write("join", join, |tx, c| Box::pin(waitlist::join(tx, c))).await.unwrap();
        let empty = scene.add_slot(chrono::TimeDelta::days(4)).await;
        let ids = [scene.slot, empty];
        let mut conn = store.read().await.unwrap();
        let waiting = waitlist::counts(&mut conn, &ids).await.unwrap();
        assert_eq!((waiting.get(&scene.slot), waiting.get(&empty)), (Some(&1), None));
        assert!(query::cancelled_of_slots(&mut conn, &ids).await.unwrap().is_empty());
        drop(conn);
        let cancel =
            CancelByHost { actor: scene.owner.clone(), booking: booking.id, reason: "x".into() };
        store.write("cancel", cancel, |tx, c| Box::pin(cancel_by_host(tx, c))).await.unwrap();
        let mut conn = store.read().await.unwrap();
        let ended = query::cancelled_of_slots(&mut conn, &ids).await.unwrap();
        assert_eq!(ended[&scene.slot][0].id, booking.id);
        assert!(query::of_slots(&mut conn, &[empty]).await.unwrap().is_empty());
    }
}
