//! The platform's keys. One signs; those before it are kept, because what they signed is still checked.
//!
//! A key is made when the first is needed, and kept in the database; or its seed stands in the
//! configuration, and the database knows the public half alone. Whoever signs locks the key's row, so a
//! key never signs after it was retired.

use std::sync::OnceLock;

use chrono::{DateTime, Utc};
use ed25519_dalek::SigningKey;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::chain::{FORMAT, Signed, key_id, sign};
use super::error::ProvenanceError;
use super::hash::{Hex, Mark, NotHex, Print};
use crate::accounts::{Actor, audit};
use crate::store::{Conn, StoreError, Tx};
use crate::{columns, params};

const ALGORITHM: &str = "ed25519";

/// The secret half of a key, as the configuration or the database has it: shown nowhere, in no log.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Seed(Print);

impl std::fmt::Debug for Seed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seed(…)")
    }
}

impl std::str::FromStr for Seed {
    type Err = NotHex;
    /// 64 small hexadecimal digits.
    fn from_str(text: &str) -> Result<Self, NotHex> {
        text.trim().parse().map(Self)
    }
}

impl Seed {
    fn signing(&self) -> SigningKey {
        SigningKey::from_bytes(&self.0.0)
    }

    fn public(&self) -> Print {
        Hex(self.signing().verifying_key().to_bytes())
    }

    /// The name of its key.
    pub fn id(&self) -> String {
        key_id(&self.public())
    }
}

/// The public half of a key, as it is published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
pub struct PublicKey {
    pub id: String,
    pub algorithm: String,
    pub public_key: Print,
    pub valid_from: DateTime<Utc>,
    /// None while it signs.
    pub retired_at: Option<DateTime<Utc>>,
}

impl PublicKey {
    /// Whether the key may have signed at an instant.
    pub(super) fn held_at(&self, at: DateTime<Utc>) -> bool {
        self.valid_from <= at && self.retired_at.is_none_or(|retired| at <= retired)
    }
}

/// All keys, as `/.well-known/langnghe-provenance.json` has them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeySet {
    pub format: String,
    pub keys: Vec<PublicKey>,
}

#[derive(sqlx::FromRow)]
struct KeyRow {
    id: String,
    secret_key: Option<Print>,
    valid_from: DateTime<Utc>,
}

/// The configuration's seed, for as long as the process runs.
static HELD: OnceLock<Seed> = OnceLock::new();

/// All keys, the first one first.
pub async fn all(conn: &mut Conn) -> Result<KeySet, StoreError> {
    let keys = conn
        .fetch_all(
            "SELECT id, algorithm, public_key, valid_from, retired_at FROM provenance_key \
             ORDER BY valid_from, id",
            params![],
        )
        .await?;
    Ok(KeySet { format: FORMAT.to_owned(), keys })
}

/// The key in use, its row locked until the transaction ends.
async fn in_use(tx: &mut Tx) -> Result<Option<KeyRow>, StoreError> {
    tx.fetch_optional(
        "UPDATE provenance_key SET signed = signed + 1 WHERE retired_at IS NULL \
         RETURNING id, secret_key, valid_from",
        params![],
    )
    .await
}

/// A key that signs until the transaction ends: no other process retires it meanwhile.
pub(super) struct Signer {
    pub id: String,
    /// Nothing that it signs is older.
    pub valid_from: DateTime<Utc>,
    key: SigningKey,
}

impl Signer {
    pub fn sign(&self, what: Signed, hash: &Print) -> Mark {
        sign(&self.key, what, hash)
    }
}

/// The key in use, made when there is none yet.
pub(super) async fn signer(tx: &mut Tx) -> Result<Signer, ProvenanceError> {
    let row = if let Some(row) = in_use(tx).await? {
        row
    } else {
        let (keys,): (i64,) =
            tx.fetch_one("SELECT CAST(COUNT(*) AS BIGINT) FROM provenance_key", params![]).await?;
        if keys > 0 {
            // Retired a moment ago, by somebody whose new key this statement did not see yet.
            return Err(again(tx, "the key was just replaced"));
        }
        let now = tx.now();
        insert(tx, HELD.get().copied(), now).await?;
        in_use(tx).await?.ok_or_else(|| missing("the key that was just made is not there"))?
    };
    let held = HELD.get().copied().filter(|seed| seed.id() == row.id);
    let seed = row.secret_key.map(Seed).or(held);
    let seed = seed.ok_or_else(|| ProvenanceError::KeyElsewhere(row.id.clone()))?;
    Ok(Signer { id: row.id, valid_from: row.valid_from, key: seed.signing() })
}

fn missing(what: &str) -> StoreError {
    StoreError::Inconsistent { table: "provenance_key", what: what.to_owned() }
}

fn again(tx: &mut Tx, why: &str) -> ProvenanceError {
    tx.try_again();
    StoreError::Abandoned(why.to_owned()).into()
}

/// Makes a key: of the configuration's seed, or of a new one, which is then kept here.
async fn insert(
    tx: &mut Tx,
    configured: Option<Seed>,
    from: DateTime<Utc>,
) -> Result<String, ProvenanceError> {
    let seed = match configured {
        Some(seed) => seed,
        None => Seed(Hex(tx.draw_bytes())),
    };
    let id = seed.id();
    let known: Option<(String,)> =
        tx.fetch_optional("SELECT id FROM provenance_key WHERE id = $1", params![id]).await?;
    if known.is_some() {
        return Err(ProvenanceError::KeyRetired(id));
    }
    let row = columns! {
        id: id,
        algorithm: *ALGORITHM,
        public_key: seed.public(),
        secret_key: if configured.is_some() { None } else { Some(seed.0) },
        valid_from: from,
        signed: 0_i64,
    };
    if tx.insert_if_new("provenance_key", row).await? {
        return Ok(id);
    }
    // Another process made one at this very moment.
    Err(again(tx, "another key was just made"))
}

/// Ends a key: at once, or as late as the last that it signed.
async fn retire(tx: &mut Tx, id: &str) -> Result<DateTime<Utc>, StoreError> {
    let mut at = tx.now();
    for sql in [
        "SELECT at FROM provenance_entry WHERE key_id = $1 ORDER BY at DESC LIMIT 1",
        "SELECT at FROM provenance_checkpoint WHERE key_id = $1 ORDER BY at DESC LIMIT 1",
    ] {
        let last: Option<(DateTime<Utc>,)> = tx.fetch_optional(sql, params![*id]).await?;
        at = last.map_or(at, |(last,)| at.max(last));
    }
    tx.execute_one("UPDATE provenance_key SET retired_at = $2 WHERE id = $1", params![*id, at])
        .await?;
    Ok(at)
}

/// Keeps the configuration's seed in memory, and sees to it that there is a key in use: at each start.
/// Another seed than before replaces the key.
pub async fn keep(tx: &mut Tx, configured: Option<Seed>) -> Result<String, ProvenanceError> {
    if let Some(seed) = configured {
        let _ = HELD.set(seed);
    }
    let now = tx.now();
    match (in_use(tx).await?, configured) {
        (None, seed) => insert(tx, seed, now).await,
        (Some(row), None) if row.secret_key.is_none() => Err(ProvenanceError::KeyElsewhere(row.id)),
        (Some(row), None) => Ok(row.id),
        (Some(row), Some(seed)) if row.id == seed.id() => Ok(row.id),
        (Some(row), Some(seed)) => replace(tx, &row.id, Some(seed)).await,
    }
}

/// Retires the key in use and takes another: the configuration's seed, or a new one. Answers its name.
pub async fn rotate(tx: &mut Tx, configured: Option<Seed>) -> Result<String, ProvenanceError> {
    let now = tx.now();
    match in_use(tx).await? {
        None => insert(tx, configured, now).await,
        Some(row) if configured.is_some_and(|seed| seed.id() == row.id) => {
            Err(ProvenanceError::SameKey(row.id))
        }
        Some(row) => replace(tx, &row.id, configured).await,
    }
}

async fn replace(
    tx: &mut Tx,
    old: &str,
    configured: Option<Seed>,
) -> Result<String, ProvenanceError> {
    let at = retire(tx, old).await?;
    let new = insert(tx, configured, at).await?;
    let detail = json!({ "from": old, "to": new });
    audit::record(tx, &Actor::System, "provenance.rotate_key", &new, None, detail).await?;
    Ok(new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_is_never_shown() {
        let digits = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
        let seed: Seed = digits.parse().unwrap();
        assert!(!format!("{seed:?}").contains("9d61"));
        // RFC 8032, 7.1, test 1.
        let public = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
        assert_eq!(seed.public().to_string(), public);
        assert!("9D61".parse::<Seed>().is_err() && "".parse::<Seed>().is_err());
    }
}
