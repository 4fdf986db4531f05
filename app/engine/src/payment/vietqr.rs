//! VietQR: the text in the QR code that a bank's app reads (EMVCo merchant-presented QR with the
//! account template of NAPAS). Fields are `ID length value`, ID and length two digits each.

use super::bank::{AccountNumber, BankBin};
use crate::Dong;

/// The account template's field, its GUID, and the services "to an account" and "to a card".
const TEMPLATE: &str = "38";
const NAPAS: &str = "A000000727";
const TO_ACCOUNT: &str = "QRIBFTTA";
const TO_CARD: &str = "QRIBFTTC";
/// ISO 4217 number of the đồng.
const CURRENCY: &str = "704";

/// Longest words of a transfer that banks carry, in characters.
const MAX_TEXT: usize = 25;
/// Most digits of an amount.
const MAX_AMOUNT: usize = 13;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VietQrError {
    #[error("no fields of an EMVCo QR code, or cut short")]
    Malformed,
    #[error("the checksum is another one")]
    Checksum,
    #[error("not a transfer by NAPAS")]
    NotNapas,
    #[error("words of a transfer are at most 25 letters, digits and spaces of ASCII")]
    Words,
    #[error("an amount is above 0 and has at most 13 digits")]
    Amount,
}

/// What the payer's bank writes beside the transfer: at most 25 ASCII letters, digits and spaces,
/// because banks strip or change everything else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransferText(String);

impl TransferText {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for TransferText {
    type Err = VietQrError;
    fn from_str(text: &str) -> Result<Self, VietQrError> {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b == b' ';
        if text.trim().is_empty() || text.len() > MAX_TEXT || !text.bytes().all(plain) {
            return Err(VietQrError::Words);
        }
        Ok(Self(text.to_owned()))
    }
}

/// What the number names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    Account,
    Card,
}

/// A transfer as its QR code says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VietQr {
    pub bank: BankBin,
    pub number: AccountNumber,
    pub service: Service,
    /// None: the payer types it.
    pub amount: Option<Dong>,
    /// Number of a bill, and a label; we write neither.
    pub bill: Option<String>,
    pub label: Option<String>,
    /// The words of the transfer as they stand there; of codes made elsewhere anything.
    pub text: Option<String>,
    /// For one payment, and not again and again.
    pub once: bool,
}

impl VietQr {
    /// So much to an account, with words by which it is recognised.
    pub fn payment(
        bank: BankBin,
        number: AccountNumber,
        amount: Dong,
        text: &TransferText,
    ) -> Result<Self, VietQrError> {
        if amount <= Dong::ZERO || amount.0.to_string().len() > MAX_AMOUNT {
            return Err(VietQrError::Amount);
        }
        Ok(Self {
            bank,
            number,
            service: Service::Account,
            amount: Some(amount),
            bill: None,
            label: None,
            text: Some(text.0.clone()),
            once: true,
        })
    }

    /// The text of the QR code.
    pub fn build(&self) -> String {
        let beneficiary = field("00", self.bank.as_str()) + &field("01", self.number.as_str());
        let service = match self.service {
            Service::Account => TO_ACCOUNT,
            Service::Card => TO_CARD,
        };
        let template = field("00", NAPAS) + &field("01", &beneficiary) + &field("02", service);
        let mut text = field("00", "01");
        text += &field("01", if self.once { "12" } else { "11" });
        text += &field(TEMPLATE, &template);
        text += &field("53", CURRENCY);
        if let Some(amount) = self.amount {
            text += &field("54", &amount.0.to_string());
        }
        text += &field("58", "VN");
        let more: String = [("01", &self.bill), ("05", &self.label), ("08", &self.text)]
            .into_iter()
            .filter_map(|(id, value)| Some(field(id, value.as_deref()?)))
            .collect();
        if !more.is_empty() {
            text += &field("62", &more);
        }
        // The checksum is over its own ID and length too.
        text += "6304";
        let sum = crc(text.as_bytes());
        text + &format!("{sum:04X}")
    }

    /// Reads a QR code of any maker.
    pub fn parse(text: &str) -> Result<Self, VietQrError> {
        let text = text.trim();
        let end = text.len().checked_sub(4).ok_or(VietQrError::Malformed)?;
        let (body, sum) = text.split_at_checked(end).ok_or(VietQrError::Malformed)?;
        if !text.is_ascii() || !body.ends_with("6304") {
            return Err(VietQrError::Malformed);
        }
        let sum = u16::from_str_radix(sum, 16).map_err(|_| VietQrError::Malformed)?;
        if sum != crc(body.as_bytes()) {
            return Err(VietQrError::Checksum);
        }
        let all = fields(text)?;
        let must = |fields: &[(&str, &str)], id: &str, value: &str| {
            if find(fields, id) == Some(value) { Ok(()) } else { Err(VietQrError::NotNapas) }
        };
        must(&all, "00", "01")?;
        must(&all, "53", CURRENCY)?;
        must(&all, "58", "VN")?;
        let template = fields(find(&all, TEMPLATE).ok_or(VietQrError::NotNapas)?)?;
        must(&template, "00", NAPAS)?;
        let service = match find(&template, "02") {
            Some(TO_ACCOUNT) => Service::Account,
            Some(TO_CARD) => Service::Card,
            _ => return Err(VietQrError::NotNapas),
        };
        let to = fields(find(&template, "01").ok_or(VietQrError::NotNapas)?)?;
        let bank = find(&to, "00").and_then(|bin| bin.parse().ok());
        let number = find(&to, "01").and_then(|number| number.parse().ok());
        let (Some(bank), Some(number)) = (bank, number) else { return Err(VietQrError::NotNapas) };
        let amount = match find(&all, "54") {
            None => None,
            Some(amount) => {
                let digits =
                    amount.len() <= MAX_AMOUNT && amount.bytes().all(|b| b.is_ascii_digit());
                let amount = amount.parse().ok().filter(|amount| digits && *amount > 0);
                Some(Dong(amount.ok_or(VietQrError::Amount)?))
            }
        };
        let more = find(&all, "62").map(fields).transpose()?.unwrap_or_default();
        let said = |id| find(&more, id).map(str::to_owned);
        Ok(Self {
            bank,
            number,
            service,
            amount,
            bill: said("01"),
            label: said("05"),
            text: said("08"),
            once: find(&all, "01") == Some("12"),
        })
    }
}

/// ASCII alone is written, so characters are bytes; nothing here is longer than 99.
fn field(id: &str, value: &str) -> String {
    format!("{id}{:02}{value}", value.len())
}

fn fields(text: &str) -> Result<Vec<(&str, &str)>, VietQrError> {
    let mut fields = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (id, more) = rest.split_at_checked(2).ok_or(VietQrError::Malformed)?;
        let (length, more) = more.split_at_checked(2).ok_or(VietQrError::Malformed)?;
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        if !digits(id) || !digits(length) {
            return Err(VietQrError::Malformed);
        }
        let length = length.parse().map_err(|_| VietQrError::Malformed)?;
        let (value, more) = more.split_at_checked(length).ok_or(VietQrError::Malformed)?;
        fields.push((id, value));
        rest = more;
    }
    Ok(fields)
}

fn find<'t>(fields: &[(&str, &'t str)], id: &str) -> Option<&'t str> {
    fields.iter().find(|(name, _)| *name == id).map(|(_, value)| *value)
}

/// CRC-16/CCITT-FALSE (polynomial 0x1021, initial value 0xFFFF, nothing reflected).
fn crc(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xFFFF, |crc, byte| {
        (0..8).fold(crc ^ (u16::from(*byte) << 8), |crc, _| {
            if crc & 0x8000 == 0 { crc << 1 } else { (crc << 1) ^ 0x1021 }
        })
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Text, bank, number, amount, words.
    type Known = (&'static str, &'static str, &'static str, Option<i64>, Option<&'static str>);

    /// From NAPAS, other makers and ourselves.
    const GOOD: &[Known] = &[
        (
            "00020101021138570010A00000072701270006970403011300110123456780208QRIBFTTA53037045802VN63049E6F",
            "970403",
            "0011012345678",
            None,
            None,
        ),
        (
            "00020101021138600010A00000072701300006970403011697040311012345670208QRIBFTTC53037045802VN63044F52",
            "970403",
            "9704031101234567",
            None,
            None,
        ),
        (
            "00020101021238570010A00000072701270006970403011300110123456780208QRIBFTTA530370454061800005802VN62340107NPS68690819thanh toan don hang63042E2E",
            "970403",
            "0011012345678",
            Some(180_000),
            Some("thanh toan don hang"),
        ),
        (
            "00020101021138530010A0000007270123000697041601092576788590208QRIBFTTA53037045802VN6304AE9F",
            "970416",
            "257678859",
            None,
            None,
        ),
        (
            "00020101021238530010A0000007270123000697041601092576788590208QRIBFTTA53037045405100005802VN62150811Chuyen tien630453E6",
            "970416",
            "257678859",
            Some(10_000),
            Some("Chuyen tien"),
        ),
        (
            "00020101021238530010A0000007270123000697041601092576788590208QRIBFTTA5303704540410005802VN62150811Chuyen tien6304BBB8",
            "970416",
            "257678859",
            Some(1_000),
            Some("Chuyen tien"),
        ),
        (
            "00020101021138580010A000000727012800069704070114190304136010180208QRIBFTTA53037045802VN63040283",
            "970407",
            "19030413601018",
            None,
            None,
        ),
        (
            "00020101021138540010A00000072701240006970422011003523509170208QRIBFTTA53037045802VN630479db",
            "970422",
            "0352350917",
            None,
            None,
        ),
        (
            "00020101021138620010A000000727013200069710250118PSP1234567890000000208QRIBFTTA53037045802VN62190515MOMOW2W123456786304821F",
            "971025",
            "PSP123456789000000",
            None,
            None,
        ),
        (
            "00020101021238540010A00000072701240006970436011001234567890208QRIBFTTA530370454066000005802VN62100806CV7K2P6304123A",
            "970436",
            "0123456789",
            Some(600_000),
            Some("CV7K2P"),
        ),
        (
            "00020101021238540010A00000072701240006970422011003523509170208QRIBFTTA530370454063500005802VN62190815LANGNGHE CV7K2P6304D139",
            "970422",
            "0352350917",
            Some(350_000),
            Some("LANGNGHE CV7K2P"),
        ),
    ];

    #[test]
    fn known_codes_are_read_and_written_again() {
        for (text, bank, number, amount, words) in GOOD {
            let read = VietQr::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!((read.bank.as_str(), read.number.as_str()), (*bank, *number));
            assert_eq!((read.amount, read.text.as_deref()), (amount.map(Dong), *words));
            // Some makers write the checksum in lower case; we never do.
            let (body, sum) = text.split_at(text.len() - 4);
            assert_eq!(read.build(), format!("{body}{}", sum.to_uppercase()));
        }
        assert_eq!(VietQr::parse(GOOD[1].0).unwrap().service, Service::Card);
    }

    #[test]
    fn payments_are_written_as_others_read_them() {
        let written = |bank: &str, number: &str, amount, text: &str| {
            let (bank, number) = (bank.parse().unwrap(), number.parse().unwrap());
            VietQr::payment(bank, number, Dong(amount), &text.parse().unwrap()).unwrap().build()
        };
        assert_eq!(written("970436", "0123456789", 600_000, "CV7K2P"), GOOD[9].0);
        assert_eq!(written("970422", "0352350917", 350_000, "LANGNGHE CV7K2P"), GOOD[10].0);
    }

    #[test]
    fn the_checksum_is_the_standard_one() {
        assert_eq!(crc(b"123456789"), 0x29B1);
    }

    #[test]
    fn what_is_no_transfer_is_refused() {
        let bad = "00020101021238530010A0000007270123000697041601092576788590208QRIBFTTA5303704540410005802VN62150811Chuyen tien6304BBB5";
        assert_eq!(VietQr::parse(bad), Err(VietQrError::Checksum));
        // NAPAS's own text prints this sample with a wrong inner length.
        for text in ["", "6304", "hello", "00020163040000", "ăâđ6304FFFF"] {
            assert!(VietQr::parse(text).is_err(), "{text}");
        }
        for text in ["", "  ", "Chuyển tiền", "a-b", &"A".repeat(26)] {
            assert_eq!(text.parse::<TransferText>(), Err(VietQrError::Words), "{text}");
        }
        let pay = |amount| {
            let (bank, number) = ("970436".parse().unwrap(), "1".parse().unwrap());
            VietQr::payment(bank, number, Dong(amount), &"A".parse().unwrap())
        };
        assert_eq!(pay(0), Err(VietQrError::Amount));
        assert_eq!(pay(-1), Err(VietQrError::Amount));
        assert_eq!(pay(10_000_000_000_000), Err(VietQrError::Amount));
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_read(
            bin in "[0-9]{6}", number in "[A-Z0-9]{1,19}", amount in 1_i64..10_000_000_000_000,
            text in "[A-Za-z0-9][A-Za-z0-9 ]{0,24}",
        ) {
            let (bank, number) = (bin.parse().unwrap(), number.parse().unwrap());
            let qr = VietQr::payment(bank, number, Dong(amount), &text.parse().unwrap()).unwrap();
            prop_assert_eq!(VietQr::parse(&qr.build()), Ok(qr));
        }

        #[test]
        fn nothing_panics(text in "\\PC{0,80}") {
            let _ = VietQr::parse(&text);
        }
    }
}
