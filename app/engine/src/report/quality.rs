//! What became of bookings, and the bad days: how far guests can rely on the villages.

use sqlx::AssertSqlSafe;

use super::access::Scope;
use super::period::Period;
use super::suppress::{Figure, Id, LEAST_PEOPLE, System};
use crate::booking::disruption::Cause;
use crate::clock::venue_instant;
use crate::store::{Conn, StoreError};
use crate::{params, stored_enum};

stored_enum! {
    /// What became of the people of a confirmed booking.
    #[derive(PartialOrd, Ord)]
    pub enum Fate {
        Came = "came",
        /// They did not come, and did not say so.
        NoShow = "no_show",
        /// They or their travel company cancelled.
        ByGuest = "by_guest",
        ByHost = "by_host",
        /// Nobody marked whether they came.
        Unmarked = "unmarked",
    }
}

/// What became of those who booked for the period, in people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Quality {
    pub booked: Figure,
    pub fates: Vec<(Fate, Figure)>,
    /// Bad days by their cause: how many, and how many people they hit.
    pub bad_days: Vec<(Cause, i64, Figure)>,
    pub hit: Figure,
}

#[derive(sqlx::FromRow)]
struct Row {
    fate: Fate,
    people: i64,
}

impl Quality {
    pub(super) async fn load(
        conn: &mut Conn,
        scope: Scope,
        period: &Period,
    ) -> Result<Quality, StoreError> {
        const FATE: &str = "CASE WHEN booking.state = 'checked_in' THEN 'came' \
             WHEN booking.state = 'no_show' THEN 'no_show' \
             WHEN booking.state = 'cancelled' AND booking.ended_by = 'guest' THEN 'by_guest' \
             WHEN booking.state = 'cancelled' THEN 'by_host' ELSE 'unmarked' END";
        let rows: Vec<Row> = conn
            .fetch_all(
                AssertSqlSafe(format!(
                    "SELECT {FATE} AS fate, CAST(SUM(booking.people) AS BIGINT) AS people \
                     FROM slot JOIN booking ON booking.slot_id = slot.id \
                     JOIN workshop ON workshop.id = booking.workshop_id \
                     WHERE slot.local_date BETWEEN $1 AND $2 AND slot.last_date IS NULL \
                     AND booking.confirmed_at IS NOT NULL AND booking.test = $4 \
                     AND booking.state IN ('confirmed', 'checked_in', 'no_show', 'cancelled') \
                     AND ($3 IS NULL OR workshop.village_id = $3) GROUP BY {FATE}"
                )),
                params![period.first, period.until, scope.village(), false],
            )
            .await?;
        let midnight = |date| venue_instant(date, chrono::NaiveTime::MIN).unwrap_or_default();
        let after = period.until.succ_opt().unwrap_or(period.until);
        let bad: Vec<(Cause, i64, i64)> = conn
            .fetch_all(
                "SELECT disruption.cause, \
                 CAST(COUNT(DISTINCT disruption.id) AS BIGINT) AS days, \
                 CAST(COALESCE(SUM(booking.people), 0) AS BIGINT) AS people FROM disruption \
                 JOIN workshop ON workshop.id = disruption.workshop_id \
                 LEFT JOIN disruption_case hit ON hit.disruption_id = disruption.id \
                 LEFT JOIN booking ON booking.id = hit.booking_id \
                 WHERE disruption.called_off_at IS NULL AND disruption.starts_at >= $1 \
                 AND disruption.starts_at < $2 AND ($3 IS NULL OR workshop.village_id = $3) \
                 GROUP BY disruption.cause ORDER BY disruption.cause",
                params![midnight(period.first), midnight(after), scope.village()],
            )
            .await?;
        let mut system = System::new(LEAST_PEOPLE);
        let booked = system.count(rows.iter().map(|row| row.people).sum());
        let fates: Vec<(Fate, Id)> = Fate::ALL
            .iter()
            .map(|fate| {
                let found = rows.iter().find(|row| row.fate == *fate);
                (*fate, system.count(found.map_or(0, |row| row.people)))
            })
            .collect();
        system.sum(booked, fates.iter().map(|(_, id)| *id));
        let hit = system.count(bad.iter().map(|(.., people)| people).sum());
        let bad: Vec<(Cause, i64, Id)> =
            bad.into_iter().map(|(cause, days, n)| (cause, days, system.count(n))).collect();
        system.sum(hit, bad.iter().map(|(.., id)| *id));
        let shown = system.protect();
        Ok(Quality {
            booked: shown.figure(booked),
            fates: fates.into_iter().map(|(fate, id)| (fate, shown.figure(id))).collect(),
            bad_days: bad.into_iter().map(|(c, days, id)| (c, days, shown.figure(id))).collect(),
            hit: shown.figure(hit),
        })
    }
}
