//! Numbers with at most two decimals, kept whole.

use serde::{Deserialize, Serialize};

use crate::store::{Bind, Param};

/// So many hundredths: 1,250 are "12,5".
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
pub struct Hundredths(pub i64);

impl Bind for Hundredths {
    fn bind(&self) -> Param {
        Param::I64(Some(self.0))
    }
    fn null() -> Param {
        Param::I64(None)
    }
}

impl Hundredths {
    pub const fn whole(number: i64) -> Self {
        Self(number.saturating_mul(100))
    }

    /// As people write it: "12,5", "12.5", "1.240", "1.240,5 ". A comma or a point before exactly three
    /// figures stands between thousands, before one or two it begins the decimals.
    pub fn parse(text: &str) -> Option<Self> {
        let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let text = text.strip_suffix('%').unwrap_or(&text);
        let (whole, decimals) = match text.rfind([',', '.']) {
            Some(at) if matches!(text.len() - at - 1, 1 | 2) => {
                let (whole, rest) = text.split_at(at);
                let mark = rest.chars().next()?;
                // One mark can't be both.
                if whole.contains(mark) {
                    return None;
                }
                (whole, rest.get(1..)?)
            }
            _ => (text, ""),
        };
        let mut number = joined(whole)?;
        for at in 0..2 {
            let figure = decimals.as_bytes().get(at).copied().unwrap_or(b'0');
            let figure = char::from(figure).to_digit(10)?;
            number = number.checked_mul(10)?.checked_add(i64::from(figure))?;
        }
        Some(Self(number))
    }

    /// With a point and no needless zeros, as [`crate::writing::Writing::decimal`] wants decimals: the
    /// whole part, and the decimals, which may be none.
    pub fn parts(self) -> (i64, String) {
        let decimals = format!("{:02}", (self.0 % 100).abs());
        (self.0 / 100, decimals.trim_end_matches('0').to_owned())
    }
}

/// A whole number, whose thousands one kind of mark may separate.
fn joined(text: &str) -> Option<i64> {
    let figures = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let mark = text.chars().find(|c| matches!(c, ',' | '.'));
    let Some(mark) = mark else {
        return if figures(text) { text.parse().ok() } else { None };
    };
    let mut groups = text.split(mark);
    let first = groups.next()?;
    let sound = figures(first)
        && first.len() <= 3
        && !first.starts_with('0')
        && groups.all(|group| group.len() == 3 && figures(group));
    if sound { text.replace(mark, "").parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (text, read) in [
            ("0", Some(0)),
            ("12", Some(1_200)),
            (" 12,5 % ", Some(1_250)),
            ("12.5", Some(1_250)),
            ("0,05", Some(5)),
            ("1.240", Some(124_000)),
            ("1,240", Some(124_000)),
            ("1.240,5", Some(124_050)),
            ("1,240.25", Some(124_025)),
            ("1 240", Some(124_000)),
            ("1.240.500", Some(124_050_000)),
            ("", None),
            ("%", None),
            ("-3", None),
            ("một", None),
            ("1,2,3", None),
            ("0.125", None),
            ("1.2400", None),
            ("12.", None),
            (",5", None),
            ("1,240,5", None),
            ("99999999999999999999", None),
            ("12,đ", None),
        ] {
            assert_eq!(Hundredths::parse(text).map(|it| it.0), read, "{text:?}");
        }
    }

    #[test]
    fn decimals_have_no_needless_zeros() {
        let parts = |n| Hundredths(n).parts();
        assert_eq!(parts(1_200), (12, String::new()));
        assert_eq!(parts(1_250), (12, "5".to_owned()));
        assert_eq!(parts(5), (0, "05".to_owned()));
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_read_again(number in 0_i64..10_000_000_000) {
            let (whole, decimals) = Hundredths(number).parts();
            for (mark, locale) in [(',', crate::Locale::Vi), ('.', crate::Locale::En)] {
                let whole = locale.writing().number(whole);
                let text = if decimals.is_empty() { whole } else { format!("{whole}{mark}{decimals}") };
                prop_assert_eq!(Hundredths::parse(&text), Some(Hundredths(number)));
            }
        }

        #[test]
        fn nothing_that_is_typed_breaks_it(text in "\\PC{0,12}") {
            prop_assert!(Hundredths::parse(&text).is_none_or(|it| it.0 >= 0));
        }
    }
}
