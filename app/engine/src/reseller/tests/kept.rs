//! What contracts bound: days, tours, credit, and seats kept until some days before.

use chrono::TimeDelta;
use futures::future::join_all;

use super::*;
use crate::booking::{BookingError, StateKind};
use crate::ledger::Month;
use crate::reseller::allotment::{Allot, EndAllotment, allot, end, keep_due, kept, release_due};
use crate::schedule::NoSeats;
use crate::{Dong, both_dbs, params};

fn keep(scene: &Scene, seller: &Seller, seats: i32, release_days: i32) -> Allot {
    let today = local_date(scene.store.now());
    Allot {
        actor: scene.owner.clone(),
        catalogue: Arc::clone(&scene.catalogue),
        contract: seller.contract,
        option: scene.option,
        seats,
        release_days,
        first_date: today,
        last_date: today + TimeDelta::days(60),
    }
}

async fn allotted(scene: &Scene, slot: SlotId) -> (i32, i32) {
    let mut conn = scene.store.read().await.unwrap();
    conn.fetch_one("SELECT taken, allotted FROM slot WHERE id = $1", params![slot]).await.unwrap()
}

both_dbs! {
    async fn kept_seats_are_the_companys_until_they_are_released(store) {
        let scene = Scene::new(&store).await;
        let seller = company(&scene, "Hathanh").await;
        let whole = run(&scene, keep(&scene, &seller, 5, 1), |tx, c| Box::pin(allot(tx, c))).await;
        assert_eq!(whole.unwrap(), 1);
        assert_eq!(allotted(&scene, scene.slot).await, (0, 5));
        // Guests see seven seats, and get no more.
        scene.booked(scene.slot, 6).await.unwrap();
        let full = scene.hold(scene.slot, 2).await;
        assert!(matches!(full, Err(BookingError::Seats(NoSeats::Full { left: 1 }))), "{full:?}");
        // The company takes its own first, then what everybody may.
        let sold = hold(&scene, wish(&scene, &seller, scene.slot, 3)).await.unwrap();
        assert_eq!(allotted(&scene, scene.slot).await, (9, 2));
        let mut conn = store.read().await.unwrap();
        assert_eq!(kept(&mut conn, seller.contract, scene.slot, store.now()).await.unwrap(), 2);
        drop(conn);
        hold(&scene, wish(&scene, &seller, scene.slot, 3)).await.unwrap();
        assert_eq!(allotted(&scene, scene.slot).await, (12, 0));
        // What it gives back is anybody's.
        cancelled(&scene, &sold, &seller, false).await.unwrap();
        assert_eq!(allotted(&scene, scene.slot).await, (9, 0));
        scene.hold(scene.slot, 3).await.unwrap();
        assert_eq!(allotted(&scene, scene.slot).await, (12, 0));
    }

    async fn released_seats_are_found_before_the_worker_comes(store) {
        let scene = Scene::new(&store).await;
        let seller = company(&scene, "Hathanh").await;
        run(&scene, keep(&scene, &seller, 8, 1), |tx, c| Box::pin(allot(tx, c))).await.unwrap();
        assert!(scene.hold(scene.slot, 6).await.is_err());
        // The morning before the visit.
        store.clock().advance(TimeDelta::hours(48));
        scene.hold(scene.slot, 6).await.unwrap();
        assert_eq!(allotted(&scene, scene.slot).await, (6, 0));
        let released = store.write("release", (), |tx, ()| Box::pin(release_due(tx))).await;
        assert_eq!(released.unwrap(), 0);
        // A departure that comes later keeps seats too, and gives them back when it is over.
        let later = scene.add_slot(TimeDelta::days(9)).await;
        store.write("keep", (), |tx, ()| Box::pin(keep_due(tx))).await.unwrap();
        assert_eq!(allotted(&scene, later).await, (0, 8));
        let (id,): (crate::AllotmentId,) = store
            .read()
            .await
            .unwrap()
            .fetch_one("SELECT id FROM allotment", vec![])
            .await
            .unwrap();
        let command = EndAllotment { actor: scene.owner.clone(), allotment: id };
        run(&scene, command, |tx, c| Box::pin(end(tx, c))).await.unwrap();
        assert_eq!(allotted(&scene, later).await, (0, 0));
    }

    async fn kept_seats_are_never_oversold(store) {
        let scene = Scene::new(&store).await;
        let seller = company(&scene, "Hathanh").await;
        run(&scene, keep(&scene, &seller, 5, 1), |tx, c| Box::pin(allot(tx, c))).await.unwrap();
        let mut tasks = Vec::new();
        for at in 0..40 {
            let (scene, seller) = (scene.clone(), seller.clone());
            tasks.push(tokio::spawn(async move {
                if at % 2 == 0 {
                    scene.hold(scene.slot, 1).await.map(|_| ()).is_ok()
                } else {
                    hold(&scene, wish(&scene, &seller, scene.slot, 1)).await.is_ok()
                }
            }));
        }
        let sold = join_all(tasks).await.into_iter().filter(|sold| *sold.as_ref().unwrap()).count();
        assert_eq!(sold, 12);
        assert_eq!(allotted(&scene, scene.slot).await, (12, 0));
        let wrong = "SELECT CAST(COALESCE(SUM(kept), 0) AS BIGINT) AS n FROM allotment_slot";
        assert_eq!(count(&scene, wrong).await, 0);
    }

    async fn credit_is_used_once(store) {
        let scene = Scene::new(&store).await;
        let mut input = terms(&scene);
        input.credit_limit = "1.000.000".into();
        let contract = contract(&scene, "Hathanh", &input).await;
        let seller = seller(&scene, contract, KeyMode::Live).await;
        // 270,000 each: three are within the limit.
        let tasks = (0..8).map(|_| {
            let (scene, seller) = (scene.clone(), seller.clone());
            tokio::spawn(async move { hold(&scene, wish(&scene, &seller, scene.slot, 1)).await })
        });
        let mut sold = Vec::new();
        for answer in join_all(tasks).await {
            match answer.unwrap() {
                Ok(one) => sold.push(one),
                Err(ResellerError::Booking(BookingError::Contract(ContractRefuses::Credit))) => {}
                Err(error) => panic!("{error:?}"),
            }
        }
        assert_eq!(sold.len(), 3);
        assert_eq!(scene.seats(scene.slot).await, (3, 0));
        let paid = Payment {
            actor: scene.owner.clone(),
            contract,
            amount: Dong(500_000),
            on_date: local_date(store.now()),
            note: String::new(),
            form_key: "p1".into(),
        };
        for _ in 0..2 {
            run(&scene, paid.clone(), |tx, c| Box::pin(record_payment(tx, c))).await.unwrap();
        }
        let mut conn = store.read().await.unwrap();
        assert_eq!(owed(&mut conn, contract).await.unwrap(), Dong(310_000));
        assert_eq!(payments(&mut conn, contract).await.unwrap().len(), 1);
        drop(conn);
        hold(&scene, wish(&scene, &seller, scene.slot, 1)).await.unwrap();
    }

    async fn a_contract_bounds_what_is_sold(store) {
        let scene = Scene::new(&store).await;
        let mut input = terms(&scene);
        input.valid_to = (local_date(store.now()) + TimeDelta::days(2)).to_string();
        let contract = contract(&scene, "Hathanh", &input).await;
        let seller = seller(&scene, contract, KeyMode::Live).await;
        let refused = hold(&scene, wish(&scene, &seller, scene.slot, 1)).await;
        assert!(matches!(
            refused,
            Err(ResellerError::Booking(BookingError::Contract(ContractRefuses::Day)))
        ), "{refused:?}");
        let command =
            Agree { actor: scene.owner.clone(), contract, terms: data(&scene, &terms(&scene)) };
        run(&scene, command, |tx, c| Box::pin(agree(tx, c))).await.unwrap();
        let sold = hold(&scene, wish(&scene, &seller, scene.slot, 1)).await.unwrap();
        let sold = confirm(&scene, &sold, &seller).await.unwrap();
        // Two at once with the same company is one too many.
        let company = ResellerInput {
            name: "H".into(), email: "hathanh@example.com".into(), ..ResellerInput::default()
        };
        let again = Invite {
            actor: scene.owner.clone(),
            workshop: scene.workshop,
            company: ResellerData::parse(&company).unwrap(),
            contract: data(&scene, &terms(&scene)),
            locale: Locale::Vi,
        };
        let twice = run(&scene, again, |tx, c| Box::pin(invite(tx, c))).await;
        assert!(matches!(twice, Err(ResellerError::Twice)), "{twice:?}");

        let over = EndContract { actor: scene.owner.clone(), contract };
        run(&scene, over, |tx, c| Box::pin(end_contract(tx, c))).await.unwrap();
        let refused = hold(&scene, wish(&scene, &seller, scene.slot, 1)).await;
        assert!(matches!(
            refused,
            Err(ResellerError::Booking(BookingError::Contract(ContractRefuses::Ended)))
        ), "{refused:?}");
        // What was sold stays.
        let mut conn = store.read().await.unwrap();
        let still = by_uuid(&mut conn, &seller, sold.resale.uuid).await.unwrap().unwrap();
        assert_eq!(still.booking.state.kind(), StateKind::Confirmed);
        let month = statement(&mut conn, contract, Month::of(sold.slot.local_date)).await.unwrap();
        assert_eq!((month.lines.len(), month.due(), month.people()), (1, Dong(270_000), 1));
        assert_eq!(month.lines[0].retail, Dong(300_000));
        let theirs = agreements_of(&mut conn, &stranger(&scene), scene.workshop).await;
        assert!(matches!(theirs, Err(ResellerError::Forbidden(_))));
    }
}
