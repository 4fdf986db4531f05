//! Checking in, at the door and from a phone without a network.

use chrono::TimeDelta;

use crate::accounts::Actor;
use crate::booking::checkin::{
    CheckIn, CheckInError, Mark, Scan, ScanOutcome, check_in, code_in, no_show, scan, undo,
};
use crate::booking::testing::Scene;
use crate::booking::{State, StateKind};
use crate::both_dbs;

both_dbs! {
    async fn marks_that_come_late_or_twice_change_nothing(store) {
        let scene = Scene::new(&store).await;
        let booking = scene.booked(scene.slot, 7).await.unwrap();
        let mark = |arrived, at| CheckIn {
            actor: scene.staff.clone(), booking: booking.id, arrived, at,
        };
        let arrive = |command| store.write("check in", command, |tx, c| Box::pin(check_in(tx, c)));
        assert!(matches!(arrive(mark(5, None)).await, Err(CheckInError::OtherDay(_))));
        store.clock().advance(TimeDelta::days(3));
        let nine = store.now();
        assert!(matches!(arrive(mark(8, None)).await, Err(CheckInError::Count { of: 7 })));
        let first = arrive(mark(5, Some(nine))).await.unwrap();
        assert_eq!(first.already_since, None);
        store.clock().advance(TimeDelta::minutes(10));
        let all = arrive(mark(7, None)).await.unwrap();
        assert_eq!(all.already_since, Some(nine));
        assert_eq!(all.booking.state, State::CheckedIn { arrived: 7, at: nine });
        // The phone sends its mark of nine o'clock again.
        let late = arrive(mark(5, Some(nine))).await.unwrap();
        assert_eq!(late.booking, all.booking);
        // And after the host took it back, it does not come back.
        let undone = Mark { actor: scene.staff.clone(), booking: booking.id, at: None };
        let back = store.write("undo", undone, |tx, c| Box::pin(undo(tx, c))).await.unwrap();
        assert_eq!(back.state.kind(), StateKind::Confirmed);
        assert_eq!(arrive(mark(5, Some(nine))).await.unwrap().booking, back);
    }

    async fn a_no_show_waits_for_the_start(store) {
        let scene = Scene::new(&store).await;
        let booking = scene.booked(scene.slot, 1).await.unwrap();
        let mark = |actor: &Actor| Mark { actor: actor.clone(), booking: booking.id, at: None };
        let miss = |command| store.write("no-show", command, |tx, c| Box::pin(no_show(tx, c)));
        assert!(matches!(miss(mark(&scene.staff)).await, Err(CheckInError::NotBegun)));
        store.clock().advance(TimeDelta::days(3));
        assert!(matches!(miss(mark(&scene.stranger)).await, Err(CheckInError::Forbidden(_))));
        assert_eq!(miss(mark(&scene.staff)).await.unwrap().state, State::NoShow);
        assert_eq!(scene.seats(scene.slot).await, (1, 0));
    }

    async fn every_scan_has_an_answer(store) {
        let scene = Scene::new(&store).await;
        let booking = scene.booked(scene.slot, 3).await.unwrap();
        let held = scene.hold(scene.slot, 1).await.unwrap();
        let look = |text: String| {
            let scan_it = Scan {
                actor: scene.staff.clone(), workshop: scene.workshop, text, at: None,
            };
            store.write("scan", scan_it, |tx, c| Box::pin(scan(tx, c)))
        };
        assert!(matches!(look(booking.code.clone()).await, Ok(ScanOutcome::OtherDay { .. })));
        store.clock().advance(TimeDelta::days(3));
        let url = format!("https://langnghe.example/vi/booking/{}/secret", booking.code);
        assert!(matches!(look(url).await, Ok(ScanOutcome::Welcome(b)) if b.people == 3));
        assert!(matches!(look(booking.code.to_lowercase()).await,
            Ok(ScanOutcome::AlreadyHere { since, .. }) if since == store.now()));
        assert!(matches!(look(held.code).await, Ok(ScanOutcome::NotExpected { .. })));
        assert_eq!(look("ZZZZZ9".into()).await.unwrap(), ScanOutcome::Unknown);
        let other = Scene::new(&store).await;
        let theirs = other.booked(other.slot, 1).await.unwrap();
        assert_eq!(look(theirs.code).await.unwrap(), ScanOutcome::OtherWorkshop);
    }
}

#[test]
fn codes_are_found_in_what_people_type() {
    assert_eq!(code_in(" 7k3-q9m ").as_deref(), Some("7K3Q9M"));
    assert_eq!(code_in("https://x.vn/en/booking/7K3Q9M?done=1").as_deref(), Some("7K3Q9M"));
    assert_eq!(code_in("https://x.vn/en/tours/7K3Q9M"), None);
    assert_eq!(code_in(""), None);
}
