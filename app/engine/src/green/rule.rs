//! What of all entries is shown, and how long: without a database.

use std::collections::BTreeMap;

use chrono::{Months, NaiveDate};

use super::amount::Hundredths;
use super::measure::Measure;
use super::model::{Entry, Value};
use super::period::Period;

/// Months after the end of its period for which a figure stands by itself.
pub const FRESH_MONTHS: u32 = 18;
/// Months after which it is shown no more; between the two it is marked as not renewed.
pub const SHOWN_MONTHS: u32 = 24;
/// Values that make a line, and how many of them it shows.
const LEAST_POINTS: usize = 3;
const MOST_POINTS: usize = 12;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    Fresh,
    NotRenewed,
    /// Visitors don't see it any more.
    Past,
}

/// How old a figure may become, by the last day of its period: the only place that says so.
pub fn standing(last: NaiveDate, today: NaiveDate) -> Standing {
    let within =
        |months| last.checked_add_months(Months::new(months)).is_none_or(|until| today <= until);
    if within(FRESH_MONTHS) {
        Standing::Fresh
    } else if within(SHOWN_MONTHS) {
        Standing::NotRenewed
    } else {
        Standing::Past
    }
}

/// The entry that counts, of one measure of one workshop or tour. Of numbers the one of the latest period, put
/// right by whatever was entered last; of what is done the one that was said last, however long the period of
/// an older one goes on.
pub fn newest<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Option<&'a Entry> {
    entries.into_iter().filter(|entry| entry.withdrawn_at.is_none()).max_by_key(|entry| {
        let last = entry.measure.is_number().then(|| entry.period.last());
        (last, entry.entered_at, entry.id)
    })
}

/// A value of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    pub period: Period,
    pub amount: Hundredths,
}

/// A measure as visitors see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub entry: Entry,
    pub value: Value,
    pub standing: Standing,
    /// Values of periods of the same length, the oldest first; empty while there are too few.
    pub line: Vec<Point>,
}

/// What is shown of the entries of one workshop or one tour, in the order of the measures.
pub fn shown(entries: &[Entry], today: NaiveDate) -> Vec<Shown> {
    let mut by_measure: BTreeMap<Measure, Vec<&Entry>> = BTreeMap::new();
    for entry in entries {
        by_measure.entry(entry.measure).or_default().push(entry);
    }
    by_measure.into_values().filter_map(|entries| one(&entries, today)).collect()
}

fn one(entries: &[&Entry], today: NaiveDate) -> Option<Shown> {
    let entry = newest(entries.iter().copied())?;
    let standing = standing(entry.period.last(), today);
    if standing == Standing::Past {
        return None;
    }
    let line = line(entries, entry);
    Some(Shown { value: entry.value()?, entry: entry.clone(), standing, line })
}

/// Like is compared with like: periods of one length, materials from within one distance.
fn line(entries: &[&Entry], newest: &Entry) -> Vec<Point> {
    let mut kept: BTreeMap<NaiveDate, &Entry> = BTreeMap::new();
    let like = |entry: &&Entry| {
        entry.withdrawn_at.is_none()
            && entry.period.span == newest.period.span
            && entry.within_km == newest.within_km
    };
    for entry in entries.iter().copied().filter(like) {
        let place = kept.entry(entry.period.first).or_insert(entry);
        if (entry.entered_at, entry.id) > (place.entered_at, place.id) {
            *place = entry;
        }
    }
    let point = |entry: &Entry| Some(Point { period: entry.period, amount: entry.amount? });
    let points: Vec<Point> = kept.into_values().filter_map(point).collect();
    if points.len() < LEAST_POINTS {
        return Vec::new();
    }
    let skip = points.len().saturating_sub(MOST_POINTS);
    points.into_iter().skip(skip).collect()
}
