//! Everything that is said and done about a commission, in order: the conversation and the history are
//! one list.

use chrono::{DateTime, Utc};

use super::error::CommissionError;
use super::model::Commission;
use super::photo;
use crate::accounts::Actor;
use crate::craft::PhotoData;
use crate::store::{Conn, StoreError, Tx};
use crate::{
    CommissionEntryId, CommissionId, CommissionOfferId, Dong, columns, params, stored_enum,
};

/// Entries of one commission; more are no conversation.
const MOST: i32 = 400;

stored_enum! {
    /// What an entry tells of.
    pub enum Mark {
        Brief = "brief",
        Message = "message",
        Offer = "offer",
        Accepted = "accepted",
        /// Money came.
        Paid = "paid",
        Milestone = "milestone",
        Ready = "ready",
        Posted = "posted",
        Delivered = "delivered",
        Lapsed = "lapsed",
        Ended = "ended",
        /// Money went back.
        Returned = "returned",
    }
}

stored_enum! {
    /// Whose entry it is.
    pub enum By { Customer = "customer", Workshop = "workshop", System = "system" }
}

impl By {
    /// A guest is the customer: they have shown the commission's secret.
    pub fn of(actor: &Actor) -> By {
        match actor {
            Actor::Guest => By::Customer,
            Actor::Person(_) | Actor::Reseller(_) => By::Workshop,
            Actor::System => By::System,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Entry {
    pub id: CommissionEntryId,
    pub commission_id: CommissionId,
    pub position: i32,
    pub mark: Mark,
    #[sqlx(rename = "side")]
    pub by: By,
    pub words: String,
    pub offer_id: Option<CommissionOfferId>,
    pub amount: Option<Dong>,
    pub at: DateTime<Utc>,
}

/// An entry to write.
#[derive(Debug, Clone, Copy)]
pub(super) struct New<'a> {
    pub mark: Mark,
    pub by: By,
    pub words: &'a str,
    pub offer: Option<CommissionOfferId>,
    pub amount: Option<Dong>,
    pub photos: &'a [PhotoData],
    /// Made with a form; empty for what no form made.
    pub form_key: &'a str,
}

impl New<'static> {
    /// Without words or pictures.
    pub(super) const fn plain(mark: Mark, by: By) -> New<'static> {
        New { mark, by, words: "", offer: None, amount: None, photos: &[], form_key: "" }
    }
}

/// Whether a form has made its entry already.
pub(super) async fn known(conn: &mut Conn, form_key: &str) -> Result<bool, StoreError> {
    let found: Option<(CommissionEntryId,)> = conn
        .fetch_optional("SELECT id FROM commission_entry WHERE form_key = $1", params![*form_key])
        .await?;
    Ok(found.is_some())
}

/// Appends an entry with its pictures; the commission's row is locked.
pub(super) async fn write(
    tx: &mut Tx,
    commission: &Commission,
    new: New<'_>,
) -> Result<CommissionEntryId, CommissionError> {
    let (last,): (i64,) = tx
        .fetch_one(
            "SELECT CAST(COALESCE(MAX(position), 0) AS BIGINT) FROM commission_entry \
             WHERE commission_id = $1",
            params![commission.id],
        )
        .await?;
    let last = i32::try_from(last).unwrap_or(i32::MAX - 1);
    if last >= MOST && new.mark == Mark::Message {
        return Err(CommissionError::Full);
    }
    let id = CommissionEntryId::new(tx.now());
    let form_key = if new.form_key.is_empty() {
        format!("{}:{}", commission.id, last + 1)
    } else {
        new.form_key.to_owned()
    };
    let row = columns! {
        id: id,
        form_key: form_key,
        commission_id: commission.id,
        position: last + 1,
        mark: new.mark,
        side: new.by,
        words: *new.words,
        offer_id: new.offer,
        amount: new.amount,
        at: tx.now(),
    };
    tx.insert("commission_entry", row).await?;
    photo::keep(tx, commission, id, new.photos).await?;
    Ok(id)
}

/// All entries, first things first.
pub async fn entries_of(conn: &mut Conn, id: CommissionId) -> Result<Vec<Entry>, StoreError> {
    conn.fetch_all(
        "SELECT id, commission_id, position, mark, side, words, offer_id, amount, at \
         FROM commission_entry WHERE commission_id = $1 ORDER BY position",
        params![id],
    )
    .await
}

pub async fn entry(conn: &mut Conn, id: CommissionEntryId) -> Result<Option<Entry>, StoreError> {
    conn.fetch_optional(
        "SELECT id, commission_id, position, mark, side, words, offer_id, amount, at \
         FROM commission_entry WHERE id = $1",
        params![id],
    )
    .await
}
