//! Stories of reviews, on both databases.

use chrono::{DateTime, TimeDelta, Utc};

use super::*;
use crate::accounts::{Actor, Person};
use crate::booking::checkin::{CheckIn, Mark, check_in, undo};
use crate::booking::testing::{Scene, run};
use crate::booking::{Booking, query};
use crate::both_dbs;
use crate::mail::Letter;
use crate::store::Store;
use crate::{Locale, PersonId, ReportId, params};

fn input(stars: &str, words: &str) -> ReviewInput {
    ReviewInput {
        stars: stars.into(),
        words: words.into(),
        signed: "name".into(),
        name: "Hoa".into(),
        language: "vi".into(),
    }
}

async fn write(store: &Store, booking: &Booking, stars: &str) -> Result<Review, ReviewError> {
    write_as(store, booking, stars, "Một buổi sáng thật vui ở lò gốm.").await
}

async fn write_as(
    store: &Store,
    booking: &Booking,
    stars: &str,
    words: &str,
) -> Result<Review, ReviewError> {
    let data = ReviewData::parse(&input(stars, words)).unwrap();
    let command = Save { booking: booking.id, data };
    store.write("save", command, |tx, c| Box::pin(save(tx, c))).await
}

/// A booking of a new departure whose guests came; the clock stands on that day.
async fn came(scene: &Scene) -> Booking {
    let slot = scene.add_slot(TimeDelta::days(2)).await;
    let booking = scene.booked(slot, 2).await.unwrap();
    scene.store.clock().advance(TimeDelta::days(2));
    let command = CheckIn { actor: scene.owner.clone(), booking: booking.id, arrived: 2, at: None };
    scene.store.write("check in", command, |tx, c| Box::pin(check_in(tx, c))).await.unwrap();
    scene.again(&booking).await
}

/// Somebody of the office, who is in the database.
async fn admin(store: &Store) -> Actor {
    person(store, "office@example.com", true, vec![]).await
}

async fn person(
    store: &Store,
    email: &str,
    admin: bool,
    memberships: Vec<(crate::WorkshopId, crate::accounts::Role)>,
) -> Actor {
    let id = PersonId::new(store.now());
    let at: DateTime<Utc> = store.now();
    run(
        store,
        "INSERT INTO person (id, email, name, locale, admin, created_at) \
         VALUES ($1, $2, 'Chị Lan', 'vi', $3, $4)",
        params![id, *email, admin, at],
    )
    .await;
    let (email, name) = (email.to_owned(), "Chị Lan".to_owned());
    Actor::Person(Person { id, email, name, locale: Locale::Vi, admin, memberships })
}

async fn ask_office(scene: &Scene, actor: &Actor, review: &Review) -> Result<(), ReviewError> {
    let command = Report {
        actor: actor.clone(),
        workshop: scene.workshop,
        review: review.id,
        ground: "insult".into(),
        words: "Xúc phạm bác thợ.".into(),
    };
    scene.store.write("report", command, |tx, c| Box::pin(report(tx, c))).await
}

async fn ruled(
    store: &Store,
    actor: &Actor,
    question: ReportId,
    verdict: Verdict,
) -> Result<Review, ReviewError> {
    let command = Decide { actor: actor.clone(), question, verdict };
    store.write("decide", command, |tx, c| Box::pin(decide(tx, c))).await
}

async fn open_question(store: &Store, actor: &Actor) -> Asked {
    let mut conn = store.read().await.unwrap();
    queue(&mut conn, actor, false).await.unwrap().remove(0)
}

async fn now_of(store: &Store, review: &Review) -> Review {
    by_id(&mut store.read().await.unwrap(), review.id).await.unwrap().unwrap()
}

both_dbs! {
    async fn only_those_who_came_say_something_and_once(store) {
        let scene = Scene::new(&store).await;
        let booked = scene.booked(scene.slot, 2).await.unwrap();
        assert!(matches!(write(&store, &booked, "5").await, Err(ReviewError::NotCome)));
        let booking = came(&scene).await;
        let first = write(&store, &booking, "5").await.unwrap();
        assert_eq!((first.state, first.stars, first.name.as_str()), (ReviewState::Shown, 5, "Hoa"));
        let again = write(&store, &booking, "4").await.unwrap();
        assert_eq!((again.id, again.stars), (first.id, 4));
        assert!(again.edited_at.is_some());
        assert_eq!(scene.letters(Letter::HostReview).await, 1);
        let mut conn = store.read().await.unwrap();
        assert_eq!(rating(&mut conn, Scope::Tour(scene.tour)).await.unwrap().by_stars, [0, 0, 0, 1, 0]);
        drop(conn);
        // The host can't make it go by taking the check-in back.
        let command = Mark { actor: scene.owner.clone(), booking: booking.id, at: None };
        store.write("undo", command, |tx, c| Box::pin(undo(tx, c))).await.unwrap();
        assert_eq!(now_of(&store, &first).await.state, ReviewState::Shown);
    }

    async fn bookings_of_companies_and_of_trials_say_nothing(store) {
        let scene = Scene::new(&store).await;
        let booking = came(&scene).await;
        run(&store, "UPDATE booking SET test = $2 WHERE id = $1", params![booking.id, true]).await;
        assert!(matches!(write(&store, &booking, "5").await, Err(ReviewError::NotCome)));
        let mut sold = booking.clone();
        sold.contract_id = Some(crate::ContractId::new(store.now()));
        assert_eq!(standing(&sold, None), Standing::No);
        assert_eq!(standing(&booking, None), Standing::Open);
    }

    async fn it_is_changed_for_fourteen_days_and_taken_back_for_good(store) {
        let scene = Scene::new(&store).await;
        let booking = came(&scene).await;
        let review = write(&store, &booking, "3").await.unwrap();
        store.clock().advance(TimeDelta::days(14));
        assert!(matches!(write(&store, &booking, "1").await, Err(ReviewError::TooLate)));
        for _ in 0..2 {
            let command = Withdraw { booking: booking.id };
            store.write("withdraw", command, |tx, c| Box::pin(withdraw(tx, c))).await.unwrap();
        }
        let gone = now_of(&store, &review).await;
        assert_eq!((gone.state, gone.words.as_str(), gone.name.as_str()), (ReviewState::Withdrawn, "", ""));
        assert!(matches!(write(&store, &booking, "5").await, Err(ReviewError::Withdrawn)));
        let mut conn = store.read().await.unwrap();
        assert_eq!(rating(&mut conn, Scope::Tour(scene.tour)).await.unwrap().count(), 0);
        assert!(ratings(&mut conn, &[scene.tour]).await.unwrap().is_empty());
    }

    async fn the_workshop_answers_and_nobody_else(store) {
        let scene = Scene::new(&store).await;
        let booking = came(&scene).await;
        let review = write(&store, &booking, "2").await.unwrap();
        let answered = |actor: Actor, words: &str| {
            let (store, workshop) = (store.clone(), scene.workshop);
            let command = Answer { actor, workshop, review: review.id, words: words.to_owned() };
            async move { store.write("answer", command, |tx, c| Box::pin(answer(tx, c))).await }
        };
        assert!(answered(scene.staff.clone(), "Cảm ơn").await.is_err());
        assert!(answered(scene.stranger.clone(), "Cảm ơn").await.is_err());
        assert!(matches!(answered(scene.owner.clone(), " ").await, Err(ReviewError::Fields(_))));
        let done = answered(scene.owner.clone(), "Xin lỗi anh chị.").await.unwrap();
        assert_eq!(done.reply, "Xin lỗi anh chị.");
        let done = answered(scene.owner.clone(), "").await.unwrap();
        assert_eq!((done.reply.as_str(), done.replied_at), ("", None));
    }

    async fn the_office_hides_for_a_reason_and_the_author_asks_again(store) {
        let scene = Scene::new(&store).await;
        let office = admin(&store).await;
        let booking = came(&scene).await;
        let review = write(&store, &booking, "1").await.unwrap();
        assert!(ask_office(&scene, &scene.staff, &review).await.is_err());
        ask_office(&scene, &scene.owner, &review).await.unwrap();
        assert!(matches!(ask_office(&scene, &scene.owner, &review).await, Err(ReviewError::Reported)));
        assert!(queue(&mut store.read().await.unwrap(), &scene.owner, false).await.is_err());
        // Kept: it can't be reported again until its author changes it.
        let asked = open_question(&store, &office).await;
        assert!(ruled(&store, &scene.owner, asked.question.id, Verdict::Show).await.is_err());
        ruled(&store, &office, asked.question.id, Verdict::Show).await.unwrap();
        assert!(matches!(ruled(&store, &office, asked.question.id, Verdict::Show).await, Err(ReviewError::Decided)));
        assert!(matches!(ask_office(&scene, &scene.owner, &review).await, Err(ReviewError::Reported)));
        store.clock().advance(TimeDelta::hours(1));
        write_as(&store, &booking, "1", "Gọi chỗ nhà tôi, rẻ hơn nhiều!").await.unwrap();
        ask_office(&scene, &scene.owner, &review).await.unwrap();
        let asked = open_question(&store, &office).await;
        let hidden = ruled(&store, &office, asked.question.id, Verdict::Hide(Ground::Advertising)).await.unwrap();
        assert_eq!((hidden.state, hidden.hidden_for), (ReviewState::Hidden, Some(Ground::Advertising)));
        assert_eq!(scene.letters(Letter::ReviewDecided).await, 1);
        let mut conn = store.read().await.unwrap();
        let all = shown(&mut conn, Scope::Tour(scene.tour), Filter::default(), (0, 10)).await.unwrap();
        assert_eq!(all.found, 0);
        drop(conn);
        // Long after: a hidden one may be changed, which asks again.
        store.clock().advance(TimeDelta::days(60));
        write_as(&store, &booking, "1", "Chờ lâu và không ai hướng dẫn.").await.unwrap();
        let asked = open_question(&store, &office).await;
        assert_eq!(asked.question.kind, QuestionKind::Appeal);
        ruled(&store, &office, asked.question.id, Verdict::Show).await.unwrap();
        assert_eq!(now_of(&store, &review).await.state, ReviewState::Shown);
        assert_eq!(scene.letters(Letter::ReviewDecided).await, 2);
        assert_eq!(waiting(&mut store.read().await.unwrap()).await.unwrap(), 0);
    }

    async fn lists_are_filtered_and_paged_and_what_is_new_is_known(store) {
        let scene = Scene::new(&store).await;
        for stars in ["5", "4", "5"] {
            let booking = came(&scene).await;
            write(&store, &booking, stars).await.unwrap();
        }
        let mut conn = store.read().await.unwrap();
        let scope = Scope::Workshop(scene.workshop);
        let fives = Filter { stars: Some(5), language: Some(Language::Vi) };
        let page = shown(&mut conn, scope, fives, (1, 1)).await.unwrap();
        assert_eq!((page.found, page.reviews.len()), (2, 1));
        let korean = Filter { stars: None, language: Some(Language::Ko) };
        assert_eq!(shown(&mut conn, scope, korean, (0, 9)).await.unwrap().found, 0);
        assert_eq!(languages(&mut conn, scope).await.unwrap(), [(Language::Vi, 3)]);
        assert_eq!(rating(&mut conn, scope).await.unwrap().average(), Some(47));
        drop(conn);
        let memberships = vec![(scene.workshop, crate::accounts::Role::Staff)];
        let staff = person(&store, "lan@example.com", false, memberships).await;
        let new = async || {
            let mut conn = store.read().await.unwrap();
            for_host(&mut conn, &staff, scene.workshop, (0, 10)).await.unwrap().new
        };
        assert_eq!(new().await, 3);
        let command = MarkSeen { actor: staff.clone(), workshop: scene.workshop };
        store.write("seen", command, |tx, c| Box::pin(mark_seen(tx, c))).await.unwrap();
        assert_eq!(new().await, 0);
        let mut conn = store.read().await.unwrap();
        assert!(for_host(&mut conn, &scene.stranger, scene.workshop, (0, 10)).await.is_err());
        assert!(query::by_id(&mut conn, crate::BookingId::new(store.now())).await.unwrap().is_none());
    }
}
