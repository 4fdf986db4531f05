//! Bad days: whom they hit, where else those could go, and what the guests choose.

use std::sync::Arc;

use chrono::TimeDelta;

use super::overflow::Bank;
use crate::accounts::Actor;
use crate::booking::disruption::{
    self, CallOff, CaseState, Cause, Choice, Choose, Disruption, GoToSister, Scope, Tell, call_off,
    choose, go_to_sister, hits, lapse_due, tell,
};
use crate::booking::overflow::{Accept, OverflowError, OverflowState, accept};
use crate::booking::testing::{Scene, Setup};
use crate::booking::{
    Answers, Booking, BookingError, CancelByGuest, EndedBy, State, StateKind, cancel_by_guest,
};
use crate::both_dbs;
use crate::mail::Letter;
use crate::resource::Stretch;
use crate::resource::tests::stories::Village;
use crate::schedule::SlotStatus;
use crate::{BookingId, DisruptionId};

/// The day of the scene's first slot.
fn that_day(scene: &Scene, cause: Cause) -> Scope {
    let start = scene.store.now() + TimeDelta::days(3);
    Scope { cause, from: start - TimeDelta::hours(2), to: start + TimeDelta::hours(4), tour: None }
}

fn telling(scene: &Scene, scope: Scope) -> Tell {
    Tell {
        catalogue: Arc::clone(&scene.catalogue),
        actor: scene.staff.clone(),
        workshop: scene.workshop,
        scope,
        words: "Ông Hải bị sốt, xin lỗi các bạn.".into(),
        hours: 24,
        form_key: "bad-day-1".into(),
    }
}

async fn told(scene: &Scene, scope: Scope) -> (Disruption, usize) {
    let command = telling(scene, scope);
    scene.store.write("tell", command, |tx, c| Box::pin(tell(tx, c))).await.unwrap()
}

async fn chosen(scene: &Scene, booking: &Booking, choice: Choice) -> Result<Booking, BookingError> {
    let catalogue = Arc::clone(&scene.catalogue);
    let command = Choose { catalogue, actor: Actor::Guest, booking: booking.id, choice };
    scene.store.write("choose", command, |tx, c| Box::pin(choose(tx, c))).await
}

async fn state_of(scene: &Scene, id: DisruptionId, booking: BookingId) -> CaseState {
    let mut conn = scene.store.read().await.unwrap();
    let cases = disruption::cases(&mut conn, id).await.unwrap();
    cases.into_iter().find(|case| case.booking_id == booking).unwrap().state
}

both_dbs! {
    async fn a_host_falls_ill_and_each_guest_chooses(store) {
        let scene = Scene::new(&store).await;
        let other = scene.add_slot(TimeDelta::days(4)).await;
        let moving = scene.booked(scene.slot, 2).await.unwrap();
        let leaving = scene.booked(scene.slot, 3).await.unwrap();
        let silent = scene.booked(scene.slot, 1).await.unwrap();
        let scope = that_day(&scene, Cause::Ill);
        let mut conn = store.read().await.unwrap();
        let found = hits(&mut conn, &scene.catalogue, &scene.staff, scene.workshop, scope, store.now())
            .await
            .unwrap();
        drop(conn);
        assert_eq!(found.len(), 3);
        assert_eq!(found[0].ways.iter().map(|way| way.id).collect::<Vec<_>>(), [other]);
        let (bad_day, hit) = told(&scene, scope).await;
        assert_eq!(hit, 3);
        assert_eq!(scene.letters(Letter::Disruption).await, 3);
        // The same form again tells nobody twice.
        assert_eq!(told(&scene, scope).await.0.id, bad_day.id);
        assert_eq!(scene.letters(Letter::Disruption).await, 3);
        let refused = scene.hold(scene.slot, 1).await;
        assert!(refused.is_err(), "nobody books into a bad day");

        let moved = chosen(&scene, &moving, Choice::Go(other)).await.unwrap();
        assert_eq!((moved.slot_id, moved.total), (other, moving.total));
        assert_eq!(state_of(&scene, bad_day.id, moving.id).await, CaseState::Moved);
        let gone = chosen(&scene, &leaving, Choice::Refund).await.unwrap();
        assert!(matches!(
            gone.state,
            State::Cancelled { by: EndedBy::Host, refund_percent: 100, .. }
        ));
        assert!(chosen(&scene, &leaving, Choice::Refund).await.is_err(), "chosen once");
        store.clock().advance(TimeDelta::hours(24));
        let lapsed = store.write("lapse", (), |tx, ()| Box::pin(lapse_due(tx))).await.unwrap();
        assert_eq!(lapsed, 1);
        assert_eq!(state_of(&scene, bad_day.id, silent.id).await, CaseState::Lapsed);
        let silent = scene.again(&silent).await;
        assert!(matches!(silent.state, State::Cancelled { refund_percent: 100, .. }));
        assert_eq!(scene.seats(scene.slot).await, (0, 0));
        assert_eq!(scene.seats(other).await, (2, 0));
    }

    async fn a_choice_that_filled_up_is_refused_and_the_question_stays(store) {
        let scene = Scene::with(&store, Setup { capacity: 3, ..Setup::default() }).await;
        let other = scene.add_slot(TimeDelta::days(4)).await;
        let asked = scene.booked(scene.slot, 2).await.unwrap();
        told(&scene, that_day(&scene, Cause::Ill)).await;
        scene.booked(other, 2).await.unwrap();
        let refused = chosen(&scene, &asked, Choice::Go(other)).await;
        assert!(matches!(refused, Err(BookingError::Seats(_))), "{refused:?}");
        assert_eq!(scene.again(&asked).await.state.kind(), StateKind::Confirmed);
        // The usual way out gives everything back too, a day before the visit.
        store.clock().advance(TimeDelta::hours(20));
        let cancel = CancelByGuest { booking: asked.id, reason: String::new() };
        let gone = store.write("cancel", cancel, |tx, c| Box::pin(cancel_by_guest(tx, c))).await.unwrap();
        assert!(matches!(gone.state, State::Cancelled { refund_percent: 100, .. }));
        let late = store.write("lapse", (), |tx, ()| Box::pin(lapse_due(tx))).await.unwrap();
        assert_eq!(late, 0);
    }

    async fn a_day_that_turns_out_well_is_called_off(store) {
        let scene = Scene::new(&store).await;
        let booking = scene.booked(scene.slot, 2).await.unwrap();
        let (bad_day, _) = told(&scene, that_day(&scene, Cause::Other)).await;
        let stranger = CallOff { actor: scene.stranger.clone(), disruption: bad_day.id };
        let refused = store.write("call off", stranger, |tx, c| Box::pin(call_off(tx, c))).await;
        assert!(matches!(refused, Err(BookingError::Forbidden(_))));
        let command = CallOff { actor: scene.staff.clone(), disruption: bad_day.id };
        let kept = store.write("call off", command, |tx, c| Box::pin(call_off(tx, c))).await.unwrap();
        assert_eq!(kept, 1);
        assert_eq!(scene.letters(Letter::DisruptionOver).await, 1);
        assert_eq!(scene.again(&booking).await.state.kind(), StateKind::Confirmed);
        let mut conn = store.read().await.unwrap();
        let slot = crate::schedule::slots::find(&mut conn, scene.slot).await.unwrap().unwrap();
        assert_eq!(slot.status, SlotStatus::Open);
    }

    async fn a_storm_takes_what_is_outdoors_and_a_stranger_may_not_say_so(store) {
        let scene = Scene::new(&store).await;
        scene.booked(scene.slot, 2).await.unwrap();
        // The scene's tour is indoors.
        assert_eq!(told(&scene, that_day(&scene, Cause::Weather)).await.1, 0);
        let mut command = telling(&scene, that_day(&scene, Cause::Ill));
        command.form_key = "other".into();
        command.actor = scene.stranger.clone();
        let refused = store.write("tell", command, |tx, c| Box::pin(tell(tx, c))).await;
        assert!(matches!(refused, Err(BookingError::Forbidden(_))));
    }

    async fn what_is_short_of_a_broken_machine_is_found(store) {
        let (village, wheels) = Village::with_wheels(&store, 6, Setup::default()).await;
        let scene = &village.one;
        let later = scene.add_slot(TimeDelta::days(6)).await;
        let workshop = scene.workshop;
        store
            .write("fit", workshop, |tx, id| Box::pin(crate::resource::fit_new(tx, id)))
            .await
            .unwrap();
        let hit = scene.booked(scene.slot, 4).await.unwrap();
        let days = Stretch { from: store.now(), to: store.now() + TimeDelta::days(5) };
        village.block(wheels.id, days, 6, true).await.unwrap();
        let (bad_day, count) = told(scene, that_day(scene, Cause::Broken)).await;
        assert_eq!(count, 1);
        let mut conn = store.read().await.unwrap();
        let slot = crate::schedule::slots::find(&mut conn, scene.slot).await.unwrap().unwrap();
        let ways = disruption::ways(&mut conn, &scene.catalogue, &hit, &slot, bad_day.scope(), store.now())
            .await
            .unwrap();
        drop(conn);
        assert_eq!(ways.iter().map(|way| way.id).collect::<Vec<_>>(), [later], "the wheels turn again");
        chosen(scene, &hit, Choice::Go(later)).await.unwrap();
        assert!(village.board(scene).await.gaps.is_empty(), "what nobody needs is not short");
    }

    async fn a_sister_takes_the_guests_who_say_yes_there(store) {
        let bank = Bank::new(&store).await;
        let scene = &bank.minh;
        let asked = scene.booked(scene.slot, 2).await.unwrap();
        let phoned = scene.booked(scene.slot, 1).await.unwrap();
        let scope = that_day(scene, Cause::Ill);
        let mut conn = store.read().await.unwrap();
        let found = hits(&mut conn, &scene.catalogue, &scene.staff, scene.workshop, scope, store.now())
            .await
            .unwrap();
        drop(conn);
        let offered: Vec<_> = found[0].sisters.iter().map(|one| one.slot.id).collect();
        assert_eq!(offered, [bank.van.slot], "who is not of the co-op is not asked");
        let (bad_day, _) = told(scene, scope).await;
        let go = async |actor: &Actor, booking: &Booking, to| {
            let catalogue = Arc::clone(&scene.catalogue);
            let command = GoToSister { catalogue, actor: actor.clone(), booking: booking.id, to };
            store.write("sister", command, |tx, c| Box::pin(go_to_sister(tx, c))).await
        };
        assert!(go(&Actor::Guest, &asked, bank.alone.slot).await.is_err());
        assert!(matches!(
            go(&scene.stranger, &asked, bank.van.slot).await,
            Err(OverflowError::Booking(BookingError::Forbidden(_)))
        ));

        // The guest reads the sister's price and questions first: seats are kept, nothing moved.
        let kept = go(&Actor::Guest, &asked, bank.van.slot).await.unwrap();
        assert_eq!(kept.state, OverflowState::Offered);
        assert_eq!(go(&Actor::Guest, &asked, bank.van.slot).await.unwrap().id, kept.id, "tapped twice");
        assert_eq!(bank.van.seats(bank.van.slot).await, (2, 0));
        assert_eq!(state_of(scene, bad_day.id, asked.id).await, CaseState::Asked);
        let yes = Accept {
            catalogue: Arc::clone(&scene.catalogue),
            overflow: kept.id,
            answers: Answers::default(),
        };
        let moved = store.write("yes", yes, |tx, c| Box::pin(accept(tx, c))).await.unwrap();
        assert_eq!((moved.id, moved.slot_id), (asked.id, bank.van.slot));
        assert_eq!(state_of(scene, bad_day.id, asked.id).await, CaseState::Moved);

        // On the telephone the host has heard the yes.
        let taken = go(&scene.staff, &phoned, bank.van.slot).await.unwrap();
        assert_eq!(taken.state, OverflowState::Taken);
        assert_eq!(state_of(scene, bad_day.id, phoned.id).await, CaseState::Moved);
        assert_eq!(bank.van.seats(bank.van.slot).await, (3, 0));
        assert_eq!(scene.seats(scene.slot).await, (0, 0));
    }

    async fn another_choice_gives_the_seats_at_the_sister_back(store) {
        let bank = Bank::new(&store).await;
        let scene = &bank.minh;
        let asked = scene.booked(scene.slot, 2).await.unwrap();
        let (bad_day, _) = told(scene, that_day(scene, Cause::Ill)).await;
        let catalogue = Arc::clone(&scene.catalogue);
        let to = bank.van.slot;
        let command = GoToSister { catalogue, actor: Actor::Guest, booking: asked.id, to };
        store.write("sister", command, |tx, c| Box::pin(go_to_sister(tx, c))).await.unwrap();
        chosen(scene, &asked, Choice::Refund).await.unwrap();
        assert_eq!(bank.van.seats(to).await, (0, 0));
        assert_eq!(state_of(scene, bad_day.id, asked.id).await, CaseState::Refunded);
        let mut conn = store.read().await.unwrap();
        assert!(!disruption::is_due(&mut conn, store.now() + TimeDelta::days(9)).await.unwrap());
    }
}
