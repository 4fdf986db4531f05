//! What stands against somebody's leading a departure, in a table.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc, Weekday};

use crate::catalogue::Spoken;
use crate::clock::venue_instant;
use crate::guide::duty::{Hindrance, Task, Wanted, hindrance, lacking};
use crate::guide::{Guide, Languages};
use crate::resource::{Purpose, Resource, ResourceKind, Span, Stretch, WeekHours};
use crate::schedule::Weekdays;
use crate::store::TimeOfDay;
use crate::{Locale, Localized, PoolId, ResourceId, SlotId, WorkshopId};

fn clock(text: &str) -> TimeOfDay {
    text.parse().unwrap()
}

/// On Tuesday 1 December 2026.
fn at(text: &str) -> DateTime<Utc> {
    let date = NaiveDate::from_ymd_opt(2026, 12, 1).unwrap();
    venue_instant(date, clock(text).time()).unwrap()
}

fn stretch(from: &str, to: &str) -> Stretch {
    Stretch { from: at(from), to: at(to) }
}

/// Works on Tuesdays from 8 to 17 and needs half an hour from one workshop to another.
fn guide() -> Guide {
    let epoch = DateTime::UNIX_EPOCH;
    let days = Weekdays(vec![Weekday::Tue]);
    Guide {
        resource: Resource {
            id: ResourceId::new(epoch),
            pool_id: PoolId::new(epoch),
            workshop_id: Some(WorkshopId::new(epoch)),
            coop_id: None,
            kind: ResourceKind::Guide,
            name: Localized { vi: "Lê Thị Mai".into(), en: String::new() },
            quantity: 1,
            setup_minutes: 0,
            cleanup_minutes: 0,
            hours: WeekHours(vec![Span { days, from: clock("08:00"), to: clock("17:00") }]),
            own_hours_week: None,
            own_days_ahead: None,
            note: String::new(),
            active: true,
        },
        languages: Languages(vec![Spoken::Vi, Spoken::Fr]),
        phone: String::new(),
        email: String::new(),
        locale: Locale::Vi,
        travel_minutes: 30,
        may_check_in: true,
        token: String::new(),
    }
}

/// What the table calls a hindrance.
fn word(found: Option<Hindrance>) -> &'static str {
    match found {
        None => "free",
        Some(Hindrance::Retired) => "retired",
        Some(Hindrance::OffHours) => "off hours",
        Some(Hindrance::DayOff(_)) => "day off",
        Some(Hindrance::OwnWork(_)) => "own work",
        Some(Hindrance::Leads(_)) => "leads",
        Some(Hindrance::TooFar(_, 30)) => "too far",
        Some(Hindrance::TooFar(..)) => "another way",
    }
}

#[test]
fn each_hindrance_is_told_apart() {
    let epoch = DateTime::UNIX_EPOCH;
    let (here, there) = (WorkshopId::new(epoch), WorkshopId::new(epoch));
    let (this, other) = (SlotId::new(epoch), SlotId::new(epoch));
    let task = |purpose, slot, place, (from, to): (&str, &str)| Task {
        starts_at: at(from),
        ends_at: at(to),
        purpose,
        slot_id: slot,
        workshop_id: place,
    };
    let visit = |place, time| vec![task(Purpose::Visit, Some(other), Some(place), time)];
    let off = |time| vec![task(Purpose::Upkeep, None, None, time)];
    let own = |place, time| vec![task(Purpose::Own, None, Some(place), time)];
    let mine = vec![task(Purpose::Visit, Some(this), Some(here), ("10:00", "11:30"))];
    // The departure is from 10:00 to 11:30.
    let table: Vec<(Vec<Task>, &str)> = vec![
        (vec![], "free"),
        (mine, "free"),
        (visit(here, ("11:00", "12:30")), "leads"),
        (visit(there, ("09:00", "10:01")), "leads"),
        // One after the other in the same yard.
        (visit(here, ("11:30", "13:00")), "free"),
        (visit(here, ("08:30", "10:00")), "free"),
        // The way to another workshop takes half an hour.
        (visit(there, ("11:30", "13:00")), "too far"),
        (visit(there, ("11:59", "13:00")), "too far"),
        (visit(there, ("12:00", "13:00")), "free"),
        (visit(there, ("08:00", "09:31")), "too far"),
        (visit(there, ("08:00", "09:30")), "free"),
        (off(("00:00", "23:00")), "day off"),
        (off(("11:30", "23:00")), "free"),
        (own(there, ("10:30", "11:00")), "own work"),
        (own(there, ("11:45", "13:00")), "too far"),
        (own(here, ("11:45", "13:00")), "free"),
    ];
    let wanted = Wanted { slot: this, workshop: here, stretches: vec![stretch("10:00", "11:30")] };
    for (tasks, says) in table {
        assert_eq!(word(hindrance(&guide(), &wanted, &tasks)), says, "{tasks:?}");
    }
}

#[test]
fn working_times_hold_for_all_of_the_departure() {
    let epoch = DateTime::UNIX_EPOCH;
    let wanted = |stretches| Wanted {
        slot: SlotId::new(epoch),
        workshop: WorkshopId::new(epoch),
        stretches,
    };
    let says = |guide: &Guide, stretches| word(hindrance(guide, &wanted(stretches), &[]));
    let week = TimeDelta::days(7);
    let later = |it: Stretch, by| Stretch { from: it.from + by, to: it.to + by };
    let morning = stretch("08:00", "09:30");
    assert_eq!(says(&guide(), vec![morning]), "free");
    assert_eq!(says(&guide(), vec![stretch("07:59", "09:00")]), "off hours");
    assert_eq!(says(&guide(), vec![stretch("16:00", "17:01")]), "off hours");
    // A run: every session counts.
    assert_eq!(says(&guide(), vec![morning, later(morning, week)]), "free");
    assert_eq!(says(&guide(), vec![morning, later(morning, TimeDelta::days(1))]), "off hours");
    let mut always = guide();
    always.resource.hours = WeekHours::default();
    assert_eq!(says(&always, vec![stretch("00:10", "23:50")]), "free");
    always.resource.active = false;
    assert_eq!(says(&always, vec![morning]), "retired");
}

#[test]
fn languages_that_guests_speak_and_the_guide_does_not_are_named() {
    assert_eq!(lacking(&guide(), &[Spoken::Vi, Spoken::En]), [Spoken::En]);
    assert!(lacking(&guide(), &[Spoken::Fr]).is_empty());
}

#[test]
fn a_slot_names_a_guide_whatever_the_case_and_spaces() {
    assert!(guide().is_named(" lê  thị mai "));
    assert!(!guide().is_named("Lê Thị Mai Anh") && !guide().is_named(""));
}
