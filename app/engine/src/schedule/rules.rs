//! Opening rules and closures in the database.

use chrono::{DateTime, NaiveDate, Utc};

use super::day_rule::{DayColumns, DayRule};
use super::model::{Closure, Hours, LunarDays, Opening, Rule, Season, Times, Weekdays};
use crate::store::{Columns, Conn, StoreError, TimeOfDay, Tx};
use crate::{ClosureId, Localized, OptionId, RuleId, TourId, WorkshopId, columns, params};

#[derive(sqlx::FromRow)]
struct RuleRow {
    id: RuleId,
    option_id: OptionId,
    workshop_id: WorkshopId,
    weekdays: Weekdays,
    lunar_days: LunarDays,
    times: Times,
    season_from: Option<String>,
    season_to: Option<String>,
    valid_from: Option<NaiveDate>,
    valid_to: Option<NaiveDate>,
    capacity: i32,
    guide: String,
}

impl From<RuleRow> for Rule {
    fn from(row: RuleRow) -> Self {
        Rule {
            id: row.id,
            option_id: row.option_id,
            workshop_id: row.workshop_id,
            opening: Opening {
                weekdays: row.weekdays,
                lunar_days: row.lunar_days,
                times: row.times,
                season: Season::parse(row.season_from.as_deref(), row.season_to.as_deref()),
                valid_from: row.valid_from,
                valid_to: row.valid_to,
                capacity: row.capacity,
                guide: row.guide,
            },
        }
    }
}

#[derive(sqlx::FromRow)]
struct ClosureRow {
    id: ClosureId,
    workshop_id: WorkshopId,
    tour_id: Option<TourId>,
    reason: Localized,
    #[sqlx(flatten)]
    days: DayColumns,
    time_from: Option<TimeOfDay>,
    time_to: Option<TimeOfDay>,
    created_at: DateTime<Utc>,
}

impl TryFrom<ClosureRow> for Closure {
    type Error = StoreError;

    fn try_from(row: ClosureRow) -> Result<Self, StoreError> {
        Ok(Closure {
            id: row.id,
            workshop_id: row.workshop_id,
            tour_id: row.tour_id,
            reason: row.reason,
            rule: row.days.read("closure")?,
            hours: row.time_from.zip(row.time_to).map(|(from, to)| Hours { from, to }),
            saved_at: row.created_at,
        })
    }
}

fn rule_columns(option: OptionId, opening: &Opening) -> Columns {
    let season = opening.season.map(Season::words);
    columns! {
        option_id: option,
        weekdays: opening.weekdays,
        lunar_days: opening.lunar_days,
        times: opening.times,
        season_from: season.as_ref().map(|words| &words.0),
        season_to: season.as_ref().map(|words| &words.1),
        valid_from: opening.valid_from,
        valid_to: opening.valid_to,
        capacity: opening.capacity,
        guide: opening.guide,
    }
}

pub async fn insert_rule(
    tx: &mut Tx,
    workshop: WorkshopId,
    option: OptionId,
    opening: &Opening,
) -> Result<RuleId, StoreError> {
    let id = RuleId::new(tx.now());
    let fixed = columns! { id: id, workshop_id: workshop, created_at: tx.now() };
    tx.insert("schedule_rule", fixed.and(rule_columns(option, opening))).await?;
    Ok(id)
}

/// Changes a rule of the workshop.
pub(super) async fn update_rule(
    tx: &mut Tx,
    workshop: WorkshopId,
    id: RuleId,
    option: OptionId,
    opening: &Opening,
) -> Result<(), StoreError> {
    let key = columns! { id: id, workshop_id: workshop };
    tx.update_one("schedule_rule", rule_columns(option, opening), key).await
}

/// An option got another number of seats: rules that had its own number follow it. Slots with
/// bookings keep theirs and are the host's from now on; how many those are is the answer.
pub(crate) async fn follow_capacity(
    tx: &mut Tx,
    option: OptionId,
    from: i32,
    to: i32,
) -> Result<u64, StoreError> {
    tx.execute(
        "UPDATE schedule_rule SET capacity = $3 WHERE option_id = $1 AND capacity = $2",
        params![option, from, to],
    )
    .await?;
    tx.execute(
        "UPDATE slot SET origin = 'host' WHERE option_id = $1 AND capacity = $2 \
         AND origin = 'rule' AND taken > 0 AND status <> 'cancelled' AND starts_at > $3",
        params![option, from, tx.now()],
    )
    .await
}

pub async fn insert_closure(
    tx: &mut Tx,
    workshop: WorkshopId,
    tour: Option<TourId>,
    reason: &Localized,
    rule: &DayRule,
    hours: Option<Hours>,
) -> Result<ClosureId, StoreError> {
    let id = ClosureId::new(tx.now());
    let columns = columns! {
        id: id,
        workshop_id: workshop,
        tour_id: tour,
        reason: *reason,
        time_from: hours.map(|hours| hours.from),
        time_to: hours.map(|hours| hours.to),
        created_at: tx.now(),
    };
    tx.insert("closure", columns.and(rule.columns())).await?;
    Ok(id)
}

/// Opening rules of a workshop.
pub async fn rules_of(conn: &mut Conn, workshop: WorkshopId) -> Result<Vec<Rule>, StoreError> {
    let rows: Vec<RuleRow> = conn
        .fetch_all(
            "SELECT * FROM schedule_rule WHERE workshop_id = $1 ORDER BY created_at, id",
            params![workshop],
        )
        .await?;
    Ok(rows.into_iter().map(Rule::from).collect())
}

/// Closures of a workshop, its tours' included.
pub async fn closures_of(
    conn: &mut Conn,
    workshop: WorkshopId,
) -> Result<Vec<Closure>, StoreError> {
    let rows: Vec<ClosureRow> = conn
        .fetch_all(
            "SELECT * FROM closure WHERE workshop_id = $1 ORDER BY created_at, id",
            params![workshop],
        )
        .await?;
    rows.into_iter().map(Closure::try_from).collect()
}
