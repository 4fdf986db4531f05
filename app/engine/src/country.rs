//! Countries by their ISO 3166-1 code, with their names: where guests come from, where parcels go.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, de};

use crate::Locale;
use crate::store::{Bind, Param};
use crate::text::fold;

/// `code|dialling code|vi|en|ko|zh|ja|fr`; a dialling code that several countries share names none of
/// them.
const LIST: &str = include_str!("../data/countries.txt");

/// A country of the list: "VN".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Country(&'static str);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no country has this code")]
pub struct NotACountry;

#[derive(Debug, Clone, Copy)]
struct Line {
    code: &'static str,
    dial: &'static str,
    /// In the order of [`Locale::ALL`].
    names: [&'static str; Locale::ALL.len()],
}

impl Line {
    fn name(&self, locale: Locale) -> &'static str {
        let names = Locale::ALL.into_iter().zip(self.names);
        names.into_iter().find(|(of, _)| *of == locale).map_or(self.code, |(_, name)| name)
    }
}

fn lines() -> impl Iterator<Item = Line> {
    LIST.lines().filter_map(|line| {
        let mut parts = line.split('|');
        let (code, dial) = (parts.next()?, parts.next()?);
        let mut names = [""; Locale::ALL.len()];
        for name in &mut names {
            *name = parts.next()?;
        }
        Some(Line { code, dial, names })
    })
}

impl Country {
    pub const VIETNAM: Country = Country("VN");

    pub const fn code(self) -> &'static str {
        self.0
    }

    /// "Hàn Quốc"; "South Korea".
    pub fn name(self, locale: Locale) -> &'static str {
        lines().find(|line| line.code == self.0).map_or(self.0, |line| line.name(locale))
    }

    /// All of them by name, Việt Nam first.
    pub fn all(locale: Locale) -> Vec<(Country, &'static str)> {
        let mut all: Vec<_> = lines().map(|line| (Country(line.code), line.name(locale))).collect();
        all.sort_by_cached_key(|(country, name)| (*country != Country::VIETNAM, fold(name)));
        all
    }

    /// The country whose numbers begin so ("+8210…"), where it is a single one.
    pub fn of_phone(number: &str) -> Option<Country> {
        let digits = number.strip_prefix('+')?;
        lines()
            .filter(|line| !line.dial.is_empty() && digits.starts_with(line.dial))
            .max_by_key(|line| line.dial.len())
            .map(|line| Country(line.code))
    }
}

impl FromStr for Country {
    type Err = NotACountry;
    fn from_str(text: &str) -> Result<Self, NotACountry> {
        let text = text.trim();
        let found = lines().find(|line| line.code.eq_ignore_ascii_case(text));
        found.map(|line| Country(line.code)).ok_or(NotACountry)
    }
}

impl<'de> Deserialize<'de> for Country {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
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
        assert_eq!(all.len(), LIST.lines().count(), "each line is whole");
        let different = |what: &str, texts: Vec<&str>| {
            let mut texts: Vec<_> = texts.into_iter().filter(|text| !text.is_empty()).collect();
            let count = texts.len();
            texts.sort_unstable();
            texts.dedup();
            assert_eq!(texts.len(), count, "{what}");
        };
        different("codes", all.iter().map(|line| line.code).collect());
        different("dialling codes", all.iter().map(|line| line.dial).collect());
        for locale in Locale::ALL {
            different(locale.code(), all.iter().map(|line| line.name(locale)).collect());
        }
        assert!(all.iter().all(|line| line.code.len() == 2 && !line.names.contains(&"")));
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
