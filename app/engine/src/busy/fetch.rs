//! Reading calendars when they are due, and keeping what they say.

use chrono::{DateTime, TimeDelta, Utc};
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt, stream};

use super::error::BusyError;
use super::model::{BusyCalendar, STALE, Span};
use super::read::{self, Reading};
use super::{letters, look, mark};
use crate::outside::{Failure, Fetched, Known, Outside, Refusal};
use crate::store::{Conn, Store, StoreError, Tx};
use crate::{CalendarId, SpanId, columns, params};

/// Largest calendar, in bytes, unpacked.
const MAX_BYTES: usize = 2_000_000;
/// From one call to the next.
const INTERVAL: TimeDelta = TimeDelta::minutes(15);
/// After failures twice as long each time, up to this.
const MAX_PAUSE: TimeDelta = TimeDelta::hours(6);
/// What a server asks for may be longer.
const MAX_ASKED: TimeDelta = TimeDelta::hours(24);
/// So often all of it is read, also where its server says that nothing changed: what repeats
/// reaches further ahead every day.
const WHOLE: TimeDelta = TimeDelta::hours(20);
/// A process that took a calendar and died is waited for so long.
const LEASE: TimeDelta = TimeDelta::minutes(5);
/// Calendars taken in one round, and of these so many at a time.
const ROUND: i64 = 20;
const AT_ONCE: usize = 4;

/// What a call brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    Unchanged,
    Read(Reading, Known),
}

/// Fetches a calendar and reads it; `domain` is our own, see [`read::read`].
pub async fn fetch(
    outside: &Outside,
    (url, known): (&str, &Known),
    domain: &str,
    now: DateTime<Utc>,
) -> Result<News, Refusal> {
    let (body, known) = match outside.get(url, known, MAX_BYTES).await? {
        Fetched::Unchanged => return Ok(News::Unchanged),
        Fetched::Document { body, known } => (body, known),
    };
    let domain = domain.to_owned();
    // Thousands of repetitions are written out: other requests go on meanwhile.
    let reading = tokio::task::spawn_blocking(move || {
        let text = String::from_utf8_lossy(&body);
        read::read(&text, &domain, read::window(now))
    });
    match reading.await {
        Ok(Some(reading)) => Ok(News::Read(reading, known)),
        Ok(None) | Err(_) => Err(Failure::Unreadable.into()),
    }
}

/// Fetches the calendars that are due, a few at a time; answers how many. `stop` ends it early.
pub async fn fetch_due(
    store: &Store,
    outside: &Outside,
    domain: &str,
    stop: impl Fn() -> bool,
) -> Result<usize, BusyError> {
    let mut conn = store.read().await?;
    let idle = due(&mut conn, store.now()).await?.is_empty();
    drop(conn);
    if idle {
        return Ok(0);
    }
    let taken = store
        .write("lease calendars", (), |tx, ()| Box::pin(async move { lease(tx).await }))
        .await?;
    let calls: Vec<BoxFuture<'_, Result<(), BusyError>>> = taken
        .into_iter()
        .take_while(|_| !stop())
        .map(|calendar| again(store, outside, domain, calendar).boxed())
        .collect();
    let done: Vec<Result<(), BusyError>> =
        stream::iter(calls).buffer_unordered(AT_ONCE).collect().await;
    let count = done.len();
    done.into_iter().collect::<Result<(), _>>()?;
    Ok(count)
}

/// Reads one calendar that is due.
async fn again(
    store: &Store,
    outside: &Outside,
    domain: &str,
    calendar: BusyCalendar,
) -> Result<(), BusyError> {
    let now = store.now();
    let known = if now - calendar.read_at > WHOLE { Known::default() } else { calendar.known };
    let news = fetch(outside, (&calendar.url, &known), domain, now).await;
    store.write("take calendar", (calendar.id, news), |tx, c| Box::pin(take(tx, c))).await
}

async fn due(conn: &mut Conn, now: DateTime<Utc>) -> Result<Vec<BusyCalendar>, StoreError> {
    conn.fetch_all(
        "SELECT * FROM busy_calendar WHERE paused = FALSE AND next_at <= $1 \
         ORDER BY next_at, id LIMIT $2",
        params![now, ROUND],
    )
    .await
}

/// Takes what is due, so that no other process fetches it too.
async fn lease(tx: &mut Tx) -> Result<Vec<BusyCalendar>, StoreError> {
    let now = tx.now();
    let mut taken = Vec::new();
    for calendar in due(tx, now).await? {
        let won = tx
            .execute(
                "UPDATE busy_calendar SET next_at = $2 WHERE id = $1 AND next_at = $3",
                params![calendar.id, now + LEASE, calendar.next_at],
            )
            .await?;
        if won == 1 {
            taken.push(calendar);
        }
    }
    Ok(taken)
}

/// Keeps what a call brought, or that it came to nothing.
pub async fn take(
    tx: &mut Tx,
    (id, news): (CalendarId, Result<News, Refusal>),
) -> Result<(), BusyError> {
    // Removed while it was fetched.
    let Some(calendar) = look::find(tx, id).await? else { return Ok(()) };
    let now = tx.now();
    let refusal = match news {
        Ok(News::Unchanged) => {
            heard(tx, id).await?;
            return Ok(());
        }
        Ok(News::Read(reading, known)) => {
            heard(tx, id).await?;
            return keep(tx, &calendar, reading, known).await;
        }
        Err(refusal) => refusal,
    };
    let pause = pause(calendar.failures + 1, refusal.after);
    let columns = columns! {
        failures: calendar.failures + 1,
        failure: refusal.failure,
        next_at: now + pause,
    };
    tx.update_one("busy_calendar", columns, columns! { id: id }).await?;
    if !calendar.warned && !calendar.paused && now - calendar.seen_at > STALE {
        tx.execute_one("UPDATE busy_calendar SET warned = TRUE WHERE id = $1", params![id]).await?;
        letters::stale(tx, &calendar).await?;
    }
    Ok(())
}

/// Until the next call after so many failures in a row.
fn pause(failures: i32, asked: Option<TimeDelta>) -> TimeDelta {
    let doublings = u32::try_from(failures - 1).unwrap_or(0).min(8);
    let pause = (INTERVAL * 2_i32.pow(doublings)).min(MAX_PAUSE);
    asked.map_or(pause, |asked| asked.min(MAX_ASKED).max(pause))
}

async fn heard(tx: &mut Tx, id: CalendarId) -> Result<(), StoreError> {
    let now = tx.now();
    tx.execute_one(
        "UPDATE busy_calendar SET seen_at = $2, next_at = $3, failures = 0, failure = NULL, \
         warned = FALSE WHERE id = $1",
        params![id, now, now + INTERVAL],
    )
    .await
}

async fn keep(
    tx: &mut Tx,
    calendar: &BusyCalendar,
    reading: Reading,
    known: Known,
) -> Result<(), BusyError> {
    let now = tx.now();
    let count = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
    let columns = columns! {
        etag: known.etag,
        modified: known.modified,
        read_at: now,
        own_events: count(reading.own),
        unread_events: count(reading.unread),
    };
    tx.update_one("busy_calendar", columns, columns! { id: calendar.id }).await?;
    let passing: Vec<(String,)> = tx
        .fetch_all("SELECT uid FROM busy_pass WHERE calendar_id = $1", params![calendar.id])
        .await?;
    let wanted: Vec<Span> = reading
        .busy
        .into_iter()
        .map(|busy| Span {
            blocks: !passing.iter().any(|(uid,)| *uid == busy.uid),
            uid: busy.uid,
            starts_at: busy.starts_at,
            ends_at: busy.ends_at,
            all_day: busy.all_day,
            summary: busy.summary,
        })
        .collect();
    let had = look::spans(tx, calendar.id, read::window(now).from).await?;
    if sorted(&had) == sorted(&wanted) {
        return Ok(());
    }
    tx.execute("DELETE FROM busy_span WHERE calendar_id = $1", params![calendar.id]).await?;
    for span in wanted {
        tx.insert(
            "busy_span",
            columns! {
                id: SpanId::new(now),
                calendar_id: calendar.id,
                uid: span.uid,
                starts_at: span.starts_at,
                ends_at: span.ends_at,
                all_day: span.all_day,
                summary: span.summary,
                blocks: span.blocks,
            },
        )
        .await?;
    }
    if let Some(subject) = calendar.subject() {
        mark::follow(tx, subject).await?;
    }
    Ok(())
}

/// In one order: databases sort texts in different ways.
fn sorted(spans: &[Span]) -> Vec<Span> {
    let mut spans = spans.to_vec();
    spans.sort_by(|a, b| (a.starts_at, a.ends_at, &a.uid).cmp(&(b.starts_at, b.ends_at, &b.uid)));
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_and_servers_may_ask_for_longer_ones() {
        let minutes = |failures| pause(failures, None).num_minutes();
        assert_eq!([1, 2, 3, 4, 5, 6, 99].map(minutes), [15, 30, 60, 120, 240, 360, 360]);
        assert_eq!(pause(1, Some(TimeDelta::hours(3))), TimeDelta::hours(3));
        assert_eq!(pause(1, Some(TimeDelta::seconds(1))), INTERVAL, "no more often than usually");
        assert_eq!(pause(1, Some(TimeDelta::days(99))), MAX_ASKED);
    }
}
