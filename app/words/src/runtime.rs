//! What the generated functions do when the program runs. This text is compiled twice: here, where
//! it is tested, and within the module of words of each crate.

use std::fmt::{Display, Write as _};

/// Which numbers take the form `one` in a language; all others take `other`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plural {
    /// None: there is no plural.
    Never,
    /// 1 alone.
    One,
    /// 0 and 1.
    ZeroAndOne,
}

impl Plural {
    pub const fn is_one(self, n: i64) -> bool {
        match self {
            Plural::Never => false,
            Plural::One => n == 1,
            Plural::ZeroAndOne => n == 0 || n == 1,
        }
    }
}

/// All messages of a language, one after another.
#[derive(Debug)]
pub struct Texts {
    pub text: &'static str,
    /// Where each ends; two that end at one place say that the second is missing.
    pub ends: &'static [u32],
    pub plural: Plural,
}

impl Texts {
    fn at(&self, at: usize) -> &'static str {
        let end = |at: usize| self.ends.get(at).map_or(0, |end| *end as usize);
        let start = at.checked_sub(1).map_or(0, end);
        self.text.get(start..end(at)).unwrap_or_default()
    }

    /// A message with two forms, of which the second is `other`.
    fn counted(&self, at: usize, n: i64) -> &'static str {
        self.at(if self.plural.is_one(n) { at } else { at + 1 })
    }
}

/// A message; English where the language lacks it.
pub fn say(language: &Texts, english: &Texts, at: usize) -> &'static str {
    match language.at(at) {
        "" => english.at(at),
        text => text,
    }
}

/// The form of a message that a number takes; English by its own rule where the language lacks it.
pub fn count(language: &Texts, english: &Texts, at: usize, n: i64) -> &'static str {
    match language.counted(at, n) {
        "" => english.counted(at, n),
        text => text,
    }
}

/// The text with a value for each `{name}`.
pub fn fill(template: &str, values: &[(&str, &dyn Display)]) -> String {
    let mut filled = String::with_capacity(template.len() + 16 * values.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        if let Some((_, value)) = values.iter().find(|(known, _)| *known == name) {
            let _ = write!(filled, "{value}");
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}
