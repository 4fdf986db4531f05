//! Two workshops of a co-op share wheels and kilns.

use std::sync::Arc;

use chrono::TimeDelta;
use futures::future::join_all;

use super::plans::firings;
use crate::accounts::Actor;
use crate::booking::testing::{Scene, Setup, run};
use crate::booking::{
    BookingError, CancelByGuest, ChangeParty, Move, cancel_by_guest, change_party, reschedule,
};
use crate::clock::{local_date, venue_instant};
use crate::resource::board::{self, Board};
use crate::resource::plan::{Occupied, peak};
use crate::resource::{
    AddResource, Basis, EditResource, Need, NeedEntry, Own, Owner, Resource, ResourceError,
    ResourceKind, ResourceTexts, SetNeeds, Stretch, Timing, Upkeep, Use, WeekHours, add_resource,
    block, edit_resource, give_up, reserve_own, set_needs, unblock,
};
use crate::schedule::NoSeats;
use crate::store::{Store, TimeOfDay};
use crate::{CoopId, Localized, MemberId, ResourceId, SlotId, both_dbs, params};

/// A co-op of two workshops, each with a tour of its own.
#[derive(Clone)]
pub(crate) struct Village {
    pub store: Store,
    pub coop: CoopId,
    pub one: Scene,
    pub two: Scene,
}

pub(crate) fn texts(kind: ResourceKind, quantity: i32, hours: WeekHours) -> ResourceTexts {
    ResourceTexts {
        kind,
        name: Localized { vi: "Chung".into(), en: "Shared".into() },
        quantity,
        setup_minutes: 0,
        cleanup_minutes: 15,
        hours,
        own_hours_week: Some(10),
        own_days_ahead: Some(14),
        note: String::new(),
        active: true,
    }
}

impl Village {
    pub async fn new(store: &Store, setup: Setup) -> Self {
        let one = Scene::with(store, setup.clone()).await;
        let two = Scene::with(store, setup).await;
        let coop = CoopId::new(store.now());
        run(
            store,
            "INSERT INTO coop (id, slug, village_id, form, name, summary, story, phone, email, \
             created_at) SELECT $1, $4, village_id, 'group', \
             'THT', $5, $5, '', '', $2 FROM workshop WHERE id = $3",
            params![
                coop,
                store.now(),
                one.workshop,
                coop.to_string(),
                Localized::<String>::default()
            ],
        )
        .await;
        for scene in [&one, &two] {
            run(
                store,
                "INSERT INTO coop_member (id, coop_id, workshop_id, role, state, invited_at, \
                 joined_at) VALUES ($1, $2, $3, 'member', 'active', $4, $4)",
                params![MemberId::new(store.now()), coop, scene.workshop, store.now()],
            )
            .await;
        }
        Self { store: store.clone(), coop, one, two }
    }

    pub async fn shared(&self, texts: ResourceTexts) -> Resource {
        let add = AddResource { actor: Actor::System, owner: Owner::Coop(self.coop), texts };
        self.store.write("add", add, |tx, c| Box::pin(add_resource(tx, c))).await.unwrap()
    }

    pub async fn needs(&self, scene: &Scene, needs: Vec<NeedEntry>) -> Vec<Need> {
        let option = scene.option;
        let set = SetNeeds { actor: scene.owner.clone(), option, needs, force: false };
        self.store.write("needs", set, |tx, c| Box::pin(set_needs(tx, c))).await.unwrap()
    }

    /// Everybody needs a wheel for the first hour, in both workshops.
    pub async fn with_wheels(store: &Store, wheels: i32, setup: Setup) -> (Self, Resource) {
        let village = Self::new(store, setup).await;
        let wheels = village.shared(texts(ResourceKind::Wheel, wheels, WeekHours::default())).await;
        for scene in [&village.one, &village.two] {
            village.needs(scene, vec![wheel_each(&[wheels.id])]).await;
        }
        (village, wheels)
    }

    pub async fn block(
        &self,
        resource: ResourceId,
        stretch: Stretch,
        amount: i32,
        force: bool,
    ) -> Result<(Use, usize), ResourceError> {
        let upkeep = Upkeep {
            actor: Actor::System,
            resource,
            stretch,
            amount,
            note: "Vỡ gạch chịu lửa".into(),
            force,
        };
        let done = self.store.write("block", upkeep, |tx, c| Box::pin(block(tx, c))).await;
        done.map(|(made, short)| (made, short.len()))
    }

    pub async fn room(&self, slot: SlotId) -> Option<i32> {
        let mut conn = self.store.read().await.unwrap();
        let (room,): (Option<i32>,) =
            conn.fetch_one("SELECT room FROM slot WHERE id = $1", params![slot]).await.unwrap();
        room
    }

    pub async fn uses(&self) -> Vec<Use> {
        let mut conn = self.store.read().await.unwrap();
        conn.fetch_all("SELECT * FROM resource_use ORDER BY starts_at, id", vec![]).await.unwrap()
    }

    pub async fn board(&self, scene: &Scene) -> Board {
        let mut conn = self.store.read().await.unwrap();
        let from = local_date(self.store.now());
        board::board(&mut conn, &scene.staff, scene.workshop, from, 14).await.unwrap()
    }

    /// Never more of a resource at any moment than there is.
    pub async fn check(&self, resources: &[&Resource]) {
        let uses = self.uses().await;
        for resource in resources {
            let mine: Vec<Occupied> = uses
                .iter()
                .filter(|it| it.resource_id == resource.id)
                .map(|it| Occupied { stretch: it.stretch(), amount: it.amount, slot: it.slot_id })
                .collect();
            if let Some(all) = Stretch::around(mine.iter().map(|it| it.stretch)) {
                assert!(peak(mine.into_iter(), all) <= resource.quantity);
            }
        }
    }
}

pub(super) fn wheel_each(choices: &[ResourceId]) -> NeedEntry {
    let timing = Timing::During { from: 0, to: 60 };
    let choices = choices.to_vec();
    NeedEntry { id: None, basis: Basis::Person, amount: 1, timing, choices }
}

pub(super) fn two_litres(choices: &[ResourceId]) -> NeedEntry {
    let timing = Timing::After { from_day: 1, to_day: 5 };
    let choices = choices.to_vec();
    NeedEntry { id: None, basis: Basis::Person, amount: 2, timing, choices }
}

fn day(store: &Store, later: i64, from: u32, to: u32) -> Stretch {
    let date = local_date(store.now()) + TimeDelta::days(later);
    let at = |hour| venue_instant(date, TimeOfDay::new(hour, 0).unwrap().time()).unwrap();
    Stretch { from: at(from), to: at(to) }
}

both_dbs! {
    async fn a_booking_takes_wheels_and_the_neighbours_see_it(store) {
        let (village, wheels) = Village::with_wheels(&store, 6, Setup::default()).await;
        let (mine, theirs) = (village.one.slot, village.two.slot);
        assert_eq!(village.room(mine).await, Some(6));
        let booking = village.one.booked(mine, 4).await.unwrap();
        assert_eq!((village.room(mine).await, village.room(theirs).await), (Some(2), Some(2)));
        let refused = village.two.hold(theirs, 3).await.unwrap_err();
        assert!(matches!(refused, BookingError::Seats(NoSeats::Full { left: 2 })), "{refused:?}");
        village.two.hold(theirs, 2).await.unwrap();
        assert_eq!(village.room(mine).await, Some(0));
        let cancel = CancelByGuest { booking: booking.id, reason: String::new() };
        store.write("cancel", cancel, |tx, c| Box::pin(cancel_by_guest(tx, c))).await.unwrap();
        assert_eq!((village.room(mine).await, village.room(theirs).await), (Some(4), Some(4)));
        village.check(&[&wheels]).await;
        let board = village.board(&village.two).await;
        let uses: Vec<_> = board.rows[0].days.iter().flat_map(|day| &day.uses).collect();
        assert_eq!(uses.len(), 1);
        assert_eq!((uses[0].taken.amount, uses[0].workshop()), (2, Some(village.two.workshop)));
    }

    async fn a_hundred_guests_of_two_workshops_get_exactly_six_wheels(store) {
        let (village, wheels) = Village::with_wheels(&store, 6, Setup::default()).await;
        let tasks = (0..100).map(|at| {
            let scene = if at % 2 == 0 { village.one.clone() } else { village.two.clone() };
            tokio::spawn(async move { scene.hold(scene.slot, 1).await })
        });
        let answers = join_all(tasks).await;
        let sold = answers.into_iter().filter(|answer| answer.as_ref().unwrap().is_ok()).count();
        assert_eq!(sold, 6);
        village.check(&[&wheels]).await;
        let taken = village.one.seats(village.one.slot).await.0 + village.two.seats(village.two.slot).await.0;
        assert_eq!(taken, 6);
    }

    async fn a_private_party_takes_a_wheel_for_each_who_comes(store) {
        let setup = Setup { sharing: "private", capacity: 8, ..Setup::default() };
        let (village, _) = Village::with_wheels(&store, 6, setup).await;
        let (mine, theirs) = (village.one.slot, village.two.slot);
        let booking = village.one.booked(mine, 2).await.unwrap();
        assert_eq!(village.one.seats(mine).await.0, 8);
        assert_eq!(village.room(theirs).await, Some(4));
        let grow = |adults| ChangeParty {
            residents: None,
            catalogue: Arc::clone(&village.one.catalogue),
            actor: Actor::Guest,
            booking: booking.id,
            wanted: vec![(village.one.adult, adults)],
            over: false,
        };
        store.write("more", grow(5), |tx, c| Box::pin(change_party(tx, c))).await.unwrap();
        assert_eq!(village.room(theirs).await, Some(1));
        let refused = store.write("more", grow(7), |tx, c| Box::pin(change_party(tx, c))).await;
        let busy = NoSeats::Busy(ResourceKind::Wheel);
        assert!(matches!(refused, Err(BookingError::Seats(why)) if why == busy));
        assert_eq!(village.room(theirs).await, Some(1));
        let cancel = CancelByGuest { booking: booking.id, reason: String::new() };
        store.write("cancel", cancel, |tx, c| Box::pin(cancel_by_guest(tx, c))).await.unwrap();
        assert_eq!(village.room(theirs).await, Some(6));
        assert!(village.uses().await.is_empty());
    }

    async fn a_move_takes_the_resources_along(store) {
        let (village, wheels) = Village::with_wheels(&store, 6, Setup::default()).await;
        let later = village.one.add_slot(TimeDelta::days(4)).await;
        let booking = village.one.booked(village.one.slot, 4).await.unwrap();
        let step = Move {
            catalogue: Arc::clone(&village.one.catalogue),
            actor: Actor::Guest,
            booking: booking.id,
            to: later,
            over: false,
        };
        store.write("move", step, |tx, c| Box::pin(reschedule(tx, c))).await.unwrap();
        assert_eq!(village.room(village.two.slot).await, Some(6));
        let uses = village.uses().await;
        assert_eq!((uses.len(), uses[0].slot_id, uses[0].amount), (1, Some(later), 4));
        village.check(&[&wheels]).await;
    }

    async fn pots_are_fired_where_there_is_room_within_the_days(store) {
        let village = Village::new(&store, Setup::default()).await;
        let kiln = village.shared(texts(ResourceKind::Kiln, 12, firings())).await;
        village.needs(&village.one, vec![two_litres(&[kiln.id])]).await;
        // Friday 4 December: the firings within five days are of that evening or Tuesday the 8th.
        let slot = village.one.slot;
        assert_eq!(village.room(slot).await, Some(6));
        village.one.booked(slot, 6).await.unwrap();
        assert_eq!(village.room(slot).await, Some(0));
        let next = village.one.add_slot(TimeDelta::days(6)).await;
        // The next visit's only firing is Friday the 11th.
        village.one.booked(next, 3).await.unwrap();
        assert_eq!(village.room(next).await, Some(3));
        village.check(&[&kiln]).await;
        let board = village.board(&village.one).await;
        let full = board.rows[0].days.iter().filter(|day| day.percent == Some(100)).count();
        assert_eq!(full, 1);
    }

    async fn a_broken_kiln_sends_its_pots_to_the_other_one(store) {
        let village = Village::new(&store, Setup::default()).await;
        let first = village.shared(texts(ResourceKind::Kiln, 12, firings())).await;
        let second = village.shared(texts(ResourceKind::Kiln, 12, firings())).await;
        village.needs(&village.one, vec![two_litres(&[first.id, second.id])]).await;
        village.one.booked(village.one.slot, 6).await.unwrap();
        let week = Stretch { from: store.now(), to: store.now() + TimeDelta::days(12) };
        let (_, short) = village.block(first.id, week, 12, false).await.unwrap();
        assert_eq!(short, 0);
        let visits = |uses: &[Use]| {
            uses.iter().filter(|it| it.slot_id.is_some()).map(|it| it.resource_id).collect::<Vec<_>>()
        };
        assert_eq!(visits(&village.uses().await), [second.id]);
        // The second breaks too: nobody is hit silently.
        let refused = village.block(second.id, week, 12, false).await.unwrap_err();
        assert!(matches!(refused, ResourceError::Short(hit) if hit.len() == 1));
        assert_eq!(visits(&village.uses().await), [second.id], "nothing was written");
        let (broken, short) = village.block(second.id, week, 12, true).await.unwrap();
        assert_eq!(short, 1);
        assert_eq!(village.board(&village.one).await.gaps.len(), 1);
        assert_eq!(village.room(village.one.slot).await, Some(0));
        let id = broken.id;
        store
            .write("unblock", id, |tx, id| Box::pin(async move { unblock(tx, &Actor::System, id).await }))
            .await
            .unwrap();
        assert!(village.board(&village.one).await.gaps.is_empty());
        assert_eq!(visits(&village.uses().await), [second.id]);
    }

    async fn fewer_wheels_are_asked_about_before_they_hit_a_visit(store) {
        let (village, wheels) = Village::with_wheels(&store, 6, Setup::default()).await;
        village.one.booked(village.one.slot, 4).await.unwrap();
        let edit = |quantity, force| EditResource {
            actor: Actor::System,
            resource: wheels.id,
            texts: texts(ResourceKind::Wheel, quantity, WeekHours::default()),
            force,
        };
        let refused =
            store.write("edit", edit(3, false), |tx, c| Box::pin(edit_resource(tx, c))).await;
        assert!(matches!(refused, Err(ResourceError::Short(_))));
        store.write("edit", edit(4, false), |tx, c| Box::pin(edit_resource(tx, c))).await.unwrap();
        assert_eq!(village.room(village.two.slot).await, Some(0));
    }

    async fn own_work_is_fair(store) {
        let (village, wheels) = Village::with_wheels(&store, 6, Setup::default()).await;
        village.one.booked(village.one.slot, 4).await.unwrap();
        let own = |stretch, amount| Own {
            actor: village.two.staff.clone(),
            workshop: village.two.workshop,
            resource: wheels.id,
            stretch,
            amount,
            note: "Đơn hàng chén".into(),
        };
        let try_it = async |own: Own| store.write("own", own, |tx, c| Box::pin(reserve_own(tx, c))).await;
        // The visit in three days begins at eight.
        let refused = try_it(own(day(&store, 3, 8, 9), 3)).await;
        assert!(matches!(refused, Err(ResourceError::Taken { free: 2 })), "{refused:?}");
        let taken = try_it(own(day(&store, 3, 8, 9), 2)).await.unwrap();
        assert_eq!(village.room(village.one.slot).await, Some(0), "visitors see it at once");
        let refused = try_it(own(day(&store, 2, 0, 10), 1)).await;
        assert!(matches!(refused, Err(ResourceError::Quota { hours: 10 })), "{refused:?}");
        let refused = try_it(own(day(&store, 20, 8, 9), 1)).await;
        assert!(matches!(refused, Err(ResourceError::TooEarly { days: 14 })));
        let stranger = Own { actor: village.one.stranger.clone(), ..own(day(&store, 2, 8, 9), 1) };
        assert!(matches!(try_it(stranger).await, Err(ResourceError::Forbidden(_))));
        let (actor, id) = (village.two.staff.clone(), taken.id);
        store
            .write("give up", (actor, id), |tx, (actor, id)| {
                Box::pin(async move { give_up(tx, &actor, id).await })
            })
            .await
            .unwrap();
        assert_eq!(village.room(village.one.slot).await, Some(2));
    }

    async fn needs_are_the_owners_and_of_what_the_workshop_may_use(store) {
        let (village, wheels) = Village::with_wheels(&store, 6, Setup::default()).await;
        let elsewhere = Scene::new(&store).await;
        let set = |actor: &Actor, option, entry: NeedEntry| SetNeeds {
            actor: actor.clone(),
            option,
            needs: vec![entry],
            force: false,
        };
        let try_it = async |set: SetNeeds| store.write("needs", set, |tx, c| Box::pin(set_needs(tx, c))).await;
        let entry = wheel_each(&[wheels.id]);
        let staff = try_it(set(&village.one.staff, village.one.option, entry.clone())).await;
        assert!(matches!(staff, Err(ResourceError::Forbidden(_))));
        let foreign = try_it(set(&elsewhere.owner, elsewhere.option, entry.clone())).await;
        assert!(matches!(foreign, Err(ResourceError::Fields(_))), "no member, no wheels");
        let long = NeedEntry { timing: Timing::During { from: 0, to: 91 }, ..entry };
        let long = try_it(set(&village.one.owner, village.one.option, long)).await;
        assert!(matches!(long, Err(ResourceError::Fields(_))), "the visit takes 90 minutes");
        let none = SetNeeds { needs: vec![], ..set(&village.one.owner, village.one.option, wheel_each(&[])) };
        try_it(none).await.unwrap();
        assert_eq!(village.room(village.one.slot).await, None);
    }
}
