//! The rule alone, over random loads.

use chrono::{TimeDelta, Weekday};
use proptest::prelude::*;
use uuid::Uuid;

use crate::resource::plan::{Load, Occupied, Visit, peak, plan, room};
use crate::resource::{Basis, Need, Resource, ResourceKind, Span, Stretch, Timing, WeekHours};
use crate::schedule::Weekdays;
use crate::store::TimeOfDay;
use crate::store::testing::test_start;
use crate::{Localized, NeedId, OptionId, PoolId, ResourceId, SlotId, WorkshopId};

pub(super) fn resource(kind: ResourceKind, quantity: i32, hours: WeekHours) -> Resource {
    Resource {
        id: ResourceId::new(test_start()),
        pool_id: PoolId::from(Uuid::now_v7()),
        workshop_id: Some(WorkshopId::new(test_start())),
        coop_id: None,
        kind,
        name: Localized { vi: "Bàn xoay".into(), en: "Wheel".into() },
        quantity,
        setup_minutes: 10,
        cleanup_minutes: 20,
        hours,
        own_hours_week: None,
        own_days_ahead: None,
        note: String::new(),
        active: true,
    }
}

/// Tuesdays and Fridays, over night.
pub(super) fn firings() -> WeekHours {
    let time = |hour| TimeOfDay::new(hour, 0).unwrap();
    let days = Weekdays(vec![Weekday::Tue, Weekday::Fri]);
    WeekHours(vec![Span { days, from: time(18), to: time(6) }])
}

fn need(basis: Basis, amount: i32, timing: Timing, choices: Vec<ResourceId>) -> Need {
    let at = test_start();
    Need { id: NeedId::new(at), option_id: OptionId::new(at), basis, amount, timing, choices }
}

fn visit(heads: i32) -> Visit {
    let now = test_start();
    let starts_at = now + TimeDelta::days(1);
    let ends_at = starts_at + TimeDelta::minutes(90);
    Visit { slot: SlotId::new(now), starts_at, ends_at, heads, now }
}

#[test]
fn a_wheel_for_each_and_one_room_for_all() {
    let wheels = resource(ResourceKind::Wheel, 6, WeekHours::default());
    let studio = resource(ResourceKind::Room, 1, WeekHours::default());
    let needs = [
        need(Basis::Person, 1, Timing::During { from: 0, to: 60 }, vec![wheels.id]),
        need(Basis::Departure, 1, Timing::During { from: 0, to: 90 }, vec![studio.id]),
    ];
    let load = Load::new([&wheels, &studio]);
    let (planned, unmet) = plan(&needs, &load, visit(4), &[]);
    assert!(unmet.is_empty());
    assert_eq!(planned.iter().map(|it| it.amount).collect::<Vec<_>>(), [4, 1]);
    // Ten minutes to set up, twenty to clean.
    assert_eq!(planned[0].stretch.minutes(), 10 + 60 + 20);
    assert_eq!(room(&needs, &load, visit(4), &planned, 12), 2);
    assert_eq!(room(&needs, &load, visit(6), &planned, 12), 0);
}

#[test]
fn a_firing_is_the_first_that_has_room_within_the_days() {
    let kiln = resource(ResourceKind::Kiln, 20, firings());
    let needs = [need(Basis::Person, 2, Timing::After { from_day: 1, to_day: 4 }, vec![kiln.id])];
    // The visit is on Wednesday the 2nd: firings are on Friday the 4th (Tuesday the 8th is too late).
    let mut load = Load::new([&kiln]);
    let (planned, _) = plan(&needs, &load, visit(5), &[]);
    assert_eq!(planned[0].amount, 10);
    let friday = kiln.hours.on(chrono::NaiveDate::from_ymd_opt(2026, 12, 4).unwrap())[0];
    assert_eq!(planned[0].stretch, friday);
    assert_eq!(room(&needs, &load, visit(0), &[], 12), 10);
    load.add(kiln.id, Occupied { stretch: friday, amount: 15, slot: None });
    assert_eq!(room(&needs, &load, visit(0), &[], 12), 2);
    assert_eq!(plan(&needs, &load, visit(3), &[]).1.len(), 1, "three need six litres");
}

#[test]
fn what_it_has_is_kept_and_another_is_found_when_that_broke() {
    let (first, second) =
        (resource(ResourceKind::Kiln, 20, firings()), resource(ResourceKind::Kiln, 20, firings()));
    let days = Timing::After { from_day: 0, to_day: 4 };
    let needs = [need(Basis::Person, 2, days, vec![first.id, second.id])];
    let mut load = Load::new([&first, &second]);
    let (had, _) = plan(&needs, &load, visit(5), &[]);
    assert_eq!(had[0].resource, first.id);
    // The second would do as well, but what is promised stays.
    let swapped = [Need { choices: vec![second.id, first.id], ..needs[0].clone() }];
    assert_eq!(plan(&swapped, &load, visit(6), &had).0[0].resource, first.id);
    load.add(first.id, Occupied { stretch: had[0].stretch, amount: 20, slot: None });
    let (moved, unmet) = plan(&needs, &load, visit(5), &had);
    assert!(unmet.is_empty());
    assert_eq!((moved[0].resource, moved[0].stretch), (second.id, had[0].stretch));
}

proptest! {
    /// Whatever is there already: what is planned fits beside it, and `room` is exactly how many
    /// more can come.
    #[test]
    fn plans_fit_and_room_is_exact(
        quantity in 1..12_i32,
        amount in 1..4_i32,
        heads in 0..8_i32,
        spans in (0..60_i32, 1..40_i32),
        others in prop::collection::vec((0..240_i64, 10..180_i64, 1..5_i32), 0..12),
    ) {
        let wheels = resource(ResourceKind::Wheel, quantity, WeekHours::default());
        let spare = resource(ResourceKind::Wheel, 2, WeekHours::default());
        let during = Timing::During { from: spans.0, to: spans.0 + spans.1 };
        let needs = [
            need(Basis::Person, amount, during, vec![wheels.id, spare.id]),
            need(Basis::Departure, 1, Timing::During { from: 0, to: 90 }, vec![wheels.id]),
        ];
        let mut load = Load::new([&wheels, &spare]);
        let mut taken: Vec<Occupied> = Vec::new();
        let start = visit(heads).starts_at - TimeDelta::minutes(120);
        for (from, minutes, amount) in others {
            let from = start + TimeDelta::minutes(from);
            let stretch = Stretch { from, to: from + TimeDelta::minutes(minutes) };
            if peak(taken.iter().copied(), stretch) + amount <= quantity {
                let occupied = Occupied { stretch, amount, slot: None };
                taken.push(occupied);
                load.add(wheels.id, occupied);
            }
        }
        let fits = |heads: i32| plan(&needs, &load, visit(heads), &[]).1.is_empty();
        let (planned, unmet) = plan(&needs, &load, visit(heads), &[]);
        let whole = Stretch { from: start - TimeDelta::days(1), to: start + TimeDelta::days(1) };
        let mine = planned.iter().filter(|it| it.resource == wheels.id);
        let all = taken.iter().copied().chain(mine.map(|it| it.occupied(visit(0).slot)));
        prop_assert!(peak(all, whole) <= quantity);
        if unmet.is_empty() {
            let more = room(&needs, &load, visit(heads), &planned, 12);
            prop_assert!(more == 0 || fits(heads + more));
            prop_assert!(more == 12 || !fits(heads + more + 1));
        }
    }
}
