//! Planning a run: when its sessions are, and how many may come.

use std::sync::Arc;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Timelike, Utc};
use serde_json::json;

use super::{CourseError, RunField};
use crate::accounts::{Actor, audit};
use crate::catalogue::Catalogue;
use crate::clock::venue_instant;
use crate::schedule::{Closure, Slot, Weekdays};
use crate::store::{TimeOfDay, Tx};
use crate::{OptionId, SessionId, SlotId, TourId, columns};

/// Sessions of the longest run, minutes of the shortest and longest session, and seats.
const MOST: usize = 120;
const SHORTEST: i32 = 15;
const LONGEST: i32 = 12 * 60;
const MAX_CAPACITY: i32 = 1_000;

/// When a session is to be, at the venue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Planned {
    pub date: NaiveDate,
    pub time: TimeOfDay,
    pub minutes: i32,
}

impl Planned {
    /// Start and end; None for a time that the venue's clock never shows.
    pub fn instants(self) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        let start = venue_instant(self.date, self.time.time())?;
        Some((start, start + TimeDelta::minutes(i64::from(self.minutes))))
    }
}

/// Sessions that come again every week.
#[derive(Debug, Clone)]
pub struct Weekly {
    pub first: NaiveDate,
    pub weekdays: Weekdays,
    pub time: TimeOfDay,
    pub minutes: i32,
    pub count: usize,
}

impl Weekly {
    /// The sessions, and the days left out because the workshop is closed to this tour then.
    pub fn dates(&self, tour: TourId, closures: &[Closure]) -> (Vec<Planned>, Vec<NaiveDate>) {
        let own = Weekdays(vec![self.first.weekday()]);
        let weekdays = if self.weekdays.0.is_empty() { &own } else { &self.weekdays };
        let shut = |date: NaiveDate| {
            closures.iter().any(|closure| closure.concerns(tour) && closure.shuts(date, self.time))
        };
        let (mut planned, mut left_out) = (Vec::new(), Vec::new());
        // A workshop that is never open would have no end.
        let days = self.first.iter_days().take(7 * (MOST + 60));
        for date in days.filter(|date| weekdays.0.contains(&date.weekday())) {
            if planned.len() >= self.count.min(MOST) {
                break;
            }
            if shut(date) {
                left_out.push(date);
            } else {
                planned.push(Planned { date, time: self.time, minutes: self.minutes });
            }
        }
        (planned, left_out)
    }
}

/// "05/12/2026 08:30–11:30": how a session is written in a list.
pub fn line_of(planned: &Planned) -> String {
    let start = planned.time.time();
    let end = start + TimeDelta::minutes(i64::from(planned.minutes));
    format!("{} {}–{}", planned.date.format("%d/%m/%Y"), start.format("%H:%M"), end.format("%H:%M"))
}

/// Reads a list of sessions, one a line; without an end a session lasts `minutes`. Errors with the
/// numbers, from 1, of the lines that can't be read.
pub fn read_lines(text: &str, minutes: i32) -> Result<Vec<Planned>, Vec<usize>> {
    let (mut planned, mut wrong) = (Vec::new(), Vec::new());
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim().is_empty() {
            continue;
        }
        match read_line(line, minutes) {
            Some(session) => planned.push(session),
            None => wrong.push(number),
        }
    }
    planned.sort_unstable();
    if wrong.is_empty() { Ok(planned) } else { Err(wrong) }
}

/// The date is the first word that is one; what else has a colon is a time. Words before the date
/// ("Thứ Bảy") are people's own.
fn read_line(line: &str, minutes: i32) -> Option<Planned> {
    let line = line.replace(['–', '—'], "-").replace(',', " ");
    let mut words = line.split_whitespace();
    let date = words.find_map(date_in)?;
    let rest: String = words.collect::<Vec<_>>().join("").replace('h', ":");
    let (start, end) = match rest.split_once('-') {
        Some((start, end)) => (start, Some(time_in(end)?)),
        None => (rest.as_str(), None),
    };
    let start = time_in(start)?;
    let minutes = match end {
        Some(end) => i32::try_from((end - start).num_minutes()).ok()?,
        None => minutes,
    };
    Some(Planned { date, time: TimeOfDay::from(start), minutes })
}

fn date_in(word: &str) -> Option<NaiveDate> {
    ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"]
        .iter()
        .find_map(|format| NaiveDate::parse_from_str(word, format).ok())
        // "5/12/26" would be the year 26.
        .filter(|date| date.year() >= 2000)
}

/// "8:30", "08:30", "8:" (of "8h").
fn time_in(text: &str) -> Option<NaiveTime> {
    let (hour, minute) = text.split_once(':')?;
    let minute = if minute.is_empty() { 0 } else { minute.parse().ok()? };
    NaiveTime::from_hms_opt(hour.parse().ok()?, minute, 0)?.with_second(0)
}

/// Opens a run of a course.
#[derive(Debug, Clone)]
pub struct PlanRun {
    pub catalogue: Arc<Catalogue>,
    pub actor: Actor,
    pub option: OptionId,
    pub sessions: Vec<Planned>,
    pub capacity: i32,
    /// Who teaches; may be empty.
    pub guide: String,
}

/// Makes the slot of a run with its sessions. Only for owners.
pub async fn plan_run(tx: &mut Tx, command: PlanRun) -> Result<Slot, CourseError> {
    let (tour, option) = command.catalogue.option(command.option).ok_or(CourseError::Unknown)?;
    command.actor.must_own(tour.workshop_id)?;
    if tour.course.is_none() || !option.active {
        return Err(CourseError::Unknown);
    }
    let sessions = check(&command, tx.now())?;
    let (Some(first), Some(last)) = (sessions.first(), sessions.last()) else {
        return Err(CourseError::Plan(vec![RunField::Sessions]));
    };
    let id = SlotId::new(tx.now());
    let slot = columns! {
        id: id,
        option_id: option.id,
        tour_id: tour.id,
        workshop_id: tour.workshop_id,
        starts_at: first.1.0,
        ends_at: last.1.1,
        closes_at: first.1.0 - TimeDelta::hours(i64::from(tour.lead_time_hours)),
        local_date: first.0.date,
        last_date: last.0.date,
        capacity: command.capacity,
        taken: 0_i32,
        overbooked: 0_i32,
        status: *"open",
        origin: *"host",
        guide: *command.guide.trim(),
        note: *"",
        run_state: *"undecided",
    };
    if !tx.insert_if_new("slot", slot).await? {
        return Err(CourseError::Occupied);
    }
    for (position, (planned, (starts_at, ends_at))) in (1_i32..).zip(&sessions) {
        let session = columns! {
            id: SessionId::new(tx.now()),
            slot_id: id,
            workshop_id: tour.workshop_id,
            position: position,
            starts_at: *starts_at,
            ends_at: *ends_at,
            local_date: planned.date,
            reason: *"",
        };
        tx.insert("course_session", session).await?;
    }
    let made = crate::schedule::slots::find(tx, id).await?.ok_or(CourseError::Unknown)?;
    crate::guide::heed_slot(tx, &made).await?;
    crate::busy::mark(tx, made.workshop_id).await?;
    let detail = json!({ "sessions": sessions.len(), "capacity": command.capacity });
    let workshop = Some(tour.workshop_id);
    audit::record(tx, &command.actor, "slot.plan_run", id, workshop, detail).await?;
    crate::schedule::slots::find(tx, id).await?.ok_or(CourseError::Unknown)
}

type Timed = (Planned, (DateTime<Utc>, DateTime<Utc>));

fn check(command: &PlanRun, now: DateTime<Utc>) -> Result<Vec<Timed>, CourseError> {
    let mut planned = command.sessions.clone();
    planned.sort_unstable();
    let mut wrong = Vec::new();
    if planned.is_empty() || planned.len() > MOST {
        wrong.push(RunField::Sessions);
    }
    let mut timed: Vec<Timed> = Vec::new();
    for (at, session) in planned.iter().enumerate() {
        let fits = (SHORTEST..=LONGEST).contains(&session.minutes);
        match session.instants().filter(|(start, _)| fits && now < *start) {
            None => wrong.push(RunField::Session(at)),
            Some((start, _)) if timed.last().is_some_and(|(_, (_, end))| start < *end) => {
                wrong.push(RunField::Overlap(at));
            }
            Some(instants) => timed.push((*session, instants)),
        }
    }
    if !(1..=MAX_CAPACITY).contains(&command.capacity) {
        wrong.push(RunField::Capacity);
    }
    if wrong.is_empty() { Ok(timed) } else { Err(CourseError::Plan(wrong)) }
}
