//! Stories of slots, told on both databases.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{NaiveDate, TimeDelta, Weekday};
use proptest::prelude::*;

use super::*;
use crate::accounts::Actor;
use crate::booking::{self, Booking, Confirm, Contact, FillIn, Hold};
use crate::both_dbs;
use crate::catalogue::search::{Guests, Search, search};
use crate::catalogue::{Catalogue, CatalogueCache, Sharing, UnitKind};
use crate::clock::{local_date, venue_instant};
use crate::store::{Store, TimeOfDay};
use crate::{Locale, OptionId, SlotId, WorkshopId, params};

/// Runs a verb in a write of its own.
macro_rules! write {
    ($store:expr, $command:expr, $verb:path) => {
        $store.write("test", $command, |tx, command| Box::pin($verb(tx, command))).await
    };
}

mod changes;

async fn seeded(store: &Store) -> Arc<Catalogue> {
    store
        .write("seed", (), |tx, ()| {
            Box::pin(async move { crate::catalogue::demo::seed(tx, "hash").await })
        })
        .await
        .unwrap();
    CatalogueCache::new(store.clone()).get().await.unwrap()
}

async fn fill(store: &Store, catalogue: &Arc<Catalogue>, workshop: WorkshopId) -> Generated {
    store
        .write("generate", (Arc::clone(catalogue), workshop), |tx, (catalogue, workshop)| {
            Box::pin(async move { generate_workshop(tx, &catalogue, workshop, 60).await })
        })
        .await
        .unwrap()
}

/// A shared option with an adult price, and its workshop.
fn shared(catalogue: &Catalogue) -> (WorkshopId, OptionId) {
    let tour =
        catalogue.tours.iter().filter(|tour| tour.course.is_none()).find(|tour| {
            tour.sharing == Sharing::Shared && tour.min_to_run > 2 && tour.min_party == 1
        });
    let tour = tour.unwrap();
    (tour.workshop_id, tour.options[0].id)
}

async fn slots_of(store: &Store, workshop: WorkshopId) -> Vec<Slot> {
    let mut conn = store.read().await.unwrap();
    let today = local_date(store.now());
    slots::of_workshop(&mut conn, workshop, today, today + TimeDelta::days(200)).await.unwrap()
}

async fn slot(store: &Store, id: SlotId) -> Slot {
    let mut conn = store.read().await.unwrap();
    slots::find(&mut conn, id).await.unwrap().unwrap()
}

/// The first slot of an option that still takes bookings.
async fn open_slot(store: &Store, workshop: WorkshopId, option: OptionId) -> Slot {
    let slots = slots_of(store, workshop).await;
    slots.into_iter().find(|slot| slot.option_id == option && slot.left(store.now()) > 0).unwrap()
}

async fn book(store: &Store, catalogue: &Arc<Catalogue>, slot: &Slot, adults: u32) -> Booking {
    let (_, option) = catalogue.option(slot.option_id).unwrap();
    let adult = option.units.iter().find(|unit| unit.kind == UnitKind::Adult).unwrap();
    let hold = Hold {
        residents: false,
        catalogue: Arc::clone(catalogue),
        slot: slot.id,
        wanted: vec![(adult.id, adults)],
        locale: Locale::En,
        form_key: uuid::Uuid::now_v7().to_string(),
        minutes: 15,
    };
    let held = write!(store, hold, booking::hold).unwrap();
    let contact = Contact::parse("Anna Berg", "anna@example.com", "", "").unwrap();
    let answers = booking::Answers { map: booking::AnswerMap::default(), waiver: true };
    let catalogue_now = Arc::clone(catalogue);
    let fill_in = FillIn {
        catalogue: catalogue_now,
        booking: held.id,
        contact,
        locale: held.locale,
        answers,
    };
    write!(store, fill_in, booking::fill_in).unwrap();
    let confirm = Confirm { catalogue: Arc::clone(catalogue), booking: held.id };
    write!(store, confirm, booking::confirm).unwrap()
}

async fn letters(store: &Store, kind: &'static str) -> i64 {
    let mut conn = store.read().await.unwrap();
    let (count,): (i64,) = conn
        .fetch_one("SELECT CAST(COUNT(*) AS BIGINT) FROM outbox WHERE kind = $1", params![*kind])
        .await
        .unwrap();
    count
}

both_dbs! {
    async fn all_slots_of_the_horizon_are_made_once(store) {
        let catalogue = seeded(&store).await;
        let done = generate_daily(&store, &catalogue).await.unwrap();
        assert!(done.added > 5_000, "{done:?}");
        assert_eq!(generate_daily(&store, &catalogue).await.unwrap(), Generated::default());
        store.clock().advance(TimeDelta::days(1));
        let next = generate_daily(&store, &catalogue).await.unwrap();
        assert!(next.added > 0 && next.added < done.added / 50, "{next:?}");
        assert_eq!((next.changed, next.removed), (0, 0));
    }

    async fn a_rule_that_goes_takes_empty_slots_along_and_asks_about_booked_ones(store) {
        let catalogue = seeded(&store).await;
        let (workshop, option) = shared(&catalogue);
        fill(&store, &catalogue, workshop).await;
        let booked = open_slot(&store, workshop, option).await;
        book(&store, &catalogue, &booked, 2).await;
        let rules = { let mut conn = store.read().await.unwrap(); rules_of(&mut conn, workshop).await.unwrap() };
        for rule in rules.iter().filter(|rule| rule.option_id == option) {
            let mut change = ChangeSchedule {
                catalogue: Arc::clone(&catalogue),
                actor: Actor::System,
                workshop,
                change: ScheduleChange::DeleteRule(rule.id),
                hit_slots: HitSlots::Ask,
            };
            let stranger = ChangeSchedule { actor: Actor::Guest, ..change.clone() };
            assert!(matches!(write!(store, stranger, change_schedule), Err(ScheduleError::Forbidden(_))));
            if let Err(error) = write!(store, change.clone(), change_schedule) {
                let ScheduleError::HitsBookings(hit) = error else { panic!("{error}") };
                assert_eq!(hit[0].id, booked.id);
                change.hit_slots = HitSlots::Keep;
                write!(store, change, change_schedule).unwrap();
            }
        }
        let left: Vec<Slot> = slots_of(&store, workshop).await.into_iter()
            .filter(|slot| slot.option_id == option).collect();
        assert_eq!(left.len(), 1);
        assert_eq!((left[0].id, left[0].status), (booked.id, SlotStatus::Closed));
        assert_eq!((left[0].starts_at, left[0].taken), (booked.starts_at, 2));
    }

    async fn saving_a_rule_unchanged_keeps_every_slot(store) {
        let catalogue = seeded(&store).await;
        for workshop in &catalogue.workshops {
            let workshop = workshop.id;
            write!(store, (Arc::clone(&catalogue), workshop), generate_all).unwrap();
            let before = slots_of(&store, workshop).await;
            let rules = { let mut conn = store.read().await.unwrap(); rules_of(&mut conn, workshop).await.unwrap() };
            for rule in rules {
                let change = ScheduleChange::SaveRule { id: Some(rule.id), option: rule.option_id, opening: rule.opening };
                let command = ChangeSchedule {
                    catalogue: Arc::clone(&catalogue), actor: Actor::System, workshop, change, hit_slots: HitSlots::Ask,
                };
                assert_eq!(write!(store, command, change_schedule).unwrap(), Generated::default());
            }
            assert_eq!(slots_of(&store, workshop).await, before);
        }
    }

    async fn a_closure_removes_and_its_end_restores(store) {
        let catalogue = seeded(&store).await;
        let (workshop, _) = shared(&catalogue);
        write!(store, (Arc::clone(&catalogue), workshop), generate_all).unwrap();
        let before = slots_of(&store, workshop).await.len();
        let day = NaiveDate::from_ymd_opt(2026, 12, 7).unwrap();
        let rule = DayRule::Dates { from: day, to: day + TimeDelta::days(6) };
        let save = |change| ChangeSchedule {
            catalogue: Arc::clone(&catalogue), actor: Actor::System, workshop, change, hit_slots: HitSlots::Ask,
        };
        let close = ScheduleChange::SaveClosure { id: None, tour: None, reason: crate::Localized::default(), rule, hours: None };
        let done = write!(store, save(close), change_schedule).unwrap();
        assert!(done.removed > 0);
        assert_eq!(slots_of(&store, workshop).await.len(), before - usize::try_from(done.removed).unwrap());
        let closures = { let mut conn = store.read().await.unwrap(); closures_of(&mut conn, workshop).await.unwrap() };
        let id = closures.iter().find(|closure| closure.rule.covers(day)).unwrap().id;
        write!(store, save(ScheduleChange::DeleteClosure(id)), change_schedule).unwrap();
        assert_eq!(slots_of(&store, workshop).await.len(), before);
    }

    async fn a_slot_is_resized_moved_and_cancelled_with_everybody_told(store) {
        let catalogue = seeded(&store).await;
        let (workshop, option) = shared(&catalogue);
        fill(&store, &catalogue, workshop).await;
        let before = open_slot(&store, workshop, option).await;
        let booking = book(&store, &catalogue, &before, 3).await;
        let resize = |capacity| ResizeSlot { actor: Actor::System, slot: before.id, capacity };
        assert!(matches!(write!(store, resize(2), resize_slot), Err(ScheduleError::TooSmall { taken: 3 })));
        assert_eq!(write!(store, resize(3), resize_slot).unwrap().capacity, 3);
        let guest = OnSlot { actor: Actor::Guest, slot: before.id };
        assert!(matches!(write!(store, guest, close_slot), Err(ScheduleError::Forbidden(_))));

        let date = before.local_date + TimeDelta::days(1);
        let time = TimeOfDay::new(7, 15).unwrap();
        let mv = MoveSlot { catalogue: Arc::clone(&catalogue), actor: Actor::System, slot: before.id, date, time };
        let moved = write!(store, mv, move_slot).unwrap();
        assert_eq!(moved.starts_at, venue_instant(date, time.time()).unwrap());
        assert_eq!(moved.taken, 3);
        assert_eq!(letters(&store, "change").await, 1);
        // The rule does not open the old time again.
        assert_eq!(fill(&store, &catalogue, workshop).await, Generated::default());

        let cancel = CancelSlot { actor: Actor::System, slot: before.id, reason: "The kiln broke".into() };
        let (cancelled, ended) = write!(store, cancel, cancel_slot).unwrap();
        assert_eq!((cancelled.status, cancelled.taken, ended), (SlotStatus::Cancelled, 0, 1));
        assert_eq!(letters(&store, "cancellation").await, 1);
        let mut conn = store.read().await.unwrap();
        let ended = booking::query::by_id(&mut conn, booking.id).await.unwrap().unwrap();
        assert!(matches!(ended.state, booking::State::Cancelled { refund_percent: 100, .. }));
        assert_eq!(ended.sequence, booking.sequence + 2);
    }

    async fn a_slot_below_its_minimum_asks_the_host_once(store) {
        let catalogue = seeded(&store).await;
        let (workshop, option) = shared(&catalogue);
        fill(&store, &catalogue, workshop).await;
        let (tour, _) = catalogue.option(option).unwrap();
        let chosen = slots_of(&store, workshop).await.into_iter().find(|slot| {
            slot.option_id == option
                && slot.starts_at - store.now() > TimeDelta::hours(i64::from(tour.decide_hours) + 30)
        });
        let chosen = chosen.unwrap();
        book(&store, &catalogue, &chosen, 1).await;
        assert!(write!(store, Arc::clone(&catalogue), due).unwrap().is_empty());
        let deadline = chosen.starts_at - TimeDelta::hours(i64::from(tour.decide_hours));
        store.clock().advance(deadline - store.now());
        assert_eq!(write!(store, Arc::clone(&catalogue), due).unwrap(), [chosen.id]);
        assert!(write!(store, Arc::clone(&catalogue), due).unwrap().is_empty());
        assert_eq!(letters(&store, "host_below_minimum").await, 1);
        let mut conn = store.read().await.unwrap();
        let waiting = awaiting_decision(&mut conn, workshop, store.now()).await.unwrap();
        assert_eq!(waiting.iter().map(|slot| slot.id).collect::<Vec<_>>(), [chosen.id]);
        drop(conn);
        let ask = Decide { actor: Actor::System, slot: chosen.id, decision: Decision::AskGuests };
        write!(store, ask, decide).unwrap();
        assert_eq!(letters(&store, "below_minimum").await, 1);
        let asked = slot(&store, chosen.id).await;
        assert_eq!(asked.run_state, RunState::GuestsAsked);
        assert_eq!(booking::refund_now(crate::catalogue::Policy::Strict, &asked, store.now()), 100);
        let run = Decide { actor: Actor::System, slot: chosen.id, decision: Decision::Run };
        write!(store, run, decide).unwrap();
        assert_eq!(slot(&store, chosen.id).await.run_state, RunState::Runs);
    }

    async fn the_search_offers_only_what_has_room(store) {
        let catalogue = seeded(&store).await;
        generate_daily(&store, &catalogue).await.unwrap();
        let now = store.now();
        let saturday = NaiveDate::from_ymd_opt(2026, 12, 5).unwrap();
        let wish = Search {
            dates: Some((saturday, saturday)),
            party: Some(Guests { adults: 2, children: 1 }),
            ..Search::default()
        };
        let mut conn = store.read().await.unwrap();
        let hits = search(&mut conn, &catalogue, &wish, now).await.unwrap();
        assert!(hits.len() > 3);
        for found in hits.iter().flat_map(|hit| &hit.slots) {
            let (_, option) = catalogue.option(found.slot.option_id).unwrap();
            assert_eq!(found.slot.local_date, saturday);
            assert!(found.left >= 3 && found.slot.closes_at > now);
            assert!(option.units.iter().any(|unit| unit.kind == UnitKind::Child));
        }
        let plain = Search { q: "bat trang".into(), ..Search::default() };
        let marked = Search { q: "BÁT  Tràng".into(), ..Search::default() };
        let found = search(&mut conn, &catalogue, &plain, now).await.unwrap();
        assert!(!found.is_empty() && found.len() < catalogue.tours.len());
        assert_eq!(found, search(&mut conn, &catalogue, &marked, now).await.unwrap());
        drop(conn);

        // A party in a private slot leaves no room in it for a second one.
        let private = hits.iter().find(|hit| catalogue.tour(hit.tour).unwrap().sharing == Sharing::Private).unwrap();
        let taken = private.slots[0].slot.clone();
        book(&store, &catalogue, &taken, 2).await;
        let mut conn = store.read().await.unwrap();
        let again = search(&mut conn, &catalogue, &wish, now).await.unwrap();
        assert!(again.iter().flat_map(|hit| &hit.slots).all(|found| found.slot.id != taken.id));
        let days = availability::month(&mut conn, &catalogue, private.tour, None, (2026, 12), 2, now).await.unwrap();
        assert_eq!(days.len(), 31);
        assert_eq!(days[0].state, availability::DayState::Closed);
        let next = availability::next_departures(&mut conn, &catalogue, private.tour, None, now, 5, now).await.unwrap();
        assert!(next.is_sorted_by_key(|slot| slot.starts_at) && !next.is_empty());
    }
}

async fn due(
    tx: &mut crate::store::Tx,
    catalogue: Arc<Catalogue>,
) -> Result<Vec<SlotId>, crate::store::StoreError> {
    decide_due(tx, &catalogue).await
}

async fn generate_all(
    tx: &mut crate::store::Tx,
    (catalogue, workshop): (Arc<Catalogue>, WorkshopId),
) -> Result<Generated, crate::store::StoreError> {
    generate_workshop(tx, &catalogue, workshop, HORIZON_DAYS).await
}

const WEEK: [Weekday; 7] = [
    Weekday::Mon,
    Weekday::Tue,
    Weekday::Wed,
    Weekday::Thu,
    Weekday::Fri,
    Weekday::Sat,
    Weekday::Sun,
];

prop_compose! {
    fn an_opening()(
        days in proptest::sample::subsequence(WEEK.to_vec(), 0..=7),
        lunar in proptest::collection::vec(1u8..=30, 0..3),
        times in proptest::collection::vec((0u32..24, 0u32..60), 1..4),
        capacity in 1i32..20,
    ) -> Opening {
        Opening {
            weekdays: Weekdays(days),
            lunar_days: LunarDays(lunar),
            times: Times(times.into_iter().filter_map(|(h, m)| TimeOfDay::new(h, m)).collect()),
            season: None,
            valid_from: None,
            valid_to: None,
            capacity,
            guide: String::new(),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn departures_are_those_of_open_days(opening in an_opening(), start in 0u64..2_000, length in 0u64..60) {
        let from = NaiveDate::from_ymd_opt(2025, 1, 1).unwrap() + chrono::Days::new(start);
        let to = from + chrono::Days::new(length);
        let all = expand(&opening, &[], from, to);
        prop_assert!(all.is_sorted() && all.iter().collect::<BTreeSet<_>>().len() == all.len());
        let times: BTreeSet<_> = opening.times.0.iter().collect();
        let open = from.iter_days().take_while(|date| *date <= to).filter(|date| opening.opens_on(*date)).count();
        prop_assert_eq!(all.len(), open * times.len());
        for (date, time) in &all {
            let at = venue_instant(*date, time.time()).unwrap();
            prop_assert_eq!(local_date(at), *date);
        }
        // A closure takes away its days and nothing else.
        let closure = Closure {
            id: crate::ClosureId::new(chrono::DateTime::UNIX_EPOCH),
            workshop_id: WorkshopId::new(chrono::DateTime::UNIX_EPOCH),
            tour_id: None,
            reason: crate::Localized::default(),
            rule: DayRule::Dates { from, to: from + chrono::Days::new(5) },
            hours: None,
            saved_at: chrono::DateTime::UNIX_EPOCH,
        };
        let rest: Vec<_> = all.iter().copied().filter(|(date, _)| !closure.rule.covers(*date)).collect();
        prop_assert_eq!(expand(&opening, &[&closure], from, to), rest);
    }
}
