//! Names, phones and addresses of recipients are forgotten when nobody needs them any more.

use chrono::{DateTime, TimeDelta, Utc};

use super::error::ParcelError;
use crate::store::{Conn, StoreError, Tx};
use crate::{ParcelId, columns, params};

/// Days after arrival.
const KEPT: TimeDelta = TimeDelta::days(90);
/// A parcel of which nobody says that it arrived has, or is lost, by then.
const ON_ITS_WAY: TimeDelta = TimeDelta::days(60);

const OLD: &str = "SELECT id FROM parcel WHERE state = 'arrived' AND arrived_at <= $1 \
                   AND cleared_at IS NULL ORDER BY arrived_at LIMIT 100";
const LONG: &str = "SELECT id FROM parcel WHERE state = 'posted' AND posted_at <= $1 \
                    ORDER BY posted_at LIMIT 100";

/// Whether [`clear_due`] or [`long_posted`] has something.
pub(crate) async fn is_due(conn: &mut Conn, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let old: Vec<(ParcelId,)> = conn.fetch_all(OLD, params![now - KEPT]).await?;
    let long: Vec<(ParcelId,)> = conn.fetch_all(LONG, params![now - ON_ITS_WAY]).await?;
    Ok(!old.is_empty() || !long.is_empty())
}

/// Parcels that were posted so long ago that they are taken for arrived.
pub(crate) async fn long_posted(tx: &mut Tx) -> Result<Vec<ParcelId>, ParcelError> {
    let before = tx.now() - ON_ITS_WAY;
    let long: Vec<(ParcelId,)> = tx.fetch_all(LONG, params![before]).await?;
    Ok(long.into_iter().map(|(id,)| id).collect())
}

/// Forgets who got what arrived ninety days ago, and where; answers of how many parcels.
pub(crate) async fn clear_due(tx: &mut Tx) -> Result<usize, ParcelError> {
    let before = tx.now() - KEPT;
    let old: Vec<(ParcelId,)> = tx.fetch_all(OLD, params![before]).await?;
    for (id,) in &old {
        let row = columns! {
            recipient: *"",
            phone: *"",
            address: *"",
            cleared_at: Some(tx.now()),
        };
        tx.update_one("parcel", row, columns! { id: *id }).await?;
    }
    Ok(old.len())
}
