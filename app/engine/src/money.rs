//! Money is a whole number of đồng (ISO 4217 VND, exponent 0).

use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Locale;
use crate::store::{Bind, Param};

/// An amount in đồng.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    sqlx::Type,
)]
#[sqlx(transparent)]
#[serde(transparent)]
pub struct Dong(pub i64);

impl Dong {
    pub const ZERO: Dong = Dong(0);

    /// This amount for `quantity` pieces; None when it leaves the range of 64 bits.
    pub fn times(self, quantity: u32) -> Option<Dong> {
        self.0.checked_mul(i64::from(quantity)).map(Dong)
    }

    /// `percent` of the amount, rounded down to a whole đồng.
    pub fn percent(self, percent: u8) -> Dong {
        let share = i128::from(self.0) * i128::from(percent) / 100;
        Dong(i64::try_from(share).unwrap_or(i64::MAX))
    }

    /// With so many per cent off, rounded down to whole thousands of đồng; the same for none.
    #[must_use]
    pub fn less(self, percent: u8) -> Dong {
        if percent == 0 {
            return self;
        }
        let price = self.percent(100_u8.saturating_sub(percent)).0;
        Dong(price - price.rem_euclid(1_000))
    }

    /// "350.000 ₫" in Vietnamese, "350,000 ₫" in English.
    pub fn display(self, locale: Locale) -> String {
        format!("{}\u{a0}₫", locale.writing().number(self.0))
    }
}

/// Not an amount of money as people write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an amount is written 350.000 or 350000")]
pub struct NotAnAmount;

impl FromStr for Dong {
    type Err = NotAnAmount;

    /// Takes "350000", "350.000", "350,000 ₫", "350 000 đ", "350k". Marks stand between groups
    /// of three digits alone: "1.5" is a slip, not one and a half đồng.
    fn from_str(text: &str) -> Result<Dong, NotAnAmount> {
        let text = text.trim().to_lowercase();
        let text = ["₫", "đồng", "vnđ", "đ", "vnd"]
            .iter()
            .find_map(|unit| text.strip_suffix(unit))
            .unwrap_or(&text)
            .trim_end();
        let (text, scale) = text.strip_suffix('k').map_or((text, 1), |text| (text, 1_000));
        let mut groups = text.split(['.', ',', ' ', '\u{a0}', '\u{202f}']);
        let first = groups.next().unwrap_or_default();
        let mut digits = first.to_owned();
        let mut grouped = false;
        for group in groups {
            if group.len() != 3 {
                return Err(NotAnAmount);
            }
            grouped = true;
            digits.push_str(group);
        }
        if digits.is_empty()
            || !digits.bytes().all(|b| b.is_ascii_digit())
            || (grouped && !(1..=3).contains(&first.len()))
        {
            return Err(NotAnAmount);
        }
        let amount: i64 = digits.parse().map_err(|_| NotAnAmount)?;
        amount.checked_mul(scale).map(Dong).ok_or(NotAnAmount)
    }
}

impl Add for Dong {
    type Output = Dong;
    fn add(self, other: Dong) -> Dong {
        Dong(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Dong {
    fn add_assign(&mut self, other: Dong) {
        *self = *self + other;
    }
}

impl Sub for Dong {
    type Output = Dong;
    fn sub(self, other: Dong) -> Dong {
        Dong(self.0.saturating_sub(other.0))
    }
}

impl Sum for Dong {
    fn sum<I: Iterator<Item = Dong>>(amounts: I) -> Dong {
        amounts.fold(Dong::ZERO, Add::add)
    }
}

impl Bind for Dong {
    fn bind(&self) -> Param {
        Param::I64(Some(self.0))
    }
    fn null() -> Param {
        Param::I64(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_as_people_write_them() {
        assert_eq!(Dong(350_000).display(Locale::Vi), "350.000\u{a0}₫");
        assert_eq!(Dong(1_250_000).display(Locale::En), "1,250,000\u{a0}₫");
        assert_eq!(Dong(1_250_000).display(Locale::Ja), "1,250,000\u{a0}₫");
        assert_eq!(Dong(1_250_000).display(Locale::Fr), "1\u{202f}250\u{202f}000\u{a0}₫");
        assert_eq!(Dong(0).display(Locale::Vi), "0\u{a0}₫");
        assert_eq!(Dong(-5_000).display(Locale::Vi), "−5.000\u{a0}₫");
    }

    #[test]
    fn amounts_are_read_as_hosts_type_them() {
        for (text, amount) in [
            ("350000", 350_000),
            ("350.000", 350_000),
            (" 1,250,000 ₫", 1_250_000),
            ("350 000\u{a0}đ", 350_000),
            ("250k", 250_000),
            ("250.000 VNĐ", 250_000),
            ("0", 0),
        ] {
            assert_eq!(text.parse(), Ok(Dong(amount)), "{text}");
        }
        for text in
            ["", "₫", "1.5", "12.34", "1234.567", "-5", "350.00", "abc", "9".repeat(30).as_str()]
        {
            assert_eq!(text.parse::<Dong>(), Err(NotAnAmount), "{text}");
        }
        for amount in [0, 999, 1_000, 12_345_678] {
            for locale in Locale::ALL {
                assert_eq!(Dong(amount).display(locale).parse(), Ok(Dong(amount)));
            }
        }
    }

    #[test]
    fn half_is_rounded_down_to_the_dong() {
        assert_eq!(Dong(12_345).percent(50), Dong(6_172));
        assert_eq!(Dong(i64::MAX).times(2), None);
    }
}
