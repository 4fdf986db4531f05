//! People and their workshops.

use argon2::Argon2;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use rand::RngExt;

use super::{Forbidden, Role};
use crate::store::{StoreError, Tx};
use crate::{Locale, PersonId, WorkshopId, params};

#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    #[error("the password must have at least {MIN_PASSWORD} characters")]
    PasswordTooShort,
    #[error("the password could not be hashed: {0}")]
    Hash(String),
}

/// Shortest password taken, in characters (NIST SP 800-63B asks for 8 at least).
pub const MIN_PASSWORD: usize = 10;

/// Argon2id with the crate's defaults (19 MiB, 2 passes). Takes tens of milliseconds of a
/// core: call it on a blocking thread.
pub fn hash_password(password: &str) -> Result<String, AccountError> {
    if password.chars().count() < MIN_PASSWORD {
        return Err(AccountError::PasswordTooShort);
    }
    let bytes: [u8; 16] = rand::rng().random();
    let salt =
        SaltString::encode_b64(&bytes).map_err(|error| AccountError::Hash(error.to_string()))?;
    Argon2::default()
        .hash_password(password.as_bytes(), &salt)
        .map(|hash| hash.to_string())
        .map_err(|error| AccountError::Hash(error.to_string()))
}

/// Whether the password belongs to the hash; slow on purpose, like [`hash_password`].
pub fn password_matches(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash)
        .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

/// The person with this address, made when there is none yet.
pub async fn ensure_person(tx: &mut Tx, email: &str, name: &str) -> Result<PersonId, StoreError> {
    tx.execute(
        "INSERT INTO person (id, email, name, locale, admin, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (email) DO NOTHING",
        params![PersonId::new(tx.now()), *email, *name, Locale::Vi, false, tx.now()],
    )
    .await?;
    let (id,): (PersonId,) =
        tx.fetch_one("SELECT id FROM person WHERE email = $1", params![*email]).await?;
    Ok(id)
}

pub async fn set_password_hash(
    tx: &mut Tx,
    person: PersonId,
    hash: &str,
) -> Result<(), StoreError> {
    tx.execute_one("UPDATE person SET password_hash = $1 WHERE id = $2", params![*hash, person])
        .await
}

pub async fn set_admin(tx: &mut Tx, person: PersonId, admin: bool) -> Result<(), StoreError> {
    tx.execute_one("UPDATE person SET admin = $1 WHERE id = $2", params![admin, person]).await
}

/// Makes a person an owner or staff of a workshop; a second grant replaces the first.
pub async fn grant(
    tx: &mut Tx,
    person: PersonId,
    workshop: WorkshopId,
    role: Role,
) -> Result<(), StoreError> {
    tx.execute_one(
        "INSERT INTO membership (person_id, workshop_id, role) VALUES ($1, $2, $3) \
         ON CONFLICT (person_id, workshop_id) DO UPDATE SET role = excluded.role",
        params![person, workshop, role],
    )
    .await
}
