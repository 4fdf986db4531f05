//! The link to what is held under an address: mailed there, short-lived, gone once the data is.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use super::find::find;
use crate::accounts::session;
use crate::email::Email;
use crate::mail::Letter;
use crate::mail::outbox::{self, Envelope};
use crate::store::{Conn, StoreError, Tx};
use crate::{LetterId, Locale, params};

/// How long it opens.
pub const LINK_LIFE: TimeDelta = TimeDelta::minutes(60);
/// Links that are mailed to one address within [`LINK_LIFE`]; more is somebody filling a mailbox.
const MAX_OPEN: i64 = 3;

#[derive(Debug, Clone)]
pub struct AskLink {
    pub email: Email,
    pub locale: Locale,
}

/// Mails the link. Answers nothing: who asks must not learn whether anything is held.
pub async fn ask_link(tx: &mut Tx, command: AskLink) -> Result<(), StoreError> {
    let address = command.email.as_str().to_lowercase();
    let since = tx.now() - LINK_LIFE;
    let (recent,): (i64,) = tx
        .fetch_one(
            "SELECT CAST(COUNT(*) AS BIGINT) FROM data_link WHERE email = $1 AND created_at > $2",
            params![address, since],
        )
        .await?;
    if recent >= MAX_OPEN || find(tx, &address).await?.is_empty() {
        return Ok(());
    }
    let token = tx.draw_token();
    tx.execute_one(
        "INSERT INTO data_link (token_hash, email, created_at, expires_at) \
         VALUES ($1, $2, $3, $4)",
        params![session::hash(&token), address, tx.now(), tx.now() + LINK_LIFE],
    )
    .await?;
    let letter = Letter::MyData;
    let envelope = Envelope {
        event_key: format!("{letter}:{}", LetterId::new(tx.now())),
        letter,
        recipient: command.email.to_string(),
        recipient_name: String::new(),
        locale: command.locale,
        payload: json!({ "token": token }),
        booking_id: None,
        workshop_id: None,
    };
    outbox::post(tx, envelope).await?;
    Ok(())
}

/// Whose data a link opens; None once it ran out or the data is gone.
pub async fn address_of(
    conn: &mut Conn,
    token: &str,
    now: DateTime<Utc>,
) -> Result<Option<String>, StoreError> {
    let row: Option<(String,)> = conn
        .fetch_optional(
            "SELECT email FROM data_link WHERE token_hash = $1 AND expires_at > $2",
            params![session::hash(token), now],
        )
        .await?;
    Ok(row.map(|(email,)| email))
}
