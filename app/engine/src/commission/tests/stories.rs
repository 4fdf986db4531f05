//! What is said and done, in which order, and by whom.

use super::*;
use crate::both_dbs;
use crate::mail::Letter;
use crate::privacy::{self, AskLink, Erase, Retention};

#[test]
fn what_is_wrong_with_a_brief_is_named_by_field() {
    let today = chrono::NaiveDate::from_ymd_opt(2026, 12, 1).unwrap();
    let wrongs = |input: &BriefInput| fields(BriefData::parse(input, today));
    assert!(BriefData::parse(&brief(), today).is_ok());
    assert_eq!(
        wrongs(&BriefInput::default()),
        [Field::What, Field::Pieces, Field::Name, Field::Email]
    );
    let odd = BriefInput {
        pieces: "0".into(),
        wished_on: "2026-11-30".into(),
        budget: "viel".into(),
        details: "x".repeat(2_001),
        phone: "12".into(),
        ..brief()
    };
    let all = [Field::Pieces, Field::WishedOn, Field::Budget, Field::Details, Field::Phone];
    assert_eq!(wrongs(&odd), all);
}

#[test]
fn an_offer_ends_before_the_piece_is_ready() {
    let today = chrono::NaiveDate::from_ymd_opt(2026, 12, 1).unwrap();
    let input = OfferInput {
        price: "1.000.000".into(),
        deposit: "101".into(),
        kept: "-1".into(),
        ready_on: "2026-12-10".into(),
        valid_until: "2026-12-11".into(),
        grams: "1".into(),
        words: String::new(),
    };
    let wrongs = fields(OfferData::parse(&input, today));
    let all = [Field::Deposit, Field::Kept, Field::ValidUntil, Field::Grams, Field::Words];
    assert_eq!(wrongs, all);
}

both_dbs! {
    async fn from_the_brief_to_the_door(store) {
        let house = House::new(&store).await;
        let asked = house.asks().await;
        assert!(asked.code.as_str().starts_with("LD"));
        assert_eq!(house.scene.letters(Letter::HostCommission).await, 1);
        let mut conn = store.read().await.unwrap();
        assert_eq!(photos_of(&mut conn, asked.id).await.unwrap().len(), 2);
        assert!(by_secret(&mut conn, asked.id, "x").await.unwrap().is_none());
        drop(conn);
        let offer = house.offers(&asked, (1_000_000, 40, 50)).await;
        assert_eq!((offer.number, offer.deposit()), (1, Dong(400_000)));
        let better = house.offers(&asked, (900_000, 40, 50)).await;
        let old = Accept { commission: asked.id, offer: offer.id };
        let no = store.write("accept", old, |tx, c| Box::pin(accept(tx, c))).await;
        assert!(matches!(no, Err(CommissionError::State(StateKind::Offered))), "not what was seen");
        assert_eq!(better.number, 2);
        house.accepts(&asked).await.unwrap();
        house.accepts(&asked).await.unwrap();
        assert_eq!(house.money(&asked).await.now, Dong(360_000));
        assert_eq!(house.pays(&asked, 160_000).await, Finding::Part);
        assert_eq!(house.again(&asked).await.kind(), StateKind::Accepted);
        assert_eq!(house.pays(&asked, 200_000).await, Finding::Paid);
        assert_eq!(house.again(&asked).await.kind(), StateKind::Making);
        house.shows(&asked, false).await.unwrap();
        house.wishes(&asked).await.unwrap();
        house.shows(&asked, true).await.unwrap();
        assert_eq!(house.money(&asked).await.now, Dong(540_000));
        let early = house.hands_on(&asked, Leave::Post(track())).await;
        assert!(matches!(early, Err(CommissionError::NotPaid)));
        assert_eq!(house.pays(&asked, 540_000).await, Finding::Rest);
        house.hands_on(&asked, Leave::Post(track())).await.unwrap();
        assert!(house.ends(&asked, &Actor::Guest).await.is_err(), "it is on its way");
        let come = Arrive { actor: Actor::Guest, commission: asked.id };
        store.write("come", come, |tx, c| Box::pin(arrive(tx, c))).await.unwrap();
        assert_eq!(house.again(&asked).await.kind(), StateKind::Delivered);
        assert_eq!(house.marks(&asked).await, [
            Mark::Brief, Mark::Offer, Mark::Offer, Mark::Accepted, Mark::Paid, Mark::Paid, Mark::Milestone, Mark::Ready,
            Mark::Paid, Mark::Posted, Mark::Delivered,
        ]);
        assert_eq!(house.books("guests", "").await, 0);
        assert_eq!(house.books("workshop", "share").await, 900_000);
    }

    async fn the_same_form_is_the_same_thing(store) {
        let house = House::new(&store).await;
        let today = local_date(store.now());
        let data = BriefData::parse(&brief(), today).unwrap();
        let order = Ask {
            workshop: house.scene.workshop, data, photos: vec![], locale: Locale::En, form_key: key(),
        };
        let twice = order.clone();
        let first = store.write("ask", order, |tx, c| Box::pin(ask(tx, c))).await.unwrap();
        let again = store.write("ask", twice, |tx, c| Box::pin(ask(tx, c))).await.unwrap();
        assert_eq!(first.id, again.id);
        let said = Say {
            actor: Actor::Guest, commission: first.id, words: "Men bóng?".into(), photos: vec![],
            form_key: key(),
        };
        for say_it in [said.clone(), said] {
            store.write("say", say_it, |tx, c| Box::pin(say(tx, c))).await.unwrap();
        }
        assert_eq!(house.marks(&first).await, [Mark::Brief, Mark::Message]);
        assert!(house.again(&first).await.asks);
        let answer = |actor: &Actor, words: &str| Say {
            actor: actor.clone(), commission: first.id, words: words.into(), photos: vec![],
            form_key: key(),
        };
        let empty = answer(&house.scene.staff, " ");
        let empty = store.write("say", empty, |tx, c| Box::pin(say(tx, c))).await;
        assert_eq!(fields(empty), [Field::Words]);
        let stranger = answer(&house.scene.stranger, "x");
        let stranger = store.write("say", stranger, |tx, c| Box::pin(say(tx, c))).await;
        assert!(matches!(stranger, Err(CommissionError::Forbidden(_))));
        let said = answer(&house.scene.staff, "Vâng");
        store.write("say", said, |tx, c| Box::pin(say(tx, c))).await.unwrap();
        assert!(!house.again(&first).await.asks);
        let staff = house.tries_offer(&first, &house.scene.staff, (500_000, 0, 0)).await;
        assert!(matches!(staff, Err(CommissionError::Forbidden(_))), "only owners name prices");
        let many = Say {
            photos: vec![photo(), photo(), photo(), photo()],
            ..answer(&house.scene.staff, "Ảnh")
        };
        let many = store.write("say", many, |tx, c| Box::pin(say(tx, c))).await;
        assert_eq!(fields(many), [Field::Photos]);
    }

    async fn time_ends_what_nobody_answers(store) {
        let house = House::new(&store).await;
        let offered = house.asks().await;
        house.offers(&offered, (500_000, 50, 100)).await;
        let accepted = house.accepted().await;
        assert_eq!(house.works().await, 0);
        store.clock().advance(TimeDelta::days(5) + TimeDelta::hours(1));
        assert_eq!(house.works().await, 1, "a reminder of the deposit");
        assert_eq!(house.works().await, 0);
        assert_eq!(house.pays(&accepted, 100_000).await, Finding::Part);
        store.clock().advance(LONG);
        assert_eq!(house.works().await, 2);
        for one in [&offered, &accepted] {
            assert_eq!(house.again(one).await.kind(), StateKind::Lapsed);
        }
        assert!(house.accepts(&offered).await.is_err());
        assert_eq!(house.money(&accepted).await.due, Dong(100_000));
        // A further offer may follow; what came counts for it.
        assert_eq!(house.pays(&accepted, 300_000).await, Finding::Late);
        house.offers(&accepted, (1_000_000, 40, 50)).await;
        let begun = house.accepts(&accepted).await.unwrap();
        assert_eq!(begun.kind(), StateKind::Making);
        let mut conn = store.read().await.unwrap();
        let lists =
            payment::reconciliation(&mut conn, &house.scene.owner, house.scene.workshop).await;
        assert!(lists.unwrap().open.is_empty(), "nobody has to look at it any more");
    }

    async fn who_waits_for_whom(store) {
        let house = House::new(&store).await;
        let one = house.accepted().await;
        let two = house.asks().await;
        let mut conn = store.read().await.unwrap();
        let all = of_workshop(&mut conn, &house.scene.staff, house.scene.workshop).await.unwrap();
        let waits: Vec<_> = all.iter().map(|it| (it.commission.id, it.waits())).collect();
        assert_eq!(waits, [(two.id, Waits::Workshop), (one.id, Waits::Customer)]);
        assert_eq!(waiting(&mut conn, house.scene.workshop).await.unwrap(), 1);
        assert!(of_workshop(&mut conn, &house.scene.stranger, house.scene.workshop).await.is_err());
    }

    async fn whoever_is_forgotten_leaves_no_words_and_no_pictures(store) {
        let house = House::new(&store).await;
        let done = house.accepted().await;
        house.pays(&done, 1_000_000).await;
        house.wishes(&done).await.unwrap();
        let ask_it = AskLink { email: "mai@example.com".parse().unwrap(), locale: Locale::Vi };
        store.write("link", ask_it, |tx, c| Box::pin(privacy::ask_link(tx, c))).await.unwrap();
        let mut conn = store.read().await.unwrap();
        let (payload,): (String,) = conn
            .fetch_one("SELECT payload FROM outbox WHERE kind = 'my_data'", vec![])
            .await
            .unwrap();
        drop(conn);
        let payload: serde_json::Value = serde_json::from_str(&payload).unwrap();
        let erase = Erase { token: payload["token"].as_str().unwrap().to_owned() };
        let kept = store.write("erase", erase, |tx, c| Box::pin(privacy::erase(tx, c))).await;
        assert_eq!((kept.unwrap().done, house.again(&done).await.is_forgotten()), (0, false));
        house.shows(&done, true).await.unwrap();
        house.hands_on(&done, Leave::HandOver).await.unwrap();
        store.clock().advance(TimeDelta::days(26 * 31));
        let policy = Retention::default();
        let forgotten = store
            .write("retain", policy, |tx, policy| {
                Box::pin(async move { privacy::retain(tx, policy).await })
            })
            .await;
        assert!(forgotten.unwrap() > 0);
        let left = house.again(&done).await;
        assert!(left.is_forgotten() && left.brief.details.is_empty());
        let mut conn = store.read().await.unwrap();
        assert!(photos_of(&mut conn, done.id).await.unwrap().is_empty());
        let entries = entries_of(&mut conn, done.id).await.unwrap();
        assert!(entries.iter().all(|entry| entry.words.is_empty()));
        assert_eq!(held(&mut conn, done.id).await.unwrap(), Dong(1_000_000), "the books stay");
    }
}
