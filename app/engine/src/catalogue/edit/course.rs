//! Whether a tour is a course, and what its certificates ask for.

use serde_json::json;

use super::read::Reader;
use super::{EditError, Field, Wrong, Wrongs, done, owned};
use crate::accounts::Actor;
use crate::clock::local_date;
use crate::store::Tx;
use crate::{Localized, TourId, params};

const MAX_SESSIONS: i32 = 120;
const SKILLS: usize = 400;

/// As typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CourseInput {
    /// A course; a visit otherwise.
    pub course: bool,
    pub needed: String,
    pub by_application: bool,
    pub skills: Localized,
}

/// What can be saved: None makes a visit of the tour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CourseTerms(Option<(i32, bool, Localized)>);

impl CourseTerms {
    pub fn parse(input: &CourseInput) -> Result<CourseTerms, Wrongs> {
        if !input.course {
            return Ok(CourseTerms(None));
        }
        let mut reader = Reader::default();
        let needed = reader.number(Field::Needed, &input.needed, 1, MAX_SESSIONS);
        let skills = reader.optional_texts(Field::Skills, &input.skills, SKILLS);
        reader.finish(CourseTerms(Some((needed, input.by_application, skills))))
    }
}

#[derive(Debug, Clone)]
pub struct SaveCourse {
    pub actor: Actor,
    pub tour: TourId,
    pub terms: CourseTerms,
}

/// Makes a course of a tour, changes its terms, or makes a visit of it again while no run is to
/// come. A tour with opening rules or departures of one session stays a visit: its guests would
/// find themselves in a class.
pub async fn save_course(tx: &mut Tx, command: SaveCourse) -> Result<(), EditError> {
    let SaveCourse { actor, tour, terms } = command;
    let workshop = owned(tx, &actor, tour).await?;
    let today = local_date(tx.now());
    let in_the_way = match terms.0 {
        Some(_) => {
            "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM slot WHERE tour_id = $1 \
             AND last_date IS NULL AND local_date >= $2 AND status <> 'cancelled' \
             AND (taken > 0 OR origin = 'rule')"
        }
        None => {
            "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM slot WHERE tour_id = $1 \
             AND last_date >= $2 AND status <> 'cancelled'"
        }
    };
    let (others,): (i64,) = tx.fetch_one(in_the_way, params![tour, today]).await?;
    if others > 0 {
        return Err(EditError::Fields(vec![(Field::Course, Wrong::Choice)]));
    }
    match &terms.0 {
        Some((needed, by_application, skills)) => {
            tx.execute(
                "INSERT INTO course (tour_id, needed, by_application, skills) \
                 VALUES ($1, $2, $3, $4) ON CONFLICT (tour_id) DO UPDATE \
                 SET needed = excluded.needed, by_application = excluded.by_application, \
                 skills = excluded.skills",
                params![tour, *needed, *by_application, skills],
            )
            .await?;
        }
        None => {
            tx.execute("DELETE FROM course WHERE tour_id = $1", params![tour]).await?;
        }
    }
    let detail = json!({ "course": terms.0.is_some(), "needed": terms.0.map(|terms| terms.0) });
    done(tx, &actor, "tour.save_course", tour, workshop, detail).await?;
    Ok(())
}
