//! Selling: keys, prices, the life of a booking.

use chrono::TimeDelta;
use futures::future::join_all;

use super::*;
use crate::booking::testing::Setup;
use crate::booking::{BookingError, CancelByGuest, StateKind, cancel_by_guest, expire_due, query};
use crate::ledger::Month;
use crate::mail::Letter;
use crate::schedule::NoSeats;
use crate::{Dong, both_dbs};

both_dbs! {
    async fn a_key_is_shown_once_and_opens_until_it_is_revoked(store) {
        let scene = Scene::new(&store).await;
        let contract = contract(&scene, "Hathanh", &terms(&scene)).await;
        let made = key(&scene, contract, KeyMode::Live).await;
        assert!(made.key.starts_with("langnghe_live_"));
        let (_, known) = authenticate(&store, &made.key).await.unwrap().unwrap();
        assert_eq!((known.contract, known.workshop, known.test), (contract, scene.workshop, false));
        assert!(authenticate(&store, "langnghe_live_x").await.unwrap().is_none());
        let mut conn = store.read().await.unwrap();
        let kept: (String, String) =
            conn.fetch_one("SELECT key_hash, hint FROM reseller_key", vec![]).await.unwrap();
        assert!(!kept.0.contains(&made.key) && made.key.ends_with(&kept.1));
        assert_eq!(keys_of(&mut conn, contract).await.unwrap().len(), 1);
        drop(conn);
        // Nobody else makes or revokes one.
        let other = MakeKey {
            actor: stranger(&scene), contract, mode: KeyMode::Live, label: String::new(),
        };
        let refused = run(&scene, other, |tx, c| Box::pin(make_key(tx, c))).await;
        assert!(matches!(refused, Err(ResellerError::Forbidden(_))), "{refused:?}");
        let staff = RevokeKey { actor: scene.staff.clone(), key: made.id };
        let refused = run(&scene, staff, |tx, c| Box::pin(revoke_key(tx, c))).await;
        assert!(matches!(refused, Err(ResellerError::Forbidden(_))), "{refused:?}");
        let owner = RevokeKey { actor: scene.owner.clone(), key: made.id };
        run(&scene, owner, |tx, c| Box::pin(revoke_key(tx, c))).await.unwrap();
        assert!(authenticate(&store, &made.key).await.unwrap().is_none());
    }

    async fn a_booking_lives_at_net_prices(store) {
        let scene = Scene::new(&store).await;
        let seller = company(&scene, "Hathanh").await;
        let mut wish = wish(&scene, &seller, scene.slot, 2);
        wish.tickets = tickets(&[(scene.adult, 2), (scene.child, 1), (scene.infant, 1)]);
        let held = hold(&scene, wish).await.unwrap();
        // 2 × 270,000 and 150,000; the guests pay 800,000.
        assert_eq!(held.booking.total, Dong(690_000));
        assert_eq!(held.resale.retail_of(scene.adult), Dong(300_000));
        assert_eq!(held.booking.state.kind(), StateKind::Held);
        assert_eq!(scene.seats(scene.slot).await, (3, 0));
        // Somebody else's guest can't touch it, nor can the company's own by a link.
        let by_link = CancelByGuest { booking: held.booking.id, reason: String::new() };
        let refused = store.write("cancel", by_link, |tx, c| Box::pin(cancel_by_guest(tx, c))).await;
        assert!(matches!(refused, Err(BookingError::Resold)), "{refused:?}");

        let longer = Extend { seller: seller.clone(), uuid: held.resale.uuid, minutes: 31 };
        let longer = run(&scene, longer, |tx, c| Box::pin(extend(tx, c))).await.unwrap();
        assert_ne!(longer.booking.state, held.booking.state);

        let sold = confirm(&scene, &held, &seller).await.unwrap();
        assert_eq!(sold.booking.state.kind(), StateKind::Confirmed);
        assert_eq!(sold.booking.name, "Trần Thu Hà");
        assert_eq!(sold.resale.reference, "HT-1");
        // Twice is once.
        assert_eq!(confirm(&scene, &held, &seller).await.unwrap().booking.version, sold.booking.version);
        assert_eq!(scene.letters(Letter::HostNew).await, 1);
        assert_eq!(scene.letters(Letter::Confirmation).await, 0);

        // Another departure with fewer people, all in one go.
        let later = scene.add_slot(TimeDelta::days(5)).await;
        let mut moved = change(&scene, &sold, &seller);
        moved.slot = Some(later);
        moved.tickets = Some(sold.resale.items.0.iter().take(1).cloned().collect());
        let moved = run(&scene, moved, |tx, c| Box::pin(update(tx, c))).await.unwrap();
        assert_eq!(moved.booking.total, Dong(270_000));
        assert_eq!((scene.seats(scene.slot).await.0, scene.seats(later).await.0), (0, 1));
        assert_eq!(scene.letters(Letter::HostChange).await, 1);

        let gone = cancelled(&scene, &moved, &seller, false).await.unwrap();
        assert_eq!(gone.booking.state.kind(), StateKind::Cancelled);
        assert_eq!(cancelled(&scene, &moved, &seller, false).await.unwrap().booking, gone.booking);
        assert_eq!(scene.seats(later).await.0, 0);
        assert_eq!(scene.letters(Letter::HostCancellation).await, 1);
        assert_eq!(scene.letters(Letter::Cancellation).await, 0);
        let refused = run(&scene, change(&scene, &moved, &seller), |tx, c| Box::pin(update(tx, c))).await;
        assert!(matches!(
            refused,
            Err(ResellerError::Booking(BookingError::State(StateKind::Cancelled)))
        ), "{refused:?}");
    }

    async fn a_uuid_is_one_booking_however_often_it_is_sent(store) {
        let scene = Scene::new(&store).await;
        let seller = company(&scene, "Hathanh").await;
        let wanted = wish(&scene, &seller, scene.slot, 2);
        let tasks = (0..16).map(|_| {
            let (scene, wanted) = (scene.clone(), wanted.clone());
            tokio::spawn(async move { hold(&scene, wanted).await })
        });
        let mut ids = Vec::new();
        for answer in join_all(tasks).await {
            ids.push(answer.unwrap().unwrap().booking.id);
        }
        assert!(ids.iter().all(|id| *id == ids[0]));
        assert_eq!(scene.seats(scene.slot).await, (2, 0));
        let mut other = wanted.clone();
        other.request_hash = "another".into();
        assert!(matches!(hold(&scene, other).await, Err(ResellerError::UuidUsed)));
        // Another company neither sees it nor is kept from its uuid.
        let rival = company(&scene, "Rival").await;
        let mut conn = store.read().await.unwrap();
        assert!(by_uuid(&mut conn, &rival, wanted.uuid).await.unwrap().is_none());
        assert!(by_uuid(&mut conn, &seller, wanted.uuid).await.unwrap().is_some());
        drop(conn);
        let mut theirs = wish(&scene, &rival, scene.slot, 1);
        theirs.uuid = wanted.uuid;
        assert_ne!(hold(&scene, theirs).await.unwrap().booking.id, ids[0]);
    }

    async fn what_ran_out_is_gone(store) {
        let scene = Scene::new(&store).await;
        let seller = company(&scene, "Hathanh").await;
        let held = hold(&scene, wish(&scene, &seller, scene.slot, 2)).await.unwrap();
        store.clock().advance(TimeDelta::minutes(31));
        // Before the worker came, and after.
        for _ in 0..2 {
            let refused = confirm(&scene, &held, &seller).await;
            assert!(matches!(
                refused,
                Err(ResellerError::Booking(BookingError::State(StateKind::Expired)))
            ), "{refused:?}");
            store.write("expire", (), |tx, ()| Box::pin(expire_due(tx))).await.unwrap();
        }
        assert_eq!(scene.seats(scene.slot).await, (0, 0));
        assert!(!held.is_open(store.now()));
    }

    async fn a_test_key_takes_nothing_and_nobody_hears(store) {
        let scene = Scene::with(&store, Setup { capacity: 3, ..Setup::default() }).await;
        let contract = contract(&scene, "Hathanh", &terms(&scene)).await;
        let trial = seller(&scene, contract, KeyMode::Test).await;
        let live = seller(&scene, contract, KeyMode::Live).await;
        let held = hold(&scene, wish(&scene, &trial, scene.slot, 2)).await.unwrap();
        assert!(held.booking.test);
        let sold = confirm(&scene, &held, &trial).await.unwrap();
        let mut more = change(&scene, &sold, &trial);
        more.tickets = Some(tickets(&[(scene.adult, 3)]));
        let sold = run(&scene, more, |tx, c| Box::pin(update(tx, c))).await.unwrap();
        assert_eq!(sold.booking.people, 3);
        let mut many = change(&scene, &sold, &trial);
        many.tickets = Some(tickets(&[(scene.adult, 4)]));
        let full = run(&scene, many, |tx, c| Box::pin(update(tx, c))).await;
        assert!(matches!(
            full,
            Err(ResellerError::Booking(BookingError::Seats(NoSeats::Full { .. })))
        ), "{full:?}");
        // A live key may touch it too; it stays a test.
        let mut fewer = change(&scene, &sold, &live);
        fewer.tickets = Some(tickets(&[(scene.adult, 2)]));
        let sold = run(&scene, fewer, |tx, c| Box::pin(update(tx, c))).await.unwrap();
        assert_eq!(scene.seats(scene.slot).await, (0, 0));
        let mut conn = store.read().await.unwrap();
        assert!(query::of_slot(&mut conn, scene.slot).await.unwrap().is_empty());
        drop(conn);
        cancelled(&scene, &sold, &trial, false).await.unwrap();
        let letters = "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM outbox \
                       WHERE kind <> 'reseller_invited'";
        assert_eq!(count(&scene, letters).await, 0);
        assert_eq!(scene.seats(scene.slot).await, (0, 0));
        // It does not see what is sold in earnest.
        let real = hold(&scene, wish(&scene, &live, scene.slot, 1)).await.unwrap();
        let mut conn = store.read().await.unwrap();
        assert!(by_uuid(&mut conn, &trial, real.resale.uuid).await.unwrap().is_none());
        let day = real.slot.local_date;
        let ask = Ask { days: Some((day, day)), ..Ask::default() };
        assert_eq!(list(&mut conn, &trial, &ask).await.unwrap().len(), 1);
        assert_eq!(list(&mut conn, &live, &ask).await.unwrap().len(), 2);
    }

    async fn sixty_four_companies_get_exactly_twelve_seats(store) {
        let scene = Scene::new(&store).await;
        let mut sellers = Vec::new();
        for at in 0..64 {
            sellers.push(company(&scene, &format!("Company{at}")).await);
        }
        let tasks = sellers.into_iter().map(|seller| {
            let scene = scene.clone();
            tokio::spawn(async move {
                let held = hold(&scene, wish(&scene, &seller, scene.slot, 1)).await?;
                confirm(&scene, &held, &seller).await
            })
        });
        let mut sold = 0;
        for answer in join_all(tasks).await {
            match answer.unwrap() {
                Ok(_) => sold += 1,
                Err(ResellerError::Booking(BookingError::Seats(NoSeats::Full { left: 0 }))) => {}
                Err(error) => panic!("{error:?}"),
            }
        }
        assert_eq!(sold, 12);
        assert_eq!(scene.seats(scene.slot).await, (12, 0));
    }

    async fn late_cancelling_needs_to_be_meant(store) {
        let scene = Scene::new(&store).await;
        let seller = company(&scene, "Hathanh").await;
        let held = hold(&scene, wish(&scene, &seller, scene.slot, 2)).await.unwrap();
        let sold = confirm(&scene, &held, &seller).await.unwrap();
        // Two days before, half comes back by the tour's policy; within a day, nothing.
        store.clock().advance(TimeDelta::hours(60));
        let refused = cancelled(&scene, &sold, &seller, false).await;
        assert!(matches!(refused, Err(ResellerError::Booking(BookingError::TooLate))), "{refused:?}");
        cancelled(&scene, &sold, &seller, true).await.unwrap();
        let mut conn = store.read().await.unwrap();
        let month = statement(&mut conn, seller.contract, Month::of(sold.slot.local_date)).await.unwrap();
        assert_eq!(month.due(), Dong(540_000));
        assert_eq!(owed(&mut conn, seller.contract).await.unwrap(), Dong(540_000));
    }
}
