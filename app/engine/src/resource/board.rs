//! The board: who has which resource when, how full each day is, and what is short.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::error::ResourceError;
use super::model::{Purpose, Resource, Stretch, Use};
use super::plan::{self, Occupied};
use super::{needs, pool::Pool};
use crate::accounts::Actor;
use crate::clock::local_date;
use crate::store::{Conn, StoreError};
use crate::{NeedId, OptionId, ResourceId, SlotId, TourId, WorkshopId, params};

/// A use and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub taken: Use,
    /// The visit that it serves.
    pub visit: Option<VisitLine>,
}

impl Shown {
    /// The member that has it: the visit's workshop, or whose own work it is.
    pub fn workshop(&self) -> Option<WorkshopId> {
        self.visit.map(|visit| visit.workshop_id).or(self.taken.workshop_id)
    }
}

/// A visit as the board names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct VisitLine {
    pub id: SlotId,
    pub tour_id: TourId,
    pub option_id: OptionId,
    pub workshop_id: WorkshopId,
    pub starts_at: DateTime<Utc>,
    pub heads: i32,
}

/// One day of one resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayLoad {
    pub date: NaiveDate,
    /// Taken of what there is within the opening hours, in per cent; more than 100 when something
    /// broke or it is used outside them. None on a day without hours.
    pub percent: Option<i64>,
    /// Most that is taken at one moment.
    pub peak: i32,
    pub uses: Vec<Shown>,
}

/// One line of the board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub resource: Resource,
    pub days: Vec<DayLoad>,
}

/// A booked visit that lacks something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Gap {
    pub slot_id: SlotId,
    pub need_id: NeedId,
    /// Its preferred resource; None when the option does not need it any more.
    pub resource_id: Option<ResourceId>,
    pub amount: i32,
    pub workshop_id: WorkshopId,
    pub tour_id: TourId,
    pub option_id: OptionId,
    pub starts_at: DateTime<Utc>,
    pub heads: i32,
}

/// Some days of all the resources that a workshop may count on, its own and its co-op's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Board {
    pub dates: Vec<NaiveDate>,
    pub rows: Vec<Row>,
    pub gaps: Vec<Gap>,
}

/// Reads the board of a workshop, for those who serve there.
pub async fn board(
    conn: &mut Conn,
    actor: &Actor,
    workshop: WorkshopId,
    from: NaiveDate,
    days: usize,
) -> Result<Board, ResourceError> {
    actor.must_serve(workshop)?;
    let dates: Vec<NaiveDate> = from.iter_days().take(days).collect();
    let mut resources = needs::usable_by(conn, workshop).await?;
    // People have a week of their own.
    let guides = crate::guide::of_workshop(conn, workshop).await?;
    resources.retain(|it| !guides.iter().any(|guide| guide.id() == it.id));
    let pool = needs::pool_of_workshop(conn, workshop).await?;
    let pool = Pool::load(conn, pool).await?;
    let uses = match span(&dates) {
        Some(span) => pool.uses(conn, span).await?,
        None => Vec::new(),
    };
    let visits = visits_of(conn, &uses).await?;
    let rows = resources
        .into_iter()
        .filter(|resource| {
            resource.active || uses.iter().any(|taken| taken.resource_id == resource.id)
        })
        .map(|resource| row(resource, &dates, &uses, &visits))
        .collect();
    let gaps = gaps_of(conn, &pool).await?;
    Ok(Board { dates, rows, gaps })
}

/// From the first midnight to the last.
fn span(dates: &[NaiveDate]) -> Option<Stretch> {
    Stretch::around(dates.iter().filter_map(|date| whole_day(*date)))
}

fn whole_day(date: NaiveDate) -> Option<Stretch> {
    super::model::WeekHours::default().on(date).first().copied()
}

fn row(
    resource: Resource,
    dates: &[NaiveDate],
    uses: &[Use],
    visits: &HashMap<SlotId, VisitLine>,
) -> Row {
    let mine: Vec<&Use> = uses.iter().filter(|it| it.resource_id == resource.id).collect();
    let days = dates
        .iter()
        .map(|date| {
            let begun = mine.iter().filter(|it| is_of(it, *date)).map(|it| Shown {
                taken: (*it).clone(),
                visit: it.slot_id.and_then(|slot| visits.get(&slot).copied()),
            });
            let taken = mine.iter().map(|it| Occupied {
                stretch: it.stretch(),
                amount: it.amount,
                slot: it.slot_id,
            });
            let day = whole_day(*date);
            DayLoad {
                date: *date,
                percent: percent(&resource, *date, &mine),
                peak: day.map_or(0, |day| plan::peak(taken, day)),
                uses: begun.collect(),
            }
        })
        .collect();
    Row { resource, days }
}

/// Visits and own work stand on the day on which they begin, upkeep on every day that it lasts.
fn is_of(taken: &Use, date: NaiveDate) -> bool {
    match taken.purpose {
        Purpose::Upkeep => whole_day(date).is_some_and(|day| day.overlaps(taken.stretch())),
        Purpose::Visit | Purpose::Own => local_date(taken.starts_at) == date,
    }
}

fn percent(resource: &Resource, date: NaiveDate, uses: &[&Use]) -> Option<i64> {
    let open = resource.hours.on(date);
    let there: i64 =
        open.iter().map(|span| span.minutes()).sum::<i64>() * i64::from(resource.quantity);
    if there == 0 {
        return None;
    }
    let taken: i64 = open
        .iter()
        .flat_map(|span| uses.iter().map(move |it| (span, it)))
        .filter(|(span, it)| span.overlaps(it.stretch()))
        .map(|(span, it)| {
            let both = Stretch { from: span.from.max(it.starts_at), to: span.to.min(it.ends_at) };
            both.minutes() * i64::from(it.amount)
        })
        .sum();
    Some((taken * 100 + there / 2) / there)
}

pub(super) async fn visits_of(
    conn: &mut Conn,
    uses: &[Use],
) -> Result<HashMap<SlotId, VisitLine>, StoreError> {
    let mut ids: Vec<SlotId> = uses.iter().filter_map(|it| it.slot_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let sql = |list: &str| {
        format!(
            "SELECT id, tour_id, option_id, workshop_id, starts_at, heads FROM slot \
             WHERE id IN ({list})"
        )
    };
    let rows: Vec<VisitLine> = conn.fetch_among(&ids, sql).await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

async fn gaps_of(conn: &mut Conn, pool: &Pool) -> Result<Vec<Gap>, StoreError> {
    conn.fetch_all(
        "SELECT resource_gap.slot_id, resource_gap.need_id, resource_gap.amount, \
         (SELECT resource_id FROM option_need_choice \
         WHERE option_need_choice.need_id = resource_gap.need_id ORDER BY position LIMIT 1) \
         AS resource_id, slot.workshop_id, slot.tour_id, slot.option_id, slot.starts_at, slot.heads \
         FROM resource_gap JOIN slot ON slot.id = resource_gap.slot_id \
         JOIN tour_option ON tour_option.id = slot.option_id \
         WHERE tour_option.pool_id = $1 AND slot.heads > 0 ORDER BY slot.starts_at, slot.id",
        params![pool.id],
    )
    .await
}
