//! Countries by their ISO 3166-1 code, with their names, for the question where guests come from.

use std::fmt;
use std::str::FromStr;

use crate::Locale;
use crate::store::{Bind, Param};
use crate::text::fold;

/// `code|Vietnamese|English|dialling code`; a code that several countries share names none of them.
const LIST: &str = include_str!("../data/countries.txt");

/// A country of the list: "VN".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country(&'static str);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no country has this code")]
pub struct NotACountry;

fn lines() -> impl Iterator<Item = [&'static str; 4]> {
    LIST.lines().filter_map(|line| {
        let mut parts = line.split('|');
        Some([parts.next()?, parts.next()?, parts.next()?, parts.next()?])
    })
}

impl Country {
    pub const VIETNAM: Country = Country("VN");

    pub const fn code(self) -> &'static str {
        self.0
    }

    /// "Hàn Quốc"; "South Korea".
    pub fn name(self, locale: Locale) -> &'static str {
        lines()
            .find(|[code, ..]| *code == self.0)
            .map_or(self.0, |[_, vi, en, _]| if locale == Locale::Vi { vi } else { en })
    }

    /// All of them by name, Việt Nam first.
    pub fn all(locale: Locale) -> Vec<(Country, &'static str)> {
        let mut all: Vec<_> = lines()
            .map(|[code, vi, en, _]| (Country(code), if locale == Locale::Vi { vi } else { en }))
            .collect();
        all.sort_by_cached_key(|(country, name)| (*country != Country::VIETNAM, fold(name)));
        all
    }

    /// The country whose numbers begin so ("+8210…"), where it is a single one.
    pub fn of_phone(number: &str) -> Option<Country> {
        let digits = number.strip_prefix('+')?;
        lines()
            .filter(|[.., dial]| !dial.is_empty() && digits.starts_with(dial))
            .max_by_key(|[.., dial]| dial.len())
            .map(|[code, ..]| Country(code))
    }
}

impl FromStr for Country {
    type Err = NotACountry;
    fn from_str(text: &str) -> Result<Self, NotACountry> {
        let text = text.trim();
        let found = lines().find(|[code, ..]| code.eq_ignore_ascii_case(text));
        found.map(|[code, ..]| Country(code)).ok_or(NotACountry)
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Bind for Country {
    fn bind(&self) -> Param {
        Param::Text(Some(self.0.to_owned()))
    }
    fn null() -> Param {
        Param::Text(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_country_has_its_own_code_names_and_number() {
        let all: Vec<_> = lines().collect();
        assert_eq!(all.len(), LIST.lines().count());
        for part in 0..4 {
            let mut seen: Vec<_> =
                all.iter().map(|line| line[part]).filter(|text| !text.is_empty()).collect();
            let count = seen.len();
            seen.sort_unstable();
            seen.dedup();
            assert_eq!(seen.len(), count, "part {part}");
        }
        assert!(all.iter().all(|[code, vi, en, _]| code.len() == 2 && vi.len() + en.len() > 3));
    }

    #[test]
    fn codes_names_and_numbers_are_found() {
        let korea: Country = "kr".parse().unwrap();
        assert_eq!((korea.code(), korea.name(Locale::Vi)), ("KR", "Hàn Quốc"));
        assert_eq!(korea.name(Locale::En), "South Korea");
        assert!("XX".parse::<Country>().is_err() && "".parse::<Country>().is_err());
        assert_eq!(Country::of_phone("+821012345678"), Some(korea));
        assert_eq!(Country::of_phone("+84912345678"), Some(Country::VIETNAM));
        assert_eq!(Country::of_phone("+85512345678").map(Country::code), Some("KH"));
        // North America and Kazakhstan share theirs.
        assert_eq!(Country::of_phone("+12025550143"), None);
        assert_eq!(Country::of_phone(""), None);
        let all = Country::all(Locale::Vi);
        assert_eq!(all[0].0, Country::VIETNAM);
        let at = |code| all.iter().position(|(country, _)| country.code() == code);
        assert!(at("GB") < at("FR"), "Anh before Pháp");
    }
}
