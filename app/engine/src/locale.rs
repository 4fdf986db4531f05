//! Languages of the interface and texts that exist in each of them.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::store::{Bind, Param};

/// A language of the interface. The URL carries its code (`/vi/…`, `/en/…`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "TEXT", rename_all = "lowercase")]
pub enum Locale {
    #[default]
    Vi,
    En,
}

impl Locale {
    pub const ALL: [Locale; 2] = [Locale::Vi, Locale::En];

    /// BCP 47 code, as in the URL and in `<html lang>`.
    pub const fn code(self) -> &'static str {
        match self {
            Locale::Vi => "vi",
            Locale::En => "en",
        }
    }

    /// The language's own name.
    pub const fn native_name(self) -> &'static str {
        match self {
            Locale::Vi => "Tiếng Việt",
            Locale::En => "English",
        }
    }

    /// Open Graph's `language_TERRITORY`.
    pub const fn territory(self) -> &'static str {
        match self {
            Locale::Vi => "vi_VN",
            Locale::En => "en_US",
        }
    }

    pub fn parse(code: &str) -> Option<Locale> {
        Locale::ALL.into_iter().find(|locale| locale.code() == code)
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Bind for Locale {
    fn bind(&self) -> Param {
        Param::Text(Some(self.code().to_owned()))
    }
    fn null() -> Param {
        Param::Text(None)
    }
}

/// A text in every language of the interface. Kept as JSON in a TEXT column, so that a
/// further language needs no new column.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Localized<T = String> {
    pub vi: T,
    pub en: T,
}

impl<T> Localized<T> {
    pub const fn get(&self, locale: Locale) -> &T {
        match locale {
            Locale::Vi => &self.vi,
            Locale::En => &self.en,
        }
    }
}

impl Localized<String> {
    /// The text in a language, or in the other one where the host has not translated it yet.
    pub fn text(&self, locale: Locale) -> &str {
        let text = self.get(locale);
        if !text.trim().is_empty() {
            return text;
        }
        Locale::ALL
            .into_iter()
            .map(|other| self.get(other).as_str())
            .find(|other| !other.trim().is_empty())
            .unwrap_or_default()
    }

    pub fn is_translated(&self, locale: Locale) -> bool {
        !self.get(locale).trim().is_empty()
    }

    /// The language in which [`Localized::text`] answers, for the `lang` of what shows it.
    pub fn language(&self, locale: Locale) -> Locale {
        let spoken = |locale: &Locale| self.is_translated(*locale);
        std::iter::once(locale).chain(Locale::ALL).find(spoken).unwrap_or(locale)
    }
}

impl Localized<Vec<String>> {
    /// The list in a language, or in the other one where the host has not translated it yet.
    pub fn list(&self, locale: Locale) -> &[String] {
        let list = self.get(locale);
        let lists = Locale::ALL.into_iter().map(|other| self.get(other));
        std::iter::once(list).chain(lists).find(|list| !list.is_empty()).unwrap_or(list)
    }
}

crate::json_column!(Localized<String>, Localized<Vec<String>>);
