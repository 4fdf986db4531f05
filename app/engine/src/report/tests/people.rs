//! Who sees reports, and the figures that owners enter.

use super::super::{
    Field, Figure, GiveVillage, Jobs, JobsInput, ReportError, SaveFigures, Scope, TakeVillage,
    Wrong, figures_of, give_village, missing_year, must_see, save_figures, take_village,
    village_people, villages_of,
};
use super::{admin, move_to, report, village_of};
use crate::accounts::{Actor, Person};
use crate::booking::testing::{Scene, run};
use crate::both_dbs;
use crate::clock::local_date;
use crate::mail::Letter;
use crate::store::Store;
use crate::{Locale, PersonId, params};

fn person(id: PersonId) -> Actor {
    Actor::Person(Person {
        id,
        email: "xa@example.com".into(),
        name: "Chị Lan".into(),
        locale: Locale::Vi,
        admin: false,
        memberships: vec![],
    })
}

async fn enter(store: &Store, scene: &Scene, actor: Actor, jobs: Jobs) -> Result<(), ReportError> {
    let save = SaveFigures { actor, workshop: scene.workshop, year: 2025, jobs };
    store.write("figures", save, |tx, c| Box::pin(save_figures(tx, c))).await
}

both_dbs! {
    async fn a_village_sees_its_own_report_and_nothing_else(store) {
        let (scene, other) = (Scene::new(&store).await, Scene::new(&store).await);
        let (village, elsewhere) = (village_of(&scene).await, village_of(&other).await);
        let office = admin(&store);
        let give = |actor: &Actor| GiveVillage {
            actor: actor.clone(),
            village,
            email: "xa@example.com".parse().unwrap(),
            name: "Chị Lan".into(),
            locale: Locale::Vi,
        };
        let refused = store.write("give", give(&scene.owner), |tx, c| Box::pin(give_village(tx, c))).await;
        assert!(matches!(refused, Err(ReportError::Forbidden(_))));
        let id = store.write("give", give(&office), |tx, c| Box::pin(give_village(tx, c))).await.unwrap();
        let again = store.write("give", give(&office), |tx, c| Box::pin(give_village(tx, c))).await.unwrap();
        assert_eq!(id, again);
        assert_eq!(scene.letters(Letter::Invitation).await, 2);
        let reader = person(id);
        let mut conn = store.read().await.unwrap();
        assert_eq!(villages_of(&mut conn, &reader).await.unwrap(), [village]);
        assert_eq!(village_people(&mut conn, &office).await.unwrap().len(), 1);
        assert!(village_people(&mut conn, &reader).await.is_err());
        let sees = async |conn: &mut crate::store::Conn, actor: &Actor, scope| must_see(conn, actor, scope).await.is_ok();
        assert!(sees(&mut conn, &reader, Scope::Village(village)).await);
        assert!(!sees(&mut conn, &reader, Scope::Village(elsewhere)).await);
        assert!(!sees(&mut conn, &reader, Scope::City).await);
        assert!(sees(&mut conn, &office, Scope::City).await);
        for nobody in [&scene.owner, &scene.staff, &Actor::Guest] {
            assert!(!sees(&mut conn, nobody, Scope::City).await);
            assert!(!sees(&mut conn, nobody, Scope::Village(village)).await);
        }
        assert!(reader.must_serve(scene.workshop).is_err() && reader.must_administer().is_err());
        drop(conn);
        assert!(report(&store, &reader, Scope::Village(village)).await.is_ok());
        assert!(matches!(report(&store, &reader, Scope::City).await, Err(ReportError::Forbidden(_))));
        let take = TakeVillage { actor: office, village, person: id };
        store.write("take", take.clone(), |tx, c| Box::pin(take_village(tx, c))).await.unwrap();
        let gone = store.write("take", take, |tx, c| Box::pin(take_village(tx, c))).await;
        assert!(matches!(gone, Err(ReportError::Unknown)));
        assert!(report(&store, &reader, Scope::Village(village)).await.is_err());
    }

    async fn owners_enter_their_jobs_which_are_told_of_three_together(store) {
        let first = Scene::new(&store).await;
        let village = village_of(&first).await;
        let (second, third) = (Scene::new(&store).await, Scene::new(&store).await);
        move_to(&second, village).await;
        let jobs = Jobs { workers: 12, artisans: 6, apprentices: 5, women: 7, seasonal: 5 };
        let refused = enter(&store, &first, first.staff.clone(), jobs).await;
        assert!(matches!(refused, Err(ReportError::Forbidden(_))));
        let old = SaveFigures { actor: first.owner.clone(), workshop: first.workshop, year: 2019, jobs };
        let old = store.write("figures", old, |tx, c| Box::pin(save_figures(tx, c))).await;
        assert!(matches!(old, Err(ReportError::Unknown)));
        enter(&store, &first, first.owner.clone(), Jobs { workers: 9, ..jobs }).await.unwrap();
        enter(&store, &first, first.owner.clone(), jobs).await.unwrap();
        enter(&store, &second, second.owner.clone(), jobs).await.unwrap();
        let office = admin(&store);
        let two = report(&store, &office, Scope::City).await.unwrap().jobs;
        assert_eq!((two.year, two.told, two.of), (2025, 2, 3));
        assert_eq!(two.total, [Figure::Hidden; 5], "of two workshops");
        move_to(&third, village).await;
        enter(&store, &third, third.owner.clone(), jobs).await.unwrap();
        let three = report(&store, &office, Scope::City).await.unwrap().jobs;
        assert_eq!(three.total, [36, 18, 15, 21, 15].map(Figure::Known));
        assert_eq!(three.villages, [(village, three.total)]);
        let mut conn = store.read().await.unwrap();
        let mine = figures_of(&mut conn, &first.owner, first.workshop).await.unwrap();
        assert_eq!((mine.len(), mine[0].jobs), (1, jobs));
        assert!(figures_of(&mut conn, &first.stranger, first.workshop).await.is_err());
    }

    async fn last_years_figures_are_asked_of_those_who_were_open(store) {
        let scene = Scene::new(&store).await;
        let today = local_date(store.now());
        let missing = async |store: &Store| {
            missing_year(&mut store.read().await.unwrap(), scene.workshop, today).await.unwrap()
        };
        assert_eq!(missing(&store).await, None, "it opened this year");
        run(&store, "UPDATE slot SET local_date = $1", params!["2025-06-02".parse::<chrono::NaiveDate>().unwrap()]).await;
        assert_eq!(missing(&store).await, Some(2025));
        enter(&store, &scene, scene.owner.clone(), Jobs::default()).await.unwrap();
        assert_eq!(missing(&store).await, None);
    }
}

#[test]
fn figures_are_read_and_checked() {
    let input = |workers: &str, women: &str| JobsInput {
        workers: workers.into(),
        artisans: "2".into(),
        apprentices: "0".into(),
        women: women.into(),
        seasonal: "1".into(),
    };
    let jobs = Jobs::parse(&input("1.200", "700")).unwrap();
    assert_eq!((jobs.workers, jobs.women), (1_200, 700));
    let wrong = |workers, women| match Jobs::parse(&input(workers, women)) {
        Err(ReportError::Fields(wrongs)) => wrongs,
        other => panic!("{other:?}"),
    };
    assert_eq!(wrong("", "0"), [(Field::Workers, Wrong::Missing)]);
    assert_eq!(wrong("many", "0")[0].0, Field::Workers);
    assert_eq!(wrong("3", "4"), [(Field::Women, Wrong::MoreThanWorkers)]);
    assert_eq!(wrong("-3", "0")[0].0, Field::Workers);
}
