//! Changes of the rules that meet bookings, and closures of hours.

use std::sync::Arc;

use chrono::{NaiveDate, TimeDelta};

use super::{book, fill, letters, open_slot, seeded, shared, slot, slots_of};
use crate::accounts::Actor;
use crate::both_dbs;
use crate::schedule::*;
use crate::store::TimeOfDay;
use crate::{Localized, booking};

fn at(hour: u32, minute: u32) -> TimeOfDay {
    TimeOfDay::new(hour, minute).unwrap()
}

fn closing(from: NaiveDate, to: NaiveDate, hours: Option<Hours>) -> ScheduleChange {
    let reason = Localized { vi: "Giỗ tổ nghề".into(), en: String::new() };
    ScheduleChange::SaveClosure {
        id: None,
        tour: None,
        reason,
        rule: DayRule::Dates { from, to },
        hours,
    }
}

both_dbs! {
    async fn booked_slots_under_a_closure_are_kept_closed_or_cancelled(store) {
        let catalogue = seeded(&store).await;
        let (workshop, option) = shared(&catalogue);
        fill(&store, &catalogue, workshop).await;
        let booked = open_slot(&store, workshop, option).await;
        let guest = book(&store, &catalogue, &booked, 2).await;
        let day = booked.local_date;
        let command = |hit_slots| ChangeSchedule {
            catalogue: Arc::clone(&catalogue), actor: Actor::System, workshop,
            change: closing(day, day, None), hit_slots,
        };
        let now = store.now();
        let mut conn = store.read().await.unwrap();
        let impact = preview_change(&mut conn, &catalogue, workshop, &closing(day, day, None), now)
            .await
            .unwrap();
        drop(conn);
        assert_eq!((impact.hit.len(), impact.unwanted), (1, 1));
        assert_eq!(impact.hit[0].id, booked.id);
        assert!(matches!(
            write!(store, command(HitSlots::Ask), change_schedule),
            Err(ScheduleError::HitsBookings(_))
        ));
        write!(store, command(HitSlots::Keep), change_schedule).unwrap();
        let kept = slot(&store, booked.id).await;
        assert_eq!((kept.status, kept.taken), (SlotStatus::Closed, 2));
        assert_eq!(letters(&store, "cancellation").await, 0);

        let other = open_slot(&store, workshop, option).await;
        let second = book(&store, &catalogue, &other, 1).await;
        let cancel = HitSlots::Cancel { reason: "Lò hỏng".into() };
        let day = other.local_date;
        let cancelling = ChangeSchedule { change: closing(day, day, None), ..command(cancel) };
        write!(store, cancelling, change_schedule).unwrap();
        assert_eq!(slot(&store, other.id).await.status, SlotStatus::Cancelled);
        assert_eq!(letters(&store, "cancellation").await, 1);
        let mut conn = store.read().await.unwrap();
        let ended = booking::query::by_id(&mut conn, second.id).await.unwrap().unwrap();
        assert_eq!(ended.state.kind(), booking::StateKind::Cancelled);
        let stays = booking::query::by_id(&mut conn, guest.id).await.unwrap().unwrap();
        assert_eq!(stays.state.kind(), booking::StateKind::Confirmed);
        // The day is worked after all: what was kept takes guests again.
        let closure = closures_of(&mut conn, workshop).await.unwrap();
        let closure = closure.iter().find(|it| it.rule.covers(booked.local_date)).unwrap();
        drop(conn);
        let back = ChangeSchedule {
            change: ScheduleChange::DeleteClosure(closure.id), ..command(HitSlots::Ask)
        };
        write!(store, back, change_schedule).unwrap();
        let open = slot(&store, booked.id).await;
        assert_eq!((open.status, open.taken), (SlotStatus::Open, 2));
    }

    async fn more_seats_and_another_guide_reach_booked_slots_fewer_than_taken_ask(store) {
        let catalogue = seeded(&store).await;
        let (workshop, option) = shared(&catalogue);
        fill(&store, &catalogue, workshop).await;
        let booked = open_slot(&store, workshop, option).await;
        book(&store, &catalogue, &booked, 2).await;
        let rules = { let mut conn = store.read().await.unwrap(); rules_of(&mut conn, workshop).await.unwrap() };
        let time = crate::clock::local_time(booked.starts_at);
        let rule = rules.iter().find(|rule| {
            rule.option_id == option
                && rule.opening.opens_on(booked.local_date)
                && rule.opening.times.0.iter().any(|each| each.time() == time)
        });
        let rule = rule.unwrap();
        let save = |capacity| ChangeSchedule {
            catalogue: Arc::clone(&catalogue), actor: Actor::System, workshop,
            change: ScheduleChange::SaveRule {
                id: Some(rule.id),
                option,
                opening: Opening { capacity, guide: "cô Hạnh".into(), ..rule.opening.clone() },
            },
            hit_slots: HitSlots::Ask,
        };
        write!(store, save(booked.capacity + 3), change_schedule).unwrap();
        let after = slot(&store, booked.id).await;
        assert_eq!((after.capacity, after.taken), (booked.capacity + 3, 2));
        assert_eq!((after.guide.as_str(), after.origin), ("cô Hạnh", SlotOrigin::Rule));
        let Err(ScheduleError::HitsBookings(hit)) = write!(store, save(1), change_schedule) else {
            panic!("two guests do not fit on one seat");
        };
        assert_eq!(hit[0].id, booked.id);
    }

    async fn closed_hours_leave_the_rest_of_the_day(store) {
        let catalogue = seeded(&store).await;
        let (workshop, _) = shared(&catalogue);
        fill(&store, &catalogue, workshop).await;
        let day = NaiveDate::from_ymd_opt(2026, 12, 8).unwrap();
        let of_day = |slots: Vec<Slot>| -> Vec<Slot> {
            slots.into_iter().filter(|slot| slot.local_date == day).collect()
        };
        let before = of_day(slots_of(&store, workshop).await);
        let noon = at(12, 0).time();
        let morning = before.iter().filter(|slot| crate::clock::local_time(slot.starts_at) < noon);
        let morning = morning.count();
        assert!(morning > 0 && morning < before.len());
        let hours = Hours { from: at(0, 0), to: at(12, 0) };
        let command = |hours| ChangeSchedule {
            catalogue: Arc::clone(&catalogue), actor: Actor::System, workshop,
            change: closing(day, day, Some(hours)), hit_slots: HitSlots::Ask,
        };
        write!(store, command(hours), change_schedule).unwrap();
        let after = of_day(slots_of(&store, workshop).await);
        assert_eq!(after.len(), before.len() - morning);
        assert!(after.iter().all(|slot| crate::clock::local_time(slot.starts_at) >= noon));
        assert_eq!(fill(&store, &catalogue, workshop).await, Generated::default());
        let saved = { let mut conn = store.read().await.unwrap(); closures_of(&mut conn, workshop).await.unwrap() };
        assert!(saved.iter().any(|closure| closure.hours == Some(hours) && closure.saved_at == store.now()));
        let upside_down = Hours { from: at(12, 0), to: at(12, 0) };
        assert!(matches!(
            write!(store, command(upside_down), change_schedule),
            Err(ScheduleError::Fields(fields)) if fields == [RuleField::Hours]
        ));
        store.clock().advance(TimeDelta::minutes(1));
    }
}
