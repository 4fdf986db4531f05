//! Loads and visits share kilns, and never more of them than there is.

use super::*;
use crate::both_dbs;
use crate::resource::{
    Basis, NeedEntry, Own, Purpose, ResourceError, Stretch, Timing, give_up, reserve_own,
};

impl House {
    /// Litres that somebody has in a stretch.
    async fn taken(&self, stretch: Stretch) -> i32 {
        let uses = self.village.uses().await;
        let some = uses.iter().filter(|it| it.stretch().overlaps(stretch));
        some.filter(|it| it.resource_id == self.kiln.id).map(|it| it.amount).sum()
    }
}

both_dbs! {
    async fn a_load_is_never_larger_than_its_kiln(store) {
        let house = House::new(&store, 10).await;
        let (_, pieces) = house.made(6).await;
        let (some, rest) = pieces.split_at(5);
        let full = house.plans(&house.scene, &pieces, StepKind::BisqueFiring, 2).await;
        assert!(matches!(full, Err(CraftError::Resource(ResourceError::Taken { free: 10 }))));
        assert!(house.all(&pieces).await.iter().all(|it| it.firing_id.is_none()), "nothing is kept");
        let load = house.plans(&house.scene, some, StepKind::BisqueFiring, 2).await.unwrap();
        assert_eq!(house.taken(load.stretch()).await, 10);
        let add = ChangeLoad {
            actor: house.scene.staff.clone(),
            firing: load.id,
            add: vec![rest[0].id],
            remove: vec![],
        };
        let swap = ChangeLoad { remove: vec![some[0].id], ..add.clone() };
        let no = store.write("add", add, |tx, c| Box::pin(change_load(tx, c))).await;
        assert!(matches!(no, Err(CraftError::Resource(ResourceError::Taken { free: 10 }))));
        store.write("swap", swap, |tx, c| Box::pin(change_load(tx, c))).await.unwrap();
        assert_eq!(house.taken(load.stretch()).await, 10);
        assert_eq!(house.again(&some[0]).await.firing_id, None);

        // Another member of the co-op can't have what this one has.
        let other = &house.village.two;
        let chance = house.chance(other, 2).await;
        assert_eq!((chance.stretch, chance.free), (load.stretch(), 0));
        let own = Own {
            actor: other.staff.clone(),
            workshop: other.workshop,
            resource: house.kiln.id,
            stretch: load.stretch(),
            amount: 1,
            note: String::new(),
        };
        let no = store.write("own", own, |tx, c| Box::pin(reserve_own(tx, c))).await;
        assert!(no.is_err());

        // It is called off where its pieces are, and nowhere else.
        let mine = house.village.uses().await.into_iter().find(|it| it.firing_id == Some(load.id)).unwrap();
        let actor = house.scene.staff.clone();
        let no = store
            .write("give up", (actor.clone(), mine.id), |tx, (actor, id)| {
                Box::pin(async move { give_up(tx, &actor, id).await })
            })
            .await;
        assert!(matches!(no, Err(ResourceError::Unknown)));
        let off = CancelLoad { actor, firing: load.id };
        store.write("off", off, |tx, c| Box::pin(cancel_load(tx, c))).await.unwrap();
        assert_eq!(house.taken(load.stretch()).await, 0);
    }

    async fn strangers_plan_no_loads(store) {
        let house = House::new(&store, 10).await;
        let (_, pieces) = house.made(1).await;
        let chance = house.chance(&house.scene, 2).await;
        let plan = PlanLoad {
            actor: house.scene.stranger.clone(),
            workshop: house.scene.workshop,
            kiln: chance.kiln.id,
            stretch: chance.stretch,
            kind: StepKind::BisqueFiring,
            pieces: vec![pieces[0].id],
            note: String::new(),
        };
        let theirs = PlanLoad {
            actor: house.village.two.staff.clone(),
            workshop: house.village.two.workshop,
            ..plan.clone()
        };
        let no = store.write("plan", plan, |tx, c| Box::pin(plan_load(tx, c))).await;
        assert!(matches!(no, Err(CraftError::Forbidden(_))));
        let no = store.write("plan", theirs, |tx, c| Box::pin(plan_load(tx, c))).await;
        assert!(matches!(no, Err(CraftError::Unknown)), "not another member's pieces");
        let wrong = house.plans(&house.scene, &pieces, StepKind::GlazeFiring, 2).await;
        assert!(matches!(wrong, Err(CraftError::NotForLoad { .. })));
    }

    async fn what_a_visit_kept_is_taken_over(store) {
        let house = House::new(&store, 8).await;
        let firing = NeedEntry {
            id: None,
            basis: Basis::Person,
            amount: 2,
            timing: Timing::After { from_day: 1, to_day: 20 },
            choices: vec![house.kiln.id],
        };
        house.village.needs(&house.scene, vec![firing]).await;
        let (_, pieces) = house.made(4).await;
        let kept: Vec<_> = house.village.uses().await;
        assert_eq!(kept.iter().map(|it| (it.purpose, it.amount)).collect::<Vec<_>>(), [(Purpose::Visit, 8)]);
        let stretch = kept[0].stretch();
        store.clock().advance(TimeDelta::hours(3));
        let ahead = {
            let mut conn = store.read().await.unwrap();
            let all = chances(&mut conn, house.scene.workshop, store.now(), 30).await.unwrap();
            all.iter().position(|it| it.stretch == stretch).unwrap()
        };
        // In the very firing that the visit kept: no litre is counted twice.
        let load = house.plans(&house.scene, &pieces, StepKind::BisqueFiring, ahead).await.unwrap();
        assert_eq!(house.taken(load.stretch()).await, 8);
        let purposes: Vec<Purpose> = house.village.uses().await.iter().map(|it| it.purpose).collect();
        assert_eq!(purposes, [Purpose::Own]);
    }

    async fn loads_are_proposed_for_what_waits(store) {
        let house = House::new(&store, 10).await;
        let (_, pieces) = house.made(5).await;
        let mut conn = store.read().await.unwrap();
        let plan = planning(&mut conn, &house.scene.staff, house.scene.workshop, store.now()).await.unwrap();
        drop(conn);
        assert_eq!(plan.waiting.len(), 5);
        let first = &plan.proposals[0];
        assert_eq!((first.kind, first.litres, first.pieces.len()), (StepKind::BisqueFiring, 10, 5));
        let chance = &plan.chances[first.chance];
        assert!(local_date(chance.stretch.from) >= local_date(store.now()) + TimeDelta::days(3), "dry by then");
        let load = PlanLoad {
            actor: house.scene.staff.clone(),
            workshop: house.scene.workshop,
            kiln: chance.kiln.id,
            stretch: chance.stretch,
            kind: first.kind,
            pieces: first.pieces.clone(),
            note: String::new(),
        };
        store.write("plan", load, |tx, c| Box::pin(plan_load(tx, c))).await.unwrap();
        let mut conn = store.read().await.unwrap();
        let after = planning(&mut conn, &house.scene.staff, house.scene.workshop, store.now()).await.unwrap();
        drop(conn);
        assert!(after.proposals.is_empty() && after.waiting.is_empty());
        assert_eq!(house.all(&pieces).await.len(), 5);
    }
}
