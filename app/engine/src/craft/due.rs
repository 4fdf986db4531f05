//! What time does: promises are looked at each day, workshops are reminded of guests who did not choose,
//! and addresses are forgotten.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::delivery;
use super::error::CraftError;
use super::firing::compare_all;
use super::hand::arrive_due;
use super::loss::PATIENCE;
use super::news::{News, calendar};
use crate::clock::local_date;
use crate::mail::Letter;
use crate::mail::outbox;
use crate::store::{Conn, StoreError, Tx};
use crate::{PieceId, WorkshopId, columns, params};

const TO_COMPARE: &str = "SELECT DISTINCT workshop_id FROM piece WHERE state = 'making' \
                          AND looked_on < $1 ORDER BY workshop_id LIMIT 1";
const TO_REMIND: &str = "SELECT workshop_id, piece_id FROM piece_loss WHERE choice IS NULL \
                         AND reminded_at IS NULL AND asked_at <= $1 \
                         ORDER BY workshop_id, piece_id LIMIT 200";

/// Whether [`work`] has something to do.
pub async fn is_due(conn: &mut Conn, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let old: Option<(WorkshopId,)> =
        conn.fetch_optional(TO_COMPARE, params![local_date(now)]).await?;
    let silent: Vec<(WorkshopId, PieceId)> =
        conn.fetch_all(TO_REMIND, params![now - PATIENCE]).await?;
    Ok(old.is_some() || !silent.is_empty() || delivery::is_due(conn, now).await?)
}

/// Does some of it, one workshop's promises at a time; answers how much.
pub async fn work(tx: &mut Tx) -> Result<usize, CraftError> {
    let mut done = 0;
    let today = local_date(tx.now());
    let old: Option<(WorkshopId,)> = tx.fetch_optional(TO_COMPARE, params![today]).await?;
    if let Some((workshop,)) = old {
        let calendar = calendar(tx, workshop).await?;
        let mut news = News::default();
        compare_all(tx, &calendar, &mut news, workshop).await?;
        news.send(tx).await?;
        done += 1;
    }
    done += remind(tx).await?;
    done += arrive_due(tx).await?;
    done += delivery::clear_due(tx).await?;
    Ok(done)
}

/// One letter for a workshop, about all guests who have not chosen for two weeks.
async fn remind(tx: &mut Tx) -> Result<usize, CraftError> {
    let before = tx.now() - PATIENCE;
    let silent: Vec<(WorkshopId, PieceId)> = tx.fetch_all(TO_REMIND, params![before]).await?;
    for of_one in silent.chunk_by(|a, b| a.0 == b.0) {
        let Some((workshop, first)) = of_one.first() else { continue };
        let pieces: Vec<PieceId> = of_one.iter().map(|(_, piece)| *piece).collect();
        let letter = Letter::HostPieceChoice;
        let key = format!("{letter}:{first}");
        outbox::to_workshop(tx, *workshop, letter, key, json!({ "pieces": pieces })).await?;
        for piece in pieces {
            let row = columns! { reminded_at: Some(tx.now()) };
            tx.update_one("piece_loss", row, columns! { piece_id: piece }).await?;
        }
    }
    Ok(silent.len())
}
