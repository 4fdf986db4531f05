//! Reading measures: what visitors see, what the workshop sees, co-ops' members side by side.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{Months, NaiveDate};

use super::error::GreenError;
use super::measure::Measure;
use super::model::Entry;
use super::rule::{Shown, shown};
use crate::accounts::{Actor, audit};
use crate::store::{Conn, StoreError};
use crate::{TourId, WorkshopId, params};

/// How far back a line of values goes.
const LINE_MONTHS: u32 = 60;

/// Entries that count, of a workshop and its tours.
async fn counting(
    conn: &mut Conn,
    workshop: WorkshopId,
    today: NaiveDate,
) -> Result<Vec<Entry>, StoreError> {
    let since = today.checked_sub_months(Months::new(LINE_MONTHS)).unwrap_or(today);
    conn.fetch_all(
        "SELECT * FROM green_entry WHERE workshop_id = $1 AND last_date >= $2 \
         AND withdrawn_at IS NULL",
        params![workshop, since],
    )
    .await
}

/// What a workshop shows of itself as a whole.
pub async fn of_workshop(
    conn: &mut Conn,
    workshop: WorkshopId,
    today: NaiveDate,
) -> Result<Vec<Shown>, StoreError> {
    let mut entries = counting(conn, workshop, today).await?;
    entries.retain(|entry| entry.tour_id.is_none());
    Ok(shown(&entries, today))
}

/// What is shown of a tour: its own measures, and those of its workshop that it has none of.
pub async fn of_tour(
    conn: &mut Conn,
    workshop: WorkshopId,
    tour: TourId,
    today: NaiveDate,
) -> Result<Vec<Shown>, StoreError> {
    let entries = counting(conn, workshop, today).await?;
    let (house, tours): (Vec<Entry>, Vec<Entry>) =
        entries.into_iter().partition(|entry| entry.tour_id.is_none());
    let own: Vec<Entry> = tours.into_iter().filter(|it| it.tour_id == Some(tour)).collect();
    let mut all = shown(&own, today);
    let told: Vec<Measure> = all.iter().map(|it| it.entry.measure).collect();
    all.extend(shown(&house, today).into_iter().filter(|it| !told.contains(&it.entry.measure)));
    all.sort_by_key(|it| it.entry.measure);
    Ok(all)
}

/// A measure with what each of several workshops shows of it, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub measure: Measure,
    pub cells: Vec<Option<Shown>>,
}

/// Workshops side by side: the measures that at least one of them shows.
pub async fn side_by_side(
    conn: &mut Conn,
    workshops: &[WorkshopId],
    today: NaiveDate,
) -> Result<Vec<Line>, StoreError> {
    let sql = |list: &str| {
        format!(
            "SELECT * FROM green_entry WHERE workshop_id IN ({list}) AND tour_id IS NULL \
             AND withdrawn_at IS NULL"
        )
    };
    let entries: Vec<Entry> = conn.fetch_among(workshops, sql).await?;
    let mut houses: HashMap<WorkshopId, Vec<Entry>> = HashMap::new();
    for entry in entries {
        houses.entry(entry.workshop_id).or_default().push(entry);
    }
    let mut lines: BTreeMap<Measure, Vec<Option<Shown>>> = BTreeMap::new();
    for (at, workshop) in workshops.iter().enumerate() {
        for it in houses.get(workshop).map(|own| shown(own, today)).unwrap_or_default() {
            let cells =
                lines.entry(it.entry.measure).or_insert_with(|| vec![None; workshops.len()]);
            if let Some(cell) = cells.get_mut(at) {
                *cell = Some(it);
            }
        }
    }
    Ok(lines.into_iter().map(|(measure, cells)| Line { measure, cells }).collect())
}

/// All that was entered of a workshop or of one tour, what was taken back aside.
pub async fn overview(
    conn: &mut Conn,
    actor: &Actor,
    workshop: WorkshopId,
    tour: Option<TourId>,
) -> Result<Vec<Entry>, GreenError> {
    actor.must_own(workshop)?;
    let mut entries: Vec<Entry> = conn
        .fetch_all(
            "SELECT * FROM green_entry WHERE workshop_id = $1 AND withdrawn_at IS NULL",
            params![workshop],
        )
        .await?;
    entries.retain(|entry| entry.tour_id == tour);
    Ok(entries)
}

/// An entry with who made it: None for the platform itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub entry: Entry,
    pub by: Option<String>,
}

/// Everything that was entered of a measure, the latest first, what was taken back among it.
pub async fn history(
    conn: &mut Conn,
    actor: &Actor,
    (workshop, tour): (WorkshopId, Option<TourId>),
    measure: Measure,
) -> Result<Vec<Kept>, GreenError> {
    actor.must_own(workshop)?;
    let mut entries: Vec<Entry> = conn
        .fetch_all(
            "SELECT * FROM green_entry WHERE workshop_id = $1 AND measure = $2 \
             ORDER BY entered_at DESC, id DESC",
            params![workshop, measure],
        )
        .await?;
    entries.retain(|entry| entry.tour_id == tour);
    let labels: BTreeSet<&str> = entries.iter().map(|entry| entry.entered_by.as_str()).collect();
    let mut names: HashMap<String, String> = HashMap::new();
    for label in labels {
        if let Some(name) = audit::name_of(conn, label).await? {
            names.insert(label.to_owned(), name);
        }
    }
    let kept = entries.into_iter().map(|entry| {
        let by = names.get(&entry.entered_by).cloned();
        Kept { entry, by }
    });
    Ok(kept.collect())
}
