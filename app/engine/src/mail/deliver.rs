//! Delivering what is due in the outbox.
//!
//! A worker leases a letter by a conditional update, renders and sends it outside any
//! transaction, and marks it. A process that dies between sending and marking makes the letter be
//! sent once more when the lease ends (with the same Message-ID); in every other case one event
//! gives one letter.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use super::render::{self, Desk, Queued};
use super::transport::{MailSettings, Transport, TransportError};
use super::{Letter, message};
use crate::accounts::{Actor, Forbidden, audit};
use crate::catalogue::CatalogueCache;
use crate::store::{Conn, Store, StoreError, Tx};
use crate::{BookingId, LetterId, WorkshopId, params, stored_enum};

stored_enum! {
    /// What became of a letter.
    pub enum LetterState {
        Queued = "queued",
        Sent = "sent",
        /// Events overtook it: it was never sent, on purpose.
        Superseded = "superseded",
        /// Given up; an admin may send it again.
        Dead = "dead",
    }
}

/// Longer than a slow SMTP conversation, so that no second worker takes the letter meanwhile.
const LEASE: TimeDelta = TimeDelta::minutes(5);
/// Letters that one run takes at most.
const BATCH: i64 = 50;
/// Pauses after the first, second … failed attempt; the last one repeats.
const PAUSES: [TimeDelta; 6] = [
    TimeDelta::minutes(1),
    TimeDelta::minutes(5),
    TimeDelta::minutes(30),
    TimeDelta::hours(2),
    TimeDelta::hours(6),
    TimeDelta::hours(24),
];
const MAX_ATTEMPTS: i32 = 8;

/// What a run did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Delivered {
    pub sent: u32,
    pub superseded: u32,
    /// To be tried again.
    pub failed: u32,
    pub dead: u32,
}

/// Sends what is due, one after the other; run it every few seconds and after each commit. `stop`
/// is asked before each letter: whoever wants to end waits for one letter, not for fifty.
pub async fn deliver_due(
    store: &Store,
    catalogue: &CatalogueCache,
    transport: &Transport,
    settings: &MailSettings,
    stop: impl Fn() -> bool,
) -> Result<Delivered, StoreError> {
    let mut done = Delivered::default();
    let due: Vec<(LetterId,)> = store
        .read()
        .await?
        .fetch_all(
            "SELECT id FROM outbox WHERE state = 'queued' AND due_at <= $1 \
             AND (leased_until IS NULL OR leased_until <= $1) ORDER BY due_at, id LIMIT $2",
            params![store.now(), BATCH],
        )
        .await?;
    for (id,) in due {
        if stop() {
            break;
        }
        let leased = store
            .write("lease_letter", id, |tx, id| Box::pin(async move { lease(tx, id).await }))
            .await?;
        // Another worker was quicker.
        let Some(row) = leased else { continue };
        let catalogue = catalogue.get().await?;
        let desk = Desk { catalogue: &catalogue, settings, now: store.now() };
        let mut conn = store.read().await?;
        let rendered = render::render(&mut conn, &desk, &row).await;
        drop(conn);
        let outcome = match rendered {
            Ok(None) => Outcome::Superseded,
            Ok(Some(letter)) => {
                let to = (row.recipient_name.as_str(), row.recipient.as_str());
                let sent = match message::build(settings, id, to, &letter) {
                    Ok(message) => transport.send(id, message).await,
                    Err(error) => Err(error),
                };
                match sent {
                    Ok(()) => Outcome::Sent,
                    Err(error) => Outcome::after(&row, &error),
                }
            }
            Err(error) => {
                Outcome::after(&row, &TransportError::Transient(format!("{error}: {error:?}")))
            }
        };
        match &outcome {
            Outcome::Sent => done.sent += 1,
            Outcome::Superseded => done.superseded += 1,
            Outcome::Again { error, .. } => {
                tracing::warn!(letter = %id, error, "a letter was not sent, trying again later");
                done.failed += 1;
            }
            Outcome::Dead { error } => {
                tracing::error!(letter = %id, error, "a letter was given up");
                done.dead += 1;
            }
        }
        store
            .write("mark_letter", (id, outcome), |tx, (id, outcome)| {
                Box::pin(async move { mark(tx, id, outcome).await })
            })
            .await?;
    }
    Ok(done)
}

#[derive(Debug, Clone)]
enum Outcome {
    Sent,
    Superseded,
    Again { pause: TimeDelta, error: String },
    Dead { error: String },
}

impl Outcome {
    fn after(row: &Queued, error: &TransportError) -> Self {
        let permanent = matches!(error, TransportError::Permanent(_));
        let error = error.to_string().chars().take(500).collect();
        if permanent || row.attempts >= MAX_ATTEMPTS {
            return Outcome::Dead { error };
        }
        let failed = usize::try_from(row.attempts - 1).unwrap_or_default();
        let pause = PAUSES.get(failed).copied().unwrap_or(TimeDelta::hours(24));
        Outcome::Again { pause, error }
    }
}

async fn lease(tx: &mut Tx, id: LetterId) -> Result<Option<Queued>, StoreError> {
    let now = tx.now();
    tx.fetch_optional(
        "UPDATE outbox SET leased_until = $1, attempts = attempts + 1 \
         WHERE id = $2 AND state = 'queued' AND due_at <= $3 \
         AND (leased_until IS NULL OR leased_until <= $3) \
         RETURNING kind, recipient, recipient_name, locale, payload, booking_id, workshop_id, \
         attempts",
        params![now + LEASE, id, now],
    )
    .await
}

async fn mark(tx: &mut Tx, id: LetterId, outcome: Outcome) -> Result<(), StoreError> {
    let now = tx.now();
    let (state, due_at, sent_at, error) = match outcome {
        Outcome::Sent => (LetterState::Sent, now, Some(now), String::new()),
        Outcome::Superseded => (LetterState::Superseded, now, None, String::new()),
        Outcome::Again { pause, error } => (LetterState::Queued, now + pause, None, error),
        Outcome::Dead { error } => (LetterState::Dead, now, None, error),
    };
    tx.execute_one(
        "UPDATE outbox SET state = $1, due_at = $2, sent_at = $3, last_error = $4, \
         leased_until = NULL WHERE id = $5",
        params![state, due_at, sent_at, error, id],
    )
    .await?;
    if state != LetterState::Queued {
        // The token of a sign-in letter lies here no longer than it must.
        tx.execute(
            "UPDATE outbox SET payload = '{}' WHERE id = $1 AND kind IN ('sign_in', 'invitation', \
             'my_data')",
            params![id],
        )
        .await?;
    }
    Ok(())
}

/// How many letters wait and how many were given up; and the instant at which the oldest of
/// those that wait was due.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Depth {
    pub queued: i64,
    pub dead: i64,
    pub due_since: Option<DateTime<Utc>>,
}

pub async fn depth(conn: &mut Conn) -> Result<Depth, StoreError> {
    let states: Vec<(LetterState, i64)> = conn
        .fetch_all(
            "SELECT state, CAST(COUNT(*) AS BIGINT) AS n FROM outbox \
             WHERE state IN ('queued', 'dead') GROUP BY state",
            vec![],
        )
        .await?;
    let of = |wanted| states.iter().find(|(state, _)| *state == wanted).map_or(0, |(_, n)| *n);
    let oldest: Option<(DateTime<Utc>,)> = conn
        .fetch_optional(
            "SELECT due_at FROM outbox WHERE state = 'queued' ORDER BY due_at LIMIT 1",
            vec![],
        )
        .await?;
    Ok(Depth {
        queued: of(LetterState::Queued),
        dead: of(LetterState::Dead),
        due_since: oldest.map(|(due_at,)| due_at),
    })
}

/// A letter as the office and the host see it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Posted {
    pub id: LetterId,
    pub kind: Letter,
    pub recipient: String,
    pub recipient_name: String,
    pub state: LetterState,
    pub attempts: i32,
    pub due_at: DateTime<Utc>,
    pub sent_at: Option<DateTime<Utc>>,
    pub last_error: String,
    pub created_at: DateTime<Utc>,
    pub booking_id: Option<BookingId>,
    pub workshop_id: Option<WorkshopId>,
}

/// The newest letters, at most `limit`, of one state or of all; for the admin.
pub async fn list(
    conn: &mut Conn,
    state: Option<LetterState>,
    limit: i64,
) -> Result<Vec<Posted>, StoreError> {
    conn.fetch_all(
        "SELECT id, kind, recipient, recipient_name, state, attempts, due_at, sent_at, \
         last_error, created_at, booking_id, workshop_id FROM outbox \
         WHERE ($1 IS NULL OR state = $1) ORDER BY created_at DESC, id DESC LIMIT $2",
        params![state, limit],
    )
    .await
}

/// A letter as the office lists it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Listed {
    #[sqlx(flatten)]
    pub letter: Posted,
    /// Code of the booking that it is about.
    pub code: Option<String>,
}

/// Letters of one state, newest first, at most `limit`, older than `before`; for the admin.
pub async fn page(
    conn: &mut Conn,
    actor: &Actor,
    state: LetterState,
    before: Option<LetterId>,
    limit: i64,
) -> Result<Vec<Listed>, ResendError> {
    actor.must_administer()?;
    let letters = conn
        .fetch_all(
            "SELECT outbox.id, outbox.kind, outbox.recipient, outbox.recipient_name, \
             outbox.state, outbox.attempts, outbox.due_at, outbox.sent_at, outbox.last_error, \
             outbox.created_at, outbox.booking_id, outbox.workshop_id, booking.code \
             FROM outbox LEFT JOIN booking ON booking.id = outbox.booking_id \
             WHERE outbox.state = $1 AND ($2 IS NULL OR outbox.id < $2) \
             ORDER BY outbox.id DESC LIMIT $3",
            params![state, before, limit],
        )
        .await?;
    Ok(letters)
}

/// How many letters wait, were given up, and were sent since an instant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub queued: i64,
    pub dead: i64,
    pub sent: i64,
}

pub async fn counts(conn: &mut Conn, sent_since: DateTime<Utc>) -> Result<Counts, StoreError> {
    let rows: Vec<(LetterState, i64)> = conn
        .fetch_all(
            "SELECT state, CAST(COUNT(*) AS BIGINT) FROM outbox \
             WHERE state IN ('queued', 'dead') OR (state = 'sent' AND due_at >= $1) \
             GROUP BY state",
            params![sent_since],
        )
        .await?;
    let of = |state| rows.iter().find(|(each, _)| *each == state).map_or(0, |(_, count)| *count);
    Ok(Counts {
        queued: of(LetterState::Queued),
        dead: of(LetterState::Dead),
        sent: of(LetterState::Sent),
    })
}

/// Letters about a booking, oldest first: what was sent, what waits, what failed.
pub async fn of_booking(conn: &mut Conn, booking: BookingId) -> Result<Vec<Posted>, StoreError> {
    conn.fetch_all(
        "SELECT id, kind, recipient, recipient_name, state, attempts, due_at, sent_at, \
         last_error, created_at, booking_id, workshop_id FROM outbox \
         WHERE booking_id = $1 ORDER BY created_at, id",
        params![booking],
    )
    .await
}

#[derive(Debug, thiserror::Error)]
pub enum ResendError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error("there is no such letter, or it still waits to be sent")]
    Unknown,
}

#[derive(Debug, Clone)]
pub struct Resend {
    pub actor: Actor,
    pub letter: LetterId,
}

/// Puts a letter that was sent or given up in the outbox once more, as a letter of its own; one
/// that was given up counts as superseded then. A sign-in letter has lost its token and can't be
/// sent again.
pub async fn resend(tx: &mut Tx, command: Resend) -> Result<LetterId, ResendError> {
    command.actor.must_administer()?;
    let id = LetterId::new(tx.now());
    let event_key = format!("again:{}:{id}", command.letter);
    let now = tx.now();
    let copied = tx
        .execute(
            "INSERT INTO outbox (id, event_key, kind, recipient, recipient_name, locale, payload, \
             booking_id, workshop_id, state, attempts, due_at, last_error, created_at) \
             SELECT $1, $2, kind, recipient, recipient_name, locale, payload, booking_id, \
             workshop_id, 'queued', 0, $3, '', $3 FROM outbox \
             WHERE id = $4 AND state <> 'queued' AND kind NOT IN ('sign_in', 'invitation', \
             'my_data') AND recipient <> ''",
            params![id, event_key, now, command.letter],
        )
        .await?;
    if copied == 0 {
        return Err(ResendError::Unknown);
    }
    tx.execute(
        "UPDATE outbox SET state = 'superseded' WHERE id = $1 AND state = 'dead'",
        params![command.letter],
    )
    .await?;
    let detail = json!({ "of": command.letter });
    audit::record(tx, &command.actor, "mail.resend", id, None, detail).await?;
    Ok(id)
}
