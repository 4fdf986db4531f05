//! Banks and account numbers.

use crate::store::{Bind, Param};

/// A bank as payment apps know it. Banks merge and rename: this is data, kept in one table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bank {
    pub name: &'static str,
    /// NAPAS's number of it, six digits.
    pub bin: &'static str,
    /// Its short code.
    pub code: &'static str,
}

const fn bank(name: &'static str, bin: &'static str, code: &'static str) -> Bank {
    Bank { name, bin, code }
}

/// The banks that take transfers by VietQR, the largest first (npm `vietnam-qr-pay` 1.5.1).
pub const BANKS: &[Bank] = &[
    bank("Vietcombank", "970436", "VCB"),
    bank("VietinBank", "970415", "CTG"),
    bank("BIDV", "970418", "BIDV"),
    bank("Agribank", "970405", "AGRIBANK"),
    bank("Techcombank", "970407", "TCB"),
    bank("MB Bank", "970422", "MBB"),
    bank("ACB", "970416", "ACB"),
    bank("VPBank", "970432", "VPB"),
    bank("TPBank", "970423", "TPB"),
    bank("Sacombank", "970403", "STB"),
    bank("HDBank", "970437", "HDB"),
    bank("VIB", "970441", "VIB"),
    bank("SHB", "970443", "SHB"),
    bank("MSB", "970426", "MSB"),
    bank("OCB", "970448", "OCB"),
    bank("SeABank", "970440", "SSB"),
    bank("Eximbank", "970431", "EIB"),
    bank("LPBank", "970449", "LPB"),
    bank("Nam A Bank", "970428", "NAB"),
    bank("BVBank (Bản Việt)", "970454", "BVB"),
    bank("PVcomBank", "970412", "PVCB"),
    bank("SCB", "970429", "SCB"),
    bank("ABBank", "970425", "ABB"),
    bank("BacABank", "970409", "BAB"),
    bank("KienlongBank", "970452", "KLB"),
    bank("NCB", "970419", "NVB"),
    bank("SaigonBank", "970400", "SGB"),
    bank("VietBank", "970433", "VBB"),
    bank("PGBank", "970430", "PGB"),
    bank("MBV", "970414", "MBV"),
    bank("Vikki", "970406", "VIKKI"),
    bank("Shinhan", "970424", "SHBVN"),
    bank("Woori", "970457", "WVN"),
    bank("Cake", "546034", "CAKE"),
    bank("Ubank", "546035", "UBANK"),
    bank("Timo", "963388", "TIMO"),
    bank("MoMo", "971025", "MOMO"),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a bank's number of six digits, or not an account's of 1 to 19 letters and digits")]
pub struct NotAnAccount;

/// NAPAS's number of a bank.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::Type)]
#[sqlx(transparent)]
pub struct BankBin(String);

impl BankBin {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What is known of the bank.
    pub fn bank(&self) -> Option<&'static Bank> {
        BANKS.iter().find(|bank| bank.bin == self.0)
    }

    /// Its name, or its number where it is not in the table.
    pub fn name(&self) -> &str {
        self.bank().map_or(&self.0, |bank| bank.name)
    }
}

impl std::str::FromStr for BankBin {
    type Err = NotAnAccount;
    fn from_str(text: &str) -> Result<Self, NotAnAccount> {
        let fits = text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit());
        if fits { Ok(Self(text.to_owned())) } else { Err(NotAnAccount) }
    }
}

/// The number of an account or card; those of virtual accounts have letters too.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::Type)]
#[sqlx(transparent)]
pub struct AccountNumber(String);

impl AccountNumber {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a bank's or service's text names this account.
    pub fn is(&self, written: &str) -> bool {
        written.parse::<AccountNumber>().is_ok_and(|other| other.0.eq_ignore_ascii_case(&self.0))
    }
}

impl std::str::FromStr for AccountNumber {
    type Err = NotAnAccount;

    /// As people write it: spaces, dots and dashes between groups are left out.
    fn from_str(text: &str) -> Result<Self, NotAnAccount> {
        let number: String = text.chars().filter(|c| !matches!(c, ' ' | '.' | '-')).collect();
        let fits =
            (1..=19).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_alphanumeric());
        if fits { Ok(Self(number)) } else { Err(NotAnAccount) }
    }
}

macro_rules! text_bind {
    ($($kind:ty),+) => {$(
        impl Bind for $kind {
            fn bind(&self) -> Param {
                Param::Text(Some(self.0.clone()))
            }
            fn null() -> Param {
                Param::Text(None)
            }
        }
    )+};
}

text_bind!(BankBin, AccountNumber);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        assert_eq!("0123 456-789".parse::<AccountNumber>().unwrap().as_str(), "0123456789");
        assert!("VQRQ00012abc".parse::<AccountNumber>().unwrap().is("vqrq 00012ABC"));
        for text in ["", "số tài khoản", "12345678901234567890", "12/3"] {
            assert!(text.parse::<AccountNumber>().is_err(), "{text}");
        }
        assert_eq!("970436".parse::<BankBin>().unwrap().name(), "Vietcombank");
        assert_eq!("970999".parse::<BankBin>().unwrap().name(), "970999");
        for text in ["", "97043", "97043x", "9704366"] {
            assert!(text.parse::<BankBin>().is_err(), "{text}");
        }
    }

    #[test]
    fn no_bank_stands_twice() {
        for (at, bank) in BANKS.iter().enumerate() {
            assert!(bank.bin.parse::<BankBin>().is_ok());
            let again =
                BANKS.iter().skip(at + 1).find(|b| b.bin == bank.bin || b.code == bank.code);
            assert_eq!(again, None, "{}", bank.name);
        }
    }
}
