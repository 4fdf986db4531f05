//! Forgetting by time: what nobody asked to have forgotten and nobody needs any more.
//!
//! A worker calls [`retain`] as long as it did something. Each call is one short transaction that takes
//! up to [`BATCH`] rows of each kind; what was done is done for good, so a call that is repeated or that
//! two processes make at once does no harm. What has to stay (money to be paid back) is passed over and
//! looked at again next time.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, Months, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::erase::{Rows, Why, forget};
use super::error::PrivacyError;
use super::holding::{BOOKS_YEARS, kept_bookings, kept_card, kept_commission, kept_order};
use crate::accounts::Actor;
use crate::clock::{local_date, venue_instant};
use crate::commission;
use crate::giftcard;
use crate::store::{Conn, Param, StoreError, Tx};
use crate::{BookingId, json_column, params};

/// Rows of a kind in one transaction.
const BATCH: usize = 200;

/// For how many months things are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Retention {
    /// Contact, answers and notes of bookings and passes, from the visit on; of orders, from their end on.
    pub bookings: u32,
    /// Who asked for a group, from the wished day on.
    pub enquiries: u32,
    /// Who waited for a seat, from the departure on.
    pub waitlist: u32,
    /// Students and researchers, from the last change or the placement's last day on.
    pub applications: u32,
    /// Who bought and got a gift card, from its last day on.
    pub gift_cards: u32,
    /// Who had something made to order, the words and the pictures, from its end on.
    pub commissions: u32,
    /// Letters that were sent.
    pub letters: u32,
    /// Sessions and sign-in links that ran out.
    pub sessions: u32,
    /// What was done by whom.
    pub audit: u32,
    /// Who looked at whose data.
    pub views: u32,
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            bookings: 24,
            enquiries: 12,
            waitlist: 1,
            applications: 12,
            gift_cards: 24,
            commissions: 24,
            letters: 3,
            sessions: 1,
            audit: 36,
            views: 12,
        }
    }
}

/// Most months that make sense of anything but the books.
pub const MOST_MONTHS: u32 = 120;

impl Retention {
    /// Kinds with their months, as they are named in the configuration and in a run.
    pub const fn all(&self) -> [(&'static str, u32); 11] {
        [
            ("bookings", self.bookings),
            ("enquiries", self.enquiries),
            ("waitlist", self.waitlist),
            ("applications", self.applications),
            ("gift_cards", self.gift_cards),
            ("commissions", self.commissions),
            ("letters", self.letters),
            ("sessions", self.sessions),
            ("audit", self.audit),
            ("views", self.views),
            ("invoices", 12 * BOOKS_YEARS),
        ]
    }

    /// The name of a key that is out of bounds.
    pub fn wrong(&self) -> Option<&'static str> {
        let bad = |(_, months): &&(&str, u32)| !(1..=MOST_MONTHS).contains(months);
        self.all().iter().find(bad).map(|(name, _)| *name)
    }
}

/// How many of each kind.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Done(pub BTreeMap<String, u64>);

json_column!(Done);

impl Done {
    fn add(&mut self, kind: &str, count: u64) {
        *self.0.entry(kind.to_owned()).or_default() += count;
    }

    pub fn total(&self) -> u64 {
        self.0.values().sum()
    }
}

/// What was forgotten on a day.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Run {
    pub on_date: NaiveDate,
    /// Last.
    pub ran_at: DateTime<Utc>,
    pub done: Done,
}

/// The latest days first, for the office.
pub async fn runs(conn: &mut Conn, actor: &Actor, limit: i64) -> Result<Vec<Run>, PrivacyError> {
    actor.must_administer()?;
    let runs = conn
        .fetch_all(
            "SELECT on_date, ran_at, done FROM retention_run ORDER BY on_date DESC LIMIT $1",
            params![limit],
        )
        .await?;
    Ok(runs)
}

/// Forgets what is older than the policy says, a batch of each kind; answers how much it was.
pub async fn retain(tx: &mut Tx, policy: Retention) -> Result<usize, StoreError> {
    let today = local_date(tx.now());
    let mut done = Done::default();
    let cut = |months: u32| today.checked_sub_months(Months::new(months)).unwrap_or(NaiveDate::MIN);
    let since = |months: u32| {
        venue_instant(cut(months), chrono::NaiveTime::MIN).unwrap_or(DateTime::<Utc>::MIN_UTC)
    };
    let mut rows = Rows {
        bookings: old_bookings(tx, cut(policy.bookings)).await?,
        passes: old_passes(tx, since(policy.bookings)).await?,
        enquiries: ids(
            tx,
            "SELECT id FROM enquiry WHERE wished_date < $1 AND email <> '' ORDER BY id LIMIT $2",
            params![cut(policy.enquiries)],
        )
        .await?,
        waiting: ids(
            tx,
            "SELECT waitlist.id FROM waitlist JOIN slot ON slot.id = waitlist.slot_id \
             WHERE slot.local_date < $1 AND waitlist.email <> '' ORDER BY waitlist.id LIMIT $2",
            params![cut(policy.waitlist)],
        )
        .await?,
        applicants: ids(
            tx,
            "SELECT applicant.id FROM applicant \
             LEFT JOIN placement ON placement.id = applicant.placement_id \
             WHERE applicant.changed_on < $1 AND applicant.email <> '' \
             AND (placement.last_date IS NULL OR placement.last_date < $1) \
             ORDER BY applicant.id LIMIT $2",
            params![cut(policy.applications)],
        )
        .await?,
        ..Rows::default()
    };
    rows.bought = old_cards(tx, cut(policy.gift_cards)).await?;
    rows.received = ids(
        tx,
        "SELECT id FROM gift_card WHERE valid_until < $1 \
         AND (recipient_email <> '' OR recipient_name NOT IN ('', 'N. N.')) ORDER BY id LIMIT $2",
        params![cut(policy.gift_cards)],
    )
    .await?;
    rows.commissions = old_commissions(tx, since(policy.commissions)).await?;
    let number = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    rows.orders = old_orders(tx, since(policy.bookings)).await?;
    let booked = rows.bookings.len() + rows.passes.len() + rows.orders.len();
    done.add("bookings", number(booked));
    done.add("enquiries", number(rows.enquiries.len()));
    done.add("waitlist", number(rows.waiting.len()));
    done.add("applications", number(rows.applicants.len()));
    done.add("gift_cards", number(rows.bought.len() + rows.received.len()));
    done.add("commissions", number(rows.commissions.len()));
    forget(tx, &rows, Why::Time).await?;
    for (kind, sql, before) in [
        (
            "letters",
            "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox \
             WHERE created_at < $1 AND due_at < $1 ORDER BY created_at LIMIT $2)",
            since(policy.letters),
        ),
        (
            "sessions",
            "DELETE FROM session WHERE token_hash IN (SELECT token_hash FROM session \
             WHERE expires_at < $1 LIMIT $2)",
            since(policy.sessions),
        ),
        (
            "sessions",
            "DELETE FROM sign_in_link WHERE token_hash IN (SELECT token_hash FROM sign_in_link \
             WHERE expires_at < $1 LIMIT $2)",
            since(policy.sessions),
        ),
        // Their time is part of what they are: no key of the configuration.
        (
            "sessions",
            "DELETE FROM data_link WHERE token_hash IN (SELECT token_hash FROM data_link \
             WHERE expires_at < $1 LIMIT $2)",
            tx.now() - chrono::TimeDelta::days(1),
        ),
        (
            "audit",
            "DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE at < $1 \
             ORDER BY at LIMIT $2)",
            since(policy.audit),
        ),
        (
            "views",
            "DELETE FROM personal_view WHERE id IN (SELECT id FROM personal_view \
             WHERE first_at < $1 ORDER BY id LIMIT $2)",
            since(policy.views),
        ),
        (
            "invoices",
            "DELETE FROM invoice_wish WHERE booking_id IN (SELECT booking_id FROM invoice_wish \
             WHERE created_at < $1 LIMIT $2)",
            since(12 * BOOKS_YEARS),
        ),
    ] {
        done.add(kind, tx.execute(sql, params![before, batch()]).await?);
    }
    note(tx, today, &done).await?;
    Ok(usize::try_from(done.total()).unwrap_or(usize::MAX))
}

fn batch() -> i64 {
    i64::try_from(BATCH).unwrap_or(i64::MAX)
}

async fn ids(
    conn: &mut Conn,
    sql: &'static str,
    mut values: Vec<Param>,
) -> Result<Vec<Uuid>, StoreError> {
    values.extend(params![batch()]);
    let rows: Vec<(Uuid,)> = conn.fetch_all(sql, values).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Bookings of visits before a day in which somebody can still be recognised, and that owe nobody
/// anything. Those that do are passed over, however many they are.
async fn old_bookings(tx: &mut Tx, before: NaiveDate) -> Result<Vec<BookingId>, StoreError> {
    let now = tx.now();
    let mut found = Vec::new();
    let mut after = BookingId::from(Uuid::nil());
    loop {
        let rows: Vec<(BookingId,)> = tx
            .fetch_all(
                "SELECT booking.id FROM booking JOIN slot ON slot.id = booking.slot_id \
                 WHERE booking.anonymised_at IS NULL AND booking.id > $2 \
                 AND COALESCE(slot.last_date, slot.local_date) < $1 ORDER BY booking.id LIMIT $3",
                params![before, after, batch()],
            )
            .await?;
        let some: Vec<BookingId> = rows.iter().map(|(id,)| *id).collect();
        let Some(last) = some.last().copied() else { return Ok(found) };
        let kept = kept_bookings(tx, &some, now).await?;
        found.extend(some.iter().filter(|id| !kept.contains_key(id)));
        if some.len() < BATCH || found.len() >= BATCH {
            return Ok(found);
        }
        after = last;
    }
}

/// Passes of whose legs nobody is recognised any more.
async fn old_passes(tx: &mut Tx, before: DateTime<Utc>) -> Result<Vec<Uuid>, StoreError> {
    ids(
        tx,
        "SELECT id FROM pass_booking WHERE created_at < $1 AND email <> '' AND NOT EXISTS \
         (SELECT 1 FROM booking WHERE booking.pass_booking_id = pass_booking.id \
         AND booking.anonymised_at IS NULL) ORDER BY id LIMIT $2",
        params![before],
    )
    .await
}

/// Orders that ended before an instant and owe nobody anything.
async fn old_orders(tx: &mut Tx, before: DateTime<Utc>) -> Result<Vec<Uuid>, StoreError> {
    let now = tx.now();
    let some = ids(
        tx,
        "SELECT id FROM shop_order WHERE ended_at < $1 AND email <> '' ORDER BY ended_at, id LIMIT $2",
        params![before],
    )
    .await?;
    let mut found = Vec::new();
    for id in some {
        if kept_order(tx, id.into(), now).await?.is_none() {
            found.push(id);
        }
    }
    Ok(found)
}

/// Cards of which no buyer is owed anything; those of which one is are passed over.
async fn old_cards(tx: &mut Tx, before: NaiveDate) -> Result<Vec<Uuid>, StoreError> {
    let now = tx.now();
    let mut found = Vec::new();
    let mut after = Uuid::nil();
    loop {
        let some = ids_after(tx, before, after).await?;
        let Some(last) = some.last().copied() else { return Ok(found) };
        for id in &some {
            let Some(card) = giftcard::by_id(tx, (*id).into()).await? else { continue };
            if kept_card(tx, &card, now).await?.is_none() {
                found.push(*id);
            }
        }
        if some.len() < BATCH || found.len() >= BATCH {
            return Ok(found);
        }
        after = last;
    }
}

/// Commissions that came to their end, or to nothing, before; those of which a customer is owed anything
/// are passed over.
async fn old_commissions(tx: &mut Tx, before: DateTime<Utc>) -> Result<Vec<Uuid>, StoreError> {
    let mut found = Vec::new();
    let mut after = Uuid::nil();
    loop {
        let rows: Vec<(Uuid,)> = tx
            .fetch_all(
                "SELECT id FROM commission WHERE since < $1 AND email <> '' AND id > $2 AND state \
                 IN ('asked', 'offered', 'delivered', 'lapsed', 'ended') ORDER BY id LIMIT $3",
                params![before, after, batch()],
            )
            .await?;
        let Some((last,)) = rows.last().copied() else { return Ok(found) };
        for (id,) in &rows {
            let Some(asked) = commission::by_id(tx, (*id).into()).await? else { continue };
            if kept_commission(tx, &asked).await?.is_none() {
                found.push(*id);
            }
        }
        if rows.len() < BATCH || found.len() >= BATCH {
            return Ok(found);
        }
        after = last;
    }
}

async fn ids_after(
    conn: &mut Conn,
    before: NaiveDate,
    after: Uuid,
) -> Result<Vec<Uuid>, StoreError> {
    let rows: Vec<(Uuid,)> = conn
        .fetch_all(
            "SELECT id FROM gift_card WHERE valid_until < $1 AND buyer_email <> '' AND id > $2 \
             ORDER BY id LIMIT $3",
            params![before, after, batch()],
        )
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// One row a day; old ones go.
async fn note(tx: &mut Tx, today: NaiveDate, done: &Done) -> Result<(), StoreError> {
    let before: Option<(Done,)> = tx
        .fetch_optional("SELECT done FROM retention_run WHERE on_date = $1", params![today])
        .await?;
    let mut sum = before.map(|(done,)| done).unwrap_or_default();
    for (kind, count) in &done.0 {
        sum.add(kind, *count);
    }
    tx.execute(
        "INSERT INTO retention_run (on_date, ran_at, done) VALUES ($1, $2, $3) \
         ON CONFLICT (on_date) DO UPDATE SET ran_at = $2, done = $3",
        params![today, tx.now(), sum],
    )
    .await?;
    let old = today - Days::new(400);
    tx.execute("DELETE FROM retention_run WHERE on_date < $1", params![old]).await?;
    Ok(())
}
