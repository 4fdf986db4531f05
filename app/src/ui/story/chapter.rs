//! One chapter.

use engine::story::{Chapter, ChapterKind};
use leptos::prelude::*;

use super::figure::figure;
use super::markdown::text;
use super::process::strip;
use crate::Locale;
use crate::context::Visit;
use crate::ui::prose::foreign;

/// How wide a figure of a chapter is.
const SIZES: &str = "(min-width: 60rem) 40rem, 100vw";

/// The id of the heading of the chapter with this number, from 0.
pub fn anchor(at: usize) -> String {
    format!("chapter-{}", at + 1)
}

pub fn view(visit: &Visit, chapter: &Chapter, at: usize) -> AnyView {
    let locale = visit.locale;
    let id = anchor(at);
    let heading = chapter.heading.text(locale).to_owned();
    view! {
        <section class="story-part" data-kind=chapter.kind.word() aria-labelledby=id.clone()>
            <h2 id=id.clone() lang=foreign(&chapter.heading, locale)>{heading}</h2>
            {content(visit, chapter, &id)}
        </section>
    }
    .into_any()
}

/// A chapter as a part of a section that has a heading of its own, with this id.
pub fn under(visit: &Visit, chapter: &Chapter, title: &str) -> AnyView {
    let locale = visit.locale;
    let heading = chapter.heading.text(locale).to_owned();
    view! {
        <h3 lang=foreign(&chapter.heading, locale)>{heading}</h3>
        {content(visit, chapter, title)}
    }
    .into_any()
}

/// A chapter without its heading; `title` is the id of the heading it stands under.
fn content(visit: &Visit, chapter: &Chapter, title: &str) -> impl IntoView + use<> {
    let locale = visit.locale;
    let heading = chapter.heading.text(locale);
    // The first picture opens the chapter, the others follow the text.
    let mut figures = chapter.figures().map(|picture| figure(locale, picture, SIZES, heading));
    let first = figures.next();
    let rest: Vec<_> = figures.collect();
    let rest = (!rest.is_empty()).then(|| view! { <div class="story-figures">{rest}</div> });
    let strip = (chapter.kind == ChapterKind::Process).then(|| strip(locale, chapter, title));
    let words = (chapter.kind == ChapterKind::Words).then(|| glossary(locale, chapter));
    view! {
        {first}
        <div class="story-text" lang=foreign(&chapter.body, locale)>{text(visit, &chapter.body)}</div>
        {strip} {words} {rest}
    }
}

fn glossary(locale: Locale, chapter: &Chapter) -> impl IntoView + use<> {
    let words = chapter
        .terms
        .0
        .iter()
        .map(|term| {
            let english = (!term.english.is_empty()).then(|| {
                view! { " " <span class="story-term-en" lang="en">{term.english.clone()}</span> }
            });
            let meaning = term.meaning.text(locale).to_owned();
            view! {
                <div>
                    <dt><span lang="vi">{term.word.clone()}</span>{english}</dt>
                    <dd lang=foreign(&term.meaning, locale)>{meaning}</dd>
                </div>
            }
        })
        .collect_view();
    view! { <dl class="story-terms">{words}</dl> }
}
