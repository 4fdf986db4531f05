//! Hashes and signatures as they are written, and the one form of JSON that is hashed.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::error::BoxDynError;
use sqlx::{Database, Decode, Type};

use super::error::ProvenanceError;
use crate::hex::{hex, unhex};
use crate::store::{Bind, Param};

/// Bytes written in small hexadecimal digits: each value has one spelling and no other.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Hex<const N: usize>(pub [u8; N]);

/// A SHA-256, or a public key.
pub type Print = Hex<32>;
/// An Ed25519 signature.
pub type Mark = Hex<64>;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not so many bytes in small hexadecimal digits")]
pub struct NotHex;

impl<const N: usize> FromStr for Hex<N> {
    type Err = NotHex;
    fn from_str(text: &str) -> Result<Self, NotHex> {
        unhex(text).map(Self).ok_or(NotHex)
    }
}

impl<const N: usize> TryFrom<String> for Hex<N> {
    type Error = NotHex;
    fn try_from(text: String) -> Result<Self, NotHex> {
        text.parse()
    }
}

impl<const N: usize> From<Hex<N>> for String {
    fn from(bytes: Hex<N>) -> String {
        hex(&bytes.0)
    }
}

impl<const N: usize> fmt::Display for Hex<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl<const N: usize> fmt::Debug for Hex<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl<const N: usize> Bind for Hex<N> {
    fn bind(&self) -> Param {
        Param::Text(Some(hex(&self.0)))
    }
    fn null() -> Param {
        Param::Text(None)
    }
}

impl<DB: Database, const N: usize> Type<DB> for Hex<N>
where
    String: Type<DB>,
{
    fn type_info() -> DB::TypeInfo {
        String::type_info()
    }
    fn compatible(kind: &DB::TypeInfo) -> bool {
        String::compatible(kind)
    }
}

impl<'r, DB: Database, const N: usize> Decode<'r, DB> for Hex<N>
where
    String: Decode<'r, DB>,
{
    fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> {
        Ok(String::decode(value)?.parse()?)
    }
}

pub(super) fn sha256(parts: &[&[u8]]) -> Print {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part);
    }
    Hex(digest.finalize().into())
}

/// Canonical JSON by RFC 8785: keys in order, nothing between, one spelling of each number and string.
pub(super) fn canonical<T: Serialize>(value: &T) -> Result<String, ProvenanceError> {
    serde_json_canonicalizer::to_string(value)
        .map_err(|error| ProvenanceError::Canonical(error.to_string()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn hexadecimal_digits_have_one_spelling() {
        let print = sha256(&[b"a", b"bc"]);
        assert_eq!(print, sha256(&[b"abc"]));
        let text = print.to_string();
        assert_eq!(text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(text.parse(), Ok(print));
        for wrong in ["", &text[1..], &format!("{text}0"), &text.to_uppercase(), &"ă".repeat(32)] {
            assert_eq!(wrong.parse::<Print>(), Err(NotHex), "{wrong}");
        }
    }

    /// The examples of RFC 8785, sections 3.2.2 and 3.2.3.
    #[test]
    fn json_is_canonical_as_the_rfc_wants_it() {
        let numbers = json!({ "numbers": [333_333_333.333_333_3, 1e30, 4.50, 2e-3, 0.000_000_000_000_000_000_000_000_001] });
        assert_eq!(
            canonical(&numbers).unwrap(),
            r#"{"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27]}"#
        );
        let keys = json!({ "\u{20ac}": 1, "\r": 2, "\u{fb33}": 3, "1": 4, "\u{1f600}": 5, "\u{80}": 6, "\u{f6}": 7 });
        assert_eq!(
            canonical(&keys).unwrap(),
            "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"\u{f6}\":7,\"\u{20ac}\":1,\"\u{1f600}\":5,\"\u{fb33}\":3}"
        );
        let string = json!("\u{20ac}$\u{f}\nA'B\"\\\"/Bát");
        assert_eq!(canonical(&string).unwrap(), "\"\u{20ac}$\\u000f\\nA'B\\\"\\\\\\\"/Bát\"");
    }
}
