//! Reading what was typed, gathering all that is wrong.

use chrono::NaiveDate;

use super::error::{Field, Wrong, Wrongs};
use crate::catalogue::edit::written;
use crate::email::Email;
use crate::{Locale, Localized};

/// Longest address of a web site, in characters.
const MAX_WEB: usize = 200;

#[derive(Debug, Default)]
pub(super) struct Reader {
    wrongs: Wrongs,
}

impl Reader {
    pub fn wrong(&mut self, field: Field, wrong: Wrong) {
        self.wrongs.push((field, wrong));
    }

    /// The value, unless something was wrong.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, Wrongs> {
        match value {
            Some(value) if self.wrongs.is_empty() => Ok(value),
            _ => Err(self.wrongs),
        }
    }

    fn length(&mut self, field: Field, text: &str, max: usize) {
        if text.chars().count() > max {
            self.wrong(field, Wrong::TooLong { max });
        }
    }

    /// One line that must be there.
    pub fn line(&mut self, field: Field, text: &str, max: usize) -> String {
        let text = self.optional_line(field, text, max);
        if text.is_empty() {
            self.wrong(field, Wrong::Missing);
        }
        text
    }

    pub fn optional_line(&mut self, field: Field, text: &str, max: usize) -> String {
        let text = written(text).split_whitespace().collect::<Vec<_>>().join(" ");
        self.length(field, &text, max);
        text
    }

    /// Several lines that must be there.
    pub fn words(&mut self, field: Field, text: &str, max: usize) -> String {
        let text = written(text);
        if text.is_empty() {
            self.wrong(field, Wrong::Missing);
        }
        self.length(field, &text, max);
        text
    }

    /// Text in both languages; Vietnamese must be there.
    pub fn texts(
        &mut self,
        field: fn(Locale) -> Field,
        texts: &Localized,
        max: usize,
    ) -> Localized {
        let kept = self.optional_texts(field, texts, max);
        if kept.vi.is_empty() {
            self.wrong(field(Locale::Vi), Wrong::Missing);
        }
        kept
    }

    pub fn optional_texts(
        &mut self,
        field: fn(Locale) -> Field,
        texts: &Localized,
        max: usize,
    ) -> Localized {
        let kept = Localized { vi: written(&texts.vi), en: written(&texts.en) };
        for locale in Locale::WRITTEN {
            self.length(field(locale), kept.get(locale), max);
        }
        kept
    }

    /// A day between two others, as browsers send it.
    pub fn date(
        &mut self,
        field: Field,
        text: &str,
        between: (NaiveDate, NaiveDate),
    ) -> Option<NaiveDate> {
        let date = NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").ok();
        let date = date.filter(|date| (between.0..=between.1).contains(date));
        if date.is_none() {
            self.wrong(field, Wrong::Date);
        }
        date
    }

    pub fn number(&mut self, field: Field, text: &str, min: i32, max: i32) -> Option<i32> {
        let number = text.trim().parse().ok().filter(|number| (min..=max).contains(number));
        if number.is_none() {
            self.wrong(field, Wrong::Number { min, max });
        }
        number
    }

    pub fn choice<T>(&mut self, field: Field, found: Option<T>) -> Option<T> {
        if found.is_none() {
            self.wrong(field, Wrong::Choice);
        }
        found
    }

    pub fn email(&mut self, text: &str) -> Option<Email> {
        let email = text.parse().ok();
        if email.is_none() {
            self.wrong(Field::Email, Wrong::Email);
        }
        email
    }

    /// The address of a site, with its scheme; nothing is fine.
    pub fn web(&mut self, text: &str) -> String {
        let text = text.trim();
        if text.is_empty() {
            return String::new();
        }
        web(text).unwrap_or_else(|| {
            self.wrong(Field::Web, Wrong::Web);
            String::new()
        })
    }
}

/// "mythuat.example.edu.vn" is meant with https; nothing but the web is taken.
fn web(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let known = lower.starts_with("https://") || lower.starts_with("http://");
    let text = if known { text.to_owned() } else { format!("https://{text}") };
    let address = url::Url::parse(&text).ok()?;
    let named = address.domain().is_some_and(|domain| domain.contains('.'));
    let plain = address.username().is_empty() && address.password().is_none();
    let text = address.to_string();
    (named && plain && text.chars().count() <= MAX_WEB).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_sites_are_taken_as_people_write_them() {
        for (typed, kept) in [
            ("truong.example.edu.vn", "https://truong.example.edu.vn/"),
            ("http://example.com/gom", "http://example.com/gom"),
            ("HTTPS://Example.com", "https://example.com/"),
        ] {
            assert_eq!(web(typed).as_deref(), Some(kept));
        }
        for typed in
            ["gốm", "javascript:alert(1)", "ftp://example.com", "https://a:b@example.com", "x y"]
        {
            assert_eq!(web(typed), None, "{typed}");
        }
    }
}
