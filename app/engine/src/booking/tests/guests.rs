//! Who comes in a party, filled in by the booker and by companions.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::TimeDelta;
use uuid::Uuid;

use crate::booking::guests::{
    FillGuest, Form, Guest, GuestError, RemoveGuest, Who, asks, by_key, by_token, fill_guest,
    of_booking, of_bookings, remove_guest, tally, token,
};
use crate::booking::testing::{Scene, Setup};
use crate::booking::{Booking, CancelByGuest, Field, cancel_by_guest};
use crate::{GuestId, both_dbs};

const QUESTIONS: &str = r#"[
    {"key": "diet", "scope": "guest", "kind": "choice", "required": true,
     "label": {"vi": "Ăn", "en": "Diet"}, "choices": [
        {"value": "any", "label": {"vi": "Mặn", "en": "Any"}},
        {"value": "vegetarian", "label": {"vi": "Chay", "en": "Vegetarian"}}]},
    {"key": "allergy", "scope": "guest", "kind": "text", "required": false,
     "label": {"vi": "Dị ứng", "en": "Allergy"}},
    {"key": "age", "scope": "guest", "kind": "number", "required": false,
     "label": {"vi": "Tuổi", "en": "Age"}},
    {"key": "school", "scope": "booking", "kind": "text", "required": false,
     "label": {"vi": "Trường", "en": "School"}}]"#;

async fn scene(store: &crate::store::Store) -> Scene {
    Scene::with(store, Setup { questions: QUESTIONS, waiver: true, ..Setup::default() }).await
}

fn parse(
    scene: &Scene,
    who: Who,
    name: &str,
    typed: &[(&str, &str)],
    waiver: bool,
) -> Result<Form, Vec<Field>> {
    let typed: BTreeMap<String, String> =
        typed.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    Form::parse(scene.catalogue.tour(scene.tour).unwrap(), who, name, &typed, waiver)
}

async fn fill(
    scene: &Scene,
    booking: &Booking,
    who: Who,
    key: &str,
    form: Form,
) -> Result<Guest, GuestError> {
    let command = FillGuest {
        catalogue: Arc::clone(&scene.catalogue),
        booking: booking.id,
        who,
        form_key: key.to_owned(),
        form,
    };
    scene.store.write("fill guest", command, |tx, c| Box::pin(fill_guest(tx, c))).await
}

async fn companion(scene: &Scene, booking: &Booking, key: &str) -> Result<Guest, GuestError> {
    let form = parse(scene, Who::Companion, "An", &[("diet", "vegetarian")], true).unwrap();
    fill(scene, booking, Who::Companion, key, form).await
}

async fn list(scene: &Scene, booking: &Booking) -> Vec<Guest> {
    of_booking(&mut scene.store.read().await.unwrap(), booking.id).await.unwrap()
}

async fn remove(scene: &Scene, booking: &Booking, guest: GuestId) -> Result<(), GuestError> {
    let command = RemoveGuest { booking: booking.id, guest };
    scene.store.write("remove", command, |tx, c| Box::pin(remove_guest(tx, c))).await
}

both_dbs! {
    async fn companions_answer_for_themselves(store) {
        let scene = scene(&store).await;
        assert!(asks(scene.catalogue.tour(scene.tour).unwrap()));
        let wrong = parse(&scene, Who::Companion, " ", &[("age", "mười")], false).unwrap_err();
        let answer = |key: &str| Field::Answer(key.to_owned());
        assert_eq!(wrong, [Field::Name, answer("diet"), answer("age"), Field::Waiver]);

        let booking = scene.booked(scene.slot, 2).await.unwrap();
        let first = companion(&scene, &booking, "a").await.unwrap();
        assert_eq!((first.position, first.by_companion), (1, true));
        assert_eq!(first.waiver_at, Some(store.now()));
        // The same form again is the same guest, with other answers and the first signature.
        store.clock().advance(TimeDelta::hours(1));
        let form = parse(&scene, Who::Companion, "Ân", &[("diet", "any")], true).unwrap();
        let again = fill(&scene, &booking, Who::Companion, "a", form).await.unwrap();
        assert_eq!((again.id, again.waiver_at), (first.id, first.waiver_at));
        assert_eq!(list(&scene, &booking).await, std::slice::from_ref(&again));
        let kept = by_key(&mut store.read().await.unwrap(), booking.id, "a").await.unwrap();
        assert_eq!(kept.unwrap().name, "Ân");

        companion(&scene, &booking, "b").await.unwrap();
        let full = companion(&scene, &booking, "c").await;
        assert!(matches!(full, Err(GuestError::Full { people: 2 })));
        remove(&scene, &booking, first.id).await.unwrap();
        assert_eq!(companion(&scene, &booking, "c").await.unwrap().position, 1);
    }

    async fn the_booker_fills_in_what_is_known_and_leaves_companions_alone(store) {
        let scene = scene(&store).await;
        let booking = scene.booked(scene.slot, 3).await.unwrap();
        let form = |name| parse(&scene, Who::Booker, name, &[], false);
        let bi = fill(&scene, &booking, Who::Booker, "bi", form("Bi").unwrap()).await.unwrap();
        assert_eq!((bi.waiver_at, bi.by_companion), (None, false));
        assert_eq!(form("").unwrap_err(), [Field::Name]);
        assert!(parse(&scene, Who::Booker, "Bi", &[("diet", "halal")], false).is_err());
        companion(&scene, &booking, "an").await.unwrap();
        let tried = fill(&scene, &booking, Who::Booker, "an", form("Hoa").unwrap()).await;
        assert!(matches!(tried, Err(GuestError::Unknown)));
    }

    async fn the_link_of_companions_opens_nothing_else(store) {
        let scene = scene(&store).await;
        let booking = scene.booked(scene.slot, 2).await.unwrap();
        let other = scene.booked(scene.slot, 2).await.unwrap();
        let mut conn = store.read().await.unwrap();
        let shown = token(&booking);
        assert_ne!(shown, booking.secret);
        let found = by_token(&mut conn, &booking.code, &shown).await.unwrap();
        assert_eq!(found.unwrap().id, booking.id);
        for (code, shown) in [
            (&other.code, &shown), (&booking.code, &booking.secret), (&booking.code, &String::new()),
        ] {
            assert!(by_token(&mut conn, code, shown).await.unwrap().is_none());
        }
        drop(conn);
        // A form of one booking changes nothing in another.
        let key = Uuid::now_v7().to_string();
        let mine = companion(&scene, &booking, &key).await.unwrap();
        assert!(matches!(companion(&scene, &other, &key).await, Err(GuestError::Unknown)));
        remove(&scene, &other, mine.id).await.unwrap();
        assert_eq!(list(&scene, &booking).await.len(), 1);
        assert_eq!(list(&scene, &other).await.len(), 0);
    }

    async fn nothing_is_filled_in_after_the_visit_or_for_one_that_is_cancelled(store) {
        let scene = scene(&store).await;
        let held = scene.hold(scene.slot, 1).await.unwrap();
        assert!(matches!(companion(&scene, &held, "h").await, Err(GuestError::Closed)));
        let gone = scene.booked(scene.slot, 1).await.unwrap();
        let cancel = CancelByGuest { booking: gone.id, reason: String::new() };
        store.write("cancel", cancel, |tx, c| Box::pin(cancel_by_guest(tx, c))).await.unwrap();
        assert!(matches!(companion(&scene, &gone, "g").await, Err(GuestError::Closed)));
        let booking = scene.booked(scene.slot, 1).await.unwrap();
        store.clock().advance(TimeDelta::days(3) + TimeDelta::minutes(30));
        companion(&scene, &booking, "at the door").await.unwrap();
        store.clock().advance(TimeDelta::hours(1));
        assert!(matches!(companion(&scene, &booking, "late").await, Err(GuestError::Closed)));
    }

    async fn two_who_send_at_once_get_two_places(store) {
        let scene = scene(&store).await;
        let booking = scene.booked(scene.slot, 8).await.unwrap();
        let mut sent = tokio::task::JoinSet::new();
        for n in 0..8 {
            let (scene, booking) = (scene.clone(), booking.clone());
            sent.spawn(async move { companion(&scene, &booking, &n.to_string()).await.unwrap() });
        }
        sent.join_all().await;
        let positions: Vec<i32> = list(&scene, &booking).await.iter().map(|g| g.position).collect();
        assert_eq!(positions, (1..=8).collect::<Vec<_>>());
    }

    async fn diets_are_counted(store) {
        let scene = scene(&store).await;
        let one = scene.booked(scene.slot, 3).await.unwrap();
        let two = scene.booked(scene.slot, 2).await.unwrap();
        for (booking, key, typed) in [
            (&one, "1", [("diet", "vegetarian"), ("allergy", "Lạc"), ("age", "12")]),
            (&one, "2", [("diet", "any"), ("allergy", "lac"), ("age", "9")]),
            (&two, "3", [("diet", "vegetarian"), ("allergy", "Tôm"), ("age", "12")]),
        ] {
            let form = parse(&scene, Who::Companion, "An", &typed, true).unwrap();
            fill(&scene, booking, Who::Companion, key, form).await.unwrap();
        }
        let mut conn = store.read().await.unwrap();
        let found = of_bookings(&mut conn, [one.id, two.id].into_iter()).await.unwrap();
        let all: Vec<&Guest> = found.values().flatten().collect();
        let counts = tally(scene.catalogue.tour(scene.tour).unwrap(), &all, 5);
        let answers = |at: usize| -> Vec<(&str, usize)> {
            counts[at].answers.iter().map(|(answer, n)| (answer.as_str(), *n)).collect()
        };
        assert_eq!(counts.len(), 3, "questions about the whole party are not counted");
        assert_eq!((answers(0), counts[0].unknown), (vec![("any", 1), ("vegetarian", 2)], 2));
        let allergies: Vec<usize> = answers(1).iter().map(|(_, n)| *n).collect();
        assert_eq!(allergies, [2, 1]);
        assert_eq!(answers(2), [("9", 1), ("12", 2)]);
    }
}
