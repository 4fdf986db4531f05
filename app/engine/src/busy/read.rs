//! The one rule of busy calendars, without a database: at which times a calendar is busy.
//!
//! Calendars are read leniently: an event that can't be understood is counted and left out, the
//! rest is kept. Times without a zone, and zones that nobody knows, are the venue's.

use std::collections::BTreeMap;

use calcard::common::IanaString;
use calcard::common::timezone::Tz;
use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarEntry, ICalendarFreeBusyType,
    ICalendarParameter, ICalendarParameterName, ICalendarPeriod, ICalendarProperty,
    ICalendarStatus, ICalendarTransparency, ICalendarValue,
};
use calcard::{Entry, Parser};
use chrono::{DateTime, TimeDelta, Utc};

use crate::clock::VENUE_ZONE;
use crate::resource::Stretch;

/// Repetitions of one event, counted from its first; a daily one reaches 27 years.
const MAX_REPEATS: usize = 10_000;
/// Of all events together: a calendar must not keep the machine busy.
const MAX_WORK: usize = 2_000_000;
/// Times kept of one calendar, the nearest ones.
const MAX_SPANS: usize = 2_000;
/// Longest text kept of an event, in characters.
const MAX_TEXT: usize = 120;
/// Longest `UID` that is kept whole.
const MAX_UID: usize = 255;

/// A time at which the calendar is busy.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Busy {
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub uid: String,
    pub all_day: bool,
    pub summary: String,
}

/// What a calendar says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// First ones first.
    pub busy: Vec<Busy>,
    /// Events of our own feeds that came back.
    pub own: usize,
    /// Events that could not be understood, and repetitions beyond what is read.
    pub unread: usize,
}

/// The times within `window` at which a calendar is busy; None where the text is no calendar.
/// Events whose `UID` ends with `@` and our own domain are ours, and not busy: the workshop's other
/// calendar may subscribe to our feed.
pub fn read(text: &str, own_domain: &str, window: Stretch) -> Option<Reading> {
    let calendars = calendars(text);
    if calendars.is_empty() {
        return None;
    }
    let mut reading = Reading::default();
    let mut work = MAX_WORK;
    for mut calendar in calendars {
        name_zones(&mut calendar);
        for (uid, events) in by_uid(&calendar) {
            if is_own(&uid, own_domain) {
                reading.own += 1;
                continue;
            }
            expand(&calendar, &uid, events, window, &mut work, &mut reading);
        }
        for component in calendar.components.iter().filter(|it| it.component_type.is_freebusy()) {
            reading.busy.extend(free_busy(component, window));
        }
    }
    reading.busy.sort();
    reading.busy.dedup();
    reading.unread += reading.busy.len().saturating_sub(MAX_SPANS);
    reading.busy.truncate(MAX_SPANS);
    Some(reading)
}

/// All calendars of the text; lines that belong to none are passed over.
fn calendars(text: &str) -> Vec<ICalendar> {
    let mut parser = Parser::new(text);
    let mut calendars = Vec::new();
    loop {
        match parser.entry() {
            Entry::ICalendar(calendar) => calendars.push(calendar),
            Entry::Eof => return calendars,
            _ => {}
        }
    }
}

fn is_own(uid: &str, domain: &str) -> bool {
    let found = uid.rsplit_once('@').map(|(_, at)| at);
    found.is_some_and(|at| !domain.is_empty() && at.eq_ignore_ascii_case(domain))
}

/// An event and its changed repetitions have the same UID. One without any is alone.
fn by_uid(calendar: &ICalendar) -> BTreeMap<String, Vec<&ICalendarComponent>> {
    let mut events: BTreeMap<String, Vec<&ICalendarComponent>> = BTreeMap::new();
    for (at, component) in calendar.components.iter().enumerate() {
        if !component.component_type.is_event() {
            continue;
        }
        let uid = component.uid().map_or_else(|| format!("#{at}"), |uid| cut(uid, MAX_UID));
        events.entry(uid).or_default().push(component);
    }
    events
}

/// Adds the times of one event. The reader tells changed repetitions apart by `SEQUENCE` and not
/// by `UID`, and calendars raise it with each change: so each event is read by itself, without it.
fn expand(
    calendar: &ICalendar,
    uid: &str,
    events: Vec<&ICalendarComponent>,
    window: Stretch,
    work: &mut usize,
    reading: &mut Reading,
) {
    // Birthdays and the like: many, endless, and in nobody's way.
    if !events.iter().any(|event| is_busy(event)) {
        return;
    }
    let is_kept = |entry: &&ICalendarEntry| entry.name != ICalendarProperty::Sequence;
    let zones = calendar.timezones().cloned();
    let events = events.into_iter().map(|event| ICalendarComponent {
        component_type: event.component_type.clone(),
        entries: event.entries.iter().filter(is_kept).cloned().map(zone_named).collect(),
        component_ids: Vec::new(),
    });
    let alone = ICalendar { components: zones.chain(events).collect() };
    let limit = MAX_REPEATS.min(*work);
    let expanded = alone.expand_dates(Tz::Tz(VENUE_ZONE), limit);
    *work = work.saturating_sub(expanded.events.len());
    reading.unread += expanded.errors.len();
    let cut_off = expanded.events.len() >= limit
        && expanded.events.iter().all(|it| it.start.to_utc() < window.to);
    reading.unread += usize::from(cut_off);
    for time in expanded.events {
        let Some(event) =
            usize::try_from(time.comp_id).ok().and_then(|at| alone.components.get(at))
        else {
            continue;
        };
        if !is_busy(event) || !has_length(event) {
            continue;
        }
        let Some(time) = time.try_into_date_time() else {
            reading.unread += 1;
            continue;
        };
        let stretch = Stretch { from: time.start.to_utc(), to: time.end.to_utc() };
        // What has no length takes no time.
        if stretch.from < stretch.to && stretch.overlaps(window) {
            reading.busy.push(Busy {
                starts_at: stretch.from,
                ends_at: stretch.to,
                uid: uid.to_owned(),
                all_day: is_all_day(event),
                summary: summary(event),
            });
        }
    }
}

/// The reader repeats an event in the zone that its start names, and where it names none in the
/// venue's: so a start in UTC ("…Z") names it.
fn zone_named(mut entry: ICalendarEntry) -> ICalendarEntry {
    let utc = |value: &ICalendarValue| {
        value.as_partial_date_time().is_some_and(|it| it.tz_hour == Some(0))
    };
    let start = entry.name == ICalendarProperty::Dtstart && entry.tz_id().is_none();
    if start && entry.values.first().is_some_and(utc) {
        entry.params.push(ICalendarParameter::tzid("Etc/UTC".to_owned()));
    }
    entry
}

fn is_busy(event: &ICalendarComponent) -> bool {
    let cancelled = event.status() == Some(&ICalendarStatus::Cancelled);
    let free = event.transparency() == Some(&ICalendarTransparency::Transparent);
    !cancelled && !free
}

/// An event that only begins takes no time (RFC 5545 section 3.6.1); the reader lets it last until
/// midnight.
fn has_length(event: &ICalendarComponent) -> bool {
    is_all_day(event)
        || event.has_property(&ICalendarProperty::Dtend)
        || event.has_property(&ICalendarProperty::Duration)
}

fn is_all_day(event: &ICalendarComponent) -> bool {
    let start = event.property(&ICalendarProperty::Dtstart);
    let value = start.and_then(|it| it.values.first()).and_then(|it| it.as_partial_date_time());
    value.is_some_and(|it| it.hour.is_none())
}

fn summary(event: &ICalendarComponent) -> String {
    let entry = event.property(&ICalendarProperty::Summary);
    let text = entry.and_then(|it| it.values.first()).and_then(ICalendarValue::as_text);
    let text = text.unwrap_or_default().replace(char::is_control, " ");
    let words: Vec<&str> = text.split_whitespace().collect();
    cut(&words.join(" "), MAX_TEXT)
}

/// The beginning of a text. A zero byte is no text to PostgreSQL.
fn cut(text: &str, most: usize) -> String {
    text.chars().filter(|it| *it != '\0').take(most).collect()
}

/// The busy periods of a `VFREEBUSY` (RFC 5545 section 3.6.4), which are in UTC.
fn free_busy(component: &ICalendarComponent, window: Stretch) -> Vec<Busy> {
    let mut all = Vec::new();
    for entry in component.properties(&ICalendarProperty::Freebusy) {
        let kind = entry.parameter(&ICalendarParameterName::Fbtype).and_then(|it| it.as_text());
        let free = ICalendarFreeBusyType::Free.as_str();
        if kind.is_some_and(|kind| kind.eq_ignore_ascii_case(free)) {
            continue;
        }
        for value in &entry.values {
            let ICalendarValue::Period(period) = value else { continue };
            let Some(stretch) = period_of(period) else { continue };
            if stretch.from < stretch.to && stretch.overlaps(window) {
                all.push(Busy {
                    starts_at: stretch.from,
                    ends_at: stretch.to,
                    uid: "freebusy".to_owned(),
                    all_day: false,
                    summary: String::new(),
                });
            }
        }
    }
    all
}

fn period_of(period: &ICalendarPeriod) -> Option<Stretch> {
    let (start, end) = match period {
        ICalendarPeriod::Range { start, end } => (start, Ok(end)),
        ICalendarPeriod::Duration { start, duration } => (start, Err(duration.to_time_delta()?)),
    };
    let from = start.to_date_time_with_tz(Tz::UTC)?.to_utc();
    let to = match end {
        Ok(end) => end.to_date_time_with_tz(Tz::UTC)?.to_utc(),
        Err(length) => from.checked_add_signed(length)?,
    };
    Some(Stretch { from, to })
}

/// Gives zones that only their own `VTIMEZONE` explains the name of one with the same offset. Rules
/// of daylight saving are left out: such calendars come from programs that name zones anyhow
/// they like, for places that have none.
fn name_zones(calendar: &mut ICalendar) {
    let offsets: Vec<(usize, String)> = calendar
        .components
        .iter()
        .enumerate()
        .filter(|(_, it)| it.component_type == ICalendarComponentType::VTimezone)
        .filter(|(_, it)| it.timezone().is_none())
        .filter_map(|(at, zone)| {
            let parts = zone.component_ids.iter();
            let mut parts = parts.filter_map(|id| calendar.component_by_id(*id));
            let standard =
                parts.find(|it| it.component_type == ICalendarComponentType::Standard)?;
            let offset = standard.property(&ICalendarProperty::Tzoffsetto)?;
            let offset = offset.values.first()?.as_partial_date_time()?;
            // The signs of these names are the other way round.
            let sign = if offset.tz_minus { '+' } else { '-' };
            match (offset.tz_hour?, offset.tz_minute.unwrap_or(0)) {
                (0, 0) => Some((at, "Etc/GMT".to_owned())),
                (hours, 0) => Some((at, format!("Etc/GMT{sign}{hours}"))),
                _ => None,
            }
        })
        .collect();
    for (at, name) in offsets {
        if let Some(zone) = calendar.components.get_mut(at) {
            zone.entries.push(ICalendarEntry {
                name: ICalendarProperty::Other("X-LIC-LOCATION".to_owned()),
                params: Vec::new(),
                values: vec![ICalendarValue::Text(name)],
            });
        }
    }
}

/// How far the times of a calendar are written out: as far ahead as slots exist, and a day that
/// has begun.
pub fn window(now: DateTime<Utc>) -> Stretch {
    let ahead = TimeDelta::days(crate::schedule::HORIZON_DAYS + 7);
    Stretch { from: now - TimeDelta::days(1), to: now + ahead }
}
