//! Casso (developer.casso.vn): the first webhook sends an array, V2 one object.

use serde_json::Value;
use sha2::Sha512;

use super::{IncomingTransfer, NotAMessage, Teller, dong, has_mac, text_of, venue_time};

/// `X-Casso-Signature: t=<unix ms>,v1=<hex>` over `t.` and the body written anew: keys sorted at
/// every depth, compact. `serde_json` keeps maps sorted (its feature `preserve_order` is off).
pub(super) fn is_signed(secret: &str, signature: Option<&str>, body: &[u8]) -> bool {
    let Some(signature) = signature else { return false };
    let part = |name: &str| {
        let mut parts = signature.split(',').filter_map(|part| part.trim().split_once('='));
        parts.find(|(key, _)| *key == name).map(|(_, value)| value)
    };
    let (Some(time), Some(hex)) = (part("t"), part("v1")) else { return false };
    let Ok(message) = serde_json::from_slice::<Value>(body) else { return false };
    let sorted = message.to_string();
    has_mac::<Sha512>(secret, &[time.as_bytes(), b".", sorted.as_bytes()], hex)
}

fn data(body: &[u8]) -> Result<Value, NotAMessage> {
    let mut message: Value = serde_json::from_slice(body).map_err(|_| NotAMessage)?;
    if message["error"].as_i64() == Some(0) { Ok(message["data"].take()) } else { Err(NotAMessage) }
}

pub(super) fn read(body: &[u8]) -> Result<Vec<IncomingTransfer>, NotAMessage> {
    let data = data(body)?;
    let all = data.as_array().ok_or(NotAMessage)?;
    let accounts = ["bank_sub_acc_id", "subAccId", "virtual_account"];
    let names = Names {
        reference: "tid",
        at: "when",
        accounts: &accounts,
        payer: ["corresponsive_name", "corresponsive_account"],
    };
    let mut read = Vec::new();
    for one in all {
        read.extend(transfer(one, &names)?);
    }
    Ok(read)
}

pub(super) fn read_v2(body: &[u8]) -> Result<Vec<IncomingTransfer>, NotAMessage> {
    let names = Names {
        reference: "reference",
        at: "transactionDateTime",
        accounts: &["accountNumber", "virtualAccountNumber"],
        payer: ["counterAccountName", "counterAccountNumber"],
    };
    Ok(transfer(&data(body)?, &names)?.into_iter().collect())
}

/// What the two versions call the same things.
struct Names<'a> {
    reference: &'a str,
    at: &'a str,
    accounts: &'a [&'a str],
    payer: [&'a str; 2],
}

/// None for money that went out and for a trial, whose id is 0.
fn transfer(one: &Value, names: &Names<'_>) -> Result<Option<IncomingTransfer>, NotAMessage> {
    let id = text_of(&one["id"]).ok_or(NotAMessage)?;
    let amount = dong(&one["amount"]).ok_or(NotAMessage)?;
    if amount.0 <= 0 || id == "0" {
        return Ok(None);
    }
    let at = one[names.at].as_str().and_then(venue_time).ok_or(NotAMessage)?;
    let payer: Vec<String> = names.payer.iter().filter_map(|key| text_of(&one[*key])).collect();
    Ok(Some(IncomingTransfer {
        teller: Teller::Casso,
        teller_id: id,
        accounts: names.accounts.iter().filter_map(|key| text_of(&one[*key])).collect(),
        amount,
        message: one["description"].as_str().unwrap_or_default().to_owned(),
        reference: text_of(&one[names.reference]).unwrap_or_default(),
        payer: payer.join(" · "),
        at,
        raw: one.to_string(),
    }))
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::super::{Proof, Provider, authentic};
    use super::*;
    use crate::Dong;
    use crate::payment::Secret;

    const SORTED: &str = r#"{"data":{"accountNumber":"0123456789","amount":600000,"bankAbbreviation":"VCB","bankName":"Vietcombank","counterAccountBankId":"970415","counterAccountBankName":"VietinBank","counterAccountName":"NGUYEN VAN A","counterAccountNumber":"8888888888","description":"CV7K2P thanh toan tour","id":7,"reference":"FT26335000001","runningBalance":19077000,"transactionDateTime":"2026-12-01 09:15:00","virtualAccountName":"","virtualAccountNumber":""},"error":0}"#;
    /// The same with its keys in the order in which Casso sends them, and spaces.
    const SENT: &str = r#"{ "error": 0, "data": { "id": 7, "reference": "FT26335000001", "description": "CV7K2P thanh toan tour", "amount": 600000, "runningBalance": 19077000, "transactionDateTime": "2026-12-01 09:15:00", "accountNumber": "0123456789", "bankName": "Vietcombank", "bankAbbreviation": "VCB", "virtualAccountNumber": "", "virtualAccountName": "", "counterAccountName": "NGUYEN VAN A", "counterAccountNumber": "8888888888", "counterAccountBankId": "970415", "counterAccountBankName": "VietinBank" } }"#;
    const SIGNATURE: &str = "t=1764555300000,v1=d031aeedfc00aa089f42c74b217fe3548b365fdd86cf12c967f11c8b8e4fa772b9077860d9dca3477f72c86d53a0297a5a4a68ac9d6c9a547c9a8230c5371c39";

    fn signed(secret: &str, signature: Option<&str>, body: &str) -> bool {
        let proof = Proof { casso_signature: signature, ..Proof::default() };
        let secret = Secret::new(secret);
        authentic(Provider::CassoV2, &secret, proof, body.as_bytes(), Utc::now()).is_ok()
    }

    #[test]
    fn a_signature_is_over_the_sorted_message() {
        assert!(signed("test-secret", Some(SIGNATURE), SORTED));
        assert!(signed("test-secret", Some(SIGNATURE), SENT));
        assert!(!signed("other-secret", Some(SIGNATURE), SENT));
        assert!(!signed("test-secret", None, SENT));
        assert!(!signed("test-secret", Some(SIGNATURE), &SENT.replace("600000", "600001")));
        assert!(!signed("test-secret", Some(&SIGNATURE.replace("t=17", "t=18")), SENT));
        for wrong in ["", "v1=00", "t=1764555300000", "t=1764555300000,v1="] {
            assert!(!signed("test-secret", Some(wrong), SENT), "{wrong}");
        }
    }

    #[test]
    fn both_versions_are_read() {
        let two = read_v2(SENT.as_bytes()).unwrap();
        assert_eq!(two.len(), 1);
        assert_eq!((two[0].teller_id.as_str(), two[0].amount), ("7", Dong(600_000)));
        assert_eq!(two[0].payer, "NGUYEN VAN A · 8888888888");
        assert_eq!(two[0].at, "2026-12-01T02:15:00Z".parse::<DateTime<Utc>>().unwrap());
        let classic = r#"{"error":0,"data":[
            {"id":11,"tid":"FT1","description":"CV7K2P","amount":350000,"cusum_balance":1,"when":"2026-12-01 10:00:00","bank_sub_acc_id":"0123456789","subAccId":"0123456789"},
            {"id":12,"tid":"FT2","description":"rut tien","amount":-50000,"cusum_balance":1,"when":"2026-12-01 10:01:00","subAccId":"0123456789"},
            {"id":0,"tid":"TEST","description":"thu","amount":1000,"when":"2026-12-01 10:02:00"}]}"#;
        let read = read(classic.as_bytes()).unwrap();
        let ids: Vec<_> = read.iter().map(|one| (one.teller_id.as_str(), one.amount.0)).collect();
        assert_eq!(ids, [("11", 350_000)]);
        let proof = Proof { casso_token: Some("a-long-token"), ..Proof::default() };
        let now = Utc::now();
        let check = |secret| authentic(Provider::Casso, &Secret::new(secret), proof, b"", now);
        assert!(check("a-long-token").is_ok() && check("b-long-token").is_err());
    }

    #[test]
    fn nonsense_is_refused() {
        for body in ["", "{}", r#"{"error":1,"data":[]}"#, r#"{"error":0,"data":[{}]}"#] {
            assert_eq!(read(body.as_bytes()), Err(NotAMessage), "{body}");
        }
        assert_eq!(read(br#"{"error":0,"data":[]}"#), Ok(vec![]));
        assert!(read_v2(br#"{"error":0,"data":[]}"#).is_err());
    }
}
