//! The office's report reproduced by plain SQL.

use chrono::TimeDelta;

use super::super::{Channel, Fate, Figure, Scope};
use super::{admin, booked, came, move_to, report, village_of};
use crate::accounts::Actor;
use crate::booking::testing::{Scene, run};
use crate::booking::{self, CancelByGuest};
use crate::both_dbs;
use crate::clock::local_date;
use crate::ledger::{Sold, enter_due, sold};
use crate::store::{Param, Store};
use crate::{Dong, Locale, params};

async fn sql(store: &Store, text: &'static str, params: Vec<Param>) -> Figure {
    let (n,): (i64,) = store.read().await.unwrap().fetch_one(text, params).await.unwrap();
    Figure::Known(n)
}

async fn enter_visits(store: &Store) {
    store.write("enter", (), |tx, ()| Box::pin(enter_due(tx))).await.unwrap();
}

/// A workshop sells a piece of 500,000 ₫ and posts it for 30,000 ₫.
async fn sells(scene: &Scene) {
    let sale = scene.store.write("sale", scene.workshop, |tx, workshop| {
        Box::pin(async move {
            let actor = Actor::System;
            let sale = Sold {
                workshop,
                coop: None,
                goods: Dong(500_000),
                postage: Dong(30_000),
                pieces: 1,
                on_date: local_date(tx.now()),
                code: "M7KQX2P".into(),
                actor: &actor,
                event_key: "sale:test".into(),
            };
            sold(tx, sale).await
        })
    });
    sale.await.unwrap();
}

both_dbs! {
    async fn the_office_reads_what_plain_sql_says(store) {
        // A village of three workshops, one with one, and one whose guests are too few to be told of.
        let first = Scene::new(&store).await;
        let village = village_of(&first).await;
        let (second, third) = (Scene::new(&store).await, Scene::new(&store).await);
        move_to(&second, village).await;
        move_to(&third, village).await;
        let (middle, tiny) = (Scene::new(&store).await, Scene::new(&store).await);
        let mut all = Vec::new();
        for (scene, people, country) in [
            (&first, 6, "KR"), (&first, 5, "VN"), (&second, 7, "KR"), (&third, 9, ""),
            (&middle, 8, "FR"), (&tiny, 2, "VN"),
        ] {
            let id = booked(scene, people, country).await;
            all.push((id, i32::try_from(people).unwrap()));
        }
        let cancelled = booked(&middle, 3, "").await;
        let cancel = CancelByGuest { booking: cancelled, reason: String::new() };
        store.write("cancel", cancel, |tx, c| Box::pin(booking::cancel_by_guest(tx, c))).await.unwrap();
        let late = booked(&third, 3, "JP").await;
        store.clock().advance(TimeDelta::days(3));
        for (id, people) in all {
            came(&store, id, people).await;
        }
        let mark = booking::checkin::Mark { actor: Actor::System, booking: late, at: None };
        store.clock().advance(TimeDelta::hours(1));
        store.write("no-show", mark, |tx, c| Box::pin(booking::checkin::no_show(tx, c))).await.unwrap();
        store.clock().advance(TimeDelta::days(1));
        enter_visits(&store).await;
        sells(&first).await;

        let office = admin(&store);
        let told = report(&store, &office, Scope::City).await.unwrap();
        let visits = &told.visits;
        let total = sql(&store, "SELECT CAST(SUM(arrived) AS BIGINT) AS n FROM booking WHERE state = 'checked_in'", vec![]).await;
        assert_eq!((visits.total.visitors, total), (Figure::Known(37), total));
        let count = sql(&store, "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM booking WHERE state = 'checked_in'", vec![]).await;
        assert_eq!(visits.total.visits, count);
        assert_eq!(visits.total.ages.unwrap().adults, total);
        let of = |id| visits.villages.iter().find(|(village, ..)| *village == id).unwrap();
        let (_, counts, shops) = of(village);
        let by_village = "SELECT CAST(SUM(arrived) AS BIGINT) AS n FROM booking JOIN workshop \
                          ON workshop.id = booking.workshop_id \
                          WHERE state = 'checked_in' AND village_id = $1";
        assert_eq!(counts.visitors, sql(&store, by_village, params![village]).await);
        let by_shop = "SELECT CAST(SUM(arrived) AS BIGINT) AS n FROM booking \
                       WHERE state = 'checked_in' AND workshop_id = $1";
        assert_eq!(shops.len(), 3);
        for (shop, counts) in shops {
            assert_eq!(counts.visitors, sql(&store, by_shop, params![*shop]).await);
        }
        // Two guests are hidden, and with them the village beside which they would follow from the total.
        assert_eq!(of(village_of(&tiny).await).1.visitors, Figure::Hidden);
        assert_eq!(of(village_of(&middle).await).1.visitors, Figure::Hidden);
        assert_eq!(visits.foreigners.visitors, Figure::Known(21));
        assert_eq!(visits.residents.visitors, Figure::Known(7));
        assert_eq!(visits.unknown.visitors, Figure::Known(9));
        let korea = visits.countries.iter().find(|(country, _)| country.code() == "KR").unwrap();
        let by_country = "SELECT CAST(SUM(arrived) AS BIGINT) AS n FROM booking \
                          WHERE state = 'checked_in' AND country = $1";
        assert_eq!(korea.1.visitors, sql(&store, by_country, params![*"KR"]).await);
        assert_eq!(visits.languages, [(Locale::En, visits.languages[0].1)]);
        assert_eq!(visits.languages[0].1.visitors, total);
        assert_eq!(visits.channels[0].0, Channel::Site);
        assert_eq!(visits.channels[0].1.visitors, total);
        assert_eq!(visits.months.len(), 1);
        assert_eq!(visits.months[0].1.visitors, total);
        // 4 December 2026 is a Friday; all began at 08:00.
        assert_eq!(visits.week[4].2, total);
        assert_eq!(visits.day_times, [total, Figure::Known(0), Figure::Known(0)]);
        assert_eq!(visits.sizes.iter().filter(|size| size.visitors != Figure::Known(0)).count(), 3);
        assert_eq!(visits.everyday.visitors, total);
        assert_eq!(told.taking_part.villages, 3);
        assert_eq!((told.taking_part.workshops, visits.workshops), (5, 5));

        let money = "SELECT CAST(SUM(amount) AS BIGINT) AS n FROM ledger_line WHERE side = 'share'";
        assert_eq!(told.revenue.total, sql(&store, money, vec![]).await);
        assert_eq!(told.revenue.total, Figure::Known(37 * 300_000 + 530_000));
        assert!(told.revenue.villages.iter().all(|(_, figure)| *figure == Figure::Hidden));
        assert_eq!(told.revenue.bands[0].1, Figure::Known(5), "all under 10 million");

        let fate = |wanted| told.quality.fates.iter().find(|(fate, _)| *fate == wanted).unwrap().1;
        assert_eq!(told.quality.booked, Figure::Known(43));
        assert_eq!(fate(Fate::Came), Figure::Known(37));
        assert_eq!([fate(Fate::ByGuest), fate(Fate::NoShow)], [Figure::Hidden; 2], "of three each");
        assert_eq!(told.before.total.visitors, Figure::Known(0));

        // A village sees its own, and no more.
        let own = report(&store, &office, Scope::Village(village)).await.unwrap();
        assert_eq!(own.visits.total.visitors, sql(&store, by_village, params![village]).await);
        assert_eq!(own.visits.villages.len(), 1);
        assert_eq!(own.revenue.total, Figure::Known(27 * 300_000 + 530_000));
        assert_eq!(own.taking_part.workshops, 3);
        let alone = report(&store, &office, Scope::Village(village_of(&middle).await)).await.unwrap();
        assert_eq!(alone.revenue.total, Figure::Hidden, "one workshop's money");
    }

    async fn children_are_counted_and_old_bookings_too(store) {
        let scene = Scene::new(&store).await;
        let mut wish = scene.wish(scene.slot, 3);
        wish.wanted.push((scene.child, 5));
        wish.wanted.push((scene.infant, 1));
        let held = scene.send(wish).await.unwrap();
        scene.fill_in(&held, "hoa@example.com").await.unwrap();
        scene.confirm(&held).await.unwrap();
        store.clock().advance(TimeDelta::days(3));
        came(&store, held.id, 9).await;
        let office = admin(&store);
        let ages = report(&store, &office, Scope::City).await.unwrap().visits.total;
        assert_eq!(ages.visitors, Figure::Known(9));
        assert_eq!(ages.ages.unwrap().children, Figure::Hidden, "beside three adults");
        // As a booking was before there were these columns.
        run(&store, "UPDATE booking SET children = NULL, students = NULL", vec![]).await;
        let before = report(&store, &office, Scope::City).await.unwrap().visits.total;
        assert_eq!(before.ages.unwrap().adults, Figure::Known(9));
        let counted = store.write("count", (), |tx, ()| Box::pin(booking::count_old(tx))).await.unwrap();
        assert_eq!(counted, 1);
        let children = "SELECT CAST(SUM(children) AS BIGINT) AS n FROM booking";
        assert_eq!(sql(&store, children, vec![]).await, Figure::Known(6));
        let again = store.write("count", (), |tx, ()| Box::pin(booking::count_old(tx))).await.unwrap();
        assert_eq!(again, 0);
    }

    async fn a_phone_number_says_a_country_where_the_guest_did_not(store) {
        let scene = Scene::new(&store).await;
        let booking = booked(&scene, 6, "").await;
        run(&store, "UPDATE booking SET phone = '+821012345678', children = NULL", vec![]).await;
        store.write("count", (), |tx, ()| Box::pin(booking::count_old(tx))).await.unwrap();
        store.clock().advance(TimeDelta::days(3));
        came(&store, booking, 6).await;
        let told = report(&store, &admin(&store), Scope::City).await.unwrap();
        assert_eq!(told.visits.countries[0].0.code(), "KR");
        assert_eq!(told.visits.foreigners.visitors, Figure::Known(6));
        let said = booking::said_country(&mut store.read().await.unwrap(), booking).await.unwrap();
        assert_eq!(said, None);
    }
}
