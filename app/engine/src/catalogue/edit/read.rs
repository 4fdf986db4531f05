//! Reading what a host typed, gathering all that is wrong instead of stopping at the first.

use chrono::NaiveDate;
use unicode_normalization::UnicodeNormalization;

use super::{Field, Wrong, Wrongs};
use crate::catalogue::{Point, Spoken, SpokenLanguages};
use crate::{Dong, Locale, Localized};

/// Entries of a list such as "included".
pub const MAX_LINES: usize = 30;
const MAX_LINE: usize = 200;

/// A text as it is kept: composed letters, plain line ends, no blanks around it. Browsers send
/// the lines of a text area with CRLF.
pub fn written(text: &str) -> String {
    text.nfc().collect::<String>().replace("\r\n", "\n").replace('\r', "\n").trim().to_owned()
}

#[derive(Debug, Default)]
pub(crate) struct Reader {
    pub wrongs: Wrongs,
}

impl Reader {
    pub fn wrong(&mut self, field: Field, wrong: Wrong) {
        self.wrongs.push((field, wrong));
    }

    /// The value, unless something was wrong.
    pub fn finish<T>(self, value: T) -> Result<T, Wrongs> {
        if self.wrongs.is_empty() { Ok(value) } else { Err(self.wrongs) }
    }

    /// Text of one line that must be there.
    pub fn line(&mut self, field: Field, text: &str, max: usize) -> String {
        let text = self.optional_line(field, text, max);
        if text.is_empty() {
            self.wrong(field, Wrong::Missing);
        }
        text
    }

    /// The same where nothing is fine.
    pub fn optional_line(&mut self, field: Field, text: &str, max: usize) -> String {
        let text = written(text).split_whitespace().collect::<Vec<_>>().join(" ");
        self.check_length(field, &text, max);
        text
    }

    /// A date between two others, as browsers send it or as people write it; nothing is fine.
    pub fn optional_date(
        &mut self,
        field: Field,
        text: &str,
        (first, last): (Option<NaiveDate>, Option<NaiveDate>),
    ) -> Option<NaiveDate> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let date = ["%Y-%m-%d", "%d/%m/%Y"]
            .iter()
            .find_map(|form| NaiveDate::parse_from_str(text, form).ok())
            .filter(|date| first.is_none_or(|first| first <= *date))
            .filter(|date| last.is_none_or(|last| *date <= last));
        if date.is_none() {
            self.wrong(field, Wrong::Date);
        }
        date
    }

    fn check_length(&mut self, field: Field, text: &str, max: usize) {
        if text.chars().count() > max {
            self.wrong(field, Wrong::TooLong { max });
        }
    }

    /// Text in both languages, of one line or several; Vietnamese must be there.
    pub fn texts(
        &mut self,
        field: impl Fn(Locale) -> Field,
        texts: &Localized,
        max: usize,
    ) -> Localized {
        let kept = self.optional_texts(&field, texts, max);
        if kept.vi.is_empty() {
            self.wrong(field(Locale::Vi), Wrong::Missing);
        }
        kept
    }

    /// The same where none is fine. English alone would leave Vietnamese guests without.
    pub fn optional_texts(
        &mut self,
        field: impl Fn(Locale) -> Field,
        texts: &Localized,
        max: usize,
    ) -> Localized {
        let kept = Localized { vi: written(&texts.vi), en: written(&texts.en) };
        for locale in Locale::WRITTEN {
            self.check_length(field(locale), kept.get(locale), max);
        }
        kept
    }

    /// Lists of one entry a line.
    pub fn lists(
        &mut self,
        field: impl Fn(Locale) -> Field,
        texts: &Localized,
    ) -> Localized<Vec<String>> {
        let mut read = |locale: Locale| -> Vec<String> {
            let text = written(texts.get(locale));
            let lines: Vec<String> = text
                .lines()
                .map(|line| line.trim().trim_start_matches(['-', '•', '*']).trim().to_owned())
                .filter(|line| !line.is_empty())
                .collect();
            if lines.len() > MAX_LINES {
                self.wrong(field(locale), Wrong::TooMany { max: MAX_LINES });
            }
            if lines.iter().any(|line| line.chars().count() > MAX_LINE) {
                self.wrong(field(locale), Wrong::TooLong { max: MAX_LINE });
            }
            lines
        };
        Localized { vi: read(Locale::Vi), en: read(Locale::En) }
    }

    /// A whole number between two others; the lower one where it is wrong.
    pub fn number(&mut self, field: Field, text: &str, min: i32, max: i32) -> i32 {
        match text.trim().parse::<i32>() {
            Ok(number) if (min..=max).contains(&number) => number,
            _ => {
                self.wrong(field, Wrong::Number { min, max });
                min
            }
        }
    }

    /// The same where nothing is fine.
    pub fn optional_number(&mut self, field: Field, text: &str, min: i32, max: i32) -> Option<i32> {
        (!text.trim().is_empty()).then(|| self.number(field, text, min, max))
    }

    /// An amount in whole đồng; nothing where it is wrong.
    pub fn price(&mut self, field: Field, text: &str, max: Dong) -> Dong {
        match text.parse::<Dong>() {
            Ok(price) if price <= max => price,
            _ => {
                let missing = text.trim().is_empty();
                self.wrong(field, if missing { Wrong::Missing } else { Wrong::Price });
                Dong::ZERO
            }
        }
    }

    /// One of several; the first where it is none of them.
    pub fn choice<T: Copy>(&mut self, field: Field, found: Option<T>, otherwise: T) -> T {
        found.unwrap_or_else(|| {
            self.wrong(field, Wrong::Choice);
            otherwise
        })
    }

    /// At least one language.
    pub fn languages(&mut self, words: &[String]) -> SpokenLanguages {
        let known = |language: &&Spoken| words.iter().any(|word| word == language.word());
        let spoken: Vec<Spoken> = Spoken::ALL.iter().filter(known).copied().collect();
        if spoken.is_empty() {
            self.wrong(Field::Languages, Wrong::Missing);
        }
        SpokenLanguages(spoken)
    }

    /// "20.9766, 105.9122", as maps give it to the clipboard.
    pub fn position(&mut self, text: &str) -> Point {
        let found = position(text);
        if found.is_none() {
            let wrong = if text.trim().is_empty() { Wrong::Missing } else { Wrong::Position };
            self.wrong(Field::Position, wrong);
        }
        found.unwrap_or(Point { lat: 0.0, lon: 0.0 })
    }
}

fn position(text: &str) -> Option<Point> {
    let text = text.trim().trim_start_matches('(').trim_end_matches(')');
    let mut parts = text.split([',', ';', ' ']).filter(|part| !part.is_empty());
    let (lat, lon) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    // Việt Nam with its seas; also tells swapped numbers apart.
    let inside = (8.0..=24.0).contains(&lat) && (102.0..=118.0).contains(&lon);
    (inside && parts.next().is_none()).then_some(Point { lat, lon })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_taken_as_maps_write_it() {
        for text in ["20.9766, 105.9122", " (20.9766,105.9122) ", "20.9766 105.9122"] {
            assert_eq!(position(text), Some(Point { lat: 20.9766, lon: 105.9122 }), "{text}");
        }
        for text in
            ["", "20.9766", "105.9122, 20.9766", "48.85, 2.35", "20,9766, 105,9122", "NaN, 105"]
        {
            assert_eq!(position(text), None, "{text}");
        }
    }

    #[test]
    fn lists_lose_their_bullets_and_lines_their_carriage_returns() {
        let mut reader = Reader::default();
        let typed =
            Localized { vi: "- Tạp dề\r\n\r\n • Trà nóng ".into(), en: String::new() };
        let lists = reader.lists(Field::Included, &typed);
        assert_eq!(lists.vi, ["Tạp dề", "Trà nóng"]);
        assert!(lists.en.is_empty() && reader.wrongs.is_empty());
        assert_eq!(written("một\r\n\r\nhai \n"), "một\n\nhai");
    }
}
