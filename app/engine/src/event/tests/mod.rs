//! Events told as stories: a workshop of the small scene, its village's office and its guests.

use std::sync::Arc;

use chrono::{NaiveDate, TimeDelta};

use super::*;
use crate::accounts::Actor;
use crate::booking::testing::Scene;
use crate::booking::{self, Move};
use crate::catalogue::search::{Guests, Search, search};
use crate::catalogue::{PriceLevel, Village};
use crate::clock::local_date;
use crate::coop::Author;
use crate::mail::Letter;
use crate::schedule::{
    HORIZON_DAYS, LunarDays, Opening, Slot, SlotStatus, Times, Weekdays, insert_rule, slots,
};
use crate::{Dong, Localized, both_dbs};

fn text(words: &str) -> Localized {
    Localized { vi: words.into(), en: words.into() }
}

fn data(from: NaiveDate, to: NaiveDate, effect: (&str, &str, &str)) -> EventInput {
    EventInput {
        name: text("Hội làng gốm"),
        summary: text("Cả làng mở lò"),
        days: DayInput {
            kind: "dates".into(),
            from: from.to_string(),
            to: to.to_string(),
            ..DayInput::default()
        },
        opening: effect.0.into(),
        capacity_percent: effect.1.into(),
        price_percent: effect.2.into(),
        ..EventInput::default()
    }
}

/// A workshop that opens on one day of the week at nine, and its village.
struct Lane {
    scene: Scene,
    village: Village,
    /// The first day on which the rule opens.
    day: NaiveDate,
}

impl Lane {
    async fn new(store: &crate::store::Store) -> Self {
        let scene = Scene::new(store).await;
        let place = scene.catalogue.place(scene.tour).unwrap();
        let village = place.2.clone();
        let day = local_date(store.now()) + TimeDelta::days(5);
        let opening = Opening {
            weekdays: Weekdays(vec![chrono::Datelike::weekday(&day)]),
            lunar_days: LunarDays::default(),
            times: Times(vec!["09:00".parse().unwrap()]),
            season: None,
            valid_from: None,
            valid_to: None,
            capacity: 12,
            guide: String::new(),
        };
        let command = (scene.workshop, scene.option, opening, Arc::clone(&scene.catalogue));
        store
            .write("rule", command, |tx, (workshop, option, opening, catalogue)| {
                Box::pin(async move {
                    insert_rule(tx, workshop, option, &opening).await?;
                    crate::schedule::generate_workshop(tx, &catalogue, workshop, HORIZON_DAYS).await
                })
            })
            .await
            .unwrap();
        Self { scene, village, day }
    }

    async fn save(&self, id: Option<crate::EventId>, input: EventInput) -> Event {
        let store = &self.scene.store;
        let data = EventData::parse(&input, local_date(store.now())).unwrap();
        let command = SaveEvent {
            catalogue: Arc::clone(&self.scene.catalogue),
            actor: Actor::System,
            id,
            author: Author::Office,
            village: self.village.id,
            data,
        };
        store.write("save", command, |tx, c| Box::pin(save(tx, c))).await.unwrap()
    }

    async fn publish(&self, event: &Event, published: bool) -> Event {
        let (catalogue, event) = (Arc::clone(&self.scene.catalogue), event.id);
        let command = Publish { catalogue, actor: Actor::System, event, published };
        self.scene.store.write("publish", command, |tx, c| Box::pin(publish(tx, c))).await.unwrap()
    }

    async fn stay_out(&self, event: &Event, actor: Actor, out: bool) -> Result<(), EventError> {
        let (catalogue, event) = (Arc::clone(&self.scene.catalogue), event.id);
        let command = StayOut { catalogue, actor, event, workshop: self.scene.workshop, out };
        self.scene.store.write("stay out", command, |tx, c| Box::pin(stay_out(tx, c))).await
    }

    async fn on(&self, day: NaiveDate) -> Vec<Slot> {
        let mut conn = self.scene.store.read().await.unwrap();
        slots::of_tour(&mut conn, self.scene.tour, day, day).await.unwrap()
    }

    async fn only(&self, day: NaiveDate) -> Slot {
        let mut all = self.on(day).await;
        assert_eq!(all.len(), 1);
        all.remove(0)
    }

    /// What the search says that two adults and a child pay that day.
    async fn asked(&self, day: NaiveDate) -> Option<Dong> {
        let wish = Search {
            dates: Some((day, day)),
            party: Some(Guests { adults: 2, children: 1 }),
            ..Search::default()
        };
        let now = self.scene.store.now();
        let mut conn = self.scene.store.read().await.unwrap();
        let hits = search(&mut conn, &self.scene.catalogue, &wish, now).await.unwrap();
        hits.first()?.slots.first()?.price
    }
}

both_dbs! {
    async fn a_festival_changes_price_and_seats_and_goes_again(store) {
        let lane = Lane::new(&store).await;
        let (scene, day) = (&lane.scene, lane.day);
        let draft = lane.save(None, data(day, day, ("usual", "50", "110"))).await;
        assert_eq!(lane.asked(day).await, Some(Dong(800_000)), "a draft does nothing");
        assert_eq!(scene.letters(Letter::EventNews).await, 0);

        let mut conn = store.read().await.unwrap();
        let impact = preview(&mut conn, &scene.catalogue, &draft, store.now()).await.unwrap();
        drop(conn);
        assert_eq!((impact.slots_changed, impact.slots_added, impact.hit.len()), (1, 0, 0));

        let event = lane.publish(&draft, true).await;
        let slot = lane.only(day).await;
        assert_eq!((slot.capacity, slot.price_level), (6, PriceLevel::new(110).unwrap()));
        assert_eq!(scene.letters(Letter::EventNews).await, 1);
        // Shown is charged: 2 × 330,000 + 220,000.
        assert_eq!(lane.asked(day).await, Some(Dong(880_000)));
        let mut wish = scene.wish(slot.id, 2);
        wish.wanted.push((scene.child, 1));
        assert_eq!(scene.send(wish).await.unwrap().total, Dong(880_000));
        // A week later nothing has changed.
        let later = lane.only(day + TimeDelta::days(7)).await;
        assert_eq!((later.capacity, later.price_level), (12, PriceLevel::USUAL));

        lane.publish(&event, false).await;
        let slot = lane.only(day).await;
        assert_eq!((slot.capacity, slot.price_level), (12, PriceLevel::USUAL));
        assert_eq!(lane.asked(day).await, Some(Dong(800_000)));
    }

    async fn who_booked_before_keeps_seat_and_price(store) {
        let lane = Lane::new(&store).await;
        let (scene, day) = (&lane.scene, lane.day);
        let slot = lane.only(day).await;
        let early = scene.booked(slot.id, 8).await.unwrap();
        let event = lane.save(None, data(day, day, ("usual", "50", "150"))).await;
        lane.publish(&event, true).await;
        let slot = lane.only(day).await;
        assert_eq!((slot.taken, slot.capacity), (8, 8), "nobody loses a seat, and no more are sold");
        assert_eq!(scene.again(&early).await.total, early.total);
        // The night's work leaves it so.
        let command = (Arc::clone(&scene.catalogue), scene.workshop);
        store.write("night", command, |tx, (catalogue, workshop)| {
            Box::pin(async move { crate::schedule::generate_workshop(tx, &catalogue, workshop, HORIZON_DAYS).await })
        }).await.unwrap();
        assert_eq!(lane.only(day).await.capacity, 8);
    }

    async fn a_closed_day_closes_and_an_open_one_opens(store) {
        let lane = Lane::new(&store).await;
        let (scene, day) = (&lane.scene, lane.day);
        let booked = scene.booked(lane.only(day).await.id, 1).await.unwrap();
        let week = day + TimeDelta::days(6);
        let event = lane.save(None, data(day, week, ("daily", "100", "100"))).await;
        let event = lane.publish(&event, true).await;
        for ahead in 0..7 {
            assert_eq!(lane.on(day + TimeDelta::days(ahead)).await.len(), 1, "day {ahead}");
        }
        lane.save(Some(event.id), data(day, week, ("closed", "100", "100"))).await;
        for ahead in 1..7 {
            assert!(lane.on(day + TimeDelta::days(ahead)).await.is_empty(), "day {ahead}");
        }
        let kept = lane.only(day).await;
        assert_eq!((kept.status, kept.taken), (SlotStatus::Closed, 1));
        assert_eq!(scene.again(&booked).await.state.kind(), booking::StateKind::Confirmed);
        assert_eq!(scene.letters(Letter::EventNews).await, 2);
        // Withdrawn, it is as if it had never been, and the kept departure takes guests again.
        lane.publish(&event, false).await;
        let again = lane.only(day).await;
        assert_eq!((again.status, again.taken, again.capacity), (SlotStatus::Open, 1, 12));
        assert!(lane.on(day + TimeDelta::days(1)).await.is_empty());
    }

    async fn a_workshop_may_stay_out(store) {
        let lane = Lane::new(&store).await;
        let (scene, day) = (&lane.scene, lane.day);
        let event = lane.save(None, data(day, day, ("usual", "50", "120"))).await;
        lane.publish(&event, true).await;
        let refused = lane.stay_out(&event, scene.staff.clone(), true).await;
        assert!(matches!(refused, Err(EventError::Forbidden(_))));
        let refused = lane.stay_out(&event, scene.stranger.clone(), true).await;
        assert!(matches!(refused, Err(EventError::Forbidden(_))));
        for _ in 0..2 {
            lane.stay_out(&event, scene.owner.clone(), true).await.unwrap();
        }
        let slot = lane.only(day).await;
        assert_eq!((slot.capacity, slot.price_level), (12, PriceLevel::USUAL));
        lane.stay_out(&event, scene.owner.clone(), false).await.unwrap();
        assert_eq!(lane.only(day).await.capacity, 6);
    }

    async fn moving_by_ones_own_wish_costs_what_the_day_costs(store) {
        let lane = Lane::new(&store).await;
        let (scene, day) = (&lane.scene, lane.day);
        let event = lane.save(None, data(day, day, ("usual", "100", "120"))).await;
        lane.publish(&event, true).await;
        let dear = lane.only(day).await;
        let usual = lane.only(day + TimeDelta::days(7)).await;
        let step = |actor, booking, to| {
            let catalogue = Arc::clone(&scene.catalogue);
            let command = Move { catalogue, actor, booking, to, over: false };
            store.write("move", command, |tx, c| Box::pin(booking::reschedule(tx, c)))
        };
        let guest = scene.booked(usual.id, 1).await.unwrap();
        assert_eq!(guest.total, Dong(300_000));
        let moved = step(Actor::Guest, guest.id, dear.id).await.unwrap();
        assert_eq!(moved.total, Dong(360_000));
        let back = step(Actor::Guest, guest.id, usual.id).await.unwrap();
        assert_eq!(back.total, Dong(300_000));
        // The workshop asks nobody to pay for its own reasons.
        let by_host = step(scene.owner.clone(), guest.id, dear.id).await.unwrap();
        assert_eq!(by_host.total, Dong(300_000));
    }

    async fn of_two_events_the_newest_counts(store) {
        let lane = Lane::new(&store).await;
        let day = lane.day;
        let first = lane.save(None, data(day, day, ("usual", "100", "120"))).await;
        lane.publish(&first, true).await;
        store.clock().advance(TimeDelta::minutes(1));
        let second = lane.save(None, data(day, day, ("usual", "100", "90"))).await;
        assert_ne!(first.slug, second.slug);
        lane.publish(&second, true).await;
        assert_eq!(lane.only(day).await.price_level.percent(), 90);
        lane.publish(&second, false).await;
        assert_eq!(lane.only(day).await.price_level.percent(), 120);
    }

    async fn only_the_office_writes_the_offices_events(store) {
        let lane = Lane::new(&store).await;
        let scene = &lane.scene;
        let data = data(lane.day, lane.day, ("usual", "100", "100"));
        let data = EventData::parse(&data, local_date(store.now())).unwrap();
        for actor in [scene.owner.clone(), scene.stranger.clone(), Actor::Guest] {
            let command = SaveEvent {
                catalogue: Arc::clone(&scene.catalogue), actor, id: None, author: Author::Office,
                village: lane.village.id, data: data.clone(),
            };
            let refused = store.write("save", command, |tx, c| Box::pin(save(tx, c))).await;
            assert!(matches!(refused, Err(EventError::Forbidden(_))));
        }
    }
}

#[test]
fn what_was_typed_is_checked() {
    let today: NaiveDate = "2026-11-29".parse().unwrap();
    let day = today + TimeDelta::days(3);
    let good = data(day, day, ("usual", "100", "100"));
    assert!(EventData::parse(&good, today).is_ok());
    let wrong = |change: &dyn Fn(&mut EventInput)| {
        let mut input = good.clone();
        change(&mut input);
        EventData::parse(&input, today).unwrap_err().len()
    };
    assert_eq!(wrong(&|it| it.name.vi.clear()), 1);
    assert_eq!(wrong(&|it| it.capacity_percent = "5".into()), 1);
    assert_eq!(wrong(&|it| it.price_percent = "a lot".into()), 1);
    assert_eq!(wrong(&|it| it.opening = "never".into()), 1);
    assert_eq!(wrong(&|it| it.days.to = "2026-11-01".into()), 1);
    assert_eq!(wrong(&|it| it.days.kind = "lunar_days".into()), 1);
    // Past days are no announcement.
    assert_eq!(
        wrong(&|it| {
            it.days.from = "2026-11-01".into();
            it.days.to = "2026-11-02".into();
        }),
        1
    );
    let mut lunar = good.clone();
    lunar.days = DayInput {
        kind: "lunar_range".into(),
        lunar_from: "14/2".into(),
        lunar_to: "16/2".into(),
        ..DayInput::default()
    };
    assert!(EventData::parse(&lunar, today).is_ok());
}
