//! Running text from the catalogue or from `locales/`.

use engine::{Locale, Localized};
use leptos::prelude::*;

/// The `lang` of a text that is shown in another language than the page's, because the host has
/// not translated it: so it is read aloud as it is written.
pub fn foreign(text: &Localized, locale: Locale) -> Option<&'static str> {
    let language = text.language(locale);
    (language != locale).then(|| language.code())
}

/// Paragraphs, which blank lines separate in the text.
pub fn paragraphs(text: &str) -> impl IntoView + use<> {
    text.split("\n\n")
        .map(str::trim)
        .filter(|paragraph| !paragraph.is_empty())
        .map(|paragraph| view! { <p>{paragraph.to_owned()}</p> })
        .collect_view()
}

/// A longer text of the site: `## heading [#id]`, `- item`, paragraphs; blank lines between blocks.
pub fn article(text: &str) -> impl IntoView + use<> {
    text.split("\n\n").map(str::trim).filter(|block| !block.is_empty()).map(block).collect_view()
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
