//! Services that watch a bank account and tell of what comes in. Each is two pure functions: is the
//! message from the service ([`authentic`]), and what does it tell ([`read`]).

mod casso;
mod sepay;
mod statement;

use chrono::{DateTime, NaiveDateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use subtle::ConstantTimeEq;

use super::account::Secret;
use crate::clock::venue_instant;
use crate::{Dong, stored_enum};

pub use statement::{Statement, StatementError, file_text, read as read_statement};

stored_enum! {
    /// Which service tells of incoming money, and how it proves itself.
    pub enum Provider {
        /// Nobody tells: the host imports statements or marks by hand.
        None = "none",
        /// SePay with `Authorization: Apikey …`.
        SepayKey = "sepay_key",
        /// SePay with a signature over time and body.
        SepayHmac = "sepay_hmac",
        /// Casso's first webhook, with `Secure-Token`.
        Casso = "casso",
        /// Casso's webhook V2, with a signature.
        CassoV2 = "casso_v2",
    }
}

stored_enum! {
    /// Who told of a transfer.
    pub enum Teller { Sepay = "sepay", Casso = "casso", Statement = "statement" }
}

/// Money that came into an account, whoever told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncomingTransfer {
    pub teller: Teller,
    /// The teller's own number: told twice it is one transfer.
    pub teller_id: String,
    /// Numbers of the account as the teller names it; none where it does not.
    pub accounts: Vec<String>,
    pub amount: Dong,
    /// The words of the transfer, as the bank mangled them.
    pub message: String,
    /// The bank's number of the transfer; may be empty.
    pub reference: String,
    /// Whoever paid, as far as it is told.
    pub payer: String,
    pub at: DateTime<Utc>,
    pub raw: String,
}

/// The parts of a request that prove who sends it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Proof<'a> {
    /// `Authorization`.
    pub authorization: Option<&'a str>,
    /// `X-SePay-Timestamp` and `X-SePay-Signature`.
    pub sepay_time: Option<&'a str>,
    pub sepay_signature: Option<&'a str>,
    /// `Secure-Token`.
    pub casso_token: Option<&'a str>,
    /// `X-Casso-Signature`.
    pub casso_signature: Option<&'a str>,
}

/// The request is not from the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the proof is missing, wrong or too old")]
pub struct NotAuthentic;

/// The body is not what the service sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a message of this service")]
pub struct NotAMessage;

/// Whether the service that the account is watched by has sent this body. Without a secret nobody
/// can prove anything.
pub fn authentic(
    provider: Provider,
    secret: &Secret,
    proof: Proof<'_>,
    body: &[u8],
    now: DateTime<Utc>,
) -> Result<(), NotAuthentic> {
    if secret.is_empty() {
        return Err(NotAuthentic);
    }
    let secret = secret.reveal();
    let good = match provider {
        Provider::None => false,
        Provider::SepayKey => sepay::has_key(secret, proof.authorization),
        Provider::SepayHmac => {
            sepay::is_signed(secret, proof.sepay_time, proof.sepay_signature, body, now)
        }
        Provider::Casso => same(secret, proof.casso_token),
        Provider::CassoV2 => casso::is_signed(secret, proof.casso_signature, body),
    };
    if good { Ok(()) } else { Err(NotAuthentic) }
}

/// The incoming transfers that a message tells of; money that went out and trial messages are none.
pub fn read(provider: Provider, body: &[u8]) -> Result<Vec<IncomingTransfer>, NotAMessage> {
    match provider {
        Provider::None => Err(NotAMessage),
        Provider::SepayKey | Provider::SepayHmac => sepay::read(body),
        Provider::Casso => casso::read(body),
        Provider::CassoV2 => casso::read_v2(body),
    }
}

fn same(secret: &str, given: Option<&str>) -> bool {
    given.is_some_and(|given| bool::from(secret.as_bytes().ct_eq(given.trim().as_bytes())))
}

/// Whether `given` is the hexadecimal HMAC of the parts, compared in constant time.
fn has_mac<D>(secret: &str, parts: &[&[u8]], given: &str) -> bool
where
    Hmac<D>: Mac + KeyInit,
    D: hmac::EagerHash,
{
    let Ok(mut mac) = <Hmac<D> as KeyInit>::new_from_slice(secret.as_bytes()) else { return false };
    for part in parts {
        mac.update(part);
    }
    from_hex(given).is_some_and(|given| mac.verify_slice(&given).is_ok())
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        text.chars().map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect();
    let digits = digits.filter(|digits| digits.len() % 2 == 0)?;
    Some(digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

/// "2026-12-01 09:15:00" at the venue.
fn venue_time(text: &str) -> Option<DateTime<Utc>> {
    let local = NaiveDateTime::parse_from_str(text.trim(), "%Y-%m-%d %H:%M:%S").ok()?;
    venue_instant(local.date(), local.time())
}

/// A whole number of đồng, as JSON writes it: 600000, 600000.0.
fn dong(number: &serde_json::Value) -> Option<Dong> {
    if let Some(whole) = number.as_i64() {
        return Some(Dong(whole));
    }
    let number = number.as_f64()?;
    // Whole numbers up to 2^53 are exact in a double.
    #[expect(clippy::cast_possible_truncation, reason = "whole and within 2^53")]
    let whole = (number.fract() == 0.0 && number.abs() < 9e15).then_some(number as i64);
    whole.map(Dong)
}

/// An id or a number as text.
fn text_of(value: &serde_json::Value) -> Option<String> {
    match value {
        serde_json::Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        serde_json::Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
