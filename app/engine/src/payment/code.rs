//! The code by which a transfer is recognised: two fixed letters, six drawn characters and a check
//! character, nine in all. A gift card's, a parcel's and an order's begin otherwise, so that no booking can have the same. Banks
//! upper-case a transfer's words, cut them, split them and write their own before and after; a fixed
//! length and the check character tell the code from what stands around it.

use crate::store::{Bind, Param, Tx};

/// No 0/O, 1/I/L. A prime number of characters, so that the weighted sum below notices every single
/// wrong character and every two neighbours in the wrong order.
const ALPHABET: &[u8] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
const PREFIX: &str = "LN";
/// All begin with a letter that none is drawn of: where one code is, no other begins.
const CARD_PREFIX: &str = "LQ";
/// Of the post of a parcel.
const PARCEL_PREFIX: &str = "LP";
/// Of what is made to order.
const COMMISSION_PREFIX: &str = "LD";
/// Of an order of the shop.
const ORDER_PREFIX: &str = "LB";
const DRAWN: usize = 6;
const LENGTH: usize = PREFIX.len() + DRAWN + 1;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, sqlx::Type)]
#[sqlx(transparent)]
pub struct PaymentCode(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a payment code")]
pub struct NotACode;

impl PaymentCode {
    pub(crate) fn draw(tx: &mut Tx) -> Self {
        Self::of(&tx.draw_code(DRAWN))
    }

    /// One for a gift card.
    pub(crate) fn draw_for_card(tx: &mut Tx) -> Self {
        Self::with(CARD_PREFIX, &tx.draw_code(DRAWN))
    }

    /// One for a parcel.
    pub(crate) fn draw_for_parcel(tx: &mut Tx) -> Self {
        Self::with(PARCEL_PREFIX, &tx.draw_code(DRAWN))
    }

    /// One for a commission.
    pub(crate) fn draw_for_commission(tx: &mut Tx) -> Self {
        Self::with(COMMISSION_PREFIX, &tx.draw_code(DRAWN))
    }

    /// One for an order of the shop.
    pub(crate) fn draw_for_order(tx: &mut Tx) -> Self {
        Self::with(ORDER_PREFIX, &tx.draw_code(DRAWN))
    }

    fn of(drawn: &str) -> Self {
        Self::with(PREFIX, drawn)
    }

    fn with(prefix: &str, drawn: &str) -> Self {
        Self(format!("{prefix}{drawn}{}", char::from(check(drawn.as_bytes()).unwrap_or(b'2'))))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// All codes in a transfer's words, however the bank mangled them; each once, in order.
    pub fn all_in(words: &str) -> Vec<PaymentCode> {
        let plain = plain(words);
        let mut found = Vec::new();
        for window in plain.as_bytes().windows(LENGTH) {
            let code = std::str::from_utf8(window).ok().and_then(|text| text.parse().ok());
            if let Some(code) = code.filter(|code| !found.contains(code)) {
                found.push(code);
            }
        }
        found
    }

    /// Whether the words hold this code but for one character: somebody typed it by hand, or took
    /// one for its look-alike.
    pub fn is_nearly_in(&self, words: &str) -> bool {
        plain(words).as_bytes().windows(LENGTH).any(|window| {
            let differ = window.iter().zip(self.0.as_bytes()).filter(|(a, b)| a != b).count();
            differ == 1
        })
    }
}

/// Upper case, and nothing but letters and digits.
pub(super) fn plain(words: &str) -> String {
    let kept = words.chars().filter(char::is_ascii_alphanumeric);
    kept.map(|c| c.to_ascii_uppercase()).collect()
}

/// The character that tells whether the others are right; None where one is not of the alphabet.
pub(crate) fn check(drawn: &[u8]) -> Option<u8> {
    let mut sum = 0;
    for (at, character) in drawn.iter().enumerate() {
        let value = ALPHABET.iter().position(|known| known == character)?;
        sum += (at + 2) * value;
    }
    ALPHABET.get(sum % ALPHABET.len()).copied()
}

impl std::str::FromStr for PaymentCode {
    type Err = NotACode;
    fn from_str(text: &str) -> Result<Self, NotACode> {
        let prefixes = [PREFIX, CARD_PREFIX, PARCEL_PREFIX, COMMISSION_PREFIX, ORDER_PREFIX];
        let rest = prefixes.iter().find_map(|prefix| text.strip_prefix(prefix));
        let drawn = rest.filter(|rest| rest.len() == DRAWN + 1);
        let (drawn, last) = drawn.and_then(|rest| rest.split_at_checked(DRAWN)).ok_or(NotACode)?;
        match check(drawn.as_bytes()) {
            Some(check) if last.as_bytes() == [check] => Ok(Self(text.to_owned())),
            _ => Err(NotACode),
        }
    }
}

impl std::fmt::Display for PaymentCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Bind for PaymentCode {
    fn bind(&self) -> Param {
        Param::Text(Some(self.0.clone()))
    }
    fn null() -> Param {
        Param::Text(None)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_code_is_found_in_what_banks_make_of_it() {
        let code = PaymentCode::of("7K2PAB");
        let text = code.as_str();
        let split = format!("{} {}", &text[..5], &text[5..]);
        for words in [
            text.to_owned(),
            text.to_lowercase(),
            format!("MBVCB.3278907687.{text}.CT tu 0123456789 toi 9876543210"),
            format!("{text} FT26335000001"),
            format!("CUSTOMER {split}"),
            format!("Chuyển tiền đặt chỗ {text}-CHUYEN TIEN-OQCH0001"),
            format!("LNLN{text}LN"),
            text.chars().flat_map(|c| [c, '.']).collect(),
        ] {
            assert_eq!(PaymentCode::all_in(&words), std::slice::from_ref(&code), "{words}");
        }
    }

    #[test]
    fn what_only_looks_like_one_is_none() {
        let code = PaymentCode::of("7K2PAB");
        let text = code.as_str();
        for words in ["", "LN", "LN7K2P", &text[..8], "LANGNGHE 600000", "LN0O1ILAB"] {
            assert_eq!(PaymentCode::all_in(words), [], "{words}");
        }
        assert!(code.is_nearly_in(&format!("x {}Z{}", &text[..4], &text[5..])));
        assert!(!code.is_nearly_in(text));
    }

    #[test]
    fn a_card_is_recognised_like_a_booking_and_is_none() {
        let card = PaymentCode::with(CARD_PREFIX, "7K2PAB");
        assert_eq!(PaymentCode::all_in(&format!("CT {card} qua")), std::slice::from_ref(&card));
        assert_ne!(card, PaymentCode::of("7K2PAB"));
    }

    proptest! {
        #[test]
        fn a_slip_is_noticed(
            drawn in "[2-9A-HJKMNP-Z]{6}", at in 2_usize..9, other in "[2-9A-HJKMNP-Z]",
        ) {
            let code = PaymentCode::of(&drawn);
            let mut slip = code.0.clone();
            slip.replace_range(at..=at, &other);
            prop_assert_eq!(slip.parse::<PaymentCode>().is_ok(), slip == code.0);
            if at + 1 < LENGTH - 1 {
                let mut swapped = code.0.into_bytes();
                swapped.swap(at, at + 1);
                let same = swapped[at] == swapped[at + 1];
                let swapped = String::from_utf8(swapped).unwrap();
                prop_assert_eq!(swapped.parse::<PaymentCode>().is_ok(), same);
            }
        }

        #[test]
        fn any_words_can_be_searched(words in "\\PC{0,120}", drawn in "[2-9A-HJKMNP-Z]{6}") {
            let code = PaymentCode::of(&drawn);
            let found = PaymentCode::all_in(&format!("{words} {code} {words}"));
            prop_assert!(found.contains(&code));
        }
    }
}
