//! Languages of the interface and texts that exist in each of them.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::store::{Bind, Param};

/// A language of the interface. The URL carries its code (`/vi/…`, `/ko/…`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "TEXT", rename_all = "lowercase")]
pub enum Locale {
    #[default]
    Vi,
    En,
    Ko,
    Zh,
    Ja,
    Fr,
}

impl Locale {
    pub const ALL: [Locale; 6] =
        [Locale::Vi, Locale::En, Locale::Ko, Locale::Zh, Locale::Ja, Locale::Fr];

    /// The languages in which hosts write of themselves; in the others these are read in English,
    /// or in Vietnamese where there is no English.
    pub const WRITTEN: [Locale; 2] = [Locale::Vi, Locale::En];

    /// What stands in the URL and is stored.
    pub const fn code(self) -> &'static str {
        match self {
            Locale::Vi => "vi",
            Locale::En => "en",
            Locale::Ko => "ko",
            Locale::Zh => "zh",
            Locale::Ja => "ja",
            Locale::Fr => "fr",
        }
    }

    /// BCP 47 tag for `lang`, `hreflang` and headers. Chinese is told with its script, because
    /// browsers choose the shapes of characters by it.
    pub const fn tag(self) -> &'static str {
        match self {
            Locale::Zh => "zh-Hans",
            other => other.code(),
        }
    }

    /// The language's own name.
    pub const fn native_name(self) -> &'static str {
        match self {
            Locale::Vi => "Tiếng Việt",
            Locale::En => "English",
            Locale::Ko => "한국어",
            Locale::Zh => "简体中文",
            Locale::Ja => "日本語",
            Locale::Fr => "Français",
        }
    }

    /// Open Graph's `language_TERRITORY`.
    pub const fn territory(self) -> &'static str {
        match self {
            Locale::Vi => "vi_VN",
            Locale::En => "en_US",
            Locale::Ko => "ko_KR",
            Locale::Zh => "zh_CN",
            Locale::Ja => "ja_JP",
            Locale::Fr => "fr_FR",
        }
    }

    /// By its code, as [`Locale::code`] writes it.
    pub fn parse(code: &str) -> Option<Locale> {
        Locale::ALL.into_iter().find(|locale| locale.code() == code)
    }

    /// By the tag of a browser or a page, of whatever region or script: "fr-CA", "zh-Hant-TW".
    pub fn of_tag(tag: &str) -> Option<Locale> {
        let language = tag.trim().split(['-', '_']).next().unwrap_or_default();
        Locale::parse(&language.to_ascii_lowercase())
    }

    /// The language that an Accept-Language header likes best of those we speak; English for a reader
    /// of others, nothing for who has no wish.
    pub fn preferred(accept: &str) -> Option<Locale> {
        Locale::preferred_among(accept, &Locale::ALL)
    }

    /// The same of some of our languages.
    pub fn preferred_among(accept: &str, among: &[Locale]) -> Option<Locale> {
        let mut wishes: Vec<(&str, f32)> = accept
            .split(',')
            .filter_map(|part| {
                let mut pieces = part.split(';');
                let language = pieces.next()?.trim();
                let weight = pieces
                    .find_map(|piece| piece.trim().strip_prefix("q=")?.trim().parse().ok())
                    .unwrap_or(1.0);
                (!language.is_empty() && weight > 0.0).then_some((language, weight))
            })
            .collect();
        // A stable sort: of equal wishes the first named comes first.
        wishes.sort_by(|a, b| b.1.total_cmp(&a.1));
        let spoken = |tag: &str| Locale::of_tag(tag).filter(|locale| among.contains(locale));
        let known = wishes.iter().find_map(|(tag, _)| spoken(tag));
        known.or_else(|| wishes.iter().any(|(tag, _)| *tag != "*").then_some(Locale::En))
    }

    /// Whether hosts write in it.
    pub const fn is_written(self) -> bool {
        matches!(self, Locale::Vi | Locale::En)
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

/// What the program itself says, in each of its languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InEach([String; Locale::ALL.len()]);

impl InEach {
    pub fn of(words: impl Fn(Locale) -> String) -> InEach {
        InEach(Locale::ALL.map(words))
    }

    pub fn text(&self, locale: Locale) -> &str {
        let all = Locale::ALL.into_iter().zip(&self.0);
        all.into_iter().find(|(of, _)| *of == locale).map_or("", |(_, words)| words)
    }
}

/// What a host writes in [`Locale::WRITTEN`]. Kept as JSON in a TEXT column, so that a further
/// language needs no new column.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Localized<T = String> {
    pub vi: T,
    pub en: T,
}

impl<T> Localized<T> {
    /// What was written for readers of a language: English for all in whose own hosts do not write.
    pub const fn get(&self, locale: Locale) -> &T {
        match locale {
            Locale::Vi => &self.vi,
            Locale::En | Locale::Ko | Locale::Zh | Locale::Ja | Locale::Fr => &self.en,
        }
    }

    /// Both, with their languages: first that of the reader, then the other.
    fn in_order(&self, locale: Locale) -> [(Locale, &T); 2] {
        let (vi, en) = ((Locale::Vi, &self.vi), (Locale::En, &self.en));
        if locale == Locale::Vi { [vi, en] } else { [en, vi] }
    }
}

impl Localized<String> {
    /// The text in a language, or in the other one where the host has not translated it yet.
    pub fn text(&self, locale: Locale) -> &str {
        let written = |(_, text): &(Locale, &String)| !text.trim().is_empty();
        self.in_order(locale).into_iter().find(written).map_or("", |(_, text)| text)
    }

    /// Whether the host has written it in this very language.
    pub fn is_translated(&self, locale: Locale) -> bool {
        locale.is_written() && !self.get(locale).trim().is_empty()
    }

    /// The language in which [`Localized::text`] answers, for the `lang` of what shows it.
    pub fn language(&self, locale: Locale) -> Locale {
        let written = |(_, text): &(Locale, &String)| !text.trim().is_empty();
        self.in_order(locale).into_iter().find(written).map_or(locale, |(language, _)| language)
    }
}

impl Localized<Vec<String>> {
    /// The list in a language, or in the other one where the host has not translated it yet.
    pub fn list(&self, locale: Locale) -> &[String] {
        let written = |(_, list): &(Locale, &Vec<String>)| !list.is_empty();
        self.in_order(locale).into_iter().find(written).map_or(&[], |(_, list)| list)
    }

    /// The language in which [`Localized::list`] answers.
    pub fn language(&self, locale: Locale) -> Locale {
        let written = |(_, list): &(Locale, &Vec<String>)| !list.is_empty();
        self.in_order(locale).into_iter().find(written).map_or(locale, |(language, _)| language)
    }
}

crate::json_column!(Localized<String>, Localized<Vec<String>>);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_known_by_its_code_and_by_any_tag_of_it() {
        for locale in Locale::ALL {
            assert_eq!(Locale::parse(locale.code()), Some(locale));
            assert_eq!(Locale::of_tag(locale.tag()), Some(locale));
            assert_eq!(Locale::of_tag(locale.territory()), Some(locale));
            let stored = serde_json::to_string(&locale).unwrap();
            assert_eq!(stored, format!("\"{locale}\""));
        }
        assert_eq!(Locale::of_tag("zh-Hant-TW"), Some(Locale::Zh));
        assert_eq!(Locale::of_tag("FR-ca"), Some(Locale::Fr));
        assert_eq!(Locale::of_tag("de"), None);
        assert_eq!(Locale::parse("zh-Hans"), None);
    }

    #[test]
    fn the_browsers_wish_decides() {
        for (accept, locale) in [
            ("vi-VN,vi;q=0.9,en;q=0.8", Some(Locale::Vi)),
            ("en;q=0.8, vi;q=0.9", Some(Locale::Vi)),
            ("fr-FR, en;q=0.5", Some(Locale::Fr)),
            ("ko-KR,ko;q=0.9,en-US;q=0.8,en;q=0.7", Some(Locale::Ko)),
            ("zh-TW,zh;q=0.9,en;q=0.8", Some(Locale::Zh)),
            ("zh-Hans-CN", Some(Locale::Zh)),
            ("JA", Some(Locale::Ja)),
            ("de-DE, ja;q=0.4, fr; q=0.6", Some(Locale::Fr)),
            ("ko;q=0, ja;q=0.1", Some(Locale::Ja)),
            ("de, th;q=0.5", Some(Locale::En)),
            ("*", None),
            ("", None),
        ] {
            assert_eq!(Locale::preferred(accept), locale, "{accept}");
        }
        let written = |accept| Locale::preferred_among(accept, &Locale::WRITTEN);
        assert_eq!(written("fr-FR, vi;q=0.8, en;q=0.5"), Some(Locale::Vi));
        assert_eq!(written("ko"), Some(Locale::En));
    }

    #[test]
    fn what_a_host_wrote_is_read_in_english_by_readers_of_other_languages() {
        let text = |vi: &str, en: &str| Localized { vi: vi.to_owned(), en: en.to_owned() };
        let both = text("Nặn gốm", "Make a pot");
        for locale in [Locale::Ko, Locale::Zh, Locale::Ja, Locale::Fr] {
            assert_eq!((both.text(locale), both.language(locale)), ("Make a pot", Locale::En));
            assert!(!both.is_translated(locale));
            let vi = text("Nặn gốm", " ");
            assert_eq!((vi.text(locale), vi.language(locale)), ("Nặn gốm", Locale::Vi));
            assert_eq!(text("", "").text(locale), "");
        }
        assert_eq!((both.text(Locale::Vi), both.language(Locale::Vi)), ("Nặn gốm", Locale::Vi));
        assert_eq!(text("", "Make a pot").language(Locale::Vi), Locale::En);
        let lists = Localized { vi: vec!["Trà".to_owned()], en: Vec::new() };
        assert_eq!(
            (lists.list(Locale::Fr), lists.language(Locale::Fr)),
            (&["Trà".to_owned()][..], Locale::Vi)
        );
    }
}
