//! What changed is found, whoever changed it and however.

use chrono::TimeDelta;
use serde_json::json;
use uuid::Uuid;

use super::*;
use crate::accounts::Seller;
use crate::booking::checkin::{CheckIn, Mark, check_in, undo};
use crate::booking::{CancelByHost, ChangeParty, cancel_by_host, change_party};
use crate::clock::local_date;
use crate::reseller::{
    self, ContractData, ContractInput, Invite, KeyMode, MakeKey, ResellerData, ResellerInput,
    Reserve, Ticket, Traveller,
};
use crate::{ContractId, Locale, both_dbs};

async fn contract(scene: &Scene, input: &ContractInput) -> ContractId {
    let company = ResellerInput {
        name: "Hathanh".into(),
        email: "hathanh@example.com".into(),
        ..ResellerInput::default()
    };
    let today = local_date(scene.store.now());
    let command = Invite {
        actor: scene.owner.clone(),
        workshop: scene.workshop,
        company: ResellerData::parse(&company).unwrap(),
        contract: ContractData::parse(input, &scene.catalogue, scene.workshop, today).unwrap(),
        locale: Locale::Vi,
    };
    scene.store.write("invite", command, |tx, c| Box::pin(reseller::invite(tx, c))).await.unwrap()
}

async fn seller(scene: &Scene, contract: ContractId, mode: KeyMode) -> Seller {
    let actor = scene.owner.clone();
    let command = MakeKey { actor, contract, mode, label: String::new() };
    let store = &scene.store;
    let key = store.write("key", command, |tx, c| Box::pin(reseller::make_key(tx, c))).await;
    reseller::authenticate(store, &key.unwrap().key).await.unwrap().unwrap().1
}

async fn subscribed(scene: &Scene, seller: &Seller) -> Webhook {
    let command = Subscribe {
        seller: seller.clone(),
        url: "https://hathanh.example/octo".into(),
        events: Event::OCTO.to_vec(),
        headers: Headers::default(),
    };
    scene.store.write("subscribe", command, |tx, c| Box::pin(subscribe(tx, c))).await.unwrap().0
}

async fn sold(scene: &Scene, seller: &Seller) -> reseller::Sold {
    let command = Reserve {
        catalogue: arc(&scene.catalogue),
        seller: seller.clone(),
        uuid: Uuid::now_v7(),
        request_hash: "one".into(),
        slot: scene.slot,
        tickets: vec![Ticket {
            uuid: Uuid::now_v7(),
            unit: scene.adult,
            reference: String::new(),
            contact: Traveller::default(),
        }],
        minutes: 30,
        notes: String::new(),
        reference: String::new(),
        contact: Traveller::default(),
    };
    scene.store.write("reserve", command, |tx, c| Box::pin(reseller::reserve(tx, c))).await.unwrap()
}

both_dbs! {
    async fn each_change_is_found_once(store) {
        let scene = Scene::new(&store).await;
        let before = scene.booked(scene.slot, 1).await.unwrap();
        let webhook = added(&scene, "https://a.example/", &Event::OWN).await.id;
        // What was so when it was added is no news.
        assert_eq!(news(&store, webhook).await, []);

        let booking = scene.hold(scene.slot, 2).await.unwrap();
        assert_eq!(news(&store, webhook).await, [Event::DepartureChanged]);
        scene.fill_in(&booking, "hoa@example.com").await.unwrap();
        assert_eq!(news(&store, webhook).await, [], "a hold is nobody's business");
        scene.confirm(&booking).await.unwrap();
        looked(&store).await;
        let told = waiting(&store, webhook).await;
        assert_eq!(told.len(), 1, "{told:?}");
        let (event, data) = &told[0];
        assert_eq!(*event, Event::BookingConfirmed);
        assert_eq!(data["booking"]["code"], booking.code);
        assert_eq!(data["booking"]["state"], "confirmed");
        let page = data["links"]["booking"].as_str().unwrap();
        assert!(page.ends_with(&format!("/bookings/{}", booking.code)), "{page}");
        let text = data.to_string();
        assert!(!text.contains("Hoa") && !text.contains("hoa@"), "no guest's data: {text}");
        assert!(!text.contains(&booking.secret));
        assert_eq!(news(&store, webhook).await, [Event::BookingConfirmed]);

        let change = ChangeParty {
            residents: None,
            catalogue: arc(&scene.catalogue),
            actor: scene.staff.clone(),
            booking: booking.id,
            wanted: vec![(scene.adult, 3)],
            over: false,
        };
        store.write("change", change, |tx, c| Box::pin(change_party(tx, c))).await.unwrap();
        assert_eq!(
            news(&store, webhook).await,
            [Event::BookingChanged, Event::DepartureChanged]
        );
        let cancel = CancelByHost {
            actor: scene.owner.clone(),
            booking: before.id,
            reason: "Trời bão".into(),
        };
        store.write("cancel", cancel, |tx, c| Box::pin(cancel_by_host(tx, c))).await.unwrap();
        assert_eq!(
            news(&store, webhook).await,
            [Event::BookingCancelled, Event::DepartureChanged]
        );
        // The day of the visit.
        store.clock().advance(TimeDelta::hours(72));
        let actor = scene.staff.clone();
        let mark = CheckIn { actor: actor.clone(), booking: booking.id, arrived: 3, at: None };
        store.write("check in", mark, |tx, c| Box::pin(check_in(tx, c))).await.unwrap();
        assert_eq!(news(&store, webhook).await, [Event::BookingCheckedIn]);
        let mark = Mark { actor, booking: booking.id, at: None };
        store.write("undo", mark, |tx, c| Box::pin(undo(tx, c))).await.unwrap();
        assert_eq!(news(&store, webhook).await, [Event::BookingChanged]);
    }

    async fn departures_are_found_however_they_change(store) {
        let scene = Scene::new(&store).await;
        let webhook = added(&scene, "https://a.example/", &Event::OWN).await.id;
        for sql in [
            "UPDATE slot SET capacity = capacity + 1 WHERE id = $1",
            "UPDATE slot SET busy = TRUE WHERE id = $1",
            "UPDATE slot SET status = 'closed' WHERE id = $1",
            "UPDATE slot SET price_percent = 150 WHERE id = $1",
            "UPDATE slot SET allotted = 2 WHERE id = $1",
            "UPDATE slot SET room = 3 WHERE id = $1",
            "UPDATE slot SET room = NULL WHERE id = $1",
        ] {
            run(&store, sql, params![scene.slot]).await;
            assert_eq!(news(&store, webhook).await, [Event::DepartureChanged], "{sql}");
        }
        // Several of one option are one piece of news, over their days.
        let two = scene.add_slot(TimeDelta::days(1)).await;
        let three = scene.add_slot(TimeDelta::days(6)).await;
        looked(&store).await;
        let (first, last, slot): (chrono::NaiveDate, chrono::NaiveDate, Option<crate::SlotId>) = store
            .read()
            .await
            .unwrap()
            .fetch_one("SELECT first_date, last_date, slot_id FROM webhook_delivery", vec![])
            .await
            .unwrap();
        assert_eq!(((last - first).num_days(), slot), (5, None));
        // One more of the same option, while that waits, is part of it.
        run(&store, "UPDATE slot SET capacity = 1 WHERE id = $1", params![scene.slot]).await;
        looked(&store).await;
        assert_eq!(waiting(&store, webhook).await.len(), 1);
        assert_eq!(news(&store, webhook).await, [Event::DepartureChanged]);
        // One that is no more.
        run(&store, "DELETE FROM slot WHERE id = $1", params![two]).await;
        assert_eq!(news(&store, webhook).await, [Event::DepartureChanged]);
        run(&store, "UPDATE slot SET capacity = 1 WHERE id = $1", params![three]).await;
        looked(&store).await;
        let told = waiting(&store, webhook).await;
        assert!(told[0].1["tour"].is_string() && told[0].1["option"] == "wheel", "{told:?}");
        // What is over is nobody's business.
        store.clock().advance(TimeDelta::days(30));
        run(&store, "UPDATE slot SET capacity = 5 WHERE id = $1", params![scene.slot]).await;
        assert_eq!(looked(&store).await, 0);
    }

    async fn tours_are_found_by_their_print(store) {
        let scene = Scene::new(&store).await;
        let webhook = added(&scene, "https://a.example/", &Event::OWN).await.id;
        let touch = "UPDATE catalogue_version SET version = version + 1";
        run(&store, touch, vec![]).await;
        assert_eq!(news(&store, webhook).await, [], "another tour changed");
        for sql in [
            "UPDATE tour SET lead_time_hours = 5 WHERE id = $1",
            "UPDATE unit SET price = 310000 WHERE option_id IN (SELECT id FROM tour_option WHERE tour_id = $1)",
            "UPDATE tour SET published = FALSE WHERE id = $1",
        ] {
            run(&store, sql, params![scene.tour]).await;
            run(&store, touch, vec![]).await;
            assert_eq!(news(&store, webhook).await, [Event::TourChanged], "{sql}");
        }
        // A draft is written on in peace.
        run(&store, "UPDATE tour SET lead_time_hours = 6 WHERE id = $1", params![scene.tour]).await;
        run(&store, touch, vec![]).await;
        assert_eq!(news(&store, webhook).await, []);
    }

    async fn what_waits_of_one_booking_is_one(store) {
        let scene = Scene::new(&store).await;
        let webhook = added(&scene, "https://a.example/", &Event::OWN).await.id;
        let booking = scene.booked(scene.slot, 2).await.unwrap();
        looked(&store).await;
        let change = ChangeParty {
            residents: None,
            catalogue: arc(&scene.catalogue),
            actor: scene.staff.clone(),
            booking: booking.id,
            wanted: vec![(scene.adult, 3)],
            over: false,
        };
        store.write("change", change, |tx, c| Box::pin(change_party(tx, c))).await.unwrap();
        looked(&store).await;
        let told = waiting(&store, webhook).await;
        let of_booking = |told: &[(Event, Value)]| -> Vec<(Event, Value)> {
            told.iter().filter(|(_, data)| data["booking"].is_object()).cloned().collect()
        };
        let told = of_booking(&told);
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].0, Event::BookingConfirmed, "nobody heard of it yet");
        assert_eq!(told[0].1["booking"]["people"], 3, "as it is now");
        let actor = scene.owner.clone();
        let cancel = CancelByHost { actor, booking: booking.id, reason: "Bão".into() };
        store.write("cancel", cancel, |tx, c| Box::pin(cancel_by_host(tx, c))).await.unwrap();
        looked(&store).await;
        let told = of_booking(&waiting(&store, webhook).await);
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].0, Event::BookingCancelled);
    }

    async fn only_what_was_chosen_is_told_and_only_to_the_workshop(store) {
        let scene = Scene::new(&store).await;
        let other = Scene::new(&store).await;
        let chosen = added(&scene, "https://a.example/", &[Event::BookingConfirmed]).await.id;
        let paused = added(&scene, "https://b.example/", &Event::OWN).await.id;
        let elsewhere = added(&other, "https://c.example/", &Event::OWN).await.id;
        let actor = scene.owner.clone();
        let change = ChangeWebhook { actor: actor.clone(), webhook: paused, change: Change::Pause };
        store.write("pause", change, |tx, c| Box::pin(super::super::change(tx, c))).await.unwrap();
        scene.booked(scene.slot, 2).await.unwrap();
        looked(&store).await;
        assert_eq!(news(&store, chosen).await, [Event::BookingConfirmed]);
        assert_eq!(news(&store, paused).await, []);
        assert_eq!(news(&store, elsewhere).await, []);
        // Others may neither see nor change it.
        for stranger in [scene.staff.clone(), scene.stranger.clone(), other.owner.clone()] {
            let change = ChangeWebhook { actor: stranger.clone(), webhook: chosen, change: Change::Remove };
            let refused =
                store.write("remove", change, |tx, c| Box::pin(super::super::change(tx, c))).await;
            assert!(matches!(refused, Err(WebhookError::Forbidden(_))));
            let mut conn = store.read().await.unwrap();
            assert!(find(&mut conn, &stranger, chosen).await.is_err());
        }
        // When the last one is gone nothing is compared any more.
        for webhook in [chosen, paused] {
            let change = ChangeWebhook { actor: actor.clone(), webhook, change: Change::Remove };
            store.write("remove", change, |tx, c| Box::pin(super::super::change(tx, c))).await.unwrap();
        }
        for sql in [
            "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM webhook_slot",
            "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM webhook_tour",
        ] {
            assert_eq!(count(&store, sql).await, 1, "the other workshop's: {sql}");
        }
        let sql = "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM audit WHERE verb LIKE 'webhook.%'";
        assert_eq!(count(&store, sql).await, 6);
    }

    async fn two_that_look_at_once_tell_once(store) {
        let scene = Scene::new(&store).await;
        let webhook = added(&scene, "https://a.example/", &[Event::BookingConfirmed]).await.id;
        looked(&store).await;
        for _ in 0..5 {
            scene.booked(scene.slot, 1).await.unwrap();
        }
        let look_once = || {
            let store = store.clone();
            tokio::spawn(async move {
                store.write("look", (), |tx, ()| Box::pin(look(tx))).await.unwrap()
            })
        };
        let looks = futures::future::join_all((0..4).map(|_| look_once())).await;
        let found: usize = looks.into_iter().map(Result::unwrap).sum();
        assert_eq!(found, 6, "five bookings and a departure");
        assert_eq!(waiting(&store, webhook).await.len(), 5);
    }

    async fn a_company_hears_of_what_it_sells(store) {
        let scene = Scene::new(&store).await;
        let contract = contract(&scene, &ContractInput { percent_off: "10".into(), ..ContractInput::default() }).await;
        let company = seller(&scene, contract, KeyMode::Live).await;
        let trial = seller(&scene, contract, KeyMode::Test).await;
        let live = subscribed(&scene, &company).await.id;
        let test = subscribed(&scene, &trial).await.id;
        let made = sold(&scene, &company).await;
        looked(&store).await;
        let told = waiting(&store, live).await;
        let uuid = json!({ "uuid": made.resale.uuid });
        assert!(told.contains(&(Event::BookingUpdate, uuid)), "{told:?}");
        assert!(told.iter().any(|(event, data)| *event == Event::AvailabilityUpdate
            && data["optionId"] == "wheel" && data["productId"].is_string()), "{told:?}");
        assert_eq!(news(&store, live).await, [Event::AvailabilityUpdate, Event::BookingUpdate]);
        assert_eq!(news(&store, test).await, [Event::AvailabilityUpdate], "a real sale is no test");
        sold(&scene, &trial).await;
        assert_eq!(news(&store, test).await, [Event::BookingUpdate]);
        assert_eq!(news(&store, live).await, [Event::BookingUpdate]);
        // A guest's booking is the availability's alone.
        scene.booked(scene.slot, 1).await.unwrap();
        assert_eq!(news(&store, live).await, [Event::AvailabilityUpdate]);
        run(&store, "UPDATE tour SET lead_time_hours = 5 WHERE id = $1", params![scene.tour]).await;
        run(&store, "UPDATE catalogue_version SET version = version + 1", vec![]).await;
        assert_eq!(news(&store, live).await, [Event::ProductUpdate]);
        // A test key sees and changes what test keys made.
        let mut conn = store.read().await.unwrap();
        assert_eq!(of_contract(&mut conn, &trial).await.unwrap().len(), 1);
        assert_eq!(of_contract(&mut conn, &company).await.unwrap().len(), 2);
        drop(conn);
        let end = Unsubscribe { seller: trial, webhook: live };
        let refused = store.write("end", end, |tx, c| Box::pin(unsubscribe(tx, c))).await;
        assert!(matches!(refused, Err(WebhookError::Unknown)));
        // What the contract sells no more is told no more.
        let end = reseller::EndContract { actor: scene.owner.clone(), contract };
        store.write("end", end, |tx, c| Box::pin(reseller::end_contract(tx, c))).await.unwrap();
        scene.booked(scene.slot, 1).await.unwrap();
        assert_eq!(news(&store, live).await, []);
    }
}
