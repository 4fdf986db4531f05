//! Reading reviews: averages, what visitors see, what the workshop sees.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::AssertSqlSafe;

use super::error::ReviewError;
use super::language::Language;
use super::model::{Question, Review};
use crate::accounts::Actor;
use crate::store::{Bind, Conn, StoreError};
use crate::{BookingId, ReviewId, TourId, WorkshopId, params};

/// Reviews from which on an average says something.
pub const ENOUGH: i64 = 3;
/// Reviews on one page.
pub const PAGE: i64 = 10;

/// What guests gave, together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rating {
    /// How many gave one star, two …
    pub by_stars: [i64; 5],
}

impl Rating {
    pub fn count(&self) -> i64 {
        self.by_stars.iter().sum()
    }

    /// The average in tenths, rounded half up: 48 is "4.8". None while nobody has said anything.
    pub fn tenths(&self) -> Option<i64> {
        let count = self.count();
        let sum: i64 = self.by_stars.iter().zip(1..).map(|(count, stars)| count * stars).sum();
        (count > 0).then(|| (sum * 20 + count) / (count * 2))
    }

    /// The average, where enough have spoken for it to be shown.
    pub fn average(&self) -> Option<i64> {
        self.tenths().filter(|_| self.count() >= ENOUGH)
    }

    fn add(&mut self, stars: i32, count: i64) {
        let at = usize::try_from(stars - 1).unwrap_or(usize::MAX);
        if let Some(place) = self.by_stars.get_mut(at) {
            *place += count;
        }
    }
}

/// Ratings of tours; those without a review are left out. One read of an index.
pub async fn ratings(
    conn: &mut Conn,
    tours: &[TourId],
) -> Result<HashMap<TourId, Rating>, StoreError> {
    let sql = |list: &str| {
        format!(
            "SELECT tour_id, stars, CAST(COUNT(*) AS BIGINT) FROM review \
             WHERE state = 'shown' AND tour_id IN ({list}) GROUP BY tour_id, stars"
        )
    };
    let rows: Vec<(TourId, i32, i64)> = conn.fetch_among(tours, sql).await?;
    let mut ratings: HashMap<TourId, Rating> = HashMap::new();
    for (tour, stars, count) in rows {
        ratings.entry(tour).or_default().add(stars, count);
    }
    Ok(ratings)
}

/// Whose reviews are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    Tour(TourId),
    Workshop(WorkshopId),
}

impl Scope {
    const fn column(self) -> &'static str {
        match self {
            Scope::Tour(_) => "tour_id",
            Scope::Workshop(_) => "workshop_id",
        }
    }

    fn id(self) -> crate::store::Param {
        match self {
            Scope::Tour(id) => id.bind(),
            Scope::Workshop(id) => id.bind(),
        }
    }
}

/// The rating of a tour, or of all tours of a workshop together.
pub async fn rating(conn: &mut Conn, scope: Scope) -> Result<Rating, StoreError> {
    let sql = format!(
        "SELECT stars, CAST(COUNT(*) AS BIGINT) FROM review WHERE {} = $1 AND state = 'shown' \
         GROUP BY stars",
        scope.column()
    );
    let rows: Vec<(i32, i64)> = conn.fetch_all(AssertSqlSafe(sql), vec![scope.id()]).await?;
    let mut rating = Rating::default();
    for (stars, count) in rows {
        rating.add(stars, count);
    }
    Ok(rating)
}

/// The languages in which something was said, the commonest first.
pub async fn languages(conn: &mut Conn, scope: Scope) -> Result<Vec<(Language, i64)>, StoreError> {
    let sql = format!(
        "SELECT language, CAST(COUNT(*) AS BIGINT) AS said FROM review WHERE {} = $1 \
         AND state = 'shown' GROUP BY language ORDER BY said DESC, language",
        scope.column()
    );
    conn.fetch_all(AssertSqlSafe(sql), vec![scope.id()]).await
}

/// Which reviews; all of them by default.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Filter {
    pub stars: Option<i32>,
    pub language: Option<Language>,
}

/// One page of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listed {
    pub reviews: Vec<Review>,
    /// How many the filter finds in all.
    pub found: i64,
}

/// What visitors see, newest first: at most `limit` after the first `skip`.
pub async fn shown(
    conn: &mut Conn,
    scope: Scope,
    filter: Filter,
    (skip, limit): (i64, i64),
) -> Result<Listed, StoreError> {
    let matching = format!(
        "{} = $1 AND state = 'shown' AND ($2 IS NULL OR stars = $2) \
         AND ($3 IS NULL OR language = $3)",
        scope.column()
    );
    let these = || vec![scope.id(), filter.stars.bind(), filter.language.bind()];
    let count = format!("SELECT CAST(COUNT(*) AS BIGINT) FROM review WHERE {matching}");
    let (found,): (i64,) = conn.fetch_one(AssertSqlSafe(count), these()).await?;
    let rows = format!(
        "SELECT * FROM review WHERE {matching} ORDER BY created_at DESC, id DESC LIMIT $4 OFFSET $5"
    );
    let mut values = these();
    values.extend(params![limit, skip.max(0)]);
    let reviews = conn.fetch_all(AssertSqlSafe(rows), values).await?;
    Ok(Listed { reviews, found })
}

pub async fn by_id(conn: &mut Conn, id: ReviewId) -> Result<Option<Review>, StoreError> {
    conn.fetch_optional("SELECT * FROM review WHERE id = $1", params![id]).await
}

/// Several at once; those that are not there are left out.
pub async fn by_ids(
    conn: &mut Conn,
    ids: &[ReviewId],
) -> Result<HashMap<ReviewId, Review>, StoreError> {
    let sql = |list: &str| format!("SELECT * FROM review WHERE id IN ({list})");
    let found: Vec<Review> = conn.fetch_among(ids, sql).await?;
    Ok(found.into_iter().map(|review| (review.id, review)).collect())
}

/// What was written of a booking.
pub async fn of_booking(conn: &mut Conn, booking: BookingId) -> Result<Option<Review>, StoreError> {
    conn.fetch_optional("SELECT * FROM review WHERE booking_id = $1", params![booking]).await
}

/// What the office was asked about a review, the latest first.
pub(super) async fn questions_of(
    conn: &mut Conn,
    review: ReviewId,
) -> Result<Vec<Question>, StoreError> {
    conn.fetch_all(
        "SELECT id, review_id, kind, reason, words, decision, decided_at, created_at \
         FROM review_report WHERE review_id = $1 ORDER BY created_at DESC, id DESC",
        params![review],
    )
    .await
}

/// A workshop's reviews as its people see them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ForHost {
    /// Hidden ones too, newest words first, with the last question about each.
    pub reviews: Vec<(Review, Option<Question>)>,
    pub found: i64,
    /// Until when who asks has read them.
    pub seen_at: Option<DateTime<Utc>>,
    /// How many were written or changed since.
    pub new: i64,
}

pub async fn for_host(
    conn: &mut Conn,
    actor: &Actor,
    workshop: WorkshopId,
    (skip, limit): (i64, i64),
) -> Result<ForHost, ReviewError> {
    actor.must_serve(workshop)?;
    let seen: Option<(DateTime<Utc>,)> = match actor {
        Actor::Person(person) => {
            conn.fetch_optional(
                "SELECT seen_at FROM review_seen WHERE person_id = $1 AND workshop_id = $2",
                params![person.id, workshop],
            )
            .await?
        }
        _ => None,
    };
    let seen_at = seen.map(|(at,)| at);
    let since = seen_at.unwrap_or(DateTime::UNIX_EPOCH);
    let (found, new): (i64, i64) = conn
        .fetch_one(
            "SELECT CAST(COUNT(*) AS BIGINT), CAST(COALESCE(SUM(CASE WHEN \
             COALESCE(edited_at, created_at) > $2 THEN 1 ELSE 0 END), 0) AS BIGINT) FROM review \
             WHERE workshop_id = $1 AND state <> 'withdrawn'",
            params![workshop, since],
        )
        .await?;
    let reviews: Vec<Review> = conn
        .fetch_all(
            "SELECT * FROM review WHERE workshop_id = $1 AND state <> 'withdrawn' \
             ORDER BY COALESCE(edited_at, created_at) DESC, id DESC LIMIT $2 OFFSET $3",
            params![workshop, limit, skip.max(0)],
        )
        .await?;
    let mut with = Vec::with_capacity(reviews.len());
    for review in reviews {
        let last = questions_of(conn, review.id).await?.into_iter().next();
        with.push((review, last));
    }
    Ok(ForHost { reviews: with, found, seen_at, new })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_average_has_one_decimal_and_needs_three() {
        let of = |by_stars| Rating { by_stars };
        assert_eq!(of([0; 5]).tenths(), None);
        assert_eq!((of([0, 0, 0, 0, 2]).average(), of([0, 0, 0, 0, 2]).tenths()), (None, Some(50)));
        assert_eq!(of([0, 0, 0, 1, 3]).average(), Some(48), "4.75");
        assert_eq!(of([1, 0, 0, 0, 2]).average(), Some(37), "3.67");
        assert_eq!(of([1, 1, 1, 0, 0]).average(), Some(20));
    }

    proptest! {
        #[test]
        fn an_average_is_the_nearest_tenth(by_stars: [u16; 5]) {
            let rating = Rating { by_stars: by_stars.map(i64::from) };
            if let Some(tenths) = rating.tenths() {
                let (mut sum, mut count) = (0.0, 0.0);
                for (many, stars) in by_stars.iter().zip([1.0, 2.0, 3.0, 4.0, 5.0]) {
                    sum += f64::from(*many) * stars;
                    count += f64::from(*many);
                }
                let exact = sum / count * 10.0;
                let tenths = f64::from(i32::try_from(tenths).unwrap());
                prop_assert!((10.0..=50.0).contains(&tenths));
                prop_assert!((tenths - exact).abs() <= 0.500_001, "{tenths} {exact}");
            }
        }
    }
}
