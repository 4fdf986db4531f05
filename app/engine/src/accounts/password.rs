//! Passwords: hashed with Argon2id, checked with the same work whether or not there is one.

use std::sync::OnceLock;

use argon2::Argon2;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use rand::RngExt;
use tokio::sync::Semaphore;

use super::AccountError;

/// Shortest password taken, in characters (NIST SP 800-63B asks for 8 at least).
pub const MIN_PASSWORD: usize = 10;
/// Longest password looked at, in bytes; a longer one is no password but an attack.
const MAX_PASSWORD: usize = 1024;

/// Hashes computed at one time: each takes 19 MiB and a core for tens of milliseconds, and
/// bookings must go on while somebody guesses passwords.
static TURNS: Semaphore = Semaphore::const_new(2);

/// Argon2id with the crate's defaults (19 MiB, 2 passes). Takes tens of milliseconds of a
/// core: on a server, call [`hash_password_aside`].
pub fn hash_password(password: &str) -> Result<String, AccountError> {
    if password.chars().count() < MIN_PASSWORD {
        return Err(AccountError::PasswordTooShort);
    }
    if password.len() > MAX_PASSWORD {
        return Err(AccountError::PasswordTooLong);
    }
    hash(password)
}

fn hash(password: &str) -> Result<String, AccountError> {
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
    password.len() <= MAX_PASSWORD
        && PasswordHash::new(hash)
            .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

/// [`hash_password`] on a thread of its own.
pub async fn hash_password_aside(password: String) -> Result<String, AccountError> {
    aside(move || hash_password(&password)).await?
}

/// [`password_matches`] on a thread of its own. Without a hash the answer is no, after the
/// same work: the time taken tells nobody which addresses have an account.
pub(super) async fn password_matches_aside(
    password: String,
    hash: Option<String>,
) -> Result<bool, AccountError> {
    aside(move || {
        static NOBODY: OnceLock<String> = OnceLock::new();
        if let Some(hash) = hash {
            return password_matches(&password, &hash);
        }
        let nobody = NOBODY.get_or_init(|| self::hash("nobody's password").unwrap_or_default());
        let _ = password_matches(&password, nobody);
        false
    })
    .await
}

async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, AccountError> {
    let _turn = TURNS.acquire().await.map_err(|error| AccountError::Hash(error.to_string()))?;
    tokio::task::spawn_blocking(work).await.map_err(|error| AccountError::Hash(error.to_string()))
}
