//! Phone numbers as people write them, kept in the one form that machines agree on.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Locale;
use crate::text::is_invisible;

/// Country codes of ITU-T E.164 that reach a person; shared-cost services are left out.
const COUNTRY_CODES: [u16; 210] = [
    1, 7, 20, 27, 30, 31, 32, 33, 34, 36, 39, 40, 41, 43, 44, 45, 46, 47, 48, 49, 51, 52, 53, 54,
    55, 56, 57, 58, 60, 61, 62, 63, 64, 65, 66, 81, 82, 84, 86, 90, 91, 92, 93, 94, 95, 98, 211,
    212, 213, 216, 218, 220, 221, 222, 223, 224, 225, 226, 227, 228, 229, 230, 231, 232, 233, 234,
    235, 236, 237, 238, 239, 240, 241, 242, 243, 244, 245, 246, 247, 248, 249, 250, 251, 252, 253,
    254, 255, 256, 257, 258, 260, 261, 262, 263, 264, 265, 266, 267, 268, 269, 290, 291, 297, 298,
    299, 350, 351, 352, 353, 354, 355, 356, 357, 358, 359, 370, 371, 372, 373, 374, 375, 376, 377,
    378, 380, 381, 382, 383, 385, 386, 387, 389, 420, 421, 423, 500, 501, 502, 503, 504, 505, 506,
    507, 508, 509, 590, 591, 592, 593, 594, 595, 596, 597, 598, 599, 670, 672, 673, 674, 675, 676,
    677, 678, 679, 680, 681, 682, 683, 685, 686, 687, 688, 689, 690, 691, 692, 850, 852, 853, 855,
    856, 870, 880, 881, 882, 883, 886, 960, 961, 962, 963, 964, 965, 966, 967, 968, 970, 971, 972,
    973, 974, 975, 976, 977, 992, 993, 994, 995, 996, 998,
];

/// Countries that dial a 0 at home which is left out from abroad. Visitors write it all the
/// same ("+82 010 …"); elsewhere (Italy, Gabon) such a 0 belongs to the number.
const HOME_ZERO: [&str; 26] = [
    "27", "31", "32", "33", "41", "43", "44", "46", "49", "60", "61", "62", "63", "64", "66", "81",
    "82", "84", "86", "91", "353", "358", "855", "856", "886", "972",
];

/// A phone number in E.164 form: `+84912345678`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Phone(String);

/// Why a text is not a phone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PhoneError {
    #[error("no phone number given")]
    Empty,
    #[error("a phone number cannot contain {0:?}")]
    NotADigit(char),
    #[error("a foreign number starts with + and the country's code")]
    NoCountry,
    #[error("no country has this code")]
    UnknownCountry,
    #[error("a Vietnamese number is a mobile (0912 345 678) or a landline (024 3826 1234)")]
    NotVietnamese,
    #[error("the number has too few digits")]
    TooShort,
    #[error("the number has too many digits")]
    TooLong,
}

impl Phone {
    /// The E.164 form, `+84912345678`: for links (`tel:`), messages and comparison.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is_vietnamese(&self) -> bool {
        self.vietnamese().is_some()
    }

    /// For reading: `0912 345 678` in Viet Nam, `+33 612 345 678` elsewhere.
    pub fn display(&self) -> String {
        match self.vietnamese().map(groups) {
            Some((area, middle, last)) => format!("0{area} {middle} {last}"),
            None => self.display_abroad(),
        }
    }

    /// For reading by who may call from another country: `+84 912 345 678`.
    pub fn display_abroad(&self) -> String {
        if let Some((area, middle, last)) = self.vietnamese().map(groups) {
            return format!("+84 {area} {middle} {last}");
        }
        let digits = self.digits();
        let (country, mut rest) = digits.split_at(country_code(digits).map_or(0, str::len));
        let mut shown = format!("+{country}");
        while rest.len() > 4 {
            let (group, after) = rest.split_at(3);
            shown.push(' ');
            shown.push_str(group);
            rest = after;
        }
        shown.push(' ');
        shown.push_str(rest);
        shown
    }

    fn digits(&self) -> &str {
        self.0.trim_start_matches('+')
    }

    /// The number within Viet Nam without its leading 0.
    fn vietnamese(&self) -> Option<&str> {
        self.0.strip_prefix("+84")
    }
}

/// A number within Viet Nam as it is read: area or network, and the rest in two groups. Hà Nội and
/// Sài Gòn have area codes of two digits, the provinces of three.
fn groups(home: &str) -> (&str, &str, &str) {
    let (area, middle) = match home.as_bytes() {
        [b'2', b'4' | b'8', ..] => (2, 4),
        [b'2', ..] => (3, 4),
        _ => (3, 3),
    };
    let (area, rest) = home.split_at(area);
    let (middle, last) = rest.split_at(middle);
    (area, middle, last)
}

/// A stored number as readers of a language dial it; what is no number stays as it is.
pub fn readable(number: &str, locale: Locale) -> String {
    match (number.parse::<Phone>(), locale) {
        (Ok(phone), Locale::Vi) => phone.display(),
        (Ok(phone), _) => phone.display_abroad(),
        (Err(_), _) => number.to_owned(),
    }
}

impl FromStr for Phone {
    type Err = PhoneError;

    fn from_str(text: &str) -> Result<Phone, PhoneError> {
        let text = digits_and_plus(text)?;
        let international = text.strip_prefix('+').or_else(|| text.strip_prefix("00"));
        if let Some(digits) = international {
            return from_international(digits);
        }
        if text.is_empty() {
            return Err(PhoneError::Empty);
        }
        if let Some(home) = text.strip_prefix('0') {
            return from_vietnamese(home);
        }
        // "84912345678", as some address books and messengers copy it.
        match text.strip_prefix("84") {
            Some(home) if matches!(home.len(), 9 | 10) => from_vietnamese(home),
            _ => Err(PhoneError::NoCountry),
        }
    }
}

/// Drops what people put between digits; digits of Japanese and Chinese keyboards become ours.
fn digits_and_plus(text: &str) -> Result<String, PhoneError> {
    let mut kept = String::new();
    // "+44 (0)20 …": a bracketed 0 inside is for callers at home.
    let home = text.trim_start().starts_with("(0)");
    let text = if home { text.to_owned() } else { text.replace("(0)", "") };
    for c in text.chars() {
        match c {
            '0'..='9' => kept.push(c),
            '０'..='９' => {
                let digit = u32::from(c) - u32::from('０') + u32::from('0');
                kept.extend(char::from_u32(digit));
            }
            '+' | '＋' if kept.is_empty() => kept.push('+'),
            '-' | '.' | '(' | ')' | '（' | '）' | '·' | '－' => {}
            // Marks of direction come along when copied from an address book.
            _ if is_dash(c) || c.is_whitespace() || is_invisible(c) => {}
            _ => return Err(PhoneError::NotADigit(c)),
        }
    }
    Ok(kept)
}

/// The dashes of print, which word processors put for a hyphen.
fn is_dash(c: char) -> bool {
    matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}')
}

fn from_international(digits: &str) -> Result<Phone, PhoneError> {
    if digits.is_empty() {
        return Err(PhoneError::TooShort);
    }
    let country = country_code(digits).ok_or(PhoneError::UnknownCountry)?;
    let mut rest = &digits[country.len()..];
    if HOME_ZERO.contains(&country) {
        rest = rest.trim_start_matches('0');
    }
    if country == "84" {
        return from_vietnamese(rest);
    }
    // E.164 allows 15 digits with the country's; the shortest in use have 8. North America
    // has exactly 11.
    let (least, most) = if country == "1" { (11, 11) } else { (8, 15) };
    let length = country.len() + rest.len();
    if length < least {
        Err(PhoneError::TooShort)
    } else if length > most {
        Err(PhoneError::TooLong)
    } else {
        Ok(Phone(format!("+{country}{rest}")))
    }
}

/// A number within Viet Nam without its leading 0. Mobile prefixes in use since 2018.
fn from_vietnamese(home: &str) -> Result<Phone, PhoneError> {
    let mobile = matches!(
        home.as_bytes(),
        [b'3', b'2'..=b'9', ..]
            | [b'5', b'2' | b'5' | b'6' | b'8' | b'9', ..]
            | [b'7', b'0' | b'6'..=b'9', ..]
            | [b'8', b'1'..=b'9', ..]
            | [b'9', ..]
    );
    let landline = home.starts_with('2');
    match (mobile, landline, home.len()) {
        (true, _, 9) | (_, true, 10) => Ok(Phone(format!("+84{home}"))),
        (true, _, ..9) | (_, true, ..10) => Err(PhoneError::TooShort),
        (true, ..) | (_, true, _) => Err(PhoneError::TooLong),
        _ => Err(PhoneError::NotVietnamese),
    }
}

/// The country code that a number begins with. No code is the start of another.
fn country_code(digits: &str) -> Option<&str> {
    (1..=3).filter_map(|length| digits.get(..length)).find(|code| {
        code.parse().is_ok_and(|code: u16| COUNTRY_CODES.binary_search(&code).is_ok())
            && !code.starts_with('0')
    })
}

/// The E.164 form; see [`Phone::display`] for the one to read.
impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Phone {
    type Error = PhoneError;

    fn try_from(text: String) -> Result<Phone, PhoneError> {
        text.parse()
    }
}

impl From<Phone> for String {
    fn from(phone: Phone) -> String {
        phone.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn phone(text: &str) -> Phone {
        text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn vietnamese_numbers_are_read_as_written() {
        for text in [
            "0912345678",
            " 0912 345 678 ",
            "0912.345.678",
            "+84 912-345-678",
            "(+84) 912 345 678",
            "(0)912 345 678",
            "+84 (0)912 345 678",
            "+84 0912 345 678",
            "84912345678",
            "0084 912 345 678",
            "０９１２ ３４５ ６７８",
            "\u{202a}+84\u{a0}912‑345‑678\u{202c}",
        ] {
            assert_eq!(phone(text).as_str(), "+84912345678", "{text}");
        }
        assert_eq!(phone("024 3826 1234").as_str(), "+842438261234");
        assert_eq!(phone("(024) 3826 1234").as_str(), "+842438261234");
        assert_eq!(phone("84 24 3826 1234").as_str(), "+842438261234");
        assert_eq!(phone("0220 3821 234").as_str(), "+842203821234");
    }

    #[test]
    fn foreign_numbers_need_their_country() {
        for (text, e164) in [
            ("+33 6 12 34 56 78", "+33612345678"),
            ("+33 (0)6 12 34 56 78", "+33612345678"),
            ("+82 010-1234-5678", "+821012345678"),
            ("+39 06 6982 1234", "+390669821234"),
            ("+1 (415) 555-0123", "+14155550123"),
            ("0065 9123 4567", "+6591234567"),
            ("+852 5123 4567", "+85251234567"),
        ] {
            assert_eq!(phone(text).as_str(), e164, "{text}");
        }
        assert_eq!("612345678".parse::<Phone>(), Err(PhoneError::NoCountry));
        assert_eq!("912345678".parse::<Phone>(), Err(PhoneError::NoCountry));
    }

    #[test]
    fn what_is_no_number_is_told_apart() {
        for (text, error) in [
            ("", PhoneError::Empty),
            (" - ", PhoneError::Empty),
            ("+", PhoneError::TooShort),
            ("0912 345 678 Zalo", PhoneError::NotADigit('Z')),
            ("0912345678/0987654321", PhoneError::NotADigit('/')),
            ("0912+345678", PhoneError::NotADigit('+')),
            ("0912 345 67", PhoneError::TooShort),
            ("0912 345 6789", PhoneError::TooLong),
            ("024 3826 123", PhoneError::TooShort),
            ("+84 24 3826 12345", PhoneError::TooLong),
            ("0162 345 6789", PhoneError::NotVietnamese),
            ("1900 1234", PhoneError::NoCountry),
            ("0", PhoneError::NotVietnamese),
            ("+84", PhoneError::NotVietnamese),
            ("+210 123 456 789", PhoneError::UnknownCountry),
            ("+0 123 456 789", PhoneError::UnknownCountry),
            ("+01 415 555 0123", PhoneError::UnknownCountry),
            ("+33 6 12", PhoneError::TooShort),
            ("+49 1234 5678 9012 345", PhoneError::TooLong),
            ("+1 415 555", PhoneError::TooShort),
        ] {
            assert_eq!(text.parse::<Phone>(), Err(error), "{text}");
        }
    }

    #[test]
    fn numbers_are_shown_in_groups() {
        for (text, shown) in [
            ("+84912345678", "0912 345 678"),
            ("+842438261234", "024 3826 1234"),
            ("+842838261234", "028 3826 1234"),
            ("+842203821234", "0220 3821 234"),
            ("+33612345678", "+33 612 345 678"),
            ("+14155550123", "+1 415 555 0123"),
            ("+6591234567", "+65 912 345 67"),
            ("+85251234567", "+852 512 345 67"),
        ] {
            assert_eq!(phone(text).display(), shown);
        }
        assert_eq!(phone("024 3826 1234").display_abroad(), "+84 24 3826 1234");
        assert_eq!(phone("0912345678").display_abroad(), "+84 912 345 678");
        assert!(phone("0912345678").is_vietnamese());
        assert!(!phone("+33612345678").is_vietnamese());
    }

    #[test]
    fn mobile_prefixes_are_those_in_use() {
        let used = |prefix: &str| format!("0{prefix}1234567").parse::<Phone>().is_ok();
        let all: Vec<String> =
            (30..100).map(|n| n.to_string()).filter(|prefix| used(prefix)).collect();
        assert_eq!(
            all.join(" "),
            "32 33 34 35 36 37 38 39 52 55 56 58 59 70 76 77 78 79 \
             81 82 83 84 85 86 87 88 89 90 91 92 93 94 95 96 97 98 99"
        );
    }

    #[test]
    fn country_codes_are_sorted_and_none_begins_another() {
        assert!(COUNTRY_CODES.is_sorted());
        let codes = COUNTRY_CODES.map(|code| code.to_string());
        for code in &codes {
            let begun = codes.iter().filter(|other| other.starts_with(code)).count();
            assert_eq!(begun, 1, "{code}");
        }
        assert!(HOME_ZERO.iter().all(|code| codes.iter().any(|known| known == code)));
    }

    #[test]
    fn stored_as_a_string() {
        let json = serde_json::to_string(&phone("0912 345 678")).unwrap();
        assert_eq!(json, "\"+84912345678\"");
        assert_eq!(serde_json::from_str::<Phone>(&json).unwrap(), phone("0912345678"));
        assert!(serde_json::from_str::<Phone>("\"hello\"").is_err());
    }

    proptest! {
        #[test]
        fn what_is_shown_reads_back(text in "\\+?[0-9 ]{6,18}") {
            if let Ok(phone) = text.parse::<Phone>() {
                prop_assert!(phone.digits().bytes().all(|b| b.is_ascii_digit()));
                prop_assert!((8..=15).contains(&phone.digits().len()));
                prop_assert_eq!(phone.display().parse::<Phone>(), Ok(phone.clone()));
                prop_assert_eq!(phone.as_str().parse::<Phone>(), Ok(phone));
            }
        }

        #[test]
        fn any_text_is_answered(text: String) {
            let _ = text.parse::<Phone>();
        }
    }
}
