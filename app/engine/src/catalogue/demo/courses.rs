//! The demo's courses: their terms in the village's file, and runs made by the verbs that hosts and
//! guests use, at dates counted from today.

use std::sync::Arc;

use chrono::{DateTime, Datelike, TimeDelta, Utc, Weekday};
use serde::Deserialize;

use super::DemoError;
use crate::accounts::Actor;
use crate::booking::desk::{Caller, TakeCall, take_call};
use crate::catalogue::{Catalogue, Tour};
use crate::clock::local_date;
use crate::course::{
    self, AddNames, Group, Issue, MarkAttendance, PlanRun, Weekly, add_names, issue,
    mark_attendance, parse_names, plan_run,
};
use crate::schedule::{Slot, Weekdays, closures_of};
use crate::store::{StoreError, TimeOfDay, Tx};
use crate::{Locale, Localized, TourId, params};

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CourseEntry {
    needed: i32,
    by_application: bool,
    skills: Localized,
    runs: Vec<RunEntry>,
}

/// Days are counted from today to the first of the weekdays after them; negative ones lie behind.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct RunEntry {
    option: String,
    after_days: i64,
    weekdays: Weekdays,
    time: TimeOfDay,
    sessions: usize,
    capacity: i32,
    #[serde(default)]
    guide: String,
    #[serde(default)]
    enrolled: Vec<Enrolled>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Enrolled {
    name: String,
    email: String,
    phone: String,
    /// Of a school group.
    #[serde(default)]
    organisation: String,
    #[serde(default)]
    teacher: String,
    /// Participants with their sessions missed, of a run that has begun: "Nguyễn Văn An": [2].
    participants: Vec<Pupil>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pupil {
    name: String,
    born: Option<i32>,
    #[serde(default)]
    missed: Vec<i32>,
}

fn broken(reason: impl std::fmt::Display) -> DemoError {
    DemoError::File { file: "courses", reason: reason.to_string() }
}

pub(super) async fn insert(
    tx: &mut Tx,
    tour: TourId,
    course: &CourseEntry,
) -> Result<(), StoreError> {
    tx.execute_one(
        "INSERT INTO course (tour_id, needed, by_application, skills) VALUES ($1, $2, $3, $4)",
        params![tour, course.needed, course.by_application, course.skills],
    )
    .await
}

/// Plans the runs, enrols their people, and of what lies behind marks attendance and certifies.
pub(super) async fn make(tx: &mut Tx, catalogue: &Arc<Catalogue>) -> Result<(), DemoError> {
    let now = tx.now();
    for entry in super::villages()?.into_iter().flat_map(|village| village.workshops) {
        for entry in entry.tours {
            let Some(course) = entry.course else { continue };
            let tour = catalogue
                .tour_by_slug(&entry.slug)
                .ok_or_else(|| broken(format!("no tour {}", entry.slug)))?;
            for run in &course.runs {
                let slot = plan(tx, catalogue, tour, run, now).await?;
                for (at, enrolled) in run.enrolled.iter().enumerate() {
                    let hours = i64::try_from(at).unwrap_or(0) * 31;
                    let before = now.min(slot.closes_at) - TimeDelta::hours(30 + hours);
                    tx.turn(before);
                    enrol(tx, catalogue, tour, &slot, enrolled).await?;
                }
                attend(tx, catalogue, &slot, &run.enrolled, now).await?;
            }
        }
    }
    tx.turn(now);
    Ok(())
}

async fn plan(
    tx: &mut Tx,
    catalogue: &Arc<Catalogue>,
    tour: &Tour,
    run: &RunEntry,
    now: DateTime<Utc>,
) -> Result<Slot, DemoError> {
    let option = tour.options.iter().find(|option| option.slug == run.option);
    let option = option.ok_or_else(|| broken(format!("no option {}", run.option)))?;
    let after = local_date(now) + TimeDelta::days(run.after_days);
    let days: &[Weekday] = &run.weekdays.0;
    let first = after.iter_days().take(7).find(|date| days.contains(&date.weekday()));
    let weekly = Weekly {
        first: first.ok_or_else(|| broken("a run without weekdays"))?,
        weekdays: run.weekdays.clone(),
        time: run.time,
        minutes: option.duration_minutes,
        count: run.sessions,
    };
    tx.turn(now.min(now + TimeDelta::days(run.after_days)) - TimeDelta::days(45));
    let closures = closures_of(tx, tour.workshop_id).await?;
    let (sessions, _) = weekly.dates(tour.id, &closures);
    let command = PlanRun {
        catalogue: Arc::clone(catalogue),
        actor: Actor::System,
        option: option.id,
        sessions,
        capacity: run.capacity,
        guide: run.guide.clone(),
    };
    plan_run(tx, command).await.map_err(broken)
}

async fn enrol(
    tx: &mut Tx,
    catalogue: &Arc<Catalogue>,
    tour: &Tour,
    slot: &Slot,
    enrolled: &Enrolled,
) -> Result<(), DemoError> {
    let people = u32::try_from(enrolled.participants.len()).unwrap_or(1);
    let group = Group::parse(&enrolled.organisation, &enrolled.teacher);
    let unit = tour.option(slot.option_id).and_then(|option| {
        let pupils = !group.is_empty();
        let student = |unit: &&crate::catalogue::Unit| {
            (unit.kind == crate::catalogue::UnitKind::Student) == pupils
        };
        option.open_units().find(student)
    });
    let unit = unit.ok_or_else(|| broken("an option without prices"))?;
    let caller = Caller::parse(&enrolled.name, &enrolled.phone, &enrolled.email, "")
        .map_err(|wrong| broken(format!("{}: {wrong:?}", enrolled.name)))?;
    let call = TakeCall {
        catalogue: Arc::clone(catalogue),
        actor: Actor::System,
        slot: slot.id,
        wanted: vec![(unit.id, people)],
        caller,
        locale: Locale::Vi,
        over: false,
        form_key: format!("demo-course-{}-{}", slot.id, enrolled.email),
    };
    let booking = take_call(tx, call).await.map_err(broken)?;
    if !group.is_empty() {
        course::name_group(tx, booking.id, &group).await.map_err(broken)?;
    }
    let list: Vec<String> = enrolled
        .participants
        .iter()
        .map(|pupil| match pupil.born {
            Some(born) => format!("{}, {born}", pupil.name),
            None => pupil.name.clone(),
        })
        .collect();
    let names = parse_names(&list.join("\n"))
        .map_err(|lines| broken(format!("names in lines {lines:?}")))?;
    add_names(tx, AddNames { actor: Actor::System, booking: booking.id, names })
        .await
        .map_err(broken)?;
    Ok(())
}

/// Marks the sessions that are over; a run that is over gets its certificates.
async fn attend(
    tx: &mut Tx,
    catalogue: &Arc<Catalogue>,
    slot: &Slot,
    enrolled: &[Enrolled],
    now: DateTime<Utc>,
) -> Result<(), DemoError> {
    let roll = course::roll_of(tx, slot.id).await?;
    let pupils: Vec<&Pupil> = enrolled.iter().flat_map(|one| &one.participants).collect();
    for session in roll.sessions.iter().filter(|session| session.ends_at <= now) {
        tx.turn(session.starts_at + TimeDelta::minutes(10));
        let marks = roll
            .participants()
            .map(|(_, one)| {
                let pupil = pupils.iter().find(|pupil| pupil.name == one.guest.name);
                let missed = pupil.is_some_and(|pupil| pupil.missed.contains(&session.position));
                (one.guest.id, Some(!missed))
            })
            .collect();
        let actor = Actor::System;
        let command = MarkAttendance { actor, session: session.id, marks, at: None };
        mark_attendance(tx, command).await.map_err(broken)?;
    }
    if slot.ends_at <= now {
        tx.turn(slot.ends_at + TimeDelta::minutes(40));
        let catalogue = Arc::clone(catalogue);
        let command = Issue { catalogue, actor: Actor::System, run: slot.id, guest: None };
        issue(tx, command).await.map_err(broken)?;
    }
    Ok(())
}
