//! Forgetting: what [`super::register`] says of each column, done for the rows of somebody.

use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::error::PrivacyError;
use super::find::{Found, find};
use super::holding::{kept_bookings, kept_card, kept_commission, kept_order, kept_passes};
use super::link::address_of;
use super::register::{Column, Ends, Fate, Of, Root, TABLES, Table};
use crate::accounts::{Actor, audit};
use crate::booking::enquiry::{self, EnquiryState};
use crate::booking::waitlist::{self, EntryState};
use crate::commission::{self, StateKind};
use crate::reseller;
use crate::store::{Bind, Conn, Param, StoreError, Tx, placeholders};
use crate::{BookingId, giftcard, params, partner, review};

/// Stands for the name of somebody who was forgotten.
pub const UNNAMED: &str = "N. N.";

/// Rows that one statement touches.
const AT_ONCE: usize = 200;

/// Somebody wants to be forgotten.
#[derive(Debug, Clone)]
pub struct Erase {
    /// Of the link that was mailed to them.
    pub token: String,
}

/// What came of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Erased {
    /// Things in which nobody can be recognised any more.
    pub done: usize,
    /// Things that have to stay for now.
    pub kept: usize,
}

/// Forgets whatever can be forgotten of whose link it is, and the link. Waiting lines are left and
/// open questions taken back first, so that nobody writes to an address that is gone.
pub async fn erase(tx: &mut Tx, command: Erase) -> Result<Erased, PrivacyError> {
    let now = tx.now();
    let address = address_of(tx, &command.token, now).await?.ok_or(PrivacyError::Spent)?;
    let found = find(tx, &address).await?;
    for id in &found.waiting {
        if let Some(entry) = waitlist::by_id(tx, *id).await?
            && matches!(entry.state, EntryState::Waiting | EntryState::Offered)
        {
            waitlist::decline(tx, *id).await?;
        }
    }
    for id in &found.enquiries {
        if let Some(asked) = enquiry::by_id(tx, *id).await?
            && matches!(asked.state, EnquiryState::New | EnquiryState::Offered)
        {
            enquiry::withdraw(tx, *id).await?;
        }
    }
    for id in &found.applicants {
        if let Some(it) = partner::applicant_by_id(tx, *id).await?
            && it.state.is_open()
        {
            partner::withdraw(tx, *id).await?;
        }
    }
    for id in &found.commissions {
        if let Some(asked) = commission::by_id(tx, *id).await?
            && matches!(asked.kind(), StateKind::Asked | StateKind::Offered)
        {
            let reason = String::new();
            let end = commission::End { actor: Actor::Guest, commission: *id, reason };
            commission::end(tx, end).await?;
        }
    }
    // What was just ended is no longer in the way; the letters about it have been written.
    let found = find(tx, &address).await?;
    let kept = kept_bookings(tx, &found.bookings, now).await?;
    let kept_passes = kept_passes(tx, &found.passes, now).await?;
    let mut rows = Rows {
        bookings: found.bookings.iter().copied().filter(|id| !kept.contains_key(id)).collect(),
        address: Some(found.address.clone()),
        ..Rows::default()
    };
    rows.passes = uuids(found.passes.iter().filter(|id| !kept_passes.contains(id)));
    rows.enquiries = uuids(found.enquiries.iter());
    rows.waiting = uuids(found.waiting.iter());
    rows.applicants = uuids(found.applicants.iter());
    rows.received = uuids(found.received.iter());
    for id in &found.bought {
        let card = giftcard::by_id(tx, *id).await?;
        let stays = match &card {
            Some(card) => kept_card(tx, card, now).await?.is_some(),
            None => true,
        };
        if !stays {
            rows.bought.push((*id).into());
        }
    }
    for id in &found.commissions {
        let asked = commission::by_id(tx, *id).await?;
        let stays = match &asked {
            Some(asked) => kept_commission(tx, asked).await?.is_some(),
            None => true,
        };
        if !stays {
            rows.commissions.push((*id).into());
        }
    }
    for id in &found.orders {
        if kept_order(tx, *id, now).await?.is_none() {
            rows.orders.push((*id).into());
        }
    }
    let things = things(&found);
    if rows.count() < things {
        // Letters about what stays are still to be sent, and looked up.
        rows.address = None;
    }
    let done = rows.count();
    forget(tx, &rows, Why::Asked).await?;
    tx.execute("DELETE FROM data_link WHERE email = $1", params![found.address]).await?;
    let erased = Erased { done, kept: things - done };
    let detail = serde_json::json!({ "done": erased.done, "kept": erased.kept });
    audit::record(tx, &Actor::Guest, "privacy.erase", "", None, detail).await?;
    Ok(erased)
}

fn things(found: &Found) -> usize {
    found.bookings.len()
        + found.passes.len()
        + found.enquiries.len()
        + found.waiting.len()
        + found.applicants.len()
        + found.bought.len()
        + found.received.len()
        + found.commissions.len()
        + found.orders.len()
}

fn uuids<'i, T: Copy + Into<Uuid> + 'i>(ids: impl Iterator<Item = &'i T>) -> Vec<Uuid> {
    ids.map(|id| (*id).into()).collect()
}

/// Whose rows, by what they hang on.
#[derive(Debug, Clone, Default)]
pub(super) struct Rows {
    pub bookings: Vec<BookingId>,
    pub passes: Vec<Uuid>,
    pub enquiries: Vec<Uuid>,
    pub waiting: Vec<Uuid>,
    pub applicants: Vec<Uuid>,
    pub bought: Vec<Uuid>,
    pub received: Vec<Uuid>,
    pub commissions: Vec<Uuid>,
    pub orders: Vec<Uuid>,
    /// In lower case.
    pub address: Option<String>,
}

impl Rows {
    pub(super) fn of(found: &Found) -> Rows {
        Rows {
            bookings: found.bookings.clone(),
            passes: uuids(found.passes.iter()),
            enquiries: uuids(found.enquiries.iter()),
            waiting: uuids(found.waiting.iter()),
            applicants: uuids(found.applicants.iter()),
            bought: uuids(found.bought.iter()),
            received: uuids(found.received.iter()),
            commissions: uuids(found.commissions.iter()),
            orders: uuids(found.orders.iter()),
            address: Some(found.address.clone()),
        }
    }

    fn count(&self) -> usize {
        self.bookings.len()
            + self.passes.len()
            + self.enquiries.len()
            + self.waiting.len()
            + self.applicants.len()
            + self.bought.len()
            + self.received.len()
            + self.commissions.len()
            + self.orders.len()
    }

    /// What a table's condition is asked with, so many at a time.
    pub(super) fn values(&self, root: Root) -> Vec<Vec<Param>> {
        let ids: Vec<Uuid> = match root {
            Root::Booking => uuids(self.bookings.iter()),
            Root::Pass => self.passes.clone(),
            Root::Enquiry => self.enquiries.clone(),
            Root::Waiting => self.waiting.clone(),
            Root::Applicant => self.applicants.clone(),
            Root::Bought => self.bought.clone(),
            Root::Received => self.received.clone(),
            Root::Commission => self.commissions.clone(),
            Root::Ordered => self.orders.clone(),
            Root::Address => {
                return self.address.iter().map(|address| params![*address]).collect();
            }
        };
        ids.chunks(AT_ONCE).map(|some| some.iter().map(Bind::bind).collect()).collect()
    }
}

/// Why somebody is forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// They asked for it.
    Asked,
    /// Time is over.
    Time,
}

/// Empties the columns of these rows. Doing it twice is doing it once.
pub(super) async fn forget(tx: &mut Tx, rows: &Rows, why: Why) -> Result<(), StoreError> {
    let now = tx.now();
    forget_audit(tx, rows).await?;
    if why == Why::Asked {
        review::erase(tx, &rows.bookings, now).await?;
    }
    for booking in &rows.bookings {
        reseller::forget_traveller(tx, *booking).await?;
    }
    for table in TABLES {
        let Of::Guests { root, rows: which, ends, .. } = table.of else { continue };
        if why == Why::Time && ends == Ends::WhenAsked {
            continue;
        }
        for values in rows.values(root) {
            let Some(sql) = statement(table, which, values.len()) else { continue };
            tx.execute(AssertSqlSafe(sql), values).await?;
        }
    }
    for booking in &rows.bookings {
        // Whoever read the booking before must not write it back.
        tx.execute(
            "UPDATE booking SET anonymised_at = COALESCE(anonymised_at, $2), \
             version = version + 1 WHERE id = $1",
            params![*booking, now],
        )
        .await?;
    }
    Ok(())
}

/// The statement that empties a table's rows; None where all of it stays.
fn statement(table: &Table, which: &str, values: usize) -> Option<String> {
    let which = which.replace("{}", &placeholders(1, values));
    if table.columns.iter().any(|column| column.fate == Fate::Row) {
        return Some(format!("DELETE FROM {} WHERE {which}", table.name));
    }
    let set: Vec<String> = table.columns.iter().filter_map(emptied).collect();
    let more = table.also.map(|also| format!(", {also}")).unwrap_or_default();
    (!set.is_empty())
        .then(|| format!("UPDATE {} SET {}{more} WHERE {which}", table.name, set.join(", ")))
}

fn emptied(column: &Column) -> Option<String> {
    let name = column.name;
    Some(match column.fate {
        Fate::Blank => format!("{name} = ''"),
        // What had no name gets none.
        Fate::Unnamed => format!("{name} = CASE WHEN {name} = '' THEN '' ELSE '{UNNAMED}' END"),
        Fate::Null => format!("{name} = NULL"),
        Fate::EmptyMap => format!("{name} = '{{}}'"),
        Fate::Row | Fate::ByVerb | Fate::Kept(_) => return None,
    })
}

/// The audit says what was done to a thing by its code; its details may hold names and words.
async fn forget_audit(tx: &mut Tx, rows: &Rows) -> Result<(), StoreError> {
    for subject in subjects(tx, rows).await? {
        tx.execute(
            "UPDATE audit SET detail = '{}' WHERE subject = $1 \
             AND ($2 IS NULL OR workshop_id = $2)",
            params![subject.0, subject.1],
        )
        .await?;
    }
    Ok(())
}

/// By which names the audit knows these rows; a card's is its workshop's alone.
async fn subjects(
    conn: &mut Conn,
    rows: &Rows,
) -> Result<Vec<(String, Option<crate::WorkshopId>)>, StoreError> {
    let mut all = Vec::new();
    for booking in &rows.bookings {
        let codes: Vec<(String,)> =
            conn.fetch_all("SELECT code FROM booking WHERE id = $1", params![*booking]).await?;
        all.extend(codes.into_iter().map(|(code,)| (code, None)));
        let of = "SELECT id FROM certificate WHERE booking_id = $1 \
                  UNION SELECT id FROM transfer WHERE booking_id = $1 \
                  UNION SELECT id FROM booking WHERE id = $1";
        let ids: Vec<(Uuid,)> = conn.fetch_all(of, params![*booking]).await?;
        all.extend(ids.into_iter().map(|(id,)| (id.to_string(), None)));
    }
    for pass in &rows.passes {
        let codes: Vec<(String,)> =
            conn.fetch_all("SELECT code FROM pass_booking WHERE id = $1", params![*pass]).await?;
        all.extend(codes.into_iter().map(|(code,)| (code, None)));
    }
    for order in &rows.orders {
        let codes: Vec<(String,)> =
            conn.fetch_all("SELECT code FROM shop_order WHERE id = $1", params![*order]).await?;
        all.extend(codes.into_iter().map(|(code,)| (code, None)));
    }
    let plain =
        rows.enquiries.iter().chain(&rows.waiting).chain(&rows.applicants).chain(&rows.commissions);
    all.extend(plain.map(|id| (id.to_string(), None)));
    for card in rows.bought.iter().chain(&rows.received) {
        if let Some(card) = giftcard::by_id(conn, (*card).into()).await? {
            all.push((card.hint(), Some(card.workshop_id)));
        }
    }
    Ok(all)
}
