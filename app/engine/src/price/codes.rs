//! A workshop's promo codes: only its owners make and end them.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::promo::{Code, Cut, Promo};
use crate::accounts::{Actor, audit};
use crate::catalogue::edit::{EditError, Field, MAX_PRICE, Reader, Wrong, Wrongs};
use crate::catalogue::{Catalogue, Tour};
use crate::store::{Conn, StoreError, Tx};
use crate::{Dong, PromoCodeId, TourId, WorkshopId, columns, json_column, params};

const MAX_PEOPLE: i32 = 500;
const MAX_USES: i32 = 100_000;

/// Tours that a code is for; none: all of the workshop.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TourList(pub Vec<TourId>);

json_column!(TourList);

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct PromoCode {
    pub id: PromoCodeId,
    pub workshop_id: WorkshopId,
    pub code: Code,
    pub cut: Cut,
    pub tours: TourList,
    /// When it may be used, inclusive.
    pub book_from: Option<NaiveDate>,
    pub book_to: Option<NaiveDate>,
    /// Days of visits, inclusive.
    pub visit_from: Option<NaiveDate>,
    pub visit_to: Option<NaiveDate>,
    pub min_people: i32,
    pub max_uses: Option<i32>,
    pub ended_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

impl PromoCode {
    pub(super) fn promo(&self) -> Promo {
        Promo {
            id: self.id,
            code: self.code.clone(),
            cut: self.cut,
            min_people: self.min_people,
            visit_from: self.visit_from,
            visit_to: self.visit_to,
        }
    }

    /// Whether guests may use it on that day, as far as dates go.
    pub fn is_live(&self, today: NaiveDate) -> bool {
        self.ended_at.is_none() && self.book_to.is_none_or(|to| today <= to)
    }
}

/// A code as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CodeInput {
    pub code: String,
    /// "percent" or "amount", and how much.
    pub by: String,
    pub much: String,
    /// Ids of tours; none: all of the workshop's.
    pub tours: Vec<String>,
    pub book_from: String,
    pub book_to: String,
    pub visit_from: String,
    pub visit_to: String,
    pub min_people: String,
    pub max_uses: String,
}

impl CodeInput {
    /// What the editor begins with.
    pub fn of(code: &PromoCode) -> Self {
        let date = |date: Option<NaiveDate>| date.map(|date| date.to_string()).unwrap_or_default();
        let (by, much) = match code.cut {
            Cut::Percent(percent) => ("percent", percent.to_string()),
            Cut::Amount(amount) => ("amount", amount.0.to_string()),
        };
        Self {
            code: code.code.to_string(),
            by: by.to_owned(),
            much,
            tours: code.tours.0.iter().map(ToString::to_string).collect(),
            book_from: date(code.book_from),
            book_to: date(code.book_to),
            visit_from: date(code.visit_from),
            visit_to: date(code.visit_to),
            min_people: code.min_people.to_string(),
            max_uses: code.max_uses.map(|most| most.to_string()).unwrap_or_default(),
        }
    }
}

/// A code that can be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeData {
    code: Code,
    cut: Cut,
    tours: TourList,
    book: (Option<NaiveDate>, Option<NaiveDate>),
    visit: (Option<NaiveDate>, Option<NaiveDate>),
    min_people: i32,
    max_uses: Option<i32>,
}

impl CodeData {
    /// Tours must be of the workshop.
    pub fn parse(
        input: &CodeInput,
        catalogue: &Catalogue,
        workshop: WorkshopId,
    ) -> Result<Self, Wrongs> {
        let mut reader = Reader::default();
        let code = input.code.parse::<Code>();
        if code.is_err() {
            let missing = input.code.trim().is_empty();
            reader.wrong(Field::Code, if missing { Wrong::Missing } else { Wrong::Code });
        }
        let cut = match input.by.as_str() {
            "percent" => {
                let percent = reader.number(Field::Cut, &input.much, 1, 100);
                Cut::Percent(u8::try_from(percent).unwrap_or(1))
            }
            "amount" => Cut::Amount(reader.price(Field::Cut, &input.much, MAX_PRICE)),
            _ => {
                reader.wrong(Field::CutBy, Wrong::Choice);
                Cut::Amount(Dong::ZERO)
            }
        };
        if cut == Cut::Amount(Dong::ZERO) && reader.wrongs.is_empty() {
            reader.wrong(Field::Cut, Wrong::Price);
        }
        let own: Vec<&Tour> = catalogue.all_tours_of(workshop).collect();
        let mut tours = Vec::new();
        for id in &input.tours {
            match own.iter().find(|tour| tour.id.to_string() == *id) {
                Some(tour) => tours.push(tour.id),
                None => reader.wrong(Field::Tours, Wrong::Choice),
            }
        }
        let mut span = |(first, last): (Field, Field), (from, to): (&str, &str)| {
            let from = reader.optional_date(first, from, (None, None));
            (from, reader.optional_date(last, to, (from, None)))
        };
        let book = span((Field::BookFrom, Field::BookTo), (&input.book_from, &input.book_to));
        let visit = span((Field::ValidFrom, Field::ValidTo), (&input.visit_from, &input.visit_to));
        let people = reader.optional_number(Field::MinParty, &input.min_people, 1, MAX_PEOPLE);
        let max_uses = reader.optional_number(Field::MaxUses, &input.max_uses, 1, MAX_USES);
        let Ok(code) = code else { return Err(reader.wrongs) };
        let min_people = people.unwrap_or(1);
        let tours = TourList(tours);
        reader.finish(CodeData { code, cut, tours, book, visit, min_people, max_uses })
    }
}

#[derive(Debug, Clone)]
pub struct SaveCode {
    pub actor: Actor,
    pub workshop: WorkshopId,
    /// None makes a new one.
    pub id: Option<PromoCodeId>,
    pub data: CodeData,
}

/// Makes a code or changes it. Bookings that took it keep the terms they had.
pub async fn save_code(tx: &mut Tx, command: SaveCode) -> Result<PromoCodeId, EditError> {
    let SaveCode { actor, workshop, id, data } = command;
    actor.must_own(workshop)?;
    let twice: Option<(PromoCodeId,)> = tx
        .fetch_optional(
            "SELECT id FROM promo_code WHERE workshop_id = $1 AND code = $2",
            params![workshop, data.code],
        )
        .await?;
    if twice.is_some_and(|(other,)| Some(other) != id) {
        return Err(EditError::Fields(vec![(Field::Code, Wrong::Twice)]));
    }
    let terms = columns! {
        code: data.code,
        cut: data.cut,
        tours: data.tours,
        book_from: data.book.0,
        book_to: data.book.1,
        visit_from: data.visit.0,
        visit_to: data.visit.1,
        min_people: data.min_people,
        max_uses: data.max_uses,
    };
    let saved = if let Some(id) = id {
        let which = columns! { id: id, workshop_id: workshop };
        if tx.update("promo_code", terms, which).await? != 1 {
            return Err(EditError::Unknown);
        }
        id
    } else {
        let id = PromoCodeId::new(tx.now());
        let fixed = columns! { id: id, workshop_id: workshop, created_at: tx.now() };
        if !tx.insert_if_new("promo_code", fixed.and(terms)).await? {
            return Err(EditError::Fields(vec![(Field::Code, Wrong::Twice)]));
        }
        id
    };
    let detail = json!({ "code": data.code, "cut": data.cut, "max_uses": data.max_uses });
    audit::record(tx, &actor, "promo_code.save", saved, Some(workshop), detail).await?;
    Ok(saved)
}

#[derive(Debug, Clone)]
pub struct EndCode {
    pub actor: Actor,
    pub workshop: WorkshopId,
    pub id: PromoCodeId,
}

/// From now on nobody may use it. Ended twice is ended once.
pub async fn end_code(tx: &mut Tx, command: EndCode) -> Result<(), EditError> {
    let EndCode { actor, workshop, id } = command;
    actor.must_own(workshop)?;
    let now = tx.now();
    let ended: Option<(Code,)> = tx
        .fetch_optional(
            "UPDATE promo_code SET ended_at = COALESCE(ended_at, $3) \
             WHERE id = $1 AND workshop_id = $2 RETURNING code",
            params![id, workshop, now],
        )
        .await?;
    let (code,) = ended.ok_or(EditError::Unknown)?;
    let detail = json!({ "code": code });
    audit::record(tx, &actor, "promo_code.end", id, Some(workshop), detail).await?;
    Ok(())
}

/// Whether a workshop has a code that guests may use on that day, as far as dates go: where it has
/// none, nobody is asked for one.
pub async fn takes_codes(
    conn: &mut Conn,
    workshop: WorkshopId,
    today: NaiveDate,
) -> Result<bool, StoreError> {
    let one: Option<(PromoCodeId,)> = conn
        .fetch_optional(
            "SELECT id FROM promo_code WHERE workshop_id = $1 AND ended_at IS NULL \
             AND (book_from IS NULL OR book_from <= $2) AND (book_to IS NULL OR book_to >= $2) \
             LIMIT 1",
            params![workshop, today],
        )
        .await?;
    Ok(one.is_some())
}

/// A code with what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Used {
    pub code: PromoCode,
    /// Bookings that keep it.
    pub uses: i64,
}

/// A workshop's codes, the newest first.
pub async fn codes_of(conn: &mut Conn, workshop: WorkshopId) -> Result<Vec<Used>, StoreError> {
    let codes: Vec<PromoCode> = conn
        .fetch_all(
            "SELECT * FROM promo_code WHERE workshop_id = $1 ORDER BY created_at DESC, id",
            params![workshop],
        )
        .await?;
    let counts: Vec<(PromoCodeId, i64)> = conn
        .fetch_all(
            "SELECT promo_code_id, COUNT(*) FROM booking WHERE workshop_id = $1 \
             AND promo_code_id IS NOT NULL AND state NOT IN ('cancelled', 'expired') \
             GROUP BY promo_code_id",
            params![workshop],
        )
        .await?;
    let uses = |id| counts.iter().find(|(other, _)| *other == id).map_or(0, |(_, uses)| *uses);
    Ok(codes.into_iter().map(|code| Used { uses: uses(code.id), code }).collect())
}
