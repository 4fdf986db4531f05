//! How entries hang together: pure functions of text and keys, the same for writing and for checking.

use chrono::{DateTime, SecondsFormat, Utc};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use serde::Serialize;
use serde_json::Value;

use super::error::ProvenanceError;
use super::hash::{Hex, Mark, Print, canonical, sha256};

/// The name of the format, in every file.
pub const FORMAT: &str = "langnghe-provenance/1";

/// What a signature is over: these words and the 32 bytes of the hash, so that a signature of one
/// kind is never taken for one of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signed {
    Entry,
    Checkpoint,
}

impl Signed {
    const fn words(self) -> &'static [u8] {
        match self {
            Signed::Entry => b"langnghe-provenance/1 entry\n",
            Signed::Checkpoint => b"langnghe-provenance/1 checkpoint\n",
        }
    }

    fn message(self, hash: &Print) -> Vec<u8> {
        [self.words(), &hash.0].concat()
    }
}

pub(super) fn sign(key: &SigningKey, what: Signed, hash: &Print) -> Mark {
    Hex(key.sign(&what.message(hash)).to_bytes())
}

pub(super) fn is_signed(key: &Print, what: Signed, hash: &Print, mark: &Mark) -> bool {
    let Ok(key) = VerifyingKey::from_bytes(&key.0) else { return false };
    key.verify_strict(&what.message(hash), &Signature::from_bytes(&mark.0)).is_ok()
}

/// An instant as it is hashed: UTC, to the microsecond.
pub(super) fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// What an entry's hash is over, as canonical JSON.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Hashed<'a> {
    pub record: &'a str,
    pub seq: u32,
    pub previous: Option<Print>,
    pub at: &'a str,
    pub kind: &'a str,
    pub body: &'a Value,
}

impl Hashed<'_> {
    pub fn hash(&self) -> Result<Print, ProvenanceError> {
        Ok(sha256(&[canonical(self)?.as_bytes()]))
    }
}

/// The name of a key: the first 16 digits of the SHA-256 of its public half.
pub(super) fn key_id(public: &Print) -> String {
    let mut id = sha256(&[&public.0]).to_string();
    id.truncate(16);
    id
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_signature_holds_for_one_key_one_hash_and_one_use() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let public = Hex(key.verifying_key().to_bytes());
        let hash = sha256(&[b"x"]);
        let mark = sign(&key, Signed::Entry, &hash);
        assert!(is_signed(&public, Signed::Entry, &hash, &mark));
        assert!(!is_signed(&public, Signed::Checkpoint, &hash, &mark));
        assert!(!is_signed(&public, Signed::Entry, &sha256(&[b"y"]), &mark));
        let other = Hex(SigningKey::from_bytes(&[8; 32]).verifying_key().to_bytes());
        assert!(!is_signed(&other, Signed::Entry, &hash, &mark));
        assert_eq!(key_id(&public).len(), 16);
        assert_ne!(key_id(&public), key_id(&other));
    }

    #[test]
    fn the_hash_is_over_the_canonical_text() {
        let at = instant(DateTime::UNIX_EPOCH);
        assert_eq!(at, "1970-01-01T00:00:00.000000Z");
        let body = json!({ "words": { "vi": "Phơi", "en": "Dry" } });
        let hashed =
            Hashed { record: "r", seq: 1, previous: None, at: &at, kind: "remark", body: &body };
        let text = r#"{"at":"1970-01-01T00:00:00.000000Z","body":{"words":{"en":"Dry","vi":"Phơi"}},"kind":"remark","previous":null,"record":"r","seq":1}"#;
        assert_eq!(hashed.hash().unwrap(), sha256(&[text.as_bytes()]));
    }
}
