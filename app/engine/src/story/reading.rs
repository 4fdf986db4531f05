//! How long a text is to read.

use super::markdown;
use super::model::{Chapter, ChapterKind};
use crate::Locale;

/// Words of a chapter in the language in which a visitor reads it; in Vietnamese these are syllables.
pub fn words_of(chapter: &Chapter, locale: Locale) -> usize {
    let count = |text: &str| text.split_whitespace().count();
    let body = count(&markdown::plain(&markdown::read(chapter.body.text(locale))));
    let rows = match chapter.kind {
        ChapterKind::Process => {
            chapter.steps.0.iter().map(|step| count(step.text.text(locale))).sum()
        }
        ChapterKind::Words => {
            chapter.terms.0.iter().map(|term| count(term.meaning.text(locale)) + 2).sum()
        }
        _ => 0,
    };
    body + rows
}

/// Minutes for so many words, at least one.
pub fn minutes(words: usize, locale: Locale) -> i64 {
    // Vietnamese writes each syllable apart, so its "words" are shorter.
    let a_minute = if locale == Locale::Vi { 260 } else { 210 };
    i64::try_from(words.div_ceil(a_minute)).unwrap_or(i64::MAX).max(1)
}
