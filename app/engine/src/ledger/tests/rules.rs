//! Whose rule holds when.

use chrono::{Days, TimeDelta};

use super::people::{found_coop, join, shares};
use crate::booking::testing::{Scene, run};
use crate::clock::local_date;
use crate::ledger::{Field, How, LedgerError, PartyKind, RuleOf, Wrong, in_force, rules_of};
use crate::{Dong, both_dbs, params};

const WORKSHOP: PartyKind = PartyKind::Workshop;
const FUND: PartyKind = PartyKind::CoopFund;

both_dbs! {
    async fn a_visit_is_shared_by_the_rule_of_its_day(store) {
        let scene = Scene::new(&store).await;
        let coop = found_coop(&scene, "manager").await;
        let today = local_date(store.now());
        let of_coop = |percent| Some(shares(vec![
            (FUND, "", How::Percent(percent)), (WORKSHOP, "", How::Rest),
        ]));
        let tomorrow = today + Days::new(1);
        let owner = &scene.owner;
        scene.save_rule(owner, RuleOf::Coop(coop), of_coop(1_000), tomorrow).await.unwrap();
        // Of two for the same day the later one holds.
        scene.save_rule(owner, RuleOf::Coop(coop), of_coop(500), tomorrow).await.unwrap();
        let (tour, week) = (RuleOf::Tour(scene.tour), today + Days::new(7));
        scene.save_rule(owner, tour, of_coop(2_000), week).await.unwrap();
        scene.save_rule(owner, tour, None, week + Days::new(7)).await.unwrap();
        let mut got = Vec::new();
        let mut before = Dong::ZERO;
        let mut slots = vec![scene.slot];
        for days in [6, 7, 13, 14] {
            slots.push(scene.add_slot(TimeDelta::days(days)).await);
        }
        for slot in slots {
            scene.visited(slot, 1).await;
            scene.enter().await;
            let now = scene.share(FUND).await;
            got.push(now - before);
            before = now;
        }
        let expected = [15_000, 15_000, 60_000, 60_000, 15_000].map(Dong);
        assert_eq!(got, expected);
        let mut conn = store.read().await.unwrap();
        assert_eq!(rules_of(&mut conn, RuleOf::Coop(coop)).await.unwrap().len(), 2);
        assert_eq!(rules_of(&mut conn, tour).await.unwrap().len(), 2);
        assert_eq!(in_force(&mut conn, tour, today).await.unwrap(), None);
        let later = week + Days::new(6);
        assert!(in_force(&mut conn, tour, later).await.unwrap().is_some());
    }

    async fn rules_begin_tomorrow_and_are_made_by_owners(store) {
        let scene = Scene::new(&store).await;
        let coop = found_coop(&scene, "member").await;
        let today = local_date(store.now());
        let rule = || Some(shares(vec![(WORKSHOP, "", How::Rest)]));
        let tour = RuleOf::Tour(scene.tour);
        let early = scene.save_rule(&scene.owner, tour, rule(), today).await.unwrap_err();
        assert!(matches!(early, LedgerError::Fields(wrongs)
            if wrongs == [(Field::ValidFrom, Wrong::Date)]));
        let tomorrow = today + Days::new(1);
        for actor in [&scene.staff, &scene.stranger] {
            let error = scene.save_rule(actor, tour, rule(), tomorrow).await.unwrap_err();
            assert!(matches!(error, LedgerError::Forbidden(_)));
        }
        // A member sees the co-op's rule; a manager makes it.
        let of_coop = RuleOf::Coop(coop);
        let error = scene.save_rule(&scene.owner, of_coop, rule(), tomorrow).await.unwrap_err();
        assert!(matches!(error, LedgerError::Forbidden(_)));
        let other = Scene::new(&store).await;
        join(&store, coop, other.workshop, "manager").await;
        scene.save_rule(&other.owner, of_coop, rule(), tomorrow).await.unwrap();
        let unknown = RuleOf::Tour(crate::TourId::new(store.now()));
        let error = scene.save_rule(&scene.owner, unknown, rule(), tomorrow).await.unwrap_err();
        assert!(matches!(error, LedgerError::Unknown));
    }

    async fn who_left_the_co_op_owes_it_nothing_new(store) {
        let scene = Scene::new(&store).await;
        let coop = found_coop(&scene, "manager").await;
        let tomorrow = local_date(store.now()) + Days::new(1);
        let rule = shares(vec![(FUND, "", How::Percent(1_000)), (WORKSHOP, "", How::Rest)]);
        scene.save_rule(&scene.owner, RuleOf::Coop(coop), Some(rule), tomorrow).await.unwrap();
        let later = scene.add_slot(TimeDelta::days(5)).await;
        scene.visited(scene.slot, 1).await;
        scene.enter().await;
        run(
            &store,
            "UPDATE coop_member SET state = 'left', ended_at = $1 WHERE workshop_id = $2",
            params![store.now() + TimeDelta::minutes(1), scene.workshop],
        ).await;
        scene.visited(later, 1).await;
        scene.enter().await;
        assert_eq!(scene.share(FUND).await, Dong(30_000));
        // What was earned as a member stays so, also where the visit is looked at again.
        scene.guide(scene.slot, "Tuấn").await;
        assert_eq!(scene.enter().await, 1);
        assert_eq!(scene.share(FUND).await, Dong(30_000));
    }
}
