//! SePay (developer.sepay.vn): one JSON object for each transfer.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sha2::Sha256;

use super::{IncomingTransfer, NotAMessage, Teller, dong, has_mac, same, text_of, venue_time};

/// A signature is good for so many seconds before and after it was made.
const FRESH: i64 = 300;

/// `Authorization: Apikey <key>`.
pub(super) fn has_key(secret: &str, authorization: Option<&str>) -> bool {
    let (scheme, key) = authorization.and_then(|text| text.trim().split_once(' ')).unzip();
    scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("apikey")) && same(secret, key)
}

/// `X-SePay-Signature: sha256=<hex>` over `timestamp.body`, the body byte for byte.
pub(super) fn is_signed(
    secret: &str,
    time: Option<&str>,
    signature: Option<&str>,
    body: &[u8],
    now: DateTime<Utc>,
) -> bool {
    let (Some(time), Some(signature)) = (time, signature) else { return false };
    let Ok(stamp) = time.parse::<i64>() else { return false };
    let Some(hex) = signature.strip_prefix("sha256=") else { return false };
    let fresh = (now.timestamp().saturating_sub(stamp)).saturating_abs() <= FRESH;
    has_mac::<Sha256>(secret, &[time.as_bytes(), b".", body], hex) && fresh
}

pub(super) fn read(body: &[u8]) -> Result<Vec<IncomingTransfer>, NotAMessage> {
    let message: Value = serde_json::from_slice(body).map_err(|_| NotAMessage)?;
    let id = text_of(&message["id"]).ok_or(NotAMessage)?;
    let amount = dong(&message["transferAmount"]).ok_or(NotAMessage)?;
    let at = message["transactionDate"].as_str().and_then(venue_time).ok_or(NotAMessage)?;
    let kind = message["transferType"].as_str().ok_or(NotAMessage)?;
    if kind != "in" || amount.0 <= 0 || id == "0" {
        return Ok(vec![]);
    }
    let said = |key: &str| message[key].as_str().unwrap_or_default().to_owned();
    // The code that SePay itself recognised stands in the words as well, unless a bank cut them.
    let words = [said("content"), said("description"), said("code")];
    let content = words.iter().find(|words| !words.trim().is_empty()).cloned().unwrap_or_default();
    let message_words = if words[2].is_empty() || content.contains(&words[2]) {
        content
    } else {
        format!("{content} {}", words[2])
    };
    Ok(vec![IncomingTransfer {
        teller: Teller::Sepay,
        teller_id: id,
        accounts: ["accountNumber", "subAccount"]
            .iter()
            .filter_map(|key| text_of(&message[key]))
            .collect(),
        amount,
        message: message_words,
        reference: text_of(&message["referenceCode"]).unwrap_or_default(),
        payer: String::new(),
        at,
        raw: String::from_utf8_lossy(body).into_owned(),
    }])
}

#[cfg(test)]
mod tests {
    use super::super::{Proof, Provider, authentic};
    use super::*;
    use crate::Dong;
    use crate::payment::Secret;

    const BODY: &str = r#"{"id":92704,"gateway":"Vietcombank","transactionDate":"2026-12-01 09:15:00","accountNumber":"0123456789","code":"CV7K2P","content":"CV7K2P thanh toan tour","transferType":"in","transferAmount":600000,"accumulated":19077000,"subAccount":null,"referenceCode":"FT26335000001","description":""}"#;
    const TIME: &str = "1764555300";
    const SIGNATURE: &str =
        "sha256=9dfa4601209bda2e44767ddc1c57aca80e9fd6866ff32c7af7977f85d4d5a898";

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_764_555_300 + seconds, 0).unwrap()
    }

    #[test]
    fn a_signature_is_checked_over_the_bytes_and_the_time() {
        let try_it = |secret: &str, time, signature, body: &str, now| {
            let proof = Proof { sepay_time: time, sepay_signature: signature, ..Proof::default() };
            let secret = Secret::new(secret);
            authentic(Provider::SepayHmac, &secret, proof, body.as_bytes(), now).is_ok()
        };
        let (time, signature) = (Some(TIME), Some(SIGNATURE));
        assert!(try_it("test-secret", time, signature, BODY, at(0)));
        assert!(try_it("test-secret", time, signature, BODY, at(300)));
        assert!(!try_it("test-secret", time, signature, BODY, at(301)), "old");
        assert!(!try_it("test-secret", time, signature, BODY, at(-301)), "of the future");
        assert!(!try_it("other-secret", time, signature, BODY, at(0)));
        assert!(!try_it("", time, signature, BODY, at(0)));
        assert!(!try_it("test-secret", Some("1764555301"), signature, BODY, at(0)));
        assert!(!try_it("test-secret", time, signature, &BODY.replace("600000", "900000"), at(0)));
        assert!(!try_it("test-secret", time, None, BODY, at(0)));
        assert!(!try_it("test-secret", None, signature, BODY, at(0)));
        let short = &SIGNATURE[..SIGNATURE.len() - 2];
        for wrong in [short, "sha256=", "sha256=zz", &SIGNATURE[7..], "sha256=ă"] {
            assert!(!try_it("test-secret", time, Some(wrong), BODY, at(0)), "{wrong}");
        }
    }

    #[test]
    fn a_key_is_checked() {
        let try_it = |given| {
            let proof = Proof { authorization: given, ..Proof::default() };
            authentic(Provider::SepayKey, &Secret::new("a-long-key"), proof, b"", at(0)).is_ok()
        };
        assert!(try_it(Some("Apikey a-long-key")));
        assert!(try_it(Some("apikey a-long-key")));
        for wrong in [
            None,
            Some("a-long-key"),
            Some("Bearer a-long-key"),
            Some("Apikey a-long-kez"),
            Some("Apikey "),
        ] {
            assert!(!try_it(wrong), "{wrong:?}");
        }
    }

    #[test]
    fn a_message_is_read() {
        let read = read(BODY.as_bytes()).unwrap();
        let [transfer] = read.as_slice() else { panic!("one") };
        assert_eq!((transfer.teller, transfer.teller_id.as_str()), (Teller::Sepay, "92704"));
        assert_eq!(transfer.amount, Dong(600_000));
        assert_eq!(transfer.message, "CV7K2P thanh toan tour");
        assert_eq!(transfer.accounts, ["0123456789"]);
        assert_eq!(transfer.at.to_rfc3339(), "2026-12-01T02:15:00+00:00");
        assert_eq!(transfer.reference, "FT26335000001");
    }

    #[test]
    fn money_out_is_none_and_nonsense_is_refused() {
        let out = BODY.replace("\"in\"", "\"out\"");
        assert_eq!(super::read(out.as_bytes()), Ok(vec![]));
        for body in [
            "",
            "{}",
            "[]",
            "\"x\"",
            &BODY.replace("600000", "\"much\""),
            &BODY.replace("2026-12-01 ", ""),
        ] {
            assert_eq!(super::read(body.as_bytes()), Err(NotAMessage), "{body}");
        }
    }
}
