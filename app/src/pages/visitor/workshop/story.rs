//! The story of a workshop: told by its hosts in chapters, or the short one of its data.

use engine::catalogue::Workshop;
use leptos::prelude::*;

use crate::context::Visit;
use crate::t;
use crate::ui::prose::{foreign, paragraphs};
use crate::ui::story::{Entry, Told, chapters, entries};

/// The short story, unless a chapter of history stands in its place; then the chapters.
pub fn view(visit: &Visit, workshop: &Workshop, told: &Told) -> impl IntoView + use<> {
    let locale = visit.locale;
    let short = (!told.has_history()).then(|| {
        view! {
            <section class="story-part" aria-labelledby="story-title" lang=foreign(&workshop.story, locale)>
                <h2 id="story-title">{t::catalogue::workshop_story(locale)}</h2>
                <div class="story-text story-opening">{paragraphs(workshop.story.text(locale))}</div>
            </section>
        }
    });
    view! { {short} {chapters(visit, &told.chapters)} }
}

/// What the table of contents says of it.
pub fn toc(visit: &Visit, told: &Told) -> Vec<Entry> {
    let locale = visit.locale;
    let short = ("story-title".to_owned(), t::catalogue::workshop_story(locale).to_owned());
    let short = (!told.has_history()).then_some(short);
    short.into_iter().chain(entries(locale, &told.chapters)).collect()
}
