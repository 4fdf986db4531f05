//! Stories as visitors read them: chapters, figures, the strip of a process, people.

pub mod artisan;
mod chapter;
mod figure;
mod markdown;
mod process;

use engine::story::{Chapter, ChapterKind, minutes, words_of};
use leptos::prelude::*;

pub use chapter::{anchor, under, view as chapter};
pub use figure::{path as picture_path, portrait_share, share};
pub use markdown::text;

use crate::Locale;
use crate::context::Visit;
use crate::t::story as t;
use crate::ui::notice::{Notice, Tone};

/// An entry of the table of contents: where it leads and what it is called.
pub type Entry = (String, String);

/// The quiet table of contents; short pages need none.
pub fn contents(locale: Locale, entries: &[Entry]) -> Option<impl IntoView + use<>> {
    (entries.len() > 2).then(|| {
        let items = entries
            .iter()
            .map(|(id, words)| view! { <li><a href=format!("#{id}")>{words.clone()}</a></li> })
            .collect_view();
        view! {
            <nav class="story-toc no-print" aria-label=t::contents(locale)>
                <p class="story-toc-title" aria-hidden="true">{t::contents(locale)}</p>
                <ol class="story-toc-list">{items}</ol>
            </nav>
        }
    })
}

/// Entries of chapters, numbered from the first.
pub fn entries(locale: Locale, chapters: &[Chapter]) -> Vec<Entry> {
    let entry =
        |(at, chapter): (usize, &Chapter)| (anchor(at), chapter.heading.text(locale).to_owned());
    chapters.iter().enumerate().map(entry).collect()
}

/// How long the chapters, and so many words besides, are to read.
pub fn reading_time(locale: Locale, chapters: &[Chapter], others: &[&str]) -> String {
    let words: usize = chapters.iter().map(|chapter| words_of(chapter, locale)).sum();
    let others: usize = others.iter().map(|text| text.split_whitespace().count()).sum();
    t::reading_time(locale, minutes(words + others, locale))
}

/// The chapters of a page; the way there has a place of its own on pages that tell it.
#[derive(Debug, Clone, Default)]
pub struct Told {
    pub chapters: Vec<Chapter>,
    pub ways: Vec<Chapter>,
}

impl Told {
    /// `draft` is a chapter as it was typed: it stands in the place of the saved one, or last.
    pub fn new(mut chapters: Vec<Chapter>, draft: Option<Chapter>) -> Self {
        if let Some(draft) = draft {
            match chapters.iter().position(|chapter| chapter.id == draft.id) {
                Some(at) => chapters[at] = draft,
                None => chapters.push(draft),
            }
        }
        let (ways, chapters) =
            chapters.into_iter().partition(|chapter| chapter.kind == ChapterKind::GettingThere);
        Told { chapters, ways }
    }

    /// A chapter of history stands in the place of the short story.
    pub fn has_history(&self) -> bool {
        self.chapters.iter().any(|chapter| chapter.kind == ChapterKind::History)
    }

    /// When anything of it changed last.
    pub fn changed(&self) -> Option<chrono::DateTime<chrono::Utc>> {
        self.chapters.iter().chain(&self.ways).map(|chapter| chapter.updated_at).max()
    }

    pub fn begun(&self) -> Option<chrono::DateTime<chrono::Utc>> {
        self.chapters.iter().chain(&self.ways).map(|chapter| chapter.created_at).min()
    }
}

/// The chapters, one after another.
pub fn chapters(visit: &Visit, chapters: &[Chapter]) -> Vec<AnyView> {
    chapters.iter().enumerate().map(|(at, chapter)| self::chapter(visit, chapter, at)).collect()
}

/// Said above a page that shows what is not saved.
pub fn unsaved(locale: Locale) -> impl IntoView {
    view! {
        <div class="preview-bar no-print"><Notice tone=Tone::Info title=t::unsaved(locale)/></div>
    }
}

/// Said above the page of somebody who is not shown to guests.
pub fn hidden(locale: Locale) -> impl IntoView {
    view! {
        <div class="preview-bar no-print"><Notice tone=Tone::Info title=t::hidden_now(locale)/></div>
    }
}
