//! Groups that ask, and offers that hold seats. The tour takes parties of up to ten; the scene
//! begins on Tuesday 1 December 2026 at 08:00.

use std::sync::Arc;

use chrono::{NaiveDate, TimeDelta};
use uuid::Uuid;

use crate::accounts::Actor;
use crate::booking::enquiry::{
    Accept, Ask, Decline, Enquiry, EnquiryError, EnquiryState, Offer, OfferField, Terms, Wish,
    WishField, accept, ask, by_id, decline, of_workshop, offer, offer_of, waiting, withdraw,
};
use crate::booking::testing::{Scene, Setup};
use crate::booking::{
    Booking, BookingError, ChangeParty, Contact, GroupPrice, Move, PartyError, Renew, Source,
    StateKind, change_party, expire_due, renew, reschedule,
};
use crate::clock::local_time;
use crate::mail::Letter;
use crate::schedule::{CancelSlot, NoSeats, Slot, SlotStatus, cancel_slot, slots};
use crate::{Dong, Locale, SlotId, both_dbs};

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 12, day).unwrap()
}

async fn asked(scene: &Scene) -> Enquiry {
    let command = Ask {
        catalogue: Arc::clone(&scene.catalogue),
        tour: scene.tour,
        option: Some(scene.option),
        wish: Wish::parse("25", "2026-12-10", " THCS  Trưng Vương ", day(1)).unwrap(),
        contact: Contact::parse("Cô Lan", "lan@example.com", "0903111222", "Lớp 7A").unwrap(),
        locale: Locale::Vi,
        form_key: Uuid::now_v7().to_string(),
    };
    let twice = command.clone();
    let first = scene.store.write("ask", command, |tx, c| Box::pin(ask(tx, c))).await.unwrap();
    let again = scene.store.write("ask", twice, |tx, c| Box::pin(ask(tx, c))).await.unwrap();
    assert_eq!(first, again, "the same form is the same enquiry");
    first
}

fn terms(scene: &Scene) -> Terms {
    Terms {
        option: scene.option,
        date: day(10),
        time: "08:30".parse().unwrap(),
        people: 25,
        price: Dong(120_000),
        by: GroupPrice::Each,
        until: day(3),
        words: "Mời các em".into(),
        alone: false,
        over: false,
    }
}

async fn offered(
    scene: &Scene,
    actor: &Actor,
    enquiry: &Enquiry,
    terms: Terms,
) -> Result<(Enquiry, Booking), EnquiryError> {
    let command = Offer {
        catalogue: Arc::clone(&scene.catalogue),
        actor: actor.clone(),
        enquiry: enquiry.id,
        terms,
    };
    scene.store.write("offer", command, |tx, c| Box::pin(offer(tx, c))).await
}

async fn take(scene: &Scene, enquiry: &Enquiry) -> Result<Booking, EnquiryError> {
    let command = Accept { catalogue: Arc::clone(&scene.catalogue), enquiry: enquiry.id };
    scene.store.write("accept", command, |tx, c| Box::pin(accept(tx, c))).await
}

async fn now(scene: &Scene, enquiry: &Enquiry) -> Enquiry {
    by_id(&mut scene.store.read().await.unwrap(), enquiry.id).await.unwrap().unwrap()
}

async fn slot(scene: &Scene, id: SlotId) -> Slot {
    slots::find(&mut scene.store.read().await.unwrap(), id).await.unwrap().unwrap()
}

async fn expire(scene: &Scene) {
    scene.store.write("expire", (), |tx, ()| Box::pin(expire_due(tx))).await.unwrap();
}

both_dbs! {
    async fn an_offer_becomes_a_booking(store) {
        let scene = Scene::new(&store).await;
        let enquiry = asked(&scene).await;
        assert_eq!(scene.letters(Letter::EnquiryReceived).await, 1);
        assert_eq!(scene.letters(Letter::HostEnquiry).await, 1);
        let mut conn = store.read().await.unwrap();
        assert_eq!(waiting(&mut conn, scene.workshop).await.unwrap(), 1);
        let listed = of_workshop(&mut conn, scene.workshop).await.unwrap();
        assert_eq!((listed.len(), &listed[0]), (1, &enquiry));
        drop(conn);
        assert!(matches!(take(&scene, &enquiry).await, Err(EnquiryError::State(EnquiryState::New))));

        let (open, held) = offered(&scene, &scene.owner, &enquiry, terms(&scene)).await.unwrap();
        assert_eq!((held.state.kind(), held.source), (StateKind::Held, Source::Enquiry));
        assert_eq!((held.people, held.seats, held.total), (25, 25, Dong(3_000_000)));
        assert_eq!((held.name.as_str(), held.email.as_str()), ("Cô Lan", "lan@example.com"));
        assert_eq!(held.notes, "THCS Trưng Vương: Lớp 7A");
        let departure = slot(&scene, held.slot_id).await;
        assert_eq!((departure.taken, departure.capacity), (25, 25));
        assert_eq!(departure.status, SlotStatus::Closed, "nobody else can book it");
        assert_eq!(departure.ends_at - departure.starts_at, TimeDelta::minutes(90));
        let until = open.offer_until.unwrap();
        assert_eq!(local_time(until).format("%H:%M").to_string(), "23:59");
        assert_eq!(scene.letters(Letter::EnquiryOffer).await, 1);

        // Seats are kept for days, not for minutes.
        store.clock().advance(TimeDelta::days(2));
        expire(&scene).await;
        let booking = take(&scene, &open).await.unwrap();
        assert_eq!(booking.state.kind(), StateKind::Confirmed);
        assert_eq!(take(&scene, &open).await.unwrap(), booking, "pressed twice");
        assert_eq!(now(&scene, &open).await.state, EnquiryState::Accepted);
        assert_eq!(scene.letters(Letter::Confirmation).await, 1);
        assert_eq!(scene.letters(Letter::HostNew).await, 1);
        let again = offered(&scene, &scene.owner, &open, terms(&scene)).await;
        assert!(matches!(again, Err(EnquiryError::State(EnquiryState::Accepted))));
    }

    async fn an_offer_that_nobody_takes_runs_out_and_may_be_made_again(store) {
        let scene = Scene::new(&store).await;
        let enquiry = asked(&scene).await;
        let (_, first) = offered(&scene, &scene.owner, &enquiry, terms(&scene)).await.unwrap();
        store.clock().advance(TimeDelta::days(3));
        expire(&scene).await;
        let lapsed = now(&scene, &enquiry).await;
        assert_eq!(lapsed.state, EnquiryState::Lapsed);
        assert_eq!(scene.letters(Letter::HostEnquiry).await, 2, "the host hears of it");
        let departure = slot(&scene, first.slot_id).await;
        assert_eq!((departure.taken, departure.status), (0, SlotStatus::Closed));
        // The price was promised until the deadline and no longer.
        assert!(matches!(take(&scene, &lapsed).await,
            Err(EnquiryError::State(EnquiryState::Lapsed))));
        assert!(matches!(scene.confirm(&first).await, Err(BookingError::State(_))));
        let catalogue = Arc::clone(&scene.catalogue);
        let keep = Renew { catalogue, booking: first.id, slot: first.slot_id, minutes: 15 };
        let renewed = store.write("renew", keep, |tx, c| Box::pin(renew(tx, c))).await;
        assert!(matches!(renewed, Err(BookingError::State(StateKind::Expired))));

        let more = Terms { people: 30, until: day(6), ..terms(&scene) };
        let (_, second) = offered(&scene, &scene.owner, &lapsed, more).await.unwrap();
        assert_eq!(second.slot_id, first.slot_id, "the same time is the same slot");
        assert_eq!(slot(&scene, second.slot_id).await.capacity, 30);
        assert_eq!(take(&scene, &lapsed).await.unwrap().id, second.id);
    }

    async fn a_new_offer_takes_the_place_of_the_open_one(store) {
        let scene = Scene::new(&store).await;
        let enquiry = asked(&scene).await;
        let (_, first) = offered(&scene, &scene.owner, &enquiry, terms(&scene)).await.unwrap();
        let whole = Terms { price: Dong(2_500_000), by: GroupPrice::Whole, ..terms(&scene) };
        let (_, second) = offered(&scene, &scene.owner, &enquiry, whole).await.unwrap();
        assert_eq!(scene.again(&first).await.state.kind(), StateKind::Cancelled);
        assert_eq!(slot(&scene, second.slot_id).await.taken, 25);
        assert_eq!(second.total, Dong(2_500_000));
        assert_eq!(scene.letters(Letter::EnquiryOffer).await, 2);
        assert_eq!(scene.letters(Letter::Cancellation).await, 0, "nothing was confirmed");
        assert_eq!(now(&scene, &enquiry).await.state, EnquiryState::Offered);
        assert_eq!(take(&scene, &enquiry).await.unwrap().id, second.id);
    }

    async fn an_offer_joins_a_slot_only_with_room_or_knowingly(store) {
        let scene = Scene::with(&store, Setup { capacity: 20, ..Setup::default() }).await;
        scene.booked(scene.slot, 4).await.unwrap();
        let enquiry = asked(&scene).await;
        // The scene's slot: Friday at 08:00.
        let there = Terms {
            date: day(4), time: "08:00".parse().unwrap(), until: day(3), ..terms(&scene)
        };
        let full = offered(&scene, &scene.owner, &enquiry, there.clone()).await;
        assert!(matches!(full,
            Err(EnquiryError::Booking(BookingError::Seats(NoSeats::Full { left: 16 })))));
        assert_eq!(now(&scene, &enquiry).await.state, EnquiryState::New, "all or nothing");
        let alone = Terms { alone: true, people: 16, ..there.clone() };
        assert!(offered(&scene, &scene.owner, &enquiry, alone).await.is_err(), "others are in it");
        let over = Terms { over: true, ..there };
        let (_, held) = offered(&scene, &scene.owner, &enquiry, over).await.unwrap();
        assert_eq!((held.slot_id, held.over_capacity), (scene.slot, 9));
        assert_eq!(scene.seats(scene.slot).await, (29, 9));
        store.clock().advance(TimeDelta::days(3));
        expire(&scene).await;
        assert_eq!(scene.seats(scene.slot).await, (4, 0));
    }

    async fn a_group_may_have_the_slot_to_itself(store) {
        let scene = Scene::with(&store, Setup { capacity: 30, ..Setup::default() }).await;
        let enquiry = asked(&scene).await;
        let there = Terms {
            date: day(4), time: "08:00".parse().unwrap(), alone: true, ..terms(&scene)
        };
        offered(&scene, &scene.owner, &enquiry, there).await.unwrap();
        assert_eq!(scene.seats(scene.slot).await, (30, 0));
        assert!(scene.hold(scene.slot, 1).await.is_err());
    }

    async fn what_is_wrong_with_an_offer_is_named(store) {
        let scene = Scene::new(&store).await;
        let enquiry = asked(&scene).await;
        let wrong = |change: fn(&mut Terms)| {
            let mut terms = terms(&scene);
            change(&mut terms);
            let (scene, enquiry) = (&scene, &enquiry);
            async move {
                match offered(scene, &scene.owner, enquiry, terms).await {
                    Err(EnquiryError::Offer(fields)) => fields,
                    other => panic!("{other:?}"),
                }
            }
        };
        assert_eq!(wrong(|t| t.date = day(1)).await, [OfferField::Until]);
        assert_eq!(wrong(|t| { t.date = day(1); t.time = "07:00".parse().unwrap(); }).await,
            [OfferField::Start, OfferField::Until]);
        assert_eq!(wrong(|t| t.people = 0).await, [OfferField::People]);
        assert_eq!(wrong(|t| t.people = 1_000).await, [OfferField::People]);
        assert_eq!(wrong(|t| t.price = Dong(-1)).await, [OfferField::Price]);
        assert_eq!(wrong(|t| t.until = day(11)).await, [OfferField::Until]);
        assert_eq!(wrong(|t| t.until = NaiveDate::from_ymd_opt(2026, 11, 30).unwrap()).await,
            [OfferField::Until]);
        assert_eq!(wrong(|t| t.words = "x".repeat(2_001)).await, [OfferField::Words]);
        // On the last day the guest has until an hour before the visit.
        let today = Terms { date: day(2), until: day(2), ..terms(&scene) };
        let (open, _) = offered(&scene, &scene.owner, &enquiry, today).await.unwrap();
        assert_eq!(local_time(open.offer_until.unwrap()).format("%H:%M").to_string(), "07:30");
    }

    async fn only_the_owner_answers(store) {
        let scene = Scene::new(&store).await;
        let enquiry = asked(&scene).await;
        for actor in [&scene.staff, &scene.stranger, &Actor::Guest] {
            let tried = offered(&scene, actor, &enquiry, terms(&scene)).await;
            assert!(matches!(tried, Err(EnquiryError::Forbidden(_))));
            let no = Decline { actor: actor.clone(), enquiry: enquiry.id, words: "Bận".into() };
            let tried = store.write("decline", no, |tx, c| Box::pin(decline(tx, c))).await;
            assert!(matches!(tried, Err(EnquiryError::Forbidden(_))));
        }
        let other = Scene::new(&store).await;
        let theirs = Terms { option: other.option, ..terms(&scene) };
        let tried = offered(&scene, &scene.owner, &enquiry, theirs).await;
        assert!(matches!(tried, Err(EnquiryError::Offer(_))), "an option of another workshop");
    }

    async fn a_host_declines_with_words(store) {
        let scene = Scene::new(&store).await;
        let enquiry = asked(&scene).await;
        let (_, held) = offered(&scene, &scene.owner, &enquiry, terms(&scene)).await.unwrap();
        let no = |words: &str| {
            let words = words.to_owned();
            let command = Decline { actor: scene.owner.clone(), enquiry: enquiry.id, words };
            store.write("decline", command, |tx, c| Box::pin(decline(tx, c)))
        };
        assert!(matches!(no(" ").await, Err(EnquiryError::Words)));
        let declined = no("Hôm đó lò nghỉ").await.unwrap();
        assert_eq!(no("Vẫn thế").await.unwrap(), declined, "told once");
        assert_eq!(declined.reply, "Hôm đó lò nghỉ");
        assert_eq!(scene.letters(Letter::EnquiryDeclined).await, 1);
        assert_eq!(scene.seats(held.slot_id).await, (0, 0));
        assert!(take(&scene, &enquiry).await.is_err());
        // A second thought.
        offered(&scene, &scene.owner, &enquiry, terms(&scene)).await.unwrap();
        take(&scene, &enquiry).await.unwrap();
    }

    async fn a_guest_withdraws_and_the_host_hears_of_it(store) {
        let scene = Scene::new(&store).await;
        let enquiry = asked(&scene).await;
        let (_, held) = offered(&scene, &scene.owner, &enquiry, terms(&scene)).await.unwrap();
        for _ in 0..2 {
            let gone = store.write("withdraw", enquiry.id, |tx, c| Box::pin(withdraw(tx, c))).await;
            assert_eq!(gone.unwrap().state, EnquiryState::Withdrawn);
        }
        assert_eq!(scene.letters(Letter::HostEnquiry).await, 2);
        assert_eq!(scene.seats(held.slot_id).await, (0, 0));
        let late = offered(&scene, &scene.owner, &enquiry, terms(&scene)).await;
        assert!(matches!(late, Err(EnquiryError::State(EnquiryState::Withdrawn))));
    }

    async fn a_cancelled_slot_leaves_the_group_waiting_for_another_answer(store) {
        let scene = Scene::new(&store).await;
        let enquiry = asked(&scene).await;
        let (_, held) = offered(&scene, &scene.owner, &enquiry, terms(&scene)).await.unwrap();
        let (actor, reason) = (scene.owner.clone(), "Lò hỏng".to_owned());
        let command = CancelSlot { actor, slot: held.slot_id, reason };
        store.write("cancel slot", command, |tx, c| Box::pin(cancel_slot(tx, c))).await.unwrap();
        assert_eq!(now(&scene, &enquiry).await.state, EnquiryState::New);
        let again = offered(&scene, &scene.owner, &enquiry, terms(&scene)).await;
        assert!(matches!(again, Err(EnquiryError::Schedule(_))), "that time is gone");
        assert_eq!(scene.letters(Letter::EnquiryOff).await, 1);
    }

    async fn a_slot_made_for_an_offer_goes_when_nobody_needs_it(store) {
        let scene = Scene::new(&store).await;
        let enquiry = asked(&scene).await;
        let (_, held) = offered(&scene, &scene.owner, &enquiry, terms(&scene)).await.unwrap();
        let shown = async || {
            let mut conn = store.read().await.unwrap();
            let day = slots::of_workshop(&mut conn, held.workshop_id, day(10), day(10)).await;
            day.unwrap().iter().any(|slot| slot.id == held.slot_id)
        };
        assert!(shown().await);
        store.clock().advance(TimeDelta::days(4));
        store.write("expire", (), |tx, ()| Box::pin(expire_due(tx))).await.unwrap();
        assert_eq!(now(&scene, &enquiry).await.state, EnquiryState::Lapsed);
        assert!(!shown().await, "neither booked nor on sale");
        // The same time offered again: there it is.
        let later = Terms { until: day(10), ..terms(&scene) };
        let (_, again) = offered(&scene, &scene.owner, &enquiry, later).await.unwrap();
        assert_eq!(again.slot_id, held.slot_id);
        assert!(shown().await);
    }

    async fn what_is_agreed_with_a_group_stays_agreed(store) {
        let scene = Scene::new(&store).await;
        let enquiry = asked(&scene).await;
        let whole = Terms { price: Dong(2_500_000), by: GroupPrice::Whole, ..terms(&scene) };
        let (open, held) = offered(&scene, &scene.owner, &enquiry, whole).await.unwrap();
        assert_eq!(
            offer_of(&mut store.read().await.unwrap(), &open).await.unwrap().unwrap().booking, held
        );
        let booking = take(&scene, &enquiry).await.unwrap();
        let unit = booking.party.lines()[0].unit_id;
        let change = |actor: &Actor, people| {
            let command = ChangeParty {
                residents: None,
                catalogue: Arc::clone(&scene.catalogue), actor: actor.clone(),
                booking: booking.id, wanted: vec![(unit, people)], over: false,
            };
            store.write("change", command, |tx, c| Box::pin(change_party(tx, c)))
        };
        // Fewer may come; more are a matter for the host.
        let fewer = change(&Actor::Guest, 23).await.unwrap();
        assert_eq!((fewer.people, fewer.total), (23, Dong(2_500_000)));
        assert!(matches!(change(&Actor::Guest, 24).await,
            Err(BookingError::Party(PartyError::TooLarge { max: 10 }))));
        assert_eq!(change(&scene.owner, 25).await.unwrap().people, 25);
        let to = scene.add_slot(TimeDelta::days(12)).await;
        let command = Move {
            catalogue: Arc::clone(&scene.catalogue), actor: scene.owner.clone(),
            booking: booking.id, to, over: true,
        };
        let moved = store.write("move", command, |tx, c| Box::pin(reschedule(tx, c))).await.unwrap();
        assert_eq!((moved.total, moved.over_capacity), (Dong(2_500_000), 13));
    }
}

#[test]
fn a_wish_is_checked() {
    let wrong = |people, date| Wish::parse(people, date, "", day(1)).unwrap_err();
    assert_eq!(wrong("0", "2026-12-02"), [WishField::People]);
    assert_eq!(wrong("nhiều", "2026-12-01"), [WishField::People, WishField::Date]);
    assert_eq!(wrong("1000", "2026-12-02"), [WishField::People]);
    assert_eq!(wrong("9", "2030-12-02"), [WishField::Date]);
    let long = Wish::parse("9", "2026-12-02", &"x".repeat(121), day(1));
    assert_eq!(long.unwrap_err(), [WishField::Organisation]);
}
