//! Students and researchers: asked, answered, counted, forgotten.

use chrono::TimeDelta;

use super::*;
use crate::booking::testing::run;
use crate::mail::Letter;
use crate::privacy::{Retention, retain};
use crate::{both_dbs, params};

both_dbs! {
    async fn a_student_applies_and_is_accepted(store) {
        let scene = Scene::new(&store).await;
        let placement = scene.offers(1).await;
        let to = ApplyTo::Placement(placement);
        let one = scene.applies(to, "Khoi@example.vn").await.unwrap();
        assert_eq!(scene.letters(Letter::ApplicationReceived).await, 1);
        assert_eq!(scene.letters(Letter::HostApplication).await, 1);
        let twice = scene.applies(to, "khoi@example.vn").await.unwrap_err();
        assert!(matches!(twice, PartnerError::Twice));
        let two = scene.applies(to, "mai@example.vn").await.unwrap();
        for actor in [&scene.staff, &scene.stranger] {
            let refused = scene.decides(actor, &one, "accepted").await.unwrap_err();
            assert!(matches!(refused, PartnerError::Forbidden(_)));
        }
        let invited = scene.decides(&scene.owner, &one, "invited").await.unwrap();
        let stale = scene.decides(&scene.owner, &one, "declined").await.unwrap_err();
        assert!(matches!(stale, PartnerError::Changed));
        let early = scene.notes_hours(one.id, 0, "7").await.unwrap_err();
        assert!(matches!(early, PartnerError::State));
        let one = scene.decides(&scene.owner, &invited, "accepted").await.unwrap();
        let full = scene.decides(&scene.owner, &two, "accepted").await.unwrap_err();
        assert!(matches!(full, PartnerError::Full));
        let closed = scene.applies(to, "lan@example.vn").await.unwrap_err();
        assert!(matches!(closed, PartnerError::Closed));
        let today = local_date(store.now());
        let mut conn = store.read().await.unwrap();
        assert!(open_placements(&mut conn, today).await.unwrap().is_empty());
        let all = placements_of(&mut conn, &scene.owner, scene.workshop).await.unwrap();
        assert_eq!((all[0].waiting, all[0].accepted, all[0].left()), (1, 1, 0));
        drop(conn);

        // Hours, once it has begun; a day is put right or taken off.
        let refused = scene.notes_hours(one.id, 0, "7").await.unwrap_err();
        assert!(matches!(refused, PartnerError::Fields(_)));
        store.clock().advance(TimeDelta::days(10));
        for (days, hours) in [(-1, "7"), (0, "6,5"), (-1, "7.5"), (-2, "3"), (-2, "0")] {
            scene.notes_hours(one.id, days, hours).await.unwrap();
        }
        assert!(scene.notes_hours(one.id, 1, "2").await.is_err(), "not before it was");
        let mut conn = store.read().await.unwrap();
        let days = days_of(&mut conn, one.id).await.unwrap();
        assert_eq!((days.len(), whole(&days)), (2, 450 + 390));
    }

    async fn who_withdraws_is_answered_no_more(store) {
        let scene = Scene::new(&store).await;
        let to = ApplyTo::Placement(scene.offers(2).await);
        let it = scene.applies(to, "khoi@example.vn").await.unwrap();
        let gone = store.write("withdraw", it.id, |tx, id| Box::pin(withdraw(tx, id))).await.unwrap();
        assert_eq!(scene.letters(Letter::HostApplication).await, 2);
        let late = scene.decides(&scene.owner, &gone, "accepted").await.unwrap_err();
        assert!(matches!(late, PartnerError::State));
        // They may think again, and nobody sends without end.
        for at in 0..9 {
            let email = if at == 0 { "khoi@example.vn" } else { "Khoi@Example.vn" };
            let it = scene.applies(to, email).await.unwrap();
            store.write("withdraw", it.id, |tx, id| Box::pin(withdraw(tx, id))).await.unwrap();
        }
        let many = scene.applies(to, "khoi@example.vn").await.unwrap_err();
        assert!(matches!(many, PartnerError::TooMany));
    }

    async fn researchers_ask_where_they_are_welcome(store) {
        let scene = Scene::new(&store).await;
        let to = ApplyTo::Study(scene.workshop);
        assert!(matches!(scene.applies(to, "yui@example.jp").await, Err(PartnerError::Closed)));
        let input = StudyInput {
            welcome: true,
            themes: vi("Men tro"),
            languages: vec!["vi".into(), "en".into()],
            ..StudyInput::default()
        };
        let unsaid = StudyInput { languages: vec![], ..input.clone() };
        assert_eq!(StudyData::parse(&unsaid).unwrap_err(), [(Field::Languages, Wrong::Missing)]);
        let save = SaveStudy {
            actor: scene.owner.clone(),
            workshop: scene.workshop,
            data: StudyData::parse(&input).unwrap(),
        };
        store.write("study", save, |tx, c| Box::pin(save_study(tx, c))).await.unwrap();
        let it = scene.applies(to, "yui@example.jp").await.unwrap();
        assert_eq!((it.kind, it.topic.as_str()), (ApplicantKind::Study, "Men tro"));
        scene.decides(&scene.owner, &it, "declined").await.unwrap();
        let mut conn = store.read().await.unwrap();
        assert_eq!(open_to_studies(&mut conn).await.unwrap().len(), 1);
        let asked = researchers_of(&mut conn, &scene.owner, scene.workshop).await.unwrap();
        assert_eq!(asked[0].state, ApplicantState::Declined);
        assert!(researchers_of(&mut conn, &scene.staff, scene.workshop).await.is_err());
    }

    async fn time_forgets_who_applied(store) {
        let scene = Scene::new(&store).await;
        let placement = scene.offers(2).await;
        let it = scene.applies(ApplyTo::Placement(placement), "khoi@example.vn").await.unwrap();
        let kept = scene.decides(&scene.owner, &it, "accepted").await.unwrap();
        let again = scene.applies(ApplyTo::Placement(placement), "mai@example.vn").await.unwrap();
        // The placement lasts longer than its applications.
        let last = local_date(store.now()) + TimeDelta::days(500);
        run(&store, "UPDATE placement SET last_date = $1", params![last]).await;
        let forget = async |days: i64| {
            store.clock().advance(TimeDelta::days(days));
            let policy = Retention::default();
            store
                .write("retain", policy, |tx, policy| Box::pin(async move { retain(tx, policy).await }))
                .await
                .unwrap();
            let mut conn = store.read().await.unwrap();
            let one = applicant(&mut conn, &scene.owner, kept.id).await.unwrap();
            (one.name, one.email, one.words.is_empty())
        };
        assert_eq!(forget(450).await.1, "khoi@example.vn");
        assert_eq!(forget(450).await, ("N. N.".to_owned(), String::new(), true));
        let mut conn = store.read().await.unwrap();
        let other = applicant(&mut conn, &scene.owner, again.id).await.unwrap();
        assert_eq!(other.state, ApplicantState::Withdrawn, "nobody waits who is nobody");
        drop(conn);
        let late = scene.decides(&scene.owner, &other, "declined").await.unwrap_err();
        assert!(matches!(late, PartnerError::State));
    }
}
