//! Running text from the catalogue or from `locales/`.

use engine::{Locale, Localized};
use leptos::prelude::*;

use crate::t::language as t;

/// The `lang` of a list that a host has not translated, likewise.
pub fn foreign_list(list: &Localized<Vec<String>>, locale: Locale) -> Option<&'static str> {
    let language = list.language(locale);
    (language != locale).then(|| language.tag())
}

/// The `lang` of a text that is shown in another language than the page's, because the host has
/// not translated it: so it is read aloud as it is written.
pub fn foreign(text: &Localized, locale: Locale) -> Option<&'static str> {
    let language = text.language(locale);
    (language != locale).then(|| language.tag())
}

/// A host's text within a line, marked with its language where that is not the page's.
pub fn own(text: &Localized, locale: Locale) -> AnyView {
    let words = text.text(locale).to_owned();
    match foreign(text, locale) {
        Some(lang) => view! { <span lang=lang>{words}</span> }.into_any(),
        None => words.into_any(),
    }
}

/// Paragraphs of a host's text, each marked with its language where that is not the page's.
pub fn own_paragraphs(text: &Localized, locale: Locale) -> impl IntoView + use<> {
    let lang = foreign(text, locale);
    blocks(text.text(locale))
        .map(|paragraph| view! { <p lang=lang>{paragraph.to_owned()}</p> })
        .collect_view()
}

/// Said once on a page to readers of a language in which hosts do not write: in which they read the
/// hosts' own words.
pub fn own_words(locale: Locale, texts: &[&Localized]) -> impl IntoView + use<> {
    let own = texts.iter().find(|text| !locale.is_written() && !text.text(locale).is_empty());
    own.map(|text| {
        let words = if text.language(locale) == Locale::Vi {
            t::own_words_vietnamese(locale)
        } else {
            t::own_words_english(locale)
        };
        view! { <p class="small soft">{words}</p> }
    })
}

/// Paragraphs, which blank lines separate in the text.
pub fn paragraphs(text: &str) -> impl IntoView + use<> {
    blocks(text).map(|paragraph| view! { <p>{paragraph.to_owned()}</p> }).collect_view()
}

fn blocks(text: &str) -> impl Iterator<Item = &str> {
    text.split("\n\n").map(str::trim).filter(|block| !block.is_empty())
}

/// A longer text of the site: `## heading [#id]`, `- item`, paragraphs; blank lines between blocks.
pub fn article(text: &str) -> impl IntoView + use<> {
    blocks(text).map(block).collect_view()
}

fn block(text: &str) -> AnyView {
    if let Some(heading) = text.strip_prefix("## ") {
        let (words, id) = heading.split_once(" [#").map_or((heading, None), |(words, id)| {
            (words, Some(id.trim_end_matches(']').to_owned()))
        });
        return view! { <h2 id=id>{words.to_owned()}</h2> }.into_any();
    }
    if text.starts_with("- ") {
        let items = text
            .lines()
            .map(|line| view! { <li>{line.trim_start_matches("- ").to_owned()}</li> })
            .collect_view();
        return view! { <ul>{items}</ul> }.into_any();
    }
    view! { <p>{text.to_owned()}</p> }.into_any()
}
