//! Signing in by a link in a letter: single use, short-lived, confirmed by a button because
//! mail scanners open links.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use super::people::PersonRow;
use super::{AccountError, session};
use crate::mail::{Letter, outbox};
use crate::store::{Conn, StoreError, Tx};
use crate::{LetterId, PersonId, params};

/// How long a link works that a person asked for themselves.
pub(super) const SIGN_IN_LIFE: TimeDelta = TimeDelta::minutes(15);
/// How long the link of an invitation works: people read it in the evening.
pub(super) const INVITATION_LIFE: TimeDelta = TimeDelta::days(7);
/// Links that one person is sent within [`SIGN_IN_LIFE`]; more is somebody filling a mailbox.
const MAX_OPEN: i64 = 3;

#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    #[error(transparent)]
    Account(#[from] AccountError),
    #[error("the link was used already, ran out or never was one")]
    Spent,
}

impl From<StoreError> for LinkError {
    fn from(error: StoreError) -> Self {
        LinkError::Account(error.into())
    }
}

/// Writes a link's hash; answers the token, which is kept nowhere else.
pub(super) async fn make(
    tx: &mut Tx,
    person: PersonId,
    life: TimeDelta,
) -> Result<String, StoreError> {
    let token = tx.draw_token();
    tx.execute_one(
        "INSERT INTO sign_in_link (token_hash, person_id, created_at, expires_at) \
         VALUES ($1, $2, $3, $4)",
        params![session::hash(&token), person, tx.now(), tx.now() + life],
    )
    .await?;
    Ok(token)
}

#[derive(Debug, Clone)]
pub struct RequestLink {
    pub email: String,
}

/// Mails a sign-in link. An unknown address is answered like a known one; so is one that asks
/// too often.
pub async fn request_link(tx: &mut Tx, command: RequestLink) -> Result<(), AccountError> {
    let Some(person) = PersonRow::by_email(tx, &command.email).await? else {
        return Ok(());
    };
    let since = tx.now() - SIGN_IN_LIFE;
    let (recent,): (i64,) = tx
        .fetch_one(
            "SELECT CAST(COUNT(*) AS BIGINT) FROM sign_in_link \
             WHERE person_id = $1 AND created_at > $2 AND used_at IS NULL",
            params![person.id, since],
        )
        .await?;
    if recent >= MAX_OPEN {
        return Ok(());
    }
    let token = make(tx, person.id, SIGN_IN_LIFE).await?;
    let letter = outbox::Envelope {
        event_key: format!("{}:{}", Letter::SignIn, LetterId::new(tx.now())),
        letter: Letter::SignIn,
        recipient: person.email,
        recipient_name: person.name,
        locale: person.locale,
        payload: json!({ "token": token }),
        booking_id: None,
        workshop_id: None,
    };
    outbox::post(tx, letter).await?;
    Ok(())
}

/// Whether a link still opens the door, without using it: for the page with the button.
pub async fn link_opens(
    conn: &mut Conn,
    token: &str,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let row: Option<(String,)> = conn
        .fetch_optional(
            "SELECT token_hash FROM sign_in_link \
             WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2",
            params![session::hash(token), now],
        )
        .await?;
    Ok(row.is_some())
}

#[derive(Debug, Clone)]
pub struct UseLink {
    pub token: String,
    pub user_agent: String,
}

/// Signs in with a link, once: the database decides which of two clicks was first.
pub async fn use_link(tx: &mut Tx, command: UseLink) -> Result<session::SignedIn, LinkError> {
    let now = tx.now();
    let used: Option<(PersonId,)> = tx
        .fetch_optional(
            "UPDATE sign_in_link SET used_at = $1 \
             WHERE token_hash = $2 AND used_at IS NULL AND expires_at > $1 RETURNING person_id",
            params![now, session::hash(&command.token)],
        )
        .await?;
    let (person,) = used.ok_or(LinkError::Spent)?;
    Ok(session::start(tx, person, &command.user_agent, "link").await?)
}
