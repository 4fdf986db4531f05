//! Nobody is a stop of a pass against their will.

use std::sync::Arc;

use chrono::TimeDelta;

use super::stories::{Tale, input};
use crate::accounts::{Actor, Person};
use crate::booking::testing::{Setup, run};
use crate::catalogue::CatalogueCache;
use crate::catalogue::edit::Field;
use crate::coop::Author;
use crate::pass::{self, *};
use crate::store::Store;
use crate::{Locale, PersonId, both_dbs, params};

fn admin(store: &Store) -> Actor {
    Actor::Person(Person {
        id: PersonId::new(store.now()),
        email: "admin@example.com".into(),
        name: "Ban quản lý".into(),
        locale: Locale::Vi,
        admin: true,
        memberships: vec![],
    })
}

impl Tale {
    async fn edit(&self, actor: &Actor, percent: &str) -> Result<Pass, PassError> {
        let edit = Edit {
            actor: actor.clone(),
            catalogue: Arc::clone(&self.catalogue),
            pass: self.pass.id,
            data: PassData::parse(&input([&self.village.one, &self.village.two], percent)).unwrap(),
        };
        self.store().write("edit", edit, |tx, c| Box::pin(pass::edit(tx, c))).await
    }

    async fn consents(&self) -> Vec<Consent> {
        let mut conn = self.store().read().await.unwrap();
        let stops = stops_of(&mut conn, self.pass.id).await.unwrap();
        stops.iter().map(|stop| stop.consent).collect()
    }
}

both_dbs! {
    async fn a_pass_is_on_sale_once_everybody_agrees(store) {
        let tale = Tale::asked(&store, Setup::default()).await;
        let two = &tale.village.two;
        assert_eq!(tale.consents().await, [Consent::Agreed, Consent::Asked]);
        assert!(!tale.is_on_sale().await);
        assert!(matches!(tale.book(1).await, Err(PassError::NotOnSale)));
        for actor in [&two.staff, &two.stranger, &tale.village.one.owner, &Actor::Guest] {
            assert!(matches!(tale.answer(actor, true).await, Err(PassError::Forbidden(_))));
        }
        tale.answer(&two.owner, true).await.unwrap();
        assert!(tale.is_on_sale().await);
        let made = tale.book(1).await.unwrap();
        // Thought better of: what is booked stays booked.
        tale.answer(&two.owner, false).await.unwrap();
        assert!(!tale.is_on_sale().await);
        let mut conn = store.read().await.unwrap();
        let booked = by_id(&mut conn, made.id).await.unwrap().unwrap();
        assert_eq!(booked.standing(), Standing::Whole);
    }

    async fn a_lower_price_is_asked_anew(store) {
        let tale = Tale::new(&store, Setup::default()).await;
        let owner = tale.village.one.owner.clone();
        tale.edit(&owner, "5").await.unwrap();
        assert!(tale.is_on_sale().await);
        tale.edit(&owner, "20").await.unwrap();
        assert_eq!(tale.consents().await, [Consent::Agreed, Consent::Asked]);
        let two = tale.village.two.owner.clone();
        tale.answer(&two, false).await.unwrap();
        // Offering less than before, one may ask again.
        tale.edit(&owner, "20").await.unwrap();
        assert_eq!(tale.consents().await[1], Consent::Declined);
        tale.edit(&owner, "0").await.unwrap();
        assert_eq!(tale.consents().await[1], Consent::Asked);
        for actor in [&two, &tale.village.one.staff, &Actor::Guest] {
            assert!(matches!(tale.edit(actor, "0").await, Err(PassError::Forbidden(_))));
        }
    }

    async fn the_office_asks_like_everybody(store) {
        let tale = Tale::asked(&store, Setup::default()).await;
        let office = admin(&store);
        let create = |actor: &Actor| Create {
            actor: actor.clone(),
            catalogue: Arc::clone(&tale.catalogue),
            author: Author::Office,
            data: PassData::parse(&input([&tale.village.two, &tale.village.one], "")).unwrap(),
        };
        let owner = tale.village.one.owner.clone();
        let refused = store.write("create", create(&owner), |tx, c| Box::pin(pass::create(tx, c)));
        assert!(matches!(refused.await, Err(PassError::Forbidden(_))));
        let made = store.write("create", create(&office), |tx, c| Box::pin(pass::create(tx, c)));
        let made = made.await.unwrap();
        assert_eq!(made.slug, "gom-va-lua-2");
        let mut conn = store.read().await.unwrap();
        let stops = stops_of(&mut conn, made.id).await.unwrap();
        assert!(stops.iter().all(|stop| stop.consent == Consent::Asked));
        let two = &tale.village.two;
        let asked = asked_of(&mut conn, &two.staff, two.workshop).await.unwrap();
        assert_eq!(asked.len(), 2);
        assert!(asked_of(&mut conn, &two.stranger, two.workshop).await.is_err());
        assert_eq!(of_author(&mut conn, None).await.unwrap().len(), 1);
    }

    async fn what_no_longer_fits_is_off_sale(store) {
        let tale = Tale::new(&store, Setup::default()).await;
        let two = tale.village.two.workshop;
        for (out, back) in [
            (
                "UPDATE coop_member SET state = 'left' WHERE workshop_id = $1",
                "UPDATE coop_member SET state = 'active' WHERE workshop_id = $1",
            ),
            (
                "UPDATE pass_stop SET consent = 'asked' WHERE workshop_id = $1",
                "UPDATE pass_stop SET consent = 'agreed' WHERE workshop_id = $1",
            ),
        ] {
            run(&store, out, params![two]).await;
            assert!(!tale.is_on_sale().await);
            run(&store, back, params![two]).await;
            assert!(tale.is_on_sale().await);
        }
        let mut other = tale.clone();
        run(&store, "UPDATE tour SET published = $2 WHERE workshop_id = $1", params![two, false]).await;
        other.catalogue = CatalogueCache::new(store.clone()).get().await.unwrap();
        assert!(!other.is_on_sale().await);
        store.clock().advance(TimeDelta::minutes(1));
        let actor = tale.village.one.owner.clone();
        let publish = Publish { actor, pass: tale.pass.id, published: false };
        store.write("publish", publish, |tx, c| Box::pin(pass::publish(tx, c))).await.unwrap();
        assert!(!tale.is_on_sale().await);
    }

    async fn stops_are_of_members_and_no_courses(store) {
        let tale = Tale::asked(&store, Setup::default()).await;
        let stranger = crate::booking::testing::Scene::new(&store).await;
        let catalogue = CatalogueCache::new(store.clone()).get().await.unwrap();
        let create = |data: PassData| Create {
            actor: tale.village.one.owner.clone(),
            catalogue: Arc::clone(&catalogue),
            author: Author::Coop(tale.village.coop),
            data,
        };
        let data = PassData::parse(&input([&tale.village.one, &stranger], "")).unwrap();
        let done = store.write("create", create(data), |tx, c| Box::pin(pass::create(tx, c))).await;
        let Err(PassError::Fields(wrong)) = done else { panic!("{done:?}") };
        assert_eq!(wrong[0].0, Field::Stops);
        run(
            &store,
            "INSERT INTO course (tour_id, needed, by_application, skills) VALUES ($1, 1, $2, '{\"vi\":\"\",\"en\":\"\"}')",
            params![tale.village.two.tour, false],
        )
        .await;
        let catalogue = CatalogueCache::new(store.clone()).get().await.unwrap();
        let data = PassData::parse(&input([&tale.village.one, &tale.village.two], "")).unwrap();
        let create = Create { catalogue, ..create(data) };
        let done = store.write("create", create, |tx, c| Box::pin(pass::create(tx, c))).await;
        assert!(matches!(done, Err(PassError::Fields(_))));
        for (stops, percent) in [(vec![], "0"), (vec![tale.village.one.option.to_string(); 2], "0"), (vec!["x".into(), "y".into()], "51")] {
            let mut typed = input([&tale.village.one, &tale.village.two], percent);
            typed.stops = stops;
            assert!(PassData::parse(&typed).is_err());
        }
    }
}
