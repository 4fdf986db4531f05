//! Signed-in browsers. The cookie carries a random token; the table keeps only its hash.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::people::PersonRow;
use super::{AccountError, Actor, Person, audit, password};
use crate::store::{Conn, Store, StoreError, Tx};
use crate::{PersonId, params};

/// A session ends after so long without a visit.
pub const LIFE: TimeDelta = TimeDelta::days(30);
/// A visit is written down at most once in this time: reading pages must not write.
const SEEN_EVERY: TimeDelta = TimeDelta::hours(1);
/// For so long after signing in a session may do what else needs the password.
pub(super) const FRESH: TimeDelta = TimeDelta::minutes(15);
/// Longest user agent kept, in characters.
const MAX_AGENT: usize = 200;

/// SHA-256 of a token, base64url. The token has 256 random bits, so a plain hash is enough.
pub(crate) fn hash(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(token.as_bytes()))
}

/// A new session: what the cookie must carry, and whose it is.
#[derive(Clone)]
pub struct SignedIn {
    pub token: String,
    pub person: Person,
}

/// The token must not reach a log.
impl std::fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignedIn").field("person", &self.person.id).finish_non_exhaustive()
    }
}

/// A browser that is signed in, as the account page lists it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Session {
    /// Names the session in forms; of no use as a cookie.
    pub token_hash: String,
    pub person_id: PersonId,
    pub created_at: DateTime<Utc>,
    /// To the hour.
    pub last_seen_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub user_agent: String,
}

impl Session {
    /// Whether this is the session of the cookie `token`.
    pub fn is_of(&self, token: &str) -> bool {
        self.token_hash == hash(token)
    }
}

pub(super) async fn find(
    conn: &mut Conn,
    token: &str,
    now: DateTime<Utc>,
) -> Result<Option<Session>, StoreError> {
    conn.fetch_optional(
        "SELECT * FROM session WHERE token_hash = $1 AND expires_at > $2",
        params![hash(token), now],
    )
    .await
}

pub(super) async fn start(
    tx: &mut Tx,
    person: PersonId,
    user_agent: &str,
    by: &'static str,
) -> Result<SignedIn, AccountError> {
    let token = tx.draw_token();
    let agent: String = user_agent.chars().filter(|c| !c.is_control()).take(MAX_AGENT).collect();
    tx.execute_one(
        "INSERT INTO session (token_hash, person_id, created_at, last_seen_at, expires_at, \
         user_agent) VALUES ($1, $2, $3, $3, $4, $5)",
        params![hash(&token), person, tx.now(), tx.now() + LIFE, agent],
    )
    .await?;
    let Actor::Person(person) = Actor::of(tx, person).await? else {
        return Err(super::Forbidden.into());
    };
    let actor = Actor::Person(person.clone());
    audit::record(tx, &actor, "account.sign_in", person.id, None, json!({ "by": by })).await?;
    Ok(SignedIn { token, person })
}

/// Signs in with address and password. One error for every reason, after the same work.
pub async fn sign_in_with_password(
    store: &Store,
    email: &str,
    password: String,
    user_agent: &str,
) -> Result<SignedIn, AccountError> {
    let row = PersonRow::by_email(&mut store.read().await?, email).await?;
    let hash = row.as_ref().and_then(|row| row.password_hash.clone());
    if !password::password_matches_aside(password, hash).await? {
        return Err(AccountError::WrongPassword);
    }
    let person = row.ok_or(AccountError::WrongPassword)?.id;
    store
        .write("sign_in", (person, user_agent.to_owned()), |tx, (person, agent)| {
            Box::pin(async move { start(tx, person, &agent, "password").await })
        })
        .await
}

/// Whom a cookie stands for.
#[derive(Debug, Clone)]
pub struct Recognised {
    pub actor: Actor,
    /// The session's end was just moved on: the cookie's should be too.
    pub renewed: bool,
}

/// Who carries this cookie: a person with their workshops, or a guest when the session ended.
/// Once an hour the visit is written down and the session's end moves on.
pub async fn actor_of(store: &Store, token: &str) -> Result<Recognised, StoreError> {
    let now = store.now();
    let mut conn = store.read().await?;
    let Some(session) = find(&mut conn, token, now).await? else {
        return Ok(Recognised { actor: Actor::Guest, renewed: false });
    };
    let actor = Actor::of(&mut conn, session.person_id).await?;
    drop(conn);
    let renewed = session.last_seen_at + SEEN_EVERY <= now;
    if renewed {
        store
            .write("session_seen", session.token_hash, |tx, hash| {
                Box::pin(async move {
                    let now = tx.now();
                    // Nothing happens to a session that was signed out meanwhile.
                    tx.execute(
                        "UPDATE session SET last_seen_at = $1, expires_at = $2 \
                         WHERE token_hash = $3",
                        params![now, now + LIFE, hash],
                    )
                    .await
                })
            })
            .await?;
    }
    Ok(Recognised { actor, renewed })
}

/// Sessions of a person that have not ended, the latest visit first.
pub async fn sessions_of(
    conn: &mut Conn,
    person: PersonId,
    now: DateTime<Utc>,
) -> Result<Vec<Session>, StoreError> {
    conn.fetch_all(
        "SELECT * FROM session WHERE person_id = $1 AND expires_at > $2 \
         ORDER BY last_seen_at DESC, token_hash",
        params![person, now],
    )
    .await
}

/// Ends the session of this cookie; a second time does nothing.
pub async fn sign_out(tx: &mut Tx, token: String) -> Result<(), StoreError> {
    tx.execute("DELETE FROM session WHERE token_hash = $1", params![hash(&token)]).await?;
    Ok(())
}

/// Ends every session of a person, this one included.
pub async fn sign_out_everywhere(tx: &mut Tx, actor: Actor) -> Result<(), AccountError> {
    let Actor::Person(person) = &actor else {
        return Err(super::Forbidden.into());
    };
    tx.execute("DELETE FROM session WHERE person_id = $1", params![person.id]).await?;
    audit::record(tx, &actor, "account.sign_out_everywhere", person.id, None, json!({})).await?;
    Ok(())
}

#[derive(Debug, Clone)]
pub struct EndSession {
    pub actor: Actor,
    /// [`Session::token_hash`].
    pub token_hash: String,
}

/// Ends one of one's own sessions, such as that of a lost phone.
pub async fn end_session(tx: &mut Tx, command: EndSession) -> Result<(), AccountError> {
    let Actor::Person(person) = command.actor else {
        return Err(super::Forbidden.into());
    };
    tx.execute(
        "DELETE FROM session WHERE token_hash = $1 AND person_id = $2",
        params![command.token_hash, person.id],
    )
    .await?;
    Ok(())
}

/// Forgets sessions and links that ended; for a daily worker. Answers how many.
pub async fn forget_ended(tx: &mut Tx) -> Result<u64, StoreError> {
    let now = tx.now();
    let long_ago = now - LIFE;
    let sessions = tx.execute("DELETE FROM session WHERE expires_at <= $1", params![now]).await?;
    let links =
        tx.execute("DELETE FROM sign_in_link WHERE expires_at <= $1", params![long_ago]).await?;
    Ok(sessions + links)
}
