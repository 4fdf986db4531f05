//! Figures of the year: who works in a workshop, entered by its owner once a year.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde_json::json;

use super::error::{Field, ReportError, Wrong};
use crate::accounts::{Actor, audit};
use crate::store::{Conn, StoreError, Tx};
use crate::{WorkshopId, columns, params};

/// No workshop of a village has more; it is a slip of the finger.
pub const MOST_PEOPLE: i32 = 5_000;
/// Years back that an owner may enter or put right.
pub const YEARS_BACK: i32 = 3;

/// Who works there. Women and those of the season are counted among the workers; artisans (nghệ nhân) and
/// apprentices may be others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Jobs {
    pub workers: i32,
    pub artisans: i32,
    pub apprentices: i32,
    pub women: i32,
    pub seasonal: i32,
}

/// The figures of one year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct YearFigures {
    pub year: i32,
    #[sqlx(flatten)]
    pub jobs: Jobs,
    pub updated_at: DateTime<Utc>,
}

/// As they were typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JobsInput {
    pub workers: String,
    pub artisans: String,
    pub apprentices: String,
    pub women: String,
    pub seasonal: String,
}

impl Jobs {
    pub fn parse(input: &JobsInput) -> Result<Self, ReportError> {
        let mut wrongs = Vec::new();
        let mut number = |text: &str, field| {
            let text: String = text.chars().filter(|c| !c.is_whitespace() && *c != '.').collect();
            let read = text.parse::<i32>().ok().filter(|n| (0..=MOST_PEOPLE).contains(n));
            if read.is_none() {
                let missing = text.is_empty();
                let wrong =
                    if missing { Wrong::Missing } else { Wrong::Number { most: MOST_PEOPLE } };
                wrongs.push((field, wrong));
            }
            read
        };
        let workers = number(&input.workers, Field::Workers);
        let women = number(&input.women, Field::Women);
        let seasonal = number(&input.seasonal, Field::Seasonal);
        let artisans = number(&input.artisans, Field::Artisans);
        let apprentices = number(&input.apprentices, Field::Apprentices);
        for (part, field) in [(women, Field::Women), (seasonal, Field::Seasonal)] {
            if part.zip(workers).is_some_and(|(part, workers)| part > workers) {
                wrongs.push((field, Wrong::MoreThanWorkers));
            }
        }
        match (workers, artisans, apprentices, women, seasonal) {
            (Some(workers), Some(artisans), Some(apprentices), Some(women), Some(seasonal))
                if wrongs.is_empty() =>
            {
                Ok(Jobs { workers, artisans, apprentices, women, seasonal })
            }
            _ => Err(ReportError::Fields(wrongs)),
        }
    }
}

/// Years that an owner may enter now, the latest first: this one and some before.
pub fn open_years(today: NaiveDate) -> impl Iterator<Item = i32> {
    let this = today.year();
    (this - YEARS_BACK..=this).rev()
}

#[derive(Debug, Clone)]
pub struct SaveFigures {
    pub actor: Actor,
    pub workshop: WorkshopId,
    pub year: i32,
    pub jobs: Jobs,
}

/// Enters a year's figures, or puts them right.
pub async fn save_figures(tx: &mut Tx, command: SaveFigures) -> Result<(), ReportError> {
    let SaveFigures { actor, workshop, year, jobs } = command;
    actor.must_own(workshop)?;
    if !open_years(crate::clock::local_date(tx.now())).any(|open| open == year) {
        return Err(ReportError::Unknown);
    }
    let row = columns! {
        workers: jobs.workers,
        artisans: jobs.artisans,
        apprentices: jobs.apprentices,
        women: jobs.women,
        seasonal: jobs.seasonal,
        updated_at: tx.now(),
    };
    let key = columns! { workshop_id: workshop, year: year };
    if !tx.insert_if_new("year_figures", key.clone().and(row.clone())).await? {
        tx.update_one("year_figures", row, key).await?;
    }
    let detail = json!({ "year": year });
    audit::record(tx, &actor, "report.figures", workshop, Some(workshop), detail).await?;
    Ok(())
}

/// What a workshop has entered, the latest year first.
pub async fn figures_of(
    conn: &mut Conn,
    actor: &Actor,
    workshop: WorkshopId,
) -> Result<Vec<YearFigures>, ReportError> {
    actor.must_own(workshop)?;
    let all = conn
        .fetch_all(
            "SELECT year, workers, artisans, apprentices, women, seasonal, updated_at \
             FROM year_figures WHERE workshop_id = $1 ORDER BY year DESC",
            params![workshop],
        )
        .await?;
    Ok(all)
}

/// The year whose figures are missing: the last one, of a workshop that had departures in it.
pub async fn missing_year(
    conn: &mut Conn,
    workshop: WorkshopId,
    today: NaiveDate,
) -> Result<Option<i32>, StoreError> {
    let year = today.year() - 1;
    let (Some(first), Some(last)) =
        (NaiveDate::from_ymd_opt(year, 1, 1), NaiveDate::from_ymd_opt(year, 12, 31))
    else {
        return Ok(None);
    };
    let due: Option<(WorkshopId,)> = conn
        .fetch_optional(
            "SELECT id FROM workshop WHERE id = $1 AND EXISTS (SELECT 1 FROM slot \
             WHERE slot.workshop_id = workshop.id AND slot.local_date BETWEEN $2 AND $3) \
             AND NOT EXISTS (SELECT 1 FROM year_figures WHERE workshop_id = $1 AND year = $4)",
            params![workshop, first, last, year],
        )
        .await?;
    Ok(due.map(|_| year))
}
