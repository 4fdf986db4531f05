//! Places where students learn by working.

use chrono::{DateTime, Months, NaiveDate, Utc};
use serde_json::json;

use super::error::{Field, PartnerError, Wrong, Wrongs};
use super::read::Reader;
use crate::accounts::{Actor, audit};
use crate::store::{Conn, StoreError, Tx};
use crate::{Localized, PlacementId, WorkshopId, columns, params};

const MAX_TITLE: usize = 120;
const MAX_WORDS: usize = 2_000;
const MAX_ALLOWANCE: usize = 300;
const MOST_PLACES: i32 = 99;
/// A placement ends within so many months.
const MONTHS_AHEAD: u32 = 24;

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Placement {
    pub id: PlacementId,
    pub workshop_id: WorkshopId,
    pub title: Localized,
    /// What students do and learn.
    pub about: Localized,
    /// What is asked of them.
    pub asked: Localized,
    /// What they get; may be empty.
    pub allowance: Localized,
    pub first_date: NaiveDate,
    pub last_date: NaiveDate,
    pub places: i32,
    /// Takes applications.
    pub open: bool,
    pub version: i32,
    pub created_at: DateTime<Utc>,
}

/// A placement with how many wait for an answer and how many were accepted.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Offered {
    #[sqlx(flatten)]
    pub placement: Placement,
    pub waiting: i64,
    pub accepted: i64,
}

impl Offered {
    pub fn left(&self) -> i64 {
        (i64::from(self.placement.places) - self.accepted).max(0)
    }

    /// Whether students may apply on a day.
    pub fn takes(&self, today: NaiveDate) -> bool {
        self.placement.open && today <= self.placement.last_date && self.left() > 0
    }
}

/// As typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlacementInput {
    pub title: Localized,
    pub about: Localized,
    pub asked: Localized,
    pub allowance: Localized,
    pub first: String,
    pub last: String,
    pub places: String,
}

impl PlacementInput {
    /// What the editor begins with.
    pub fn of(placement: &Placement) -> Self {
        Self {
            title: placement.title.clone(),
            about: placement.about.clone(),
            asked: placement.asked.clone(),
            allowance: placement.allowance.clone(),
            first: placement.first_date.to_string(),
            last: placement.last_date.to_string(),
            places: placement.places.to_string(),
        }
    }
}

/// The same, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacementData {
    title: Localized,
    about: Localized,
    asked: Localized,
    allowance: Localized,
    first: NaiveDate,
    last: NaiveDate,
    places: i32,
}

impl PlacementData {
    /// The first day may be past, since a placement is edited while it runs.
    pub fn parse(input: &PlacementInput, today: NaiveDate) -> Result<Self, Wrongs> {
        let mut reader = Reader::default();
        let title = reader.texts(Field::Title, &input.title, MAX_TITLE);
        let about = reader.texts(Field::About, &input.about, MAX_WORDS);
        let asked = reader.optional_texts(Field::Asked, &input.asked, MAX_WORDS);
        let allowance = reader.optional_texts(Field::Allowance, &input.allowance, MAX_ALLOWANCE);
        let months = Months::new(MONTHS_AHEAD);
        let between = (
            today.checked_sub_months(months).unwrap_or(today),
            today.checked_add_months(months).unwrap_or(today),
        );
        let first = reader.date(Field::First, &input.first, between);
        let last = reader.date(Field::Last, &input.last, between);
        if first.zip(last).is_some_and(|(first, last)| last < first) {
            reader.wrong(Field::Last, Wrong::Order);
        }
        let places = reader.number(Field::Places, &input.places, 1, MOST_PLACES);
        let all = || Some((first?, last?, places?));
        let data = all().map(|(first, last, places)| PlacementData {
            title,
            about,
            asked,
            allowance,
            first,
            last,
            places,
        });
        reader.finish(data)
    }
}

#[derive(Debug, Clone)]
pub struct SavePlacement {
    pub actor: Actor,
    pub workshop: WorkshopId,
    /// Of one that is there: its id and the version that the editor read.
    pub placement: Option<(PlacementId, i32)>,
    /// The same form is one placement.
    pub form_key: String,
    pub data: PlacementData,
}

/// Offers a placement, open from now, or changes one.
pub async fn save_placement(
    tx: &mut Tx,
    command: SavePlacement,
) -> Result<PlacementId, PartnerError> {
    let SavePlacement { actor, workshop, placement: known, form_key, data } = command;
    actor.must_own(workshop)?;
    let said = columns! {
        title: data.title,
        about: data.about,
        asked: data.asked,
        allowance: data.allowance,
        first_date: data.first,
        last_date: data.last,
        places: data.places,
    };
    let detail = json!({ "title": data.title.vi });
    if let Some((id, version)) = known {
        let row = said.and(columns! { version: version + 1 });
        let key = columns! { id: id, workshop_id: workshop, version: version };
        if tx.update("placement", row, key).await? == 0 {
            return Err(PartnerError::Changed);
        }
        audit::record(tx, &actor, "placement.change", id, Some(workshop), detail).await?;
        return Ok(id);
    }
    let row = said.and(columns! {
        id: PlacementId::new(tx.now()),
        form_key: form_key,
        workshop_id: workshop,
        open: true,
        version: 1_i32,
        created_at: tx.now(),
    });
    let new = tx.insert_if_new("placement", row).await?;
    let made: Option<(PlacementId,)> = tx
        .fetch_optional(
            "SELECT id FROM placement WHERE form_key = $1 AND workshop_id = $2",
            params![form_key, workshop],
        )
        .await?;
    let (id,) = made.ok_or(PartnerError::Unknown)?;
    if new {
        audit::record(tx, &actor, "placement.add", id, Some(workshop), detail).await?;
    }
    Ok(id)
}

#[derive(Debug, Clone)]
pub struct OpenPlacement {
    pub actor: Actor,
    pub placement: PlacementId,
    /// Takes applications from now on, or none.
    pub open: bool,
}

/// Who applied already is answered all the same.
pub async fn open_placement(tx: &mut Tx, command: OpenPlacement) -> Result<(), PartnerError> {
    let OpenPlacement { actor, placement: id, open } = command;
    let before = placement(tx, id).await?.ok_or(PartnerError::Unknown)?;
    actor.must_own(before.workshop_id)?;
    if before.open == open {
        return Ok(());
    }
    let row = columns! { open: open, version: before.version + 1 };
    tx.update_one("placement", row, columns! { id: id }).await?;
    let verb = if open { "placement.open" } else { "placement.close" };
    audit::record(tx, &actor, verb, id, Some(before.workshop_id), json!({})).await?;
    Ok(())
}

pub async fn placement(conn: &mut Conn, id: PlacementId) -> Result<Option<Placement>, StoreError> {
    conn.fetch_optional("SELECT * FROM placement WHERE id = $1", params![id]).await
}

const OFFERED: &str = "SELECT placement.id, placement.workshop_id, placement.title, \
     placement.about, placement.asked, placement.allowance, placement.first_date, \
     placement.last_date, placement.places, placement.open, placement.version, \
     placement.created_at, \
     (SELECT CAST(COUNT(*) AS BIGINT) FROM applicant WHERE applicant.placement_id = placement.id \
     AND applicant.state IN ('new', 'invited')) AS waiting, \
     (SELECT CAST(COUNT(*) AS BIGINT) FROM applicant WHERE applicant.placement_id = placement.id \
     AND applicant.state = 'accepted') AS accepted FROM placement";

/// One, open or not.
pub async fn offered(conn: &mut Conn, id: PlacementId) -> Result<Option<Offered>, StoreError> {
    let sql = sqlx::AssertSqlSafe(format!("{OFFERED} WHERE placement.id = $1"));
    conn.fetch_optional(sql, params![id]).await
}

/// All of a workshop, for its owners; the latest first.
pub async fn placements_of(
    conn: &mut Conn,
    actor: &Actor,
    workshop: WorkshopId,
) -> Result<Vec<Offered>, PartnerError> {
    actor.must_own(workshop)?;
    let sql = format!(
        "{OFFERED} WHERE placement.workshop_id = $1 ORDER BY placement.last_date DESC, placement.id"
    );
    Ok(conn.fetch_all(sqlx::AssertSqlSafe(sql), params![workshop]).await?)
}

/// Those that take applications, the next one to begin first.
pub async fn open_placements(
    conn: &mut Conn,
    today: NaiveDate,
) -> Result<Vec<Offered>, StoreError> {
    let sql = format!(
        "{OFFERED} WHERE placement.open AND placement.last_date >= $1 \
         ORDER BY placement.first_date, placement.id"
    );
    let mut all: Vec<Offered> = conn.fetch_all(sqlx::AssertSqlSafe(sql), params![today]).await?;
    all.retain(|offered| offered.takes(today));
    Ok(all)
}
