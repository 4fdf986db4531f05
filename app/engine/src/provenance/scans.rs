//! How often labels are scanned: a number a day, and nothing about whoever did.

use std::collections::HashMap;

use chrono::{NaiveDate, TimeDelta};

use crate::clock::local_date;
use crate::store::{Conn, StoreError, Tx};
use crate::{RecordId, WorkshopId, params};

/// Notes one.
pub async fn count(tx: &mut Tx, record: RecordId) -> Result<(), StoreError> {
    let today = local_date(tx.now());
    tx.execute_one(
        "INSERT INTO provenance_scan (record_id, day, scans) VALUES ($1, $2, 1) \
         ON CONFLICT (record_id, day) DO UPDATE SET scans = provenance_scan.scans + 1",
        params![record, today],
    )
    .await
}

/// Scans of each of the last days, today last, and of all time.
pub async fn of_record(
    conn: &mut Conn,
    record: RecordId,
    today: NaiveDate,
    days: i64,
) -> Result<(Vec<(NaiveDate, i32)>, i64), StoreError> {
    let rows: Vec<(NaiveDate, i32)> = conn
        .fetch_all(
            "SELECT day, scans FROM provenance_scan WHERE record_id = $1 ORDER BY day",
            params![record],
        )
        .await?;
    let total = rows.iter().map(|(_, scans)| i64::from(*scans)).sum();
    let by_day: HashMap<NaiveDate, i32> = rows.into_iter().collect();
    let each = (0..days).rev().map(|ago| {
        let day = today - TimeDelta::days(ago);
        (day, by_day.get(&day).copied().unwrap_or(0))
    });
    Ok((each.collect(), total))
}

/// Scans of all records of a workshop, of all time.
pub async fn of_workshop(
    conn: &mut Conn,
    workshop: WorkshopId,
) -> Result<HashMap<RecordId, i64>, StoreError> {
    let rows: Vec<(RecordId, i64)> = conn
        .fetch_all(
            "SELECT scan.record_id, CAST(SUM(scan.scans) AS BIGINT) AS n FROM provenance_scan scan \
             JOIN provenance_record record ON record.id = scan.record_id \
             WHERE record.workshop_id = $1 GROUP BY scan.record_id",
            params![workshop],
        )
        .await?;
    Ok(rows.into_iter().collect())
}
